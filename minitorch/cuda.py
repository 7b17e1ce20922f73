"""torch.cuda: there is none. Asking says so; what would need a device raises.

Enough for scripts that choose their device:

>>> import minitorch as torch
>>> torch.device("cuda" if torch.cuda.is_available() else "cpu")
device(type='cpu')
"""

from __future__ import annotations

from typing import Any

from .dtypes import check_device


def is_available() -> bool:
    """False."""
    return False


def is_initialized() -> bool:
    """False."""
    return False


def is_bf16_supported(including_emulation: bool = True) -> bool:
    """False."""
    return False


def device_count() -> int:
    """0."""
    return 0


def manual_seed(seed: int) -> None:
    """Nothing to seed, as in PyTorch without CUDA: `torch.manual_seed` seeds the CPU."""


manual_seed_all = manual_seed


def empty_cache() -> None:
    """Nothing is cached."""


def _no_device(*args: Any, **kwargs: Any) -> Any:
    """Raises AssertionError: there is no CUDA device."""
    check_device("cuda")


current_device = get_device_name = get_device_properties = get_device_capability = _no_device
set_device = synchronize = memory_allocated = max_memory_allocated = mem_get_info = _no_device
