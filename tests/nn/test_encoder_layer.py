"""An encoder layer as one operation (ops/encoder_layer.py) against the same layer module by module."""

from __future__ import annotations

import numpy as np
import pytest

import minitorch as torch
from minitorch import nn
from minitorch.nn.modules import fused_layer
from minitorch.ops.encoder_layer import MOST, TOKENS


@pytest.fixture
def calls(monkeypatch):
    """The shapes that went through the operation."""
    seen = []
    whole = fused_layer.encoder_layer

    def counted(x, *args):
        seen.append(tuple(x.shape))
        return whole(x, *args)

    monkeypatch.setattr(fused_layer, "encoder_layer", counted)
    return seen


def make(dtype="float64", e=6, heads=2, f=11, p=0.2, **options):
    torch.manual_seed(0)
    layer = nn.TransformerEncoderLayer(
        e, heads, f, p, batch_first=True, dtype=getattr(torch, dtype), **options
    )
    with torch.no_grad():
        for parameter in layer.parameters():  # no γ of ones, no β of zeros
            parameter += 0.3 * torch.randn(parameter.shape, dtype=parameter.dtype)
    return layer


def run(layer, shape, fused, monkeypatch=None):
    """The output, every gradient, and the next random number."""
    torch.manual_seed(1)
    x = torch.randn(*shape, dtype=layer.linear1.weight.dtype, requires_grad=True)
    with pytest.MonkeyPatch.context() as patch:
        if not fused:
            patch.setattr(fused_layer, "fits", lambda layer, x: False)
        y = layer(x)
    g = torch.randn(*shape, dtype=x.dtype)
    layer.zero_grad()
    y.backward(g)
    tensors = [y.detach(), x.grad, *(p.grad for p in layer.parameters()), torch.rand(1)]
    return [t.numpy().copy() for t in tensors], y.grad_fn.name()


# one part, several parts (the last one shorter), one sequence
SHAPES = [(5, 4, 6), (1, 9, 6), (TOKENS // 3 * 2 + 1, 5, 6)]


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("norm_first", [False, True])
@pytest.mark.parametrize("activation", ["relu", "gelu", nn.GELU("tanh")], ids=str)
@pytest.mark.parametrize("p", [0.0, 0.2])
def test_equals_its_steps(shape, norm_first, activation, p, calls):
    for dtype, tolerance in (("float64", 1e-12), ("float32", 1e-5)):
        layer = make(dtype, p=p, norm_first=norm_first, activation=activation)
        got, name = run(layer, shape, True)
        wanted, plain_name = run(layer, shape, False)
        assert name == plain_name
        for a, b in zip(got, wanted):
            np.testing.assert_allclose(a, b, rtol=0, atol=tolerance * np.abs(b).max())
    assert calls == [shape] * 2


def test_each_dropout_has_its_own_probability_and_mode(calls):
    layer = make()
    layer.self_attn.dropout, layer.dropout1.p, layer.dropout2.p = 0.5, 0.3, 0.0
    layer.dropout.eval()
    for a, b in zip(run(layer, (40, 5, 6), True)[0], run(layer, (40, 5, 6), False)[0]):
        np.testing.assert_allclose(a, b, rtol=1e-10, atol=1e-12)
    assert calls


@pytest.mark.parametrize("norm_first", [False, True])
def test_finite_differences(norm_first, calls):
    layer = make(p=0.0, norm_first=norm_first, activation="gelu")
    x = torch.randn(2, 3, 6, dtype=torch.float64, requires_grad=True)
    parameters = list(layer.parameters())
    assert torch.autograd.gradcheck(lambda x, *_: layer(x), (x, *parameters))
    assert calls


def test_the_same_bits_for_any_number_of_threads():
    results, before = [], torch.get_num_threads()
    try:
        for threads in (1, 2, 3):
            torch.set_num_threads(threads)
            results.append(run(make("float32"), SHAPES[2], True)[0])
    finally:
        torch.set_num_threads(before)
    for other in results[1:]:
        assert all(np.array_equal(a, b) for a, b in zip(results[0], other))


def test_twice_through_the_graph():
    layer, x = make(), torch.randn(3, 4, 6, dtype=torch.float64)
    y = layer(x).sum()
    y.backward(retain_graph=True)
    once = [p.grad.clone() for p in layer.parameters()]
    y.backward()
    assert all(torch.equal(p.grad, 2 * g) for p, g in zip(layer.parameters(), once))
    with pytest.raises(RuntimeError, match="a second time"):
        y.backward()


@pytest.mark.parametrize(
    "name", ["self_attn.in_proj_weight", "linear2.weight", "norm1.weight", "x"]
)
def test_what_backward_needs_must_not_change(name):
    layer = make()
    x = torch.randn(3, 4, 6, dtype=torch.float64)
    y = layer(x).sum()
    with torch.no_grad():
        (x if name == "x" else layer.get_parameter(name)).mul_(2)
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        y.backward()


# -- where it must not be used --------------------------------------------------------------------


def subclass(name):
    class Other(nn.TransformerEncoderLayer):
        pass

    def block(self, *args):
        return getattr(nn.TransformerEncoderLayer, name)(self, *args)

    setattr(Other, name, block)
    return lambda layer: setattr(layer, "__class__", Other)


def hook(path, kind):
    return lambda layer: getattr(layer.get_submodule(path), f"register_{kind}")(lambda *a: None)


def patched(layer):
    layer.norm2.forward = type(layer.norm2).forward.__get__(layer.norm2)


def parametrized(layer):
    nn.utils.parametrize.register_parametrization(layer.linear1, "weight", nn.Identity())


CHANGES = {
    **{f"hook on {path}": hook(path, "forward_hook") for path in (
        "self_attn", "self_attn.out_proj", "linear1", "linear2", "norm1", "norm2",
        "dropout", "dropout1", "dropout2")},
    "pre-hook": hook("linear1", "forward_pre_hook"),
    "backward hook": hook("norm1", "full_backward_hook"),
    "a patched forward": patched,
    "a parametrization": parametrized,
    **{f"another {name}": subclass(name) for name in ("_sa_block", "_ff_block", "_feed_forward")},
    "another linear": lambda layer: setattr(layer, "linear1", nn.Sequential(layer.linear1)),
    "another norm": lambda layer: setattr(layer, "norm1", nn.RMSNorm(6, dtype=torch.float64)),
    "another activation": lambda layer: setattr(layer, "activation", torch.tanh),
    "two eps": lambda layer: setattr(layer.norm1, "eps", 1e-3),
    "all dropped": lambda layer: setattr(layer.dropout1, "p", 1.0),
    "a frozen parameter": lambda layer: layer.linear1.weight.requires_grad_(False),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_a_layer_that_is_watched_or_changed_goes_step_by_step(change, calls):
    layer, x = make(), torch.randn(3, 4, 6, dtype=torch.float64)
    layer(x)
    assert calls == [(3, 4, 6)]
    CHANGES[change](layer)
    layer(x)
    assert calls == [(3, 4, 6)]


@pytest.mark.parametrize(
    "options",
    [{"bias": False}, {"batch_first": False}],
    ids=str,
)
def test_other_layers_go_step_by_step(options, calls):
    layer = nn.TransformerEncoderLayer(6, 2, 11, **{"batch_first": True, **options})
    layer(torch.randn(3, 4, 6))
    assert not calls


def test_other_inputs_go_step_by_step(calls):
    layer = make()
    x = torch.randn(3, 4, 6, dtype=torch.float64)
    layer(x[0])
    layer(x.transpose(0, 1))
    layer(x, torch.zeros(4, 4, dtype=torch.bool))
    layer(x, src_key_padding_mask=torch.zeros(3, 4, dtype=torch.bool))
    layer(torch.randn(MOST // 11 // 4, 4, 6, dtype=torch.float64))
    with pytest.raises(RuntimeError):
        layer(x.float())
    with pytest.raises(RuntimeError, match="Need attn_mask"):
        layer(x, is_causal=True)
    assert not calls


@pytest.mark.parametrize("norm_first", [False, True])
def test_live(real_torch, norm_first, calls):
    """In training, with dropout: PyTorch's numbers for the same seed."""
    results = []
    for t in (torch, real_torch):
        t.manual_seed(0)
        layer = t.nn.TransformerEncoderLayer(8, 2, 16, 0.2, batch_first=True, norm_first=norm_first)
        x = t.randn(30, 5, 8, requires_grad=True)
        y = layer(x)
        (y * y.detach().cos()).sum().backward()
        results.append(
            [v.detach().numpy() for v in (y, x.grad, *(p.grad for p in layer.parameters()))]
        )
    assert calls
    for a, b in zip(*results):
        np.testing.assert_allclose(a, b, rtol=0, atol=2e-6 * max(1.0, np.abs(b).max()))
