"""LRScheduler: what every schedule does around its formula.

    for epoch in range(epochs):
        train()             # with optimizer.step()
        scheduler.step()    # the next epoch's learning rate into every group's "lr"

`last_epoch` counts the steps from 0; a schedule's formula is its `get_lr`, usually the next
value from the present one, so that schedules can be chained. A closed form, where there is
one, serves ``step(epoch)``.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

from ...autograd.graph import TensorBase
from ..optimizer import Optimizer

_SEE = "https://pytorch.org/docs/stable/optim.html#how-to-adjust-learning-rate"

EPOCH_DEPRECATED = (
    "The epoch parameter in `scheduler.step()` was not necessary and is being deprecated where "
    "possible. Please use `scheduler.step()` to step the scheduler. During the deprecation, if "
    "epoch is different from None, the closed form is used instead of the new chainable form, "
    "where available. Please open an issue if you are unable to replicate your use case: "
    "https://github.com/pytorch/pytorch/issues/new/choose."
)


def kept(value: Any) -> Any:
    """A value to remember: a Tensor may be changed later, so a copy of it."""
    return value.clone() if isinstance(value, TensorBase) else value  # type: ignore[attr-defined]


def put(group: dict[str, Any], key: str, value: Any) -> None:
    """Set a group's option; a Tensor stays the same object and gets the number."""
    have = group[key]
    if isinstance(have, TensorBase):
        have.fill_(value)  # type: ignore[attr-defined]
    else:
        group[key] = value


def for_each_group(name: str, optimizer: Optimizer, value: Any) -> list[Any]:
    """One value, or one for each parameter group, as a list."""
    n = len(optimizer.param_groups)
    if isinstance(value, (list, tuple)):
        if len(value) != n:
            raise ValueError(
                f"{name} must have the same length as optimizer.param_groups. {name} has "
                f"{len(value)} values, param_groups has {n}."
            )
        return [kept(v) for v in value]
    return [kept(value) for _ in range(n)]


def check_optimizer(optimizer: Any) -> None:
    """Raise TypeError unless it is one."""
    if not isinstance(optimizer, Optimizer):
        raise TypeError(f"{type(optimizer).__name__} is not an Optimizer")


class LRScheduler:
    """Base of the schedules; a subclass gives `get_lr`.

    Args:
        optimizer: whose learning rates are set.
        last_epoch: −1 to begin (default), else the epoch that a resumed run had reached; the
            groups then must have "initial_lr".
    Raises: TypeError for anything but an Optimizer; KeyError for a missing "initial_lr".

    Example:
        >>> import minitorch as torch
        >>> w = torch.zeros(1, requires_grad=True)
        >>> optimizer = torch.optim.SGD([w], lr=0.5)
        >>> scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=2, gamma=0.5)
        >>> for epoch in range(5):
        ...     optimizer.step(); scheduler.step(); print(scheduler.get_last_lr())
        [0.5]
        [0.25]
        [0.25]
        [0.125]
        [0.125]
    """

    def __init__(self, optimizer: Optimizer, last_epoch: int = -1) -> None:
        check_optimizer(optimizer)
        self.optimizer = optimizer
        for i, group in enumerate(optimizer.param_groups):
            if last_epoch == -1:
                group.setdefault("initial_lr", kept(group["lr"]))
            elif "initial_lr" not in group:
                raise KeyError(
                    f"param 'initial_lr' is not specified in param_groups[{i}] when resuming "
                    "scheduler with last_epoch >= 0: load the optimizer's state_dict first, or "
                    "set 'initial_lr' in every parameter group"
                )
        self.base_lrs = [kept(group["initial_lr"]) for group in optimizer.param_groups]
        self.last_epoch = last_epoch
        optimizer.__dict__.setdefault("_opt_called", False)  # set by Optimizer.step
        self._step_count = 0
        self._is_initial = False
        self._get_lr_called_within_step = False
        self._last_lr: list[Any] = []
        self._initial_step()

    def _initial_step(self) -> None:
        """Put the first learning rate in place."""
        self._step_count = 0
        self._is_initial = True
        try:
            self.step()
        finally:
            self._is_initial = False

    def get_lr(self) -> list[Any]:
        """The learning rates of this epoch, one for each group; called by `step`."""
        raise NotImplementedError

    def get_last_lr(self) -> list[Any]:
        """The learning rates that `step` put in place last, one for each group."""
        return self._last_lr

    def step(self, epoch: Any = None) -> None:
        """Put the next epoch's learning rates in place.

        Args:
            epoch: deprecated; jump to this epoch (default None: the next one).
        """
        if self._step_count == 1:
            self._check_order()
        self._step_count += 1
        if epoch is not None:
            warnings.warn(EPOCH_DEPRECATED, UserWarning, stacklevel=2)
        self._update_lr(epoch)

    def _check_order(self) -> None:
        """Warn when the first scheduler.step() comes before any optimizer.step()."""
        if not hasattr(self.optimizer.step, "has_hooks"):
            warnings.warn(
                "Seems like `optimizer.step()` has been overridden after learning rate scheduler "
                "initialization. Please, make sure to call `optimizer.step()` before "
                f"`lr_scheduler.step()`. See more details at {_SEE}",
                UserWarning,
                stacklevel=3,
            )
        elif not self.optimizer.__dict__.get("_opt_called"):
            warnings.warn(
                "Detected call of `lr_scheduler.step()` before `optimizer.step()`. In PyTorch "
                "1.1.0 and later, you should call them in the opposite order: `optimizer.step()` "
                "before `lr_scheduler.step()`.  Failure to do this will result in PyTorch "
                "skipping the first value of the learning rate schedule. See more details at "
                + _SEE,
                UserWarning,
                stacklevel=3,
            )

    def _update_lr(self, epoch: Any = None) -> None:
        self._get_lr_called_within_step = True
        try:
            if epoch is None:
                self.last_epoch += 1
                values = self.get_lr()
            else:
                self.last_epoch = epoch
                closed = getattr(self, "_get_closed_form_lr", self.get_lr)
                values = closed()
        finally:
            self._get_lr_called_within_step = False
        self._set(values)

    def _set(self, values: list[Any]) -> None:
        for group, lr in zip(self.optimizer.param_groups, values):
            put(group, "lr", lr)
        self._last_lr = [kept(group["lr"]) for group in self.optimizer.param_groups]

    def _now(self) -> list[Any]:
        """The groups' learning rates as they are; for use in `get_lr`."""
        if not self._get_lr_called_within_step:
            warnings.warn(
                "To get the last learning rate computed by the scheduler, please use "
                "`get_last_lr()`.",
                UserWarning,
                stacklevel=3,
            )
        return [group["lr"] for group in self.optimizer.param_groups]

    def state_dict(self) -> dict[str, Any]:
        """Everything but the optimizer, in a dict."""
        return {k: v for k, v in self.__dict__.items() if k != "optimizer"}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Take over what `state_dict()` gave."""
        self.__dict__.update(state_dict)


Factor = Callable[[int], float]


def states_of(functions: list[Any]) -> list[Any]:
    """What can be saved of functions: the attributes of callable objects, None for others."""
    return [None if hasattr(f, "__code__") else f.__dict__.copy() for f in functions]


def restore(functions: list[Any], states: list[Any]) -> None:
    """Give callable objects their saved attributes back."""
    for f, state in zip(functions, states):
        if state is not None:
            f.__dict__.update(state)
