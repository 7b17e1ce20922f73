"""The Transformer's encoder: one layer, and a stack of them. The decoder is in the next file.

An encoder layer adds two corrections to its input x: what attention finds in the other tokens,
and what a two-layer network makes of each token alone.

    norm_first=False (the paper)      x = norm1(x + attention(x));   x = norm2(x + ff(x))        (1)
    norm_first=True  (pre-norm)       x = x + attention(norm1(x));   x = x + ff(norm2(x))        (2)
    ff(x) = W₂ · activation(W₁·x + b₁) + b₂                                                      (3)

with dropout after attention, after the activation and after ff. Letters: N batch, T target and S
source tokens, E = d_model.

Source: Vaswani et al. 2017, arXiv:1706.03762; Xiong et al. 2020, arXiv:2002.04745 (pre-norm);
notes, "nn.TransformerEncoderLayer" and "nn.TransformerEncoder".
"""

from __future__ import annotations

import copy
import math
from typing import Any
from warnings import warn

from ...backends import mha
from ...ops.create import full
from ...ops.feed_forward import feed_forward
from ...ops.triangle import triu
from .. import functional as F
from ..multihead import _canonical_mask, _none_or_dtype
from . import fast_path, fused_layer
from .activation import GELU, ReLU
from .attention import MultiheadAttention
from .container import ModuleList
from .dropout import Dropout
from .fused_layer import activation_kind, is_plain
from .linear import Linear
from .module import Module
from .normalization import LayerNorm
from .packing import Packing


def _get_activation_fn(activation: str) -> Any:
    if activation == "relu":
        return F.relu
    if activation == "gelu":
        return F.gelu
    raise RuntimeError(f"activation should be relu/gelu, not {activation}")


def _get_clones(module: Module, n: int) -> ModuleList:
    """n copies with the same initial numbers: copying draws nothing."""
    return ModuleList([copy.deepcopy(module) for _ in range(n)])


def _generate_square_subsequent_mask(sz: int, device: Any = None, dtype: Any = None) -> Any:
    """The causal mask (sz, sz): 0 on and below the diagonal, −∞ above it (the future)."""
    return triu(full((sz, sz), -math.inf, dtype=dtype, device=device), diagonal=1)


def _get_seq_len(src: Any, batch_first: bool) -> int:
    return src.size(1 if src.dim() == 3 and batch_first else 0)


def _detect_is_causal_mask(mask: Any, is_causal: bool | None, size: int) -> bool:
    """is_causal, found out from the mask itself where the caller did not say."""
    if is_causal is not None or mask is None:
        return is_causal is True
    causal = _generate_square_subsequent_mask(size, dtype=mask.dtype)
    return mask.shape == causal.shape and bool((mask == causal).all())


class _Layer(Module):
    """What encoder and decoder layers share: the feed-forward block (3)."""

    linear1: Linear
    linear2: Linear
    dropout: Dropout
    activation: Any

    def _feed_forward(self, x: Any) -> Any:
        one, drop, two = self.linear1, self.dropout, self.linear2
        kind = activation_kind(self.activation)
        if (
            kind is not None
            and is_plain(one, Linear)
            and is_plain(drop, Dropout)
            and is_plain(two, Linear)
            and (p := drop.p if drop.training else 0.0) < 1
            and x.dtype is one.weight.dtype
            and x.size(-1) == one.in_features
        ):  # nothing can see the steps in between: (3) as one operation
            return feed_forward(x, one.weight, one.bias, two.weight, two.bias, kind, p)
        return two(drop(self.activation(one(x))))  # (3)


class TransformerEncoderLayer(_Layer):
    """Self-attention and feed-forward, each with dropout, a residual connection and LayerNorm.

    Shape: (S, N, E), or (N, S, E) with batch_first, or (S, E) → the same.

    Args:
        d_model          E, the features of a token
        nhead            attention heads; divides d_model
        dim_feedforward  the width of the hidden layer of (3) (default 2048)
        dropout          probability, in attention and after each block (default 0.1)
        activation       'relu' (default), 'gelu', or a function of a tensor
        layer_norm_eps   ε of both LayerNorms (default 1e-5)
        batch_first      (N, S, E) instead of (S, N, E) (default False)
        norm_first       equation (2) instead of (1) (default False)
        bias             learn biases in the linear layers and norms (default True)
        device           None or 'cpu'
        dtype            of the parameters (default: the default dtype)

    >>> import minitorch as torch
    >>> layer = torch.nn.TransformerEncoderLayer(d_model=16, nhead=4, batch_first=True)
    >>> layer(torch.randn(2, 5, 16)).shape
    torch.Size([2, 5, 16])

    Source: notes, "nn.TransformerEncoderLayer".
    """

    def __init__(
        self,
        d_model: int,
        nhead: int,
        dim_feedforward: int = 2048,
        dropout: float = 0.1,
        activation: Any = F.relu,
        layer_norm_eps: float = 1e-5,
        batch_first: bool = False,
        norm_first: bool = False,
        bias: bool = True,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__()
        made: dict[str, Any] = {"bias": bias, "device": device, "dtype": dtype}
        self.self_attn = MultiheadAttention(
            d_model, nhead, dropout=dropout, batch_first=batch_first, **made
        )
        self.linear1 = Linear(d_model, dim_feedforward, **made)
        self.dropout = Dropout(dropout)
        self.linear2 = Linear(dim_feedforward, d_model, **made)
        self.norm_first = norm_first
        self.norm1 = LayerNorm(d_model, eps=layer_norm_eps, **made)
        self.norm2 = LayerNorm(d_model, eps=layer_norm_eps, **made)
        self.dropout1 = Dropout(dropout)
        self.dropout2 = Dropout(dropout)
        if isinstance(activation, str):
            activation = _get_activation_fn(activation)
        # 1 ReLU, 2 GELU, 0 another one: the encoder looks at it
        if activation is F.relu or isinstance(activation, ReLU):
            self.activation_relu_or_gelu = 1
        elif activation is F.gelu or isinstance(activation, GELU):
            self.activation_relu_or_gelu = 2
        else:
            self.activation_relu_or_gelu = 0
        self.activation = activation

    def forward(
        self,
        src: Any,
        src_mask: Any = None,
        src_key_padding_mask: Any = None,
        is_causal: bool = False,
    ) -> Any:
        """Equation (1) or (2).

        Args:
            src_mask              (S, S) or (N·h, S, S): True, or −∞ to add, at pairs to ignore
            src_key_padding_mask  (N, S): True, or −∞ to add, at padding tokens
            is_causal             a hint that src_mask is the causal mask (default False)

        In evaluation the same equations run without the modules: see fast_path.py.
        """
        padding = _canonical_mask(
            src_key_padding_mask, "src_key_padding_mask", _none_or_dtype(src_mask), "src_mask",
            src.dtype,
        )  # fmt: skip
        src_mask = _canonical_mask(src_mask, "src_mask", None, "", src.dtype, False)
        if src.dim() == 3 and fast_path.is_open(self, src):
            return fast_path.evaluate([self], src, src_mask, padding)
        masked = src_mask is not None or padding is not None or is_causal
        if not masked and _has_standard_blocks(self) and fused_layer.fits(self, src):
            return fused_layer.apply(self, src)  # nothing can see the steps in between
        x = src
        if self.norm_first:  # (2)
            x = x + self._sa_block(self.norm1(x), src_mask, padding, is_causal)
            return x + self._ff_block(self.norm2(x))
        x = self.norm1(x + self._sa_block(x, src_mask, padding, is_causal))  # (1)
        return self.norm2(x + self._ff_block(x))

    def _sa_block(
        self, x: Any, attn_mask: Any, key_padding_mask: Any, is_causal: bool = False
    ) -> Any:
        x, _ = self.self_attn(
            x, x, x, attn_mask=attn_mask, key_padding_mask=key_padding_mask,
            need_weights=False, is_causal=is_causal,
        )  # fmt: skip
        return self.dropout1(x)

    def _ff_block(self, x: Any) -> Any:
        return self.dropout2(self._feed_forward(x))


class TransformerEncoder(Module):
    """A stack of num_layers copies of encoder_layer, and a norm at the end if given.

    In eval mode without gradients, with a src_key_padding_mask and no other mask, padding is not
    computed at all: the real tokens are packed into one matrix before the layers and unpacked
    after them (see packing.py). The output is zero, before the norm, where padding was.

    Args:
        encoder_layer         the layer to copy (also any module with its forward and a self_attn)
        num_layers            how many copies
        norm                  applied to the last layer's output (default None)
        enable_nested_tensor  skip the padding as described (default True); the constructor warns
                              where the layer rules it out (e.g. norm_first)
        mask_check            skip only if every sequence's padding is at its end; False: take
                              that for granted (default True)

    >>> import minitorch as torch
    >>> layer = torch.nn.TransformerEncoderLayer(16, 4, batch_first=True)
    >>> torch.nn.TransformerEncoder(layer, num_layers=2)(torch.randn(2, 5, 16)).shape
    torch.Size([2, 5, 16])

    Source: notes, "nn.TransformerEncoder".
    """

    def __init__(
        self,
        encoder_layer: Any,
        num_layers: int,
        norm: Module | None = None,
        enable_nested_tensor: bool = True,
        mask_check: bool = True,
    ) -> None:
        super().__init__()
        self.layers = _get_clones(encoder_layer, num_layers)
        self.num_layers = num_layers
        self.norm = norm
        self.enable_nested_tensor = enable_nested_tensor
        self.use_nested_tensor = enable_nested_tensor
        self.mask_check = mask_check
        reason = _why_padding_is_computed(encoder_layer)
        if enable_nested_tensor and reason:
            warn(
                "enable_nested_tensor is True, but self.use_nested_tensor is False because "
                + reason,
                stacklevel=2,
            )
            self.use_nested_tensor = False

    def forward(
        self,
        src: Any,
        mask: Any = None,
        src_key_padding_mask: Any = None,
        is_causal: bool | None = None,
    ) -> Any:
        """Apply the layers in order; arguments as in `TransformerEncoderLayer.forward`.

        ``is_causal=None`` (default) finds out from the mask.
        """
        padding = _canonical_mask(
            src_key_padding_mask, "src_key_padding_mask", _none_or_dtype(mask), "mask", src.dtype
        )
        mask = _canonical_mask(mask, "mask", None, "", src.dtype, False)
        batch_first = self.layers[0].self_attn.batch_first
        lengths = self._lengths(src, mask, padding)
        if lengths is not None:
            output = self._packed(src, lengths)
        else:
            is_causal = _detect_is_causal_mask(mask, is_causal, _get_seq_len(src, batch_first))

            def slow(layer: Any, x: Any) -> Any:
                return layer(x, src_mask=mask, is_causal=is_causal, src_key_padding_mask=padding)

            def fast(layers: list[Any], x: Any) -> Any:
                return fast_path.evaluate(layers, x, mask, padding)

            output = self._through(src, fast if src.dim() == 3 else None, slow)
        return output if self.norm is None else self.norm(output)

    def _through(self, x: Any, fast: Any, slow: Any) -> Any:
        """x after all layers: fast(layers, x) for a stretch of them on the fast path, if given;
        slow(layer, x) for each other one."""
        rest = list(self.layers)
        while rest:
            heads = _fast_heads(rest[0], x) if fast else 0
            count = 1
            while heads and count < len(rest) and _fast_heads(rest[count], x) == heads:
                count += 1
            x = fast(rest[:count], x) if heads else slow(rest[0], x)
            rest = rest[count:]
        return x

    def _lengths(self, src: Any, mask: Any, padding: Any) -> Any:
        """How many tokens each sequence has, if padding may be skipped; else None."""
        first = self.layers[0]
        if not mha.get_fastpath_enabled() or not self.use_nested_tensor or first.training:
            return None
        if src.dim() != 3 or padding is None:
            return None
        real = padding == 0
        if self.mask_check and not _is_left_aligned(src, real):
            return None
        if mask is not None or fast_path.wants_gradient(first, src):
            return None
        _check_padding(src, real)
        return real.sum(1)

    def _packed(self, src: Any, lengths: Any) -> Any:
        """The layers on the real tokens alone."""
        packing = Packing(lengths, src.size(1))
        if not packing.runs:
            raise RuntimeError(
                "to_padded_tensor: at least one constituent tensor should have non-zero numel"
            )

        def slow(layer: Any, x: Any) -> Any:
            if _is_standard(layer):
                fast_path.check_attention(layer, x)
            return packing.run_by_run(layer, x)

        def fast(layers: list[Any], x: Any) -> Any:
            return fast_path.evaluate_packed(layers, x, packing.runs)

        x = self._through(packing.pack(src), fast, slow)
        return packing.unpack(x)


def _check_padding(src: Any, real: Any) -> None:
    if real.dim() != 2:
        raise RuntimeError("Padding mask should be 2D")
    if real.shape != src.shape[:2]:
        raise RuntimeError("Mask size should match input size")


def _is_left_aligned(src: Any, real: Any) -> bool:
    """Whether no sequence has a token after padding."""
    _check_padding(src, real)
    return not (real[:, 1:] & ~real[:, :-1]).any()


def _is_standard(layer: Any) -> bool:
    """Whether the layer's forward is the one of this file."""
    forward = TransformerEncoderLayer.forward
    return getattr(type(layer), "forward", None) is forward and "forward" not in layer.__dict__


def _has_standard_blocks(layer: Any) -> bool:
    """Whether the layer's _sa_block and _ff_block are those of this file."""
    cls, own = TransformerEncoderLayer, layer.__dict__
    return all(
        getattr(type(layer), name) is getattr(cls, name) and name not in own
        for name in ("_sa_block", "_ff_block", "_feed_forward")
    )


def _fast_heads(layer: Any, x: Any) -> int:
    """The layer's heads if x takes the fast path through it, else 0."""
    return layer.self_attn.num_heads if _is_standard(layer) and fast_path.is_open(layer, x) else 0


def _why_padding_is_computed(layer: Any) -> str:
    """What about the layer rules out skipping the padding, in PyTorch's words; "" if nothing."""
    if not isinstance(layer, TransformerEncoderLayer):
        return "encoder_layer was not TransformerEncoderLayer"
    if layer.norm_first:
        return "encoder_layer.norm_first was True"
    return fast_path.unfit(layer)
