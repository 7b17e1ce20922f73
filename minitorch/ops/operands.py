"""Where operands meet: one dtype, shapes that broadcast, and the errors when there is none.

Most ops leave this to ``@op(promote=…)``. The helpers here serve the rules that must look at
their operands first: `sub` refuses bools that promotion would hide, `div` promotes by its mode.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import dtypes, errors
from ..autograd.rule import to_common


def meet(*operands: Any, float_wanted: bool = False) -> list[Any]:
    """The operands in their common dtype (numbers stay Python's); checks that they broadcast."""
    data = list(operands)
    to_common(data, tuple(range(len(data))), float_wanted)
    check_broadcast(*data)
    return data


def check_broadcast(*operands: Any) -> None:
    """PyTorch's RuntimeError when shapes do not broadcast; numbers and None fit everything."""
    shape: tuple[int, ...] = ()
    for x in operands:
        if not isinstance(x, np.ndarray) or x.shape == shape:
            continue
        for m, n in zip(reversed(shape), reversed(x.shape)):
            if m != n and m != 1 and n != 1:
                raise errors.broadcast(shape, x.shape)
        shape = np.broadcast_shapes(shape, x.shape) if shape and x.shape else shape or x.shape


def dtype_title(array: np.ndarray) -> str:
    """A dtype as PyTorch's error texts name it: Float, Long, Bool."""
    return dtypes.from_numpy(array.dtype).title


def not_implemented(function: str, array: np.ndarray) -> NotImplementedError:
    """PyTorch's error for a dtype that a function has no numbers for."""
    return NotImplementedError(f"\"{function}\" not implemented for '{dtype_title(array)}'")


def check_not_bool(function: str, array: Any) -> None:
    """Raise where arithmetic on truth values has no meaning."""
    if array.dtype is dtypes.BOOL:
        raise not_implemented(function, array)


def check_integer(function: str, array: Any) -> None:
    """Raise where only integers (and bools) have a meaning."""
    if array.dtype.kind == "f":
        raise not_implemented(function, array)


def no_slope(g: Any) -> Any:
    """The derivative of a step: 0 everywhere that it has one."""
    return np.zeros_like(g)


def not_differentiable(name: str) -> Any:
    """A vjp for a function that PyTorch records but has no derivative for."""

    def vjp(*_: Any) -> Any:
        raise RuntimeError(f"derivative for aten::{name} is not implemented")

    return vjp


def number_like(value: Any, array: Any) -> Any:
    """A scale factor in an array's dtype: for integers it wraps round as the array does."""
    if array.dtype.kind in "iu":
        return np.array(int(value) & (2**64 - 1), np.uint64).astype(array.dtype)
    return value


def tensor_second(function: str, tensor: int = 1, number: int = 0) -> Any:
    """A namer of nodes: PyTorch numbers the variants with a tensor and a number differently."""

    def name(_: Any, *rest: Any, **__: Any) -> str:
        found = any(isinstance(x, np.ndarray) for x in rest[-1:])
        return f"{function}Backward{tensor if found else number}"

    return name


def number_or_array(*operands: Any) -> np.ndarray:
    """The first operand that is an array: it carries the dtype in which all of them met."""
    for x in operands:
        if isinstance(x, np.ndarray):
            return x
    raise TypeError(f"expected at least one Tensor, but got the numbers {operands}")


def number_array(value: Any, wanted: np.dtype) -> np.ndarray:
    """A Python number as a 0-d array of a dtype that can hold it."""
    if wanted.kind in "iu":
        limits = np.iinfo(wanted)
        low = -limits.max - 1 if wanted.kind == "u" else limits.min
        if value != value or not low <= int(value if abs(value) < 1e30 else 1 << 70) <= limits.max:
            raise RuntimeError(
                f"value cannot be converted to type {wanted.name}_t without overflow"
            )
        return np.array(int(value)).astype(wanted)
    return np.array(value).astype(wanted)
