"""Every row of the table (tests/cases) against stored numbers, PyTorch, and finite differences."""

from __future__ import annotations

import importlib
import pkgutil
import warnings
from pathlib import Path

import numpy as np
import pytest

import minitorch
import minitorch.ops
from minitorch.autograd import graph

from .cases import CASES, ERRORS
from .cases.spec import Case, run, thin
from .goldens.store import read

GOLDENS = Path(__file__).parent / "goldens" / "cases.npz"
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")
by_id = pytest.mark.parametrize("case", CASES, ids=[c.id for c in CASES])
differentiable = pytest.mark.parametrize(
    "case", [c for c in CASES if c.grad], ids=[c.id for c in CASES if c.grad]
)


@pytest.fixture(scope="session")
def goldens():
    return read(GOLDENS)


def close(got: np.ndarray, wanted: np.ndarray, rtol: float, what: str) -> None:
    assert got.shape == wanted.shape, f"{what}: shape {got.shape}, expected {wanted.shape}"
    assert got.dtype == wanted.dtype, f"{what}: dtype {got.dtype}, expected {wanted.dtype}"
    if got.dtype.kind != "f":
        np.testing.assert_array_equal(got, wanted, err_msg=what)
        return
    finite = np.abs(wanted[np.isfinite(wanted)])
    scale = max(float(finite.max(initial=0.0)), 1.0)
    np.testing.assert_allclose(got, wanted, rtol=rtol, atol=rtol * scale, err_msg=what)


# Ops without a row of their own, and where they are checked instead.
ELSEWHERE = {
    "feed_forward": "against its textbook twin: test_reference.py",
    "encoder_layer": "against its steps: tests/nn/test_encoder_layer.py",
    "encoder": "against its textbook twin: tests/nn/test_encoder.py",
    "bernoulli": "random: tests/random and test_dropout.py",
    "part": "the slice that split, chunk and narrow share",
}


def test_every_op_has_a_case():
    """An op that nobody put in the table would be an op that nobody checks."""
    found = set()
    for info in pkgutil.iter_modules(minitorch.ops.__path__):
        module = importlib.import_module(f"minitorch.ops.{info.name}")
        for name, value in vars(module).items():
            if hasattr(value, "spec") and not name.startswith("_"):
                found.add(value.spec.title)
    assert found - {case.name for case in CASES} == set(ELSEWHERE)


@by_id
def test_against_goldens(case: Case, goldens):
    result = run(case, minitorch)
    names = [k for k in goldens if k.startswith(f"{case.id}:out")]
    assert len(names) == len(result.outputs)
    for i, out in enumerate(result.outputs):
        assert out.shape == tuple(goldens[f"{case.id}:shape{i}"])
        close(thin(out), goldens[f"{case.id}:out{i}"], case.rtol, f"output {i}")
    for i, grad in enumerate(result.grads):
        wanted = goldens.get(f"{case.id}:grad{i}")
        assert (grad is None) == (wanted is None), f"gradient {i}: one side has none"
        if grad is not None:
            assert grad.shape == case.inputs[i].shape
            close(thin(grad), wanted, case.rtol, f"gradient {i}")


@by_id
@pytest.mark.parametrize("dtype", [np.float64, np.float32], ids=["f64", "f32"])
def test_live(case: Case, dtype, real_torch):
    got, wanted = run(case, minitorch, dtype), run(case, real_torch, dtype)
    rtol = case.rtol if dtype is np.float64 else case.rtol32
    assert len(got.outputs) == len(wanted.outputs)
    for i, (a, b) in enumerate(zip(got.outputs, wanted.outputs)):
        close(a, b, rtol, f"output {i}")
    for i, (a, b) in enumerate(zip(got.grads, wanted.grads)):
        assert (a is None) == (b is None), f"gradient {i}: one side has none"
        if a is not None:
            close(a, b, rtol, f"gradient {i}")


def scalar(case: Case, result) -> float:
    """L = Σ cotangent · output, whose gradient backward computes."""
    return sum(
        float((case.cotangent(i, t.shape) * t.detach().numpy()).sum())
        for i, t in enumerate(result)
        if t.is_floating_point()
    )


@differentiable
def test_gradient_by_finite_differences(case: Case):
    """Along one random direction d:  (L(x + εd) − L(x − εd)) / 2ε = ⟨∂L/∂x, d⟩."""
    if not case.numeric:
        return  # the row's note says why its gradient has no finite difference
    gradients, directions, numeric = directional(case)
    expected = sum(float((g * d).sum()) for g, d in zip(gradients, directions) if g is not None)
    assert numeric == pytest.approx(expected, rel=2e-5, abs=2e-6)


def directional(case: Case, eps: float = 1e-6):
    from .cases.spec import flat

    gradients = run(case, minitorch).grads
    rng = np.random.default_rng(7)
    arrays = case.arrays()
    directions = [
        rng.uniform(-1, 1, a.shape) if a.dtype.kind == "f" else np.zeros(a.shape) for a in arrays
    ]
    values = []
    for sign in (1, -1):
        moved = []
        for spec, a, d, g in zip(case.inputs, arrays, directions, gradients):
            b = a + sign * eps * d if g is not None else a
            moved.append(minitorch.from_numpy(spec.place(np.asarray(b))))
        values.append(scalar(case, flat(case.call(minitorch, *moved), minitorch)))
    return gradients, directions, (values[0] - values[1]) / (2 * eps)


@differentiable
def test_wrong_gradient_is_caught(case: Case, monkeypatch, goldens):
    """A vjp off by 1 % must fail the comparison above: a test that can't fail is no test."""
    names = [k for k in goldens if k.startswith(f"{case.id}:grad")]
    if not any(np.any(np.abs(np.nan_to_num(goldens[k])) > 1e-5) for k in names):
        return  # all gradients are zero, or as good as: nothing to be wrong by a factor
    honest = graph._apply

    def mutant(node, gs):
        return tuple(None if d is None else np.asarray(d) * 1.01 for d in honest(node, gs))

    monkeypatch.setattr(graph, "_apply", mutant)
    with pytest.raises(AssertionError):
        test_against_goldens(case, goldens)


@pytest.mark.parametrize("row", ERRORS, ids=[f"{i}-{r[0]}" for i, r in enumerate(ERRORS)])
def test_errors(row):
    """Bad input raises PyTorch's exception type, with a message."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with pytest.raises(row[2]) as caught:
            row[1](minitorch)
    assert type(caught.value) is row[2] or row[2] in (Exception,)
    assert str(caught.value)


@pytest.mark.parametrize("row", ERRORS, ids=[f"{i}-{r[0]}" for i, r in enumerate(ERRORS)])
def test_errors_live(row, real_torch):
    """PyTorch raises that type too."""
    with pytest.raises(row[2]):
        row[1](real_torch)
