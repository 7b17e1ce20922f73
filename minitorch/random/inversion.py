"""exponential_, geometric_, cauchy_: the inverse of a distribution function at a uniform number.

With u = (random64() mod 2⁵³)·2⁻⁵³, in double precision whatever the dtype (two words each):

    exponential:  x = −1/λ · log1p(−u)                    (1)
    geometric:    x = ⌈log u / log1p(−p)⌉                 (2)
    Cauchy:       x = median + σ·tan(π·(u − ½))           (3)

Source: Devroye, "Non-Uniform Random Variate Generation" (1986), II.2; measured against PyTorch
2.13 (x86): equal bit for bit where Python and PyTorch use the same C library's functions.
"""

from __future__ import annotations

import math

import numpy as np

from .fill import DTYPE_NAMES, FLOATS, SIGNED_AND_BYTE, blocks, check_dtype, fill
from .generator import Generator
from .rounding import fma64, store


def exponential_(arr: np.ndarray, lambd: float = 1.0, gen: Generator | None = None) -> np.ndarray:
    """Fill `arr` with exponentially distributed values of rate `lambd`, by (1).

    Args:
        arr: float16, float32 or float64.
        lambd: the rate λ > 0, one over the mean; 1 by default.
        gen: None: the default generator.

    Raises:
        RuntimeError: λ is not positive, or the dtype is not floating point.
    """
    lambd = float(lambd)
    if not lambd > 0.0:
        raise RuntimeError(f"exponential_ expects lambda > 0.0, but found lambda={lambd:g}")
    if arr.size and arr.dtype not in FLOATS:
        raise RuntimeError(
            "Exponential distribution is a continuous probability distribution. dtype must be "
            f"a floating point but you specified {DTYPE_NAMES[arr.dtype.name][0]}"
        )
    factor = -1.0 / lambd

    def draw(generator: Generator, flat: np.ndarray) -> None:
        for block in blocks(flat):
            minus_u = generator._words64(block.size, 53).view(np.int64) * -(2.0**-53)

            def exact(indices: np.ndarray, minus_u: np.ndarray = minus_u) -> list[float]:
                return [factor * math.log1p(v) for v in minus_u[indices].tolist()]  # (1)

            wide = block.dtype == np.float64
            with np.errstate(over="ignore"):
                store(block, exact, None if wide else factor * np.log1p(minus_u))

    return fill(arr, gen, draw)


def geometric_(arr: np.ndarray, p: float, gen: Generator | None = None) -> np.ndarray:
    """Fill `arr` with the number of tries until the first success, each with probability p; (2).

    Args:
        arr: uint8, int8 … int64, float16, float32 or float64.
        p: in (0, 1).
        gen: None: the default generator.

    Raises:
        RuntimeError: p outside (0, 1).
        NotImplementedError: another dtype.
    """
    p = float(p)
    if not 0.0 < p < 1.0:
        raise RuntimeError(f"geometric_ expects p to be in (0, 1), but got p={p:g}")
    check_dtype(arr, FLOATS | SIGNED_AND_BYTE, "geometric_cpu")
    log_q = math.log1p(-p)

    def draw(generator: Generator, flat: np.ndarray) -> None:
        for block in blocks(flat):
            u = (generator._words64(block.size, 53) * 2.0**-53).tolist()
            log_u = np.array([math.log(v) if v else -math.inf for v in u])
            with np.errstate(invalid="ignore", over="ignore"):
                block[...] = np.ceil(log_u / log_q)  # (2)

    return fill(arr, gen, draw)


def cauchy_(
    arr: np.ndarray, median: float = 0.0, sigma: float = 1.0, gen: Generator | None = None
) -> np.ndarray:
    """Fill `arr` with Cauchy distributed values, by (3).

    Args:
        arr: float16, float32 or float64.
        median: 0 by default.
        sigma: half the distance between the quartiles, > 0; 1 by default.
        gen: None: the default generator.

    Raises:
        RuntimeError: sigma ≤ 0, or the dtype is not floating point.
    """
    median, sigma = float(median), float(sigma)
    if not sigma > 0.0:
        raise RuntimeError(f"cauchy_ expects sigma > 0.0, but found sigma={sigma:g}")
    if arr.dtype not in FLOATS:
        raise RuntimeError(
            "Cauchy distribution is a continuous probability distribution. dtype must be "
            f"a floating point but you specified {DTYPE_NAMES[arr.dtype.name][1]}"
        )

    def draw(generator: Generator, flat: np.ndarray) -> None:
        for block in blocks(flat):
            angle = math.pi * (generator._words64(block.size, 53) * 2.0**-53 - 0.5)
            tangent = np.array([math.tan(v) for v in angle.tolist()])
            with np.errstate(over="ignore"):
                block[...] = fma64(tangent, sigma, median)  # (3)

    return fill(arr, gen, draw)
