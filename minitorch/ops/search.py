"""Sets and bins: unique, bincount, histc, searchsorted, isin. Nothing here has a gradient."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .. import dtypes
from ..autograd.rule import Array, Operand, op
from .dims import wrap_dim
from .operands import (
    check_integer,
    check_not_bool,
    dtype_title,
    not_differentiable,
    not_implemented,
)

# -- unique ---------------------------------------------------------------------------------------


def _chosen(out: Any, inverse: Any, counts: Any, want_inverse: bool, want_counts: bool) -> Any:
    results = [out]
    if want_inverse:
        results.append(inverse)
    if want_counts:
        results.append(counts)
    return (tuple(results) if len(results) > 1 else out), not_differentiable("unique")


def _unique_name(*_: Any, dim: Any = None, **__: Any) -> str:
    return "Unique2Backward0" if dim is None else "UniqueDimBackward0"


@op(name=_unique_name)
def unique(
    input: Array, sorted: bool = True, return_inverse: bool = False, return_counts: bool = False,
    dim: int | None = None,
) -> Any:  # fmt: skip
    """The different elements, or slices along `dim`, in order.

    Returns: the elements; with return_inverse also where each input element is among them, with
    return_counts also how often each occurs. Every NaN is an element of its own.

    >>> import minitorch as torch
    >>> torch.unique(torch.tensor([3, 1, 3]), return_counts=True)
    (tensor([1, 3]), tensor([1, 2]))
    """
    axis = None if dim is None else wrap_dim(dim, input.ndim)
    if axis is not None and input.size == 0:
        _check_empty(input, axis)
    out, inverse, counts = np.unique(
        input, return_inverse=True, return_counts=True, axis=axis, equal_nan=False
    )
    inverse = inverse.reshape(input.shape if axis is None else -1)
    return _chosen(out, inverse, counts, return_inverse, return_counts)


def _check_empty(input: Any, axis: int) -> None:
    if input.shape[axis] == 0 and input.shape.count(0) == 1:
        return
    raise RuntimeError(
        "There are 0 sized dimensions, and they aren't selected, so unique cannot be applied"
    )


@op
def unique_consecutive(
    input: Array, return_inverse: bool = False, return_counts: bool = False, dim: int | None = None
) -> Any:
    """The elements (or slices along `dim`) without repetitions of the one before.

    >>> import minitorch as torch
    >>> torch.unique_consecutive(torch.tensor([1, 1, 2, 1]))
    tensor([1, 2, 1])
    """
    axis = 0 if dim is None else wrap_dim(dim, input.ndim)
    rows = input.reshape(-1, 1) if dim is None else np.moveaxis(np.atleast_1d(input), axis, 0)
    flat = rows.reshape(len(rows), -1) if rows.size else np.zeros((len(rows), 1))
    new = np.ones(len(flat), bool)
    new[1:] = (flat[1:] != flat[:-1]).any(1)
    starts = np.flatnonzero(new)
    out = input.reshape(-1)[starts] if dim is None else np.take(np.atleast_1d(input), starts, axis)
    inverse = np.cumsum(new) - 1
    counts = np.diff(np.append(starts, len(flat)))
    if dim is None:
        inverse = inverse.reshape(input.shape)
    return _chosen(out, inverse, counts, return_inverse, return_counts)


# -- counting -------------------------------------------------------------------------------------


@op
def bincount(input: Array, weights: Array = None, minlength: int = 0) -> Any:
    """How often each of 0, 1, 2, … occurs, or the sum of its weights.

    outₖ = Σ weightsᵢ over inputᵢ = k                          (1)

    >>> import minitorch as torch
    >>> torch.bincount(torch.tensor([0, 1, 1, 3]))
    tensor([1, 2, 0, 1])
    """
    check_integer("bincount_cpu", input)
    check_not_bool("bincount_cpu", input)
    if minlength < 0:
        raise RuntimeError(f"minlength should be >= 0, but got {minlength}")
    if input.ndim != 1 or (input < 0).any():
        raise RuntimeError("bincount only supports 1-d non-negative integral inputs.")
    if weights is not None and weights.shape != input.shape:
        raise RuntimeError("weights should be 1-d and have the same length as input")
    out = np.bincount(input, weights, minlength)  # (1)
    if weights is None:
        return out, None
    if weights.dtype == np.float32:
        out = out.astype(np.float32)
    return out, not_differentiable("bincount")


@op
def histc(input: Array, bins: int = 100, min: float = 0, max: float = 0) -> Any:
    """How many elements fall into each of `bins` equal bins from min to max.

    Elements outside are not counted; the last bin holds its right edge. min = max means the
    smallest and the largest element.
    """
    if input.dtype.kind != "f":
        raise not_implemented("histogram_cpu", input)
    if bins <= 0:
        raise RuntimeError(f"torch.histc(): bins must be > 0, but got {bins}")
    low, high = float(min), float(max)
    if low == high and input.size:
        low, high = float(input.min()), float(input.max())
    if low == high:
        low, high = low - 1, high + 1
    if not (math.isfinite(low) and math.isfinite(high)):
        raise RuntimeError(f"torch.histc: range of [{low:g}, {high:g}] is not finite")
    if low > high:
        raise RuntimeError("torch.histc: max must be larger than min")
    x = input.reshape(-1)
    x = x[(x >= low) & (x <= high)]
    number = input.dtype.type
    bin_of = (x - number(low)) * number(bins) / number(high - low)
    place = np.minimum(bin_of.astype(np.int64), bins - 1)
    return np.bincount(place, minlength=bins).astype(input.dtype), None


# -- where in an order ----------------------------------------------------------------------------


def _check_search(sorted_sequence: Any, right: bool, side: Any, sorter: Any) -> bool:
    """Checks; returns whether to search from the right."""
    if side is not None and side not in ("left", "right"):
        raise RuntimeError(
            f"torch.searchsorted(): side can only be 'left' or 'right' but got {side}"
        )
    if side == "left" and right:
        raise RuntimeError(
            "torch.searchsorted(): side and right can't be set to opposites, got side of left "
            "while right was True"
        )
    if sorter is not None:
        if sorter.shape != sorted_sequence.shape:
            raise RuntimeError(
                "torch.searchsorted(): boundary and sorter must have the same size, but got "
                f"boundary tensor {list(sorted_sequence.shape)} and got sorter tensor "
                f"{list(sorter.shape)}"
            )
        if sorter.dtype != np.int64:
            raise RuntimeError(
                "torch.searchsorted(): sorter must be a tensor of long dtype but got dtype "
                + dtype_title(sorter)
            )
        if sorter.size and not 0 <= sorter.min() <= sorter.max() < sorted_sequence.shape[-1]:
            raise RuntimeError("torch.searchsorted(): sorter index out of range")
    return right or side == "right"


def searchsorted(
    sorted_sequence: Any, input: Any, *, out_int32: bool = False, right: bool = False,
    side: str | None = None, sorter: Any = None, out: Any = None,
) -> Any:  # fmt: skip
    """Where each value would have to be inserted to keep the sequence sorted.

    seq[i−1] < v ≤ seq[i]   (right: seq[i−1] ≤ v < seq[i])     (1)

    A sequence with several dims is searched row by row, by the same row of values.

    >>> import minitorch as torch
    >>> torch.searchsorted(torch.tensor([1, 3, 5]), torch.tensor([3, 6]))
    tensor([1, 3])
    """
    extra = {} if out is None else {"out": out}
    return _searchsorted(sorted_sequence, input, sorter, out_int32, right, side, **extra)  # (1)


@op(name="Searchsorted")
def _searchsorted(
    sorted_sequence: Array, input: Operand, sorter: Array = None, out_int32: bool = False,
    right: bool = False, side: str | None = None,
) -> Any:  # fmt: skip
    where = _check_search(sorted_sequence, right, side, sorter)
    if sorted_sequence.ndim == 0:
        raise RuntimeError("torch.searchsorted(): input value can not be a scalar sequence")
    seq = sorted_sequence
    if sorter is not None:
        seq = np.take_along_axis(seq, sorter, -1)
    kind: Any = "right" if where else "left"
    if not isinstance(input, np.ndarray):
        if seq.ndim != 1:
            raise RuntimeError(
                "torch.searchsorted(): input value can be a scalar only when boundaries tensor "
                f"dimension is 1, but we got boundaries tensor dim({seq.ndim})"
            )
        input = np.asarray(input)
    if seq.ndim == 1:
        found: Any = np.searchsorted(seq, input, kind)
    else:
        if seq.shape[:-1] != input.shape[:-1]:
            raise RuntimeError(
                "torch.searchsorted(): boundaries tensor should be 1 dimension or the first N-1 "
                "dimensions of boundaries tensor and input value tensor must match, but we got "
                f"boundaries tensor {list(seq.shape)} and input value tensor {list(input.shape)}"
            )
        found = np.empty(input.shape, np.int64)
        for row in np.ndindex(seq.shape[:-1]):
            found[row] = np.searchsorted(seq[row], input[row], kind)
    return np.asarray(found, np.int32 if out_int32 else np.int64), None


@op
def bucketize(
    input: Operand, boundaries: Array, *, out_int32: bool = False, right: bool = False
) -> Any:
    """The bin of each value between sorted boundaries: `searchsorted`, values first.

    boundaries[i−1] < v ≤ boundaries[i]   (right: ≤ v <)       (1)
    """
    if boundaries.ndim != 1:
        raise RuntimeError(
            f"bucketize: boundaries tensor must be 1 dimension, but got dim({boundaries.ndim})"
        )
    kind: Any = "right" if right else "left"
    found = np.searchsorted(boundaries, input, kind)  # (1)
    return np.asarray(found, np.int32 if out_int32 else np.int64), None


@op
def isin(
    elements: Operand, test_elements: Operand, *, assume_unique: bool = False, invert: bool = False
) -> Any:
    """Whether each element is among the test elements (invert: is not)."""
    meeting = dtypes.result_dtype((elements, test_elements))
    a, b = np.asarray(elements).astype(meeting), np.asarray(test_elements).astype(meeting)
    return np.isin(a, b, assume_unique=assume_unique, invert=invert), None
