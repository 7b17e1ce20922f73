"""uniform_: numbers spread evenly over [low, high).

With k the low 24 bits of one word (float32) or the low 53 bits of random64() (float64),

    x = k·2⁻²⁴  or  k·2⁻⁵³,    value = fma(x, high − low, low)             (1)
    value = low where (1) rounds up to high                                (2)

float16 rounds the float32 value once more, then applies (2).

Source: measured against PyTorch 2.13 (x86, AVX2 and later): equal bit for bit.
"""

from __future__ import annotations

import math

import numpy as np

from .fill import BLOCK, DTYPE_NAMES, FLOATS, blocks, check_dtype, fill
from .generator import Generator
from .rounding import fma32, fma64

_LARGEST = {dtype: float(np.finfo(dtype).max) for dtype in FLOATS}
_MASK_24 = np.array(0xFFFFFF, np.uint32)
_2_23 = np.array(2**23, np.int32)
_FEW = 12


def uniform_(
    arr: np.ndarray, low: float = 0.0, high: float = 1.0, gen: Generator | None = None
) -> np.ndarray:
    """Fill `arr` with values uniform on [low, high).

    Args:
        arr: float16, float32 or float64, any layout.
        low: smallest value, 0 by default.
        high: upper bound, not reached unless high == low; 1 by default.
        gen: None: the default generator.

    Raises:
        NotImplementedError: another dtype.
        RuntimeError: low > high, or a bound (or high − low) outside the dtype's range.

    Example:
        >>> import numpy as np
        >>> from minitorch.random import manual_seed, uniform_
        >>> _ = manual_seed(0)
        >>> uniform_(np.empty(3, np.float32))
        array([0.4962566 , 0.7682218 , 0.08847743], dtype=float32)
    """
    if arr.dtype not in FLOATS:  # an empty array too: the bounds are looked at first
        check_dtype(np.empty(1, arr.dtype), FLOATS, "check_uniform_bounds")
    low, high = float(low), float(high)
    largest = _LARGEST[arr.dtype]
    for name, bound in (("from", low), ("to", high)):
        if not -largest <= bound <= largest:
            raise RuntimeError(f"{name} is out of bounds for {DTYPE_NAMES[arr.dtype.name][1]}")
    if not low <= high:
        raise RuntimeError(
            f"uniform_ expects to return a [from, to) range, but found from={low:g} > to={high:g}"
        )
    if high - low > largest:
        raise RuntimeError(
            "uniform_ expects to-from <= std::numeric_limits<Float>::max(), but found "
            f"to={high:g} and from={low:g} which result in to-from to exceed the limit"
        )

    def draw(generator: Generator, flat: np.ndarray) -> None:
        if flat.dtype == np.float64:
            for block in blocks(flat):
                uniform64(generator, block, low, high)
        elif flat.dtype == np.float32:
            uniform32(generator, flat, low, high)
        else:
            for block in blocks(flat):
                wide = np.empty(block.size, np.float32)
                uniform32(generator, wide, low, high)
                block[...] = wide
                block[block == np.float16(high)] = low  # (2)

    return fill(arr, gen, draw)


def uniform32(generator: Generator, flat: np.ndarray, low: float, high: float) -> None:
    """Equations (1) and (2) for a contiguous float32 array; the caller holds the lock."""
    if (low, high) != (0.0, 1.0):
        low, high = float(np.float32(low)), float(np.float32(high))
    # Where low is 0 or −high, one product rounds as the fma does (not near the subnormal numbers):
    # k·(span·2⁻²⁴), or (k − 2²³)·(high·2⁻²³).
    if low in (0.0, -high) and high > 1e-30:
        centre, factor = (0.0, high * 2.0**-24) if low == 0.0 else (2.0**23, high * 2.0**-23)
        if flat.size < _FEW:  # quicker than arrays; the float64 product is exact
            ks = (generator._word() & 0xFFFFFF for _ in range(flat.size))
            flat[...] = [(k - centre) * factor for k in ks]
            return
        for block in blocks(flat):
            k = generator._words(block.size)
            np.bitwise_and(k, _MASK_24, k)
            signed = k.view(np.int32)  # converts to float32 twice as fast as uint32
            if centre:
                np.subtract(signed, _2_23, signed)
            np.copyto(block, signed, casting="unsafe")
            np.multiply(block, np.float32(factor), block)
        return
    span = float(np.float32(high - low))
    # k·span·2⁻²⁴ and low are multiples of `step`; up to 2⁵³ such steps float64 adds them exactly.
    # (Both are 0 for uniform_(0, 0): any step will do.)
    step = min((math.ulp(v) for v in (span * 2.0**5, low * 2.0**29) if v), default=1.0)
    exact = max(abs(low), abs(low + span)) <= step * 2.0**53
    reaches_high = fma32(np.array([1 - 2.0**-24]), span, low)[0] == high
    wide = np.empty(min(flat.size, BLOCK))
    for block in blocks(flat):
        k = generator._words(block.size)
        np.bitwise_and(k, _MASK_24, k)
        x = wide[: block.size]
        np.copyto(x, k.view(np.int32))
        if exact:
            np.multiply(x, span * 2.0**-24, x)
            np.add(x, low, x)
            np.copyto(block, x, casting="unsafe")  # (1), rounded once
        else:
            block[...] = fma32(x * 2.0**-24, span, low)  # (1)
        if reaches_high:
            block[block == high] = low  # (2)


def uniform64(generator: Generator, flat: np.ndarray, low: float, high: float) -> None:
    """Equations (1) and (2) for a contiguous float64 array; the caller holds the lock."""
    k = generator._words64(flat.size, 53).view(np.int64)
    if low == high:
        flat[...] = low
    elif low == -high:
        np.subtract(k, 2**52, k)
        np.multiply(k, high * 2.0**-52, flat)
    elif low == 0.0:
        np.multiply(k, high * 2.0**-53, flat)
    else:
        flat[...] = fma64(k * 2.0**-53, high - low, low)  # (1)
        flat[flat == high] = low  # (2)
