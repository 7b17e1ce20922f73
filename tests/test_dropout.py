"""Dropout draws PyTorch's masks, in value, gradient, and where the stream stands afterwards."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import minitorch as torch
from minitorch.ops.dropout import pack, unpack

from .goldens.make_dropout import CALLS, outcome

GOLDEN = json.loads((Path(__file__).parent / "goldens" / "dropout.json").read_text())


def check(got, wanted, exact):
    assert got["next"] == wanted["next"]
    for key in ("value", "grad"):
        if exact:
            assert got[key] == wanted[key]
        else:
            np.testing.assert_allclose(got[key], wanted[key], rtol=2e-5, atol=2e-6)


@pytest.mark.parametrize("name", CALLS)
def test_against_goldens(name):
    check(outcome(torch, CALLS[name]), GOLDEN[name], exact=name in ("dropout", "dropout1d"))


@pytest.mark.parametrize("name", CALLS)
def test_live(name, real_torch):
    wanted = outcome(real_torch, CALLS[name])
    check(outcome(torch, CALLS[name]), wanted, exact=name in ("dropout", "dropout1d"))


@pytest.mark.parametrize("shape", [(1,), (7, 3), (331, 307), (2, 3, 5, 7)])
@pytest.mark.parametrize("p", [0.001, 0.1, 0.5, 0.999])
def test_masks_live(shape, p, real_torch):
    """The same elements are dropped and the others have the same bits, forward and backward."""
    x = np.random.default_rng(0).standard_normal(shape).astype(np.float32)
    results = []
    for t in (torch, real_torch):
        t.manual_seed(4)
        leaf = t.from_numpy(x.copy()).requires_grad_()
        y = t.nn.functional.dropout(leaf, p)
        y.backward(t.from_numpy(x))
        results.append((y.detach().numpy(), leaf.grad.numpy(), t.rand(1).item()))
    for a, b in zip(*results):
        np.testing.assert_array_equal(a, b)


def test_masks_of_both_dtypes_are_equal():
    dropped = []
    for dtype in (torch.float32, torch.float64, torch.float16):
        torch.manual_seed(1)
        dropped.append(torch.nn.functional.dropout(torch.ones(1000, dtype=dtype), 0.3).numpy() == 0)
    assert 200 < dropped[0].sum() < 400
    for other in dropped[1:]:
        np.testing.assert_array_equal(dropped[0], other)


@pytest.mark.parametrize("name", ["dropout", "alpha_dropout", "feature_alpha_dropout"])
def test_inplace_writes_into_the_input(name):
    call = getattr(torch.nn.functional, name)
    torch.manual_seed(0)
    wanted = call(torch.ones(5, 7), 0.4, True).numpy()
    torch.manual_seed(0)
    x = torch.ones(5, 7)
    y = call(x, 0.4, True, inplace=True)
    assert y is x
    np.testing.assert_array_equal(x.numpy(), wanted)


@pytest.mark.parametrize("name", ["dropout", "dropout1d", "dropout2d", "dropout3d"])
def test_outside_training_nothing_happens(name):
    call = getattr(torch.nn.functional, name)
    x = torch.ones(3, 5, 7, 2)[:, :, :, 0] if name == "dropout1d" else torch.ones(3, 5, 7, 2)
    torch.manual_seed(0)
    wanted = torch.rand(1).item()
    torch.manual_seed(0)
    np.testing.assert_array_equal(call(x, 0.9, training=False).numpy(), x.numpy())
    assert torch.rand(1).item() == wanted


@pytest.mark.parametrize("n", [0, 1, 7, 8, 9, 1000])
def test_bits_keep_the_mask(n):
    mask = np.random.default_rng(n).random(n) < 0.5
    bits = pack(mask)
    assert bits.nbytes == -(-n // 8)
    np.testing.assert_array_equal(unpack(bits, (n,)), mask)
