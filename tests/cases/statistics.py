"""Statistics and calculus on samples: cov, corrcoef, trapezoid, gradient, histogram, renorm."""

from __future__ import annotations

from .spec import Table, f, i

case = CASES = Table()

# -- cov, corrcoef
case("cov", lambda torch, x: torch.cov(x), f(3, 5))
case("cov", lambda torch, x: x.cov(correction=0), f(5))
case("cov", lambda torch, x: torch.cov(x), i(2, 5), grad=False)
case("cov", lambda torch, x, a: torch.cov(x, aweights=a), f(2, 5), f(5, low=0.5))
case("cov", lambda torch, x, n: torch.cov(x, fweights=n, correction=2), f(3, 5, layout="transposed"),
     i(5, low=1, high=4))  # fmt: skip
case("cov", lambda torch, x, n, a: torch.cov(x, fweights=n, aweights=a), f(3, 5),
     i(5, low=1, high=4), f(5, low=0.5))  # fmt: skip
case("corrcoef", lambda torch, x: torch.corrcoef(x), f(3, 5))
case("corrcoef", lambda torch, x: x.corrcoef(), f(2, 7, layout="strided"))
case("corrcoef", lambda torch, x: torch.corrcoef(x), f(5), numeric=False,
     note="a number divided by itself")  # fmt: skip

# -- areas
for kw in ({}, {"dx": 0.5}, {"dx": 2, "dim": 0}, {"dim": -2}):
    case("trapezoid", lambda torch, y, kw=kw: torch.trapezoid(y, **kw), f(3, 5))
    case("cumulative_trapezoid", lambda torch, y, kw=kw: torch.cumulative_trapezoid(y, **kw),
         f(3, 5))  # fmt: skip
case("trapezoid", lambda torch, y, x: torch.trapezoid(y, x), f(3, 5), f(5))
case("trapezoid", lambda torch, y, x: torch.trapz(y, x, dim=1), f(2, 3, 5), f(3))
case("trapezoid", lambda torch, y, x: torch.trapezoid(y, x), f(2, 3, 5), f(3, 5))
case("trapezoid", lambda torch, y: torch.trapezoid(y), i(2, 5), grad=False)
case("trapezoid", lambda torch, y: torch.trapezoid(y), f(3, 0))
case("cumulative_trapezoid", lambda torch, y, x: torch.cumulative_trapezoid(y, x), f(3, 5), f(5))
case("cumulative_trapezoid", lambda torch, y, x: torch.cumulative_trapezoid(y, x, dim=0),
     f(3, 5), f(3, 5))  # fmt: skip

# -- slopes
for edge in (1, 2):
    case("gradient", lambda torch, x, e=edge: torch.gradient(x, edge_order=e), f(5, 7))
    case("gradient", lambda torch, x, e=edge: torch.gradient(x, spacing=0.5, dim=1, edge_order=e),
         f(2, 5, 3))  # fmt: skip
    case("gradient",
         lambda torch, x, e=edge: torch.gradient(
             x, spacing=(torch.tensor([0.0, 1.0, 3.0, 4.5, 5.0], dtype=torch.float64).to(x.dtype),),
             dim=0, edge_order=e),
         f(5, 3))  # fmt: skip
case("gradient", lambda torch, x: torch.gradient(x, spacing=[2.0, 0.5]), f(3, 5))
case("gradient", lambda torch, x: torch.gradient(x), i(5), grad=False)
case("gradient", lambda torch, x: torch.gradient(x, dim=(1, 0)), f(2, 3, layout="transposed"))

# -- bins
case("histogram", lambda torch, x: torch.histogram(x, 5), f(3, 7), grad=False)
case("histogram", lambda torch, x: x.histogram(bins=3, range=(-1.0, 1.0), density=True), f(3, 7),
     grad=False)  # fmt: skip
case("histogram", lambda torch, x, w: torch.histogram(x, 4, weight=w), f(3, 7), f(3, 7), grad=False)
case("histogram", lambda torch, x: torch.histogram(x, torch.tensor([-1.0, 0.0, 2.0]).to(x.dtype)),
     f(11), grad=False)  # fmt: skip
case("histogram", lambda torch, x: torch.histogram(x, 2), f(0), grad=False)
case("histogramdd", lambda torch, x: torch.histogramdd(x, bins=[3, 2]), f(11, 2), grad=False)
case("histogramdd",
     lambda torch, x, w: torch.histogramdd(x, bins=2, range=(-1.0, 1.0, -2.0, 2.0), weight=w,
                                           density=True),
     f(11, 2), f(11, low=0.5), grad=False)  # fmt: skip

# -- renorm, sum_to_size
for p in (1, 2, 3.5, float("inf")):
    case("renorm", lambda torch, x, p=p: torch.renorm(x, p, 0, 1.5), f(3, 5))
case("renorm", lambda torch, x: x.renorm(2, -1, 0.5), f(2, 3, 5, layout="strided"))
case("renorm", lambda torch, x: torch.renorm(x, 2, 1, 100.0), f(2, 3))
case("sum_to_size", lambda torch, x: x.sum_to_size(1, 3), f(2, 3))
case("sum_to_size", lambda torch, x: x.sum_to_size((3, 1)), f(2, 3, 5))
case("sum_to_size", lambda torch, x: x.sum_to_size(3), i(2, 3), grad=False)

L = [1.0, 2.0, 3.0]
ERRORS = [
    ("cov", lambda t: t.cov(t.ones(2, 3, 5)), RuntimeError),
    ("cov", lambda t: t.cov(t.ones(2, 3, dtype=t.bool)), RuntimeError),
    ("cov", lambda t: t.cov(t.ones(2, 3), fweights=t.ones(3)), RuntimeError),
    ("cov", lambda t: t.cov(t.ones(2, 3), fweights=t.ones(2, dtype=t.int64)), RuntimeError),
    ("cov", lambda t: t.cov(t.ones(2, 3), aweights=-t.ones(3)), RuntimeError),
    ("cov", lambda t: t.cov(t.ones(2, 3), aweights=t.zeros(3)), RuntimeError),
    ("cov", lambda t: t.cov(L), TypeError),
    ("corrcoef", lambda t: t.corrcoef(t.ones(2, 3, 5)), RuntimeError),
    ("trapezoid", lambda t: t.trapezoid(t.tensor([True, False])), RuntimeError),
    ("trapezoid", lambda t: t.trapezoid(t.ones(2, 3), t.ones(2)), RuntimeError),
    ("trapezoid", lambda t: t.trapezoid(t.ones(2, 3), t.ones(3), dx=2), TypeError),
    ("trapezoid", lambda t: t.trapezoid(t.tensor(1.0)), IndexError),
    ("trapezoid", lambda t: t.trapezoid(t.ones(3), dx=True), RuntimeError),
    ("trapezoid", lambda t: t.trapezoid(t.ones(5), t.ones(3, 5)), RuntimeError),
    ("trapezoid", lambda t: t.trapezoid(L), TypeError),
    ("cumulative_trapezoid", lambda t: t.cumulative_trapezoid(t.tensor(1.0)), IndexError),
    ("gradient", lambda t: t.gradient(t.ones(2), edge_order=2), RuntimeError),
    ("gradient", lambda t: t.gradient(t.ones(5), edge_order=3), RuntimeError),
    ("gradient", lambda t: t.gradient(t.ones(2, 3), spacing=[1.0]), RuntimeError),
    ("gradient", lambda t: t.gradient(t.ones(2, 3), dim=(0, 0)), RuntimeError),
    ("gradient", lambda t: t.gradient(t.ones(2, 3), dim=2), IndexError),
    ("gradient", lambda t: t.gradient(t.ones(3), spacing="1"), TypeError),
    ("histogram", lambda t: t.histogram(t.ones(3), 0), RuntimeError),
    ("histogram", lambda t: t.histogram(t.ones(3, dtype=t.int64), 3), NotImplementedError),
    ("histogram", lambda t: t.histogram(t.ones(3), 3, range=(2.0, 1.0)), RuntimeError),
    ("histogram", lambda t: t.histogram(t.ones(3), 3, weight=t.ones(2)), RuntimeError),
    ("histogram", lambda t: t.histogram(t.ones(3), t.ones(2, 2)), RuntimeError),
    ("histogramdd", lambda t: t.histogramdd(t.ones(3), [3]), RuntimeError),
    ("histogramdd", lambda t: t.histogramdd(t.ones(3, 2), [3]), RuntimeError),
    ("renorm", lambda t: t.renorm(t.ones(3), 2, 0, 1), RuntimeError),
    ("renorm", lambda t: t.renorm(t.ones(2, 3), 0, 0, 1), RuntimeError),
    ("renorm", lambda t: t.renorm(t.ones(2, 3), 2, 0, -1), RuntimeError),
    ("renorm", lambda t: t.renorm(t.ones(2, 3), 2, 2, 1), IndexError),
    ("sum_to_size", lambda t: t.ones(2, 3).sum_to_size(2, 2), RuntimeError),
]
