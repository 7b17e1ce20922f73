"""Reading an image at any places: the two halves of a spatial transformer.

`affine_grid` says where each output pixel looks, in coordinates from −1 to 1 across the image;
`grid_sample` looks there, between the pixels. Along one direction of n pixels

    t = (u + 1)·(n − 1)/2      align_corners=True:  −1 and 1 are the middles of the outer pixels (1)
    t = ((u + 1)·n − 1)/2      align_corners=False: −1 and 1 are their outer edges               (2)

is the place in pixels, from which a few taps i (the neighbours) are read with weights w(t − i):

    out[p] = Σᵢⱼ w(y − i)·w(x − j)·in[i, j]                                                      (3)
    ∂in[i, j] = Σₚ w·w·g[p],      ∂x = Σᵢⱼ w(y − i)·w′(x − j)·in[i, j]·g[p] · ∂x/∂u              (4)

Source: Jaderberg et al. 2015, Spatial Transformer Networks, arXiv:1506.02025.
"""

from __future__ import annotations

import warnings
from itertools import product
from math import prod
from typing import Any

import numpy as np

from .. import errors
from ..autograd.rule import Array, op
from .accumulate import add_rows
from .operands import dtype_title, not_implemented

_MODES = ("bilinear", "nearest", "bicubic")
_PADDING = ("zeros", "border", "reflection")


def _warn(function: str) -> None:
    warnings.warn(
        "Default grid_sample and affine_grid behavior has changed to align_corners=False since "
        "1.3.0. Please specify align_corners=True if the old behavior is desired. See the "
        "documentation of grid_sample for details.",
        stacklevel=4,
    )


@op(name="AffineGridGenerator")
def affine_grid(theta: Array, size, align_corners=None):
    """Where each pixel of an output of `size` looks under the affine maps θ.

    out[n, y, x] = θ[n] · (x, y, 1),   x and y the pixel's own coordinates, −1 … 1        (5)
    ∂θ = Σ g · (x, y, 1)ᵀ                                                                 (6)

    Shape: theta (N, 2, 3), size (N, C, H, W) → (N, H, W, 2); theta (N, 3, 4), size
        (N, C, D, H, W) → (N, D, H, W, 3). The last axis is x, y(, z).
    Args:
        align_corners: (1) instead of (2) (default None: False, with a warning).
    Raises: ValueError for theta of another shape or dtype or an empty size.
    Example:
        >>> import minitorch as torch
        >>> identity = torch.tensor([[[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]])
        >>> torch.nn.functional.affine_grid(identity, (1, 1, 1, 3), align_corners=True)
        tensor([[[[-1.,  0.],
                  [ 0.,  0.],
                  [ 1.,  0.]]]])

    Source: PyTorch documentation, affine_grid.
    """
    if align_corners is None:
        _warn("affine_grid")
    if theta.dtype.kind != "f":
        raise ValueError(
            f"Expected theta to have floating point type, but got torch.{theta.dtype.name}"
        )
    size = tuple(size)
    dims = len(size) - 2
    if dims not in (2, 3):
        raise NotImplementedError(
            "affine_grid only supports 4D and 5D sizes, for 2D and 3D affine transforms, "
            f"respectively. Got size {size}."
        )
    if theta.ndim != 3 or theta.shape[1:] != (dims, dims + 1):
        raise ValueError(
            f"Expected a batch of {dims}D affine matrices of shape Nx{dims}x{dims + 1} for size "
            f"{size}. Got {errors.shape_text(theta.shape)}."
        )
    if min(size) <= 0:
        raise ValueError(f"Expected non-zero, positive output size. Got {size}")
    if theta.shape[0] != size[0]:
        raise RuntimeError(
            f"Expected theta for each of the {size[0]} images, but got {theta.shape[0]}"
        )
    own = np.ones((*size[2:], dims + 1))
    for axis, n in enumerate(size[2:]):
        u = np.linspace(-1, 1, n) if n > 1 else np.zeros(1)
        u = u if align_corners else u * (n - 1) / n
        own[..., dims - 1 - axis] = u.reshape(-1, *(1,) * (dims - 1 - axis))
    own = own.reshape(-1, dims + 1).astype(theta.dtype)
    out = own @ theta.swapaxes(1, 2)  # (5)

    def vjp(g):
        return g.reshape(len(g), -1, dims).swapaxes(1, 2) @ own  # (6)

    return out.reshape(size[0], *size[2:], dims), vjp


def _node_name(input: Any, *rest: Any, **options: Any) -> str:
    return f"GridSampler{input.ndim - 2}DBackward0"


@op(name=_node_name)
def grid_sample(
    input: Array, grid: Array, mode="bilinear", padding_mode="zeros", align_corners=None, *, need
):
    """The image at the places of a grid: equations (1)-(4) of this file.

    Shape: input (N, C, H, W), grid (N, OH, OW, 2) with x, y in −1 … 1 → (N, C, OH, OW);
        input (N, C, D, H, W), grid (N, OD, OH, OW, 3) → (N, C, OD, OH, OW).
    Args:
        mode: 'bilinear' (default; the 2ᵈ neighbours), 'nearest', 'bicubic' (16, images only).
        padding_mode: outside the image: 'zeros' (default), 'border' (the nearest pixel), or
            'reflection' (mirrored at the border, as often as needed).
        align_corners: (1) instead of (2) (default None: False, with a warning).
    Raises: ValueError for another mode; RuntimeError for shapes or dtypes that do not fit.
    Source: PyTorch documentation, grid_sample.
    """
    for what, value, allowed in (("mode", mode, _MODES), ("padding_mode", padding_mode, _PADDING)):
        if value not in allowed:
            raise ValueError(
                f"nn.functional.grid_sample(): expected {what} to be one of {allowed}, but got: "
                f"{value!r}"
            )
    if align_corners is None:
        _warn("grid_sample")
    _check(input, grid, mode)
    dims, size, out_size = input.ndim - 2, input.shape[2:], grid.shape[1:-1]
    (N, C), dtype = input.shape[:2], input.dtype
    wide = np.dtype(np.float32) if dtype == np.float16 else dtype
    # one list of taps a direction, the last direction being the grid's first number
    directions = [
        _taps(
            grid[..., dims - 1 - axis].reshape(N, -1).astype(wide),
            n, mode, padding_mode, align_corners,
        )
        for axis, n in enumerate(size)
    ]  # fmt: skip
    pixels = np.ascontiguousarray(np.moveaxis(input.astype(wide, copy=False), 1, -1))
    pixels = pixels.reshape(-1, C)  # row n·S + place: all channels of a pixel
    first = (np.arange(N) * prod(size))[:, None]
    out = np.zeros((N, prod(out_size), C), wide)
    for taps in product(*directions):
        at, weight = _place(taps, size) + first, _product([w for _, w, _ in taps])
        out += pixels[at] * weight[..., None]  # (3)
    shape, grid_shape = input.shape, grid.shape

    def vjp(g):
        g = np.moveaxis(g.astype(wide, copy=False).reshape(N, C, -1), 1, -1)  # (N, P, C)
        d = np.zeros(pixels.shape, wide) if need[0] else None
        dgrid = np.zeros((N, prod(out_size), dims), wide) if need[1] else None
        for taps in product(*directions):
            at = _place(taps, size) + first
            weights = [w for _, w, _ in taps]
            if d is not None:
                rows = g * _product(weights)[..., None]
                d += add_rows(rows.reshape(-1, C), at.reshape(-1), len(d))  # (4)
            if dgrid is not None:
                along = (pixels[at] * g).sum(-1)
                for axis, (_, _, slope) in enumerate(taps):
                    others = weights[:axis] + weights[axis + 1 :]
                    dgrid[..., dims - 1 - axis] += _product([slope, *others]) * along  # (4)
        if d is not None:
            d = np.moveaxis(d.reshape(N, *size, C), -1, 1).reshape(shape)
        return d, (None if dgrid is None else dgrid.reshape(grid_shape))

    return np.moveaxis(out, -1, 1).reshape(N, C, *out_size).astype(dtype, copy=False), vjp


def _product(factors: Any) -> Any:
    result = factors[0]
    for factor in factors[1:]:
        result = result * factor
    return result


def _place(taps: Any, size: Any) -> Any:
    """The flattened place of one tap in every direction."""
    place = 0
    for (i, _, _), n in zip(taps, size):
        place = place * n + i
    return place


def _taps(u: Any, n: int, mode: str, padding: str, corners: Any) -> list[Any]:
    """Along one direction: for each tap (its pixel i, its weight w, ∂w/∂u)."""
    scale = (n - 1) / 2 if corners else n / 2
    t = (u + 1) * u.dtype.type(scale) - u.dtype.type(0 if corners else 0.5)  # (1), (2)
    if mode == "bicubic":
        first = np.floor(t)
        taps = []
        for k in range(-1, 3):
            w, slope = _cubic(t - (first + k))
            i, _ = _kept_inside(first + k, n, padding, corners)
            taps.append(_tap(i, w, slope * scale, n))
        return taps
    t, turn = _kept_inside(t, n, padding, corners)
    if mode == "nearest":
        return [_tap(np.rint(t), np.ones_like(t), np.zeros_like(t), n)]
    low = np.floor(t)
    slope = turn * u.dtype.type(scale)
    return [_tap(low, low + 1 - t, -slope, n), _tap(low + 1, t - low, slope, n)]


def _tap(i: Any, w: Any, slope: Any, n: int) -> Any:
    """A tap outside the image counts nothing: pixel 0 with weight 0."""
    inside = (i >= 0) & (i < n)
    i, w, slope = (np.where(inside, a, 0) for a in (i, w, slope))
    return i.astype(np.int64), w, slope


def _kept_inside(t: Any, n: int, padding: str, corners: Any) -> tuple[Any, Any]:
    """A place as the padding mode moves it into the image, and ∂moved/∂t (−1, 0 or 1)."""
    if padding == "zeros":
        return t, np.ones_like(t)
    turn = np.ones_like(t)
    if padding == "reflection":
        low, span = (0.0, n - 1) if corners else (-0.5, n)
        if span == 0:
            return np.zeros_like(t), np.zeros_like(t)
        turn = np.where(t < low, -turn, turn)
        away = np.abs(t - low)
        odd = np.floor(away / span) % 2 == 1
        extra = np.fmod(away, span)
        t = np.where(odd, span - extra, extra) + t.dtype.type(low)
        turn = np.where(odd, -turn, turn)
    turn = np.where((t <= 0) | (t >= n - 1), 0, turn)
    return np.clip(t, 0, n - 1), turn


def _cubic(t: Any) -> tuple[Any, Any]:
    """Keys' cubic with a = −3/4 at distance t, and its slope."""
    a, s = -0.75, np.abs(t)
    near = ((a + 2) * s - (a + 3)) * s * s + 1
    far = ((a * s - 5 * a) * s + 8 * a) * s - 4 * a
    near_slope = (3 * (a + 2) * s - 2 * (a + 3)) * s
    far_slope = (3 * a * s - 10 * a) * s + 8 * a
    inner = s <= 1
    return np.where(inner, near, far), np.where(inner, near_slope, far_slope) * np.sign(t)


def _check(input: Any, grid: Any, mode: str) -> None:
    given = (
        f"but got input with sizes {errors.shape_text(input.shape)} and grid with sizes "
        f"{errors.shape_text(grid.shape)}"
    )
    if input.ndim < 3 or grid.ndim < 1 or grid.shape[-1] != input.ndim - 2:
        raise RuntimeError(
            f"grid_sampler(): expected grid to have size {input.ndim - 2} in last dimension, "
            + given
        )
    if len(input) != len(grid):
        raise RuntimeError(
            f"grid_sampler(): expected grid and input to have same batch size, {given}"
        )
    if input.ndim not in (4, 5) or grid.ndim != input.ndim:
        raise RuntimeError(
            "grid_sampler(): expected 4D or 5D input and grid with same number of dimensions, "
            + given
        )
    if input.ndim == 5 and mode == "bicubic":
        raise RuntimeError("grid_sampler(): bicubic interpolation only supports 4D input")
    if 0 in input.shape[2:]:
        raise RuntimeError(
            f"grid_sampler(): expected input to have non-empty spatial dimensions, {given}"
        )
    if input.dtype.kind != "f":
        raise not_implemented(f"grid_sampler_{input.ndim - 2}d_cpu", input)
    if grid.dtype != input.dtype:
        raise RuntimeError(
            f"expected scalar type {dtype_title(input)} but found {dtype_title(grid)}"
        )
