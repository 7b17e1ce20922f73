"""Each pixel and its neighbours: gaussian_blur, adjust_sharpness, elastic_transform."""

from __future__ import annotations

from typing import Any

import numpy as np
from PIL import Image, ImageEnhance

from ... import dtypes
from ...autograd.rule import Array, op
from ...ops.pad import pad as pad_planes
from ...ops.ranges import linspace
from .color import blend, check_channels
from .convert import pil_to_tensor, to_pil_image
from .images import check_image, get_dimensions, is_tensor
from .interpolation import InterpolationMode, as_mode
from .sampling import check_differentiable, warp
from .warp import check_planes, check_tensor_warp


def _gaussian(size: int, sigma: float, kind: np.dtype) -> np.ndarray:
    """e^(−x²/2σ²) for x = −(size−1)/2 … (size−1)/2, scaled to sum 1."""
    x = (np.arange(size) - (size - 1) / 2).astype(kind)
    power = kind.type(-0.5) * np.square(x / kind.type(sigma))
    pdf = np.exp(power.astype(np.float64)).astype(kind)  # the nearest number, as PyTorch's exp
    return pdf / _sum(pdf)


def _sum(x: np.ndarray) -> Any:
    """Σx, added in the order of PyTorch's sum: Pillow images must come out equal to the byte.

    In columns of 8 (of 1 if there are fewer), four rows at a time, and the rest one by one.
    """
    width = 8 if len(x) >= 8 else 1
    whole = len(x) // width
    rows = x[: whole * width].reshape(whole, width)
    fours = whole // 4 * 4
    sums = np.zeros((4, width), x.dtype)
    for four in rows[:fours].reshape(-1, 4, width):
        sums += four
    for row in rows[fours:]:
        sums[0] += row
    columns = ((sums[0] + sums[1]) + sums[2]) + sums[3]
    total = x.dtype.type(0)
    for value in (*x[whole * width :], *columns):
        total = total + value
    return total


@op(name="Convolution")
def _correlate(input: Array, kernel: np.ndarray):
    """out[y, x] = Σᵢⱼ kernel[i, j]·img[y+i, x+j];   ∂img[y+i, x+j] += kernel[i, j]·g[y, x]     (1)

    Summed row by row, each product and sum in one rounding as PyTorch's kernels do: except for
    one channel and few pixels, where PyTorch rounds twice.
    """
    h, w = kernel.shape
    H, W = input.shape[-2] - h + 1, input.shape[-1] - w + 1
    N, C = input.shape[:2]
    once = N > 1 or C > 1 or min(h, w) > 3 or input.size > 20480
    exact = np.dtype(np.float64) if once and input.dtype == np.float32 else input.dtype
    x, weights = input.astype(exact), kernel.astype(exact)
    out = np.zeros((*input.shape[:-2], H, W), input.dtype)
    term = np.empty(out.shape, exact)
    for i in range(h):
        for j in range(w):
            np.multiply(x[..., i : i + H, j : j + W], weights[i, j], out=term)
            np.add(term, out, out=out, casting="same_kind")  # (1)

    def vjp(g: Array) -> Array:
        d = np.zeros_like(input)
        for i in range(h):
            for j in range(w):
                d[..., i : i + H, j : j + W] += g * kernel[i, j]
        return d

    return out, vjp


def _convolved(img: Any, kernel: np.ndarray, reach: tuple[int, int] | None) -> Any:
    """Each channel with the kernel laid over every pixel.

    Integer images are computed in float32 and rounded.

    Args:
        reach: (x, y) pixels of mirror image beyond the edge; None: only where the kernel fits.
    """
    shape, dtype = tuple(img.shape), img.dtype
    if len(shape) == 2:
        raise IndexError(f"expected an image (C, H, W) or (N, C, H, W), but got shape {shape}")
    planes = img.to(dtypes.from_numpy(kernel.dtype))
    if len(shape) == 3:
        planes = planes.unsqueeze(0)
    if reach is not None:
        x, y = reach
        planes = pad_planes(planes, [x, x, y, y], mode="reflect")
    elif len(shape) > 4:
        raise RuntimeError(f"expected an image (C, H, W) or (N, C, H, W), but got shape {shape}")
    out = _correlate(planes, kernel)
    if out.dtype != dtype:
        out = (out.round() if img._data.dtype.kind in "iu" else out).to(dtype)
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
        _check_mode(img)
        return to_pil_image(gaussian_blur(pil_to_tensor(img), kernel_size, [sx, sy]), img.mode)
    check_image(img)
    if get_dimensions(img)[0] == 0:
        raise RuntimeError(f"expected an image with channels, got shape {list(img.shape)}")
    kind = img._data.dtype if img.is_floating_point() else np.dtype(np.float32)
    kx, ky = kernel_size
    kernel = _gaussian(ky, sy, kind)[:, None] * _gaussian(kx, sx, kind)
    return _convolved(img, kernel, (kx // 2, ky // 2))


def _check_mode(img: Image.Image) -> None:
    """Refuse mode I;16: no tensor has its dtype."""
    if img.mode.startswith("I;16"):
        raise ValueError(f"mode {img.mode} is not supported here: unsigned 16 bits")


def _checked_sigma(sigma: Any, kernel_size: Any) -> tuple[float, float]:
    if sigma is None:
        sigma = [size * 0.15 + 0.35 for size in kernel_size]
    if not isinstance(sigma, (int, float, list, tuple)):
        raise TypeError(f"sigma should be either float or sequence of floats. Got {type(sigma)}")
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
    smoothed[..., 1:-1, 1:-1] = _convolved(img, _SMOOTH.astype(kind), None)
    return blend(img, smoothed, sharpness_factor)


def elastic_transform(
    img: Any, displacement: Any, interpolation: Any = InterpolationMode.BILINEAR, fill: Any = None
) -> Any:
    """Every pixel read at a place of its own: as if the image were printed on rubber.

    Args:
        displacement: tensor (1, H, W, 2), (x, y) in halves of the image: 2 is its whole width.
        interpolation, fill: as for `rotate`, but BILINEAR by default.
    Raises:
        TypeError: displacement is no tensor.
        AttributeError: interpolation is neither an InterpolationMode nor Pillow's number for one.
        ValueError: displacement of another shape.
        RuntimeError: a fill of another number of channels.
    Source: Simard et al., "Best practices for convolutional neural networks", 2003.
    """
    interpolation = as_mode(interpolation, AttributeError)
    if not is_tensor(displacement):
        raise TypeError(f"Argument displacement should be a Tensor, but got {displacement!r}")
    check_differentiable("displacement", displacement)
    if not check_image(img):
        _check_mode(img)
        if fill is not None and isinstance(fill, (int, float)):
            fill = [fill] * len(img.getbands())
        moved = elastic_transform(pil_to_tensor(img), displacement, interpolation, fill)
        return to_pil_image(moved, img.mode)
    C, H, W = get_dimensions(img)
    if tuple(displacement.shape) != (1, H, W, 2):
        raise ValueError(
            f"Argument displacement shape should be {(1, H, W, 2)}, but given "
            f"{tuple(displacement.shape)}"
        )
    check_planes(img, fill)
    check_tensor_warp(img, interpolation, None, bicubic=True)
    if isinstance(fill, (tuple, list)) and len(fill) not in (1, C):
        raise RuntimeError(f"fill should have one value or one for each of {C} channels: {fill}")
    x, y = (linspace((1 - n) / n, (n - 1) / n, n)._data for n in (W, H))
    still = np.stack(np.broadcast_arrays(x, y[:, None]), -1)  # (H, W, 2): each pixel's own place
    return warp(img, still + displacement._data[0], interpolation, fill)
