"""erf, the area under the bell curve, with its inverse; ln Γ with its derivatives.

The normal distribution's Φ(x) is ½(1 + erf(x/√2)), and Γ(n + 1) is n!. Neither has a finite formula
in elementary functions: erf comes from fitted polynomials (special.py), its inverse from Newton's
method on erf itself, Γ's relatives from recurrences up to where an asymptotic series is exact.

Source: M. Giles, "Approximating the erfinv function" (2012), for the first guess of erfinv; the
asymptotic series of ψ and ψ′ are 6.3.18 and 6.4.12 of Abramowitz & Stegun.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..autograd.rule import Array, op
from .special import erf_array, erfc_array

_SQRT_PI = math.sqrt(math.pi)


def _polynomial(coefficients: Any, x: Any) -> Any:
    """Horner's rule, highest power first: ((c₀·x + c₁)·x + c₂)·x + …"""
    value: Any = coefficients[0]
    for c in coefficients[1:]:
        value = value * x + c
    return value


@op(promote="float")
def erf(input: Array) -> Any:
    """The error function.

    out = 2/√π · ∫₀ˣ e^(−t²) dt                        (1)
    ∂input = g · 2/√π · e^(−x²)                        (2)

    >>> import minitorch as torch
    >>> torch.erf(torch.tensor([-1., 0., 10.]))
    tensor([-0.8427,  0.0000,  1.0000])
    """
    slope = 2 / _SQRT_PI
    return erf_array(input), lambda g: g * (slope * np.exp(-input * input))  # (1) (2)


@op(promote="float")
def erfc(input: Array) -> Any:
    """The complement of `erf`, exact in the tail where 1 − erf x would be 0.

    out = 1 − erf x                                    (1)
    ∂input = −g · 2/√π · e^(−x²)                       (2)
    """
    slope = -2 / _SQRT_PI
    return erfc_array(input), lambda g: g * (slope * np.exp(-input * input))  # (1) (2)


# Giles's single-precision polynomials in w = −ln(1 − x²), for w < 5 and for the tails.
_CENTRE = (2.81022636e-08, 3.43273939e-07, -3.5233877e-06, -4.39150654e-06, 0.00021858087,
           -0.00125372503, -0.00417768164, 0.246640727, 1.50140941)  # fmt: skip
_TAIL = (-0.000200214257, 0.000100950558, 0.00134934322, -0.00367342844, 0.00573950773,
         -0.0076224613, 0.00943887047, 1.00167406, 2.83297682)  # fmt: skip


def _erfinv_array(input: Any) -> Any:
    y = np.atleast_1d(input).astype(np.float64)
    size = np.abs(y)
    w = -np.log((1 - size) * (1 + size))
    x = size * np.where(w < 5, _polynomial(_CENTRE, w - 2.5), _polynomial(_TAIL, np.sqrt(w) - 3))
    rest = 1 - size  # exact for y ≥ ½
    for _ in range(3):  # Newton: on erf near 0, on ln erfc in the tail, where erf is flat
        tail = erfc_array(x)
        miss = np.where(size < 0.5, erf_array(x) - size, np.log(rest / tail) * tail)
        x = x - miss * (_SQRT_PI / 2) * np.exp(x * x)
    x = np.where(size == 1, np.inf, x)
    return np.copysign(x, y).reshape(input.shape).astype(input.dtype)  # NaN beyond ±1, from the log


@op(promote="float")
def erfinv(input: Array) -> Any:
    """The inverse of `erf`; ±∞ at ±1, NaN beyond.

    erf(out) = x                                       (1)
    ∂input = g · √π/2 · e^(out²)                       (2)
    """
    out = _erfinv_array(input)  # (1)
    return out, lambda g: g * (_SQRT_PI / 2 * np.exp(out * out))  # (2)


# -- ln Γ and its derivatives ---------------------------------------------------------------------


def _lgamma(x: float) -> float:
    if math.isinf(x) or (x <= 0 and x.is_integer()):
        return math.inf  # a pole, where math.lgamma raises
    return math.lgamma(x)


def _digamma_array(input: Any) -> Any:
    """ψ by ψ(x) = ψ(x + 1) − 1/x up to x ≥ 10, then the asymptotic series; reflected below 0."""
    x = input.astype(np.float64)
    below = x < 0
    pole = below & (x == np.floor(x))
    y = np.where(below, 1 - x, x)
    shift = np.zeros_like(y)
    for _ in range(10):
        near = y < 10
        shift = shift - np.where(near, 1 / y, 0)
        y = np.where(near, y + 1, y)
    u = 1 / (y * y)
    series = _polynomial((1 / 12, -691 / 32760, 1 / 132, -1 / 240, 1 / 252, -1 / 120, 1 / 12), u)
    out = shift + np.log(y) - 0.5 / y - u * series
    out = np.where(below, out - math.pi / np.tan(math.pi * (x - np.floor(x))), out)
    out = np.where(pole, np.nan, np.where(x == 0, np.copysign(np.inf, -x), out))
    return out.astype(input.dtype)


def _trigamma_array(input: Any) -> Any:
    """ψ′ by the same shift, series and reflection as ψ."""
    x = input.astype(np.float64)
    below = x < 0.5
    y = np.where(below, 1 - x, x)
    shift = np.zeros_like(y)
    for _ in range(10):
        near = y < 10
        shift = shift + np.where(near, 1 / (y * y), 0)
        y = np.where(near, y + 1, y)
    u = 1 / (y * y)
    series = _polynomial((7 / 6, -691 / 2730, 5 / 66, -1 / 30, 1 / 42, -1 / 30, 1 / 6), u)
    out = shift + 1 / y + u / 2 + u / y * series
    reflected = np.square(math.pi / np.sin(math.pi * x)) - out
    return np.where(below, reflected, out).astype(input.dtype)


@op(promote="float")
def lgamma(input: Array) -> Any:
    """The logarithm of |Γ(x)|, and Γ(n + 1) = n!.

    out = ln |Γ(x)|                                    (1)
    ∂input = g · ψ(x)                                  (2)

    Cost: one call of Python's ``math.lgamma`` an element.
    """
    out = np.array([_lgamma(x) for x in input.ravel().tolist()], input.dtype)  # (1)
    return out.reshape(input.shape), lambda g: g * _digamma_array(input)  # (2)


@op(promote="float")
def digamma(input: Array) -> Any:
    """The derivative of `lgamma`.

    out = ψ(x) = Γ′(x)/Γ(x)                            (1)
    ∂input = g · ψ′(x)                                 (2)
    """
    return _digamma_array(input), lambda g: g * _trigamma_array(input)  # (1) (2)
