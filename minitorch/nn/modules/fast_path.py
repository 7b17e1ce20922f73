"""Encoder layers in evaluation: their equations on their parameters, no inner module called.

Where no gradient is wanted and nobody watches, layers compute what ops/encoder.py says, a whole
stack of them at once, as PyTorch does in its "fast path", and with what is special about that path:

    masks       every number but 0 means "ignore", in masks of floats too
    no key      a query all of whose keys are masked gets nan (the ordinary path: 0)
    modules     the training flags and patched forwards of inner modules are not looked at, nor the
                form of GELU: always the exact one
    is_causal   is not looked at: a mask must be given
"""

from __future__ import annotations

from typing import Any

from ...autograd.grad_mode import is_grad_enabled
from ...backends import mha
from ...ops.encoder import Layer, encoder


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
    """The twelve that the equations use; other ones that a layer may have don't matter."""
    attention = layer.self_attn
    modules = (attention.out_proj, layer.linear1, layer.linear2, layer.norm1, layer.norm2)
    rest = [p for m in modules for p in (m.weight, m.bias)]
    return [attention.in_proj_weight, attention.in_proj_bias, *rest]


def wants_gradient(layer: Any, x: Any) -> bool:
    """Whether autograd would record what the layer computes."""
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


def evaluate(layers: list[Any], x: Any, src_mask: Any, padding: Any) -> Any:
    """The layers on a padded batch (N, S, E); masks as in TransformerEncoderLayer."""
    N, S, E = x.shape
    ignored = _ignored(src_mask, padding, N, layers[0].self_attn.num_heads, S)
    arrays = [_arrays(layer) for layer in layers]
    ignored = None if ignored is None else ignored._data
    return encoder(x.reshape(N * S, E), arrays, [(0, N, S)], ignored).view(N, S, E)


def evaluate_packed(layers: list[Any], x: Any, runs: list[tuple[int, int, int]]) -> Any:
    """The layers on packed tokens (ΣL, E), which need no mask."""
    return encoder(x, [_arrays(layer) for layer in layers], runs)


def _arrays(layer: Any) -> Layer:
    activation = "relu" if layer.activation_relu_or_gelu == 1 else "gelu"
    arrays: list[Any] = [p._data for p in parameters(layer)]
    how = (layer.norm1.eps, layer.self_attn.num_heads, activation, layer.norm_first)
    return Layer._make((*arrays, *how))


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
