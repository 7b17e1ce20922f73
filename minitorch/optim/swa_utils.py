"""Averages of a model's weights over training: often better than the last weights.

    plain average     w̄ ← w̄ + (w − w̄) / (n + 1)          stochastic weight averaging (SWA)    (1)
    moving average    w̄ ← w̄ + (1 − decay)·(w − w̄)        exponential (EMA)                    (2)

    averaged = AveragedModel(model)
    for epoch in …:
        train(model)
        averaged.update_parameters(model)
    update_bn(loader, averaged)        # BatchNorm's statistics belong to the new weights

Source: Izmailov et al. 2018, arXiv:1803.05407.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from copy import deepcopy
from typing import Any

from .. import dtypes
from ..autograd.grad_mode import no_grad
from ..nn.modules.batchnorm import _BatchNorm
from ..nn.modules.module import Module
from ..ops.create import tensor
from .lr_scheduler.scheduler import LRScheduler, for_each_group
from .optimizer import Optimizer


def get_swa_avg_fn() -> Callable[[Any, Any, Any], Any]:
    """(1) as a function (w̄, w, n) → the new w̄."""

    def average(averaged: Any, current: Any, n: Any) -> Any:
        return averaged + (current - averaged) / (n + 1)  # (1)

    return average


def get_ema_avg_fn(decay: float = 0.999) -> Callable[[Any, Any, Any], Any]:
    """(2) as a function (w̄, w, n) → the new w̄.

    Args:
        decay  from 0 (the last weights) to 1 (the first) (default 0.999)
    """
    _check_decay(decay)

    def average(averaged: Any, current: Any, n: Any) -> Any:
        return decay * averaged + (1 - decay) * current  # (2)

    return average


def get_swa_multi_avg_fn() -> Callable[[list[Any], list[Any], Any], None]:
    """(1) in place, for all parameters at once: (list of w̄, list of w, n)."""

    def average(averaged: list[Any], current: list[Any], n: Any) -> None:
        for a, c in zip(averaged, current):
            if a.is_floating_point():
                a.lerp_(c, float(1 / (n + 1)))  # (1)
            else:
                a.add_((c - a) / (n + 1))

    return no_grad()(average)


def get_ema_multi_avg_fn(decay: float = 0.999) -> Callable[[list[Any], list[Any], Any], None]:
    """(2) in place, for all parameters at once: (list of w̄, list of w, n)."""
    _check_decay(decay)

    def average(averaged: list[Any], current: list[Any], n: Any) -> None:
        for a, c in zip(averaged, current):
            if a.is_floating_point():
                a.lerp_(c, 1 - decay)  # (2)
            else:
                a.copy_(a * decay + c * (1 - decay))

    return no_grad()(average)


def _check_decay(decay: float) -> None:
    if not 0 <= decay <= 1:
        raise ValueError(
            f"Invalid decay value {decay} provided. Please provide a value in [0,1] range."
        )


class AveragedModel(Module):
    """A copy of a model whose parameters are averages of the model's.

    Args:
        model         to copy
        device        None or 'cpu'
        avg_fn        (w̄, w, n) → the new w̄, for each parameter (default: (1))
        multi_avg_fn  (list of w̄, list of w, n), in place; instead of avg_fn
        use_buffers   average the buffers too; False: they are the model's (default)
    Raises: AssertionError for both functions.

    >>> import minitorch as torch
    >>> model = torch.nn.Linear(1, 1)
    >>> averaged = AveragedModel(model)
    >>> for value in (1.0, 2.0, 6.0):
    ...     _ = torch.nn.init.constant_(model.weight, value)
    ...     averaged.update_parameters(model)
    >>> averaged.module.weight.item()
    3.0
    """

    def __init__(
        self,
        model: Module,
        device: Any = None,
        avg_fn: Any = None,
        multi_avg_fn: Any = None,
        use_buffers: bool = False,
    ) -> None:
        super().__init__()
        if avg_fn is not None and multi_avg_fn is not None:
            raise AssertionError("Only one of avg_fn and multi_avg_fn should be provided")
        self.module = deepcopy(model)
        if device is not None:
            self.module = self.module.to(device)
        self.register_buffer("n_averaged", tensor(0, dtype=dtypes.int64))
        self.avg_fn = avg_fn
        self.multi_avg_fn = multi_avg_fn
        self.use_buffers = use_buffers

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        return self.module(*args, **kwargs)

    def update_parameters(self, model: Module) -> None:
        """Take the model's present weights into the average; the first ones are copied."""
        mine: list[Any] = list(self.module.parameters())
        theirs: list[Any] = list(model.parameters())
        if self.use_buffers:
            mine, theirs = mine + list(self.module.buffers()), theirs + list(model.buffers())
        n: Any = self.n_averaged
        theirs = [t.detach() for t in theirs]
        with no_grad():
            averaged = [t.detach() for t in mine]
            if n == 0:
                for a, c in zip(averaged, theirs):
                    a.copy_(c)
            elif self.multi_avg_fn is not None:
                self.multi_avg_fn(averaged, theirs, n)
            else:
                average = self.avg_fn or get_swa_avg_fn()
                for a, c in zip(averaged, theirs):
                    a.copy_(average(a, c, n))
            if not self.use_buffers:
                for kept, new in zip(self.module.buffers(), model.buffers()):
                    kept.copy_(new)
            n += 1


def update_bn(loader: Iterable[Any], model: Module, device: Any = None) -> None:
    """Compute BatchNorm's running statistics anew: one pass over the data, without gradients.

    Args:
        loader  of batches: tensors, or tuples that begin with one
        device  None or 'cpu'
    """
    norms = [m for m in model.modules() if isinstance(m, _BatchNorm)]
    if not norms:
        return
    momenta = [m.momentum for m in norms]
    for m in norms:
        m.reset_running_stats()
        m.momentum = None  # the plain average of all batches
    was_training = model.training
    model.train()
    with no_grad():
        for batch in loader:
            first = batch[0] if isinstance(batch, (list, tuple)) else batch
            model(first if device is None else first.to(device))
    for m, momentum in zip(norms, momenta):
        m.momentum = momentum
    model.train(was_training)


class SWALR(LRScheduler):
    """Moves the learning rate to a constant one, for the epochs whose weights are averaged.

    η = a·η_swa + (1 − a)·η₀,   a = t/T, or (1 − cos(π·t/T))/2;   then η = η_swa            (3)

    Args:
        swa_lr: η_swa; one, or one for each group.
        anneal_epochs: T (default 10).
        anneal_strategy: 'cos' (default) or 'linear'.
        last_epoch: see `LRScheduler`.
    Raises: ValueError for another strategy or negative epochs.
    """

    def __init__(
        self,
        optimizer: Optimizer,
        swa_lr: Any,
        anneal_epochs: int = 10,
        anneal_strategy: str = "cos",
        last_epoch: int = -1,
    ) -> None:
        rates = for_each_group("swa_lr", optimizer, swa_lr)
        for rate, group in zip(rates, optimizer.param_groups):
            group["swa_lr"] = rate
        if anneal_strategy not in ("cos", "linear"):
            raise ValueError(
                "anneal_strategy must be one of 'cos' or 'linear', instead got "
                f"{anneal_strategy}"
            )
        if not isinstance(anneal_epochs, int) or anneal_epochs < 0:
            raise ValueError(
                f"anneal_epochs must be equal or greater than 0, got {anneal_epochs}"
            )
        self._anneal_strategy = anneal_strategy
        self.anneal_epochs = anneal_epochs
        super().__init__(optimizer, last_epoch)

    def _share(self, step: int) -> float:
        """a of (3)."""
        t = max(0.0, min(1.0, step / max(1, self.anneal_epochs)))
        return t if self._anneal_strategy == "linear" else (1 - math.cos(math.pi * t)) / 2

    def get_lr(self) -> list[Any]:
        """(3), with η₀ worked out from the present η, so that schedules can be chained."""
        step = self._step_count - 1
        if self.anneal_epochs == 0:
            step = max(1, step)
        before, now = self._share(step - 1), self._share(step)
        rates = []
        for group in self.optimizer.param_groups:
            swa, lr = group["swa_lr"], group["lr"]
            start = swa if before == 1 else (lr - before * swa) / (1 - before)
            rates.append(now * swa + (1 - now) * start)  # (3)
        return rates
