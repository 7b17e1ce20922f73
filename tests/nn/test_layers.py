"""Every row of the table of layers: stored numbers, PyTorch live, finite differences, state."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import minitorch

from . import layers_more  # noqa: F401  (adds its rows to LAYERS)
from .layers import LAYERS, loss_of, made_and_called, rng_of, run, unpacked

pytestmark = pytest.mark.filterwarnings(
    "ignore:enable_nested_tensor", "ignore:size_average and reduce", "ignore:dropout option"
)
GOLDENS = Path(__file__).parent.parent / "goldens"
STORED = json.loads((GOLDENS / "nn.json").read_text(encoding="utf-8"))
by_id = pytest.mark.parametrize("row", LAYERS, ids=[row.id for row in LAYERS])


@pytest.fixture(scope="module")
def stored():
    with np.load(GOLDENS / "nn.npz") as file:
        return dict(file)


def close(name, got, wanted, rtol):
    assert got.shape == wanted.shape and got.dtype == wanted.dtype, name
    if got.dtype.kind != "f":
        np.testing.assert_array_equal(got, wanted, err_msg=name)
        return
    scale = max(float(np.abs(wanted[np.isfinite(wanted)]).max(initial=0)), 1.0)
    np.testing.assert_allclose(got, wanted, rtol=rtol, atol=rtol * scale, err_msg=name)


def same(got, wanted, rtol):
    """Names in the same order, initial numbers equal to the bit, the others to rtol."""
    assert list(got.start) == list(wanted.start)
    for name, array in wanted.start.items():
        assert array.dtype == got.start[name].dtype
        np.testing.assert_array_equal(got.start[name], array, err_msg=name)
    assert list(got.numbers) == list(wanted.numbers)
    for name, array in wanted.numbers.items():
        close(name, got.numbers[name], array, rtol)


@by_id
def test_golden(row, stored):
    """Initial numbers equal to the bit, the others to 1e-9; the repr to the character."""
    result = run(row, minitorch)
    assert result.text == STORED["repr"][row.id]
    layout, flat = result.packed()
    assert layout == STORED["layout"][row.id]
    made, wanted = unpacked(layout, flat), unpacked(layout, stored[row.id])
    for name, array in wanted.items():
        close(name, made[name], array, 0 if name.startswith("start ") else 1e-9)


def test_goldens_cover_the_table():
    assert set(STORED["repr"]) == {row.id for row in LAYERS}


@by_id
@pytest.mark.parametrize(("dtype", "rtol"), [("float64", 1e-9), ("float32", 3e-5)])
def test_live(row, dtype, rtol, real_torch):
    got, wanted = run(row, minitorch, dtype), run(row, real_torch, dtype)
    assert got.text == wanted.text
    same(got, wanted, rtol)


NUMERIC = [row for row in LAYERS if row.numeric]


@pytest.mark.parametrize("row", NUMERIC, ids=[row.id for row in NUMERIC])
def test_finite_differences(row):
    """The derivative along a random direction: (L(θ + εd) − L(θ − εd)) / 2ε = ⟨∂L/∂θ, d⟩."""
    module, xs, outputs = made_and_called(row, minitorch, "float64")
    loss = loss_of(row, minitorch, outputs)
    if loss is None:
        assert not any(t.requires_grad for t in outputs)
        return
    loss.backward()
    rng, eps = rng_of(row), 1e-6
    grads = [t.grad for t in (*xs, *module.parameters())]
    assert any(g is not None for g in grads)
    directions = [None if g is None else rng.standard_normal(tuple(g.shape)) for g in grads]
    slope = sum(float((g.numpy() * d).sum()) for g, d in zip(grads, directions) if g is not None)

    def moved(step):
        def move(module, xs):
            for t, d in zip((*xs, *module.parameters()), directions):
                if d is not None:
                    array = t.detach().numpy()  # in place: the layout decides a mask's order
                    array += step * d

        _, _, outs = made_and_called(row, minitorch, "float64", move)
        return float(loss_of(row, minitorch, outs).detach().numpy())

    numeric = (moved(eps) - moved(-eps)) / (2 * eps)
    assert numeric == pytest.approx(slope, rel=1e-5, abs=1e-6)


@by_id
def test_state_dict_both_ways(row, real_torch):
    """Numbers saved by one library load into the other, strictly."""
    minitorch.manual_seed(3)
    real_torch.manual_seed(4)
    ours, theirs = row.make(minitorch.nn), row.make(real_torch.nn)
    state = {k: minitorch.from_numpy(v.numpy().copy()) for k, v in theirs.state_dict().items()}
    ours.load_state_dict(state)
    for (_, a), b in zip(ours.state_dict().items(), theirs.state_dict().values()):
        np.testing.assert_array_equal(a.numpy(), b.numpy())
    back = {k: real_torch.from_numpy(v.numpy().copy()) for k, v in ours.state_dict().items()}
    theirs.load_state_dict(back)
    assert theirs.state_dict()._metadata == ours.state_dict()._metadata
