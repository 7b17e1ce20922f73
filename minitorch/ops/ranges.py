"""Counted tensors: evenly spaced numbers.

    arange(start, end, step)     xᵢ = start + i·step,               without the end
    linspace(start, end, n)      xᵢ = start + i·(end − start)/(n − 1),  both ends included
    logspace(start, end, n)      xᵢ = base^(start + i·(end − start)/(n − 1))
"""

from __future__ import annotations

import math
import warnings
from operator import index
from typing import Any

import numpy as np

from .. import dtypes, errors
from ..autograd.graph import TensorBase
from .create import finish, kind_or_default
from .operands import number_array


def _number(function: str, name: str, value: Any) -> Any:
    if isinstance(value, TensorBase):
        value = value._data.item()
    if not isinstance(value, (int, float, np.generic)):
        raise errors.wrong_type(function, name, 1, "Number", value)
    return value


def arange(start: Any = None, end: Any = None, step: Any = 1, *, out: Any = None,
           dtype: Any = None, layout: Any = dtypes.strided, device: Any = None,
           pin_memory: bool = False, requires_grad: bool = False) -> Any:  # fmt: skip
    """start, start + step, … up to but without `end`: ``arange(end)``, ``arange(start, end)``.

    length = ⌈(end − start) / step⌉. int64 if all three are ints, else the default dtype.
    """
    if start is None and end is None:
        raise TypeError('arange() missing 1 required positional arguments: "end"')
    if end is None:
        start, end = 0, start
    elif start is None:
        start = 0
    start, end, step = (
        _number("arange", n, v) for n, v in (("start", start), ("end", end), ("step", step))
    )
    if step == 0:
        raise RuntimeError("step must be nonzero")
    if not (math.isfinite(start) and math.isfinite(end)):
        raise RuntimeError(f"unsupported range: {start} -> {end}")
    if (end - start) * step < 0:
        raise RuntimeError("upper bound and lower bound inconsistent with step sign")
    if dtype is None and out is None:
        whole = all(isinstance(v, (int, np.integer)) for v in (start, end, step))
        wanted = dtypes.INT64 if whole else dtypes.default_float()
    else:
        wanted = kind_or_default(dtype, out)
    if wanted.kind == "b":
        raise NotImplementedError("\"arange_cpu\" not implemented for 'Bool'")
    if wanted.kind in "iu":
        if wanted == dtypes.INT64:
            start, end, step = int(start), int(end), int(step)
            if step == 0:
                raise ValueError("step must be nonzero")
            n = max(-((start - end) // step), 0)
        else:  # smaller integers are counted as floats
            n = math.ceil((end - start) / step)
        a = np.arange(n, dtype=np.int64) * int(step) + int(start)
    else:
        n = math.ceil((end - start) / step)
        a = start + np.arange(n) * float(step)
    return finish(a.astype(wanted), device, layout, requires_grad, pin_memory, out)


def range_(start: Any = 0, end: Any = None, step: Any = 1, *, out: Any = None,
          dtype: Any = None, layout: Any = dtypes.strided, device: Any = None,
          requires_grad: bool = False) -> Any:  # fmt: skip
    """start, start + step, … up to and with `end` (deprecated in PyTorch: use `arange`)."""
    warnings.warn(
        "torch.range is deprecated and will be removed in a future release because its behavior "
        "is inconsistent with Python's range builtin. Instead, use torch.arange, which produces "
        "values in [start, end).",
        stacklevel=2,
    )
    if end is None:
        start, end = 0, start
    if step == 0:
        raise RuntimeError("step must be nonzero")
    if (end - start) * step < 0:
        raise RuntimeError("upper bound and lower bound inconsistent with step sign")
    n = math.floor((end - start) / step) + 1
    a = (start + np.arange(n) * step).astype(kind_or_default(dtype, out))
    return finish(a, device, layout, requires_grad, False, out)


def linspace(start: Any, end: Any, steps: int, *, out: Any = None, dtype: Any = None,
             layout: Any = dtypes.strided, device: Any = None, pin_memory: bool = False,
             requires_grad: bool = False) -> Any:  # fmt: skip
    """`steps` numbers from start to end, both included, evenly spaced.

    xᵢ = start + i·Δ for the first half, end − (steps − 1 − i)·Δ for the second,
    Δ = (end − start)/(steps − 1): so both ends are exact.
    """
    start, end, wanted = _ends("linspace", start, end, steps, kind_or_default(dtype, out))
    a = _evenly(start, end, steps, wanted).astype(wanted)
    return finish(a, device, layout, requires_grad, pin_memory, out)


def _ends(function: str, start: Any, end: Any, steps: int, wanted: np.dtype) -> Any:
    """(start, end, dtype), checked; an integer range has integer ends."""
    given = {"start": start, "end": end}
    tensors = {n: t._data.ndim for n, t in given.items() if isinstance(t, TensorBase)}
    if any(tensors.values()):
        found = " and ".join(f"{n} with {d} dimension(s)" for n, d in tensors.items())
        raise RuntimeError(
            f"{function} only supports 0-dimensional start and end tensors, but got {found}."
        )
    start, end = _number(function, "start", start), _number(function, "end", end)
    if index(steps) < 0:
        raise RuntimeError(f"number of steps must be non-negative, got {steps}")
    if wanted.kind == "b":
        raise NotImplementedError(f"\"{function}_cpu\" not implemented for 'Bool'")
    if wanted.kind in "iu":
        start, end = number_array(start, wanted), number_array(end, wanted)
    return start, end, wanted


def _evenly(start: Any, end: Any, steps: int, wanted: Any) -> np.ndarray:
    if steps < 2:
        return np.full(steps, start, np.float64)
    with np.errstate(all="ignore"):
        first, last = wanted.type(start), wanted.type(end)
        if wanted.kind == "f":
            delta = wanted.type((last - first) / wanted.type(steps - 1))
        else:
            delta = (float(last) - float(first)) / (steps - 1)
        # in a longer float than the result's, so that first + Δ·i is rounded once (a fused
        # multiply-add); np.longdouble has 64 bits on x86
        long: Any = np.longdouble if wanted == np.float64 else np.float64
        i = np.arange(steps, dtype=long)
        rising, falling = long(first) + long(delta) * i, long(last) - long(delta) * (steps - 1 - i)
    return np.where(i < steps // 2, rising, falling)


def logspace(start: Any, end: Any, steps: int, base: float = 10.0, *, out: Any = None,
             dtype: Any = None, layout: Any = dtypes.strided, device: Any = None,
             pin_memory: bool = False, requires_grad: bool = False) -> Any:  # fmt: skip
    """`steps` numbers from base**start to base**end, evenly spaced in the exponent."""
    start, end, wanted = _ends("logspace", start, end, steps, kind_or_default(dtype, out))
    exponents = _evenly(start, end, steps, np.dtype(np.float64)).astype(np.float64)
    with np.errstate(all="ignore"):
        a = np.power(float(base), exponents).astype(wanted)
    return finish(a, device, layout, requires_grad, pin_memory, out)
