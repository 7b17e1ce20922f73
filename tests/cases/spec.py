"""What one row of the table of cases says, and how its inputs are drawn.

A case runs the *same* lambda on minitorch and on PyTorch: its first argument is the module.

    case("softmax", lambda torch, x: torch.softmax(x, 1), f(2, 3, 5))

Inputs are drawn from a generator seeded by the case's id, so that goldens can be made on one
machine and checked on another. Shapes are distinct primes, never square, never all ones.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Input:
    """One tensor argument: how its numbers are drawn and how they lie in memory."""

    shape: tuple[int, ...]
    kind: str = "f"  # f float, i int64, b bool
    low: float = -2.0
    high: float = 2.0
    layout: str = "contiguous"  # or "transposed" (a .t()-like view), "strided" (every 2nd of last)
    distinct: bool = False  # no ties: a shuffled grid (max, sort, median …)
    grad: bool = True

    def draw(self, rng: np.random.Generator) -> np.ndarray:
        """float64, int64 or bool numbers in C order; `layout` is applied by `place`."""
        if self.kind == "b":
            return rng.random(self.shape) < 0.5
        if self.kind == "i":
            return rng.integers(int(self.low), int(self.high), self.shape)
        if self.distinct:
            n = int(np.prod(self.shape))
            grid = self.low + (self.high - self.low) * (np.arange(n) + 0.5) / max(n, 1)
            return rng.permutation(grid).reshape(self.shape)
        return rng.uniform(self.low, self.high, self.shape)

    def place(self, array: np.ndarray) -> np.ndarray:
        """The same numbers in the memory layout that the case asks for."""
        if self.layout == "transposed" and array.ndim > 1:
            return np.ascontiguousarray(array.swapaxes(0, -1)).swapaxes(0, -1)
        if self.layout == "strided" and array.ndim > 0:
            wide = np.zeros((*array.shape[:-1], array.shape[-1] * 2), array.dtype)
            wide[..., ::2] = array
            return wide[..., ::2]
        return np.ascontiguousarray(array) if array.ndim else array.copy()


def f(*shape: int, **kw: Any) -> Input:
    """Floats in [low, high), default [-2, 2)."""
    return Input(shape, "f", **kw)


def i(*shape: int, low: int = -5, high: int = 6, **kw: Any) -> Input:
    """int64 in [low, high)."""
    return Input(shape, "i", low, high, **kw)


def b(*shape: int) -> Input:
    """Bools."""
    return Input(shape, "b")


@dataclass
class Case:
    """One row. `name` is the op (ids are name/number), `call(torch, *tensors)` the expression."""

    name: str
    call: Callable[..., Any]
    inputs: tuple[Input, ...]
    id: str = ""
    grad: bool = True  # the result has a gradient to check
    rtol: float = 1e-9  # float64, relative to the largest value
    rtol32: float = 2e-5  # float32
    numeric: bool = True  # compare the gradient with finite differences too
    note: str = ""
    extra: dict[str, Any] = field(default_factory=dict)

    def arrays(self, dtype: Any = np.float64) -> list[np.ndarray]:
        """The inputs, floats as `dtype`, in the layouts asked for."""
        rng = np.random.default_rng(zlib.crc32(self.id.encode()))
        drawn = [x.draw(rng) for x in self.inputs]
        return [
            x.place(a.astype(dtype) if x.kind == "f" else a) for x, a in zip(self.inputs, drawn)
        ]

    def cotangent(self, i: int, shape: Any) -> np.ndarray:
        """∂L/∂output i: what backward starts from."""
        return np.random.default_rng(zlib.crc32(f"{self.id}/{i}".encode())).uniform(-1, 1, shape)


@dataclass
class Result:
    """What a run of a case gave: outputs, and a gradient for each float input (or None)."""

    outputs: list[np.ndarray]
    grads: list[Any]
    tensors: list[Any]


def run(case: Case, torch: Any, dtype: Any = np.float64) -> Result:
    """Run a case on minitorch or PyTorch, forward and (where it has one) backward."""
    inputs = []
    for spec, array in zip(case.inputs, case.arrays(dtype)):
        t = torch.from_numpy(array)
        wants = case.grad and spec.kind == "f" and spec.grad
        inputs.append(t.requires_grad_() if wants else t)
    result = case.call(torch, *inputs)
    outputs = flat(result, torch)
    pairs = []
    for i, t in enumerate(outputs):
        if case.grad and t.requires_grad:
            g = case.cotangent(i, tuple(t.shape)).astype(t.detach().numpy().dtype)
            pairs.append((t, torch.from_numpy(np.ascontiguousarray(g).reshape(tuple(t.shape)))))
    if pairs:
        torch.autograd.backward([p[0] for p in pairs], [p[1] for p in pairs])
    grads = [None if t.grad is None else t.grad.numpy() for t in inputs]
    return Result([t.detach().numpy() for t in outputs], grads, outputs)


def thin(a: np.ndarray) -> np.ndarray:
    """What is stored of an array: all of a small one, about 500 elements of a large one."""
    return a if a.size <= 1000 else np.ascontiguousarray(a).ravel()[:: a.size // 500]


def flat(result: Any, torch: Any) -> list[Any]:
    """The tensors in a result: one, or a (nested) tuple or list; numbers become tensors."""
    if isinstance(result, torch.Tensor):
        return [result]
    if isinstance(result, (tuple, list)) and not isinstance(result, torch.Size):
        return [t for part in result for t in flat(part, torch)]
    return [torch.tensor(list(result) if isinstance(result, torch.Size) else result)]


class Table(list[Case]):
    """A list of cases that numbers the rows of each op."""

    def __call__(self, name: str, call: Callable[..., Any], *inputs: Input, **kw: Any) -> None:
        number = sum(c.name == name for c in self)
        self.append(Case(name, call, inputs, f"{name}/{number}", **kw))
