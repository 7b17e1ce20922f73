"""Distributions: densities, entropies, divergences, and samples from the same random stream."""

from __future__ import annotations

from typing import Any

from .spec import Table, f, i

case = CASES = Table()


def _normal(torch: Any, m: Any, s: Any) -> Any:
    return torch.distributions.Normal(m, s)


def _uniform(torch: Any, low: Any, width: Any) -> Any:
    return torch.distributions.Uniform(low, low + width)


def _bernoulli(torch: Any, p: Any) -> Any:
    return torch.distributions.Bernoulli(p)


def _bernoulli_of_logits(torch: Any, x: Any) -> Any:
    return torch.distributions.Bernoulli(logits=x)


def _categorical(torch: Any, p: Any) -> Any:
    return torch.distributions.Categorical(p)


def _categorical_of_logits(torch: Any, x: Any) -> Any:
    return torch.distributions.Categorical(logits=x)


def _covariance(torch: Any, a: Any) -> Any:
    """A positive definite matrix from any (…, D, D)."""
    return a @ a.mT + torch.eye(a.shape[-1], dtype=a.dtype)


def _triangle(torch: Any, a: Any) -> Any:
    """A lower triangular matrix with a positive diagonal."""
    return a.tril(-1) + torch.eye(a.shape[-1], dtype=a.dtype) * (1 + a * a)


def _by_covariance(torch: Any, m: Any, a: Any) -> Any:
    return torch.distributions.MultivariateNormal(m, _covariance(torch, a))


def _by_precision(torch: Any, m: Any, a: Any) -> Any:
    M = torch.distributions.MultivariateNormal
    return M(m, precision_matrix=_covariance(torch, a))


def _by_triangle(torch: Any, m: Any, a: Any) -> Any:
    return torch.distributions.MultivariateNormal(m, scale_tril=_triangle(torch, a))


def _independent(torch: Any, m: Any, s: Any) -> Any:
    return torch.distributions.Independent(torch.distributions.Normal(m, s), 1)


def _drawn(torch: Any, d: Any, how: str, shape: Any) -> Any:
    torch.manual_seed(3)
    return getattr(d, how)(shape)


_POSITIVE, _PROBABILITY = {"low": 0.3, "high": 2.0}, {"low": 0.1, "high": 0.9}
CONTINUOUS = {  # name: (how it is made, its inputs, a value inside it)
    "Normal": (_normal, (f(2, 3), f(3, **_POSITIVE)), f(2, 3)),
    "Uniform": (_uniform, (f(2, 3, low=-1, high=0), f(3, low=1.5)), f(2, 3, low=0, high=0.4)),
    "MultivariateNormal": (_by_covariance, (f(2, 3), f(3, 3)), f(2, 3)),
    "MultivariateNormal precision": (_by_precision, (f(3), f(2, 3, 3)), f(2, 3)),
    "MultivariateNormal tril": (_by_triangle, (f(3), f(3, 3)), f(5, 2, 3)),
    "Independent": (_independent, (f(2, 3), f(2, 3, **_POSITIVE)), f(2, 3)),
}
for name, (make, inputs, value) in CONTINUOUS.items():
    case(name, lambda torch, x, *a, d=make: d(torch, *a).log_prob(x), value, *inputs)
    case(name, lambda torch, *a, d=make: d(torch, *a).entropy(), *inputs)
    case(name, lambda torch, *a, d=make: d(torch, *a).mean, *inputs)
    case(name, lambda torch, *a, d=make: d(torch, *a).variance, *inputs)
    case(name, lambda torch, *a, d=make: _drawn(torch, d(torch, *a), "rsample", (5,)), *inputs)
    case(
        name,
        lambda torch, *a, d=make: _drawn(torch, d(torch, *a), "sample", (2, 5)),
        *inputs,
        grad=False,
    )
for name in ("Normal", "Uniform"):
    make, inputs, value = CONTINUOUS[name]
    case(name, lambda torch, x, *a, d=make: d(torch, *a).cdf(x), value, *inputs)
    case(name, lambda torch, x, *a, d=make: d(torch, *a).icdf(x), f(2, 3, **_PROBABILITY), *inputs)
    case(name, lambda torch, *a, d=make: d(torch, *a).stddev, *inputs)
_M = "MultivariateNormal"
for attribute in ("covariance_matrix", "precision_matrix", "scale_tril"):
    for make in (_by_covariance, _by_precision, _by_triangle):
        case(
            _M,
            lambda torch, m, a, d=make, n=attribute: getattr(d(torch, m, a), n),
            f(3, grad=False),
            f(3, 3),
        )

DISCRETE = {
    "Bernoulli": (_bernoulli, f(2, 3, **_PROBABILITY), (5, 2, 3), 2),
    "Bernoulli logits": (_bernoulli_of_logits, f(2, 3), (2, 3), 2),
    "Categorical": (_categorical, f(2, 3, **_POSITIVE), (5, 2), 3),
    "Categorical logits": (_categorical_of_logits, f(2, 3), (2,), 3),
}
for name, (make, given, shape, outcomes) in DISCRETE.items():
    case(
        name,
        lambda torch, x, p, d=make: d(torch, p).log_prob(x.to(p.dtype)),
        i(*shape, low=0, high=outcomes),
        given,
    )
    case(name, lambda torch, p, d=make: d(torch, p).entropy(), given)
    case(name, lambda torch, p, d=make: (d(torch, p).probs, d(torch, p).logits), given)
    case(
        name,
        lambda torch, p, d=make: _drawn(torch, d(torch, p), "sample", (7,)),
        given,
        grad=False,
    )
for name in ("Bernoulli", "Bernoulli logits"):
    case(name, lambda torch, p, d=DISCRETE[name][0]: d(torch, p).variance, DISCRETE[name][1])


def _kl(make: Any, n: int) -> Any:
    """KL of two distributions, the first half of the inputs for p, the second for q."""
    return lambda torch, *a: torch.distributions.kl_divergence(
        make(torch, *a[:n]), make(torch, *a[n:])
    )


for make, inputs in (
    (_normal, CONTINUOUS["Normal"][1]),
    (_by_covariance, CONTINUOUS[_M][1]),
    (_by_triangle, (f(5, 3), f(5, 3, 3))),
    (_independent, CONTINUOUS["Independent"][1]),
    (_bernoulli, (f(2, 3, **_PROBABILITY),)),
    (_categorical, (f(2, 3, **_POSITIVE),)),
):
    case("kl_divergence", _kl(make, len(inputs)), *inputs, *inputs)
case(
    "kl_divergence",
    lambda torch, low, width: torch.distributions.kl_divergence(
        _uniform(torch, low, width), _uniform(torch, low - 1, width + 2)
    ),
    f(3, low=-1, high=0),
    f(3, low=1, high=2),
)
case(  # zeros and infinities
    "kl_divergence",
    lambda torch: [
        torch.distributions.kl_divergence(_bernoulli(torch, p), _bernoulli(torch, q))
        for p in torch.tensor([0.0, 0.5, 1.0], dtype=torch.float64)
        for q in torch.tensor([0.0, 0.25, 1.0], dtype=torch.float64)
    ],
    grad=False,
)
