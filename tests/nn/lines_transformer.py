"""Lines about MultiheadAttention, the Transformer, and their warnings (see lines.py)."""

from __future__ import annotations

from .lines import listed

TRANSFORMER = listed("""
nn.TransformerEncoder(nn.TransformerEncoderLayer(6, 2, 8), 1).use_nested_tensor
nn.TransformerEncoder(nn.TransformerEncoderLayer(6, 2, 8, batch_first=True), 1).use_nested_tensor
nn.TransformerEncoder(nn.TransformerEncoderLayer(6, 2, 8, batch_first=True, norm_first=True), 1).use_nested_tensor
nn.TransformerEncoder(nn.TransformerEncoderLayer(6, 2, 8, batch_first=True, bias=False), 1).use_nested_tensor
nn.TransformerEncoder(nn.TransformerEncoderLayer(6, 2, 8, batch_first=True, activation=torch.tanh), 1).use_nested_tensor
nn.TransformerEncoder(nn.TransformerEncoderLayer(6, 2, 8, batch_first=True, activation=nn.GELU()), 1).use_nested_tensor
nn.TransformerEncoder(nn.TransformerEncoderLayer(6, 3, 8, batch_first=True), 1).use_nested_tensor
l = nn.TransformerEncoderLayer(6, 2, 8, batch_first=True); l.norm1.eps = 1e-3; nn.TransformerEncoder(l, 1).use_nested_tensor
nn.TransformerEncoder(nn.TransformerEncoderLayer(6, 2, 8), 1, enable_nested_tensor=False).use_nested_tensor
nn.TransformerEncoder(L(2, 2), 1)
nn.TransformerEncoder(nn.TransformerEncoderLayer(6, 2, 8, batch_first=True), 0)
nn.TransformerEncoderLayer(6, 2, 8, activation=nn.GELU())
[nn.TransformerEncoderLayer(6, 2, 8, activation=a).activation_relu_or_gelu for a in ("relu", "gelu", nn.ReLU(), nn.GELU("tanh"), F.relu, F.gelu, torch.relu)]
nn.TransformerEncoderLayer(6, 2, activation="foo")
nn.TransformerEncoderLayer(7, 2)
nn.TransformerEncoderLayer(0, 2)
nn.TransformerEncoderLayer(6, 2, dropout=2.)
l = nn.TransformerEncoderLayer(6, 2, 8); e = nn.TransformerEncoder(l, 2, enable_nested_tensor=False); [bool((p == q).all()) for p, q in zip(e.layers[0].parameters(), e.layers[1].parameters())][:2]
nn.Transformer.generate_square_subsequent_mask(3)
nn.Transformer.generate_square_subsequent_mask(2, dtype=torch.float64)
nn.TransformerEncoderLayer(4, 2, 8)(torch.ones(3, 2, 4), is_causal=True)
nn.TransformerEncoderLayer(4, 2, 8)(torch.ones(3, 2, 4), src_key_padding_mask=torch.zeros(2, 3, dtype=torch.int64))
nn.TransformerEncoderLayer(4, 2, 8)(torch.ones(3, 2, 4), torch.zeros(3, 3), torch.zeros(2, 3, dtype=torch.bool)).shape
nn.TransformerEncoder(nn.TransformerEncoderLayer(4, 2, 8, batch_first=True), 1)(torch.ones(2, 3, 4), torch.zeros(3, 3), torch.zeros(2, 3, dtype=torch.bool)).shape
e = nn.TransformerEncoder(nn.TransformerEncoderLayer(4, 2, 8, batch_first=True), 1).eval(); e.requires_grad_(False); e(torch.ones(2, 3, 4), src_key_padding_mask=torch.zeros(2, 2, dtype=torch.bool))
t = nn.Transformer(4, 2, 1, 1, 8, batch_first=True); t(torch.ones(3, 2, 4), torch.ones(2, 5, 4))
t = nn.Transformer(4, 2, 1, 1, 8, batch_first=True); t(torch.ones(2, 3, 4), torch.ones(2, 5, 3))
t = nn.Transformer(4, 2, 1, 1, 8, batch_first=True); t(torch.ones(3, 4), torch.ones(5, 4)).shape
list(nn.MultiheadAttention(4, 2, add_bias_kv=True, kdim=3).state_dict())
list(nn.MultiheadAttention(4, 2, bias=False, add_bias_kv=True).state_dict())
m = nn.MultiheadAttention(4, 2); x = torch.ones(3, 2, 4); m(x, x, x[:2])
m = nn.MultiheadAttention(4, 2); x = torch.ones(3, 2, 4); m(x[0, 0], x, x)
m = nn.MultiheadAttention(4, 2); x = torch.ones(3, 2, 4); m(x, x[0], x)
m = nn.MultiheadAttention(4, 2); x = torch.ones(3, 2, 4); m(x, x, x, key_padding_mask=torch.zeros(3, 2))
m = nn.MultiheadAttention(4, 2); x = torch.ones(3, 2, 4); m(x, x, x, key_padding_mask=torch.zeros(2))
m = nn.MultiheadAttention(4, 2); x = torch.ones(3, 2, 4); m(x, x, x, attn_mask=torch.zeros(2, 2))
m = nn.MultiheadAttention(4, 2); x = torch.ones(3, 2, 4); m(x, x, x, attn_mask=torch.zeros(2, 3, 3))
m = nn.MultiheadAttention(4, 2); x = torch.ones(3, 2, 4); m(x, x, x, attn_mask=torch.zeros(2))
m = nn.MultiheadAttention(4, 2); x = torch.ones(3, 2, 4); m(x, x, x, is_causal=True)
m = nn.MultiheadAttention(4, 2); x = torch.ones(3, 2, 4); m(x, x, x, attn_mask=torch.zeros(3, 3, dtype=torch.int64))
m = nn.MultiheadAttention(4, 2); x = torch.ones(3, 2, 4); m(torch.ones(3, 2, 5), x, x)
m = nn.MultiheadAttention(4, 2, kdim=3, vdim=3); x = torch.ones(3, 2, 4); m(x, torch.ones(5, 2, 3), torch.ones(4, 2, 3))
m = nn.MultiheadAttention(4, 2); x = torch.ones(3, 2, 4); m(x, x, x, torch.zeros(2, 3, dtype=torch.bool), attn_mask=torch.zeros(3, 3))[0].shape
m = nn.MultiheadAttention(4, 2); x = torch.ones(3, 2, 4); [None if t is None else t.shape for t in m(x, x, x, need_weights=False)]
m = nn.MultiheadAttention(4, 2); x = torch.ones(3, 4); [t.shape for t in m(x, x, x)]
m = nn.MultiheadAttention(4, 2); x = torch.ones(3, 4); [t.shape for t in m(x, x, x, average_attn_weights=False)]
""")
