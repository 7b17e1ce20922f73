"""Attention from its equation: dot products, einsum, several heads, masks, positions."""

import math

import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(4)


class PositionalEncoding(nn.Module):
    def __init__(self, d_model: int, dropout: float = 0.1, max_len: int = 50):
        super().__init__()
        self.dropout = nn.Dropout(p=dropout)
        position = torch.arange(max_len).unsqueeze(1)
        div_term = torch.exp(torch.arange(0, d_model, 2) * (-math.log(10000.0) / d_model))
        pe = torch.zeros(max_len, 1, d_model)
        pe[:, 0, 0::2] = torch.sin(position * div_term)
        pe[:, 0, 1::2] = torch.cos(position * div_term)
        self.register_buffer("pe", pe)

    def forward(self, x):
        x = x + self.pe[: x.size(0)]
        return self.dropout(x)


encoding = PositionalEncoding(6)
print(encoding.pe[:3, 0], encoding, list(encoding.state_dict().keys()), list(encoding.parameters()))
print(encoding(torch.zeros(4, 2, 6))[1])


def attention(query, key, value, mask=None, dropout=None):
    d_k = query.size(-1)
    scores = torch.matmul(query, key.transpose(-2, -1)) / math.sqrt(d_k)
    if mask is not None:
        scores = scores.masked_fill(mask == 0, -1e9)
    p_attn = scores.softmax(dim=-1)
    if dropout is not None:
        p_attn = dropout(p_attn)
    return torch.matmul(p_attn, value), p_attn


def subsequent_mask(size):
    shape = (1, size, size)
    return torch.triu(torch.ones(shape), diagonal=1).type(torch.uint8) == 0


print(subsequent_mask(4))
x = torch.randn(2, 4, 8)
out, weights = attention(x, x, x, subsequent_mask(4))
print(out[0, 0], weights[1], torch.allclose(weights.sum(-1), torch.ones(2, 4)))


class SelfAttention(nn.Module):
    """Heads by einsum."""

    def __init__(self, embed_size, heads):
        super().__init__()
        self.heads, self.head_dim = heads, embed_size // heads
        self.values = nn.Linear(self.head_dim, self.head_dim, bias=False)
        self.keys = nn.Linear(self.head_dim, self.head_dim, bias=False)
        self.queries = nn.Linear(self.head_dim, self.head_dim, bias=False)
        self.fc_out = nn.Linear(heads * self.head_dim, embed_size)

    def forward(self, values, keys, query, mask):
        N, query_len = query.shape[0], query.shape[1]
        values = self.values(values.reshape(N, -1, self.heads, self.head_dim))
        keys = self.keys(keys.reshape(N, -1, self.heads, self.head_dim))
        queries = self.queries(query.reshape(N, query_len, self.heads, self.head_dim))
        energy = torch.einsum("nqhd,nkhd->nhqk", [queries, keys])
        if mask is not None:
            energy = energy.masked_fill(mask == 0, float("-1e20"))
        attention = torch.softmax(energy / (self.heads * self.head_dim) ** (1 / 2), dim=3)
        out = torch.einsum("nhql,nlhd->nqhd", [attention, values]).reshape(N, query_len, -1)
        return self.fc_out(out)


layer = SelfAttention(8, 2)
src = torch.tensor([[1, 5, 6, 0], [1, 8, 0, 0]])
mask = (src != 0).unsqueeze(1).unsqueeze(2)
out = layer(x, x, x, mask)
out.pow(2).sum().backward()
print(out[0], layer.queries.weight.grad)
trg_mask = torch.tril(torch.ones((4, 4))).expand(2, 1, 4, 4)
print(layer(x, x, x, trg_mask)[1, 0], trg_mask.shape)

# einsum, many ways
a, b = torch.arange(6.0).reshape(2, 3), torch.arange(12.0).reshape(3, 4)
print(torch.einsum("ij,jk->ik", a, b), torch.einsum("ij->ji", a), torch.einsum("ij->", a), torch.einsum("ij->i", a))
print(torch.einsum("ii->i", torch.arange(9).reshape(3, 3)), torch.einsum("i,j->ij", a[0], b[0]))
print(torch.einsum("bij,bjk->bik", x, x.transpose(1, 2)).shape, torch.einsum("...d,...d->...", x, x)[0])

# the library's heads against ours
mha = nn.MultiheadAttention(8, 2, batch_first=True)
print(mha)
out, weights = mha(x, x, x)
print(out[0, 0], weights[0, 0])
w, bias = mha.in_proj_weight, mha.in_proj_bias
q, k, v = F.linear(x, w, bias).chunk(3, dim=-1)
split = lambda t: t.view(2, 4, 2, 4).transpose(1, 2)
heads, p = attention(split(q), split(k), split(v))
ours = mha.out_proj(heads.transpose(1, 2).flatten(2))
print(torch.allclose(ours, out, atol=1e-6), torch.allclose(p.mean(1), weights, atol=1e-6))
padding = torch.tensor([[False, False, False, True], [False, False, True, True]])
out, weights = mha(x, x, x, key_padding_mask=padding, need_weights=True, average_attn_weights=False)
print(weights.shape, weights[1, 0])
causal = nn.Transformer.generate_square_subsequent_mask(4)
print(causal, mha(x, x, x, attn_mask=causal, need_weights=False))

# additive attention and a temperature
w1, w2, vec = nn.Linear(8, 5, bias=False), nn.Linear(8, 5, bias=False), nn.Linear(5, 1, bias=False)
score = vec(torch.tanh(w1(x).unsqueeze(2) + w2(x).unsqueeze(1))).squeeze(-1)
lengths = torch.tensor([3, 2])
valid = torch.arange(4)[None, :] < lengths[:, None]
score[~valid[:, None, :].expand(-1, 4, -1)] = -1e6
print(F.softmax(score, dim=-1)[1], valid)
for tau in (0.1, 1.0, 10.0):
    print(tau, F.softmax(torch.tensor([1.0, 2.0, 3.0]) / tau, dim=0))
inv_freq = 1.0 / (10000 ** (torch.arange(0, 4, 2).float() / 4))
angles = torch.outer(torch.arange(3).float(), inv_freq)
cos, sin = angles.cos().repeat_interleave(2, -1), angles.sin().repeat_interleave(2, -1)
t = torch.randn(3, 4)
rotated = t * cos + torch.stack((-t[..., 1::2], t[..., ::2]), -1).flatten(-2) * sin
print(rotated, torch.allclose(rotated.norm(dim=-1), t.norm(dim=-1)))
