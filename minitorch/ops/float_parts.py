"""What a float is made of: mantissa and exponent, and its neighbour in memory."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..autograd.rule import Array, inplace, op
from ..return_types import named
from .operands import not_implemented

frexp_result = named("frexp", "mantissa", "exponent")


@op(returns=frexp_result)
def frexp(input: Array) -> Any:
    """A number taken apart as the computer stores it.

    input = mantissa · 2^exponent,  ½ ≤ |mantissa| < 1  (0 and 0 for 0)       (1)
    ∂input = g / 2^exponent                                                   (2)

    >>> torch.frexp(torch.tensor([6.]))
    torch.return_types.frexp(
    mantissa=tensor([0.7500]),
    exponent=tensor([3], dtype=torch.int32))
    """
    if input.dtype.kind != "f":
        raise RuntimeError("torch.frexp() only supports floating-point dtypes")
    mantissa, exponent = np.frexp(input)  # (1)
    exponent = np.asarray(exponent, np.int32)

    def vjp(g: Any, _: Any = None) -> Any:
        return g / np.exp2(exponent.astype(g.dtype))  # (2)

    return (mantissa, exponent), vjp


@op(promote="common")
def nextafter(input: Array, other: Array) -> Any:
    """The next number that the dtype has after `input` in the direction of `other`.

    ∂input = g where it moves, 0 where input = other;  ∂other = 0             (3)

    >>> torch.nextafter(torch.tensor(1.), torch.tensor(2.)) - 1 == torch.finfo(torch.float32).eps
    tensor(True)
    """
    if input.dtype.kind != "f":
        raise not_implemented("nextafter_cpu", input)
    moves = input != other
    return np.nextafter(input, other), lambda g: (g * moves, np.zeros_like(g))  # (3)


nextafter_ = inplace(nextafter)
