"""Activation functions."""

from __future__ import annotations

from .spec import Table, f

case = CASES = Table()

for name in (
    "relu", "relu6", "leaky_relu", "elu", "selu", "celu", "gelu", "silu", "mish", "softplus",
    "hardtanh", "hardsigmoid", "hardswish", "softsign", "tanhshrink", "softshrink", "hardshrink",
    "logsigmoid",
):  # fmt: skip
    plain = lambda torch, x, name=name: getattr(torch.nn.functional, name)(x)
    case(name, plain, f(3, 5, low=-7, high=7))
    case(name, plain, f(2, 3, 5, layout="transposed"))
    case(name, plain, f(3, 7, layout="strided"))
    case(name, plain, f())
    case(name, plain, f(0, 3))

case("relu", lambda torch, x: torch.relu(x), f(7))
case("leaky_relu", lambda torch, x: torch.nn.functional.leaky_relu(x, 0.3), f(3, 5))
case("elu", lambda torch, x: torch.nn.functional.elu(x, alpha=0.4), f(3, 5))
case("celu", lambda torch, x: torch.nn.functional.celu(x, 2.5), f(3, 5))
case(
    "gelu",
    lambda torch, x: torch.nn.functional.gelu(x, approximate="tanh"),
    f(5, 7, low=-6, high=6),
)
case("gelu", lambda torch, x: torch.nn.functional.gelu(x), f(211, 331), numeric=False,
     note="larger than one block; finite differences of 70,000 terms are not worth their time")  # fmt: skip
case("softplus", lambda torch, x: torch.nn.functional.softplus(x, beta=3, threshold=2), f(5, 7))
case("hardtanh", lambda torch, x: torch.nn.functional.hardtanh(x, -0.3, 1.2), f(5, 7))
case("softshrink", lambda torch, x: torch.nn.functional.softshrink(x, 0.2), f(5, 7))
case("hardshrink", lambda torch, x: torch.nn.functional.hardshrink(x, 0.2), f(5, 7))
case("threshold", lambda torch, x: torch.nn.functional.threshold(x, 0.1, 20.0), f(5, 7))
case("threshold", lambda torch, x: torch.nn.functional.threshold(x, -0.5, -3.0), f(5, 2, 3))
case("glu", lambda torch, x: torch.nn.functional.glu(x), f(3, 4))
case("glu", lambda torch, x: torch.nn.functional.glu(x, 0), f(6, 5))
case("glu", lambda torch, x: torch.nn.functional.glu(x, -2), f(2, 4, 3, layout="transposed"))
case("prelu", lambda torch, x, w: torch.nn.functional.prelu(x, w), f(3, 5), f(1))
case("prelu", lambda torch, x, w: torch.nn.functional.prelu(x, w), f(2, 3, 5), f(3))
case("prelu", lambda torch, x, w: torch.nn.functional.prelu(x, w), f(5), f(1))
case("prelu", lambda torch, x, w: torch.nn.functional.prelu(x, w), f(5, 3), f())
