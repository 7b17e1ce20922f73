"""Single random numbers, from the same words of the stream as PyTorch's one-element tensors.

    uniform(a, b)    torch.empty(1).uniform_(a, b).item()
    chance()         torch.rand(1).item()
    integer(a, b)    torch.randint(a, b, (1,)).item()

Without the tensor around them: 4 µs a number where the tensor takes 10.
"""

from __future__ import annotations

import numpy as np

from .. import dtypes, random


def uniform(low: float, high: float) -> float:
    """One number, uniform on [low, high), of the default dtype's precision."""
    return random.uniform_(np.empty(1, dtypes.default_float()), low, high).item()


def chance() -> float:
    """One number, uniform on [0, 1)."""
    return uniform(0.0, 1.0)


def integer(low: int, high: int) -> int:
    """One whole number from low up to but without high."""
    if low >= high:
        raise RuntimeError(
            f"random_ expects 'from' to be less than 'to', but got from={low} >= to={high}"
        )
    return int(random.random_(np.empty(1, np.int64), low, high)[0])
