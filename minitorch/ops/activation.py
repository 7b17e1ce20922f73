"""Activation functions: the nonlinearity between two linear layers.

Each is one line of mathematics on every element. The smooth ones (gelu, silu, mish, …) compute
their derivative d together with the result, while the block is in cache, and keep d for
backward: the same memory as keeping the input, and backward is one product, ∂input = g · d.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .. import errors, parallel
from ..autograd.rule import Array, op
from .dims import wrap_dim
from .operands import dtype_title
from .special import floats_only, gelu_block, wide


def _number(function: str, argument: str, position: int, value: Any) -> float:
    if not isinstance(value, (int, float, np.generic)):
        raise errors.wrong_type(function, argument, position, "Number", value)
    return value  # type: ignore[return-value]


def _smooth(kernel: Callable[..., None], input: Array, needed: bool, *args: Any) -> Any:
    """Run ``kernel(x, out, d, *args)`` block by block; d is None when no gradient is wanted."""
    x = wide(input)
    out = np.empty_like(x)
    d = np.empty_like(x) if needed else None
    flat = [None if a is None else a.ravel(order="K") for a in (x, out, d)]  # views of out and d

    def work(start: int, stop: int) -> None:
        kernel(*(None if a is None else a[start:stop] for a in flat), *args)

    parallel.blocks(x.size, parallel.rows(x.size, 1), work)
    out = out.astype(input.dtype, copy=False)
    return out, (lambda g: g * d) if needed else None


# -- GELU -----------------------------------------------------------------------------------------


@op
def gelu(input: Array, approximate="none", *, need):
    """Gaussian error linear unit: each x is weighted by the chance that a normal draw is below it.

    Equation:
        gelu(x) = x·Φ(x),    Φ(x) = ½(1 + erf(x/√2))                                    (1)
        ∂input = g·(Φ(x) + x·φ(x)),    φ(x) = e^(−x²/2)/√(2π)                           (2)
        approximate='tanh':  gelu(x) ≈ x·½(1 + tanh z),  z = √(2/π)·(x + 0.044715·x³)   (3)
    Args:
        approximate: 'none' (default) or 'tanh'.
    Numerics: float64 to 3 units in the last place of Φ; float32 within 5.5e-7 on [−6.5, 6.5].
    Cost: saves the derivative (as many bytes as input).
    Source: Hendrycks and Gimpel 2016; PyTorch documentation, GELU.
    Example:
        >>> import minitorch as torch
        >>> torch.nn.functional.gelu(torch.tensor([-1.0, 0.0, 1.0]))
        tensor([-0.1587,  0.0000,  0.8413])
    """
    if approximate not in ("none", "tanh"):
        raise RuntimeError(
            "approximate argument must be either none or tanh, but got "
            f"approximate={approximate!r}."
        )
    floats_only("GeluKernelImpl", input)
    return _smooth(gelu_block, input, need[0], approximate)


# -- other smooth ones ----------------------------------------------------------------------------


def sigmoid_array(x: Array) -> Array:
    """σ(x) = 1/(1 + e^(−x)), a new array; e^(−x) = inf gives the right limit 0."""
    s = np.negative(x)
    np.exp(s, s)
    np.add(s, 1, s)
    return np.divide(1, s, s)


def _silu_block(x: Array, out: Array, d: Array | None) -> None:
    s = sigmoid_array(x)
    np.multiply(x, s, out)  # (1)
    if d is not None:
        np.add(s, out * (1 - s), d)  # (2)


@op
def silu(input: Array, *, need):
    """Sigmoid linear unit ("swish").

    Equation:
        out = x·σ(x)                                                                    (1)
        ∂input = g·(σ(x) + x·σ(x)·(1 − σ(x)))                                           (2)
    Source: PyTorch documentation, SiLU.
    Example:
        >>> import minitorch as torch
        >>> torch.nn.functional.silu(torch.tensor([-1.0, 0.0, 1.0]))
        tensor([-0.2689,  0.0000,  0.7311])
    """
    floats_only("silu_cpu", input)
    return _smooth(_silu_block, input, need[0])


def _mish_block(x: Array, out: Array, d: Array | None) -> None:
    t = np.tanh(np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x))))  # softplus without overflow
    np.multiply(x, t, out)  # (1)
    if d is not None:
        np.add(t, x * (1 - t * t) * sigmoid_array(x), d)  # (2)


@op
def mish(input: Array, *, need):
    """A smooth, self-gated relative of silu.

    Equation:
        out = x·t,  t = tanh(log(1 + eˣ))                                               (1)
        ∂input = g·(t + x·(1 − t²)·σ(x))                                                (2)
    Source: Misra 2019; PyTorch documentation, Mish.
    """
    floats_only("mish_cpu", input)
    return _smooth(_mish_block, input, need[0])


def _softplus_block(x: Array, out: Array, d: Array | None, beta: float, threshold: float) -> None:
    z = x * beta
    linear = z > threshold
    np.copyto(out, np.where(linear, x, np.log1p(np.exp(z)) / beta))  # (1)
    if d is not None:
        np.copyto(d, np.where(linear, 1, sigmoid_array(z)))  # (2)


@op
def softplus(input: Array, beta=1, threshold=20, *, need):
    """A smooth relu.

    Equation:
        out = log(1 + e^(βx))/β  where βx ≤ threshold, else x                           (1)
        ∂input = g·σ(βx)         where βx ≤ threshold, else g                           (2)
    Args:
        beta: sharpness β (default 1); the larger, the nearer to relu.
        threshold: above it the function is its asymptote x (default 20).
    Source: PyTorch documentation, Softplus.
    """
    beta, threshold = (
        _number("softplus", "beta", 2, beta),
        _number("softplus", "threshold", 3, threshold),
    )
    floats_only("softplus_cpu", input)
    return _smooth(_softplus_block, input, need[0], float(beta), float(threshold))


def _logsigmoid_block(x: Array, out: Array, d: Array | None) -> None:
    np.subtract(np.minimum(x, 0), np.log1p(np.exp(-np.abs(x))), out)  # (1)
    if d is not None:
        np.copyto(d, sigmoid_array(-x))  # (2)


@op(name="LogSigmoid")
def logsigmoid(input: Array, *, need):
    """The logarithm of the sigmoid, without overflow.

    Equation:
        out = log σ(x) = min(x, 0) − log(1 + e^(−|x|))                                  (1)
        ∂input = g·σ(−x)                                                                (2)
    Source: PyTorch documentation, LogSigmoid.
    """
    floats_only("log_sigmoid_cpu", input)
    return _smooth(_logsigmoid_block, input, need[0])


@op
def glu(input: Array, dim=-1):
    """Gated linear unit: one half of the input decides how much of the other half passes.

    Equation:
        out = a·σ(b),  input = [a, b] along dim                                         (1)
        ∂a = g·σ(b),   ∂b = g·a·σ(b)·(1 − σ(b))                                         (2)
    Args:
        dim: the dimension to halve (default −1); its size must be even.
    Source: Dauphin et al. 2017; PyTorch documentation, GLU.
    """
    if input.ndim == 0:
        raise RuntimeError("glu does not support scalars because halving size must be even")
    dim = wrap_dim(dim, input.ndim)
    if input.shape[dim] % 2:
        raise RuntimeError(
            f"Halving dimension must be even, but dimension {dim} is size {input.shape[dim]}"
        )
    floats_only("glu_cpu", input)
    a, b = np.split(wide(input), 2, dim)
    s = sigmoid_array(b)

    def vjp(g: Array) -> Array:
        da = g * s
        return np.concatenate([da, da * a * (1 - s)], dim)  # (2)

    return (a * s).astype(input.dtype, copy=False), vjp  # (1)


# -- piecewise linear -----------------------------------------------------------------------------


def relu_block(x: Array, out: Array) -> None:
    """max(x, 0) in one pass. np.maximum with a number is not vectorised: 0.39 ns against 0.17."""
    if x.dtype.kind == "f":
        np.clip(x, 0, np.inf, out)
    else:
        np.maximum(x, 0, out=out)


@op
def relu(input: Array):
    """Rectified linear unit.

    Equation:
        out = max(x, 0)                                                                 (1)
        ∂input = 0 where out ≤ 0, else g (so nan passes it)                             (2)
    Source: PyTorch documentation, ReLU.
    Example:
        >>> import minitorch as torch
        >>> torch.relu(torch.tensor([-1.0, 0.0, 2.0]))
        tensor([0., 0., 2.])
    """
    if input.dtype.kind == "b":
        raise RuntimeError("Boolean inputs not supported for relu")
    out = np.empty_like(input)
    flat, flat_out = input.ravel(order="K"), out.ravel(order="K")

    def forward(a: int, b: int) -> None:
        relu_block(flat[a:b], flat_out[a:b])  # (1)

    parallel.blocks(input.size, parallel.rows(input.size, 1), forward)

    def vjp(g: Array) -> Array:
        if out.strides != g.strides or not g.flags.c_contiguous:
            return g * ~(out <= 0)  # (2)
        dx = np.empty_like(g)
        flat_g, flat_dx = g.reshape(-1), dx.reshape(-1)

        def backward(a: int, b: int) -> None:
            dead = flat_out[a:b] <= 0
            np.multiply(flat_g[a:b], np.logical_not(dead, dead), flat_dx[a:b])  # (2)

        parallel.blocks(g.size, parallel.rows(g.size, 1), backward)
        return dx

    return out, vjp


def _clipped(input: Array, low: float, high: float) -> Any:
    if input.dtype.kind == "b":
        raise RuntimeError("Bool inputs not supported for hardtanh")
    if input.dtype.kind in "iu":
        low, high = int(low), int(high)
    inside = (input > low) & (input < high)
    return np.clip(input, low, high).astype(input.dtype, copy=False), lambda g: g * inside


@op(name="Hardtanh")
def relu6(input: Array):
    """out = min(max(x, 0), 6); the gradient passes where 0 < x < 6.

    Source: PyTorch documentation, ReLU6.
    """
    return _clipped(input, 0, 6)


@op
def hardtanh(input: Array, min_val=-1.0, max_val=1.0):
    """out = min(max(x, min_val), max_val); the gradient passes strictly between the bounds.

    Args:
        min_val, max_val: bounds of the result (default −1 and 1).
    Raises: ValueError if min_val > max_val.
    Source: PyTorch documentation, Hardtanh.
    """
    low = _number("hardtanh", "min_val", 2, min_val)
    high = _number("hardtanh", "max_val", 3, max_val)
    if low > high:
        raise ValueError(
            f"min_val cannot be greater than max_val, but got min_val={low}, max_val={high}"
        )
    return _clipped(input, low, high)


@op
def leaky_relu(input: Array, negative_slope=0.01):
    """out = x where x > 0, else negative_slope·x.

    Args:
        negative_slope: the slope left of zero (default 0.01).
    Source: PyTorch documentation, LeakyReLU.
    Example:
        >>> import minitorch as torch
        >>> torch.nn.functional.leaky_relu(torch.tensor([-1.0, 2.0]), 0.1)
        tensor([-0.1000,  2.0000])
    """
    slope = float(_number("leaky_relu", "negative_slope", 2, negative_slope))
    floats_only("leaky_relu_cpu", input)
    out = np.where(input > 0, input, input * slope)
    return out, lambda g: np.where(input > 0, g, g * slope)


@op(name="PreluKernel")
def prelu(input: Array, weight: Array, *, need):
    """A relu whose left slope is learnt: one slope for all, or one per channel (dimension 1).

    Equation:
        out = x where x > 0, else w·x                                                   (1)
        ∂input = g where x > 0, else g·w                                                (2)
        ∂weight = Σ g·x over the elements with x ≤ 0 that share the slope               (3)
    Shape: input (N, C, *) or any; weight () or (1) or (C).
    Source: He et al. 2015; PyTorch documentation, PReLU.
    """
    if input.dtype != weight.dtype:
        raise RuntimeError(
            "prelu: Type promoting not supported. "
            f"Got {dtype_title(input)} and {dtype_title(weight)}"
        )
    if weight.ndim > 1:
        raise RuntimeError(
            f"prelu: Expected `weight` to be a scalar or 1D tensor, but got: ndim = {weight.ndim}"
        )
    channels = input.shape[1] if input.ndim > 1 else 1
    if weight.size not in (1, channels):
        raise RuntimeError(
            "Mismatch of parameter numbers and input channel size. Found parameter numbers = "
            f"{weight.size} and channel size = {channels}."
        )
    axis = 1 if weight.size > 1 else 0
    w = weight.reshape((-1,) + (1,) * (input.ndim - 2)) if axis else weight.reshape(())
    shape = weight.shape
    others = tuple(i for i in range(input.ndim) if i != axis or not axis)

    def vjp(g: Array) -> Any:
        left = input <= 0
        dw = np.sum(g * input * left, others).reshape(shape) if need[1] else None  # (3)
        return np.where(left, g * w, g), dw  # (2)

    return np.where(input > 0, input, input * w), vjp  # (1)


@op
def threshold(input: Array, threshold, value):
    """out = x where x > threshold, else value.

    Source: PyTorch documentation, Threshold.
    """
    limit = _number("threshold", "threshold", 2, threshold)
    value = _number("threshold", "value", 3, value)
    if input.dtype.kind == "b":
        floats_only("threshold_cpu", input)
    above = ~(input <= limit)  # nan stays nan
    return np.where(above, input, input.dtype.type(value)), lambda g: g * above


@op
def hardsigmoid(input: Array):
    """out = min(max(x + 3, 0), 6)/6: three straight lines for the sigmoid; ∂input = g/6 or 0.

    Numerics: backward multiplies by 1/6 rounded to float32, in float64 too, because PyTorch does.
    Source: Howard et al. 2019; PyTorch documentation, Hardsigmoid.
    """
    floats_only("hardsigmoid_cpu", input)
    x = wide(input)
    inside = (x > -3) & (x < 3)
    out = np.clip(x + 3, 0, 6) / 6
    return out.astype(input.dtype, copy=False), lambda g: g * inside * float(np.float32(1 / 6))


@op
def hardswish(input: Array):
    """out = x·min(max(x + 3, 0), 6)/6.

    Gradient: 0 for x ≤ −3, g·(x/3 + ½) in between, g for x ≥ 3.
    Source: Howard et al. 2019; PyTorch documentation, Hardswish.
    """
    floats_only("hardswish_cpu", input)
    x = wide(input)
    out = x * np.clip(x + 3, 0, 6) / 6

    def vjp(g: Array) -> Array:
        return np.where(x <= -3, 0, np.where(x < 3, g * (x / 3 + 0.5), g))

    return out.astype(input.dtype, copy=False), vjp


def _lambd(function: str, value: Any) -> float:
    return float(_number(function, "lambd", 2, value))


@op
def softshrink(input: Array, lambd=0.5):
    """out = x − λ where x > λ, x + λ where x < −λ, else 0.

    Args:
        lambd: λ ≥ 0 (default 0.5).
    Source: PyTorch documentation, Softshrink.
    """
    size = _lambd("softshrink", lambd)
    floats_only("softshrink_check", input)
    if not 0 <= size <= np.finfo(input.dtype).max:
        raise RuntimeError(
            f"lambda must be in range [0, {np.finfo(input.dtype).max:g}] for input dtype "
            f"{dtype_title(input)}, but found {size:g}"
        )
    x = wide(input)
    out = x - np.clip(x, -size, size)
    return out.astype(input.dtype, copy=False), lambda g: g * (np.abs(x) > size)


@op
def hardshrink(input: Array, lambd=0.5):
    """out = x where |x| > λ, else 0.

    Args:
        lambd: λ (default 0.5).
    Source: PyTorch documentation, Hardshrink.
    """
    size = _lambd("hardshrink", lambd)
    floats_only("hardshrink_cpu", input)
    outside = ~((input >= -size) & (input <= size))  # nan stays nan
    return np.where(outside, input, input.dtype.type(0)), lambda g: np.where(outside, g, 0)


# -- exponential on the left ----------------------------------------------------------------------


def _elu(input: Array, scale: float, alpha: float, inner: float) -> Any:
    """scale·x for x > 0, else scale·alpha·(e^(inner·x) − 1), and its derivative."""
    floats_only("elu_cpu", input)
    x = wide(input)
    right = ~(x <= 0)  # nan too
    left = np.expm1(np.minimum(x, 0) * inner)
    out = np.where(right, x * scale, left * (scale * alpha))
    d = np.where(right, scale, (left + 1) * (scale * alpha * inner)).astype(x.dtype, copy=False)
    return out.astype(input.dtype, copy=False), lambda g: g * d


@op
def elu(input: Array, alpha=1.0):
    """Exponential linear unit: out = x where x > 0, else α·(eˣ − 1).

    Args:
        alpha: α, minus the limit at −∞ (default 1).
    Source: Clevert et al. 2015; PyTorch documentation, ELU.
    """
    return _elu(input, 1.0, float(_number("elu", "alpha", 2, alpha)), 1.0)


@op(name="Elu")
def selu(input: Array):
    """Self-normalising elu: out = s·(x where x > 0, else α·(eˣ − 1)), s ≈ 1.0507, α ≈ 1.6733.

    Source: Klambauer et al. 2017; PyTorch documentation, SELU.
    """
    return _elu(input, SELU_SCALE, SELU_ALPHA, 1.0)


SELU_SCALE, SELU_ALPHA = 1.0507009873554804934193349852946, 1.6732632423543772848170429916717


@op
def celu(input: Array, alpha=1.0):
    """An elu that is smooth for every α: out = x where x > 0, else α·(e^(x/α) − 1).

    Args:
        alpha: α ≠ 0 (default 1).
    Source: Barron 2017; PyTorch documentation, CELU.
    """
    size = float(_number("celu", "alpha", 2, alpha))
    if size == 0:
        raise RuntimeError("ZeroDivisionError: alpha cannot be 0 for CELU")
    return _elu(input, 1.0, size, 1 / size)


@op(promote="float", name="Div")
def softsign(input: Array):
    """out = x/(1 + |x|), ∂input = g/(1 + |x|)².

    Source: PyTorch documentation, Softsign.
    """
    x = wide(input)
    n = 1 + np.abs(x)
    return (x / n).astype(input.dtype, copy=False), lambda g: g / (n * n)


@op(promote="float", name="Sub")
def tanhshrink(input: Array):
    """out = x − tanh(x), ∂input = g·tanh²(x).

    Source: PyTorch documentation, Tanhshrink.
    """
    t = np.tanh(wide(input))
    return (input - t).astype(input.dtype, copy=False), lambda g: g * t * t
