"""out= for ops that read their input while they write: the two must not share memory."""

from __future__ import annotations

import inspect
from functools import wraps
from typing import Any, TypeVar

import numpy as np

from .. import dtypes, errors
from ..autograd.graph import TensorBase
from ..autograd.rule import repeats

F = TypeVar("F")
_OUT = inspect.Parameter("out", inspect.Parameter.KEYWORD_ONLY, default=None)


def separate_out(function: F, same_dtype: bool = True) -> F:
    """The function, with its ``out=`` checked: no overlap with an input or within itself.

    Args:
        same_dtype  the result's dtype must be out's; False: it is cast to it, or the op checks it
    """

    @wraps(function)  # type: ignore[arg-type]
    def call(*args: Any, out: Any = None, **kwargs: Any) -> Any:
        if out is None:
            return function(*args, **kwargs)  # type: ignore[operator]
        given = [
            y for x in (*args, *kwargs.values()) for y in (x if type(x) in (list, tuple) else [x])
        ]
        inputs = [x._data for x in given if isinstance(x, TensorBase)]
        for o in out if isinstance(out, (tuple, list)) else (out,):
            if isinstance(o, TensorBase) and inputs:
                _check(o._data, inputs, same_dtype)
        return function(*args, out=out, **kwargs)  # type: ignore[operator]

    signature = inspect.signature(function)  # type: ignore[arg-type]
    shown = [*signature.parameters.values(), _OUT]
    call.__signature__ = signature.replace(parameters=shown)  # type: ignore[attr-defined]
    return call  # type: ignore[return-value]


def _check(out: np.ndarray, inputs: list[np.ndarray], same_dtype: bool) -> None:
    if repeats(out):
        raise errors.written_twice()
    if any(np.may_share_memory(out, a) for a in inputs):
        raise errors.overlaps_input()
    if same_dtype and out.dtype != inputs[0].dtype:
        raise errors.out_dtype(dtypes.from_numpy(inputs[0].dtype), dtypes.from_numpy(out.dtype))
