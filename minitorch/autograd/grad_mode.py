"""Whether operations are recorded for backward: no_grad, enable_grad, set_grad_enabled, …

Each is a context manager and a decorator. The switch belongs to the thread, as in PyTorch.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])


class _Switch(threading.local):
    enabled = True
    inference = False


switch = _Switch()


def is_grad_enabled() -> bool:
    """True when operations on tensors that require grad are recorded (the start state)."""
    return switch.enabled


def is_inference_mode_enabled() -> bool:
    """True inside ``inference_mode()``."""
    return switch.inference


class _GradMode:
    """Sets the switch on entry and puts the old value back on exit."""

    mode = True

    def __enter__(self) -> None:
        self.before = switch.enabled
        switch.enabled = self.mode

    def __exit__(self, *exc: Any) -> None:
        switch.enabled = self.before

    def __call__(self, function: F) -> F:
        @wraps(function)
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            with self._fresh():
                return function(*args, **kwargs)

        return wrapped  # type: ignore[return-value]

    def _fresh(self) -> Any:
        """A new context for each call: a decorated function may call itself."""
        return type(self)()

    def __new__(cls, function: Any = None) -> Any:
        self = super().__new__(cls)
        return self(function) if callable(function) else self  # @no_grad without parentheses


class no_grad(_GradMode):
    """Record nothing: results do not require grad.

    >>> import minitorch as torch
    >>> x = torch.ones(2, requires_grad=True)
    >>> with torch.no_grad():
    ...     (x * 2).requires_grad
    False
    """

    mode = False


class enable_grad(_GradMode):
    """Record again inside a `no_grad` block."""

    mode = True


class set_grad_enabled(_GradMode):
    """Record or not, by `mode`; takes effect at once, and is undone when used with `with`."""

    def __new__(cls, mode: bool) -> Any:
        return object.__new__(cls)

    def __init__(self, mode: bool) -> None:
        self.before = switch.enabled
        self.mode = switch.enabled = bool(mode)

    def __enter__(self) -> None:
        switch.enabled = self.mode

    def __call__(self, function: F) -> F:
        switch.enabled = self.before  # as a decorator it acts only inside the function
        return super().__call__(function)

    def _fresh(self) -> Any:
        return set_grad_enabled(self.mode)


class inference_mode(_GradMode):
    """`no_grad`, and says so: tensors made here are never part of a graph.

    PyTorch also skips version counting here; minitorch keeps counting, at no cost that shows.
    """

    def __new__(cls, mode: Any = True) -> Any:
        self = object.__new__(cls)
        if callable(mode):
            self.__init__(True)  # type: ignore[misc]
            return self(mode)
        return self

    def __init__(self, mode: bool = True) -> None:
        self.on = bool(mode)

    def __enter__(self) -> None:
        self.saved = (switch.enabled, switch.inference)
        if self.on:
            switch.enabled, switch.inference = False, True
        elif switch.inference:
            switch.enabled, switch.inference = True, False

    def __exit__(self, *exc: Any) -> None:
        switch.enabled, switch.inference = self.saved

    def _fresh(self) -> Any:
        return inference_mode(self.on)
