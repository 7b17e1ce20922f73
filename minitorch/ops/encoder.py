"""A stack of encoder layers in evaluation: some sequences through all layers, then the next ones.

    norm_first=False      x ← norm₁(x + attention(x));   x ← norm₂(x + ff(x))             (1)
    norm_first=True       x ← x + attention(norm₁(x));   x ← x + ff(norm₂(x))             (2)
    [q, k, v] = x·W_inᵀ + b_in,   s = q·kᵀ/√D + M,   M = −∞ where a key is ignored         (3)
    attention(x) = concat(softmax(s)·v)·W_Oᵀ + b_O,   the softmax along the keys           (4)
    ff(x) = f(x·W₁ᵀ + b₁)·W₂ᵀ + b₂                                                        (5)
    norm(x) = (x − μ)·r∘γ + β,   r = 1/√(σ² + ε)                                          (6)

Sequences know nothing of each other, so a thread may take its share of them through the whole
stack. Operation by operation the threads meet some twelve times a layer, and hand over Python's
lock on each side of every array operation; here they meet once, and work in their own buffers.

The tokens of all sequences lie in one matrix (M, E). Sequences of one length that follow each other
form a *run* (start, n, L), n·L rows: a batch (N, S, E) is one run, a packed batch (packing.py in
nn/modules) one for each length.

Letters: E features of a token, h heads, D = E/h, F hidden features, L tokens of a sequence.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import sqrt
from typing import Any, NamedTuple

import numpy as np

from .. import parallel
from ..autograd.rule import Array, op
from .attention import SCORES, exponentials, exponentials_by_row, scale_rows
from .feed_forward import ACTIVATIONS, HIDDEN, with_ones
from .matmul import check_dtypes
from .norm import check_same_dtype
from .special import wide

# Tokens that a thread takes through the stack at once, about. The example's presets default, patch
# 4 and wide in evaluation, ms: 1024: 15.0, 21.0, 155; 2048: 12.7, 18.4, 152; 4096: 16.9, 24.8, 155
# (operation by operation: 21.9, 27.8, 179; PyTorch 11.2, 15.6, 109).
TOKENS = 2048


class Layer(NamedTuple):
    """The parameters of (1)-(6) as arrays."""

    w_in: Array  # (3E, E)
    b_in: Array
    w_out: Array  # (E, E)
    b_out: Array
    w1: Array  # (F, E)
    b1: Array
    w2: Array  # (E, F)
    b2: Array
    gamma1: Array
    beta1: Array
    gamma2: Array
    beta2: Array
    eps: float
    heads: int
    activation: str
    norm_first: bool


def _ready(w: Layer, kind: Any) -> Layer:
    """The same layer with what is linear, and can be had once, folded into its weights:

        (x̂∘γ + β)·Wᵀ + b = x̂·(W∘γ)ᵀ + (W·β + b)                                           (7)

    turns norm_first's γ and β into weights and biases, E·F products instead of M·E; W_q takes
    1/√D of (3); and of b_in only b_q stays, by (3) and (4): q·b_k is the same for all keys, which
    the softmax doesn't see, and weights that add up to 1 let b_v through, to W_O·b_v + b_O. W₁
    comes as [W₁, b₁]ᵀ, to be multiplied by [x, 1]: no pass over the hidden layer for b₁.
    """
    w_in, b_in, w_out, b_out, w1, b1, w2, b2, gamma1, beta1, gamma2, beta2 = map(wide, w[:12])
    if w.norm_first:  # (7)
        w_in, b_in = w_in * gamma1, w_in @ beta1 + b_in
        w1, b1 = w1 * gamma2, w1 @ beta2 + b1
    e = w_in.shape[1]
    scale = np.ones((3 * e, 1), kind)
    scale[:e] = 1 / sqrt(e // w.heads)
    b_q, _, b_v = (b_in * scale[:, 0]).reshape(3, e)
    w1_b1 = np.concatenate((w1.T, b1[None]))
    arrays = (w_in * scale, b_q, w_out, w_out @ b_v + b_out, w1_b1, b1, w2, b2)
    return Layer(*arrays, gamma1, beta1, gamma2, beta2, *w[12:])


@op
def encoder(input: Array, layers, runs, ignored=None):
    """Equation (1) or (2) for every layer. There is no derivative: for evaluation.

    Shape: input (M, E), tokens of sequences one after the other; result the same.
    Args:
        layers: a list of `Layer`s, alike in h.
        runs: (start, n, L) of n sequences of length L in the rows start : start + n·L.
        ignored: True where a query does not look at a key, an array that broadcasts to
            (n, h, L, L); for one run only (default None). A query without any key gets nan.
    Cost: each thread keeps 10 E numbers a token of TOKENS, HIDDEN twice and SCORES.
    Source: Vaswani et al. 2017, section 3; Xiong et al. 2020 (norm_first).
    """
    for layer in layers:
        _check(input, layer)
    x = np.array(wide(input), order="C")
    ready = [_ready(layer, x.dtype) for layer in layers]
    bias = None if ignored is None else _bias(ignored, runs[0], layers[0].heads, x.dtype)
    parts = list(_parts(runs, parallel.rows(len(x), 1, TOKENS)))

    def work(i: int, _: int) -> None:
        first, last = parts[i][0], parts[i][-1]
        rows = slice(first[0], last[0] + last[1] * last[2])
        local = [(start - rows.start, n, length) for start, n, length in parts[i]]
        masks = None
        if bias is not None:
            at = rows.start // first[2]
            masks = bias[at : at + first[1]]
        for layer in ready:
            _apply(layer, x[rows], local, masks)

    parallel.blocks(len(parts), 1, work)
    return x.astype(input.dtype, copy=False), None


def _check(x: Array, w: Layer) -> None:
    """RuntimeError, as `linear` and `layer_norm` raise it, for dtypes and widths that don't fit."""
    for a in w[:8]:
        check_dtypes(x, a)
    check_same_dtype(x, *w[8:12])
    e = x.shape[1]
    for width, weight in ((e, w.w_in), (e, w.w_out), (e, w.w1), (len(w.w1), w.w2)):
        if width != weight.shape[1]:
            raise RuntimeError(
                f"mat1 and mat2 shapes cannot be multiplied ({len(x)}x{width} and "
                f"{weight.shape[1]}x{weight.shape[0]})"
            )


def _bias(ignored: Array, run: tuple[int, int, int], heads: int, kind: Any) -> Array:
    """M of (3) as a view (n, h, L, L)."""
    _, n, length = run
    bias = np.where(ignored, kind.type(-np.inf), kind.type(0))
    return np.broadcast_to(bias, (n, heads, length, length))


def _parts(runs: Any, tokens: int) -> Iterator[list[tuple[int, int, int]]]:
    """The runs, cut between sequences into lists of runs of about `tokens` tokens."""
    part: list[tuple[int, int, int]] = []
    room = tokens
    for start, n, length in runs:
        while n:
            take = min(n, max(1, -(-room // max(length, 1))))
            part.append((start, take, length))
            start, n, room = start + take * length, n - take, room - take * length
            if room <= 0:
                yield part
                part, room = [], tokens
    if part:
        yield part


def _apply(w: Layer, x: Array, runs: Any, masks: Any) -> None:
    """One layer on the tokens of a part, in place."""
    if w.norm_first:  # (2)
        y = parallel.scratch("norm", x.shape, x.dtype)
        _normalize(x, w.eps, y)
        _add_attention(w, y, runs, masks, x)
        _normalize(x, w.eps, y)
        _add_feed_forward(w, y, x)
    else:  # (1)
        _add_attention(w, x, runs, masks, x)
        _normalize(x, w.eps, x)
        np.multiply(x, w.gamma1, x)
        np.add(x, w.beta1, x)
        _add_feed_forward(w, x, x)
        _normalize(x, w.eps, x)
        np.multiply(x, w.gamma2, x)
        np.add(x, w.beta2, x)


def _normalize(x: Array, eps: float, out: Array) -> None:
    """Equation (6) but for γ and β; out may be x."""
    m, e = x.shape
    mean = np.full(e, 1 / e, x.dtype)  # v @ mean is the mean of v's rows

    def work(a: int, b: int) -> None:
        y = np.subtract(x[a:b], (x[a:b] @ mean)[:, None], out[a:b])
        variance = np.einsum("ij,ij->i", y, y) / x.dtype.type(e)
        np.multiply(y, (1 / np.sqrt(variance + x.dtype.type(eps)))[:, None], y)

    parallel.blocks(m, parallel.rows(m, e), work)


def _add_linear(x: Array, w: Array, b: Array, to: Array) -> None:
    """to ← to + x·wᵀ + b, for a block of rows."""
    y = np.matmul(x, w.T, parallel.scratch("y", to.shape, to.dtype))
    np.add(to, y, to)
    np.add(to, b, to)


def _add_feed_forward(w: Layer, x: Array, to: Array) -> None:
    """to ← to + ff(x), equation (5); `to` may be x."""
    f = w.w1.shape[1]  # as `_ready` leaves it: (E + 1, F)

    def work(a: int, b: int) -> None:
        h = parallel.scratch("h", (b - a, f), x.dtype)
        np.matmul(with_ones(x[a:b], x.dtype), w.w1, h)
        hidden = parallel.scratch("hidden", h.shape, x.dtype)
        ACTIVATIONS[w.activation](h, hidden, None)
        _add_linear(hidden, w.w2, w.b2, to[a:b])

    parallel.blocks(len(x), parallel.rows(len(x), f, HIDDEN), work)


def _add_attention(w: Layer, x: Array, runs: Any, masks: Any, to: Array) -> None:
    """to ← to + attention(x), equations (3) and (4); `to` may be x."""
    (m, e), kind = x.shape, x.dtype
    qkv, heads = parallel.scratch("qkv", (m, 3 * e), kind), parallel.scratch("heads", (m, e), kind)
    size = parallel.rows(m, 3 * e, HIDDEN)
    cut = [block for run in runs for block in _blocks(run, w.heads)]

    def project(a: int, b: int) -> None:
        np.matmul(x[a:b], w.w_in.T, qkv[a:b])
        np.add(qkv[a:b, :e], w.b_in, qkv[a:b, :e])  # (3): b_q, the others are elsewhere (_ready)

    def attend(i: int, _: int) -> None:
        """Some sequences and heads: (3), then softmax(s)·v."""
        start, n, length, h, first = cut[i]
        rows = slice(start, start + n * length)
        split = qkv[rows].reshape(n, length, 3, w.heads, -1).transpose(2, 0, 3, 1, 4)
        q, k, v = split[:, :, h]
        s = parallel.scratch("scores", (*q.shape[:3], length), kind)
        mask = None if masks is None else masks[first : first + n, h]
        _scores(q, k, mask, s)
        sums, _ = exponentials(s)
        if not sums.min(initial=np.inf) > 1e-10:
            _scores(q, k, mask, s)
            sums, _ = exponentials_by_row(s)
        o = heads[rows].reshape(n, length, w.heads, -1).swapaxes(1, 2)[:, h]
        np.matmul(s, v, o)
        scale_rows(o, 1 / sums, o)  # the softmax's division last: L·D numbers, not L²

    parallel.blocks(m, size, project)
    parallel.blocks(len(cut), 1, attend)
    parallel.blocks(m, size, lambda a, b: _add_linear(heads[a:b], w.w_out, w.b_out, to[a:b]))  # (4)


def _scores(q: Array, k: Array, mask: Any, s: Array) -> None:
    np.matmul(q, k.swapaxes(-1, -2), s)
    if mask is not None:
        np.add(s, mask, s)  # (3)


def _blocks(run: tuple[int, int, int], heads: int) -> Any:
    """A run in blocks of about SCORES scores: some sequences × all heads, or one × some heads."""
    start, n, length = run
    one = length * length
    many, some = max(1, SCORES // (heads * one)), min(heads, max(1, SCORES // one))
    for i in range(0, n, many):
        for h in range(0, heads, some):
            yield start + i * length, min(many, n - i), length, slice(h, h + some), i
