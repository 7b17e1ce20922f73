"""multi_head_attention_forward: the equation of nn.MultiheadAttention.

    head_i = softmax(q_i·k_iᵀ / √D + mask) · v_i          q_i = x_q·W_Q,i + b, k_i, v_i likewise (1)
    y      = concat(head_1 … head_h) · W_O + b_O                                                 (2)

Letters: T target tokens, S source tokens, N batch, E embedding, h heads, D = E/h head size.
Here time comes first: query (T, N, E), key and value (S, N, E), as PyTorch's function has it; the
module transposes for batch_first. The result's memory is in (T, N, E) order, which decides the
order of the dropout mask that TransformerEncoderLayer draws next.

Source: Vaswani et al. 2017, arXiv:1706.03762, section 3.2.
"""

from __future__ import annotations

import math
from typing import Any
from warnings import warn

from .. import dtypes
from ..ops.attention import attention_with_weights, scaled_dot_product_attention
from ..ops.create import zeros
from ..ops.joining import cat
from ..ops.matmul import linear
from ..ops.pad import pad


def _canonical_mask(
    mask: Any,
    mask_name: str,
    other_type: Any,
    other_name: str,
    target_type: Any,
    check_other: bool = True,
) -> Any:
    """A mask as numbers to add to the scores: −∞ where a bool mask says True ("ignore")."""
    if mask is None:
        return None
    if mask.dtype is not dtypes.bool_ and not mask.is_floating_point():
        raise AssertionError(f"only bool and floating types of {mask_name} are supported")
    if check_other and other_type is not None and mask.dtype != other_type:
        warn(
            f"Support for mismatched {mask_name} and {other_name} is deprecated. "
            "Use same type for both instead.",
            stacklevel=3,
        )
    if mask.is_floating_point():
        return mask
    return zeros(mask.shape, dtype=target_type).masked_fill_(mask, -math.inf)


def _none_or_dtype(input: Any) -> Any:
    return None if input is None else input.dtype


def _check_shapes(
    query: Any, key: Any, value: Any, key_padding_mask: Any, attn_mask: Any, num_heads: int
) -> bool:
    """Whether there is a batch dimension; AssertionError where the shapes do not fit."""
    if query.dim() not in (2, 3):
        raise AssertionError(
            "query should be unbatched 2D or batched 3D tensor but received "
            f"{query.dim()}-D query tensor"
        )
    batched = query.dim() == 3
    kind = "batched (3-D)" if batched else "unbatched (2-D)"
    if key.dim() != query.dim() or value.dim() != query.dim():
        raise AssertionError(
            f"For {kind} `query`, expected `key` and `value` to be {query.dim()}-D but found "
            f"{key.dim()}-D and {value.dim()}-D tensors respectively"
        )
    if key_padding_mask is not None and key_padding_mask.dim() != query.dim() - 1:
        raise AssertionError(
            f"For {kind} `query`, expected `key_padding_mask` to be `None` or "
            f"{query.dim() - 1}-D but found {key_padding_mask.dim()}-D tensor instead"
        )
    if attn_mask is not None:
        if attn_mask.dim() not in (2, 3):
            raise AssertionError(
                f"For {kind} `query`, expected `attn_mask` to be `None`, 2-D or 3-D but found "
                f"{attn_mask.dim()}-D tensor instead"
            )
        expected = (num_heads, query.shape[0], key.shape[0])
        if not batched and attn_mask.dim() == 3 and attn_mask.shape != expected:
            raise AssertionError(
                f"Expected `attn_mask` shape to be {expected} but got {attn_mask.shape}"
            )
    return batched


def _linear(x: Any, weight: Any, bias: Any) -> Any:
    """`linear` over (T, N, E), computed in the order in which x lies in memory: no copy."""
    if x.is_contiguous():
        return linear(x, weight, bias)
    return linear(x.transpose(0, 1), weight, bias).transpose(0, 1)


def _in_projection_packed(q: Any, k: Any, v: Any, w: Any, b: Any = None) -> Any:
    """The three projections from one weight (3E, E): W_Q above W_K above W_V."""
    E = q.size(-1)
    if k is v and q is k:  # self-attention: one product instead of three
        return _linear(q, w, b).chunk(3, -1)
    if k is v:
        w_q, w_kv = w.split([E, 2 * E])
        b_q, b_kv = (None, None) if b is None else b.split([E, 2 * E])
        return (_linear(q, w_q, b_q), *_linear(k, w_kv, b_kv).chunk(2, -1))
    biases = (None,) * 3 if b is None else b.chunk(3)
    return tuple(_linear(x, w_i, b_i) for x, w_i, b_i in zip((q, k, v), w.chunk(3), biases))


def _in_projection(
    q: Any, k: Any, v: Any, w_q: Any, w_k: Any, w_v: Any, b_q: Any = None, b_k: Any = None,
    b_v: Any = None,
) -> Any:  # fmt: skip
    """The three projections from weights of their own: key and value may have other sizes."""
    return _linear(q, w_q, b_q), _linear(k, w_k, b_k), _linear(v, w_v, b_v)


def _check_attn_mask(attn_mask: Any, N: int, h: int, T: int, S: int) -> Any:
    """A mask (T, S) or (N·h, T, S) as one that broadcasts with the scores (N, h, T, S)."""
    if attn_mask.dim() == 2:
        if attn_mask.shape != (T, S):
            raise RuntimeError(
                f"The shape of the 2D attn_mask is {attn_mask.shape}, but should be {(T, S)}."
            )
        return attn_mask.reshape(1, 1, T, S)
    if attn_mask.dim() == 3:
        if attn_mask.shape != (N * h, T, S):
            raise RuntimeError(
                f"The shape of the 3D attn_mask is {attn_mask.shape}, but should be "
                f"{(N * h, T, S)}."
            )
        return attn_mask.reshape(N, h, T, S)
    raise RuntimeError(f"attn_mask's dimension {attn_mask.dim()} is not supported")


def _check_static(name: str, static: Any, N: int, h: int, D: int) -> Any:
    """A given key or value (N·h, S, D) as (N, h, S, D)."""
    for dim, wanted in ((0, N * h), (2, D)):
        if static.size(dim) != wanted:
            raise AssertionError(
                f"expecting {name}.size({dim}) of {wanted}, but got {static.size(dim)}"
            )
    return static.reshape(N, h, -1, D)


def multi_head_attention_forward(
    query: Any,
    key: Any,
    value: Any,
    embed_dim_to_check: int,
    num_heads: int,
    in_proj_weight: Any,
    in_proj_bias: Any,
    bias_k: Any,
    bias_v: Any,
    add_zero_attn: bool,
    dropout_p: float,
    out_proj_weight: Any,
    out_proj_bias: Any,
    training: bool = True,
    key_padding_mask: Any = None,
    need_weights: bool = True,
    attn_mask: Any = None,
    use_separate_proj_weight: bool = False,
    q_proj_weight: Any = None,
    k_proj_weight: Any = None,
    v_proj_weight: Any = None,
    static_k: Any = None,
    static_v: Any = None,
    average_attn_weights: bool = True,
    is_causal: bool = False,
) -> tuple[Any, Any]:
    """Project, attend with every head, join the heads, project again: equations (1), (2).

    Shape: query (T, N, E), key, value (S, N, E), without N where there is no batch
    → y (T, N, E) and the attention weights (N, T, S), or (N, h, T, S), or None.

    The arguments are those of `nn.MultiheadAttention` and its forward, where they are explained;
    static_k and static_v (N·h, S, D) replace the projected key and value.
    """
    batched = _check_shapes(query, key, value, key_padding_mask, attn_mask, num_heads)
    if not batched:
        same_kv, same_qk = key is value, query is key
        query = query.unsqueeze(1)
        key = query if same_qk else key.unsqueeze(1)
        value = key if same_kv else value.unsqueeze(1)
        key_padding_mask = None if key_padding_mask is None else key_padding_mask.unsqueeze(0)
    T, N, E = query.shape
    S, h, D = key.shape[0], num_heads, E // num_heads
    key_padding_mask = _canonical_mask(
        key_padding_mask, "key_padding_mask", _none_or_dtype(attn_mask), "attn_mask", query.dtype
    )
    if is_causal and attn_mask is None:
        raise RuntimeError(
            "Need attn_mask if specifying the is_causal hint. You may use the Transformer module "
            "method `generate_square_subsequent_mask` to create this mask."
        )
    if is_causal and key_padding_mask is None and not need_weights:
        attn_mask = None  # the kernel makes the causal mask itself
    else:
        attn_mask = _canonical_mask(attn_mask, "attn_mask", None, "", query.dtype, False)
        is_causal = False
    if embed_dim_to_check != E:
        raise AssertionError(
            f"was expecting embedding dimension of {embed_dim_to_check}, but got {E}"
        )
    if D * h != E:
        raise AssertionError(f"embed_dim {E} not divisible by num_heads {h}")

    if use_separate_proj_weight:
        if key.shape[:2] != value.shape[:2]:
            raise AssertionError(
                f"key's sequence and batch dims {key.shape[:2]} do not match value's "
                f"{value.shape[:2]}"
            )
        for name, w in zip("qkv", (q_proj_weight, k_proj_weight, v_proj_weight)):
            if w is None:
                raise AssertionError(
                    f"use_separate_proj_weight is True but {name}_proj_weight is None"
                )
        biases = (None,) * 3 if in_proj_bias is None else in_proj_bias.chunk(3)
        q, k, v = _in_projection(
            query, key, value, q_proj_weight, k_proj_weight, v_proj_weight, *biases
        )
    else:
        if key.shape != value.shape:
            raise AssertionError(
                f"key shape {key.shape} does not match value shape {value.shape}"
            )
        if in_proj_weight is None:
            raise AssertionError("use_separate_proj_weight is False but in_proj_weight is None")
        q, k, v = _in_projection_packed(query, key, value, in_proj_weight, in_proj_bias)

    if attn_mask is not None:
        attn_mask = _check_attn_mask(attn_mask, N, h, T, S)

    extra = 0  # source positions that are added behind the S given ones
    if bias_k is not None and bias_v is not None:
        if static_k is not None or static_v is not None:
            raise AssertionError("bias cannot be added to static key or value.")
        k = cat([k, bias_k.repeat(1, N, 1)])
        v = cat([v, bias_v.repeat(1, N, 1)])
        extra += 1
    q = q.reshape(T, N, h, D).permute(1, 2, 0, 3)  # (N, h, T, D)
    if static_k is None:
        k = k.reshape(-1, N, h, D).permute(1, 2, 0, 3)  # (N, h, S, D)
    else:
        k = _check_static("static_k", static_k, N, h, D)
    if static_v is None:
        v = v.reshape(-1, N, h, D).permute(1, 2, 0, 3)
    else:
        v = _check_static("static_v", static_v, N, h, D)
    if add_zero_attn:  # a position to look at when nothing fits
        nothing = zeros(N, h, 1, D, dtype=k.dtype)
        k, v = cat([k, nothing], dim=2), cat([v, nothing], dim=2)
        extra += 1
    S = k.size(2)

    if key_padding_mask is not None:
        for dim, wanted in enumerate((N, S - extra)):
            if key_padding_mask.shape[dim] != wanted:
                raise AssertionError(
                    f"Expected key_padded_mask.shape[{dim}] to be {wanted}, "
                    f"but got {key_padding_mask.shape[dim]}"
                )
        padding = key_padding_mask.reshape(N, 1, 1, S - extra)
        attn_mask = padding if attn_mask is None else attn_mask + padding
    if attn_mask is not None and extra:
        attn_mask = pad(attn_mask, (0, extra))  # the added positions are never masked

    p = dropout_p if training else 0.0
    weights = None
    if need_weights:  # (1), step by step, to have the weights
        heads, weights = attention_with_weights(q, k, v, attn_mask, p)  # weights (N, h, T, S)
        if average_attn_weights:
            weights = weights.mean(1)
    else:
        heads = scaled_dot_product_attention(q, k, v, attn_mask, p, is_causal)  # (1)
    joined = heads.permute(2, 0, 1, 3).reshape(T, N, E)
    y = linear(joined, out_proj_weight, out_proj_bias)  # (2)
    if not batched:
        y = y.squeeze(1)
        weights = None if weights is None else weights.squeeze(0)
    return y, weights
