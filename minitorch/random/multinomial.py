"""multinomial: draw category numbers with given weights, with or without putting back.

With replacement, per row:  c = cumsum(weights) / sum,  index = min { i : cᵢ ≥ u },
    u = (random64() mod 2⁵³)·2⁻⁵³, one for each sample                               (1)
Without (or one sample):  qᵢ = weightᵢ / Eᵢ with Eᵢ exponential of rate 1; the largest
    q first: each is the winner of a race that i wins with probability ∝ weightᵢ      (2)

Source: measured against PyTorch 2.13 (x86): equal, except that exact ties of (2) in float32, which
begin to occur when thousands of categories are all drawn, may come in another order.
"""

from __future__ import annotations

import numpy as np

from .fill import DTYPE_NAMES, FLOATS, choose
from .generator import Generator
from .inversion import exponential_


def multinomial(
    probs: np.ndarray, num_samples: int, replacement: bool = False, gen: Generator | None = None
) -> np.ndarray:
    """Draw `num_samples` category numbers per row of weights.

    Shape:
        probs: (K,) or (N, K); result: (num_samples,) or (N, num_samples), int64.

    Args:
        probs: weights ≥ 0, not all zero in a row; they need not sum to 1.
        num_samples: per row; at most K without replacement.
        replacement: whether a category may be drawn again; False by default.
        gen: None: the default generator.

    Raises:
        RuntimeError: a shape, dtype, weight or number of samples that does not fit.

    Example:
        >>> import numpy as np
        >>> from minitorch.random import manual_seed, multinomial
        >>> _ = manual_seed(0)
        >>> multinomial(np.array([0.0, 10, 3, 0], np.float32), 4, replacement=True)
        array([2, 1, 1, 2])
    """
    if probs.ndim not in (1, 2):
        raise RuntimeError("prob_dist must be 1 or 2 dim")
    if probs.dtype not in FLOATS:
        raise RuntimeError(
            "multinomial only supports floating-point dtypes for input, "
            f"got: {DTYPE_NAMES[probs.dtype.name][0]}"
        )
    if num_samples <= 0:
        raise RuntimeError("cannot sample n_sample <= 0 samples")
    if not replacement and num_samples > probs.shape[-1]:
        raise RuntimeError(
            "cannot sample n_sample > prob_dist.size(-1) samples without replacement"
        )
    if probs.size == 0:
        return np.empty((*probs.shape[:-1], num_samples), np.int64)
    generator = choose(gen)
    if replacement and num_samples > 1:
        return _with_replacement(probs, num_samples, generator)
    if not ((probs >= 0) & (probs < np.inf)).all():
        raise RuntimeError("probability tensor contains either `inf`, `nan` or element < 0")
    if (probs.sum(-1) == 0).any():
        raise RuntimeError("invalid multinomial distribution (sum of probabilities <= 0)")
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        q = probs / exponential_(np.empty_like(probs), 1.0, generator)  # (2)
    if num_samples == 1:
        return q.argmax(-1)[..., None]
    return np.argsort(-q, axis=-1, kind="stable")[..., :num_samples].copy()


def _with_replacement(probs: np.ndarray, num_samples: int, generator: Generator) -> np.ndarray:
    """Equation (1), the sums in the dtype of `probs` (float16: in float32)."""
    rows = probs.reshape(-1, probs.shape[-1])
    if rows.dtype == np.float16:
        rows = rows.astype(np.float32)
    if not (rows >= 0).all():
        raise RuntimeError("invalid multinomial distribution (encountering probability entry < 0)")
    if np.isinf(rows).any():
        raise RuntimeError(
            "invalid multinomial distribution (encountering probability entry = infinity or NaN)"
        )
    if (rows.sum(-1) <= 0).any():
        raise RuntimeError("invalid multinomial distribution (sum of probabilities <= 0)")
    samples = np.empty((rows.shape[0], num_samples), np.int64)
    with generator._lock:
        for row, out in zip(rows, samples, strict=True):
            c = np.cumsum(row, dtype=row.dtype)
            c /= c[-1]
            c[-1] = 1
            u = generator._words64(num_samples, 53) * 2.0**-53
            out[...] = np.searchsorted(c.astype(np.float64), u, "left")  # (1)
    return samples.reshape(*probs.shape[:-1], num_samples)
