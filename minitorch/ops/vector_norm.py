"""Norms: how long a vector is, how large a matrix.

    ‖x‖ₚ = (Σ |xᵢ|ᵖ)^(1/p);  p = 2 Euclid's length, p = 1 the sum of sizes, p = ∞ the largest  (1)

Where the result is 0 the derivative is taken as 0 (a subgradient).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .. import dtypes
from ..autograd.rule import Array, op
from .along import evenly
from .dims import wrap_dim
from .elementwise import sub
from .operands import dtype_title
from .reduce import Axes, accumulator, axes_of, count, spread


def _floats(function: str, input: Any, dtype: Any) -> Any:
    if input.dtype.kind != "f":
        raise RuntimeError(
            f"{function}: Expected a floating point or complex tensor as input. Got "
            + dtype_title(input)
        )
    if dtype is None:
        return input
    wanted = dtypes.to_numpy(dtype)
    if wanted.kind != "f":
        raise RuntimeError(
            f"{function}: dtype should be floating point or complex, but got {dtype!r}"
        )
    if dtypes.promote_numpy(input.dtype, wanted) != wanted:
        raise RuntimeError(
            f"{function}: the dtype of the input ({dtype_title(input)}) should be convertible "
            f"without narrowing to the specified dtype ({dtype!r})"
        )
    return input.astype(wanted, copy=False)


def _is_number(p: Any) -> bool:
    return isinstance(p, (int, float)) and not isinstance(p, bool)


def vector_norm_of(x: Any, p: float, axes: Axes) -> Any:
    """Equation (1) with the reduced axes kept, and the derivative's part that g multiplies."""
    wide = x.astype(accumulator(x), copy=False)
    if p == 2:
        norm = np.sqrt(np.add.reduce(np.square(wide), axis=axes, keepdims=True))  # (1)
        return norm.astype(x.dtype, copy=False)
    size = np.abs(wide)
    if count(x.shape, axes) == 0 and (p < 0 or p == math.inf):
        raise RuntimeError(
            f"linalg.vector_norm cannot compute the {p:g} norm on an empty tensor because the "
            "operation does not have an identity"
        )
    if p == math.inf:
        norm = np.maximum.reduce(size, axis=axes, keepdims=True)
    elif p == -math.inf:
        norm = np.minimum.reduce(size, axis=axes, keepdims=True)
    elif p == 0:
        norm = np.add.reduce(size != 0, axis=axes, keepdims=True, dtype=size.dtype)
    elif p == 1:
        norm = np.add.reduce(size, axis=axes, keepdims=True)
    else:
        norm = np.power(np.add.reduce(np.power(size, p), axis=axes, keepdims=True), 1 / p)  # (1)
    return norm.astype(x.dtype, copy=False)


def vector_norm_gradient(g: Any, x: Any, norm: Any, p: float, axes: Axes) -> Any:
    """∂x = g · sign(x)·(|x|/‖x‖)^(p−1), and its limits for p = 0, 1, 2, ±∞."""
    if p == 0:
        return None  # a count
    g = spread(g, norm.shape, axes)
    if p == 1:
        return g * np.sign(x)
    if math.isinf(p):
        return evenly(g, np.abs(x), norm, axes) * np.sign(x)
    if p == 2:
        return np.where(norm == 0, 0, g * (x / norm))
    if p < 1:
        d = np.sign(x) * np.power(np.abs(x), p - 1) * (g * np.power(norm, 1 - p))
        return np.where((x == 0) | (norm == 0), 0, d)
    d = np.sign(x) * np.power(np.abs(x), p - 1) * (g / np.power(norm, p - 1))
    return np.where(norm == 0, 0, d)


def _without(kept: Any, axes: Axes, keepdim: bool) -> Any:
    return kept if keepdim else kept.reshape([n for i, n in enumerate(kept.shape) if i not in axes])


@op(name="LinalgVectorNorm")
def linalg_vector_norm(
    x: Array, ord: Any = 2, dim: Any = None, keepdim: bool = False, *, dtype: Any = None
) -> Any:
    """The p-norm of the elements along dims (default: all), whatever the tensor's shape.

    out = (Σ |xᵢ|ᵖ)^(1/p)                                      (1)
    ∂xᵢ = g · sign(xᵢ)·(|xᵢ|/out)^(p−1),  0 where out = 0      (2)

    Args: ord  p, a number or ±inf; 0 counts the elements that are not 0 (default 2)
    """
    if not _is_number(ord):
        raise TypeError(f"linalg_vector_norm(): argument 'ord' must be Number, not {ord!r}")
    a = _floats("linalg.vector_norm", x, dtype)
    axes = axes_of("linalg_vector_norm", a, dim, keepdim)
    norm = vector_norm_of(a, ord, axes)  # (1)
    out = _without(norm, axes, keepdim).copy()
    return out, lambda g: vector_norm_gradient(g, a, norm, ord, axes)  # (2)


# -- matrices -------------------------------------------------------------------------------------


def _singular(x: Any, ord: Any) -> Any:
    """'nuc' Σσᵢ, 2 max σᵢ, −2 min σᵢ of matrices in the last two axes; derivative U·diag(…)·Vᵀ."""
    if x.size == 0 and ord != "nuc":
        raise RuntimeError(f"linalg.matrix_norm: ord={ord} of an empty matrix has no identity")
    u, s, vh = np.linalg.svd(x.astype(accumulator(x), copy=False), full_matrices=False)
    weights = np.ones_like(s)
    if ord != "nuc":
        best = s.max(-1, keepdims=True) if ord == 2 else s.min(-1, keepdims=True)
        weights = (s == best) / (s == best).sum(-1, keepdims=True)
    out = (s * weights).sum(-1)
    return out.astype(x.dtype), lambda g: g[..., None, None] * ((u * weights[..., None, :]) @ vh)


def _columns(x: Any, ord: Any) -> Any:
    """±1: the largest (smallest) column sum of sizes; ±inf: the largest (smallest) row sum."""
    axis = -2 if abs(ord) == 1 else -1
    ufunc = np.maximum if ord > 0 else np.minimum
    if x.shape[-3 - axis] == 0:  # nothing to choose from
        raise RuntimeError(f"linalg.matrix_norm: ord={ord} of an empty matrix has no identity")
    sums = np.add.reduce(np.abs(x), axis=axis)
    out = ufunc.reduce(sums, axis=-1)

    def vjp(g: Any) -> Any:
        share = evenly(g[..., None], sums, out[..., None], (sums.ndim - 1,))
        return np.expand_dims(share, axis) * np.sign(x)

    return out, vjp


def _matrix_name(_: Any, ord: Any = "fro", *__: Any, **___: Any) -> str:
    """PyTorch composes matrix norms; the node is that of the last step."""
    if isinstance(ord, str):
        return "LinalgVectorNormBackward0" if ord == "fro" else "SumBackward1"
    return "AmaxBackward0" if ord > 0 else "AminBackward0"


@op(name=_matrix_name)
def linalg_matrix_norm(
    A: Array, ord: Any = "fro", dim: Any = (-2, -1), keepdim: bool = False, *, dtype: Any = None
) -> Any:
    """The norm of matrices, which lie in two dims of A.

    'fro' √Σ aᵢⱼ²;  'nuc' Σ σᵢ;  2 max σᵢ;  −2 min σᵢ;  ±1 column sums;  ±inf row sums       (1)

    Args: ord  which norm (default 'fro'); dim   the two dims (default the last two)
    """
    a = _floats("linalg.matrix_norm", A, dtype)
    if a.ndim < 2:
        raise RuntimeError(
            "linalg.matrix_norm: The input tensor A must have at least 2 dimensions."
        )
    if not isinstance(dim, (tuple, list)) or len(dim) != 2:
        raise RuntimeError(f"linalg.matrix_norm: dim must be a 2-tuple. Got {dim!r}")
    first, second = (wrap_dim(d, a.ndim) for d in dim)
    if first == second:
        raise RuntimeError(f"linalg.matrix_norm: dims must be different. Got ({first}, {second})")
    if isinstance(ord, str) and ord not in ("fro", "nuc"):
        raise RuntimeError(f"linalg.matrix_norm: Order {ord} not supported.")
    if not isinstance(ord, str) and (not _is_number(ord) or abs(ord) not in (1, 2, math.inf)):
        raise RuntimeError(f"linalg.matrix_norm: Order {ord} not supported.")
    axes = (first, second)
    if ord == "fro":
        norm = vector_norm_of(a, 2, axes)
        out = _without(norm, axes, keepdim).copy()
        return out, lambda g: vector_norm_gradient(g, a, norm, 2, axes)
    x = np.moveaxis(a, axes, (-2, -1))
    norm, back = (_singular if ord in ("nuc", 2, -2) else _columns)(x, ord)  # (1)
    norm = np.asarray(norm)
    out = np.expand_dims(norm, axes) if keepdim else norm

    def vjp(g: Any) -> Any:
        return np.moveaxis(back(g.reshape(norm.shape)), (-2, -1), axes)

    return out, vjp


def linalg_norm(
    A: Any, ord: Any = None, dim: Any = None, keepdim: bool = False, *, out: Any = None,
    dtype: Any = None,
) -> Any:  # fmt: skip
    """A vector or a matrix norm, as `ord` and `dim` ask.

    ord=None is the 2-norm of all elements; otherwise a 2-d A (or two dims) means the matrix norm
    and a 1-d A (or one dim) the vector norm.
    """
    extra = {"dtype": dtype} if out is None else {"dtype": dtype, "out": out}
    matrix = isinstance(ord, str)
    if ord is not None and dim is None:
        if A.ndim not in (1, 2):
            raise RuntimeError(
                "linalg.norm: If dim is not specified but ord is, the input must be 1D or 2D. "
                f"Got {A.ndim}D."
            )
        matrix = matrix or A.ndim == 2
    if isinstance(dim, (tuple, list)):
        if len(dim) not in (1, 2):
            raise RuntimeError(
                f"linalg.norm: If dim is specified, it must be of length 1 or 2. Got {list(dim)}"
            )
        matrix = matrix or (ord is not None and len(dim) == 2)
    if matrix and ord is not None:
        if isinstance(dim, int):
            dim = (dim,)
        return linalg_matrix_norm(A, ord, (-2, -1) if dim is None else dim, keepdim, **extra)
    return linalg_vector_norm(A, 2 if ord is None else ord, dim, keepdim, **extra)


def norm(
    input: Any, p: Any = "fro", dim: Any = None, keepdim: bool = False, out: Any = None,
    dtype: Any = None,
) -> Any:  # fmt: skip
    """The p-norm of the elements, along dims or of all of them.

    out = (Σ |inputᵢ|ᵖ)^(1/p)                                  (1)

    Args: p    a number, inf, -inf, 'fro' (the 2-norm; default) or 'nuc' (singular values' sum)
          dim  one or several dims (default: all)

    >>> import minitorch as torch
    >>> torch.norm(torch.tensor([3., 4.]))
    tensor(5.)
    """
    extra = {"dtype": dtype} if out is None else {"dtype": dtype, "out": out}
    if isinstance(p, str) and p != "fro":
        return linalg_matrix_norm(input, p, (-2, -1) if dim is None else dim, keepdim, **extra)
    return linalg_vector_norm(input, 2 if p in ("fro", None) else p, dim, keepdim, **extra)  # (1)


@op
def renorm(input: Array, p: float, dim: int, maxnorm: float) -> Any:
    """Slices along `dim` that are longer than `maxnorm` in the p-norm, shortened to it.

    out = x·s,  s = maxnorm/(‖x‖ₚ + 1e-7) where ‖x‖ₚ > maxnorm, else 1        (3)
    ∂x = g·s + ∂‖x‖ₚ · Σ g·x · ∂s                                             (4)

    >>> import minitorch as torch
    >>> torch.renorm(torch.tensor([[3., 4.], [0.3, 0.4]]), 2, 0, 1)
    tensor([[0.6000, 0.8000],
            [0.3000, 0.4000]])
    """
    if not _is_number(p):
        raise TypeError(f"renorm(): argument 'p' must be Number, not {type(p).__name__}")
    if p <= 0:
        raise RuntimeError(f"renorm: non-positive-norm not supported, got p={p}")
    if maxnorm < 0:
        raise RuntimeError(f"renorm: expected maxnorm to be >= 0 but got {maxnorm}")
    if input.ndim < 2:
        raise RuntimeError(
            f"renorm: input needs at least 2 dimensions, got {input.ndim} dimensions"
        )
    x = _floats("linalg.vector_norm", input, None)
    axes = tuple(i for i in range(x.ndim) if i != wrap_dim(dim, x.ndim))
    norm = vector_norm_of(x, p, axes)
    long = norm > maxnorm
    scale = np.where(long, maxnorm / (norm + 1e-7), 1).astype(x.dtype)

    def vjp(g: Any) -> Any:
        ds = np.where(long, -maxnorm / np.square(norm + 1e-7), 0)
        dnorm = ds * np.add.reduce(g * x, axis=axes, keepdims=True)
        return g * scale + vector_norm_gradient(dnorm, x, norm, p, axes)  # (4)

    return x * scale, vjp  # (3)


@op
def dist(input: Array, other: Array, p: float = 2) -> Any:
    """The p-norm of the difference.

    out = ‖input − other‖ₚ                                     (1)
    """
    x, _ = sub.rule(input, other)
    x = _floats("norm(): input dtype should be either floating point or complex", x, None)
    axes = tuple(range(x.ndim))
    kept = vector_norm_of(x, p, axes)  # (1)

    def vjp(g: Any) -> Any:
        d = vector_norm_gradient(g, x, kept, p, axes)
        return (None, None) if d is None else (d, -d)

    return kept.reshape(()).copy(), vjp
