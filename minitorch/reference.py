"""The textbook twin of every fused operation, in a few lines of plain Tensor operations.

The operations in ops/ are fast because they fuse, block and recompute. Here is what they mean,
as a book writes it; backward is autograd's. Nothing at run time uses this file: the tests run
it as the oracle, and fused and plain must agree in value and in every gradient, in float64 to
1e-12, and draw the same random numbers.
"""

from __future__ import annotations

from math import pi, sqrt
from typing import Any

from . import random
from .autograd.graph import wrap
from .ops.erf import erf


def dropout_noise(shape: tuple[int, ...], p: float, dtype: Any) -> Any:
    """m/(1 − p) as a tensor: the factor of every element, drawn in the order of memory."""
    mask = random.dropout_mask(tuple(shape), 1 - p)
    return wrap(mask / dtype.type(1 - p))


def dropout(x: Any, p: float) -> Any:
    """x·m/(1 − p)"""
    return x * dropout_noise(x.shape, p, x._data.dtype)


def relu(x: Any) -> Any:
    """max(x, 0)"""
    return x * (x > 0)


def gelu(x: Any) -> Any:
    """x·Φ(x),  Φ(x) = ½(1 + erf(x/√2))"""
    return x * (0.5 * (1 + erf(x / sqrt(2))))


def gelu_tanh(x: Any) -> Any:
    """½x(1 + tanh(√(2/π)(x + 0.044715 x³)))"""
    return 0.5 * x * (1 + (sqrt(2 / pi) * (x + 0.044715 * x * x * x)).tanh())


def softmax(x: Any, dim: int) -> Any:
    """e^(x − max) / Σ e^(x − max)"""
    e = (x - x.amax(dim, keepdim=True).detach()).exp()
    return e / e.sum(dim, keepdim=True)


def log_softmax(x: Any, dim: int) -> Any:
    """x − max − log Σ e^(x − max)"""
    shifted = x - x.amax(dim, keepdim=True).detach()
    return shifted - shifted.exp().sum(dim, keepdim=True).log()


def layer_norm(x: Any, weight: Any, bias: Any, eps: float = 1e-5) -> Any:
    """(x − μ)/√(σ² + ε)·γ + β over the last axis"""
    centred = x - x.mean(-1, keepdim=True)
    variance = (centred * centred).mean(-1, keepdim=True)
    return centred / (variance + eps).sqrt() * weight + bias


def rms_norm(x: Any, weight: Any, eps: float = 1e-5) -> Any:
    """x/√(mean(x²) + ε)·γ over the last axis"""
    return x / ((x * x).mean(-1, keepdim=True) + eps).sqrt() * weight


def batch_norm(x: Any, weight: Any, bias: Any, eps: float = 1e-5) -> Any:
    """x is (N, C, L); the batch's own moments."""
    centred = x - x.mean((0, 2), keepdim=True)
    variance = (centred * centred).mean((0, 2), keepdim=True)
    return centred / (variance + eps).sqrt() * weight.reshape(1, -1, 1) + bias.reshape(1, -1, 1)


def group_norm(x: Any, groups: int, weight: Any, bias: Any, eps: float = 1e-5) -> Any:
    """x is (N, C, L)."""
    n, c, _ = x.shape
    rows = x.reshape(n, groups, -1)
    centred = rows - rows.mean(-1, keepdim=True)
    variance = (centred * centred).mean(-1, keepdim=True)
    xhat = (centred / (variance + eps).sqrt()).reshape(x.shape)
    return xhat * weight.reshape(1, c, 1) + bias.reshape(1, c, 1)


def attention(q: Any, k: Any, v: Any, bias: Any = None, p: float = 0.0) -> Any:
    """softmax(q·kᵀ/√E + M)·v with dropout on the weights; bias holds M (−inf: not allowed)."""
    scores = q @ k.transpose(-2, -1) / sqrt(q.shape[-1])
    weights = softmax(scores if bias is None else scores + bias, -1)
    return (dropout(weights, p) if p > 0 else weights) @ v


def linear(x: Any, weight: Any, bias: Any) -> Any:
    """x·Wᵀ + b"""
    return x @ weight.transpose(0, 1) + bias


ACTIVATIONS = {"relu": relu, "gelu": gelu, "gelu_tanh": gelu_tanh}


def feed_forward(
    x: Any, weight1: Any, bias1: Any, weight2: Any, bias2: Any, activation: str, p: float
) -> Any:
    """linear → activation → dropout → linear"""
    hidden = ACTIVATIONS[activation](linear(x, weight1, bias1))
    return linear(dropout(hidden, p) if p > 0 else hidden, weight2, bias2)


def encoder_layer(
    x: Any, parameters: list[Any], heads: int, activation: str, norm_first: bool, bias: Any = None
) -> Any:
    """x is (N, S, E); parameters in the order of ops/encoder.py; bias as in `attention`."""
    w_in, b_in, w_out, b_out, w1, b1, w2, b2, gamma1, beta1, gamma2, beta2 = parameters

    def attend(x: Any) -> Any:
        q, k, v = (
            y.unflatten(-1, (heads, -1)).transpose(1, 2) for y in linear(x, w_in, b_in).chunk(3, -1)
        )
        return linear(attention(q, k, v, bias).transpose(1, 2).flatten(2), w_out, b_out)

    def ff(x: Any) -> Any:
        return feed_forward(x, w1, b1, w2, b2, activation, 0.0)

    if norm_first:
        x = x + attend(layer_norm(x, gamma1, beta1))
        return x + ff(layer_norm(x, gamma2, beta2))
    x = layer_norm(x + attend(x), gamma1, beta1)
    return layer_norm(x + ff(x), gamma2, beta2)


def cross_entropy(x: Any, target: Any) -> Any:
    """x is (N, K), target (N) class indices; the mean over N."""
    picked = log_softmax(x, 1).gather(1, target.unsqueeze(1))
    return -picked.mean()
