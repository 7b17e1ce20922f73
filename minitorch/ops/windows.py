"""Windows: weights that fade a piece of a signal in and out before its spectrum is taken.

    wₙ = Σ (−1)ᵏ·aₖ·cos(2πk·n/N),  n = 0 … M − 1                     sums of cosines          (1)
    hann a = ½, ½;  hamming 0.54, 0.46;  blackman 0.42, 0.5, 0.08                             (2)
    bartlett  wₙ = 1 − |2n/N − 1|,  a triangle                                                (3)
    kaiser    wₙ = I₀(β·√(1 − (2n/N − 1)²)) / I₀(β)                                           (4)

A symmetric window (for filters) has N = M − 1, a periodic one (for spectra) N = M: it is the
symmetric one of length M + 1 without its last element. A window of length 1 is 1.

torch.hann_window and its relatives are periodic by default, torch.signal.windows are symmetric.
"""

from __future__ import annotations

import math
from operator import index
from typing import Any

import numpy as np

from .. import dtypes, errors
from .bessel import i0
from .create import finish, kind_or_default

HANN = (0.5, 0.5)
BLACKMAN = (0.42, 0.5, 0.08)


def phase(length: int, symmetric: bool) -> np.ndarray:
    """n/N: 0 … 1, of a periodic window without its end."""
    steps = length - 1 if symmetric else length
    return np.arange(length) / max(steps, 1)


def cosines(x: np.ndarray, a: Any) -> np.ndarray:
    """Equation (1) at x = n/N; half a turn later cos changes its sign: no (−1)ᵏ is needed."""
    return np.sum([c * np.cos(k * (2 * x - 1) * math.pi) for k, c in enumerate(a)], axis=0)  # (1)


def triangle(x: np.ndarray) -> np.ndarray:
    """Equation (3) at x = n/N."""
    return 1 - np.abs(2 * x - 1)  # (3)


def bessel(x: np.ndarray, beta: float) -> np.ndarray:
    """Equation (4) at x = n/N."""
    bend = np.sqrt(np.maximum(1 - (2 * x - 1) ** 2, 0))
    return i0.rule(beta * bend)[0] / i0.rule(np.array(float(beta)))[0]  # (4)


def _window(
    name: str, shape: Any, length: Any, periodic: bool, dtype: Any, layout: Any, device: Any,
    pin_memory: bool, requires_grad: bool,
) -> Any:  # fmt: skip
    try:
        n = index(length)
    except TypeError:
        raise errors.wrong_type(name, "window_length", 1, "int", length) from None
    wanted = kind_or_default(dtype)
    if wanted.kind != "f":
        raise RuntimeError(
            f"{name} expects floating point dtypes, got: {dtypes.from_numpy(wanted)!r}"
        )
    if n < 0:
        raise RuntimeError(f"{name} requires non-negative window_length, got window_length={n}")
    w = np.ones(1) if n == 1 else shape(phase(n, not periodic))
    return finish(np.asarray(w, wanted), device, layout, requires_grad, pin_memory)


def hann_window(
    window_length: int, periodic: bool = True, *, dtype: Any = None, layout: Any = dtypes.strided,
    device: Any = None, pin_memory: bool = False, requires_grad: bool = False,
) -> Any:  # fmt: skip
    """A raised cosine: 0 at the ends, smooth everywhere. Equations (1), (2).

    >>> torch.hann_window(4)
    tensor([0.0000, 0.5000, 1.0000, 0.5000])
    """
    return _window("hann_window", lambda x: cosines(x, HANN), window_length, periodic, dtype,
                   layout, device, pin_memory, requires_grad)  # fmt: skip


def hamming_window(
    window_length: int, periodic: bool = True, alpha: float = 0.54, beta: float = 0.46, *,
    dtype: Any = None, layout: Any = dtypes.strided, device: Any = None, pin_memory: bool = False,
    requires_grad: bool = False,
) -> Any:  # fmt: skip
    """α − β·cos(2πn/N): does not fade to 0, which lowers the nearest side lobe. (1), (2)"""
    return _window("hamming_window", lambda x: cosines(x, (alpha, beta)), window_length, periodic,
                   dtype, layout, device, pin_memory, requires_grad)  # fmt: skip


def blackman_window(
    window_length: int, periodic: bool = True, *, dtype: Any = None, layout: Any = dtypes.strided,
    device: Any = None, pin_memory: bool = False, requires_grad: bool = False,
) -> Any:  # fmt: skip
    """Three cosines: lower side lobes than Hann's, a wider peak. Equations (1), (2)."""
    return _window("blackman_window", lambda x: cosines(x, BLACKMAN), window_length, periodic,
                   dtype, layout, device, pin_memory, requires_grad)  # fmt: skip


def bartlett_window(
    window_length: int, periodic: bool = True, *, dtype: Any = None, layout: Any = dtypes.strided,
    device: Any = None, pin_memory: bool = False, requires_grad: bool = False,
) -> Any:  # fmt: skip
    """A triangle: equation (3)."""
    return _window("bartlett_window", triangle, window_length, periodic, dtype, layout, device,
                   pin_memory, requires_grad)  # fmt: skip


def kaiser_window(
    window_length: int, periodic: bool = True, beta: float = 12.0, *, dtype: Any = None,
    layout: Any = dtypes.strided, device: Any = None, pin_memory: bool = False,
    requires_grad: bool = False,
) -> Any:  # fmt: skip
    """A bell whose β trades the width of the peak for low side lobes. Equation (4)."""
    return _window("kaiser_window", lambda x: bessel(x, beta), window_length, periodic, dtype,
                   layout, device, pin_memory, requires_grad)  # fmt: skip
