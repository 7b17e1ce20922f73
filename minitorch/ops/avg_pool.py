"""Average pooling: the mean of every window of an image, channel by channel.

    out[y, x] = Σᵢⱼ in[y·s + i − p, x·s + j − p] / D          outside the image: 0            (1)
    ∂in: every place of the window gets g / D                                                  (2)

D is the window's size; only its part within the image without `count_include_pad`. Both walk
over the elements of the window, each time on the whole (strided) image at once.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import errors
from ..autograd.rule import Array, op
from .columns import Geometry
from .operands import not_implemented
from .pool_windows import (
    check_ndim,
    flat,
    geometry,
    one_each,
    padded,
    plane_blocks,
    planes_of,
    squeeze,
)


@op(name="AvgPool2D")
def avg_pool2d(
    input: Array,
    kernel_size,
    stride=None,
    padding=0,
    ceil_mode=False,
    count_include_pad=True,
    divisor_override=None,
):
    """The mean of every window: equations (1) and (2) of this file.

    Shape: as `max_pool2d` with dilation 1.
    Args:
        kernel_size, stride, padding, ceil_mode: as `max_pool2d`.
        count_include_pad: padding counts in D (default True).
        divisor_override: this D instead (default None).
    Raises: RuntimeError for sizes that do not fit.
    Source: PyTorch documentation, AvgPool2d.
    """
    if input.ndim < 3:
        raise errors.dim_out_of_range(-3, input.ndim)
    geo = geometry("avg_pool2d", 2, input, kernel_size, stride, padding, 1, ceil_mode)
    if input.dtype.kind != "f" and input.dtype != np.int64:
        raise not_implemented("avg_pool2d", input)
    if divisor_override == 0:
        raise RuntimeError("divisor must be not zero")
    return _avg_pool(input, geo, _pad_end(geo, padding), count_include_pad, divisor_override)


@op(name=squeeze)
def avg_pool1d(
    input: Array, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True
):
    """The mean of every window of a sequence: `avg_pool2d` on an image of height 1.

    Shape: input (N, C, L) or (C, L); result (N, C, OL). Args and Raises: as `avg_pool2d`.
    Source: PyTorch documentation, AvgPool1d.
    """
    name = "avg_pool1d"
    check_ndim(name, input, 2)
    kernel, stride, padding, _ = one_each(name, kernel_size, stride, padding, 1)
    image = input[..., None, :]
    geo = geometry(name, 2, image, kernel, stride, padding, 1, ceil_mode)
    if input.dtype.kind != "f" and input.dtype != np.int64:
        raise not_implemented("avg_pool2d", input)
    return flat(_avg_pool(image, geo, _pad_end(geo, padding), count_include_pad, None))


@op(name="AvgPool3D")
def avg_pool3d(
    input: Array,
    kernel_size,
    stride=None,
    padding=0,
    ceil_mode=False,
    count_include_pad=True,
    divisor_override=None,
):
    """The mean of every window of a volume.

    Shape: input (N, C, D, H, W) or (C, D, H, W); result (N, C, OD, OH, OW).
    Args and Raises: as `avg_pool2d`.
    Source: PyTorch documentation, AvgPool3d.
    """
    geo = geometry("avg_pool3d", 3, input, kernel_size, stride, padding, 1, ceil_mode)
    if input.dtype.kind != "f" and input.dtype != np.int64:
        raise not_implemented("avg_pool3d_out_frame", input)
    if divisor_override == 0:
        raise RuntimeError("divisor must be not zero")
    return _avg_pool(input, geo, _pad_end(geo, padding), count_include_pad, divisor_override)


def _pad_end(geo: Geometry, padding: Any) -> Any:
    """Where the padding that was asked for ends (ceil_mode adds lines that never count)."""
    pads = padding if isinstance(padding, (tuple, list)) and len(padding) > 1 else None
    return tuple(
        n + (pads[i] if pads is not None else geo.pads[i][0]) for i, n in enumerate(geo.size)
    )


def _avg_pool(input: Any, geo: Geometry, end: Any, count_pad: bool, divisor: Any) -> Any:
    """(1) and (2) on (…, H, W) or (…, D, H, W)."""
    shape, dims = input.shape, len(geo.size)
    planes = planes_of(input, dims)
    D = _window_sizes(geo, end, count_pad) if divisor is None else divisor
    wide = np.dtype(np.float32) if input.dtype == np.float16 else input.dtype
    out = np.empty((len(planes), *geo.out), input.dtype)

    def work(start, stop):
        x, places = padded(planes[start:stop], geo, 0), geo.elements()
        total = x[(..., *geo.at(*next(places)))].astype(wide)
        for place in places:
            total += x[(..., *geo.at(*place))]
        share = total / D  # (1)
        out[start:stop] = share if wide.kind == "f" else np.trunc(share)

    plane_blocks(planes, geo, work)
    planes_shape, out_shape = planes.shape, out.shape

    def vjp(g):
        d = np.empty(planes_shape, g.dtype)
        share = (g.reshape(out_shape) / D).astype(wide)

        def work(start, stop):
            into = np.zeros((stop - start, *geo.padded), wide)
            for place in geo.elements():
                into[(..., *geo.at(*place))] += share[start:stop]  # (2)
            d[start:stop] = into[(..., *geo.inside())]

        plane_blocks(d, geo, work)
        return d.reshape(shape)

    return out.reshape(*shape[:-dims], *geo.out), vjp


def _window_sizes(geo: Geometry, end: Any, count_pad: bool) -> Any:
    """D of every window: a number where they agree, else one for each."""
    D = np.ones((), np.int64)
    for n, k, s, (a, _), size, stop in zip(
        geo.out, geo.kernel, geo.stride, geo.pads, geo.size, end
    ):
        first = np.arange(n) * s - a
        last = np.minimum(first + k, stop)
        length = last - first if count_pad else np.minimum(last, size) - np.maximum(first, 0)
        D = D[..., None] * length
    return int(D.flat[0]) if D.min() == D.max() else D.astype(np.float32)
