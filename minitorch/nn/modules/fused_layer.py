"""An encoder layer as one operation (ops/encoder_layer.py), where nobody can see the difference.

`fits` says where: a small layer with nothing unusual about it, no mask, and no hook or patch on the
modules inside. Everywhere else the layer calls its modules one by one.
"""

from __future__ import annotations

from typing import Any

from ... import dtypes
from ...ops.encoder_layer import MOST, How, encoder_layer
from .. import functional as F
from .activation import GELU, ReLU
from .attention import MultiheadAttention
from .dropout import Dropout
from .fast_path import parameters
from .linear import Linear, NonDynamicallyQuantizableLinear
from .normalization import LayerNorm


def is_plain(module: Any, kind: Any) -> bool:
    """Whether a module is exactly of this class, nobody watches it, and it was not patched."""
    return (
        type(module) is kind
        and not module._forward_hooks
        and not module._forward_pre_hooks
        and not module._backward_hooks
        and not module._backward_pre_hooks
        and "forward" not in module.__dict__
    )


def activation_kind(activation: Any) -> str | None:
    """The name under which ops.feed_forward knows the activation, None if it does not."""
    if activation is F.relu or is_plain(activation, ReLU):
        return "relu"
    if activation is F.gelu:
        return "gelu"
    if is_plain(activation, GELU):
        return {"none": "gelu", "tanh": "gelu_tanh"}.get(activation.approximate)
    return None


def _modules_are_plain(layer: Any) -> bool:
    attention = layer.self_attn
    return (
        is_plain(attention, MultiheadAttention)
        and is_plain(attention.out_proj, NonDynamicallyQuantizableLinear)
        and all(is_plain(m, Linear) for m in (layer.linear1, layer.linear2))
        and all(is_plain(m, LayerNorm) for m in (layer.norm1, layer.norm2))
        and all(is_plain(m, Dropout) for m in (layer.dropout, layer.dropout1, layer.dropout2))
        and activation_kind(layer.activation) is not None
    )


def _is_ordinary(layer: Any) -> bool:
    """Attention over one weight, batch first, no additions; one ε; nothing dropped for sure."""
    attention = layer.self_attn
    return (
        attention.batch_first
        and attention._qkv_same_embed_dim
        and attention.bias_k is None
        and attention.bias_v is None
        and not attention.add_zero_attn
        and layer.norm1.eps == layer.norm2.eps
        and max(_probabilities(layer)) < 1
    )


def _probabilities(layer: Any) -> tuple[float, float, float, float]:
    """Of dropout: in attention, in the hidden layer, and after each."""
    attention = layer.self_attn
    drops = (layer.dropout, layer.dropout1, layer.dropout2)
    in_attention = attention.dropout if attention.training else 0.0
    hidden, first, second = (m.p if m.training else 0.0 for m in drops)
    return in_attention, hidden, first, second


def fits(layer: Any, x: Any) -> bool:
    """Whether x (N, L, E), without masks, may go through the layer as one operation."""
    if x.dim() != 3 or not x.is_contiguous() or x.numel() == 0:
        return False
    if x.dtype not in (dtypes.float32, dtypes.float64) or not _modules_are_plain(layer):
        return False
    if not _is_ordinary(layer):
        return False
    tensors = parameters(layer)
    if any(t is None or t.dtype is not x.dtype for t in tensors):
        return False
    if len({t.requires_grad for t in tensors}) > 1:  # step by step, no gradient is in vain
        return False
    N, L, E = x.shape
    ff = tensors[4].size(0)
    size = N * L * (layer.self_attn.num_heads * L + ff)
    shapes = [(3 * E, E), (3 * E,), (E, E), (E,), (ff, E), (ff,), (E, ff), (E,), *[(E,)] * 4]
    return size <= MOST and [tuple(t.shape) for t in tensors] == shapes


def apply(layer: Any, x: Any) -> Any:
    """The layer's output."""
    how = How(
        layer.self_attn.num_heads, layer.norm1.eps, activation_kind(layer.activation) or "",
        layer.norm_first, *_probabilities(layer),
    )  # fmt: skip
    return encoder_layer(x, *parameters(layer), how)
