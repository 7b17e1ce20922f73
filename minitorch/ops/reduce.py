"""Reductions that add up: sum, mean, product, variance, counts, logsumexp.

A reduction takes away the dimensions `dim` (one, several, or all when None); keepdim=True leaves
them with length 1. Its derivative sends the gradient back to every element that was reduced.
float16 is accumulated in float32 and rounded once.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from .. import dtypes, errors
from ..autograd.rule import Array, op
from .dims import wrap_dims
from .operands import dtype_title
from .strides import ints

Axes = tuple[int, ...]


def axes_of(function: str, input: Any, dim: Any, keepdim: Any) -> Axes:
    """The dims to reduce, counted from the front."""
    if not isinstance(keepdim, bool):
        raise TypeError(
            f"{function}(): argument 'keepdim' must be bool, not {type(keepdim).__name__}"
        )
    return wrap_dims(dim, input.ndim)


def spread(g: Any, shape: Axes, axes: Axes) -> np.ndarray:
    """Undo a reduction's shape: g repeated along the reduced axes (no copy: it is read only)."""
    if g.ndim != len(shape):
        g = g.reshape([1 if i in axes else n for i, n in enumerate(shape)])
    return np.broadcast_to(g, shape)


def accumulator(input: Any) -> Any:
    """The dtype to add up in: float32 for float16, int64 for integers and bools."""
    dtype = input.dtype
    if dtype.kind == "f":
        return np.dtype(np.float32) if dtype is dtypes.FLOAT16 else dtype
    return dtypes.INT64


def add_up(x: Any, axes: Any, keepdim: Any, dtype: Any) -> Any:
    """Σ over axes in an accumulator dtype."""
    return np.add.reduce(x, axis=axes, dtype=dtype, keepdims=keepdim)


def total(input: Any, axes: Any, keepdim: Any = False) -> Any:
    """Σ over axes, rounded to the input's dtype (int64 for integers) at the end."""
    out = add_up(input, axes, keepdim, accumulator(input))
    return out.astype(input.dtype) if input.dtype is dtypes.FLOAT16 else out


def count(shape: Axes, axes: Axes) -> int:
    """How many elements go into one result."""
    n = 1
    for i in axes:
        n *= shape[i]
    return n


def _dim_name(function: str) -> Any:
    """PyTorch's node names: …Backward0 for the whole tensor, …Backward1 along dims."""

    def name(input: Any, dim: Any = None, *_: Any, **__: Any) -> str:
        return function + ("Backward0" if dim is None else "Backward1")

    return name


def _cast(input: Any, dtype: Any) -> Any:
    return input if dtype is None else input.astype(dtypes.to_numpy(dtype), copy=False)


# -- sums and products ----------------------------------------------------------------------------


@op(name=_dim_name("Sum"))
def sum(input: Array, dim: Any = None, keepdim: bool = False, *, dtype: Any = None) -> Any:
    """Add up along dims.

    out = Σ inputᵢ                                     (1)
    ∂inputᵢ = g                                        (2)

    Args: dim      one or several dims (default: all)
          keepdim  leave the reduced dims with length 1 (default False)
          dtype    convert first (default: the input's; int64 for integers and bools)

    >>> import minitorch as torch
    >>> torch.sum(torch.tensor([[1., 2.], [3., 4.]]), 0)
    tensor([4., 6.])
    """
    axes = axes_of("sum", input, dim, keepdim)
    shape = input.shape
    x = _cast(input, dtype)
    out = total(x, axes, keepdim)  # (1)
    if dtype is not None:
        out = np.asarray(out).astype(x.dtype, copy=False)
    return out, lambda g: spread(g, shape, axes)  # (2)


def sum_to_size(self: Any, *size: Any, **keyword: Any) -> Any:
    """Add up the dims that `expand` to the tensor's shape would have repeated: its transpose.

    >>> torch.ones(2, 3).sum_to_size(1, 3)
    tensor([[2., 2., 2.]])
    """
    wanted = ints("sum_to_size", "size", size, keyword)
    shape = self._data.shape
    extra = len(shape) - len(wanted)
    if extra < 0 or [m for m, n in zip(wanted, shape[extra:]) if m not in (1, n)]:
        raise RuntimeError(
            f"size {{{errors.shape_text(wanted)}}} is not expandable to size "
            f"{{{errors.shape_text(shape)}}}."
        )
    if not wanted:
        return sum(self)
    if wanted == shape:
        return self
    dims = [i for i, n in enumerate(shape) if i < extra or wanted[i - extra] != n]
    return sum(self, dims, True).reshape(wanted)


@op
def nansum(input: Array, dim: Any = None, keepdim: bool = False, *, dtype: Any = None) -> Any:
    """`sum` with NaN counted as 0.

    out = Σ inputᵢ over the inputs that are not NaN    (1)
    ∂inputᵢ = g,  0 where the input is NaN             (2)
    """
    axes = axes_of("nansum", input, dim, keepdim)
    shape, missing = input.shape, np.isnan(input)
    x = _cast(np.where(missing, input.dtype.type(0), input), dtype)
    out = total(x, axes, keepdim)  # (1)
    if dtype is not None:
        out = np.asarray(out).astype(x.dtype, copy=False)
    return out, lambda g: np.where(missing, 0, spread(g, shape, axes))  # (2)


def _float_input(function: str, input: Any, dtype: Any) -> Any:
    wanted = None if dtype is None else dtypes.to_numpy(dtype)
    if (input.dtype if wanted is None else wanted).kind != "f":
        which = "Input dtype" if wanted is None else "Optional dtype"
        title = dtypes.from_numpy(input.dtype if wanted is None else wanted).title
        raise RuntimeError(
            f"{function}(): could not infer output dtype. {which} must be either a floating point "
            f"or complex dtype. Got: {title}"
        )
    return input if wanted is None else input.astype(wanted, copy=False)


@op(name=_dim_name("Mean"))
def mean(input: Array, dim: Any = None, keepdim: bool = False, *, dtype: Any = None) -> Any:
    """The average along dims; NaN when there is nothing to average.

    out = 1/n · Σ inputᵢ                               (1)
    ∂inputᵢ = g/n                                      (2)

    Raises: RuntimeError for integers, unless `dtype` names a float dtype.

    >>> import minitorch as torch
    >>> torch.mean(torch.tensor([[1., 2.], [3., 4.]]), dim=1, keepdim=True)
    tensor([[1.5000],
            [3.5000]])
    """
    axes = axes_of("mean", input, dim, keepdim)
    x = _float_input("mean", input, dtype)
    shape, n = x.shape, count(x.shape, axes)
    out = add_up(x, axes, keepdim, accumulator(x))
    out = np.divide(out, out.dtype.type(n)).astype(x.dtype, copy=False)  # (1)
    return out, lambda g: spread(g / g.dtype.type(n), shape, axes)  # (2)


@op(name="Div")
def nanmean(input: Array, dim: Any = None, keepdim: bool = False, *, dtype: Any = None) -> Any:
    """`mean` of the inputs that are not NaN.

    out = 1/n · Σ inputᵢ,  n = how many are not NaN    (1)
    ∂inputᵢ = g/n,  0 where the input is NaN           (2)
    """
    axes = axes_of("nanmean", input, dim, keepdim)
    if input.dtype.kind != "f":
        raise RuntimeError(
            "nanmean(): expected input to have floating point or complex dtype but got "
            + dtype_title(input)
        )
    x = _cast(input, dtype)
    shape, missing = x.shape, np.isnan(x)
    n = add_up(~missing, axes, keepdim, dtypes.INT64)
    out = total(np.where(missing, x.dtype.type(0), x), axes, keepdim)
    out = np.divide(out, n).astype(x.dtype)  # (1)

    def vjp(g: Any) -> Any:
        return ~missing * spread(np.divide(g, n).astype(g.dtype), shape, axes)  # (2)

    return out, vjp


def _product_of_the_others(x: Any, axis: int) -> Any:
    """Πⱼ≠ᵢ xⱼ without dividing: the product from the left times the product from the right."""
    ones = np.ones_like(np.take(x, [0], axis)) if x.shape[axis] else x
    x = np.moveaxis(x, axis, -1)
    ones = np.moveaxis(ones, axis, -1)
    left = np.concatenate([ones, np.cumprod(x[..., :-1], -1)], -1)
    right = np.concatenate([ones, np.cumprod(x[..., :0:-1], -1)], -1)[..., ::-1]
    return np.moveaxis(left * right, -1, axis)


@op(name=_dim_name("Prod"))
def prod(input: Array, dim: int | None = None, keepdim: bool = False, *, dtype: Any = None) -> Any:
    """Multiply along one dim, or everything.

    out = Π inputᵢ                                     (1)
    ∂inputᵢ = g · Π inputⱼ over j ≠ i                  (2)
    """
    if isinstance(dim, (tuple, list)):
        raise TypeError(f"prod(): argument 'dim' must be int, not {type(dim).__name__}")
    axes = axes_of("prod", input, dim, keepdim)
    x = _cast(input, dtype)
    kept: Any = keepdim
    out = np.multiply.reduce(x, axis=axes, dtype=accumulator(x), keepdims=kept)  # (1)
    if x.dtype is dtypes.FLOAT16 or dtype is not None:
        out = np.asarray(out).astype(x.dtype)

    def vjp(g: Any) -> Any:
        if x.size == 0:
            return np.zeros_like(x)
        if dim is None or x.ndim == 0:
            others = _product_of_the_others(x.reshape(-1), 0).reshape(x.shape)
        else:
            others = _product_of_the_others(x, axes[0])
        return spread(g, x.shape, axes) * others  # (2)

    return out, vjp


# -- variance -------------------------------------------------------------------------------------


def _moments(
    function: str, input: Any, dim: Any, unbiased: Any, keepdim: bool, correction: Any
) -> Any:
    """(σ² and μ with reduced dims kept, axes, divisor) for the four functions below."""
    if isinstance(dim, bool):  # var(x, False): the second place may hold `unbiased`
        unbiased, dim = dim, None
    if unbiased is not None and correction is not None:
        raise TypeError(f"{function}() takes either unbiased or correction, not both")
    if correction is None:
        correction = 1 if unbiased is None or unbiased else 0
    axes = axes_of(function, input, dim, keepdim)
    if input.dtype.kind != "f":
        raise RuntimeError("std and var only support floating point and complex dtypes")
    n = count(input.shape, axes)
    divisor = n - correction if n > correction else 0
    if divisor == 0:
        warnings.warn(
            f"{function}(): degrees of freedom is <= 0. Correction should be strictly less than "
            "the reduction factor (input numel divided by output numel).",
            stacklevel=6,
        )
    wide = input.astype(accumulator(input), copy=False)
    mean = np.add.reduce(wide, axis=axes, keepdims=True) / wide.dtype.type(n)
    square = np.add.reduce(np.square(wide - mean), axis=axes, keepdims=True)
    return square / wide.dtype.type(divisor), mean, axes, divisor


def _finish(x: Any, input: Any, axes: Axes, keepdim: bool) -> Any:
    out = x if keepdim else x.reshape([n for i, n in enumerate(x.shape) if i not in axes])
    return out.astype(input.dtype)


def _var_gradient(g: Any, input: Any, mean: Any, axes: Axes, divisor: Any) -> Any:
    factor = g.dtype.type(2) / g.dtype.type(divisor)
    return spread(g * factor, input.shape, axes) * (input - mean)


def _std_gradient(g: Any, std: Any) -> Any:
    return np.where(std == 0, 0, g / (2 * std))


@op
def var(
    input: Array, dim: Any = None, unbiased: Any = None, keepdim: bool = False, *,
    correction: Any = None,
) -> Any:  # fmt: skip
    """The variance: the mean squared distance from the mean.

    out = σ² = 1/(n − c) · Σ (inputᵢ − μ)²             (1)
    ∂inputᵢ = g · 2/(n − c) · (inputᵢ − μ)             (2)

    Args: correction  c (default 1, Bessel's correction); unbiased   True means c = 1, False c = 0

    >>> import minitorch as torch
    >>> torch.var(torch.tensor([1., 2., 3., 4.]), correction=0)
    tensor(1.2500)
    """
    s2, mean, axes, divisor = _moments("var", input, dim, unbiased, keepdim, correction)
    out = _finish(s2, input, axes, keepdim)  # (1)
    return out, lambda g: _var_gradient(g, input, mean, axes, divisor)  # (2)


@op
def std(
    input: Array, dim: Any = None, unbiased: Any = None, keepdim: bool = False, *,
    correction: Any = None,
) -> Any:  # fmt: skip
    """The standard deviation, the square root of `var`.

    out = σ = √(1/(n − c) · Σ (inputᵢ − μ)²)           (1)
    ∂inputᵢ = g/(2σ) · 2/(n − c) · (inputᵢ − μ),  0 where σ = 0            (2)
    """
    s2, mean, axes, divisor = _moments("std", input, dim, unbiased, keepdim, correction)
    out = _finish(np.sqrt(s2), input, axes, keepdim)  # (1)
    return out, lambda g: _var_gradient(_std_gradient(g, out), input, mean, axes, divisor)  # (2)


def _with_mean(gradient: Any, input: Any, mean: Any, axes: Axes, divisor: Any) -> Any:
    """The vjp of (spread, mean): both gradients where they are wanted."""
    n = count(input.shape, axes)

    def vjp(g_spread: Any, g_mean: Any) -> Any:
        d: Any = None
        if g_spread is not None:
            d = _var_gradient(gradient(g_spread), input, mean, axes, divisor)
        if g_mean is not None:
            dm = spread(g_mean / g_mean.dtype.type(n), input.shape, axes)
            d = dm if d is None else d + dm
        return d

    return vjp


@op
def var_mean(
    input: Array, dim: Any = None, unbiased: Any = None, keepdim: bool = False, *,
    correction: Any = None,
) -> Any:  # fmt: skip
    """(`var`, `mean`) in one pass.

    out = (σ², μ)                                      (1)
    """
    s2, mean, axes, divisor = _moments("var_mean", input, dim, unbiased, keepdim, correction)
    out = _finish(s2, input, axes, keepdim), _finish(mean, input, axes, keepdim)  # (1)
    return out, _with_mean(lambda g: g, input, mean, axes, divisor)


@op
def std_mean(
    input: Array, dim: Any = None, unbiased: Any = None, keepdim: bool = False, *,
    correction: Any = None,
) -> Any:  # fmt: skip
    """(`std`, `mean`) in one pass.

    out = (σ, μ)                                       (1)
    """
    s2, mean, axes, divisor = _moments("std_mean", input, dim, unbiased, keepdim, correction)
    std = _finish(np.sqrt(s2), input, axes, keepdim)
    out = std, _finish(mean, input, axes, keepdim)  # (1)
    return out, _with_mean(lambda g: _std_gradient(g, std), input, mean, axes, divisor)


# -- logarithm of a sum, counts, truth ------------------------------------------------------------


@op(promote="float")
def logsumexp(input: Array, dim: Any, keepdim: bool = False) -> Any:
    """The logarithm of the sum of exponentials, computed without overflow.

    out = m + ln Σ e^(inputᵢ − m),  m = max inputᵢ     (1)
    ∂inputᵢ = g · e^(inputᵢ − out)                     (2)

    >>> import minitorch as torch
    >>> torch.logsumexp(torch.tensor([1000., 1000.]), 0)
    tensor(1000.6932)
    """
    axes = axes_of("logsumexp", input, dim, keepdim)
    m = np.maximum.reduce(input, axis=axes, keepdims=True, initial=-np.inf)
    m = np.where(np.isfinite(m), m, m.dtype.type(0))  # ∞ − ∞ would be NaN
    kept = np.log(total(np.exp(input - m), axes, True)) + m  # (1)
    out = _finish(kept, input, axes, keepdim)

    def vjp(g: Any) -> Any:
        return spread(g, input.shape, axes) * np.exp(input - kept)  # (2)

    return out, vjp


@op
def count_nonzero(input: Array, dim: Any = None) -> Any:
    """How many elements are not 0 along dims (default: all)."""
    return np.asarray(np.count_nonzero(input, axis=wrap_dims(dim, input.ndim)), np.int64), None


def _truth(function: str, ufunc: Any, input: Any, dim: Any, keepdim: bool) -> Any:
    if dim == ():  # PyTorch's all and any take no dims at their word
        out = input != 0
    else:
        axes = axes_of(function, input, dim, keepdim)
        out = ufunc.reduce(input, axis=axes, keepdims=keepdim, dtype=bool)
    return np.asarray(out, np.uint8 if input.dtype == np.uint8 else bool)


@op
def all(input: Array, dim: Any = None, keepdim: bool = False) -> Any:
    """Whether no element is 0; True for none at all (uint8 stays uint8)."""
    return _truth("all", np.logical_and, input, dim, keepdim), None


@op
def any(input: Array, dim: Any = None, keepdim: bool = False) -> Any:
    """Whether some element is not 0 (uint8 stays uint8)."""
    return _truth("any", np.logical_or, input, dim, keepdim), None
