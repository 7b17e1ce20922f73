"""out= for ops that read their input while they write: the two must not share memory."""

from __future__ import annotations

from functools import wraps
from typing import Any, TypeVar

import numpy as np

from .. import dtypes
from ..autograd.graph import TensorBase

F = TypeVar("F")


def separate_out(function: F, same_dtype: bool = True) -> F:
    """The function, with its ``out=`` checked: no overlap with an input or within itself.

    Args:
        same_dtype  the result's dtype must be out's; False: it is cast to it
    """

    @wraps(function)  # type: ignore[arg-type]
    def call(*args: Any, out: Any = None, **kwargs: Any) -> Any:
        if out is None:
            return function(*args, **kwargs)  # type: ignore[operator]
        given = [
            y for x in (*args, *kwargs.values()) for y in (x if type(x) in (list, tuple) else [x])
        ]
        inputs = [x._data for x in given if isinstance(x, TensorBase)]
        if isinstance(out, TensorBase) and inputs:
            _check(out._data, inputs, same_dtype)
        return function(*args, out=out, **kwargs)  # type: ignore[operator]

    return call  # type: ignore[return-value]


def _check(out: np.ndarray, inputs: list[np.ndarray], same_dtype: bool) -> None:
    if any(s == 0 and n > 1 for s, n in zip(out.strides, out.shape)):
        raise RuntimeError(
            "unsupported operation: more than one element of the written-to tensor refers to a "
            "single memory location. Please clone() the tensor before performing the operation."
        )
    if any(np.may_share_memory(out, a) for a in inputs):
        raise RuntimeError(
            "unsupported operation: some elements of the input tensor and the written-to tensor "
            "refer to a single memory location. Please clone() the tensor before performing the "
            "operation."
        )
    if same_dtype and out.dtype != inputs[0].dtype:
        raise RuntimeError(
            f"Expected out tensor to have dtype {dtypes.from_numpy(inputs[0].dtype).name}, but got "
            f"{dtypes.from_numpy(out.dtype).name} instead"
        )
