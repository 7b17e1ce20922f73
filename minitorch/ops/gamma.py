"""Relatives of Γ: polygamma, the multivariate ln Γ, the incomplete Γ, and Hurwitz's ζ.

    ζ(s, q) = Σ 1/(q + k)ˢ,  k = 0, 1, 2, …                                                   (1)
    ψ⁽ⁿ⁾(x) = (−1)ⁿ⁺¹·n!·ζ(n + 1, x)                                                          (2)
    P(a, x) = 1/Γ(a) · ∫₀ˣ tᵃ⁻¹·e⁻ᵗ dt,   Q = 1 − P                                           (3)

Source: DLMF (dlmf.nist.gov) 25.11.43, Euler and Maclaurin's sum, for ζ; 8.7.1, a power series, for
P; 8.9.2, a continued fraction by Lentz's method, for Q; 8.12.3 for large a.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .. import errors
from ..autograd.rule import Array, Operand, inplace, op
from .erf import _digamma_array, _lgamma, _trigamma_array, lgamma
from .operands import not_implemented, number_or_array
from .special import erfc_array

# -- ζ --------------------------------------------------------------------------------------------

# B₂ⱼ/(2j)! for j = 1 … 12, Bernoulli's numbers over factorials
_BERNOULLI = [
    b / math.factorial(2 * j + 2)
    for j, b in enumerate(
        (1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510, 43867 / 798,
         -174611 / 330, 854513 / 138, -236364091 / 2730)
    )
]  # fmt: skip


def _zeta_positive(s: Any, q: Any) -> Any:
    """ζ for q > 0: ten terms of (1), and an expansion of the rest.

    Σ_{k≥10} (q + k)⁻ˢ ≈ a¹⁻ˢ/(s − 1) + a⁻ˢ/2 + Σ B₂ⱼ/(2j)!·s(s + 1)…(s + 2j − 2)·a^(1−s−2j)  (4)
    with a = q + 10.
    """
    total = np.sum([np.power(q + k, -s) for k in range(10)], axis=0)  # (1)
    a = q + 10
    term = np.power(a, -s)
    total = total + np.power(a, 1 - s) / (s - 1) + term / 2
    factor = np.where(term == 0, 0, s * term / a)
    for j, b in enumerate(_BERNOULLI):
        total = total + b * factor  # (4)
        factor = factor * ((s + 2 * j + 1) / a) * ((s + 2 * j + 2) / a)
    return total


def zeta_array(s: Any, q: Any) -> Any:
    """ζ(s, q) in float64, for negative q by the terms on both sides of 0, with r = q − ⌊q⌋:

    ζ(s, q) = ζ(s, r) + (−1)ˢ·(ζ(s, 1 − r) − ζ(s, 1 − q)),   s an integer                     (11)
    """
    s, q = np.broadcast_arrays(np.asarray(s, np.float64), np.asarray(q, np.float64))
    whole = s == np.floor(s)
    undefined = (s < 1) | ((q < 0) & (q != np.floor(q)) & ~whole) | np.isnan(s) | np.isnan(q)
    undefined |= q == np.inf  # as in PyTorch
    pole = (s == 1) | ((q <= 0) & (q == np.floor(q)))
    s, q = np.where(undefined | pole, 2.0, s), np.where(undefined | pole, 1.0, q)
    below = q < 0
    total = _zeta_positive(s, np.where(below, q - np.floor(q), q))
    if below.any():
        r = np.where(below, q - np.floor(q), 0.5)
        mirrored = _zeta_positive(s, 1 - r) - _zeta_positive(s, 1 - np.where(below, q, 0))
        total = total + np.where(below, np.where(s % 2 == 0, 1, -1) * mirrored, 0)  # (11)
    return np.where(undefined, np.nan, np.where(pole, np.inf, total))


@op(promote="float", name="SpecialZeta")
def zeta(input: Operand, other: Operand, *, need: Any) -> Any:
    """Hurwitz's ζ(s, q) of s = input and q = other; other = 1 is Riemann's.

    out = Σ 1/(q + k)ˢ                                 (1)
    ∂q = −g · s·ζ(s + 1, q);  ∂s is not implemented    (2)
    """
    carrier = number_or_array(input, other)
    if carrier.dtype == np.float16:
        raise not_implemented("zeta_cpu", carrier)

    def vjp(g: Any) -> Any:
        if need[0]:
            raise NotImplementedError("the derivative for 'zeta' is not implemented.")
        s = np.asarray(input)
        return None, g * -s * zeta_array(s + 1, other)  # (2)

    return zeta_array(input, other).astype(carrier.dtype), vjp  # (1)


# -- ψ and its derivatives ------------------------------------------------------------------------


def _polygamma_array(n: int, x: Any) -> Any:
    if n == 0:
        return _digamma_array(x)
    if n == 1:
        return _trigamma_array(x)
    sign = 1.0 if n % 2 else -1.0
    return (sign * math.factorial(n) * zeta_array(float(n + 1), x)).astype(x.dtype)  # (2)


@op(promote="float", name="Polygamma")
def polygamma_of(input: Array, n: int) -> Any:
    """``x.polygamma(n)``: the n-th derivative of ψ, which is the derivative of ln Γ.

    out = ψ⁽ⁿ⁾(x),   ∂input = g · ψ⁽ⁿ⁺¹⁾(x)            (2)
    """
    if isinstance(n, bool) or not isinstance(n, int):
        raise errors.wrong_type("polygamma", "n", 1, "int", n)
    if n < 0:
        raise RuntimeError(f"polygamma(n, x) does not support negative n, got {n}.")
    return _polygamma_array(n, input), lambda g: g * _polygamma_array(n + 1, input)  # (2)


polygamma_ = inplace(polygamma_of, "polygamma_")


def polygamma(n: int, input: Any, *, out: Any = None) -> Any:
    """The n-th derivative of `digamma` ψ: equation (2).

    >>> torch.polygamma(1, torch.tensor([1., 0.5]))
    tensor([1.6449, 4.9348])
    """
    return polygamma_of(input, n) if out is None else polygamma_of(input, n, out=out)


@op(promote="float")
def mvlgamma(input: Array, p: int) -> Any:
    """The logarithm of the multivariate Γ of dimension p.

    out = p(p − 1)/4·ln π + Σ ln Γ(x − j/2),  j = 0 … p − 1        (5)
    ∂input = g · Σ ψ(x − j/2)                                      (6)
    """
    if p < 1:
        raise RuntimeError(f"p has to be greater than or equal to 1, got {p}")
    shifted = input[..., None].astype(np.float64) - np.arange(p) / 2
    out = p * (p - 1) / 4 * math.log(math.pi) + lgamma.rule(shifted)[0].sum(-1)  # (5)
    return out.astype(input.dtype), lambda g: g * _digamma_array(shifted).sum(-1)  # (6)


# -- incomplete Γ ---------------------------------------------------------------------------------


def _density(a: Any, x: Any) -> Any:
    """xᵃ·e⁻ˣ/Γ(a): P's derivative, times x."""
    ln_gamma = np.array([_lgamma(v) for v in a.ravel().tolist()]).reshape(a.shape)
    return np.exp(a * np.log(x) - x - ln_gamma)


def _lower_series(a: Any, x: Any) -> Any:
    """P for x ≤ a + 1:  xᵃ·e⁻ˣ/Γ(a + 1) · (1 + x/(a + 1) + x²/((a + 1)(a + 2)) + …)          (7)"""
    term = np.ones_like(x)
    total = term.copy()
    n = a.copy()
    while (term > total * 1e-17).any():
        n = n + 1
        term = term * x / n
        total = total + term
    return total * _density(a, x) / a


def _upper_fraction(a: Any, x: Any) -> Any:
    """Q for x > a + 1:  xᵃ·e⁻ˣ/Γ(a) / (x + 1 − a − 1(1 − a)/(x + 3 − a − 2(2 − a)/(…)))      (8)"""
    b = x + 1 - a
    c = np.full_like(x, 1e300)
    d = 1 / b
    value = d.copy()
    for i in range(1, 100_000):
        numerator = -i * (i - a)
        b = b + 2
        d = 1 / (numerator * d + b)
        c = b + numerator / c
        change = c * d
        value = value * change
        if (np.abs(change - 1) < 5e-16).all():  # rounding keeps it from reaching 1
            break
    return value * _density(a, x)


def _many(a: Any, x: Any, upper: bool) -> Any:
    """P or Q for a > 10⁵, where (7) and (8) would need thousands of terms: nearly a normal curve.

    Q = ½·erfc(η·√(a/2)) + e^(−aη²/2)/√(2πa)·(1/μ − 1/η),   μ = x/a − 1,  η²/2 = μ − ln(1 + μ)  (12)
    """
    mu = (x - a) / a
    tiny = np.where(np.abs(mu) < 0.01, mu, 0)
    near = sum((-tiny) ** k / k for k in range(2, 10))  # μ − ln(1 + μ) without cancellation
    eta = np.sign(mu) * np.sqrt(2 * np.where(np.abs(mu) < 0.01, near, mu - np.log1p(mu)))
    small = np.abs(eta) < 0.01
    series = -1 / 3 + eta * (1 / 12 + eta * (-2 / 135 + eta / 864))  # 1/μ − 1/η near 0
    safe = np.where(small, 1, eta)
    bend = np.where(small, series, 1 / np.where(small, 1, mu) - 1 / safe)
    rest = np.exp(-0.5 * a * eta * eta) / np.sqrt(2 * math.pi * a) * bend
    side = 1.0 if upper else -1.0
    return 0.5 * erfc_array(side * eta * np.sqrt(a / 2)) + side * rest  # (12)


def _incomplete(a: Any, x: Any, upper: bool) -> Any:
    """P or Q; nan for negative arguments, the limits at 0 and ∞."""
    a, x = np.broadcast_arrays(a.astype(np.float64), x.astype(np.float64))
    p = np.select(  # the limits, in PyTorch's order; nan where none applies
        [(a < 0) | (x < 0), a == 0, x == 0, np.isinf(a), np.isinf(x)],
        [np.nan, np.where(x > 0, 1, np.nan), 0, np.where(np.isinf(x), np.nan, 0), 1],
        np.nan,
    )
    finite = (a > 0) & (x > 0) & np.isfinite(a) & np.isfinite(x)
    out = np.array(1 - p if upper else p)
    huge = finite & (a > 1e5)
    out[huge] = _many(a[huge], x[huge], upper)
    small = finite & ~huge & (x <= a + 1)
    large = finite & ~huge & (x > a + 1)
    low, high = _lower_series(a[small], x[small]), _upper_fraction(a[large], x[large])
    out[small], out[large] = (1 - low, high) if upper else (low, 1 - high)
    return np.clip(out, 0, 1)  # rounding: 1 − P might be −1e-16


def _incomplete_rule(name: str, input: Any, other: Any, need: Any) -> Any:
    upper = name == "igammac"
    if input.dtype.kind != "f":
        raise not_implemented(f"{name}_cpu", input)

    def vjp(g: Any) -> Any:
        if need[0]:
            raise NotImplementedError(f"the derivative for '{name}: input' is not implemented.")
        a, x = np.broadcast_arrays(input.astype(np.float64), other.astype(np.float64))
        return None, (-g if upper else g) * (_density(a, x) / x)  # (10)

    return _incomplete(input, other, upper).astype(input.dtype), vjp


@op(promote="common")
def igamma(input: Array, other: Array, *, need: Any) -> Any:
    """The regularised lower incomplete Γ of a = input ≥ 0 up to x = other ≥ 0.

    out = P(a, x) = 1/Γ(a) · ∫₀ˣ tᵃ⁻¹·e⁻ᵗ dt                       (9)
    ∂x = g · xᵃ⁻¹·e⁻ˣ/Γ(a);  ∂a is not implemented                 (10)

    >>> torch.igamma(torch.tensor([1., 2.]), torch.tensor([1., 1.]))
    tensor([0.6321, 0.2642])
    """
    return _incomplete_rule("igamma", input, other, need)  # (9)


@op(promote="common")
def igammac(input: Array, other: Array, *, need: Any) -> Any:
    """The rest: Q = 1 − P, exact where P is nearly 1. Equations (9), (10)."""
    return _incomplete_rule("igammac", input, other, need)  # (9)
