"""Special functions on arrays that NumPy lacks: erf, erfc, the normal distribution's Φ.

    erf(x)  = 2/√π · ∫₀ˣ e^(−t²) dt          erfc(x) = 1 − erf(x)
    Φ(x)    = ½ · erfc(−x/√2)                the chance that a standard normal draw is below x

Computed in float64 and rounded to the input's dtype. The coefficients were fitted to 40-digit
values and rounded. Largest error measured against such values, in units of float64's last place:
erf 1.3, erfc 3.0 on [-6, 6]; erfc's relative error stays below 4e-16 down to 2e-307 (x = 26).
Float32 GELU, the hottest function of the notes' model, has its own Φ (`gelu_block`).
"""

from __future__ import annotations

from math import pi, sqrt
from typing import Any

import numpy as np

from .. import parallel
from .operands import not_implemented

Array = Any

# erf(x)/x on |x| < 1 as a polynomial in x², lowest power first
_ERF = (
    1.1283791670955126, -0.37612638903183543, 0.1128379167094513, -0.026866170643256995,
    0.005223977607269946, -0.0008548325982543225, 0.00012055295112667001, -1.4924740785377576e-05,
    1.6447471190594618e-06, -1.6208829856810202e-07, 1.3721520406351094e-08, -7.798543550849947e-10,
)  # fmt: skip

# (1 + 2x)·e^(x²)·erfc(x) on x ≥ 0 as a Chebyshev series in t = (x − 3.75)/(x + 3.75)
# (the mapping of Shepherd and Laframboise, Mathematics of Computation 36, 1981)
_ERFC = (
    1.1775789345674017, -0.004590054580646472, -0.08424913336651792, 0.05920993999819189,
    -0.026658668435305753, 0.00907499767070526, -0.0024131635404176137, 0.0004907758365258035,
    -6.916973302501542e-05, 4.139027986072281e-06, 7.740383066219171e-07, -2.1886401048802108e-07,
    1.0764999471136013e-08, 4.521959816429209e-09, -7.754400172487061e-10, -6.318088226219172e-11,
    2.8687948497957466e-11, 1.9455475138380557e-13, -9.654749071670066e-13, 3.252029809165841e-14,
    3.347430764094621e-14, -1.8660435950758584e-15, -1.2495909158141497e-15, 7.773375417256164e-17,
    5.564401701512106e-17,
)  # fmt: skip


def horner(coefficients: Any, u: Array, out: Array) -> Array:
    """out = c₀ + u·(c₁ + u·(c₂ + …)), written into `out`; two passes a coefficient."""
    np.multiply(u, coefficients[-1], out)
    for c in coefficients[-2:0:-1]:
        np.add(out, c, out)
        np.multiply(out, u, out)
    return np.add(out, coefficients[0], out)


def scaled_erfc(x: Array) -> Array:
    """e^(x²)·erfc x for x ≥ 0, with a small *relative* error; it falls like 1/x only."""
    t = np.where(np.isinf(x), 1, (x - 3.75) / (x + 3.75))
    b1, b2 = np.zeros_like(x), np.zeros_like(x)
    for c in _ERFC[:0:-1]:  # Clenshaw's recurrence
        b1, b2 = 2 * t * b1 - b2 + c, b1
    return (t * b1 - b2 + _ERFC[0]) / (1 + 2 * x)


def _erfc_positive(x: Array) -> Array:
    """erfc for x ≥ 0 with a small *relative* error, far into the tail."""
    # e^(−x²) loses x²·ε; with a = x cut to 26 bits, a² is exact and x² − a² = (x − a)(x + a)
    a = (x.view(np.int64) & ~np.int64((1 << 27) - 1)).view(np.float64)
    return scaled_erfc(x) * np.exp(-a * a) * np.exp(-(x - a) * (x + a))


def erf_array(x: Array) -> Array:
    """The error function, float64 accurate; float32 and float16 are rounded from it."""
    wide = np.ascontiguousarray(x, np.float64)
    size = np.abs(wide)
    u = np.minimum(size, 1.0) ** 2
    near = wide * horner(_ERF, u, np.empty_like(u))
    far = np.copysign(1 - _erfc_positive(np.minimum(size, 30.0)), wide)  # erfc(30) is 0 already
    return np.where(size < 1, near, far).astype(x.dtype, copy=False).reshape(x.shape)


def erfc_array(x: Array) -> Array:
    """1 − erf(x) without the cancellation: relatively accurate for large x too."""
    wide = np.ascontiguousarray(x, np.float64)
    size = np.abs(wide)
    tail = _erfc_positive(np.minimum(size, 30.0))
    return np.where(wide < 0, 2 - tail, tail).astype(x.dtype, copy=False).reshape(x.shape)


# -- x·Φ(x) in float32 ----------------------------------------------------------------------------

# Φ(x) = ½(1 + tanh z) with z = ½·log(Φ(x)/Φ(−x)) ≈ x·P(x²): weighted minimax fit on |x| ≤ 6.5,
# beyond it x·P only grows. Φ is off by 2.9e-8 before rounding. In float32 arithmetic gelu is off by
# at most 5.7e-7; PyTorch's own float32 gelu by 1.2e-6. Two passes a coefficient: degree 7 gains
# nothing in float32, degree 5 is off by 1.8e-6. tanh takes 0.4 ns, exp and a division 0.9.
_HALF_LOGIT = [
    np.array(c, np.float32)  # a 0-d array: 0.5 µs a ufunc call, against 1.2 for a Python float
    for c in (
        0.79788494, 0.03633308455, -3.259497585e-05, -5.53061935e-05,
        3.96474438e-06, -1.322633355e-07, 1.756170615e-09,
    )
]  # fmt: skip


def gelu_block(x: Array, out: Array, d: Array | None, approximate: str = "none") -> None:
    """out = x·Φ(x) and, where asked, d = Φ(x) + x·φ(x), all in cache (equations of
    `gelu` in activation.py)."""
    if approximate == "tanh":
        return _gelu_tanh_block(x, out, d)
    if x.dtype == np.float64:
        cdf = 0.5 * erfc_array(x * -sqrt(0.5))
        if d is not None:
            np.add(cdf, x * np.exp(-0.5 * x * x) / sqrt(2 * pi), d)
        np.multiply(x, cdf, out)
        return
    u = np.multiply(x, x, parallel.scratch("gelu", x.shape, x.dtype))
    horner(_HALF_LOGIT, u, out)
    np.multiply(out, x, out)
    np.tanh(out, out)
    np.add(out, 1, out)  # 2Φ
    if d is not None:
        np.multiply(u, -0.5, u)
        np.exp(u, u)
        np.multiply(u, sqrt(2 / pi), u)  # 2φ
        np.multiply(u, x, u)
        np.add(u, out, d)
        np.multiply(d, 0.5, d)  # (2)
    np.multiply(out, 0.5, out)  # Φ, before it meets x: 2x may be infinite
    np.multiply(out, x, out)  # (1)


def _gelu_tanh_block(x: Array, out: Array, d: Array | None) -> None:
    """½(1 + tanh z) = σ(2z), so out = x/(1 + e^(−2z)) and d = s + out·(1 − s)·(2z)′."""
    a = -2 * sqrt(2 / pi)
    u = np.multiply(x, x, parallel.scratch("gelu", x.shape, x.dtype))
    np.multiply(u, 0.044715 * a, out)
    np.add(out, a, out)
    np.multiply(out, x, out)  # −2z
    np.exp(out, out)
    np.add(out, 1, out)
    if d is None:
        np.divide(x, out, out)  # (3)
        return
    s = np.divide(1, out, d)
    np.multiply(x, s, out)  # (3)
    np.multiply(u, -3 * 0.044715 * a, u)
    np.subtract(u, a, u)  # (2z)′
    np.multiply(u, out, u)
    np.subtract(u, np.multiply(u, s), u)
    np.add(s, u, d)


# -- helpers of rules -----------------------------------------------------------------------------


def wide(x: Array) -> Array:
    """float16 as float32: half precision is computed in single and rounded once, at the end."""
    return x.astype(np.float32) if x.dtype == np.float16 else x


def floats_only(kernel: str, x: Array) -> None:
    """NotImplementedError, in PyTorch's words, unless x is floating point."""
    if x.dtype.kind != "f":
        raise not_implemented(kernel, x)
