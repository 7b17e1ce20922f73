"""Normalisation by channel: batch_norm, instance_norm, group_norm.

    x̂ = (x − μ)·r,   r = 1/√(σ² + ε),   y = x̂·γ + β                                       (1)
    ∂x = r·(ĝ − mean(ĝ) − x̂·mean(ĝ·x̂)),   ĝ = g·γ                                         (2)
    ∂γ = Σ g·x̂,   ∂β = Σ g                                                                (3)

One rule serves the three: it takes (N, C, L) with one γ and β per channel, and the axes over
which the mean runs. Which elements share a mean (N batch, C channels, * the rest):

    batch_norm     each channel, over the batch                       mean over N and *
    instance_norm  each channel of each sample                        mean over *
    group_norm     each group of C/G channels of each sample          mean over C/G and *
"""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from .. import errors
from ..autograd.graph import TensorBase
from ..autograd.rule import Array, op
from .convert import clone
from .norm import check_same_dtype
from .special import floats_only, wide


def _channels(input: Array) -> Array:
    """(N, C, *) as contiguous (N, C, L)."""
    n, c = input.shape[:2]
    return np.ascontiguousarray(wide(input)).reshape(n, c, prod(input.shape[2:]))


def _normalize_channels(
    input: Array,
    x: Array,
    mean: Array,
    var: Array,
    axes: Any,
    weight: Any,
    bias: Any,
    eps: float,
    need: Any,
) -> Any:
    """(1)-(3) for (N, C, L) reshaped to x; the mean over `axes`, None where it is a constant."""
    n, c = input.shape[:2]
    shape, channels = input.shape, (1, c, 1)
    nclx = (n, c, -1) if input.size else (n, c, prod(input.shape[2:]))
    gamma = None if weight is None else weight.reshape(channels).astype(x.dtype, copy=False)
    r = 1 / np.sqrt(var + x.dtype.type(eps))
    xhat = (x - mean) * r
    y = xhat.reshape(nclx)
    if gamma is not None:
        y = y * gamma
    if bias is not None:
        y = y + bias.reshape(channels).astype(x.dtype, copy=False)  # (1)
    elif gamma is None:
        y = y.copy()
    grouped, needs = x.shape, tuple(need[i] for i in range(3))

    def vjp(g: Array) -> Any:
        g = np.ascontiguousarray(g).reshape(nclx)
        dw = np.sum(g * xhat.reshape(nclx), (0, 2)) if needs[1] else None  # (3)
        db = np.sum(g, (0, 2)) if needs[2] else None
        if not needs[0]:
            return None, dw, db
        gh = (g if gamma is None else g * gamma).reshape(grouped)  # ĝ
        if axes is None:  # μ and σ² came from outside: (2) without its two means
            dx = gh * r
        else:
            mean_g = np.mean(gh, axes, keepdims=True)
            mean_gx = np.mean(gh * xhat, axes, keepdims=True)
            dx = r * (gh - mean_g - xhat * mean_gx)  # (2)
        return dx.reshape(shape), dw, db

    return y.reshape(shape).astype(input.dtype, copy=False), vjp


def _moments(x: Array, axes: Any) -> tuple[Array, Array]:
    """Mean and biased variance along `axes`, kept as dimensions of size 1."""
    mean = np.mean(x, axes, keepdims=True)
    return mean, np.mean(np.square(x - mean), axes, keepdims=True)


def _by_channel(
    input: Array, weight: Any, bias: Any, mean: Any, var: Any, eps: float, need: Any, axes: Any
) -> Any:
    """Equations (1)-(3) with moments over `axes` of (N, C, L), or with those given as arrays."""
    x = _channels(input)
    if mean is None:
        return _normalize_channels(input, x, *_moments(x, axes), axes, weight, bias, eps, need)
    mean, var = (v.reshape(1, -1, 1).astype(x.dtype, copy=False) for v in (mean, var))
    return _normalize_channels(input, x, mean, var, None, weight, bias, eps, need)


@op(name="NativeBatchNorm")
def _batch_norm(
    input: Array, weight: Array = None, bias: Array = None, mean=None, var=None, eps=1e-5, *, need
):
    """Normalise each channel, by default with its moments over the batch."""
    return _by_channel(input, weight, bias, mean, var, eps, need, (0, 2))


@op(name="View")
def _instance_norm(
    input: Array, weight: Array = None, bias: Array = None, mean=None, var=None, eps=1e-5, *, need
):
    """Normalise each channel of each sample, by default with its own moments."""
    return _by_channel(input, weight, bias, mean, var, eps, need, (2,))


def _check_channels(c: int, **vectors: Any) -> None:
    for name, v in vectors.items():
        if v is not None and v.numel() != c:
            raise RuntimeError(f"{name} should contain {c} elements not {v.numel()}")


def _update(running: Any, momentum: float, batch: Array) -> None:
    """running ← (1 − momentum)·running + momentum·batch, in place."""
    data = running._data
    new = (1 - momentum) * data + momentum * batch.reshape(data.shape)
    np.copyto(data, new, casting="same_kind")
    running._changes[0] += 1


def batch_norm(
    input: Any,
    running_mean: Any,
    running_var: Any,
    weight: Any = None,
    bias: Any = None,
    training: bool = False,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> Any:
    """Give each channel mean 0 and variance 1 over the batch; outside training, by running moments.

    Equation: (1)-(3) of this file per channel c. In training the moments are the batch's, and
        running ← (1 − momentum)·running + momentum·batch moment                        (4)
    where the running variance receives the unbiased Σ(x − μ)²/(n − 1).
    Shape: input (N, C, *); all others (C).
    Args:
        running_mean, running_var: updated in place in training; both may be None then.
        weight, bias: γ and β (default None: 1 and 0).
        training: use the batch's moments (default False).
        momentum: share of the new batch in (4) (default 0.1).
        eps: ε, added to the variance (default 1e-5).
    Raises:
        ValueError: training with one value per channel; eps < 0, or 0 in training.
        RuntimeError: vectors that do not have C elements; no running moments outside training.
    Source: Ioffe and Szegedy 2015; PyTorch documentation, BatchNorm2d.
    """
    if not isinstance(input, TensorBase):
        raise errors.not_a_tensor("batch_norm", "input", 1, input)
    x = input._data
    n = x.size // x.shape[1] if x.ndim > 1 and x.shape[1] else 0
    if training and x.ndim > 1 and n == 1:
        raise ValueError(
            "Expected more than 1 value per channel when training, got input size "
            f"torch.Size({errors.shape_text(x.shape)})"
        )
    if training and (running_mean is None) != (running_var is None):
        raise ValueError("running_mean and running_var must either both be None or neither be None")
    if eps < 0.0 or (training and eps == 0.0):
        wanted = "positive during training" if training else "non-negative"
        raise ValueError(f"batch_norm eps must be {wanted}, but got {eps}")
    floats_only("batch_norm", x)
    vectors = {
        "running_mean": running_mean, "running_var": running_var, "weight": weight, "bias": bias
    }  # fmt: skip
    _check_channels(x.shape[1] if x.ndim > 1 else 0, **vectors)
    check_same_dtype(x, *(v._data for v in vectors.values() if v is not None))
    if x.ndim < 2:
        if x.size:
            raise RuntimeError(
                "batch_norm expects input (N, C, *), but got input of shape "
                f"{errors.shape_text(x.shape)}"
            )
        return clone(input)
    if not training:
        for name, v in (("running_mean", running_mean), ("running_var", running_var)):
            if v is None:
                raise RuntimeError(f"{name} must be defined in evaluation mode")
        return _batch_norm(input, weight, bias, running_mean._data, running_var._data, eps)
    if running_mean is not None and x.size:
        with np.errstate(all="ignore"):
            mean, var = _moments(_channels(x), (0, 2))
            _update(running_mean, momentum, mean)
            _update(running_var, momentum, var * (n / (n - 1)))  # (4)
    return _batch_norm(input, weight, bias, None, None, eps)


@op(name="NativeGroupNorm")
def group_norm(
    input: Array, num_groups, weight: Array = None, bias: Array = None, eps=1e-5, *, need
):
    """Give each group of C/G channels of each sample mean 0 and variance 1.

    Equation: (1)-(3) of this file, γ and β per channel.
    Shape: input (N, C, *); weight and bias (C).
    Args:
        num_groups: G, a divisor of C.
        weight, bias: γ and β (default None: 1 and 0).
        eps: ε, added to the variance (default 1e-5).
    Raises: RuntimeError unless C is a multiple of num_groups.
    Source: Wu and He 2018; PyTorch documentation, GroupNorm.
    """
    shape = input.shape
    if input.ndim < 2:
        raise RuntimeError(
            f"Expected at least 2 dimensions for input tensor but received {input.ndim}"
        )
    if num_groups == 0:
        raise ZeroDivisionError("group_norm: num_groups must be at least 1, but got num_groups=0")
    n, c = shape[:2]
    if n * (c // num_groups) * prod(shape[2:]) == 1:
        raise ValueError(
            "Expected more than 1 value per channel when training, got input size "
            f"{errors.shape_text(shape)}"
        )
    if num_groups < 0:
        raise RuntimeError(f"Expected num groups to be greater than 0, got {num_groups}")
    if c % num_groups:
        raise RuntimeError(
            "Expected number of channels in input to be divisible by num_groups, but got input "
            f"of shape {errors.shape_text(shape)} and num_groups={num_groups}"
        )
    for name, p in (("weight", weight), ("bias", bias)):
        if p is not None and p.shape != (c,):
            raise RuntimeError(
                f"Expected {name} to be a vector of size equal to the number of channels in "
                f"input, but got {name} of shape {errors.shape_text(p.shape)} and input of shape "
                f"{errors.shape_text(shape)}"
            )
    floats_only("GroupNormKernelImpl", input)
    check_same_dtype(input, weight, bias)
    x = _channels(input).reshape(n, num_groups, c // num_groups * prod(shape[2:]))
    return _normalize_channels(input, x, *_moments(x, (2,)), (2,), weight, bias, eps, need)


def instance_norm(
    input: Any,
    running_mean: Any = None,
    running_var: Any = None,
    weight: Any = None,
    bias: Any = None,
    use_input_stats: bool = True,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> Any:
    """Give each channel of each sample mean 0 and variance 1 over its positions.

    Equation: (1)-(3) of this file; running moments receive the samples' average as in (4) of
        `batch_norm`.
    Shape: input (N, C, *); all others (C).
    Args:
        running_mean, running_var: updated in place with input statistics; may be None then.
        weight, bias: γ and β (default None: 1 and 0).
        use_input_stats: False: use the running moments (default True).
        momentum: share of the new moments (default 0.1).
        eps: ε, added to the variance (default 1e-5).
    Source: Ulyanov et al. 2016; PyTorch documentation, InstanceNorm2d.
    """
    if not isinstance(input, TensorBase):
        raise errors.not_a_tensor("instance_norm", "input", 1, input)
    x = input._data
    if use_input_stats and x.ndim > 1 and prod(x.shape[2:]) == 1:
        raise ValueError(
            "Expected more than 1 spatial element when training, got input size "
            f"torch.Size({errors.shape_text(x.shape)})"
        )
    if not use_input_stats and (running_mean is None or running_var is None):
        raise RuntimeError(
            "Expected running_mean and running_var to be defined when use_input_stats is false"
        )
    floats_only("batch_norm", x)
    if x.ndim < 2:
        raise RuntimeError(
            f"instance_norm expects input (N, C, *), but got shape {errors.shape_text(x.shape)}"
        )
    _check_channels(
        x.shape[1], running_mean=running_mean, running_var=running_var, weight=weight, bias=bias
    )
    check_same_dtype(x, *(v._data for v in (weight, bias) if v is not None))
    if not use_input_stats:
        return _instance_norm(input, weight, bias, running_mean._data, running_var._data, eps)
    if running_mean is not None and x.size:
        mean, var = _moments(_channels(x), (2,))
        n = prod(x.shape[2:])
        _update(running_mean, momentum, mean.mean(0))
        _update(running_var, momentum, var.mean(0) * (n / (n - 1)))
    return _instance_norm(input, weight, bias, None, None, eps)
