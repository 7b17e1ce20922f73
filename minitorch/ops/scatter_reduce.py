"""The arithmetic of scatter_reduce: many elements meet at one place and leave one result.

With n[p] the number of elements at place p (the tensor's own included if include_self) and r the
result:

    sum        ∂ = g                              mean       ∂ = g / n                        (1)
    amax/amin  ∂ = g / ties where x = r, else 0   prod       ∂ = g · product of the others    (2)

Places where nothing falls keep the tensor's own element, and its gradient.
"""

from __future__ import annotations

from typing import Any

import numpy as np


def _start(out: np.ndarray, at: np.ndarray, reduce: str, include_self: bool) -> None:
    """Without include_self the places that are written start from the neutral element."""
    if not include_self:
        low, high = (-np.inf, np.inf) if out.dtype.kind == "f" else (0, 1)
        if out.dtype.kind in "iu":
            limits = np.iinfo(out.dtype)
            low, high = limits.min, limits.max
        out[at] = {"sum": 0, "mean": 0, "prod": 1, "amax": low, "amin": high}[reduce]


_UFUNCS = {
    "sum": np.add,
    "mean": np.add,
    "prod": np.multiply,
    "amax": np.maximum,
    "amin": np.minimum,
}


def _combine(
    base: np.ndarray, at: np.ndarray, src: np.ndarray, reduce: str, include_self: bool
) -> np.ndarray:
    out = base.copy()
    _start(out, at, reduce, include_self)
    _UFUNCS[reduce].at(out, at, src)
    return out


def reduce_elements(
    input: np.ndarray, at: np.ndarray, src: np.ndarray, reduce: str, include_self: bool
) -> tuple[np.ndarray, Any]:
    """Reduce the flat `src` into the flat places `at` of `input`: (result, vjp for both)."""
    wide = np.float32 if input.dtype == np.float16 else input.dtype
    own, other = input.reshape(-1).astype(wide), src.astype(wide)
    out = _combine(own, at, other, reduce, include_self)
    touched = np.zeros(own.size, bool)
    touched[at] = True
    counts = np.bincount(at, minlength=own.size) + (1 if include_self else 0)
    if reduce == "mean":
        n = np.maximum(counts, 1)
        out = np.where(touched, out / n if out.dtype.kind == "f" else out // n, out).astype(wide)
    kept = 1.0 if include_self else ~touched  # how much of the own element's gradient stays

    def vjp(g: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        g = g.reshape(-1)
        if reduce == "sum":  # (1)
            d_own, d_src = g * kept, g[at]
        elif reduce == "mean":
            share = np.where(touched, g / np.maximum(counts, 1), g)
            d_own, d_src = share * kept, share[at]
        elif reduce == "prod":
            d_own, d_src = _prod_gradients(g, own, at, other, include_self)
            d_own = np.where(touched, d_own, g) * kept
        else:  # (2)
            win_own, win_src = own == out, other == out[at]
            ties = np.bincount(at, win_src, own.size) + (win_own if include_self else 0)
            share = np.where(touched, g / np.maximum(ties, 1), g).astype(g.dtype)
            d_own, d_src = share * win_own * kept, share[at] * win_src
        return d_own.astype(g.dtype).reshape(input_shape), d_src.astype(g.dtype)

    input_shape = input.shape
    return out.astype(input.dtype).reshape(input_shape), vjp


def _prod_gradients(
    g: np.ndarray, own: np.ndarray, at: np.ndarray, src: np.ndarray, include_self: bool
) -> tuple[np.ndarray, np.ndarray]:
    """g times the product of all *other* elements of a place: zeros are counted, not divided by."""
    nonzero_own, nonzero_src = np.where(own == 0, 1, own), np.where(src == 0, 1, src)
    product = _combine(nonzero_own, at, nonzero_src, "prod", include_self)
    zeros = np.bincount(at, src == 0, own.size) + ((own == 0) if include_self else 0)
    others_own = np.where(zeros - (own == 0) == 0, product / nonzero_own, 0)
    others_src = np.where(zeros[at] - (src == 0) == 0, product[at] / nonzero_src, 0)
    return g * others_own, g[at] * others_src
