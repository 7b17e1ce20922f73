"""Solving A·X = B in other ways: least squares, from a Cholesky factor, with an error code, …"""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from .. import errors
from ..autograd.graph import TensorBase, wrap
from ..autograd.rule import Array, op
from ..return_types import named
from .linalg import (
    LinAlgError,
    _copy_out,
    _pinv,
    check_matrix,
    cholesky,
    inv,
    is_vector,
    solve,
    solve_triangular,
)
from .lu import eliminate
from .matmul import product, swap
from .operands import dtype_title
from .shape import movedim, reshape, squeeze, transpose as swap_dims, unsqueeze

lstsq_result = named("linalg_lstsq", "solution", "residuals", "rank", "singular_values")
inv_ex_result = named("linalg_inv_ex", "inverse", "info")
solve_ex_result = named("linalg_solve_ex", "result", "info")
cholesky_ex_result = named("linalg_cholesky_ex", "L", "info")
triangular_solve_result = named("triangular_solve", "solution", "cloned_coefficient")


# -- least squares --------------------------------------------------------------------------------


def lstsq(A: Any, B: Any, rcond: float | None = None, *, driver: str | None = None) -> Any:
    """The X for which ‖A·X − B‖ is smallest, and of those the shortest.

    X = A⁺·B,  with A⁺ the pseudoinverse                                                      (1)
    residuals = Σ (A·X − B)² over rows, where A has more rows than columns and full rank      (2)

    Args:
        rcond   singular values at most rcond·σ₁ count as 0 (default: max(rows, columns)·eps)
        driver  LAPACK's routine, which decides what else is returned (default 'gelsy'): 'gelsy'
                the rank, 'gels' the residuals (A must have full rank), 'gelsd' and 'gelss' rank,
                residuals and singular values

    >>> A = torch.tensor([[1., 0.], [1., 1.], [1., 2.]])
    >>> torch.linalg.lstsq(A, torch.tensor([1., 3., 5.])).solution
    tensor([1.0000, 2.0000])
    """
    for position, (name, t) in enumerate((("A", A), ("B", B)), 1):
        if not isinstance(t, TensorBase):
            raise errors.not_a_tensor("linalg_lstsq", name, position, t)
    a, b = A._data, B._data
    if a.ndim < 2:
        raise RuntimeError("torch.linalg.lstsq: input must have at least 2 dimensions.")
    if b.ndim < 1:
        raise RuntimeError("torch.linalg.lstsq: other must have at least 1 dimension.")
    if a.dtype != b.dtype:
        raise RuntimeError(
            "torch.linalg.lstsq: Expected input and other to have the same dtype, but got input's "
            f"dtype {dtype_title(a)} and other's dtype {dtype_title(b)}"
        )
    if a.dtype not in (np.float32, np.float64):
        raise RuntimeError(
            f"torch.linalg.lstsq: expected float or double tensors, but got {dtype_title(a)}"
        )
    driver = "gelsy" if driver is None else driver
    if driver not in ("gels", "gelsy", "gelsd", "gelss"):
        raise RuntimeError(
            "torch.linalg.lstsq: parameter `driver` should be one of (gels, gelsy, gelsd, gelss), "
            f"but got {driver!r}"
        )
    vector = is_vector(a, b)
    right = unsqueeze(B, -1) if vector else B
    m, n = a.shape[-2:]
    if m != right._data.shape[-2]:
        raise RuntimeError(
            "torch.linalg.lstsq: input.size(-2) should match other.size(-2), but got "
            f"{m} and {right._data.shape[-2]}"
        )
    try:
        np.broadcast_shapes(a.shape[:-2], right._data.shape[:-2])
    except ValueError:
        raise errors.broadcast(a.shape[:-2], right._data.shape[:-2]) from None
    cut = float(np.finfo(a.dtype).eps) * max(m, n) if rcond is None else float(rcond)
    s = np.linalg.svd(a, compute_uv=False)
    rank = np.asarray((s > cut * s.max(-1, keepdims=True, initial=0)).sum(-1))
    full = driver != "gelsy" and m > n and (driver == "gels" or bool((rank == n).all()))
    x, residuals = _lstsq(A, right, 0.0 if driver == "gels" else cut, full)
    return lstsq_result(
        squeeze(x, -1) if vector else x,
        squeeze(residuals, -1) if vector and full else residuals,
        wrap(np.zeros(0, np.int64) if driver == "gels" else rank.astype(np.int64)),
        wrap(s if driver in ("gelsd", "gelss") else np.zeros(0, a.dtype)),
    )


@op(name="LinalgLstsq")
def _lstsq(A: Array, B: Array, cut: float, residuals: bool):
    inverse, back = _pinv.rule(A, 0.0, cut, False)
    x = product(inverse, B)  # (1)
    miss = product(A, x) - B
    r = np.square(miss).sum(-2) if residuals else np.zeros(0, A.dtype)  # (2)

    def vjp(g: Any, g_r: Any) -> Any:
        """X is the best: a small change of it does not change the residuals."""
        da: Any = 0.0
        db: Any = 0.0
        if g is not None:
            da, db = back(product(g, swap(B))), product(swap(inverse), g)
        if g_r is not None and residuals:
            slope = 2 * miss * g_r[..., None, :]
            da, db = da + product(slope, swap(x)), db - slope
        return da, db

    return (x, r), vjp


# -- with an error code instead of an error --------------------------------------------------------


def _zero_pivots(a: np.ndarray) -> np.ndarray:
    return eliminate(a)[2]


def _without(a: np.ndarray, bad: np.ndarray) -> np.ndarray:
    """The matrices, with the identity in the place of those that can't be inverted."""
    return np.where(bad[..., None, None], np.eye(a.shape[-1], dtype=a.dtype), a)


@op(name="LinalgInvEx", returns=inv_ex_result)
def _inv_ex(A: Array, info: Any):
    bad = info != 0
    out, back = inv.rule(_without(A, bad))
    out = np.where(bad[..., None, None], np.inf, out).astype(A.dtype)
    return (out, info), lambda g, _: back(g)


def inv_ex(A: Any, *, check_errors: bool = False, out: Any = None) -> Any:
    """(inverse, info): `info` is 0, or the place of the zero pivot of a singular matrix.

    The inverse of a singular matrix is inf here. check_errors=True raises instead.
    """
    if not isinstance(A, TensorBase):
        raise errors.not_a_tensor("linalg_inv_ex", "A", 1, A)
    check_matrix("inv_ex", A._data)
    info = _zero_pivots(A._data)
    if check_errors and info.any():
        raise LinAlgError(
            f"linalg.inv_ex: The diagonal element {info.max()} is zero, the inversion could not "
            "be completed because the input matrix is singular."
        )
    return _inv_ex(A, info) if out is None else _inv_ex(A, info, out=out)


@op
def _regular(A: Array, bad: Any):
    return _without(A, bad), lambda g: np.where(bad[..., None, None], 0, g)


def solve_ex(
    A: Any, B: Any, *, left: bool = True, check_errors: bool = False, out: Any = None
) -> Any:
    """(`solve`, info): the result of a singular system is inf, its info the zero pivot's place."""
    if not isinstance(A, TensorBase):
        raise errors.not_a_tensor("linalg_solve_ex", "A", 1, A)
    check_matrix("solve_ex", A._data)
    info = _zero_pivots(A._data)
    bad = info != 0
    if check_errors and bad.any():
        raise LinAlgError(
            "torch.linalg.solve_ex: The solver failed because the input matrix is singular."
        )
    x = solve(_regular(A, bad) if bad.any() else A, B, left=left)
    if bad.any():
        lost = bad[..., None] if is_vector(A._data, B._data) else bad[..., None, None]
        x = x.masked_fill(wrap(np.broadcast_to(lost, x._data.shape)), np.inf)
    if out is None:
        return solve_ex_result(x, wrap(info))
    return solve_ex_result(_copy_out(x, out=out[0]), _copy_out(wrap(info), out=out[1]))


def _leading_minor(a: np.ndarray) -> int:
    """The order of the first leading part of a matrix that is not positive-definite; 0 if none."""
    for k in range(1, len(a) + 1):
        try:
            np.linalg.cholesky(a[:k, :k])
        except np.linalg.LinAlgError:
            return k
    return 0


@op(name="LinalgCholeskyEx", returns=cholesky_ex_result)
def _cholesky_ex(A: Array, info: Any, upper: bool):
    out, back = cholesky.rule(_without(A, info != 0), upper=upper)
    return (out, info), lambda g, _: back(g)


def cholesky_ex(A: Any, *, upper: bool = False, check_errors: bool = False, out: Any = None) -> Any:
    """(`cholesky`, info): info is 0, or the order of the first minor that is not positive.

    The factor of a matrix that has none is the identity here.
    """
    if not isinstance(A, TensorBase):
        raise errors.not_a_tensor("linalg_cholesky_ex", "A", 1, A)
    check_matrix("cholesky_ex", A._data)
    a = A._data
    flat = a.reshape(prod(a.shape[:-2]), *a.shape[-2:])
    minors = [_leading_minor(x.T if upper else x) for x in flat]
    info = np.array(minors, np.int32).reshape(a.shape[:-2])
    if check_errors and info.any():
        raise LinAlgError(
            "linalg.cholesky_ex: The factorization could not be completed because the input is "
            f"not positive-definite (the leading minor of order {info.max()} is not "
            "positive-definite)."
        )
    return _cholesky_ex(A, info, upper) if out is None else _cholesky_ex(A, info, upper, out=out)


# -- from factors ---------------------------------------------------------------------------------


def cholesky_solve(B: Any, L: Any, upper: bool = False, *, out: Any = None) -> Any:
    """X with A·X = B from A's Cholesky factor L.

    L·(Lᵀ·X) = B,  upper: Uᵀ·(U·X) = B                                                        (3)
    ∂B = A⁻¹·g,   ∂L = −(∂B·Xᵀ + X·∂Bᵀ)·L                                                     (4)

    >>> A = torch.tensor([[4., 2.], [2., 3.]])
    >>> torch.cholesky_solve(torch.eye(2), torch.linalg.cholesky(A)) @ A
    tensor([[1., 0.],
            [0., 1.]])
    """
    for position, (name, t) in enumerate((("input", B), ("input2", L)), 1):
        if not isinstance(t, TensorBase):
            raise errors.not_a_tensor("cholesky_solve", name, position, t)
    b, low = B._data, L._data
    for name, a in (("b", b), ("u", low)):
        if a.ndim < 2:
            raise RuntimeError(
                f"{name} should have at least 2 dimensions, but has {a.ndim} dimensions instead"
            )
    if low.shape[-1] != low.shape[-2]:
        raise RuntimeError(
            f"A must be batches of square matrices, but they are {low.shape[-2]} by "
            f"{low.shape[-1]} matrices"
        )
    if low.shape[-1] != b.shape[-2]:
        raise RuntimeError(
            f"Incompatible matrix sizes for cholesky_solve: each A matrix is {low.shape[-1]} by "
            f"{low.shape[-1]} but each b matrix is {b.shape[-2]} by {b.shape[-1]}"
        )
    return _cholesky_solve(B, L, upper) if out is None else _cholesky_solve(B, L, upper, out=out)


@op(name="CholeskySolve")
def _cholesky_solve(B: Array, L: Array, upper: bool):
    low = swap(np.triu(L)) if upper else np.tril(L)

    def both(b: np.ndarray) -> np.ndarray:
        return np.linalg.solve(swap(low), np.linalg.solve(low, b))

    x = both(B)  # (3)

    def vjp(g: Array) -> Any:
        db = both(g)
        twice = product(db, swap(x))
        dl = -product(twice + swap(twice), low)  # (4)
        return db, swap(dl) if upper else dl

    return x, vjp


def cholesky_inverse(L: Any, upper: bool = False, *, out: Any = None) -> Any:
    """A⁻¹ from A's Cholesky factor: equation (3) with B = I."""
    if not isinstance(L, TensorBase):
        raise errors.not_a_tensor("cholesky_inverse", "input", 1, L)
    check_matrix("cholesky_inverse", L._data)
    identity = np.broadcast_to(np.eye(L._data.shape[-1], dtype=L._data.dtype), L._data.shape)
    return cholesky_solve(wrap(identity), L, upper, out=out)


def triangular_solve(
    b: Any, A: Any, upper: bool = True, transpose: bool = False, unitriangular: bool = False
) -> Any:
    """`linalg.solve_triangular` under its older name, which returns a copy of A, too."""
    for position, (name, t) in enumerate((("input", b), ("A", A)), 1):
        if not isinstance(t, TensorBase):
            raise errors.not_a_tensor("triangular_solve", name, position, t)
        if t._data.ndim < 2:
            raise RuntimeError(
                f"torch.triangular_solve: Expected {name} to have at least 2 dimensions, but it "
                f"has {t._data.ndim} dimensions instead"
            )
    a = swap_dims(A, -2, -1) if transpose else A
    side = upper != transpose
    x = solve_triangular(a, b, upper=side, unitriangular=unitriangular)
    return triangular_solve_result(x, A.clone())


# -- tensors as matrices --------------------------------------------------------------------------


def tensorinv(A: Any, ind: int = 2, *, out: Any = None) -> Any:
    """The inverse of A as a linear map from its last dims to its first `ind` dims.

    Shape: (…₁, …₂) -> (…₂, …₁), where the sizes of …₁ (`ind` dims) and …₂ multiply to one number.
    """
    if ind <= 0:
        raise RuntimeError(f"Expected a strictly positive integer for 'ind', but got {ind}")
    shape = A._data.shape
    head, tail = shape[:ind], shape[ind:]
    if prod(head) != prod(tail):
        raise RuntimeError(
            "Expected self to satisfy the requirement prod(self.shape[ind:]) == "
            f"prod(self.shape[:ind]), but got {prod(tail)} != {prod(head)}"
        )
    made = reshape(inv(reshape(A, (prod(head), prod(tail)))), (*tail, *head))
    return made if out is None else _copy_out(made, out=out)


def tensorsolve(A: Any, B: Any, dims: Any = None, *, out: Any = None) -> Any:
    """X with Σ A[b, x]·X[x] = B[b], where b and x stand for several dims each.

    Args:
        dims  dims of A that are moved to its end first
    """
    if dims is not None:
        ends = tuple(range(A._data.ndim - len(dims), A._data.ndim))
        A = movedim(A, tuple(dims), ends)
    shape = A._data.shape[B._data.ndim :]
    head = A._data.shape[: B._data.ndim]
    if prod(shape) != prod(head):
        raise RuntimeError(
            "Expected self to satisfy the requirement prod(self.shape[other.ndim:]) == "
            f"prod(self.shape[:other.ndim]), but got {prod(shape)} != {prod(head)}"
        )
    matrix = reshape(A, (prod(head), prod(shape)))
    made = reshape(solve(matrix, reshape(B, (-1,))), shape)
    return made if out is None else _copy_out(made, out=out)
