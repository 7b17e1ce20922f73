"""Programs for test_same_seed.py: layers that draw in training, small ones and large ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .programs_models import new_vit
from .programs_tensors import SHARED, Found, Program, views

EXACT: dict[str, Program] = {}
CLOSE: dict[str, Program] = {}
LIVE: dict[str, Program] = {}


def trained(torch: Any, module: Any, *inputs: Any, masks: bool = False, **options: Any) -> Found:
    """Forward and backward in training: outputs, gradients, and with `masks` what was dropped.

    A look at what the inner dropouts return makes minitorch go step by step; without, it may take
    the kernels that do several steps in one.
    """
    found: Found = {}
    if masks:
        for name, m in module.named_modules():
            if isinstance(m, torch.nn.Dropout):
                m.register_forward_hook(
                    lambda m, x, y, name=name: found.update({f"dropped by {name}": y == 0})
                )
    inputs = tuple(x.requires_grad_() for x in inputs)
    y = module(*inputs, **options)
    y, *more = y if isinstance(y, tuple) else (y,)
    (y * (torch.arange(y.numel()) % 7 + 1).reshape(y.shape)).sum().backward()
    found |= {"y": y, "dx": inputs[0].grad}
    if more and hasattr(more[0], "detach"):
        found |= {"weights": more[0], "lost": more[0] == 0}
    found |= {f"gradient {i}": x.grad for i, x in enumerate(inputs[1:])}
    if hasattr(module, "named_parameters"):
        found |= {f"gradient of {n}": p.grad for n, p in module.named_parameters()}
    return found


def encoder_layer(
    first: bool, activation: str, batch_first: bool, mask: str, masks: bool
) -> Program:
    """A program: one small TransformerEncoderLayer in training."""

    def program(torch: Any) -> Found:
        layer = torch.nn.TransformerEncoderLayer(
            4, 2, 6, 0.3, activation, batch_first=batch_first, norm_first=first
        )
        x = torch.randn(2, 3, 4) if batch_first else torch.randn(3, 2, 4)
        options = {
            "no mask": {}, "causal": {"src_mask": torch.ones(3, 3).triu(1) > 0, "is_causal": True},
            "padding": {"src_key_padding_mask": torch.tensor([[False, False, True], [False] * 3])},
        }[mask]  # fmt: skip
        return trained(torch, layer, x, masks=masks, **options)

    return program


for first, activation, batch_first, mask in (
    (False, "relu", True, "no mask"), (False, "gelu", False, "causal"), (True, "gelu", True, "no mask"),
    (True, "relu", False, "padding"), (True, "relu", True, "causal"), (False, "relu", False, "no mask"),
    (False, "gelu", True, "padding"), (True, "gelu", False, "no mask"),
):  # fmt: skip
    title = f"encoder layer {activation}, {mask}" + ", norm_first" * first
    title += ", batch_first" * batch_first
    CLOSE.update({title: encoder_layer(first, activation, batch_first, mask, False)})
    CLOSE.update({f"{title}, watched": encoder_layer(first, activation, batch_first, mask, True)})


def attention(*size: int, **options: Any) -> Program:
    """MultiheadAttention with dropout; some options are the module's, the others the call's."""
    inner = {k: options.pop(k) for k in ("batch_first", "add_bias_kv", "bias") if k in options}
    itself = options.pop("itself", False)

    def program(torch: Any) -> Found:
        module = torch.nn.MultiheadAttention(size[-1], 2, dropout=0.3, **inner)
        if itself:  # one input: the three projections are one product
            return trained(torch, Alike(module), torch.randn(size), **options)
        return trained(torch, module, *(torch.randn(size) for _ in range(3)), **options)

    return program


class Alike:
    """A module of three inputs that are the same."""

    def __init__(self, module: Any) -> None:
        self.module = module
        self.named_parameters = module.named_parameters

    def __call__(self, x: Any, **options: Any) -> Any:
        return self.module(x, x, x, **options)


def scaled(*size: int, mask: bool = False, turned: bool = False, **options: Any) -> Program:
    """scaled_dot_product_attention; `turned`: the heads are views of (N, T, h, D)."""

    def program(torch: Any) -> Found:
        q, k, v = (torch.randn(size) for _ in range(3))
        if turned:
            q, k, v = (x.transpose(1, 2) for x in (q, k, v))
        tokens = q.shape[-2]
        more = {"attn_mask": torch.rand(tokens, tokens) < 0.8} if mask else {}
        call = torch.nn.functional.scaled_dot_product_attention
        return trained(torch, call, q, k, v, dropout_p=0.3, **options, **more)

    return program


def layer(
    make: Callable[[Any], Any], *sizes: tuple[int, ...], masks: bool = False, turned: bool = False
) -> Program:
    """A program: the module in training on normal inputs; `turned`: on views with dims exchanged."""

    def program(torch: Any) -> Found:
        inputs = [torch.randn(size) for size in sizes]
        inputs = [x.transpose(0, 1) for x in inputs] if turned else inputs
        return trained(torch, make(torch.nn), *inputs, masks=masks)

    return program


def without_gradients(torch: Any) -> Found:
    """Masks are drawn in training mode even where nothing is recorded, and not in eval mode."""
    model = encoder(torch.nn, 4, 2, 6, 0.3, batch_first=True)
    with torch.no_grad():
        return {"y": model(torch.randn(2, 3, 4)), "weights": model.eval()(torch.randn(2, 3, 4))}


def encoder(nn: Any, *args: Any, **options: Any) -> Any:
    """A TransformerEncoder of two layers."""
    one = nn.TransformerEncoderLayer(*args, **options)
    return nn.TransformerEncoder(one, 2, enable_nested_tensor=False)


def of_views(call: Callable[[Any, Any], Any], *dtypes: str) -> Program:
    """A program: call(functional, view) for every layout in memory."""
    return lambda torch: {
        f"{kind} {name}": call(torch.nn.functional, view)
        for kind in dtypes
        for name, view in views(torch, getattr(torch, kind)).items()
    }


EXACT.update({
    "dropout": of_views(lambda F, x: F.dropout(x, 0.3), "float32", "float64", "float16"),
    "dropout in place": of_views(lambda F, x: F.dropout(x.clone(), 0.1, inplace=True), "float32"),
    "dropout of a view in place": lambda torch: {
        name: torch.nn.functional.dropout(view, 0.5, inplace=True)
        for name, view in views(torch, torch.float32).items() if name not in SHARED
    },
    "dropout1d": of_views(lambda F, x: F.dropout1d(x, 0.4) if x.ndim == 3 else x, "float32"),
    "dropout2d": of_views(lambda F, x: F.dropout2d(x, 0.4) if x.ndim == 4 else x, "float32"),
    "alpha_dropout": of_views(lambda F, x: F.alpha_dropout(x, 0.3, True) > 0, "float32"),
})  # fmt: skip

FEW, NCHW = (2, 3, 5), (2, 5, 2, 2)
CLOSE.update({
    "Dropout": layer(lambda nn: nn.Dropout(0.3), FEW, masks=True),
    "Dropout1d": layer(lambda nn: nn.Dropout1d(0.4), FEW),
    "Dropout2d": layer(lambda nn: nn.Dropout2d(0.4), NCHW),
    "Dropout3d": layer(lambda nn: nn.Dropout3d(0.4), (2, 3, 2, 2, 2)),
    "AlphaDropout": layer(lambda nn: nn.AlphaDropout(0.4), FEW),
    "FeatureAlphaDropout": layer(lambda nn: nn.FeatureAlphaDropout(0.4), NCHW),
    "RReLU": layer(lambda nn: nn.RReLU(), FEW),
    "gumbel_softmax": lambda torch: {
        "y": torch.nn.functional.gumbel_softmax(torch.randn(5, 7), 0.7),
        "chosen": torch.nn.functional.gumbel_softmax(torch.randn(5, 7), hard=True) > 0.5,
    },
    "encoder layer, turned": layer(
        lambda nn: nn.TransformerEncoderLayer(4, 2, 6, 0.3), (2, 3, 4), turned=True
    ),
    "encoder layer, norm_first, batch_first, turned": layer(
        lambda nn: nn.TransformerEncoderLayer(4, 2, 6, 0.3, batch_first=True, norm_first=True),
        (3, 2, 4), turned=True,
    ),
    "encoder layer, no batch": layer(lambda nn: nn.TransformerEncoderLayer(4, 2, 6, 0.3), (5, 4)),
    "encoder layer, p 0": layer(lambda nn: nn.TransformerEncoderLayer(4, 2, 6, 0.0), (5, 2, 4)),
    "encoder layer, p 1": layer(lambda nn: nn.TransformerEncoderLayer(4, 2, 6, 1.0), (5, 2, 4)),
    "TransformerEncoder without gradients": without_gradients,
    "TransformerEncoder": layer(lambda nn: encoder(nn, 4, 2, 6, 0.2, batch_first=True), (2, 3, 4)),
    "TransformerEncoder, watched": layer(lambda nn: encoder(nn, 4, 2, 6, 0.2), (2, 3, 4), masks=True),
    "TransformerDecoderLayer": layer(
        lambda nn: nn.TransformerDecoderLayer(4, 2, 6, 0.3), (3, 2, 4), (2, 2, 4)
    ),
    "TransformerDecoderLayer, norm_first, batch_first": layer(
        lambda nn: nn.TransformerDecoderLayer(
            4, 2, 6, 0.3, "gelu", batch_first=True, norm_first=True
        ),
        (2, 3, 4), (2, 2, 4), masks=True,
    ),
    "Transformer": layer(lambda nn: nn.Transformer(4, 2, 1, 1, 6, 0.3), (3, 2, 4), (2, 2, 4)),
    "MultiheadAttention": attention(3, 2, 4),
    "MultiheadAttention, every head": attention(2, 3, 4, batch_first=True, average_attn_weights=False),
    "MultiheadAttention, no weights": attention(2, 3, 4, batch_first=True, need_weights=False),
    "MultiheadAttention of itself": attention(2, 3, 4, batch_first=True, itself=True),
    "MultiheadAttention of itself, no weights": attention(3, 2, 4, itself=True, need_weights=False),
    "MultiheadAttention, no weights, no batch": attention(5, 4, bias=False, need_weights=False),
    "MultiheadAttention, bias_k": attention(3, 2, 4, add_bias_kv=True),
    "attention": scaled(2, 2, 4, 3),
    "attention, turned": scaled(2, 4, 2, 3, turned=True),
    "attention, causal": scaled(2, 5, 2, is_causal=True),
    "attention, mask": scaled(1, 2, 4, 3, mask=True),
    "LSTM": layer(lambda nn: nn.LSTM(3, 4, 3, dropout=0.4), (3, 2, 3)),
    "LSTM, bidirectional, batch_first": layer(
        lambda nn: nn.LSTM(3, 2, 2, dropout=0.4, bidirectional=True, batch_first=True), (2, 3, 3)
    ),
    "GRU": layer(lambda nn: nn.GRU(3, 4, 2, dropout=0.4), (3, 2, 3)),
    "RNN": layer(lambda nn: nn.RNN(3, 4, 2, dropout=0.4, batch_first=True), (2, 3, 3)),
})  # fmt: skip


def vit_step(torch: Any) -> Found:
    """The example's model on a batch of 64: its loss and every gradient."""
    model = new_vit(torch, "default")
    loss = torch.nn.functional.cross_entropy(
        model(torch.randn(64, 1, 28, 28)), torch.arange(64) % 10
    )
    loss.backward()
    return {"loss": loss} | {n: p.grad for n, p in model.named_parameters()}


MIDDLE, LONG = (64, 50, 64), (64, 4, 50, 16)
LIVE.update({
    "a step of the example": vit_step,
    "encoder layer": layer(
        lambda nn: nn.TransformerEncoderLayer(64, 4, 256, 0.1, batch_first=True), MIDDLE
    ),
    "encoder layer, gelu, norm_first": layer(
        lambda nn: nn.TransformerEncoderLayer(
            64, 4, 1500, 0.1, "gelu", batch_first=True, norm_first=True
        ),
        MIDDLE,
    ),
    "encoder layer, not batch_first": layer(
        lambda nn: nn.TransformerEncoderLayer(64, 4, 128, 0.1, "gelu"), MIDDLE
    ),
    "encoder layer, turned": layer(
        lambda nn: nn.TransformerEncoderLayer(64, 4, 128), MIDDLE, turned=True
    ),
    "encoder layer, norm_first, batch_first, turned": layer(
        lambda nn: nn.TransformerEncoderLayer(64, 4, 128, batch_first=True, norm_first=True),
        (50, 64, 64), turned=True,
    ),
    "TransformerEncoder": layer(lambda nn: encoder(nn, 64, 4, 128, batch_first=True), MIDDLE),
    "TransformerDecoderLayer": layer(
        lambda nn: nn.TransformerDecoderLayer(64, 4, 128, batch_first=True), MIDDLE, MIDDLE
    ),
    "MultiheadAttention": attention(*MIDDLE, average_attn_weights=False),
    "MultiheadAttention of itself": attention(*MIDDLE, batch_first=True, itself=True),
    "MultiheadAttention, no weights": attention(*MIDDLE, batch_first=True, need_weights=False),
    "attention": scaled(*LONG),
    "attention, turned": scaled(64, 50, 4, 16, turned=True),
    "attention, causal": scaled(*LONG, is_causal=True),
    "attention, mask": scaled(*LONG, mask=True),
    "Dropout": layer(lambda nn: nn.Dropout(0.1), (64, 50, 128), masks=True),
    "Dropout, turned": layer(lambda nn: nn.Dropout(0.5), (64, 50, 128), masks=True, turned=True),
    "LSTM": layer(lambda nn: nn.LSTM(64, 64, 2, dropout=0.3, batch_first=True), (64, 10, 64)),
})  # fmt: skip
