"""InterpolationMode: how a value between pixels is made of the pixels around it."""

from __future__ import annotations

from enum import Enum
from typing import Any

from PIL import Image


class InterpolationMode(Enum):
    """NEAREST takes one pixel; BILINEAR weighs 2 × 2, BICUBIC 4 × 4, LANCZOS 6 × 6 of them.

    NEAREST_EXACT is NEAREST without its shift of half a pixel; BOX and HAMMING average when an
    image shrinks. Tensors know NEAREST, NEAREST_EXACT, BILINEAR and BICUBIC, PIL images all.
    """

    NEAREST = "nearest"
    NEAREST_EXACT = "nearest-exact"
    BILINEAR = "bilinear"
    BICUBIC = "bicubic"
    BOX = "box"
    HAMMING = "hamming"
    LANCZOS = "lanczos"


PIL_MODES = {
    InterpolationMode.NEAREST: Image.Resampling.NEAREST,
    InterpolationMode.BILINEAR: Image.Resampling.BILINEAR,
    InterpolationMode.BICUBIC: Image.Resampling.BICUBIC,
    InterpolationMode.NEAREST_EXACT: Image.Resampling.NEAREST,
    InterpolationMode.BOX: Image.Resampling.BOX,
    InterpolationMode.HAMMING: Image.Resampling.HAMMING,
    InterpolationMode.LANCZOS: Image.Resampling.LANCZOS,
}
_FROM_PIL = {
    int(number): mode
    for mode, number in PIL_MODES.items()
    if mode is not InterpolationMode.NEAREST_EXACT
}


def as_mode(interpolation: Any, error: type[Exception] = TypeError) -> InterpolationMode:
    """An InterpolationMode, also from Pillow's number for it (0 nearest, 2 bilinear, …).

    Args:
        error: what to raise for something else: TypeError (default), or AttributeError, as
            torchvision's `elastic_transform` does.
    Raises:
        error: neither of the two.
        KeyError: a number that Pillow does not have.
    """
    if isinstance(interpolation, int):
        return _FROM_PIL[int(interpolation)]
    if not isinstance(interpolation, InterpolationMode):
        raise error(
            "Argument interpolation should be a InterpolationMode or a corresponding Pillow "
            f"integer constant, but got {interpolation!r}"
        )
    return interpolation


def mode_or_later(interpolation: Any) -> Any:
    """For classes: Pillow's number as a mode. What is no mode at all, the first image refuses."""
    return as_mode(interpolation) if isinstance(interpolation, int) else interpolation
