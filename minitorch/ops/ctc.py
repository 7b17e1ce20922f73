"""Connectionist temporal classification: a label sequence against scores at every time step.

The network says at each of T steps one of C symbols, or the blank. Repeats are merged and blanks
dropped, so several paths spell a target of S labels; the loss is −log of their total probability.
Put blanks around and between the labels, l′ = ␣ l₁ ␣ l₂ … ␣ (2·S + 1 symbols). With α_t(s) the
log-probability of all beginnings of paths that stand at l′_s after step t,

    α_t(s) = y_t(l′_s) + log(e^α_{t−1}(s) + e^α_{t−1}(s−1) + e^α_{t−1}(s−2))                     (1)
             the third term only where l′_s is no blank and not l′_{s−2}
    loss = −log(e^α_T(2S) + e^α_T(2S−1))                                                        (2)

β_t(s) is the same from the end. What the paths through symbol c at step t weigh together is

    γ_t(c) = Σ_{s: l′_s = c} e^(α_t(s) + β_t(s) + loss) / y_t(c)                                 (3)
    ∂y_t(c) = (e^y_t(c) − γ_t(c)) · g                                                           (4)

(4) is the derivative with respect to scores before a log_softmax; as log_softmax's backward
leaves it unchanged, it is what reaches them.

Source: Graves et al. 2006.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import errors
from ..autograd.graph import TensorBase
from ..autograd.rule import Array, op
from .operands import dtype_title, not_implemented
from .reduction import chosen_reduction


def _node_name(log_probs: Any, *rest: Any) -> str:
    reduction, zero_infinity = rest[-2:]
    if reduction != "none":
        return {"mean": "MeanBackward0", "sum": "SumBackward0"}[reduction]
    if log_probs.ndim == 2:
        return "SqueezeBackward1"
    return "WhereBackward0" if zero_infinity else "CtcLossBackward0"


@op(name=_node_name)
def _ctc(
    log_probs: Array,
    targets: Array,
    steps: Any,
    lengths: Any,
    blank: int,
    reduction: str,
    zero_infinity: bool,
):
    y = log_probs if log_probs.ndim == 3 else log_probs[:, None]
    T, N, C = y.shape
    symbols, skips = _with_blanks(targets, lengths, blank)
    emitted = np.take_along_axis(y, np.broadcast_to(symbols, (T, *symbols.shape)), 2)
    alpha = _beginnings(emitted, skips)
    last, sample = 2 * lengths, np.arange(N)
    ends = alpha[np.maximum(steps - 1, 0), sample]  # (N, 2S + 1), after the last step
    end = _log_sum(
        ends[sample, last], np.where(lengths > 0, ends[sample, np.maximum(last - 1, 0)], -np.inf)
    )
    loss = -np.where(steps > 0, end, np.where(lengths == 0, 0, -np.inf)).astype(y.dtype)  # (2)
    shown = np.where(np.isinf(loss), 0, loss) if zero_infinity else loss
    weight = np.ones(N, y.dtype)
    if reduction == "mean":
        weight = (1 / np.maximum(lengths, 1) / N).astype(y.dtype)
    out = shown if reduction == "none" else (shown * weight).sum()
    shape = log_probs.shape

    def vjp(g):
        beta = _endings(emitted, skips, lengths, steps)
        joint = alpha + beta
        logsum = np.full((T, N, C), -np.inf, y.dtype)
        for s in reversed(range(symbols.shape[1])):
            c = symbols[:, s]
            logsum[:, sample, c] = _log_sum(logsum[:, sample, c], joint[:, :, s])
        gamma = _exp(logsum + loss[:, None] - y)  # (3)
        d = _exp(y) - gamma  # (4)
        d *= (g * weight)[:, None]
        d[np.arange(T)[:, None] >= steps] = 0
        if zero_infinity:
            d[:, np.isinf(loss)] = 0
        return d.reshape(shape), None

    return (out.reshape(()) if log_probs.ndim == 2 else out), vjp


def _with_blanks(targets: Any, lengths: Any, blank: int) -> tuple[Any, Any]:
    """l′ of every sample, (N, 2S + 1), and where (1) has its third term."""
    N, S = len(lengths), int(lengths.max(initial=0))
    symbols = np.full((N, 2 * S + 1), blank, np.int64)
    start = np.cumsum(lengths) - lengths
    for n, k in enumerate(lengths):
        labels = targets[n, :k] if targets.ndim == 2 else targets[start[n] : start[n] + k]
        symbols[n, 1 : 2 * k : 2] = labels
    skips = np.zeros(symbols.shape, np.bool_)
    skips[:, 3::2] = symbols[:, 3::2] != symbols[:, 1:-2:2]
    return symbols, skips


def _beginnings(emitted: Any, skips: Any) -> Any:
    """α of (1), (T, N, 2S + 1); −∞ where no path is."""
    alpha = np.full(emitted.shape, -np.inf, emitted.dtype)
    alpha[0, :, :2] = emitted[0, :, :2]
    for t in range(1, len(emitted)):
        alpha[t] = _three(alpha[t - 1], skips) + emitted[t]  # (1)
    return alpha


def _endings(emitted: Any, skips: Any, lengths: Any, steps: Any) -> Any:
    """β: (1) backwards, from each sample's own last step and last symbol."""
    T, N, L = emitted.shape
    beta = np.full(emitted.shape, -np.inf, emitted.dtype)
    s, last = np.arange(L), 2 * lengths[:, None]
    first = np.where((s == last) | (s == last - 1), 0, -np.inf).astype(emitted.dtype)
    jumps = np.zeros(skips.shape, np.bool_)
    jumps[:, 2:] = skips[:, :1:-1]  # from s back to s − 2 is from s − 2 on to s
    after = np.full((N, L), -np.inf, emitted.dtype)
    for t in range(T - 1, -1, -1):
        total = _three(after[:, ::-1], jumps)[:, ::-1]
        total = np.where((steps - 1 == t)[:, None], first, total)
        after = beta[t] = total + emitted[t]
    return beta


def _three(a: Any, skips: Any) -> Any:
    """log(e^a(s) + e^a(s−1) + e^a(s−2)), the third term only where `skips` is true."""
    one, two = np.full_like(a, -np.inf), np.full_like(a, -np.inf)
    one[:, 1:] = a[:, :-1]
    two[:, 2:] = np.where(skips[:, 2:], a[:, :-2], -np.inf)
    return _log_sum(a, one, two)


def _log_sum(*terms: Any) -> Any:
    """log Σ eˣ; −∞ where all are."""
    top = np.maximum.reduce(terms)
    top = np.where(top == -np.inf, 0, top)
    total = np.add.reduce([_exp(x - top) for x in terms])
    return np.log(total.astype(np.float64)).astype(total.dtype) + top


def _exp(x: Any) -> Any:
    """eˣ rounded once from float64: over many steps float32's own last places add up to 5e-5."""
    return np.exp(x.astype(np.float64)).astype(x.dtype)


def ctc_loss(
    log_probs: Any, targets: Any, input_lengths: Any, target_lengths: Any, blank: int = 0,
    reduction: str = "mean", zero_infinity: bool = False,
) -> Any:  # fmt: skip
    """−log P(target) over all alignments: equations (1)-(4) of this file.

    Shape: log_probs (T, N, C) or (T, C), log-probabilities; targets (N, S), or all labels one
        after the other; the lengths (N) or (): tensors or tuples → () or, for 'none', (N).

    Args:
        input_lengths   steps of each sample, at most T
        target_lengths  labels of each sample
        blank           the blank's number (default 0)
        reduction       'mean' (default): of the losses divided by their target lengths; 'sum';
                        'none'
        zero_infinity   losses of targets too long for their input count 0, without gradient
                        (default False: they are infinite)

    Raises: RuntimeError for shapes, lengths or labels that do not fit; ValueError for an unknown
        reduction.
    """
    reduction = chosen_reduction(None, None, reduction)
    for position, (name, t) in enumerate((("log_probs", log_probs), ("targets", targets)), 1):
        if not isinstance(t, TensorBase):
            raise errors.not_a_tensor("ctc_loss", name, position, t)
    y, labels = log_probs._data, targets._data
    if y.ndim not in (2, 3) or (y.ndim == 2 and labels.ndim != 1):
        raise RuntimeError(
            f"Expected 3-dimensional tensor, but got {y.ndim}-dimensional tensor for argument #1 "
            "'log_probs' (while checking arguments for ctc_loss)"
        )
    if y.size == 0:
        raise RuntimeError("log_probs tensor must not be empty")
    T, N, C = y.shape if y.ndim == 3 else (y.shape[0], 1, y.shape[1])
    steps = _lengths("input_lengths", input_lengths, N, T)
    lengths = _lengths("target_lengths", target_lengths, N, None)
    if not 0 <= blank < C:
        raise RuntimeError(f"blank must be in label range, but got {blank} of {C} symbols")
    wanted = (N, int(lengths.max(initial=0))) if labels.ndim == 2 else (int(lengths.sum()),)
    if labels.ndim not in (1, 2) or labels.shape[0] != wanted[0] or labels.shape[-1] < wanted[-1]:
        raise RuntimeError(
            f"Expected targets of shape {wanted}, but got {errors.shape_text(labels.shape)} (while "
            "checking arguments for ctc_loss)"
        )
    if y.dtype not in (np.float32, np.float64):
        raise not_implemented("ctc_loss_cpu", y)
    labels = labels.astype(np.int64, copy=False)
    if labels.size and (labels.min() < 0 or labels.max() >= C):
        raise RuntimeError(
            f"targets are symbols in [0, {C}), but got {labels.min()} to {labels.max()}"
        )
    return _ctc(log_probs, targets.long(), steps, lengths, blank, reduction, zero_infinity)


def _lengths(name: str, given: Any, n: int, most: int | None) -> Any:
    """Lengths as an array, checked."""
    a = np.asarray(given._data if isinstance(given, TensorBase) else given)
    if a.size and a.dtype.kind not in "iu":
        raise RuntimeError(f"{name} must be integral, but got {dtype_title(a)}")
    a = a.astype(np.int64).reshape(-1)
    if a.size != n:
        raise RuntimeError(f"{name} must be of size batch_size, {n}, but got {a.size}")
    if a.size and a.min() < 0:
        raise RuntimeError(f"Expected {name} to have value at least 0, but got value {a.min()}")
    if most is not None and a.size and a.max() > most:
        raise RuntimeError(
            f"Expected {name} to have value at most {most}, but got value {a.max()}"
        )
    return a
