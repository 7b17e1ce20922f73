"""What an encoder in evaluation makes of padding, one row per condition of PyTorch's fast path.

A row changes one thing of a small encoder (2 layers, E 4, 2 heads, float64, eval mode, dropout 0.5
that must not be seen) and calls it on x (3, 5, 4). Stored in goldens/padding.json are PyTorch's
numbers, or its exception. P is padding at the ends, A the same with a first row of padding only.
"""

from __future__ import annotations

import math
import warnings
from typing import Any, NamedTuple

CALL = "encoder(x, src_key_padding_mask=P)"
ALL = "encoder(x, src_key_padding_mask=A)"
OFF = "enable_nested_tensor=False"


class Row(NamedTuple):
    name: str
    change: str = ""  # statements on `encoder` and its layers `one`, `two`
    call: str = CALL
    layer: str = ""  # arguments of TransformerEncoderLayer
    stack: str = ""  # arguments of TransformerEncoder
    grad: bool = False  # grad mode
    text: bool = True  # the exception's text is PyTorch's, not only its type


def hook(where: str, kind: str = "forward_hook") -> Row:
    change = f"encoder.get_submodule('{where}').register_{kind}(lambda *a: None)"
    return Row(f"{kind} on {where}", change)


def first(change: str, layer: str = "", grad: bool = False) -> Row:
    """One layer's own path, seen by its nan for a sequence of padding only."""
    return Row(f"layer: {change or layer or 'as it is'}, grad {grad}", change,
               "one(x, src_key_padding_mask=A)", layer, grad=grad)  # fmt: skip


PARAMETERS = [
    "self_attn.in_proj_weight", "self_attn.in_proj_bias", "self_attn.out_proj.weight",
    "self_attn.out_proj.bias", "linear1.weight", "linear1.bias", "linear2.weight",
    "linear2.bias", "norm1.weight", "norm1.bias", "norm2.weight", "norm2.bias",
]  # fmt: skip
INNER = ["self_attn", "self_attn.out_proj", "linear1", "dropout", "linear2", "norm1", "dropout2"]
FROZEN = "encoder.requires_grad_(False)"
SUBCLASS = """
class Twice(nn.TransformerEncoderLayer):
    def forward(self, *args, **kw):
        return 2 * super().forward(*args, **kw)
two.__class__ = Twice"""
OTHER = """
class Plus(nn.Module):
    def forward(self, src, src_mask=None, src_key_padding_mask=None, is_causal=False):
        return src + 1
encoder.layers[1] = Plus()"""
BLOCK = """
class Broken(nn.TransformerEncoderLayer):
    def _sa_block(self, *args):
        raise ValueError
two.__class__ = Broken"""

# fmt: off
ROWS = [
    # -- the encoder: padding is skipped, or it isn't
    Row("skipped"),
    Row("no gradient wanted", FROZEN, grad=True),
    Row("first layer wants gradients", grad=True),
    *[Row(f"first layer: {p} wants a gradient", f"{FROZEN}; one.get_parameter('{p}').requires_grad_()",
          grad=True) for p in PARAMETERS],
    *[Row(f"second layer: {p} wants a gradient",
          f"{FROZEN}; two.get_parameter('{p}').requires_grad_()", grad=True) for p in PARAMETERS[2:6]],
    Row("src wants a gradient", f"{FROZEN}; x.requires_grad_()", grad=True),
    Row("another parameter wants one",
        f"{FROZEN}; one.register_parameter('more', nn.Parameter(torch.ones(1)))", grad=True),
    Row("training", "encoder.train(); [setattr(m, 'p', 0.0) for m in encoder.modules() if "
        "isinstance(m, nn.Dropout)]; one.self_attn.dropout = two.self_attn.dropout = 0.0"),
    Row("only the encoder's training flag", "encoder.training = True"),
    Row("only the first layer's flag", "one.training = True"),
    Row("only the second layer's flag", "two.training = True"),
    Row("second layer training", "two.train()"),
    Row("first layer's attention training", "one.self_attn.train()"),
    Row("first layer's dropout training", "one.dropout.train()"),
    Row("fast path disabled", "torch.backends.mha.set_fastpath_enabled(False)"),
    Row("enable_nested_tensor=False", stack=OFF),
    Row("use_nested_tensor turned off", "encoder.use_nested_tensor = False"),
    Row("enable_nested_tensor turned off later", "encoder.enable_nested_tensor = False"),
    Row("unbatched", call="encoder(x[0], src_key_padding_mask=P[0])"),
    Row("no mask", call="encoder(x)"),
    Row("no padding in the mask", call="encoder(x, src_key_padding_mask=P & False)"),
    Row("with a bool mask", call="encoder(x, torch.zeros(5, 5).bool(), P)"),
    Row("with a float mask", call="encoder(x, torch.zeros(5, 5).double(), P)"),
    Row("with a causal mask", call="encoder(x, torch.ones(5, 5).triu(1).bool(), P)"),
    Row("is_causal without a mask", call="encoder(x, src_key_padding_mask=P, is_causal=True)"),
    Row("norm", "encoder.norm = nn.LayerNorm(4).double(); nn.init.ones_(encoder.norm.bias)"),
    Row("mask_check: padding first", call="encoder(x, src_key_padding_mask=P.flip(1))"),
    Row("no mask_check: padding first", "encoder.mask_check = False",
        "encoder(x, src_key_padding_mask=P.flip(1))"),
    Row("mask_check=False: a hole", stack="mask_check=False",
        call="encoder(x, src_key_padding_mask=P.roll(1, 1))"),
    Row("mask_check=False, aligned", stack="mask_check=False"),
    Row("mask of -inf", call="encoder(x, src_key_padding_mask=P.double().masked_fill(P, -math.inf))"),
    Row("mask of finite numbers", call="encoder(x, src_key_padding_mask=P * -3.0)"),
    Row("mask of float64 for float32", "encoder.float(); x = x.float()",
        "encoder(x, src_key_padding_mask=P.double())"),
    Row("mask of integers", call="encoder(x, src_key_padding_mask=P.long())"),
    Row("a sequence of padding only", call=ALL),
    Row("padding only", call="encoder(x, src_key_padding_mask=P | True)"),
    Row("padding only, computed", call="encoder(x, src_key_padding_mask=P | True)", stack=OFF),
    Row("one token each", call="encoder(x[:, :1], src_key_padding_mask=P[:, :1])"),
    Row("nan in the padding", call="encoder(x.masked_fill(P.unsqueeze(2), math.nan), None, P)"),
    Row("nan in a token", "x[1, 2, 0] = math.nan"),
    Row("src transposed", call="encoder(x.transpose(0, 1).contiguous().transpose(0, 1), None, P)"),
    Row("src is left alone", call=f"({CALL}, x)[1]"),
    Row("all have padding", call="encoder(x, None, (torch.arange(5) > 2).expand(3, 5))"),
    # -- masks that don't fit
    Row("mask too short", call="encoder(x, src_key_padding_mask=P[:, :4])"),
    Row("mask of another batch", call="encoder(x, src_key_padding_mask=P[:2])"),
    Row("mask 1-D", call="encoder(x, src_key_padding_mask=P[0])"),
    Row("mask 3-D", call="encoder(x, src_key_padding_mask=P.unsqueeze(0))"),
    Row("mask too short, unchecked", stack="mask_check=False",
        call="encoder(x, src_key_padding_mask=P[:, :4])"),
    Row("mask too short, with another", call="encoder(x, torch.zeros(5, 5).bool(), P[:, :4])"),
    Row("mask too short, gradients", call="encoder(x, None, P[:, :4])", grad=True),
    Row("mask too short, computed", stack=OFF, call="encoder(x, None, P[:, :4])", text=False),
    Row("mask 1-D, computed", stack=OFF, call="encoder(x, None, P[0])", text=False),
    Row("src_mask too short", call="encoder(x, P[:, :3], None)", text=False),
    Row("src_mask 3-D of another batch", call="encoder(x, torch.ones(3, 5, 5) > 2)", text=False),
    Row("src of another width", call="encoder(x[:, :, :3], None, P)", text=False),
    Row("src of another dtype", call="encoder(x.float(), None, P)", text=False),
    Row("src of another dtype, computed", stack=OFF, call="encoder(x.float(), None, P)", text=False),
    Row("src of integers", call="encoder(x.long(), None, P)"),
    Row("empty batch", call="encoder(x[:0], None, P[:0])", text=False),
    Row("empty batch, computed", stack=OFF, call="encoder(x[:0], None, P[:0])"),
    # -- the layers
    Row("no layers", "encoder = nn.TransformerEncoder(one, 0).eval()"),
    Row("no layers, no mask", "encoder = nn.TransformerEncoder(one, 0).eval()", "encoder(x)"),
    Row("no self_attn", "encoder = nn.TransformerEncoder(nn.Linear(4, 4), 1, None, False)"),
    *[Row(f"layers: {kw}", layer=kw) for kw in (
        "norm_first=True", "batch_first=False", "nhead=1", "bias=False", "activation='gelu'",
        "activation=torch.tanh", "activation=nn.ReLU()", "activation=nn.GELU('tanh')",
        "activation=nn.SiLU()", "layer_norm_eps=0.1")],
    Row("a hooked encoder", "encoder.register_forward_hook(lambda *a: None)"),
    hook("layers.0"), hook("layers.1"), hook("layers.1", "forward_pre_hook"),
    *[hook(f"layers.{i}.{name}") for i in (0, 1) for name in INNER],
    *[hook(f"layers.1.{name}", "forward_pre_hook") for name in INNER],
    *[Row(f"{layer}: {change}", change.replace("it.", layer + "."))
      for layer in ("one", "two") for change in (
        "it.norm_first = True", "it.activation_relu_or_gelu = 0", "it.norm1.eps = 0.1",
        "it.self_attn.num_heads = 1", "it.self_attn.batch_first = False",
        "it.activation = torch.sigmoid", "it.linear1.forward = None",
        "it.forward = lambda src, **kw: src * 2",
        "it.self_attn.add_zero_attn = True", "it.self_attn._qkv_same_embed_dim = False",
        "it.activation_relu_or_gelu = 0; it.self_attn.train()",
        "it.activation_relu_or_gelu = 0; it.self_attn.add_zero_attn = True",
        "it.activation_relu_or_gelu = 0; it.self_attn.bias_v = one.norm1.bias",
        "it.activation_relu_or_gelu = 0; it.self_attn.bias_k = one.norm1.bias")],
    Row("feed-forward that does not fit",
        "one.linear1 = nn.Linear(4, 9).double(); encoder.requires_grad_(False)", text=False),
    Row("feed-forward that does not fit, computed", "one.linear1 = nn.Linear(4, 9).double()",
        grad=True),
    Row("subclass with a forward", SUBCLASS),
    Row("subclass with its own block", BLOCK),
    Row("another module", OTHER),
    Row("float16", "encoder.half(); x = x.half()"),
    # -- one layer's fast path
    first(""), first("", grad=True), first(FROZEN, grad=True),
    *[first(f"{FROZEN}; one.get_parameter('{p}').requires_grad_()", grad=True) for p in PARAMETERS],
    first("one.training = True"),
    first("torch.backends.mha.set_fastpath_enabled(False)"),
    first("one.dropout.train()"), first("one.self_attn.train()"),
    first("one.dropout = nn.Identity()"),
    first("one.norm1.eps = 0.1"), first("one.activation = torch.sigmoid"),
    first("one.linear1.forward = None"), first("one.norm1 = nn.Identity()"),
    *[first(f"one.get_submodule('{m}').register_forward_hook(lambda *a: None)") for m in INNER],
    *[first("", kw) for kw in ("norm_first=True", "batch_first=False", "nhead=1", "bias=False",
                               "activation='gelu'", "activation=nn.GELU('tanh')",
                               "activation=torch.tanh")],
    *[Row(f"layer: {args}", call=f"one(x, {args})") for args in (
        "None, P", "None, P.double().masked_fill(P, -math.inf)",
        "None, P * -3.0", "None, x[:, :, 0]", "torch.ones(5, 5).triu(1).bool()",
        "torch.ones(5, 5).triu(1).bool(), A", "nn.Transformer.generate_square_subsequent_mask(5)",
        "x[0] @ x[0].T > 0", "x[0] @ x[0].T", "x[0] @ x[0].T, P",
        "(torch.arange(5) == 2).unsqueeze(1).expand(5, 5)", "(torch.arange(150) % 7 > 3).view(6, 5, 5)",
        "(torch.arange(150) % 7 > 3).view(6, 5, 5), P", "torch.ones(5, 5).triu(1), P.double()",
        "None, None, True", "None, P, True", "None, P.float()", "torch.zeros(5, 5).long()")],
    Row("one query without a key, then another layer", call=
        "encoder(x, (torch.arange(5) == 2).unsqueeze(1).expand(5, 5))"),
    Row("Transformer", call="nn.Transformer(4, 2, 1, 1, 8, batch_first=True, dtype=x.dtype).eval()"
        "(x, x, src_key_padding_mask=P, memory_key_padding_mask=P)"),
]
# fmt: on


def outcome(row: Row, torch: Any) -> dict[str, Any]:
    """{shape, numbers} or {error, text}; and the warnings."""
    nn = torch.nn
    P = torch.tensor([[0, 0, 1, 1, 1], [0] * 5, [0, 0, 0, 0, 1]]).bool()
    A = torch.tensor([[1] * 5, [0] * 5, [0, 0, 0, 0, 1]]).bool()
    env = {"torch": torch, "nn": nn, "math": math, "P": P, "A": A}
    made: dict[str, Any] = eval(f"dict({row.layer})", env)
    stack: dict[str, Any] = eval(f"dict({row.stack})", env)
    torch.manual_seed(0)
    given = {"nhead": 2, "dropout": 0.5, "batch_first": True, "dtype": torch.float64, **made}
    with warnings.catch_warnings(record=True) as caught, torch.set_grad_enabled(row.grad):
        warnings.simplefilter("always")
        layer = nn.TransformerEncoderLayer(4, dim_feedforward=8, **given)
        encoder = nn.TransformerEncoder(layer, 2, **stack).eval()
        for i, p in enumerate(encoder.parameters()):  # biases are not 0, layers not equal
            p.data += 0.1 * torch.sin(i + torch.arange(p.numel(), dtype=p.dtype)).view(p.shape)
        env |= {"encoder": encoder, "one": encoder.layers[0], "two": encoder.layers[1]}
        env["x"] = torch.cos(0.7 * torch.arange(60, dtype=torch.float64) ** 1.5).view(3, 5, 4)
        try:
            exec(row.change.strip(), env)
            y = eval(row.call, env)
            numbers = [round(v, 10) for v in y.detach().double().flatten().tolist()]
            found = {"shape": list(y.shape), "dtype": str(y.dtype).split(".")[-1],
                     "numbers": numbers, "requires_grad": y.requires_grad}  # fmt: skip
        except Exception as error:
            found = {"error": type(error).__name__, "text": str(error)}
        finally:
            torch.backends.mha.set_fastpath_enabled(True)
    prototype = "The PyTorch API of nested tensors is in prototype stage"
    texts = [str(w.message) for w in caught]
    return {**found, "warnings": [t for t in texts if not t.startswith(prototype)]}
