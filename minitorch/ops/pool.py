"""Pooling: the maximum or the mean of every window of an image, channel by channel.

    max    out[y, x] = maxᵢⱼ in[y·s + i·d − p, x·s + j·d − p]       outside the image: −∞     (1)
           ∂in: g goes to the place of the maximum, the first one if there are several        (2)
    avg    out[y, x] = Σᵢⱼ in[y·s + i − p, x·s + j − p] / D          outside the image: 0      (3)
           ∂in: every place of the window gets g / D                                          (4)

D is the window's size; only its part within the image without `count_include_pad`. Both walk
over the kh·kw elements of the window, each time on the whole (strided) image at once.
Windows chosen so that a wanted output size comes out are in adaptive_pool.py.
"""

from __future__ import annotations

from operator import index
from typing import Any

import numpy as np

from .. import errors, parallel
from ..autograd.rule import Array, op
from .columns import Geometry
from .operands import not_implemented


def squeeze(*_: Any, **options: Any) -> str:
    """PyTorch's node name for 1-d pooling, which it does in 2-d and squeezes."""
    return "SqueezeBackward1"


@op(name="MaxPool2DWithIndices")
def max_pool2d(
    input: Array,
    kernel_size,
    stride=None,
    padding=0,
    dilation=1,
    ceil_mode=False,
    return_indices=False,
):
    """The maximum of every window: equations (1) and (2) of this file.

    Shape: input (N, C, H, W) or (C, H, W); result (N, C, OH, OW),
        OH = ⌊(H + 2·p − d·(k − 1) − 1) / s⌋ + 1; rounded up with `ceil_mode`.
    Args:
        kernel_size: the window's size in pixels; an int or one for each direction, as the rest.
        stride: pixels from window to window (default: kernel_size).
        padding: pixels around the image that never win (default 0), at most half a window.
        dilation: pixels from one element of the window to the next (default 1).
        ceil_mode: also take a last window that sticks out (default False).
        return_indices: also give the winners' places in the flattened H·W image (default False).
    Raises: RuntimeError for sizes that do not fit. NaN wins over every number.
    Example:
        >>> import minitorch as torch
        >>> torch.nn.functional.max_pool2d(torch.arange(16.0).reshape(1, 1, 4, 4), 2)
        tensor([[[[ 5.,  7.],
                  [13., 15.]]]])

    Source: PyTorch documentation, MaxPool2d.
    """
    geo = _geometry("max_pool2d", input, kernel_size, stride, padding, dilation, ceil_mode)
    if input.dtype.kind == "b":
        raise not_implemented("max_pool2d", input)
    return _max_pool(input, geo, return_indices)


@op(name=squeeze)
def max_pool1d(
    input: Array,
    kernel_size,
    stride=None,
    padding=0,
    dilation=1,
    ceil_mode=False,
    return_indices=False,
):
    """The maximum of every window of a sequence: `max_pool2d` on an image of height 1.

    Shape: input (N, C, L) or (C, L); result (N, C, OL). Args and Raises: as `max_pool2d`.
    Source: PyTorch documentation, MaxPool1d.
    """
    name = "max_pool1d"
    if input.ndim not in (2, 3) or 0 in input.shape[-2:]:
        raise RuntimeError(
            f"{name}: Expected 2D or 3D (batch mode) tensor with optional 0 dim batch size for "
            f"input, but got:{errors.shape_text(input.shape)}"
        )
    if input.dtype.kind != "f" and not return_indices:
        raise not_implemented("max_pool1d_impl", input)
    kernel, stride, padding, dilation = _one_each(name, kernel_size, stride, padding, dilation)
    image = input[..., None, :]
    geo = _geometry(name, image, kernel, stride, padding, dilation, ceil_mode)
    return flat(_max_pool(image, geo, return_indices))


def _max_pool(input: Any, geo: Geometry, return_indices: bool) -> Any:
    """(1) and (2) on (…, H, W): the maximum along each line, then across the lines.

    Backward finds the winners again, in the same two steps; so it takes the first of several
    in reading order, as PyTorch does. Forward + backward of 64×20×24×24, windows of 2, 1 thread:
    4.3 ms; comparing all the elements of each window and noting the winner: 7.4 ms.
    """
    shape, (kh, kw), (OH, OW) = input.shape, geo.kernel, geo.out
    planes = _planes(input)
    out = np.empty((len(planes), OH, OW), input.dtype)
    lowest = -np.inf if input.dtype.kind == "f" else np.iinfo(input.dtype).min

    def work(start, stop):
        along = _along_lines(_padded(planes[start:stop], geo, lowest), geo)
        best = out[start:stop]
        best[...] = along[:, geo.at(0, 0)[0]]
        for i in range(1, kh):
            np.maximum(best, along[:, geo.at(i, 0)[0]], out=best)  # (1); NaN stays

    _plane_blocks(planes, geo, work)

    def vjp(g, _=None):
        d = np.empty(planes.shape, g.dtype)
        g = g.reshape(out.shape)

        def work(start, stop):
            x = _padded(planes[start:stop], geo, lowest)
            along = _along_lines(x, geo)
            onto_lines = np.zeros(along.shape, g.dtype)
            lines = [geo.at(i, 0)[0] for i in range(kh)]
            _to_winner(g[start:stop], out[start:stop], along, onto_lines, lines, 1)
            into = np.zeros(x.shape, g.dtype)
            columns = [geo.at(0, j)[1] for j in range(kw)]
            _to_winner(onto_lines, along, x, into, columns, 2)
            d[start:stop] = into[(..., *geo.inside())]

        _plane_blocks(planes, geo, work)
        return d.reshape(shape)

    best = out.reshape(*shape[:-2], OH, OW)
    if not return_indices:
        return best, vjp
    return (best, _winners(planes, out, geo, lowest).reshape(best.shape)), vjp


def _along_lines(x: Any, geo: Geometry) -> Any:
    """The maximum of every window's part in each line: (n, H, W) -> (n, H, OW)."""
    best = x[:, :, geo.at(0, 0)[1]].copy()
    for j in range(1, geo.kernel[1]):
        np.maximum(best, x[:, :, geo.at(0, j)[1]], out=best)
    return best


def _to_winner(g: Any, best: Any, among: Any, into: Any, places: Any, axis: int) -> None:
    """(2) along one axis: add g to the first of the places where `among` equals `best`."""
    waiting = np.ones(best.shape, np.bool_)
    nan = np.isnan(best).any()
    for place in places:
        at = (slice(None),) * axis + (place,)
        wins = among[at] == best
        if nan:
            wins |= np.isnan(among[at])
        wins &= waiting
        waiting ^= wins
        into[at] += g * wins


def _winners(planes: Any, best: Any, geo: Geometry, lowest: Any) -> Any:
    """Where in the flattened image every window's maximum is (the last NaN before all)."""
    x, kw = _padded(planes, geo, lowest), geo.kernel[1]
    elements = [x[(..., *geo.at(k // kw, k % kw))] for k in range(geo.kernel[0] * kw)]
    which = np.zeros(best.shape, np.int64)  # the winner's number i·kw + j in its window
    for k in reversed(range(len(elements))):
        np.copyto(which, k, where=elements[k] == best)
    for k, element in enumerate(elements):
        np.copyto(which, k, where=element != element)
    np.copyto(which, _first_inside(geo), where=best == lowest)
    return _places(which, geo)


def _first_inside(geo: Geometry) -> Any:
    """The first element of every window that lies in the image: the winner in a window of −∞."""
    first = [
        np.maximum(0, -((np.arange(n) * s - a) // d))
        for n, s, (a, _), d in zip(geo.out, geo.stride, geo.pads, geo.dilation)
    ]
    return first[0][:, None] * geo.kernel[1] + first[1]


def _places(which: Any, geo: Geometry) -> Any:
    """Winners' numbers in their windows as places in the flattened image."""
    (OH, OW), (sh, sw), (dh, dw), kw = geo.out, geo.stride, geo.dilation, geo.kernel[1]
    i, j = np.divmod(which, kw)
    row = (np.arange(OH) * sh - geo.pads[0][0])[:, None] + i * dh
    return row * geo.size[1] + np.arange(OW) * sw - geo.pads[1][0] + j * dw


# -- means ----------------------------------------------------------------------------------------


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
    """The mean of every window: equations (3) and (4) of this file.

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
    geo = _geometry("avg_pool2d", input, kernel_size, stride, padding, 1, ceil_mode)
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
    kernel, stride, padding, _ = _one_each(name, kernel_size, stride, padding, 1)
    image = input[..., None, :]
    geo = _geometry(name, image, kernel, stride, padding, 1, ceil_mode)
    if input.dtype.kind != "f" and input.dtype != np.int64:
        raise not_implemented("avg_pool2d", input)
    return flat(_avg_pool(image, geo, _pad_end(geo, padding), count_include_pad, None))


def _pad_end(geo: Geometry, padding: Any) -> Any:
    """Where the padding that was asked for ends (ceil_mode adds lines that never count)."""
    pads = padding if isinstance(padding, (tuple, list)) and len(padding) == 2 else None
    return tuple(
        n + (pads[i] if pads is not None else geo.pads[i][0]) for i, n in enumerate(geo.size)
    )


def _avg_pool(input: Any, geo: Geometry, end: Any, count_pad: bool, divisor: Any) -> Any:
    """(3) and (4) on (…, H, W)."""
    shape, (kh, kw), (OH, OW) = input.shape, geo.kernel, geo.out
    planes = _planes(input)
    D = _window_sizes(geo, end, count_pad) if divisor is None else divisor
    wide = np.dtype(np.float32) if input.dtype == np.float16 else input.dtype
    out = np.empty((len(planes), OH, OW), input.dtype)

    def work(start, stop):
        x = _padded(planes[start:stop], geo, 0)
        total = x[(..., *geo.at(0, 0))].astype(wide)
        for k in range(1, kh * kw):
            total += x[(..., *geo.at(k // kw, k % kw))]
        share = total / D  # (3)
        out[start:stop] = share if wide.kind == "f" else np.trunc(share)

    _plane_blocks(planes, geo, work)
    planes_shape, out_shape = planes.shape, out.shape

    def vjp(g):
        d = np.empty(planes_shape, g.dtype)
        share = (g.reshape(out_shape) / D).astype(wide)

        def work(start, stop):
            into = np.zeros((stop - start, *geo.padded), wide)
            for k in range(kh * kw):
                into[(..., *geo.at(k // kw, k % kw))] += share[start:stop]  # (4)
            d[start:stop] = into[(..., *geo.inside())]

        _plane_blocks(d, geo, work)
        return d.reshape(shape)

    return out.reshape(*shape[:-2], OH, OW), vjp


def _window_sizes(geo: Geometry, end: Any, count_pad: bool) -> Any:
    """D of every window: a number where they agree, else (OH, OW)."""
    lengths = []
    for n, k, s, (a, _), size, stop in zip(
        geo.out, geo.kernel, geo.stride, geo.pads, geo.size, end
    ):
        first = np.arange(n) * s - a
        last = np.minimum(first + k, stop)
        lengths.append(last - first if count_pad else np.minimum(last, size) - np.maximum(first, 0))
    D = lengths[0][:, None] * lengths[1]
    return int(D.flat[0]) if D.min() == D.max() else D.astype(np.float32)


# -- arguments ------------------------------------------------------------------------------------


def _pair(name: str, what: str, value: Any) -> tuple[int, int]:
    given = value if isinstance(value, (tuple, list)) else (value,)
    try:
        ints = tuple(index(v) for v in given)
    except TypeError:
        raise errors.wrong_type(name, what, 2, "tuple of ints", value) from None
    if len(ints) not in (1, 2):
        raise RuntimeError(f"{name}: {what} must either be a single int, or a tuple of two ints")
    return ints[0], ints[-1]


def one(name: str, what: str, value: Any) -> int:
    """The single int of an option of 1-d pooling, given alone or in a sequence."""
    given = value if isinstance(value, (tuple, list)) else (value,)
    if len(given) != 1:
        raise RuntimeError(f"{name}() argument '{what}' should contain one int (got {len(given)})")
    try:
        return index(given[0])
    except TypeError:
        raise errors.wrong_type(name, what, 2, "tuple of ints", value) from None


def _one_each(name: str, kernel: Any, stride: Any, padding: Any, dilation: Any) -> Any:
    """The sizes of a 1-d pooling as those of a 2-d one at height 1."""
    k = one(name, "kernel_size", kernel)
    s = k if stride is None or stride == [] else one(name, "stride", stride)
    p, d = one(name, "padding", padding), one(name, "dilation", dilation)
    return (1, k), (1, s), (0, p), (1, d)


def _geometry(
    name: str, input: Any, kernel: Any, stride: Any, padding: Any, dilation: Any, ceil: bool
) -> Geometry:
    """The windows, checked; lines that ceil_mode needs are added to the padding."""
    if input.ndim not in (3, 4):
        raise RuntimeError("non-empty 3D or 4D (batch mode) tensor expected for input")
    size = input.shape[-2:]
    if 0 in input.shape[-3:]:
        raise RuntimeError(
            "Expected 3D or 4D (batch mode) tensor with optional 0 dim batch size for input, but "
            f"got:{errors.shape_text(input.shape)}"
        )
    kernel = _pair(name, "kernel_size", kernel)
    empty = stride is None or (isinstance(stride, (tuple, list)) and len(stride) == 0)
    stride = kernel if empty else _pair(name, "stride", stride)
    padding, dilation = _pair(name, "padding", padding), _pair(name, "dilation", dilation)
    for what, pair in (("kernel size", kernel), ("stride", stride), ("dilation", dilation)):
        if min(pair) < 1:
            raise RuntimeError(f"{what} should be greater than zero, but got {pair}")
    if min(padding) < 0:
        raise RuntimeError(f"pad must be non-negative, but got pad: {min(padding)}")
    out, pads = [], []
    for n, k, s, p, d in zip(size, kernel, stride, padding, dilation):
        if p > (d * (k - 1) + 1) // 2:
            raise RuntimeError(
                "pad should be at most half of effective kernel size, but got "
                f"pad={p}, kernel_size={k} and dilation={d}"
            )
        spare = n + 2 * p - d * (k - 1) - 1
        o = (spare + (s - 1 if ceil else 0)) // s + 1
        if ceil and (o - 1) * s >= n + p:  # a window must start within the image or its left pad
            o -= 1
        out.append(o)
        pads.append((p, max(0, (o - 1) * s + d * (k - 1) + 1 - n - p)))
    if min(out) < 1:
        C, given = input.shape[-3], "x".join(map(str, input.shape[-3:]))
        raise RuntimeError(
            f"Given input size: ({given}). Calculated output size: ({C}x{out[0]}x{out[1]}). "
            "Output size is too small"
        )
    return Geometry(size, kernel, stride, (pads[0], pads[1]), dilation, (out[0], out[1]))


def check_ndim(name: str, input: Any, least: int) -> None:
    """RuntimeError unless input has `least` dims, or one more for the batch."""
    if input.ndim not in (least, least + 1):
        raise RuntimeError(
            f"Expected {least} to {least + 1} dimensions, but got {input.ndim}-dimensional tensor "
            f"for argument #1 'self' (while checking arguments for {name})"
        )


# -- planes ---------------------------------------------------------------------------------------


def _planes(input: Any) -> Any:
    """(…, H, W) as (n, H, W)."""
    return input.reshape(int(np.prod(input.shape[:-2])), *input.shape[-2:])


def _padded(planes: Any, geo: Geometry, value: Any) -> Any:
    if geo.padded == planes.shape[1:]:
        return planes
    out = np.full((len(planes), *geo.padded), value, planes.dtype)
    out[(..., *geo.inside())] = planes
    return out


def _plane_blocks(planes: Any, geo: Geometry, work: Any) -> None:
    """Blocks of (H, W) planes that fit the cache, on all threads."""
    parallel.blocks(len(planes), parallel.rows(geo.padded[0] * geo.padded[1]), work)


def flat(result: Any) -> Any:
    """A 2-d pooling's result and vjp at height 1 as a sequence's."""
    out, vjp = result

    def flat_vjp(g, *rest):
        d = vjp(g[..., None, :])
        return d[..., 0, :]

    if isinstance(out, tuple):
        return tuple(o[..., 0, :] for o in out), flat_vjp
    return out[..., 0, :], flat_vjp
