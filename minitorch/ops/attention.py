"""Scaled dot-product attention: every query takes a weighted mean of the values.

    s = α·q·kᵀ + M,   α = 1/√E (default),   M = 0 where attention is allowed, else −∞       (1)
    P = softmax(s) along the keys                                                          (2)
    out = (P∘m/(1 − p))·v,   m the dropout mask                                            (3)

    ∂v = (P∘m/(1 − p))ᵀ·g                                                                  (4)
    ∂P = (g·vᵀ)∘m/(1 − p)                                                                  (5)
    ∂s = P∘(∂P − δ),   δ = Σ_e g·out  (= Σ_keys P∘∂P)                                      (6)
    ∂q = α·∂s·k,   ∂k = α·∂sᵀ·q                                                            (7)

Letters: N batch, H heads, L queries, S keys, E size of a head (Ev: of a value). The scores are
(N, H, L, S), by far the largest array; they are computed for a few heads at a time in cache,
used and dropped. Backward computes them again from q, k and the log of the softmax's sum
(lse), which is one number a row (Dao et al. 2022, FlashAttention).
"""

from __future__ import annotations

from math import prod, sqrt
from typing import Any

import numpy as np

from .. import errors, parallel, random
from ..autograd.graph import TensorBase, needs_grad
from ..autograd.rule import Array, op
from .dropout import dropout, inverse, pack, unpack
from .operands import dtype_title
from .softmax import softmax
from .special import wide

# Scores in a block. Forward + backward, one thread, ms for 32768, 65536, 131072, 262144 scores:
# 256 × 8 heads, 50 tokens, E 2: 33.7, 25.1, 23.7, 21.7; 128 × 4, 50, E 32: 25.4, 23.7, 24.0, 25.4;
# 2 × 4, 512 tokens, E 32: 31.8, 25.6, 22.8, 21.0.
SCORES = 131072

# Softmax needs no maximum if the scores of a block lie between −SAFE and SAFE, or so.
SAFE = 20.0

# Up to this many scores e^s is stored for backward; beyond, backward computes it again. Forward and
# backward on one thread, ms, computed again → stored: 64 × 4 heads, 50 tokens, E 16: 8.2 → 6.4;
# 128 × 4, 50, E 32: 23.3 → 18.8. The notes' 512 × 8 heads, 50 tokens would store 41 MB a layer.
KEEP = 1 << 22


class _Blocks:
    """How (N, H, L, S) scores are cut: a few batches × all heads, or one batch × a few heads."""

    def __init__(self, n: int, h: int, l: int, s: int) -> None:
        one = max(l * s, 1)
        self.heads = parallel.rows(h, one, SCORES)
        self.batches = parallel.rows(n, one * h, SCORES) if self.heads >= h else 1
        self.per_batch = -(-h // self.heads) if h else 0  # blocks of heads
        self.count = -(-n // self.batches) * self.per_batch
        self.rows = max(1, SCORES // max(s, 1))  # queries at a time within a block

    def __getitem__(self, i: int) -> tuple[slice, slice]:
        n, h = divmod(i, self.per_batch)
        return (
            slice(n * self.batches, (n + 1) * self.batches),
            slice(h * self.heads, (h + 1) * self.heads),
        )


def exponentials(e: Array) -> tuple[Array, Any]:
    """e ← e^(s − m) in place; the rows' sums and m, one number for the whole block.

    Any m will do in (2). One for all costs 0.1 ns a score, the rows' own maxima 0.9.
    """
    m = e.dtype.type(0)
    top = e.max(initial=-np.inf)
    if not -SAFE < top < SAFE and np.isfinite(top):
        m = top
        np.subtract(e, m, e)
    np.exp(e, e)
    return _sums(e), m


def exponentials_by_row(e: Array) -> tuple[Array, Array]:
    """The same with each row's own maximum as m: right for rows far below others, or all −∞."""
    m = np.max(e, -1, keepdims=True, initial=-np.inf)
    m[m == -np.inf] = 0  # nothing allowed: e^(−∞ − 0) = 0, and so is the result
    np.subtract(e, m, e)
    np.exp(e, e)
    return _sums(e), m[..., 0]


def _sums(e: Array) -> Array:
    """Row sums as one matrix × vector product."""
    s = e.shape[-1]
    return (e.reshape(-1, s) @ np.ones(s, e.dtype)).reshape(e.shape[:-1])


def scale_rows(x: Array, factor: Array, out: Array) -> None:
    """out = x·factor, a number for each row of (n, h, rows, E)."""
    if x.strides[1] < x.strides[2]:  # heads inside rows in memory: pass along it
        x, out, factor = x.swapaxes(1, 2), out.swapaxes(1, 2), factor.swapaxes(1, 2)
    np.multiply(x, np.ascontiguousarray(factor)[..., None], out)


def _scaled_rows(name: str, x: Array, factor: Array) -> Array:
    """x·factor in a scratch buffer that lies in memory as x does."""
    n, h, rows, e = x.shape
    if x.strides[1] < x.strides[2]:
        out = parallel.scratch(name, (n, rows, h, e), factor.dtype).swapaxes(1, 2)
    else:
        out = parallel.scratch(name, x.shape, factor.dtype)
    scale_rows(x, factor, out)
    return out


def _name(query: Any, key: Any, value: Any, attn_mask: Any, dropout_p: float, *rest: Any) -> str:
    """PyTorch runs its fused kernel when nothing is dropped or broadcast, else a composition."""
    same = query.shape[:-2] == key.shape[:-2] and key.shape == value.shape
    if query.ndim == 4 and dropout_p == 0 and same and query.shape[-1] == key.shape[-1]:
        return "ScaledDotProductFlashAttentionForCpuBackward0"
    return "MmBackward0" if query.ndim == value.ndim == 2 else "UnsafeViewBackward0"


@op(name=_name)
def _attention(
    query: Array,
    key: Array,
    value: Array,
    attn_mask: Array = None,
    dropout_p=0.0,
    is_causal=False,
    scale=1.0,
    mask=None,
    *,
    need,
):
    """Equations (1)-(7) for (N, H, L, E), block by block.

    mask: m of (3) as bools, where the caller has drawn it (default None: drawn here).
    """
    shapes = query.shape, key.shape, value.shape
    batch = np.broadcast_shapes(*(s[:-2] for s in shapes))
    q, k, v = (_four(wide(x), batch) for x in (query, key, value))
    (n, h, l, _), s, ev, kind = q.shape, k.shape[2], v.shape[3], q.dtype
    bias = _bias(attn_mask, is_causal, l, s, kind)
    alpha = kind.type(scale)
    p, inv = dropout_p, inverse(dropout_p, kind) if dropout_p < 1 else kind.type(0)
    if bias is not None:  # one row for all queries becomes a view with L rows
        bias = np.broadcast_to(_four(bias, batch), (n, h, l, s))
    out, total = _empty_as(q, ev), np.empty((n, h, l), kind)  # total: Σ e^(s − m)
    needs = tuple(need[i] for i in range(4))
    keep = any(needs) and total.size * s <= KEEP
    kept = np.empty((n, h, l, s), kind) if keep else None  # e^(s − m)
    lse = np.empty((n, h, 0 if keep else l), kind)  # log Σ eˢ, if e^(s − m) is not stored
    cut = _Blocks(n, h, l, s)
    bits: list[Any] = [None] * cut.count

    def draw(i: int, _: int) -> Any:
        """This block's dropout mask, in the order of the scores."""
        if mask is not None:
            return mask[cut[i]]
        if not 0 < p < 1:
            return None
        n_h = total[cut[i]].shape[:2]
        return random.dropout_mask((*n_h, l, s), 1 - p)

    def scores(at: Any, r: slice) -> Array:
        """Equation (1) for the queries r."""
        if kept is None:
            e = parallel.scratch("attention", (*total[at].shape[:2], len(total[0, 0, r]), s), kind)
        else:
            e = kept[at][:, :, r]
        np.matmul(q[at][:, :, r] * alpha, k[at].swapaxes(-1, -2), e)  # α·q: L·E products, not L·S
        if bias is not None:
            np.add(e, bias[at][:, :, r], e)
        return e

    def forward(i: int, _: int, m: Any) -> None:
        at = cut[i]
        if m is not None:
            bits[i] = pack(m)
        for start in range(0, l, cut.rows):
            r = slice(start, start + cut.rows)
            e = scores(at, r)
            sums, top = exponentials(e)
            if not sums.min(initial=np.inf) > 1e-10:
                sums, top = exponentials_by_row(scores(at, r))
            sums[sums == 0] = np.inf  # no key at all: P = 0, as in PyTorch
            total[at][:, :, r] = sums
            if kept is None:
                lse[at][:, :, r] = np.log(sums) + top
            if m is not None:
                e = np.multiply(e, m[:, :, r], parallel.scratch("dropped", e.shape, kind))
            o = out[at][:, :, r]
            np.matmul(e, v[at], o)  # (3), the softmax's division last: L·Ev instead of L·S
            scale_rows(o, inv / sums, o)

    parallel.blocks(cut.count, 1, forward, draw)
    result = out.reshape(batch + (l, ev))

    def vjp(g: Array) -> Any:
        g = _four(g, batch)
        dq, dk, dv = _empty_as(q, q.shape[3]), _empty_as(k, k.shape[3]), _empty_as(v, ev)
        ds_all = np.empty((n, h, l, s), kind) if needs[3] else None

        def weights(at: Any, r: slice) -> tuple[Array, Any]:
            """(e, t) with P = e/t: stored, or computed again with t = 1."""
            if kept is not None:
                return kept[at][:, :, r], total[at][:, :, r]
            e = scores(at, r)
            np.subtract(e, lse[at][:, :, r, None], e)
            return np.exp(e, e), kind.type(1)

        def backward(i: int, _: int) -> None:
            at = cut[i]
            shape = (*total[at].shape[:2], l, s)
            m = None if bits[i] is None else unpack(bits[i], shape)
            for start in range(0, l, cut.rows):
                r = slice(start, start + cut.rows)
                e, t = weights(at, r)
                gr = g[at][:, :, r]
                delta = _row_sums(gr, out[at][:, :, r]) / t  # δ/t
                gr = _scaled_rows("g", gr, np.broadcast_to(inv / t, delta.shape))
                ds = np.matmul(gr, v[at].swapaxes(-1, -2), parallel.scratch("ds", e.shape, kind))
                dropped = e
                if m is not None:
                    dropped = parallel.scratch("dropped", e.shape, kind)
                    np.multiply(e, m[:, :, r], dropped)
                    np.multiply(ds, m[:, :, r], ds)  # (5)
                np.subtract(ds, delta[..., None], ds)
                np.multiply(ds, e, ds)  # (6)
                if ds_all is not None:
                    ds_all[at][:, :, r] = ds
                np.multiply(ds, alpha, ds)
                first = start == 0
                _add_product(dv[at], dropped.swapaxes(-1, -2), gr, first)  # (4)
                _add_product(dk[at], ds.swapaxes(-1, -2), q[at][:, :, r], first)  # (7)
                np.matmul(ds, k[at], dq[at][:, :, r])  # (7)

        if l == 0:
            dk[...], dv[...] = 0, 0
        parallel.blocks(cut.count, 1, backward)
        tails = [s[-2:] for s in shapes]
        grads = [d.reshape(batch + t) for d, t in zip((dq, dk, dv), tails)]
        return (*grads, None if ds_all is None else ds_all.reshape(batch + (l, s)))

    return result.astype(query.dtype, copy=False), vjp


def _add_product(to: Array, a: Array, b: Array, first: bool) -> None:
    """to = a·b for the first block of queries, to += a·b for later ones."""
    if first:
        np.matmul(a, b, to)
    else:
        np.add(to, np.matmul(a, b), to)


def _row_sums(a: Array, b: Array) -> Array:
    """Σ_e a·b for each row of (n, h, rows, E)."""
    turned = a.strides[1] < a.strides[2] and b.strides[1] < b.strides[2]
    if turned:  # heads inside rows in memory: pass along it
        a, b = a.swapaxes(1, 2), b.swapaxes(1, 2)
    sums = _sums(np.multiply(a, b, parallel.scratch("row_sums", a.shape, b.dtype)))
    return sums.swapaxes(1, 2) if turned else sums


def _four(x: Array, batch: tuple[int, ...]) -> Array:
    """x with the batch dimensions `batch`, as (N, H, …)."""
    x = np.broadcast_to(x, batch + x.shape[-2:])
    return x if len(batch) == 2 else x.reshape(prod(batch), 1, *x.shape[-2:])


def _empty_as(x: Array, last: int) -> Array:
    """A new (N, H, rows, last) array that lies in memory as x does: heads inside or outside rows.

    Multi-head attention passes (N, L, H, E) memory; with the same order in the result, joining
    the heads afterwards needs no copy.
    """
    n, h, rows, _ = x.shape
    if x.strides[1] < x.strides[2]:
        return np.empty((n, rows, h, last), x.dtype).swapaxes(1, 2)
    return np.empty((n, h, rows, last), x.dtype)


def _bias(attn_mask: Any, is_causal: bool, l: int, s: int, kind: Any) -> Any:
    """M of (1) as a float array that broadcasts, None for nothing masked."""
    if is_causal:
        return np.where(np.tri(l, s, dtype=bool), kind.type(0), kind.type(-np.inf))
    if attn_mask is not None and attn_mask.dtype == bool:
        return np.where(attn_mask, kind.type(0), kind.type(-np.inf))
    return None if attn_mask is None else attn_mask.astype(kind, copy=False)


# -- as torch.nn.functional spells it -------------------------------------------------------------


def scaled_dot_product_attention(
    query: Any,
    key: Any,
    value: Any,
    attn_mask: Any = None,
    dropout_p: float = 0.0,
    is_causal: bool = False,
    *,
    scale: float | None = None,
    enable_gqa: bool = False,
) -> Any:
    """Each query's mean of the values, weighted by softmax(α·q·kᵀ): equations (1)-(3).

    Shape: query (N, …, H, L, E), key (N, …, H, S, E), value (N, …, H, S, Ev), attn_mask anything
        that broadcasts to (N, …, H, L, S); result (N, …, H, L, Ev).
    Args:
        attn_mask: bool, True where attention is allowed; or floats that are added to the scores.
        dropout_p: the probability p of (3) (default 0; unlike dropout, there is no train mode).
        is_causal: allow key j for query i only if j ≤ i (default False).
        scale: α (default None: 1/√E).
        enable_gqa: groups of query heads share a key and value head (default False).
    A query that may attend to no key gets zeros.
    Raises: RuntimeError for shapes or dtypes that do not fit, or a mask together with is_causal.
    Cost: saves q, k, v, the result, one number a query, and one bit a score if p > 0.
    Source: Vaswani et al. 2017, section 3.2.1; PyTorch documentation.
    Example:
        >>> import minitorch as torch
        >>> q, v = torch.zeros(1, 2, 4), torch.tensor([[[1.0], [3.0]]])
        >>> torch.nn.functional.scaled_dot_product_attention(q, q, v)
        tensor([[[2.],
                 [2.]]])
    """
    _check_tensors(query, key, value, attn_mask)
    if enable_gqa:
        key, value = (_shared_heads(query, t) for t in (key, value))
    _check(query, key, value, attn_mask, dropout_p, is_causal)
    alpha = scale
    if alpha is None:
        e = query._data.shape[-1]
        alpha = 1 / sqrt(e) if e else 1.0
    p = float(dropout_p)
    if attn_mask is not None and not needs_grad(attn_mask):
        attn_mask = attn_mask.detach()
    return _attention(query, key, value, attn_mask, p, bool(is_causal), float(alpha))


def _check_tensors(q: Any, k: Any, v: Any, mask: Any) -> None:
    name = "scaled_dot_product_attention"
    tensors = {"query": q, "key": k, "value": v}
    for i, (argument, t) in enumerate(tensors.items()):
        if not isinstance(t, TensorBase):
            raise errors.not_a_tensor(name, argument, i + 1, t)
    if mask is not None and not isinstance(mask, TensorBase):
        raise errors.not_a_tensor(name, "attn_mask", 4, mask)


def _check(q: Any, k: Any, v: Any, mask: Any, p: Any, is_causal: Any) -> None:
    a, b, c = (t._data for t in (q, k, v))
    if min(a.ndim, b.ndim, c.ndim) < 2:
        raise RuntimeError(
            "Expected query, key, and value to all be at least 2 dimensional, but got query.dim: "
            f"{a.ndim} key.dim: {b.ndim} and value.dim: {c.ndim} instead."
        )
    if not a.dtype == b.dtype == c.dtype:
        raise RuntimeError(
            "Expected query, key, and value to have the same dtype, but got query.dtype: "
            f"{a.dtype} key.dtype: {b.dtype} and value.dtype: {c.dtype} instead."
        )
    if a.dtype.kind != "f":
        raise RuntimeError(f"expected scalar type Float but found {dtype_title(a)}")
    if a.shape[-1] != b.shape[-1] or b.shape[-2] != c.shape[-2]:
        raise RuntimeError(
            "Expected query (…, L, E), key (…, S, E) and value (…, S, Ev), but got query "
            f"{errors.shape_text(a.shape)}, key {errors.shape_text(b.shape)} and value "
            f"{errors.shape_text(c.shape)}"
        )
    try:
        scores = (
            *np.broadcast_shapes(a.shape[:-2], b.shape[:-2], c.shape[:-2]),
            a.shape[-2],
            b.shape[-2],
        )
    except ValueError:
        clash = b if a.shape[:-2] != b.shape[:-2] else c
        raise errors.broadcast(a.shape[:-2], clash.shape[:-2]) from None
    if not 0 <= p <= 1:
        raise RuntimeError(f"dropout probability has to be between 0 and 1, but got {p}")
    if mask is None:
        return
    if is_causal:
        raise RuntimeError(
            "scaled_dot_product_attention: Explicit attn_mask should not be set when is_causal=True"
        )
    m = mask._data
    if m.dtype != bool and m.dtype != a.dtype:
        raise RuntimeError(
            "Expected attn_mask dtype to be bool or float or to match query dtype, but got "
            f"attn_mask.dtype: {m.dtype} and query.dtype: {a.dtype} instead."
        )
    if m.ndim < 2:
        raise IndexError(
            f"attn_mask must have at least the dimensions (L, S), but got {m.ndim} of them"
        )
    if any(n not in (1, s) for n, s in zip(m.shape[::-1], scores[::-1])) or m.ndim > len(scores):
        raise RuntimeError(
            f"attn_mask must broadcast to the scores' shape {errors.shape_text(scores)}, but got "
            f"attn_mask of shape {errors.shape_text(m.shape)}"
        )


def _shared_heads(query: Any, t: Any) -> Any:
    """Repeat each of t's heads for the query heads that share it."""
    if min(query.dim(), t.dim()) < 3:
        raise errors.dim_out_of_range(-3, min(query.dim(), t.dim()))
    heads, own = query.shape[-3], t.shape[-3]
    if own == 0 or heads % own:
        raise RuntimeError(
            "Number of heads in key and value must divide the number of heads in query, but got "
            f"{own} and {heads}"
        )
    return t if heads == own else t.repeat_interleave(heads // own, -3)


def attention_with_weights(
    query: Any, key: Any, value: Any, attn_mask: Any = None, dropout_p: float = 0.0
) -> tuple[Any, Any]:
    """(out, P∘m/(1 − p)): equations (1)-(3) one by one, for callers who want to see the weights.

    attn_mask holds floats that are added to the scores, or is None. A query that may attend to
    no key gets nan here, as in PyTorch's MultiheadAttention with need_weights=True.
    """
    scores = (query * sqrt(1 / query.shape[-1])) @ key.transpose(-2, -1)
    if attn_mask is not None:
        scores = scores + attn_mask  # (1)
    weights = softmax(scores, -1)  # (2)
    if dropout_p > 0:
        weights = dropout(weights, dropout_p)
    return weights @ value, weights  # (3)
