"""normal_ and its kin: numbers from the bell curve, by Box and Muller's method.

A contiguous array of 16 or more elements is transformed in groups of 16 (box_muller.py). Any other
takes one value at a time, in double precision whatever its dtype, from pairs of random64():

    u₁ = k₁·2⁻⁵³, u₂ = k₂·2⁻⁵³,  r = √(−2·log1p(−u₂)),  θ = 2π·u₁          (1)
    first r·cos θ, and the next time r·sin θ, which the generator keeps      (2)
    value = fma(normal, std, mean)                                           (3)

So an odd number of short draws leaves a value behind that the next short draw begins with.

Source: Box & Muller (1958); steps and roundings measured against PyTorch 2.13 (x86, AVX2 and
later): equal bit for bit where Python and PyTorch use the same C library's log, cos and sin.
"""

from __future__ import annotations

import math
import warnings

import numpy as np

from .box_muller import transform
from .fill import FLOATS, blocks, check_dtype, fill
from .generator import Generator
from .rounding import fma64
from .uniform import uniform_

TWO_PI = 2 * math.pi


def standard_normals(generator: Generator, n: int) -> list[float]:
    """n normals by (1) and (2); the caller holds the lock."""
    values = []
    if generator._next_normal is not None and n:
        values.append(generator._next_normal)
        generator._next_normal = None
    uniforms = generator._uniforms((n - len(values) + 1) // 2 * 2)
    for u1, u2 in zip(uniforms[0::2], uniforms[1::2], strict=True):
        r, theta = math.sqrt(-2.0 * math.log1p(-u2)), TWO_PI * u1  # (1)
        values.append(r * math.cos(theta))  # (2)
        values.append(r * math.sin(theta))
    if len(values) > n:
        generator._next_normal = values.pop()
    return values


def normal_(
    arr: np.ndarray, mean: float = 0.0, std: float = 1.0, gen: Generator | None = None
) -> np.ndarray:
    """Fill `arr` with normal values of the given mean and standard deviation.

    Args:
        arr: float16, float32 or float64, any layout (which chooses the algorithm, see above).
        mean: 0 by default.
        std: standard deviation, ≥ 0; 1 by default.
        gen: None: the default generator.

    Raises:
        RuntimeError: std is negative or NaN.
        NotImplementedError: another dtype.

    Example:
        >>> import numpy as np
        >>> from minitorch.random import manual_seed, normal_
        >>> _ = manual_seed(0)
        >>> normal_(np.empty(3, np.float32))
        array([ 1.5409961, -0.2934289, -2.1787894], dtype=float32)
    """
    mean, std = float(mean), float(std)
    if not std >= 0.0:
        raise RuntimeError(f"normal expects std >= 0.0, but found std {std:g}")
    check_dtype(arr, FLOATS, "normal_kernel_cpu")
    vectorised = arr.size >= 16 and arr.flags.c_contiguous

    def draw(generator: Generator, flat: np.ndarray) -> None:
        if vectorised:
            transform(generator, flat, mean, std)
            return
        for block in blocks(flat):
            values = standard_normals(generator, block.size)
            if mean == 0.0:
                block[...] = [v * std + 0.0 for v in values]  # (3); + 0.0 makes +0 of −0
            else:
                block[...] = fma64(np.array(values), std, mean)  # (3)

    if abs(mean) + 10 * std < 6e4:  # no dtype ends before, and errstate takes 2 µs
        return fill(arr, gen, draw)
    with np.errstate(over="ignore"):  # infinity where the dtype ends, as in PyTorch
        return fill(arr, gen, draw)


def log_normal_(
    arr: np.ndarray, mean: float = 1.0, std: float = 2.0, gen: Generator | None = None
) -> np.ndarray:
    """Fill `arr` with e^x, x normal by (1)-(3) above, one at a time whatever the layout.

    Args:
        arr: float16, float32 or float64.
        mean, std: of x, the logarithm; 1 and 2 by default, std > 0.
        gen: None: the default generator.

    Raises:
        RuntimeError: std ≤ 0.
        NotImplementedError: another dtype.
    """
    mean, std = float(mean), float(std)
    if not std > 0.0:
        raise RuntimeError(f"log_normal_ expects std > 0.0, but found std={std:g}")
    check_dtype(arr, FLOATS, "log_normal_cpu")

    def draw(generator: Generator, flat: np.ndarray) -> None:
        for block in blocks(flat):
            x = fma64(np.array(standard_normals(generator, block.size)), std, mean)
            with np.errstate(over="ignore"):
                block[...] = [math.exp(v) if v < 709.0 else float(np.exp(v)) for v in x.tolist()]

    return fill(arr, gen, draw)


def trunc_normal_(
    arr: np.ndarray,
    mean: float = 0.0,
    std: float = 1.0,
    a: float = -2.0,
    b: float = 2.0,
    gen: Generator | None = None,
) -> np.ndarray:
    """Fill `arr` with normal values that fall into [a, b], by rejection.

    With p the normal probability of [a, b]: if p > 0.3, draw normals and draw the whole array
    again for those outside; else draw x uniform on [a, b] and u on [0, 1), and accept where

        log u ≤ log pdf(x) − log pdf(mode),   log pdf(x) = −½·((x − mean)/std)²       (4)

    Args:
        arr: float16, float32 or float64.
        mean, std: of the normal before the cut; 0 and 1 by default.
        a, b: the smallest and the largest value; −2 and 2 by default, not in units of std.
        gen: None: the default generator.

    Raises:
        RuntimeError: a > b; ZeroDivisionError: std is 0.

    Numerics:
        (4) uses NumPy's log; a value within an ulp of the boundary could be decided differently.
    """
    if mean < a - 2 * std or mean > b + 2 * std:
        warnings.warn(
            "mean is more than 2 std from [a, b] in nn.init.trunc_normal_. "
            "The distribution of values may be incorrect.",
            stacklevel=2,
        )

    def cdf(x: float) -> float:
        return (1.0 + math.erf(x / math.sqrt(2.0))) / 2.0

    if cdf((b - mean) / std) - cdf((a - mean) / std) > 0.3:
        normal_(arr, mean, std, gen)
        low, high = arr.dtype.type(a), arr.dtype.type(b)
        while (outside := (arr < low) | (arr > high)).any():
            np.copyto(arr, normal_(np.empty_like(arr), mean, std, gen), where=outside)
        return arr

    mode = max(a, min(mean, b))
    log_peak = -0.5 * ((mode - mean) / std) ** 2
    pending = np.ones(arr.shape, bool)
    x, u = np.empty_like(arr), np.empty_like(arr)
    first = uniform_(arr, a, b, gen)
    x[...] = first
    while pending.any():
        with np.errstate(divide="ignore"):
            log_u = np.log(uniform_(u, 0.0, 1.0, gen))
        rejected = log_u > np.square((x - mean) / std) * -0.5 - log_peak  # (4)
        pending &= rejected
        if not pending.any():
            break
        uniform_(x, a, b, gen)
        np.copyto(arr, x, where=pending)
    return arr
