"""Each pixel and its neighbours: gaussian_blur, adjust_sharpness, elastic_transform."""

from __future__ import annotations

from typing import Any

import numpy as np
from PIL import Image, ImageEnhance

from ... import dtypes
from ...autograd.graph import wrap
from ...ops.conv import conv2d
from ...ops.pad import pad as pad_planes
from .color import blend, check_channels
from .convert import pil_to_tensor, to_pil_image
from .images import check_image, get_dimensions, is_tensor
from .interpolation import InterpolationMode, as_mode
from .sampling import check_differentiable, warp
from .warp import check_tensor_warp


def _gaussian(size: int, sigma: float, kind: np.dtype) -> np.ndarray:
    """e^(−x²/2σ²) for x = −(size−1)/2 … (size−1)/2, scaled to sum 1."""
    half = (size - 1) * 0.5
    x = np.linspace(-half, half, size).astype(kind)
    pdf = np.exp(kind.type(-0.5) * np.square(x / kind.type(sigma)))
    return pdf / pdf.sum()


def _convolved(img: Any, kernel: np.ndarray, reach: tuple[int, int]) -> Any:
    """Each channel convolved with `kernel`, mirrored `reach` = (x, y) pixels beyond the edge.

    Integer images are computed in float32 and rounded.
    """
    shape, dtype = tuple(img.shape), img.dtype
    planes = img.to(dtypes.from_numpy(kernel.dtype)).reshape((-1, 1, *shape[-2:]))
    x, y = reach
    if x or y:
        planes = pad_planes(planes, [x, x, y, y], mode="reflect")
    out = conv2d(planes, wrap(kernel[None, None]))
    if out.dtype != dtype:
        out = (out if dtype.is_floating_point else out.round()).to(dtype)
    return out.reshape(shape[:-2] + tuple(out.shape[-2:]))


def gaussian_blur(img: Any, kernel_size: Any, sigma: Any = None) -> Any:
    """The image blurred with a Gaussian bell of kernel_size pixels; edges are mirrored.

    Args:
        kernel_size: odd number of pixels, or [x, y].
        sigma: width of the bell in pixels, one number or [x, y], above 0. None (default):
            0.15·kernel_size + 0.35.
    Raises:
        TypeError: another type.
        ValueError: an even or negative size, a sigma not above 0.
        RuntimeError: half the kernel as large as the image.
    """
    if not isinstance(kernel_size, (int, list, tuple)):
        raise TypeError(
            f"kernel_size should be int or a sequence of integers. Got {type(kernel_size)}"
        )
    if isinstance(kernel_size, int):
        kernel_size = [kernel_size, kernel_size]
    if len(kernel_size) != 2:
        raise ValueError(
            f"If kernel_size is a sequence its length should be 2. Got {len(kernel_size)}"
        )
    for size in kernel_size:
        if size % 2 == 0 or size < 0:
            raise ValueError(
                f"kernel_size should have odd and positive integers. Got {kernel_size}"
            )
    sx, sy = _checked_sigma(sigma, kernel_size)
    if not is_tensor(img):
        if not isinstance(img, Image.Image):
            raise TypeError(f"img should be PIL Image or Tensor. Got {type(img)}")
        return to_pil_image(gaussian_blur(pil_to_tensor(img), kernel_size, [sx, sy]), img.mode)
    check_image(img)
    kind = img._data.dtype if img.is_floating_point() else np.dtype(np.float32)
    kx, ky = kernel_size
    kernel = _gaussian(ky, sy, kind)[:, None] * _gaussian(kx, sx, kind)
    return _convolved(img, kernel, (kx // 2, ky // 2))


def _checked_sigma(sigma: Any, kernel_size: Any) -> tuple[float, float]:
    if sigma is None:
        sigma = [size * 0.15 + 0.35 for size in kernel_size]
    if not isinstance(sigma, (int, float, list, tuple)):
        raise TypeError(
            f"sigma should be either float or sequence of floats. Got {type(sigma)}"
        )
    if isinstance(sigma, (int, float)):
        sigma = [float(sigma), float(sigma)]
    if len(sigma) == 1:
        sigma = [sigma[0], sigma[0]]
    if len(sigma) != 2:
        raise ValueError(f"If sigma is a sequence, its length should be 2. Got {len(sigma)}")
    for s in sigma:
        if s <= 0.0:
            raise ValueError(f"sigma should have positive values. Got {sigma}")
    return sigma[0], sigma[1]


_SMOOTH = np.array([[1, 1, 1], [1, 5, 1], [1, 1, 1]], np.float32) / np.float32(13)


def adjust_sharpness(img: Any, sharpness_factor: float) -> Any:
    """out = f·img + (1 − f)·smoothed; the outermost pixels stay.

    Args:
        sharpness_factor: f: 0 smoothed, 1 no change, 2 sharper.
    Raises:
        ValueError: a tensor, and a negative factor.
    """
    if not check_image(img):
        return ImageEnhance.Sharpness(img).enhance(sharpness_factor)
    if sharpness_factor < 0:
        raise ValueError(f"sharpness_factor ({sharpness_factor}) is not non-negative.")
    check_channels(img)
    _, H, W = get_dimensions(img)
    if H <= 2 or W <= 2:
        return img
    kind = img._data.dtype if img.is_floating_point() else np.dtype(np.float32)
    smoothed = img.clone()
    smoothed[..., 1:-1, 1:-1] = _convolved(img, _SMOOTH.astype(kind), (0, 0))
    return blend(img, smoothed, sharpness_factor)


def elastic_transform(img: Any, displacement: Any,
                      interpolation: Any = InterpolationMode.BILINEAR, fill: Any = None) -> Any:  # fmt: skip
    """Every pixel read at a place of its own: as if the image were printed on rubber.

    Args:
        displacement: tensor (1, H, W, 2), (x, y) in halves of the image: 2 is its whole width.
        interpolation, fill: as for `rotate`, but BILINEAR by default.
    Raises:
        TypeError: displacement is no tensor.
        ValueError: displacement of another shape.
    Source: Simard et al., "Best practices for convolutional neural networks", 2003.
    """
    interpolation = as_mode(interpolation)
    if not is_tensor(displacement):
        raise TypeError(f"Argument displacement should be a Tensor, but got {displacement!r}")
    check_differentiable("displacement", displacement)
    if not check_image(img):
        if fill is not None and isinstance(fill, (int, float)):
            fill = [fill] * len(img.getbands())
        moved = elastic_transform(pil_to_tensor(img), displacement, interpolation, fill)
        return to_pil_image(moved, img.mode)
    _, H, W = get_dimensions(img)
    if tuple(displacement.shape) != (1, H, W, 2):
        raise ValueError(
            f"Argument displacement shape should be {(1, H, W, 2)}, but given "
            f"{tuple(displacement.shape)}"
        )
    check_tensor_warp(img, interpolation, fill)
    kind = displacement._data.dtype
    x = (np.arange(W, dtype=kind) * 2 + 1) / kind.type(W) - 1
    y = (np.arange(H, dtype=kind) * 2 + 1) / kind.type(H) - 1
    still = np.stack(np.broadcast_arrays(x, y[:, None]), -1)  # (H, W, 2): each pixel's own place
    return warp(img, still + displacement._data[0], interpolation, fill)
