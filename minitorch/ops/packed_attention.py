"""Self-attention of many sequences of different length that lie one after the other in one matrix.

    sᵢ = α·qᵢ·kᵢᵀ,   α = 1/√D,   i one sequence and one head                               (1)
    headᵢ = softmax(sᵢ)·vᵢ                                                                 (2)

Padding a batch to its longest sequence costs L² scores a sequence whatever its own length is.
Here sequences of one length form a *run*, and a run is a batch without padding: a view
(n, L, 3, h, D) of the matrix. No score of a padding token is ever computed, and no mask is needed.

Letters: M tokens of all sequences together, E embedding, h heads, D = E/h, n sequences of length L.
"""

from __future__ import annotations

from math import sqrt
from typing import Any

import numpy as np

from .. import parallel
from ..autograd.rule import Array, op
from .attention import SCORES
from .softmax import _softmax_block
from .special import wide


@op
def packed_attention(qkv: Array, runs, heads):
    """Equations (1) and (2) for every sequence and head. There is no derivative: for evaluation.

    Shape: qkv (M, 3E), a token's query, key and value side by side; result (M, E).
    Args:
        runs: (start, n, L) of n sequences of length L in the rows start : start + n·L.
        heads: h, a divisor of E.
    Cost: two buffers of SCORES numbers a thread (L² where that is more). 512 sequences of 1-50
        tokens, E 64, h 4: 10.5 ms on one thread; padded, `scaled_dot_product_attention` takes 30.
    Source: Vaswani et al. 2017, section 3.2.1.
    """
    x = wide(qkv)
    d = x.shape[1] // 3 // heads
    out = np.empty((len(x), heads * d), x.dtype)
    alpha = x.dtype.type(1 / sqrt(d))
    cut = [block for run in runs for block in _blocks(run, heads)]

    def attend(i: int, _: int) -> None:
        start, n, length, h = cut[i]
        rows = slice(start, start + n * length)
        q, k, v = x[rows].reshape(n, length, 3, heads, d).transpose(2, 0, 3, 1, 4)[:, :, h]
        shape = (*q.shape[:3], length)  # (n, h, L, L)
        s = parallel.scratch("scores", shape, x.dtype)
        p = parallel.scratch("weights", shape, x.dtype)
        np.matmul(q * alpha, k.swapaxes(-1, -2), s)  # (1)
        _softmax_block(s.reshape(-1, length), p.reshape(-1, length))
        o = out[rows].reshape(n, length, heads, d).swapaxes(1, 2)
        np.matmul(p, v, o[:, h])  # (2)

    parallel.blocks(len(cut), 1, attend)
    return out.astype(qkv.dtype, copy=False), None


def _blocks(run: tuple[int, int, int], heads: int) -> Any:
    """A run in blocks of about SCORES scores: some sequences × all heads, or one × some heads."""
    start, n, length = run
    one = length * length
    many, some = max(1, SCORES // (heads * one)), min(heads, max(1, SCORES // one))
    for i in range(0, n, many):
        for h in range(0, heads, some):
            yield start + i * length, min(many, n - i), length, slice(h, h + some)
