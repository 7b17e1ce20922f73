"""Order, sets and bins."""

from __future__ import annotations

import math

from .spec import Table, b, f, i

case = CASES = Table()
NAN, INF = math.nan, math.inf
EDGES = [-3, 0, 0, 2]
ROWS = [[1.0, NAN, 3.0, -INF], [4.0, 2.0, INF, NAN]]

case("sort", lambda torch, x: torch.sort(x), f(3, 5, distinct=True))
case("sort", lambda torch, x: x.sort(0, True), f(5, 3, distinct=True, layout="transposed"))
case("sort", lambda torch, x: torch.sort(x, dim=1, descending=True).values,
     f(2, 3, 5, distinct=True))  # fmt: skip
case("sort", lambda torch, x: torch.sort(x), f())
case("sort", lambda torch, x: torch.sort(x), f(0, 3))
for descending in (False, True):
    case("sort", lambda torch, x, d=descending: torch.sort(x, dim=0, descending=d, stable=True),
         i(7, 3, low=0, high=3), grad=False)  # fmt: skip
    case("sort", lambda torch, x, d=descending: torch.sort(x, descending=d, stable=True), b(3, 7),
         grad=False)  # fmt: skip
    case("sort", lambda torch, d=descending: torch.sort(torch.tensor(ROWS), descending=d),
         grad=False)  # fmt: skip
    case("argsort",
         lambda torch, x, d=descending: torch.argsort(x, dim=-1, descending=d, stable=True),
         i(3, 7, low=0, high=3), grad=False)  # fmt: skip
case("argsort", lambda torch, x: x.argsort(0), f(5, 3, distinct=True, grad=False), grad=False)
case("msort", lambda torch, x: torch.msort(x), f(5, 3, distinct=True))

for largest in (True, False):
    case("topk", lambda torch, x, s=largest: torch.topk(x, 2, largest=s), f(3, 5, distinct=True))
    case("topk", lambda torch, x, s=largest: x.topk(3, 0, s),
         f(5, 3, distinct=True, layout="transposed"))  # fmt: skip
    case("topk", lambda torch, s=largest: torch.topk(torch.tensor([NAN, 1.0, INF, 3.0]), 3, 0, s),
         grad=False)  # fmt: skip
case("topk", lambda torch, x: torch.topk(x, 1), f())
case("topk", lambda torch, x: torch.topk(x, 0), f(3, 5))
case("topk", lambda torch, x: torch.topk(x, 2).values, i(3, 7), grad=False)
case("kthvalue", lambda torch, x: torch.kthvalue(x, 2), f(3, 5, distinct=True))
case("kthvalue", lambda torch, x: x.kthvalue(3, 0, True),
     f(5, 3, distinct=True, layout="transposed"))  # fmt: skip
case("kthvalue", lambda torch, x: torch.kthvalue(x, 1), f())
case("kthvalue", lambda torch, x: torch.kthvalue(x, 4).values, i(3, 7), grad=False)

for name in ("quantile", "nanquantile"):
    case(name, lambda torch, x, n=name: getattr(torch, n)(x, 0.3), f(3, 5, distinct=True))
    case(name, lambda torch, x, n=name: getattr(x, n)(0.5, dim=0, keepdim=True),
         f(5, 3, distinct=True))  # fmt: skip
    case(name, lambda torch, x, q, n=name: getattr(torch, n)(x, q, dim=-1), f(3, 5, distinct=True),
         f(2, low=0.1, high=0.9))  # fmt: skip
    case(name, lambda torch, x, q, n=name: getattr(torch, n)(x, q, keepdim=True),
         f(3, 5, distinct=True), f(2, low=0.1, high=0.9))  # fmt: skip
    for how in ("lower", "higher", "midpoint", "nearest"):
        case(name, lambda torch, x, n=name, h=how: getattr(torch, n)(x, 0.3, 1, interpolation=h),
             f(3, 5, distinct=True))  # fmt: skip
    case(name,
         lambda torch, n=name: getattr(torch, n)(torch.tensor([[1.0, NAN, 3.0], [4.0, 2.0, 0.0]]),
                                                       0.4, dim=1), grad=False)  # fmt: skip

case("unique", lambda torch, x: torch.unique(x), i(3, 5, low=0, high=4), grad=False)
case("unique", lambda torch, x: torch.unique(x, return_inverse=True, return_counts=True),
     i(3, 5, low=0, high=4), grad=False)  # fmt: skip
case("unique", lambda torch, x: x.unique(dim=0, return_inverse=True),
     i(7, 2, low=0, high=2), grad=False)  # fmt: skip
case("unique", lambda torch, x: x.unique(dim=1, return_counts=True),
     i(2, 7, low=0, high=2), grad=False)  # fmt: skip
case("unique", lambda torch: torch.unique(torch.tensor([NAN, 1.0, NAN, 1.0])), grad=False)
case("unique_consecutive", lambda torch, x: torch.unique_consecutive(x, True, True),
     b(3, 7), grad=False)  # fmt: skip
case("unique_consecutive", lambda torch, x: x.unique_consecutive(dim=0), i(7, 1, low=0, high=2),
     grad=False)  # fmt: skip
case("bincount", lambda torch, x: [torch.bincount(x), x.bincount(minlength=9)],
     i(13, low=0), grad=False)  # fmt: skip
case("bincount", lambda torch, x, w: torch.bincount(x, w),
     i(13, low=0), f(13, grad=False), grad=False)  # fmt: skip
case("histc", lambda torch, x: [torch.histc(x, 5), x.histc(7, -1, 1), torch.histc(x, 3, 0, 0)],
     f(31, grad=False), grad=False)  # fmt: skip
case("searchsorted", lambda torch, x: [torch.searchsorted(torch.tensor(EDGES), x),
                                       torch.searchsorted(torch.tensor(EDGES), x, right=True)],
     i(3, 5), grad=False)  # fmt: skip
case("searchsorted", lambda torch, x, y: torch.searchsorted(x.sort().values, y, side="right"),
     f(3, 5, grad=False), f(3, 2, grad=False), grad=False)  # fmt: skip
case("searchsorted",
     lambda torch, x, y: torch.searchsorted(x, y, sorter=x.argsort(), out_int32=True),
     f(3, 5, grad=False), f(3, 2, grad=False), grad=False)  # fmt: skip
case("searchsorted", lambda torch: torch.searchsorted(torch.tensor([1.0, 2.0]), 1.5), grad=False)
case("bucketize", lambda torch, x: [torch.bucketize(x, torch.tensor(EDGES)),
                                    torch.bucketize(0.0, torch.tensor(EDGES), right=True)],
     i(3, 5), grad=False)  # fmt: skip
case("isin", lambda torch, x: [torch.isin(x, torch.tensor([1, 2])), torch.isin(x, 3),
                               torch.isin(2, x), torch.isin(x, torch.tensor([1]), invert=True)],
     i(3, 5), grad=False)  # fmt: skip
