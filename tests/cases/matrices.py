"""Matrix functions and factors: matrix_exp, cond, lu, lstsq, Cholesky's relatives, Vandermonde."""

from __future__ import annotations

from .linalg import good, positive
from .spec import Table, f, i

case = CASES = Table()

case("matrix_exp", lambda torch, x: torch.matrix_exp(x), f(3, 3))
case("matrix_exp", lambda torch, x: torch.linalg.matrix_exp(x * 5), f(2, 5, 5), rtol32=2e-4)
case("matrix_exp", lambda torch, x: x.matrix_exp(), f(0, 0))
for p in (None, 2, -2):
    case("cond", lambda torch, x, p=p: torch.linalg.cond(good(torch, x), p), f(2, 3, 3))
for p in (1, -1, float("inf"), -float("inf"), "fro", "nuc"):  # their backward raises in PyTorch
    case("cond", lambda torch, x, p=p: torch.linalg.cond(good(torch, x), p), f(2, 3, 3), grad=False)
case("cond", lambda torch, x: torch.linalg.cond(x), f(3, 5))
case("cond", lambda torch: torch.linalg.cond(torch.ones(2, 2), 1), grad=False)
for n in (None, 1, 5):
    case("vander", lambda torch, x, n=n: torch.vander(x, n), f(3), grad=False)  # as for cond
case("vander", lambda torch, x: torch.vander(x, increasing=True), i(3), grad=False)
case("vander", lambda torch, x: torch.linalg.vander(x, N=5), f(2, 3))
case("householder_product", lambda torch, x, t: torch.linalg.householder_product(x, t), f(2, 5, 3),
     f(2, 2))  # fmt: skip

# -- LU
for shape in ((3, 3), (2, 5, 3), (3, 5)):
    case("lu", lambda torch, x: torch.linalg.lu(x), f(*shape))
    case("lu_factor", lambda torch, x: torch.linalg.lu_factor(x), f(*shape))
    case("lu_factor_ex", lambda torch, x: torch.linalg.lu_factor_ex(x), f(*shape))
    case("lu_unpack", lambda torch, x: torch.lu_unpack(*torch.lu(x)), f(*shape))
case("lu_factor_ex", lambda torch: torch.linalg.lu_factor_ex(torch.zeros(2, 2)), grad=False)
for left, adjoint, shape in ((True, False, (3, 2)), (True, True, (3, 2)), (False, False, (2, 3))):
    case("lu_solve",
         lambda torch, x, y, left=left, adjoint=adjoint: torch.linalg.lu_solve(
             *torch.linalg.lu_factor(good(torch, x)), y, left=left, adjoint=adjoint),
         f(2, 3, 3), f(*shape))  # fmt: skip
case("lu_solve", lambda torch, x, y: torch.lu_solve(y, *torch.lu(good(torch, x))), f(3, 3), f(3, 2))
case("lu_solve", lambda torch, x, y: y.lu_solve(*x.lu(get_infos=True)[:2]), f(3, 3), f(3, 2),
     rtol32=1e-3)  # fmt: skip

# -- least squares
for driver in ("gelsy", "gels", "gelsd", "gelss"):
    for m, n in ((7, 3), (3, 7)):
        case("lstsq", lambda torch, x, y, d=driver: torch.linalg.lstsq(x, y, driver=d)[:3], f(m, n),
             f(m, 2), rtol32=2e-4)  # fmt: skip
    case("lstsq", lambda torch, x, y, d=driver: torch.linalg.lstsq(x, y, driver=d)[3], f(7, 3),
         f(7, 2), grad=False)  # fmt: skip
case("lstsq", lambda torch, x, y: torch.linalg.lstsq(x, y)[0], f(2, 5, 3), f(2, 5), rtol32=2e-4)

# -- with an error code
case("inv_ex", lambda torch, x: torch.linalg.inv_ex(good(torch, x)), f(2, 3, 3))
case("inv_ex", lambda torch: torch.linalg.inv_ex(torch.zeros(2, 2))[1], grad=False)
case("solve_ex", lambda torch, x, y: torch.linalg.solve_ex(good(torch, x), y), f(3, 3), f(3, 2))
case("solve_ex", lambda torch: torch.linalg.solve_ex(torch.ones(2, 2), torch.ones(2))[1], grad=False)
case("cholesky_ex", lambda torch, x: torch.linalg.cholesky_ex(positive(torch, x)), f(2, 3, 3))
case("cholesky_ex", lambda torch, x: torch.linalg.cholesky_ex(positive(torch, x), upper=True),
     f(3, 3))  # fmt: skip
case("cholesky_ex",
     lambda torch: torch.linalg.cholesky_ex(torch.tensor([[1.0, 2.0], [2.0, 1.0]]))[1], grad=False)  # fmt: skip

# -- from factors
for upper in (False, True):
    case("cholesky_solve",
         lambda torch, y, x, u=upper: torch.cholesky_solve(
             y, torch.linalg.cholesky(positive(torch, x), upper=u), u),
         f(3, 2), f(2, 3, 3))  # fmt: skip
    case("cholesky_inverse",
         lambda torch, x, u=upper: torch.cholesky_inverse(
             torch.linalg.cholesky(positive(torch, x), upper=u), upper=u),
         f(3, 3))  # fmt: skip
for kw in ({}, {"upper": False}, {"transpose": True}, {"unitriangular": True}):
    case("triangular_solve",
         lambda torch, y, x, kw=kw: torch.triangular_solve(y, good(torch, x), **kw)[0], f(3, 2),
         f(3, 3))  # fmt: skip
case("tensorinv",
     lambda torch, x: torch.linalg.tensorinv(good(torch, x).reshape(2, 3, 6), ind=2), f(6, 6))
case("tensorsolve",
     lambda torch, x, y: torch.linalg.tensorsolve(good(torch, x).reshape(2, 3, 6), y), f(6, 6),
     f(2, 3))
case("tensorsolve",
     lambda torch, x, y: torch.linalg.tensorsolve(good(torch, x).reshape(2, 6, 3), y, dims=(1,)),
     f(6, 6), f(2, 3), grad=False)

# -- older names; the signs of singular vectors are LAPACK's own choice
case("svd", lambda torch, x: torch.svd(x)[1], f(5, 3))
case("svd", lambda torch, x: [t.square() for t in torch.svd(x)], f(2, 5, 3), rtol32=2e-4)
case("svd", lambda torch, x: torch.svd(x, compute_uv=False), f(5, 3), grad=False)
case("qr", lambda torch, x: torch.qr(x), f(5, 3))
case("qr", lambda torch, x: x.qr(some=False), f(5, 3), grad=False)

ERRORS = [
    ("matrix_exp", lambda t: t.matrix_exp(t.ones(2, 3)), RuntimeError),
    ("matrix_exp", lambda t: t.matrix_exp(t.ones(3)), RuntimeError),
    ("cond", lambda t: t.linalg.cond(t.ones(2, 3), 1), RuntimeError),
    ("cond", lambda t: t.linalg.cond(t.ones(2, 2), 3), RuntimeError),
    ("vander", lambda t: t.vander(t.ones(2, 3)), RuntimeError),
    ("vander", lambda t: t.vander(t.ones(2), -1), RuntimeError),
    ("vander", lambda t: t.linalg.vander(t.ones(2), N=1), RuntimeError),
    ("householder_product", lambda t: t.linalg.householder_product(t.ones(2, 3), t.ones(2)),
     RuntimeError),
    ("lu", lambda t: t.linalg.lu(t.ones(3)), RuntimeError),
    ("lu", lambda t: t.linalg.lu(t.ones(3, 3), pivot=False), RuntimeError),
    ("lu_factor", lambda t: t.linalg.lu_factor(t.zeros(2, 2)), RuntimeError),
    ("lu_factor", lambda t: t.linalg.lu_factor(t.ones(2, 2).long()), NotImplementedError),
    ("lu_solve", lambda t: t.lu_solve(t.ones(2), *t.lu(t.eye(2))), RuntimeError),
    ("lstsq", lambda t: t.linalg.lstsq(t.ones(3, 2), t.ones(2, 2)), RuntimeError),
    ("lstsq", lambda t: t.linalg.lstsq(t.ones(3, 2), t.ones(3, 2), driver="x"), RuntimeError),
    ("lstsq", lambda t: t.linalg.lstsq(t.ones(3, 2), t.ones(3, 2).double()), RuntimeError),
    ("cholesky_solve", lambda t: t.cholesky_solve(t.ones(2), t.eye(2)), RuntimeError),
    ("cholesky_solve", lambda t: t.cholesky_solve(t.ones(3, 2), t.eye(2)), RuntimeError),
    ("cholesky_inverse", lambda t: t.cholesky_inverse(t.ones(2, 3)), RuntimeError),
    ("triangular_solve", lambda t: t.triangular_solve(t.ones(2, 2), t.ones(2, 3)), RuntimeError),
    ("tensorinv", lambda t: t.linalg.tensorinv(t.ones(2, 3)), RuntimeError),
    ("tensorinv", lambda t: t.linalg.tensorinv(t.ones(2, 2), 0), RuntimeError),
    ("tensorsolve", lambda t: t.linalg.tensorsolve(t.ones(2, 3), t.ones(2)), RuntimeError),
]  # fmt: skip
