"""Writing into a view, without changing anything: select_scatter, slice_scatter and relatives.

Each returns a copy of `input` in which one view of it (a row, a slice, a diagonal …) is replaced
by `src`. It is what ``x[0] = src`` does, as a function with a result of its own:

    out = input, but view(out) = src                                                          (1)
    ∂input = g, but view(∂input) = 0,   ∂src = view(g)                                        (2)
"""

from __future__ import annotations

from collections.abc import Callable
from operator import index as as_int
from typing import Any

from .. import errors
from ..autograd.rule import Array, op
from .dims import wrap_dim
from .strides import diagonal_of


def _replaced(input: Any, src: Any, view: Callable[[Any], Any]) -> Any:
    """The rule of all: `view` gives the part of an array, sharing its memory."""
    out = input.copy(order="K")
    part = view(out)
    if src.shape != part.shape:
        raise RuntimeError(
            "expected src to have a size equal to the slice of self. src size = "
            f"{errors.shape_text(src.shape)}, slice size = {errors.shape_text(part.shape)}"
        )
    part[...] = src  # (1)

    def vjp(g: Array) -> Any:  # (2)
        kept = g.copy()
        view(kept)[...] = 0
        return kept, view(g).copy()

    return out, vjp


@op
def select_scatter(input: Array, src: Array, dim: int, index: int):
    """A copy of `input` with ``select(dim, index)`` replaced by `src`. Equations (1), (2).

    >>> torch.select_scatter(torch.zeros(2, 3), torch.ones(3), 0, 1)
    tensor([[0., 0., 0.],
            [1., 1., 1.]])
    """
    if input.ndim == 0:
        raise IndexError("select() cannot be applied to a 0-dim tensor.")
    at, i = wrap_dim(dim, input.ndim), as_int(index)
    n = input.shape[at]
    if not -n <= i < n:
        raise IndexError(
            f"select(): index {i} out of range for tensor of size "
            f"{errors.shape_text(input.shape)} at dimension {at}"
        )
    where = (slice(None),) * at + (i % n, ...)
    return _replaced(input, src, lambda a: a[where])


@op
def slice_scatter(
    input: Array, src: Array, dim: int = 0, start: Any = None, end: Any = None, step: int = 1
):
    """A copy of `input` with ``[start:end:step]`` of one dim replaced by `src`. (1), (2)

    >>> torch.slice_scatter(torch.zeros(5), torch.ones(2), start=1, end=3)
    tensor([0., 1., 1., 0., 0.])
    """
    if input.ndim == 0:
        raise RuntimeError("slice() cannot be applied to a 0-dim tensor.")
    at = wrap_dim(dim, input.ndim)
    if step <= 0:
        raise RuntimeError(f"slice step must be positive, got {step}")
    where = (slice(None),) * at + (slice(start, end, step), ...)
    return _replaced(input, src, lambda a: a[where])


@op
def diagonal_scatter(input: Array, src: Array, offset: int = 0, dim1: int = 0, dim2: int = 1):
    """A copy of `input` with ``diagonal(offset, dim1, dim2)`` replaced by `src`. (1), (2)

    >>> torch.diagonal_scatter(torch.zeros(2, 2), torch.ones(2))
    tensor([[1., 0.],
            [0., 1.]])
    """
    d1, d2 = wrap_dim(dim1, input.ndim), wrap_dim(dim2, input.ndim)
    if d1 == d2:
        raise RuntimeError(f"diagonal dimensions cannot be identical {dim1}, {dim2}")
    return _replaced(input, src, lambda a: diagonal_of(a, offset, d1, d2))
