"""Choosing between numbers: the larger or smaller, what lies between bounds, one or the other.

The derivative of a choice is a switch: the gradient goes to the number that was chosen.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import dtypes
from ..autograd.graph import TensorBase, wrap
from ..autograd.rule import Array, Operand, op
from .operands import check_broadcast, dtype_title, meet, not_implemented, tensor_second


def _half_at_ties(g: Any, a: Any, b: Any, lost: Any) -> Any:
    """g where a was chosen, ½·g where both are equal, 0 where it lost."""
    return np.where(lost, 0, np.where(a == b, g / 2, g))


@op(promote="common")
def maximum(input: Array, other: Array) -> Any:
    """The larger of two; NaN if either is.

    out = max(x, y)                                            (1)
    ∂x = g where x > y,  ½·g where x = y,  0 where x < y       (2)

    >>> import minitorch as torch
    >>> torch.maximum(torch.tensor([1, 5]), torch.tensor([3, 2]))
    tensor([3, 5])
    """

    def vjp(g: Any) -> Any:  # (2)
        return (
            _half_at_ties(g, input, other, input < other),
            _half_at_ties(g, input, other, input > other),
        )

    return np.maximum(input, other), vjp  # (1)


@op(promote="common")
def minimum(input: Array, other: Array) -> Any:
    """The smaller of two; NaN if either is.

    out = min(x, y)                                            (1)
    ∂x = g where x < y,  ½·g where x = y,  0 where x > y       (2)
    """

    def vjp(g: Any) -> Any:  # (2)
        return (
            _half_at_ties(g, input, other, input > other),
            _half_at_ties(g, input, other, input < other),
        )

    return np.minimum(input, other), vjp  # (1)


@op(promote="common")
def fmax(input: Array, other: Array) -> Any:
    """The larger of two; a NaN loses against a number.

    out = max(x, y)                                            (1)
    ∂x = g where x ≥ y or y is NaN,  ∂y = g elsewhere          (2)
    """

    def vjp(g: Any) -> Any:
        first = (input >= other) | np.isnan(other)
        return np.where(first, g, 0), np.where(first, 0, g)  # (2)

    return np.fmax(input, other), vjp  # (1)


@op(promote="common")
def fmin(input: Array, other: Array) -> Any:
    """The smaller of two; a NaN loses against a number.

    out = min(x, y)                                            (1)
    ∂x = g where x ≤ y or y is NaN,  ∂y = g elsewhere          (2)
    """

    def vjp(g: Any) -> Any:
        first = (input <= other) | np.isnan(other)
        return np.where(first, g, 0), np.where(first, 0, g)  # (2)

    return np.fmin(input, other), vjp  # (1)


# -- between bounds -------------------------------------------------------------------------------


def _clamp_name(input: Any, min: Any = None, max: Any = None, **_: Any) -> str:
    tensors = isinstance(min, np.ndarray) or isinstance(max, np.ndarray)
    return "ClampBackward0" if tensors else "ClampBackward1"


@op(promote="common", name=_clamp_name)
def clamp(input: Array, min: Operand = None, max: Operand = None, *, need: Any) -> Any:
    """Move every number into [min, max]; the bounds are numbers or tensors.

    out = min(max(x, lo), hi)                                  (1)
    ∂x = g where lo ≤ x ≤ hi,  else 0                          (2)
    ∂lo = g where x < lo < hi,  ∂hi = g where x > hi or lo > hi            (3)

    Where lo > hi the result is hi. NaN stays NaN.
    Raises: RuntimeError when neither bound is given.

    >>> import minitorch as torch
    >>> torch.clamp(torch.tensor([-1., 0.5, 3.]), 0, 1)
    tensor([0.0000, 0.5000, 1.0000])
    """
    if min is None and max is None:
        raise RuntimeError("torch.clamp: At least one of 'min' or 'max' must not be None")
    if input.dtype is dtypes.BOOL and (isinstance(min, bool) or isinstance(max, bool)):
        raise not_implemented("clamp_scalar_cpu", input)
    out = input
    if min is not None:
        out = np.maximum(out, min)  # (1)
    if max is not None:
        out = np.minimum(out, max)  # (1)

    def vjp(g: Any) -> Any:
        inside: Any = True
        if min is not None:
            inside = input >= min
        if max is not None:
            inside = inside & (input <= max)
        dx = np.where(inside, g, 0)  # (2)
        dlow = dhigh = None
        if need[1]:
            below = input < min if max is None else (input < min) & np.less(min, max)
            dlow = np.where(below, g, 0)  # (3)
        if need[2]:
            above = input > max if min is None else (input > max) | np.less(max, min)
            dhigh = np.where(above, g, 0)  # (3)
        return dx, dlow, dhigh

    return out, vjp


@op(promote="common", name=tensor_second("ClampMin"))
def clamp_min(input: Array, min: Operand, *, need: Any) -> Any:
    """`clamp` with a lower bound only.

    out = max(x, lo)                                           (1)
    ∂x = g where x ≥ lo,  ∂lo = g where x < lo                 (2)
    """
    return clamp.rule(input, min, None, need=(need[0], need[1], False))  # (1) (2)


@op(promote="common", name=tensor_second("ClampMax"))
def clamp_max(input: Array, max: Operand, *, need: Any) -> Any:
    """`clamp` with an upper bound only.

    out = min(x, hi)                                           (1)
    ∂x = g where x ≤ hi,  ∂hi = g where x > hi                 (2)
    """
    out, both = clamp.rule(input, None, max, need=(need[0], False, need[1]))

    def vjp(g: Any) -> Any:
        dx, _, dhigh = both(g)
        return dx, dhigh  # (2)

    return out, vjp  # (1)


# -- one or the other -----------------------------------------------------------------------------


@op(name="Where")
def _where(condition: Array, input: Operand, other: Operand) -> Any:
    """out = x where the condition holds, else y                               (1)
    ∂x = g where the condition holds,  ∂y = g elsewhere                        (2)
    """
    if condition.dtype is not dtypes.BOOL:
        if condition.dtype != np.uint8:
            raise RuntimeError(
                "where expected condition to be a boolean tensor, but got a tensor with dtype "
                + dtype_title(condition)
            )
        condition = condition != 0
    if not isinstance(input, np.ndarray) and not isinstance(other, np.ndarray):
        meeting = dtypes.result_dtype((input, other))
        input, other = np.asarray(input, meeting), np.asarray(other, meeting)
    else:
        input, other = meet(input, other)
    check_broadcast(condition, input, other)
    out = np.where(condition, input, other)  # (1)

    def vjp(g: Any) -> Any:
        return None, np.where(condition, g, 0), np.where(condition, 0, g)  # (2)

    return out, vjp


def where(condition: Any, input: Any = None, other: Any = None, *, out: Any = None) -> Any:
    """Take from `input` where the condition holds, elsewhere from `other`.

    outᵢ = inputᵢ if conditionᵢ else otherᵢ

    Both may be numbers. With the condition alone: the indices of its true elements, one tensor
    for each dimension.

    >>> import minitorch as torch
    >>> x = torch.tensor([-1., 2.])
    >>> torch.where(x > 0, x, 0.)
    tensor([0., 2.])
    """
    if input is None and other is None:
        if not isinstance(condition, TensorBase):
            raise TypeError(
                "where(): argument 'condition' (position 1) must be Tensor, not "
                + type(condition).__name__
            )
        return tuple(wrap(i) for i in np.atleast_1d(condition._data).nonzero())
    if out is not None:
        return _where(condition, input, other, out=out)
    return _where(condition, input, other)


def where_method(input: Any, condition: Any, other: Any) -> Any:
    """``input.where(condition, other)``: `where` with the tensor first."""
    return _where(condition, input, other)


@op
def nan_to_num(
    input: Array, nan: float | None = None, posinf: float | None = None,
    neginf: float | None = None,
) -> Any:  # fmt: skip
    """Replace NaN and ±∞ by numbers.

    out = nan, posinf or neginf where the input is that, else the input        (1)
    ∂input = g where the input is finite, else 0                               (2)

    Args: nan   for NaN (default 0); posinf, neginf   for ±∞ (default: the dtype's largest and
          smallest finite numbers)
    """
    if input.dtype.kind != "f":
        return input.copy(), None
    largest = np.finfo(input.dtype).max
    high = largest if posinf is None else posinf
    low = -largest if neginf is None else neginf
    number = input.dtype.type
    out = np.where(np.isnan(input), number(0.0 if nan is None else nan), input)
    out = np.where(input == np.inf, number(high), out)
    out = np.where(input == -np.inf, number(low), out)  # (1)
    return out, lambda g: np.where(np.isfinite(input), g, 0)  # (2)


clip = clamp
