"""Fold a BatchNorm in eval mode into the layer before it: one layer computes what two did.

    y = ((W·x + b) − μ)·s + β = (s·W)·x + (b − μ)·s + β,     s = γ / √(σ² + ε)                (1)
"""

from __future__ import annotations

import copy
from typing import Any

from ...ops.create import ones_like, zeros_like
from ..parameter import Parameter


def _fused(
    weight: Any, bias: Any, mean: Any, var: Any, eps: float, gamma: Any, beta: Any, dim: int
) -> tuple[Any, Any]:
    bias = zeros_like(mean) if bias is None else bias
    gamma = ones_like(mean) if gamma is None else gamma
    beta = zeros_like(mean) if beta is None else beta
    scale = gamma * (var + eps).rsqrt()
    shape = [1] * weight.dim()
    shape[dim] = -1
    new = weight * scale.reshape(shape).to(weight.dtype)  # (1)
    return (
        Parameter(new.detach(), weight.requires_grad),
        Parameter(((bias - mean) * scale + beta).detach(), bias.requires_grad),
    )


def fuse_conv_bn_weights(
    conv_w: Any, conv_b: Any, bn_rm: Any, bn_rv: Any, bn_eps: float, bn_w: Any, bn_b: Any,
    transpose: bool = False,
) -> tuple[Any, Any]:  # fmt: skip
    """(1) for a convolution: its new weight and bias.

    Args:
        conv_w, conv_b  W and b (None: 0)
        bn_rm, bn_rv    μ and σ²
        bn_eps          ε
        bn_w, bn_b      γ and β (None: 1 and 0)
        transpose       a transposed convolution: outputs along dim 1 (default False)
    """
    return _fused(conv_w, conv_b, bn_rm, bn_rv, bn_eps, bn_w, bn_b, 1 if transpose else 0)


def fuse_linear_bn_weights(
    linear_w: Any, linear_b: Any, bn_rm: Any, bn_rv: Any, bn_eps: float, bn_w: Any, bn_b: Any
) -> tuple[Any, Any]:
    """(1) for a Linear: its new weight and bias; arguments as `fuse_conv_bn_weights`."""
    return _fused(linear_w, linear_b, bn_rm, bn_rv, bn_eps, bn_w, bn_b, 0)


def fuse_conv_bn_eval(conv: Any, bn: Any, transpose: bool = False) -> Any:
    """A convolution that does what `conv` and then `bn` do, both in eval mode."""
    if conv.training or bn.training:
        raise AssertionError("Fusion only for eval!")
    fused = copy.deepcopy(conv)
    fused.weight, fused.bias = fuse_conv_bn_weights(
        fused.weight, fused.bias, bn.running_mean, bn.running_var, bn.eps, bn.weight, bn.bias,
        transpose,
    )  # fmt: skip
    return fused


def fuse_linear_bn_eval(linear: Any, bn: Any) -> Any:
    """A Linear that does what `linear` and then `bn` do, both in eval mode."""
    if linear.training or bn.training:
        raise AssertionError("Fusion only for eval!")
    if bn.num_features not in (1, linear.out_features):
        raise AssertionError(
            "To fuse, linear.out_features == bn.num_features or bn.num_features == 1, got "
            f"linear.out_features={linear.out_features} and bn.num_features={bn.num_features}"
        )
    fused = copy.deepcopy(linear)
    fused.weight, fused.bias = fuse_linear_bn_weights(
        fused.weight, fused.bias, bn.running_mean, bn.running_var, bn.eps, bn.weight, bn.bias
    )
    return fused
