"""Learning rate schedules: how an optimizer's learning rate changes over the epochs.

scheduler.py    the base, and the loop it stands in
decay.py        factors: every few epochs, every epoch, along a line
cosine.py       along a cosine, with restarts if wanted
cycle.py        up and down within a run, a step for each batch
plateau.py      when a metric stops getting better
combine.py      schedules one after the other, or together
"""

from .combine import ChainedScheduler, SequentialLR
from .cosine import CosineAnnealingLR, CosineAnnealingWarmRestarts
from .cycle import CyclicLR, OneCycleLR
from .decay import (
    ConstantLR,
    ExponentialLR,
    LambdaLR,
    LinearLR,
    MultiplicativeLR,
    MultiStepLR,
    PolynomialLR,
    StepLR,
)
from .plateau import ReduceLROnPlateau
from .scheduler import LRScheduler

_LRScheduler = LRScheduler  # the base's name before PyTorch 2.0: custom schedules derive from it

__all__ = [
    "ChainedScheduler",
    "ConstantLR",
    "CosineAnnealingLR",
    "CosineAnnealingWarmRestarts",
    "CyclicLR",
    "ExponentialLR",
    "LRScheduler",
    "LambdaLR",
    "LinearLR",
    "MultiStepLR",
    "MultiplicativeLR",
    "OneCycleLR",
    "PolynomialLR",
    "ReduceLROnPlateau",
    "SequentialLR",
    "StepLR",
]
