"""Losses between two tensors of one shape: squared, absolute, Huber, binary cross-entropy, KL.

Each computes an element's loss ℓ, then reduces it ('none', 'mean', 'sum': reduction.py); with the
mean over n elements, g in the gradients below is g/n.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from .. import dtypes, errors
from ..autograd.rule import Array, op
from .operands import check_broadcast, dtype_title, meet, not_implemented
from .reduction import chosen_reduction, reduced

_TINY = float(np.float32(1e-12))  # PyTorch's, in every dtype


def _wide(a: Any) -> Any:
    """float16 computes in float32 and is rounded once, at the end."""
    return a.astype(np.float32) if a is not None and a.dtype == np.float16 else a


def _size(a: Any) -> str:
    return f"torch.Size({errors.shape_text(a.shape)})"


def _check_pair(input: Any, target: Any, weight: Any = None) -> None:
    """Warn where broadcasting may hide a mistake; refuse what does not broadcast."""
    if input.shape != target.shape:
        warnings.warn(
            f"Using a target size ({_size(target)}) that is different to the input size "
            f"({_size(input)}). This will likely lead to incorrect results due to broadcasting. "
            "Please ensure they have the same size.",
            stacklevel=4,
        )
    check_broadcast(input, target)
    if weight is not None and weight.shape != np.broadcast_shapes(input.shape, target.shape):
        raise ValueError("Weights and input must have the same size.")


def _weighted(loss: Any, weight: Any, reduction: str, dtype: Any, by_weight: bool = True) -> Any:
    """(result, what g is divided by) of element losses times weights.

    The mean divides by Σw (mse, l1: by_weight) or by the number of elements (huber).
    """
    loss = loss * weight
    if reduction != "mean" or not by_weight:
        return reduced(loss, reduction, dtype)
    total = weight.sum(dtype=loss.dtype)
    return np.asarray(loss.sum() / total, dtype), total


def _weight_gradient(g: Any, loss: Any, out: Any, n: Any, mean: bool) -> Any:
    """∂/∂w of Σ w·ℓ / n, where n is Σw for the mean (then n depends on w too)."""
    return g * (loss - out) / n if mean else g * loss / n


@op
def mse_loss(
    input: Array,
    target: Array,
    size_average=None,
    reduce=None,
    reduction="mean",
    weight: Array = None,
    *,
    need,
):
    """Squared error.

    ℓ = (input − target)²,  times w if weighted (the mean is then Σ w·ℓ / Σ w)           (1)
    ∂input = 2·(input − target)·w·g,   ∂target = −∂input                                  (2)

    Shape: input and target of one shape (others broadcast, with a warning); weight like them.
    Raises: ValueError for an unknown reduction or a weight of another shape.
    Example:
        >>> import minitorch as torch
        >>> torch.nn.functional.mse_loss(torch.tensor([1.0, 2.0]), torch.tensor([0.0, 4.0]))
        tensor(2.5000)

    Source: PyTorch documentation, MSELoss.
    """
    _check_pair(input, target, weight)
    input, target = meet(input, target)
    reduction = chosen_reduction(size_average, reduce, reduction)
    if input.dtype.kind != "f":
        raise not_implemented("mse_cpu", input)
    d = _wide(input) - _wide(target)
    if weight is None:
        out, n = reduced(d * d, reduction, input.dtype)  # (1)
    else:
        weight = _wide(weight)
        out, n = _weighted(d * d, weight, reduction, input.dtype)
    needs_weight, mean = need[2], reduction == "mean"

    def vjp(g):
        dx = (g * 2 / n) * d if weight is None else (g * 2 / n) * d * weight  # (2)
        dw = _weight_gradient(g, d * d, out, n, mean) if needs_weight else None
        return dx, (-dx if need[1] else None), dw

    return out, vjp


def _l1_name(
    input: Any,
    target: Any,
    size_average: Any = None,
    reduce: Any = None,
    reduction: str = "mean",
    weight: Any = None,
) -> str:
    return {"mean": "MeanBackward0", "sum": "SumBackward0"}.get(reduction, "AbsBackward0")


@op(name=_l1_name)
def l1_loss(
    input: Array,
    target: Array,
    size_average=None,
    reduce=None,
    reduction="mean",
    weight: Array = None,
    *,
    need,
):
    """Absolute error.

    ℓ = |input − target|,  times w if weighted (the mean is then Σ w·ℓ / Σ w)            (1)
    ∂input = sign(input − target)·w·g,   ∂target = −∂input                                (2)

    Shape: input and target of one shape (others broadcast, with a warning); weight like them.
    Raises: ValueError for an unknown reduction or a weight of another shape.
    Source: PyTorch documentation, L1Loss.
    """
    _check_pair(input, target, weight)
    input, target = meet(input, target)
    reduction = chosen_reduction(size_average, reduce, reduction)
    if input.dtype.kind == "b":
        raise RuntimeError("Subtraction, the `-` operator, with two bool tensors is not supported.")
    if input.dtype.kind != "f" and reduction == "mean":
        raise RuntimeError(
            "mean(): could not infer output dtype. Input dtype must be either a floating point or "
            f"complex dtype. Got: {dtype_title(input)}"
        )
    d = _wide(input) - _wide(target)
    if weight is None:
        out_dtype = np.int64 if input.dtype.kind != "f" and reduction == "sum" else input.dtype
        out, n = reduced(np.abs(d), reduction, out_dtype)  # (1)
    else:
        weight = _wide(weight)
        out, n = _weighted(np.abs(d), weight, reduction, input.dtype)
    needs_weight, mean = need[2], reduction == "mean"

    def vjp(g):
        dx = (g / n) * np.sign(d) if weight is None else (g / n) * np.sign(d) * weight  # (2)
        dw = _weight_gradient(g, np.abs(d), out, n, mean) if needs_weight else None
        return dx, (-dx if need[1] else None), dw

    return out, vjp


@op(promote="common", name="SmoothL1Loss")
def smooth_l1_loss(
    input: Array,
    target: Array,
    size_average=None,
    reduce=None,
    reduction="mean",
    beta=1.0,
    *,
    need,
):
    """Squared error near zero, absolute error further out; β says where it changes.

    d = input − target
    ℓ = ½·d²/β  where |d| < β,   |d| − ½·β  elsewhere        (β = 0: l1_loss)             (1)
    ∂input = g·d/β  or  g·sign(d),   ∂target = −∂input                                    (2)

    Shape: input and target of one shape (others broadcast, with a warning).
    Args: beta ≥ 0, in the units of input (default 1.0).
    Raises: RuntimeError for a negative beta; ValueError for an unknown reduction.
    Source: PyTorch documentation, SmoothL1Loss; Girshick 2015, Fast R-CNN, equation 3.
    """
    _check_pair(input, target)
    reduction = chosen_reduction(size_average, reduce, reduction)
    if beta < 0:
        raise RuntimeError("smooth_l1_loss does not support negative values for beta.")
    if input.dtype.kind != "f":
        raise not_implemented("smooth_l1_cpu", input)
    d = _wide(input) - _wide(target)
    z = np.abs(d)
    loss = np.where(z < beta, 0.5 * z * z / beta, z - 0.5 * beta)  # (1)
    out, n = reduced(loss.astype(d.dtype, copy=False), reduction, input.dtype)

    def vjp(g):
        dx = (g / n) * np.where(np.abs(d) < beta, d / beta, np.sign(d))  # (2)
        return dx, (-dx if need[1] else None)

    return out, vjp


@op
def huber_loss(
    input: Array, target: Array, reduction="mean", delta=1.0, weight: Array = None, *, need
):
    """Squared error near zero, absolute error times δ further out.

    d = input − target
    ℓ = ½·d²  where |d| ≤ δ,   δ·(|d| − ½·δ)  elsewhere, times w if weighted              (1)
    ∂input = w·g·d  or  w·g·δ·sign(d),   ∂target = −∂input                                (2)

    Shape: input and target of one shape (others broadcast, with a warning); weight like them.
    Args: delta > 0, in the units of input (default 1.0).
    Raises: RuntimeError for delta ≤ 0; ValueError for an unknown reduction.
    Source: PyTorch documentation, HuberLoss; Huber 1964.
    """
    _check_pair(input, target, weight)
    reduction = chosen_reduction(None, None, reduction)
    if delta <= 0:
        raise RuntimeError("huber_loss does not support non-positive values for delta.")
    if input.dtype.kind != "f":
        raise not_implemented("huber_cpu", input)
    d = _wide(input) - _wide(target)
    z = np.abs(d)
    loss = np.where(z <= delta, 0.5 * z * z, delta * (z - 0.5 * delta))  # (1)
    if weight is None:
        out, n = reduced(loss, reduction, input.dtype)
    else:
        weight = _wide(weight)
        out, n = _weighted(loss, weight, reduction, input.dtype, by_weight=False)
    kept = loss if need[2] else None

    def vjp(g):
        dx = (g / n) * np.clip(d, -delta, delta)  # (2)
        dx = dx if weight is None else dx * weight
        return dx, (-dx if need[1] else None), (None if kept is None else (g / n) * kept)

    return out, vjp


@op
def binary_cross_entropy(
    input: Array,
    target: Array,
    weight: Array = None,
    size_average=None,
    reduce=None,
    reduction="mean",
    *,
    need,
):
    """Cross-entropy of two outcomes, from the probability of the first.

    ℓ = −w·(t·log x + (1 − t)·log(1 − x)),   logarithms kept ≥ −100                       (1)
    ∂x = w·g·(x − t) / max(x·(1 − x), 10⁻¹²)                                              (2)
    ∂t = w·g·(log(1 − x) − log x)                                                         (3)

    Shape: input and target alike; weight broadcasts to them.
    Raises:
        RuntimeError: an input outside [0, 1], or dtypes that differ.
        ValueError: shapes that differ, or an unknown reduction.
    Source: PyTorch documentation, BCELoss.
    """
    reduction = chosen_reduction(size_average, reduce, reduction)
    if input.shape != target.shape:
        raise ValueError(
            f"Using a target size ({_size(target)}) that is different to the input size "
            f"({_size(input)}) is deprecated. Please ensure they have the same size."
        )
    _check_binary("binary_cross_entropy", weight, input.shape, need[2])
    for a in (target, weight):
        if a is not None and a.dtype != input.dtype:
            raise RuntimeError(f"Found dtype {dtype_title(a)} but expected {dtype_title(input)}")
    if input.dtype.kind != "f":
        raise not_implemented("binary_cross_entropy", input)
    if not ((input >= 0) & (input <= 1)).all():
        raise RuntimeError("all elements of input should be between 0 and 1")
    if not ((target >= 0) & (target <= 1)).all():
        raise RuntimeError("all elements of target should be between 0 and 1")
    x, t, weight = _wide(input), _wide(target), _wide(weight)
    log0, log1 = np.log1p(-x), np.log(x)
    loss = (t - 1) * np.maximum(log0, -100) - t * np.maximum(log1, -100)  # (1)
    out, n = reduced(loss if weight is None else loss * weight, reduction, input.dtype)

    def vjp(g):
        a = g / n if weight is None else g / n * weight
        dx = a * (x - t) / np.maximum(x * (1 - x), _TINY) if need[0] else None  # (2)
        dt = a * (np.log1p(-x) - np.log(x)) if need[1] else None  # (3)
        return dx, dt, None

    return out, vjp


def _check_binary(name: str, weight: Any, shape: Any, needed: bool, what: str = "weight") -> None:
    if needed:
        raise RuntimeError(
            f"The function '{name}' is not differentiable with respect to argument '{what}'. "
            "This input cannot have requires_grad True."
        )
    if weight is not None:
        check_broadcast(np.empty(shape, np.bool_), weight)
        if np.broadcast_shapes(shape, weight.shape) != shape:
            raise errors.output_shape(shape, np.broadcast_shapes(shape, weight.shape))


def _log_sigmoid(x: Any) -> Any:
    """log σ(x) = min(x, 0) − log(1 + e^−|x|): no overflow on either side."""
    return np.minimum(x, 0) - np.log1p(np.exp(-np.abs(x)))


@op
def binary_cross_entropy_with_logits(
    input: Array,
    target: Array,
    weight: Array = None,
    size_average=None,
    reduce=None,
    reduction="mean",
    pos_weight: Array = None,
    *,
    need,
):
    """Cross-entropy of two outcomes from a logit x: the sigmoid is inside, safe from overflow.

    λ = 1 + (p − 1)·t                                          (p = pos_weight; 1 without)
    ℓ = w·((1 − t)·x − λ·log σ(x))                                                        (1)
    ∂x = w·g·(λ·σ(x) + (1 − t) − λ),  without p: w·g·(σ(x) − t)                           (2)
    ∂t = −w·g·(x + (p − 1)·log σ(x))                                                      (3)

    Shape: input and target alike; weight and pos_weight broadcast to them.
    Raises: ValueError for shapes that differ or an unknown reduction.
    Source: PyTorch documentation, BCEWithLogitsLoss.
    """
    reduction = chosen_reduction(size_average, reduce, reduction)
    if input.shape != target.shape:
        raise ValueError(
            f"Target size ({_size(target)}) must be the same as input size ({_size(input)})"
        )
    name = "binary_cross_entropy_with_logits"
    _check_binary(name, weight, input.shape, need[2])
    _check_binary(name, pos_weight, input.shape, need[3], "pos_weight")
    if input.dtype.kind != "f":
        raise not_implemented("log_sigmoid_cpu", input)
    if target.dtype.kind != "f":
        raise errors.cannot_cast(dtypes.from_numpy(input.dtype), dtypes.from_numpy(target.dtype))
    dtype = target.dtype  # PyTorch's result takes the target's dtype
    x, t = _wide(input), _wide(target)
    weight, p = _wide(weight), _wide(pos_weight)
    log_sigmoid = _log_sigmoid(x)
    scale = None if p is None else 1 + (p - 1) * t  # λ
    loss = (1 - t) * x - (log_sigmoid if scale is None else scale * log_sigmoid)  # (1)
    out, n = reduced(loss if weight is None else loss * weight, reduction, dtype)

    def vjp(g):
        a = g / n if weight is None else g / n * weight
        dx = dt = None
        if need[0]:
            sigmoid = np.exp(_log_sigmoid(x))
            dx = a * (sigmoid - t if p is None else scale * (sigmoid - 1) + (1 - t))  # (2)
        if need[1]:
            dt = -a * (x if p is None else x + (p - 1) * _log_sigmoid(x))  # (3)
        return dx, dt, None, None

    return out, vjp


def _kl_name(
    input: Any,
    target: Any,
    size_average: Any = None,
    reduce: Any = None,
    reduction: str = "mean",
    log_target: bool = False,
) -> str:
    names = {"mean": "MeanBackward0", "sum": "SumBackward0", "batchmean": "DivBackward0"}
    return names.get(reduction, "MulBackward0" if log_target else "SubBackward0")


@op(name=_kl_name)
def kl_div(
    input: Array,
    target: Array,
    size_average=None,
    reduce=None,
    reduction="mean",
    log_target=False,
    *,
    need,
):
    """How far the distribution `target` is from the one with log-probabilities `input`.

    ℓ = t·(log t − x)           (0 where t = 0),   ∂x = −g·t,     ∂t = g·(log t + 1 − x)   (1)
    ℓ = eᵗ·(t − x)              (log_target),      ∂x = −g·eᵗ,    ∂t = g·eᵗ·(t + 1 − x)    (2)

    Args:
        reduction: also 'batchmean': the sum divided by input's first size, which is what the
            definition of the divergence asks for ('mean' divides by every element, and warns).
        log_target: target holds log-probabilities too (default False).
    Raises: ValueError for an unknown reduction; RuntimeError for integers.
    Source: PyTorch documentation, KLDivLoss; Kullback and Leibler 1951.
    """
    if size_average is None and reduce is None and reduction == "mean":
        warnings.warn(
            "reduction: 'mean' divides the total loss by both the batch size and the support "
            "size.'batchmean' divides only by the batch size, and aligns with the KL div math "
            "definition.'mean' will be changed to behave the same as 'batchmean' in the next "
            "major release.",
            stacklevel=4,
        )
    batchmean = reduction == "batchmean" and size_average is None and reduce is None
    how = "sum" if batchmean else chosen_reduction(size_average, reduce, reduction)
    if input.dtype.kind != "f" or target.dtype.kind != "f":
        raise RuntimeError("kl_div: Integral inputs not supported.")
    check_broadcast(target, input)
    dtype = np.result_type(input, target)
    x, t = _wide(input), _wide(target)
    if log_target:
        loss = np.exp(t) * (t - x)  # (2)
    else:
        loss = np.where(t == 0, 0, t * np.log(t)) - t * x  # (1)
    out, n = reduced(loss, how, dtype)
    if batchmean and input.ndim:
        n = input.shape[0]
        out = np.asarray(out / n, dtype)

    def vjp(g):
        q = np.exp(t) if log_target else t
        dx = dt = None
        if need[0]:
            dx = np.broadcast_to(-(g / n) * q, np.broadcast_shapes(x.shape, t.shape)).copy()
        if need[1]:
            dt = (g / n) * (q * (t + 1 - x) if log_target else np.log(t) + 1 - x)
            if not log_target:
                dt = np.where(t == 0, np.nan, dt).astype(x.dtype)  # ∞ − ∞ there, as in PyTorch
        return dx, dt

    return out, vjp
