"""nn.init: the draws to the bit (lines), and what each function promises."""

from __future__ import annotations

import math

import numpy as np
import pytest

import minitorch as torch
from minitorch import nn

from .lines import outcome
from .lines_init import INIT
from .test_module import STORED


@pytest.mark.parametrize("line", INIT)
def test_line(line):
    assert outcome(line, torch) == STORED["lines"][line]


@pytest.mark.parametrize("line", INIT)
def test_line_live(line, real_torch):
    assert outcome(line, torch) == outcome(line, real_torch)


@pytest.mark.parametrize("shape", [(3, 7), (7, 3), (5, 2, 3)])
def test_orthogonal(shape):
    t = nn.init.orthogonal_(torch.empty(shape, dtype=torch.float64), gain=2.0)
    a = t.numpy().reshape(shape[0], -1)
    product = a @ a.T if a.shape[0] <= a.shape[1] else a.T @ a
    np.testing.assert_allclose(product, 4 * np.eye(len(product)), atol=1e-12)


def test_orthogonal_live(real_torch):
    """The draws are PyTorch's; the decompositions agree to rounding."""
    results = []
    for t in (torch, real_torch):
        t.manual_seed(0)
        results.append(t.nn.init.orthogonal_(t.empty(5, 3, dtype=t.float64)).numpy())
    np.testing.assert_allclose(results[0], results[1], atol=1e-12)


@pytest.mark.parametrize(
    ("fill", "bound"),
    [
        (lambda t: nn.init.xavier_uniform_(t), math.sqrt(6 / 500)),
        (lambda t: nn.init.kaiming_uniform_(t, a=math.sqrt(5)), 1 / math.sqrt(200)),
        (lambda t: nn.init.kaiming_uniform_(t, nonlinearity="relu"), math.sqrt(6 / 200)),
    ],
)
def test_uniform_bounds(fill, bound):
    a = fill(torch.empty(300, 200)).numpy()
    assert np.abs(a).max() <= bound * (1 + 1e-6)
    assert np.abs(a).max() > 0.999 * bound
    assert a.std() == pytest.approx(bound / math.sqrt(3), rel=0.01)


def test_kaiming_keeps_the_variance_through_a_deep_relu_network():
    torch.manual_seed(0)
    x = torch.randn(100, 256)
    for _ in range(20):
        x = nn.functional.relu(x @ nn.init.kaiming_normal_(torch.empty(256, 256)).t())
    assert 0.2 < (x**2).mean().item() < 5


def test_the_models_first_numbers_live(real_torch):
    """A whole model from one seed: every parameter equal to the bit, and the state after it."""
    drawn = []
    for t in (torch, real_torch):
        t.manual_seed(11)
        m = t.nn.Sequential(
            t.nn.Conv2d(1, 3, 3),
            t.nn.Linear(5, 7),
            t.nn.Embedding(7, 3),
            t.nn.MultiheadAttention(6, 2),
            t.nn.TransformerEncoderLayer(6, 2, 11),
            t.nn.ConvTranspose2d(4, 2, 3),
            t.nn.PReLU(),
        )
        drawn.append([p.detach().numpy().copy() for p in m.parameters()] + [t.rand(3).numpy()])
    for a, b in zip(*drawn):
        np.testing.assert_array_equal(a, b)
