"""The Transformer: fused against composed, the notes' model. Padding: test_padding.py."""

from __future__ import annotations

import numpy as np
import pytest

import minitorch as torch
from minitorch import nn


def layer(**kw):
    torch.manual_seed(0)
    given = {"dim_feedforward": 13, "dropout": 0.0, "batch_first": True, "dtype": torch.float64}
    return nn.TransformerEncoderLayer(6, 2, **{**given, **kw})


def rand(*shape):
    torch.manual_seed(5)
    return torch.randn(*shape, dtype=torch.float64)


def close(a, b, rtol=1e-10):
    np.testing.assert_allclose(a.detach().numpy(), b.detach().numpy(), rtol=rtol, atol=1e-12)


def gradients(m, x):
    x = x.clone().requires_grad_()
    m.zero_grad()
    torch.manual_seed(9)
    y = m(x)
    (y * rand(*y.shape)).sum().backward()
    return [y, x.grad, *[p.grad for p in m.parameters()]]


@pytest.mark.parametrize("norm_first", [True, False])
def test_equations(norm_first):
    m, x = layer(norm_first=norm_first), rand(2, 5, 6)

    def attention(x):
        return m.self_attn(x, x, x)[0]

    def ff(x):
        return m.linear2(m.linear1(x).clamp(min=0))

    if norm_first:
        y = x + attention(m.norm1(x))
        y = y + ff(m.norm2(y))
    else:
        y = m.norm1(x + attention(x))
        y = m.norm2(y + ff(y))
    close(m(x), y)


ACTIVATIONS = ["relu", "gelu", nn.ReLU(), nn.GELU(), nn.GELU("tanh")]


@pytest.mark.parametrize("activation", ACTIVATIONS, ids=str)
@pytest.mark.parametrize("dropout", [0.0, 0.3])
@pytest.mark.parametrize("bias", [True, False])
def test_fused_is_composed(activation, dropout, bias):
    """A hook on an inner module makes the layer take the composed path: same numbers, masks too."""
    m = layer(activation=activation, dropout=dropout, bias=bias)
    x = rand(2, 5, 6)
    fused = gradients(m, x)
    seen = []
    with m.dropout.register_forward_hook(lambda *a: seen.append(1)):
        composed = gradients(m, x)
    assert seen
    for a, b in zip(fused, composed):
        close(a, b)


@pytest.mark.parametrize("inner", ["linear1", "dropout", "linear2"])
def test_hooks_on_inner_modules_are_called(inner):
    m, calls = layer(activation=nn.ReLU()), []
    m.get_submodule(inner).register_forward_hook(lambda *a: calls.append(inner))
    m.activation.register_forward_pre_hook(lambda *a: calls.append("activation"))
    m(rand(2, 5, 6))
    assert sorted(calls) == sorted([inner, "activation"])


def test_replaced_inner_module_is_used():
    class Doubled(nn.Linear):
        def forward(self, x):
            return 2 * super().forward(x)

    m, x = layer(norm_first=True), rand(2, 5, 6)
    before = m(x)
    double = Doubled(13, 6, dtype=torch.float64)
    double.load_state_dict(m.linear2.state_dict())
    m.linear2 = double
    assert not torch.allclose(m(x), before)


def test_activation_may_be_any_function():
    m, x = layer(activation=torch.sin), rand(2, 5, 6)
    y = m.norm1(x + m.self_attn(x, x, x)[0])
    close(m(x), m.norm2(y + m.linear2(m.linear1(y).sin())))


def test_encoder_layers_start_equal_but_are_their_own():
    encoder = nn.TransformerEncoder(layer(), 3)
    a, b = encoder.layers[0].linear1.weight, encoder.layers[1].linear1.weight
    assert torch.equal(a, b) and a is not b


# -- the notes' model -------------------------------------------------------------------------------


def notes_model(torch):
    nn = torch.nn

    class ViT(nn.Module):
        def __init__(self):
            super().__init__()
            self.patch = nn.Sequential(nn.Conv2d(1, 16, 4, 4), nn.Flatten(2))
            self.token = nn.Parameter(torch.randn(1, 1, 16))
            self.place = nn.Parameter(torch.randn(1, 50, 16))
            self.dropout = nn.Dropout(0.001)
            block = nn.TransformerEncoderLayer(
                16, 8, 64, dropout=0.001, activation="gelu", batch_first=True, norm_first=True
            )
            self.encoder = nn.TransformerEncoder(block, 2, enable_nested_tensor=False)
            self.head = nn.Sequential(nn.LayerNorm(16), nn.Linear(16, 10))

        def forward(self, x):
            x = self.patch(x).permute(0, 2, 1)
            x = torch.cat([self.token.expand(x.shape[0], -1, -1), x], dim=1)
            return self.head(self.encoder(self.dropout(self.place + x))[:, 0, :])

    return ViT()


def train_a_little(torch):
    torch.manual_seed(0)
    model = notes_model(torch)
    x, y = torch.randn(4, 1, 28, 28), torch.randint(0, 10, (4,))
    losses = []
    for _ in range(3):
        loss = torch.nn.CrossEntropyLoss()(model(x), y)
        losses.append(loss.item())
        model.zero_grad()
        loss.backward()
        with torch.no_grad():
            for p in model.parameters():
                p -= 0.1 * p.grad
    return losses


def test_the_notes_model_learns():
    losses = train_a_little(torch)
    assert losses[-1] < losses[0]


def test_the_notes_model_live(real_torch):
    """Same seed, same losses: initial numbers, dropout masks, forward and backward."""
    ours = train_a_little(torch)
    theirs = train_a_little(real_torch)
    np.testing.assert_allclose(ours, theirs, rtol=1e-5)
