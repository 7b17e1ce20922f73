"""softmax, log_softmax, softmin."""

from __future__ import annotations

from .spec import Table, f, i

case = CASES = Table()

for name in ("softmax", "log_softmax"):
    call = lambda torch, x, dim=-1, name=name: getattr(torch, name)(x, dim)
    case(name, call, f(3, 5))
    case(name, lambda torch, x, c=call: c(torch, x, 0), f(3, 5))
    case(name, lambda torch, x, c=call: c(torch, x, 1), f(2, 3, 5))
    case(name, lambda torch, x, c=call: c(torch, x, -2), f(2, 3, 5, layout="transposed"))
    case(name, call, f(3, 5, layout="strided"))
    case(name, call, f(3, 5, low=-500, high=500), numeric=False, note="steps beyond 1e-6's reach")
    case(name, call, f())
    case(name, call, f(1))
    case(name, call, f(0, 3))
    case(name, call, f(3, 0))
    case(name, call, f(2001, 37), numeric=False, note="several blocks")
    in_float64 = lambda torch, x, name=name: getattr(torch, name)(x, 0, dtype=torch.float64)
    case(name, in_float64, i(5, 3), grad=False)
    case(name, lambda torch, x, name=name: getattr(x, name)(dim=1), f(3, 5))
    masked = lambda torch, x, name=name: getattr(torch, name)(
        x.masked_fill(x > 1, -float("inf")), 1
    )
    case(name, masked, f(7, 5), numeric=False, note="-inf inputs")
case("softmin", lambda torch, x: torch.nn.functional.softmin(x, 1), f(3, 5))
case("softmin", lambda torch, x: torch.nn.functional.softmin(x, dim=0), f(3, 5))
case("softmin", lambda torch, x: torch.nn.functional.softmin(x), f(3, 5))
