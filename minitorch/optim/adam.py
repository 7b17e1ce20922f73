"""Adam: steps sized by a running mean of the gradient over that of its square."""

from __future__ import annotations

from math import sqrt
from typing import Any

import numpy as np

from .. import parallel
from ..autograd.graph import TensorBase
from .arrays import gradient
from .optimizer import (
    Job,
    Optimizer,
    Params,
    check_betas,
    check_least,
    check_lr,
    check_modes,
    count_step,
    new_step,
    number,
    zeros_like,
)


def adam(
    p: Any,
    g: Any,
    m: Any,
    v: Any,
    v_max: Any,
    *,
    t: float,
    lr: float,
    betas: tuple[float, float],
    eps: float,
    weight_decay: float,
    decoupled: bool,
    maximize: bool,
) -> None:
    """Step number t on arrays.

    g ← g + λ·p      (decoupled, AdamW:  p ← p·(1 − lr·λ))                                (1)
    m ← m + (1 − β₁)·(g − m)                          mean of the gradient                (2)
    v ← β₂·v + (1 − β₂)·g²                            mean of its square                  (3)
    m̂ = m / (1 − β₁ᵗ),   v̂ = v / (1 − β₂ᵗ)            both began at 0: undo that          (4)
    p ← p − lr·m̂ / (√v̂ + ε)                                                               (5)

    With v_max (AMSGrad), v̂ is made from the largest v so far. Written out in 13 passes over two
    buffers: 40 µs for 20,000 elements; with the helpers of arrays.py 57.
    """
    beta1, beta2 = betas
    if decoupled and weight_decay != 0:
        p *= 1 - lr * weight_decay  # (1)
        weight_decay = 0
    g = gradient(p, g, weight_decay, maximize)  # (1)
    t1, root = parallel.scratch("adam", (2, *p.shape), p.dtype)
    np.subtract(g, m, out=t1)
    t1 *= 1 - beta1
    m += t1  # (2)
    v *= beta2
    np.multiply(g, 1 - beta2, out=t1)
    t1 *= g
    v += t1  # (3)
    if v_max is not None:
        v = np.maximum(v_max, v, out=v_max)
    correction1, correction2 = 1 - beta1**t, 1 - beta2**t  # (4)
    np.sqrt(v, out=root)
    root /= sqrt(correction2)
    root += eps
    np.multiply(m, -(lr / correction1), out=t1)
    t1 /= root
    p += t1  # (5)


class Adam(Optimizer):
    """Adaptive moments; equations (1)-(5) of `adam`.

    Args:
        params: parameters or groups of them.
        lr: learning rate (default 1e-3); a number or a 1-element Tensor.
        betas: (β₁, β₂), how slowly the two means forget (default (0.9, 0.999)).
        eps: ε, keeps the division safe (default 1e-8).
        weight_decay: λ (default 0).
        amsgrad: divide by the largest v so far (default False).
        foreach, fused: choose among PyTorch's kernels; accepted, without effect on the numbers.
        maximize: go uphill (default False).
        capturable: for CUDA graphs; a step raises AssertionError, as PyTorch's does on the CPU
            unless fused=True.
        differentiable: not supported.
        decoupled_weight_decay: decay p itself instead of adding to g: AdamW (default False).
    Raises: ValueError for options out of range.
    Example:
        >>> import minitorch as torch
        >>> w = torch.tensor([1.0], requires_grad=True)
        >>> optimizer = torch.optim.Adam([w], lr=0.1)
        >>> (w * 3).sum().backward(); optimizer.step(); w
        tensor([0.9000], requires_grad=True)

    Source: Kingma and Ba 2015, algorithm 1; AMSGrad: Reddi et al. 2018; the notes, Adam.
    """

    def __init__(
        self,
        params: Params,
        lr: Any = 1e-3,
        betas: tuple[Any, Any] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0,
        amsgrad: bool = False,
        *,
        foreach: bool | None = None,
        maximize: bool = False,
        capturable: bool = False,
        differentiable: bool = False,
        fused: bool | None = None,
        decoupled_weight_decay: bool = False,
    ) -> None:
        if isinstance(lr, TensorBase) and foreach and not capturable:
            raise ValueError(
                "lr as a Tensor is not supported for capturable=False and foreach=True"
            )
        check_lr(lr)
        check_least("epsilon", eps)
        check_betas(betas)
        check_least("weight_decay", weight_decay)
        first, second = betas
        if isinstance(first, TensorBase) != isinstance(second, TensorBase):
            raise ValueError("betas must be either both floats or both Tensors")
        if isinstance(first, TensorBase) and foreach and not capturable:
            raise ValueError(
                "betas as Tensors are not supported for capturable=False and foreach=True"
            )
        defaults = {
            "lr": lr,
            "betas": betas,
            "eps": eps,
            "weight_decay": weight_decay,
            "amsgrad": amsgrad,
            "maximize": maximize,
            "foreach": foreach,
            "capturable": capturable,
            "differentiable": differentiable,
            "fused": fused,
            "decoupled_weight_decay": decoupled_weight_decay,
        }
        super().__init__(params, defaults)
        check_modes(foreach, differentiable, fused)

    def update(self, group: dict[str, Any], p: Any) -> Job:
        state = self.state[p]
        if not state:
            state["step"] = new_step()
            state["exp_avg"] = zeros_like(p)
            state["exp_avg_sq"] = zeros_like(p)
            if group["amsgrad"]:
                state["max_exp_avg_sq"] = zeros_like(p)
        v_max = state["max_exp_avg_sq"]._data if group["amsgrad"] else None
        arrays = (p._data, p._grad._data, state["exp_avg"]._data, state["exp_avg_sq"]._data, v_max)
        numbers = {
            "t": count_step(state),
            "lr": number(group["lr"]),
            "betas": tuple(number(b) for b in group["betas"]),
            "eps": group["eps"],
            "weight_decay": group["weight_decay"],
            "decoupled": group["decoupled_weight_decay"],
            "maximize": group["maximize"],
        }
        return adam, arrays, numbers
