"""Schedules along a cosine: from η₀ down to η_min, once or with restarts."""

from __future__ import annotations

import math
from typing import Any

from ..optimizer import Optimizer
from .scheduler import LRScheduler


class CosineAnnealingLR(LRScheduler):
    """η = η_min + ½·(η₀ − η_min)·(1 + cos(π·t / T)),  t = last_epoch.                     (1)

    Computed from the present η, so that other schedules may act too: (η − η_min) is multiplied
    by (1 + cos(π·t/T)) / (1 + cos(π·(t − 1)/T)).                                         (2)

    Args:
        T_max: T, epochs from the top to the bottom; it rises again after that.
        eta_min: η_min (default 0.0).
        last_epoch: see `LRScheduler`.
    Source: Loshchilov and Hutter 2017, SGDR (without restarts).
    """

    def __init__(
        self, optimizer: Optimizer, T_max: int, eta_min: float = 0.0, last_epoch: int = -1
    ) -> None:
        self.T_max = T_max
        self.eta_min = eta_min
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[Any]:
        now, t, T, low = self._now(), self.last_epoch, self.T_max, self.eta_min
        if self._is_initial:
            return now
        if self._step_count == 1 and t > 0:
            return self._get_closed_form_lr()
        if (t - 1 - T) % (2 * T) == 0:  # leaving the bottom, where (2) would be 0/0
            rise = (1 - math.cos(math.pi / T)) / 2
            return [lr + (base - low) * rise for base, lr in zip(self.base_lrs, now)]
        ratio = (1 + math.cos(math.pi * t / T)) / (1 + math.cos(math.pi * (t - 1) / T))
        return [ratio * (lr - low) + low for lr in now]  # (2)

    def _get_closed_form_lr(self) -> list[Any]:
        height = (1 + math.cos(math.pi * self.last_epoch / self.T_max)) / 2
        return [self.eta_min + (base - self.eta_min) * height for base in self.base_lrs]  # (1)


class CosineAnnealingWarmRestarts(LRScheduler):
    """Cosine annealing that jumps back to η₀ after Tᵢ epochs, each Tᵢ `T_mult` times the last.

    η = η_min + ½·(η₀ − η_min)·(1 + cos(π·T_cur / Tᵢ))                                    (1)

    Args:
        T_0: epochs to the first restart, an int ≥ 1.
        T_mult: an int ≥ 1 (default 1).
        eta_min: η_min (default 0.0).
        last_epoch: see `LRScheduler`.
    Raises: ValueError for other values.
    Source: Loshchilov and Hutter 2017, SGDR.
    """

    def __init__(
        self,
        optimizer: Optimizer,
        T_0: int,
        T_mult: int = 1,
        eta_min: float = 0.0,
        last_epoch: int = -1,
    ) -> None:
        if not isinstance(T_0, int) or T_0 <= 0:
            raise ValueError(f"Expected positive integer T_0, but got {T_0}")
        if not isinstance(T_mult, int) or T_mult < 1:
            raise ValueError(f"Expected integer T_mult >= 1, but got {T_mult}")
        if not isinstance(eta_min, (float, int)):
            raise ValueError(
                f"Expected float or int eta_min, but got {eta_min} of type {type(eta_min)}"
            )
        self.T_0 = T_0
        self.T_i = T_0
        self.T_mult = T_mult
        self.eta_min = eta_min
        self.T_cur: Any = last_epoch
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[Any]:
        self._now()
        height = (1 + math.cos(math.pi * self.T_cur / self.T_i)) / 2
        return [self.eta_min + (base - self.eta_min) * height for base in self.base_lrs]  # (1)

    def step(self, epoch: Any = None) -> None:
        """Put the next learning rates in place; may be called with fractions of an epoch.

        Args:
            epoch: where to be, e.g. ``epoch + batch / batches`` (default None: the next one).
        Raises: ValueError for a negative epoch.
        """
        if epoch is None and self.last_epoch < 0:
            epoch = 0
        if epoch is None:
            epoch = self.last_epoch + 1
            self.T_cur += 1
            if self.T_cur >= self.T_i:
                self.T_cur %= self.T_i
                self.T_i *= self.T_mult
        else:
            if epoch < 0:
                raise ValueError(f"Expected non-negative epoch, but got {epoch}")
            self._jump(epoch)
        self.last_epoch = math.floor(epoch)
        self._get_lr_called_within_step = True
        values = self.get_lr()
        self._get_lr_called_within_step = False
        self._set(values)

    def _jump(self, epoch: float) -> None:
        """T_cur and Tᵢ at an epoch: n restarts took T_0·(m ⁿ − 1)/(m − 1) epochs."""
        T_0, m = self.T_0, self.T_mult
        if epoch < T_0:
            self.T_i, self.T_cur = T_0, epoch
        elif m == 1:
            self.T_i, self.T_cur = T_0, epoch % T_0
        else:
            n = int(math.log(epoch / T_0 * (m - 1) + 1, m))
            self.T_cur = epoch - T_0 * (m**n - 1) / (m - 1)
            self.T_i = T_0 * m**n
