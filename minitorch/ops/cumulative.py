"""Running results along one dim: cumsum, cumprod, cummax, cummin, logcumsumexp; and differences.

Element k of the result depends on elements 0 … k of the input, so the gradient of element i
collects from k = i … end: the derivative of a running sum is a running sum from the other end.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import dtypes, return_types
from ..autograd.rule import Array, op
from .accumulate import add_elements, element_places
from .along import as_rows
from .dims import wrap_dim
from .operands import not_implemented
from .reduce import accumulator


def _from_the_end(g: Any, axis: int) -> Any:
    """Σ gₖ over k ≥ i."""
    return np.flip(np.add.accumulate(np.flip(g, axis), axis), axis)


def _prepared(input: Any, dim: Any, dtype: Any) -> Any:
    axis = wrap_dim(dim, input.ndim)
    x = input if dtype is None else input.astype(dtypes.to_numpy(dtype), copy=False)
    return as_rows(x), axis, x.dtype if dtype is not None or x.dtype.kind == "f" else dtypes.INT64


@op
def cumsum(input: Array, dim: int, *, dtype: Any = None) -> Any:
    """The running sum along one dim.

    outₖ = Σ inputᵢ over i ≤ k                         (1)
    ∂inputᵢ = Σ gₖ over k ≥ i                          (2)

    >>> import minitorch as torch
    >>> torch.cumsum(torch.tensor([1, 2, 3]), 0)
    tensor([1, 3, 6])
    """
    x, axis, wanted = _prepared(input, dim, dtype)
    shape = input.shape
    out = np.add.accumulate(x, axis, accumulator(x)).astype(wanted, copy=False)  # (1)
    return out.reshape(shape), lambda g: _from_the_end(as_rows(g), axis).reshape(shape)  # (2)


def _cumprod_gradient(g: Any, x: Any, out: Any, axis: int) -> Any:
    """Where nothing is 0, the sum of gₖ·outₖ over k ≥ i, divided by xᵢ.

    A zero makes all later products 0: elements after the first zero get nothing, and the zero
    itself gets what it would get if it were 1.
    """
    zero = x == 0
    d = _from_the_end(g * out, axis) / np.where(zero, 1, x)
    if not zero.any():
        return d
    order = np.cumsum(zero, axis)
    first = zero & (order == 1)
    mended = np.cumprod(np.where(first, 1, x), axis)
    at_zero = _from_the_end(np.where(order > 0, g * mended, 0), axis)
    return np.where(first, at_zero, np.where(order > 0, 0, d))


@op
def cumprod(input: Array, dim: int, *, dtype: Any = None) -> Any:
    """The running product along one dim.

    outₖ = Π inputᵢ over i ≤ k                         (1)
    ∂inputᵢ = Σ gₖ·outₖ/inputᵢ over k ≥ i              (2)
    """
    x, axis, wanted = _prepared(input, dim, dtype)
    shape = input.shape
    out = np.multiply.accumulate(x, axis, accumulator(x)).astype(wanted, copy=False)  # (1)

    def vjp(g: Any) -> Any:
        return _cumprod_gradient(as_rows(g), x, out, axis).reshape(shape)  # (2)

    return out.reshape(shape), vjp


@op
def logcumsumexp(input: Array, dim: int) -> Any:
    """The logarithm of the running sum of exponentials.

    outₖ = ln Σ e^(inputᵢ) over i ≤ k                  (1)
    ∂inputᵢ = Σ gₖ·e^(inputᵢ − outₖ) over k ≥ i        (2)

    Numerics: the gradient is summed in logarithms, its positive and negative parts apart.
    """
    if input.dtype.kind != "f":
        raise not_implemented("logcumsumexp_out_cpu", input)
    axis, shape, x = wrap_dim(dim, input.ndim), input.shape, as_rows(input)
    out = np.logaddexp.accumulate(x, axis) if x.size else x.copy()  # (1)

    def part(g: Any) -> Any:  # Σ gₖ·e^(xᵢ − outₖ) for g ≥ 0
        logs = np.flip(np.log(g) - out, axis)
        return np.exp(np.flip(np.logaddexp.accumulate(logs, axis), axis) + x)

    def vjp(g: Any) -> Any:
        if not x.size:
            return np.zeros_like(x)
        g = as_rows(g)
        return (part(np.maximum(g, 0)) - part(np.maximum(-g, 0))).reshape(shape)  # (2)

    return out.reshape(shape), vjp


# -- running extremes -----------------------------------------------------------------------------


def _running(ufunc: Any, input: Any, dim: Any) -> Any:
    axis, shape, x = wrap_dim(dim, input.ndim), input.shape, as_rows(input)
    if not x.size:
        return (x.copy(), np.zeros(shape, np.int64)), lambda g, _=None: np.zeros_like(g)
    values = ufunc.accumulate(x, axis)
    line = [1] * x.ndim
    line[axis] = -1
    here = x == values  # a new record, or an equal one: the last place counts
    if x.dtype.kind == "f":
        here = here | np.isnan(x)
    index = np.maximum.accumulate(np.where(here, np.arange(x.shape[axis]).reshape(line), 0), axis)

    def vjp(g: Any, _: Any = None) -> Any:
        at = element_places(index, axis, x.shape)
        return add_elements(as_rows(g), at, x.shape).reshape(shape)

    return (values.reshape(shape), index.reshape(shape)), vjp


@op(returns=return_types.cummax)
def cummax(input: Array, dim: int) -> Any:
    """The largest element so far along one dim, and its (last) place.

    outₖ = max inputᵢ over i ≤ k                       (1)

    >>> import minitorch as torch
    >>> torch.cummax(torch.tensor([1, 3, 2, 4]), 0).values
    tensor([1, 3, 3, 4])
    """
    return _running(np.maximum, input, dim)  # (1)


@op(returns=return_types.cummin)
def cummin(input: Array, dim: int) -> Any:
    """The smallest element so far along one dim, and its (last) place.

    outₖ = min inputᵢ over i ≤ k                       (1)
    """
    return _running(np.minimum, input, dim)  # (1)


# -- differences ----------------------------------------------------------------------------------


def _diff_gradient(g: Any, axis: int, n: int) -> Any:
    """The transpose of n differences: dᵢ = gᵢ₋₁ − gᵢ, with g = 0 beyond the ends; n times."""
    for _ in range(n):
        pad = [(0, 0)] * g.ndim
        pad[axis] = (1, 1)
        g = -np.diff(np.pad(g, pad), axis=axis)
    return g


@op(name="Sub")
def diff(
    input: Array, n: int = 1, dim: int = -1, prepend: Array = None, append: Array = None
) -> Any:
    """The n-th differences of neighbours along one dim.

    outᵢ = inputᵢ₊₁ − inputᵢ                           (1)
    ∂inputᵢ = gᵢ₋₁ − gᵢ                                (2)

    Args: n  how often (default 1); prepend, append   joined to the input's ends first
    Raises: RuntimeError for a 0-d input or a negative n.

    >>> import minitorch as torch
    >>> torch.diff(torch.tensor([1, 4, 9, 16]))
    tensor([3, 5, 7])
    """
    if input.ndim == 0:
        raise RuntimeError("diff expects input to be at least one-dimensional")
    axis = wrap_dim(dim, input.ndim)
    if n < 0:
        raise RuntimeError(f"order must be non-negative but got {n}")
    if n == 0:
        return input.copy(), lambda g: (g, None, None)
    parts = [a for a in (prepend, input, append) if a is not None]
    for a in parts:
        if a.ndim != input.ndim:
            raise RuntimeError(
                "diff expects prepend or append to be the same dimension as input: expected "
                f"{input.ndim}, got {a.ndim}"
            )
        if a.shape[:axis] + a.shape[axis + 1 :] != input.shape[:axis] + input.shape[axis + 1 :]:
            raise RuntimeError(
                "diff expects the shape of tensor to prepend or append to match that of input "
                f"except along the differencing dimension: got {list(a.shape)}, expected "
                f"{list(input.shape)} except dimension {axis}"
            )
    joined = np.concatenate(parts, axis, dtype=_common(parts)) if len(parts) > 1 else input
    times = min(n, joined.shape[axis])
    out = np.diff(joined, times, axis) if times else joined.copy()  # (1)
    cuts = np.cumsum([a.shape[axis] for a in parts])[:-1]
    places = {"prepend": prepend, "input": input, "append": append}

    def vjp(g: Any) -> Any:
        back = iter(np.split(_diff_gradient(g, axis, times), cuts, axis))  # (2)
        d = {name: None if a is None else next(back) for name, a in places.items()}
        return d["input"], d["prepend"], d["append"]

    return out, vjp


def _common(parts: Any) -> Any:
    return dtypes.result_dtype(parts)
