"""Whole slices along one dim by a vector of indices: index_select, _add, _copy, _fill, _reduce."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import dtypes, errors
from ..autograd.rule import Array, Operand, op
from .accumulate import add_along
from .dims import wrap_dim
from .operands import number_array
from .overlap import separate_out
from .scatter_reduce import reduce_elements


def _check_vector(function: str, index: np.ndarray) -> None:
    if index.dtype not in (np.int64, np.int32):
        raise RuntimeError(f"{function}(): Expected dtype int32 or int64 for index")
    if index.ndim > 1:
        raise IndexError(f"{function}(): Index is supposed to be a vector")


def _check_bounds(index: np.ndarray, n: int) -> None:
    if index.size and (index.min() < 0 or index.max() >= n):
        raise IndexError("index out of range in self")


def _along(at: int, index: np.ndarray) -> tuple[Any, ...]:
    return (*(slice(None),) * at, index)


@separate_out
@op
def index_select(input: Array, dim: int, index: Array):
    """The slices of `input` along `dim` at the places of a 1-d `index`, in its order.

    out[i] = input[index[i]],   ∂input[r] = Σ g[i] over index[i] = r                          (1)
    """
    at = wrap_dim(dim, input.ndim)
    _check_vector("index_select", index)
    if input.ndim == 0:
        _check_bounds(index, 1)
        if index.size != 1:
            raise RuntimeError("index_select(): Index to scalar can have only 1 value")
        return input.copy(), lambda g: (g, None)
    n = input.shape[at]
    _check_bounds(index, n)

    def vjp(g: Array) -> Any:
        return add_along(g, index.reshape(-1), at, n), None

    return input.take(index.reshape(-1), at), vjp  # (1)


def _check_source(
    function: str, input: np.ndarray, at: int, index: np.ndarray, source: np.ndarray
) -> None:
    """Source must look like input, with one slice for each index."""
    if input.dtype != source.dtype:
        raise RuntimeError(
            f"{function}(): self ({dtypes.from_numpy(input.dtype).title}) and source "
            f"({dtypes.from_numpy(source.dtype).title}) must have the same scalar type"
        )
    count = source.shape[at] if source.ndim else 1
    if source.ndim == 0 and index.size != 1:
        raise IndexError(
            f"{function}(): When source is scalar, index should have one element (got {index.size})"
        )
    if source.ndim and input.ndim and source.ndim != input.ndim:
        raise IndexError(
            f"{function}(): When source and destination are not scalars, their dimensionality must "
            f"match. Source dimensionality ({source.ndim}), destination dimensionality "
            f"({input.ndim})"
        )
    if index.size != count:
        raise IndexError(
            f"{function}(): Number of indices ({index.size}) should be equal to "
            f"source.size(dim) ({count})"
        )


def _check_slices(function: str, input: np.ndarray, at: int, source: np.ndarray) -> None:
    a = input.shape[:at] + input.shape[at + 1 :]
    b = source.shape[:at] + source.shape[at + 1 :]
    if a != b:
        raise RuntimeError(
            f"{function}(): Source/destination tensor must have same slice shapes. Destination "
            f"slice shape: {errors.shape_text(a)} at dimension {at} and source slice shape: "
            f"{errors.shape_text(b)} at dimension 0."
        )


@op
def index_add(input: Array, dim: int, index: Array, source: Array, *, alpha: Any = 1):
    """A copy of `input` with alpha · source[i] added to its slice index[i].

    ∂input = g,   ∂source[i] = alpha · g[index[i]]
    """
    at = wrap_dim(dim, input.ndim)
    if index.dtype not in (np.int64, np.int32):
        raise RuntimeError("index_add(): Expected dtype int32/int64 for index")
    if index.ndim > 1:
        raise IndexError("index_add_(): Index is supposed to be a vector")
    if input.dtype != source.dtype:
        raise RuntimeError("index_add_(): self and source must have the same scalar type")
    count = source.shape[at] if source.ndim > at else 1
    if index.size != count:
        raise RuntimeError(
            f"index_add_(): Number of indices ({index.size}) should be equal to source.size(dim): "
            f"({count}), for dim: {at}"
        )
    if (
        source.ndim > at
        and input.ndim
        and (source.shape[:at] + source.shape[at + 1 :] != input.shape[:at] + input.shape[at + 1 :])
    ):
        raise RuntimeError(
            "source tensor shape must match self tensor shape, excluding the specified dimension. "
            f"Got self.shape = {errors.shape_text(input.shape)} source.shape = "
            f"{errors.shape_text(source.shape)}"
        )
    whole, n = np.atleast_1d(input), input.shape[at] if input.ndim else 1
    if whole.ndim > 1 and index.size and (index.min() < 0 or index.max() >= n):
        bad = int(index[(index < 0) | (index >= n)].reshape(-1)[0])
        raise RuntimeError(f"index {bad} is out of bounds for dimension {at} with size {n}")
    _check_bounds(index, n)
    if isinstance(alpha, float) and input.dtype.kind != "f":
        raise RuntimeError(
            "For integral input tensors, argument alpha must not be a floating point number."
        )
    rows = source.reshape(index.size, *whole.shape[1:]) if source.ndim != whole.ndim else source
    flat, shape, source_shape = index.reshape(-1), input.shape, source.shape
    if input.dtype.kind == "f":
        scaled = rows * np.asarray(alpha, input.dtype)
        out = whole + add_along(scaled, flat, at, n)
    else:
        out = whole.copy()
        np.add.at(out, _along(at, flat), rows * np.asarray(alpha).astype(input.dtype))

    def vjp(g: Array) -> Any:
        back = np.atleast_1d(g).take(flat, at) * np.asarray(alpha, g.dtype)
        return g, None, back.reshape(source_shape)

    return out.reshape(shape), vjp


@op
def index_copy(input: Array, dim: int, index: Array, source: Array):
    """A copy of `input` with source[i] as its slice index[i].

    ∂input = g, zero in those slices;   ∂source[i] = g[index[i]]
    """
    at = wrap_dim(dim, input.ndim)
    if index.ndim > 1:
        raise IndexError(f"index_copy_(): Index should have dimension 1 or 0 (got {index.ndim})")
    _check_source("index_copy", input, at, index, source)
    if index.dtype not in (np.int64,):
        raise RuntimeError(
            "index_copy_(): Expected a long tensor for index, but got "
            + dtypes.from_numpy(index.dtype).title
        )
    whole = np.atleast_1d(input)
    if source.ndim and input.ndim:
        _check_slices("index_copy_", input, at, source)
    n = whole.shape[at]
    if index.size and (index.min() < 0 or index.max() >= n):
        bad = int(index[(index < 0) | (index >= n)].reshape(-1)[0])
        raise IndexError(
            f"index_copy_(): index {bad} is out of bounds for dimension {at} with size {n}"
        )
    place, shape, source_shape = _along(at, index.reshape(-1)), input.shape, source.shape
    out = whole.copy()
    out[place] = source if source.ndim == whole.ndim else source.reshape(-1)

    def vjp(g: Array) -> Any:
        d = np.atleast_1d(g).copy()
        back = d[place].reshape(source_shape)
        d[place] = 0
        return d.reshape(shape), None, back

    return out.reshape(shape), vjp


def _fill_name(input: Any, dim: Any, index: Any, value: Any) -> str:
    return f"IndexFillBackward{int(isinstance(value, np.ndarray))}"


@op(name=_fill_name)
def index_fill(input: Array, dim: int, index: Array, value: Operand):
    """A copy of `input` with a number (or 0-d tensor) in all slices that `index` names.

    ∂input = g, zero in those slices;   ∂value = Σ g in those slices
    """
    at = wrap_dim(dim, input.ndim)
    if isinstance(value, np.ndarray):
        if value.ndim:
            raise RuntimeError(
                "index_fill_ only supports a 0-dimensional value tensor, but got tensor with "
                f"{value.ndim} dimension(s)."
            )
        value = value.item()
    if index.dtype != np.int64:
        raise IndexError("index_fill_(): Expected dtype int64 for index.")
    if index.ndim > 1:
        raise RuntimeError("index_fill_(): Index is supposed to be a vector")
    whole = np.atleast_1d(input)
    n = whole.shape[at]
    if index.size and (index.min() < -n or index.max() >= n):
        bad = int(index[(index < -n) | (index >= n)].reshape(-1)[0])
        raise IndexError(f"index {bad} is out of bounds for dimension {at} with size {n}")
    place, shape = _along(at, index.reshape(-1)), input.shape
    once = _along(at, np.unique(index % max(n, 1)))  # a slice that is named twice is one slice
    out = whole.copy()
    out[place] = number_array(value, input.dtype)

    def vjp(g: Array) -> Any:
        d = np.atleast_1d(g).copy()
        back = d[once].sum()
        d[place] = 0
        return d.reshape(shape), None, back

    return out.reshape(shape), vjp


@op(name="IndexReduce")
def index_reduce(
    input: Array, dim: int, index: Array, source: Array, reduce: str, *, include_self: bool = True
):
    """Slice index[i] of the result is the prod, mean, amax or amin of all source[i] for it.

    Args:
        include_self  input's own slice takes part (default True)
    """
    if reduce not in ("prod", "mean", "amax", "amin"):
        raise RuntimeError(
            "index_reduce(): Expected reduce to be one of prod, mean, amax or amin but got "
            f"{reduce}."
        )
    at = wrap_dim(dim, input.ndim)
    _check_vector("index_reduce", index)
    if input.dtype != source.dtype:
        raise RuntimeError("index_reduce(): self and source must have the same scalar type")
    whole = np.atleast_1d(input)
    rows = source if source.ndim == whole.ndim else source.reshape(-1)
    if rows.shape[at] != index.size:
        raise RuntimeError(
            f"index_reduce(): Number of indices ({index.size}) should be equal to "
            f"source.size(dim) ({rows.shape[at]})"
        )
    _check_bounds(index, whole.shape[at])
    cells = np.arange(whole.size).reshape(whole.shape).take(index.reshape(-1), at)
    out, vjp_flat = reduce_elements(
        whole, cells.reshape(-1), rows.reshape(-1), reduce, include_self
    )
    shape, source_shape = input.shape, source.shape

    def vjp(g: Array) -> Any:
        d, d_source = vjp_flat(g)
        return d.reshape(shape), None, d_source.reshape(source_shape)

    return out.reshape(shape), vjp
