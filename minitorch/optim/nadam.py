"""NAdam: Adam that looks one step of momentum ahead (Nesterov)."""

from __future__ import annotations

from typing import Any

import numpy as np

from .arrays import add_product, add_quotient, gradient, move_towards, scratch
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


def nadam(
    p: Any,
    g: Any,
    m: Any,
    v: Any,
    *,
    t: float,
    mu: float,
    mu_next: float,
    product: float,
    lr: float,
    betas: tuple[float, float],
    eps: float,
    weight_decay: float,
    decoupled: bool,
    maximize: bool,
) -> None:
    """Step number t on arrays.

    g ← g + λ·p      (decoupled:  p ← p·(1 − lr·λ))                                       (1)
    m ← m + (1 − β₁)·(g − m),   v ← β₂·v + (1 − β₂)·g²                                    (2)
    μₜ = β₁·(1 − ½·0.96^(t·ψ))                        momentum, warming up                (3)
    p ← p − lr·(1 − μₜ)/(1 − Πμ₁…μₜ) · g / (√(v/(1 − β₂ᵗ)) + ε)                            (4)
    p ← p − lr·μₜ₊₁/(1 − Πμ₁…μₜ₊₁) · m / (√(v/(1 − β₂ᵗ)) + ε)                              (5)

    `product` is Πμ₁…μₜ, `mu` is μₜ, `mu_next` is μₜ₊₁.
    """
    beta1, beta2 = betas
    if decoupled and weight_decay != 0:
        p *= 1 - lr * weight_decay  # (1)
        weight_decay = 0
    g = gradient(p, g, weight_decay, maximize)  # (1)
    move_towards(m, g, 1 - beta1)  # (2)
    v *= beta2
    add_product(v, g, g, 1 - beta2)  # (2)
    root = np.divide(v, 1 - beta2**t, out=scratch("root", p))
    np.sqrt(root, out=root)
    root += eps
    add_quotient(p, g, root, -lr * (1 - mu) / (1 - product))  # (4)
    add_quotient(p, m, root, (-lr * mu_next) / (1 - product * mu_next))  # (5)


class NAdam(Optimizer):
    """Equations (1)-(5) of `nadam`.

    Args:
        params: parameters or groups of them.
        lr: learning rate (default 2e-3); a number or a 1-element Tensor.
        betas: (β₁, β₂), how slowly the two means forget (default (0.9, 0.999)).
        eps: ε, keeps the division safe (default 1e-8).
        weight_decay: λ (default 0).
        momentum_decay: ψ, how fast the momentum warms up (default 4e-3).
        decoupled_weight_decay: decay p itself, as AdamW does (default False).
        foreach: chooses among PyTorch's kernels; accepted, without effect on the numbers.
        maximize: go uphill (default False).
        capturable: for CUDA graphs; a step raises AssertionError, as PyTorch's does on the CPU.
        differentiable: not supported.
    Raises: ValueError for options out of range.
    Source: PyTorch documentation, NAdam; Dozat 2016.
    """

    def __init__(
        self,
        params: Params,
        lr: Any = 2e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0,
        momentum_decay: float = 4e-3,
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
        check_least("momentum_decay", momentum_decay)
        check_modes(foreach, differentiable)
        defaults = {
            "lr": lr,
            "betas": betas,
            "eps": eps,
            "weight_decay": weight_decay,
            "momentum_decay": momentum_decay,
            "decoupled_weight_decay": decoupled_weight_decay,
            "maximize": maximize,
            "foreach": foreach,
            "capturable": capturable,
            "differentiable": differentiable,
        }
        super().__init__(params, defaults)

    def update(self, group: dict[str, Any], p: Any) -> Job:
        state = self.state[p]
        if not state:
            state["step"] = new_step()
            state["mu_product"] = new_step(1.0)
            state["exp_avg"] = zeros_like(p)
            state["exp_avg_sq"] = zeros_like(p)
        t, beta1, psi = count_step(state), group["betas"][0], group["momentum_decay"]
        mu, mu_next = (beta1 * (1 - 0.5 * 0.96 ** (n * psi)) for n in (t, t + 1))  # (3)
        product = state["mu_product"]._data
        product *= mu
        arrays = (p._data, p._grad._data, state["exp_avg"]._data, state["exp_avg_sq"]._data)
        numbers = {
            "t": t,
            "mu": mu,
            "mu_next": mu_next,
            "product": float(product),
            "lr": number(group["lr"]),
            "decoupled": group["decoupled_weight_decay"],
        }
        names = ("betas", "eps", "weight_decay", "maximize")
        return nadam, arrays, {**numbers, **{name: group[name] for name in names}}
