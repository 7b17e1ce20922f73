"""The feed-forward block of a Transformer as one operation: linear → activation → dropout → linear.

    h = x·W₁ᵀ + b₁,   a = f(h),   y = (a∘m/(1 − p))·W₂ᵀ + b₂                              (1)
    ∂W₂ = gᵀ·(a∘m)/(1 − p),   ∂b₂ = Σ g                                                   (2)
    ∂h = (g·W₂)∘m/(1 − p)∘f′(h)                                                           (3)
    ∂W₁ = ∂hᵀ·x,   ∂b₁ = Σ ∂h,   ∂x = ∂h·W₁                                               (4)

The hidden layer is wide: h of the notes' model is 25,600 × 2048, 210 MB, and done step by step
the block moves ten such arrays through memory, forward and backward. Here a block of rows goes
through all steps while it is in cache. What is stored depends on the size (KEEP): of a small h,
a∘m and f′∘m; of a large one only the mask, one bit an element, and backward computes h again.

A bias rides along as one more column: x·W₁ᵀ + b₁ = [x, 1]·[W₁, b₁]ᵀ, and ∂hᵀ·[x, 1] gives ∂W₁
and ∂b₁ together.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import parallel, random
from ..autograd.rule import Array, op
from .activation import relu_block
from .dropout import inverse, pack, unpack
from .special import gelu_block, wide

# Hidden elements in a block: 64 rows of the notes' 2048. One thread alone likes 16 rows better (115
# against 133 ms for 6400 × 16 → 2048 → 16, forward + backward), two threads would hand over
# Python's lock four times as often.
HIDDEN = 262144

# Up to this many hidden elements backward finds a∘m and f′(h)∘m stored; beyond, it computes them
# again. Forward + backward on one thread as a ratio to PyTorch, recomputed → stored: 3200 × 64 →
# 128 (GELU, p 0.1) 1.16 → 1.08; 6400 × 128 → 512 (relu) 1.07 → 0.93, with p 0.1 1.01 → 0.87.
# The notes' 25,600 × 2048 would store 420 MB a layer.
KEEP = 1 << 22

# Sums over rows (∂W₁, ∂W₂) are made in this many parts, whatever the number of threads, and the
# parts are added in order: the same bits for any number of threads.
PARTS = 16


def _relu_block(h: Array, out: Array, d: Array | None) -> None:
    relu_block(h, out)
    if d is not None:
        np.greater(out, 0, out=d)


def _gelu_tanh(h: Array, out: Array, d: Array | None) -> None:
    gelu_block(h, out, d, "tanh")


ACTIVATIONS: dict[str, Any] = {"relu": _relu_block, "gelu": gelu_block, "gelu_tanh": _gelu_tanh}


def _name(input: Any, *rest: Any) -> str:
    """That of the last linear, as in PyTorch."""
    bias2 = rest[3] if len(rest) > 3 else None
    if input.ndim == 2:
        return "MmBackward0" if bias2 is None else "AddmmBackward0"
    return "UnsafeViewBackward0" if bias2 is None else "ViewBackward0"


@op(name=_name)
def feed_forward(
    input: Array,
    weight1: Array,
    bias1: Array = None,
    weight2: Array = None,
    bias2: Array = None,
    activation="relu",
    p=0.0,
    mask=None,
    *,
    need,
):
    """linear(dropout(activation(linear(input)))): equations (1)-(4) of this file.

    Shape: input (*, E), weight1 (F, E), bias1 (F), weight2 (O, F), bias2 (O); result (*, O).
    Args:
        bias1, bias2: None for no bias.
        activation: 'relu' (default), 'gelu' or 'gelu_tanh'.
        p: dropout probability of the hidden layer in [0, 1) (default 0: no draw).
        mask: m as bools (M, F), where the caller has drawn it (default None: drawn here).
    Cost: saves input and, of M × F hidden elements, two floats each if M·F ≤ KEEP (one for relu),
        else one bit each (none if p = 0).
    Source: Vaswani et al. 2017, section 3.3; the notes, TransformerEncoderLayer.
    """
    if activation not in ACTIVATIONS:
        raise ValueError(f"activation must be one of {[*ACTIVATIONS]}, but got {activation!r}")
    if not 0 <= p < 1:
        raise ValueError(f"dropout probability has to be in [0, 1), but got p={p}")
    act = ACTIVATIONS[activation]
    kind = np.result_type(wide(input), wide(weight1))
    f, e = weight1.shape
    o, shape = weight2.shape[0], input.shape
    x = input.reshape(-1, e)
    m = len(x)
    if weight2.shape[1] != f:
        raise RuntimeError(
            f"mat1 and mat2 shapes cannot be multiplied ({m}x{f} and {weight2.shape[1]}x{o})"
        )
    has_bias = bias1 is not None
    x1 = with_ones(x, kind) if has_bias else x.astype(kind, copy=False)  # [x, 1]
    w1 = np.empty((x1.shape[1], f), kind)  # [W₁, b₁]ᵀ
    w1[:e] = weight1.T
    if has_bias:
        w1[e] = bias1
    w2 = weight2.astype(kind, copy=False)
    inv = inverse(p, kind)
    y = np.empty((m, o), kind)
    size = parallel.rows(m, f, HIDDEN)
    bits: list[Any] = [None] * -(-m // size)
    keep = m * f <= KEEP and any(need[i] for i in range(4))
    kept_a = np.empty((m, f), kind) if keep else None  # a∘m
    kept_d = np.empty((m, f), kind) if keep and activation != "relu" else None  # f′(h)∘m

    def draw(a: int, b: int) -> Any:
        if mask is not None:
            return mask[a:b]
        return random.dropout_mask((b - a, f), 1 - p) if p > 0 else None

    def forward(a: int, b: int, m_block: Any) -> None:
        h = np.matmul(x1[a:b], w1, parallel.scratch("h", (b - a, f), kind))
        hidden = parallel.scratch("a", h.shape, kind) if kept_a is None else kept_a[a:b]
        d = None if kept_d is None else kept_d[a:b]
        act(h, hidden, d)
        if m_block is not None:
            np.multiply(hidden, m_block, hidden)
            if d is not None:
                np.multiply(d, m_block, d)
            if kept_a is None:
                bits[a // size] = pack(m_block)
        np.matmul(hidden, w2.T, y[a:b])
        if m_block is not None:
            np.multiply(y[a:b], inv, y[a:b])  # 1/(1 − p) on O columns instead of F
        if bias2 is not None:
            np.add(y[a:b], bias2, y[a:b])  # (1)

    parallel.blocks(m, size, forward, draw)
    needs = tuple(need[i] for i in range(5))

    def vjp(g: Array) -> Any:
        g = np.ascontiguousarray(g, kind).reshape(m, o)
        gi = g * inv if p > 0 else g
        dx = np.empty((m, e), kind) if needs[0] else None
        parts = _parts(m, size)
        dw1 = np.zeros((len(parts), f, x1.shape[1]), kind) if needs[1] or needs[2] else None
        dw2 = np.zeros((len(parts), o, f), kind) if needs[3] else None

        def part(i: int, _: int) -> None:
            for a in range(*parts[i], size):
                block(i, a, min(a + size, parts[i][1]))

        def recomputed(a: int, b: int) -> tuple[Array, Array]:
            """a∘m and f′(h)∘m of the rows a:b, from x."""
            shape = (b - a, f)
            h = np.matmul(x1[a:b], w1, parallel.scratch("h", shape, kind))
            hidden, d = parallel.scratch("a", shape, kind), parallel.scratch("d", shape, kind)
            act(h, hidden, d)
            if bits[a // size] is not None:
                m_block = unpack(bits[a // size], shape)
                np.multiply(hidden, m_block, hidden)
                np.multiply(d, m_block, d)
            return hidden, d

        def block(i: int, a: int, b: int) -> None:
            if kept_a is None:
                hidden, d = recomputed(a, b)
            else:  # relu: f′(h)∘m is 1 where a∘m > 0
                hidden = kept_a[a:b]
                d = hidden > 0 if kept_d is None else kept_d[a:b]
            dh = np.matmul(gi[a:b], w2, parallel.scratch("h", hidden.shape, kind))
            np.multiply(dh, d, dh)  # (3)
            if dw2 is not None:
                _add_product(dw2[i], gi[a:b].T, hidden)  # (2)
            if dw1 is not None:
                _add_product(dw1[i], dh.T, x1[a:b])  # (4)
            if dx is not None:
                np.matmul(dh, w1[:e].T, dx[a:b])  # (4)

        parallel.blocks(len(parts), 1, part)
        w1_b1: Any = None if dw1 is None else dw1.sum(0)
        return (
            None if dx is None else dx.reshape(shape),
            None if not needs[1] else np.ascontiguousarray(w1_b1[:, :e]),
            None if not needs[2] else w1_b1[:, e].copy(),
            None if dw2 is None else dw2.sum(0),
            np.ones(m, kind) @ g if needs[4] else None,  # (2)
        )

    return y.reshape(*shape[:-1], o).astype(input.dtype, copy=False), vjp


def with_ones(x: Array, kind: Any) -> Array:
    """[x, 1]"""
    wider = np.empty((len(x), x.shape[1] + 1), kind)
    wider[:, :-1] = x
    wider[:, -1] = 1
    return wider


def _parts(m: int, size: int) -> list[tuple[int, int]]:
    """Rows [start, stop) of each part: whole blocks, at most PARTS parts."""
    n_blocks = -(-m // size)
    per_part = -(-n_blocks // PARTS) * size if n_blocks else size
    return [(a, min(a + per_part, m)) for a in range(0, m, per_part)]


def _add_product(to: Array, a: Array, b: Array) -> None:
    """to += a·b."""
    product = np.matmul(a, b, parallel.scratch("product", to.shape, to.dtype))
    np.add(to, product, to)
