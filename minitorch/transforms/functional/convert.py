"""Between the three forms of an image, and between dtypes: ToTensor, ToPILImage, Normalize.

array or PIL image   uint8 0-255, (H, W) or (H, W, C)     how images are stored
tensor               float32 0-1, (C, H, W)               how networks take them
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from PIL import Image

from ... import dtypes, errors
from ...autograd.graph import TensorBase, wrap
from ...autograd.rule import Array, inplace, op
from ...ops.create import as_tensor, from_numpy
from .images import check_image, is_tensor, max_value

_FULL = {np.dtype(kind): np.array(255, kind) for kind in ("float16", "float32", "float64")}
_PIL_DTYPES = {"I": np.int32, "I;16": np.int16, "F": np.float32}


def to_tensor(pic: Any) -> Any:
    """PIL image or array (H, W) or (H, W, C) → tensor (C, H, W); uint8 is scaled to 0-1.

    out[c, y, x] = pic[y, x, c] / 255     for uint8 values and mode "1";       (1)
    other dtypes keep their values: PIL modes I, I;16 and F give int32, int16, float32.

    Args:
        pic: PIL image of any mode, or a NumPy array.
    Raises:
        TypeError: something else, a tensor for instance.
        ValueError: an array that has not 2 or 3 dimensions.
    Source: notes, transforms.Compose.
    >>> import numpy as np
    >>> from minitorch.transforms.functional import to_tensor
    >>> to_tensor(np.array([[0, 51], [102, 255]], np.uint8))
    tensor([[[0.0000, 0.2000],
             [0.4000, 1.0000]]])
    """
    if isinstance(pic, Image.Image):
        mode = pic.mode
        if mode == "1":
            pixels = np.array(pic, np.uint8) * np.uint8(255)
        elif mode in ("L", "RGB"):
            pixels = np.asarray(pic)
        else:
            pixels = np.array(pic, _PIL_DTYPES.get(mode, np.uint8))
    elif isinstance(pic, np.ndarray):
        if pic.ndim not in (2, 3):
            raise ValueError(f"pic should be 2/3 dimensional. Got {pic.ndim} dimensions.")
        pixels = pic
    else:
        raise TypeError(f"pic should be PIL Image or ndarray. Got {type(pic)}")

    chw = pixels[None] if pixels.ndim == 2 else pixels.transpose(2, 0, 1)
    if pixels.dtype != np.uint8:
        # an array that has our layout already shares its memory, as from_numpy does
        return from_numpy(chw if chw.flags.c_contiguous else chw.copy())
    return scaled_planes(chw)


def scaled_planes(pixels: np.ndarray) -> Any:
    """uint8 0-255 → tensor of the default dtype, 0-1: equation (1) for any shape."""
    kind = dtypes.default_float()
    return wrap(np.true_divide(pixels, _FULL[kind], dtype=kind, order="C"))  # (1)


def pil_to_tensor(pic: Any) -> Any:
    """PIL image → tensor (C, H, W) with the image's own values and dtype; nothing is scaled.

    Raises:
        TypeError: no PIL image, or a mode whose dtype no tensor has ("I;16": unsigned 16 bits).
    """
    if not isinstance(pic, Image.Image):
        raise TypeError(f"pic should be PIL Image. Got {type(pic)}")
    pixels = np.array(pic)
    return from_numpy(pixels[None] if pixels.ndim == 2 else pixels.transpose(2, 0, 1))


_ONE_CHANNEL = {
    np.dtype(kind): mode
    for kind, mode in (("uint8", "L"), ("int16", "I;16"), ("int32", "I"), ("float32", "F"))
}
_MODES = {2: ["LA"], 3: ["RGB", "YCbCr", "HSV"], 4: ["RGBA", "CMYK", "RGBX"]}


def to_pil_image(pic: Any, mode: str | None = None) -> Image.Image:
    """Tensor (C, H, W) or (H, W), or array (H, W, C) or (H, W) → PIL image of that size.

    Floating point values 0-1 become ⌊255·x⌋, unless mode is "F"; integers stay as they are.

    Args:
        pic: 1 to 4 channels.
        mode: PIL's mode. None (default): L for uint8, I;16 for int16, I for int32 with one
            channel; LA, RGB and RGBA with two, three and four.
    Raises:
        TypeError: neither tensor nor array, or a dtype that no mode fits.
        ValueError: a wrong number of dimensions or channels, or a mode that does not fit.
    Source: notes, transforms.Compose.
    >>> import minitorch as torch
    >>> from minitorch.transforms.functional import to_pil_image
    >>> to_pil_image(torch.zeros(3, 20, 30)).mode
    'RGB'
    """
    if isinstance(pic, TensorBase):
        pixels = pic._data
        channels = pixels.shape[0] if pixels.ndim == 3 else 1
    elif isinstance(pic, np.ndarray):
        pixels = pic
        channels = pixels.shape[2] if pixels.ndim == 3 else 1
    else:
        raise TypeError(f"pic should be Tensor or ndarray. Got {type(pic)}.")
    if pixels.ndim not in (2, 3):
        raise ValueError(f"pic should be 2/3 dimensional. Got {pixels.ndim} dimensions.")
    if channels > 4:
        raise ValueError(f"pic should not have > 4 channels. Got {channels} channels.")
    if pixels.ndim == 3 and pixels is not pic:
        pixels = pixels.transpose(1, 2, 0)
    if pixels.dtype.kind == "f" and mode != "F":
        scaled = pixels * pixels.dtype.type(255)
        pixels = wrap(scaled).to(dtypes.uint8)._data  # values outside 0-1 wrap as PyTorch's do
    mode = _mode_for(pixels.dtype, channels, mode)
    height, width = pixels.shape[:2]
    return Image.frombuffer(mode, (width, height), pixels.tobytes(), "raw", mode, 0, 1)


def _mode_for(dtype: np.dtype, channels: int, mode: str | None) -> str:
    """The PIL mode of an array, after a look at whether the one asked for fits."""
    if channels == 1:
        fitting = _ONE_CHANNEL.get(dtype)
        if mode is not None and mode != fitting:
            raise ValueError(
                f"Incorrect mode ({mode}) supplied for input type {dtype}. Should be {fitting}"
            )
        mode = fitting
    else:
        fit = _MODES.get(channels, [])
        if mode is not None and mode not in fit:
            raise ValueError(f"Only modes {fit} are supported for {channels}D inputs")
        if mode is None and dtype == np.uint8 and fit:
            mode = fit[0]
    if mode is None:
        raise TypeError(f"Input type {dtype} is not supported")
    return mode


def convert_image_dtype(image: Any, dtype: Any = dtypes.float32) -> Any:
    """Tensor image of another dtype, its values scaled: full brightness stays full brightness.

    With M the largest value of an integer dtype (uint8 255), and 1 for floating point:

        integer → float     x / M                                              (1)
        float → integer     ⌊x·(M + 1 − 0.001)⌋                                (2)
        integer → integer   ⌊x / k⌋ or x·k,   k the ratio of the two M + 1     (3)

    Raises:
        TypeError: `image` is no tensor.
        RuntimeError: float32 to int32 or int64, float64 to int64: values would overflow.
    >>> import minitorch as torch
    >>> from minitorch.transforms.functional import convert_image_dtype
    >>> convert_image_dtype(torch.tensor([0., 0.5, 1.]), torch.uint8)
    tensor([  0, 127, 255], dtype=torch.uint8)
    """
    if not is_tensor(image):
        raise TypeError(f"Input img should be Tensor Image, but got {type(image)}")
    dtype = dtypes.get_default_dtype() if dtype is None else dtype
    old, new = image._data.dtype, dtypes.to_numpy(dtype)
    if old == new:
        return image
    old_max, new_max = max_value(old), max_value(new)
    if old.kind == "f":
        if new.kind == "f":
            return image.to(dtype)
        if (old.itemsize, new.itemsize) in ((4, 4), (4, 8), (8, 8)):
            raise RuntimeError(
                f"The cast from {image.dtype} to {dtype} cannot be performed safely."
            )
        return image.mul(new_max + 1.0 - 1e-3).to(dtype)  # (2)
    if new.kind == "f":
        return image.to(dtype) / old_max  # (1)
    if old_max > new_max:
        return (image // ((old_max + 1) // (new_max + 1))).to(dtype)  # (3)
    return image.to(dtype) * ((new_max + 1) // (old_max + 1))


@op
def _standardized(tensor: Array, mean: np.ndarray, std: np.ndarray):
    """out = (x − μ) / σ in each channel,   ∂x = g / σ     (1)"""
    out = np.subtract(tensor, mean)
    out /= std  # (1)
    return out, lambda g: g / std


_standardize_ = inplace(_standardized)


def normalize(tensor: Any, mean: Any, std: Any, inplace: bool = False) -> Any:
    """(x − mean) / std, channel by channel, of a floating point tensor (…, C, H, W).

    Args:
        mean: one number per channel, in units of the image's values (0-1 after ToTensor).
        std: likewise; [0.5] and [0.5] bring 0-1 to −1-1.
        inplace: write into `tensor` (default False).
    Raises:
        TypeError: no tensor, an integer dtype, or fewer than 2 dimensions.
        ValueError: 2 dimensions, or a std of 0.
        RuntimeError: another number of channels.
    Source: notes, transforms.Compose.
    """
    if not isinstance(tensor, TensorBase):
        raise TypeError(f"img should be Tensor Image. Got {type(tensor)}")
    x = tensor._data
    if x.dtype.kind != "f":
        kind = dtypes.from_numpy(x.dtype)
        raise TypeError(f"Input tensor should be a float tensor. Got {kind}.")
    if x.ndim < 3:
        check_image(tensor)
        raise ValueError(
            "Expected tensor to be a tensor image of size (..., C, H, W). "
            f"Got tensor.size() = torch.Size({list(x.shape)})"
        )
    if are_numbers(mean) and are_numbers(std):
        μ, σ = _cached_columns(tuple(mean), tuple(std), x.dtype)
    else:
        μ, σ = _columns(mean, std, x.dtype)
    for values in (μ, σ):
        _check_channels(x.shape, values.shape)
    return _standardize_(tensor, μ, σ) if inplace else _standardized(tensor, μ, σ)


def _check_channels(image: tuple[int, ...], values: tuple[int, ...]) -> None:
    if values in ((image[-3], 1, 1), (1, 1, 1)):
        return
    try:
        both = np.broadcast_shapes(image, values)
    except ValueError:
        raise errors.broadcast(image, values) from None
    if both != image:
        raise errors.output_shape(image, both)


def are_numbers(values: Any) -> bool:
    """Whether `values` is a list or tuple of plain numbers."""
    if not isinstance(values, (list, tuple)):
        return False
    for value in values:  # noqa: SIM110  all() with a generator takes three times as long
        if type(value) is not float and type(value) is not int:
            return False
    return True


def _columns(mean: Any, std: Any, kind: np.dtype) -> tuple[np.ndarray, np.ndarray]:
    """mean and std as arrays (C, 1, 1) in the image's dtype."""
    dtype = dtypes.from_numpy(kind)
    μ, σ = (as_tensor(values, dtype=dtype)._data for values in (mean, std))
    if (σ == 0).any():
        raise ValueError(
            f"std evaluated to zero after conversion to {dtype}, leading to division by zero."
        )
    return tuple(a.reshape(-1, 1, 1) if a.ndim == 1 else a for a in (μ, σ))


_cached_columns = lru_cache(maxsize=64)(_columns)  # 0.5 µs where _columns takes 7
