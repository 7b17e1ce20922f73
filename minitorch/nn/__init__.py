"""torch.nn: layers, losses and containers; their functions in `functional`, `init` and `utils`."""

from __future__ import annotations

from . import functional, init, modules, parameter, utils
from .modules import *  # noqa: F403
from .modules import __all__ as _modules
from .parameter import Buffer, Parameter, UninitializedParameter

__all__ = [  # noqa: PLE0604
    *_modules,
    "Buffer",
    "Parameter",
    "UninitializedParameter",
    "functional",
    "init",
    "modules",
    "parameter",
    "utils",
]
