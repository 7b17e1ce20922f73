"""Functions that NumPy does not have: erf and its relatives, and the logarithm of Γ.

erf is the area under the bell curve: the normal distribution's Φ(x) is ½(1 + erf(x/√2)). No
finite formula of elementary functions gives it; quotients of polynomials, fitted piece by piece,
come within the last bit. Everything here is computed in float64 and rounded once to the input's
dtype.

Source: W. J. Cody, "Rational Chebyshev approximations for the error function", Math. Comp. 23
(1969); M. Giles, "Approximating the erfinv function" (2012), for the first guess of erfinv;
the asymptotic series of ψ and ψ′ are 6.3.18 and 6.4.12 of Abramowitz & Stegun.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..autograd.rule import Array, op

_SQRT_PI = math.sqrt(math.pi)

# Cody's quotients, highest power first. |x| ≤ 0.46875: erf x = x·A(x²)/B(x²).
_A = (1.85777706184603153e-1, 3.16112374387056560, 1.13864154151050156e2,
      3.77485237685302021e2, 3.20937758913846947e3)  # fmt: skip
_B = (1.0, 2.36012909523441209e1, 2.44024637934444173e2, 1.28261652607737228e3,
      2.84423683343917062e3)  # fmt: skip
# 0.46875 ≤ x ≤ 4: erfc x = e^(−x²)·C(x)/D(x).
_C = (2.15311535474403846e-8, 5.64188496988670089e-1, 8.88314979438837594, 6.61191906371416295e1,
      2.98635138197400131e2, 8.81952221241769090e2, 1.71204761263407058e3,
      2.05107837782607147e3, 1.23033935479799725e3)  # fmt: skip
_D = (1.0, 1.57449261107098347e1, 1.17693950891312499e2, 5.37181101862009858e2,
      1.62138957456669019e3, 3.29079923573345963e3, 4.36261909014324716e3,
      3.43936767414372164e3, 1.23033935480374942e3)  # fmt: skip
# x > 4: erfc x = e^(−x²)/x · (1/√π − u·P(u)/Q(u)),  u = 1/x².
_P = (1.63153871373020978e-2, 3.05326634961232344e-1, 3.60344899949804439e-1,
      1.25781726111229246e-1, 1.60837851487422766e-2, 6.58749161529837803e-4)  # fmt: skip
_Q = (1.0, 2.56852019228982242, 1.87295284992346725, 5.27905102951428412e-1,
      6.05183413124413191e-2, 2.33520497626869185e-3)  # fmt: skip


def _polynomial(coefficients: Any, x: Any) -> Any:
    """Horner's rule: ((c₀·x + c₁)·x + c₂)·x + …"""
    value = np.full_like(x, coefficients[0])
    for c in coefficients[1:]:
        value *= x
        value += c
    return value


def _erf_small(x: Any) -> Any:
    u = x * x
    return x * (_polynomial(_A, u) / _polynomial(_B, u))


def _erfc_large(x: Any) -> Any:
    """erfc for x ≥ 0.46875, by Cody's two outer pieces."""
    far = x > 4
    out = _polynomial(_C, x) / _polynomial(_D, x)
    if far.any():
        y = x[far]
        u = 1 / (y * y)
        out[far] = (1 / _SQRT_PI - u * (_polynomial(_P, u) / _polynomial(_Q, u))) / y
    head = np.trunc(x * 16) / 16  # x² = head² + rest, where head² is exact: keeps e^(−x²) exact
    return out * np.exp(-head * head) * np.exp(-(x - head) * (x + head))


def _pieces(input: Any) -> Any:
    x = np.atleast_1d(input).astype(np.float64)
    size = np.minimum(np.abs(x), 30.0)  # NaN stays; beyond 27 erfc is 0
    return x, size, size <= 0.46875


def erf_array(input: Any) -> Any:
    """erf of an array, in the array's dtype (the rules of erf and of GELU share it)."""
    x, size, small = _pieces(input)
    out = np.empty_like(x)
    out[small] = _erf_small(x[small])
    large = ~small
    out[large] = np.copysign(1 - _erfc_large(size[large]), x[large])
    return out.reshape(input.shape).astype(input.dtype)


def _erfc_array(input: Any) -> Any:
    x, size, small = _pieces(input)
    out = np.empty_like(x)
    out[small] = 1 - _erf_small(x[small])
    large = ~small
    tail = _erfc_large(size[large])
    out[large] = np.where(x[large] < 0, 2 - tail, tail)
    return out.reshape(input.shape).astype(input.dtype)


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
    return _erfc_array(input), lambda g: g * (slope * np.exp(-input * input))  # (1) (2)


# Giles's single-precision polynomials in w = −ln(1 − x²), for w < 5 and for the tails.
_CENTRE = (2.81022636e-08, 3.43273939e-07, -3.5233877e-06, -4.39150654e-06, 0.00021858087,
           -0.00125372503, -0.00417768164, 0.246640727, 1.50140941)  # fmt: skip
_TAIL = (-0.000200214257, 0.000100950558, 0.00134934322, -0.00367342844, 0.00573950773,
         -0.0076224613, 0.00943887047, 1.00167406, 2.83297682)  # fmt: skip


def _erfinv_array(input: Any) -> Any:
    y = np.atleast_1d(input).astype(np.float64)
    w = np.minimum(-np.log((1 - y) * (1 + y)), 40.0)
    x = y * np.where(w < 5, _polynomial(_CENTRE, w - 2.5), _polynomial(_TAIL, np.sqrt(w) - 3))
    for _ in range(2):  # Newton on erf(x) − y, from the complement so that the tail keeps digits
        tail = np.abs(x) > 0.5
        miss = np.where(
            tail,
            np.copysign(1 - np.abs(y) - _erfc_array(np.abs(x)), -x),
            erf_array(x) - y,
        )
        x = x - miss * (_SQRT_PI / 2) * np.exp(x * x)
    x = np.where(np.abs(y) == 1, np.copysign(np.inf, y), x)
    x = np.where(np.abs(y) > 1, np.nan, np.where(y == 0, y, x))
    return x.reshape(input.shape).astype(input.dtype)


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
    if x <= 0 and x == math.floor(x) or math.isinf(x):
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
