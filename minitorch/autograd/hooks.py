"""Hooks: functions that users hang on tensors, modules and optimizers, and how to take them off."""

from __future__ import annotations

from itertools import count
from typing import Any

_next_id = count().__next__


class RemovableHandle:
    """What registering a hook returns; ``handle.remove()`` takes the hook away again.

    Also a context manager: the hook is there inside the ``with`` block only.
    """

    def __init__(self, *places: dict[int, Any]) -> None:
        self.id = _next_id()
        self.places = places  # the dict of hooks, and those that mark what kind of hook it is

    def remove(self) -> None:
        """Remove the hook; calling it again does nothing."""
        for place in self.places:
            place.pop(self.id, None)

    def __enter__(self) -> RemovableHandle:
        return self

    def __exit__(self, *exc: Any) -> None:
        self.remove()


def add_hook(hooks: Any, hook: Any, *marks: Any, prepend: bool = False) -> RemovableHandle:
    """Put a hook at the end (or the front) of `hooks` and its id into each of `marks`."""
    handle = RemovableHandle(hooks, *marks)
    if prepend:
        later = list(hooks.items())
        hooks.clear()
        hooks[handle.id] = hook
        hooks.update(later)
    else:
        hooks[handle.id] = hook
    for mark in marks:
        mark[handle.id] = True
    return handle
