"""Special functions, what a float is made of, names for complex numbers, windows."""

from __future__ import annotations

from .spec import Table, f, i

case = CASES = Table()

# -- Bessel functions: the series, the asymptotic expansion, and both sides of 0
for name in ("i0", "i0e", "i1", "i1e"):
    case(name, lambda torch, x, n=name: getattr(torch.special, n)(x), f(3, 5, low=-5.0, high=5.0))
    case(name, lambda torch, x, n=name: getattr(torch.special, n)(x), f(3, 5, low=15.0, high=30.0),
         rtol32=1e-4)  # fmt: skip
    case(name, lambda torch, x, n=name: getattr(torch.special, n)(x), i(5), grad=False,
         rtol=2e-5)  # a float32 result
case("i0", lambda torch, x: x.i0(), f(5))
case("i0", lambda torch, x: x.long().double().i0(), i(5), grad=False)

# -- the normal curve
for name, low, high in (("ndtr", -5.0, 5.0), ("log_ndtr", -20.0, 3.0), ("erfcx", -2.0, 20.0),
                        ("ndtri", 0.01, 0.99), ("entr", 0.1, 3.0)):  # fmt: skip
    case(name, lambda torch, x, n=name: getattr(torch.special, n)(x), f(3, 5, low=low, high=high))
    case(name, lambda torch, x, n=name: getattr(torch.special, n)(x), i(5), grad=False,
         rtol=2e-5)  # a float32 result
case("ndtri", lambda torch, x: torch.special.ndtri(x * 1e-30), f(5, low=0.1, high=1.0), grad=False)
case("ndtri", lambda torch: torch.special.ndtri(torch.tensor([0.0, 0.5, 1.0, 2.0])), grad=False)
case("entr", lambda torch: torch.special.entr(torch.tensor([0.0, -1.0, float("nan")])), grad=False)
case("xlog1py", lambda torch, x, y: torch.special.xlog1py(x, y), f(2, 3), f(3, low=-0.5))
case("xlog1py", lambda torch, x: torch.special.xlog1py(x, 2), f(5))
case("xlog1py", lambda torch, y: torch.special.xlog1py(2, y), f(5, low=-0.5))
case("xlog1py", lambda torch: torch.special.xlog1py(torch.zeros(2), torch.tensor([-1.0, -2.0])),
     grad=False)  # fmt: skip

# -- Γ and its relatives
for n in (0, 1, 2, 3, 5):
    case("polygamma_of", lambda torch, x, n=n: torch.polygamma(n, x), f(3, 5, low=0.5, high=5.0),
         rtol32=1e-4)  # fmt: skip
case("polygamma_of", lambda torch, x: x.polygamma(2), f(5, low=-0.8, high=-0.2), rtol32=1e-3)
case("mvlgamma", lambda torch, x: torch.mvlgamma(x, 3), f(3, 5, low=1.5, high=5.0))
case("mvlgamma", lambda torch, x: torch.special.multigammaln(x, 1), i(5, low=1), grad=False,
     rtol=2e-5)  # a float32 result
case("zeta", lambda torch, q: torch.special.zeta(2.5, q), f(3, 5, low=0.5, high=20.0))
case("zeta", lambda torch, s, q: torch.special.zeta(s, q), f(2, 3, low=1.1, high=5.0, grad=False),
     f(3, low=0.5, high=5.0))  # fmt: skip
case("zeta", lambda torch: torch.special.zeta(torch.tensor([1.0, 0.5, 2.0, 2.5, 3.0]),
                                              torch.tensor([1.0, 1.0, -1.0, -1.5, -1.5])),
     grad=False, rtol=2e-5)  # fmt: skip
for name in ("igamma", "igammac"):
    case(name, lambda torch, a, x, n=name: getattr(torch, n)(a, x),
         f(3, 5, low=0.1, high=3.0, grad=False), f(5, low=0.1, high=6.0))  # fmt: skip
    case(name, lambda torch, a, x, n=name: getattr(a, n)(x),
         f(5, low=150.0, high=250.0, grad=False), f(5, low=150.0, high=250.0))  # fmt: skip
    case(name, lambda torch, n=name: getattr(torch, n)(
             torch.tensor([0.0, 1.0, -1.0, float("inf"), 1.0, 0.0]),
             torch.tensor([1.0, 0.0, 1.0, 1.0, float("inf"), 0.0])), grad=False)  # fmt: skip

# -- torch.special's names for what there is
for name in ("digamma", "psi", "gammaln", "erf", "erfc", "exp2", "expit", "expm1", "log1p", "sinc"):
    case(name, lambda torch, x, n=name: getattr(torch.special, n)(x), f(5, low=0.5, high=3.0))
case("logit", lambda torch, x: torch.special.logit(x, eps=0.1), f(5, low=0.2, high=0.8))
case("erfinv", lambda torch, x: torch.special.erfinv(x), f(5, low=-0.9, high=0.9))
case("round", lambda torch, x: torch.special.round(x, decimals=1), f(5))
case("xlogy", lambda torch, x, y: torch.special.xlogy(x, y), f(5), f(5, low=0.5))
case("softmax", lambda torch, x: torch.special.softmax(x, 1), f(2, 3))
case("log_softmax", lambda torch, x: torch.special.log_softmax(x, 1), f(2, 3))
case("logsumexp", lambda torch, x: torch.special.logsumexp(x, 1), f(2, 3))
case("gammainc", lambda torch, a, x: (torch.special.gammainc(a, x), torch.special.gammaincc(a, x)),
     f(5, low=0.5, high=3.0, grad=False), f(5, low=0.5, high=3.0))  # fmt: skip

# -- what a float is made of
case("frexp", lambda torch, x: torch.frexp(x), f(3, 5, low=-100.0, high=100.0))
case("frexp", lambda torch, x: x.frexp(), f(5, low=-0.01, high=0.01), grad=False)
case("nextafter", lambda torch, x, y: torch.nextafter(x, y), f(2, 3), f(3), numeric=False,
     note="a step of one unit in the last place is no difference quotient")  # fmt: skip
case("nextafter", lambda torch, x: x.nextafter(x), f(5), grad=False)

# -- of real numbers
case("angle", lambda torch, x: torch.angle(x), f(3, 5))
case("angle", lambda torch, x: x.angle(), i(5), grad=False)
case("angle", lambda torch: torch.angle(torch.tensor([float("nan"), -0.0])), grad=False)
case("real", lambda torch, x: torch.conj(x.real) + torch.resolve_conj(torch.resolve_neg(x)), f(5))
case("real", lambda torch, x: torch.conj_physical(x.conj()) * x.resolve_conj(), f(5))
case("is_conj", lambda torch, x: [torch.is_conj(x), x.is_neg()], f(5), grad=False)

# -- windows
for name in ("hann", "hamming", "blackman", "bartlett", "kaiser"):
    for length in (0, 1, 2, 7):
        for periodic in (True, False):
            case(f"{name}_window", lambda torch, n=name, m=length, p=periodic: getattr(
                torch, f"{n}_window")(m, p, dtype=torch.float64), grad=False)  # fmt: skip
case("hamming_window", lambda torch: torch.hamming_window(5, True, 0.5, 0.4), grad=False, rtol=2e-5)
case("kaiser_window", lambda torch: torch.kaiser_window(5, False, 3.0), grad=False, rtol=2e-5)
for name, kw in (("bartlett", {}), ("blackman", {}), ("cosine", {}), ("exponential", {"tau": 2.0}),
                 ("gaussian", {"std": 2.0}), ("general_cosine", {"a": [0.5, 0.3, 0.2]}),
                 ("general_hamming", {"alpha": 0.6}), ("hamming", {}), ("hann", {}),
                 ("kaiser", {"beta": 5.0}), ("nuttall", {})):  # fmt: skip
    for sym in (True, False):
        case(f"windows.{name}", lambda torch, n=name, kw=kw, sym=sym: getattr(
            torch.signal.windows, n)(7, sym=sym, dtype=torch.float64, **kw), grad=False)  # fmt: skip
case("windows.exponential", lambda torch: torch.signal.windows.exponential(5, center=1.0, sym=False),
     grad=False)  # fmt: skip


def half(t):
    return t.ones(2, dtype=t.float16)


ERRORS = [
    ("ndtri", lambda t: t.special.ndtri(half(t)), NotImplementedError),
    ("log_ndtr", lambda t: t.special.log_ndtr(half(t)), NotImplementedError),
    ("erfcx", lambda t: t.special.erfcx(half(t)), NotImplementedError),
    ("zeta", lambda t: t.special.zeta(half(t), half(t)), NotImplementedError),
    ("zeta", lambda t: t.special.zeta(t.ones(2).requires_grad_() + 1, 2).sum().backward(),
     NotImplementedError),
    ("polygamma", lambda t: t.polygamma(-1, t.ones(2)), RuntimeError),
    ("polygamma", lambda t: t.polygamma(1.5, t.ones(2)), TypeError),
    ("mvlgamma", lambda t: t.mvlgamma(t.ones(2), 0), RuntimeError),
    ("igamma", lambda t: t.igamma(t.ones(2).long(), t.ones(2).long()), NotImplementedError),
    ("igamma", lambda t: t.igamma(t.ones(2).requires_grad_(), t.ones(2)).sum().backward(),
     NotImplementedError),
    ("frexp", lambda t: t.frexp(t.ones(2).long()), RuntimeError),
    ("nextafter", lambda t: t.nextafter(t.ones(2).long(), t.ones(2).long()), NotImplementedError),
    ("imag", lambda t: t.imag(t.ones(2)), RuntimeError),
    ("imag", lambda t: t.ones(2).imag, RuntimeError),
    ("real", lambda t: t.real(3), TypeError),
    ("hann_window", lambda t: t.hann_window(-1), RuntimeError),
    ("hann_window", lambda t: t.hann_window(3, dtype=t.int64), RuntimeError),
    ("hann_window", lambda t: t.hann_window(2.5), TypeError),
    ("windows.hann", lambda t: t.signal.windows.hann(-1), ValueError),
    ("windows.hann", lambda t: t.signal.windows.hann(3, dtype=t.float16), ValueError),
    ("windows.gaussian", lambda t: t.signal.windows.gaussian(3, std=-1), ValueError),
    ("windows.exponential", lambda t: t.signal.windows.exponential(3, center=1.0), ValueError),
    ("windows.exponential", lambda t: t.signal.windows.exponential(3, tau=0), ValueError),
    ("windows.kaiser", lambda t: t.signal.windows.kaiser(3, beta=-1), ValueError),
    ("windows.general_cosine", lambda t: t.signal.windows.general_cosine(3, a=[]), ValueError),
    ("windows.general_cosine", lambda t: t.signal.windows.general_cosine(3, a=1), TypeError),
]  # fmt: skip
