"""LBFGS: it finds minima, and each iteration is PyTorch's.

A long run is not compared number by number: where the loss is flat, L-BFGS turns differences in
the last place into different paths. So PyTorch's state is taken over before every step.
"""

from __future__ import annotations

import warnings

import numpy as np
import pytest

import minitorch as torch

RNG = np.random.default_rng(3)
START = [RNG.normal(size=shape) for shape in ((3, 5), (7,), ())]
MATRIX = RNG.normal(size=(5, 5))
OPTIONS = [
    {"max_iter": 2},
    {"max_iter": 3, "lr": 0.1, "history_size": 4},
    {"max_iter": 2, "line_search_fn": "strong_wolfe"},
    {"max_iter": 1, "lr": 10.0, "max_eval": 40, "line_search_fn": "strong_wolfe"},
    {"max_iter": 3, "lr": 0.01, "history_size": 3, "line_search_fn": "strong_wolfe"},
]


def quadratic(lib, w):
    return ((w[0] @ lib.tensor(MATRIX)) ** 2).sum() + ((w[1] - 1) ** 2).sum() + (w[2] * 2 - 1) ** 2


def valley(lib, w):
    """Rosenbrock's curved valley in seven dimensions."""
    x = w[1]
    return (100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2).sum() + (w[0] ** 4).sum()


def waves(lib, w):
    return (w[0].tanh() @ lib.tensor(MATRIX)).exp().mean() + (w[1].sin() ** 2).sum() + w[2].cos()


def made(lib, loss, options):
    w = [lib.nn.Parameter(lib.tensor(a)) for a in START]
    optimizer = lib.optim.LBFGS(w, **options)

    def closure():
        optimizer.zero_grad()
        value = loss(lib, w)
        value.backward()
        return value

    return w, optimizer, closure


def ours(value, real_torch):
    if isinstance(value, real_torch.Tensor):
        return torch.tensor(value.numpy().copy())
    return [ours(v, real_torch) for v in value] if isinstance(value, list) else value


@pytest.mark.parametrize("loss", [quadratic, valley, waves])
@pytest.mark.parametrize("options", OPTIONS, ids=range(len(OPTIONS)))
def test_live(loss, options, real_torch):
    w, optimizer, closure = made(torch, loss, options)
    w2, optimizer2, closure2 = made(real_torch, loss, options)
    assert repr(optimizer) == repr(optimizer2)
    for _ in range(15):
        for p, p2 in zip(w, w2):
            p.data = torch.tensor(p2.detach().numpy().copy())
        state = {
            i: {k: ours(v, real_torch) for k, v in s.items()}
            for i, s in optimizer2.state_dict()["state"].items()
        }
        groups = optimizer.state_dict()["param_groups"]
        optimizer.load_state_dict({"state": state, "param_groups": groups})
        got, wanted = optimizer.step(closure), optimizer2.step(closure2)
        assert got.item() == pytest.approx(wanted.item(), rel=1e-12)
        for p, p2 in zip(w, w2):
            np.testing.assert_allclose(p.detach().numpy(), p2.detach().numpy(), rtol=1e-9, atol=1e-10)
        state, state2 = (o.state_dict()["state"][0] for o in (optimizer, optimizer2))
        for name in ("func_evals", "n_iter"):
            assert state[name] == state2[name]
        assert len(state.get("ro", [])) == len(state2.get("ro", []))


@pytest.mark.parametrize("search", [None, "strong_wolfe"])
def test_finds_the_minimum(search):
    w, optimizer, closure = made(torch, quadratic, {"line_search_fn": search})
    for _ in range(5):
        optimizer.step(closure)
    assert closure().item() < 1e-8
    np.testing.assert_allclose(w[1].detach().numpy(), 1, atol=1e-4)


def test_follows_a_valley_in_few_evaluations():
    """Gradient descent takes thousands of steps here."""
    x = torch.tensor([-1.2, 1.0], dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.LBFGS([x], max_iter=100, line_search_fn="strong_wolfe")

    def closure():
        optimizer.zero_grad()
        loss = (1 - x[0]) ** 2 + 100 * (x[1] - x[0] ** 2) ** 2
        loss.backward()
        return loss

    optimizer.step(closure)
    assert optimizer.state[x]["func_evals"] < 60
    np.testing.assert_allclose(x.detach().numpy(), [1, 1], atol=1e-4)


def test_stops_where_the_gradient_is_small():
    w, optimizer, closure = made(torch, quadratic, {"tolerance_grad": 1e9})
    optimizer.step(closure)
    assert optimizer.state[w[0]]["func_evals"] == 1 and optimizer.state[w[0]]["n_iter"] == 0


def test_goes_on_after_saving():
    w, optimizer, closure = made(torch, valley, {"max_iter": 3})
    w2, optimizer2, closure2 = made(torch, valley, {"max_iter": 3})
    optimizer.step(closure), optimizer2.step(closure2)
    state = optimizer2.state_dict()
    optimizer2.state.clear()
    optimizer2.load_state_dict(state)
    for _ in range(3):
        optimizer.step(closure), optimizer2.step(closure2)
    for a, b in zip(w, w2):
        np.testing.assert_array_equal(a.detach().numpy(), b.detach().numpy())


def unknown_search(lib):
    _, optimizer, closure = made(lib, quadratic, {"line_search_fn": "armijo"})
    optimizer.step(closure)


ERRORS = [
    (lambda t: t.optim.LBFGS([t.zeros(1)], lr=-1), ValueError),
    (lambda t: t.optim.LBFGS([{"params": [t.zeros(1)]}, {"params": [t.zeros(1)]}]), ValueError),
    (lambda t: t.optim.LBFGS([t.zeros(1)]).step(), TypeError),
    (unknown_search, RuntimeError),
]


@pytest.mark.parametrize("row", ERRORS, ids=range(len(ERRORS)))
def test_errors(row):
    with pytest.raises(row[1]):
        row[0](torch)


@pytest.mark.parametrize("row", ERRORS, ids=range(len(ERRORS)))
def test_errors_live(row, real_torch):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with pytest.raises(row[1]):
            row[0](real_torch)
