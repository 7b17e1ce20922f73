"""SGD: stochastic gradient descent, with momentum."""

from __future__ import annotations

from typing import Any

import numpy as np

from .arrays import add_scaled, gradient, scratch
from .optimizer import (
    Job,
    Optimizer,
    Params,
    check_least,
    check_lr,
    check_modes,
    number,
    zeros_like,
)


def sgd(
    p: Any,
    g: Any,
    buffer: Any,
    *,
    first: bool,
    lr: float,
    momentum: float,
    dampening: float,
    weight_decay: float,
    nesterov: bool,
    maximize: bool,
) -> None:
    """One step on arrays.

    g ← g + λ·p                                                                           (1)
    b ← μ·b + (1 − τ)·g            (the first time b ← g)                                 (2)
    g ← g + μ·b  (Nesterov)   or   b                                                      (3)
    p ← p − lr·g                                                                          (4)
    """
    g = gradient(p, g, weight_decay, maximize)  # (1)
    if buffer is not None:
        if first:
            np.copyto(buffer, g)
        else:
            buffer *= momentum  # (2)
            add_scaled(buffer, g, 1 - dampening)
        if nesterov:
            g = np.add(g, np.multiply(buffer, momentum, out=scratch("t", p)), out=scratch("g", p))
        else:
            g = buffer  # (3)
    add_scaled(p, g, -lr)  # (4)


class SGD(Optimizer):
    """Stochastic gradient descent; equations (1)-(4) of `sgd`.

    Args:
        params: parameters or groups of them.
        lr: learning rate (default 1e-3); a number or a 1-element Tensor.
        momentum: μ, the share of the last step that is kept (default 0).
        dampening: τ (default 0).
        weight_decay: λ (default 0).
        nesterov: look ahead (default False); needs momentum and no dampening.
        maximize: go uphill (default False).
        foreach, fused: choose among PyTorch's kernels; accepted, without effect on the numbers.
        differentiable: not supported.
    Raises: ValueError for negative options.
    Source: PyTorch documentation, SGD; Sutskever et al. 2013.
    """

    def __init__(
        self,
        params: Params,
        lr: Any = 1e-3,
        momentum: float = 0,
        dampening: float = 0,
        weight_decay: Any = 0,
        nesterov: bool = False,
        *,
        maximize: bool = False,
        foreach: bool | None = None,
        differentiable: bool = False,
        fused: bool | None = None,
    ) -> None:
        check_lr(lr)
        check_least("momentum", momentum)
        check_least("weight_decay", number(weight_decay))
        if nesterov and (momentum <= 0 or dampening != 0):
            raise ValueError("Nesterov momentum requires a momentum and zero dampening")
        defaults = {
            "lr": lr,
            "momentum": momentum,
            "dampening": dampening,
            "weight_decay": weight_decay,
            "nesterov": nesterov,
            "maximize": maximize,
            "foreach": foreach,
            "differentiable": differentiable,
            "fused": fused,
        }
        super().__init__(params, defaults)
        check_modes(foreach, differentiable, fused)

    def update(self, group: dict[str, Any], p: Any) -> Job:
        buffer, first = None, False
        if group["momentum"] != 0:
            state = self.state[p]
            first = state.get("momentum_buffer") is None
            if first:
                state["momentum_buffer"] = zeros_like(p)
            buffer = state["momentum_buffer"]._data
        options = {name: group[name] for name in ("momentum", "dampening", "nesterov", "maximize")}
        options.update(lr=number(group["lr"]), weight_decay=number(group["weight_decay"]))
        return sgd, (p._data, p._grad._data, buffer), {"first": first, **options}
