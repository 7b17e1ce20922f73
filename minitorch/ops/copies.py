"""Views as copies: `view_copy`, `permute_copy`, … give what `view`, `permute`, … give, with memory
of its own."""

from __future__ import annotations

from typing import Any

from .convert import clone, detach
from .shape import (
    as_strided,
    diagonal,
    expand,
    narrow,
    permute,
    select,
    squeeze,
    t,
    transpose,
    unfold,
    unsqueeze,
    view,
)
from .split import chunk, split, split_with_sizes, unbind


def _copied(function: Any) -> Any:
    def call(*args: Any, **kwargs: Any) -> Any:
        made = function(*args, **kwargs)
        return tuple(clone(x) for x in made) if isinstance(made, tuple) else clone(made)

    call.__name__ = call.__qualname__ = function.__name__ + "_copy"
    call.__doc__ = f"`{function.__name__}`, with its own memory."
    return call


as_strided_copy = _copied(as_strided)
detach_copy = _copied(detach)
diagonal_copy = _copied(diagonal)
expand_copy = _copied(expand)
permute_copy = _copied(permute)
select_copy = _copied(select)
split_copy = _copied(split)
split_with_sizes_copy = _copied(split_with_sizes)
squeeze_copy = _copied(squeeze)
t_copy = _copied(t)
transpose_copy = _copied(transpose)
unbind_copy = _copied(unbind)
unfold_copy = _copied(unfold)
unsqueeze_copy = _copied(unsqueeze)
view_copy = _copied(view)


def _apart(function: Any) -> Any:
    def call(tensor: Any, sizes: Any, dim: int = 0) -> Any:
        at = 0
        parts = []
        for piece in function(detach(tensor), sizes, dim):
            n = piece._data.shape[dim]
            parts.append(narrow(tensor, dim, at, n))
            at += n
        return tuple(parts)

    call.__name__ = call.__qualname__ = "unsafe_" + function.__name__
    call.__doc__ = f"`{function.__name__}` whose pieces may be changed in place, each by itself."
    return call


unsafe_chunk = _apart(chunk)
unsafe_split = _apart(split)
unsafe_split_with_sizes = _apart(split_with_sizes)
