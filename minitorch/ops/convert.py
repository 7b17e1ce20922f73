"""Copies and changes of dtype: clone, to, copy_, fill_, zero_, contiguous."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import dtypes, errors
from ..autograd.graph import TensorBase, wrap
from ..autograd.rule import Array, Operand, inplace, op
from .operands import number_array


class memory_format:
    """How the axes of an image batch are ordered in memory (N, C, H, W or N, H, W, C)."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return f"torch.{self.name}"


contiguous_format = memory_format("contiguous_format")
preserve_format = memory_format("preserve_format")
channels_last = memory_format("channels_last")


def laid_out(input: np.ndarray, format: Any, dtype: Any = None) -> np.ndarray:
    """A copy of an array, its axes ordered in memory as `format` says."""
    dtype = input.dtype if dtype is None else dtype
    if format is None or format is preserve_format:
        if input.flags.forc or is_dense(input):
            return input.astype(dtype, order="K")
        out = dense_like(input, dtype)
        np.copyto(out, input, casting="unsafe")
        return out
    if format is contiguous_format:
        return input.astype(dtype, order="C")
    if format is channels_last:
        if input.ndim != 4:
            raise RuntimeError(
                f"required rank 4 tensor to use channels_last format, got {input.ndim} dimensions"
            )
        return input.transpose(0, 2, 3, 1).astype(dtype, order="C").transpose(0, 3, 1, 2)
    raise TypeError(f"memory_format must be torch.memory_format, not {type(format).__name__}")


def suggested_format(a: np.ndarray) -> memory_format:
    """channels_last if the axes of a 4-d array lie in the order N, H, W, C; else contiguous."""
    if a.ndim == 4 and a.size:
        n, c, h, w = a.strides
        if 0 < c < n and c * a.shape[1] <= w <= w * a.shape[3] <= h <= h * a.shape[2] <= n:
            return channels_last
    return contiguous_format


def is_dense(a: np.ndarray) -> bool:
    """Whether the elements fill one block of memory, in some order of the axes."""
    expected = a.itemsize
    for stride, n in sorted(zip(a.strides, a.shape)):
        if n != 1:
            if stride != expected:
                return False
            expected *= n
    return True


def dense_like(a: np.ndarray, dtype: Any = None) -> np.ndarray:
    """An uninitialised array whose axes lie in memory in the order of a's, without a's gaps.

    The axes are sorted by stride, of equal ones the longer outside. An expanded axis (stride 0)
    can't be compared: others pass it by, in exchanges that leave it where it stood if it can.
    So random numbers, drawn in the order of memory, are PyTorch's for every view.
    """
    dtype = a.dtype if dtype is None else dtype
    if is_dense(a):
        return np.empty_like(a, dtype, order="K", subok=False)
    axes = list(range(a.ndim))[::-1]  # the innermost first
    for at in range(1, a.ndim):
        for before in range(at - 1, -1, -1):
            x, y = axes[before], axes[at]
            if a.strides[x] and a.strides[y]:
                if (a.strides[x], a.shape[x]) <= (a.strides[y], a.shape[y]):
                    break
                axes[before], axes[at] = y, x
                at = before
    axes.reverse()
    return np.empty([a.shape[i] for i in axes], dtype).transpose(np.argsort(axes))


@op
def clone(input: Array, *, memory_format: Any = preserve_format):
    """A copy with its own memory; gradients pass through it unchanged.

    out = input,   ∂input = g
    """
    return laid_out(input, memory_format), lambda g: g


@op(name="ToCopy")
def cast(input: Array, dtype: Any, memory_format: Any = preserve_format):
    """The numbers as another dtype (a copy); the engine casts the gradient back.

    Floats become integers by dropping the fraction; anything but zero is True as bool.
    """
    return laid_out(input, memory_format, dtypes.to_numpy(dtype)), lambda g: g


@op(name="Clone")
def _contiguous_copy(input: Array, memory_format: Any):
    return laid_out(input, memory_format), lambda g: g


def contiguous(input: Any, memory_format: Any = contiguous_format) -> Any:
    """The tensor itself if its elements lie in row-major order, else a copy that does."""
    if is_contiguous(input, memory_format):
        return input
    return _contiguous_copy(input, memory_format)


def is_contiguous(input: Any, memory_format: Any = contiguous_format) -> bool:
    """Whether the elements lie in memory in the order of the indices."""
    a = input._data
    if memory_format is channels_last:
        return a.ndim == 4 and a.transpose(0, 2, 3, 1).flags.c_contiguous
    return a.flags.c_contiguous


@op(name="Copy")
def _copied(input: Array, src: Operand):
    """out = src broadcast to input's shape;  ∂input = 0,  ∂src = g."""
    a = np.asarray(src)
    try:
        out = np.broadcast_to(a, input.shape).astype(input.dtype)
    except ValueError:
        raise errors.broadcast(input.shape, a.shape) from None
    return out, lambda g: (np.zeros_like(g), g)


_copy = inplace(_copied, "copy_")


def copy_(self: Any, src: Any, non_blocking: bool = False) -> Any:
    """Overwrite self with src (broadcast, cast to self's dtype); returns self."""
    return _copy(self, src)


@op(name="Fill")
def fill(input: Array, value: Operand):
    """A tensor like `input` with every element `value` (a number or a 0-d tensor)."""
    if np.ndim(value) != 0:
        raise RuntimeError(
            "fill_ only supports 0-dimension value tensor but got tensor with "
            f"{np.ndim(value)} dimensions."
        )
    if not isinstance(value, np.ndarray):
        value = number_array(value, input.dtype)
    return np.full_like(input, value), lambda g: (np.zeros_like(g), g.sum())


fill_ = inplace(fill)


def zero_(self: Any) -> Any:
    """Set every element to 0; returns self."""
    return fill_(self, 0)


def to(self: Any, *args: Any, **kwargs: Any) -> Any:
    """The tensor as another dtype (and on device 'cpu'); itself if nothing changes.

    ``x.to(dtype)``, ``x.to(device)``, ``x.to(device, dtype)``, ``x.to(other)``, with the
    keywords non_blocking, copy (True: always a copy) and memory_format.
    """
    dtype, copy, format = parse_to(*args, **kwargs)
    wanted = self._data.dtype if dtype is None else dtypes.to_numpy(dtype)
    same_layout = format in (None, preserve_format, suggested_format(self._data))
    if wanted == self._data.dtype and not copy and same_layout:
        return self
    return cast(self, dtypes.from_numpy(wanted), format or preserve_format)


def parse_to(*args: Any, **kwargs: Any) -> tuple[Any, bool, Any]:
    """(dtype, copy, memory format) from the arguments of ``.to``; checks the device."""
    left = list(args)
    other = kwargs.pop("other", None)
    device, dtype = kwargs.pop("device", None), kwargs.pop("dtype", None)
    format = kwargs.pop("memory_format", None)
    if left and isinstance(left[0], TensorBase):
        other = left.pop(0)
    elif left and (left[0] is None or isinstance(left[0], (str, int, dtypes.device))):
        device = left.pop(0)
        if left and not isinstance(left[0], bool):
            dtype = left.pop(0)
    elif left and isinstance(left[0], (dtypes.dtype, type)):
        dtype = left.pop(0)
    elif left:
        raise TypeError(
            f"to() received an invalid combination of arguments - got ({type(left[0]).__name__}); "
            "expected a device, a dtype or a Tensor"
        )
    non_blocking = left.pop(0) if left else kwargs.pop("non_blocking", False)
    copy = left.pop(0) if left else kwargs.pop("copy", False)
    if left or kwargs or not isinstance(non_blocking, bool):
        raise TypeError(f"to() received an invalid combination of arguments: {args} {kwargs}")
    dtypes.check_device(device)
    if other is not None:
        dtype = dtypes.from_numpy(other._data.dtype)
    if dtype is not None:
        dtypes.to_numpy(dtype)
    return dtype, bool(copy), format


def detach(input: Any) -> Any:
    """The same numbers in the same memory, outside the graph."""
    t = wrap(input._data)
    t._changes = input._changes
    return t


def item(input: Any) -> Any:
    """The single element as a Python number."""
    if input._data.size != 1:
        raise RuntimeError(
            f"a Tensor with {input._data.size} elements cannot be converted to Scalar"
        )
    return input._data.item()


def numpy_of(input: Any) -> np.ndarray:
    """The array itself, for ``Tensor.numpy``: shares memory with the tensor."""
    if input.requires_grad:
        raise RuntimeError(
            "Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead."
        )
    return input._data
