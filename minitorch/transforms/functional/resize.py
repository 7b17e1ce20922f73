"""Resizing: a new size, each output pixel a weighted mean of input pixels.

Columns first, then rows, each with the few input pixels (taps) that count:

    out[i] = Σₖ w[i, k]·img[j[i, k]]                                                   (1)

The weight of input pixel j for output pixel i, with s = H / H' and the filter f:

    antialias   f((j − s·(i + ½) + ½) / max(s, 1)), scaled to sum 1                    (2)
    else        f(j − p),  p = s·(i + ½) − ½, pixels beyond the edge stand for the edge   (3)

    bilinear    f(x) = 1 − |x| on |x| < 1                                              (4)
    bicubic     f(x) = (a+2)|x|³ − (a+3)x² + 1            on |x| < 1
                       a|x|³ − 5a·x² + 8a|x| − 4a         on 1 ≤ |x| < 2               (5)
                a = −½ with antialias, −¾ without

With antialias, a shrinking image widens the filter by s, so that every input pixel counts.

Source: Keys, "Cubic convolution interpolation for digital image processing", 1981.
"""

from __future__ import annotations

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


def _taps(size: int, new: int, mode: InterpolationMode, antialias: bool,
          kind: np.dtype) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """(j, w) of equation (1), both (new, taps); computed in the image's precision."""
    cubic = mode is InterpolationMode.BICUBIC
    half, scale = kind.type(0.5), kind.type(size) / kind.type(new)
    i = np.arange(new, dtype=kind)
    if antialias:
        stretch = np.maximum(scale, kind.type(1))
        centre = scale * (i + half)
        reach = kind.type(2 if cubic else 1) * stretch
        first = np.maximum((centre - reach + half).astype(np.int64), 0)
        count = np.minimum((centre + reach + half).astype(np.int64), size) - first
        k = np.arange(max(int(count.max()), 1))
        j = first[:, None] + k
        x = (j.astype(kind) - centre[:, None] + half) * (kind.type(1) / stretch)
        w = _filter(x, cubic, -0.5)  # (2)
        w = np.where(k < count[:, None], w, kind.type(0))
        return np.minimum(j, size - 1), w / np.cumsum(w, 1)[:, -1:]
    p = ((i + half).astype(np.float64) * scale - 0.5).astype(kind)
    if not cubic:
        p = np.maximum(p, 0)
    start = np.floor(p)
    t = p - start  # 0 ≤ t < 1, how far p lies behind the pixel before it
    if cubic:
        distances = np.stack([t + 1, t, 1 - t, (1 - t) + 1], 1)
        w, first = _filter(distances, True, -0.75), -1  # (3)
    else:
        w, first = np.stack([1 - t, t], 1), 0
    j = start.astype(np.int64)[:, None] + np.arange(first, first + w.shape[1])
    return np.clip(j, 0, size - 1), w


@op(name="Upsample")
def _resample(input: Array, rows: Any, columns: Any):
    """Equation (1) along the last dimension, then along the one before it.

    ∂img collects, tap by tap, each output's gradient times the weight.
    """
    across = _weighted(input, *columns)
    out = _weighted(across.swapaxes(-1, -2), *rows).swapaxes(-1, -2)

    def vjp(g: Array) -> Array:
        d = _spread(g.swapaxes(-1, -2), rows, input.shape[-2]).swapaxes(-1, -2)
        return _spread(d, columns, input.shape[-1])

    return np.ascontiguousarray(out), vjp


def _weighted(x: np.ndarray, j: np.ndarray, w: np.ndarray) -> np.ndarray:
    out = x[..., j[:, 0]] * w[:, 0]
    for k in range(1, j.shape[1]):  # one rounding for product and sum, as PyTorch's kernels
        term = x[..., j[:, k]].astype(np.float64) * w[:, k]
        np.add(term, out, out=out, casting="same_kind")
    return out  # (1)


def _spread(g: np.ndarray, taps: tuple[np.ndarray, np.ndarray], size: int) -> np.ndarray:
    d = np.zeros((*g.shape[:-1], size), g.dtype)
    for j, w in zip(taps[0].T, taps[1].T):
        np.add.at(np.moveaxis(d, -1, 0), j, np.moveaxis(g * w, -1, 0))
    return d


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
        TypeError: a size or interpolation of another type.
        ValueError: more than two sizes, a max_size that does not fit, LANCZOS on a tensor.
        RuntimeError: a tensor, and a size not above 0 (PIL images: ValueError).
        NotImplementedError: BOX or HAMMING on a tensor.
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
    elif isinstance(size, int):
        size = [size]
    elif size is None:
        raise ValueError("size should be an int, a list or a tuple, but got None")
    _, H, W = get_dimensions(img)
    height, width = resized_size((H, W), size, max_size)
    if (height, width) == (H, W):
        return img
    if not check_image(img):
        return img.resize((width, height), PIL_MODES[interpolation])
    return _resize_tensor(img, height, width, interpolation, bool(antialias))


def _check_tensor(img: Any, height: Any, width: Any, mode: InterpolationMode) -> None:
    shape = list(img.shape)
    if len(shape) not in (3, 4):
        raise ValueError(f"expected an image (C, H, W) or (N, C, H, W), but got shape {shape}")
    if not (type(height) is int and type(width) is int):
        raise TypeError(f"expected size to be one or two ints, but got {(height, width)}")
    if mode in (InterpolationMode.BOX, InterpolationMode.HAMMING):
        raise NotImplementedError(f"Interpolation mode {mode.value!r} needs a PIL image")
    if mode is InterpolationMode.LANCZOS:
        raise ValueError("Interpolation mode 'lanczos' needs a PIL image")
    if min(height, width, *shape[-3:]) <= 0:
        raise RuntimeError(
            "Input and output sizes should be greater than 0, but got input "
            f"(C: {shape[-3]}, H: {shape[-2]}, W: {shape[-1]}) output (H: {height}, W: {width})"
        )


def _resize_tensor(img: Any, height: int, width: int, mode: InterpolationMode,
                   antialias: bool) -> Any:  # fmt: skip
    H, W = img.shape[-2:]
    _check_tensor(img, height, width, mode)
    if mode in (InterpolationMode.NEAREST, InterpolationMode.NEAREST_EXACT):
        exact = mode is InterpolationMode.NEAREST_EXACT
        return img[..., _nearest(H, height, exact)[:, None], _nearest(W, width, exact)]
    dtype = img.dtype
    kind = img._data.dtype if img._data.dtype in (np.float32, np.float64) else np.dtype(np.float32)
    rows = _taps(H, height, mode, antialias, kind)
    columns = _taps(W, width, mode, antialias, kind)
    out = _resample(img.to(dtypes.from_numpy(kind)), rows, columns)
    if mode is InterpolationMode.BICUBIC and dtype == dtypes.uint8:
        out = out.clamp(0, 255)  # the cubic filter overshoots
    if out.dtype == dtype:
        return out
    return (out.round() if img._data.dtype.kind in "iu" else out).to(dtype)


def resized_crop(img: Any, top: int, left: int, height: int, width: int, size: Any,
                 interpolation: Any = BILINEAR, antialias: bool | None = True) -> Any:  # fmt: skip
    """`crop`, then `resize` of what it gave."""
    return resize(crop(img, top, left, height, width), size, interpolation, antialias=antialias)
