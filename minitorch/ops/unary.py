"""Functions of one number, applied to every element: signs, roots, exponentials, angles.

Each is one line of mathematics and one of calculus. ∂input is the chain rule: the incoming
gradient g times the function's own derivative, written with `out` where that saves work.
Integers and bools become the default float dtype where the function's values are not integers.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .. import dtypes
from ..autograd.rule import Array, op
from .operands import check_not_bool, no_slope, not_implemented

# -- sign and size --------------------------------------------------------------------------------


@op
def neg(input: Array) -> Any:
    """Change the sign.

    out = −input                                       (1)
    ∂input = −g                                        (2)

    Raises: RuntimeError for bools (use ``~``).
    """
    if input.dtype is dtypes.BOOL:
        raise RuntimeError(
            "Negation, the `-` operator, on a bool tensor is not supported. If you are trying to "
            "invert a mask, use the `~` or `logical_not()` operator instead."
        )
    return np.negative(input), lambda g: -g  # (1) (2)


def positive(input: Any) -> Any:
    """Return `input` itself: what ``+x`` calls. RuntimeError for bools."""
    if isinstance(getattr(input, "_data", None), np.ndarray) and input._data.dtype is dtypes.BOOL:
        raise RuntimeError("The `+` operator, on a bool tensor is not supported.")
    return input


@op
def abs(input: Array) -> Any:
    """The distance from 0.

    out = |input|                                      (1)
    ∂input = g · sign(input),  0 at 0                  (2)
    """
    check_not_bool("abs_cpu", input)
    return np.absolute(input), lambda g: g * _sign(input)  # (1) (2)


def _sign(x: np.ndarray) -> Any:
    return (x > 0).astype(x.dtype) - (x < 0)  # PyTorch's formula: 0 for NaN


@op
def sign(input: Array) -> Any:
    """−1, 0 or 1 (False or True for bools).

    out = input / |input|,  0 at 0                     (1)
    ∂input = 0                                         (2)
    """
    if input.dtype is dtypes.BOOL:
        return input.copy(), None
    return _sign(input), no_slope  # (1) (2)


@op
def sgn(input: Array) -> Any:
    """`sign`, under the name that PyTorch also defines for complex numbers."""
    return sign.rule(input)


# -- rounding: steps, so that the gradient is 0 almost everywhere ----------------------------------


def _whole(name: str, ufunc: Any, input: Any) -> Any:
    check_not_bool(f"{name}_vml_cpu", input)
    return ufunc(input) if input.dtype.kind == "f" else input.copy()


@op
def floor(input: Array) -> Any:
    """Round toward −∞.

    out = ⌊input⌋,  ∂input = 0                         (1)
    """
    return _whole("floor", np.floor, input), no_slope  # (1)


@op
def ceil(input: Array) -> Any:
    """Round toward +∞.

    out = ⌈input⌉,  ∂input = 0                         (1)
    """
    return _whole("ceil", np.ceil, input), no_slope  # (1)


@op
def trunc(input: Array) -> Any:
    """Round toward 0: cut off the fraction.

    out = sign(input)·⌊|input|⌋,  ∂input = 0           (1)
    """
    return _whole("trunc", np.trunc, input), no_slope  # (1)


def _round_name(_: Any, decimals: Any = None, **__: Any) -> str:
    return "RoundBackward0" if decimals is None else "RoundBackward1"


@op(name=_round_name)
def round(input: Array, *, decimals: int = 0) -> Any:
    """Round to a number of decimals, halves to the even neighbour.

    out = round(input·10ᵈ) / 10ᵈ,  ∂input = 0          (1)

    >>> import minitorch as torch
    >>> torch.round(torch.tensor([0.5, 1.5, 2.5]))
    tensor([0., 2., 2.])
    """
    if decimals == 0:
        return _whole("round", np.rint, input), no_slope  # (1)
    if input.dtype.kind != "f":
        raise not_implemented("round_cpu", input)
    ten = input.dtype.type(10.0 ** math.fabs(decimals))
    out = np.rint(input * ten) / ten if decimals > 0 else np.rint(input / ten) * ten  # (1)
    return out, no_slope


@op
def frac(input: Array) -> Any:
    """The part after the point, with the sign.

    out = input − trunc(input)                         (1)
    ∂input = g                                         (2)
    """
    if input.dtype.kind != "f":
        raise not_implemented("frac_cpu", input)
    return input - np.trunc(input), lambda g: g  # (1) (2)


# -- powers and roots -----------------------------------------------------------------------------


@op(name="Pow")
def square(input: Array) -> Any:
    """Multiply by itself.

    out = input²                                       (1)
    ∂input = g · 2·input                               (2)
    """
    if input.dtype is dtypes.BOOL:
        return input.astype(np.int64), None
    return np.square(input), lambda g: g * (2 * input)  # (1) (2)


@op(promote="float")
def sqrt(input: Array) -> Any:
    """The square root; NaN for negative numbers.

    out = √input                                       (1)
    ∂input = g / (2·out)                               (2)
    """
    out = np.sqrt(input)  # (1)
    return out, lambda g: g / (2 * out)  # (2)


@op(promote="float")
def rsqrt(input: Array) -> Any:
    """One over the square root.

    out = 1/√input                                     (1)
    ∂input = −½·g·out³                                 (2)
    """
    out = np.reciprocal(np.sqrt(input))  # (1)
    return out, lambda g: -0.5 * g * (out * out * out)  # (2)


@op(promote="float")
def reciprocal(input: Array) -> Any:
    """One over the number.

    out = 1/input                                      (1)
    ∂input = −g·out²                                   (2)
    """
    out = np.reciprocal(input)  # (1)
    return out, lambda g: -g * (out * out)  # (2)


# -- exponentials and logarithms ------------------------------------------------------------------


@op(promote="float")
def exp(input: Array) -> Any:
    """The exponential.

    out = eˣ                                           (1)
    ∂input = g · out                                   (2)

    >>> import minitorch as torch
    >>> torch.exp(torch.tensor([0., 1.]))
    tensor([1.0000, 2.7183])
    """
    out = np.exp(input)  # (1)
    return out, lambda g: g * out  # (2)


@op(promote="float")
def exp2(input: Array) -> Any:
    """Two to the power of each number.

    out = 2ˣ                                           (1)
    ∂input = g · out·ln 2                              (2)
    """
    out = np.exp2(input)  # (1)
    return out, lambda g: g * (out * math.log(2))  # (2)


@op(promote="float")
def expm1(input: Array) -> Any:
    """The exponential minus one, exact for small numbers.

    out = eˣ − 1                                       (1)
    ∂input = g · (out + 1)                             (2)
    """
    out = np.expm1(input)  # (1)
    return out, lambda g: g * (out + 1)  # (2)


@op(promote="float")
def log(input: Array) -> Any:
    """The natural logarithm; −∞ at 0, NaN below.

    out = ln x                                         (1)
    ∂input = g / x                                     (2)
    """
    return np.log(input), lambda g: g / input  # (1) (2)


@op(promote="float")
def log2(input: Array) -> Any:
    """The logarithm to base 2.

    out = log₂ x                                       (1)
    ∂input = g / (x·ln 2)                              (2)
    """
    return np.log2(input), lambda g: g / (input * math.log(2))  # (1) (2)


@op(promote="float")
def log10(input: Array) -> Any:
    """The logarithm to base 10.

    out = log₁₀ x                                      (1)
    ∂input = g / (x·ln 10)                             (2)
    """
    return np.log10(input), lambda g: g / (input * math.log(10))  # (1) (2)


@op(promote="float", name="Log1P")
def log1p(input: Array) -> Any:
    """The logarithm of 1 + x, exact for small x.

    out = ln(1 + x)                                    (1)
    ∂input = g / (1 + x)                               (2)
    """
    return np.log1p(input), lambda g: g / (input + 1)  # (1) (2)


@op(promote="float")
def sigmoid(input: Array) -> Any:
    """The logistic function: squeezes every number into (0, 1).

    out = σ(x) = 1/(1 + e⁻ˣ)                           (1)
    ∂input = g · out·(1 − out)                         (2)

    >>> import minitorch as torch
    >>> torch.sigmoid(torch.tensor([-1., 0., 1.]))
    tensor([0.2689, 0.5000, 0.7311])
    """
    out = np.reciprocal(np.exp(-input) + 1)  # (1)
    return out, lambda g: g * (out * (1 - out))  # (2)


@op(promote="float")
def logit(input: Array, eps: float | None = None) -> Any:
    """The inverse of `sigmoid`.

    out = ln(x/(1 − x))                                (1)
    ∂input = g / (x·(1 − x)),  0 where x was clamped   (2)

    Args: eps   x is clamped to [eps, 1 − eps] first (default None: no clamping, NaN outside [0, 1])
    """
    x = input if eps is None else np.clip(input, eps, 1 - eps)
    out = np.log(x / (1 - x))  # (1)
    low, high, outside = (0.0, 1.0, math.nan) if eps is None else (eps, 1 - eps, 0.0)

    def vjp(g: Any) -> Any:
        inside = (input >= low) & (input <= high)
        return np.where(inside, g / (input * (1 - input)), outside)  # (2)

    return out, vjp


# -- angles ---------------------------------------------------------------------------------------


@op(promote="float")
def sin(input: Array) -> Any:
    """The sine of an angle in radians.

    out = sin x                                        (1)
    ∂input = g · cos x                                 (2)
    """
    return np.sin(input), lambda g: g * np.cos(input)  # (1) (2)


@op(promote="float")
def cos(input: Array) -> Any:
    """The cosine of an angle in radians.

    out = cos x                                        (1)
    ∂input = −g · sin x                                (2)
    """
    return np.cos(input), lambda g: g * -np.sin(input)  # (1) (2)


@op(promote="float")
def tan(input: Array) -> Any:
    """The tangent of an angle in radians.

    out = tan x                                        (1)
    ∂input = g · (1 + out²)                            (2)
    """
    out = np.tan(input)  # (1)
    return out, lambda g: g * (1 + out * out)  # (2)


@op(promote="float")
def asin(input: Array) -> Any:
    """The angle whose sine is x, in [−π/2, π/2] radians; NaN outside [−1, 1].

    out = arcsin x                                     (1)
    ∂input = g / √(1 − x²)                             (2)
    """
    return np.arcsin(input), lambda g: g / np.sqrt(1 - input * input)  # (1) (2)


@op(promote="float")
def acos(input: Array) -> Any:
    """The angle whose cosine is x, in [0, π] radians; NaN outside [−1, 1].

    out = arccos x                                     (1)
    ∂input = −g / √(1 − x²)                            (2)
    """
    return np.arccos(input), lambda g: -g / np.sqrt(1 - input * input)  # (1) (2)


@op(promote="float")
def atan(input: Array) -> Any:
    """The angle whose tangent is x, in (−π/2, π/2) radians.

    out = arctan x                                     (1)
    ∂input = g / (1 + x²)                              (2)
    """
    return np.arctan(input), lambda g: g / (input * input + 1)  # (1) (2)


@op(promote="float")
def sinh(input: Array) -> Any:
    """The hyperbolic sine.

    out = (eˣ − e⁻ˣ)/2                                 (1)
    ∂input = g · cosh x                                (2)
    """
    return np.sinh(input), lambda g: g * np.cosh(input)  # (1) (2)


@op(promote="float")
def cosh(input: Array) -> Any:
    """The hyperbolic cosine.

    out = (eˣ + e⁻ˣ)/2                                 (1)
    ∂input = g · sinh x                                (2)
    """
    return np.cosh(input), lambda g: g * np.sinh(input)  # (1) (2)


@op(promote="float")
def tanh(input: Array) -> Any:
    """The hyperbolic tangent: squeezes every number into (−1, 1).

    out = (eˣ − e⁻ˣ)/(eˣ + e⁻ˣ)                        (1)
    ∂input = g · (1 − out²)                            (2)
    """
    out = np.tanh(input)  # (1)
    return out, lambda g: g * (1 - out * out)  # (2)


@op(promote="float")
def asinh(input: Array) -> Any:
    """The inverse of `sinh`.

    out = ln(x + √(x² + 1))                            (1)
    ∂input = g / √(x² + 1)                             (2)
    """
    return np.arcsinh(input), lambda g: g / np.sqrt(input * input + 1)  # (1) (2)


@op(promote="float")
def acosh(input: Array) -> Any:
    """The inverse of `cosh`; NaN below 1.

    out = ln(x + √(x² − 1))                            (1)
    ∂input = g / √(x² − 1)                             (2)
    """
    return np.arccosh(input), lambda g: g / np.sqrt(input * input - 1)  # (1) (2)


@op(promote="float")
def atanh(input: Array) -> Any:
    """The inverse of `tanh`; NaN outside [−1, 1].

    out = ½·ln((1 + x)/(1 − x))                        (1)
    ∂input = g / (1 − x²)                              (2)
    """
    return np.arctanh(input), lambda g: g / (1 - input * input)  # (1) (2)


@op(promote="float")
def sinc(input: Array) -> Any:
    """The normalised cardinal sine, 1 at 0.

    out = sin(πx)/(πx)                                 (1)
    ∂input = g · (πx·cos πx − sin πx)/(πx²),  0 at 0   (2)
    """
    angle = input * math.pi
    out = np.where(input == 0, input.dtype.type(1), np.sin(angle) / angle)  # (1)

    def vjp(g: Any) -> Any:
        square = angle * input
        slope = (angle * np.cos(angle) - np.sin(angle)) / square
        return np.where(square == 0, 0, g * slope)  # (2)

    return out, vjp


@op(promote="float", name="Deg2Rad")
def deg2rad(input: Array) -> Any:
    """Degrees to radians.

    out = x·π/180                                      (1)
    ∂input = g·π/180                                   (2)
    """
    return input * (math.pi / 180), lambda g: g * (math.pi / 180)  # (1) (2)


@op(promote="float", name="Rad2Deg")
def rad2deg(input: Array) -> Any:
    """Radians to degrees.

    out = x·180/π                                      (1)
    ∂input = g·180/π                                   (2)
    """
    return input * (180 / math.pi), lambda g: g * (180 / math.pi)  # (1) (2)


# -- the other names PyTorch has for them ---------------------------------------------------------

negative, absolute, fix = neg, abs, trunc
arcsin, arccos, arctan = asin, acos, atan
arcsinh, arccosh, arctanh = asinh, acosh, atanh
