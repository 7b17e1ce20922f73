"""What the poolings share: their arguments as a Geometry of windows, and planes to slide them over.

1-d pooling is 2-d pooling at height 1 (`one_each`, `flat`). A *plane* is the image, or volume, of
one channel of one sample.
"""

from __future__ import annotations

from math import prod
from operator import index
from typing import Any

import numpy as np

from .. import errors, parallel
from .columns import Geometry


def squeeze(*_: Any, **options: Any) -> str:
    """PyTorch's node name for 1-d pooling, which it does in 2-d and squeezes."""
    return "SqueezeBackward1"


# -- arguments ------------------------------------------------------------------------------------


def each(name: str, what: str, value: Any, dims: int) -> tuple[int, ...]:
    """An int, or one for each direction, as a tuple of `dims` ints."""
    given = value if isinstance(value, (tuple, list)) else (value,)
    try:
        ints = tuple(index(v) for v in given)
    except TypeError:
        raise errors.wrong_type(name, what, 2, "tuple of ints", value) from None
    if len(ints) not in (1, dims):
        number = {2: "two", 3: "three"}[dims]
        raise RuntimeError(
            f"{name}: {what} must either be a single int, or a tuple of {number} ints"
        )
    return ints * dims if len(ints) == 1 else ints


def one(name: str, what: str, value: Any) -> int:
    """The single int of an option of 1-d pooling, given alone or in a sequence."""
    given = value if isinstance(value, (tuple, list)) else (value,)
    if len(given) != 1:
        raise RuntimeError(f"{name}() argument '{what}' should contain one int (got {len(given)})")
    try:
        return index(given[0])
    except TypeError:
        raise errors.wrong_type(name, what, 2, "tuple of ints", value) from None


def one_each(name: str, kernel: Any, stride: Any, padding: Any, dilation: Any) -> Any:
    """The sizes of a 1-d pooling as those of a 2-d one at height 1."""
    k = one(name, "kernel_size", kernel)
    s = k if stride is None or stride == [] else one(name, "stride", stride)
    p, d = one(name, "padding", padding), one(name, "dilation", dilation)
    return (1, k), (1, s), (0, p), (1, d)


def geometry(
    name: str,
    dims: int,
    input: Any,
    kernel: Any,
    stride: Any,
    padding: Any,
    dilation: Any,
    ceil: bool,
) -> Geometry:
    """The windows, checked; lines that ceil_mode needs are added to the padding."""
    if input.ndim not in (dims + 1, dims + 2):
        raise RuntimeError(
            f"non-empty {dims + 1}D or {dims + 2}D (batch mode) tensor expected for input"
        )
    size = input.shape[-dims:]
    if 0 in input.shape[-1 - dims :]:
        raise RuntimeError(
            f"Expected {dims + 1}D or {dims + 2}D (batch mode) tensor with optional 0 dim batch "
            f"size for input, but got:{errors.shape_text(input.shape)}"
        )
    kernel = each(name, "kernel_size", kernel, dims)
    empty = stride is None or (isinstance(stride, (tuple, list)) and len(stride) == 0)
    stride = kernel if empty else each(name, "stride", stride, dims)
    padding, dilation = each(name, "padding", padding, dims), each(name, "dilation", dilation, dims)
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
        C, given = input.shape[-1 - dims], "x".join(map(str, input.shape[-1 - dims :]))
        raise RuntimeError(
            f"Given input size: ({given}). Calculated output size: "
            f"({'x'.join(map(str, (C, *out)))}). Output size is too small"
        )
    return Geometry(size, kernel, stride, tuple(pads), dilation, tuple(out))


def check_ndim(name: str, input: Any, least: int) -> None:
    """RuntimeError unless input has `least` dims, or one more for the batch."""
    if input.ndim not in (least, least + 1):
        raise RuntimeError(
            f"Expected {least} to {least + 1} dimensions, but got {input.ndim}-dimensional tensor "
            f"for argument #1 'self' (while checking arguments for {name})"
        )


# -- planes: an image or volume of one channel ----------------------------------------------------


def planes_of(input: Any, dims: int) -> Any:
    """(…, H, W) as (n, H, W)."""
    return input.reshape(prod(input.shape[:-dims]), *input.shape[-dims:])


def padded(planes: Any, geo: Geometry, value: Any) -> Any:
    """The planes with `value` around them; themselves where there is no padding."""
    if geo.padded == planes.shape[1:]:
        return planes
    out = np.full((len(planes), *geo.padded), value, planes.dtype)
    out[(..., *geo.inside())] = planes
    return out


def plane_blocks(planes: Any, geo: Geometry, work: Any) -> None:
    """Blocks of planes that fit the cache, on all threads."""
    parallel.blocks(len(planes), parallel.rows(len(planes), prod(geo.padded)), work)


def flat(result: Any) -> Any:
    """A 2-d pooling's result and vjp at height 1 as a sequence's."""
    out, vjp = result

    def flat_vjp(g, *rest):
        d = vjp(g[..., None, :])
        return d[..., 0, :]

    if isinstance(out, tuple):
        return tuple(o[..., 0, :] for o in out), flat_vjp
    return out[..., 0, :], flat_vjp
