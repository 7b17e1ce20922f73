"""Kullback-Leibler divergence: how much is lost when samples of p are taken for samples of q.

    KL(p‖q) = E_p[log p(x) − log q(x)]                                                        (1)

`kl_divergence` looks up the formula of the two classes; `register_kl` adds one.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from ..ops.activation import softplus
from .bernoulli import Bernoulli
from .categorical import Categorical
from .independent import Independent
from .multivariate_normal import MultivariateNormal, half_log_det, whitened
from .normal import Normal
from .uniform import Uniform

_FORMULAS: dict[tuple[type, type], Callable[..., Any]] = {}


def register_kl(type_p: type, type_q: type) -> Callable[..., Any]:
    """Decorator: this function (p, q) → KL is for these two classes and their subclasses."""
    for kind in (type_p, type_q):
        if not isinstance(kind, type):
            raise TypeError(f"Expected a Distribution subclass but got {kind}")

    def add(function: Callable[..., Any]) -> Callable[..., Any]:
        _FORMULAS[type_p, type_q] = function
        return function

    return add


def kl_divergence(p: Any, q: Any) -> Any:
    """KL(p‖q), (1) of this file, for each distribution of the batch.

    Raises: NotImplementedError where no formula is registered for the two classes.

    >>> import minitorch as torch
    >>> kl_divergence(torch.distributions.Normal(0.0, 1.0), torch.distributions.Normal(1.0, 1.0))
    tensor(0.5000)
    """
    for kind_p in type(p).__mro__:  # the nearest ancestors first
        for kind_q in type(q).__mro__:
            if (kind_p, kind_q) in _FORMULAS:
                return _FORMULAS[kind_p, kind_q](p, q)
    raise NotImplementedError(
        f"No KL(p || q) is implemented for p type {type(p).__name__} and q type {type(q).__name__}"
    )


@register_kl(Normal, Normal)
def _kl_normal(p: Any, q: Any) -> Any:
    ratio = (p.scale / q.scale).pow(2)
    return 0.5 * (ratio + ((p.loc - q.loc) / q.scale).pow(2) - 1 - ratio.log())


@register_kl(Bernoulli, Bernoulli)
def _kl_bernoulli(p: Any, q: Any) -> Any:
    one = p.probs * (softplus(-q.logits) - softplus(-p.logits))
    one = one.masked_fill(q.probs == 0, math.inf).masked_fill(p.probs == 0, 0)
    zero = (1 - p.probs) * (softplus(q.logits) - softplus(p.logits))
    zero = zero.masked_fill(q.probs == 1, math.inf).masked_fill(p.probs == 1, 0)
    return one + zero


@register_kl(Categorical, Categorical)
def _kl_categorical(p: Any, q: Any) -> Any:
    t = p.probs * (p.logits - q.logits)
    return t.masked_fill(q.probs == 0, math.inf).masked_fill(p.probs == 0, 0).sum(-1)


@register_kl(Uniform, Uniform)
def _kl_uniform(p: Any, q: Any) -> Any:
    outside = (q.low > p.low) | (q.high < p.high)
    return ((q.high - q.low) / (p.high - p.low)).log().masked_fill(outside, math.inf)


@register_kl(MultivariateNormal, MultivariateNormal)
def _kl_multivariate_normal(p: Any, q: Any) -> Any:
    if p.event_shape != q.event_shape:
        raise ValueError(
            "KL-divergence between two Multivariate Normals with different event shapes cannot be "
            "computed"
        )
    D = p.event_shape[0]
    # trace(Σ_q⁻¹·Σ_p) = ‖L_q⁻¹·L_p‖²: each column of L_p is whitened by q
    trace = whitened(q._L.unsqueeze(-3), p._L.mT).pow(2).sum((-2, -1))
    apart = whitened(q._L, q.loc - p.loc).pow(2).sum(-1)
    return half_log_det(q._L) - half_log_det(p._L) + 0.5 * (trace + apart - D)


@register_kl(Independent, Independent)
def _kl_independent(p: Any, q: Any) -> Any:
    if p.reinterpreted_batch_ndims != q.reinterpreted_batch_ndims:
        raise NotImplementedError
    return p._add_up(kl_divergence(p.base_dist, q.base_dist))
