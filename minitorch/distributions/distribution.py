"""Distribution: what every distribution shares.

`batch_shape` counts distributions with different parameters, `event_shape` is the shape of one
outcome, and samples have the shape sample_shape + batch_shape + event_shape:

    Normal(zeros(3), 1).sample((2,))                    batch (3), event ():  sample (2, 3)
    MultivariateNormal(zeros(3), eye(3)).sample((2,))   batch (), event (3):  sample (2, 3)

`log_prob` gives one number for each outcome: sample_shape + batch_shape.
"""

from __future__ import annotations

from numbers import Number
from typing import Any
from warnings import warn

from .. import dtypes
from ..autograd.grad_mode import no_grad
from ..ops.create import tensor
from ..ops.joining import broadcast_tensors
from ..size import Size
from ..tensor import Tensor
from . import constraints


class Distribution:
    """Base of all distributions.

    Args:
        batch_shape    how many distributions
        event_shape    of one outcome
        validate_args  check parameters and values against the constraints (default True)
    """

    has_rsample = False  # samples carry gradients to the parameters
    has_enumerate_support = False
    _validate_args = __debug__
    arg_constraints: Any = {}
    support: Any = constraints.dependent

    def __init__(
        self, batch_shape: Any = (), event_shape: Any = (), validate_args: bool | None = None
    ) -> None:
        self._batch_shape = Size(batch_shape)
        self._event_shape = Size(event_shape)
        if validate_args is not None:
            self._validate_args = validate_args
        if self._validate_args:
            self._check_parameters()

    @staticmethod
    def set_default_validate_args(value: bool) -> None:
        """Whether distributions made from now on check parameters and values."""
        if value not in (True, False):
            raise ValueError(f"validate_args is True or False, but got {value}")
        Distribution._validate_args = value

    def _check_parameters(self) -> None:
        for name, constraint in self.arg_constraints.items():
            if name not in self.__dict__ or constraint is constraints.dependent:
                continue  # the other parametrization was given
            value = getattr(self, name)
            if not constraint.check(value).all():
                raise ValueError(
                    f"Expected parameter {name} ({type(value).__name__} of shape "
                    f"{tuple(value.shape)}) of distribution {self!r} to satisfy the constraint "
                    f"{constraint!r}, but found invalid values:\n{value}"
                )

    def _check_value(self, value: Any) -> None:
        """ValueError for a value that can't be an outcome."""
        if not self._validate_args:
            return
        if not isinstance(value, Tensor):
            raise ValueError("The value argument to log_prob must be a Tensor")
        n = len(self._event_shape)
        if value.shape[value.dim() - n :] != self._event_shape:
            raise ValueError(
                f"The right-most size of value must match event_shape: {value.shape} vs "
                f"{self._event_shape}."
            )
        wanted = self._batch_shape + self._event_shape
        for i, j in zip(reversed(value.shape), reversed(wanted)):
            if i != 1 and j != 1 and i != j:
                raise ValueError(
                    f"Value is not broadcastable with batch_shape+event_shape: {value.shape} vs "
                    f"{wanted}."
                )
        good = self.support.check(value)
        if not good.all():
            raise ValueError(
                f"Expected value argument ({type(value).__name__} of shape {tuple(value.shape)}) "
                f"to be within the support ({self.support!r}) of the distribution {self!r}, but "
                f"found invalid values:\n{value}"
            )

    def _extended_shape(self, sample_shape: Any = ()) -> Any:
        return Size((*sample_shape, *self._batch_shape, *self._event_shape))

    @property
    def batch_shape(self) -> Any:
        """How many distributions."""
        return self._batch_shape

    @property
    def event_shape(self) -> Any:
        """The shape of one outcome."""
        return self._event_shape

    # -- what subclasses give ---------------------------------------------------------------------

    def expand(self, batch_shape: Any, _instance: Any = None) -> Any:
        """The same distributions, repeated to a larger batch_shape."""
        raise NotImplementedError

    def rsample(self, sample_shape: Any = ()) -> Any:
        """Samples as a function of the parameters: gradients flow through."""
        raise NotImplementedError

    def sample(self, sample_shape: Any = ()) -> Any:
        """Samples, without gradients."""
        with no_grad():
            return self.rsample(sample_shape)

    def sample_n(self, n: int) -> Any:
        """Deprecated: ``sample((n,))``."""
        warn(
            "`sample_n(n)` will be deprecated. Use `sample((n,))` instead.",
            FutureWarning,
            stacklevel=2,
        )
        return self.sample((n,))

    def log_prob(self, value: Any) -> Any:
        """The logarithm of the probability, or of its density, of an outcome."""
        raise NotImplementedError

    def cdf(self, value: Any) -> Any:
        """The probability of an outcome of at most `value`."""
        raise NotImplementedError

    def icdf(self, value: Any) -> Any:
        """The inverse of `cdf`."""
        raise NotImplementedError

    def enumerate_support(self, expand: bool = True) -> Any:
        """All outcomes of a discrete distribution along a first dim."""
        raise NotImplementedError

    def entropy(self) -> Any:
        """−E[log_prob]."""
        raise NotImplementedError

    def perplexity(self) -> Any:
        """e^entropy: over how many outcomes an even choice would be as uncertain."""
        return self.entropy().exp()

    mean: Any
    mode: Any
    variance: Any

    @property
    def stddev(self) -> Any:
        """The root of the variance."""
        return self.variance.sqrt()

    def _expanded(self, kind: Any, _instance: Any, **parameters: Any) -> Any:
        """A copy of self of a given class with other (already expanded) attributes."""
        made = type(self).__new__(type(self)) if _instance is None else _instance
        made.__dict__.update(parameters)
        Distribution.__init__(made, kind, self._event_shape, validate_args=False)
        made._validate_args = self._validate_args
        return made

    def __repr__(self) -> str:
        shown = []
        for name in self.arg_constraints:
            if name in self.__dict__:
                value = self.__dict__[name]
                shown.append(f"{name}: {value if value.numel() == 1 else value.size()}")
        return f"{type(self).__name__}({', '.join(shown)})"


def broadcast_all(*values: Any) -> Any:
    """Numbers and tensors as tensors of one shape."""
    if not all(isinstance(v, (Tensor, Number)) for v in values):
        raise ValueError(
            "Input arguments must all be instances of Number or torch.Tensor, but got "
            + ", ".join(type(v).__name__ for v in values)
        )
    if all(isinstance(v, Tensor) for v in values):
        return broadcast_tensors(*values)
    first = next((v for v in values if isinstance(v, Tensor)), None)
    dtype = dtypes.get_default_dtype() if first is None else first.dtype
    return broadcast_tensors(
        *(v if isinstance(v, Tensor) else tensor(v, dtype=dtype) for v in values)
    )


def clamped(probs: Any) -> Any:
    """Probabilities kept away from 0 and 1 by the dtype's ε, so that logarithms are finite."""
    eps = dtypes.finfo(probs.dtype).eps
    return probs.clamp(min=eps, max=1 - eps)
