"""Reductions that pick: max, min, amax, amin, argmax, median, mode.

The result is one of the inputs, so its gradient goes back to the place it came from. Functions
that return the place (`max` with a dim, `median`, …) give it all to that one; those that return
the value alone (`amax`, full `max`) share it evenly among ties. NaN counts as the largest number
and as the smallest: where there is one, it wins.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import dtypes, return_types
from ..autograd.graph import TensorBase
from ..autograd.rule import Array, op
from .along import as_rows, evenly, pick, place, single_dim
from .choose import maximum, minimum
from .operands import check_not_bool
from .reduce import Axes, axes_of


def _not_empty(function: str, input: Any, dim: Any, axes: Axes) -> None:
    if input.size:
        return
    if dim is None or dim == ():
        raise RuntimeError(
            f"{function}(): Expected reduction dim to be specified for input.numel() == 0. "
            "Specify the reduction dim with the 'dim' argument."
        )
    for i in axes:
        if input.shape[i] == 0:
            raise IndexError(f"{function}(): Expected reduction dim {i} to have non-zero size.")


# -- the value alone ------------------------------------------------------------------------------


def _amax(
    function: str, ufunc: Any, input: Any, dim: Any, keepdim: Any, nan_too: bool = False
) -> Any:
    axes = axes_of(function, input, dim, keepdim)
    _not_empty(function, input, dim, axes)
    kept = ufunc.reduce(input, axis=axes, keepdims=True)
    out = kept if keepdim else kept.reshape([n for i, n in enumerate(kept.shape) if i not in axes])
    return np.array(out), lambda g: evenly(g, input, kept, axes, nan_too)


@op
def amax(input: Array, dim: Any = (), keepdim: bool = False) -> Any:
    """The largest value along dims (default: all).

    out = max inputᵢ                                           (1)
    ∂inputᵢ = g/n where inputᵢ = out (n of them), else 0       (2)
    """
    return _amax("amax", np.maximum, input, dim, keepdim)  # (1) (2)


@op
def amin(input: Array, dim: Any = (), keepdim: bool = False) -> Any:
    """The smallest value along dims (default: all).

    out = min inputᵢ                                           (1)
    ∂inputᵢ = g/n where inputᵢ = out (n of them), else 0       (2)
    """
    return _amax("amin", np.minimum, input, dim, keepdim)  # (1) (2)


@op(returns=return_types.aminmax)
def aminmax(input: Array, *, dim: int | None = None, keepdim: bool = False) -> Any:
    """(`amin`, `amax`) along one dim or of everything.

    out = (min inputᵢ, max inputᵢ)                             (1)
    """
    if dim is None and input.size == 0:
        raise RuntimeError(
            "aminmax(): cannot compute aminmax over an empty dimension as the operation has no "
            "identity."
        )
    low, d_low = _amax("aminmax", np.minimum, input, dim, keepdim)
    high, d_high = _amax("aminmax", np.maximum, input, dim, keepdim)

    def vjp(g_low: Any, g_high: Any) -> Any:
        parts = [d(g) for d, g in ((d_low, g_low), (d_high, g_high)) if g is not None]
        return parts[0] if len(parts) == 1 else parts[0] + parts[1]

    return (low, high), vjp  # (1)


# -- max and min: three functions each ------------------------------------------------------------


@op(name="MaxBackward1")
def _max_of_all(input: Array) -> Any:
    _not_empty("max", input, None, ())
    return _amax("max", np.maximum, input, None, False, nan_too=True)


@op(name="MinBackward1")
def _min_of_all(input: Array) -> Any:
    _not_empty("min", input, None, ())
    return _amax("min", np.minimum, input, None, False, nan_too=True)


def _along(function: str, arg: Any, input: Any, dim: Any, keepdim: Any) -> Any:
    axis = single_dim(function, input, dim, keepdim)
    index = arg(as_rows(input), axis=axis, keepdims=True)
    return pick(input, index, axis, keepdim), place(input.shape, axis, index)


@op(name="Max", returns=return_types.max)
def _max_along(input: Array, dim: Any, keepdim: bool = False) -> Any:
    return _along("max", np.argmax, input, dim, keepdim)


@op(name="Min", returns=return_types.min)
def _min_along(input: Array, dim: Any, keepdim: bool = False) -> Any:
    return _along("min", np.argmin, input, dim, keepdim)


def _three_in_one(name: str, of_two: Any, along: Any, of_all: Any, args: Any, kwargs: Any) -> Any:
    """Choose by the arguments: (input), (input, dim, keepdim) or (input, other)."""
    if kwargs:
        kwargs = {{"axis": "dim", "keepdims": "keepdim"}.get(k, k): v for k, v in kwargs.items()}
    if "other" in kwargs or (len(args) > 1 and isinstance(args[1], TensorBase)):
        return of_two(*args, **kwargs)
    if "dim" in kwargs or len(args) > 1:
        dim = kwargs["dim"] if "dim" in kwargs else args[1]
        if isinstance(dim, bool) or not hasattr(dim, "__index__"):
            raise TypeError(
                f"{name}() received an invalid combination of arguments: 'dim' must be int and "
                f"'other' must be Tensor, not {type(dim).__name__}"
            )
        return along(*args, **kwargs)
    return of_all(*args, **kwargs)


def max(*args: Any, **kwargs: Any) -> Any:
    """The largest element; three functions in one.

    max(input)                 the largest of all, a 0-d tensor; ties share the gradient evenly
    max(input, dim, keepdim)   (values, indices) along one dim; the first of several equal ones
    max(input, other)          `maximum`, element by element

    Raises: RuntimeError or IndexError when there is nothing to choose from.

    >>> import minitorch as torch
    >>> torch.max(torch.tensor([[1., 9.], [8., 2.]]), dim=1).indices
    tensor([1, 0])
    """
    return _three_in_one("max", maximum, _max_along, _max_of_all, args, kwargs)


def min(*args: Any, **kwargs: Any) -> Any:
    """The smallest element; three functions in one.

    min(input)                 the smallest of all, a 0-d tensor; ties share the gradient evenly
    min(input, dim, keepdim)   (values, indices) along one dim; the first of several equal ones
    min(input, other)          `minimum`, element by element
    """
    return _three_in_one("min", minimum, _min_along, _min_of_all, args, kwargs)


# -- the place alone ------------------------------------------------------------------------------


def _place(function: str, arg: Any, input: Any, dim: Any, keepdim: Any) -> Any:
    if input.dtype is dtypes.BOOL:
        raise RuntimeError(f"{function}(): does not support bool input")
    if dim is None:
        if input.size == 0:
            raise IndexError(
                f"{function}(): Expected reduction dim to be specified for input.numel() == 0. "
                "Specify the reduction dim with the 'dim' argument."
            )
        out = np.asarray(arg(input))
        return out.reshape((1,) * input.ndim) if keepdim else out
    axis = single_dim(function, input, dim, keepdim)
    return np.asarray(arg(as_rows(input), axis=axis, keepdims=keepdim)).reshape(
        () if input.ndim == 0 else [
            1 if i == axis else n for i, n in enumerate(input.shape) if keepdim or i != axis
        ]
    )  # fmt: skip


@op
def argmax(input: Array, dim: int | None = None, keepdim: bool = False) -> Any:
    """Where the largest element is: along one dim, or in the flattened tensor.

    out = the first i with inputᵢ = max inputⱼ         (1)

    >>> import minitorch as torch
    >>> torch.argmax(torch.tensor([[1., 9.], [8., 2.]]), dim=1)
    tensor([1, 0])
    """
    return _place("argmax", np.argmax, input, dim, keepdim), None  # (1)


@op
def argmin(input: Array, dim: int | None = None, keepdim: bool = False) -> Any:
    """Where the smallest element is: along one dim, or in the flattened tensor.

    out = the first i with inputᵢ = min inputⱼ         (1)
    """
    return _place("argmin", np.argmin, input, dim, keepdim), None  # (1)


# -- the middle and the most frequent -------------------------------------------------------------


def _median_place(input: np.ndarray, axis: int, skip_nan: bool) -> np.ndarray:
    """Where the lower median is along `axis`, which is kept with length 1."""
    order = np.argsort(input, axis, kind="stable")  # NaN last
    n = input.shape[axis]
    if input.dtype.kind != "f":
        return np.take(order, [(n - 1) // 2], axis)
    missing = np.isnan(input)
    numbers = n - np.add.reduce(missing, axis=axis, keepdims=True, dtype=np.int64)
    if skip_nan:  # the middle of the numbers; a row of NaN only gives its first
        return np.take_along_axis(order, np.maximum(numbers - 1, 0) // 2, axis)
    first_nan = np.argmax(missing, axis=axis, keepdims=True)
    return np.where(numbers < n, first_nan, np.take(order, [(n - 1) // 2], axis))


def _median_of_all(input: Any, skip_nan: bool) -> Any:
    check_not_bool("median_cpu", input)
    if input.size == 0:
        if input.dtype.kind == "f":
            return np.array(np.nan, input.dtype), lambda g: np.zeros(input.shape, g.dtype)
        return np.array(np.iinfo(input.dtype).min, input.dtype), None
    flat = input.reshape(-1)
    out = flat[_median_place(flat, 0, skip_nan)].reshape(())
    axes = tuple(range(input.ndim))
    return out, lambda g: evenly(g, input, out, axes, nan_too=True)


def _median_along(function: str, input: Any, dim: Any, keepdim: Any, skip_nan: bool) -> Any:
    axis = single_dim(function, input, dim, keepdim)
    check_not_bool("median_out_impl", input)
    index = _median_place(as_rows(input), axis, skip_nan)
    return pick(input, index, axis, keepdim), place(input.shape, axis, index)


@op(name="MedianBackward0")
def _median(input: Array) -> Any:
    return _median_of_all(input, False)


@op(name="MedianBackward1", returns=return_types.median)
def _median_dim(input: Array, dim: Any, keepdim: bool = False) -> Any:
    return _median_along("median", input, dim, keepdim, False)


@op(name="NanmedianBackward0")
def _nanmedian(input: Array) -> Any:
    return _median_of_all(input, True)


@op(name="NanmedianBackward1", returns=return_types.nanmedian)
def _nanmedian_dim(input: Array, dim: Any, keepdim: bool = False) -> Any:
    return _median_along("nanmedian", input, dim, keepdim, True)


def median(*args: Any, **kwargs: Any) -> Any:
    """The middle of the sorted elements, the lower of the two middle ones; NaN if any is NaN.

    median(input)               of all elements, a 0-d tensor
    median(input, dim, keepdim) (values, indices) along one dim

    >>> import minitorch as torch
    >>> torch.median(torch.tensor([4., 1., 3., 2.]))
    tensor(2.)
    """
    alone = len(args) + len(kwargs) == 1 or (len(args) == 1 and tuple(kwargs) == ("out",))
    return (_median if alone else _median_dim)(*args, **kwargs)


def nanmedian(*args: Any, **kwargs: Any) -> Any:
    """`median` of the elements that are not NaN."""
    alone = len(args) + len(kwargs) == 1 or (len(args) == 1 and tuple(kwargs) == ("out",))
    return (_nanmedian if alone else _nanmedian_dim)(*args, **kwargs)


@op(returns=return_types.mode)
def mode(input: Array, dim: int = -1, keepdim: bool = False) -> Any:
    """The most frequent value along one dim, the smallest of several, and its last place.

    Numerics: sorts, and takes the end of the first of the longest runs of equal values.

    >>> import minitorch as torch
    >>> torch.mode(torch.tensor([3, 1, 3, 1])).values
    tensor(1)
    """
    axis = single_dim("mode", input, dim, keepdim)
    rows = as_rows(input)
    order = np.argsort(rows, axis, kind="stable")
    ranked = np.moveaxis(np.take_along_axis(rows, order, axis), axis, -1)
    new = np.ones(ranked.shape, bool)  # where a run of equal values starts
    new[..., 1:] = ranked[..., 1:] != ranked[..., :-1]
    place_in_row = np.arange(ranked.shape[-1])
    run = place_in_row - np.maximum.accumulate(np.where(new, place_in_row, 0), -1)
    end = np.moveaxis(np.argmax(run, -1, keepdims=True), -1, axis)  # of the longest, first run
    index = np.take_along_axis(order, end, axis)
    return pick(input, index, axis, keepdim), place(input.shape, axis, index)
