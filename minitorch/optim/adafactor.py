"""Adafactor: Adam's second moments of a matrix, kept as one number a row and one a column."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..autograd.grad_mode import enable_grad, no_grad
from ..autograd.graph import wrap
from .optimizer import Optimizer, Params, check_least, check_lr, count_step, new_step, number


def adafactor(
    p: Any,
    g: Any,
    moments: list[Any],
    *,
    t: float,
    lr: float,
    beta2_decay: float,
    eps: tuple[float | None, float],
    d: float,
    weight_decay: float,
    maximize: bool,
) -> None:
    """Step number t on arrays; `moments` are [v], or [R, C] for matrices (and higher dims).

    β = 1 − t^decay,   ρ = min(lr, 1/√t),   α = max(ε₂, rms(p))·ρ                          (1)
    p ← p − lr·λ·p                                                                        (2)
    R ← β·R + (1 − β)·mean of g² over columns,   C likewise over rows                      (3)
    V = R·C / mean R      (or v ← β·v + (1 − β)·g²,  V = v)                                (4)
    u = g / √max(V, ε₁²),   p ← p − α·u / max(1, rms(u)/d)                                 (5)
    """
    kind = p.dtype.type
    g = -g if maximize else g
    eps1 = float(np.finfo(p.dtype).eps) if eps[0] is None else eps[0]
    new = t**beta2_decay  # 1 − β
    rms = float(np.linalg.norm(p.reshape(-1))) / p.size**0.5
    alpha = max(eps[1], rms) * min(lr, t**-0.5)  # (1)
    if weight_decay != 0:
        p *= kind(1 - lr * weight_decay)  # (2)
    if g.ndim > 1:
        R, C = moments
        R += kind(new) * (np.square(g).mean(-1, keepdims=True) - R)  # (3)
        C += kind(new) * (np.square(g).mean(-2, keepdims=True) - C)
        V = R @ C / np.maximum(R.mean(-2, keepdims=True), kind(eps1))  # (4)
    else:
        (v,) = moments
        v += kind(new) * (g * g - v)
        V = v
    u = g / np.sqrt(np.maximum(V, kind(eps1 * eps1)))
    size = float(np.linalg.norm(u.reshape(-1))) / (u.size**0.5 * d)
    p -= kind(alpha / max(1.0, size)) * u  # (5)


class Adafactor(Optimizer):
    """Equations (1)-(5) of `adafactor`: little memory, and steps in proportion to the parameters.

    Args:
        params: parameters or groups of them.
        lr: the largest ρ (default 1e-2); a number or a 1-element Tensor.
        beta2_decay: the exponent of (1), at most 0 (default -0.8).
        eps: ε₁ (None: the smallest step of the dtype) and ε₂ (default (None, 1e-3)).
        d: updates with a larger root mean square are scaled down to it, at least 1 (default 1.0).
        weight_decay: λ (default 0).
        foreach: chooses among PyTorch's kernels; accepted, without effect on the numbers.
        maximize: go uphill (default False).
    Raises: ValueError for options out of range.
    Source: PyTorch documentation, Adafactor; Shazeer and Stern 2018, arXiv:1804.04235.
    """

    def __init__(
        self,
        params: Params,
        lr: Any = 1e-2,
        beta2_decay: float = -0.8,
        eps: tuple[float | None, float] = (None, 1e-3),
        d: float = 1.0,
        weight_decay: float = 0.0,
        *,
        foreach: bool | None = None,
        maximize: bool = False,
    ) -> None:
        check_lr(lr)
        if not beta2_decay <= 0:
            raise ValueError(f"beta2_decay should be <= 0 but is: {beta2_decay}")
        if eps[0] is not None and not eps[0] >= 0:
            raise ValueError(f"epsilon1 should be >= 0 but is: {eps[0]}")
        if not eps[1] >= 0:
            raise ValueError(f"epsilon2 should be >= 0 but is: {eps[1]}")
        if not d >= 1:
            raise ValueError(f"Clipping threshold d should be >= 1 but is: {d}")
        check_least("weight_decay", weight_decay)
        defaults = {
            "lr": lr,
            "beta2_decay": beta2_decay,
            "eps": eps,
            "d": d,
            "weight_decay": weight_decay,
            "foreach": foreach,
            "maximize": maximize,
        }
        super().__init__(params, defaults)

    def step(self, closure: Any = None) -> Any:
        """Update every parameter that has a gradient; a matrix is not cut into pieces."""
        loss = None
        with no_grad():
            if closure is not None:
                with enable_grad():
                    loss = closure()
            for group in self.param_groups:
                options = ("beta2_decay", "eps", "d", "weight_decay", "maximize")
                numbers = {name: group[name] for name in options}
                for p in group["params"]:
                    if p._grad is None:
                        continue
                    moments, t = self._moments(p)
                    with np.errstate(all="ignore"):
                        adafactor(
                            p._data, p._grad._data, moments, t=t, lr=number(group["lr"]), **numbers
                        )
                    p._changes[0] += 1
        return loss

    def _moments(self, p: Any) -> tuple[list[Any], float]:
        """The kept moments and the number of this step."""
        state, shape = self.state[p], p._data.shape
        if not state:
            state["step"] = new_step()
            if len(shape) > 1:
                state["row_var"] = wrap(np.zeros((*shape[:-1], 1), p._data.dtype))
                state["col_var"] = wrap(np.zeros((*shape[:-2], 1, shape[-1]), p._data.dtype))
            else:
                state["variance"] = wrap(np.zeros(shape, p._data.dtype))
        names = ("row_var", "col_var") if len(shape) > 1 else ("variance",)
        return [state[name]._data for name in names], count_step(state)
