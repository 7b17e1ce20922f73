"""Normalisation: subtract a mean, divide by a standard deviation, then scale and shift.

    x̂ = (x − μ)·r,   r = 1/√(σ² + ε),   y = x̂·γ + β                                       (1)
    ∂x = r·(ĝ − mean(ĝ) − x̂·mean(ĝ·x̂)),   ĝ = g·γ                                         (2)
    ∂γ = Σ g·x̂,   ∂β = Σ g                                                                (3)

What they differ in is *which* elements share a mean (N batch, C channels, * the rest):

    layer_norm     each sample's last dimensions                      (N, *, [normalized_shape])
    batch_norm     each channel, over the batch                       mean over N and *
    instance_norm  each channel of each sample                        mean over *
    group_norm     each group of C/G channels of each sample          mean over C/G and *
    rms_norm       as layer_norm, without the mean: x·γ/√(mean(x²) + ε)

The first rule treats rows (M, K) with one γ and β per column; the second treats (N, C, L) with
one per channel. σ² is the biased variance, Σ(x − μ)²/K.
"""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from .. import errors, parallel
from ..autograd.graph import TensorBase
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


def _same_dtype(input: Array, *parameters: Any) -> None:
    for p in parameters:
        if p is not None and p.dtype != input.dtype:
            if input.dtype == np.float16 and p.dtype == np.float32:
                continue  # half precision data with single precision parameters is allowed
            raise RuntimeError(
                "mixed dtype (CPU): expect parameter to have scalar type of "
                f"{dtype_title(input)}, but got {dtype_title(p)}"
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
    _same_dtype(input, weight, bias)
    m, k = x.shape
    shape, kind = input.shape, x.dtype
    gamma = None if weight is None else weight.reshape(k).astype(kind, copy=False)
    beta = None if bias is None else bias.reshape(k).astype(kind, copy=False)
    ones = np.full(k, 1 / k if k else 0, kind)  # v @ ones is the mean of v's rows
    xhat, rstd, out = np.empty_like(x), np.empty((m, 1), kind), np.empty_like(x)
    size = parallel.rows(k)

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


# -- per channel ----------------------------------------------------------------------------------


def _channels(input: Array) -> Array:
    """(N, C, *) as contiguous (N, C, L)."""
    n, c = input.shape[:2]
    return np.ascontiguousarray(wide(input)).reshape(n, c, prod(input.shape[2:]))


def _normalize_channels(
    input: Array,
    x: Array,
    mean: Array,
    var: Array,
    axes: Any,
    weight: Any,
    bias: Any,
    eps: float,
    need: Any,
) -> Any:
    """(1)-(3) for (N, C, L) reshaped to x; the mean over `axes`, None where it is a constant."""
    n, c = input.shape[:2]
    shape, channels = input.shape, (1, c, 1)
    nclx = (n, c, -1) if input.size else (n, c, prod(input.shape[2:]))
    gamma = None if weight is None else weight.reshape(channels).astype(x.dtype, copy=False)
    r = 1 / np.sqrt(var + x.dtype.type(eps))
    xhat = (x - mean) * r
    y = xhat.reshape(nclx)
    if gamma is not None:
        y = y * gamma
    if bias is not None:
        y = y + bias.reshape(channels).astype(x.dtype, copy=False)  # (1)
    elif gamma is None:
        y = y.copy()
    grouped, needs = x.shape, tuple(need[i] for i in range(3))

    def vjp(g: Array) -> Any:
        g = np.ascontiguousarray(g).reshape(nclx)
        dw = np.sum(g * xhat.reshape(nclx), (0, 2)) if needs[1] else None  # (3)
        db = np.sum(g, (0, 2)) if needs[2] else None
        if not needs[0]:
            return None, dw, db
        gh = (g if gamma is None else g * gamma).reshape(grouped)  # ĝ
        if axes is None:  # μ and σ² came from outside: (2) without its two means
            dx = gh * r
        else:
            mean_g = np.mean(gh, axes, keepdims=True)
            mean_gx = np.mean(gh * xhat, axes, keepdims=True)
            dx = r * (gh - mean_g - xhat * mean_gx)  # (2)
        return dx.reshape(shape), dw, db

    return y.reshape(shape).astype(input.dtype, copy=False), vjp


def _moments(x: Array, axes: Any) -> tuple[Array, Array]:
    """Mean and biased variance along `axes`, kept as dimensions of size 1."""
    mean = np.mean(x, axes, keepdims=True)
    return mean, np.mean(np.square(x - mean), axes, keepdims=True)


def _by_channel(
    input: Array, weight: Any, bias: Any, mean: Any, var: Any, eps: float, need: Any, axes: Any
) -> Any:
    """Equations (1)-(3) with moments over `axes` of (N, C, L), or with those given as arrays."""
    x = _channels(input)
    if mean is None:
        return _normalize_channels(input, x, *_moments(x, axes), axes, weight, bias, eps, need)
    mean, var = (v.reshape(1, -1, 1).astype(x.dtype, copy=False) for v in (mean, var))
    return _normalize_channels(input, x, mean, var, None, weight, bias, eps, need)


@op(name="NativeBatchNorm")
def _batch_norm(
    input: Array, weight: Array = None, bias: Array = None, mean=None, var=None, eps=1e-5, *, need
):
    """Normalise each channel, by default with its moments over the batch."""
    return _by_channel(input, weight, bias, mean, var, eps, need, (0, 2))


@op(name="View")
def _instance_norm(
    input: Array, weight: Array = None, bias: Array = None, mean=None, var=None, eps=1e-5, *, need
):
    """Normalise each channel of each sample, by default with its own moments."""
    return _by_channel(input, weight, bias, mean, var, eps, need, (2,))


def _check_channels(c: int, **vectors: Any) -> None:
    for name, v in vectors.items():
        if v is not None and v.numel() != c:
            raise RuntimeError(f"{name} should contain {c} elements not {v.numel()}")


def _update(running: Any, momentum: float, batch: Array) -> None:
    """running ← (1 − momentum)·running + momentum·batch, in place."""
    data = running._data
    np.copyto(
        data, (1 - momentum) * data + momentum * batch.reshape(data.shape), casting="same_kind"
    )
    running._changes[0] += 1


def batch_norm(
    input: Any,
    running_mean: Any,
    running_var: Any,
    weight: Any = None,
    bias: Any = None,
    training: bool = False,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> Any:
    """Give each channel mean 0 and variance 1 over the batch; outside training, by running moments.

    Equation: (1)-(3) of this file per channel c. In training the moments are the batch's, and
        running ← (1 − momentum)·running + momentum·batch moment                        (4)
    where the running variance receives the unbiased Σ(x − μ)²/(n − 1).
    Shape: input (N, C, *); all others (C).
    Args:
        running_mean, running_var: updated in place in training; both may be None then.
        weight, bias: γ and β (default None: 1 and 0).
        training: use the batch's moments (default False).
        momentum: share of the new batch in (4) (default 0.1).
        eps: ε, added to the variance (default 1e-5).
    Raises:
        ValueError: training with one value per channel.
        RuntimeError: vectors that do not have C elements; no running moments outside training.
    Source: Ioffe and Szegedy 2015; PyTorch documentation, BatchNorm2d.
    """
    if not isinstance(input, TensorBase):
        raise errors.not_a_tensor("batch_norm", "input", 1, input)
    x = input._data
    n = x.size // x.shape[1] if x.ndim > 1 and x.shape[1] else 0
    if training and x.ndim > 1 and n == 1:
        raise ValueError(
            "Expected more than 1 value per channel when training, got input size "
            f"torch.Size({errors.shape_text(x.shape)})"
        )
    if training and (running_mean is None) != (running_var is None):
        raise ValueError("running_mean and running_var must either both be None or neither be None")
    floats_only("batch_norm", x)
    if x.ndim < 2:
        raise RuntimeError(
            "batch_norm expects input (N, C, *), but got input of shape "
            f"{errors.shape_text(x.shape)}"
        )
    _check_channels(
        x.shape[1], running_mean=running_mean, running_var=running_var, weight=weight, bias=bias
    )
    for v in (running_mean, running_var, weight, bias):
        if v is not None and v._data.dtype != x.dtype and x.dtype != np.float16:
            raise RuntimeError(
                "mixed dtype (CPU): all inputs must share same datatype, but got input of dtype "
                f"{dtype_title(x)} and {dtype_title(v._data)}"
            )
    if not training:
        for name, v in (("running_mean", running_mean), ("running_var", running_var)):
            if v is None:
                raise RuntimeError(f"{name} must be defined in evaluation mode")
        return _batch_norm(input, weight, bias, running_mean._data, running_var._data, eps)
    if running_mean is not None and x.size:
        with np.errstate(all="ignore"):
            mean, var = _moments(_channels(x), (0, 2))
            _update(running_mean, momentum, mean)
            _update(running_var, momentum, var * (n / (n - 1)))  # (4)
    return _batch_norm(input, weight, bias, None, None, eps)


@op(name="NativeGroupNorm")
def group_norm(
    input: Array, num_groups, weight: Array = None, bias: Array = None, eps=1e-5, *, need
):
    """Give each group of C/G channels of each sample mean 0 and variance 1.

    Equation: (1)-(3) of this file, γ and β per channel.
    Shape: input (N, C, *); weight and bias (C).
    Args:
        num_groups: G, a divisor of C.
        weight, bias: γ and β (default None: 1 and 0).
        eps: ε, added to the variance (default 1e-5).
    Raises: RuntimeError unless C is a multiple of num_groups.
    Source: Wu and He 2018; PyTorch documentation, GroupNorm.
    """
    shape = input.shape
    if input.ndim < 2:
        raise RuntimeError(
            f"Expected at least 2 dimensions for input tensor but received {input.ndim}"
        )
    if num_groups == 0:
        raise ZeroDivisionError("group_norm: num_groups must be at least 1, but got num_groups=0")
    n, c = shape[:2]
    if n * (c // num_groups) * prod(shape[2:]) == 1:
        raise ValueError(
            "Expected more than 1 value per channel when training, got input size "
            f"{errors.shape_text(shape)}"
        )
    if num_groups < 0:
        raise RuntimeError(f"Expected num groups to be greater than 0, got {num_groups}")
    if c % num_groups:
        raise RuntimeError(
            "Expected number of channels in input to be divisible by num_groups, but got input "
            f"of shape {errors.shape_text(shape)} and num_groups={num_groups}"
        )
    for name, p in (("weight", weight), ("bias", bias)):
        if p is not None and p.shape != (c,):
            raise RuntimeError(
                f"Expected {name} to be a vector of size equal to the number of channels in "
                f"input, but got {name} of shape {errors.shape_text(p.shape)} and input of shape "
                f"{errors.shape_text(shape)}"
            )
    floats_only("GroupNormKernelImpl", input)
    _same_dtype(input, weight, bias)
    x = _channels(input).reshape(n, num_groups, c // num_groups * prod(shape[2:]))
    return _normalize_channels(input, x, *_moments(x, (2,)), (2,), weight, bias, eps, need)


def instance_norm(
    input: Any,
    running_mean: Any = None,
    running_var: Any = None,
    weight: Any = None,
    bias: Any = None,
    use_input_stats: bool = True,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> Any:
    """Give each channel of each sample mean 0 and variance 1 over its positions.

    Equation: (1)-(3) of this file; running moments receive the samples' average as in (4) of
        `batch_norm`.
    Shape: input (N, C, *); all others (C).
    Args:
        running_mean, running_var: updated in place with input statistics; may be None then.
        weight, bias: γ and β (default None: 1 and 0).
        use_input_stats: False: use the running moments (default True).
        momentum: share of the new moments (default 0.1).
        eps: ε, added to the variance (default 1e-5).
    Source: Ulyanov et al. 2016; PyTorch documentation, InstanceNorm2d.
    """
    if not isinstance(input, TensorBase):
        raise errors.not_a_tensor("instance_norm", "input", 1, input)
    x = input._data
    if use_input_stats and x.ndim > 1 and prod(x.shape[2:]) == 1:
        raise ValueError(
            "Expected more than 1 spatial element when training, got input size "
            f"torch.Size({errors.shape_text(x.shape)})"
        )
    if not use_input_stats and (running_mean is None or running_var is None):
        raise RuntimeError(
            "Expected running_mean and running_var to be defined when use_input_stats is false"
        )
    floats_only("batch_norm", x)
    if x.ndim < 2:
        raise RuntimeError(
            f"instance_norm expects input (N, C, *), but got shape {errors.shape_text(x.shape)}"
        )
    _check_channels(
        x.shape[1], running_mean=running_mean, running_var=running_var, weight=weight, bias=bias
    )
    if not use_input_stats:
        return _instance_norm(input, weight, bias, running_mean._data, running_var._data, eps)
    if running_mean is not None and x.size:
        mean, var = _moments(_channels(x), (2,))
        n = prod(x.shape[2:])
        _update(running_mean, momentum, mean.mean(0))
        _update(running_var, momentum, var.mean(0) * (n / (n - 1)))
    return _instance_norm(input, weight, bias, None, None, eps)


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
    floats_only("avg_pool2d", input)
    x = wide(input)
    before, after = size // 2, (size - 1) // 2
    t = k + alpha / size * _window_sum(x * x, before, after)
    scale = t**-beta

    def vjp(g: Array) -> Array:
        inner = _window_sum(g * x * scale / t, after, before)
        return g * scale - (2 * alpha * beta / size) * x * inner  # (2)

    return (x * scale).astype(input.dtype, copy=False), vjp  # (1)


def _window_sum(a: Array, before: int, after: int) -> Array:
    """s_c = Σ a_j over the channels j in [c − before, c + after] that exist; a is (N, C, *)."""
    total = np.zeros_like(a)
    channels = a.shape[1]
    for shift in range(-min(before, channels - 1), min(after, channels - 1) + 1):
        to = slice(max(-shift, 0), channels - max(shift, 0))
        source = slice(max(shift, 0), channels - max(-shift, 0))
        total[:, to] += a[:, source]
    return total
