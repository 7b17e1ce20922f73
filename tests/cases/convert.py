"""Copies, changes of dtype, and filling."""

from .spec import Table, b, f, i

case = CASES = Table()

case("clone", lambda torch, x: x.clone(), f(2, 3))
case("clone", lambda torch, x: torch.clone(x) * 2, f(2, 3, layout="transposed"))
case("clone", lambda torch, x: x.contiguous(), f(2, 3, layout="transposed"))
case("clone", lambda torch, x: x.clone(memory_format=torch.channels_last), f(2, 3, 5, 7))
case("clone", lambda torch, x: x.clone(), f())
case("clone", lambda torch, x: x.clone(), f(0, 3))
case("cast", lambda torch, x: x.to(torch.float32), f(2, 3), rtol=1e-7, numeric=False,
     note="float32 steps are larger than the finite difference")  # fmt: skip
case("cast", lambda torch, x: x.double() * 3, f(2, 3))
case("cast", lambda torch, x: x.half(), f(5), rtol=1e-3, numeric=False, note="as above")
case("cast", lambda torch, x: x.int(), f(7), grad=False)
case("cast", lambda torch, x: x.bool(), f(7), grad=False)
case("cast", lambda torch, x: (x.float(), x.double(), x.byte(), x.short(), x.char()), i(7, low=0))
case("cast", lambda torch, x: (x.float(), x.long()), b(7))
case("cast", lambda torch, x, y: x.type_as(y), f(3), i(2), grad=False)
case("fill", lambda torch, x: torch.fill(x, 2.5), f(2, 3), grad=False)
case("fill", lambda torch, x, v: torch.fill(x, v), f(2, 3), f())
case("fill", lambda torch, x, v: x.clone().fill_(v) + x, f(2, 3), f())
case("fill", lambda torch, x, y: x.clone().copy_(y) * y, f(2, 3), f(3))
case("fill", lambda torch, x: x.clone().zero_() + x, f(2, 3))
ERRORS = [
    ("fill", lambda torch: torch.zeros(2).fill_(torch.ones(2)), RuntimeError),
    ("copy_", lambda torch: torch.zeros(2).copy_(torch.ones(3)), RuntimeError),
    ("to", lambda torch: torch.zeros(2).to("cuda"), AssertionError),
    ("item", lambda torch: torch.zeros(2).item(), RuntimeError),
]
