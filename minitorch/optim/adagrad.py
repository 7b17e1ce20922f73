"""Adagrad: steps divided by the root of the sum of all squared gradients so far."""

from __future__ import annotations

from typing import Any

import numpy as np

from .arrays import add_product, add_quotient, gradient, scratch
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


def adagrad(
    p: Any,
    g: Any,
    total: Any,
    *,
    t: float,
    lr: float,
    lr_decay: float,
    eps: float,
    weight_decay: float,
    maximize: bool,
) -> None:
    """Step number t on arrays.

    g ← g + λ·p                                                                           (1)
    s ← s + g²                                                                            (2)
    p ← p − lr / (1 + (t − 1)·η) · g / (√s + ε)                                           (3)
    """
    g = gradient(p, g, weight_decay, maximize)  # (1)
    add_product(total, g, g, 1)  # (2)
    root = np.sqrt(total, out=scratch("root", p))
    root += eps
    add_quotient(p, g, root, -(lr / (1 + (t - 1) * lr_decay)))  # (3)


class Adagrad(Optimizer):
    """Equations (1)-(3) of `adagrad`: parameters with large gradients slow down for good.

    Args:
        params: parameters or groups of them.
        lr: learning rate (default 1e-2); a number or a 1-element Tensor.
        lr_decay: η (default 0).
        weight_decay: λ (default 0).
        initial_accumulator_value: s before the first step (default 0).
        eps: ε, keeps the division safe (default 1e-10).
        foreach, fused: choose among PyTorch's kernels; accepted, without effect on the numbers.
        maximize: go uphill (default False).
        differentiable: not supported.
    Raises: ValueError for negative options.
    Source: PyTorch documentation, Adagrad; Duchi et al. 2011.
    """

    def __init__(
        self,
        params: Params,
        lr: Any = 1e-2,
        lr_decay: float = 0,
        weight_decay: float = 0,
        initial_accumulator_value: float = 0,
        eps: float = 1e-10,
        foreach: bool | None = None,
        *,
        maximize: bool = False,
        differentiable: bool = False,
        fused: bool | None = None,
    ) -> None:
        check_lr(lr)
        check_least("lr_decay", lr_decay)
        check_least("weight_decay", weight_decay)
        check_least("initial_accumulator_value", initial_accumulator_value)
        check_least("epsilon", eps)
        check_modes(foreach, differentiable, fused)
        defaults = {
            "lr": lr,
            "lr_decay": lr_decay,
            "eps": eps,
            "weight_decay": weight_decay,
            "initial_accumulator_value": initial_accumulator_value,
            "foreach": foreach,
            "maximize": maximize,
            "differentiable": differentiable,
            "fused": fused,
        }
        super().__init__(params, defaults)
        for group in self.param_groups:
            for p in group["params"]:
                start = group["initial_accumulator_value"]
                self.state[p] = {"step": new_step(), "sum": zeros_like(p, start)}

    def update(self, group: dict[str, Any], p: Any) -> Job:
        state = self.state[p]
        if not state:  # a parameter of a group added later
            state.update(step=new_step(), sum=zeros_like(p, group["initial_accumulator_value"]))
        names = ("lr_decay", "eps", "weight_decay", "maximize")
        numbers = {"t": count_step(state), "lr": number(group["lr"])}
        numbers.update((name, group[name]) for name in names)
        return adagrad, (p._data, p._grad._data, state["sum"]._data), numbers
