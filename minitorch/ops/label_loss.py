"""Losses of scores for several classes that ask for margins, or take every class as a yes or no.

As in loss.py, g in the gradients is g/n for the mean over n samples. K classes, N samples.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import errors
from ..autograd.rule import Array, op
from .operands import dtype_title, meet, not_implemented
from .reduction import chosen_reduction, reduced


@op(name="MultiMarginLoss")
def multi_margin_loss(
    input: Array,
    target: Array,
    p=1,
    margin=1.0,
    weight: Array = None,
    size_average=None,
    reduce=None,
    reduction="mean",
    *,
    need,
):
    """The right class's score should lead every other one by a margin.

    ℓ = w[y] · Σᵢ max(0, margin − x[y] + x[i])ᵖ / K   over i ≠ y                          (1)
    ∂x[i] = w[y]·p·max(0, margin − x[y] + x[i])ᵖ⁻¹·g / K  where positive,
    ∂x[y] = −Σᵢ ∂x[i]                                                                     (2)

    Shape: input (N, K) or (K), target (N) or (): class numbers; weight (K).
    Args: p: 1 (default) or 2; margin (default 1.0).
    Raises: ValueError for another p or an unknown reduction; RuntimeError for shapes, dtypes or
        targets that do not fit.
    Source: PyTorch documentation, MultiMarginLoss.
    """
    reduction = chosen_reduction(size_average, reduce, reduction)
    if weight is not None and weight.ndim != 1:
        raise ValueError("weight must be one-dimensional")
    if p not in (1, 2):
        raise ValueError("only p == 1 and p == 2 supported")
    if need[2]:
        raise RuntimeError(
            "The function 'multi_margin_loss' is not differentiable with respect to argument "
            "'weight'. This input cannot have requires_grad True."
        )
    shape, x = input.shape, _rows(input)
    N, K = x.shape
    if target.ndim > 1 or target.size != N:
        raise RuntimeError(
            "multi_margin_loss: target tensor should be 1-D with size equal to the number of "
            f"input samples (batch size). Expected target size [{N}], but got "
            f"{errors.shape_text(target.shape)}. Input has shape {errors.shape_text(shape)}."
        )
    if weight is not None and weight.size != K:
        raise RuntimeError(
            f"inconsistent weight size, expected {K} but got {errors.shape_text(weight.shape)}"
        )
    _check_dtypes("multi_margin_loss_cpu_kernel", input, target)
    if weight is not None and weight.dtype != input.dtype:
        raise RuntimeError(
            f"expected scalar type {dtype_title(input)} but found {dtype_title(weight)}"
        )
    y = target.reshape(-1, 1)
    if y.size and (y.min() < 0 or y.max() >= K):
        raise RuntimeError("target out of range")
    gap = np.maximum(margin - np.take_along_axis(x, y, 1) + x, 0)
    np.put_along_axis(gap, y, 0, 1)
    gap = gap.astype(x.dtype, copy=False)
    scale = np.full((N, 1), 1 / K, x.dtype) if weight is None else weight[y] / K
    loss = ((gap if p == 1 else gap * gap) * scale).sum(1)  # (1)
    out, n = reduced(loss, reduction if N or reduction == "none" else "sum")
    slope = ((gap > 0) if p == 1 else 2 * gap) * scale

    def vjp(g):
        d = slope * (g.reshape(-1, 1) / n)
        np.put_along_axis(d, y, -d.sum(1, keepdims=True), 1)  # (2)
        return d.astype(x.dtype, copy=False).reshape(shape), None, None

    return (out.reshape(target.shape) if reduction == "none" else out), vjp


@op(name="MultilabelMarginLoss")
def multilabel_margin_loss(
    input: Array, target: Array, size_average=None, reduce=None, reduction="mean"
):
    """Each of the right classes' scores should lead every wrong one by 1.

    ℓ = Σⱼ Σᵢ max(0, 1 − x[j] + x[i]) / K      over right classes j and wrong ones i       (1)
    ∂x[i] = g/K for each positive term that has +x[i], ∂x[j] = −g/K for each with −x[j]    (2)

    Shape: input (N, K) or (K), target alike: the right class numbers of each sample, ended
        by −1.
    Raises: ValueError for an unknown reduction; RuntimeError for shapes, dtypes or targets that
        do not fit.
    Source: PyTorch documentation, MultiLabelMarginLoss.
    """
    reduction = chosen_reduction(size_average, reduce, reduction)
    shape, x = input.shape, _rows(input)
    N, K = x.shape
    if target.shape != shape and not (input.ndim == 0 and target.size == 1):
        raise RuntimeError(
            f"inconsistent target size: {errors.shape_text(target.shape)} for input of size: "
            f"{errors.shape_text(shape)}"
        )
    _check_dtypes("multilabel_margin_loss_forward_out_frame", input, target)
    if target.size and (target.min() < -1 or target.max() >= K):
        raise RuntimeError("argument #2 'target' is out of range")
    listed = target.reshape(N, K)
    valid = np.cumprod(listed >= 0, 1, dtype=np.bool_)  # up to the first −1
    right = np.zeros((N, K), np.bool_)
    sample, k = np.nonzero(valid)
    right[sample, listed[sample, k]] = True
    labels = np.where(valid, listed, 0)
    # terms (N, listed labels, classes); a label listed twice counts twice
    gap = 1 - np.take_along_axis(x, labels, 1)[:, :, None] + x[:, None, :]
    gap = np.where(valid[:, :, None] & ~right[:, None, :], np.maximum(gap, 0), 0)
    loss = (gap.sum((1, 2)) / K).astype(x.dtype)  # (1)
    out, n = reduced(loss, reduction if N or reduction == "none" else "sum")

    def vjp(g):
        on = (gap > 0).astype(x.dtype)
        d = on.sum(1)
        np.subtract.at(d, (np.arange(N)[:, None], labels), on.sum(2))  # (2)
        d *= g.reshape(-1, 1) / n / K
        return d.astype(x.dtype, copy=False).reshape(shape), None

    return (out.reshape(shape[:-1]) if reduction == "none" else out), vjp


def _soft_name(*args: Any, reduction: str = "mean", **options: Any) -> str:
    return {"mean": "MeanBackward0", "sum": "SumBackward0"}.get(reduction, "DivBackward0")


@op(name=_soft_name)
def multilabel_soft_margin_loss(
    input: Array,
    target: Array,
    weight: Array = None,
    size_average=None,
    reduce=None,
    reduction="mean",
    *,
    need,
):
    """Every class by itself as a yes or no: the mean of their logistic losses.

    ℓ = −Σₖ w·(t·log σ(x) + (1 − t)·log σ(−x)) / K                                        (1)
    ∂x = w·(σ(x) − t)·g / K,   ∂t = −w·x·g / K                                            (2)

    Shape: input (…, K), target alike, in [0, 1]; weight broadcasts to them.
    Raises: ValueError for an unknown reduction.
    Source: PyTorch documentation, MultiLabelSoftMarginLoss.
    """
    if size_average is not None or reduce is not None:
        reduction = chosen_reduction(size_average, reduce, reduction)
    if input.dtype.kind != "f":
        raise not_implemented("log_sigmoid_cpu", input)
    input, target = meet(input, target)
    log1 = np.minimum(input, 0) - np.log1p(np.exp(-np.abs(input)))  # log σ(x)
    terms = -(target * log1 + (1 - target) * (log1 - input))
    weighted = terms
    if weight is not None:
        terms, weight = meet(terms, weight)
        weighted = terms * weight
    if weighted.ndim == 0:
        raise IndexError("Dimension specified as -1 but tensor has no dimensions")
    K = input.shape[-1]
    loss = weighted.sum(-1) / K  # (1)
    if reduction not in ("none", "mean", "sum"):
        raise ValueError(f"{reduction} is not valid")
    out, n = reduced(loss, reduction)

    def vjp(g):
        a = (g[..., None] if reduction == "none" else g) / n / K
        w = a if weight is None else a * weight
        dx = w * (np.exp(log1) - target)  # (2)
        dt = -w * input if need[1] else None
        return dx, dt, (a * terms if need[2] else None)

    return out, vjp


def _rows(input: Any) -> Any:
    """(N, K) or (K) or () as (N, K), neither K empty nor more dims."""
    if input.ndim > 2 or (input.ndim and input.shape[-1] == 0):
        raise RuntimeError(
            "Expected non-empty vector or matrix with optional 0-dim batch size, but got: "
            + errors.shape_text(input.shape)
        )
    return input if input.ndim == 2 else input.reshape(1, -1)


def _check_dtypes(function: str, input: Any, target: Any) -> None:
    if input.dtype.kind != "f":
        raise not_implemented(function, input)
    if target.dtype != np.int64:
        raise RuntimeError(f"expected scalar type Long but found {dtype_title(target)}")
