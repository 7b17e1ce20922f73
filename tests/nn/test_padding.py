"""Padding that is not computed: PyTorch's outcome row by row, and what the layers get to see."""

from __future__ import annotations

import json
import math
import time
from pathlib import Path

import numpy as np
import pytest

import minitorch as torch
from minitorch import nn, reference
from minitorch.nn.functional import scaled_dot_product_attention
from minitorch.nn.modules import fast_path
from minitorch.nn.modules.packing import Packing
from minitorch.ops.encoder import encoder

from .padding import ROWS, outcome

STORED = json.loads(
    (Path(__file__).parent.parent / "goldens" / "padding.json").read_text(encoding="utf-8")
)
by_row = pytest.mark.parametrize("row", ROWS, ids=[row.name for row in ROWS])


def same(row, got, wanted):
    assert got.keys() == wanted.keys(), (got, wanted)
    got, wanted = dict(got), dict(wanted)
    if not row.text:
        assert got.pop("text") and wanted.pop("text")
    a, b = (np.array(d.pop("numbers", []), float) for d in (got, wanted))
    atol = {"float16": 4e-3, "float32": 1e-6}.get(wanted.get("dtype"), 1e-9)
    np.testing.assert_allclose(a, b, rtol=0, atol=atol)
    assert got == wanted


@by_row
def test_golden(row):
    wanted = dict(STORED["rows"][row.name])
    if "numbers" in wanted:
        wanted["numbers"] = STORED["arrays"][wanted["numbers"]]
    same(row, outcome(row, torch), wanted)


@by_row
def test_live(row, real_torch):
    same(row, outcome(row, torch), outcome(row, real_torch))


def test_goldens_cover_the_table():
    assert list(STORED["rows"]) == [row.name for row in ROWS]


# -- what is computed -----------------------------------------------------------------------------

PADDING = torch.tensor([[False, False, True, True, True], [False] * 5, [False] * 4 + [True]])


def rand(*shape):
    torch.manual_seed(5)
    return torch.randn(*shape, dtype=torch.float64)


def stack(**kw):
    torch.manual_seed(0)
    layer = nn.TransformerEncoderLayer(6, 2, 13, batch_first=True, dtype=torch.float64)
    return nn.TransformerEncoder(layer, 2, **kw).eval()


@pytest.fixture
def rows(monkeypatch):
    """How many tokens the fast path gets, each time it runs."""
    seen = []

    def counted(x, *args):
        seen.append(len(x))
        return encoder(x, *args)

    monkeypatch.setattr(fast_path, "encoder", counted)
    return seen


def test_the_layers_see_the_real_tokens_only(rows):
    with torch.no_grad():
        stack()(rand(3, 5, 6), src_key_padding_mask=PADDING)
    assert rows == [2 + 5 + 4]  # both layers at once


@pytest.mark.parametrize("where", ["constructor", "attribute"])
def test_turned_off_every_token_is_computed(rows, where):
    encoder = stack(enable_nested_tensor=where != "constructor")
    encoder.use_nested_tensor = False
    with torch.no_grad():
        y = encoder(rand(3, 5, 6), src_key_padding_mask=PADDING)
    assert rows == [15]
    assert y[PADDING].abs().min() > 0


@pytest.mark.parametrize("why", ["fast path", "disabled", "gradients", "training"])
def test_the_ordinary_path_calls_the_modules(why):
    """Which path ran is seen by an inner module that counts its calls."""
    encoder, seen = stack(), []
    linear1, plain = encoder.layers[0].linear1, encoder.layers[0].linear1.forward
    linear1.forward = lambda x: seen.append(x.shape) or plain(x)
    encoder.train(why == "training")
    torch.backends.mha.set_fastpath_enabled(why != "disabled")
    try:
        with torch.set_grad_enabled(why == "gradients"):
            encoder(rand(3, 5, 6), src_key_padding_mask=PADDING)
    finally:
        torch.backends.mha.set_fastpath_enabled(True)
    assert seen == ([] if why == "fast path" else [(3, 5, 6)])


def test_hooks_see_the_real_tokens_only():
    """A watched layer runs its modules, batch after batch of equal length."""
    encoder, seen = stack(), []
    x = rand(3, 5, 6)
    with torch.no_grad():
        wanted = encoder(x, src_key_padding_mask=PADDING)
        encoder.layers[0].linear1.register_forward_hook(lambda m, a, y: seen.append(a[0].shape))
        y = encoder(x, src_key_padding_mask=PADDING)
    assert seen == [(1, 2, 6), (1, 4, 6), (1, 5, 6)]
    np.testing.assert_allclose(y.numpy(), wanted.numpy(), rtol=1e-10)


def test_mask_check_costs_the_shortcut(rows):
    """Padding that is not at the end: checked, it is computed; unchecked, lengths decide."""
    encoder, x = stack(), rand(3, 5, 6)
    with torch.no_grad():
        encoder(x, src_key_padding_mask=PADDING.flip(1))
        assert rows == [15]
        rows.clear()
        encoder.mask_check = False
        y = encoder(x, src_key_padding_mask=PADDING.flip(1))
        assert rows == [11]
    with torch.no_grad():
        assert torch.equal(y, encoder(x, src_key_padding_mask=PADDING))


def test_gradients_of_a_later_layer(real_torch):
    """A frozen first layer skips padding; what the second learns is what PyTorch finds."""
    grads = []
    for t in (torch, real_torch):
        t.manual_seed(0)
        m = t.nn.TransformerEncoderLayer(6, 2, 13, batch_first=True, dtype=t.float64)
        encoder = t.nn.TransformerEncoder(m, 2).eval().requires_grad_(False)
        weight = encoder.layers[1].linear1.weight.requires_grad_()
        t.manual_seed(5)
        x = t.randn(3, 5, 6, dtype=t.float64)
        y = encoder(x, src_key_padding_mask=t.tensor(PADDING.tolist()))
        (y * x).sum().backward()
        grads.append(weight.grad.numpy())
    assert np.abs(grads[0]).max() > 0.01
    np.testing.assert_allclose(*grads, rtol=1e-9, atol=1e-12)


def test_skipping_padding_saves_time():
    """Half of the tokens are padding: measured, 0.4-0.5 of the time of computing them."""
    m = nn.TransformerEncoderLayer(32, 4, 512, batch_first=True)
    encoder = nn.TransformerEncoder(m, 2).eval()
    x = torch.randn(32, 64, 32)
    padding = (torch.arange(64) >= 32).expand(32, 64)
    times = {True: math.inf, False: math.inf}
    with torch.no_grad():
        for _ in range(12):
            for skip in times:  # in turn, and by CPU time: other processes don't count
                encoder.use_nested_tensor = skip
                start = time.process_time()
                encoder(x, src_key_padding_mask=padding)
                times[skip] = min(times[skip], time.process_time() - start)
    assert times[True] < 0.85 * times[False]


# -- packing and its attention --------------------------------------------------------------------


def test_packing_there_and_back():
    lengths = torch.tensor([3, 0, 5, 3, 1])
    packing, src = Packing(lengths, 5), rand(5, 5, 2)
    real = torch.arange(5) < lengths.unsqueeze(1)
    packed = packing.pack(src)
    assert packing.runs == [(0, 1, 1), (1, 2, 3), (7, 1, 5)]
    assert packed.shape == (12, 2)
    assert torch.equal(packed[1:7].view(2, 3, 2), src[::3, :3])
    assert torch.equal(packing.unpack(packed), src * real.unsqueeze(2))


def test_a_mask_of_keys_over_many_queries():
    """(N, 1, 1, S) over so many queries that they are computed in several blocks."""
    q, k, v = rand(3, 2, 2, 400, 4)
    allowed = (torch.arange(400) < torch.tensor([[400], [7]])).view(2, 1, 1, 400)
    bias = torch.zeros(allowed.shape, dtype=torch.float64).masked_fill(~allowed, -math.inf)
    wanted = reference.attention(q, k, v, bias)
    for mask in (allowed, bias):
        got = scaled_dot_product_attention(q, k, v, mask)
        np.testing.assert_allclose(got.numpy(), wanted.numpy(), rtol=1e-10)


def test_the_switch():
    mha = torch.backends.mha
    assert mha.get_fastpath_enabled() is True
    try:
        mha.set_fastpath_enabled(False)
        assert mha.get_fastpath_enabled() is False
    finally:
        mha.set_fastpath_enabled(True)
