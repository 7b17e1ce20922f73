"""Size and place: Resize, Pad, the crops, the flips."""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from numbers import Number
from typing import Any

import numpy as np

from ..nn.modules.module import Module
from . import functional as F
from .arguments import two_sizes
from .draw import chance, integer, uniform
from .functional.geometry import PADDING_MODES
from .functional.interpolation import InterpolationMode, mode_or_later

BILINEAR = InterpolationMode.BILINEAR


class Resize(Module):
    """The image at another size (`functional.resize`).

    Shape: PIL image or tensor (…, C, H, W) of any dtype → the same kind, of the new size.
    Args:
        size: (height, width) in pixels; n: the shorter side, the longer in proportion.
        interpolation: default InterpolationMode.BILINEAR.
        max_size: the most for the longer side, with one number only. None (default): no limit.
        antialias: tensors: widen the filter when shrinking (default True).
    Raises:
        TypeError: a size that is neither int nor sequence.
        ValueError: more than two sizes.
    """

    def __init__(self, size: Any, interpolation: Any = BILINEAR, max_size: int | None = None,
                 antialias: bool | None = True) -> None:  # fmt: skip
        super().__init__()
        if not isinstance(size, (int, Sequence)):
            raise TypeError(f"Size should be int or sequence. Got {type(size)}")
        if isinstance(size, Sequence) and len(size) not in (1, 2):
            raise ValueError(f"If size is a sequence, it should have 1 or 2 values. Got {size!r}")
        self.size = size
        self.max_size = max_size
        self.interpolation = mode_or_later(interpolation)
        self.antialias = antialias

    def forward(self, img: Any) -> Any:
        return F.resize(img, self.size, self.interpolation, self.max_size, self.antialias)

    def __repr__(self) -> str:
        return (
            f"{type(self).__name__}(size={self.size}, interpolation={self.interpolation.value}, "
            f"max_size={self.max_size}, antialias={self.antialias})"
        )


class CenterCrop(Module):
    """The middle of the image; a smaller image is padded with 0.

    Shape: PIL image or tensor (…, C, H, W) of any dtype → the same kind, of the new size.
    Args:
        size: (height, width) in pixels, or n for a square.
    """

    def __init__(self, size: Any) -> None:
        super().__init__()
        self.size = two_sizes(size)

    def forward(self, img: Any) -> Any:
        return F.center_crop(img, self.size)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(size={self.size})"


class Pad(Module):
    """The image with a border (`functional.pad`).

    Shape: PIL image or tensor (…, C, H, W) of any dtype → the same kind, larger.
    Args:
        padding: n; (left and right, top and bottom); or (left, top, right, bottom), pixels.
        fill: value of the border in mode "constant", default 0, in the image's units.
        padding_mode: "constant" (default), "edge", "reflect" or "symmetric".
    Raises:
        TypeError: a padding or fill of another type.
        ValueError: another number of paddings, an unknown mode.
    """

    def __init__(self, padding: Any, fill: Any = 0, padding_mode: str = "constant") -> None:
        super().__init__()
        if not isinstance(padding, (Number, tuple, list)):
            raise TypeError(f"Got inappropriate padding arg {padding!r}")
        if not isinstance(fill, (Number, tuple, list)):
            raise TypeError(f"Got inappropriate fill arg {fill!r}")
        if padding_mode not in PADDING_MODES:
            raise ValueError(
                "Padding mode should be either constant, edge, reflect or symmetric, but got "
                f"{padding_mode!r}"
            )
        if isinstance(padding, Sequence) and len(padding) not in (1, 2, 4):
            raise ValueError(
                "Padding must be an int or a 1, 2, or 4 element tuple, not a "
                f"{len(padding)} element tuple"
            )
        self.padding = padding
        self.fill = fill
        self.padding_mode = padding_mode

    def forward(self, img: Any) -> Any:
        return F.pad(img, self.padding, self.fill, self.padding_mode)

    def __repr__(self) -> str:
        return (
            f"{type(self).__name__}(padding={self.padding}, fill={self.fill}, "
            f"padding_mode={self.padding_mode})"
        )


class RandomCrop(Module):
    """A window of a given size at a random place.

    Shape: PIL image or tensor (…, C, H, W) of any dtype → the same kind, of the new size.
    Args:
        size: (height, width) in pixels, or n for a square.
        padding: a border added first, as for Pad. None (default): none.
        pad_if_needed: pad images smaller than `size` (default False: an error).
        fill, padding_mode: of the borders, as for Pad.
    Raises:
        ValueError: more than two sizes; an image smaller than the window.
    """

    def __init__(self, size: Any, padding: Any = None, pad_if_needed: bool = False, fill: Any = 0,
                 padding_mode: str = "constant") -> None:  # fmt: skip
        super().__init__()
        self.size = tuple(two_sizes(size))
        self.padding = padding
        self.pad_if_needed = pad_if_needed
        self.fill = fill
        self.padding_mode = padding_mode

    @staticmethod
    def get_params(img: Any, output_size: tuple[int, int]) -> tuple[int, int, int, int]:
        """(top, left, height, width) of the window in pixels; each place as likely."""
        _, H, W = F.get_dimensions(img)
        height, width = output_size
        if height > H or width > W:
            raise ValueError(
                f"Required crop size {(height, width)} is larger than input image size {(H, W)}"
            )
        if width == W and height == H:
            return 0, 0, H, W
        top = integer(0, H - height + 1)
        return top, integer(0, W - width + 1), height, width

    def forward(self, img: Any) -> Any:
        if self.padding is not None:
            img = F.pad(img, self.padding, self.fill, self.padding_mode)
        if self.pad_if_needed:
            _, H, W = F.get_dimensions(img)
            height, width = self.size
            if width > W:
                img = F.pad(img, [width - W, 0], self.fill, self.padding_mode)
            if height > H:
                img = F.pad(img, [0, height - H], self.fill, self.padding_mode)
        return F.crop(img, *self.get_params(img, self.size))

    def __repr__(self) -> str:
        return f"{type(self).__name__}(size={self.size}, padding={self.padding})"


class RandomResizedCrop(Module):
    """A window of random area and shape, resized to a given size.

    area ~ Uniform(scale)·H·W,  ln(width / height) ~ Uniform(ln ratio)                 (1)

    Shape: PIL image or tensor (…, C, H, W) of any dtype → the same kind, of the new size.
    Args:
        size: (height, width) of the result in pixels, or n for a square.
        scale: (least, largest) share of the image's area; default (0.08, 1.0).
        ratio: (least, largest) width / height; default (3/4, 4/3).
        interpolation, antialias: as for Resize.
    Raises:
        TypeError: scale or ratio that is no sequence.
        ValueError: more than two sizes.
    """

    def __init__(self, size: Any, scale: Any = (0.08, 1.0), ratio: Any = (3.0 / 4.0, 4.0 / 3.0),
                 interpolation: Any = BILINEAR, antialias: bool | None = True) -> None:  # fmt: skip
        super().__init__()
        self.size = two_sizes(size)
        check_ranges(scale, ratio)
        self.interpolation = mode_or_later(interpolation)
        self.antialias = antialias
        self.scale = scale
        self.ratio = ratio

    @staticmethod
    def get_params(img: Any, scale: Any, ratio: Any) -> tuple[int, int, int, int]:
        """(top, left, height, width) of the window in pixels.

        Draws (1) up to ten times until the window fits; else the largest central window whose
        shape lies in `ratio`.
        """
        _, H, W = F.get_dimensions(img)
        for _ in range(10):
            area, shape = draw_area(H * W, scale, ratio)  # (1)
            width, height = round(math.sqrt(area * shape)), round(math.sqrt(area / shape))
            if 0 < width <= W and 0 < height <= H:
                top = integer(0, H - height + 1)
                return top, integer(0, W - width + 1), height, width
        width, height = W, H
        if min(ratio) > W / H:
            height = round(W / min(ratio))
        elif max(ratio) < W / H:
            width = round(H * max(ratio))
        return (H - height) // 2, (W - width) // 2, height, width

    def forward(self, img: Any) -> Any:
        top, left, height, width = self.get_params(img, self.scale, self.ratio)
        return F.resized_crop(
            img, top, left, height, width, self.size, self.interpolation, self.antialias
        )

    def __repr__(self) -> str:
        scale, ratio = (tuple(round(v, 4) for v in r) for r in (self.scale, self.ratio))
        return (
            f"{type(self).__name__}(size={self.size}, scale={scale}, ratio={ratio}, "
            f"interpolation={self.interpolation.value}, antialias={self.antialias})"
        )


def check_ranges(scale: Any, ratio: Any) -> None:
    """Refuse what is no pair; warn where the least is above the largest."""
    if not isinstance(scale, Sequence):
        raise TypeError(f"Scale should be a sequence. Got {scale!r}")
    if not isinstance(ratio, Sequence):
        raise TypeError(f"Ratio should be a sequence. Got {ratio!r}")
    if scale[0] > scale[1] or ratio[0] > ratio[1]:
        warnings.warn("Scale and ratio should be of kind (min, max)", stacklevel=3)


def draw_area(pixels: int, scale: Any, ratio: Any) -> tuple[float, float]:
    """(area in pixels, width / height) of a random window, equation (1)."""
    if isinstance(ratio, str):
        raise TypeError(f"ratio should be two numbers, got the str {ratio!r}")
    area = pixels * uniform(scale[0], scale[1])
    low, high = (np.log(np.float32(r)) for r in ratio[:2])
    return area, float(np.exp(np.float32(uniform(float(low), float(high)))))


class FiveCrop(Module):
    """A tuple of five windows: the corners and the middle (`functional.five_crop`).

    Shape: PIL image or tensor (…, C, H, W) of any dtype → the same kind five times.
    Args:
        size: (height, width) in pixels, or n for a square.
    """

    def __init__(self, size: Any) -> None:
        super().__init__()
        self.size = two_sizes(size)

    def forward(self, img: Any) -> tuple[Any, ...]:
        return F.five_crop(img, self.size)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(size={self.size})"


class TenCrop(Module):
    """FiveCrop of the image, then of its mirror image.

    Shape: PIL image or tensor (…, C, H, W) of any dtype → the same kind ten times.
    Args:
        size: (height, width) in pixels, or n for a square.
        vertical_flip: mirror top and bottom; default False: left and right.
    """

    def __init__(self, size: Any, vertical_flip: bool = False) -> None:
        super().__init__()
        self.size = two_sizes(size)
        self.vertical_flip = vertical_flip

    def forward(self, img: Any) -> tuple[Any, ...]:
        return F.ten_crop(img, self.size, self.vertical_flip)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(size={self.size}, vertical_flip={self.vertical_flip})"


class RandomHorizontalFlip(Module):
    """Left and right exchanged with probability p.

    Shape: PIL image or tensor (…, C, H, W) of any dtype → the same kind.
    Args:
        p: 0-1, default 0.5.
    """

    def __init__(self, p: float = 0.5) -> None:
        super().__init__()
        self.p = p

    def forward(self, img: Any) -> Any:
        return F.hflip(img) if chance() < self.p else img

    def __repr__(self) -> str:
        return f"{type(self).__name__}(p={self.p})"


class RandomVerticalFlip(Module):
    """Top and bottom exchanged with probability p.

    Shape: PIL image or tensor (…, C, H, W) of any dtype → the same kind.
    Args:
        p: 0-1, default 0.5.
    """

    def __init__(self, p: float = 0.5) -> None:
        super().__init__()
        self.p = p

    def forward(self, img: Any) -> Any:
        return F.vflip(img) if chance() < self.p else img

    def __repr__(self) -> str:
        return f"{type(self).__name__}(p={self.p})"
