"""Brightness, contrast, saturation, hue, gamma: each mixes the image with a simpler one.

    out = f·img + (1 − f)·other,  clipped to 0 … full brightness                       (1)

    brightness   other = black             contrast   other = the mean grey
    saturation   other = the grey image    f = 1 changes nothing, f = 0 gives `other`

Grey is 0.2989·R + 0.587·G + 0.114·B for tensors (Pillow rounds 299, 587, 114 thousandths).    (2)
"""

from __future__ import annotations

from typing import Any

import numpy as np
from PIL import Image, ImageEnhance

from ... import dtypes
from ...autograd.graph import wrap
from .convert import convert_image_dtype
from .hue import shift_hue
from .images import check_image, get_dimensions, max_value


def check_channels(img: Any) -> int:
    """The number of channels, 1 or 3.

    Raises:
        TypeError: another number.
    """
    channels = get_dimensions(img)[0]
    if channels not in (1, 3):
        raise TypeError(
            f"Input image tensor permitted channel values are [1, 3], but found {channels}"
        )
    return channels


def check_three_dimensions(img: Any) -> None:
    """Refuse a tensor (H, W).

    Raises:
        TypeError: fewer than three dimensions.
    """
    if img.ndim < 3:
        raise TypeError(
            f"Input image tensor should have at least 3 dimensions, but found {img.ndim}"
        )


def blend(img: Any, other: Any, factor: float) -> Any:
    """Equation (1) for tensors, in the dtype of `img`."""
    mixed = float(factor) * img + (1.0 - factor) * other  # (1)
    return mixed.clamp(0, max_value(img._data.dtype)).to(img.dtype)


def _check_factor(name: str, factor: float) -> None:
    if factor < 0:
        raise ValueError(f"{name} ({factor}) is not non-negative.")


def adjust_brightness(img: Any, brightness_factor: float) -> Any:
    """Brighter or darker: every value times the factor.

    Args:
        brightness_factor: 0 black, 1 (no change), 2 twice as bright.
    Raises:
        ValueError: a negative factor.
    """
    if not check_image(img):
        return ImageEnhance.Brightness(img).enhance(brightness_factor)
    _check_factor("brightness_factor", brightness_factor)
    check_channels(img)
    return blend(img, wrap(np.zeros_like(img._data)), brightness_factor)


def adjust_contrast(img: Any, contrast_factor: float) -> Any:
    """More or less contrast: away from or towards the image's mean grey.

    Args:
        contrast_factor: 0 all grey, 1 no change.
    Raises:
        ValueError: a negative factor.
    """
    if not check_image(img):
        return ImageEnhance.Contrast(img).enhance(contrast_factor)
    _check_factor("contrast_factor", contrast_factor)
    grey = rgb_to_grayscale(img) if check_channels(img) == 3 else img
    if not img.is_floating_point():
        grey = grey.to(dtypes.float32)
    mean = grey.mean((-3, -2, -1), keepdim=True)
    return blend(img, mean, contrast_factor)


def adjust_saturation(img: Any, saturation_factor: float) -> Any:
    """Stronger or paler colours: away from or towards the grey image.

    Args:
        saturation_factor: 0 grey, 1 no change.
    Raises:
        ValueError: a negative factor.
    """
    if not check_image(img):
        return ImageEnhance.Color(img).enhance(saturation_factor)
    _check_factor("saturation_factor", saturation_factor)
    if check_channels(img) == 1:
        return img
    return blend(img, rgb_to_grayscale(img), saturation_factor)


def adjust_hue(img: Any, hue_factor: float) -> Any:
    """Colours moved along the circle red, yellow, green, cyan, blue, magenta, red (`hue`).

    Args:
        hue_factor: −0.5-0.5, in turns of the circle; 0 no change.
    Raises:
        ValueError: a factor outside that range.
    """
    if not -0.5 <= hue_factor <= 0.5:
        raise ValueError(f"hue_factor ({hue_factor}) is not in [-0.5, 0.5].")
    if check_image(img):
        if check_channels(img) == 1:
            return img
        turned = shift_hue(convert_image_dtype(img, dtypes.float32), hue_factor)
        return convert_image_dtype(turned, img.dtype)
    mode = img.mode
    if mode in ("L", "1", "I", "F"):
        return img
    h, s, v = img.convert("HSV").split()
    # a step of the circle is 1/255 turn; numbers above 255 start again at 0
    hues = np.array(h, np.uint8) + np.array(int(hue_factor * 255)).astype(np.uint8)
    return Image.merge("HSV", (Image.fromarray(hues), s, v)).convert(mode)


def adjust_gamma(img: Any, gamma: float, gain: float = 1) -> Any:
    """out = gain·xᵞ for values x in 0-1, clipped to 0-1.

    Args:
        gamma: above 1 shadows get darker, below 1 brighter.
        gain: factor, default 1.
    Raises:
        ValueError: a negative gamma.
    """
    tensor = check_image(img)
    if tensor:
        check_channels(img)
    if gamma < 0:
        raise ValueError(f"Gamma should be a non-negative real number, but got {gamma}")
    if tensor:
        x = img if img.is_floating_point() else convert_image_dtype(img, dtypes.float32)
        return convert_image_dtype((gain * x.pow(gamma)).clamp(0, 1), img.dtype)
    table = [int((255 + 1 - 1e-3) * gain * pow(x / 255.0, gamma)) for x in range(256)] * 3
    return img.convert("RGB").point(table).convert(img.mode)


def rgb_to_grayscale(img: Any, num_output_channels: int = 1) -> Any:
    """The grey image, in one channel or three equal ones.

    Args:
        num_output_channels: 1 (default) or 3; a tensor of one channel stays one channel.
    Raises:
        TypeError: a tensor of other than 1 or 3 channels.
        ValueError: another number of output channels.
    """
    if not check_image(img):
        return to_grayscale(img, num_output_channels)
    check_three_dimensions(img)
    channels = check_channels(img)
    _check_outputs(num_output_channels)
    if channels == 1:
        return img.clone()
    r, g, b = img.unbind(-3)
    grey = (0.2989 * r + 0.587 * g + 0.114 * b).to(img.dtype).unsqueeze(-3)  # (2)
    return grey.expand(img.shape) if num_output_channels == 3 else grey


def _check_outputs(channels: int) -> None:
    if channels not in (1, 3):
        raise ValueError(f"num_output_channels should be either 1 or 3, but got {channels}")


def to_grayscale(img: Any, num_output_channels: int = 1) -> Any:
    """`rgb_to_grayscale` for PIL images of any mode: "L", or "RGB" with three equal bands."""
    if not isinstance(img, Image.Image):
        raise TypeError(f"Input should be PIL Image, but got {type(img)}")
    _check_outputs(num_output_channels)
    grey = img.convert("L")
    return grey if num_output_channels == 1 else Image.merge("RGB", (grey, grey, grey))
