"""nn.utils: clipping gradients, parameters as one vector, packed sequences, lazy modules,
parametrizations, and distributions."""

from __future__ import annotations

import numpy as np
import pytest

import minitorch as torch
from minitorch import nn

from .lines import kind, outcome
from .lines_init import UTILS
from .lines_param import (
    DISTRIBUTION_TYPES,
    DISTRIBUTIONS,
    LAZY,
    LAZY_TYPES,
    PARAM,
    PARAM_TYPES,
)  # fmt: skip
from .lines_rnn import RNN
from .test_module import STORED

LINES = [*UTILS, *RNN, *LAZY, *PARAM, *DISTRIBUTIONS]
TYPES = [*LAZY_TYPES, *PARAM_TYPES, *DISTRIBUTION_TYPES]


@pytest.mark.parametrize("line", LINES)
def test_line(line):
    assert outcome(line, torch) == STORED["lines"][line]


@pytest.mark.parametrize("line", LINES)
def test_line_live(line, real_torch):
    assert outcome(line, torch) == outcome(line, real_torch)


@pytest.mark.parametrize("line", TYPES)
def test_exception_type(line):
    text = outcome(line, torch)
    assert kind(text) == STORED["types"][line]
    assert len(text.split(":", 1)[1].strip()) > 8  # it says something


@pytest.mark.parametrize("line", TYPES)
def test_exception_type_live(line, real_torch):
    assert kind(outcome(line, torch)) == kind(outcome(line, real_torch))


def test_clipping_bounds_the_norm_of_all_gradients_together():
    m = nn.Sequential(nn.Linear(5, 7), nn.Linear(7, 3))
    (m(torch.randn(11, 5)) ** 2).sum().backward()
    before = np.concatenate([p.grad.numpy().ravel() for p in m.parameters()])
    norm = nn.utils.clip_grad_norm_(m.parameters(), 0.5)
    after = np.concatenate([p.grad.numpy().ravel() for p in m.parameters()])
    assert norm.item() == pytest.approx(np.linalg.norm(before), rel=1e-5)
    assert np.linalg.norm(after) == pytest.approx(0.5, rel=1e-4)
    np.testing.assert_allclose(after / 0.5, before / np.linalg.norm(before), rtol=1e-4)


def test_vector_and_back():
    m = nn.Sequential(nn.Linear(2, 3), nn.Linear(3, 5))
    vector = nn.utils.parameters_to_vector(m.parameters()).detach()
    other = nn.Sequential(nn.Linear(2, 3), nn.Linear(3, 5))
    nn.utils.vector_to_parameters(vector, other.parameters())
    for a, b in zip(m.parameters(), other.parameters()):
        assert torch.equal(a, b)
