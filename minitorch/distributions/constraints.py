"""Constraints: which numbers a parameter or a sample may be. ``check`` tells it for each.

>>> import minitorch as torch
>>> positive.check(torch.tensor([1.0, 0.0, -1.0]))
tensor([ True, False, False])
"""

from __future__ import annotations

from typing import Any

from ..linalg import cholesky_ex


class Constraint:
    """A set of numbers, or of vectors: the last `event_dim` dims belong together."""

    is_discrete = False
    event_dim = 0

    def check(self, value: Any) -> Any:
        """A bool for each number (each vector, …): is it in the set?"""
        raise NotImplementedError

    def __repr__(self) -> str:
        return self.__class__.__name__.lstrip("_") + "()"


class _Dependent(Constraint):
    """Not known before there is an instance."""

    def check(self, value: Any) -> Any:
        raise ValueError("Cannot determine validity of dependent constraint")


class _Real(Constraint):
    def check(self, value: Any) -> Any:
        return value == value  # not nan


class _Boolean(Constraint):
    is_discrete = True

    def check(self, value: Any) -> Any:
        return (value == 0) | (value == 1)


class greater_than(Constraint):
    """Above a bound."""

    def __init__(self, lower_bound: Any) -> None:
        self.lower_bound = lower_bound

    def check(self, value: Any) -> Any:
        return value > self.lower_bound

    def __repr__(self) -> str:
        return f"GreaterThan(lower_bound={self.lower_bound})"


class less_than(Constraint):
    """Below a bound."""

    def __init__(self, upper_bound: Any) -> None:
        self.upper_bound = upper_bound

    def check(self, value: Any) -> Any:
        return value < self.upper_bound

    def __repr__(self) -> str:
        return f"LessThan(upper_bound={self.upper_bound})"


class interval(Constraint):
    """Between two bounds, which count."""

    def __init__(self, lower_bound: Any, upper_bound: Any) -> None:
        self.lower_bound = lower_bound
        self.upper_bound = upper_bound

    def check(self, value: Any) -> Any:
        return (value >= self.lower_bound) & (value <= self.upper_bound)

    def __repr__(self) -> str:
        return f"Interval(lower_bound={self.lower_bound}, upper_bound={self.upper_bound})"


class integer_interval(Constraint):
    """Integers between two bounds, which count."""

    is_discrete = True

    def __init__(self, lower_bound: int, upper_bound: int) -> None:
        self.lower_bound = lower_bound
        self.upper_bound = upper_bound

    def check(self, value: Any) -> Any:
        inside = (value >= self.lower_bound) & (value <= self.upper_bound)
        return (value % 1 == 0) & inside

    def __repr__(self) -> str:
        return f"IntegerInterval(lower_bound={self.lower_bound}, upper_bound={self.upper_bound})"


class _Simplex(Constraint):
    """Probabilities: at least 0, with the sum 1."""

    event_dim = 1

    def check(self, value: Any) -> Any:
        return (value >= 0).all(-1) & ((value.sum(-1) - 1).abs() < 1e-6)


class _Square(Constraint):
    event_dim = 2


class _LowerCholesky(_Square):
    """Lower triangular, with a positive diagonal."""

    def check(self, value: Any) -> Any:
        lower = (value.tril() == value).flatten(-2).all(-1)
        return lower & (value.diagonal(dim1=-2, dim2=-1) > 0).all(-1)


class _PositiveDefinite(_Square):
    def check(self, value: Any) -> Any:
        symmetric = ((value - value.mT).abs() <= 1e-6 + 1e-5 * value.abs()).all(-1).all(-1)
        if not symmetric.all():
            return symmetric
        return cholesky_ex(value).info == 0


class independent(Constraint):
    """A constraint on vectors (…) all of whose numbers satisfy one."""

    def __init__(self, base_constraint: Constraint, reinterpreted_batch_ndims: int) -> None:
        self.base_constraint = base_constraint
        self.reinterpreted_batch_ndims = reinterpreted_batch_ndims
        self.is_discrete = base_constraint.is_discrete
        self.event_dim = base_constraint.event_dim + reinterpreted_batch_ndims

    def check(self, value: Any) -> Any:
        good = self.base_constraint.check(value)
        n = self.reinterpreted_batch_ndims
        return good.flatten(-n).all(-1) if n else good

    def __repr__(self) -> str:
        return f"IndependentConstraint({self.base_constraint!r}, {self.reinterpreted_batch_ndims})"


dependent = _Dependent()
real = _Real()
boolean = _Boolean()
positive = greater_than(0.0)
unit_interval = interval(0.0, 1.0)
simplex = _Simplex()
real_vector = independent(real, 1)
lower_cholesky = _LowerCholesky()
positive_definite = _PositiveDefinite()
