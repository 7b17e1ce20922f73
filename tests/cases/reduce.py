"""Reductions and running results along dims."""

from __future__ import annotations

import math

from .spec import Table, b, f, i

case = CASES = Table()
NAN, INF = math.nan, math.inf
ROWS = [[1.0, NAN, 3.0], [4.0, 2.0, 0.0]]

# -- sums and means: every form of dim ------------------------------------------------------------

for name in ("sum", "mean", "nansum", "nanmean"):
    case(name, lambda torch, x, n=name: getattr(torch, n)(x), f(2, 3, 5))
    case(name, lambda torch, x, n=name: getattr(x, n)(1), f(2, 3, 5, layout="transposed"))
    case(name, lambda torch, x, n=name: getattr(torch, n)(x, -1, True), f(2, 3, 5))
    case(name, lambda torch, x, n=name: getattr(torch, n)(x, dim=(0, -1)), f(2, 3, 5))
    case(name, lambda torch, x, n=name: getattr(torch, n)(x, (0, 2), keepdim=True), f(2, 3, 5))
    case(name, lambda torch, x, n=name: getattr(torch, n)(x, dim=[]), f(2, 3))
    case(name, lambda torch, x, n=name: getattr(torch, n)(x, 0), f())
    case(
        name,
        lambda torch, x, n=name: [
            getattr(torch, n)(x),
            getattr(torch, n)(x, 0),
            getattr(torch, n)(x, 1),
        ],
        f(3, 0, grad=False),
        grad=False,
    )
    case(name, lambda torch, x, n=name: getattr(torch, n)(x, 0, dtype=torch.float64), f(3, 5))
    case(
        name,
        lambda torch, n=name: [
            getattr(torch, n)(torch.tensor(ROWS)),
            getattr(torch, n)(torch.tensor(ROWS), 0),
        ],
        grad=False,
    )
    case(name, lambda torch, n=name: getattr(torch, n)(torch.full((3000,), 0.1).half()), grad=False)
for name in ("sum", "nansum", "prod"):
    case(name, lambda torch, x, n=name: [getattr(torch, n)(x), getattr(torch, n)(x, 1)], i(3, 5),
         grad=False)  # fmt: skip
    case(name, lambda torch, x, n=name: [getattr(torch, n)(x), getattr(torch, n)(x, 1)], b(3, 5),
         grad=False)  # fmt: skip
    case(name, lambda torch, x, n=name: getattr(torch, n)(x.to(torch.uint8), 0),
         i(3, 5), grad=False)  # fmt: skip
    case(name, lambda torch, x, n=name: getattr(torch, n)(x, dtype=torch.int32),
         i(3, 5), grad=False)  # fmt: skip
case("mean", lambda torch, x: torch.mean(x, dtype=torch.float32), i(3, 5), grad=False)
case("nansum", lambda torch, x: torch.nansum(x / torch.tensor([0.0, 1.0], dtype=x.dtype) * 0, 1),
     f(3, 2), numeric=False, note="NaN")  # fmt: skip
case("sum", lambda torch, x: torch.sum(x, axis=1, keepdims=True), f(2, 3))

case("prod", lambda torch, x: torch.prod(x), f(2, 3))
case("prod", lambda torch, x: x.prod(1), f(2, 3, 5, layout="transposed"))
case("prod", lambda torch, x: torch.prod(x, 0, True), f(2, 3, 5))
case("prod", lambda torch, x: torch.prod(x * torch.tensor([0.0, 1.0, 1.0], dtype=x.dtype)), f(3))
case("prod", lambda torch, x: torch.prod(x * torch.tensor([0.0, 1.0, 0.0], dtype=x.dtype), -1),
     f(2, 3))  # fmt: skip
case("prod", lambda torch, x: torch.prod(x, 0), f())
case("prod", lambda torch, x: [torch.prod(x), torch.prod(x, 0)], f(0, 3))

# -- variance -------------------------------------------------------------------------------------

for name in ("var", "std", "var_mean", "std_mean"):
    case(name, lambda torch, x, n=name: getattr(torch, n)(x), f(2, 3, 5))
    case(name, lambda torch, x, n=name: getattr(torch, n)(x, 1), f(2, 3, 5, layout="transposed"))
    case(name, lambda torch, x, n=name: getattr(torch, n)(x, (0, 2), keepdim=True), f(2, 3, 5))
    case(name, lambda torch, x, n=name: getattr(torch, n)(x, dim=-1, correction=0), f(2, 3, 5))
    case(name, lambda torch, x, n=name: getattr(torch, n)(x, False), f(2, 3))
    case(name, lambda torch, x, n=name: getattr(torch, n)(x, 0, False, True), f(2, 3))
    case(name, lambda torch, x, n=name: getattr(torch, n)(x, unbiased=True), f(2, 3))
    case(name, lambda torch, x, n=name: getattr(torch, n)(x, correction=2), f(5))
    case(name, lambda torch, x, n=name: getattr(torch, n)(x, correction=3),
         f(2, grad=False), grad=False)  # fmt: skip
    case(name, lambda torch, x, n=name: getattr(torch, n)(x), f(grad=False), grad=False)
case("std", lambda torch, x: torch.std(x - x, 0), f(2, 3), numeric=False, note="σ = 0")

# -- logsumexp, counts, truth ---------------------------------------------------------------------

case("logsumexp", lambda torch, x: torch.logsumexp(x, 1), f(2, 3, 5, low=-9, high=9))
case("logsumexp", lambda torch, x: x.logsumexp((0, -1), keepdim=True), f(2, 3, 5))
case("logsumexp", lambda torch, x: torch.logsumexp(x, 0), f())
case("logsumexp", lambda torch, x: torch.logsumexp(x, 0), i(3, 5), grad=False, rtol=2e-5)
case("logsumexp",
     lambda torch: torch.logsumexp(torch.tensor([[-INF, -INF], [INF, 1.0], [1e4, 1e4]]), 1),
     grad=False)  # fmt: skip
case("logsumexp", lambda torch, x: torch.logsumexp(x, 0), f(0, 3), grad=False)
case("count_nonzero", lambda torch, x: [torch.count_nonzero(x), x.count_nonzero(0),
                                        torch.count_nonzero(x, dim=(0, 1))],
     i(3, 5, low=-1, high=2), grad=False)  # fmt: skip
case("count_nonzero", lambda torch: torch.count_nonzero(torch.tensor([NAN, 0.0, INF])), grad=False)
for name in ("all", "any"):
    case(
        name,
        lambda torch, x, n=name: [
            getattr(torch, n)(x),
            getattr(x, n)(0),
            getattr(torch, n)(x, -1, keepdim=True),
            getattr(torch, n)(x, dim=(0, 1)),
        ],
        b(3, 5),
        grad=False,
    )
    case(name, lambda torch, x, n=name: getattr(torch, n)(x, 0), i(3, 5, low=0, high=2), grad=False)
    case(name, lambda torch, x, n=name: getattr(torch, n)(x.to(torch.uint8)), i(3, 5), grad=False)
    case(name, lambda torch, x, n=name: [getattr(torch, n)(x), getattr(torch, n)(x, 0)],
         f(0, 3, grad=False), grad=False)  # fmt: skip

# -- max, min and where they are ------------------------------------------------------------------

for name in ("max", "min"):
    case(name, lambda torch, x, n=name: getattr(torch, n)(x), f(2, 3, 5, distinct=True))
    case(name, lambda torch, x, n=name: getattr(x, n)(1), f(2, 3, 5, distinct=True))
    case(name, lambda torch, x, n=name: getattr(torch, n)(x, -1, True),
         f(2, 3, 5, distinct=True, layout="transposed"))  # fmt: skip
    case(name, lambda torch, x, n=name: getattr(torch, n)(x, dim=0, keepdim=True).values,
         f(3, 5, distinct=True))  # fmt: skip
    case(name, lambda torch, x, y, n=name: getattr(torch, n)(x, y), f(3, 5), f(5))
    case(name, lambda torch, x, n=name: getattr(torch, n)(x, 0), f())
    case(name, lambda torch, x, n=name: getattr(torch, n)(x.round()), f(3, 5), numeric=False,
         note="round's gradient is 0")  # fmt: skip
    case(name, lambda torch, x, n=name: getattr(torch, n)(x - x.detach() + 1), f(5), numeric=False,
         note="ties share the gradient")  # fmt: skip
    case(name, lambda torch, x, n=name: getattr(torch, n)(x - x.detach() + 1, 0), f(5, 2),
         numeric=False, note="ties: the first")  # fmt: skip
    case(name, lambda torch, x, n=name: [getattr(torch, n)(x), getattr(torch, n)(x, 1)],
         i(3, 5, low=0, high=3), grad=False)  # fmt: skip
    case(name, lambda torch, x, n=name: [getattr(torch, n)(x), getattr(torch, n)(x, 1)], b(3, 5),
         grad=False)  # fmt: skip
    case(
        name,
        lambda torch, n=name: [
            getattr(torch, n)(torch.tensor(ROWS)),
            getattr(torch, n)(torch.tensor(ROWS), 1),
        ],
        grad=False,
    )
    case(name, lambda torch, x, n=name: getattr(torch, n)(x, 0), f(3, 0, grad=False), grad=False)
for name in ("amax", "amin"):
    case(name, lambda torch, x, n=name: getattr(torch, n)(x), f(2, 3, 5, distinct=True))
    case(name, lambda torch, x, n=name: getattr(x, n)((0, -1)), f(2, 3, 5, distinct=True))
    case(name, lambda torch, x, n=name: getattr(torch, n)(x, 1, keepdim=True),
         f(2, 3, 5, distinct=True))  # fmt: skip
    case(name, lambda torch, x, n=name: getattr(torch, n)(x - x.detach() + 1, 0), f(5, 2),
         numeric=False, note="ties share the gradient")  # fmt: skip
    case(name, lambda torch, x, n=name: getattr(torch, n)(x, 0), i(3, 5), grad=False)
    case(name, lambda torch, n=name: getattr(torch, n)(torch.tensor(ROWS), 1), grad=False)
case("aminmax", lambda torch, x: torch.aminmax(x), f(2, 3, 5, distinct=True))
case("aminmax", lambda torch, x: torch.aminmax(x, dim=1, keepdim=True), f(2, 3, 5, distinct=True))
case("aminmax", lambda torch, x: x.aminmax(dim=0).max, f(3, 5, distinct=True))
for name in ("argmax", "argmin"):
    case(name, lambda torch, x, n=name: [getattr(torch, n)(x), getattr(x, n)(1),
                                         getattr(torch, n)(x, dim=-1, keepdim=True),
                                         getattr(torch, n)(x, keepdim=True)],
         f(2, 3, 5, grad=False), grad=False)  # fmt: skip
    case(name, lambda torch, x, n=name: getattr(torch, n)(x, 0), i(5, 3, low=0, high=3), grad=False)
    case(name, lambda torch, n=name: getattr(torch, n)(torch.tensor(ROWS), 1), grad=False)
    case(name, lambda torch, x, n=name: [getattr(torch, n)(x), getattr(torch, n)(x, 0)],
         f(grad=False), grad=False)  # fmt: skip

# -- median, mode ---------------------------------------------------------------------------------

for name in ("median", "nanmedian"):
    case(name, lambda torch, x, n=name: getattr(torch, n)(x), f(2, 3, distinct=True))
    case(name, lambda torch, x, n=name: getattr(x, n)(1), f(2, 3, 5, distinct=True))
    case(name, lambda torch, x, n=name: getattr(torch, n)(x, dim=0, keepdim=True),
         f(2, 3, distinct=True))  # fmt: skip
    case(name, lambda torch, x, n=name: getattr(torch, n)(x), i(3, 5), grad=False)
    case(
        name,
        lambda torch, n=name: [
            getattr(torch, n)(torch.tensor(ROWS)),
            getattr(torch, n)(torch.tensor(ROWS), 1),
        ],
        grad=False,
    )
    case(name, lambda torch, x, n=name: getattr(torch, n)(x), f(0, grad=False), grad=False)
case("mode", lambda torch, x: torch.mode(x), i(3, 7, low=0, high=3), grad=False)
case("mode", lambda torch, x: torch.mode(x, 0, True), i(7, 3, low=0, high=3), grad=False)
case("mode", lambda torch, x: x.mode(), f(2, 3, distinct=True))

# -- norms ----------------------------------------------------------------------------------------

case("norm", lambda torch, x: torch.norm(x), f(2, 3, 5))
case("norm", lambda torch, x: x.norm(dim=1), f(2, 3, 5, layout="transposed"))
for p in (0, 0.5, 1, 2, 2.5, 3, INF, -INF, "fro"):
    case("norm", lambda torch, x, p=p: torch.norm(x, p, dim=-1, keepdim=True),
         f(3, 5, low=0.3, distinct=True))  # fmt: skip
case("norm", lambda torch, x: x.norm(1), f(3, 5))
case("norm", lambda torch, x: x.norm(p=2, dim=(0, 2)), f(2, 3, 5))
case("norm", lambda torch, x: torch.norm(x, "nuc"), f(3, 5))
for p in (1, 2, 3, INF):
    case("norm", lambda torch, x, p=p: torch.norm(x * 0, p), f(3), numeric=False, note="at 0")
case("norm", lambda torch, x: torch.norm(x, 2, dtype=torch.float64), f(3, 5))
case("norm", lambda torch, x: torch.norm(x), f(0), grad=False)
case("linalg_norm", lambda torch, x: torch.linalg.norm(x), f(2, 3, 5))
for p in ("fro", "nuc", 1, -1, 2, -2, INF, -INF):
    case("linalg_matrix_norm", lambda torch, x, p=p: torch.linalg.matrix_norm(x, p), f(2, 3, 5))
    case("linalg_norm", lambda torch, x, p=p: torch.linalg.norm(x, p, dim=(0, 1), keepdim=True),
         f(3, 5, 2))  # fmt: skip
for p in (0, 1, 2, 3.5, INF, -INF, -1):
    case("linalg_vector_norm", lambda torch, x, p=p: torch.linalg.vector_norm(x, p, dim=(0, -1)),
         f(2, 3, 5, low=0.5, high=2))  # fmt: skip
for p in (1, 2, 3, INF):
    case("dist", lambda torch, x, y, p=p: torch.dist(x, y, p), f(3, 5), f(5))

# -- running results ------------------------------------------------------------------------------

for name in ("cumsum", "cumprod", "logcumsumexp", "cummax", "cummin"):
    case(name, lambda torch, x, n=name: getattr(torch, n)(x, 0), f(3, 5, distinct=True))
    case(name, lambda torch, x, n=name: getattr(x, n)(-1),
         f(2, 3, 5, distinct=True, layout="transposed"))  # fmt: skip
    case(name, lambda torch, x, n=name: getattr(torch, n)(x, 0), f())
    case(name, lambda torch, x, n=name: getattr(torch, n)(x, 1), f(3, 0))
    case(name, lambda torch, n=name: getattr(torch, n)(torch.tensor(ROWS), 1), grad=False)
for name in ("cumsum", "cumprod"):
    case(name, lambda torch, x, n=name: getattr(torch, n)(x, 1), i(3, 5), grad=False)
    case(name, lambda torch, x, n=name: getattr(torch, n)(x, 1), b(3, 5), grad=False)
    case(name, lambda torch, x, n=name: getattr(torch, n)(x, 0, dtype=torch.float32),
         i(3, 5), grad=False)  # fmt: skip
    case(name, lambda torch, x, n=name: getattr(x.clone(), n + "_")(0), f(3, 5))
case("cumprod",
     lambda torch, x: torch.cumprod(x * torch.tensor([1.0, 0.0, 1.0, 0.0], dtype=x.dtype), 1),
     f(3, 4))  # fmt: skip
case("cummax", lambda torch, x: torch.cummax(x, 0), i(7, low=0, high=3), grad=False)
case("cummin", lambda torch, x: torch.cummin(x, 1), i(3, 7, low=0, high=3), grad=False)
case("logcumsumexp", lambda torch: torch.logcumsumexp(torch.tensor([-INF, -INF, 1.0, 1e4, INF]), 0),
     grad=False)  # fmt: skip
case("diff", lambda torch, x: torch.diff(x), f(3, 5))
case("diff", lambda torch, x: x.diff(n=2, dim=0), f(5, 3))
case("diff", lambda torch, x: torch.diff(x, 7), f(3, 5))
case("diff", lambda torch, x: torch.diff(x, 0), f(3, 5))
case("diff", lambda torch, x, y, z: torch.diff(x, 2, 1, y, append=z), f(3, 5), f(3, 2), f(3, 1))
case("diff", lambda torch, x: torch.diff(x), i(3, 5), grad=False)
case("diff", lambda torch, x: torch.diff(x), b(3, 5), grad=False)
