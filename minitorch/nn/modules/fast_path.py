"""An encoder layer in evaluation: its equations on the layer's parameters, no inner module called.

Where no gradient is wanted and nobody watches, TransformerEncoderLayer computes

    norm_first=False      x = norm1(x + attention(x));   x = norm2(x + ff(x))                    (1)
    norm_first=True       x = x + attention(norm1(x));   x = x + ff(norm2(x))                    (2)
    attention(x) = concat(heads)·W_Oᵀ + b_O,   heads from x·W_inᵀ + b_in                         (3)

here, as PyTorch does in its "fast path", and with what is special about that path:

    masks       every number but 0 means "ignore", in masks of floats too
    no key      a query all of whose keys are masked gets nan (the ordinary path: 0)
    modules     the training flags and patched forwards of inner modules are not looked at, nor the
                form of GELU: always the exact one
    is_causal   is not looked at: a mask must be given

Attention is a parameter of the computation: `masked_attention` for a padded batch (N, S, E), or
that of a packed one, whose tokens lie in one matrix (see packing.py).
"""

from __future__ import annotations

import math
from typing import Any

from ...autograd.grad_mode import is_grad_enabled
from ...backends import mha
from ...ops.feed_forward import feed_forward
from .. import functional as F


def unfit(layer: Any) -> str:
    """What about the layer itself rules out the fast path, in PyTorch's words; "" if nothing."""
    attention = layer.self_attn
    if not attention.batch_first:
        return (
            "encoder_layer.self_attn.batch_first was not True"
            "(use batch_first for better inference performance)"
        )
    if not attention._qkv_same_embed_dim:
        return "encoder_layer.self_attn._qkv_same_embed_dim was not True"
    if attention.in_proj_bias is None:
        return "encoder_layer.self_attn was passed bias=False"
    if not layer.activation_relu_or_gelu:
        return "encoder_layer.activation_relu_or_gelu was not True"
    if layer.norm1.eps != layer.norm2.eps:
        return "encoder_layer.norm1.eps was not equal to encoder_layer.norm2.eps"
    if attention.num_heads % 2 == 1:
        return "encoder_layer.self_attn.num_heads is odd"
    return ""


def is_open(layer: Any, x: Any) -> bool:
    """Whether x takes the fast path through this layer."""
    return (
        mha.get_fastpath_enabled()
        and not layer.training
        and not unfit(layer)
        and all(p is not None for p in parameters(layer))
        and not wants_gradient(layer, x)
        and not any(m._forward_hooks or m._forward_pre_hooks for m in layer.modules())
    )


def parameters(layer: Any) -> list[Any]:
    """The twelve that (1)-(3) use; other ones that a layer may have don't matter."""
    attention = layer.self_attn
    modules = (attention.out_proj, layer.norm1, layer.norm2, layer.linear1, layer.linear2)
    rest = [p for m in modules for p in (m.weight, m.bias)]
    return [attention.in_proj_weight, attention.in_proj_bias, *rest]


def wants_gradient(layer: Any, x: Any) -> bool:
    """Whether autograd would record (1)-(3)."""
    return _want_gradient(x, *parameters(layer))


def _want_gradient(*tensors: Any) -> bool:
    return is_grad_enabled() and any(t is not None and t.requires_grad for t in tensors)


def check_attention(layer: Any, x: Any) -> None:
    """AssertionError, as in PyTorch, where the layer's attention can't work on packed tokens.

    A layer off the fast path (watched by hooks, say) still skips padding, unless this is so.
    """
    attention = layer.self_attn
    out = attention.out_proj
    projections = (attention.in_proj_weight, attention.in_proj_bias, out.weight, out.bias)
    reasons = (
        (attention.training, "training is enabled"),
        (attention.num_heads % 2 == 1, "self.num_heads is not even"),
        (not attention.batch_first, "batch_first was not True"),
        (attention.bias_k is not None, "self.bias_k was not None"),
        (attention.bias_v is not None, "self.bias_v was not None"),
        (attention.add_zero_attn, "add_zero_attn was enabled"),
        (not attention._qkv_same_embed_dim, "_qkv_same_embed_dim was not True"),
        (
            _want_gradient(x, *projections),
            "grad is enabled and at least one of query or the input/output projection weights or "
            "biases requires_grad",
        ),
    )
    for holds, text in reasons:
        if holds:
            raise AssertionError(
                "MultiheadAttention does not support NestedTensor outside of its fast path. The "
                "fast path was not hit because " + text
            )


def evaluate(layer: Any, x: Any, attend: Any) -> Any:
    """Equation (1) or (2); attend(qkv, heads) finds the heads of (3), side by side."""
    attention, one, two = layer.self_attn, layer.linear1, layer.linear2
    activation = "relu" if layer.activation_relu_or_gelu == 1 else "gelu"

    def attention_block(x: Any) -> Any:
        qkv = F.linear(x, attention.in_proj_weight, attention.in_proj_bias)
        heads = attend(qkv, attention.num_heads)
        return F.linear(heads, attention.out_proj.weight, attention.out_proj.bias)  # (3)

    def ff(x: Any) -> Any:
        return feed_forward(x, one.weight, one.bias, two.weight, two.bias, activation, 0.0)

    def norm(m: Any, x: Any) -> Any:
        return F.layer_norm(x, m.normalized_shape, m.weight, m.bias, m.eps)

    if layer.norm_first:
        x = x + attention_block(norm(layer.norm1, x))
        return x + ff(norm(layer.norm2, x))  # (2)
    x = norm(layer.norm1, x + attention_block(x))
    return norm(layer.norm2, x + ff(x))  # (1)


def masked_attention(src_mask: Any, padding: Any) -> Any:
    """Attention within a padded batch, for `evaluate`; masks as in TransformerEncoderLayer."""

    def attend(qkv: Any, h: int) -> Any:
        N, S, E = qkv.size(0), qkv.size(1), qkv.size(2) // 3
        q, k, v = qkv.view(N, S, 3, h, E // h).permute(2, 0, 3, 1, 4).unbind(0)  # (N, h, S, D)
        ignored = _ignored(src_mask, padding, N, h, S)
        if ignored is None:
            heads = F.scaled_dot_product_attention(q, k, v)
        else:
            heads = F.scaled_dot_product_attention(q, k, v, ~ignored)
            nowhere = ignored.all(-1, keepdim=True)  # queries without a key
            if nowhere.any():
                heads = heads.masked_fill(nowhere, math.nan)
        return heads.transpose(1, 2).reshape(N, S, E)

    return attend


def _ignored(src_mask: Any, padding: Any, N: int, h: int, S: int) -> Any:
    """Both masks as one: True at a (query, key) to ignore, broadcasting to (N, h, S, S)."""
    ignored = None
    if src_mask is not None:
        if src_mask.shape not in ((S, S), (N * h, S, S)):
            raise RuntimeError(
                f"src_mask must be of shape {(S, S)} or {(N * h, S, S)}, but got "
                f"{tuple(src_mask.shape)}"
            )
        ignored = src_mask != 0
        ignored = ignored if src_mask.dim() == 2 else ignored.view(N, h, S, S)
    if padding is not None:
        if padding.shape != (N, S):
            raise RuntimeError(
                f"src_key_padding_mask must be of shape {(N, S)}, but got {tuple(padding.shape)}"
            )
        keys = (padding != 0).view(N, 1, 1, S)
        ignored = keys if ignored is None else ignored | keys
    return ignored
