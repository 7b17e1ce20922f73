"""Choosing and filling by a mask of bools: masked_fill, masked_select, masked_scatter."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import dtypes, errors
from ..autograd.rule import Array, Operand, op
from .operands import number_array
from .overlap import separate_out


def _common_shape(a: np.ndarray, mask: np.ndarray) -> tuple[int, ...]:
    try:
        return np.broadcast_shapes(a.shape, mask.shape)
    except ValueError:
        raise errors.broadcast(a.shape, mask.shape) from None


def _fill_name(input: Any, mask: Any, value: Any) -> str:
    return f"MaskedFillBackward{int(isinstance(value, np.ndarray))}"


@op(name=_fill_name)
def masked_fill(input: Array, mask: Array, value: Operand, *, need: Any = ()):
    """`value` where `mask` is True, `input` elsewhere; how attention hides the future.

    out = mask ? value : input                                                                (1)
    ∂input = mask ? 0 : g,   ∂value = Σ g[mask]                                               (2)

    Args:
        mask   bools that broadcast with `input`
        value  a number or a 0-d tensor
    """
    if mask.dtype.kind != "b":
        raise RuntimeError(
            "masked_fill_ only supports boolean masks, but got mask with dtype "
            f"{dtypes.from_numpy(mask.dtype).name}"
        )
    if isinstance(value, np.ndarray):
        if value.ndim:
            raise RuntimeError(
                "masked_fill_ only supports a 0-dimensional value tensor, but got tensor with "
                f"{value.ndim} dimension(s)."
            )
        value = value.item()
    if need:
        want_input, want_value = need[0], need[2]
    else:
        want_input = want_value = True
    _common_shape(input, mask)
    out = np.where(mask, number_array(value, input.dtype), input)  # (1)

    def vjp(g: Array) -> Any:  # (2)
        zero = np.zeros((), g.dtype)
        return (
            np.where(mask, zero, g) if want_input else None,
            None,
            np.where(mask, g, zero).sum() if want_value else None,
        )

    return out, vjp


@separate_out
@op
def masked_select(input: Array, mask: Array):
    """The elements where `mask` is True, 1-d, in C order. ∂input = g put back at those places."""
    if mask.dtype.kind != "b":
        raise RuntimeError("masked_select: expected BoolTensor for mask")
    shape = _common_shape(input, mask)
    chosen = np.broadcast_to(mask, shape)

    def vjp(g: Array) -> Any:
        d = np.zeros(shape, g.dtype)
        d[np.broadcast_to(mask, shape)] = g
        return d, None

    return np.broadcast_to(input, shape)[chosen], vjp


@op
def masked_scatter(input: Array, mask: Array, source: Array):
    """The k-th element where `mask` is True becomes the k-th element of `source`.

    ∂input = g, zero at the mask;   ∂source = the first elements: g[mask], the rest zero
    """
    if mask.dtype.kind != "b":
        raise RuntimeError(
            "masked_scatter_ only supports boolean masks, but got mask with dtype "
            f"{dtypes.from_numpy(mask.dtype).name}"
        )
    if input.dtype != source.dtype:
        raise RuntimeError(
            "masked_scatter: expected self and source to have same dtypes but got "
            f"{dtypes.from_numpy(input.dtype).title} and {dtypes.from_numpy(source.dtype).title}"
        )
    shape = _common_shape(input, mask)
    where = np.broadcast_to(mask, shape)
    count = int(np.count_nonzero(where))
    if source.size < count:
        raise RuntimeError("Number of elements of source < number of ones in mask")
    out = np.broadcast_to(input, shape).copy()
    out[where] = source.reshape(-1)[:count]
    size, source_shape = source.size, source.shape

    def vjp(g: Array) -> Any:
        where = np.broadcast_to(mask, shape)
        d = np.zeros(size, g.dtype)
        d[:count] = g[where]
        return np.where(where, np.zeros((), g.dtype), g), None, d.reshape(source_shape)

    return out, vjp
