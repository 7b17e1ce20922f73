"""Adadelta: steps in the parameters' own units, without a learning rate to choose."""

from __future__ import annotations

from typing import Any

import numpy as np

from .arrays import add_product, add_scaled, gradient, scratch
from .optimizer import (
    Job,
    Optimizer,
    Params,
    check_least,
    check_lr,
    check_modes,
    count_step,
    new_step,
    number,
    zeros_like,
)


def adadelta(
    p: Any,
    g: Any,
    v: Any,
    u: Any,
    *,
    lr: float,
    rho: float,
    eps: float,
    weight_decay: float,
    maximize: bool,
) -> None:
    """One step on arrays.

    g ← g + λ·p                                                                           (1)
    v ← ρ·v + (1 − ρ)·g²                             mean square of the gradient          (2)
    d = √(u + ε) / √(v + ε) · g                                                           (3)
    u ← ρ·u + (1 − ρ)·d²                             mean square of the steps             (4)
    p ← p − lr·d                                                                          (5)
    """
    g = gradient(p, g, weight_decay, maximize)  # (1)
    v *= rho
    add_product(v, g, g, 1 - rho)  # (2)
    root = np.add(v, eps, out=scratch("root", p))
    np.sqrt(root, out=root)
    d = np.add(u, eps, out=scratch("d", p))
    np.sqrt(d, out=d)
    d /= root
    d *= g  # (3)
    u *= rho
    add_product(u, d, d, 1 - rho)  # (4)
    add_scaled(p, d, -lr)  # (5)


class Adadelta(Optimizer):
    """Equations (1)-(5) of `adadelta`.

    Args:
        params: parameters or groups of them.
        lr: a factor on the step (default 1.0); a number or a 1-element Tensor.
        rho: ρ in [0, 1], how slowly the means forget (default 0.9).
        eps: ε, keeps the division safe and the first step above 0 (default 1e-6).
        weight_decay: λ (default 0).
        foreach: chooses among PyTorch's kernels; accepted, without effect on the numbers.
        capturable: for CUDA graphs; a step raises AssertionError, as PyTorch's does on the CPU.
        maximize: go uphill (default False).
        differentiable: not supported.
    Raises: ValueError for options out of range.
    Source: PyTorch documentation, Adadelta; Zeiler 2012.
    """

    def __init__(
        self,
        params: Params,
        lr: Any = 1.0,
        rho: float = 0.9,
        eps: float = 1e-6,
        weight_decay: float = 0,
        foreach: bool | None = None,
        *,
        capturable: bool = False,
        maximize: bool = False,
        differentiable: bool = False,
    ) -> None:
        check_lr(lr)
        if not 0.0 <= rho <= 1.0:
            raise ValueError(f"Invalid rho value: {rho}")
        check_least("epsilon", eps)
        check_least("weight_decay", weight_decay)
        check_modes(foreach, differentiable)
        defaults = {
            "lr": lr,
            "rho": rho,
            "eps": eps,
            "weight_decay": weight_decay,
            "maximize": maximize,
            "capturable": capturable,
            "foreach": foreach,
            "differentiable": differentiable,
        }
        super().__init__(params, defaults)

    def update(self, group: dict[str, Any], p: Any) -> Job:
        state = self.state[p]
        if not state:
            state["step"] = new_step()
            state["square_avg"] = zeros_like(p)
            state["acc_delta"] = zeros_like(p)
        count_step(state)
        arrays = (p._data, p._grad._data, state["square_avg"]._data, state["acc_delta"]._data)
        names = ("rho", "eps", "weight_decay", "maximize")
        numbers = {"lr": number(group["lr"]), **{name: group[name] for name in names}}
        return adadelta, arrays, numbers
