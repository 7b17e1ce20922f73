"""PyTorch's names for complex numbers, as they act on real ones: there are no others here."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .. import errors
from ..autograd.graph import TensorBase
from ..autograd.rule import Array, op
from .operands import no_slope


def _itself(name: str, meaning: str) -> Any:
    def call(input: Any) -> Any:
        if not isinstance(input, TensorBase):
            raise errors.not_a_tensor(name, "input", 1, input)
        return input

    call.__name__ = call.__qualname__ = name
    call.__doc__ = f"{meaning}: of real numbers the tensor itself."
    return call


real = _itself("real", "The real part")
conj = _itself("conj", "The complex conjugate, as a view")
conj_physical = _itself("conj_physical", "The complex conjugate, computed")
conj_physical_ = _itself("conj_physical_", "The complex conjugate, in place")
resolve_conj = _itself("resolve_conj", "A conjugate view, computed")
resolve_neg = _itself("resolve_neg", "A negated view, computed")


def imag(input: Any) -> Any:
    """The imaginary part: RuntimeError, as in PyTorch, because no tensor here is complex."""
    if not isinstance(input, TensorBase):
        raise errors.not_a_tensor("imag", "input", 1, input)
    raise RuntimeError("imag is not implemented for tensors with non-complex dtypes.")


def is_conj(input: Any) -> bool:
    """False: only a complex tensor can be a conjugate view."""
    return False


def is_neg(input: Any) -> bool:
    """False: only the imaginary part of a conjugate view is a negated view."""
    return False


@op(promote="float")
def angle(input: Array) -> Any:
    """The angle of a number in the complex plane: 0, or π for negative ones.

    out = π if input < 0 else 0,  ∂input = 0           (1)
    """
    out = np.where(input < 0, math.pi, 0.0).astype(input.dtype)
    return np.where(np.isnan(input), input, out), no_slope  # (1)
