"""Flipping, padding, cropping and erasing: pixels move as they are, none is computed anew."""

from __future__ import annotations

from numbers import Number
from typing import Any

import numpy as np
from PIL import Image, ImageOps

from ...ops.pad import pad as pad_planes
from .images import check_image, get_dimensions, is_tensor
from .warp import pil_fill

PADDING_MODES = ("constant", "edge", "reflect", "symmetric")
_PADDINGS: Any = {True: (int, tuple, list), False: (Number, tuple, list)}  # tensors: True
_FILLS: Any = {True: (int, float), False: (Number, tuple, list)}


def hflip(img: Any) -> Any:
    """Left and right exchanged: out[y, x] = img[y, W−1−x]."""
    if check_image(img):
        return img.flip(-1)
    return img.transpose(Image.Transpose.FLIP_LEFT_RIGHT)


def vflip(img: Any) -> Any:
    """Top and bottom exchanged: out[y, x] = img[H−1−y, x]."""
    if check_image(img):
        return img.flip(-2)
    return img.transpose(Image.Transpose.FLIP_TOP_BOTTOM)


# -- padding --------------------------------------------------------------------------------------


def pad(img: Any, padding: Any, fill: Any = 0, padding_mode: str = "constant") -> Any:
    """The image with a border around it.

    Args:
        padding: n for all sides, [n], [left and right, top and bottom], or
            [left, top, right, bottom], pixels; negative numbers cut off.
        fill: value of the border in mode "constant", default 0; PIL images also take one per
            channel.
        padding_mode: "constant" (default); "edge": the border repeats the last pixel;
            "reflect": mirrored about the last pixel; "symmetric": mirrored, last pixel twice.
    Raises:
        TypeError: an argument of another type.
        ValueError: another number of paddings, an unknown mode.
        RuntimeError: tensors, "reflect": a border as wide as the image or wider.
    """
    tensor = check_image(img)
    _check_padding(padding, fill, padding_mode, tensor)
    left, top, right, bottom = _sides(padding)
    if not tensor:
        return _pad_pil(img, (left, top, right, bottom), fill, padding_mode)
    if padding_mode == "symmetric":
        if img.ndim not in (3, 4):
            raise RuntimeError("Symmetric padding of N-D tensors are not supported yet")
        return _pad_symmetric(img, left, top, right, bottom)
    sides = [left, right, top, bottom]
    if padding_mode == "constant":
        return pad_planes(img, sides, value=_fill_value(img, fill) if max(sides) > 0 else 0)
    squeeze = img.ndim < 4
    planes = img.reshape((1,) * (4 - img.ndim) + tuple(img.shape)) if squeeze else img
    planes = pad_planes(planes, sides, mode="replicate" if padding_mode == "edge" else "reflect")
    return planes.reshape(tuple(img.shape[:-2]) + tuple(planes.shape[-2:])) if squeeze else planes


def _check_padding(padding: Any, fill: Any, padding_mode: Any, tensor: bool) -> None:
    if not isinstance(padding, _PADDINGS[tensor]):
        raise TypeError(f"Got inappropriate padding arg {padding!r}")
    if fill is not None and not isinstance(fill, _FILLS[tensor]):
        raise TypeError(f"Got inappropriate fill arg {fill!r}")
    if not isinstance(padding_mode, str):
        raise TypeError(f"Got inappropriate padding_mode arg {padding_mode!r}")
    if isinstance(padding, (tuple, list)) and len(padding) not in (1, 2, 4):
        raise ValueError(
            "Padding must be an int or a 1, 2, or 4 element tuple, not a "
            f"{len(padding)} element tuple"
        )
    if padding_mode not in PADDING_MODES:
        raise ValueError(
            "Padding mode should be either constant, edge, reflect or symmetric, but got "
            f"{padding_mode!r}"
        )


def _sides(padding: Any) -> tuple[int, int, int, int]:
    """(left, top, right, bottom)."""
    if isinstance(padding, Number):
        return (padding,) * 4  # type: ignore[return-value]
    if len(padding) == 4:
        return tuple(padding)
    return padding[0], padding[-1], padding[0], padding[-1]


def _fill_value(img: Any, fill: Any) -> float:
    """`fill` as a number that the tensor's dtype has.

    Raises:
        RuntimeError: it has not, such as 300 in uint8.
    """
    value, kind = 0.0 if fill is None else float(fill), img._data.dtype
    if kind.kind in "iu" and not np.iinfo(kind).min <= value <= np.iinfo(kind).max:
        raise RuntimeError(f"fill {fill} cannot be converted to {img.dtype} without overflow")
    return value


def _pad_pil(img: Image.Image, sides: Any, fill: Any, padding_mode: str) -> Image.Image:
    palette = img.getpalette() if img.mode == "P" else None
    if padding_mode == "constant":
        padded = ImageOps.expand(img, border=sides, fill=pil_fill(img, fill)["fillcolor"])
    else:
        left, top, right, bottom = (max(-n, 0) for n in sides)
        if left or top or right or bottom:
            img = img.crop((left, top, img.width - right, img.height - bottom))
        left, top, right, bottom = (max(n, 0) for n in sides)
        pixels = np.asarray(img)
        widths = ((top, bottom), (left, right), (0, 0))[: pixels.ndim]
        padded = Image.fromarray(np.pad(pixels, widths, padding_mode))  # type: ignore[call-overload]
    if palette is not None:
        padded.putpalette(palette)
    return padded


def _pad_symmetric(img: Any, left: int, top: int, right: int, bottom: int) -> Any:
    """The rows and columns of the image in the order … 1 0 | 0 1 … n−1 | n−1 n−2 …"""

    def order(n: int, before: int, after: int) -> np.ndarray:
        start, stop = max(-before, 0), n - max(-after, 0)
        if max(before, after) > n:
            raise IndexError(
                f"symmetric padding {max(before, after)} is wider than the image ({n})"
            )
        if stop <= start:
            raise IndexError(f"padding {(before, after)} leaves nothing of {n} pixels")
        inner = np.arange(start, stop)
        return np.concatenate([inner[: max(before, 0)][::-1], inner, inner[::-1][: max(after, 0)]])

    H, W = img.shape[-2:]
    rows, columns = order(H, top, bottom), order(W, left, right)
    return img[..., rows[:, None], columns]


# -- cropping -------------------------------------------------------------------------------------


def crop(img: Any, top: int, left: int, height: int, width: int) -> Any:
    """The window of that size whose upper left corner is at (top, left), pixels.

    What lies outside the image is 0.
    """
    tensor = check_image(img)
    right, bottom = left + width, top + height
    if not tensor:
        return img.crop((left, top, right, bottom))
    H, W = img.shape[-2:]
    window = img[..., max(top, 0) : bottom, max(left, 0) : right]
    if left >= 0 and top >= 0 and right <= W and bottom <= H:
        return window
    sides = [
        max(-left + min(0, right), 0),
        max(-top + min(0, bottom), 0),
        max(right - max(W, left), 0),
        max(bottom - max(H, top), 0),
    ]
    return pad(window, sides, fill=0)


def _two_sizes(size: Any) -> Any:
    """(height, width) from n, [n] or [height, width]; ValueError for another length."""
    if isinstance(size, Number):
        return int(size), int(size)  # type: ignore[call-overload]
    if isinstance(size, (tuple, list)) and len(size) == 1:
        return size[0], size[0]
    if len(size) != 2:
        raise ValueError(f"Please provide only two dimensions (h, w) for size. Got {size!r}")
    return size


def center_crop(img: Any, output_size: Any) -> Any:
    """The middle of the image, height × width pixels; a smaller image is padded with 0.

    Args:
        output_size: n, [n] or [height, width].
    """
    _, H, W = get_dimensions(img)
    height, width = _two_sizes(output_size)
    if width > W or height > H:
        across, down = max(width - W, 0), max(height - H, 0)
        img = pad(img, [across // 2, down // 2, (across + 1) // 2, (down + 1) // 2], fill=0)
        _, H, W = get_dimensions(img)
        if width == W and height == H:
            return img
    return crop(img, round((H - height) / 2.0), round((W - width) / 2.0), height, width)


def five_crop(img: Any, size: Any) -> tuple[Any, Any, Any, Any, Any]:
    """The four corners and the middle: (top left, top right, bottom left, bottom right, centre).

    Raises:
        ValueError: not two sizes, or larger than the image.
    """
    height, width = _two_sizes(size)
    _, H, W = get_dimensions(img)
    if width > W or height > H:
        raise ValueError(
            f"Requested crop size {(height, width)} is bigger than input size {(H, W)}"
        )
    return (
        crop(img, 0, 0, height, width),
        crop(img, 0, W - width, height, width),
        crop(img, H - height, 0, height, width),
        crop(img, H - height, W - width, height, width),
        center_crop(img, [height, width]),
    )


def ten_crop(img: Any, size: Any, vertical_flip: bool = False) -> tuple[Any, ...]:
    """`five_crop` of the image, then of its mirror image (left-right, or top-bottom)."""
    size = _two_sizes(size)
    upright = five_crop(img, size)
    return upright + five_crop(vflip(img) if vertical_flip else hflip(img), size)


def erase(img: Any, i: int, j: int, h: int, w: int, v: Any, inplace: bool = False) -> Any:
    """A tensor image with the rectangle h × w at row i, column j set to v.

    Args:
        v: a tensor that broadcasts to (…, C, h, w).
        inplace: write into `img` (default False).
    Raises:
        TypeError: `img` is no tensor, or one of fewer than two dimensions.
    """
    if not is_tensor(img):
        raise TypeError(f"img should be Tensor Image. Got {type(img)}")
    check_image(img)
    if not inplace:
        img = img.clone()
    img[..., i : i + h, j : j + w] = v
    return img
