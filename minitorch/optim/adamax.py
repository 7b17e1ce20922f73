"""Adamax: Adam with the largest gradient in the place of the mean square."""

from __future__ import annotations

from typing import Any

import numpy as np

from .arrays import add_quotient, gradient, move_towards, scratch
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


def adamax(
    p: Any,
    g: Any,
    m: Any,
    u: Any,
    *,
    t: float,
    lr: float,
    betas: tuple[float, float],
    eps: float,
    weight_decay: float,
    maximize: bool,
) -> None:
    """Step number t on arrays.

    g ← g + λ·p                                                                           (1)
    m ← m + (1 − β₁)·(g − m)                                                              (2)
    u ← max(β₂·u, |g| + ε)                                                                (3)
    p ← p − lr / (1 − β₁ᵗ) · m / u                                                        (4)
    """
    beta1, beta2 = betas
    g = gradient(p, g, weight_decay, maximize)  # (1)
    move_towards(m, g, 1 - beta1)  # (2)
    u *= beta2
    size = np.abs(g, out=scratch("t", p))
    size += eps
    np.maximum(u, size, out=u)  # (3)
    add_quotient(p, m, u, -(lr / (1 - beta1**t)))  # (4)


class Adamax(Optimizer):
    """Equations (1)-(4) of `adamax`.

    Args:
        params: parameters or groups of them.
        lr: learning rate (default 2e-3); a number or a 1-element Tensor.
        betas: (β₁, β₂), how slowly mean and maximum forget (default (0.9, 0.999)).
        eps: ε, keeps the division safe (default 1e-8).
        weight_decay: λ (default 0).
        foreach: chooses among PyTorch's kernels; accepted, without effect on the numbers.
        maximize: go uphill (default False).
        differentiable: not supported.
        capturable: for CUDA graphs; a step raises AssertionError, as PyTorch's does on the CPU.
    Raises: ValueError for options out of range.
    Source: Kingma and Ba 2015, algorithm 2.
    """

    def __init__(
        self,
        params: Params,
        lr: Any = 2e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0,
        foreach: bool | None = None,
        *,
        maximize: bool = False,
        differentiable: bool = False,
        capturable: bool = False,
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
            "foreach": foreach,
            "maximize": maximize,
            "differentiable": differentiable,
            "capturable": capturable,
        }
        super().__init__(params, defaults)

    def update(self, group: dict[str, Any], p: Any) -> Job:
        state = self.state[p]
        if not state:
            state["step"] = new_step()
            state["exp_avg"] = zeros_like(p)
            state["exp_inf"] = zeros_like(p)
        arrays = (p._data, p._grad._data, state["exp_avg"]._data, state["exp_inf"]._data)
        names = ("betas", "eps", "weight_decay", "maximize")
        numbers = {"t": count_step(state), "lr": number(group["lr"])}
        numbers.update((name, group[name]) for name in names)
        return adamax, arrays, numbers
