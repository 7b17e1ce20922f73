"""AdamW: Adam that decays the parameters themselves."""

from __future__ import annotations

from typing import Any

from .adam import Adam
from .optimizer import Params


class AdamW(Adam):
    """`Adam` with ``decoupled_weight_decay``: p ← p·(1 − lr·λ) before the step.

    Added to the gradient, a decay would be divided by √v̂ like everything else; taken from p
    directly, every parameter decays at the same rate.

    Args: as `Adam`; weight_decay: λ (default 1e-2).
    Source: Loshchilov and Hutter 2019, Decoupled Weight Decay Regularization.
    """

    def __init__(
        self,
        params: Params,
        lr: Any = 1e-3,
        betas: tuple[Any, Any] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
        amsgrad: bool = False,
        *,
        maximize: bool = False,
        foreach: bool | None = None,
        capturable: bool = False,
        differentiable: bool = False,
        fused: bool | None = None,
    ) -> None:
        super().__init__(
            params,
            lr,
            betas,
            eps,
            weight_decay,
            amsgrad,
            foreach=foreach,
            maximize=maximize,
            capturable=capturable,
            differentiable=differentiable,
            fused=fused,
            decoupled_weight_decay=True,
        )
