"""One value in, one value out: invert, posterize, solarize, autocontrast, equalize."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from PIL import ImageOps

from ... import dtypes
from ...autograd.graph import wrap
from ...ops.choose import where
from .color import check_channels, check_three_dimensions
from .images import check_image, max_value


def invert(img: Any) -> Any:
    """The negative: out = full brightness − img."""
    if not check_image(img):
        return ImageOps.invert(img)
    check_three_dimensions(img)
    check_channels(img)
    return max_value(img._data.dtype) - img


def _check_bytes(img: Any) -> None:
    if img.dtype != dtypes.uint8:
        raise TypeError(f"Only torch.uint8 image tensors are supported, but found {img.dtype}")


def posterize(img: Any, bits: int) -> Any:
    """Only the highest `bits` bits of each value kept, the others 0.

    Args:
        bits: 0-8.
    Raises:
        TypeError: a tensor of another dtype than uint8.
        ValueError: bits out of range.
    """
    if not 0 <= bits <= 8:
        raise ValueError(f"The number if bits should be between 0 and 8. Got {bits}")
    if not check_image(img):
        return ImageOps.posterize(img, bits)
    check_three_dimensions(img)
    _check_bytes(img)
    check_channels(img)
    return img & (256 - int(2 ** (8 - bits)))


def solarize(img: Any, threshold: float) -> Any:
    """Values of `threshold` and more inverted, the others kept.

    Args:
        threshold: in the image's units, 0-255 or 0-1.
    Raises:
        TypeError: a tensor, and the threshold above full brightness.
    """
    if not check_image(img):
        return ImageOps.solarize(img, threshold)  # type: ignore[arg-type]
    check_three_dimensions(img)
    check_channels(img)
    if threshold > max_value(img._data.dtype):
        raise TypeError(
            f"Threshold should be less than bound of img, but got {threshold} for {img.dtype}"
        )
    return where(img >= threshold, invert(img), img)


def autocontrast(img: Any) -> Any:
    """Each channel stretched so that its darkest value becomes 0, its brightest full brightness.

    out = (img − min)·(full / (max − min));  a channel of one value stays
    """
    if not check_image(img):
        return ImageOps.autocontrast(img)
    check_three_dimensions(img)
    check_channels(img)
    full = max_value(img._data.dtype)
    dtype = img.dtype if img.is_floating_point() else dtypes.float32
    low = img.amin((-2, -1), keepdim=True).to(dtype)
    high = img.amax((-2, -1), keepdim=True).to(dtype)
    flat = high == low
    scale = where(flat, wrap(np.ones((), low._data.dtype)), full / (high - low))
    low = where(flat, wrap(np.zeros((), low._data.dtype)), low)
    return ((img - low) * scale).clamp(0, full).to(img.dtype)


def equalize(img: Any) -> Any:
    """Each channel's values spread so that all brightnesses are about equally frequent.

    With the histogram n[0 … 255], and the step (pixels not of the brightest value) / 255:

        out = ⌊(Σ n[below img] + step // 2) / step⌋, at most 255; step 0 changes nothing   (1)

    Raises:
        TypeError: a tensor of another dtype than uint8.
    """
    if not check_image(img):
        return ImageOps.equalize(img)
    if not 3 <= img.ndim <= 4:
        raise TypeError(f"Input image tensor should have 3 or 4 dimensions, but found {img.ndim}")
    _check_bytes(img)
    check_channels(img)
    out = np.empty_like(img._data, order="C")
    planes = img._data.reshape(math.prod(img.shape[:-2]), *img.shape[-2:])
    for plane, result in zip(planes, out.reshape(planes.shape)):
        histogram = np.bincount(plane.ravel(), minlength=256)
        present = histogram[histogram != 0]
        step = int(present[:-1].sum()) // 255
        if step == 0:
            result[...] = plane
            continue
        below = np.concatenate(([0], np.cumsum(histogram)[:-1]))
        table = np.clip((below + step // 2) // step, 0, 255)  # (1)
        table[0] = 0
        result[...] = table.astype(np.uint8)[plane]
    return wrap(out)
