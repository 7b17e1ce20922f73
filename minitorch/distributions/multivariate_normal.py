"""MultivariateNormal: the bell curve over vectors, with correlations."""

from __future__ import annotations

import math
from functools import cached_property
from typing import Any

from ..linalg import cholesky, inv, solve_triangular
from ..ops.create import ones, zeros
from ..ops.sample import normal
from ..size import Size, broadcast_shapes
from . import constraints
from .distribution import Distribution


class MultivariateNormal(Distribution):
    """log p(x) = −½·(D·log 2π + M) − log det L,   M = ‖L⁻¹·(x − μ)‖²,   Σ = L·Lᵀ           (1)

    Args:
        loc                μ, (…, D)
        covariance_matrix  Σ, (…, D, D); or
        precision_matrix   Σ⁻¹; or
        scale_tril         L, lower triangular with a positive diagonal
    """

    arg_constraints = {
        "loc": constraints.real_vector,
        "covariance_matrix": constraints.positive_definite,
        "precision_matrix": constraints.positive_definite,
        "scale_tril": constraints.lower_cholesky,
    }
    support = constraints.real_vector
    has_rsample = True

    def __init__(
        self,
        loc: Any,
        covariance_matrix: Any = None,
        precision_matrix: Any = None,
        scale_tril: Any = None,
        validate_args: bool | None = None,
    ) -> None:
        if loc.dim() < 1:
            raise ValueError("loc must be at least one-dimensional.")
        given = {
            "covariance_matrix": covariance_matrix,
            "precision_matrix": precision_matrix,
            "scale_tril": scale_tril,
        }
        given = {name: m for name, m in given.items() if m is not None}
        if len(given) != 1:
            raise ValueError(
                "Exactly one of covariance_matrix or precision_matrix or scale_tril may be "
                "specified."
            )
        ((name, matrix),) = given.items()
        if matrix.dim() < 2:
            raise ValueError(
                f"{name} must be at least two-dimensional, with optional leading batch dimensions"
            )
        batch, event = broadcast_shapes(matrix.shape[:-2], loc.shape[:-1]), loc.shape[-1:]
        self.loc = loc.expand((*batch, -1))
        self.__dict__[name] = matrix.expand((*batch, -1, -1))
        super().__init__(batch, event, validate_args=validate_args)
        if name == "scale_tril":
            self._L = matrix
        elif name == "covariance_matrix":
            self._L = cholesky(matrix)
        else:
            self._L = cholesky(inv(matrix))

    @cached_property
    def scale_tril(self) -> Any:
        """L"""
        return self._L.expand((*self._batch_shape, *self._event_shape, *self._event_shape))

    @cached_property
    def covariance_matrix(self) -> Any:
        """Σ"""
        return (self._L @ self._L.mT).expand(
            (*self._batch_shape, *self._event_shape, *self._event_shape)
        )

    @cached_property
    def precision_matrix(self) -> Any:
        """Σ⁻¹"""
        return inv(self._L @ self._L.mT).expand(
            (*self._batch_shape, *self._event_shape, *self._event_shape)
        )

    @property
    def mean(self) -> Any:
        """μ"""
        return self.loc

    @property
    def mode(self) -> Any:
        """μ"""
        return self.loc

    @property
    def variance(self) -> Any:
        """The diagonal of Σ."""
        return self._L.pow(2).sum(-1).expand((*self._batch_shape, *self._event_shape))

    def expand(self, batch_shape: Any, _instance: Any = None) -> Any:
        names = ("covariance_matrix", "scale_tril", "precision_matrix")
        matrix = Size((*batch_shape, *self._event_shape, *self._event_shape))
        given = {n: self.__dict__[n].expand(matrix) for n in names if n in self.__dict__}
        loc = self.loc.expand((*batch_shape, *self._event_shape))
        return self._expanded(batch_shape, _instance, loc=loc, _L=self._L, **given)

    def rsample(self, sample_shape: Any = ()) -> Any:
        """μ + L·ε with ε standard normal."""
        shape, dtype = self._extended_shape(sample_shape), self.loc.dtype
        eps = normal(zeros(shape, dtype=dtype), ones(shape, dtype=dtype))
        return self.loc + (self._L @ eps.unsqueeze(-1)).squeeze(-1)

    def log_prob(self, value: Any) -> Any:
        self._check_value(value)
        D = self._event_shape[0]
        M = whitened(self._L, value - self.loc).pow(2).sum(-1)
        return -0.5 * (D * math.log(2 * math.pi) + M) - half_log_det(self._L)  # (1)

    def entropy(self) -> Any:
        """½·D·(1 + log 2π) + log det L"""
        D = self._event_shape[0]
        H = 0.5 * D * (1.0 + math.log(2 * math.pi)) + half_log_det(self._L)
        return H.expand(self._batch_shape)


def whitened(L: Any, x: Any) -> Any:
    """L⁻¹·x for each vector x."""
    return solve_triangular(L, x.unsqueeze(-1), upper=False).squeeze(-1)


def half_log_det(L: Any) -> Any:
    """log det L = ½·log det Σ, for a triangular L."""
    return L.diagonal(dim1=-2, dim2=-1).log().sum(-1)
