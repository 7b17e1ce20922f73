"""Changing all tensors of a module at once: to(), double(), type(), …

Everything goes through `_apply`, which a class with other tensors of its own may override.
The functions here are bound as methods of `Module`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ... import dtypes
from ...ops.convert import parse_to
from ...ops.create import empty_like


def _apply(self: Any, fn: Callable[[Any], Any], recurse: bool = True) -> Any:
    """Replace each tensor t by fn(t); a Parameter stays the same object with new numbers."""
    if recurse:
        for child in self.children():
            child._apply(fn)
    for parameter in self._parameters.values():
        if parameter is not None:
            grad = parameter.grad
            parameter.data = fn(parameter.data)
            if grad is not None:
                parameter.grad = fn(grad)
    for name, buffer in self._buffers.items():
        if buffer is not None:
            self._buffers[name] = fn(buffer)
    return self


def to(self: Any, *args: Any, **kwargs: Any) -> Any:
    """Convert parameters and buffers: ``to(dtype)``, ``to(device)``, ``to(tensor)``.

    Floating point tensors get the dtype; integer buffers keep theirs. The device must be cpu.
    """
    dtype, _, _ = parse_to(*args, **kwargs)
    if dtype is None:
        return self
    if not dtype.is_floating_point:
        raise TypeError(
            "nn.Module.to only accepts floating point or complex dtypes, but got desired "
            f"dtype={dtype}"
        )
    return _cast(self, dtype)


def _cast(module: Any, dtype: Any) -> Any:
    return module._apply(lambda t: t.to(dtype) if t.is_floating_point() else t)


def type(self: Any, dst_type: Any) -> Any:  # noqa: A001
    """Convert all parameters and buffers, integer ones too."""
    return self._apply(lambda t: t.type(dst_type))


def float(self: Any) -> Any:  # noqa: A001
    """Floating point parameters and buffers to float32."""
    return _cast(self, dtypes.float32)


def double(self: Any) -> Any:
    """Floating point parameters and buffers to float64."""
    return _cast(self, dtypes.float64)


def half(self: Any) -> Any:
    """Floating point parameters and buffers to float16."""
    return _cast(self, dtypes.float16)


def bfloat16(self: Any) -> Any:
    """Not supported: NumPy has no bfloat16."""
    return _cast(self, dtypes.bfloat16)


def cpu(self: Any) -> Any:
    """The module itself: its tensors are on the CPU."""
    return self


def cuda(self: Any, device: Any = None) -> Any:
    """Not supported: raises AssertionError, as PyTorch without CUDA does."""
    dtypes.check_device("cuda" if device is None else dtypes.device(device))


def to_empty(self: Any, *, device: Any, recurse: bool = True) -> Any:
    """Replace every tensor by an uninitialised one of its shape."""
    dtypes.check_device(device)
    return self._apply(empty_like, recurse)
