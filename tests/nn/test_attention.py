"""MultiheadAttention by its equation, and what each mask and switch does."""

from __future__ import annotations

import math

import numpy as np
import pytest

import minitorch as torch
from minitorch import nn


def rand(*shape):
    return torch.randn(*shape, dtype=torch.float64)


@pytest.fixture
def attention():
    torch.manual_seed(0)
    m = nn.MultiheadAttention(6, 2, batch_first=True, dtype=torch.float64)
    nn.init.normal_(m.in_proj_bias)
    nn.init.normal_(m.out_proj.bias)
    return m


def by_hand(m, x, mask=0.0):
    """The module's equation in NumPy, head by head: (N, T, E) → y, weights (N, h, T, T)."""
    w, b = m.in_proj_weight.detach().numpy(), m.in_proj_bias.detach().numpy()
    x = x.numpy()
    q, k, v = (x @ w[i : i + 6].T + b[i : i + 6] for i in (0, 6, 12))
    heads, weights = [], []
    for i in range(2):
        part = slice(3 * i, 3 * i + 3)
        scores = q[..., part] @ k[..., part].swapaxes(1, 2) / math.sqrt(3) + mask
        a = np.exp(scores - scores.max(-1, keepdims=True))
        a /= a.sum(-1, keepdims=True)
        heads.append(a @ v[..., part])
        weights.append(a)
    y = np.concatenate(heads, -1) @ m.out_proj.weight.detach().numpy().T
    return y + m.out_proj.bias.detach().numpy(), np.stack(weights, 1)


def close(a, b):
    np.testing.assert_allclose(a.detach().numpy(), b, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("need_weights", [True, False])
def test_equation(attention, need_weights):
    x = rand(3, 5, 6)
    y, weights = attention(x, x, x, need_weights=need_weights, average_attn_weights=False)
    wanted, wanted_weights = by_hand(attention, x)
    close(y, wanted)
    if need_weights:
        close(weights, wanted_weights)
    else:
        assert weights is None


def test_average_attn_weights(attention):
    x = rand(3, 5, 6)
    _, mean = attention(x, x, x)
    close(mean, by_hand(attention, x)[1].mean(1))


@pytest.mark.parametrize("need_weights", [True, False])
@pytest.mark.parametrize("as_bool", [True, False])
def test_attn_mask(attention, need_weights, as_bool):
    x = rand(3, 5, 6)
    hidden = torch.ones(5, 5, dtype=torch.bool).triu(1)
    mask = hidden if as_bool else torch.zeros(5, 5, dtype=torch.float64).masked_fill(
        hidden, -math.inf
    )
    y, _ = attention(x, x, x, attn_mask=mask, need_weights=need_weights)
    close(y, by_hand(attention, x, np.where(hidden.numpy(), -np.inf, 0.0))[0])


@pytest.mark.parametrize("need_weights", [True, False])
def test_key_padding_mask(attention, need_weights):
    """A padded key might as well not be there."""
    x = rand(2, 5, 6)
    padding = torch.tensor([[False, False, False, True, True], [False] * 5])
    y, _ = attention(x, x, x, key_padding_mask=padding, need_weights=need_weights)
    close(y[0, :3], by_hand(attention, x[:1, :3])[0][0])
    close(y[1], by_hand(attention, x[1:])[0][0])


def test_is_causal_is_the_causal_mask(attention):
    x = rand(2, 5, 6)
    mask = nn.Transformer.generate_square_subsequent_mask(5, dtype=torch.float64)
    hinted, _ = attention(x, x, x, attn_mask=mask, is_causal=True, need_weights=False)
    given, _ = attention(x, x, x, attn_mask=mask)
    close(hinted, given.detach().numpy())


def test_batch_first_only_transposes(attention):
    x = rand(2, 5, 6)
    other = nn.MultiheadAttention(6, 2, dtype=torch.float64)
    other.load_state_dict(attention.state_dict())
    a, _ = attention(x, x, x)
    b, _ = other(*[x.transpose(0, 1)] * 3)
    close(a, b.transpose(0, 1).detach().numpy())


def test_no_batch(attention):
    x = rand(5, 6)
    y, weights = attention(x, x, x)
    close(y, by_hand(attention, x.unsqueeze(0))[0][0])
    assert weights.shape == (5, 5)


def test_add_zero_attn_gives_a_way_out(attention):
    """With scores that are very negative, the added zero key takes all the weight."""
    m = nn.MultiheadAttention(6, 2, bias=False, add_zero_attn=True, dtype=torch.float64)
    q = rand(3, 1, 6)
    with torch.no_grad():
        m.in_proj_weight[6:12] = -1000 * m.in_proj_weight[:6]  # k = −1000·q
    y, weights = m(q[:1], q[:1], q[:1])
    assert weights.shape == (1, 1, 2)
    assert weights[0, 0, 1].item() == pytest.approx(1)
    close(y, np.zeros((1, 1, 6)))


def test_one_tensor_for_all_is_the_same_as_three(attention):
    x = rand(2, 5, 6)
    a, _ = attention(x, x, x)
    b, _ = attention(x, x.clone(), x.clone())
    c, _ = attention(x, *[x.clone()] * 2)
    close(b, a.detach().numpy())
    close(c, a.detach().numpy())


def test_dropout_only_in_training():
    torch.manual_seed(0)
    m = nn.MultiheadAttention(6, 2, dropout=0.5, dtype=torch.float64)
    x = rand(5, 1, 6)
    assert not torch.equal(m(x, x, x)[0], m(x, x, x)[0])
    m.eval()
    assert torch.equal(m(x, x, x)[0], m(x, x, x)[0])


def test_static_key_and_value(attention):
    x = rand(5, 2, 6)
    w, b = attention.in_proj_weight, attention.in_proj_bias
    k, v = (
        nn.functional.linear(x, w[i : i + 6], b[i : i + 6])
        .reshape(5, 4, 3)
        .transpose(0, 1)
        for i in (6, 12)
    )
    args = (x, x, x, 6, 2, w, b, None, None, False, 0.0, attention.out_proj.weight,
            attention.out_proj.bias)  # fmt: skip
    given, _ = nn.functional.multi_head_attention_forward(*args)
    static, _ = nn.functional.multi_head_attention_forward(*args, static_k=k, static_v=v)
    close(static, given.detach().numpy())
