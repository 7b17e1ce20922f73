"""Losses that ask for a margin, and negative log-likelihoods of other distributions.

margin_ranking, hinge_embedding, cosine_embedding, triplet_margin and soft_margin want the right
answer to win by a margin; poisson_nll and gaussian_nll are −log p(target) of a distribution whose
parameters are the inputs. As in loss.py, g in the gradients is g/n for the mean over n elements.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .. import dtypes, errors
from ..autograd.rule import Array, Operand, op
from .operands import check_broadcast, dtype_title
from .reduction import chosen_reduction, reduced


def _check_mean(loss: Any, reduction: str) -> None:
    if reduction == "mean" and loss.dtype.kind != "f":
        raise RuntimeError(
            "mean(): could not infer output dtype. Input dtype must be either a floating point or "
            f"complex dtype. Got: {dtype_title(loss)}"
        )


def _node_name(*args: Any, reduction: str = "mean", **options: Any) -> str:
    return {"mean": "MeanBackward0", "sum": "SumBackward0"}.get(reduction, "AddBackward0")


@op(promote="common", name=_node_name)
def margin_ranking_loss(
    input1: Array,
    input2: Array,
    target: Array,
    margin=0,
    size_average=None,
    reduce=None,
    reduction="mean",
    *,
    need,
):
    """input1 should be larger than input2 (target 1) or smaller (target −1).

    ℓ = max(0, −y·(x₁ − x₂) + margin)                                                     (1)
    ∂x₁ = −y·g,  ∂x₂ = y·g,  ∂y = −(x₁ − x₂)·g,  where the maximum is not 0               (2)

    Raises: RuntimeError for tensors of different ndim; ValueError for an unknown reduction.
    Source: PyTorch documentation, MarginRankingLoss.
    """
    reduction = chosen_reduction(size_average, reduce, reduction)
    if not input1.ndim == input2.ndim == target.ndim:
        raise RuntimeError(
            "margin_ranking_loss : All input tensors should have same dimension but got sizes: "
            f"input1: {input1.shape}, input2: {input2.shape}, target: {target.shape}"
        )
    check_broadcast(input1, input2, target)
    d = input1 - input2
    product = -target * d  # in the inputs' dtype: bytes wrap round
    if isinstance(margin, float) and d.dtype.kind != "f":
        product = product.astype(dtypes.default_float())
    loss = np.maximum(product + margin, 0)  # (1)
    _check_mean(loss, reduction)
    out, n = reduced(loss, reduction)

    def vjp(g):
        a = (g / n) * (-target * d + margin > 0)
        return -a * target, a * target, (-a * d if need[2] else None)  # (2)

    return out, vjp


@op(name=_node_name)
def hinge_embedding_loss(
    input: Array,
    target: Array,
    margin=1.0,
    size_average=None,
    reduce=None,
    reduction="mean",
):
    """A distance that should be small (target 1) or at least `margin` (target −1).

    ℓ = x where y = 1,   max(0, margin − x) where y = −1                                  (1)
    ∂x = g  or  −g where margin > x                                                       (2)

    Raises: ValueError for an unknown reduction.
    Source: PyTorch documentation, HingeEmbeddingLoss.
    """
    reduction = chosen_reduction(size_average, reduce, reduction)
    check_broadcast(target, input)
    if input.dtype.kind == "b":
        raise RuntimeError("Subtraction, the `-` operator, with two bool tensors is not supported.")
    zero = input.dtype.type(0)
    hinge = np.where(target != 1, np.maximum(margin - input, zero), zero)
    loss = (hinge + np.where(target != -1, input, zero)).astype(input.dtype)  # (1)
    _check_mean(loss, reduction)
    out, n = reduced(loss, reduction)
    near = (target != -1).astype(input.dtype) - ((target != 1) & (input <= margin))

    def vjp(g):
        return (g / n) * near, None  # (2)

    return out, vjp


@op
def soft_margin_loss(
    input: Array, target: Array, size_average=None, reduce=None, reduction="mean", *, need
):
    """The logistic loss of a score whose sign should be the target's, −1 or 1.

    ℓ = log(1 + e^(−y·x)),   ∂x = −y·g / (1 + e^(y·x))                                    (1)

    Raises: ValueError for an unknown reduction; RuntimeError for integers.
    Source: PyTorch documentation, SoftMarginLoss.
    """
    reduction = chosen_reduction(size_average, reduce, reduction)
    if need[1]:
        raise RuntimeError(
            "The function 'soft_margin_loss' is not differentiable with respect to argument "
            "'target'. This input cannot have requires_grad True."
        )
    if input.dtype.kind == "b":
        raise RuntimeError("Negation, the `-` operator, on a bool tensor is not supported.")
    if input.dtype.kind != "f":
        raise errors.cannot_cast(dtypes.float32, dtypes.from_numpy(input.dtype))
    check_broadcast(input, target)
    z = -target * input
    loss = np.logaddexp(0, z).astype(input.dtype)
    out, n = reduced(loss, reduction)

    def vjp(g):
        return -(g / n) * target / (1 + np.exp(target * input)), None  # (1)

    return out, vjp


_COSINE_EPS = 1e-12


@op(promote="float", name=_node_name)
def cosine_embedding_loss(
    input1: Array,
    input2: Array,
    target: Array,
    margin=0,
    size_average=None,
    reduce=None,
    reduction="mean",
):
    """Two vectors should point the same way (target 1) or not (target −1).

    c = x₁·x₂ / √((x₁² + ε)(x₂² + ε)),  ε = 10⁻¹²                                         (1)
    ℓ = 1 − c where y = 1,   max(0, c − margin) where y = −1                              (2)
    ∂c/∂x₁ = x₂ / √(…) − c·x₁ / (x₁² + ε),  and the same for x₂                           (3)

    Shape: input1, input2 (N, D) or (D); target (N) or ().
    Raises: RuntimeError for other shapes; ValueError for an unknown reduction.
    Source: PyTorch documentation, CosineEmbeddingLoss.
    """
    reduction = chosen_reduction(size_average, reduce, reduction)
    if target.ndim not in (0, 1):
        raise RuntimeError("0D or 1D target tensor expected, multi-target not supported")
    wanted = 1 if target.ndim == 0 else 2
    if input1.ndim != wanted or input2.ndim != wanted:
        raise RuntimeError(
            f"{target.ndim}D target tensor expects {wanted}D input tensors, but found inputs with "
            f"sizes {errors.shape_text(input1.shape)} and {errors.shape_text(input2.shape)}."
        )
    dtype = np.result_type(input1, input2)
    a2 = (input1 * input1).sum(-1, keepdims=True) + _COSINE_EPS
    b2 = (input2 * input2).sum(-1, keepdims=True) + _COSINE_EPS
    root = np.sqrt(a2 * b2)
    c = (input1 * input2).sum(-1, keepdims=True) / root  # (1)
    y = target[..., None]
    loss = np.where(y == 1, 1 - c, 0) + np.where(y == -1, np.maximum(c - margin, 0), 0)  # (2)
    out, n = reduced(loss[..., 0].astype(dtype), reduction)
    slope = (np.where(y == -1, c >= margin, 0) - np.where(y == 1, 1, 0)).astype(dtype)

    def vjp(g):
        a = (g / n) if n != 1 or g.ndim == 0 else g[..., None]
        d = a * slope
        da = d * (input2 / root - c * input1 / a2)  # (3)
        db = d * (input1 / root - c * input2 / b2)
        return da, db, None

    return out, vjp


@op(promote="float", name=_node_name)
def triplet_margin_loss(
    anchor: Array,
    positive: Array,
    negative: Array,
    margin=1.0,
    p=2,
    eps=1e-6,
    swap=False,
    size_average=None,
    reduce=None,
    reduction="mean",
):
    """The anchor should be nearer to the positive than to the negative, by a margin.

    d(x, y) = ‖x − y + ε‖ₚ                                                                (1)
    ℓ = max(0, d(a, p) − d(a, n) + margin);   swap: min(d(a, n), d(p, n)) for d(a, n)     (2)
    ∂d/∂x = |u|^(p−1)·sign(u) / d^(p−1),  u = x − y + ε                                   (3)

    Shape: anchor, positive, negative (N, D) or (D); result (N) or () before reduction.
    Args: margin > 0 (default 1.0); p: the norm's degree (default 2); eps: ε (default 1e-6).
    Raises: ValueError for a margin ≤ 0 or an unknown reduction; RuntimeError for other shapes.
    Source: PyTorch documentation, TripletMarginLoss; Balntas et al. 2016.
    """
    reduction = chosen_reduction(size_average, reduce, reduction)
    if margin <= 0:
        raise ValueError(f"margin must be greater than 0, got {margin}")
    if not anchor.ndim == positive.ndim == negative.ndim:
        raise RuntimeError(
            "The anchor, positive, and negative tensors are expected to have the same number of "
            f"dimensions, but got: anchor {anchor.ndim}D, positive {positive.ndim}D, and negative "
            f"{negative.ndim}D inputs"
        )
    check_broadcast(anchor, positive, negative)
    u, v, w = anchor - positive + eps, anchor - negative + eps, positive - negative + eps
    near, far = _norm(u, p), _norm(v, p)
    other = None
    if swap:
        other = _norm(w, p) < far
        far = np.where(other, _norm(w, p), far)
    loss = np.maximum(near - far + margin, 0)[..., 0].astype(anchor.dtype)  # (2)
    out, n = reduced(loss, reduction)
    dtype = anchor.dtype

    def vjp(g):
        a = (g / n) if g.ndim == 0 else g[..., None]
        a = a * (near - far + margin > 0)
        du = a * _norm_slope(u, near, p)
        dv = -a * _norm_slope(v, far, p)
        dw = np.zeros_like(dv)
        if other is not None:
            dw = np.where(other, -a * _norm_slope(w, far, p), 0)
            dv = np.where(other, 0, dv)
        return (du + dv).astype(dtype), (dw - du).astype(dtype), -(dv + dw).astype(dtype)

    return out, vjp


def _norm(u: Any, p: float) -> Any:
    """(1)"""
    if p == 2:
        return np.sqrt((u * u).sum(-1, keepdims=True))
    if p == math.inf:
        return np.abs(u).max(-1, keepdims=True)
    return (np.abs(u) ** p).sum(-1, keepdims=True) ** (1 / p)


def _norm_slope(u: Any, norm: Any, p: float) -> Any:
    """(3)"""
    if p == math.inf:
        top = np.abs(u) == norm
        return np.sign(u) * top / top.sum(-1, keepdims=True)
    d = u / norm if p == 2 else np.sign(u) * (np.abs(u) / norm) ** (p - 1)
    return np.where(norm == 0, 0, d)


@op(name=_node_name)
def poisson_nll_loss(
    input: Array,
    target: Array,
    log_input=True,
    full=False,
    size_average=None,
    eps=1e-8,
    reduce=None,
    reduction="mean",
    *,
    need,
):
    """−log p(t) of a Poisson distribution with mean λ.

    ℓ = eˣ − t·x                  (log_input: x = log λ)                                  (1)
    ℓ = x − t·log(x + ε)          (x = λ)                                                 (2)
    full: + t·log t − t + ½·log(2πt) where t > 1, Stirling's log t!                       (3)

    Raises: ValueError for an unknown reduction.
    Source: PyTorch documentation, PoissonNLLLoss.
    """
    reduction = chosen_reduction(size_average, reduce, reduction)
    if input.dtype.kind == "b":
        raise RuntimeError("Subtraction, the `-` operator, with a bool tensor is not supported.")
    check_broadcast(target, input)
    x, t = input, target
    if input.dtype.kind != "f":
        x = x.astype(target.dtype if target.dtype.kind == "f" else dtypes.default_float())
    loss = np.exp(x) - t * x if log_input else x - t * np.log(x + eps)  # (1), (2)
    if full:
        stirling = t * np.log(t) - t + 0.5 * np.log(2 * math.pi * t)
        loss = loss + np.where(t > 1, stirling, 0)  # (3)
    out, n = reduced(loss.astype(dtypes.promote_numpy(x.dtype, t.dtype), copy=False), reduction)

    def vjp(g):
        a = g / n
        dx = a * (np.exp(x) - t if log_input else 1 - t / (x + eps))
        dt = None
        if need[1]:
            slope = -x if log_input else -np.log(x + eps)
            if full:
                slope = slope + np.where(t > 1, np.log(t) + 0.5 / t, 0)
            dt = np.broadcast_to(a * slope, dx.shape).copy()
        return dx, dt

    return out, vjp


@op(name=_node_name)
def gaussian_nll_loss(
    input: Array, target: Array, var: Operand, full=False, eps=1e-6, reduction="mean", *, need
):
    """−log p(t) of a normal distribution with mean `input` and variance `var`.

    ℓ = ½·(log v + (x − t)² / v),  v = max(var, ε);   full: + ½·log 2π                    (1)
    ∂x = (x − t)/v·g,  ∂t = −∂x,  ∂var = ½·(1/v − (x − t)²/v²)·g  (as if not clamped)     (2)

    Shape: input and target (N, …); var like input, or with a last size of 1, or without it.
    Raises: ValueError for a var of another shape or with negative entries, or an unknown
        reduction.
    Source: PyTorch documentation, GaussianNLLLoss; Nix and Weigend 1994.
    """
    if isinstance(var, float):
        if var < 0:
            raise ValueError("var has negative entry/entries")
        var = np.full(input.shape, var, input.dtype)
    elif not isinstance(var, np.ndarray):
        raise TypeError(f"var must be a Tensor or a float, but got {type(var).__name__}")
    given = var.shape
    if var.shape != input.shape:
        if input.shape[:-1] == var.shape:
            var = var[..., None]
        elif not (
            var.ndim == input.ndim
            and sum(a != b for a, b in zip(var.shape, input.shape)) == 1
            and any(a == 1 for a, b in zip(var.shape, input.shape) if a != b)
        ):
            raise ValueError("var is of incorrect size")
    if reduction not in ("none", "mean", "sum"):
        raise ValueError(f"{reduction} is not valid")
    if (var < 0).any():
        raise ValueError("var has negative entry/entries")
    check_broadcast(input, target)
    v = np.maximum(var, eps)
    d = input - target
    loss = 0.5 * (np.log(v) + d * d / v)  # (1)
    if full:
        loss = loss + 0.5 * math.log(2 * math.pi)
    out, n = reduced(loss, reduction)

    def vjp(g):
        a = g / n
        dx, dv = a * d / v, None
        if need[2]:
            dv = a * 0.5 * (1 / v - d * d / (v * v))
            if len(given) < dv.ndim:
                dv = dv.sum(-1)
        return dx, -dx, dv  # (2)

    return out, vjp
