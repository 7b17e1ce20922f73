"""Categorical: one of K classes, each with its probability."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from .. import dtypes
from ..ops.create import full
from ..ops.joining import broadcast_tensors
from ..ops.ranges import arange
from ..ops.sample import multinomial
from ..ops.softmax import softmax
from ..size import Size
from . import constraints
from .distribution import Distribution, clamped


class Categorical(Distribution):
    """p(k) = probs[k] / Σ probs,  or softmax(logits)[k]                                     (1)

    Args:
        probs   (…, K), at least 0; divided by their sum; or
        logits  (…, K), logarithms of them, up to a constant

    >>> import minitorch as torch
    >>> m = Categorical(torch.tensor([0.25, 0.25, 0.5]))
    >>> m.log_prob(torch.tensor([0, 2]))
    tensor([-1.3863, -0.6931])

    ``-m.log_prob(action) * reward`` is the loss of the REINFORCE algorithm.
    """

    arg_constraints = {"probs": constraints.simplex, "logits": constraints.real_vector}
    has_enumerate_support = True

    def __init__(
        self, probs: Any = None, logits: Any = None, validate_args: bool | None = None
    ) -> None:
        if (probs is None) == (logits is None):
            raise ValueError("Either `probs` or `logits` must be specified, but not both.")
        name, given = ("probs", probs) if logits is None else ("logits", logits)
        if given.dim() < 1:
            raise ValueError(f"`{name}` parameter must be at least one-dimensional.")
        if logits is None:
            self.__dict__["probs"] = probs / probs.sum(-1, keepdim=True)  # (1)
        else:
            self.__dict__["logits"] = logits - logits.logsumexp(-1, keepdim=True)
        self._num_events = given.size(-1)
        super().__init__(given.size()[:-1], validate_args=validate_args)

    @cached_property
    def logits(self) -> Any:
        """log p of each class, p kept away from 0."""
        return clamped(self.probs).log()

    @cached_property
    def probs(self) -> Any:
        """p of each class."""
        return softmax(self.logits, -1)

    @property
    def _given(self) -> Any:
        return self.__dict__.get("probs", self.__dict__.get("logits"))

    @property
    def param_shape(self) -> Any:
        """The parameter's shape."""
        return self._given.size()

    @property
    def support(self) -> Any:
        """0, …, K − 1"""
        return constraints.integer_interval(0, self._num_events - 1)

    @property
    def mean(self) -> Any:
        """nan: classes are no numbers."""
        return full(self._extended_shape(), float("nan"), dtype=self.probs.dtype)

    @property
    def mode(self) -> Any:
        """The likeliest class."""
        return self.probs.argmax(-1)

    @property
    def variance(self) -> Any:
        """nan: classes are no numbers."""
        return self.mean

    def expand(self, batch_shape: Any, _instance: Any = None) -> Any:
        shape = Size((*batch_shape, self._num_events))
        given = {
            name: self.__dict__[name].expand(shape)
            for name in ("probs", "logits")
            if name in self.__dict__
        }
        return self._expanded(batch_shape, _instance, _num_events=self._num_events, **given)

    def sample(self, sample_shape: Any = ()) -> Any:
        rows = self.probs.detach().reshape(-1, self._num_events)
        drawn = multinomial(rows, Size(sample_shape).numel(), True).T
        return drawn.reshape(self._extended_shape(sample_shape))

    def log_prob(self, value: Any) -> Any:
        self._check_value(value)
        value, log_p = broadcast_tensors(value.long().unsqueeze(-1), self.logits)
        return log_p.gather(-1, value[..., :1]).squeeze(-1)

    def entropy(self) -> Any:
        """−Σ p·log p"""
        logits = self.logits.clamp(min=dtypes.finfo(self.logits.dtype).min)
        return -(logits * self.probs).sum(-1)

    def enumerate_support(self, expand: bool = True) -> Any:
        values = arange(self._num_events).reshape(-1, *(1,) * len(self._batch_shape))
        return values.expand(-1, *self._batch_shape) if expand else values
