"""MultiheadAttention: every token looks at every other one, with several heads at once."""

from __future__ import annotations

from typing import Any

from ...ops.create import empty
from .. import functional as F, init
from ..multihead import _canonical_mask, _none_or_dtype
from ..parameter import Parameter
from .linear import NonDynamicallyQuantizableLinear
from .module import Module


class MultiheadAttention(Module):
    """y = concat(head₁ … head_h)·W_O,  head_i = softmax(q_i·k_iᵀ/√D + mask)·v_i,  D = E/h.

    Shape, batch_first=False: query (T, N, E), key (S, N, kdim), value (S, N, vdim) → y (T, N, E).
    Shape, batch_first=True:  query (N, T, E), key (N, S, kdim), value (N, S, vdim) → y (N, T, E).
    Without a batch: (T, E), (S, kdim), (S, vdim) → (T, E).

    Args:
        embed_dim      E, a multiple of num_heads
        num_heads      h
        dropout        probability that a weight becomes 0 while training (default 0.0)
        bias           learn biases of the projections (default True)
        add_bias_kv    add one learned key and value to every sequence (default False)
        add_zero_attn  add one zero key and value to every sequence (default False)
        kdim, vdim     features of key and value (default: embed_dim)
        batch_first    (N, T, E) instead of (T, N, E) (default False)
        device         None or 'cpu'
        dtype          of the parameters (default: the default dtype)

    Parameters: in_proj_weight (3E, E), W_Q over W_K over W_V; in_proj_bias (3E); out_proj.

    >>> import minitorch as torch
    >>> attention = torch.nn.MultiheadAttention(8, 2, batch_first=True)
    >>> x = torch.randn(3, 5, 8)
    >>> y, weights = attention(x, x, x)
    >>> y.shape, weights.shape
    (torch.Size([3, 5, 8]), torch.Size([3, 5, 5]))

    Source: Vaswani et al. 2017, arXiv:1706.03762. See: nn/multihead.py for the computation.
    """

    def __init__(
        self,
        embed_dim: int,
        num_heads: int,
        dropout: float = 0.0,
        bias: bool = True,
        add_bias_kv: bool = False,
        add_zero_attn: bool = False,
        kdim: int | None = None,
        vdim: int | None = None,
        batch_first: bool = False,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        if embed_dim <= 0 or num_heads <= 0:
            raise ValueError(
                "embed_dim and num_heads must be greater than 0, got "
                f"embed_dim={embed_dim} and num_heads={num_heads} instead"
            )
        super().__init__()
        self.embed_dim = embed_dim
        self.kdim = embed_dim if kdim is None else kdim
        self.vdim = embed_dim if vdim is None else vdim
        self._qkv_same_embed_dim = self.kdim == embed_dim and self.vdim == embed_dim
        self.num_heads = num_heads
        self.dropout = dropout
        self.batch_first = batch_first
        self.head_dim = embed_dim // num_heads
        if self.head_dim * num_heads != embed_dim:
            raise AssertionError("embed_dim must be divisible by num_heads")

        def new(*shape: int) -> Parameter:
            return Parameter(empty(shape, device=device, dtype=dtype))

        E = embed_dim
        if self._qkv_same_embed_dim:
            self.in_proj_weight = new(3 * E, E)
            for name in ("q_proj_weight", "k_proj_weight", "v_proj_weight"):
                self.register_parameter(name, None)
        else:
            self.q_proj_weight = new(E, E)
            self.k_proj_weight = new(E, self.kdim)
            self.v_proj_weight = new(E, self.vdim)
            self.register_parameter("in_proj_weight", None)
        if bias:
            self.in_proj_bias = new(3 * E)
        else:
            self.register_parameter("in_proj_bias", None)
        self.out_proj = NonDynamicallyQuantizableLinear(
            E, E, bias=bias, device=device, dtype=dtype
        )
        self.bias_k = new(1, 1, E) if add_bias_kv else None
        self.bias_v = new(1, 1, E) if add_bias_kv else None
        self.add_zero_attn = add_zero_attn
        self._reset_parameters()

    def _reset_parameters(self) -> None:
        """Draw the projections by Xavier's rule; biases start at 0."""
        if self._qkv_same_embed_dim:
            init.xavier_uniform_(self.in_proj_weight)
        else:
            init.xavier_uniform_(self.q_proj_weight)
            init.xavier_uniform_(self.k_proj_weight)
            init.xavier_uniform_(self.v_proj_weight)
        if self.in_proj_bias is not None:
            init.zeros_(self.in_proj_bias)
            init.zeros_(self.out_proj.bias)
        if self.bias_k is not None:
            init.xavier_normal_(self.bias_k)
        if self.bias_v is not None:
            init.xavier_normal_(self.bias_v)

    def forward(
        self,
        query: Any,
        key: Any,
        value: Any,
        key_padding_mask: Any = None,
        need_weights: bool = True,
        attn_mask: Any = None,
        average_attn_weights: bool = True,
        is_causal: bool = False,
    ) -> tuple[Any, Any]:
        """Attend; returns (y, attention weights or None).

        Args:
            key_padding_mask      (N, S): True, or −∞ to add, at keys to ignore
            need_weights          also return the weights; False is faster (default True)
            attn_mask             (T, S) or (N·h, T, S): True, or −∞ to add, at pairs to ignore
            average_attn_weights  weights (N, T, S), the mean of the heads, instead of
                                  (N, h, T, S) (default True)
            is_causal             a hint that attn_mask is the causal mask: lets the kernel make
                                  it itself where need_weights is False (default False)
        """
        key_padding_mask = _canonical_mask(
            key_padding_mask, "key_padding_mask", _none_or_dtype(attn_mask), "attn_mask",
            query.dtype,
        )  # fmt: skip
        attn_mask = _canonical_mask(attn_mask, "attn_mask", None, "", query.dtype, False)
        turned = self.batch_first and query.dim() == 3
        if turned:  # to (T, N, E); what was one tensor stays one
            same_kv, same_qk = key is value, query is key
            query = query.transpose(0, 1)
            key = query if same_qk else key.transpose(0, 1)
            value = key if same_kv else value.transpose(0, 1)
        y, weights = F.multi_head_attention_forward(
            query,
            key,
            value,
            self.embed_dim,
            self.num_heads,
            self.in_proj_weight,
            self.in_proj_bias,
            self.bias_k,
            self.bias_v,
            self.add_zero_attn,
            self.dropout,
            self.out_proj.weight,
            self.out_proj.bias,
            training=self.training,
            key_padding_mask=key_padding_mask,
            need_weights=need_weights,
            attn_mask=attn_mask,
            use_separate_proj_weight=not self._qkv_same_embed_dim,
            q_proj_weight=self.q_proj_weight,
            k_proj_weight=self.k_proj_weight,
            v_proj_weight=self.v_proj_weight,
            average_attn_weights=average_attn_weights,
            is_causal=is_causal,
        )
        return (y.transpose(0, 1) if turned else y), weights
