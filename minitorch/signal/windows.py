"""torch.signal.windows: the windows of ops/windows.py by their newer names, and six more.

Each takes its length M, `sym` (True: symmetric, for filters; False: periodic, for spectra), and
the keywords of every function that makes a tensor. Equations (1) to (4) are in ops/windows.py.

    cosine       wₙ = sin(π·(n + ½)/M)                        (periodic: M + 1 for M)         (5)
    exponential  wₙ = e^(−|n − c|/τ),  c = (M − 1)/2          (periodic: M/2)                 (6)
    gaussian     wₙ = e^(−(n − c)²/(2σ²))                                                     (7)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .. import dtypes
from ..ops.create import finish
from ..ops.windows import BLACKMAN, HANN, bessel, cosines, phase, triangle

__all__ = [
    "bartlett", "blackman", "cosine", "exponential", "gaussian", "general_cosine",
    "general_hamming", "hamming", "hann", "kaiser", "nuttall",
]  # fmt: skip

NUTTALL = (0.3635819, 0.4891775, 0.1365995, 0.0106411)


def _made(
    name: str, M: int, values: Callable[[], np.ndarray], dtype: Any, layout: Any, device: Any,
    requires_grad: bool,
) -> Any:  # fmt: skip
    if M < 0:
        raise ValueError(f"{name} requires non-negative window length, got M={M}")
    dtype = dtypes.get_default_dtype() if dtype is None else dtype
    if dtype not in (dtypes.float32, dtypes.float64):
        raise ValueError(f"{name} expects float32 or float64 dtypes, got: {dtype!r}")
    w = np.ones(M) if M <= 1 else values()
    return finish(np.asarray(w, dtypes.to_numpy(dtype)), device, layout, requires_grad, False)


def _centred(M: int, sym: bool) -> np.ndarray:
    """n − c."""
    return np.arange(M) - (M - 1 if sym else M) / 2


def general_cosine(
    M: int, *, a: Any, sym: bool = True, dtype: Any = None, layout: Any = dtypes.strided,
    device: Any = None, requires_grad: bool = False,
) -> Any:  # fmt: skip
    """A sum of cosines with the weights `a`: equation (1)."""
    if not isinstance(a, (list, tuple)):
        raise TypeError(f"Coefficients must be a list/tuple, got {type(a).__name__}")
    if not a:
        raise ValueError("Coefficients cannot be empty")
    return _made("general_cosine", M, lambda: cosines(phase(M, sym), a), dtype, layout, device,
                 requires_grad)  # fmt: skip


def general_hamming(
    M: int, *, alpha: float = 0.54, sym: bool = True, dtype: Any = None,
    layout: Any = dtypes.strided, device: Any = None, requires_grad: bool = False,
) -> Any:  # fmt: skip
    """α − (1 − α)·cos(2πn/N): Hann's window for α = ½, Hamming's for 0.54."""
    return general_cosine(M, a=(alpha, 1.0 - alpha), sym=sym, dtype=dtype, layout=layout,
                          device=device, requires_grad=requires_grad)  # fmt: skip


def hann(
    M: int, *, sym: bool = True, dtype: Any = None, layout: Any = dtypes.strided,
    device: Any = None, requires_grad: bool = False,
) -> Any:  # fmt: skip
    """Hann's window, a raised cosine: (1) with ½, ½.

    >>> torch.signal.windows.hann(5)
    tensor([0.0000, 0.5000, 1.0000, 0.5000, 0.0000])
    """
    return general_cosine(M, a=HANN, sym=sym, dtype=dtype, layout=layout, device=device,
                          requires_grad=requires_grad)  # fmt: skip


def hamming(
    M: int, *, sym: bool = True, dtype: Any = None, layout: Any = dtypes.strided,
    device: Any = None, requires_grad: bool = False,
) -> Any:  # fmt: skip
    """Hamming's window: (1) with 0.54, 0.46."""
    return general_hamming(M, sym=sym, dtype=dtype, layout=layout, device=device,
                           requires_grad=requires_grad)  # fmt: skip


def blackman(
    M: int, *, sym: bool = True, dtype: Any = None, layout: Any = dtypes.strided,
    device: Any = None, requires_grad: bool = False,
) -> Any:  # fmt: skip
    """Blackman's window: (1) with 0.42, 0.5, 0.08."""
    return general_cosine(M, a=BLACKMAN, sym=sym, dtype=dtype, layout=layout, device=device,
                          requires_grad=requires_grad)  # fmt: skip


def nuttall(
    M: int, *, sym: bool = True, dtype: Any = None, layout: Any = dtypes.strided,
    device: Any = None, requires_grad: bool = False,
) -> Any:  # fmt: skip
    """Nuttall's window of four cosines, for very low side lobes."""
    return general_cosine(M, a=NUTTALL, sym=sym, dtype=dtype, layout=layout, device=device,
                          requires_grad=requires_grad)  # fmt: skip


def bartlett(
    M: int, *, sym: bool = True, dtype: Any = None, layout: Any = dtypes.strided,
    device: Any = None, requires_grad: bool = False,
) -> Any:  # fmt: skip
    """A triangle: equation (3)."""
    return _made("bartlett", M, lambda: triangle(phase(M, sym)), dtype, layout, device,
                 requires_grad)  # fmt: skip


def kaiser(
    M: int, *, beta: float = 12.0, sym: bool = True, dtype: Any = None,
    layout: Any = dtypes.strided, device: Any = None, requires_grad: bool = False,
) -> Any:  # fmt: skip
    """Kaiser's window: equation (4); β ≥ 0 bends it."""
    if beta < 0:
        raise ValueError(f"beta must be non-negative, got: {beta} instead.")
    return _made("kaiser", M, lambda: bessel(phase(M, sym), beta), dtype, layout, device,
                 requires_grad)  # fmt: skip


def cosine(
    M: int, *, sym: bool = True, dtype: Any = None, layout: Any = dtypes.strided,
    device: Any = None, requires_grad: bool = False,
) -> Any:  # fmt: skip
    """Half a wave of the sine: equation (5)."""

    def values() -> np.ndarray:
        return np.sin(np.pi * (np.arange(M) + 0.5) / (M if sym else M + 1))  # (5)

    return _made("cosine", M, values, dtype, layout, device, requires_grad)


def exponential(
    M: int, *, center: float | None = None, tau: float = 1.0, sym: bool = True, dtype: Any = None,
    layout: Any = dtypes.strided, device: Any = None, requires_grad: bool = False,
) -> Any:  # fmt: skip
    """A decay from the centre to both sides: equation (6).

    Args:
        center  c, of periodic windows only (default: the middle)
        tau     τ > 0, after how many samples it has fallen to 1/e (default 1)
    """
    if tau <= 0:
        raise ValueError(f"Tau must be positive, got: {tau} instead.")
    if sym and center is not None:
        raise ValueError("Center must be None for symmetric windows")
    n = _centred(M, sym) if center is None else np.arange(M) - center
    return _made("exponential", M, lambda: np.exp(-np.abs(n) / tau), dtype, layout, device,
                 requires_grad)  # (6)  # fmt: skip


def gaussian(
    M: int, *, std: float = 1.0, sym: bool = True, dtype: Any = None,
    layout: Any = dtypes.strided, device: Any = None, requires_grad: bool = False,
) -> Any:  # fmt: skip
    """A bell curve: equation (7).

    Args: std  σ > 0 in samples (default 1)
    """
    if std <= 0:
        raise ValueError(f"Standard deviation must be positive, got: {std} instead.")
    n = _centred(M, sym)
    return _made("gaussian", M, lambda: np.exp(-0.5 * np.square(n / std)), dtype, layout, device,
                 requires_grad)  # (7)  # fmt: skip
