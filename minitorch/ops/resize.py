"""Tensors made or changed by their layout: empty_strided, empty_permuted, resize_, resize_as_."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import dtypes, errors
from ..autograd.graph import TensorBase, memory
from .convert import contiguous_format, laid_out, preserve_format
from .create import finish, kind_or_default, parse_size
from .strides import ints


def empty_strided(
    size: Any, stride: Any, *, dtype: Any = None, layout: Any = dtypes.strided, device: Any = None,
    requires_grad: bool = False, pin_memory: bool = False,
) -> Any:  # fmt: skip
    """An uninitialised tensor with the given steps in memory, counted in elements.

    >>> torch.empty_strided((2, 3), (1, 2)).stride()
    (1, 2)
    """
    shape = parse_size("empty_strided", (size,))
    steps = ints("empty_strided", "stride", (stride,), {})
    if len(shape) != len(steps):
        raise RuntimeError(
            "mismatch in length of strides and shape: got "
            f"{len(steps)} strides for {len(shape)} dims"
        )
    if min(steps, default=0) < 0:
        raise RuntimeError(f"empty_strided: negative strides are not supported, got {steps}")
    wanted = kind_or_default(dtype)
    span = 0 if 0 in shape else 1 + sum((n - 1) * s for n, s in zip(shape, steps))
    a = np.ndarray(shape, wanted, np.empty(span, wanted), 0, [s * wanted.itemsize for s in steps])
    return finish(a, device, layout, requires_grad, pin_memory)


def new_empty_strided(
    self: Any, size: Any, stride: Any, dtype: Any = None, device: Any = None,
    requires_grad: bool = False, layout: Any = dtypes.strided, pin_memory: bool = False,
) -> Any:  # fmt: skip
    """`empty_strided` with the tensor's own dtype."""
    return empty_strided(
        size, stride, dtype=dtypes.from_numpy(self._data.dtype) if dtype is None else dtype,
        layout=layout, device=device, requires_grad=requires_grad, pin_memory=pin_memory,
    )  # fmt: skip


def empty_permuted(
    size: Any, physical_layout: Any, *, dtype: Any = None, layout: Any = dtypes.strided,
    device: Any = None, requires_grad: bool = False, pin_memory: bool = False,
) -> Any:  # fmt: skip
    """An uninitialised tensor whose dims lie in memory in the given order, outermost first.

    >>> torch.empty_permuted((2, 3, 5), (0, 2, 1)).stride()
    (15, 1, 3)
    """
    shape = parse_size("empty_permuted", (size,))
    order = ints("empty_permuted", "physical_layout", (physical_layout,), {})
    if len(shape) != len(order):
        raise RuntimeError(
            "Number of dimensions in size does not match the length of the physical_layout; i.e. "
            f"len(size) = {len(shape)} is not equal to len(physical_layout) = {len(order)}"
        )
    for i, d in enumerate(order):
        if not 0 <= d < len(shape):
            raise RuntimeError(
                f"Dimension out of range (expected to be between 0 and {len(shape) - 1}, but got "
                f"{d} at index {i}).  NB: negative dims not currently supported"
            )
        if order.count(d) > 1:
            raise RuntimeError(f"Duplicate dim not allowed: {order}")
    a = np.empty([shape[d] for d in order], kind_or_default(dtype))
    return finish(
        a.transpose(sorted(range(len(order)), key=order.__getitem__)),
        device, layout, requires_grad, pin_memory,
    )  # fmt: skip


def resize_(self: Any, *size: Any, memory_format: Any = contiguous_format) -> Any:
    """Give the tensor another shape on its memory, which grows where it is too small.

    Elements keep their places in memory; what is new is uninitialised. When the memory grows,
    other tensors that shared it keep the old one.

    >>> torch.arange(4).resize_(2, 2)
    tensor([[0, 1],
            [2, 3]])
    """
    shape = parse_size("resize_", size)
    if self.requires_grad:
        raise RuntimeError("cannot resize variables that require grad")
    if memory_format is preserve_format:
        raise RuntimeError("Unsupported memory format: Preserve")
    a = self._data
    if a.shape == shape:
        return self
    like = laid_out(np.empty(shape, a.dtype), memory_format)
    whole = memory(a).ravel(order="K").view(a.dtype)
    start = 0
    if a.size:
        start = a.__array_interface__["data"][0] - whole.__array_interface__["data"][0]
    needed = start + like.size * a.itemsize
    if needed > whole.nbytes:
        grown = np.empty(-(-needed // a.itemsize), a.dtype)
        grown[: whole.size] = whole
        whole = grown
    self._data = np.ndarray(shape, a.dtype, whole, start, like.strides)
    return self


def resize_as_(self: Any, the_template: Any, *, memory_format: Any = contiguous_format) -> Any:
    """`resize_` to the shape of another tensor."""
    if not isinstance(the_template, TensorBase):
        raise errors.not_a_tensor("resize_as_", "the_template", 1, the_template)
    return resize_(self, the_template._data.shape, memory_format=memory_format)
