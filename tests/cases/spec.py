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

    def arrays(self) -> list[np.ndarray]:
        rng = np.random.default_rng(zlib.crc32(self.id.encode()))
        return [x.place(x.draw(rng)) for x in self.inputs]


class Table(list[Case]):
    """A list of cases that numbers the rows of each op."""

    def __call__(self, name: str, call: Callable[..., Any], *inputs: Input, **kw: Any) -> None:
        number = sum(c.name == name for c in self)
        self.append(Case(name, call, inputs, f"{name}/{number}", **kw))
