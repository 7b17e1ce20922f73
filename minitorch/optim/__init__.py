"""Optimizers: they move parameters against their gradients.

One file per optimizer, its equations numbered above the lines that compute them. `Optimizer`
(optimizer.py) does what is around the update: groups, state, saving, hooks. LBFGS,
Adafactor and swa_utils are imported when asked for.
"""

from importlib import import_module as _import_module
from typing import Any as _Any

from . import lr_scheduler
from .adadelta import Adadelta
from .adagrad import Adagrad
from .adam import Adam
from .adamax import Adamax
from .adamw import AdamW
from .asgd import ASGD
from .nadam import NAdam
from .optimizer import Optimizer
from .radam import RAdam
from .rmsprop import RMSprop
from .rprop import Rprop
from .sgd import SGD

_LATER = {"Adafactor": "adafactor", "LBFGS": "lbfgs", "swa_utils": ""}

__all__ = [  # noqa: PLE0604
    *_LATER,
    "ASGD",
    "SGD",
    "Adadelta",
    "Adagrad",
    "Adam",
    "AdamW",
    "Adamax",
    "NAdam",
    "Optimizer",
    "RAdam",
    "RMSprop",
    "Rprop",
    "lr_scheduler",
]


def __getattr__(name: str) -> _Any:
    if name not in _LATER:
        raise AttributeError(f"module 'minitorch.optim' has no attribute '{name}'")
    file = _LATER[name]
    if not file:
        return _import_module(f"{__name__}.{name}")
    found = globals()[name] = getattr(_import_module(f"{__name__}.{file}"), name)
    return found


def __dir__() -> list[str]:
    return [*globals(), *_LATER]
