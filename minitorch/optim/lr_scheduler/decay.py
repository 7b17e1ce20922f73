"""Schedules that multiply: by a factor now and then, every epoch, or along a line.

η is a group's learning rate, η₀ the one it began with, t = last_epoch.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from typing import Any

from ..optimizer import Optimizer
from .scheduler import Factor, LRScheduler, restore, states_of


class _WithFunctions(LRScheduler):
    """Saving and loading of schedules that have functions, one for each group."""

    lr_lambdas: list[Any]

    def state_dict(self) -> dict[str, Any]:
        """As `LRScheduler.state_dict`; of functions nothing, of callables their attributes."""
        state = super().state_dict()
        del state["lr_lambdas"]
        return {**state, "lr_lambdas": states_of(self.lr_lambdas)}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Take over what `state_dict()` gave."""
        super().load_state_dict({k: v for k, v in state_dict.items() if k != "lr_lambdas"})
        restore(self.lr_lambdas, state_dict["lr_lambdas"])


class LambdaLR(_WithFunctions):
    """η = η₀ · f(t).

    Args:
        lr_lambda: f, or a list with one for each group.
        last_epoch: see `LRScheduler`.
    Raises: ValueError for a list of the wrong length.
    """

    def __init__(
        self, optimizer: Optimizer, lr_lambda: Factor | list[Factor], last_epoch: int = -1
    ) -> None:
        self.lr_lambdas = _one_for_each(optimizer, lr_lambda)
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[Any]:
        self._now()
        return [base * f(self.last_epoch) for f, base in zip(self.lr_lambdas, self.base_lrs)]


class MultiplicativeLR(_WithFunctions):
    """η ← η · f(t).

    Args:
        lr_lambda: f, or a list with one for each group.
        last_epoch: see `LRScheduler`.
    Raises: ValueError for a list of the wrong length; TypeError for one of other things.
    """

    def __init__(
        self, optimizer: Optimizer, lr_lambda: Factor | list[Factor], last_epoch: int = -1
    ) -> None:
        self.lr_lambdas = _one_for_each(optimizer, lr_lambda)
        for f in self.lr_lambdas:
            if not callable(f):
                raise TypeError(f"lr_lambda should be a function, but got {type(f).__name__}")
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[Any]:
        now = self._now()
        if self._is_initial:
            return now
        return [lr * f(self.last_epoch) for f, lr in zip(self.lr_lambdas, now)]


def _one_for_each(optimizer: Any, lr_lambda: Any) -> list[Any]:
    groups = getattr(optimizer, "param_groups", ())
    if not isinstance(lr_lambda, (list, tuple)):
        return [lr_lambda] * len(groups)
    if len(lr_lambda) != len(groups):
        raise ValueError(f"Expected {len(groups)} lr_lambdas, but got {len(lr_lambda)}")
    return list(lr_lambda)


class StepLR(LRScheduler):
    """η ← η · γ every `step_size` epochs:  η = η₀ · γ^⌊t / step_size⌋.

    Args:
        step_size: epochs from drop to drop.
        gamma: γ (default 0.1).
        last_epoch: see `LRScheduler`.
    """

    def __init__(
        self, optimizer: Optimizer, step_size: int, gamma: float = 0.1, last_epoch: int = -1
    ) -> None:
        self.step_size = step_size
        self.gamma = gamma
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[Any]:
        now = self._now()
        if self.last_epoch == 0 or self.last_epoch % self.step_size != 0:
            return now
        return [lr * self.gamma for lr in now]

    def _get_closed_form_lr(self) -> list[Any]:
        drops = self.last_epoch // self.step_size
        return [base * self.gamma**drops for base in self.base_lrs]


class MultiStepLR(LRScheduler):
    """η ← η · γ at each of the milestones; one that is given twice counts twice.

    Args:
        milestones: epochs.
        gamma: γ (default 0.1).
        last_epoch: see `LRScheduler`.
    """

    def __init__(
        self,
        optimizer: Optimizer,
        milestones: Iterable[int],
        gamma: float = 0.1,
        last_epoch: int = -1,
    ) -> None:
        self.milestones = Counter(milestones)
        self.gamma = gamma
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[Any]:
        now = self._now()
        if self.last_epoch not in self.milestones:
            return now
        return [lr * self.gamma ** self.milestones[self.last_epoch] for lr in now]

    def _get_closed_form_lr(self) -> list[Any]:
        drops = bisect_right(sorted(self.milestones.elements()), self.last_epoch)
        return [base * self.gamma**drops for base in self.base_lrs]


class ExponentialLR(LRScheduler):
    """η ← η · γ every epoch:  η = η₀ · γᵗ.

    Args:
        gamma: γ.
        last_epoch: see `LRScheduler`.
    """

    def __init__(self, optimizer: Optimizer, gamma: float, last_epoch: int = -1) -> None:
        self.gamma = gamma
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[Any]:
        now = self._now()
        return now if self._is_initial else [lr * self.gamma for lr in now]

    def _get_closed_form_lr(self) -> list[Any]:
        return [base * self.gamma**self.last_epoch for base in self.base_lrs]


class ConstantLR(LRScheduler):
    """η = η₀ · factor for the first `total_iters` epochs, then η₀.

    Args:
        factor: in [0, 1] (default 1/3).
        total_iters: epochs (default 5).
        last_epoch: see `LRScheduler`.
    Raises: ValueError for a factor outside [0, 1].
    """

    def __init__(
        self,
        optimizer: Optimizer,
        factor: float = 1.0 / 3,
        total_iters: int = 5,
        last_epoch: int = -1,
    ) -> None:
        if not 0 <= factor <= 1:
            raise ValueError("Constant multiplicative factor expected to be between 0 and 1.")
        self.factor = factor
        self.total_iters = total_iters
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[Any]:
        now = self._now()
        if self.last_epoch == 0:
            return [lr * self.factor for lr in now]
        if self.last_epoch != self.total_iters:
            return now
        return [lr * (1.0 / self.factor) for lr in now]

    def _get_closed_form_lr(self) -> list[Any]:
        scale = 1.0 if self.last_epoch >= self.total_iters else self.factor
        return [base * scale for base in self.base_lrs]


class LinearLR(LRScheduler):
    """η = η₀ · (a + (b − a)·min(t, T)/T): a straight line over T epochs (warm-up).

    Args:
        start_factor: a in (0, 1] (default 1/3).
        end_factor: b in [0, 1] (default 1).
        total_iters: T (default 5).
        last_epoch: see `LRScheduler`.
    Raises: ValueError for factors outside.
    """

    def __init__(
        self,
        optimizer: Optimizer,
        start_factor: float = 1.0 / 3,
        end_factor: float = 1.0,
        total_iters: int = 5,
        last_epoch: int = -1,
    ) -> None:
        if not 0 < start_factor <= 1:
            raise ValueError(
                "Starting multiplicative factor expected to be greater than 0 and less or equal "
                "to 1."
            )
        if not 0 <= end_factor <= 1:
            raise ValueError("Ending multiplicative factor expected to be between 0 and 1.")
        self.start_factor = start_factor
        self.end_factor = end_factor
        self.total_iters = total_iters
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[Any]:
        now, t, T = self._now(), self.last_epoch, self.total_iters
        if t == 0:
            return [lr * self.start_factor for lr in now]
        if self._is_initial or t > T:
            return now
        rise = self.end_factor - self.start_factor
        return [lr * (1.0 + rise / (T * self.start_factor + (t - 1) * rise)) for lr in now]

    def _get_closed_form_lr(self) -> list[Any]:
        t, rise = min(self.total_iters, self.last_epoch), self.end_factor - self.start_factor
        return [base * (self.start_factor + rise * t / self.total_iters) for base in self.base_lrs]


class PolynomialLR(LRScheduler):
    """η = η₀ · (1 − min(t, T)/T)^power: falls to 0 in T epochs.

    Args:
        total_iters: T (default 5).
        power: of the polynomial (default 1: a straight line).
        last_epoch: see `LRScheduler`.
    """

    def __init__(
        self, optimizer: Optimizer, total_iters: int = 5, power: float = 1.0, last_epoch: int = -1
    ) -> None:
        self.total_iters = total_iters
        self.power = power
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[Any]:
        now, t, T = self._now(), self.last_epoch, self.total_iters
        if self._is_initial or t > T:
            return now
        factor = ((1.0 - t / T) / (1.0 - (t - 1) / T)) ** self.power
        return [lr * factor for lr in now]

    def _get_closed_form_lr(self) -> list[Any]:
        t = min(self.total_iters, self.last_epoch)
        return [base * (1.0 - t / self.total_iters) ** self.power for base in self.base_lrs]
