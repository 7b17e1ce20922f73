"""Module, Parameter, hooks, state_dict: lines against PyTorch's text, and what lines can't say."""

from __future__ import annotations

import json
import time
from pathlib import Path

import numpy as np
import pytest

import minitorch as torch
from minitorch import nn

from .lines import kind, outcome
from .lines_container import CONTAINER, TYPES as CONTAINER_TYPES
from .lines_init import INIT, UTILS
from .lines_module import MODULE, TYPES
from .lines_param import (
    DISTRIBUTION_TYPES,
    DISTRIBUTIONS,
    LAZY,
    LAZY_TYPES,
    PARAM,
    PARAM_TYPES,
)  # fmt: skip
from .lines_rnn import RNN
from .lines_transformer import TRANSFORMER

STORED = json.loads(
    (Path(__file__).parent.parent / "goldens" / "nn.json").read_text(encoding="utf-8")
)
LINES = [*MODULE, *CONTAINER, *TRANSFORMER]
ALL_TYPES = [*TYPES, *CONTAINER_TYPES]


@pytest.mark.parametrize("line", LINES)
def test_line(line):
    assert outcome(line, torch) == STORED["lines"][line]


@pytest.mark.parametrize("line", LINES)
def test_line_live(line, real_torch):
    assert outcome(line, torch) == outcome(line, real_torch)


@pytest.mark.parametrize("line", ALL_TYPES)
def test_exception_type(line):
    expected = STORED["types"][line]
    assert expected.endswith(("Error", "Exception"))
    text = outcome(line, torch)
    assert kind(text) == expected
    assert len(text.split(":", 1)[1].strip()) > 8  # it says something


@pytest.mark.parametrize("line", ALL_TYPES)
def test_exception_type_live(line, real_torch):
    assert kind(outcome(line, torch)) == kind(outcome(line, real_torch))


def test_goldens_cover_the_lines():
    assert set(STORED["lines"]) == {*LINES, *INIT, *UTILS, *RNN, *LAZY, *PARAM, *DISTRIBUTIONS}
    assert set(STORED["types"]) == {*ALL_TYPES, *LAZY_TYPES, *PARAM_TYPES, *DISTRIBUTION_TYPES}


def test_surface_is_pytorchs(real_torch):
    """Every public method of PyTorch's Module, but for other devices and compilers."""
    elsewhere = {
        "T_destination", "call_super_init", "compile", "dump_patches", "ipu", "mtia",
        "share_memory", "xpu",
    }  # fmt: skip
    theirs = {n for n in dir(real_torch.nn.Module) if not n.startswith("_")}
    assert theirs - elsewhere <= set(dir(nn.Module))


def test_call_without_hooks_is_cheap():
    """A module call costs little more than a call of its forward (0.5-0.7 µs on a busy machine)."""

    class Empty(nn.Module):
        def forward(self, x):
            return x

    m, n = Empty(), 2000  # short: one of the tries is not interrupted
    best = [float("inf"), float("inf")]
    for _ in range(50):
        for i, call in enumerate((m.forward, m)):
            start = time.perf_counter()
            for _ in range(n):
                call(1)
            best[i] = min(best[i], (time.perf_counter() - start) / n)
    assert best[1] - best[0] < 2e-6


def test_data_change_reaches_the_optimizers_parameter():
    m = nn.Linear(2, 3)
    held = list(m.parameters())
    m.double()
    assert all(a is b for a, b in zip(held, m.parameters()))
    assert held[0].dtype is torch.float64


def test_always_call_hook_sees_the_failure():
    class Fails(nn.Module):
        def forward(self, x):
            raise ValueError("no")

    seen = []
    m = Fails()
    m.register_forward_hook(lambda m, a, out: seen.append(("always", out)), always_call=True)
    m.register_forward_hook(lambda m, a, out: seen.append(("usual", out)))
    with pytest.raises(ValueError, match="no"):
        m(1)
    assert seen == [("always", None)]


def test_hook_as_context_manager():
    m = nn.ReLU()
    with m.register_forward_hook(lambda m, a, out: out + 1):
        assert m(torch.zeros(1)).item() == 1
    assert m(torch.zeros(1)).item() == 0


def test_backward_hook_sees_no_graph_under_no_grad():
    seen = []
    m = nn.ReLU()
    m.register_full_backward_hook(lambda *a: seen.append(a))
    with torch.no_grad():
        y = m(torch.ones(2, requires_grad=True))
    assert not y.requires_grad and not seen


def test_backward_hooks_do_not_change_gradients():
    x = torch.randn(2, 3, requires_grad=True)
    m = nn.Sequential(nn.Linear(3, 5), nn.Tanh(), nn.Linear(5, 1))
    m(x).sum().backward()
    plain = [p.grad.numpy().copy() for p in (x, *m.parameters())]
    m.zero_grad()
    x.grad = None
    for layer in m:
        layer.register_full_backward_hook(lambda m, gi, go: None)
    m(x).sum().backward()
    for a, b in zip(plain, (x, *m.parameters())):
        np.testing.assert_array_equal(a, b.grad.numpy())


def test_register_backward_hook_says_what_to_use():
    with pytest.raises(NotImplementedError, match="register_full_backward_hook"):
        nn.ReLU().register_backward_hook(lambda *a: None)


def test_bfloat16_is_refused_clearly():
    with pytest.raises(NotImplementedError, match="bfloat16"):
        nn.Linear(1, 1).bfloat16()


def test_sparse_embedding_is_refused_clearly():
    with pytest.raises(NotImplementedError, match="sparse"):
        nn.Embedding(3, 4, sparse=True)


def test_subclass_with_its_own_loading():
    """The pattern of layers with a history: rename a key while loading."""

    class Renamed(nn.Module):
        def __init__(self):
            super().__init__()
            self.weight = nn.Parameter(torch.zeros(2))

        def _load_from_state_dict(self, state_dict, prefix, *args):
            if prefix + "w" in state_dict:
                state_dict[prefix + "weight"] = state_dict.pop(prefix + "w")
            super()._load_from_state_dict(state_dict, prefix, *args)

    given = {"w": torch.ones(2)}
    m = Renamed()
    m.load_state_dict(given)
    assert m.weight.tolist() == [1, 1]
    assert list(given) == ["w"]  # the caller's dict is not changed


def test_loading_is_not_all_or_nothing():
    """As in PyTorch: what fits is loaded, then the error lists the rest."""
    m = nn.Linear(2, 1)
    with pytest.raises(RuntimeError, match="Missing key"):
        m.load_state_dict({"weight": torch.ones(1, 2)})
    assert m.weight.tolist() == [[1, 1]]
