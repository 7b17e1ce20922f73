"""Tools around modules: clipping gradients, parameters as one vector, packed sequences.

What is rarer is imported when asked for: `_LATER`.
"""

from importlib import import_module as _import_module
from typing import Any as _Any

from . import rnn
from .clip_grad import (
    clip_grad_norm,
    clip_grad_norm_,
    clip_grad_value_,
    clip_grads_with_norm_,
    get_total_norm,
)
from .convert_parameters import parameters_to_vector, vector_to_parameters

_LATER = {
    "fuse_conv_bn_eval": "fusion", "fuse_conv_bn_weights": "fusion",
    "fuse_linear_bn_eval": "fusion", "fuse_linear_bn_weights": "fusion",
    "remove_spectral_norm": "norm_hooks", "remove_weight_norm": "norm_hooks",
    "spectral_norm": "norm_hooks", "weight_norm": "norm_hooks",
    "skip_init": "init",
    "parametrizations": "", "parametrize": "",
}  # fmt: skip

__all__ = [  # noqa: PLE0604
    *_LATER,
    "clip_grad_norm",
    "clip_grad_norm_",
    "clip_grad_value_",
    "clip_grads_with_norm_",
    "get_total_norm",
    "parameters_to_vector",
    "rnn",
    "vector_to_parameters",
]


def __getattr__(name: str) -> _Any:
    if name not in _LATER:
        raise AttributeError(f"module 'minitorch.nn.utils' has no attribute '{name}'")
    file = _LATER[name]
    if not file:
        return _import_module(f"{__name__}.{name}")
    found = globals()[name] = getattr(_import_module(f"{__name__}.{file}"), name)
    return found


def __dir__() -> list[str]:
    return [*globals(), *_LATER]
