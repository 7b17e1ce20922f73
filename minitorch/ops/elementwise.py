"""Arithmetic between two tensors, or a tensor and a number: + − · / // % xʸ, and their kin.

Shapes broadcast: sizes are compared from the last dimension backwards, and a dimension of size 1
(or a missing one) is repeated. The derivatives below are written in the broadcast shape; the
engine sums them over the repeated dimensions. Dtypes are promoted (see dtypes.py): integers stay
integers except under `/`, and a Python number never changes a float tensor's dtype.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import dtypes
from ..autograd.rule import Array, Operand, inplace, op
from .operands import (
    check_broadcast,
    check_not_bool,
    dtype_title,
    meet,
    no_slope,
    not_differentiable,
    not_implemented,
    number_like,
    number_or_array,
    tensor_second,
)


def _check_alpha(alpha: Any, dtype: Any) -> None:
    if isinstance(alpha, bool) and dtype.kind != "b":
        raise RuntimeError("Boolean alpha only supported for Boolean results.")
    if dtype.kind != "f" and isinstance(alpha, float):
        raise RuntimeError(
            "For integral input tensors, argument alpha must not be a floating point number."
        )


@op(promote="common")
def add(input: Operand, other: Operand, *, alpha: Any = 1) -> Any:
    """Add, the second operand scaled by a number.

    out = input + α·other                              (1)
    ∂input = g,  ∂other = α·g                          (2)

    Bools: ``+`` is "or". An integer α is wanted for integer results (RuntimeError).

    >>> import minitorch as torch
    >>> torch.add(torch.tensor([1., 2.]), torch.tensor([10., 20.]), alpha=2)
    tensor([21., 42.])
    """
    if type(alpha) is int and alpha == 1:
        return np.add(input, other), lambda g: (g, g)  # (1) (2)
    _check_alpha(alpha, number_or_array(input, other).dtype)
    alpha = number_like(alpha, number_or_array(input, other))
    return np.add(input, other * alpha), lambda g: (g, g * alpha)  # (1) (2)


def _refuse_bool(a: Any, b: Any) -> None:
    first, second = (
        x.dtype is dtypes.BOOL if isinstance(x, np.ndarray) else isinstance(x, bool) for x in (a, b)
    )
    if first and second:
        raise RuntimeError(
            "Subtraction, the `-` operator, with two bool tensors is not supported. "
            "Use the `^` or `logical_xor()` operator instead."
        )
    if first or second:
        raise RuntimeError(
            "Subtraction, the `-` operator, with a bool tensor is not supported. If you are trying "
            "to invert a mask, use the `~` or `logical_not()` operator instead."
        )


@op
def sub(input: Operand, other: Operand, *, alpha: Any = 1) -> Any:
    """Subtract, the second operand scaled by a number.

    out = input − α·other                              (1)
    ∂input = g,  ∂other = −α·g                         (2)

    Raises: RuntimeError for a bool operand: PyTorch wants ``^`` or ``~`` there.
    """
    _refuse_bool(input, other)
    input, other = meet(input, other)
    if type(alpha) is int and alpha == 1:
        return np.subtract(input, other), lambda g: (g, -g)  # (1) (2)
    _check_alpha(alpha, number_or_array(input, other).dtype)
    alpha = number_like(alpha, number_or_array(input, other))
    return np.subtract(input, other * alpha), lambda g: (g, g * -alpha)  # (1) (2)


@op(name=tensor_second("Rsub", 0, 1))
def rsub(input: Array, other: Operand, *, alpha: Any = 1) -> Any:
    """Subtract the other way round: what ``1 - x`` calls.

    out = other − α·input                              (1)
    ∂input = −α·g,  ∂other = g                         (2)
    """
    _refuse_bool(input, other)
    input, other = meet(input, other)
    if type(alpha) is int and alpha == 1:
        return np.subtract(other, input), lambda g: (-g, g)  # (1) (2)
    _check_alpha(alpha, input.dtype)
    alpha = number_like(alpha, input)
    return np.subtract(other, input * alpha), lambda g: (g * -alpha, g)  # (1) (2)


@op(promote="common")
def mul(input: Operand, other: Operand, *, need: Any) -> Any:
    """Multiply element by element.

    out = input · other                                (1)
    ∂input = g · other,  ∂other = g · input            (2)

    >>> import minitorch as torch
    >>> torch.tensor([[1.], [2.]]) * torch.tensor([1., 2., 3.])
    tensor([[1., 2., 3.],
            [2., 4., 6.]])
    """
    out = np.multiply(input, other)  # (1)
    if not need[1]:  # a number, or a tensor that wants no gradient: keep nothing for it
        return out, lambda g: (g * other, None)  # (2)
    if not need[0]:
        return out, lambda g: (None, g * input)  # (2)
    return out, lambda g: (g * other, g * input)  # (2)


# -- the divisions --------------------------------------------------------------------------------


def _check_no_zero(divisor: Any) -> None:
    if np.count_nonzero(divisor) != np.size(divisor):
        raise RuntimeError("ZeroDivisionError")


def _floor_quotient(a: Any, b: Any) -> Any:
    dtype = number_or_array(a, b)
    check_not_bool("div_floor_cpu", dtype)
    if dtype.dtype.kind != "f":
        _check_no_zero(b)
    return np.floor_divide(a, b)


def _trunc_quotient(a: Any, b: Any) -> Any:
    dtype = number_or_array(a, b)
    check_not_bool("div_trunc_cpu", dtype)
    if dtype.dtype.kind == "f":
        return np.trunc(np.divide(a, b))
    _check_no_zero(b)
    return np.floor_divide(a - np.fmod(a, b), b)  # exact: the remainder is taken off first


def _zeros_for_both(g: Any) -> Any:
    return np.zeros_like(g), np.zeros_like(g)


def _div_name(*_: Any, rounding_mode: Any = None, **__: Any) -> str:
    return "DivBackward0" if rounding_mode is None else "DivBackward2"


@op(name=_div_name)
def div(input: Operand, other: Operand, *, rounding_mode: str | None = None, need: Any) -> Any:
    """Divide; ints give floats unless the quotient is rounded.

    out = input / other                                (1)
    ∂input = g / other,  ∂other = −g · out / other     (2)

    Args: rounding_mode   None (default); 'trunc' rounds toward zero (C's integer division) and
          'floor' toward −∞ (Python's ``//``), both with the operands' common dtype and gradient 0.
    Raises: RuntimeError "ZeroDivisionError" for an integer division by 0 with a rounding mode.

    >>> import minitorch as torch
    >>> torch.div(torch.tensor([-7, 7]), 2, rounding_mode='floor')
    tensor([-4,  3])
    """
    if rounding_mode is None:
        input, other = meet(input, other, float_wanted=True)
        out = np.divide(input, other)  # (1)
        if not need[1]:
            return out, lambda g: (g / other, None)  # (2)
        return out, lambda g: (g / other, -g * (input / other) / other)  # (2)
    if rounding_mode not in ("floor", "trunc"):
        raise RuntimeError(
            "div expected rounding_mode to be one of None, 'trunc', or 'floor' but found "
            f"'{rounding_mode}'"
        )
    input, other = meet(input, other)
    rounded = _floor_quotient if rounding_mode == "floor" else _trunc_quotient
    return rounded(input, other), _zeros_for_both


@op(promote="float", name="Div")
def true_divide(input: Operand, other: Operand, *, need: Any) -> Any:
    """Divide: `div` without rounding, what ``/`` calls.

    out = input / other                                (1)
    ∂input = g / other,  ∂other = −g · out / other     (2)
    """
    out = np.divide(input, other)  # (1)
    if not need[1]:
        return out, lambda g: (g / other, None)  # (2)
    return out, lambda g: (g / other, -g * (input / other) / other)  # (2)


@op(promote="common", name=lambda *_, **__: "NotImplemented")
def floor_divide(input: Operand, other: Operand) -> Any:
    """Divide and round toward −∞: Python's ``//``.

    out = ⌊input / other⌋                              (1)

    Raises: RuntimeError "ZeroDivisionError" for integers divided by 0, and in backward: PyTorch
    has no derivative for it.
    """
    return _floor_quotient(input, other), not_differentiable("floor_divide")  # (1)


@op(promote="common", name=tensor_second("Remainder"))
def remainder(input: Operand, other: Operand, *, need: Any) -> Any:
    """The rest of `floor_divide`, with the divisor's sign: Python's ``%``.

    out = input − other·⌊input / other⌋                (1)
    ∂input = g,  ∂other = −g · ⌊input / other⌋         (2)

    >>> import minitorch as torch
    >>> torch.remainder(torch.tensor([-3., 3.]), 2)
    tensor([1., 1.])
    """
    dtype = number_or_array(input, other)
    check_not_bool("remainder_cpu", dtype)
    if dtype.dtype.kind != "f":
        _check_no_zero(other)
        out = np.remainder(input, other)  # (1)
    else:
        rest = np.fmod(input, other)  # np.remainder loses the sign of −0.
        turn = (rest != 0) & (np.less(other, 0) != (rest < 0))
        out = np.where(turn, rest + other, rest)  # (1)
    if not need[1]:
        return out, lambda g: (g, None)
    return out, lambda g: (g, -g * np.floor_divide(input, other))  # (2)


@op(promote="common", name=tensor_second("Fmod"))
def fmod(input: Array, other: Operand, *, need: Any) -> Any:
    """The rest of division rounded toward zero, with the dividend's sign: C's ``fmod``.

    out = input − other·trunc(input / other)           (1)
    ∂input = g,  ∂other = −g · trunc(input / other)    (2)
    """
    check_not_bool("fmod_cpu", input)
    if input.dtype.kind != "f":
        _check_no_zero(other)
    out = np.fmod(input, other)  # (1)
    if not need[1]:
        return out, lambda g: (g, None)
    return out, lambda g: (g, -g * np.trunc(input / other))  # (2)


# -- powers ---------------------------------------------------------------------------------------

# What a power with a fixed exponent costs less as; np.power takes 20 times np.square's time.
_QUICK_POWERS: dict[Any, Any] = {
    2: np.square,
    3: lambda x: x * x * x,
    1: np.positive,
    0.5: np.sqrt,
    -0.5: lambda x: 1 / np.sqrt(x),
    -1: np.reciprocal,
    -2: lambda x: 1 / np.square(x),
}


def _float_power(x: Any, y: Any) -> Any:
    quick = _QUICK_POWERS.get(y) if isinstance(y, (int, float)) else None
    return np.power(x, y) if quick is None else quick(x)


def _integer_power(x: Any, y: Any) -> Any:
    """xʸ in integers; a negative y in a tensor gives trunc(xʸ): 0 unless x is 1 or −1."""
    negative = np.less(y, 0)
    if not negative.any():
        return np.power(x, y)
    out = np.power(x, np.where(negative, 0, y))
    unit = np.where(np.equal(x, 1), 1, np.where(np.equal(x, -1), 1 - 2 * (np.asarray(y) & 1), 0))
    return np.where(negative, unit, out).astype(out.dtype)


def _pow_name(input: Any, exponent: Any, **_: Any) -> str:
    if not isinstance(input, np.ndarray):
        return "PowBackward2"
    return "PowBackward1" if isinstance(exponent, np.ndarray) else "PowBackward0"


@op(name=_pow_name)
def pow(input: Operand, exponent: Operand, *, need: Any) -> Any:
    """Raise to a power; either side may be a number.

    out = xʸ                                           (1)
    ∂x = g · y·xʸ⁻¹,  0 where y = 0                    (2)
    ∂y = g · xʸ·ln x,  0 where x = 0 and y ≥ 0         (3)

    Raises: RuntimeError for an integer tensor to a negative integer number.

    >>> import minitorch as torch
    >>> torch.pow(2, torch.tensor([1, 2, 3]))
    tensor([2, 4, 8])
    """
    scalar = isinstance(exponent, (int, float))
    integer = scalar and not isinstance(exponent, float)
    if integer and exponent < 0 and input.dtype.kind != "f":
        raise RuntimeError("Integers to negative integer powers are not allowed.")
    x, y = meet(input, exponent)
    dtype = number_or_array(x, y)
    if dtype.dtype.kind != "f":
        if dtype.dtype is dtypes.BOOL:
            if not scalar:
                raise not_implemented("pow", dtype)
            return np.logical_or(x, not y), None
        return _integer_power(x, y), None
    if scalar and exponent == 0:
        return np.ones_like(x), no_slope
    out = _float_power(x, y)  # (1)
    if not need[1]:
        if scalar:
            return out, lambda g: (g * (y * _float_power(x, y - 1)), None)  # (2)
        return out, lambda g: (_base_gradient(g, x, y), None)  # (2)
    if not need[0]:
        return out, lambda g: (None, _exponent_gradient(g, x, y, out))  # (3)
    return out, lambda g: (_base_gradient(g, x, y), _exponent_gradient(g, x, y, out))  # (2) (3)


def _base_gradient(g: Any, x: Any, y: Any) -> Any:
    return np.where(y == 0, 0, g * (y * np.power(x, y - 1)))  # (2) of pow


def _exponent_gradient(g: Any, x: Any, y: Any, out: Any) -> Any:
    flat = np.logical_and(np.equal(x, 0), y >= 0)
    return np.where(flat, 0, g * (out * np.log(x)))  # (3) of pow


@op(name=_pow_name)
def float_power(input: Operand, exponent: Operand, *, need: Any) -> Any:
    """`pow` computed in float64, whatever the operands' dtypes.

    out = xʸ                                           (1)
    """
    x, y = (np.asarray(a, np.float64) if isinstance(a, np.ndarray) else float(a)
            for a in (input, exponent))  # fmt: skip
    return pow.rule(x, y, need=need)  # (1)


_float_power_in_place = inplace(float_power)


def float_power_(input: Any, exponent: Any) -> Any:
    """In-place `float_power`; RuntimeError unless input is float64, as the result is."""
    if input._data.dtype is not dtypes.FLOAT64:
        raise RuntimeError(
            f"the base given to float_power_ has dtype {dtype_title(input._data)} but the "
            "operation's result requires dtype Double"
        )
    return _float_power_in_place(input, exponent)


# -- three operands -------------------------------------------------------------------------------


@op(name=tensor_second("Lerp"))
def lerp(input: Array, end: Array, weight: Operand, *, need: Any) -> Any:
    """Go part of the way from `input` to `end`.

    out = input + w·(end − input)                      (1)
    ∂input = g·(1 − w),  ∂end = g·w,  ∂w = g·(end − input)     (2)

    Raises: RuntimeError when `end` (or a tensor weight) has another dtype than `input`.
    Numerics: for w ≥ ½ it starts from `end`, so that w = 1 gives `end` exactly.
    """
    for name, x in (("end", end), ("weight", weight)):
        if isinstance(x, np.ndarray) and x.dtype != input.dtype:
            raise RuntimeError(
                f"expected dtype {dtype_title(input).lower()} for `{name}` but got dtype "
                f"{dtype_title(x).lower()}"
            )
    if input.dtype.kind != "f":
        raise not_implemented("lerp_kernel_scalar", input)
    check_broadcast(input, end, weight)
    way = end - input
    if isinstance(weight, np.ndarray):
        out = np.where(np.abs(weight) < 0.5, input + weight * way, end - way * (1 - weight))  # (1)
    else:
        weight = float(weight)
        out = input + weight * way if weight < 0.5 else end - way * (1 - weight)  # (1)
    if not need[2]:
        return out, lambda g: (g * (1 - weight), g * weight, None)  # (2)
    return out, lambda g: (g * (1 - weight), g * weight, g * (end - input))  # (2)


@op(promote="common")
def addcmul(input: Array, tensor1: Array, tensor2: Array, *, value: Any = 1, need: Any) -> Any:
    """Add a scaled product.

    out = input + v·t₁·t₂                              (1)
    ∂input = g,  ∂t₁ = g·v·t₂,  ∂t₂ = g·v·t₁           (2)
    """
    check_not_bool("addcmul_cpu_out", input)
    value = number_like(value, input)
    product = np.multiply(tensor1, tensor2)
    if value != 1:
        product = product * value
    out = np.add(input, product)  # (1)
    if not (need[1] or need[2]):
        return out, lambda g: (g, None, None)
    return out, lambda g: (g, g * (tensor2 * value), g * (tensor1 * value))  # (2)


@op(promote="common")
def addcdiv(input: Array, tensor1: Array, tensor2: Array, *, value: Any = 1, need: Any) -> Any:
    """Add a scaled quotient: the update of Adam, θ ← θ − α·m̂/(√v̂ + ε).

    out = input + v·t₁/t₂                              (1)
    ∂input = g,  ∂t₁ = g·v/t₂,  ∂t₂ = −g·v·t₁/t₂²      (2)

    Raises: RuntimeError for integers.
    """
    if input.dtype.kind != "f":
        raise RuntimeError(
            "Integer division with addcdiv is no longer supported, and in a future release "
            "addcdiv will perform a true division of tensor1 and tensor2: use floating point "
            f"tensors, not {dtype_title(input)}"
        )
    out = np.add(input, np.multiply(tensor1, value) / tensor2)  # (1)
    if not (need[1] or need[2]):
        return out, lambda g: (g, None, None)

    def vjp(g: Any) -> Any:
        return g, g * (value / tensor2), -g * (value * tensor1 / np.square(tensor2))  # (2)

    return out, vjp


# -- the other names PyTorch has for them ---------------------------------------------------------

subtract, multiply, divide = sub, mul, div
