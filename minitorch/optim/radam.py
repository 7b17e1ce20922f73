"""RAdam: Adam that waits until its mean square can be trusted."""

from __future__ import annotations

from math import sqrt
from typing import Any

import numpy as np

from .arrays import add_product, gradient, move_towards, scratch
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


def radam(
    p: Any,
    g: Any,
    m: Any,
    v: Any,
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

    g ← g + λ·p      (decoupled:  p ← p·(1 − lr·λ))                                       (1)
    m ← m + (1 − β₁)·(g − m),   v ← β₂·v + (1 − β₂)·g²,   m̂ = m / (1 − β₁ᵗ)               (2)
    ρ∞ = 2/(1 − β₂) − 1,   ρₜ = ρ∞ − 2t·β₂ᵗ/(1 − β₂ᵗ)     how many gradients v stands for (3)
    r = √((ρₜ−4)(ρₜ−2)ρ∞ / ((ρ∞−4)(ρ∞−2)ρₜ))                                              (4)
    p ← p − lr·m̂·r·√(1 − β₂ᵗ) / (√v + ε)   if ρₜ > 5,   else   p − lr·m̂                    (5)
    """
    beta1, beta2 = betas
    if decoupled and weight_decay != 0:
        p *= 1 - lr * weight_decay  # (1)
        weight_decay = 0
    g = gradient(p, g, weight_decay, maximize)  # (1)
    move_towards(m, g, 1 - beta1)
    v *= beta2
    add_product(v, g, g, 1 - beta2)
    step = np.divide(m, 1 - beta1**t, out=scratch("step", p))  # (2)
    step *= lr
    correction2 = 1 - beta2**t
    most = 2 / (1 - beta2) - 1
    rho = most - 2 * t * beta2**t / correction2  # (3)
    if rho > 5:
        factor = (rho - 4) * (rho - 2) * most / ((most - 4) * (most - 2) * rho)  # (4)
        root = np.sqrt(v, out=scratch("root", p))
        root += eps
        np.divide(sqrt(correction2), root, out=root)
        step *= root
        step *= sqrt(factor)
    p -= step  # (5)


class RAdam(Optimizer):
    """Equations (1)-(5) of `radam`: plain momentum for the first steps, then Adam, rectified.

    Args:
        params: parameters or groups of them.
        lr: learning rate (default 1e-3); a number or a 1-element Tensor.
        betas: (β₁, β₂), how slowly the two means forget (default (0.9, 0.999)).
        eps: ε, keeps the division safe (default 1e-8).
        weight_decay: λ (default 0).
        decoupled_weight_decay: decay p itself, as AdamW does (default False).
        foreach: chooses among PyTorch's kernels; accepted, without effect on the numbers.
        maximize: go uphill (default False).
        capturable: for CUDA graphs; a step raises AssertionError, as PyTorch's does on the CPU.
        differentiable: not supported.
    Raises: ValueError for options out of range.
    Source: PyTorch documentation, RAdam; Liu et al. 2020.
    """

    def __init__(
        self,
        params: Params,
        lr: Any = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0,
        decoupled_weight_decay: bool = False,
        *,
        foreach: bool | None = None,
        maximize: bool = False,
        capturable: bool = False,
        differentiable: bool = False,
    ) -> None:
        check_lr(lr)
        check_least("epsilon", eps)
        check_betas(betas)
        check_least("weight_decay", weight_decay)
        check_modes(foreach, differentiable)
        defaults = {
            "lr": lr,
            "betas": betas,
            "eps": eps,
            "weight_decay": weight_decay,
            "maximize": maximize,
            "foreach": foreach,
            "capturable": capturable,
            "decoupled_weight_decay": decoupled_weight_decay,
            "differentiable": differentiable,
        }
        super().__init__(params, defaults)

    def update(self, group: dict[str, Any], p: Any) -> Job:
        state = self.state[p]
        if not state:
            state["step"] = new_step()
            state["exp_avg"] = zeros_like(p)
            state["exp_avg_sq"] = zeros_like(p)
        arrays = (p._data, p._grad._data, state["exp_avg"]._data, state["exp_avg_sq"]._data)
        numbers = {
            "t": count_step(state),
            "lr": number(group["lr"]),
            "decoupled": group["decoupled_weight_decay"],
        }
        names = ("betas", "eps", "weight_decay", "maximize")
        return radam, arrays, {**numbers, **{name: group[name] for name in names}}
