"""Losses over classes: cross_entropy (from logits) and nll_loss (from log-probabilities).

The notes' CrossEntropyLoss. With logits x, p = softmax(x) over the K classes, and a target
distribution q for each element (one-hot for a class index, smoothed and weighted if asked),

    ℓ = −Σₖ qₖ · log pₖ,      log pₖ = xₖ − log Σⱼ eˣʲ                                  (1)
    qₖ = wₖ · ((1 − ε)·tₖ + ε/K)                                                          (2)
    ∂ℓ/∂xₖ = pₖ · Σⱼ qⱼ − qₖ            (one-hot, no weights: simply p − q)               (3)
    ∂ℓ/∂tₖ = −(1 − ε) · wₖ · log pₖ                                                       (4)

ε is `label_smoothing`, w the class weights. The mean over class indices divides by the sum of
the weights of the targets that count, Σᵢ w[tᵢ]; over probabilities, by the number of elements.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import errors
from ..autograd.rule import Array, op
from .operands import dtype_title, not_implemented
from .reduction import chosen_reduction

# Up to this many classes a (N, K) input is laid out as (K, N): maxima and sums then run along
# long rows. Forward + backward at N = 512, µs, as it comes / laid out anew (1 thread):
#   K = 10: 98 / 62     32: 108 / 102     64: 131 / 183     256: 680 / 1308
FEW_CLASSES = 32


def _node_name(
    input: Any,
    target: Any,
    weight: Any = None,
    size_average: Any = None,
    ignore_index: int = -100,
    reduce: Any = None,
    reduction: str = "mean",
    label_smoothing: float = 0.0,
) -> str:
    """What PyTorch's composition ends with."""
    if input.shape == target.shape and target.dtype.kind == "f":
        return "DivBackward1" if reduction == "mean" else "NegBackward0"
    if label_smoothing > 0:
        return "AddBackward0"
    return "NllLossBackward0" if input.ndim < 3 else "NllLoss2DBackward0"


@op(name=_node_name)
def cross_entropy(
    input: Array,
    target: Array,
    weight: Array = None,
    size_average=None,
    ignore_index=-100,
    reduce=None,
    reduction="mean",
    label_smoothing=0.0,
    *,
    need,
):
    """How surprised softmax(input) is by the target: equations (1)-(4) of this file.

    Shape:
        input (K), (N, K) or (N, K, d₁, …); target without the K axis (class indices, int64 or
        uint8) or like input (probabilities); result: () or, for 'none', the indices' shape.
    Args:
        input: unnormalised logits.
        weight: K class weights (default: all 1).
        size_average, reduce: deprecated, see `reduction`.
        ignore_index: a target value that adds neither loss nor gradient nor weight (indices only).
        reduction: 'mean' (default), 'sum' or 'none'.
        label_smoothing: ε in [0, 1], the share of the target spread evenly over the classes.
    Raises:
        IndexError: a class index outside [0, K).
        TypeError: an ignore_index that is no int.
        ValueError: batch sizes that differ, or an unknown reduction.
        RuntimeError: other shapes or dtypes that do not fit.
    Numerics: the maximum is subtracted first, so eˣ never overflows.
    Cost: one array like input is kept for backward.
    Example:
        >>> import minitorch as torch
        >>> x = torch.tensor([[2.0, 0.0, 0.0]])
        >>> torch.nn.functional.cross_entropy(x, torch.tensor([0]))
        tensor(0.2395)

    Source: PyTorch documentation, CrossEntropyLoss; smoothing: Szegedy et al. 2016, section 7.
    """
    reduction = chosen_reduction(size_average, reduce, reduction)
    check_smoothing(label_smoothing)
    _check_ignored("cross_entropy_loss", ignore_index)
    if need[2]:
        raise _no_weight_gradient("cross_entropy")
    if input.dtype.kind != "f":
        raise not_implemented("log_softmax_lastdim_kernel_impl", input)
    if input.shape == target.shape:
        return _from_probabilities(
            input, target, weight, ignore_index, reduction, label_smoothing, need
        )
    check_classes(input, target, weight)
    K = input.shape[0 if input.ndim == 1 else 1]
    w, valid, safe = class_weights(target, weight, ignore_index, K, input.dtype)
    z, from_layout = class_layout(input)
    at = class_positions(z.shape, safe)  # flat positions of x[t]

    e = z - z.max(1, keepdims=True, initial=-np.inf)  # x − max x
    chosen = e.take(at)
    eps, k, W = label_smoothing, None, K
    if weight is not None:
        k = weight.astype(z.dtype)[:, None]  # wₖ along the class axis
        W = k.sum()
    everywhere = (e if k is None else e * k).sum(1).ravel() if eps else None
    np.exp(e, out=e)
    s = e.sum(1, keepdims=True)
    logs = np.log(s).ravel()  # log Σ eˣ, so −log p = logs − x
    row = logs - chosen  # (1)
    row = row if w is None else w * row
    total = w  # Σ q of each element; None: 1
    if eps:
        # (2) gives Σ q·(−log p) = (1 − ε)·w[t]·(−log p[t]) + ε/K · Σ wₖ·(−log pₖ)
        row = row * (1 - eps) + (W * logs - everywhere) * (eps / K)
        total = (1 - eps) * (1 if w is None else w) + eps / K * W
    if valid is not None:
        row[~valid] = 0  # ignored: 0, whatever the logits are
    out, n = _mean_or_sum(row, w, reduction, target.shape, input.dtype)

    def vjp(g):
        a = g.astype(e.dtype).ravel() / n  # one number, or one for each element
        a = a if valid is None else np.where(valid, a, 0)
        onto, hit = (a, a) if total is None else (a * total, a * w if w is not None else a)
        d = e * (onto.reshape(s.shape if onto.size > 1 else -1) / s)  # (3) p · Σ q
        if eps:
            even = (a * (eps / K)).reshape(s.shape if a.size > 1 else -1)
            d -= even if k is None else even * k
            hit = hit * (1 - eps)
        d.reshape(-1)[at] -= hit  # (3) − q
        return from_layout(d), None, None

    return out, (vjp if need[0] else None)


def _from_probabilities(input, target, weight, ignore_index, reduction, eps, need):
    """(1)-(4) where every element brings its own distribution over the classes."""
    if target.dtype.kind != "f":
        raise RuntimeError(
            "Expected floating point type for target with class probabilities, "
            f"got {dtype_title(target)}"
        )
    if ignore_index >= 0:
        raise RuntimeError("ignore_index is not supported for floating point target")
    if input.ndim == 0:
        raise errors.dim_out_of_range(1, 0)
    axis = 0 if input.ndim == 1 else 1
    K = input.shape[axis]
    _check_weight(weight, K)
    dtype = np.result_type(input, target, *(() if weight is None else (weight,)))
    wide = _wide(dtype)
    x, t = input.astype(wide), target.astype(wide, copy=False)
    k = None
    if weight is not None:
        k = weight.astype(wide).reshape((K,) + (1,) * (input.ndim - 1 - axis))
    e = x - x.max(axis, keepdims=True, initial=-np.inf)
    logp = e - np.log(np.exp(e).sum(axis, keepdims=True))  # log p
    q = t if eps == 0 else t * (1 - eps) + eps / K  # (2)
    q = q if k is None else q * k
    row = -(q * logp).sum(axis)  # (1)
    n = (input.size / K if K else 0) if reduction == "mean" else 1
    out = row if reduction == "none" else row.sum() / n

    def vjp(g):
        a = g.astype(wide) / n
        a = np.expand_dims(a, axis) if a.ndim else a
        dx = dt = None
        if need[0]:
            dx = a * (np.exp(logp) * q.sum(axis, keepdims=True) - q)  # (3)
        if need[1]:
            dt = -(1 - eps) * a * (logp if k is None else k * logp)  # (4)
        return dx, dt, None

    return np.asarray(out, dtype), vjp


@op(name=_node_name)
def nll_loss(
    input: Array,
    target: Array,
    weight: Array = None,
    size_average=None,
    ignore_index=-100,
    reduce=None,
    reduction="mean",
    *,
    need,
):
    """The negative log-likelihood of the target class: the input at the target, times −1.

    ℓᵢ = −w[tᵢ] · inputᵢ[tᵢ],   mean: Σ ℓᵢ / Σ w[tᵢ]                                     (5)
    ∂input is −w[tᵢ] · g at the target and 0 elsewhere                                    (6)

    Shape: as `cross_entropy` with class indices.
    Args: as `cross_entropy`; input holds log-probabilities (log_softmax).
    Raises: as `cross_entropy`.
    Example:
        >>> import minitorch as torch
        >>> logp = torch.tensor([[-0.5, -1.0], [-2.0, -0.1]])
        >>> torch.nn.functional.nll_loss(logp, torch.tensor([0, 1]))
        tensor(0.3000)

    Source: PyTorch documentation, NLLLoss.
    """
    reduction = chosen_reduction(size_average, reduce, reduction)
    _check_ignored("nll_loss_nd", ignore_index)
    if need[2]:
        raise _no_weight_gradient("nll_loss_forward")
    if input.ndim < 1:
        raise ValueError(f"Expected 1 or more dimensions (got {input.ndim})")
    check_classes(input, target, weight)
    if input.dtype.kind != "f":
        raise not_implemented("nll_loss_out_frame", input)
    K = input.shape[0 if input.ndim == 1 else 1]
    w, valid, safe = class_weights(target, weight, ignore_index, K, input.dtype)
    N, P = (1, 1) if input.ndim == 1 else (input.shape[0], int(np.prod(input.shape[2:])))
    at = class_positions((N, K, P), safe)
    row = -input.reshape(-1).take(at)
    row = row if w is None else w * row
    if valid is not None:
        row[~valid] = 0  # ignored: 0, whatever stands there
    out, n = _mean_or_sum(row, w, reduction, target.shape, input.dtype)  # (5)
    shape, dtype = input.shape, input.dtype

    def vjp(g):
        d = np.zeros(shape, dtype)
        a = g.ravel() / n if w is None else g.ravel() / n * w
        d.reshape(-1)[at] = -a if valid is None else np.where(valid, -a, 0)  # (6)
        return d, None, None

    return out, vjp


# -- targets as class indices ---------------------------------------------------------------------


def check_smoothing(label_smoothing: Any) -> None:
    """ε is a share."""
    if not 0 <= label_smoothing <= 1:
        raise RuntimeError(f"label_smoothing must be between 0.0 and 1.0. Got: {label_smoothing}")


def _no_weight_gradient(name: str) -> RuntimeError:
    return RuntimeError(
        f"The function '{name}' is not differentiable with respect to argument 'weight'. "
        "This input cannot have requires_grad True."
    )


def _check_weight(weight: Any, K: int) -> None:
    if weight is not None and weight.shape != (K,):
        raise RuntimeError(
            f"weight tensor should be defined either for all {K} classes or no classes but got "
            f"weight tensor of shape: {errors.shape_text(weight.shape)}"
        )


def check_classes(input: Any, target: Any, weight: Any) -> None:
    """Shapes and dtypes of class indices against the input's, in PyTorch's words."""
    x, t, ndim = input.shape, target.shape, input.ndim
    if ndim == 0:
        raise errors.dim_out_of_range(1, 0)
    if ndim > 1 and (not t or x[0] != t[0]):
        got = t[0] if t else 0
        raise ValueError(f"Expected input batch_size ({x[0]}) to match target batch_size ({got}).")
    if ndim == 2 and len(t) != 1:
        raise RuntimeError("0D or 1D target tensor expected, multi-target not supported")
    if ndim == 4 and len(t) != 3:
        raise RuntimeError(
            "only batches of spatial targets supported (3D tensors) but got targets of "
            f"dimension: {len(t)}"
        )
    if ndim not in (1, 2, 4) and x[2:] != t[1:]:
        wanted = errors.shape_text((x[0], *x[2:]))
        raise RuntimeError(f"Expected target size {wanted}, got {errors.shape_text(t)}")
    if target.dtype not in (np.int64, np.uint8):
        raise RuntimeError(
            f"expected target dtype to be Long or Byte, but got {dtype_title(target)}"
        )
    if ndim == 1 and (target.size != 1 or len(t) > 1):
        raise ValueError(
            "For 1D input, 1D target must have size 1, but got target of size: "
            f"{errors.shape_text(t)}"
        )
    if ndim == 4 and x[2:] != t[1:]:
        raise RuntimeError(
            f"size mismatch (got input: {errors.shape_text(x)}, target: {errors.shape_text(t)})"
        )
    _check_weight(weight, x[0 if input.ndim == 1 else 1])
    if weight is not None and weight.dtype != input.dtype:
        raise RuntimeError(
            f"expected scalar type {dtype_title(input)} but found {dtype_title(weight)}"
        )


def _check_ignored(function: str, ignore_index: Any) -> None:
    if type(ignore_index) is bool or not isinstance(ignore_index, (int, np.integer)):
        raise errors.wrong_type(function, "ignore_index", 5, "int", ignore_index)


def class_weights(target: Any, weight: Any, ignore_index: int, K: int, dtype: Any) -> Any:
    """(w[t] or None where all are 1, mask of targets that count or None, indices in range).

    Raises:
        IndexError: an index that is neither ignored nor in [0, K).
    """
    t = target.ravel()
    valid = t != ignore_index
    if valid.all():
        valid, safe = None, t
    else:
        safe = np.where(valid, t, 0)
    outside = (safe < 0) | (safe >= K)
    if valid is not None:
        outside &= valid
    if outside.any():
        raise IndexError(f"Target {t[outside.argmax()]} is out of bounds.")
    if weight is None:
        w = None if valid is None else valid.astype(_wide(dtype))
    elif K == 0:
        w = np.zeros(0, _wide(dtype))
    else:
        w = weight.astype(_wide(dtype))[safe]
        if valid is not None:
            w[~valid] = 0
    return w, valid, safe


def _wide(dtype: Any) -> Any:
    return np.float32 if dtype == np.float16 else dtype


def class_layout(input: Any) -> Any:
    """The logits as (A, K, B), A·B elements in the targets' order, and the way back."""
    shape, dtype = input.shape, _wide(input.dtype)
    if input.ndim <= 2 and shape[-1] <= FEW_CLASSES:
        rows = input.reshape(-1, shape[-1])
        z = np.array(rows.T, dtype, order="C")[None]  # (1, K, N)
        return z, lambda d: np.ascontiguousarray(d[0].T).reshape(shape)
    N, K = (1, shape[0]) if input.ndim == 1 else shape[:2]
    z = np.ascontiguousarray(input.reshape(N, K, int(np.prod(shape[2:]))), dtype)
    return z, lambda d: d.reshape(shape)


def class_positions(shape: Any, safe: Any) -> Any:
    """Where x[a, t, b] lies in the flat (A, K, B) array, for every element (a, b)."""
    A, K, B = shape
    start = np.arange(B) if A == 1 else (np.arange(A) * (K * B))[:, None] + np.arange(B)
    return start.ravel() + safe.astype(np.int64, copy=False) * B


def _mean_or_sum(row: Any, w: Any, reduction: str, shape: Any, dtype: Any) -> Any:
    """The reduced loss, and what g must be divided by."""
    if reduction == "none":
        return row.reshape(shape).astype(dtype, copy=False), 1
    total = row.sum()
    if reduction == "sum":
        return np.asarray(total, dtype), 1
    n = row.dtype.type(row.size) if w is None else w.sum()  # Σ w[tᵢ]
    return np.asarray(total / n, dtype), n
