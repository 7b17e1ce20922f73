"""The way back from max pooling: every maximum returns to the place it came from.

    out[place[i]] = in[i], 0 where no maximum was        ∂in[i] = g[place[i]]                 (1)

`place` are the indices that ``max_pool2d(…, return_indices=True)`` gives: in the flattened image.
"""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from .. import errors
from ..autograd.rule import Array, op
from .operands import dtype_title, not_implemented
from .pool_windows import squeeze


@op(name="MaxUnpool2D")
def max_unpool2d(
    input: Array, indices: Array, kernel_size, stride=None, padding=0, output_size=None
):
    """Maxima at their places in an image of zeros: equation (1) of this file.

    Shape: input and indices (N, C, H, W) or (C, H, W); result (N, C, *output_size).
    Args:
        kernel_size, stride, padding: those of the pooling.
        output_size: of the image, which may differ from (H − 1)·s − 2·p + k, the default, by less
            than a stride.
    Raises: RuntimeError for indices outside the image or of another shape or dtype; ValueError
        for an output_size that the pooling could not have come from.
    Source: PyTorch documentation, MaxUnpool2d; Zeiler et al. 2011.
    """
    return _unpool(2, input, indices, kernel_size, stride, padding, output_size)


@op(name=squeeze)
def max_unpool1d(
    input: Array, indices: Array, kernel_size, stride=None, padding=0, output_size=None
):
    """Maxima at their places in a sequence of zeros.

    Shape: input and indices (N, C, L) or (C, L); result (N, C, *output_size).
    Args and Raises: as `max_unpool2d`.
    Source: PyTorch documentation, MaxUnpool1d.
    """
    return _unpool(1, input, indices, kernel_size, stride, padding, output_size)


@op(name="MaxUnpool3D")
def max_unpool3d(
    input: Array, indices: Array, kernel_size, stride=None, padding=0, output_size=None
):
    """Maxima at their places in a volume of zeros.

    Shape: input and indices (N, C, D, H, W) or (C, D, H, W); result (N, C, *output_size).
    Args and Raises: as `max_unpool2d`.
    Source: PyTorch documentation, MaxUnpool3d.
    """
    return _unpool(3, input, indices, kernel_size, stride, padding, output_size)


def _unpool(
    dims: int, input: Any, indices: Any, kernel: Any, stride: Any, padding: Any, wanted: Any
) -> Any:
    kernel = _each(kernel, dims)
    stride = kernel if stride is None else _each(stride, dims)
    size = _output_size(input, kernel, stride, _each(padding, dims), wanted)
    name = f"max_unpooling{dims}d"
    if input.ndim not in (dims + 1, dims + 2):
        raise RuntimeError(
            f"Input to {name} should be a {dims + 1}d or {dims + 2}d Tensor, but got a tensor "
            f"with {input.ndim} dimensions."
        )
    if indices.dtype != np.int64:
        raise RuntimeError(
            f"elements in indices should be type int64 but got: {dtype_title(indices)}"
        )
    if indices.shape != input.shape:
        raise RuntimeError(
            "Expected shape of indices to be same as that of the input tensor "
            f"({errors.shape_text(input.shape)}) but got indices tensor with shape: "
            f"{errors.shape_text(indices.shape)}"
        )
    first = input.ndim - dims - (1 if dims == 3 else 0)
    if 0 in input.shape[first:]:
        raise RuntimeError(
            f"{name}: Expected input to have non-zero size for non-batch dimensions, but got "
            f"{errors.shape_text(input.shape)}"
        )
    if input.dtype.kind != "f":
        raise not_implemented(f"max_unpool{dims}d", input)
    room, lead, shape = prod(size), input.shape[:-dims], input.shape
    bad = indices[(indices < 0) | (indices >= room)]
    if bad.size:
        raise RuntimeError(
            f"Found an invalid max index: {bad[0]} (output volumes are of size "
            f"{'x'.join(map(str, size))})"
        )
    at = indices.reshape(prod(lead), -1)
    out = np.zeros((len(at), room), input.dtype)
    np.put_along_axis(out, at, input.reshape(at.shape), 1)  # (1)

    def vjp(g):
        return np.take_along_axis(g.reshape(len(at), room), at, 1).reshape(shape), None  # (1)

    return out.reshape(*lead, *size), vjp


def _each(value: Any, dims: int) -> tuple[int, ...]:
    return tuple(value) if isinstance(value, (tuple, list)) else (value,) * dims


def _output_size(input: Any, kernel: Any, stride: Any, padding: Any, wanted: Any) -> Any:
    dims = len(kernel)
    usual = [
        (input.shape[i - dims] - 1) * stride[i] + kernel[i] - 2 * padding[i] for i in range(dims)
    ]
    if wanted is None:
        return tuple(usual)
    size = tuple(wanted)[-dims:] if len(wanted) == dims + 2 else tuple(wanted)
    if len(size) != dims:
        raise ValueError(
            f"output_size should be a sequence containing {dims} or {dims + 2} elements, but it "
            f"has a length of '{len(wanted)}'"
        )
    for i, (n, u, s) in enumerate(zip(size, usual, stride)):
        if not u - s < n < u + s:
            raise ValueError(
                f'invalid output_size "{size}" (dim {i} must be between {u - s} and {u + s})'
            )
    return size
