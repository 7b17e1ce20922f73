"""Order: sort, argsort, topk, kthvalue, and quantiles.

Sorting moves numbers without changing them, so the gradient of each result goes back to the
place its number came from. NaN counts as the largest number. All sorts here are stable.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from .. import return_types
from ..autograd.graph import wrap
from ..autograd.rule import Array, Operand, op
from .along import as_rows, pick, place, single_dim
from .dims import wrap_dim
from .operands import check_not_bool
from .overlap import separate_out


def order_of(x: np.ndarray, axis: int, descending: bool = False) -> np.ndarray:
    """The stable order: x taken along it is sorted, and equal elements keep their order."""
    if not descending:
        return np.argsort(x, axis, kind="stable")
    # sorting the mirrored row and mirroring the result keeps equal elements in order
    mirrored = np.argsort(np.flip(x, axis), axis, kind="stable")
    return x.shape[axis] - 1 - np.flip(mirrored, axis)


def _sort_name(*_: Any, stable: Any = None, **__: Any) -> str:
    return "SortBackward0" if stable is None else "SortBackward1"


@op(returns=return_types.sort, name=_sort_name)
def sort(input: Array, dim: int = -1, descending: bool = False, stable: bool = False) -> Any:
    """Sort along one dim; returns (values, indices).

    valuesᵢ = input[indicesᵢ],  values₀ ≤ values₁ ≤ …          (1)
    ∂input[indicesᵢ] = gᵢ                                      (2)

    Args: descending  largest first (default False)
          stable      equal elements keep their order; here they always do

    >>> import minitorch as torch
    >>> torch.sort(torch.tensor([3, 1, 2]), descending=True).values
    tensor([3, 2, 1])
    """
    axis, x = wrap_dim(dim, input.ndim), as_rows(input)
    order = order_of(x, axis, descending)
    values = np.take_along_axis(x, order, axis).reshape(input.shape)  # (1)
    return (values, order.reshape(input.shape)), place(input.shape, axis, order)  # (2)


@op
def argsort(input: Array, dim: int = -1, descending: bool = False, stable: bool = False) -> Any:
    """The indices that sort along one dim.

    >>> import minitorch as torch
    >>> torch.argsort(torch.tensor([3, 1, 2]))
    tensor([1, 2, 0])
    """
    axis = wrap_dim(dim, input.ndim)
    return order_of(as_rows(input), axis, descending).reshape(input.shape), None


def msort(input: Any, *, out: Any = None) -> Any:
    """Sort along the first dim, smallest first: the values alone."""
    if out is None:
        return sort(input, 0)[0]
    return sort(input, 0, out=(out, wrap(np.empty(0, np.int64))))[0]


@op(returns=return_types.topk)
def topk(input: Array, k: int, dim: int = -1, largest: bool = True, sorted: bool = True) -> Any:
    """The k largest (or smallest) elements along one dim; returns (values, indices).

    valuesᵢ = input[indicesᵢ],  i < k                          (1)
    ∂input[indicesᵢ] = gᵢ                                      (2)

    Args: largest  False for the smallest (default True); sorted   in order (default; here always)
    Raises: RuntimeError when k is more than there are.

    >>> import minitorch as torch
    >>> torch.topk(torch.tensor([1., 5., 3.]), 2)
    torch.return_types.topk(
    values=tensor([5., 3.]),
    indices=tensor([1, 2]))
    """
    axis, x = wrap_dim(dim, input.ndim), as_rows(input)
    if input.dtype == bool:
        raise RuntimeError("topk does not support bool dtypes on CPU")
    n = x.shape[axis]
    if not 0 <= k <= n or (input.ndim == 0 and k > 1):
        raise RuntimeError(f"selected index k out of range: k={k} for {n} elements in dim {dim}")
    order = np.take(order_of(x, axis, largest), np.arange(k), axis)
    shape = input.shape if input.ndim == 0 else order.shape
    values = np.take_along_axis(x, order, axis).reshape(shape)  # (1)
    return (values, order.reshape(shape)), place(input.shape, axis, order)  # (2)


@partial(separate_out, same_dtype=False)
@op(returns=return_types.kthvalue)
def kthvalue(input: Array, k: int, dim: int = -1, keepdim: bool = False) -> Any:
    """The k-th smallest element along one dim, counted from 1; returns (values, indices).

    Raises: RuntimeError when k is not in 1 … the dim's length.
    """
    axis, x = single_dim("kthvalue", input, dim, keepdim), as_rows(input)
    if not 1 <= k <= x.shape[axis]:
        raise RuntimeError(f"kthvalue(): selected number k out of range for dimension {axis}")
    check_not_bool("kthvalue_cpu", input)
    index = np.take(order_of(x, axis), [k - 1], axis)
    return pick(input, index, axis, keepdim), place(input.shape, axis, index)


# -- quantiles ------------------------------------------------------------------------------------

_INTERPOLATIONS = ("linear", "lower", "higher", "midpoint", "nearest")


def _checked_q(input: Any, q: Any, interpolation: str, name: str) -> np.ndarray:
    """q as an array, after PyTorch's checks of all arguments."""
    if input.dtype not in (np.float32, np.float64):
        raise RuntimeError(f"{name}() input tensor must be either float or double dtype")
    if not isinstance(q, np.ndarray):
        if not 0 <= q <= 1:
            raise RuntimeError(f"quantile() q must be in the range [0, 1] but got {q:g}")
        q = np.asarray(q, input.dtype)
    if q.ndim > 1:
        raise RuntimeError(f"{name}() q must be a scalar or 1D tensor")
    if q.dtype != input.dtype:
        raise RuntimeError(f"{name}() q tensor must be same dtype as the input tensor")
    if interpolation not in _INTERPOLATIONS:
        raise RuntimeError(
            f"{name}() interpolation must be one of linear, lower, higher, midpoint or nearest, "
            f"but got {interpolation}"
        )
    if ((q < 0) | (q > 1)).any():
        raise RuntimeError(f"{name}() q values must be in the range [0, 1]")
    if input.size == 0:
        raise RuntimeError(f"{name}() input tensor must be non-empty")
    return q


@op(name="SqueezeBackward4")
def _quantile(
    input: Array,
    q: Operand,
    dim: Any,
    keepdim: bool,
    interpolation: str,
    skip_nan: bool,
    *,
    need: Any,
) -> Any:
    """position r = q·(n − 1);  out = (1 − w)·x₍⌊r⌋₎ + w·x₍⌈r⌉₎,  w = r − ⌊r⌋              (1)

    ∂x of the two ranks = g·(1 − w) and g·w                                                  (2)
    ∂q = Σ g·(n − 1)·(x₍⌈r⌉₎ − x₍⌊r⌋₎), linear only                                          (3)
    """
    q = _checked_q(input, q, interpolation, "nanquantile" if skip_nan else "quantile")
    x = input.reshape(-1) if dim is None else as_rows(input)
    axis = 0 if dim is None else wrap_dim(dim, input.ndim)
    x = np.moveaxis(x, axis, -1)
    order = order_of(x, -1)
    ranked = np.take_along_axis(x, order, -1)
    numbers = np.add.reduce(~np.isnan(x), axis=-1, keepdims=True, dtype=np.int64)
    n = x.shape[-1]
    last = np.maximum(numbers - 1, 0) if skip_nan else np.full_like(numbers, n - 1)
    rank = np.atleast_1d(q) * last.astype(q.dtype)  # (…, number of q)
    if not skip_nan:
        rank = np.where(numbers < n, q.dtype.type(n - 1), rank)  # where NaN stands
    if interpolation == "lower":
        rank = np.floor(rank)
    elif interpolation == "higher":
        rank = np.ceil(rank)
    elif interpolation == "nearest":
        rank = np.rint(rank)
    below, above = np.floor(rank).astype(np.int64), np.ceil(rank).astype(np.int64)
    low, high = np.take_along_axis(ranked, below, -1), np.take_along_axis(ranked, above, -1)
    weight = np.full_like(rank, 0.5) if interpolation == "midpoint" else rank - np.floor(rank)
    # from the nearer rank, so that equal neighbours and whole ranks come out exact
    way = high - low
    out = np.where(weight < 0.5, low + weight * way, high - way * (1 - weight))  # (1)
    out = np.where(above == below, low, out)
    kept = out.shape[:-1]
    out = np.moveaxis(out, -1, 0)  # (number of q, …)
    if keepdim:
        whole = [1] * input.ndim
        if dim is not None:
            whole = [1 if i == axis else m for i, m in enumerate(input.shape)]
        out = out.reshape(len(out), *whole)
    if q.ndim == 0:
        out = out[0]

    def vjp(g: Any) -> Any:
        g = np.moveaxis(g.reshape(rank.shape[-1], *kept), 0, -1)
        d = np.zeros((*kept, n), g.dtype)
        for j in range(rank.shape[-1]):  # ranks of one q are distinct, those of two may meet
            for at, part in ((below, 1 - weight), (above, weight)):
                where = np.take_along_axis(order, at[..., j : j + 1], -1)
                share = (g * part)[..., j : j + 1]
                have = np.take_along_axis(d, where, -1)
                np.put_along_axis(d, where, have + share, -1)
        dq = None
        if need[1] and interpolation == "linear":
            rows = tuple(range(len(kept)))
            dq = (g * way * last.astype(g.dtype)).sum(rows).reshape(q.shape)  # (3)
        return np.moveaxis(d, -1, axis).reshape(input.shape), dq  # (2)

    return np.array(out), vjp


def _quantile_of(skip_nan: bool, input: Any, q: Any, dim: Any, keepdim: Any, interpolation: str,
                 out: Any) -> Any:  # fmt: skip
    extra = {} if out is None else {"out": out}
    return _quantile(input, q, dim, keepdim, interpolation, skip_nan, **extra)


def quantile(
    input: Any, q: Any, dim: Any = None, keepdim: bool = False, *,
    interpolation: str = "linear", out: Any = None,
) -> Any:  # fmt: skip
    """The value below which a share q of the elements lies; NaN where there is a NaN.

    out = element number q·(n − 1) of the sorted elements, interpolated between neighbours   (1)

    Args: q   in [0, 1], a number or a 1-d tensor (whose dim comes first in the result)
          interpolation   'linear' (default), 'lower', 'higher', 'midpoint' or 'nearest'

    >>> import minitorch as torch
    >>> torch.quantile(torch.tensor([1., 2., 3., 4.]), 0.5)
    tensor(2.5000)
    """
    return _quantile_of(False, input, q, dim, keepdim, interpolation, out)  # (1)


def nanquantile(
    input: Any, q: Any, dim: Any = None, keepdim: bool = False, *,
    interpolation: str = "linear", out: Any = None,
) -> Any:  # fmt: skip
    """`quantile` of the elements that are not NaN."""
    return _quantile_of(True, input, q, dim, keepdim, interpolation, out)
