"""Adaptive pooling: windows chosen so that a wanted output size comes out.

    window y covers the lines ⌊y·H/OH⌋ … ⌈(y + 1)·H/OH⌉ − 1 (and so across)               (1)
    mean: every place of the window gets g / (its size)                                    (2)
    maximum: the place of the maximum gets g                                               (3)

Neighbouring windows overlap by a line where OH does not divide H.
"""

from __future__ import annotations

from operator import index
from typing import Any

import numpy as np

from .. import errors
from ..autograd.rule import Array, op
from .operands import not_implemented
from .pool import check_ndim, flat, one, squeeze


def _mean_or_pool(input: Any, output_size: Any, **_: Any) -> str:
    whole = output_size in (1, (1, 1), [1, 1])
    return "MeanBackward1" if whole else "AdaptiveAvgPool2DBackward0"


def _bounds(size: int, out: int) -> list[tuple[int, int]]:
    """(1): [start, stop) of each of `out` windows."""
    return [(i * size // out, -(-(i + 1) * size // out)) for i in range(out)]


@op(name=_mean_or_pool)
def adaptive_avg_pool2d(input: Array, output_size):
    """The mean of windows (1) that give the output size asked for.

    Shape: input (N, C, H, W) or (C, H, W); result (N, C, *output_size).
    Args: output_size: an int, or one for each direction; None in it keeps that size.
    Raises: RuntimeError for a negative size or an empty image.
    Source: PyTorch documentation, AdaptiveAvgPool2d.
    """
    name = "adaptive_avg_pool2d"
    OH, OW = _adaptive_size(name, input, output_size)
    if (OH, OW) == (1, 1) and input.dtype.kind != "f":
        raise RuntimeError(
            "mean(): could not infer output dtype. Input dtype must be either a floating point "
            "or complex dtype."
        )
    return _adaptive_avg(input, OH, OW)


@op(name=squeeze)
def adaptive_avg_pool1d(input: Array, output_size):
    """The mean of windows (1) of a sequence: `adaptive_avg_pool2d` at height 1.

    Shape: input (N, C, L) or (C, L); result (N, C, output_size).
    Source: PyTorch documentation, AdaptiveAvgPool1d.
    """
    name = "adaptive_avg_pool1d"
    check_ndim(name, input, 2)
    image = input[..., None, :]
    OH, OW = _adaptive_size(name, image, (1, one(name, "output_size", output_size)))
    return flat(_adaptive_avg(image, OH, OW))


def _adaptive_avg(input: Any, OH: int, OW: int) -> Any:
    if input.dtype.kind != "f":
        raise not_implemented("adaptive_avg_pool2d", input)
    *lead, H, W = shape = input.shape
    rows, columns = _bounds(H, OH), _bounds(W, OW)
    dtype = input.dtype
    wide = np.float32 if dtype == np.float16 else dtype
    lines = np.empty((*lead, OH, W), wide)
    for i, (a, b) in enumerate(rows):
        input[..., a:b, :].mean(-2, dtype=wide, out=lines[..., i, :])
    out = np.empty((*lead, OH, OW), wide)
    for j, (a, b) in enumerate(columns):
        lines[..., a:b].mean(-1, out=out[..., j])

    def vjp(g):
        lines = np.zeros((*lead, OH, W), wide)
        for j, (a, b) in enumerate(columns):
            lines[..., a:b] += g[..., j : j + 1] / wide_type(b - a)
        d = np.zeros(shape, wide)
        for i, (a, b) in enumerate(rows):
            d[..., a:b, :] += lines[..., i : i + 1, :] / wide_type(b - a)  # (2)
        return d

    wide_type = np.dtype(wide).type
    return out.astype(dtype, copy=False), vjp


@op(name="AdaptiveMaxPool2D")
def adaptive_max_pool2d(input: Array, output_size, return_indices=False):
    """The maximum of windows (1) that give the output size asked for.

    Shape: input (N, C, H, W) or (C, H, W); result (N, C, *output_size).
    Args:
        output_size: an int, or one for each direction; None in it keeps that size.
        return_indices: also give the winners' places in the flattened image (default False).
    Raises: RuntimeError for a negative size or an empty image.
    Source: PyTorch documentation, AdaptiveMaxPool2d.
    """
    OH, OW = _adaptive_size("adaptive_max_pool2d", input, output_size)
    return _adaptive_max(input, OH, OW, return_indices)


@op(name=squeeze)
def adaptive_max_pool1d(input: Array, output_size, return_indices=False):
    """The maximum of windows (1) of a sequence: `adaptive_max_pool2d` at height 1.

    Shape: input (N, C, L) or (C, L); result (N, C, output_size).
    Source: PyTorch documentation, AdaptiveMaxPool1d.
    """
    name = "adaptive_max_pool1d"
    check_ndim(name, input, 2)
    image = input[..., None, :]
    OH, OW = _adaptive_size(name, image, (1, one(name, "output_size", output_size)))
    return flat(_adaptive_max(image, OH, OW, return_indices))


def _adaptive_max(input: Any, OH: int, OW: int, return_indices: bool) -> Any:
    if input.dtype.kind != "f":
        raise not_implemented("adaptive_max_pool2d", input)
    *lead, H, W = shape = input.shape
    out = np.empty((*lead, OH, OW), input.dtype)
    places = np.empty(out.shape, np.int64)
    for i, (a, b) in enumerate(_bounds(H, OH)):
        for j, (c, d) in enumerate(_bounds(W, OW)):
            window = input[..., a:b, c:d].reshape(*lead, (b - a) * (d - c))
            won = window.argmax(-1)  # the first of several, and NaN before all
            out[..., i, j] = np.take_along_axis(window, won[..., None], -1)[..., 0]
            places[..., i, j] = (a + won // (d - c)) * W + c + won % (d - c)

    def vjp(g, _=None):
        d = np.zeros(shape, g.dtype)
        planes = int(np.prod(lead)) if lead else 1
        flat = places.reshape(planes, OH * OW) + np.arange(planes)[:, None] * (H * W)
        np.add.at(d.reshape(-1), flat.ravel(), g.ravel())  # (3); windows may overlap
        return d

    return ((out, places) if return_indices else out), vjp


def _adaptive_size(name: str, input: Any, output_size: Any) -> tuple[int, int]:
    if input.ndim < 3 and isinstance(output_size, (tuple, list)):
        raise ValueError(f"Input dimension should be at least 3, but got {input.ndim}")
    if input.ndim not in (3, 4):
        raise RuntimeError(
            f"{name}(): Expected 3D or 4D tensor, but got {errors.shape_text(input.shape)}"
        )
    if not isinstance(output_size, (tuple, list)):
        output_size = (index(output_size),) * 2
    if len(output_size) != 2:
        raise RuntimeError(f"{name}: output_size must be 2")
    h, w = (index(o) if o is not None else n for o, n in zip(output_size, input.shape[-2:]))
    if h < 0 or w < 0:
        raise RuntimeError(
            f"{name}: elements of output_size must be greater than or equal to 0 but received "
            f"{{{h}, {w}}}"
        )
    first = max(input.ndim - 3, 0) if "max" in name else input.ndim - 2
    for i in range(first, input.ndim):
        if input.shape[i] == 0:
            raise RuntimeError(
                f"{name}(): Expected input to have non-zero size for non-batch dimensions, but "
                f"input has sizes {errors.shape_text(input.shape)} with dimension {i} being empty"
            )
    return h, w
