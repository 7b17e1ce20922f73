"""Schedules that go up and down within a run, a step for each *batch*: CyclicLR, OneCycleLR."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from ..optimizer import Optimizer
from .scheduler import LRScheduler, check_optimizer, for_each_group, put, restore, states_of


def _momentum_key(optimizer: Optimizer) -> bool:
    """Whether the momentum to cycle is β₁ (Adam) rather than "momentum" (SGD)."""
    if "momentum" not in optimizer.defaults and "betas" not in optimizer.defaults:
        raise ValueError(
            "optimizer must support momentum or beta1 with `cycle_momentum` option enabled"
        )
    return "betas" in optimizer.defaults


def _put_momentum(group: dict[str, Any], momentum: float, use_beta1: bool) -> None:
    if use_beta1:
        group["betas"] = (momentum, *group["betas"][1:])
    else:
        group["momentum"] = momentum


class CyclicLR(LRScheduler):
    """η goes up from `base_lr` to `max_lr` in `step_size_up` batches and down again, for ever.

    c = ⌊1 + t/size⌋  (the cycle),  x = 1 + t/size − c in [0, 1)                          (1)
    z = x/r  or  (x − 1)/(r − 1) after the top,  r = up/size                              (2)
    η = base + (max − base)·z·scale;   scale: 1 (triangular), 2^(1−c) (triangular2),      (3)
        γᵗ (exp_range) or scale_fn(c or t)
    The momentum goes the other way, down from max_momentum and up.

    Args:
        base_lr, max_lr: the bounds; a number or a list with one for each group.
        step_size_up: batches of the rise (default 2000).
        step_size_down: batches of the fall (default: as the rise).
        mode: 'triangular' (default), 'triangular2' or 'exp_range'.
        gamma: γ (default 1.0).
        scale_fn: instead of mode's scale (default None).
        scale_mode: 'cycle' (default) or 'iterations': what scale_fn is called with.
        cycle_momentum: cycle the momentum, or β₁, too (default True).
        base_momentum, max_momentum: its bounds (defaults 0.8, 0.9).
        last_epoch: see `LRScheduler`.
    Raises: ValueError for another mode, or an optimizer without momentum.
    Source: Smith 2017, Cyclical Learning Rates.
    """

    def __init__(
        self,
        optimizer: Optimizer,
        base_lr: float | list[float],
        max_lr: float | list[float],
        step_size_up: int = 2000,
        step_size_down: int | None = None,
        mode: str = "triangular",
        gamma: float = 1.0,
        scale_fn: Callable[[float], float] | None = None,
        scale_mode: str = "cycle",
        cycle_momentum: bool = True,
        base_momentum: float = 0.8,
        max_momentum: float = 0.9,
        last_epoch: int = -1,
    ) -> None:
        check_optimizer(optimizer)
        self.optimizer = optimizer
        base_lrs = for_each_group("base_lr", optimizer, base_lr)
        if last_epoch == -1:
            for lr, group in zip(base_lrs, optimizer.param_groups):
                put(group, "lr", lr)
        self.max_lrs = for_each_group("max_lr", optimizer, max_lr)
        up = float(step_size_up)
        down = up if step_size_down is None else float(step_size_down)
        self.total_size = up + down
        self.step_ratio = up / self.total_size
        if mode not in ("triangular", "triangular2", "exp_range") and scale_fn is None:
            raise ValueError("mode is invalid and scale_fn is None")
        self.mode = mode
        self.gamma = gamma
        self._scale_fn_custom = scale_fn
        self.scale_mode = scale_mode
        if scale_fn is None:
            self.scale_mode = "iterations" if mode == "exp_range" else "cycle"
        self.cycle_momentum = cycle_momentum
        if cycle_momentum:
            self.use_beta1 = _momentum_key(optimizer)
            self.base_momentums = for_each_group("base_momentum", optimizer, base_momentum)
            self.max_momentums = for_each_group("max_momentum", optimizer, max_momentum)
            if last_epoch == -1:
                for high, low, group in zip(
                    self.max_momentums, self.base_momentums, optimizer.param_groups
                ):
                    _put_momentum(group, high, self.use_beta1)
                    group["max_momentum"] = high
                    group["base_momentum"] = low
        super().__init__(optimizer, last_epoch)
        self.base_lrs = base_lrs

    def scale_fn(self, x: float) -> float:
        """The factor on the height of the triangle in cycle (or at batch) x."""
        if self._scale_fn_custom is not None:
            return self._scale_fn_custom(x)
        if self.mode == "triangular":
            return 1.0
        return 1 / 2.0 ** (x - 1) if self.mode == "triangular2" else self.gamma**x

    def get_lr(self) -> list[Any]:
        self._now()
        t, r = self.last_epoch, self.step_ratio
        cycle = math.floor(1 + t / self.total_size)
        x = 1.0 + t / self.total_size - cycle  # (1)
        z = x / r if x <= r else (x - 1) / (r - 1)  # (2)
        scale = self.scale_fn(cycle if self.scale_mode == "cycle" else t)
        lrs = [
            base + (high - base) * z * scale  # (3)
            for base, high in zip(self.base_lrs, self.max_lrs)
        ]
        if self.cycle_momentum:
            for low, high, group in zip(
                self.base_momentums, self.max_momentums, self.optimizer.param_groups
            ):
                _put_momentum(group, high - (high - low) * z * scale, self.use_beta1)
        return lrs

    def state_dict(self) -> dict[str, Any]:
        """As `LRScheduler.state_dict`; a scale_fn that is a plain function is left out."""
        state = super().state_dict()
        f = state.pop("_scale_fn_custom")
        return {**state, "_scale_fn_custom": None if f is None else states_of([f])[0]}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Take over what `state_dict()` gave."""
        f = self._scale_fn_custom
        super().load_state_dict({k: v for k, v in state_dict.items() if k != "_scale_fn_custom"})
        restore([f], [state_dict["_scale_fn_custom"]])


class OneCycleLR(LRScheduler):
    """One rise to `max_lr` and one long fall, over all batches of the run ("super-convergence").

    first   η: max/div → max            momentum: high → low        until pct·total − 1   (1)
    second  η: max → first η/final_div  momentum: low → high        until total − 1       (2)
    three_phase: down to the first η as symmetrically as it rose, then on to the end.     (3)
    Between a and b at the part p of a phase: b + ½·(a − b)·(1 + cos(π·p)), or a straight line. (4)

    Args:
        max_lr: the top; a number or a list with one for each group.
        total_steps: batches of the whole run; or
        epochs, steps_per_epoch: whose product it is.
        pct_start: the share of the rise (default 0.3).
        anneal_strategy: 'cos' (default) or 'linear'.
        cycle_momentum: cycle the momentum, or β₁, too (default True).
        base_momentum, max_momentum: its low and high (defaults 0.85, 0.95).
        div_factor: max over the first η (default 25.0).
        final_div_factor: the first η over the last (default 1e4).
        three_phase: see above (default False).
        last_epoch: see `LRScheduler`.
    Raises: ValueError for values out of range, or when stepped more than total_steps times.
    Source: Smith and Topin 2018, Super-Convergence.
    """

    def __init__(
        self,
        optimizer: Optimizer,
        max_lr: float | list[float],
        total_steps: int | None = None,
        epochs: int | None = None,
        steps_per_epoch: int | None = None,
        pct_start: float = 0.3,
        anneal_strategy: str = "cos",
        cycle_momentum: bool = True,
        base_momentum: float | list[float] = 0.85,
        max_momentum: float | list[float] = 0.95,
        div_factor: float = 25.0,
        final_div_factor: float = 1e4,
        three_phase: bool = False,
        last_epoch: int = -1,
    ) -> None:
        check_optimizer(optimizer)
        self.optimizer = optimizer
        self.total_steps = _total(total_steps, epochs, steps_per_epoch)
        if not isinstance(pct_start, float) or not 0 <= pct_start <= 1:
            raise ValueError(f"Expected float between 0 and 1 pct_start, but got {pct_start}")
        if anneal_strategy not in ("cos", "linear"):
            raise ValueError(
                f"anneal_strategy must be one of 'cos' or 'linear', instead got {anneal_strategy}"
            )
        rise = float(pct_start * self.total_steps) - 1
        self._schedule_phases = [_phase(rise, "initial", "max", "max", "base")]  # (1)
        end: float = self.total_steps - 1
        if three_phase:  # (3)
            fall = float(2 * pct_start * self.total_steps) - 2
            self._schedule_phases.append(_phase(fall, "max", "initial", "base", "max"))
            self._schedule_phases.append(_phase(end, "initial", "min", "max", "max"))
        else:
            self._schedule_phases.append(_phase(end, "max", "min", "base", "max"))  # (2)
        self._anneal_func_type = anneal_strategy
        if last_epoch == -1:
            for group, high in zip(
                optimizer.param_groups, for_each_group("max_lr", optimizer, max_lr)
            ):
                group["initial_lr"] = high / div_factor
                group["max_lr"] = high
                group["min_lr"] = group["initial_lr"] / final_div_factor
        self.cycle_momentum = cycle_momentum
        if cycle_momentum:
            self.use_beta1 = _momentum_key(optimizer)
            if last_epoch == -1:
                for high, low, group in zip(
                    for_each_group("max_momentum", optimizer, max_momentum),
                    for_each_group("base_momentum", optimizer, base_momentum),
                    optimizer.param_groups,
                ):
                    _put_momentum(group, high, self.use_beta1)
                    group["max_momentum"] = high
                    group["base_momentum"] = low
        super().__init__(optimizer, last_epoch)

    def _between(self, a: float, b: float, p: float) -> float:
        """(4)"""
        if self._anneal_func_type == "linear":
            return (b - a) * p + a
        return b + (a - b) / 2.0 * (math.cos(math.pi * p) + 1)

    def get_lr(self) -> list[Any]:
        self._now()
        t = self.last_epoch
        if t > self.total_steps:
            raise ValueError(
                f"Tried to step {t} times. The specified number of total steps is "
                f"{self.total_steps}"
            )
        start: float = 0
        for phase in self._schedule_phases[:-1]:
            if t <= phase["end_step"]:
                break
            start = phase["end_step"]
        else:
            phase = self._schedule_phases[-1]
        p = (t - start) / (phase["end_step"] - start)
        lrs = []
        for group in self.optimizer.param_groups:
            lrs.append(self._between(group[phase["start_lr"]], group[phase["end_lr"]], p))
            if self.cycle_momentum:
                ends = group[phase["start_momentum"]], group[phase["end_momentum"]]
                _put_momentum(group, self._between(*ends, p), self.use_beta1)
        return lrs


def _phase(end: float, lr: str, to_lr: str, momentum: str, to_momentum: str) -> dict[str, Any]:
    return {
        "end_step": end,
        "start_lr": f"{lr}_lr",
        "end_lr": f"{to_lr}_lr",
        "start_momentum": f"{momentum}_momentum",
        "end_momentum": f"{to_momentum}_momentum",
    }


def _total(total_steps: Any, epochs: Any, steps_per_epoch: Any) -> int:
    if total_steps is not None:
        given = [("total_steps", total_steps)]
    elif epochs is not None and steps_per_epoch is not None:
        given = [("epochs", epochs), ("steps_per_epoch", steps_per_epoch)]
    else:
        raise ValueError("You must define either total_steps OR (epochs AND steps_per_epoch)")
    total = 1
    for name, value in given:
        if not isinstance(value, int) or value <= 0:
            raise ValueError(f"Expected positive integer {name}, but got {value}")
        total *= value
    return total
