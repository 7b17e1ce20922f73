"""Uniform: every number between two bounds is as likely."""

from __future__ import annotations

import math
from numbers import Number
from typing import Any

from ..ops.sample import rand
from . import constraints
from .distribution import Distribution, broadcast_all


class Uniform(Distribution):
    """p(x) = 1 / (high − low) for low ≤ x < high, else 0                                    (1)

    Args:
        low, high  the bounds, low < high
    """

    has_rsample = True

    def __init__(self, low: Any, high: Any, validate_args: bool | None = None) -> None:
        self.low, self.high = broadcast_all(low, high)
        numbers = isinstance(low, Number) and isinstance(high, Number)
        super().__init__(() if numbers else self.low.size(), validate_args=validate_args)

    @property
    def arg_constraints(self) -> Any:
        """low < high."""
        low, high = getattr(self, "low", None), getattr(self, "high", None)
        return {"low": constraints.less_than(high), "high": constraints.greater_than(low)}

    @property
    def support(self) -> Any:
        """From low to high."""
        return constraints.interval(self.low, self.high)

    @property
    def mean(self) -> Any:
        """The middle."""
        return (self.high + self.low) / 2

    @property
    def mode(self) -> Any:
        """nan: none is likelier than the others."""
        return math.nan * self.high

    @property
    def stddev(self) -> Any:
        """(high − low) / √12"""
        return (self.high - self.low) / 12**0.5

    @property
    def variance(self) -> Any:
        """(high − low)² / 12"""
        return (self.high - self.low).pow(2) / 12

    def expand(self, batch_shape: Any, _instance: Any = None) -> Any:
        return self._expanded(
            batch_shape, _instance,
            low=self.low.expand(batch_shape), high=self.high.expand(batch_shape),
        )  # fmt: skip

    def rsample(self, sample_shape: Any = ()) -> Any:
        u = rand(self._extended_shape(sample_shape), dtype=self.low.dtype)
        return self.low + u * (self.high - self.low)

    def log_prob(self, value: Any) -> Any:
        self._check_value(value)
        inside = self.low.le(value).type_as(self.low) * self.high.gt(value).type_as(self.low)
        return inside.log() - (self.high - self.low).log()  # (1)

    def cdf(self, value: Any) -> Any:
        self._check_value(value)
        return ((value - self.low) / (self.high - self.low)).clamp(min=0, max=1)

    def icdf(self, value: Any) -> Any:
        return value * (self.high - self.low) + self.low

    def entropy(self) -> Any:
        """log(high − low)"""
        return (self.high - self.low).log()
