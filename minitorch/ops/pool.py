"""Max pooling: the maximum of every window of an image, channel by channel.

    out[y, x] = maxᵢⱼ in[y·s + i·d − p, x·s + j·d − p]       outside the image: −∞            (1)
    ∂in: g goes to the place of the maximum, the first one if there are several               (2)

Means are in avg_pool.py, windows chosen so that a wanted output size comes out in
adaptive_pool.py, and the way back from a maximum to its place in unpool.py.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import errors
from ..autograd.rule import Array, op
from .columns import Geometry
from .operands import not_implemented
from .pool_windows import (
    flat,
    geometry,
    one_each,
    padded,
    plane_blocks,
    planes_of,
    squeeze,
)


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
    geo = geometry("max_pool2d", 2, input, kernel_size, stride, padding, dilation, ceil_mode)
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
    kernel, stride, padding, dilation = one_each(name, kernel_size, stride, padding, dilation)
    image = input[..., None, :]
    geo = geometry(name, 2, image, kernel, stride, padding, dilation, ceil_mode)
    return flat(_max_pool(image, geo, return_indices))


@op(name="MaxPool3DWithIndices")
def max_pool3d(
    input: Array,
    kernel_size,
    stride=None,
    padding=0,
    dilation=1,
    ceil_mode=False,
    return_indices=False,
):
    """The maximum of every window of a volume.

    Shape: input (N, C, D, H, W) or (C, D, H, W); result (N, C, OD, OH, OW).
    Args and Raises: as `max_pool2d`; the winners' places are those in the flattened D·H·W volume.
    Source: PyTorch documentation, MaxPool3d.
    """
    geo = geometry("max_pool3d", 3, input, kernel_size, stride, padding, dilation, ceil_mode)
    if input.dtype.kind == "b":
        raise not_implemented("max_pool3d", input)
    return _max_pool(input, geo, return_indices)


def _max_pool(input: Any, geo: Geometry, return_indices: bool) -> Any:
    """(1) and (2) on (…, H, W): the maximum along each line, then across the lines (then planes).

    Backward finds the winners again, in the same steps; so it takes the first of several in
    reading order, as PyTorch does. Forward + backward of 64×20×24×24, windows of 2, 1 thread:
    4.3 ms; comparing all the elements of each window and noting the winner: 7.4 ms.
    """
    shape, dims = input.shape, len(geo.size)
    planes = planes_of(input, dims)
    out = np.empty((len(planes), *geo.out), input.dtype)
    lowest = -np.inf if input.dtype.kind == "f" else np.iinfo(input.dtype).min

    def work(start, stop):
        x = padded(planes[start:stop], geo, lowest)
        for axis in reversed(range(1, dims)):
            x = _along(x, geo, axis, None)
        _along(x, geo, 0, out[start:stop])  # (1)

    plane_blocks(planes, geo, work)

    def vjp(g, _=None):
        d = np.empty(planes.shape, g.dtype)
        g = g.reshape(out.shape)

        def work(start, stop):
            stages = [padded(planes[start:stop], geo, lowest)]
            for axis in reversed(range(1, dims)):
                stages.append(_along(stages[-1], geo, axis, None))
            best, into = out[start:stop], g[start:stop]
            for axis in range(dims):
                among, given = stages.pop(), into
                into = np.zeros(among.shape, g.dtype)
                _to_winner(given, best, among, into, geo, axis)
                best = among
            d[start:stop] = into[(..., *geo.inside())]

        plane_blocks(planes, geo, work)
        return d.reshape(shape)

    best = out.reshape(*shape[:-dims], *geo.out)
    if not return_indices:
        return best, vjp
    return (best, _winners(planes, out, geo, lowest).reshape(best.shape)), vjp


def _places_along(geo: Geometry, axis: int) -> list[Any]:
    """Along one direction of the planes, what meets each element of the window."""
    head = (slice(None),) * (axis + 1)
    return [(*head, geo.along(axis, i)) for i in range(geo.kernel[axis])]


def _along(x: Any, geo: Geometry, axis: int, out: Any) -> Any:
    """The maximum of every window's part in one direction; NaN stays."""
    first, *rest = _places_along(geo, axis)
    if out is None:
        out = x[first].copy()
    else:
        out[...] = x[first]
    for place in rest:
        np.maximum(out, x[place], out=out)
    return out


def _to_winner(g: Any, best: Any, among: Any, into: Any, geo: Geometry, axis: int) -> None:
    """(2) in one direction: add g to the first of the places where `among` equals `best`."""
    waiting = np.ones(best.shape, np.bool_)
    nan = np.isnan(best).any()
    for place in _places_along(geo, axis):
        wins = among[place] == best
        if nan:
            wins |= np.isnan(among[place])
        wins &= waiting
        waiting ^= wins
        into[place] += g * wins


def _winners(planes: Any, best: Any, geo: Geometry, lowest: Any) -> Any:
    """Where in the flattened image every window's maximum is (the last NaN before all)."""
    x = padded(planes, geo, lowest)
    elements = [x[(..., *geo.at(*place))] for place in geo.elements()]
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
    return np.ravel_multi_index(np.ix_(*first), geo.kernel)


def _places(which: Any, geo: Geometry) -> Any:
    """Winners' numbers in their windows as places in the flattened image."""
    place = np.zeros((), np.int64)
    for axis, i in enumerate(np.unravel_index(which, geo.kernel)):
        after = (1,) * (len(geo.size) - 1 - axis)
        start = np.arange(geo.out[axis]) * geo.stride[axis] - geo.pads[axis][0]
        place = place * geo.size[axis] + start.reshape(-1, *after) + i * geo.dilation[axis]
    return place
