"""Bernoulli: 1 with a probability, else 0."""

from __future__ import annotations

import math
from functools import cached_property
from numbers import Number
from typing import Any

from ..autograd.grad_mode import no_grad
from ..ops.create import tensor
from ..ops.loss import binary_cross_entropy_with_logits
from ..ops.sample import bernoulli
from ..ops.unary import sigmoid
from . import constraints
from .distribution import Distribution, broadcast_all, clamped


class Bernoulli(Distribution):
    """p(1) = p, p(0) = 1 − p;  the logit is log(p / (1 − p))                               (1)

    Args:
        probs   p; or
        logits  the logit of p
    """

    arg_constraints = {"probs": constraints.unit_interval, "logits": constraints.real}
    support = constraints.boolean
    has_enumerate_support = True

    def __init__(
        self, probs: Any = None, logits: Any = None, validate_args: bool | None = None
    ) -> None:
        if (probs is None) == (logits is None):
            raise ValueError("Either `probs` or `logits` must be specified, but not both.")
        name, given = ("probs", probs) if logits is None else ("logits", logits)
        (self.__dict__[name],) = broadcast_all(given)
        shape = () if isinstance(given, Number) else self.__dict__[name].size()
        super().__init__(shape, validate_args=validate_args)

    @cached_property
    def logits(self) -> Any:
        """log(p / (1 − p)), p kept away from 0 and 1."""
        p = clamped(self.probs)
        return p.log() - (-p).log1p()  # (1)

    @cached_property
    def probs(self) -> Any:
        """p"""
        return sigmoid(self.logits)

    @property
    def _given(self) -> Any:
        return self.__dict__.get("probs", self.__dict__.get("logits"))

    @property
    def param_shape(self) -> Any:
        """The parameter's shape."""
        return self._given.size()

    @property
    def mean(self) -> Any:
        """p"""
        return self.probs

    @property
    def mode(self) -> Any:
        """The likelier outcome; nan if both are as likely."""
        mode = (self.probs >= 0.5).to(self.probs.dtype)
        return mode.masked_fill(self.probs == 0.5, math.nan)

    @property
    def variance(self) -> Any:
        """p·(1 − p)"""
        return self.probs * (1 - self.probs)

    def expand(self, batch_shape: Any, _instance: Any = None) -> Any:
        given = {
            name: self.__dict__[name].expand(batch_shape)
            for name in ("probs", "logits")
            if name in self.__dict__
        }
        return self._expanded(batch_shape, _instance, **given)

    def sample(self, sample_shape: Any = ()) -> Any:
        with no_grad():
            return bernoulli(self.probs.expand(self._extended_shape(sample_shape)))

    def log_prob(self, value: Any) -> Any:
        self._check_value(value)
        logits, value = broadcast_all(self.logits, value)
        return -binary_cross_entropy_with_logits(logits, value, reduction="none")

    def entropy(self) -> Any:
        """−p·log p − (1 − p)·log(1 − p)"""
        return binary_cross_entropy_with_logits(self.logits, self.probs, reduction="none")

    def enumerate_support(self, expand: bool = True) -> Any:
        values = tensor([0.0, 1.0], dtype=self._given.dtype)
        values = values.reshape(-1, *(1,) * len(self._batch_shape))
        return values.expand(-1, *self._batch_shape) if expand else values
