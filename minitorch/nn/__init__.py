"""torch.nn: layers, losses and containers; their functions in `functional`, `init` and `utils`."""

from __future__ import annotations

from typing import Any as _Any

from . import functional, init, modules, parameter, utils
from .modules import *  # noqa: F403
from .modules import __all__ as _modules
from .parameter import Buffer, Parameter, UninitializedBuffer, UninitializedParameter

__all__ = [  # noqa: PLE0604
    *_modules,
    *modules._LATER,
    "Buffer",
    "Parameter",
    "UninitializedBuffer",
    "UninitializedParameter",
    "functional",
    "init",
    "modules",
    "parameter",
    "utils",
]


def __getattr__(name: str) -> _Any:
    if name not in modules._LATER:
        raise AttributeError(f"module 'minitorch.nn' has no attribute '{name}'")
    return getattr(modules, name)


def __dir__() -> list[str]:
    return [*globals(), *modules._LATER]
