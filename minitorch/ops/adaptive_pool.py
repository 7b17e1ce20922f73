"""Adaptive pooling: windows chosen so that a wanted output size comes out.

    window y covers the lines ⌊y·H/OH⌋ … ⌈(y + 1)·H/OH⌉ − 1 (and so across)               (1)
    mean: every place of the window gets g / (its size)                                    (2)
    maximum: the place of the maximum gets g                                               (3)

Neighbouring windows overlap by a line where OH does not divide H.
"""

from __future__ import annotations

from functools import partial
from itertools import product
from math import prod
from operator import index
from typing import Any

import numpy as np

from .. import errors
from ..autograd.rule import Array, op
from .operands import not_implemented
from .pool_windows import check_ndim, flat, one, squeeze


def _mean_or_pool(dims: int, input: Any, output_size: Any, **_: Any) -> str:
    sizes = tuple(output_size) if isinstance(output_size, (tuple, list)) else (output_size,) * dims
    return "MeanBackward1" if set(sizes) == {1} else f"AdaptiveAvgPool{dims}DBackward0"


def _bounds(size: int, out: int) -> list[tuple[int, int]]:
    """(1): [start, stop) of each of `out` windows."""
    return [(i * size // out, -(-(i + 1) * size // out)) for i in range(out)]


@op(name=partial(_mean_or_pool, 2))
def adaptive_avg_pool2d(input: Array, output_size):
    """The mean of windows (1) that give the output size asked for.

    Shape: input (N, C, H, W) or (C, H, W); result (N, C, *output_size).
    Args: output_size: an int, or one for each direction; None in it keeps that size.
    Raises: RuntimeError for a negative size or an empty image.
    Source: PyTorch documentation, AdaptiveAvgPool2d.
    """
    return _adaptive_avg("adaptive_avg_pool2d", 2, input, output_size)


@op(name=partial(_mean_or_pool, 3))
def adaptive_avg_pool3d(input: Array, output_size):
    """The mean of windows (1) of a volume.

    Shape: input (N, C, D, H, W) or (C, D, H, W); result (N, C, *output_size).
    Args and Raises: as `adaptive_avg_pool2d`.
    Source: PyTorch documentation, AdaptiveAvgPool3d.
    """
    return _adaptive_avg("adaptive_avg_pool3d", 3, input, output_size)


@op(name=squeeze)
def adaptive_avg_pool1d(input: Array, output_size):
    """The mean of windows (1) of a sequence: `adaptive_avg_pool2d` at height 1.

    Shape: input (N, C, L) or (C, L); result (N, C, output_size).
    Source: PyTorch documentation, AdaptiveAvgPool1d.
    """
    name = "adaptive_avg_pool1d"
    check_ndim(name, input, 2)
    image, size = input[..., None, :], (1, one(name, "output_size", output_size))
    return flat(_mean_windows(image, _adaptive_size(name, 2, image, size)))


def _adaptive_avg(name: str, dims: int, input: Any, output_size: Any) -> Any:
    sizes = _adaptive_size(name, dims, input, output_size)
    if set(sizes) == {1} and input.dtype.kind != "f":
        raise RuntimeError(
            "mean(): could not infer output dtype. Input dtype must be either a floating point "
            "or complex dtype."
        )
    return _mean_windows(input, sizes)


def _mean_windows(input: Any, sizes: tuple[int, ...]) -> Any:
    """The mean of means: one direction after the other."""
    if input.dtype.kind != "f":
        raise not_implemented("adaptive_avg_pool2d", input)
    dtype, x, stages = input.dtype, input, []
    wide = np.dtype(np.float32) if dtype == np.float16 else dtype
    for axis, n in enumerate(sizes, -len(sizes)):
        bounds = _bounds(x.shape[axis], n)
        out = np.empty((*x.shape[:axis], n, *x.shape[axis:][1:]), wide)
        for i, (a, b) in enumerate(bounds):
            x[_part(axis, slice(a, b))].mean(axis, dtype=wide, out=out[_part(axis, i)])
        stages.append((axis, x.shape, bounds))
        x = out

    def vjp(g):
        for axis, shape, bounds in reversed(stages):
            d = np.zeros(shape, wide)
            for i, (a, b) in enumerate(bounds):
                d[_part(axis, slice(a, b))] += g[_part(axis, slice(i, i + 1))] / wide.type(b - a)
            g = d  # (2)
        return g

    return x.astype(dtype, copy=False), vjp


def _part(axis: int, where: Any) -> Any:
    """The index of a part along a direction that is counted from the last one, −1."""
    return (..., where, *(slice(None),) * (-axis - 1))


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
    return _adaptive_max("adaptive_max_pool2d", 2, input, output_size, return_indices)


@op(name="AdaptiveMaxPool3D")
def adaptive_max_pool3d(input: Array, output_size, return_indices=False):
    """The maximum of windows (1) of a volume.

    Shape: input (N, C, D, H, W) or (C, D, H, W); result (N, C, *output_size).
    Args and Raises: as `adaptive_max_pool2d`.
    Source: PyTorch documentation, AdaptiveMaxPool3d.
    """
    return _adaptive_max("adaptive_max_pool3d", 3, input, output_size, return_indices)


@op(name=squeeze)
def adaptive_max_pool1d(input: Array, output_size, return_indices=False):
    """The maximum of windows (1) of a sequence: `adaptive_max_pool2d` at height 1.

    Shape: input (N, C, L) or (C, L); result (N, C, output_size).
    Source: PyTorch documentation, AdaptiveMaxPool1d.
    """
    name = "adaptive_max_pool1d"
    check_ndim(name, input, 2)
    size = (1, one(name, "output_size", output_size))
    return flat(_adaptive_max(name, 2, input[..., None, :], size, return_indices))


def _adaptive_max(
    name: str, dims: int, input: Any, output_size: Any, return_indices: bool
) -> Any:
    sizes = _adaptive_size(name, dims, input, output_size)
    if input.dtype.kind != "f":
        raise not_implemented(name, input)
    lead, size, shape = input.shape[:-dims], input.shape[-dims:], input.shape
    out = np.empty((*lead, *sizes), input.dtype)
    places = np.empty(out.shape, np.int64)
    for to in product(*map(range, sizes)):
        bounds = [_bounds(n, o)[i] for n, o, i in zip(size, sizes, to)]
        here: Any = (..., *to)
        window = input[(..., *(slice(a, b) for a, b in bounds))]
        flat_window = window.reshape(*lead, prod(window.shape[-dims:]))
        won = flat_window.argmax(-1)  # the first of several, and NaN before all
        out[here] = np.take_along_axis(flat_window, won[..., None], -1)[..., 0]
        within = np.unravel_index(won, window.shape[-dims:])
        at = [i + a for i, (a, _) in zip(within, bounds)]
        places[here] = np.ravel_multi_index(at, size)

    def vjp(g, _=None):
        d = np.zeros(shape, g.dtype)
        planes = prod(lead)
        at = places.reshape(planes, prod(sizes)) + np.arange(planes)[:, None] * prod(size)
        np.add.at(d.reshape(-1), at.ravel(), g.ravel())  # (3); windows may overlap
        return d

    return ((out, places) if return_indices else out), vjp


def _adaptive_size(name: str, dims: int, input: Any, output_size: Any) -> tuple[int, ...]:
    if input.ndim < dims + 1 and isinstance(output_size, (tuple, list)):
        raise ValueError(f"Input dimension should be at least {dims + 1}, but got {input.ndim}")
    if input.ndim not in (dims + 1, dims + 2):
        raise RuntimeError(
            f"{name}(): Expected {dims + 1}D or {dims + 2}D tensor, but got "
            f"{errors.shape_text(input.shape)}"
        )
    if not isinstance(output_size, (tuple, list)):
        output_size = (index(output_size),) * dims
    if len(output_size) != dims:
        raise RuntimeError(f"{name}: output_size must be {dims}")
    size = input.shape[-dims:]
    sizes = tuple(n if o is None else index(o) for o, n in zip(output_size, size))
    if min(sizes) < 0:
        raise RuntimeError(
            f"{name}: elements of output_size must be greater than or equal to 0 but received "
            f"{{{', '.join(map(str, sizes))}}}"
        )
    first = max(input.ndim - dims - 1, 0) if "max" in name else input.ndim - dims
    for i in range(first, input.ndim):
        if input.shape[i] == 0:
            raise RuntimeError(
                f"{name}(): Expected input to have non-zero size for non-batch dimensions, but "
                f"input has sizes {errors.shape_text(input.shape)} with dimension {i} being empty"
            )
    return sizes
