"""Questions (==, <, isnan, …), logic and bits."""

from __future__ import annotations

import math

from .spec import Table, b, f, i

case = CASES = Table()
NAN, INF = math.nan, math.inf
SPECIAL = [NAN, INF, -INF, 0.0, -0.0, 1.5]

for name in ("eq", "ne", "lt", "le", "gt", "ge"):
    case(name, lambda torch, x, y, n=name: getattr(torch, n)(x, y), i(3, 5, low=0, high=3),
         i(5, low=0, high=3), grad=False)  # fmt: skip
    case(name, lambda torch, x, y, n=name: getattr(x, n)(y),
         f(2, 3, 1, grad=False), i(5), grad=False)  # fmt: skip
    case(name, lambda torch, x, n=name: getattr(torch, n)(x, 1), i(3, 5), grad=False)
    case(name, lambda torch, x, n=name: getattr(torch, n)(x, 0.5), i(3, 5), grad=False)
    case(name, lambda torch, x, n=name: getattr(torch, n)(x, True), b(7), grad=False)
    case(name, lambda torch, x, n=name: getattr(torch, n)(x, x), f(0, 3, grad=False), grad=False)
    case(name, lambda torch, n=name: getattr(torch, n)(torch.tensor([NAN, NAN, INF, -INF]),
                                                       torch.tensor([NAN, 1.0, INF, INF])),
         grad=False)  # fmt: skip
    case(name, lambda torch, x, y, n=name: getattr(x, n + "_")(y), i(3, 5), i(5), grad=False)
case("eq", lambda torch: torch.tensor([44], dtype=torch.uint8) == 300, grad=False)
case("lt", lambda torch, x: [x < 0, x <= 0, x > 0, x >= 0, x == 0, x != 0, x < 2], i(3, 5),
     grad=False)  # fmt: skip
for alias in ("not_equal", "less", "less_equal", "greater", "greater_equal"):
    case(alias, lambda torch, x, n=alias: getattr(torch, n)(x, 1), i(7), grad=False)

for name in ("isnan", "isinf", "isfinite", "isposinf", "isneginf", "signbit", "isreal"):
    case(name, lambda torch, n=name: getattr(torch, n)(torch.tensor(SPECIAL)), grad=False)
    case(name, lambda torch, x, n=name: getattr(x, n)(), i(3, 5), grad=False)
    case(name, lambda torch, x, n=name: getattr(torch, n)(x), b(3), grad=False)

case("isclose", lambda torch: torch.isclose(torch.tensor([1.0, 1.0, NAN, INF, INF, 0.0]),
                                            torch.tensor([1.00001, 1.1, NAN, INF, -INF, 1e-9])),
     grad=False)  # fmt: skip
case("isclose", lambda torch, x: torch.isclose(x, x + 0.1, rtol=0.0, atol=0.2, equal_nan=True),
     f(3, 5, grad=False), grad=False)  # fmt: skip
case("isclose", lambda torch, x, y: torch.isclose(x, y, atol=1), i(3, 5), i(5), grad=False)
case("isclose",
     lambda torch: torch.isclose(torch.tensor([NAN]), torch.tensor([NAN]), equal_nan=True),
     grad=False)  # fmt: skip
case("allclose", lambda torch, x: [torch.allclose(x, x + 1e-9), torch.allclose(x, x + 1)], f(3),
     grad=False)  # fmt: skip
case("equal", lambda torch, x: [torch.equal(x, x.clone()), torch.equal(x, x[:2]), x.equal(x + 1)],
     f(3), grad=False)  # fmt: skip

for name in ("logical_and", "logical_or", "logical_xor"):
    case(name, lambda torch, x, y, n=name: getattr(torch, n)(x, y), b(3, 5), b(5), grad=False)
    case(name, lambda torch, x, y, n=name: getattr(x, n)(y), i(3, 5, low=0, high=2), b(3, 1),
         grad=False)  # fmt: skip
    case(name, lambda torch, x, y, n=name: getattr(x, n + "_")(y), i(3, 5, low=0, high=2), b(5),
         grad=False)  # fmt: skip
    case(name, lambda torch, n=name: getattr(torch, n)(torch.tensor(SPECIAL), torch.tensor(0.0)),
         grad=False)  # fmt: skip
case("logical_not", lambda torch, x: torch.logical_not(x), i(3, 5, low=-1, high=2), grad=False)
case("logical_not", lambda torch: torch.tensor(SPECIAL).logical_not(), grad=False)
case("logical_not", lambda torch, x: x.logical_not_(), b(5), grad=False)

for name in ("bitwise_and", "bitwise_or", "bitwise_xor"):
    case(name, lambda torch, x, y, n=name: getattr(torch, n)(x, y), i(3, 5), i(5), grad=False)
    case(name, lambda torch, x, y, n=name: getattr(x, n)(y), b(3, 5), b(3, 1), grad=False)
    case(name, lambda torch, x, n=name: [getattr(torch, n)(x, 6), getattr(torch, n)(6, x)], i(3, 5),
         grad=False)  # fmt: skip
    case(name, lambda torch, x, y, n=name: getattr(torch, n)(x, y), b(5), i(3, 1), grad=False)
    case(name, lambda torch, x, n=name: getattr(x, n + "_")(3), i(3, 5), grad=False)
case("bitwise_and", lambda torch, x, y: [x & y, x | y, x ^ y, ~x, x & 3], i(3, 5), i(5), grad=False)
case("bitwise_not", lambda torch, x: torch.bitwise_not(x), i(3, 5), grad=False)
case("bitwise_not", lambda torch, x: ~x, b(7), grad=False)
case("bitwise_not", lambda torch: ~torch.tensor([0, 255, 3], dtype=torch.uint8), grad=False)
for name in ("bitwise_left_shift", "bitwise_right_shift"):
    case(name, lambda torch, x, y, n=name: getattr(torch, n)(x, y), i(3, 5, low=-70, high=70),
         i(5, low=0, high=5), grad=False)  # fmt: skip
    case(name, lambda torch, x, n=name: getattr(torch, n)(x, 2), i(3, 5), grad=False)
    case(name, lambda torch, x, n=name: getattr(torch, n)(9, x), i(3, low=0, high=5), grad=False)
    case(
        name,
        lambda torch, n=name: getattr(torch, n)(
            torch.tensor([1, -5, 77]), torch.tensor([64, 64, 100])
        ),
        grad=False,
    )
    case(name,
         lambda torch, n=name: getattr(torch, n)(torch.tensor([9, 200], dtype=torch.uint8), 1),
         grad=False)  # fmt: skip
