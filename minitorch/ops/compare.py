"""Questions with the answer True or False, and arithmetic on bits.

None of these has a gradient: a yes or no does not change a little when its input does.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import dtypes
from ..autograd.graph import TensorBase
from ..autograd.rule import Array, Operand, op
from .operands import (
    check_broadcast,
    check_integer,
    check_not_bool,
    dtype_title,
    number_or_array,
)

# -- order ----------------------------------------------------------------------------------------


@op(promote="common")
def eq(input: Array, other: Operand) -> Any:
    """Equal, element by element (NaN equals nothing).

    >>> import minitorch as torch
    >>> torch.tensor([1, 2, 3]) == 2
    tensor([False,  True, False])
    """
    return np.equal(input, other), None


@op(promote="common")
def ne(input: Array, other: Operand) -> Any:
    """Not equal, element by element."""
    return np.not_equal(input, other), None


@op(promote="common")
def lt(input: Array, other: Operand) -> Any:
    """input < other, element by element."""
    return np.less(input, other), None


@op(promote="common")
def le(input: Array, other: Operand) -> Any:
    """input ≤ other, element by element."""
    return np.less_equal(input, other), None


@op(promote="common")
def gt(input: Array, other: Operand) -> Any:
    """input > other, element by element."""
    return np.greater(input, other), None


@op(promote="common")
def ge(input: Array, other: Operand) -> Any:
    """input ≥ other, element by element."""
    return np.greater_equal(input, other), None


def equal(input: Any, other: Any) -> bool:
    """Whether two tensors have the same shape and the same numbers: one Python bool."""
    for position, x in enumerate((input, other)):
        if not isinstance(x, TensorBase):
            name = ("input", "other")[position]
            raise TypeError(
                f"equal(): argument '{name}' (position {position + 1}) must be Tensor, "
                f"not {type(x).__name__}"
            )
    return bool(np.array_equal(input._data, other._data))


@op
def isclose(
    input: Array, other: Array, rtol: float = 1e-05, atol: float = 1e-08, equal_nan: bool = False
) -> Any:
    """Equal up to a tolerance.

    out = |input − other| ≤ atol + rtol·|other|        (1)

    Args: rtol   relative to `other` (default 1e-5); atol   absolute (default 1e-8);
          equal_nan   whether two NaNs are close (default False)
    Raises: RuntimeError when the dtypes differ or a tolerance is negative.
    """
    if input.dtype != other.dtype:
        raise RuntimeError(f"{dtype_title(input)} did not match {dtype_title(other)}")
    for name, tolerance in (("rtol", rtol), ("atol", atol)):
        if not tolerance >= 0:
            raise RuntimeError(f"{name} must be greater than or equal to zero, but got {tolerance}")
    check_broadcast(input, other)
    close = np.equal(input, other)
    if equal_nan and input.dtype.kind == "f":
        close = close | (np.isnan(input) & np.isnan(other))
    if rtol == 0 and atol == 0:
        return close, None
    a, b = input, other
    if a.dtype.kind != "f":
        a, b = a.astype(dtypes.default_float()), b.astype(dtypes.default_float())
    error = np.abs(a - b)
    return close | (np.isfinite(error) & (error <= atol + np.abs(rtol * b))), None  # (1)


def allclose(
    input: Any, other: Any, rtol: float = 1e-05, atol: float = 1e-08, equal_nan: bool = False
) -> bool:
    """Whether all elements are close (see `isclose`): one Python bool."""
    return bool(isclose(input, other, rtol, atol, equal_nan)._data.all())


# -- kinds of numbers -----------------------------------------------------------------------------


@op
def isnan(input: Array) -> Any:
    """Whether each element is "not a number"."""
    return np.isnan(input), None


@op
def isinf(input: Array) -> Any:
    """Whether each element is +∞ or −∞."""
    return np.isinf(input), None


@op
def isfinite(input: Array) -> Any:
    """Whether each element is neither infinite nor NaN."""
    return np.isfinite(input), None


@op
def isposinf(input: Array) -> Any:
    """Whether each element is +∞."""
    return np.equal(input, np.inf), None


@op
def isneginf(input: Array) -> Any:
    """Whether each element is −∞."""
    return np.equal(input, -np.inf), None


@op
def isreal(input: Array) -> Any:
    """True everywhere: there are no complex dtypes here."""
    return np.ones(input.shape, bool), None


@op
def signbit(input: Array) -> Any:
    """Whether each element's sign is minus (True for −0. too)."""
    return np.signbit(input) if input.dtype.kind == "f" else np.less(input, 0), None


# -- logic: zero is False, everything else is True ------------------------------------------------


@op(promote="common")
def logical_and(input: Array, other: Array) -> Any:
    """Whether both are not zero."""
    return np.logical_and(input, other), None


@op(promote="common")
def logical_or(input: Array, other: Array) -> Any:
    """Whether one of them (or both) is not zero."""
    return np.logical_or(input, other), None


@op(promote="common")
def logical_xor(input: Array, other: Array) -> Any:
    """Whether exactly one of them is not zero."""
    return np.logical_xor(input, other), None


@op
def logical_not(input: Array) -> Any:
    """Whether each element is zero."""
    return np.logical_not(input), None


# -- bits -----------------------------------------------------------------------------------------


@op(promote="common")
def bitwise_and(input: Operand, other: Operand) -> Any:
    """``&`` on the bits of integers, "and" on bools."""
    check_integer("bitwise_and_cpu", number_or_array(input, other))
    return np.bitwise_and(input, other), None


@op(promote="common")
def bitwise_or(input: Operand, other: Operand) -> Any:
    """``|`` on the bits of integers, "or" on bools."""
    check_integer("bitwise_or_cpu", number_or_array(input, other))
    return np.bitwise_or(input, other), None


@op(promote="common")
def bitwise_xor(input: Operand, other: Operand) -> Any:
    """``^`` on the bits of integers, "either, not both" on bools."""
    check_integer("bitwise_xor_cpu", number_or_array(input, other))
    return np.bitwise_xor(input, other), None


@op
def bitwise_not(input: Array) -> Any:
    """``~``: every bit flipped, −x − 1 for signed integers, "not" for bools."""
    check_integer("bitwise_not_cpu", input)
    return np.invert(input), None


def _bits(dtype: Any) -> int:
    return dtype.itemsize * 8


@op(promote="common")
def bitwise_left_shift(input: Operand, other: Operand) -> Any:
    """``<<``: input · 2^other in integers; 0 when all bits are shifted out."""
    first = number_or_array(input, other)
    check_integer("lshift_cpu", first)
    check_not_bool("lshift_cpu", first)
    lost = np.less(other, 0) | np.greater_equal(other, _bits(first.dtype))
    return np.where(lost, first.dtype.type(0), np.left_shift(input, np.where(lost, 0, other))), None


@op(promote="common")
def bitwise_right_shift(input: Operand, other: Operand) -> Any:
    """``>>``: ⌊input / 2^other⌋ in integers, so that negative numbers stay negative."""
    first = number_or_array(input, other)
    check_integer("rshift_cpu", first)
    check_not_bool("rshift_cpu", first)
    most = _bits(first.dtype) - 1
    far = np.less(other, 0) | np.greater(other, most)
    if first.dtype.kind == "u":
        return np.where(far, 0, np.right_shift(input, np.where(far, 0, other))), None
    return np.right_shift(input, np.where(far, most, other)), None


# -- the other names PyTorch has for them ---------------------------------------------------------

not_equal, less, less_equal, greater, greater_equal = ne, lt, le, gt, ge
