"""Images made larger or smaller: interpolate, pixel_shuffle and relatives.

Interpolation along one axis is linear in the pixels, so it is a matrix: row i of M says how the
output pixel i mixes the input pixels, and an image is resized by one product per axis:

    y = M_h · x · M_wᵀ                                                                          (1)

Where output pixel i looks in the input, with scale s = size in / size out:

    i·(in − 1)/(out − 1)      align_corners=True: first and last pixels fall on each other      (2)
    (i + ½)·s − ½             otherwise: pixels are little squares                              (3)
"""

from __future__ import annotations

import math
from typing import Any
from warnings import warn

import numpy as np

from ..autograd.graph import wrap
from ..ops.adaptive_pool import adaptive_avg_pool1d, adaptive_avg_pool2d, adaptive_avg_pool3d
from ..ops.convert import contiguous_format
from ..ops.operands import not_implemented

_DIMS = {
    "nearest": (3, 4, 5), "nearest-exact": (3, 4, 5), "area": (3, 4, 5), "linear": (3,),
    "bilinear": (4,), "trilinear": (5,), "bicubic": (4,),
}  # fmt: skip


def pixel_shuffle(input: Any, upscale_factor: int) -> Any:
    """(…, C·r², H, W) → (…, C, H·r, W·r): channels become pixels.

    Source: Shi et al. 2016, arXiv:1609.05158.
    """
    r = upscale_factor
    if input.dim() < 3:
        raise RuntimeError(
            "pixel_shuffle expects input to have at least 3 dimensions, but got input with "
            f"{input.dim()} dimension(s)"
        )
    if r <= 0:
        raise RuntimeError(f"pixel_shuffle expects a positive upscale_factor, but got {r}")
    *batch, c, h, w = input.shape
    if c % (r * r):
        raise RuntimeError(
            "pixel_shuffle expects its input's 'channel' dimension to be divisible by the square "
            f"of upscale_factor, but input.size(-3)={c} is not divisible by {r * r}"
        )
    n = len(batch)
    x = input.reshape(*batch, c // (r * r), r, r, h, w)
    x = x.permute(*range(n), n, n + 3, n + 1, n + 4, n + 2)  # (…, C, H, r, W, r)
    return x.clone(memory_format=contiguous_format).view(*batch, c // (r * r), h * r, w * r)


def pixel_unshuffle(input: Any, downscale_factor: int) -> Any:
    """(…, C, H·r, W·r) → (…, C·r², H, W): the inverse of `pixel_shuffle`."""
    r = downscale_factor
    if input.dim() < 3:
        raise RuntimeError(
            "pixel_unshuffle expects input to have at least 3 dimensions, but got input with "
            f"{input.dim()} dimension(s)"
        )
    if r <= 0:
        raise RuntimeError(f"pixel_unshuffle expects a positive downscale_factor, but got {r}")
    *batch, c, h, w = input.shape
    for name, n in (("height", h), ("width", w)):
        if n % r:
            raise RuntimeError(
                f"pixel_unshuffle expects {name} to be divisible by downscale_factor, but {n} is "
                f"not divisible by {r}"
            )
    n = len(batch)
    x = input.reshape(*batch, c, h // r, r, w // r, r)
    x = x.permute(*range(n), n, n + 2, n + 4, n + 1, n + 3)  # (…, C, r, r, H, W)
    return x.clone(memory_format=contiguous_format).view(*batch, c * r * r, h // r, w // r)


def channel_shuffle(input: Any, groups: int) -> Any:
    """(N, C, …): deal the channels of each group out in turn, so that groups mix.

    Source: Zhang et al. 2017, arXiv:1707.01083.
    """
    if input.dim() < 3:
        raise RuntimeError(
            "channel_shuffle expects input with > 2 dims, but got input with sizes "
            f"{list(input.shape)}"
        )
    n, c, *rest = input.shape
    if groups <= 0:
        raise RuntimeError(f"Number of groups to divide channels in must be positive. Value of "
                           f"groups:{groups}")  # fmt: skip
    if c % groups:
        raise RuntimeError(
            f"Number of channels must be divisible by groups. Got {c} channels and {groups} groups."
        )
    x = input.reshape(n, groups, c // groups, *rest).transpose(1, 2)
    return x.reshape(n, c, *rest)


# -- interpolation --------------------------------------------------------------------------------


def _cubic(t: np.ndarray) -> np.ndarray:
    """The weight of a pixel at distance |t| < 2: Keys' cubic with a = −3/4."""
    a, t = -0.75, np.abs(t)
    near = ((a + 2) * t - (a + 3)) * t * t + 1
    far = ((a * t - 5 * a) * t + 8 * a) * t - 4 * a
    return np.where(t <= 1, near, np.where(t < 2, far, 0.0))


def _matrix(
    mode: str, n_in: int, n_out: int, scale: float | None, corners: Any, kind: np.dtype
) -> np.ndarray:
    """M of (1) for one axis, (n_out, n_in); positions are computed in `kind`, as PyTorch does."""
    s = kind.type(1 / scale if scale else n_in / n_out)
    i = np.arange(n_out)
    matrix = np.zeros((n_out, n_in))
    if mode.startswith("nearest"):
        at = np.floor((i + (0.5 if mode == "nearest-exact" else 0)) * np.float32(s))
        matrix[i, np.minimum(at.astype(int), n_in - 1)] = 1
        return matrix
    if corners:
        x = i.astype(kind) * kind.type((n_in - 1) / (n_out - 1) if n_out > 1 else 0)  # (2)
    else:
        x = (i.astype(kind) + kind.type(0.5)) * s - kind.type(0.5)  # (3)
    if mode == "bicubic":
        first, reach = np.floor(x).astype(int) - 1, 4
        weights = _cubic(x[:, None] - (first[:, None] + np.arange(reach)))
    else:
        x = np.maximum(x, 0)
        first, reach = np.floor(x).astype(int), 2
        weights = 1 - np.abs(x[:, None] - (first[:, None] + np.arange(reach)))
    columns = np.clip(first[:, None] + np.arange(reach), 0, n_in - 1)  # the edge repeats
    np.add.at(matrix, (i[:, None], columns), weights)
    return matrix


def _fixed_point(matrix: np.ndarray) -> np.ndarray:
    """M as PyTorch uses it for bytes: 16-bit whole numbers over the largest power of two."""
    power = 0
    while power < 22 and int(0.5 + matrix.max() * 2.0 ** (power + 1)) < 1 << 15:
        power += 1
    scaled = matrix * 2.0**power
    return np.trunc(scaled + np.copysign(0.5, scaled)) / 2.0**power


def interpolate(
    input: Any,
    size: Any = None,
    scale_factor: Any = None,
    mode: str = "nearest",
    align_corners: bool | None = None,
    recompute_scale_factor: bool | None = None,
    antialias: bool = False,
) -> Any:
    """Resize (N, C, L), (N, C, H, W) or (N, C, D, H, W) to `size`, or by `scale_factor`.

    Args:
        size                    the output's size; one number or one for each axis
        scale_factor            instead of size: output = ⌊input · scale_factor⌋
        mode                    'nearest' (default), 'nearest-exact', 'linear', 'bilinear',
                                'trilinear', 'bicubic', 'area' (means over windows)
        align_corners           (2) instead of (3), in the linear and cubic modes (default None)
        recompute_scale_factor  use in/out as the scale even if scale_factor is given (default None)
        antialias               must be False: not supported
    """
    axes = input.dim() - 2
    if antialias:
        raise NotImplementedError("interpolate: antialias=True is not supported")
    if mode in ("nearest", "area", "nearest-exact") and align_corners is not None:
        raise ValueError(
            "align_corners option can only be set with the interpolating modes: "
            "linear | bilinear | bicubic | trilinear"
        )
    if (size is None) == (scale_factor is None):
        raise ValueError(
            "only one of size or scale_factor should be defined"
            if size is not None
            else "either size or scale_factor should be defined"
        )
    if mode not in _DIMS or input.dim() not in _DIMS[mode]:
        raise NotImplementedError(
            "Input Error: Only 3D, 4D and 5D input Tensors supported (got "
            f"{input.dim()}D) for the modes: nearest | linear | bilinear | bicubic | trilinear | "
            f"area | nearest-exact (got {mode})"
        )
    scales: list[Any] = [None] * axes
    if size is not None:
        size = list(size) if isinstance(size, (tuple, list)) else [size] * axes
    else:
        given = scale_factor
        scales = list(given) if isinstance(given, (tuple, list)) else [given] * axes
        size = [math.floor(n * f) for n, f in zip(input.shape[2:], scales)]
    if len(size) != axes or len(scales) != axes:
        raise ValueError(
            "Input and output must have the same number of spatial dimensions, but got input with "
            f"spatial dimensions of {list(input.shape[2:])} and output size of {size}. "
            "Please provide input tensor in (N, C, d1, d2, ...,dK) format and output size in "
            "(o1, o2, ...,oK) format."
        )
    if any(n <= 0 for n in size):
        raise RuntimeError(
            f"Input and output sizes should be greater than 0, but got input "
            f"{list(input.shape[2:])} and output {size}"
        )
    if mode == "area":
        means = (adaptive_avg_pool1d, adaptive_avg_pool2d, adaptive_avg_pool3d)
        return means[axes - 1](input, size)
    if recompute_scale_factor:
        scales = [None] * axes
    kind = input._data.dtype
    byte = kind == np.uint8 and mode in ("bilinear", "bicubic")
    if kind.kind != "f" and not byte and not (kind == np.uint8 and mode.startswith("nearest")):
        raise not_implemented(f"upsample_{mode}", input._data)
    y = input.double() if byte else input
    exact = np.dtype(np.float64 if y._data.dtype == np.float64 else np.float32)
    for axis in reversed(range(2, input.dim())):  # (1), the columns first
        n_out, scale = size[axis - 2], scales[axis - 2]
        matrix = _matrix(mode, y.size(axis), n_out, scale, align_corners, exact)
        m = wrap((_fixed_point(matrix) if byte else matrix).astype(y._data.dtype))
        y = (y.transpose(axis, -1) @ m.t()).transpose(axis, -1)
        if byte:
            y = (y + 0.5).floor().clamp(0, 255)
    return y.to(input.dtype).contiguous()


def upsample(
    input: Any, size: Any = None, scale_factor: Any = None, mode: str = "nearest",
    align_corners: Any = None,
) -> Any:  # fmt: skip
    """Deprecated name of `interpolate`."""
    warn("`nn.functional.upsample` is deprecated. Use `nn.functional.interpolate` instead.")
    return interpolate(input, size, scale_factor, mode, align_corners)


def upsample_nearest(input: Any, size: Any = None, scale_factor: Any = None) -> Any:
    """Deprecated: ``interpolate(…, mode='nearest')``."""
    warn("`nn.functional.upsample_nearest` is deprecated. "
         "Use `nn.functional.interpolate` instead.")  # fmt: skip
    return interpolate(input, size, scale_factor, "nearest")


def upsample_bilinear(input: Any, size: Any = None, scale_factor: Any = None) -> Any:
    """Deprecated: ``interpolate(…, mode='bilinear', align_corners=True)``."""
    warn("`nn.functional.upsample_bilinear` is deprecated. "
         "Use `nn.functional.interpolate` instead.")  # fmt: skip
    return interpolate(input, size, scale_factor, "bilinear", True)
