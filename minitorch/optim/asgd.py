"""ASGD: stochastic gradient descent that also averages the parameters over time."""

from __future__ import annotations

from typing import Any

import numpy as np

from .arrays import add_scaled, gradient, move_towards
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


def asgd(
    p: Any,
    g: Any,
    average: Any,
    *,
    eta: float,
    mu: float,
    lambd: float,
    weight_decay: float,
    maximize: bool,
) -> None:
    """One step on arrays.

    g ← g + λ'·p                                                                          (1)
    p ← p·(1 − λ·η) − η·g                                                                 (2)
    a ← a + μ·(p − a)                                 the average of p                    (3)
    """
    g = gradient(p, g, weight_decay, maximize)  # (1)
    p *= 1 - lambd * eta
    add_scaled(p, g, -eta)  # (2)
    if mu == 1:
        np.copyto(average, p)
    else:
        move_towards(average, p, mu)  # (3)


class ASGD(Optimizer):
    """Equations (1)-(3) of `asgd`; the average is ``optimizer.state[p]["ax"]``.

    After step t the next one uses  η = lr / (1 + λ·lr·t)^α  and  μ = 1 / max(1, t − t₀)   (4)

    Args:
        params: parameters or groups of them.
        lr: learning rate (default 1e-2); a number or a 1-element Tensor.
        lambd: λ (default 1e-4).
        alpha: α, how η falls (default 0.75).
        t0: the step at which averaging begins (default 1e6).
        weight_decay: λ' (default 0).
        foreach: chooses among PyTorch's kernels; accepted, without effect on the numbers.
        maximize: go uphill (default False).
        differentiable: not supported.
        capturable: for CUDA graphs; a step raises AssertionError, as PyTorch's does on the CPU.
    Raises: ValueError for negative options.
    Source: PyTorch documentation, ASGD; Polyak and Juditsky 1992.
    """

    def __init__(
        self,
        params: Params,
        lr: Any = 1e-2,
        lambd: float = 1e-4,
        alpha: float = 0.75,
        t0: float = 1e6,
        weight_decay: float = 0,
        foreach: bool | None = None,
        maximize: bool = False,
        differentiable: bool = False,
        capturable: bool = False,
    ) -> None:
        check_lr(lr)
        check_least("weight_decay", weight_decay)
        check_modes(foreach, differentiable)
        defaults = {
            "lr": lr,
            "lambd": lambd,
            "alpha": alpha,
            "t0": t0,
            "weight_decay": weight_decay,
            "foreach": foreach,
            "maximize": maximize,
            "differentiable": differentiable,
            "capturable": capturable,
        }
        super().__init__(params, defaults)

    def update(self, group: dict[str, Any], p: Any) -> Job:
        state, lr = self.state[p], number(group["lr"])
        if not state:
            state["step"] = new_step()
            state["eta"] = new_step(lr)
            state["mu"] = new_step(1.0)
            state["ax"] = zeros_like(p)
        t = count_step(state)
        numbers = {
            "eta": float(state["eta"]._data),
            "mu": float(state["mu"]._data),
            "lambd": group["lambd"],
            "weight_decay": group["weight_decay"],
            "maximize": group["maximize"],
        }
        state["eta"] = new_step(lr / (1 + group["lambd"] * lr * t) ** group["alpha"])  # (4)
        state["mu"] = new_step(1 / max(1, t - group["t0"]))
        return asgd, (p._data, p._grad._data, state["ax"]._data), numbers
