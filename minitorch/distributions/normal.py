"""Normal: the bell curve, by its mean and standard deviation."""

from __future__ import annotations

import math
from numbers import Number
from typing import Any

from ..autograd.grad_mode import no_grad
from ..ops.create import ones, zeros
from ..ops.erf import erf, erfinv
from ..ops.sample import normal
from . import constraints
from .distribution import Distribution, broadcast_all


class Normal(Distribution):
    """log p(x) = −(x − μ)²/(2σ²) − log σ − ½·log 2π                                         (1)

    Args:
        loc    μ
        scale  σ > 0

    >>> import minitorch as torch
    >>> Normal(torch.tensor([0.0]), torch.tensor([1.0])).log_prob(torch.tensor([0.0]))
    tensor([-0.9189])
    """

    arg_constraints = {"loc": constraints.real, "scale": constraints.positive}
    support = constraints.real
    has_rsample = True

    def __init__(self, loc: Any, scale: Any, validate_args: bool | None = None) -> None:
        self.loc, self.scale = broadcast_all(loc, scale)
        numbers = isinstance(loc, Number) and isinstance(scale, Number)
        super().__init__(() if numbers else self.loc.size(), validate_args=validate_args)

    @property
    def mean(self) -> Any:
        """μ"""
        return self.loc

    @property
    def mode(self) -> Any:
        """μ"""
        return self.loc

    @property
    def stddev(self) -> Any:
        """σ"""
        return self.scale

    @property
    def variance(self) -> Any:
        """σ²"""
        return self.scale.pow(2)

    def expand(self, batch_shape: Any, _instance: Any = None) -> Any:
        return self._expanded(
            batch_shape, _instance,
            loc=self.loc.expand(batch_shape), scale=self.scale.expand(batch_shape),
        )  # fmt: skip

    def sample(self, sample_shape: Any = ()) -> Any:
        shape = self._extended_shape(sample_shape)
        with no_grad():
            return normal(self.loc.expand(shape), self.scale.expand(shape))

    def rsample(self, sample_shape: Any = ()) -> Any:
        """μ + σ·ε with ε standard normal: the reparametrization trick."""
        shape, dtype = self._extended_shape(sample_shape), self.loc.dtype
        return self.loc + normal(zeros(shape, dtype=dtype), ones(shape, dtype=dtype)) * self.scale

    def log_prob(self, value: Any) -> Any:
        self._check_value(value)
        rest = self.scale.log() + math.log(math.sqrt(2 * math.pi))
        return -((value - self.loc) ** 2) / (2 * self.variance) - rest  # (1)

    def cdf(self, value: Any) -> Any:
        self._check_value(value)
        return 0.5 * (1 + erf((value - self.loc) * self.scale.reciprocal() / math.sqrt(2)))

    def icdf(self, value: Any) -> Any:
        return self.loc + self.scale * erfinv(2 * value - 1) * math.sqrt(2)

    def entropy(self) -> Any:
        """½ + ½·log 2π + log σ"""
        return 0.5 + 0.5 * math.log(2 * math.pi) + self.scale.log()
