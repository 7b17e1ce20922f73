"""A stack of encoder layers at once (ops/encoder.py) against its textbook twin, layer by layer."""

from __future__ import annotations

import numpy as np
import pytest

import minitorch as torch
from minitorch import nn, reference
from minitorch.ops.encoder import TOKENS, Layer, _parts, encoder


def rand(*shape, dtype="float64", scale=1.0):
    return (torch.randn(*shape, dtype=torch.float64) * scale).to(getattr(torch, dtype))


def parameters(e, f, dtype, scale=0.3):
    shapes = [(3 * e, e), (3 * e,), (e, e), (e,), (f, e), (f,), (e, f), (e,), *[(e,)] * 4]
    return [rand(*s, dtype=dtype, scale=scale) for s in shapes]


def run(x, layers, runs, heads, activation, norm_first, ignored=None):
    made = [Layer(*[p.numpy() for p in ps], 1e-5, heads, activation, norm_first) for ps in layers]
    return encoder(x, made, runs, ignored)


def twin(x, layers, *how, bias=None):
    for ps in layers:
        x = reference.encoder_layer(x, ps, *how, bias)
    return x


HOW = [
    (heads, activation, norm_first)
    for heads in (2, 3)
    for activation in ("relu", "gelu")
    for norm_first in (False, True)
]
# (N, S): many short sequences make several parts; one long one is computed a head at a time
SIZES = [(1, 1), (5, 7), (TOKENS // 9 + 3, 17), (1, 433), (3, TOKENS // 2)]


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("how", HOW, ids=str)
def test_equals_its_twin(how, size):
    torch.manual_seed(1)
    (n, s), e, f = size, 6 * how[0], 29
    for dtype, tolerance in (("float64", 1e-12), ("float32", 4e-6)):
        layers = [parameters(e, f, dtype) for _ in range(2)]
        x = rand(n, s, e, dtype=dtype)
        got = run(x.reshape(n * s, e), layers, [(0, n, s)], *how).view(n, s, e)
        wanted = twin(x, layers, *how)
        assert got.dtype is x.dtype
        size_of = wanted.abs().max().item()
        np.testing.assert_allclose(got.numpy(), wanted.numpy(), rtol=0, atol=tolerance * size_of)


@pytest.mark.parametrize(
    "lengths", [[2, 2, 7], [1], [3, 400], [513, 513], [*range(1, 90)]], ids=len
)
def test_sequences_of_different_length(lengths):
    """Packed tokens: each sequence as if it were alone."""
    torch.manual_seed(2)
    layers, how = [parameters(6, 13, "float64") for _ in range(2)], (2, "relu", False)
    x = rand(sum(lengths), 6)
    starts = np.cumsum([0, *lengths])
    runs = [(int(a), 1, length) for a, length in zip(starts, lengths)]
    got = run(x, layers, runs, *how)
    for a, length in zip(starts, lengths):
        wanted = twin(x[a : a + length].unsqueeze(0), layers, *how)[0]
        np.testing.assert_allclose(
            got[a : a + length].numpy(), wanted.numpy(), rtol=1e-10, atol=1e-12
        )


@pytest.mark.parametrize("shape", [(5, 5), (7, 1, 1, 5), (7, 2, 5, 5)], ids=str)
def test_ignored_keys(shape):
    torch.manual_seed(3)
    layers, how = [parameters(6, 13, "float64")], (2, "gelu", True)
    x = rand(7, 5, 6)
    ignored = (torch.rand(*shape) < 0.4) & (torch.arange(5) > 0)  # key 0 is seen by all
    bias = torch.zeros(shape, dtype=torch.float64).masked_fill(ignored, -torch.inf)
    got = run(x.reshape(35, 6), layers, [(0, 7, 5)], *how, ignored.numpy()).view(7, 5, 6)
    np.testing.assert_allclose(got.numpy(), twin(x, layers, *how, bias=bias).numpy(), rtol=1e-10)


def test_masks_follow_their_sequences_into_the_parts():
    """As many sequences as several parts take, each with a padding of its own."""
    torch.manual_seed(4)
    n, s = TOKENS, 3
    layers, how = [parameters(4, 5, "float64")], (2, "relu", True)
    x = rand(n, s, 4)
    lengths = torch.randint(1, s + 1, (n,))
    ignored = (torch.arange(s) >= lengths.unsqueeze(1)).view(n, 1, 1, s)
    bias = torch.zeros(n, 1, 1, s, dtype=torch.float64).masked_fill(ignored, -torch.inf)
    got = run(x.reshape(n * s, 4), layers, [(0, n, s)], *how, ignored.numpy()).view(n, s, 4)
    np.testing.assert_allclose(got.numpy(), twin(x, layers, *how, bias=bias).numpy(), rtol=1e-9)


@pytest.mark.parametrize("scale", [1.0, 30.0, 3000.0])
def test_scores_of_any_size(scale):
    """Large scores: e^s would overflow without a maximum, and rows lie far below others."""
    torch.manual_seed(5)
    ps = parameters(6, 13, "float32")
    ps[0] = ps[0] * scale**0.5
    x = rand(4, 9, 6, dtype="float32")
    x[1] *= 20
    got = run(x.reshape(36, 6), [ps], [(0, 4, 9)], 2, "relu", False).view(4, 9, 6)
    exact = twin(x.double(), [[p.double() for p in ps]], 2, "relu", False)
    assert not got.isnan().any()
    np.testing.assert_allclose(got.numpy(), exact.numpy(), rtol=0, atol=2e-4)


def test_a_query_without_keys_is_nan_and_no_other():
    torch.manual_seed(6)
    ignored = np.zeros((3, 1, 1, 4), bool)
    ignored[1] = True
    ps, x = parameters(6, 13, "float32"), rand(12, 6, dtype="float32")
    y = run(x, [ps], [(0, 3, 4)], 2, "relu", True, ignored).view(3, 4, 6)
    assert y[1].isnan().all() and not y[[0, 2]].isnan().any()


def test_the_same_bits_for_any_number_of_threads():
    torch.manual_seed(7)
    layers, before, results = [parameters(8, 33, "float32")] * 2, torch.get_num_threads(), []
    x = rand(TOKENS * 3, 8, dtype="float32")
    try:
        for threads in (1, 2, 3):
            torch.set_num_threads(threads)
            results.append(
                run(x, layers, [(0, 1000, 3), (3000, 1, 144), (3144, 6, 500)], 2, "gelu", True)
            )
    finally:
        torch.set_num_threads(before)
    assert torch.equal(results[0], results[1]) and torch.equal(results[0], results[2])


def test_input_and_parameters_are_left_alone():
    torch.manual_seed(8)
    ps, x = parameters(6, 13, "float64"), rand(10, 6)
    before = [p.clone() for p in (x, *ps)]
    run(x, [ps], [(0, 2, 5)], 2, "relu", True)
    assert all(torch.equal(a, b) for a, b in zip(before, (x, *ps)))


@pytest.mark.parametrize("runs", [[(0, 128, 17)], [(0, 3, 9), (27, 1, 4000), (4027, 90, 1)]])
def test_parts_hold_every_sequence_once_and_in_order(runs):
    parts = list(_parts(runs, 1088))
    flat = [piece for part in parts for piece in part]
    rows = [r for start, n, length in flat for r in range(start, start + n * length)]
    assert rows == list(range(sum(n * length for _, n, length in runs)))
    assert {length for _, _, length in flat} == {length for _, _, length in runs}
    if len(runs) == 1:
        assert parts == [[(0, 64, 17)], [(1088, 64, 17)]]


def test_wrong_widths_and_dtypes():
    layer = nn.TransformerEncoderLayer(6, 2, 13, batch_first=True).eval()
    with torch.no_grad():
        for x in (torch.zeros(2, 3, 5), torch.zeros(2, 3, 6, dtype=torch.float64)):
            with pytest.raises(RuntimeError, match="multiplied|same dtype"):
                layer(x)
        layer.linear2 = nn.Linear(12, 6)
        with pytest.raises(RuntimeError, match=r"\(6x13 and 12x6\)"):
            layer(torch.zeros(2, 3, 6))


@pytest.mark.parametrize("norm_first", [False, True])
@pytest.mark.parametrize("activation", ["relu", "gelu"])
def test_live(real_torch, norm_first, activation):
    """The notes' stack in eval, beside PyTorch's."""
    results = []
    for t in (torch, real_torch):
        t.manual_seed(0)
        layer = t.nn.TransformerEncoderLayer(
            16, 4, 64, activation=activation, batch_first=True, norm_first=norm_first
        )
        stack = t.nn.TransformerEncoder(layer, 3, enable_nested_tensor=False).eval()
        t.manual_seed(1)
        x = t.randn(50, 11, 16)
        with t.no_grad():
            results.append(stack(x).numpy())
    np.testing.assert_allclose(*results, rtol=0, atol=4e-6)
