"""Transforms that change what an image is made of: ToTensor, ToPILImage, Normalize and others."""

from __future__ import annotations

from typing import Any

import numpy as np
from PIL import Image

from .. import dtypes
from ..autograd.graph import TensorBase
from ..nn.modules.module import Module
from . import functional as F
from .functional.convert import are_numbers, scaled_planes
from .functional.pictures import Pictures


class ToTensor:
    """PIL image or array, uint8 0-255, (H, W) or (H, W, C) → float32 0-1, (C, H, W).

    out = pic / 255;  dtypes other than uint8 keep their values (`functional.to_tensor`).

    Source: notes, transforms.Compose.
    >>> import numpy as np
    >>> from minitorch import transforms
    >>> transforms.ToTensor()(np.zeros((20, 30, 3), np.uint8)).shape
    torch.Size([3, 20, 30])
    """

    def __call__(self, pic: Any) -> Any:
        return F.to_tensor(pic)

    def forward_batch(self, pics: Any) -> Any:
        """N images or uint8 arrays at once: out[n, c, y, x] = pics[n, y, x, c] / 255."""
        pixels = pics.pixels if isinstance(pics, Pictures) else pics
        if not isinstance(pixels, np.ndarray) or pixels.dtype != np.uint8:
            return None
        if pixels.ndim not in (3, 4):
            return None
        nchw = pixels[:, None] if pixels.ndim == 3 else pixels.transpose(0, 3, 1, 2)
        return scaled_planes(nchw)

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"


class PILToTensor:
    """PIL image → tensor (C, H, W) of the image's own dtype: uint8 0-255, nothing is scaled."""

    def __call__(self, pic: Image.Image) -> Any:
        return F.pil_to_tensor(pic)

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"


class ToPILImage:
    """Tensor (C, H, W) or array (H, W, C), uint8 0-255 or float 0-1 → PIL image.

    Args:
        mode: PIL's mode ("L", "RGB", …). None (default): by dtype and number of channels.
    Source: notes, transforms.Compose.
    >>> import numpy as np
    >>> from minitorch import transforms
    >>> transforms.ToPILImage()(np.zeros((20, 30), np.uint8)).size
    (30, 20)
    """

    def __init__(self, mode: str | None = None) -> None:
        self.mode = mode

    def __call__(self, pic: Any) -> Image.Image:
        return F.to_pil_image(pic, self.mode)

    def forward_batch(self, pics: Any) -> Any:
        """N uint8 arrays or tensors at once: the pixels stay as they are, as (N, H, W, C)."""
        pixels = pics._data if isinstance(pics, TensorBase) else pics
        if not isinstance(pixels, np.ndarray) or pixels.dtype != np.uint8 or self.mode is not None:
            return None
        if pixels.ndim == 4 and pixels is not pics:
            pixels = pixels.transpose(0, 2, 3, 1)
        elif pixels.ndim == 3:
            pixels = pixels[..., None]
        if pixels.ndim != 4 or pixels.shape[3] not in (1, 2, 3, 4) or 0 in pixels.shape:
            return None
        return Pictures(np.ascontiguousarray(pixels))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({'' if self.mode is None else f'mode={self.mode}'})"


class ConvertImageDtype(Module):
    """Tensor image of another dtype, with full brightness kept: 1.0 ↔ 255 ↔ 32767.

    Shape: tensor of any shape: floats 0-1, integers 0 to their largest → `dtype`, in its range.
    Args:
        dtype: of the result; the values follow `functional.convert_image_dtype`.
    Raises:
        RuntimeError: float32 to int32 or int64, float64 to int64.
    """

    def __init__(self, dtype: dtypes.dtype) -> None:
        super().__init__()
        self.dtype = dtype

    def forward(self, image: Any) -> Any:
        return F.convert_image_dtype(image, self.dtype)


class Normalize(Module):
    """(x − mean) / std in each channel of a float tensor (…, C, H, W).

    Shape: float tensor (…, C, H, W) → the same dtype and shape, in units of `std`.
    Args:
        mean: one number per channel, in units of the image's values.
        std: likewise, not 0. [0.5] and [0.5] bring 0-1 to −1-1.
        inplace: write into the tensor (default False).
    Raises:
        TypeError: no tensor, or an integer dtype: ToTensor comes first.
        ValueError: fewer than three dimensions, or a std of 0.
    Source: notes, transforms.Compose.
    >>> import minitorch as torch
    >>> torch.transforms.Normalize([0.5], [0.5])(torch.tensor([[[0.0, 0.5, 1.0]]]))
    tensor([[[-1.,  0.,  1.]]])
    """

    def __init__(self, mean: Any, std: Any, inplace: bool = False) -> None:
        super().__init__()
        self.mean = mean
        self.std = std
        self.inplace = inplace

    def forward(self, tensor: Any) -> Any:
        return F.normalize(tensor, self.mean, self.std, self.inplace)

    def forward_batch(self, images: Any) -> Any:
        """N tensors at once, (N, C, H, W): (x − mean) / std in each channel of each image."""
        if not isinstance(images, TensorBase) or images._data.ndim != 4:
            return None
        if not are_numbers(self.mean) or not are_numbers(self.std):
            return None
        return F.normalize(images, self.mean, self.std, self.inplace)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(mean={self.mean}, std={self.std})"
