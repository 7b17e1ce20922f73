"""Exact rounding without the instruction: fused multiply-add, and float32 from a close float64.

PyTorch's kernels are compiled with FMA, fma(a, b, c) = round(a·b + c) with *one* rounding. NumPy
has no FMA, so it is composed here from operations that round correctly.

Source: Boldo & Melquiond, "Emulation of FMA and correctly rounded sums: proved algorithms using
rounding to odd", IEEE Transactions on Computers 57 (2008); Dekker's and Knuth's error-free sums.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

_LOW_BITS = np.array(0x1FFFFFFF)  # the 29 bits of a float64's fraction that float32 does not have
_HALF = 0x10000000  # their value exactly between two float32 numbers


def two_sum(a: np.ndarray, b: np.ndarray | float) -> tuple[np.ndarray, np.ndarray]:
    """(s, e) with s = round(a + b) and s + e = a + b exactly."""
    s = a + b
    t = s - a
    return s, (a - (s - t)) + (b - t)


def two_product(a: np.ndarray, b: float) -> tuple[np.ndarray, np.ndarray]:
    """(p, e) with p = round(a·b) and p + e = a·b exactly (Dekker: halves of 26 bits)."""
    p = a * b
    c = 134217729.0 * a  # 2²⁷ + 1
    a_high = c - (c - a)
    a_low = a - a_high
    d = 134217729.0 * b
    b_high = d - (d - b)
    b_low = b - b_high
    return p, ((a_high * b_high - p) + a_high * b_low + a_low * b_high) + a_low * b_low


def round_to_odd(s: np.ndarray, e: np.ndarray) -> np.ndarray:
    """The sum s + e cut so that a later rounding to fewer bits sees which way it leans."""
    even = (s.view(np.int64) & 1) == 0
    toward = np.where(e > 0, np.inf, -np.inf)
    return np.where((e != 0) & even, np.nextafter(s, toward), s)


def fma32(a: np.ndarray, b: float, c: float) -> np.ndarray:
    """fma(a, b, c) as float32, for float64 `a` and scalars `b`, `c` that hold float32 values."""
    product = a * b  # exact: 24 + 24 bits fit into 53
    s = product + c
    # Rounding s again, to float32, goes wrong only if s is exactly between two float32 numbers.
    if ((s.view(np.int64) & _LOW_BITS) == _HALF).any():
        s = round_to_odd(*two_sum(product, c))
    return s.astype(np.float32)


def fma64(a: np.ndarray, b: float, c: float) -> np.ndarray:
    """fma(a, b, c) in float64 for scalars `b` and `c` (no overflow within; Boldo & Melquiond)."""
    if c == 0.0:
        return a * b + 0.0  # the sum makes +0 of -0, as fma(-0, b, +0) does
    if b == 1.0:
        return a + c
    high, low = two_product(a, b)
    t, t_low = two_sum(low, c)
    v, v_low = two_sum(high, t)
    return v + round_to_odd(*two_sum(t_low, v_low))


def store(
    flat: np.ndarray, exact: Callable[[np.ndarray], list[float]], close: np.ndarray | None
) -> None:
    """flat = the C library's float64 values rounded to its dtype.

    Args:
        flat: where to; float16, float32 or float64.
        exact: gives the C library's values at some indices, slowly.
        close: all values as NumPy's vector functions have them, at most 8 ulp off, not needed for
            float64. After rounding to float32 or float16 that shows only within 8 ulp of a
            rounding boundary: there `exact` is asked.
    """
    if close is None:
        flat[...] = exact(np.arange(flat.size))
        return
    flat[...] = close
    # Boundaries of float32, and the coarser ones of float16, end in 28 zero bits.
    doubtful = np.flatnonzero(((close.view(np.int64) + 8) & 0x0FFFFFFF) <= 16)
    if doubtful.size:
        flat[doubtful] = exact(doubtful)
