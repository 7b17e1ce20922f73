"""Functions of one, two and three numbers: arithmetic, powers, angles, choices."""

from __future__ import annotations

import math

from .spec import Table, b, f, i

case = CASES = Table()
NAN, INF = math.nan, math.inf

# -- functions of one number: (name, the floats it is tried on) -----------------------------------

SMOOTH = [
    ("neg", -2, 2), ("abs", -2, 2), ("square", -2, 2), ("sqrt", 0.1, 3), ("rsqrt", 0.1, 3),
    ("reciprocal", 0.3, 3), ("exp", -2, 2), ("exp2", -2, 2), ("expm1", -2, 2), ("log", 0.1, 3),
    ("log2", 0.1, 3), ("log10", 0.1, 3), ("log1p", -0.9, 3), ("sigmoid", -4, 4), ("sin", -4, 4),
    ("cos", -4, 4), ("tan", -1.4, 1.4), ("asin", -0.9, 0.9), ("acos", -0.9, 0.9),
    ("atan", -3, 3), ("sinh", -2, 2), ("cosh", -2, 2), ("tanh", -3, 3), ("asinh", -3, 3),
    ("acosh", 1.1, 4), ("atanh", -0.9, 0.9), ("sinc", -2, 2), ("deg2rad", -90, 90),
    ("rad2deg", -3, 3), ("erf", -3, 3), ("erfc", -3, 3), ("erfinv", -0.95, 0.95),
    ("lgamma", 0.2, 6), ("digamma", 0.6, 6), ("logit", 0.05, 0.95), ("frac", -3, 3),
    ("floor", -3, 3), ("ceil", -3, 3), ("trunc", -3, 3), ("round", -3, 3), ("sign", -2, 2),
    ("nan_to_num", -2, 2),
]  # fmt: skip
INTEGERS_STAY = {"neg", "abs", "square", "floor", "ceil", "trunc", "round", "sign",
                 "nan_to_num"}  # fmt: skip
NO_INPLACE_GRADIENT = {"asinh", "acosh", "atanh"}  # PyTorch has none

case("sgn", lambda torch, x: [torch.sgn(x), x.clone().sgn_()], f(3, 5), grad=False)
for name, low, high in SMOOTH:
    case(name, lambda torch, x, n=name: getattr(torch, n)(x), f(2, 3, 5, low=low, high=high))
    case(name, lambda torch, x, n=name: getattr(x, n)(),
         f(5, 7, low=low, high=high, layout="transposed"))  # fmt: skip
    if name not in NO_INPLACE_GRADIENT:
        case(name, lambda torch, x, n=name: getattr(x.clone(), n + "_")(), f(3, low=low, high=high))
    case(name, lambda torch, x, n=name: getattr(torch, n)(x), f(low=low, high=high))
    case(name, lambda torch, x, n=name: getattr(torch, n)(x), f(3, 0, 2))
    if name in INTEGERS_STAY:
        case(name, lambda torch, x, n=name: getattr(torch, n)(x), i(3, 5), grad=False)
    elif name != "frac":
        case(name, lambda torch, x, n=name: getattr(torch, n)(x), i(3, 5, low=1), grad=False,
             rtol=2e-5)  # fmt: skip
    case(
        name,
        lambda torch, n=name: getattr(torch, n)(torch.tensor([NAN, INF, -INF, 0.0, -0.0])),
        grad=False,
    )

case("abs", lambda torch: torch.tensor([0.0, -1.0], requires_grad=True).abs().detach(), grad=False)
case("erf", lambda torch, x: torch.erf(x), f(31, low=-7, high=7))
case("erfc", lambda torch, x: torch.erfc(x), f(31, low=-3, high=20))
case("erfinv", lambda torch, x: torch.erfinv(x), f(31, low=-0.9999, high=0.9999))
case("digamma", lambda torch, x: torch.digamma(x), f(7, low=-2.8, high=-2.2))
case("lgamma", lambda torch, x: torch.lgamma(x), f(7, low=-2.8, high=-2.2))
case("square", lambda torch, x: torch.square(x), b(3), grad=False)
case("sign", lambda torch, x: torch.sign(x), b(5), grad=False)
case("round", lambda torch, x: torch.round(x, decimals=2), f(3, 5))
case("round", lambda torch, x: x.round(decimals=-1), f(3, 5, low=-90, high=90))
case("round", lambda torch: torch.tensor([0.5, 1.5, 2.5, -0.5, -1.5]).round(), grad=False)
case("logit", lambda torch, x: torch.logit(x, eps=0.2), f(3, 5, low=0.01, high=0.99))
case("logit", lambda torch, x: torch.logit(x, 0.1), f(7, low=-0.5, high=1.5))
case("nan_to_num",
     lambda torch, x: torch.nan_to_num(x / torch.tensor([0.0, 1.0, 0.0], dtype=x.dtype),
                                       nan=7.0, posinf=8.0, neginf=-9.0),
     f(3), numeric=False, note="dividing by 0")  # fmt: skip
case("positive", lambda torch, x: torch.positive(x) * 2, f(3))
for alias in ("negative", "absolute", "fix", "arcsin", "arctan", "arcsinh", "arctanh", "arccos"):
    case(alias, lambda torch, x, n=alias: getattr(torch, n)(x), f(5, low=-0.9, high=0.9))
case("arccosh", lambda torch, x: torch.arccosh(x), f(5, low=1.1, high=3))

# -- two operands: broadcasting, numbers on either side, promotion --------------------------------

PAIRS = [
    (f(2, 3, 5), f(2, 3, 5)),
    (f(3, 1, 5), f(2, 1)),
    (f(5), f(2, 3, 1)),
    (f(), f(3)),
    (f(3, 0), f(3, 1)),
    (f(3, 5, layout="transposed"), f(3, 5, layout="strided")),
]
APART = [  # operands that keep away from ties, zeros and the integers' multiples
    (f(2, 3, 5, low=1.1, high=1.9), f(2, 3, 5, low=2.1, high=2.9)),
    (f(3, 1, 5, low=2.1, high=2.9), f(2, 1, low=0.7, high=0.95)),
    (f(low=-1.9, high=-1.1), f(3, low=0.7, high=0.95)),
    (f(3, 0), f(3, 1)),
    (f(3, 5, low=3.1, high=3.9, layout="transposed"), f(5, low=-1.3, high=-1.1)),
]
for name in ("add", "sub", "mul", "rsub", "logaddexp", "logaddexp2"):
    for pair in PAIRS:
        case(name, lambda torch, x, y, n=name: getattr(torch, n)(x, y), *pair)
for name in ("div", "true_divide", "remainder", "fmod", "pow", "atan2", "hypot", "maximum",
             "minimum", "fmax", "fmin", "copysign", "xlogy", "float_power", "ldexp"):  # fmt: skip
    for pair in APART:
        if name in ("pow", "float_power", "xlogy") and (pair[0].low < 0 or pair[1].low < 0):
            continue
        case(name, lambda torch, x, y, n=name: getattr(torch, n)(x, y), *pair)

case("add", lambda torch, x, y: torch.add(x, y, alpha=3), f(3, 5), f(5))
case("add", lambda torch, x, y: x.clone().add_(y, alpha=-2), f(3, 5), f(5))
case("add", lambda torch, x: (x + 2) + (2.5 + x), f(3, 5))
case("sub", lambda torch, x, y: x.sub(y, alpha=0.5), f(3, 5), f(5))
case("sub", lambda torch, x: 3 - x, f(3, 5))
case("rsub", lambda torch, x: torch.rsub(x, 3, alpha=2), f(3, 5))
case("mul", lambda torch, x: (x * 3) * (0.5 * x), f(3, 5))
case("mul", lambda torch, x, y: x.clone().mul_(y), f(3, 5), f(3, 1))
case("div", lambda torch, x: (x / 4) + (2 / x), f(3, 5, low=0.5, high=2))
case("div", lambda torch, x, y: x.clone().div_(y), f(3, 5), f(5, low=0.5, high=2))
for mode in ("floor", "trunc"):
    for pair in APART:
        case("div", lambda torch, x, y, m=mode: torch.div(x, y, rounding_mode=m), *pair)
    case("div", lambda torch, x, y, m=mode: torch.div(x, y, rounding_mode=m),
         i(3, 5, low=-9, high=10), i(5, low=1), grad=False)  # fmt: skip
    case("div", lambda torch, x, m=mode: torch.div(x, -2, rounding_mode=m), i(7), grad=False)
for name in ("floor_divide", "remainder", "fmod"):
    case(name, lambda torch, x, y, n=name: getattr(torch, n)(x, y),
         i(3, 5, low=-9, high=10), i(5, low=-7, high=0), grad=False)  # fmt: skip
    case(name, lambda torch, x, n=name: getattr(torch, n)(x, 3), i(3, 5, low=-9), grad=False)
    case(name, lambda torch, x, n=name: getattr(torch, n)(x, -0.7), f(3, 5, grad=False), grad=False)
    case(name,
         lambda torch, n=name: getattr(torch, n)(torch.tensor([1.0, -1.0, INF, 1.0, -1.0, 0.0]),
                                                 torch.tensor([0.0, 0.0, 2.0, INF, INF, -3.0])),
         grad=False)  # fmt: skip
case("remainder", lambda torch, x: x.remainder(-0.7), f(3, 5))
case("remainder", lambda torch, x: torch.remainder(7, x), i(3, low=1), grad=False)

PROMOTION = ("float32", "float16", "int64", "int32", "uint8", "bool")
for name in ("add", "mul", "div", "maximum"):
    for one in PROMOTION:
        case(name,
             lambda torch, n=name, one=one: [
                 getattr(torch, n)(torch.tensor([1, 2, 3]).to(getattr(torch, one)),
                                   torch.tensor(size, dtype=getattr(torch, two)))
                 for two in PROMOTION for size in ([1, 1, 2], 1)],
             grad=False)  # fmt: skip
        if name != "maximum":
            case(name,
                 lambda torch, n=name, one=one: [
                     getattr(torch, n)(torch.tensor([1, 2, 3]).to(getattr(torch, one)), number)
                     for number in (2, 2.5, True, -1)],
                 grad=False)  # fmt: skip
case("add", lambda torch: torch.tensor([200], dtype=torch.uint8) + 100, grad=False)

case("pow", lambda torch, x: torch.pow(x, 2) + x**3 + x**0.5 + x**-1.5, f(3, 5, low=0.5, high=2))
case("pow", lambda torch, x: x**-1 + x**-2 + x**-0.5 + x**1, f(3, 5, low=0.5, high=2))
case("pow", lambda torch, x: torch.pow(x, 0), f(3, 5))
case("pow", lambda torch, x: 2**x + 0.5**x, f(3, 5))
case("pow", lambda torch, x: torch.pow(3, x), f(3, 5))
case("pow", lambda torch, x: x.clone().pow_(2), f(3, 5))
case("pow", lambda torch, x, y: torch.pow(x, y), i(3, 5), i(5, low=0, high=4), grad=False)
case("pow", lambda torch, x: x**3, i(3, 5), grad=False)
case("pow", lambda torch: torch.tensor([1, -1, 2, -2]) ** torch.tensor([-1, -3, -1, -2]),
     grad=False)  # fmt: skip
case("pow", lambda torch, x: (x * 0) ** torch.tensor([0.0, 2.0, 1.0], dtype=x.dtype), f(3),
     numeric=False, note="the exponents 0 and 1 at the base 0")  # fmt: skip
case("float_power", lambda torch, x: torch.float_power(x, 2), i(3, 5), grad=False)
case("float_power", lambda torch, x: torch.float_power(2.0, x), f(3, 5))

case("maximum", lambda torch, x: torch.maximum(x, x.detach()), f(5), numeric=False, note="ties")
case("minimum", lambda torch, x: torch.minimum(x, x.detach()), f(5), numeric=False, note="ties")
case("fmax", lambda torch, x: torch.fmax(x, torch.full_like(x, NAN)), f(5))
case("fmin", lambda torch, x: torch.fmin(torch.full_like(x, NAN), x), f(5))
case("maximum", lambda torch: torch.maximum(torch.tensor([NAN, 1.0]), torch.tensor([0.0, NAN])),
     grad=False)  # fmt: skip
case("copysign", lambda torch, x: torch.copysign(x, -1), f(5))
case("copysign", lambda torch, x: torch.copysign(x, -0.0), f(5))
case("copysign", lambda torch, x: torch.copysign(x, 2), i(5), grad=False)
case("xlogy", lambda torch, x: torch.xlogy(x, 2) + torch.xlogy(2, x), f(5, low=0.5, high=2))
case("xlogy",
     lambda torch: torch.xlogy(torch.tensor([0.0, 0.0, 1.0]), torch.tensor([0.0, NAN, 0.0])),
     grad=False)  # fmt: skip
case(
    "logaddexp",
    lambda torch: torch.logaddexp(torch.tensor([1e3, -INF, INF]), torch.tensor([1e3, -INF, INF])),
    grad=False,
)
case("heaviside", lambda torch, x: torch.heaviside(x.round(), torch.tensor(0.5, dtype=x.dtype)),
     f(3, 5, grad=False), grad=False)  # fmt: skip
case("heaviside", lambda torch, x, y: torch.heaviside(x, y), i(3, 5), i(5), grad=False)
for name in ("gcd", "lcm"):
    case(name, lambda torch, x, y, n=name: getattr(torch, n)(x, y), i(3, 5, low=-20, high=20),
         i(5, low=-20, high=20), grad=False)  # fmt: skip

# -- three operands -------------------------------------------------------------------------------

case("lerp", lambda torch, x, y: torch.lerp(x, y, 0.3), f(3, 5), f(5))
case("lerp", lambda torch, x, y: x.lerp(y, 0.8), f(3, 5), f(3, 1))
case("lerp", lambda torch, x, y, w: torch.lerp(x, y, w), f(3, 5), f(5), f(3, 1, low=-1, high=2))
case("lerp", lambda torch, x, y, w: x.clone().lerp_(y, w), f(3, 5), f(5), f())
for name in ("addcmul", "addcdiv"):
    case(name, lambda torch, x, y, z, n=name: getattr(torch, n)(x, y, z, value=0.7), f(3, 5),
         f(5), f(3, 1, low=0.5, high=2))  # fmt: skip
    case(name, lambda torch, x, y, z, n=name: getattr(x, n)(y, z), f(3, 5), f(3, 5),
         f(3, 5, low=0.5, high=2))  # fmt: skip
    case(name, lambda torch, x, y, z, n=name: getattr(x.clone(), n + "_")(y, z, value=2), f(3, 5),
         f(), f(5, low=0.5, high=2))  # fmt: skip
case("addcmul", lambda torch, x, y: torch.addcmul(x, x, y, value=3), i(3, 5), i(5), grad=False)

# -- choices --------------------------------------------------------------------------------------

case("clamp", lambda torch, x: torch.clamp(x, -1, 1), f(3, 5))
case("clamp", lambda torch, x: x.clamp(min=0.5), f(3, 5, layout="transposed"))
case("clamp", lambda torch, x: torch.clamp(x, max=0.5), f(3, 5))
case("clamp", lambda torch, x: torch.clamp(x, 1, -1), f(3, 5))
case("clamp", lambda torch, x: x.clone().clamp_(-1, 1), f(3, 5))
case("clamp", lambda torch, x, y, z: torch.clamp(x, y, z), f(3, 5), f(5, high=0), f(3, 1, low=0))
case("clamp", lambda torch, x, y, z: torch.clamp(x, y, z), f(2, 3, 5), f(5), f(3, 1))
case("clamp", lambda torch, x, y: torch.clamp(x, min=y), f(3, 5), f(5))
case("clamp", lambda torch, x, y: torch.clamp(x, max=y), f(3, 5), f(3, 1))
case("clamp", lambda torch, x: torch.clamp(x.round(), -1, 1), f(3, 5), numeric=False,
     note="on the bounds")  # fmt: skip
case("clamp", lambda torch, x: torch.clamp(x - x.detach().round() + x.detach().round(), -1, 1),
     f(3, 5))  # fmt: skip
case("clamp", lambda torch, x: [torch.clamp(x, 1, 3), torch.clamp(x, 0.5), x.clamp(max=True)],
     i(3, 5), grad=False)  # fmt: skip
case("clamp", lambda torch: torch.clamp(torch.tensor([NAN, INF, -INF]), -2, 2), grad=False)
case("clip", lambda torch, x: torch.clip(x, -1, 1), f(3, 5))
for name in ("clamp_min", "clamp_max"):
    case(name, lambda torch, x, n=name: getattr(torch, n)(x, 0.3), f(3, 5))
    case(name, lambda torch, x, y, n=name: getattr(x, n)(y), f(3, 5), f(5))
    case(name, lambda torch, x, n=name: getattr(x.clone(), n + "_")(0.3), f(3, 5))
    case(name, lambda torch, x, n=name: getattr(torch, n)(x, 1), i(3, 5), grad=False)
case("where", lambda torch, c, x, y: torch.where(c, x, y), b(3, 5), f(3, 5), f(5))
case("where", lambda torch, c, x, y: torch.where(c, x, y), b(2, 1, 1), f(3, 1), f(5))
case("where", lambda torch, c, x: torch.where(c, x, 0.5), b(3, 5), f(5))
case("where", lambda torch, c, x: torch.where(c, 2, x), b(3, 5), f(5, layout="strided"))
case("where", lambda torch, c, x, y: x.where(c, y), b(3, 5), f(3, 5), f(5))
case("where", lambda torch, c: [torch.where(c, 1, 2), torch.where(c, 1.5, 2)], b(3, 5), grad=False)
case("where", lambda torch, c, x: torch.where(c, x, 2.5), b(3, 5), i(5), grad=False)
case("where", lambda torch, c: torch.where(c), b(3, 5), grad=False)
case("where", lambda torch, x: torch.where(x > 0, x.sqrt(), torch.zeros_like(x)),
     f(5, low=0.1, high=2))  # fmt: skip
