"""Lines of code whose outcome is compared with PyTorch's: what they print, raise and warn.

A line is statements separated by ";", the last one an expression. It runs with ``torch`` bound
to minitorch or to PyTorch, after the definitions of PRELUDE. The outcome is the repr of the
expression, or the exception; warnings follow. Lines in a TYPES list have messages of our own:
only the exception's type is compared.
"""

from __future__ import annotations

import ast
import copy
import pickle
import re
import warnings
from collections import OrderedDict
from typing import Any

PRELUDE = """
L, R, T, S = nn.Linear, nn.ReLU, nn.Tanh, nn.Sequential
ML, MD, PL, PD = nn.ModuleList, nn.ModuleDict, nn.ParameterList, nn.ParameterDict
Bare = type("Bare", (nn.Module,), {})
NoInit = type("NoInit", (nn.Module,), {"__init__": lambda self: None})

def before_init(act):
    act(NoInit())

def P(*size):
    return nn.Parameter(torch.ones(*size))

def three():
    return S(L(1, 2), R(), L(2, 3))

def nested():
    return S(S(L(1, 2)), R(), nn.BatchNorm1d(2))

def changed(thing, act):
    act(thing)
    return thing

def names(m):
    return list(m._parameters), list(m._buffers), list(m._modules)

def setto(m, name, value):
    setattr(m, name, value)
    return names(m)

def without(d, *keys, **more):
    d = OrderedDict(d)
    for k in keys:
        del d[k]
    d.update(more)
    return d

def log_of(act):
    seen = []
    act(seen)
    return seen

class Extra(nn.Module):
    def __init__(self):
        super().__init__()
        self.l = nn.Linear(1, 1)
        self.register_buffer("temporary", torch.ones(1), persistent=False)
    def get_extra_state(self):
        return {"a": 1}
    def set_extra_state(self, state):
        self.got = state

class Scalars(nn.Module):
    def __init__(self):
        super().__init__()
        self.b = nn.Buffer(torch.ones(()))
        self.p = nn.Parameter(torch.tensor(1.))

class Two(nn.Module):
    def forward(self, a, b=1, *, c=0):
        return a * 2 + b + c, a * 3

class Double(nn.Module):
    def forward(self, a):
        return a * 2

class Fails(nn.Module):
    def forward(self, a):
        raise ValueError("forward failed")

class Sym(nn.Module):
    def forward(self, a):
        return a.triu() + a.triu(1).T
    def right_inverse(self, a):
        return a.triu()

class Half(nn.Module):
    def forward(self, a):
        return a / 2

class Pair(nn.Module):
    def forward(self, a, b):
        return a * b
    def right_inverse(self, a):
        return a * 2, a.new_full(a.shape, 0.5)

class Other(nn.Module):
    def __init__(self, function):
        super().__init__()
        self.forward = function

def x(requires_grad=True):
    return torch.ones(2, requires_grad=requires_grad)
"""


def _plain(text: str) -> str:
    text = re.sub(r"\bminitorch\.", "torch.", text)
    text = re.sub(r" at 0x[0-9a-f]+", "", text)
    return text


def outcome(line: str, torch: Any) -> str:
    """What a line shows on one library."""
    env: dict[str, Any] = {
        "torch": torch, "nn": torch.nn, "F": torch.nn.functional, "OrderedDict": OrderedDict,
        "copy": copy, "pickle": pickle,
    }  # fmt: skip
    exec(PRELUDE, env)
    body = ast.parse(line).body
    last = body.pop()
    assert isinstance(last, ast.Expr), line
    torch.manual_seed(0)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            exec(compile(ast.Module(body, []), "line", "exec"), env)
            text = repr(eval(compile(ast.Expression(last.value), "line", "eval"), env))
        except Exception as error:
            text = f"{type(error).__name__}: {error}"
    for w in caught:
        text += f"\n{w.category.__name__}: {w.message}"
    return _plain(text)


def kind(text: str) -> str:
    """Of an outcome that is an exception, its type."""
    return text.split(":")[0]


def listed(block: str) -> list[str]:
    return [line for line in block.strip().splitlines() if line and not line.startswith("#")]
