"""Rows of a table by number, summed bag by bag: `embedding` and a reduction in one."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import dtypes, errors
from ..autograd.grad_mode import switch
from ..autograd.graph import TensorBase, needs_grad
from ..autograd.rule import Array, op
from .accumulate import add_elements, add_rows
from .embedding import shorten
from .shape import reshape

_MODES = ("sum", "mean", "max")


@op(name="EmbeddingBag")
def _bag(
    input: Array,
    weight: Array,
    per_sample_weights: Array = None,
    starts: Any = None,
    mode: str = "mean",
    scale_grad_by_freq: bool = False,
    padding_idx: int = -1,
    *,
    need: Any = (),
):
    bags, (rows, width) = len(starts) - 1, weight.shape
    bag = np.repeat(np.arange(bags), np.diff(starts))
    ids, factor = input[starts[0] : starts[-1]], per_sample_weights
    counts = np.bincount(ids, minlength=rows)
    kept = ids != padding_idx
    ids, bag = ids[kept], bag[kept]
    factor = None if factor is None else factor[starts[0] : starts[-1]][kept]
    wide = np.dtype(np.float32) if weight.dtype == np.float16 else weight.dtype
    values = weight[ids].astype(wide, copy=False)
    size = np.maximum(np.bincount(bag, minlength=bags), 1)[:, None].astype(wide)
    if mode == "max":
        out, winner = _largest(values, bag, bags)  # (3)
    else:
        out = add_rows(values if factor is None else values * factor[:, None], bag, bags)  # (1)
        if mode == "mean":
            out = out / size  # (2)
    n, place = len(input), np.flatnonzero(kept) + starts[0]

    def vjp(g):
        g = g.astype(wide, copy=False)
        dweight = dfactor = None
        if need[2]:
            dfactor = np.zeros(n, wide)
            dfactor[place] = (g[bag] * values).sum(1)  # (5)
        if need[1]:
            if mode == "max":
                won = winner >= 0
                at = ids[winner] * width + np.arange(width) if len(ids) else winner
                dweight = add_elements(g[won], at[won], (rows, width))  # (6)
            else:
                each = (g / size if mode == "mean" else g)[bag]
                each = each if factor is None else each * factor[:, None]
                dweight = add_rows(each, ids, rows)  # (4)
            if scale_grad_by_freq:
                dweight /= np.maximum(counts, 1).astype(wide)[:, None]
        return None, dweight, dfactor

    return out.astype(weight.dtype, copy=False), vjp


def _largest(values: Any, bag: Any, bags: int) -> tuple[Any, Any]:
    """The maximum of every bag and the row of `values` it is in (0 and −1 for an empty bag)."""
    out = np.zeros((bags, values.shape[1]), values.dtype)
    winner = np.full(out.shape, -1, np.int64)
    full, first = np.unique(bag, return_index=True)
    if len(full):
        out[full] = np.maximum.reduceat(values, first, axis=0)
        number = np.where(values == out[bag], np.arange(len(values))[:, None], len(values))
        winner[full] = np.minimum.reduceat(number, first, axis=0)  # the first of several
    return out, winner


def embedding_bag(
    input: Any, weight: Any, offsets: Any = None, max_norm: float | None = None,
    norm_type: float = 2, scale_grad_by_freq: bool = False, mode: str = "mean",
    sparse: bool = False, per_sample_weights: Any = None, include_last_offset: bool = False,
    padding_idx: int | None = None,
) -> Any:  # fmt: skip
    """Rows of `weight`, added up (or averaged, or the largest taken) in each bag of numbers.

    sum      out[b] = Σ f[i]·weight[input[i]]  over all i in bag b        (f = 1 if not given) (1)
    mean     that sum (without f) divided by the size of the bag                               (2)
    max      out[b, e] = max weight[input[i], e]                                               (3)
    ∂weight[r] = Σ f[i]·g[b_i]  over all i with input[i] = r;   divided as in (2)              (4)
    ∂f[i] = g[b_i]·weight[input[i]]                                                            (5)
    max: g[b, e] goes to the row that has the maximum                                          (6)

    Shape: input (B, n) of ints: B bags of n; or input (N) and offsets (B): bag b is
        input[offsets[b] : offsets[b + 1]]; weight (V, E) → (B, E).

    Args:
        max_norm, norm_type  rows that are looked up are first shortened, in place, to this norm
        scale_grad_by_freq   divide each row's gradient by how often it was looked up
        mode                 'mean' (default), 'sum' or 'max'
        sparse               must be False where weight requires grad: gradients are dense here
        per_sample_weights   f, shaped like input; for 'sum' only (default None)
        include_last_offset  offsets has one more: the end of the last bag (default False)
        padding_idx          this row counts in no bag and gets no gradient (default None)

    Raises: ValueError for shapes, modes or options that do not fit; RuntimeError for numbers
        outside [0, V) or offsets outside the input.

    >>> table = torch.arange(8.0).reshape(4, 2)
    >>> torch.nn.functional.embedding_bag(torch.tensor([1, 3, 2]), table, torch.tensor([0, 2]))
    tensor([[4., 5.],
            [4., 5.]])
    """
    for position, (name, t) in enumerate((("input", input), ("weight", weight)), 1):
        if not isinstance(t, TensorBase):
            raise errors.not_a_tensor("embedding_bag", name, position, t)
    ids, table, factor = input._data, weight._data, per_sample_weights
    if factor is not None and factor._data.shape != ids.shape:
        raise ValueError(
            "embedding_bag: If per_sample_weights is not None, then it must have the same shape as "
            f"the input, but got {errors.shape_text(factor._data.shape)} and "
            f"{errors.shape_text(ids.shape)}"
        )
    if table.ndim != 2:
        raise ValueError(f"weight has to be a 2D Tensor, but got Tensor of dimension {table.ndim}")
    starts = _starts(ids, offsets, include_last_offset)
    _check(table, mode, scale_grad_by_freq, sparse, factor)
    for what, a in (("indices", ids), ("offsets", starts)):
        if a.dtype not in (np.int64, np.int32):
            raise RuntimeError(
                f"Expected tensor for argument #1 '{what}' to have one of the following scalar "
                f"types: Long, Int; but got torch.{dtypes.from_numpy(a.dtype).title}Tensor instead "
                "(while checking arguments for embedding_bag)"
            )
    if sparse and switch.enabled and needs_grad(weight):
        raise NotImplementedError("sparse=True is not supported: gradients are dense here")
    rows = len(table)
    bad = ids[(ids < 0) | (ids >= rows)]
    if bad.size:
        raise RuntimeError(
            f"input has an index {bad[0]} which is not in the valid range [0, {rows})"
        )
    if starts.size and (starts[0] != 0 or starts[-1] > ids.size or (np.diff(starts) < 0).any()):
        raise RuntimeError(
            "offsets[0] has to be 0, and the offsets must not fall nor exceed the number of "
            f"indices, {ids.size}, but got {starts.tolist()}"
        )
    if padding_idx is not None:
        if not -rows <= padding_idx < rows:
            raise RuntimeError(
                f"padding_idx must be within the number of embeddings, -{rows} through "
                f"{rows - 1}, but got {padding_idx}"
            )
        padding_idx %= rows
    if max_norm is not None:
        shorten(weight, ids, float(max_norm), float(norm_type))
    if factor is not None:
        factor = reshape(factor, (-1,))
    padding = -1 if padding_idx is None else padding_idx
    return _bag(reshape(input, (-1,)), weight, factor, starts, mode, scale_grad_by_freq, padding)


def _starts(ids: Any, offsets: Any, has_last: bool) -> Any:
    """Where each bag begins in the flattened input, and where the last one ends."""
    if ids.ndim == 2:
        if offsets is not None:
            raise ValueError(
                "if input is 2D, then offsets has to be None, as input is treated is a mini-batch "
                f"of fixed length sequences. However, found offsets of type {type(offsets)}"
            )
        return np.arange(len(ids) + 1) * ids.shape[1]
    if ids.ndim != 1:
        raise ValueError(f"input has to be 1D or 2D Tensor, but got Tensor of dimension {ids.ndim}")
    if not isinstance(offsets, TensorBase):
        raise ValueError(f"offsets has to be a 1D Tensor but got {type(offsets).__name__}")
    if offsets._data.ndim != 1:
        raise ValueError("offsets has to be a 1D Tensor")
    starts = offsets._data
    return starts if has_last else np.append(starts, np.array(ids.size, starts.dtype))


def _check(table: Any, mode: str, by_frequency: bool, sparse: bool, factor: Any) -> None:
    if mode not in _MODES:
        raise ValueError("mode has to be one of sum, mean or max")
    if mode == "max" and by_frequency:
        raise ValueError("max mode does not support scaling the gradient by the frequency")
    if mode == "max" and sparse:
        raise ValueError("max mode does not support sparse weights")
    if factor is not None and mode != "sum":
        raise NotImplementedError(
            "embedding_bag: per_sample_weights was not None. per_sample_weights is only supported "
            f"for mode='sum' (got mode='{mode}')."
        )
    if factor is not None and factor._data.dtype != table.dtype:
        raise RuntimeError(
            "Expected per_sample_weights to have the same type as weight, but got "
            f"{factor._data.dtype.name} and {table.dtype.name}"
        )
