"""Fused = plain: every fused operation against its twin in minitorch/reference.py.

Value and every gradient, from a random cotangent: float64 to 1e-12, float32 to a few units in
the last place of the largest element (the bound of each row was set from the measured value),
with both pool sizes, and with the same random draws.
"""

from __future__ import annotations

import numpy as np
import pytest

import minitorch as torch
from minitorch import parallel, reference
from minitorch.ops import (
    activation,
    attention,
    channel_norm,
    cross_entropy,
    dropout,
    feed_forward,
    norm,
    softmax,
)

ULP32 = float(np.finfo(np.float32).eps)


def causal(q, k):
    allowed = np.tri(q.shape[-2], k.shape[-2], dtype=bool)
    return torch.from_numpy(np.where(allowed, 0.0, -np.inf).astype(q._data.dtype))


def labels(n, k):
    return torch.from_numpy(np.arange(n) % k)


sdpa = attention.scaled_dot_product_attention
heads = [(3, 4, 37, 8), (3, 4, 41, 8), (3, 4, 41, 8)]
ffn = [(7, 43, 16), (211, 16), (211,), (11, 211), (11,)]

# name: (fused, plain, shapes, units in the last place allowed in float32)
TWINS = {
    "relu": (activation.relu, reference.relu, [(59, 61)], 0),
    "gelu": (activation.gelu, reference.gelu, [(307, 311)], 8),
    "gelu_tanh": (
        lambda x: activation.gelu(x, "tanh"), reference.gelu_tanh, [(307, 311)], 8
    ),
    "softmax": (
        lambda x: softmax.softmax(x, 1), lambda x: reference.softmax(x, 1), [(71, 53, 29)], 8
    ),
    "softmax last": (
        lambda x: softmax.softmax(x, -1), lambda x: reference.softmax(x, -1), [(71, 53, 29)], 8
    ),
    "log_softmax": (
        lambda x: softmax.log_softmax(x, -1), lambda x: reference.log_softmax(x, -1),
        [(71, 53, 29)], 8,
    ),
    "layer_norm": (
        lambda x, w, b: norm.layer_norm(x, (67,), w, b), reference.layer_norm,
        [(11, 101, 67), (67,), (67,)], 64,
    ),
    "rms_norm": (
        lambda x, w: norm.rms_norm(x, (67,), w, 1e-5), reference.rms_norm,
        [(11, 101, 67), (67,)], 64,
    ),
    "batch_norm": (
        lambda x, w, b: channel_norm.batch_norm(x, None, None, w, b, True), reference.batch_norm,
        [(31, 5, 43), (5,), (5,)], 64,
    ),
    "group_norm": (
        lambda x, w, b: channel_norm.group_norm(x, 3, w, b),
        lambda x, w, b: reference.group_norm(x, 3, w, b), [(31, 6, 43), (6,), (6,)], 64,
    ),
    "dropout": (
        lambda x: dropout.dropout(x, 0.3), lambda x: reference.dropout(x, 0.3), [(307, 311)], 0
    ),
    "attention": (sdpa, reference.attention, heads, 32),
    "attention causal": (
        lambda q, k, v: sdpa(q, k, v, is_causal=True),
        lambda q, k, v: reference.attention(q, k, v, causal(q, k)), heads, 32,
    ),
    "attention dropout": (
        lambda q, k, v: sdpa(q, k, v, dropout_p=0.2),
        lambda q, k, v: reference.attention(q, k, v, p=0.2), heads, 32,
    ),
    "attention mask": (
        sdpa, reference.attention, [*heads, (37, 41)], 32
    ),
    "attention weights": (
        lambda q, k, v: attention.attention_with_weights(q, k, v, None, 0.2)[0],
        lambda q, k, v: reference.attention(q, k, v, p=0.2), heads, 32,
    ),
    "cross_entropy": (
        lambda x: cross_entropy.cross_entropy(x, labels(97, 11)),
        lambda x: reference.cross_entropy(x, labels(97, 11)), [(97, 11)], 16,
    ),
    **{
        f"feed_forward {name} {p}": (
            lambda *t, name=name, p=p: feed_forward.feed_forward(*t, name, p),
            lambda *t, name=name, p=p: reference.feed_forward(*t, name, p), ffn, 64,
        )
        for name in ("relu", "gelu", "gelu_tanh")
        for p in (0.0, 0.001, 0.4)
    },
}  # fmt: skip


def outcome(function, shapes, dtype):
    """Value and gradients from seed 0, with a fixed cotangent."""
    rng = np.random.default_rng(3)
    inputs = [torch.from_numpy(rng.standard_normal(s).astype(dtype)) for s in shapes]
    for t in inputs:
        t.requires_grad_()
    torch.manual_seed(0)
    out = function(*inputs)
    cotangent = rng.standard_normal(out._data.shape).astype(dtype)
    out.backward(torch.from_numpy(np.asarray(cotangent)))
    return [out.detach().numpy()] + [t.grad.numpy() for t in inputs]


def distance(got, wanted):
    """Largest difference relative to the largest element (at least 1)."""
    return max(
        np.abs(a.astype(np.float64) - b).max() / max(1.0, np.abs(b).max())
        for a, b in zip(got, wanted, strict=True)
    )


@pytest.fixture(params=[1, 2, 3], ids=["1 thread", "2 threads", "3 threads"])
def threads(request):
    before = parallel.get_num_threads()
    parallel.set_num_threads(request.param)
    yield request.param
    parallel.set_num_threads(before)


@pytest.mark.parametrize("name", TWINS)
def test_fused_equals_plain(name, threads):
    fused, plain, shapes, ulp = TWINS[name]
    wanted = outcome(plain, shapes, np.float64)
    assert distance(outcome(fused, shapes, np.float64), wanted) <= 1e-12
    if ulp == 0:
        wanted = outcome(plain, shapes, np.float32)
    assert distance(outcome(fused, shapes, np.float32), wanted) <= ulp * ULP32


@pytest.mark.parametrize("name", TWINS)
def test_any_number_of_threads_gives_the_same_bits(name):
    fused, _, shapes, _ = TWINS[name]
    before = parallel.get_num_threads()
    results = []
    try:
        for n in (1, 2, 3):
            parallel.set_num_threads(n)
            results.append(outcome(fused, shapes, np.float32))
    finally:
        parallel.set_num_threads(before)
    for other in results[1:]:
        for a, b in zip(results[0], other, strict=True):
            np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("name", ["gelu", "layer_norm", "attention", "feed_forward gelu 0.4"])
def test_a_wrong_twin_is_noticed(name):
    fused, plain, shapes, _ = TWINS[name]
    off = outcome(lambda *t: plain(*t) * (1 + 1e-9), shapes, np.float64)
    assert distance(outcome(fused, shapes, np.float64), off) > 1e-12


@pytest.mark.parametrize("name", TWINS)
def test_inputs_are_only_read(name):
    """Rules work on read-only arrays, forward and backward."""
    fused, _, shapes, _ = TWINS[name]
    arrays = [np.random.default_rng(i).standard_normal(s) for i, s in enumerate(shapes)]
    tensors = [torch.from_numpy(a.copy()).requires_grad_() for a in arrays]
    for t in tensors:
        t._data.flags.writeable = False
    out = fused(*tensors)
    g = np.ones(out._data.shape)
    g.flags.writeable = False
    node = out.grad_fn
    first, second = (node.vjp(g) for _ in range(2))  # backward twice: the same gradients
    for a, b in zip(*(d if type(d) is tuple else (d,) for d in (first, second)), strict=True):
        if a is not None:
            np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("keep", [0, 1 << 22], ids=["recomputed", "stored"])
def test_small_blocks_cut_anywhere(monkeypatch, keep):
    """Odd block sizes: the last block is shorter, attention cuts heads and queries."""
    monkeypatch.setattr(parallel, "BLOCK", 1001)
    monkeypatch.setattr(attention, "SCORES", 97)
    monkeypatch.setattr(feed_forward, "HIDDEN", 1501)
    monkeypatch.setattr(feed_forward, "KEEP", keep)
    for name, (fused, plain, shapes, _) in TWINS.items():
        wanted = outcome(plain, shapes, np.float64)
        assert distance(outcome(fused, shapes, np.float64), wanted) <= 1e-12, name


def test_softmax_of_rows_far_apart():
    """One maximum for the whole block is not enough here: rows differ by more than e^x can hold."""
    rng = np.random.default_rng(0)
    x = (rng.standard_normal((50, 7)) + np.linspace(-900, 900, 50)[:, None]).astype(np.float32)
    p = softmax.softmax(torch.from_numpy(x), 1).numpy()
    e = np.exp(x.astype(np.float64) - x.max(1, keepdims=True))
    np.testing.assert_allclose(p, e / e.sum(1, keepdims=True), rtol=1e-6)
