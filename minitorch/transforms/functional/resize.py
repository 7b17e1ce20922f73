"""Resizing: a new size, each output pixel a weighted mean of input pixels.

    out = R · img · Cᵀ,   R (H', H) and C (W', W) hold the weights of rows and columns        (1)

The weight of input pixel j for output pixel i, with s = H / H' and the filter f:

    antialias   f((j + ½ − s·(i + ½)) / max(s, 1)), each row of R scaled to sum 1              (2)
    else        f(j − p),  p = s·(i + ½) − ½, pixels beyond the edge stand for the edge        (3)

    bilinear    f(x) = 1 − |x| on |x| < 1                                                      (4)
    bicubic     f(x) = (a+2)|x|³ − (a+3)x² + 1            on |x| < 1
                       a|x|³ − 5a·x² + 8a|x| − 4a         on 1 ≤ |x| < 2                       (5)
                a = −½ with antialias, −¾ without

With antialias, a shrinking image widens the filter by s, so that every input pixel counts.

Source: Keys, "Cubic convolution interpolation for digital image processing", 1981.
"""

from __future__ import annotations

from numbers import Number
from typing import Any

import numpy as np

from ... import dtypes
from ...autograd.rule import Array, op
from .geometry import crop
from .images import check_image, get_dimensions
from .interpolation import PIL_MODES, InterpolationMode, as_mode

BILINEAR = InterpolationMode.BILINEAR


def _filter(x: np.ndarray, cubic: bool, a: float) -> np.ndarray:
    x = np.abs(x)
    if not cubic:
        return np.maximum(1 - x, 0)  # (4)
    near = ((a + 2) * x - (a + 3)) * x * x + 1  # (5)
    far = ((a * x - 5 * a) * x + 8 * a) * x - 4 * a
    return np.where(x < 1, near, np.where(x < 2, far, 0))


def _weights(size: int, new: int, mode: InterpolationMode, antialias: bool) -> np.ndarray:
    """The matrix (new, size) of equations (2) and (3), float64."""
    cubic = mode is InterpolationMode.BICUBIC
    i = np.arange(new)
    scale = size / new
    if antialias:
        stretch = max(scale, 1.0)
        centre = scale * (i + 0.5)
        reach = (2 if cubic else 1) * stretch
        first = np.maximum((centre - reach + 0.5).astype(int), 0)[:, None]
        last = np.minimum((centre + reach + 0.5).astype(int), size)[:, None]
        j = np.arange(size)
        w = _filter((j + 0.5 - centre[:, None]) / stretch, cubic, -0.5)  # (2)
        w = np.where((j >= first) & (j < last), w, 0)
        return w / w.sum(1, keepdims=True)
    p = scale * (i + 0.5) - 0.5
    if not cubic:
        p = np.maximum(p, 0)
    start = np.floor(p).astype(int)
    w = np.zeros((new, size))
    for k in (-1, 0, 1, 2) if cubic else (0, 1):
        j = start + k
        np.add.at(w, (i, np.clip(j, 0, size - 1)), _filter(j - p, cubic, -0.75))  # (3)
    return w


@op(name="Upsample")
def _resample(input: Array, rows: np.ndarray, columns: np.ndarray):
    """Equation (1) on the last two dimensions;  ∂img = Rᵀ · g · C."""
    out = np.matmul(rows, np.matmul(input, columns.T))  # (1)
    return out, lambda g: np.matmul(rows.T, np.matmul(g, columns))


def _nearest(size: int, new: int, exact: bool) -> np.ndarray:
    """The input pixel of each output pixel: ⌊s·i⌋, or exactly ⌊s·(i + ½)⌋."""
    scale = np.float32(size) / np.float32(new)
    i = np.arange(new, dtype=np.float32) + np.float32(0.5 if exact else 0)
    return np.minimum((i * scale).astype(np.int64), size - 1)


def resized_size(image_size: Any, size: Any, max_size: int | None = None) -> list[int]:
    """[height, width] of an image (height, width) after `resize`.

    Raises:
        ValueError: `max_size` not above `size`.
    """
    if len(size) == 2:
        return [size[0], size[1]]
    h, w = image_size
    short, long = (w, h) if w <= h else (h, w)
    wanted = size[0]
    new_short, new_long = wanted, int(wanted * long / short)
    if max_size is not None:
        if max_size <= wanted:
            raise ValueError(
                f"max_size = {max_size} must be strictly greater than the requested size for the "
                f"smaller edge size = {size}"
            )
        if new_long > max_size:
            new_short, new_long = int(max_size * new_short / new_long), max_size
    return [new_long, new_short] if w <= h else [new_short, new_long]


def resize(img: Any, size: Any, interpolation: Any = BILINEAR, max_size: int | None = None,
           antialias: bool | None = True) -> Any:  # fmt: skip
    """The image at another size.

    Args:
        size: [height, width] in pixels; n or [n]: the shorter side, the longer in proportion.
        interpolation: InterpolationMode (default BILINEAR), or Pillow's number for it.
        max_size: the most for the longer side; only with one number. None (default): no limit.
        antialias: tensors: widen the filter when shrinking (default True). PIL images always
            are, except with NEAREST.
    Raises:
        TypeError: an interpolation of another type.
        ValueError: more than two sizes, a max_size that does not fit, LANCZOS on a tensor.
    """
    interpolation = as_mode(interpolation)
    if isinstance(size, (list, tuple)):
        if len(size) not in (1, 2):
            raise ValueError(
                f"Size must be an int or a 1 or 2 element tuple/list, not a {len(size)} element "
                "tuple/list"
            )
        if max_size is not None and len(size) != 1:
            raise ValueError(
                "max_size should only be passed if size specifies the length of the smaller edge, "
                "i.e. size should be an int or a sequence of length 1"
            )
    elif isinstance(size, Number):
        size = [size]
    _, H, W = get_dimensions(img)
    height, width = resized_size((H, W), size, max_size)
    if (height, width) == (H, W):
        return img
    if not check_image(img):
        return img.resize((width, height), PIL_MODES[interpolation])
    return _resize_tensor(img, height, width, interpolation, bool(antialias))


def _resize_tensor(img: Any, height: int, width: int, mode: InterpolationMode,
                   antialias: bool) -> Any:  # fmt: skip
    H, W = img.shape[-2:]
    if mode in (InterpolationMode.NEAREST, InterpolationMode.NEAREST_EXACT):
        exact = mode is InterpolationMode.NEAREST_EXACT
        return img[..., _nearest(H, height, exact)[:, None], _nearest(W, width, exact)]
    if mode not in (BILINEAR, InterpolationMode.BICUBIC):
        raise ValueError(f"Interpolation mode {mode.value!r} is unsupported with Tensor input")
    dtype = img.dtype
    kind = img._data.dtype if img._data.dtype in (np.float32, np.float64) else np.dtype(np.float32)
    rows = _weights(H, height, mode, antialias).astype(kind)
    columns = _weights(W, width, mode, antialias).astype(kind)
    out = _resample(img.to(dtypes.from_numpy(kind)), rows, columns)
    if mode is InterpolationMode.BICUBIC and dtype == dtypes.uint8:
        out = out.clamp(0, 255)  # the cubic filter overshoots
    if out.dtype == dtype:
        return out
    return (out if dtype.is_floating_point else out.round()).to(dtype)


def resized_crop(img: Any, top: int, left: int, height: int, width: int, size: Any,
                 interpolation: Any = BILINEAR, antialias: bool | None = True) -> Any:  # fmt: skip
    """`crop`, then `resize` of what it gave."""
    return resize(crop(img, top, left, height, width), size, interpolation, antialias=antialias)
