"""Reading an image at places between its pixels: what rotate, affine and perspective need.

A grid holds, for each output pixel, the place in the input to read, as (x, y) with −1 at the left
(top) edge of the image and +1 at the right (bottom) edge. In pixels:

    px = ((x + 1)·W − 1) / 2,   py likewise with H                                     (1)

    nearest     out = I[⌊py + ½⌋, ⌊px + ½⌋]  (ties to even), 0 outside                 (2)
    bilinear    out = Σ over the 2 × 2 pixels around (px, py) of their share · pixel,
                share = (1 − |px − column|)·(1 − |py − row|), 0 outside                (3)
    bicubic     the 4 × 4 pixels around, for elastic transforms only (`ops.grid.grid_sample`)

Source: Jaderberg et al., "Spatial Transformer Networks", 2015, eq. 3-5.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ... import dtypes
from ...autograd.graph import TensorBase, wrap
from ...autograd.rule import Array, op
from ...ops.choose import where
from ...ops.grid import grid_sample
from ...ops.joining import cat
from ...random.rounding import fma32, fma64
from .interpolation import InterpolationMode


@op(name="GridSampler2D")
def _grid_sample(input: Array, grid: np.ndarray, nearest: bool):
    """Equations (2) and (3) for images (N, C, H, W) and one grid (H', W', 2) for all of them."""
    N, C, H, W = input.shape
    px, py = _to_pixels(grid[..., 0], W), _to_pixels(grid[..., 1], H)  # (H', W')
    flat = input.reshape(N * C, H * W)
    out = np.zeros((N * C, px.size), input.dtype)
    taps = []
    for column, row, share in _nearest(px, py) if nearest else _around(px, py):
        inside = ((column >= 0) & (column < W) & (row >= 0) & (row < H)).ravel()
        place = row.astype(np.float64) * W + column  # float16 counts no further than 2048
        at = np.where(inside, place.ravel(), 0).astype(np.intp)
        weight = inside.astype(input.dtype) if share is None else np.where(inside, share.ravel(), 0)
        taps.append((at, weight))
        pixels = np.where(inside, flat[:, at], 0)  # not flat·0 outside: 0·inf is NaN
        if nearest:
            out[...] = pixels  # (2)
        else:  # (3), each term multiplied and added in one rounding as PyTorch's kernel does
            out[...] = pixels.astype(np.float64) * weight + out

    def vjp(g: Array) -> Array:
        d, g = np.zeros_like(flat), g.reshape(N * C, -1)
        for at, weight in taps:  # each input pixel collects its shares of the outputs
            np.add.at(d.T, at, (g * weight).T)
        return d.reshape(N, C, H, W)

    return out.reshape(N, C, *px.shape), vjp


def _to_pixels(x: np.ndarray, size: int) -> np.ndarray:
    """Equation (1) as (x + 1)·size/2 − ½, rounded where PyTorch's kernels round.

    That decides which pixel is nearest where two are equally near: at every turn by 90°.
    """
    moved, half = x + x.dtype.type(1), size / 2
    if x.dtype == np.float16:
        return moved * np.float16(half) - np.float16(0.5)
    if x.dtype == np.float32:
        return fma32(moved.astype(np.float64), half, -0.5)  # (1)
    return fma64(moved, half, -0.5)


def _nearest(px: np.ndarray, py: np.ndarray) -> list[Any]:
    return [(np.rint(px), np.rint(py), None)]


def _around(px: np.ndarray, py: np.ndarray) -> list[Any]:
    """(column, row, share) of the pixels left above, right above, left below, right below."""
    left, top = np.floor(px), np.floor(py)
    right, below = px - left, py - top
    return [
        (left, top, (1 - below) * (1 - right)),
        (left + 1, top, (1 - below) * right),
        (left, top + 1, below * (1 - right)),
        (left + 1, top + 1, below * right),
    ]


def _sampled(planes: Any, grid: np.ndarray, mode: InterpolationMode) -> Any:
    if mode is InterpolationMode.BICUBIC:
        grids = wrap(np.broadcast_to(grid, (planes.shape[0], *grid.shape)))
        return grid_sample(planes, grids, "bicubic", align_corners=False)
    return _grid_sample(planes, grid, mode is InterpolationMode.NEAREST)


def warp(img: Any, grid: np.ndarray, mode: InterpolationMode, fill: Any) -> Any:
    """The tensor image read at the grid; places outside get `fill`.

    How much of an output pixel lies inside is found by warping an image of ones, m:

        nearest     out = fill where m < ½
        else        out = m·warped + (1 − m)·fill

    Integer images are computed in floating point and rounded.
    """
    shape, dtype = img._data.shape, img.dtype
    planes = img.to(dtypes.from_numpy(grid.dtype))
    if shape[-1] == 0 or shape[-2] == 0:
        raise RuntimeError(
            "grid_sampler(): expected input to have non-empty spatial dimensions, but input has "
            f"sizes {list(shape)}"
        )
    planes = planes.reshape((1,) * (4 - len(shape)) + tuple(shape))
    nearest = mode is InterpolationMode.NEAREST
    if fill is None:
        out = _sampled(planes, grid, mode)
    else:
        ones = wrap(np.ones((planes.shape[0], 1, *shape[-2:]), grid.dtype))
        both = _sampled(cat((planes, ones), 1), grid, mode)
        out, inside = both[:, :-1], both[:, -1:]
        values = [float(v) for v in fill] if isinstance(fill, (tuple, list)) else [float(fill)]
        colour = wrap(np.array(values, grid.dtype).reshape(1, -1, 1, 1))
        if nearest:
            out = where(inside < 0.5, colour, out)
        else:
            out = out * inside + (1.0 - inside) * colour
    if dtype != out.dtype:
        whole = img._data.dtype.kind in "iu"
        out = (out.round() if whole else out).to(dtype)
    return out.reshape(tuple(shape[:-2]) + tuple(out.shape[-2:]))


def check_differentiable(name: str, value: Any) -> None:
    """Gradients flow to the image only; a grid that wants one is refused."""
    if isinstance(value, TensorBase) and value.requires_grad:  # type: ignore[attr-defined]
        raise NotImplementedError(f"{name} requires grad: only the image has a gradient here")
