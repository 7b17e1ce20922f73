"""Rprop: steps that follow only the sign of the gradient."""

from __future__ import annotations

from typing import Any

import numpy as np

from .arrays import gradient, scratch
from .optimizer import (
    Job,
    Optimizer,
    Params,
    check_lr,
    check_modes,
    count_step,
    new_step,
    number,
    zeros_like,
)


def rprop(
    p: Any,
    g: Any,
    before: Any,
    size: Any,
    *,
    etas: tuple[float, float],
    step_sizes: tuple[float, float],
    maximize: bool,
) -> None:
    """One step on arrays.

    s ← s·η₊ where g·g' > 0 (the same way as before),  s·η₋ where g·g' < 0 (it went too far)  (1)
    s ← min(max(s, s_min), s_max)                                                         (2)
    g ← 0 where g·g' < 0                                                                  (3)
    p ← p − s·sign(g),   g' ← g                                                           (4)
    """
    g = gradient(p, g, 0, maximize)
    same = np.multiply(g, before, out=scratch("t", p))
    shrink, grow = etas
    np.multiply(size, grow, out=size, where=same > 0)
    turned = same < 0
    np.multiply(size, shrink, out=size, where=turned)  # (1)
    np.clip(size, *step_sizes, out=size)  # (2)
    np.copyto(before, g)
    before[turned] = 0  # (3)
    step = np.sign(before, out=scratch("t", p))
    step *= size
    p -= step  # (4)


class Rprop(Optimizer):
    """Equations (1)-(4) of `rprop`; for gradients of whole data sets, not of batches.

    Args:
        params: parameters or groups of them.
        lr: the first step size s (default 1e-2); a number or a 1-element Tensor.
        etas: (η₋, η₊), the factors on s, 0 < η₋ < 1 < η₊ (default (0.5, 1.2)).
        step_sizes: (s_min, s_max) (default (1e-6, 50)).
        capturable: for CUDA graphs; a step raises AssertionError, as PyTorch's does on the CPU.
        foreach: chooses among PyTorch's kernels; accepted, without effect on the numbers.
        maximize: go uphill (default False).
        differentiable: not supported.
    Raises: ValueError for options out of range.
    Source: PyTorch documentation, Rprop; Riedmiller and Braun 1993.
    """

    def __init__(
        self,
        params: Params,
        lr: Any = 1e-2,
        etas: tuple[float, float] = (0.5, 1.2),
        step_sizes: tuple[float, float] = (1e-6, 50),
        *,
        capturable: bool = False,
        foreach: bool | None = None,
        maximize: bool = False,
        differentiable: bool = False,
    ) -> None:
        check_lr(lr)
        if not 0.0 < etas[0] < 1.0 < etas[1]:
            raise ValueError(f"Invalid eta values: {etas[0]}, {etas[1]}")
        check_modes(foreach, differentiable)
        defaults = {
            "lr": lr,
            "etas": etas,
            "step_sizes": step_sizes,
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
            state["prev"] = zeros_like(p)
            state["step_size"] = zeros_like(p, number(group["lr"]))
        count_step(state)
        arrays = (p._data, p._grad._data, state["prev"]._data, state["step_size"]._data)
        return rprop, arrays, {name: group[name] for name in ("etas", "step_sizes", "maximize")}
