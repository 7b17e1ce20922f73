"""RMSprop: steps divided by the root of the running mean square of the gradient."""

from __future__ import annotations

from typing import Any

import numpy as np

from .arrays import add_product, add_quotient, add_scaled, gradient, move_towards, scratch
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


def rmsprop(
    p: Any,
    g: Any,
    v: Any,
    buffer: Any,
    mean: Any,
    *,
    lr: float,
    alpha: float,
    eps: float,
    weight_decay: float,
    momentum: float,
    maximize: bool,
) -> None:
    """One step on arrays.

    g ← g + λ·p                                                                           (1)
    v ← α·v + (1 − α)·g²                                                                  (2)
    r = √v + ε;   centered: m ← m + (1 − α)·(g − m),  r = √(v − m²) + ε                   (3)
    p ← p − lr·g / r                                                                      (4)
    with momentum:  b ← μ·b + g / r,  p ← p − lr·b                                        (5)
    """
    g = gradient(p, g, weight_decay, maximize)  # (1)
    v *= alpha
    add_product(v, g, g, 1 - alpha)  # (2)
    root = scratch("root", p)
    if mean is None:
        np.sqrt(v, out=root)
    else:
        move_towards(mean, g, 1 - alpha)
        np.copyto(root, v)
        add_product(root, mean, mean, -1)
        np.sqrt(root, out=root)  # (3)
    root += eps
    if buffer is None:
        add_quotient(p, g, root, -lr)  # (4)
    else:
        buffer *= momentum
        add_quotient(buffer, g, root, 1)
        add_scaled(p, buffer, -lr)  # (5)


class RMSprop(Optimizer):
    """Equations (1)-(5) of `rmsprop`.

    Args:
        params: parameters or groups of them.
        lr: learning rate (default 1e-2); a number or a 1-element Tensor.
        alpha: α, how slowly the mean square forgets (default 0.99).
        eps: ε, keeps the division safe (default 1e-8).
        weight_decay: λ (default 0).
        momentum: μ (default 0).
        centered: divide by the standard deviation instead (default False).
        capturable: for CUDA graphs; a step raises AssertionError, as PyTorch's does on the CPU.
        foreach: chooses among PyTorch's kernels; accepted, without effect on the numbers.
        maximize: go uphill (default False).
        differentiable: not supported.
    Raises: ValueError for negative options.
    Source: PyTorch documentation, RMSprop; Hinton's lecture 6e; centered: Graves 2013.
    """

    def __init__(
        self,
        params: Params,
        lr: Any = 1e-2,
        alpha: float = 0.99,
        eps: float = 1e-8,
        weight_decay: float = 0,
        momentum: float = 0,
        centered: bool = False,
        capturable: bool = False,
        foreach: bool | None = None,
        maximize: bool = False,
        differentiable: bool = False,
    ) -> None:
        check_lr(lr)
        check_least("epsilon", eps)
        check_least("momentum", momentum)
        check_least("weight_decay", weight_decay)
        check_least("alpha", alpha)
        check_modes(foreach, differentiable)
        defaults = {
            "lr": lr,
            "momentum": momentum,
            "alpha": alpha,
            "eps": eps,
            "centered": centered,
            "weight_decay": weight_decay,
            "capturable": capturable,
            "foreach": foreach,
            "maximize": maximize,
            "differentiable": differentiable,
        }
        super().__init__(params, defaults)

    def update(self, group: dict[str, Any], p: Any) -> Job:
        state = self.state[p]
        if not state:
            state["step"] = new_step()
            state["square_avg"] = zeros_like(p)
            if group["momentum"] > 0:
                state["momentum_buffer"] = zeros_like(p)
            if group["centered"]:
                state["grad_avg"] = zeros_like(p)
        count_step(state)
        buffer = state["momentum_buffer"]._data if group["momentum"] > 0 else None
        mean = state["grad_avg"]._data if group["centered"] else None
        names = ("alpha", "eps", "weight_decay", "momentum", "maximize")
        numbers = {"lr": number(group["lr"]), **{name: group[name] for name in names}}
        return rmsprop, (p._data, p._grad._data, state["square_avg"]._data, buffer, mean), numbers
