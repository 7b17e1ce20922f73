"""Automatic differentiation: the engine, grad modes, Function and gradcheck.

graph.py     the engine: nodes, the order they run in, how gradients add up
rule.py      @op: from a rule on arrays to a function on Tensors
backward.py  backward() and grad()
function.py  Function: derivatives of the user's own
"""

from .backward import Variable, backward, grad
from .function import Function
from .grad_mode import (
    enable_grad,
    inference_mode,
    is_grad_enabled,
    no_grad,
    set_grad_enabled,
)
from .gradcheck import GradcheckError, gradcheck, gradgradcheck
from .graph import detect_anomaly, set_detect_anomaly

__all__ = [
    "Function",
    "GradcheckError",
    "Variable",
    "backward",
    "detect_anomaly",
    "enable_grad",
    "grad",
    "gradcheck",
    "gradgradcheck",
    "inference_mode",
    "is_grad_enabled",
    "no_grad",
    "set_detect_anomaly",
    "set_grad_enabled",
]
