"""One tensor cut into several views: split, chunk, unbind, tensor_split and their relatives."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import errors
from ..autograd.graph import TensorBase
from ..autograd.rule import Array, op
from .dims import wrap_dim
from .shape import part
from .strides import ints


def _split_name(tensor: Any, sections: Any, dim: int = 0) -> str:
    return "SplitBackward0" if isinstance(sections, int) else "SplitWithSizesBackward0"


@op(view=True, name=_split_name)
def split(tensor: Array, split_size_or_sections: Any, dim: int = 0):
    """Views of `tensor` along `dim`: pieces of one size (the last may be smaller), or of a list.

    >>> [tuple(p.tolist()) for p in torch.split(torch.arange(5), 2)]
    [(0, 1), (2, 3), (4,)]
    """
    if tensor.ndim == 0:
        raise RuntimeError("split expects at least a 1-dimensional tensor")
    at = wrap_dim(dim, tensor.ndim)
    n = tensor.shape[at]
    if isinstance(split_size_or_sections, (tuple, list)):
        sizes = list(ints("split", "split_size_or_sections", (split_size_or_sections,), {}))
        if min(sizes, default=0) < 0:
            raise RuntimeError(
                "split_with_sizes expects split_sizes have only non-negative entries, but got "
                f"split_sizes={errors.shape_text(sizes)}"
            )
        if sum(sizes) != n:
            raise RuntimeError(
                f"split_with_sizes expects split_sizes to sum exactly to {n} (input tensor's size "
                f"at dimension {at}), but got split_sizes={errors.shape_text(sizes)}"
            )
    else:
        (size,) = ints("split", "split_size", (split_size_or_sections,), {})
        if size < 0:
            raise RuntimeError(
                f"split expects split_size be non-negative, but got split_size={size}"
            )
        if size == 0 and n:
            raise RuntimeError(
                f"split_size can only be 0 if dimension size is 0, but got dimension size of {n}"
            )
        sizes = [min(size, n - i) for i in range(0, n, size)] if n else [0]
    head = (slice(None),) * at
    pieces, start = [], 0
    for size in sizes:
        pieces.append(tensor[(*head, slice(start, start + size))])
        start += size
    shapes = [p.shape for p in pieces]

    def vjp(*gs: Array) -> Array:
        dtype = next(g.dtype for g in gs if g is not None)
        return np.concatenate(
            [np.zeros(s, dtype) if g is None else g for g, s in zip(gs, shapes)], at
        )

    return tuple(pieces), vjp


def split_with_sizes(input: Any, split_sizes: Any, dim: int = 0) -> Any:
    """`split` with a list of sizes."""
    return split(input, list(split_sizes), dim)


def chunk(input: Any, chunks: int, dim: int = 0) -> Any:
    """At most `chunks` views of ⌈n / chunks⌉ elements along `dim`; the last may be smaller."""
    if not isinstance(input, TensorBase):
        raise errors.not_a_tensor("chunk", "input", 1, input)
    if input._data.ndim == 0:
        raise RuntimeError("chunk expects at least a 1-dimensional tensor")
    if chunks <= 0:
        raise RuntimeError(f"chunk expects `chunks` to be greater than 0, got: {chunks}")
    n = input._data.shape[wrap_dim(dim, input._data.ndim)]
    if n == 0:
        return split(input, [0] * chunks, dim)
    return split(input, -(-n // chunks), dim)


@op(view=True)
def unbind(input: Array, dim: int = 0):
    """The parts at every index of one dim, as a tuple of views without that dim."""
    if input.ndim == 0:
        raise IndexError("Dimension specified as 0 but tensor has no dimensions")
    at = wrap_dim(dim, input.ndim)
    head = (slice(None),) * at
    parts = tuple([input[(*head, i, ...)] for i in range(input.shape[at])])
    shape = (*input.shape[:at], *input.shape[at + 1 :])

    def vjp(*gs: Array) -> Array:
        dtype = next(g.dtype for g in gs if g is not None)
        return np.stack([np.zeros(shape, dtype) if g is None else g for g in gs], at)

    return parts, vjp


def tensor_split(
    input: Any,
    indices_or_sections: Any = None,
    dim: int = 0,
    *,
    indices: Any = None,
    sections: Any = None,
) -> Any:
    """Views along `dim`: n of sizes that differ by at most 1, or cut at the given indices.

    >>> [len(p) for p in torch.tensor_split(torch.arange(7), 3)]
    [3, 2, 2]
    """
    if not isinstance(input, TensorBase):
        raise errors.not_a_tensor("tensor_split", "input", 1, input)
    for other in (indices, sections):
        indices_or_sections = other if other is not None else indices_or_sections
    return _cut(input, indices_or_sections, dim, "tensor_split")


def _cut(input: Any, cuts: Any, dim: int, function: str) -> Any:
    if input._data.ndim == 0:
        raise RuntimeError(
            f"{function} expected at least a 1-dimensional tensor, but got a tensor with 0 dims"
        )
    at = wrap_dim(dim, input._data.ndim)
    n = input._data.shape[at]
    if isinstance(cuts, TensorBase):
        if cuts._data.ndim > 1 or cuts._data.dtype != np.int64:
            raise RuntimeError(
                f"{function} expected tensor_indices_or_sections to be a zero-dimensional or "
                f"one-dimensional int64 tensor, but got a tensor with {cuts._data.ndim} dims"
            )
        cuts = cuts._data.tolist()
    if isinstance(cuts, (tuple, list)):
        ends = [*ints(function, "indices", (cuts,), {}), n]
    else:
        (sections,) = ints(function, "sections", (cuts,), {})
        if sections <= 0:
            raise RuntimeError(f"number of sections must be larger than 0, got {sections}")
        size, larger = divmod(n, sections)  # the first `larger` pieces hold one element more
        ends = [size * (i + 1) + min(i + 1, larger) for i in range(sections)]
    head = (slice(None),) * at
    starts = [0, *ends[:-1]]
    return tuple(
        [
            part(input, (*head, slice(a, max(b, a) if a >= 0 and b >= 0 else b), ...), "Slice")
            for a, b in zip(starts, ends)
        ]
    )


def hsplit(input: Any, indices_or_sections: Any) -> Any:
    """`tensor_split` along dim 1 (dim 0 of a 1-d tensor); sections must divide its size."""
    return _even(input, indices_or_sections, 1 if input._data.ndim > 1 else 0, "hsplit", 1)


def vsplit(input: Any, indices_or_sections: Any) -> Any:
    """`tensor_split` along dim 0; sections must divide its size."""
    return _even(input, indices_or_sections, 0, "vsplit", 2)


def dsplit(input: Any, indices_or_sections: Any) -> Any:
    """`tensor_split` along dim 2; sections must divide its size."""
    return _even(input, indices_or_sections, 2, "dsplit", 3)


def _even(input: Any, cuts: Any, dim: int, function: str, least: int) -> Any:
    if input._data.ndim < least:
        raise RuntimeError(
            f"torch.{function} requires a tensor with at least {least} dimension"
            f"{'s' if least > 1 else ''}, but got a tensor with {input._data.ndim} dimensions!"
        )
    n = input._data.shape[dim]
    if isinstance(cuts, int) and (cuts <= 0 or n % cuts):
        raise RuntimeError(
            f"torch.{function} attempted to split along dimension {dim}, but the size of the "
            f"dimension {n} is not divisible by the split_size {cuts}!"
        )
    return _cut(input, cuts, dim, function)
