"""What the table of cases can't say: digits against math.*, and how named results behave."""

from __future__ import annotations

import copy
import math
import pickle

import numpy as np
import pytest

import minitorch as torch
from minitorch import return_types

POINTS = np.concatenate([np.linspace(-6, 6, 481), [0.0, 1e-300, -1e-20, 1e-5, 26.0, -26.0]])


def ulps(got: np.ndarray, wanted: np.ndarray) -> float:
    """The largest error in units of the last place of the right answer."""
    return float(np.max(np.abs(got - wanted) / np.spacing(np.abs(wanted))))


@pytest.mark.parametrize("name", ["erf", "erfc"])
def test_erf_has_full_precision(name):
    wanted = np.array([getattr(math, name)(x) for x in POINTS])
    inside = np.abs(wanted) > 1e-290  # below, the last place itself is denormal
    got = getattr(torch, name)(torch.from_numpy(POINTS)).numpy()
    assert ulps(got[inside], wanted[inside]) <= 8


@pytest.mark.parametrize("name", ["erf", "erfc"])
def test_erf_in_float32(name):
    x = np.linspace(-4, 4, 1001).astype(np.float32)
    wanted = np.array([getattr(math, name)(float(v)) for v in x]).astype(np.float32)
    assert ulps(getattr(torch, name)(torch.from_numpy(x)).numpy(), wanted) <= 1


def test_erfinv_inverts_erf():
    y = np.concatenate([np.linspace(-0.999, 0.999, 401), [1 - 1e-12, 1e-15, 1 - 1e-16]])
    x = torch.erfinv(torch.from_numpy(y)).numpy()
    back = np.array([math.erf(v) for v in x])
    np.testing.assert_allclose(back, y, rtol=1e-15, atol=0)


def test_digamma_of_integers():
    """ψ(n) = −γ + Σ 1/k over k < n."""
    n = np.arange(1, 40)
    wanted = -np.euler_gamma + np.array([math.fsum(1 / k for k in range(1, m)) for m in n])
    got = torch.digamma(torch.from_numpy(n.astype(np.float64))).numpy()
    np.testing.assert_allclose(got, wanted, rtol=1e-14, atol=1e-15)


def test_lgamma_of_integers():
    got = torch.lgamma(torch.arange(1, 20).double()).numpy()
    np.testing.assert_allclose(got, [math.log(math.factorial(n)) for n in range(19)], rtol=1e-15)


def test_half_precision_sums_are_made_in_single():
    """2049 ones: float16 counts no further than 2048 one by one."""
    ones = torch.ones(4099, 2).half()
    assert ones.sum(0).tolist() == [4100.0, 4100.0]  # the nearest float16
    assert ones.mean(0).tolist() == [1.0, 1.0]
    assert torch.cumsum(ones, 0)[-1].tolist() == [4100.0, 4100.0]


def test_named_results():
    pair = torch.max(torch.tensor([[1.0, 5.0], [7.0, 2.0]]), dim=1)
    values, indices = pair
    assert pair.values is values is pair[0] and pair.indices is indices
    assert isinstance(pair, tuple) and isinstance(pair, return_types.max) and len(pair) == 2
    assert repr(pair) == (
        "torch.return_types.max(\nvalues=tensor([5., 7.]),\nindices=tensor([1, 0]))"
    )
    assert return_types.sort((1, 2)) == (1, 2)
    with pytest.raises(TypeError):
        return_types.sort((1, 2, 3))
    for again in (pickle.loads(pickle.dumps(pair)), copy.deepcopy(pair)):
        assert type(again) is return_types.max
        assert again.values.tolist() == [5.0, 7.0] and again.indices.tolist() == [1, 0]


def test_rules_read_only():
    """A rule never writes into its inputs: it runs on arrays that can't be written to."""
    x = np.linspace(0.1, 0.9, 15).reshape(3, 5)
    x.flags.writeable = False
    g = np.ones(())
    for name in (
        "exp",
        "sigmoid",
        "erf",
        "sinc",
        "logit",
        "round",
        "sort",
        "cumprod",
        "prod",
        "std",
    ):
        rule = getattr(torch, name).rule
        out, vjp = rule(x, 0) if name == "cumprod" else rule(x)
        first = out[0] if isinstance(out, tuple) else np.asarray(out)
        g = np.ones(first.shape)
        g.flags.writeable = False
        d = vjp(g, None) if isinstance(out, tuple) else vjp(g)
        assert np.shape(d) == x.shape


def test_shapes_in_messages():
    with pytest.raises(RuntimeError, match=r"size of tensor a \(3\) must match .* b \(2\)"):
        torch.ones(2, 3) - torch.ones(2)
    with pytest.raises(RuntimeError, match="ZeroDivisionError"):
        torch.tensor([1]) // 0
    with pytest.raises(RuntimeError, match="Integers to negative integer powers are not allowed"):
        torch.tensor([1]) ** -1
    with pytest.raises(RuntimeError, match="Got: Long"):
        torch.tensor([1]).mean()


@pytest.mark.parametrize("x", [3e38, 2e38, 1e20, 40.0])
def test_gelu_of_large_numbers(x):
    """gelu(x) is x far above 0 and 0 far below, up to the largest float32."""
    t = torch.tensor([x, -x], requires_grad=True)
    y = torch.nn.functional.gelu(t)
    y.sum().backward()
    assert y.tolist() == [torch.tensor(x).item(), 0.0]
    assert t.grad.tolist() == [1.0, 0.0]
