"""Products of matrices, einsum, and matrix functions."""

from __future__ import annotations

from .spec import Table, f, i

case = CASES = Table()


def good(torch, x):
    """A square matrix far from singular, made of any n × n numbers."""
    return x + 5 * torch.eye(x.shape[-1], dtype=x.dtype)


def positive(torch, x):
    """A symmetric positive-definite matrix."""
    return x @ x.mT + torch.eye(x.shape[-1], dtype=x.dtype)


# -- products
for a, b in (((2, 3), (3, 5)), ((3,), (3,)), ((2, 3), (3,)), ((3,), (3, 5)), ((2, 3, 5), (5, 7)),
             ((2, 3, 5), (5,)), ((5,), (2, 5, 3)), ((3, 5), (2, 5, 7)), ((2, 3, 5), (2, 5, 7)),
             ((2, 1, 3, 5), (7, 5, 2)), ((0, 3), (3, 5)), ((3, 0), (0, 5)), ((2, 3, 0), (0, 5)),
             ((1, 3), (3, 1))):  # fmt: skip
    case("matmul", lambda torch, x, y: torch.matmul(x, y), f(*a), f(*b))
case("matmul", lambda torch, x, y: x @ y, f(2, 3, layout="transposed"), f(3, 5, layout="strided"))
case("matmul", lambda torch, x, y: x.matmul(y.mT), f(2, 3, 5, layout="transposed"), f(2, 7, 5))
case("matmul", lambda torch, x, y: x @ y, i(2, 3), i(3, 5), grad=False)
case("matmul", lambda torch, x: x @ x.t(), f(3, 5))
case("mm", lambda torch, x, y: torch.mm(x, y), f(2, 3), f(3, 5))
case("bmm", lambda torch, x, y: x.bmm(y), f(2, 3, 5), f(2, 5, 7))
case("mv", lambda torch, x, y: torch.mv(x, y), f(2, 3), f(3))
case("dot", lambda torch, x, y: torch.dot(x, y), f(5), f(5, layout="strided"))
case("vdot", lambda torch, x, y: torch.vdot(x, y), f(5), f(5))
case("outer", lambda torch, x, y: torch.outer(x, y), f(2), f(3))
case("outer", lambda torch, x, y: torch.ger(x, y), i(2), i(3), grad=False)
case("inner", lambda torch, x, y: torch.inner(x, y), f(2, 3), f(5, 3))
case("inner", lambda torch, x, y: x.inner(y), f(3), f(3))
case("inner", lambda torch, x, y: torch.inner(x, y), f(), f(2, 3))
case("linear", lambda torch, x, w, b: torch.nn.functional.linear(x, w, b), f(2, 3), f(5, 3), f(5))
case("linear", lambda torch, x, w, b: torch.nn.functional.linear(x, w, b), f(2, 3, 5), f(7, 5), f(7))
case("linear", lambda torch, x, w: torch.nn.functional.linear(x, w), f(2, 3, 5, layout="transposed"),
     f(7, 5))  # fmt: skip
case("linear", lambda torch, x, w, b: torch.nn.functional.linear(x, w, b), f(3), f(5, 3), f(5))
case("linear", lambda torch, x, w: torch.nn.functional.linear(x, w), f(2, 3), f(3))
case("linear", lambda torch, x, w, b: torch.nn.functional.linear(x, w, b), f(0, 3), f(5, 3), f(5))
case("bilinear", lambda torch, x, y, w, b: torch.nn.functional.bilinear(x, y, w, b), f(2, 3),
     f(2, 5), f(7, 3, 5), f(7))  # fmt: skip
case("bilinear", lambda torch, x, y, w: torch.nn.functional.bilinear(x, y, w), f(3), f(5), f(2, 3, 5))
case("addmm", lambda torch, c, x, y: torch.addmm(c, x, y, beta=0.5, alpha=2), f(5), f(2, 3), f(3, 5))
case("addmm", lambda torch, c, x, y: c.addmm(x, y, beta=0), f(2, 5), f(2, 3), f(3, 5))
case("addmv", lambda torch, c, x, y: torch.addmv(c, x, y, alpha=3), f(2), f(2, 3), f(3))
case("addr", lambda torch, c, x, y: torch.addr(c, x, y, beta=2), f(2, 3), f(2), f(3))
case("baddbmm", lambda torch, c, x, y: torch.baddbmm(c, x, y, beta=2, alpha=-1), f(3, 7),
     f(2, 3, 5), f(2, 5, 7))  # fmt: skip
case("addbmm", lambda torch, c, x, y: torch.addbmm(c, x, y), f(3, 7), f(2, 3, 5), f(2, 5, 7))

# -- einsum
for equation, *shapes in (
    ("ij,jk->ik", (2, 3), (3, 5)), ("bij,bjk->bik", (2, 3, 5), (2, 5, 7)), ("ij->ji", (2, 3)),
    ("bhqd,bhkd->bhqk", (2, 3, 5, 7), (2, 3, 2, 7)), ("bqhd,bkhd->bhqk", (2, 5, 3, 7), (2, 2, 3, 7)),
    ("ij->", (2, 3)), ("ij->i", (2, 3)), ("ii->i", (3, 3)), ("ii", (3, 3)), ("iij->j", (3, 3, 2)),
    ("i,j->ij", (2,), (3,)), ("i,i", (3,), (3,)), ("ij,ij->ij", (2, 3), (2, 3)), ("ba", (2, 3)),
    ("...ij,...jk->...ik", (2, 1, 3, 5), (7, 5, 2)), ("i...->...", (2, 3, 5)), ("...,...", (2, 3), (3,)),
    ("ij,jk,kl->il", (2, 3), (3, 5), (5, 7)), ("i,ij,j", (2,), (2, 3), (3,)), ("ij,kj->", (2, 3), (5, 3)),
    ("ij,jk->ik", (2, 3), (1, 5)), ("bn,anm,bm->ba", (2, 3), (5, 3, 7), (2, 7)),
    (" i j , j -> i ", (2, 3), (3,)),
):  # fmt: skip
    case("einsum", lambda torch, *xs, e=equation: torch.einsum(e, *xs), *[f(*s) for s in shapes])
case("einsum", lambda torch, x, y: torch.einsum(x, [0, 1], y, [1, 2], [0, 2]), f(2, 3), f(3, 5))
case("einsum", lambda torch, x, y: torch.einsum(x, [..., 1], y, [..., 1]), f(2, 3), f(2, 3))
case("einsum", lambda torch, x, y: torch.einsum("ij,jk", [x, y]), f(2, 3), f(3, 5))
case("einsum", lambda torch, x, y: torch.einsum("ij,kj->ik", x, y), i(2, 3), i(5, 3), grad=False)

# -- more products
case("tensordot", lambda torch, x, y: torch.tensordot(x, y), f(2, 3, 5), f(3, 5, 7))
case("tensordot", lambda torch, x, y: torch.tensordot(x, y, dims=([1, 0], [0, 2])), f(2, 3, 5),
     f(3, 7, 2))  # fmt: skip
case("tensordot", lambda torch, x, y: torch.tensordot(x, y, 0), f(2), f(3))
case("kron", lambda torch, x, y: torch.kron(x, y), f(2, 3), f(3, 5))
case("kron", lambda torch, x, y: x.kron(y), f(3), f(2, 1, 5))
case("cross", lambda torch, x, y: torch.cross(x, y, dim=1), f(2, 3), f(2, 3))
case("cross", lambda torch, x, y: x.cross(y), f(3, 5), f(3, 1))
case("linalg_cross", lambda torch, x, y: torch.linalg.cross(x, y), f(2, 3), f(1, 3))
case("chain_matmul", lambda torch, x, y, z: torch.chain_matmul(x, y, z), f(2, 3), f(3, 5), f(5, 7))
case("multi_dot", lambda torch, x, y, z: torch.linalg.multi_dot([x, y, z]), f(3), f(3, 5), f(5, 7))
for n in (0, 1, 2, 5, -2):
    case("matrix_power", lambda torch, x, n=n: torch.linalg.matrix_power(good(torch, x), n), f(3, 3))
for p in (2.0, 1.0, 0.5, 3.0, float("inf")):
    case("cdist", lambda torch, x, y, p=p: torch.cdist(x, y, p=p), f(3, 5), f(2, 5))
case("cdist", lambda torch, x, y: torch.cdist(x, y, 0.0), f(3, 5), f(2, 5), numeric=False,
     note="a count has no gradient")  # fmt: skip
case("cdist", lambda torch, x, y: torch.cdist(x, y), f(2, 1, 3, 5), f(7, 2, 5))
case("vecdot", lambda torch, x, y: torch.linalg.vecdot(x, y, dim=0), f(3, 5), f(3, 5))

# -- matrix functions
case("inv", lambda torch, x: torch.linalg.inv(good(torch, x)), f(2, 3, 3))
case("inverse", lambda torch, x: torch.inverse(good(torch, x)), f(3, 3))
case("det", lambda torch, x: torch.linalg.det(x), f(2, 3, 3))
case("det", lambda torch, x: torch.det(x), f(5, 5))
case("det", lambda torch: torch.det(torch.tensor([[1.0, 2.0], [2.0, 4.0]])), grad=False)
case("slogdet", lambda torch, x: torch.linalg.slogdet(x)[1], f(3, 3))
case("slogdet", lambda torch, x: torch.slogdet(x), f(2, 3, 3), grad=False)
case("logdet", lambda torch, x: torch.logdet(positive(torch, x)), f(3, 3))
case("solve", lambda torch, x, y: torch.linalg.solve(good(torch, x), y), f(3, 3), f(3, 2))
case("solve", lambda torch, x, y: torch.linalg.solve(good(torch, x), y), f(2, 3, 3), f(2, 3))
case("solve", lambda torch, x, y: torch.linalg.solve(good(torch, x), y, left=False), f(3, 3), f(2, 3))
case("solve_triangular",
     lambda torch, x, y: torch.linalg.solve_triangular(good(torch, x), y, upper=True), f(3, 3),
     f(3, 2))  # fmt: skip
case("solve_triangular",
     lambda torch, x, y: torch.linalg.solve_triangular(x, y, upper=False, left=False,
                                                       unitriangular=True),
     f(3, 3), f(2, 3))  # fmt: skip
case("cholesky", lambda torch, x: torch.linalg.cholesky(positive(torch, x)), f(2, 3, 3))
case("cholesky", lambda torch, x: torch.linalg.cholesky(positive(torch, x), upper=True), f(3, 3))
case("eigh", lambda torch, x: torch.linalg.eigh(positive(torch, x))[0], f(3, 3))
case("eigh", lambda torch, x: torch.linalg.eigh(positive(torch, x))[1].square(), f(3, 3))
case("eigvalsh", lambda torch, x: torch.linalg.eigvalsh(positive(torch, x)), f(3, 3))
case("svd", lambda torch, x: torch.linalg.svd(x, full_matrices=False)[1], f(3, 5))
case("svd", lambda torch, x: torch.linalg.svd(x, False)[0].square(), f(5, 3))
case("svd", lambda torch, x: torch.linalg.svd(x, False)[2].square(), f(5, 3))
case("svdvals", lambda torch, x: torch.linalg.svdvals(x), f(3, 5))
case("qr", lambda torch, x: torch.linalg.qr(x)[0].abs(), f(5, 3))
case("qr", lambda torch, x: torch.linalg.qr(x)[1].abs(), f(3, 5))
case("pinv", lambda torch, x: torch.linalg.pinv(x), f(3, 5))
case("pinv", lambda torch, x: torch.linalg.pinv(x), f(5, 3))
case("matrix_rank", lambda torch, x: torch.linalg.matrix_rank(x), f(2, 3, 5), grad=False)
