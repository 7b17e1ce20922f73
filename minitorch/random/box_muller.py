"""The Box-Muller transform, sixteen numbers at a time, with the very roundings of PyTorch's kernel.

Of each group of 16 uniforms d, the first 8 give radii and the last 8 give angles:

    u₁ = 1 − d[0:8],  u₂ = d[8:16],  r = √(−2·log u₁),  θ = 2π·u₂           (1)
    d[0:8] = r·cos θ,  d[8:16] = r·sin θ                                     (2)

In float32 the kernel computes log, cos and sin itself, by the polynomials of the Cephes library.
To get its bits, each step below rounds where it rounds: once per fused multiply-add. Such a step,
fma(a, b, c), is a·b + c in float64 (the product is exact there) cut to float32's 24 bits, which
stay in float64 for the next step. Only +, −, ×, √ and integer steps occur, which are exactly
rounded everywhere; with NumPy's own float32 log and cos, 14 % of the numbers differ by an ulp.

Source: Box & Muller (1958); Moshier's Cephes library (logf, sinf, cosf), as in "avx_mathfun".
All 2²⁴ values of u₁ and all 2²⁴ of u₂ have been checked against PyTorch 2.13 (x86, AVX2).
"""

from __future__ import annotations

import math
import threading

import numpy as np

from .. import parallel
from .generator import Generator
from .rounding import fma32, fma64

# Pairs transformed at a time. Measured for 10⁶ numbers, as a ratio to PyTorch: 3.2 with 32768, 3.4
# with 16384, 4.1 with 8192 (each of some 75 NumPy calls costs 0.3-1 µs).
PAIRS = 32768


def _constants(*values: float) -> list[np.ndarray]:
    """float32 constants as 0-d float64 arrays (a ufunc takes those faster than Python floats)."""
    return [np.array(np.float64(np.float32(value))) for value in values]


# log y for y in [√½, √2): x − x²/2 + x³·P(x), x = y − 1; then e·log 2 in two parts.
_LOG_P = _constants(
    7.0376836292e-2, -1.1514610310e-1, 1.1676998740e-1, -1.2420140846e-1, 1.4249322787e-1,
    -1.6668057665e-1, 2.0000714765e-1, -2.4999993993e-1, 3.3333331174e-1
)  # fmt: skip
_LOG_2_LOW32 = np.array(-2.12194440e-4, np.float32)
_LOG_2_HIGH = np.array(0.693359375, np.float32)
_SQRT_HALF_BITS = np.array(0x3F3504F3, np.int32)  # float32 √½
_SQRT_HALF_BITS_24 = np.array(0x3F3504F3 + (24 << 23), np.int32)  # … times 2²⁴
_FRACTION_BITS = np.array(0x7FFFFF, np.int32)

# π/4 in three parts, and 4/π, to bring θ into [−π/4, π/4].
_PI_4_HIGH = np.array(-0.78515625, np.float32)
_PI_4_MIDDLE = np.array(-2.4187564849853515625e-4, np.float32)
(_PI_4_LOW,) = _constants(-3.77489497744594108e-8)
_FOUR_OVER_PI = np.array(1.27323954473516, np.float32)
_TWO_PI_24 = np.array(np.float32(2 * math.pi) * np.float32(2.0**-24))  # k → θ in one product

# int32 operands as 0-d arrays
_1, _2, _4, _23, _29, _30, _31, _EVEN, _2_24 = (
    np.array(c, np.int32) for c in (1, 2, 4, 23, 29, 30, 31, ~1, 2**24)
)

_HALF_ULP = np.array(0x10000000)  # of float32, in the bits of a float64
_CUT = np.array(~0x1FFFFFFF)  # keeps the 24 leading bits

# cos x = 1 − z/2 + z²·C(z) and sin x = x + x·z·S(z), z = x².
_COS_P = _constants(2.443315711809948e-5, -1.388731625493765e-3, 4.166664568298827e-2)
_SIN_P = _constants(-1.9515295891e-4, 8.3321608736e-3, -1.6666654611e-1)


def _with_half_ulp(constant: np.ndarray) -> np.ndarray:
    """`constant` moved half a float32 ulp off zero: then cutting a sum with it rounds the sum.

    Right for sums that stay in the binade of the constant, as noted where it is used.
    """
    ulp = float(np.spacing(np.float32(abs(constant))))
    return np.array(constant + math.copysign(ulp / 2, constant))


_LOG_P8 = _with_half_ulp(_LOG_P[8])
_COS_P1, _COS_P2 = map(_with_half_ulp, _COS_P[1:])
_SIN_P1, _SIN_P2 = map(_with_half_ulp, _SIN_P[1:])

_EIGHT = np.dtype("V32")  # eight 4-byte numbers copied as one item: half a group
_MASK_24 = np.array(0xFFFFFF, np.uint32)
_HALF = np.array(0.5)
_HALF32, _ONE32, _MINUS_TWO32, _ZERO32 = (np.array(c, np.float32) for c in (-0.5, 1, -2, 0))


class _Scratch(threading.local):
    """Each thread's work arrays, made at its first use."""

    def __init__(self) -> None:
        self.x, self.y, self.z = (np.empty(PAIRS) for _ in range(3))
        self.a, self.b, self.r, self.cos, self.sin = (np.empty(PAIRS, np.float32) for _ in range(5))
        self.k1, self.k2 = (np.empty(PAIRS // 8, _EIGHT) for _ in range(2))


_scratch = _Scratch()


def _round24(values: np.ndarray, bits: np.ndarray) -> None:
    """Round float64 `values`, whose bits `bits` views, to float32's 24 bits (ties: away)."""
    np.add(bits, _HALF_ULP, bits)
    np.bitwise_and(bits, _CUT, bits)


def radius32(k: np.ndarray, out: np.ndarray) -> None:
    """r of (1) for d = k·2⁻²⁴, as float32.

    Args:
        k: int32, 0 ≤ k < 2²⁴, at most PAIRS of them; overwritten.
        out: float32, as many.
    """
    n, s = k.size, _scratch
    x, p, z = s.x[:n], s.y[:n], s.z[:n]
    p_bits = p.view(np.int64)
    f, e = s.a[:n], s.b[:n]

    # u₁ = m·2⁻²⁴ with m = 2²⁴ − k;  u₁ = y·2^e, y in [√½, √2);  x = y − 1
    np.subtract(_2_24, k, k)
    np.copyto(f, k, casting="unsafe")
    bits = f.view(np.int32)
    np.subtract(bits, _SQRT_HALF_BITS_24, bits)
    np.right_shift(bits, _23, k)
    np.copyto(e, k, casting="unsafe")
    np.bitwise_and(bits, _FRACTION_BITS, bits)
    np.add(bits, _SQRT_HALF_BITS, bits)
    np.subtract(f, _ONE32, f)
    np.copyto(x, f)

    # P = (…(p₀·x + p₁)·x + …)·x + p₈
    np.multiply(x, _LOG_P[0], p)
    for coefficient in _LOG_P[1:8]:
        np.add(p, coefficient, p)
        _round24(p, p_bits)
        np.multiply(p, x, p)
    np.add(p, _LOG_P8, p)  # P is in [¼, ½) here: rounds with the cut
    np.bitwise_and(p_bits, _CUT, p_bits)

    # P = fma(x·P, x², e·log2_low) − x²/2
    np.multiply(f, f, out)  # x² rounded
    np.multiply(p, x, p)
    np.copyto(f, p, casting="unsafe")  # the one product that meets real ties: to even
    np.copyto(p, f)
    np.copyto(z, out)
    np.multiply(p, z, p)
    np.multiply(e, _LOG_2_LOW32, f)
    np.copyto(z, f)
    np.add(p, z, p)
    np.copyto(f, p, casting="unsafe")
    np.multiply(out, _HALF32, out)
    np.add(f, out, f)

    # log u₁ = fma(e, log2_high, x + P);  r = √(−2·log u₁)
    np.copyto(out, x, casting="unsafe")
    np.add(f, out, f)
    np.multiply(e, _LOG_2_HIGH, e)  # exact
    np.add(f, e, f)
    np.multiply(f, _MINUS_TWO32, f)
    np.sqrt(f, out)


def cos_sin32(k: np.ndarray, cos: np.ndarray, sin: np.ndarray) -> None:
    """cos θ and sin θ of (1) for u₂ = k·2⁻²⁴, as float32.

    Args:
        k: int32, 0 ≤ k < 2²⁴, at most PAIRS of them; overwritten.
        cos, sin: float32, as many.
    """
    n, s = k.size, _scratch
    x, p, z = s.x[:n], s.y[:n], s.z[:n]
    p_bits = p.view(np.int64)
    f, j = s.a[:n], s.b[:n]
    cos_bits, sin_bits = cos.view(np.int32), sin.view(np.int32)
    swap, j_bits = f.view(np.int32), j.view(np.int32)

    # θ = fl(2π)·u₂;  j = the octant, rounded up to even;  x = θ − j·π/4
    np.copyto(f, k, casting="unsafe")
    np.multiply(f, _TWO_PI_24, f)
    np.multiply(f, _FOUR_OVER_PI, j)
    np.copyto(k, j, casting="unsafe")
    np.add(k, _1, k)
    np.bitwise_and(k, _EVEN, k)
    np.copyto(j, k, casting="unsafe")
    np.multiply(j, _PI_4_HIGH, cos)  # exact
    np.add(f, cos, f)
    np.multiply(j, _PI_4_MIDDLE, cos)  # exact
    np.add(f, cos, f)
    np.copyto(z, j)
    np.multiply(z, _PI_4_LOW, z)
    np.copyto(x, f)
    np.add(x, z, x)
    np.copyto(f, x, casting="unsafe")
    np.copyto(x, f)
    np.multiply(f, f, j)  # z = x²
    np.copyto(z, j)

    # cos: C = (c₀·z + c₁)·z + c₂;  fma(z, z·C, −z/2) + 1 = z·(z·C − ½) + 1
    np.multiply(z, _COS_P[0], p)
    np.add(p, _COS_P1, p)
    np.bitwise_and(p_bits, _CUT, p_bits)
    np.multiply(p, z, p)
    np.add(p, _COS_P2, p)
    np.bitwise_and(p_bits, _CUT, p_bits)
    np.copyto(cos, p, casting="unsafe")
    np.multiply(cos, j, cos)
    np.copyto(p, cos)
    np.subtract(p, _HALF, p)  # exact, so the product is the fma before rounding
    np.multiply(p, z, p)
    np.copyto(cos, p, casting="unsafe")
    np.add(cos, _ONE32, cos)

    # sin: S = (s₀·z + s₁)·z + s₂;  fma(x, z·S, x)
    np.multiply(z, _SIN_P[0], p)
    np.add(p, _SIN_P1, p)
    np.bitwise_and(p_bits, _CUT, p_bits)
    np.multiply(p, z, p)
    np.add(p, _SIN_P2, p)
    np.bitwise_and(p_bits, _CUT, p_bits)
    np.copyto(sin, p, casting="unsafe")
    np.multiply(sin, j, sin)
    np.copyto(p, sin)
    np.multiply(p, x, p)
    np.add(p, x, p)
    np.copyto(sin, p, casting="unsafe")

    # Octants 2 and 6 (j & 2) swap the two; signs by quadrant, set in the sign bit.
    np.left_shift(k, _30, swap)
    np.right_shift(swap, _31, swap)  # all ones where j & 2
    np.bitwise_xor(cos_bits, sin_bits, j_bits)
    np.bitwise_and(j_bits, swap, swap)
    np.bitwise_xor(cos_bits, swap, cos_bits)
    np.bitwise_xor(sin_bits, swap, sin_bits)
    np.bitwise_and(k, _4, swap)
    np.left_shift(swap, _29, swap)
    np.bitwise_xor(sin_bits, swap, sin_bits)
    np.add(k, _2, k)  # (j − 2) & 4 == 0  ⇔  (j + 2) & 4 != 0
    np.bitwise_and(k, _4, k)
    np.left_shift(k, _29, k)
    np.bitwise_xor(cos_bits, k, cos_bits)


def groups32(generator: Generator, out: np.ndarray, mean: float, std: float) -> None:
    """Fill `out`, float32 and a multiple of 16 long, with (2) scaled: fma(value, std, mean).

    The words come in order; meanwhile the other threads transform the blocks drawn before.
    """
    scale, shift = np.float32(std), np.float32(mean)

    def draw(start: int, stop: int) -> np.ndarray:
        words = generator._words(stop - start)
        np.bitwise_and(words, _MASK_24, words)
        return words.view(_EIGHT)

    def work(start: int, stop: int, eights: np.ndarray) -> None:
        s, n = _scratch, (stop - start) // 2
        k1, k2 = s.k1[: n // 8], s.k2[: n // 8]
        np.copyto(k1, eights[0::2])
        np.copyto(k2, eights[1::2])
        r, cos, sin = s.r[:n], s.cos[:n], s.sin[:n]
        radius32(k1.view(np.int32), r)
        cos_sin32(k2.view(np.int32), cos, sin)
        halves = out[start:stop].view(_EIGHT)
        for value, target in ((cos, halves[0::2]), (sin, halves[1::2])):
            np.multiply(value, r, value)  # (2)
            if shift == 0:
                if scale != 1:
                    np.multiply(value, scale, value)
                np.add(value, _ZERO32, value)  # fma(-0, std, +0) is +0
            else:
                value[...] = fma32(value.astype(np.float64), float(scale), float(shift))
            np.copyto(target, value.view(_EIGHT))

    parallel.blocks(out.size, 2 * PAIRS, work, draw)


def groups64(generator: Generator, out: np.ndarray, mean: float, std: float) -> None:
    """The same in float64, where the kernel calls the C library's log, cos and sin."""
    for start in range(0, out.size, 2 * PAIRS):
        block = out[start : start + 2 * PAIRS].reshape(-1, 2, 8)
        d = (generator._words64(block.size, 53).view(np.int64) * 2.0**-53).reshape(-1, 2, 8)
        log_u1 = np.array([math.log(u) for u in (1.0 - d[:, 0]).ravel().tolist()])
        theta = (2 * math.pi * d[:, 1]).ravel().tolist()
        r = np.sqrt(-2.0 * log_u1)
        for half, function in ((0, math.cos), (1, math.sin)):
            value = r * np.array([function(angle) for angle in theta])
            block[:, half] = fma64(value, std, mean).reshape(-1, 8)


def transform(generator: Generator, flat: np.ndarray, mean: float, std: float) -> None:
    """Fill a contiguous array of at least 16 floats with normals; the caller holds the lock.

    All uniforms are drawn first, so a rest of n mod 16 elements draws its words although nothing
    uses them: the last 16 elements are then made anew, from 16 more. (float16 draws group by
    group and has no such rest.)
    """
    n, rest = flat.size, flat.size % 16
    if flat.dtype == np.float64:
        groups64(generator, flat[: n - rest], mean, std)
        if rest:
            generator._words64(rest)
            groups64(generator, flat[n - 16 :], mean, std)
        return
    if flat.dtype == np.float32:
        groups32(generator, flat[: n - rest], mean, std)
        if rest:
            generator._words(rest)
            groups32(generator, flat[n - 16 :], mean, std)
        return
    for start in [*range(0, n - rest, 2 * PAIRS), *([n - 16] if rest else [])]:
        stop = n if start == n - 16 else min(start + 2 * PAIRS, n - rest)
        wide = np.empty(stop - start, np.float32)
        groups32(generator, wide, mean, std)
        flat[start:stop] = wide
