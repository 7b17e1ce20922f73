"""unfold and fold: the matrix X of a convolution's windows (columns.py), and the way back."""

from __future__ import annotations

from operator import index
from typing import Any

import numpy as np

from .. import errors
from ..autograd.rule import Array, op
from .columns import Geometry, add_windows, windows, windows_that_fit
from .operands import not_implemented


@op(name="Im2Col")
def unfold(input: Array, kernel_size, dilation=1, padding=0, stride=1):
    """Every window of an image as a column.

    out[n, (c, i, j), l] = in[n, c, y·s + i·d − p, x·s + j·d − p],  l = (y, x)             (1)

    Shape: input (N, C, H, W) or (C, H, W); result (N, C·kh·kw, L), L = the number of windows.
    Raises: RuntimeError when no window fits, or for sizes that are not positive.
    Source: PyTorch documentation, Unfold.
    """
    kernel, dilation, padding, stride = _sliding(kernel_size, dilation, padding, stride)
    if input.ndim == 2:
        raise errors.dim_out_of_range(2, 2)
    if input.ndim not in (3, 4) or 0 in input.shape[-3:]:
        raise RuntimeError(
            "Expected 3D or 4D (batch mode) tensor with possibly 0 batch size and other non-zero "
            f"dimensions for input, but got: {errors.shape_text(input.shape)}"
        )
    if input.dtype.kind in "iu":
        raise not_implemented("im2col_out_cpu", input)
    size = input.shape[-2:]
    pads = tuple((p, p) for p in padding)
    out_size = windows_that_fit(size, pads, kernel, stride, dilation)
    if min(out_size) < 1:
        raise RuntimeError(
            f"Given input with spatial size {size}, kernel_size={kernel}, dilation={dilation}, "
            f"padding={padding}, calculated shape of the array of sliding blocks as {out_size}, "
            "but its components must be at least one."
        )
    geo = Geometry(size, kernel, stride, pads, dilation, out_size)
    shape, lead = input.shape, input.shape[:-3]
    X = windows(input if lead else input[None], geo)
    X = X.copy() if np.may_share_memory(X, input) else X

    def vjp(g):
        d = np.empty((int(np.prod(lead)), *shape[-3:]), g.dtype)
        add_windows(g, geo, d)  # every pixel collects from its windows
        return d.reshape(shape)

    return X.reshape(*lead, *X.shape[2:]), vjp  # (1)


@op(name="Col2Im")
def fold(input: Array, output_size, kernel_size, dilation=1, padding=0, stride=1):
    """The way back from `unfold`: add every column to its window's place. Overlaps add up.

    out[n, c, y·s + i·d − p, x·s + j·d − p] += in[n, (c, i, j), l]                        (2)

    Shape: input (N, C·kh·kw, L) or (C·kh·kw, L); result (N, C, *output_size).
    Raises: RuntimeError when the number of columns or rows does not fit output_size.
    Source: PyTorch documentation, Fold.
    """
    size = _pair("output_size", output_size)
    kernel, dilation, padding, stride = _sliding(kernel_size, dilation, padding, stride)
    if input.ndim not in (2, 3) or 0 in input.shape[-2:]:
        raise RuntimeError(
            "Expected 2D or 3D (batch mode) tensor for input with possibly 0 batch size and "
            f"non-zero dimensions for input, but got: {errors.shape_text(input.shape)}"
        )
    if input.dtype.kind in "iu":
        raise not_implemented("col2im_out_cpu", input)
    pads = tuple((p, p) for p in padding)
    (rows, length), k = input.shape[-2:], kernel[0] * kernel[1]
    if rows % k:
        raise RuntimeError(
            "Expected size of input's dimension 1 to be divisible by the product of kernel_size, "
            f"but got input.size(1)={rows} and kernel_size={kernel}."
        )
    places = windows_that_fit(size, pads, kernel, stride, dilation)
    if min(places) < 1 or places[0] * places[1] != length:
        raise RuntimeError(
            f"Given output_size={size}, kernel_size={kernel}, dilation={dilation}, "
            f"padding={padding}, stride={stride}, expected size of input's dimension 2 to match "
            f"the calculated number of sliding blocks {places[0]} * {places[1]} = "
            f"{places[0] * places[1]}, but got input.size(2)={length}."
        )
    geo = Geometry(size, kernel, stride, pads, dilation, places)
    lead, shape = input.shape[:-2], input.shape
    out = np.empty((int(np.prod(lead)), rows // k, *size), input.dtype)
    add_windows(input, geo, out)  # (2)

    def vjp(g):
        X = windows(g if lead else g[None], geo)
        return (X.copy() if np.may_share_memory(X, g) else X).reshape(shape)

    return out.reshape(*lead, rows // k, *size), vjp


# -- arguments ------------------------------------------------------------------------------------


def _pair(name: str, value: Any) -> tuple[int, int]:
    if isinstance(value, (tuple, list)):
        if len(value) != 2:
            raise RuntimeError(f"It is expected {name} equals to 2, but got size {len(value)}")
        return index(value[0]), index(value[1])
    return index(value), index(value)


def _sliding(kernel_size: Any, dilation: Any, padding: Any, stride: Any) -> Any:
    """The four pairs of unfold and fold, checked."""
    pairs = [
        _pair("kernel_size", kernel_size),
        _pair("dilation", dilation),
        _pair("padding", padding),
        _pair("stride", stride),
    ]
    for name, pair in zip(("kernel size", "dilation", "padding", "stride"), pairs):
        if name == "padding" and min(pair) < 0:
            raise RuntimeError(f"padding should be non-negative, but got {pair}")
        if name != "padding" and min(pair) < 1:
            raise RuntimeError(f"{name} should be greater than zero, but got {pair}")
    return pairs
