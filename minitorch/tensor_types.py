"""FloatTensor, LongTensor, …: one constructor for each dtype, from before dtypes had objects.

``FloatTensor([1, 2])`` holds these numbers, ``FloatTensor(2, 3)`` is uninitialised, and
``isinstance(t, FloatTensor)`` asks for the dtype. New code writes ``tensor(…, dtype=…)``.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from . import dtypes
from .autograd.graph import TensorBase, wrap
from .ops import create
from .tensor import Size


class _TypedTensor(type):
    """The type of these classes: calling one makes a Tensor of its dtype."""

    dtype: dtypes.dtype

    def __call__(cls, *args: Any) -> Any:
        if len(args) == 1 and isinstance(args[0], TensorBase):
            if args[0]._data.dtype != cls.dtype.numpy:
                raise TypeError(
                    f"expected torch.{cls.dtype.title}Tensor (got a tensor of dtype "
                    f"{dtypes.from_numpy(args[0]._data.dtype)!r})"
                )
            return wrap(args[0]._data)
        is_data = len(args) == 1 and isinstance(args[0], (list, tuple, np.ndarray))
        if is_data and not isinstance(args[0], Size):
            return wrap(create.array_from(args[0], cls.dtype))
        return create.empty(*(args or (0,)), dtype=cls.dtype)

    def __instancecheck__(cls, x: Any) -> bool:
        return isinstance(x, TensorBase) and x._data.dtype == cls.dtype.numpy

    def __repr__(cls) -> str:
        return f"<class 'torch.{cls.__name__}'>"


class HalfTensor(metaclass=_TypedTensor):
    """Tensors of dtype float16."""

    dtype = dtypes.float16


class FloatTensor(metaclass=_TypedTensor):
    """Tensors of dtype float32."""

    dtype = dtypes.float32


class DoubleTensor(metaclass=_TypedTensor):
    """Tensors of dtype float64."""

    dtype = dtypes.float64


class CharTensor(metaclass=_TypedTensor):
    """Tensors of dtype int8."""

    dtype = dtypes.int8


class ShortTensor(metaclass=_TypedTensor):
    """Tensors of dtype int16."""

    dtype = dtypes.int16


class IntTensor(metaclass=_TypedTensor):
    """Tensors of dtype int32."""

    dtype = dtypes.int32


class LongTensor(metaclass=_TypedTensor):
    """Tensors of dtype int64."""

    dtype = dtypes.int64


class ByteTensor(metaclass=_TypedTensor):
    """Tensors of dtype uint8."""

    dtype = dtypes.uint8


class BoolTensor(metaclass=_TypedTensor):
    """Tensors of dtype bool."""

    dtype = dtypes.bool_


def set_default_tensor_type(t: Any) -> None:
    """`set_default_dtype` by a class or its name: ``torch.DoubleTensor``, 'torch.DoubleTensor'."""
    name = f"torch.{t.__name__}" if isinstance(t, type) else t
    if "cuda" in str(name):
        raise TypeError(f"type {name} not available. Torch not compiled with CUDA enabled.")
    kinds = {f"torch.{d.title}Tensor": d for d in dtypes.SUPPORTED}
    if name not in kinds:
        raise TypeError(f"invalid type object: {t!r} is no tensor type")
    if not kinds[name].is_floating_point:
        raise TypeError("only floating-point types are supported as the default type")
    dtypes.set_default_dtype(kinds[name])
