"""The modified Bessel functions I₀ and I₁, and the same times e^(−|x|), which does not overflow.

    I_ν(x) = (x/2)^ν · Σ (x²/4)ᵏ / (k!·(k + ν)!)                       |x| ≤ 20               (1)
    I_ν(x) ≈ eˣ/√(2πx) · Σ (−1)ᵏ·aₖ/xᵏ,  aₖ = aₖ₋₁·(4ν² − (2k − 1)²)/(8k)      beyond         (2)

All terms of (1) are positive, so nothing cancels; (2) is cut where its terms are below 1e-17.

Source: DLMF (dlmf.nist.gov) 10.25.2, 10.40.1 and, for the derivatives, 10.29.
"""

from __future__ import annotations

from math import factorial
from typing import Any

import numpy as np

from ..autograd.rule import Array, op

_NEAR = 20.0
_POWERS = {nu: [1 / (factorial(k) * factorial(k + nu)) for k in range(45)] for nu in (0, 1)}


def _asymptotic(nu: int) -> list[float]:
    a = [1.0]
    for k in range(1, 31):
        a.append(-a[-1] * (4 * nu * nu - (2 * k - 1) ** 2) / (8 * k))
    return a


_FAR = {nu: _asymptotic(nu) for nu in (0, 1)}


def _sum(coefficients: list[float], u: Any) -> Any:
    total = np.full_like(u, coefficients[-1])
    for c in coefficients[-2::-1]:  # Horner's rule
        total = total * u + c
    return total


def _bessel(x: Any, nu: int, scaled: bool) -> Any:
    """I_ν, or e^(−|x|)·I_ν, in float64 and rounded to x's dtype."""
    size = np.abs(x.astype(np.float64))
    near = np.minimum(size, _NEAR)
    low = (near / 2) ** nu * _sum(_POWERS[nu], near * near / 4)  # (1)
    far = np.maximum(size, _NEAR)
    high = _sum(_FAR[nu], 1 / far) / (np.sqrt(2 * np.pi) * np.sqrt(far))  # (2) without eˣ
    if scaled:
        low = low * np.exp(-near)
    else:  # eˣ in two factors: I₀(712) is finite, e⁷¹² is not; nan (0·∞) at ±∞, as in PyTorch
        high = high * np.exp(far / 2) * np.exp(far / 2)
    out = np.where(size > _NEAR, high, low)
    out = np.where(np.isnan(size), np.nan, out)
    return (np.copysign(out, x) if nu else out).astype(x.dtype)


def _half_at_0(slope: Any, x: Any) -> Any:
    """The slope of I₁: ½ at 0, where its formula is 1 − 0/0; and at nan, as in PyTorch."""
    return np.where(np.abs(x) > np.finfo(x.dtype).eps, slope, 0.5)


@op(promote="float")
def i0(input: Array) -> Any:
    """The modified Bessel function of order 0: cosh averaged over a circle.

    out = I₀(x)                                        (1)
    ∂input = g · I₁(x)                                 (2)

    >>> import minitorch as torch
    >>> torch.i0(torch.tensor([0., 1., 5.]))
    tensor([ 1.0000,  1.2661, 27.2399])
    """
    return _bessel(input, 0, False), lambda g: g * _bessel(input, 1, False)  # (1) (2)


@op(promote="float", name="SpecialI0E")
def i0e(input: Array) -> Any:
    """`i0` without its growth.

    out = e^(−|x|)·I₀(x)                               (1)
    ∂input = g · (e^(−|x|)·I₁(x) − sign(x)·out)        (2)
    """
    out = _bessel(input, 0, True)  # (1)
    return out, lambda g: g * (_bessel(input, 1, True) - np.sign(input) * out)  # (2)


@op(promote="float", name="SpecialI1")
def i1(input: Array) -> Any:
    """The modified Bessel function of order 1.

    out = I₁(x)                                        (1)
    ∂input = g · (I₀(x) − out/x)                       (2)
    """
    out = _bessel(input, 1, False)  # (1)

    def vjp(g: Any) -> Any:
        return g * _half_at_0(_bessel(input, 0, False) - out / input, input)  # (2)

    return out, vjp


@op(promote="float", name="SpecialI1E")
def i1e(input: Array) -> Any:
    """`i1` without its growth.

    out = e^(−|x|)·I₁(x)                                       (1)
    ∂input = g · (e^(−|x|)·I₀(x) − sign(x)·out − out/x)        (2)
    """
    out = _bessel(input, 1, True)  # (1)

    def vjp(g: Any) -> Any:
        slope = _bessel(input, 0, True) - np.sign(input) * out - out / input  # (2)
        return g * _half_at_0(slope, input)

    return out, vjp
