"""What each parameter does: TransformerEncoderLayer and TransformerEncoder."""

from __future__ import annotations

from .running import Group, Row

TOKENS = "x = torch.randn(3, 2, 4)"  # (token, batch, feature)
# dropout draws random numbers: two calls in a row show it, eval shows the rest
SMALL = {"d_model": "4", "nhead": "2", "dim_feedforward": "8"}
PARTS = "[(k, p.shape) for k, p in r.state_dict().items()]"
LAYER = Group(
    "nn.TransformerEncoderLayer", before=TOKENS, given=SMALL, show="r.eval()(x)", rows=(
        Row("d_model", "6", PARTS),
        Row("d_model", "6", "r.eval()(torch.ones(3, 6))"),
        Row("d_model", "5"),
        Row("d_model", "0"),
        Row("nhead", "1"),
        Row("nhead", "4"),
        Row("nhead", "3"),
        Row("nhead", "0"),
        Row("dim_feedforward", "5"),
        Row("dim_feedforward", "5", PARTS),
        Row("dim_feedforward", "0", "r.linear1"),
        Row("dropout", "0.5", "r(x), r(x), r.eval()(x)"),
        Row("dropout", "0.0", "r(x)"),
        Row("dropout", "0.5", "(r(x) * x).sum().backward() or [p.grad for p in r.parameters()]"),
        Row("dropout", "0.25", "r"),
        Row("dropout", "2"),
        Row("activation", "'gelu'"),
        Row("activation", "'gelu'", "(r(x) * x).sum().backward() or r.linear1.weight.grad"),
        Row("activation", "F.gelu"),
        Row("activation", "torch.tanh"),
        Row("activation", "nn.GELU('tanh')"),
        Row("activation", "nn.Tanh()", "r, r.eval()(x)"),
        Row("activation", "lambda x: 2 * x", "r(x)"),
        Row("activation", "'tanh'"),
        Row("activation", "3", "r(x)"),
        Row("layer_norm_eps", "0.5"),
        Row("layer_norm_eps", "0.", "r"),
        Row("batch_first", "True"),
        Row("batch_first", "True", "r.eval()(x, src_key_padding_mask=torch.tensor([[False, True]] * 3))"),
        Row("batch_first", "True", "r(x, torch.zeros(3, 3))"),
        Row("norm_first", "True"),
        Row("norm_first", "True", "(r(x) * x).sum().backward() or [p.grad for p in r.parameters()]"),
        Row("bias", "False", PARTS),
        Row("bias", "False", "r, r.eval()(x)"),
        Row("device", "'cuda'", own_text=True),
        Row("device", "'nowhere'"),
        Row("dtype", "torch.float64", "r.eval()(x.double())"),
        Row("dtype", "torch.float16", "r.norm1.weight, r.linear2.weight"),
        Row("dtype", "torch.int64"),
    ))  # fmt: skip

CAUSAL = "nn.Transformer.generate_square_subsequent_mask(3)"
MADE = TOKENS + "; m = nn.TransformerEncoderLayer(4, 2, 8, 0.); y = torch.randn(3, 2, 4)"
LAYER_FORWARD = Group(
    "nn.TransformerEncoderLayer.forward", call="m", before=MADE, given={"src": "x"}, rows=(
        Row("src", "y"),
        Row("src", "y[:, 0]"),
        Row("src", "y[:, 0]", before="m.eval()"),
        Row("src", "torch.ones(3, 2, 5)"),
        Row("src", "torch.ones(4)"),
        Row("src_mask", "torch.ones(3, 3, dtype=torch.bool).triu(1)"),
        Row("src_mask", "torch.ones(3, 3, dtype=torch.bool).triu(1)", before="m.eval()"),
        Row("src_mask", CAUSAL),
        Row("src_mask", "torch.arange(9.).reshape(3, 3)"),
        Row("src_mask", "torch.ones(4, 3, 3, dtype=torch.bool).tril(1).logical_not()"),
        Row("src_mask", "torch.zeros(2, 2)"),
        Row("src_mask", "torch.zeros(3, 3, dtype=torch.int64)"),
        Row("src_key_padding_mask", "torch.tensor([[False, False, True], [False, True, True]])"),
        Row("src_key_padding_mask", "torch.tensor([[False, False, True], [True, False, False]])", before="m.eval()"),
        Row("src_key_padding_mask", "torch.tensor([[0., 1., 2.], [-1., 0., 0.]])"),
        Row("src_key_padding_mask", "torch.tensor([False, True, False])", given={"src": "y[:, 0]"}),
        Row("src_key_padding_mask", "torch.zeros(3, 2, dtype=torch.bool)"),
        Row("src_key_padding_mask", "torch.zeros(2, 3, dtype=torch.int64)"),
        Row("src_key_padding_mask", "torch.tensor([[False, False, True], [False, True, True]])",
            given={"src_mask": CAUSAL}),
        Row("is_causal", "True"),
        # the hint is taken at its word: the mask's own numbers are not looked at
        Row("is_causal", "True", given={"src_mask": "torch.zeros(3, 3)"}),
    ))  # fmt: skip

BATCH = (
    "x = torch.randn(2, 3, 4)\nlayer = nn.TransformerEncoderLayer(4, 2, 8, 0.1, batch_first=True)"
)
PADDED = "torch.tensor([[False, False, True], [False, False, False]])"
HOLES = "torch.tensor([[True, False, False], [False, False, False]])"
ENCODER = Group(
    "nn.TransformerEncoder", before=BATCH, given={"encoder_layer": "layer", "num_layers": "2"},
    show="r.eval()(x)", rows=(
        Row("encoder_layer", "layer", "r.eval()(x), r.layers[0] is layer"),
        Row("encoder_layer", "nn.TransformerEncoderLayer(4, 1, 8, batch_first=True)"),
        Row("encoder_layer", "nn.TransformerEncoderLayer(4, 2, 8)", "r"),
        Row("encoder_layer", "nn.TransformerEncoderLayer(4, 2, 8, batch_first=True, norm_first=True)"),
        Row("encoder_layer", "layer", "[bool((a == b).all()) for a, b in zip(r.layers[0].parameters(), r.layers[1].parameters())]"),
        Row("encoder_layer", "nn.Linear(4, 4)", "r"),
        Row("encoder_layer", "3"),
        Row("num_layers", "1"),
        Row("num_layers", "3"),
        Row("num_layers", "3", "len(r.layers), sum(p.numel() for p in r.parameters()), r"),
        Row("num_layers", "0", "r"),
        Row("num_layers", "'two'"),
        Row("norm", "nn.LayerNorm(4, eps=0.1)"),
        Row("norm", "nn.Tanh()", "r, r.eval()(x)"),
        Row("enable_nested_tensor", "False", "r.use_nested_tensor, [w.shape for w in r.parameters()][:1]"),
        Row("enable_nested_tensor", "False", "r", given={"encoder_layer": "nn.TransformerEncoderLayer(4, 1, 8)"}),
        Row("enable_nested_tensor", "False", f"r.eval().requires_grad_(False)(x, src_key_padding_mask={PADDED})"),
        Row("mask_check", "False", "r.mask_check, r.eval()(x)"),
        Row("mask_check", "False", f"r.eval().requires_grad_(False)(x, src_key_padding_mask={HOLES})"),
    ))  # fmt: skip

ENCODER_FORWARD = Group(
    "nn.TransformerEncoder.forward", call="m", given={"src": "x"},
    before=BATCH.replace("0.1", "0.") + "\nm = nn.TransformerEncoder(layer, 2); y = x * 2", rows=(
        Row("src", "y"),
        Row("src", "y", before="m.eval().requires_grad_(False)"),
        Row("src", "torch.ones(2, 3, 5)"),
        Row("mask", CAUSAL),
        Row("mask", "torch.ones(3, 3, dtype=torch.bool).triu(1)"),
        Row("mask", CAUSAL, before="m.eval().requires_grad_(False)"),
        Row("mask", "torch.zeros(2, 2)"),
        Row("src_key_padding_mask", PADDED),
        Row("src_key_padding_mask", PADDED, before="m.eval()"),
        Row("src_key_padding_mask", PADDED, before="m.eval().requires_grad_(False)"),
        Row("src_key_padding_mask", HOLES, before="m.eval().requires_grad_(False)"),
        Row("src_key_padding_mask", "torch.zeros(2, 2, dtype=torch.bool)", before="m.eval().requires_grad_(False)"),
        Row("src_key_padding_mask", PADDED, given={"mask": CAUSAL}),
        Row("is_causal", "True"),
        Row("is_causal", "True", given={"mask": "torch.zeros(3, 3)"}),
    ))  # fmt: skip

GROUPS = [LAYER, LAYER_FORWARD, ENCODER, ENCODER_FORWARD]
