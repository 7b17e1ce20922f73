"""Counting dimensions from either end: dim −1 is the last one."""

from __future__ import annotations

from operator import index
from typing import Any

from .. import errors


def wrap_dim(dim: Any, ndim: int) -> int:
    """A dim in [−ndim, ndim) as one in [0, ndim); a 0-d tensor has the dims −1 and 0."""
    n = max(ndim, 1)
    try:
        i = index(dim)
    except TypeError:
        raise TypeError(f"argument 'dim' must be int, not {type(dim).__name__}") from None
    if not -n <= i < n:
        raise errors.dim_out_of_range(i, ndim)
    return i % n


def wrap_dims(dim: Any, ndim: int) -> tuple[int, ...]:
    """One dim, several or None (all of them) as a tuple; a dim twice is an error.

    An empty tuple means all dims, as in PyTorch's reductions.
    """
    if dim is None:
        return tuple(range(ndim))
    if not isinstance(dim, (tuple, list)):
        dim = (dim,)
    wrapped = tuple(wrap_dim(d, ndim) for d in dim)
    for d in wrapped:
        if wrapped.count(d) > 1:
            raise RuntimeError(f"dim {d} appears multiple times in the list of dims")
    if ndim == 0:
        return ()
    return wrapped or tuple(range(ndim))
