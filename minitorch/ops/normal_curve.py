"""The normal distribution's functions, Φ and its inverse and logarithm, and entropy's x·ln x.

    φ(x) = e^(−x²/2)/√(2π),   Φ(x) = ∫ φ from −∞ to x = ½·erfc(−x/√2)                         (1)

With erfcx(t) = e^(t²)·erfc(t), which neither over- nor underflows for t ≥ 0:

    Φ(x)/φ(x) = √(π/2)·erfcx(−x/√2)                                                           (2)
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..autograd.rule import Array, Operand, op
from .operands import not_implemented, number_or_array
from .special import erfc_array, scaled_erfc

_ROOT = math.sqrt(0.5)
_SLOPE = math.sqrt(2 / math.pi)


def _no_half(name: str, x: Any) -> None:
    if x.dtype == np.float16:
        raise not_implemented(f"{name}_cpu", x)


def _erfcx(x: Any) -> Any:
    """e^(x²)·erfc x in float64."""
    wide = x.astype(np.float64)
    tail = scaled_erfc(np.abs(wide))
    return np.where(wide < 0, 2 * np.exp(wide * wide) - tail, tail)


@op(promote="float", name="SpecialErfcx")
def erfcx(input: Array) -> Any:
    """erfc times e^(x²): what is left of it in the tail.

    out = e^(x²)·erfc x                                (3)
    ∂input = g · (2x·out − 2/√π)                       (4)
    """
    _no_half("erfcx", input)
    out = _erfcx(input).astype(input.dtype)  # (3)
    return out, lambda g: g * (2 * input * out - 2 / math.sqrt(math.pi))  # (4)


@op(promote="float", name="SpecialNdtr")
def ndtr(input: Array) -> Any:
    """The chance that a standard normal draw is below x.

    out = Φ(x)                                         (1)
    ∂input = g · φ(x)                                  (5)

    >>> torch.special.ndtr(torch.tensor([-1.96, 0., 1.96]))
    tensor([0.0250, 0.5000, 0.9750])
    """
    out = 0.5 * erfc_array(input.astype(np.float64) * -_ROOT)  # (1)
    density = 1 / math.sqrt(2 * math.pi)
    return out.astype(input.dtype), lambda g: g * np.exp(-0.5 * input * input) * density  # (5)


def _log_ndtr(x: Any) -> Any:
    tail = np.log(0.5 * _erfcx(np.maximum(-x, 0) * _ROOT)) - 0.5 * x * x
    return np.where(x < -1, tail, np.log1p(-0.5 * erfc_array(x * _ROOT)))


@op(promote="float", name="SpecialLogNdtr")
def log_ndtr(input: Array) -> Any:
    """The logarithm of `ndtr`, finite where Φ itself is 0.

    out = ln Φ(x) = ln(½·erfcx(−x/√2)) − x²/2          (6)
    ∂input = g · φ(x)/Φ(x) = g · √(2/π)/erfcx(−x/√2)   (7)
    """
    _no_half("log_ndtr", input)
    x = input.astype(np.float64)
    return _log_ndtr(x).astype(input.dtype), lambda g: g * (_SLOPE / _erfcx(x * -_ROOT))  # (6) (7)


def _ndtri(p: Any) -> Any:
    """Newton's method on ln Φ(x) = ln p, in the lower half; the upper one is its mirror."""
    q = np.minimum(p, 1 - p)
    inside = (q > 0) & (q < 0.5)
    goal = np.log(np.where(inside, q, 0.25))
    x = -np.sqrt(-2 * goal)  # below the solution; ln Φ is concave, so steps never overshoot
    for _ in range(40):
        step = (goal - _log_ndtr(x)) * _erfcx(x * -_ROOT) / _SLOPE  # (2) is 1/(ln Φ)′
        x = x + step
        if (np.abs(step) <= 1e-9 * np.abs(x)).all():
            break
    x = np.where(inside, x, np.where(q == 0, -np.inf, np.where(q == 0.5, 0, np.nan)))
    return np.where(p > 0.5, -x, x)


@op(promote="float", name="SpecialNdtri")
def ndtri(input: Array) -> Any:
    """The inverse of `ndtr`: below which x lies a share p of the normal distribution.

    Φ(out) = p                                         (8)
    ∂input = g · √(2π)·e^(out²/2)                      (9)
    """
    _no_half("ndtri", input)
    out = _ndtri(input.astype(np.float64))  # (8)

    def vjp(g: Any) -> Any:
        return g * (math.sqrt(2 * math.pi) * np.exp(0.5 * out * out))  # (9)

    return out.astype(input.dtype), vjp


@op(promote="float", name="SpecialEntr")
def entr(input: Array) -> Any:
    """One outcome's part of an entropy.

    out = −x·ln x,  0 at 0,  −∞ below                  (10)
    ∂input = g · (−ln x − 1)                           (11)
    """
    logarithm = np.log(input)
    out = np.where(input == 0, 0, np.where(input < 0, -np.inf, -input * logarithm))  # (10)
    return out.astype(input.dtype), lambda g: g * (-logarithm - 1)  # (11)


@op(promote="float", name="SpecialXlog1Py")
def xlog1py(input: Operand, other: Operand, *, need: Any) -> Any:
    """x·ln(1 + y), and 0 where x is 0.

    out = x · ln(1 + y)                                (12)
    ∂x = g · ln(1 + y),  0 where x = 0 and y ≤ −1      (13)
    ∂y = g · x/(1 + y)                                 (14)
    """
    carrier = number_or_array(input, other)
    logarithm = np.log1p(other)
    product = np.multiply(input, logarithm)
    out = np.where(np.equal(input, 0) & ~np.isnan(other), 0, product)  # (12)

    def vjp(g: Any) -> Any:
        dx = dy = None
        if need[0]:
            dx = np.where(np.equal(input, 0) & np.less_equal(other, -1), 0, g * logarithm)  # (13)
        if need[1]:
            dy = g * (input / (other + 1))  # (14)
        return dx, dy

    return out.astype(carrier.dtype), vjp
