"""Optimizers: 50 steps against stored numbers and PyTorch; groups, state, hooks, errors."""

from __future__ import annotations

import copy
import json
import pickle
from pathlib import Path

import numpy as np
import pytest

import minitorch as torch
from minitorch import parallel
from minitorch.optim import arrays

from ..goldens.store import read
from . import table

GOLDENS = Path(__file__).parent.parent / "goldens"
TEXTS = json.loads((GOLDENS / "optim.json").read_text(encoding="utf-8"))["repr"]
by_row = pytest.mark.parametrize(
    ("name", "options"), table.OPTIMIZERS, ids=[table.identity(*row) for row in table.OPTIMIZERS]
)


@pytest.fixture(scope="module")
def goldens():
    return read(GOLDENS / "optim.npz")


def close(got, wanted, rtol, what):
    assert got.shape == wanted.shape, what
    assert got.dtype == wanted.dtype, what
    np.testing.assert_allclose(got, wanted, rtol=rtol, atol=rtol, err_msg=what)


@by_row
def test_golden(name, options, goldens):
    """float64: parameters and state to 1e-13; the printed form to the character."""
    row = table.identity(name, options)
    optimizer, params = table.train(torch, name, options)
    found = table.numbers(optimizer, params)
    wanted = {k[len(row) + 1 :]: v for k, v in goldens.items() if k.startswith(row + ":")}
    assert list(found) == list(wanted)
    for key, value in wanted.items():
        close(np.asarray(found[key]), value, 1e-6 if value.dtype == np.float32 else 1e-13, key)
    assert repr(optimizer) == TEXTS[row]


def test_goldens_cover_the_table():
    assert set(TEXTS) == {table.identity(*row) for row in table.OPTIMIZERS}


@by_row
def test_live_float32(name, options, real_torch):
    ours, theirs = (table.train(t, name, options, np.float32) for t in (torch, real_torch))
    found, wanted = table.numbers(*ours), table.numbers(*theirs)
    assert list(found) == list(wanted)
    for key in wanted:
        # rounding differs by fused multiply-adds; Rprop turns on the sign of a product
        close(np.asarray(found[key]), np.asarray(wanted[key]), 5e-6, key)


@by_row
def test_state_dict_both_ways(name, options, real_torch):
    """25 steps here, the other 25 there: as if it had been one run."""
    for here, there in ((torch, real_torch), (real_torch, torch)):
        optimizer, params, gradients = table.make(here, name, options, np.float64)
        table.steps(here, optimizer, params, gradients[:25])
        second, others, _ = table.make(there, name, options, np.float64)
        for p, q in zip(params, others):
            q.data.copy_(there.tensor(p.detach().numpy()))
        state = optimizer.state_dict()
        moved = {
            "state": {
                i: {k: there.tensor(v.numpy()) for k, v in s.items()}
                for i, s in state["state"].items()
            },
            "param_groups": state["param_groups"],
        }
        second.load_state_dict(moved)
        table.steps(there, second, others, gradients[25:])
        table.steps(here, optimizer, params, gradients[25:])
        found, wanted = table.numbers(second, others), table.numbers(optimizer, params)
        assert list(found) == list(wanted)
        for key in wanted:
            # a loaded mu_product (NAdam) takes the parameter's dtype: compare numbers only
            rtol = 1e-13 if wanted[key].dtype == np.float64 else 1e-5
            np.testing.assert_allclose(found[key], wanted[key], rtol, rtol, err_msg=key)
        assert second.state_dict()["param_groups"] == optimizer.state_dict()["param_groups"]


@by_row
def test_same_bits_for_any_threads_and_cut(name, options, monkeypatch):
    """The cut into pieces and the number of threads leave no trace in the numbers."""
    before = torch.get_num_threads()
    wanted = table.numbers(*table.train(torch, name, options, np.float32))
    monkeypatch.setattr(arrays, "PIECE", 4)
    try:
        for threads in (1, 3):
            torch.set_num_threads(threads)
            found = table.numbers(*table.train(torch, name, options, np.float32))
            for key in wanted:
                np.testing.assert_array_equal(found[key], wanted[key])
    finally:
        torch.set_num_threads(before)


def test_adam_by_hand():
    """Two steps of equations (1)-(5), worked out with Python numbers."""
    p, m, v, lr, b1, b2, eps = 1.0, 0.0, 0.0, 0.1, 0.9, 0.99, 1e-8
    w = torch.tensor([p], dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.Adam([w], lr=lr, betas=(b1, b2), eps=eps)
    for t, g in ((1, 3.0), (2, -1.0)):
        m = b1 * m + (1 - b1) * g
        v = b2 * v + (1 - b2) * g * g
        p -= lr * (m / (1 - b1**t)) / ((v / (1 - b2**t)) ** 0.5 + eps)
        w.grad = torch.tensor([g], dtype=torch.float64)
        optimizer.step()
        assert w.item() == pytest.approx(p, rel=1e-14)


def test_sgd_by_hand():
    w = torch.tensor([1.0], requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=0.5, momentum=0.5, weight_decay=0.1)
    w.grad = torch.tensor([1.0])
    optimizer.step()  # g = 1.1, b = 1.1
    assert w.item() == pytest.approx(0.45)
    optimizer.step()  # g = 1.045, b = 1.595
    assert w.item() == pytest.approx(0.45 - 0.5 * (0.5 * 1.1 + 1 + 0.1 * 0.45))


def test_lr_as_a_tensor():
    for name in ("SGD", "Adam", "RMSprop"):
        plain, tensor = (
            table.train(torch, name, {"lr": lr})[1] for lr in (0.25, torch.tensor(0.25))
        )
        # different rows draw different data: compare on the same
        w, u = (torch.ones(3, requires_grad=True) for _ in range(2))
        first = getattr(torch.optim, name)([w], lr=0.25)
        second = getattr(torch.optim, name)([u], lr=torch.tensor(0.25))
        w.grad = u.grad = torch.tensor([1.0, -2.0, 3.0])
        first.step()
        second.step()
        assert torch.equal(w, u)
        assert len(plain) == len(tensor)


def test_parameters_that_are_not_contiguous():
    """A transposed parameter is updated in place, whatever its memory looks like."""
    base = torch.arange(6.0).reshape(2, 3)
    w = base.t().requires_grad_()
    w.grad = torch.ones(3, 2)
    torch.optim.SGD([w], lr=1.0).step()
    assert base.tolist() == [[-1.0, 0.0, 1.0], [2.0, 3.0, 4.0]]
    big = torch.zeros(300, 200)
    w = big.t().requires_grad_()
    w.grad = torch.ones(200, 300)
    torch.optim.Adam([w], lr=1.0).step()
    np.testing.assert_allclose(big.numpy(), -1.0, rtol=1e-5)


def test_step_counts_as_an_in_place_change():
    w = torch.ones(2, requires_grad=True)
    loss = (w * w).sum()
    w.grad = torch.ones(2)
    torch.optim.SGD([w], lr=0.1).step()
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        loss.backward()


def test_training_reaches_the_minimum():
    for name, lr in (("SGD", 0.1), ("Adam", 0.1), ("RMSprop", 0.05), ("Adagrad", 1.0)):
        w = torch.tensor([3.0, -4.0], requires_grad=True)
        optimizer = getattr(torch.optim, name)([w], lr=lr)
        for _ in range(300):
            optimizer.zero_grad()
            ((w - torch.tensor([1.0, 2.0])) ** 2).sum().backward()
            optimizer.step()
        np.testing.assert_allclose(w.tolist(), [1.0, 2.0], atol=0.05)


def test_closure():
    w = torch.tensor([2.0], requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=0.1)

    def closure():
        optimizer.zero_grad()
        loss = (w * w).sum()
        loss.backward()
        return loss

    with torch.no_grad():  # the closure records nevertheless
        assert optimizer.step(closure).item() == 4.0
    assert w.item() == pytest.approx(1.6)


def test_zero_grad():
    w = torch.ones(2, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=0.1)
    w.grad = torch.ones(2)
    optimizer.zero_grad(set_to_none=False)
    assert w.grad.tolist() == [0.0, 0.0]
    optimizer.zero_grad()
    assert w.grad is None
    before = w.tolist()
    optimizer.step()  # no gradient: not moved, no state
    assert w.tolist() == before
    assert optimizer.state_dict()["state"] == {}


def test_groups():
    a, b, c = (torch.ones(1, requires_grad=True) for _ in range(3))
    optimizer = torch.optim.SGD([{"params": a}, {"params": [b], "lr": 1.0}], lr=0.1)
    optimizer.add_param_group({"params": [c], "momentum": 0.5})
    for p in (a, b, c):
        p.grad = torch.ones(1)
    optimizer.step()
    assert [round(p.item(), 6) for p in (a, b, c)] == [0.9, 0.0, 0.9]
    assert [g["params"] for g in optimizer.state_dict()["param_groups"]] == [[0], [1], [2]]
    assert list(optimizer.state_dict()["state"]) == [2]
    optimizer.param_groups[0]["lr"] = 0.5
    optimizer.step()
    assert a.item() == pytest.approx(0.4)


def test_named_parameters():
    a, b = torch.ones(1, requires_grad=True), torch.ones(2, requires_grad=True)
    optimizer = torch.optim.Adam([("a", a), ("b", b)])
    assert optimizer.state_dict()["param_groups"][0]["param_names"] == ["a", "b"]
    with pytest.raises(ValueError, match="with/without names"):
        optimizer.add_param_group({"params": [torch.ones(1, requires_grad=True)]})


def test_state_dict_is_a_copy_when_loaded():
    optimizer, params = table.train(torch, "Adam", {})
    other, *_ = table.make(torch, "Adam", {}, np.float64)
    other.load_state_dict(optimizer.state_dict())
    mine = optimizer.state_dict()["state"][0]["exp_avg"]
    assert torch.equal(other.state_dict()["state"][0]["exp_avg"], mine)
    mine.zero_()
    assert not torch.equal(other.state_dict()["state"][0]["exp_avg"], mine)


def test_load_keeps_the_step_float32_and_casts_the_rest():
    optimizer, _ = table.train(torch, "Adam", {}, np.float64)
    other, *_ = table.make(torch, "Adam", {}, np.float32)
    other.load_state_dict(optimizer.state_dict())
    state = other.state_dict()["state"][0]
    assert state["step"].dtype == torch.float32
    assert state["exp_avg"].dtype == torch.float32


def test_load_errors():
    optimizer, _ = table.train(torch, "SGD", {})
    state = optimizer.state_dict()
    with pytest.raises(ValueError, match="different number of parameter groups"):
        optimizer.load_state_dict({**state, "param_groups": state["param_groups"][:1]})
    short = [{**g, "params": g["params"][:1]} for g in state["param_groups"]]
    with pytest.raises(ValueError, match="doesn't match the size"):
        optimizer.load_state_dict({**state, "param_groups": short})


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda o: pickle.loads(pickle.dumps(o))])
def test_copies_go_on_alone(copied):
    optimizer, params = table.train(torch, "Adam", {})
    other = copied(optimizer)
    assert repr(other) == repr(optimizer)
    before = [p.detach().clone() for p in params]
    for group in other.param_groups:
        for p in group["params"]:
            p.grad = torch.ones(tuple(p.shape), dtype=p.dtype)
    other.step()
    assert all(torch.equal(a, b) for a, b in zip(before, params))
    assert other.param_groups[0]["params"][0] is not params[0]


def test_step_hooks():
    seen = []
    w = torch.ones(1, requires_grad=True)
    w.grad = torch.ones(1)
    optimizer = torch.optim.SGD([w], lr=0.5)
    pre = optimizer.register_step_pre_hook(lambda o, a, k: seen.append(("pre", w.item())))
    post = optimizer.register_step_post_hook(lambda o, a, k: seen.append(("post", w.item())))
    optimizer.step()
    assert seen == [("pre", 1.0), ("post", 0.5)]
    pre.remove()
    post.remove()
    optimizer.step()
    assert len(seen) == 2
    optimizer.register_step_pre_hook(lambda o, a, k: 1)
    with pytest.raises(RuntimeError, match="must return None or a tuple"):
        optimizer.step()


def test_state_hooks():
    optimizer, _ = table.train(torch, "SGD", {})
    seen = []
    optimizer.register_state_dict_pre_hook(lambda o: seen.append("pre"))
    optimizer.register_state_dict_post_hook(lambda o, d: {**d, "extra": 1})
    state = optimizer.state_dict()
    assert seen == ["pre"] and state["extra"] == 1
    optimizer.register_load_state_dict_post_hook(lambda o: seen.append("loaded"))
    optimizer.register_load_state_dict_pre_hook(lambda o, d: seen.append("load"), prepend=True)
    optimizer.load_state_dict(state)
    assert seen == ["pre", "load", "loaded"]


def test_a_custom_optimizer():
    """The form in which custom optimizers are written for PyTorch."""

    class Signs(torch.optim.Optimizer):
        def __init__(self, params, lr=0.1):
            super().__init__(params, {"lr": lr})

        @torch.no_grad()
        def step(self, closure=None):
            for group in self.param_groups:
                for p in group["params"]:
                    if p.grad is not None:
                        state = self.state[p]
                        state["n"] = state.get("n", 0) + 1
                        p.add_(p.grad.sign(), alpha=-group["lr"])

    w = torch.tensor([1.0, 1.0], requires_grad=True)
    optimizer = Signs([w])
    calls = []
    optimizer.register_step_post_hook(lambda *a: calls.append(1))
    w.grad = torch.tensor([3.0, -3.0])
    optimizer.step()
    np.testing.assert_allclose(w.tolist(), [0.9, 1.1])
    assert calls == [1] and optimizer.state_dict()["state"] == {0: {"n": 1}}
    assert repr(optimizer) == "Signs (\nParameter Group 0\n    lr: 0.1\n)"


def leaf(t):
    return t.ones(2, 3, requires_grad=True)


ERRORS = [
    (lambda t: t.optim.SGD([], lr=0.1), ValueError, "empty parameter list"),
    (lambda t: t.optim.SGD(leaf(t), lr=0.1), TypeError, "iterable of Tensors or dicts"),
    (lambda t: t.optim.SGD([1], lr=0.1), TypeError, "can only optimize Tensors"),
    (lambda t: t.optim.SGD([leaf(t) * 2], lr=0.1), ValueError, "non-leaf"),
    (lambda t: t.optim.SGD([{"params": {leaf(t)}}], lr=0.1), TypeError, "ordered collections"),
    (lambda t: t.optim.SGD([{"lr": 1}], lr=0.1), KeyError, "params"),
    (lambda t: t.optim.SGD([leaf(t)], lr=-1), ValueError, "Invalid learning rate: -1"),
    (lambda t: t.optim.SGD([leaf(t)], momentum=-1), ValueError, "Invalid momentum value: -1"),
    (lambda t: t.optim.SGD([leaf(t)], weight_decay=-1), ValueError, "Invalid weight_decay value"),
    (lambda t: t.optim.SGD([leaf(t)], nesterov=True), ValueError, "requires a momentum"),
    (lambda t: t.optim.SGD([leaf(t)], lr=t.ones(2)), ValueError, "must be 1-element"),
    (lambda t: t.optim.SGD([leaf(t)], fused=True, foreach=True), RuntimeError, "cannot be `True`"),
    (lambda t: t.optim.Adam([leaf(t)], lr=-1), ValueError, "Invalid learning rate: -1"),
    (lambda t: t.optim.Adam([leaf(t)], eps=-1), ValueError, "Invalid epsilon value: -1"),
    (lambda t: t.optim.Adam([leaf(t)], betas=(-0.1, 0.9)), ValueError, "beta parameter at index 0"),
    (lambda t: t.optim.Adam([leaf(t)], betas=(0.1, 1.0)), ValueError, "beta parameter at index 1"),
    (lambda t: t.optim.Adam([leaf(t)], weight_decay=-1), ValueError, "Invalid weight_decay value"),
    (
        lambda t: t.optim.Adam([leaf(t)], lr=t.tensor(0.1), foreach=True),
        ValueError,
        "lr as a Tensor",
    ),
    (lambda t: t.optim.AdamW([leaf(t)], lr=-1), ValueError, "Invalid learning rate: -1"),
    (lambda t: t.optim.RMSprop([leaf(t)], alpha=-1), ValueError, "Invalid alpha value: -1"),
    (lambda t: t.optim.Adagrad([leaf(t)], lr_decay=-1), ValueError, "Invalid lr_decay value: -1"),
    (lambda t: t.optim.Adadelta([leaf(t)], rho=2), ValueError, "Invalid rho value: 2"),
    (lambda t: t.optim.NAdam([leaf(t)], momentum_decay=-1), ValueError, "momentum_decay value"),
    (lambda t: t.optim.Rprop([leaf(t)], etas=(1.5, 1.2)), ValueError, "Invalid eta values"),
]


@pytest.mark.parametrize("row", ERRORS, ids=range(len(ERRORS)))
def test_errors(row):
    with pytest.raises(row[1], match=row[2]) as caught:
        row[0](torch)
    assert type(caught.value) is row[1]


@pytest.mark.parametrize("row", ERRORS, ids=range(len(ERRORS)))
def test_errors_live(row, real_torch):
    with pytest.raises(row[1], match=row[2]):
        row[0](real_torch)


def test_a_parameter_in_two_groups():
    w = leaf(torch)
    with pytest.raises(ValueError, match="more than one parameter group"):
        torch.optim.SGD([{"params": [w]}, {"params": [w]}], lr=0.1)
    with pytest.warns(UserWarning, match="duplicate parameters"):
        torch.optim.SGD([w, w], lr=0.1)


def test_what_is_not_supported_says_so():
    w = leaf(torch)
    with pytest.raises(NotImplementedError, match="differentiable=True"):
        torch.optim.Adam([w], differentiable=True)
    w.grad = torch.ones(2, 3)
    optimizer = torch.optim.Adam([w], capturable=True)
    with pytest.raises(AssertionError, match="capturable=True"):
        optimizer.step()


def test_pieces_are_worked_on_in_blocks(monkeypatch):
    """Large parameters are cut, small ones share a block, each element belongs to one."""
    seen = []

    def blocks(n, size, work):
        seen.append(n)
        for start in range(n):
            work(start, start + 1)

    monkeypatch.setattr(parallel, "blocks", blocks)
    monkeypatch.setattr(arrays, "PIECE", 100)
    params = [torch.zeros(n, requires_grad=True) for n in (250, 40, 40, 40, 0)]
    for p in params:
        p.grad = torch.ones(p.shape[0])
    torch.optim.SGD(params, lr=1.0).step()
    assert seen == [5]  # 84 + 84 + 82, 40 + 40, 40
    assert all((p.detach().numpy() == -1).all() for p in params)
