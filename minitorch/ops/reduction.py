"""What a loss does with its elements: `reduction` 'none', 'mean' or 'sum', and its two ancestors.

    'none'  ℓᵢ        'sum'  Σ ℓᵢ        'mean'  Σ ℓᵢ / n                                (1)

``size_average`` and ``reduce`` are how the first PyTorch releases said the same.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

_LEGACY = "size_average and reduce args will be deprecated, please use reduction='{}' instead."


def legacy_reduction(size_average: Any, reduce: Any, warn: bool = True) -> str:
    """The `reduction` that the deprecated pair stands for (None means True), with a warning.

    >>> legacy_reduction(size_average=False, reduce=None, warn=False)
    'sum'
    """
    if reduce is not None and not reduce:
        reduction = "none"
    elif size_average is None or size_average:
        reduction = "mean"
    else:
        reduction = "sum"
    if warn:
        warnings.warn(_LEGACY.format(reduction), stacklevel=4)
    return reduction


def chosen_reduction(size_average: Any, reduce: Any, reduction: Any) -> str:
    """'none', 'mean' or 'sum' from a loss's three arguments.

    Raises:
        ValueError: for any other `reduction`.
    """
    if size_average is not None or reduce is not None:
        return legacy_reduction(size_average, reduce)
    if reduction == "elementwise_mean":
        warnings.warn(
            "reduction='elementwise_mean' is deprecated. Please use reduction='mean' instead.",
            stacklevel=4,
        )
        return "mean"
    if reduction not in ("none", "mean", "sum"):
        raise ValueError(f"{reduction} is not a valid value for reduction")
    return reduction


def reduced(loss: np.ndarray, reduction: str, dtype: Any = None) -> tuple[Any, int]:
    """The reduced loss (1) and the n that the mean divides by: 1 for 'none' and 'sum'.

    float16 is added up in float32 and rounded once. `dtype` is the result's, by default loss's.
    """
    dtype = loss.dtype if dtype is None else dtype
    if reduction == "none":
        return loss.astype(dtype, copy=False), 1
    wide = np.dtype(np.float32) if loss.dtype == np.float16 else loss.dtype
    total = loss.sum(dtype=wide)
    n = loss.size if reduction == "mean" else 1
    return np.asarray(total / wide.type(n) if reduction == "mean" else total, dtype), n
