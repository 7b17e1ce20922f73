"""Tensors of images as one picture: make_grid lays them side by side, save_image writes a file.

(B, C, H, W), values 0-1  →  make_grid  →  (C, H′, W′)  →  save_image  →  8 bits a channel
"""

from __future__ import annotations

import errno
import io
import os
from typing import Any

from PIL import Image

from .. import dtypes
from ..autograd.grad_mode import no_grad
from ..autograd.graph import TensorBase
from ..files import whole_file
from ..ops.joining import cat, stack


@no_grad()
def make_grid(
    tensor: Any,
    nrow: int = 8,
    padding: int = 2,
    normalize: bool = False,
    value_range: tuple[float, float] | None = None,
    scale_each: bool = False,
    pad_value: float = 0.0,
) -> Any:
    """One image (C, H′, W′) that shows a batch of images row by row, with lines between them.

    H′ = rows·(H + padding) + padding,   W′ = columns·(W + padding) + padding,
    columns = min(nrow, B),   rows = ⌈B / columns⌉                                  (1)
    normalize:  x ← (clamp(x, low, high) − low) / max(high − low, 1e-5)             (2)

    Shape: (B, C, H, W), one image (C, H, W) or (H, W), or a list of images (C, H, W).
        One channel becomes three equal ones. A single image comes back without a frame.

    Args:
        tensor: the images; the result has its dtype.
        nrow: images in a row.
        padding: width of the lines in pixels.
        normalize: bring the values to 0-1 by (2); needs a floating point dtype.
        value_range: (low, high) of (2). None: the smallest and the largest value there is.
        scale_each: take them from each image instead of all.
        pad_value: value of the lines.

    Raises:
        TypeError: neither a tensor nor a list of tensors, or a `value_range` that is no tuple.
        RuntimeError: images of different sizes, integers to normalize, a negative padding.
        ZeroDivisionError: no images, or nrow=0.

    Example:
        >>> import minitorch as torch
        >>> torch.utils.make_grid(torch.zeros(5, 3, 28, 28), nrow=4).shape
        torch.Size([3, 62, 122])

    Source: torchvision.utils.make_grid (signature and numbers).
    """
    images = _as_batch(tensor)
    if normalize:
        if value_range is not None and not isinstance(value_range, tuple):
            raise TypeError(
                f"value_range has to be a tuple (min, max) if specified, but got {value_range!r}"
            )
        if value_range is not None and len(value_range) != 2:
            raise IndexError(f"value_range has to be (min, max), but got {value_range}")
        if not images.is_floating_point():
            raise RuntimeError(
                f"normalize=True needs floating point images, but got {images.dtype}: "
                f"result type Float can't be cast to it"
            )
        images = images.clone()
        for part in images if scale_each else [images]:
            low, high = value_range or (part.min().item(), part.max().item())
            part.clamp_(low, high).sub_(low).div_(max(high - low, 1e-5))  # (2)
    if len(images) == 1:
        return images[0]

    count, channels, height, width = images.shape
    for name, value in (("nrow", nrow), ("padding", padding)):
        if not hasattr(value, "__index__"):
            raise TypeError(f"{name} must be an int, but got {value!r}")
        if value < 0:
            raise RuntimeError(f"{name} must not be negative, but got {value}")
    if not count or not nrow:
        raise ZeroDivisionError(f"make_grid: a grid of {count} images with nrow={nrow} has no rows")
    columns = min(nrow, count)
    rows = -(-count // columns)
    height, width = height + padding, width + padding  # of a cell with its upper and left line
    size = (channels, rows * height + padding, columns * width + padding)  # (1)
    grid = images.new_full(size, pad_value)
    for i, image in enumerate(images):
        top, left = i // columns * height + padding, i % columns * width + padding
        grid[:, top : top + height - padding, left : left + width - padding] = image
    return grid


def _as_batch(tensor: Any) -> Any:
    """The images as (B, C, H, W) with C ≠ 1."""
    if isinstance(tensor, list):
        for item in tensor:
            if not isinstance(item, TensorBase):
                raise TypeError(
                    f"tensor or list of tensors expected, got a list containing {type(item)}"
                )
        tensor = stack(tensor)
    if not isinstance(tensor, TensorBase):
        raise TypeError(f"tensor or list of tensors expected, got {type(tensor)}")
    images: Any = tensor
    if not 2 <= images.dim() <= 4:
        kind = IndexError if images.dim() < 2 else RuntimeError
        raise kind(
            f"tensor must be (B, C, H, W), (C, H, W) or (H, W), got {tuple(images.shape)}: "
            f"dimension out of range"
        )
    while images.dim() < 4:
        images = images.unsqueeze(0)
    return cat((images, images, images), 1) if images.shape[1] == 1 else images


@no_grad()
def save_image(tensor: Any, fp: Any, format: str | None = None, **kwargs: Any) -> None:
    """Write a tensor as an image file; several images as a grid.

    pixel = ⌊clamp(255·x + 0.5, 0, 255)⌋     (1)

    Args:
        tensor: floating point, values 0-1: as for `make_grid`.
        fp: path (a file there is replaced when the new one is whole), or an object with `write`.
        format: Pillow's name, "PNG" for instance. None: by the ending of the path.
        kwargs: arguments of `make_grid`.

    Raises:
        RuntimeError: an integer dtype. Divide by 255 first.
        ValueError: a path whose ending no format has.
        OSError: the file can't be written; nothing is left of it.

    Source: torchvision.utils.save_image (signature and numbers).
    """
    grid = make_grid(tensor, **kwargs)
    if not grid.is_floating_point():
        raise RuntimeError(
            f"save_image expects a floating point tensor with values 0-1, got {grid.dtype}: "
            f"result type Float can't be cast to it"
        )
    pixels = (grid * 255 + 0.5).clamp(0, 255).permute(1, 2, 0).to(dtypes.uint8).numpy()  # (1)
    picture = Image.fromarray(pixels[..., 0] if pixels.shape[2] == 1 else pixels)
    if not isinstance(fp, (str, os.PathLike)):
        picture.save(fp, format=format)
        return
    path = os.fspath(fp)
    if not os.path.isdir(os.path.dirname(path) or "."):
        raise FileNotFoundError(errno.ENOENT, "No such folder to write an image to", path)
    content = io.BytesIO()  # on a full disk Pillow itself may write half a file and say nothing
    picture.save(content, format or _format_of(path))
    with whole_file(path) as file:
        file.write(content.getbuffer())


def _format_of(path: str) -> str:
    """Pillow's name of the format that the ending of a path stands for."""
    ending = os.path.splitext(path)[1].lower()
    formats = Image.registered_extensions()
    if ending not in formats:
        raise ValueError(f"unknown file extension: {ending!r} of {path}")
    return formats[ending]
