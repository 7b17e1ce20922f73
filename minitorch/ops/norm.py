"""Normalisation of rows: subtract a mean, divide by a standard deviation, then scale and shift.

    x̂ = (x − μ)·r,   r = 1/√(σ² + ε),   y = x̂·γ + β                                       (1)
    ∂x = r·(ĝ − mean(ĝ) − x̂·mean(ĝ·x̂)),   ĝ = g·γ                                         (2)
    ∂γ = Σ g·x̂,   ∂β = Σ g                                                                (3)

layer_norm takes the mean over each sample's last dimensions, as rows (M, K) with one γ and β per
column; rms_norm does so without the mean: x·γ/√(mean(x²) + ε). σ² is the biased variance,
Σ(x − μ)²/K. The norms by channel are in channel_norm.py.
"""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from .. import dtypes, errors, parallel
from ..autograd.rule import Array, op
from .operands import dtype_title
from .special import floats_only, wide


def _normalized_rows(function: str, input: Array, shape: Any, *parameters: Any) -> Array:
    """The input as rows (M, K), K = Π normalized_shape, after checking every shape and dtype."""
    if not isinstance(shape, (tuple, list)):
        raise errors.wrong_type(function, "normalized_shape", 2, "tuple of ints", shape)
    shape = tuple(shape)
    if not shape:
        raise RuntimeError(
            "Expected normalized_shape to be at least 1-dimensional, i.e., containing at least "
            "one element, but got normalized_shape = []"
        )
    for name, p in zip(("weight", "bias"), parameters):
        if p is not None and p.shape != shape:
            raise RuntimeError(
                f"Expected {name} to be of same shape as normalized_shape, but got {name} of "
                f"shape {errors.shape_text(p.shape)} and normalized_shape = "
                f"{errors.shape_text(shape)}"
            )
    if input.shape[input.ndim - len(shape) :] != shape or input.ndim < len(shape):
        raise RuntimeError(
            f"Given normalized_shape={errors.shape_text(shape)}, expected input with shape "
            f"[*, {', '.join(str(n) for n in shape)}], but got input of size"
            f"{errors.shape_text(input.shape)}"
        )
    k = prod(shape)
    return np.ascontiguousarray(wide(input)).reshape(input.size // k if k else 0, k)


def check_same_dtype(input: Array, *parameters: Any) -> None:
    """RuntimeError unless all parameters have the dtype of the input, or float32 with float16."""
    given = [p for p in parameters if p is not None]
    for p in given:
        half = input.dtype == np.float16 and p.dtype == np.float32
        if p.dtype != given[0].dtype or (p.dtype != input.dtype and not half):
            raise RuntimeError(
                "mixed dtype (CPU): all inputs must share same datatype, but got input of dtype "
                f"{dtype_title(input)} and a parameter of dtype {dtype_title(p)}"
            )


def _mean(rows: Array, ones: Array) -> Array:
    """Row means (M, 1) as rows·(1/K): one BLAS call, twice as fast as rows.mean(-1)."""
    return (rows @ ones)[:, None]


@op(name="NativeLayerNorm")
def layer_norm(
    input: Array, normalized_shape, weight: Array = None, bias: Array = None, eps=1e-5, *, need
):
    """Give each sample's features mean 0 and variance 1, then scale by γ and shift by β.

    Equation: (1)-(3) of this file; μ and σ² over the last dimensions, those of normalized_shape.
    Shape: input (*, normalized_shape); weight γ and bias β (normalized_shape); result as input.
    Args:
        normalized_shape: the sizes of the dimensions to normalise, a tuple or list.
        weight, bias: γ and β (default None: 1 and 0).
        eps: ε, added to the variance (default 1e-5).
    Raises: RuntimeError for shapes that do not fit.
    Cost: saves x̂ (as large as input) and r (one number a row).
    Source: Ba et al. 2016; the notes, LayerNorm.
    Example:
        >>> import minitorch as torch
        >>> torch.nn.functional.layer_norm(torch.tensor([[1.0, 2.0, 3.0]]), (3,))
        tensor([[-1.2247,  0.0000,  1.2247]])
    """
    x = _normalized_rows("layer_norm", input, normalized_shape, weight, bias)
    floats_only("LayerNormKernelImpl", input)
    check_same_dtype(input, weight, bias)
    m, k = x.shape
    shape, kind = input.shape, x.dtype
    gamma = None if weight is None else weight.reshape(k).astype(kind, copy=False)
    beta = None if bias is None else bias.reshape(k).astype(kind, copy=False)
    ones = np.full(k, 1 / k if k else 0, kind)  # v @ ones is the mean of v's rows
    xhat, rstd, out = np.empty_like(x), np.empty((m, 1), kind), np.empty_like(x)
    size = parallel.rows(m, k)

    def forward(a: int, b: int) -> None:
        xh, y = xhat[a:b], out[a:b]
        np.subtract(x[a:b], _mean(x[a:b], ones), xh)
        np.multiply(xh, xh, y)
        rstd[a:b] = 1 / np.sqrt(_mean(y, ones) + eps)
        np.multiply(xh, rstd[a:b], xh)  # x̂
        scaled = xh if gamma is None else np.multiply(xh, gamma, y)
        if beta is not None:
            np.add(scaled, beta, y)  # (1)
        elif gamma is None:
            np.copyto(y, xh)

    parallel.blocks(m, size, forward)
    needs_x, needs_weight, needs_bias = need[0], need[1], need[2]
    gamma_mean = ones if gamma is None else gamma * ones  # v @ γ/K is the mean of v·γ
    wshape = normalized_shape

    def vjp(g: Array) -> Any:
        g = np.ascontiguousarray(g).reshape(m, k)
        dx = np.empty((m, k), kind) if needs_x else None
        per_block = -(-m // size)
        dgamma = np.zeros((per_block, k), kind) if needs_weight else None
        dbeta = np.zeros((per_block, k), kind) if needs_bias else None

        def work(a: int, b: int) -> None:
            gb, xh = g[a:b], xhat[a:b]
            s = parallel.scratch("layer_norm", (b - a, k), kind)
            sums = np.ones(b - a, kind)
            if dbeta is not None:
                np.matmul(sums, gb, dbeta[a // size])  # (3)
            np.multiply(gb, xh, s)
            if dgamma is not None:
                np.matmul(sums, s, dgamma[a // size])  # (3)
            if dx is None:
                return
            r = rstd[a:b]
            c1 = (gb @ gamma_mean)[:, None]  # mean(ĝ)
            c2 = (s @ gamma_mean)[:, None]  # mean(ĝ·x̂)
            d = dx[a:b]
            np.multiply(xh, r * c2, s)
            np.add(s, r * c1, s)
            np.multiply(gb, r, d)
            if gamma is not None:
                np.multiply(d, gamma, d)
            np.subtract(d, s, d)  # (2)

        parallel.blocks(m, size, work)
        return (
            None if dx is None else dx.reshape(shape),
            None if dgamma is None else dgamma.sum(0).reshape(wshape),
            None if dbeta is None else dbeta.sum(0).reshape(wshape),
        )

    return out.reshape(shape).astype(input.dtype, copy=False), vjp


@op(name="Mul")
def rms_norm(input: Array, normalized_shape, weight: Array = None, eps=None, *, need):
    """Divide each sample's features by their root mean square, then scale by γ.

    Equation:
        y = x̂·γ,   x̂ = x·r,   r = 1/√(mean(x²) + ε)                                     (1)
        ∂x = r·(ĝ − x̂·mean(ĝ·x̂)),   ĝ = g·γ;   ∂γ = Σ g·x̂                              (2)
    Args:
        normalized_shape: the sizes of the dimensions to normalise, a tuple or list.
        weight: γ (default None: 1).
        eps: ε (default None: the dtype's machine epsilon).
    Source: Zhang and Sennrich 2019; PyTorch documentation, RMSNorm.
    """
    x = _normalized_rows("rms_norm", input, normalized_shape, weight)
    floats_only("rms_norm", input)
    k, shape, wshape = x.shape[1], input.shape, normalized_shape
    if eps is None:
        eps = float(np.finfo(x.dtype).eps)
    gamma = 1 if weight is None else weight.reshape(k).astype(x.dtype, copy=False)
    r = 1 / np.sqrt(np.mean(x * x, -1, keepdims=True) + x.dtype.type(eps))
    xhat = x * r

    def vjp(g: Array) -> Any:
        g = g.reshape(-1, k)
        gh = g * gamma
        dx = r * (gh - xhat * np.mean(gh * xhat, -1, keepdims=True)) if need[0] else None  # (2)
        dw = np.sum(g * xhat, 0).reshape(wshape) if need[1] else None
        return None if dx is None else dx.reshape(shape), dw

    return (xhat * gamma).reshape(shape).astype(input.dtype, copy=False), vjp  # (1)


# -- compositions ---------------------------------------------------------------------------------


def normalize(input: Any, p: float = 2.0, dim: Any = 1, eps: float = 1e-12, out: Any = None) -> Any:
    """Divide by the p-norm along `dim`, so that every vector there has length one.

    Equation: y = x / max(‖x‖ₚ, ε)
    Args:
        p: the exponent of the norm (default 2).
        dim: the dimension(s) of the vectors (default 1).
        eps: the least norm to divide by (default 1e-12).
        out: a tensor for the result (default None).
    Source: PyTorch documentation, normalize.
    """
    length = input.norm(p, dim, keepdim=True).clamp_min(eps).expand_as(input)
    if out is None:
        return input / length
    return out.copy_(input / length)


@op(name="Div")
def local_response_norm(input: Array, size, alpha=1e-4, beta=0.75, k=1.0):
    """Divide each element by a power of the energy of its neighbours in the channel dimension.

    Equation:
        y_c = x_c·t_c^(−β),   t_c = k + α/n·Σ_{j ∈ W(c)} x_j²                           (1)
        ∂x_c = g_c·t_c^(−β) − 2αβ/n·x_c·Σ_{j: c ∈ W(j)} g_j·x_j·t_j^(−β−1)              (2)
        W(c): the n = size channels c − n//2, …, c + (n − 1)//2 that exist.
    Shape: input (N, C, *), result as input.
    Args:
        size: n, how many neighbours (no unit); alpha, beta, k: as in (1).
    Source: Krizhevsky et al. 2012; PyTorch documentation, LocalResponseNorm.
    """
    if input.ndim < 3:
        raise ValueError(
            f"Expected 3D or higher dimensionality input (got {input.ndim} dimensions)"
        )
    if not input.size:
        return input.copy(), lambda g: g
    whole = input.dtype == np.int64  # then the mean of the squares is a whole number too
    if not whole:
        floats_only("avg_pool2d", input)
    x = wide(input)
    before, after = size // 2, (size - 1) // 2
    energy = _window_sum(x * x, before, after)
    mean = (energy // size).astype(dtypes.default_float()) if whole else energy / size
    t = k + alpha * mean
    scale = t**-beta

    def vjp(g: Array) -> Array:
        inner = _window_sum(g * x * scale / t, after, before)
        return g * scale - (2 * alpha * beta / size) * x * inner  # (2)

    out = x * scale  # (1)
    return out.astype(scale.dtype if whole else input.dtype, copy=False), vjp


def _window_sum(a: Array, before: int, after: int) -> Array:
    """s_c = Σ a_j over the channels j in [c − before, c + after] that exist; a is (N, C, *)."""
    total = np.zeros_like(a)
    channels = a.shape[1]
    for shift in range(-min(before, channels - 1), min(after, channels - 1) + 1):
        to = slice(max(-shift, 0), channels - max(shift, 0))
        source = slice(max(shift, 0), channels - max(-shift, 0))
        total[:, to] += a[:, source]
    return total
