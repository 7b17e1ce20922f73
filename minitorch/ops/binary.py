"""Functions of two numbers that are not arithmetic: angles, lengths, logarithms of sums, gcd.

Both operands are broadcast and brought to one dtype, as in elementwise.py.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..autograd.rule import Array, Operand, op
from .operands import (
    check_broadcast,
    check_not_bool,
    not_differentiable,
    not_implemented,
    number_or_array,
    tensor_second,
)


def _floats_only(function: str, a: Any) -> None:
    if a.dtype.kind != "f":
        raise not_implemented(function, a)


@op(promote="float")
def atan2(input: Array, other: Array) -> Any:
    """The angle of the point (other, input), in (−π, π] radians.

    out = arctan(y/x) in the right quadrant,  y = input,  x = other        (1)
    ∂y = g · x/(x² + y²),  ∂x = −g · y/(x² + y²),  0 at the origin         (2)
    """

    def vjp(g: Any) -> Any:
        square = input * input + other * other
        g = g * np.where(square == 0, 0, 1 / square)
        return g * other, g * -input  # (2)

    return np.arctan2(input, other), vjp  # (1)


@op(promote="common")
def hypot(input: Array, other: Array) -> Any:
    """The length of the hypotenuse, without overflow on the way.

    out = √(x² + y²)                                   (1)
    ∂x = g · x/out,  ∂y = g · y/out                    (2)
    """
    _floats_only("hypot_cpu", input)
    out = np.hypot(input, other)  # (1)
    return out, lambda g: (g * (input / out), g * (other / out))  # (2)


@op(promote="float", name=tensor_second("Copysign", 0, 1))
def copysign(input: Array, other: Operand) -> Any:
    """The size of `input` with the sign of `other` (−0. counts as negative).

    out = |input| · sign(other)                        (1)
    ∂input = g · out/input,  0 at 0;  ∂other = 0       (2)
    """
    out = np.copysign(input, other)  # (1)

    def vjp(g: Any) -> Any:
        return g * np.where(input == 0, 0, out / input), np.zeros_like(g)  # (2)

    return out, vjp


def _xlogy_name(input: Any, other: Any, **_: Any) -> str:
    if not isinstance(input, np.ndarray):
        return "XlogyBackward1"
    return "XlogyBackward0" if isinstance(other, np.ndarray) else "XlogyBackward2"


@op(promote="float", name=_xlogy_name)
def xlogy(input: Operand, other: Operand, *, need: Any) -> Any:
    """x·ln y, and 0 where x is 0, whatever y: what entropies need.

    out = x · ln y                                     (1)
    ∂x = g · ln y,  0 where x = 0 and y ≤ 0            (2)
    ∂y = g · x/y                                       (3)
    """
    number_or_array(input, other)
    logarithm = np.log(other) if isinstance(other, np.ndarray) else float(np.log(other))
    product = np.multiply(input, logarithm)
    out = np.where(np.equal(input, 0) & ~np.isnan(other), product.dtype.type(0), product)  # (1)

    def vjp(g: Any) -> Any:
        dx = dy = None
        if need[0]:
            dx = np.where((input == 0) & np.less_equal(other, 0), 0, g * logarithm)  # (2)
        if need[1]:
            dy = g * (input / other)  # (3)
        return dx, dy

    return out, vjp


@op(promote="common")
def logaddexp(input: Array, other: Array) -> Any:
    """The logarithm of a sum of exponentials, without overflow.

    out = ln(eˣ + eʸ)                                  (1)
    ∂x = g / (1 + eʸ⁻ˣ),  ∂y = g / (1 + eˣ⁻ʸ)          (2)
    """
    _floats_only("logaddexp_cpu", input)

    def vjp(g: Any) -> Any:
        way = other - input
        return g / (1 + np.exp(way)), g / (1 + np.exp(-way))  # (2)

    return np.logaddexp(input, other), vjp  # (1)


@op(promote="common")
def logaddexp2(input: Array, other: Array) -> Any:
    """`logaddexp` to base 2.

    out = log₂(2ˣ + 2ʸ)                                (1)
    ∂x = g / (1 + 2ʸ⁻ˣ),  ∂y = g / (1 + 2ˣ⁻ʸ)          (2)
    """
    _floats_only("logaddexp2_cpu", input)

    def vjp(g: Any) -> Any:
        way = other - input
        return g / (1 + np.exp2(way)), g / (1 + np.exp2(-way))  # (2)

    return np.logaddexp2(input, other), vjp  # (1)


@op(name=lambda *_, **__: "NotImplemented")
def heaviside(input: Array, values: Array) -> Any:
    """The step function: 0 below 0, 1 above, `values` at 0.

    out = 0 (x < 0),  values (x = 0),  1 (x > 0)       (1)

    Raises: RuntimeError when the two dtypes differ.
    """
    if input.dtype != values.dtype:
        raise RuntimeError("heaviside is not yet implemented for tensors with different dtypes.")
    check_broadcast(input, values)
    out = np.where(input == 0, values, (input > 0).astype(input.dtype))  # (1)
    return out, not_differentiable("heaviside")


@op(promote="common")
def gcd(input: Array, other: Array) -> Any:
    """The greatest common divisor of integers, never negative.

    out = gcd(|x|, |y|)                                (1)
    """
    check_not_bool("gcd_cpu", input)
    if input.dtype.kind == "f":
        raise not_implemented("gcd_cpu", input)
    return np.gcd(input, other), None  # (1)


@op(promote="common")
def lcm(input: Array, other: Array) -> Any:
    """The least common multiple of integers, never negative.

    out = |x·y| / gcd(x, y)                            (1)
    """
    check_not_bool("lcm_cpu", input)
    if input.dtype.kind == "f":
        raise not_implemented("lcm_cpu", input)
    return np.lcm(input, other), None  # (1)


@op(promote="float")
def ldexp(input: Array, other: Array) -> Any:
    """Multiply by a power of two.

    out = input · 2^other                              (1)
    ∂input = g · 2^other,  ∂other = g · out·ln 2       (2)
    """
    power = np.exp2(other)
    out = input * power  # (1)
    return out, lambda g: (g * power, g * (out * math.log(2)))  # (2)


arctan2 = atan2
