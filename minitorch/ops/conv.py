"""Convolution: slide a small window over an image and take a weighted sum at every place.

    out[n, o, y, x] = b[o] + Σ_cij w[o, c, i, j] · in[n, c, y·s + i·d − p, x·s + j·d − p]   (1)

s is the stride, d the dilation, p the padding (zeros outside the image). With groups G, output
channels see only their own group's C/G input channels. As matrices (columns.py): X holds every
window in a column, out = W·X + b, ∂W = g·Xᵀ, ∂in is ∂X = Wᵀ·g added back. A transposed
convolution is a convolution's ∂in, and its gradients are the other two products.
"""

from __future__ import annotations

from functools import partial
from math import prod
from operator import index
from typing import Any

import numpy as np

from .. import errors
from ..autograd.rule import Array, op
from .columns import Geometry, correlate, input_gradient, weight_gradient, windows_that_fit
from .operands import dtype_title, not_implemented


def _node_name(batched: int, input: Any, *rest: Any, **options: Any) -> str:
    return "ConvolutionBackward0" if input.ndim == batched else "SqueezeBackward1"


@op(name=partial(_node_name, 4))
def conv2d(
    input: Array,
    weight: Array,
    bias: Array = None,
    stride=1,
    padding=0,
    dilation=1,
    groups=1,
    *,
    need,
):
    """The weighted sum of every window of an image: equation (1) of this file.

    Shape:
        input (N, C, H, W) or (C, H, W); weight (O, C/groups, kh, kw); bias (O);
        result (N, O, OH, OW), OH = ⌊(H + 2·p − d·(kh − 1) − 1) / s⌋ + 1.
    Args:
        stride: pixels from window to window (default 1); an int or one for each direction.
        padding: pixels of zeros on each side (default 0), or 'valid' (0), or 'same' (as much as
            keeps H and W; one more at the bottom and right if that is odd).
        dilation: pixels from one element of the window to the next (default 1).
        groups: how many independent parts the channels fall into (default 1).
    Raises: RuntimeError for shapes, dtypes or sizes that do not fit.
    Cost: keeps input and weight where needed; backward makes X again, block by block.
    Example:
        >>> import minitorch as torch
        >>> image = torch.arange(9.0).reshape(1, 1, 3, 3)
        >>> torch.nn.functional.conv2d(image, torch.ones(1, 1, 2, 2))
        tensor([[[[ 8., 12.],
                  [20., 24.]]]])

    Source: PyTorch documentation, Conv2d; Dumoulin and Visin 2016.
    """
    return _convolve(2, input, weight, bias, stride, padding, dilation, groups, need)


@op(name=partial(_node_name, 3))
def conv1d(
    input: Array,
    weight: Array,
    bias: Array = None,
    stride=1,
    padding=0,
    dilation=1,
    groups=1,
    *,
    need,
):
    """The weighted sum of every window of a sequence: `conv2d` on an image of height 1.

    Shape: input (N, C, L) or (C, L); weight (O, C/groups, k); bias (O); result (N, O, OL).
    Args and Raises: as `conv2d`.
    Source: PyTorch documentation, Conv1d.
    """
    return _convolve(1, input, weight, bias, stride, padding, dilation, groups, need)


@op(name=partial(_node_name, 5))
def conv3d(
    input: Array,
    weight: Array,
    bias: Array = None,
    stride=1,
    padding=0,
    dilation=1,
    groups=1,
    *,
    need,
):
    """The weighted sum of every window of a volume: equation (1) with one direction more.

    Shape: input (N, C, D, H, W) or (C, D, H, W); weight (O, C/groups, kd, kh, kw); bias (O);
        result (N, O, OD, OH, OW).
    Args and Raises: as `conv2d`.
    Source: PyTorch documentation, Conv3d.
    """
    return _convolve(3, input, weight, bias, stride, padding, dilation, groups, need)


def _convolve(
    dims: int,
    input: Any,
    weight: Any,
    bias: Any,
    stride: Any,
    padding: Any,
    dilation: Any,
    groups: int,
    need: Any,
) -> Any:
    name = f"conv{dims}d"
    _check_shapes(name, dims, input, weight, groups)
    stride = _each("stride", stride, dims, name, 1)
    dilation = _each("dilation", dilation, dims, name, 1)
    kernel, size = weight.shape[2:], input.shape[input.ndim - dims :]
    pads = _pads(padding, kernel, stride, dilation, dims, name)
    O, C = weight.shape[:2]
    if input.shape[-1 - dims] != C * groups:
        raise RuntimeError(
            f"Given groups={groups}, weight of size {errors.shape_text(weight.shape)}, expected "
            f"input{errors.shape_text(input.shape)} to have {C * groups} channels, but got "
            f"{input.shape[-1 - dims]} channels instead"
        )
    _check_bias("", weight, bias, O)
    out_size = windows_that_fit(size, pads, kernel, stride, dilation)
    if min(out_size) < 1:
        padded = " x ".join(str(n + a + b) for n, (a, b) in zip(size, pads))
        raise RuntimeError(
            f"Calculated padded input size per channel: ({padded}). Kernel size: "
            f"({' x '.join(map(str, kernel))}). Kernel size can't be greater than actual input size"
        )
    if 0 in size:
        raise RuntimeError(
            "Only zero batch or zero channel inputs are supported, but got input shape: "
            + errors.shape_text(input.shape)
        )
    _check_dtypes(name, input, weight, bias)
    geo = _geometry(size, kernel, stride, pads, dilation, out_size, groups)
    x, w = _image(input, dims), _kernel(weight, dims)
    out = correlate(x, w, bias if bias is None else _wide(bias), geo)  # (1)
    out = _result(out, input, out_size)
    shape, wshape, N = input.shape, weight.shape, len(x)
    kept_x, kept_w = x if need[1] else None, w if need[0] else None

    def vjp(g):
        g = _wide(g).reshape(N, O, *geo.out)
        dx = input_gradient(g, kept_w, geo).reshape(shape) if need[0] else None
        dw = weight_gradient(kept_x, g, geo).reshape(wshape) if need[1] else None
        return dx, dw, (_sum_per_channel(g) if need[2] else None)

    return out, vjp


@op(name=partial(_node_name, 4))
def conv_transpose2d(
    input: Array,
    weight: Array,
    bias: Array = None,
    stride=1,
    padding=0,
    output_padding=0,
    groups=1,
    dilation=1,
    *,
    need,
):
    """The gradient of a convolution as an operation: every pixel paints the window, weighted.

    out[n, o, y·s + i·d − p, x·s + j·d − p] += w[c, o, i, j] · in[n, c, y, x]             (2)

    Shape:
        input (N, C, H, W) or (C, H, W); weight (C, O/groups, kh, kw); bias (O);
        result (N, O, OH, OW), OH = (H − 1)·s − 2·p + d·(kh − 1) + output_padding + 1.
    Args:
        stride, padding, dilation, groups: those of the convolution whose gradient this is.
        output_padding: lines and columns more at the bottom and right (default 0): several image
            sizes give one H under a strided convolution; this says which is meant.
    Raises: RuntimeError for shapes, dtypes or sizes that do not fit.
    Source: PyTorch documentation, ConvTranspose2d; Dumoulin and Visin 2016, chapter 4.
    """
    return _transposed(
        2, input, weight, bias, stride, padding, output_padding, groups, dilation, need
    )


@op(name=partial(_node_name, 3))
def conv_transpose1d(
    input: Array,
    weight: Array,
    bias: Array = None,
    stride=1,
    padding=0,
    output_padding=0,
    groups=1,
    dilation=1,
    *,
    need,
):
    """The gradient of a 1-d convolution as an operation: `conv_transpose2d` at height 1.

    Shape: input (N, C, L) or (C, L); weight (C, O/groups, k); bias (O); result (N, O, OL).
    Args and Raises: as `conv_transpose2d`.
    Source: PyTorch documentation, ConvTranspose1d.
    """
    return _transposed(
        1, input, weight, bias, stride, padding, output_padding, groups, dilation, need
    )


@op(name=partial(_node_name, 5))
def conv_transpose3d(
    input: Array,
    weight: Array,
    bias: Array = None,
    stride=1,
    padding=0,
    output_padding=0,
    groups=1,
    dilation=1,
    *,
    need,
):
    """The gradient of a 3-d convolution as an operation: equation (2) with one direction more.

    Shape: input (N, C, D, H, W) or (C, D, H, W); weight (C, O/groups, kd, kh, kw); bias (O);
        result (N, O, OD, OH, OW).
    Args and Raises: as `conv_transpose2d`.
    Source: PyTorch documentation, ConvTranspose3d.
    """
    return _transposed(
        3, input, weight, bias, stride, padding, output_padding, groups, dilation, need
    )


def _transposed(
    dims: int,
    input: Any,
    weight: Any,
    bias: Any,
    stride: Any,
    padding: Any,
    output_padding: Any,
    groups: int,
    dilation: Any,
    need: Any,
) -> Any:
    name = f"conv_transpose{dims}d"
    _check_shapes(name, dims, input, weight, groups)
    stride = _each("stride", stride, dims, name, 1)
    padding = _each("padding", padding, dims, name, 0)
    extra = _each("output_padding", output_padding, dims, name, 0)
    dilation = _each("dilation", dilation, dims, name, 1)
    C, O = weight.shape[0], weight.shape[1] * groups
    if input.shape[-1 - dims] != C:
        raise RuntimeError(
            f"Given transposed=1, weight of size {errors.shape_text(weight.shape)}, expected "
            f"input{errors.shape_text(input.shape)} to have {C} channels, but got "
            f"{input.shape[-1 - dims]} channels instead"
        )
    _check_bias("transposed=1, ", weight, bias, O)
    kernel, size = weight.shape[2:], input.shape[input.ndim - dims :]
    if any(e >= max(s, d) for e, s, d in zip(extra, stride, dilation)):
        raise RuntimeError(
            "output padding must be smaller than either stride or dilation, but got "
            f"output_padding={extra}, stride={stride}, dilation={dilation}"
        )
    full = [(n - 1) * s + d * (k - 1) + 1 for n, s, d, k in zip(size, stride, dilation, kernel)]
    out_size = tuple(f - 2 * p + e for f, p, e in zip(full, padding, extra))
    if min(out_size) < 1:
        raise RuntimeError(
            f"Given input size per channel: ({' x '.join(map(str, size))}). Calculated output size "
            f"per channel: ({' x '.join(map(str, out_size))}). Output size is too small"
        )
    _check_dtypes(name, input, weight, bias)
    pads = tuple((p, max(p - e, 0)) for p, e in zip(padding, extra))
    geo = _geometry(out_size, kernel, stride, pads, dilation, size, groups)
    x, w = _image(input, dims), _kernel(weight, dims)
    out = input_gradient(x, w, geo)  # (2)
    if bias is not None:
        out += _wide(bias).reshape(-1, *(1,) * (out.ndim - 2))
    out = _result(out, input, out_size)
    shape, wshape, N = input.shape, weight.shape, len(x)
    kept_x, kept_w = x if need[1] else None, w if need[0] else None

    def vjp(g):
        g = _wide(g).reshape(N, O, *geo.size)
        dx = correlate(g, kept_w, None, geo).reshape(shape) if need[0] else None
        dw = weight_gradient(g, kept_x, geo).reshape(wshape) if need[1] else None
        return dx, dw, (_sum_per_channel(g) if need[2] else None)

    return out, vjp


# -- arguments ------------------------------------------------------------------------------------


def _each(name: str, value: Any, dims: int, function: str, least: int) -> tuple[int, ...]:
    """An int, or one for each direction, as a tuple of `dims` ints ≥ least."""
    given = value if isinstance(value, (tuple, list)) else (value,)
    try:
        ints = tuple(index(v) for v in given)
    except TypeError:
        raise errors.wrong_type(function, name, 0, "tuple of ints", value) from None
    if len(ints) == 1:
        ints *= dims
    if len(ints) != dims:
        raise RuntimeError(
            f"expected {name} to be a single integer value or a list of {dims} values to match "
            f"the convolution dimensions, but got {name}={errors.shape_text(ints)}"
        )
    if min(ints) < least:
        raise RuntimeError(f"{'non-positive' if least else 'negative'} {name} is not supported")
    return ints


def _pads(padding: Any, kernel: Any, stride: Any, dilation: Any, dims: int, name: str) -> Any:
    """(before, after) for each direction."""
    if isinstance(padding, str):
        if padding == "valid":
            return ((0, 0),) * dims
        if padding != "same":
            raise RuntimeError(f"Invalid padding string: '{padding}'")
        if max(stride) > 1:
            raise RuntimeError("padding='same' is not supported for strided convolutions")
        totals = [d * (k - 1) for k, d in zip(kernel, dilation)]
        return tuple((t // 2, t - t // 2) for t in totals)
    return tuple((p, p) for p in _each("padding", padding, dims, name, 0))


def _check_shapes(name: str, dims: int, input: Any, weight: Any, groups: int) -> None:
    shape = errors.shape_text(weight.shape)
    if input.ndim not in (dims + 1, dims + 2):
        raise RuntimeError(
            f"Expected {dims + 1}D (unbatched) or {dims + 2}D (batched) input to {name}, but got "
            f"input of size: {errors.shape_text(input.shape)}"
        )
    if weight.ndim != dims + 2:
        raise RuntimeError(f"Expected {dims + 2}-dimensional weight for {name}, but got {shape}")
    if groups < 1:
        raise RuntimeError("non-positive groups is not supported")
    if weight.shape[0] < 1 or weight.shape[0] < groups:
        raise RuntimeError(
            f"Given groups={groups}, expected weight to be at least {max(groups, 1)} at dimension "
            f"0, but got weight of size {shape} instead"
        )
    if weight.shape[0] % groups:
        raise RuntimeError(
            f"Given groups={groups}, expected weight to be divisible by {groups} at dimension 0, "
            f"but got weight of size [{shape}] instead"
        )
    if 0 in weight.shape[2:]:
        raise RuntimeError(f"kernel size should be greater than zero, but got weight {shape}")


def _check_bias(what: str, weight: Any, bias: Any, O: int) -> None:
    if bias is not None and bias.shape != (O,):
        raise RuntimeError(
            f"Given {what}weight of size {errors.shape_text(weight.shape)}, expected bias to be "
            f"1-dimensional with {O} elements, but got bias of size "
            f"{errors.shape_text(bias.shape)} instead"
        )


def _check_dtypes(name: str, input: Any, weight: Any, bias: Any) -> None:
    if input.dtype != weight.dtype:
        raise RuntimeError(
            f"expected scalar type {dtype_title(input)} but found {dtype_title(weight)}"
        )
    if bias is not None and bias.dtype != input.dtype:
        raise RuntimeError(
            f"Input type ({dtype_title(input).lower()}) and bias type "
            f"({dtype_title(bias).lower()}) should be the same"
        )
    if input.dtype.kind == "b":
        raise not_implemented("slow_conv2d_cpu", input)


# -- shapes: one image of height 1 for a sequence, a batch of one for an unbatched input ----------


def _geometry(
    size: Any, kernel: Any, stride: Any, pads: Any, dilation: Any, out: Any, groups: int
) -> Geometry:
    if len(size) == 1:
        size, kernel, stride, dilation, out = (
            (1, *v) for v in (size, kernel, stride, dilation, out)
        )
        pads = ((0, 0), *pads)
    return Geometry(size, kernel, stride, pads, dilation, out, groups)


def _wide(a: Any) -> Any:
    """float16 computes in float32 and is rounded once, at the end."""
    return a.astype(np.float32) if a.dtype == np.float16 else a


def _image(input: Any, dims: int) -> Any:
    x = _wide(input)
    x = x if x.ndim == dims + 2 else x[None]
    return x[:, :, None] if dims == 1 else x


def _kernel(weight: Any, dims: int) -> Any:
    return _wide(weight)[:, :, None] if dims == 1 else _wide(weight)


def _result(out: Any, input: Any, out_size: Any) -> Any:
    out = out.astype(input.dtype, copy=False)
    lead = out.shape[:2] if input.ndim == len(out_size) + 2 else out.shape[1:2]
    return out.reshape(*lead, *out_size)


def _sum_per_channel(g: Any) -> Any:
    """∂b: g summed over images and places."""
    return g.reshape(*g.shape[:2], prod(g.shape[2:])).sum(2).sum(0)
