"""What counts as an image: a PIL image, or a tensor whose last two dimensions are H and W.

PIL image   (W, H) and a mode: "L" grey, "RGB", "RGBA", "1", "I", "F", …; values 0-255 in most
tensor      (…, C, H, W) or (H, W); uint8 0-255, or floating point 0-1
array       (H, W) or (H, W, C), NumPy; only the conversions take it
"""

from __future__ import annotations

from typing import Any

import numpy as np
from PIL import Image

from ...autograd.graph import TensorBase

INTEGER_MAX = {
    np.dtype(kind): int(np.iinfo(kind).max)
    for kind in (np.uint8, np.int8, np.int16, np.int32, np.int64)
} | {np.dtype(bool): 1}


def is_pil(img: Any) -> bool:
    """Whether `img` is a PIL image."""
    return isinstance(img, Image.Image)


def is_tensor(img: Any) -> bool:
    """Whether `img` is a tensor, of any shape."""
    return isinstance(img, TensorBase)


def check_image(img: Any) -> bool:
    """True for a tensor image, False for a PIL image.

    Raises:
        TypeError: neither of the two, or a tensor of fewer than two dimensions.
    """
    if isinstance(img, TensorBase):
        if img._data.ndim < 2:
            raise TypeError("Tensor is not a torch image.")
        return True
    if isinstance(img, Image.Image):
        return False
    raise TypeError(f"img should be PIL Image or Tensor image. Got {type(img)}")


def get_dimensions(img: Any) -> list[int]:
    """[channels, height, width] of an image, in pixels; a tensor (H, W) has one channel.

    >>> import minitorch as torch
    >>> from minitorch.transforms.functional import get_dimensions
    >>> get_dimensions(torch.zeros(3, 20, 30))
    [3, 20, 30]
    """
    if isinstance(img, TensorBase):
        shape = img._data.shape
        if len(shape) < 2:
            raise TypeError("Tensor is not a torch image.")
        return [1 if len(shape) == 2 else shape[-3], shape[-2], shape[-1]]
    if isinstance(img, Image.Image):
        return [len(img.getbands()), img.height, img.width]
    raise TypeError(f"Unexpected type {type(img)}")


def get_image_size(img: Any) -> list[int]:
    """[width, height] of an image, in pixels: Pillow's order."""
    _, height, width = get_dimensions(img)
    return [width, height]


def get_image_num_channels(img: Any) -> int:
    """The number of channels of an image."""
    if isinstance(img, TensorBase) and img._data.ndim < 2:
        raise TypeError(f"Input ndim should be 2 or more. Got {img._data.ndim}")
    return get_dimensions(img)[0]


def max_value(kind: np.dtype) -> int:
    """The number that stands for full brightness: 255 for uint8, 1 for floats and bool."""
    return INTEGER_MAX.get(kind, 1)
