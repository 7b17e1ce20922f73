"""Matrix functions: inverse, determinant, solve, and the factorisations (torch.linalg).

The numbers come from LAPACK through numpy.linalg; this file adds batches of size 0, PyTorch's
errors and the derivatives. With A⁻ᵀ the inverse's transpose:

    inv        ∂A = −A⁻ᵀ·g·A⁻ᵀ                                                                (1)
    det        ∂A = g·det(A)·A⁻ᵀ  (by cofactors where A is singular)                          (2)
    slogdet    ∂A = g·A⁻ᵀ                                                                     (3)
    solve      ∂B = A⁻ᵀ·g,  ∂A = −∂B·Xᵀ                                                       (4)
    cholesky   ∂A = sym(L⁻ᵀ·Φ(Lᵀ·g)·L⁻¹),  Φ = lower triangle, half the diagonal              (5)
    eigh       ∂A = V·(diag(g_λ) + (Vᵀ·g_V) / (λⱼ − λᵢ))·Vᵀ                                   (6)

Source: M. Giles, "An extended collection of matrix derivative results for forward and reverse
mode algorithmic differentiation" (2008); I. Murray, "Differentiation of the Cholesky
decomposition" (2016).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import dtypes, errors
from ..autograd.graph import TensorBase, wrap
from ..autograd.rule import Array, op
from ..return_types import named
from .matmul import matmul, product, swap
from .shape import movedim, squeeze, transpose, unsqueeze

LinAlgError = type("LinAlgError", (RuntimeError,), {"__doc__": "A matrix that has no such factor."})

slogdet_result = named("linalg_slogdet", "sign", "logabsdet")
eigh_result = named("linalg_eigh", "eigenvalues", "eigenvectors")
qr_result = named("linalg_qr", "Q", "R")
svd_result = named("linalg_svd", "U", "S", "Vh")


def check_matrix(function: str, a: np.ndarray, square: bool = True) -> None:
    """Raise unless a holds (square) matrices of floats."""
    if a.ndim < 2:
        raise RuntimeError(
            f"linalg.{function}: The input tensor A must have at least 2 dimensions."
        )
    if square and a.shape[-1] != a.shape[-2]:
        raise RuntimeError(
            f"linalg.{function}: A must be batches of square matrices, but they are "
            f"{a.shape[-2]} by {a.shape[-1]} matrices"
        )
    if a.dtype not in (np.float32, np.float64):
        raise RuntimeError(
            f"linalg.{function}: Expected a floating point or complex tensor as input. Got "
            f"{dtypes.from_numpy(a.dtype).title}"
        )


def _singular(function: str) -> Exception:
    return LinAlgError(
        f"linalg.{function}: The diagonal element is zero, the inversion could not be completed "
        "because the input matrix is singular."
    )


@op(name="LinalgInvEx")
def inv(A: Array):
    """The inverse of each matrix: A·A⁻¹ = I. Equation (1)."""
    check_matrix("inv", A)
    try:
        out = np.linalg.inv(A)
    except np.linalg.LinAlgError:
        raise _singular("inv") from None
    return out, lambda g: -product(product(swap(out), g), swap(out))


def inverse(input: Any, *, out: Any = None) -> Any:
    """`torch.linalg.inv` under its older name."""
    return inv(input) if out is None else inv(input, out=out)


def _cofactors(a: np.ndarray) -> np.ndarray:
    """det(A)·A⁻ᵀ, finite where A is singular: U·V with the other singular values multiplied."""
    u, s, vh = np.linalg.svd(a)
    n = s.shape[-1]
    others = np.stack([np.delete(s, i, -1).prod(-1) for i in range(n)], -1) if n else s
    sign = np.linalg.det(u) * np.linalg.det(vh)
    return product(u * (others * sign[..., None])[..., None, :], vh)


@op(name="LinalgDet")
def det(A: Array):
    """The determinant of each matrix. Equation (2)."""
    check_matrix("det", A)
    return np.linalg.det(A), lambda g: g[..., None, None] * _cofactors(A)


@op(name="LinalgSlogdet", returns=slogdet_result)
def slogdet(A: Array):
    """(sign, log |det A|) of each matrix: finite where det overflows. Equation (3)."""
    check_matrix("slogdet", A)
    sign, logabs = np.linalg.slogdet(A)

    def vjp(g_sign: Array, g: Array) -> Array:
        if g is None:
            return np.zeros_like(A)
        return g[..., None, None] * swap(np.linalg.inv(A))

    return (np.asarray(sign), np.asarray(logabs)), vjp


@op(name="Logdet")
def logdet(input: Array):
    """log det A of each matrix; nan where the determinant is negative."""
    check_matrix("logdet", input)
    sign, logabs = np.linalg.slogdet(input)
    out = np.where(sign < 0, np.nan, logabs).astype(input.dtype)
    return out, lambda g: g[..., None, None] * swap(np.linalg.inv(input))


def is_vector(a: np.ndarray, b: np.ndarray) -> bool:
    """Whether B of A·X = B holds vectors: 1-d, or one for each matrix of a batch."""
    return b.ndim == 1 or (a.ndim - 1 == b.ndim and b.shape == a.shape[:-1])


@op(name="LinalgSolveEx")
def _solve(A: Array, B: Array):
    try:
        out = np.linalg.solve(A, B)
    except np.linalg.LinAlgError:
        raise LinAlgError(
            "torch.linalg.solve: The solver failed because the input matrix is singular."
        ) from None

    def vjp(g: Array) -> Any:  # (4)
        db = np.linalg.solve(swap(A), g)
        return -product(db, swap(out)), db

    return out, vjp


def solve(A: Any, B: Any, *, left: bool = True, out: Any = None) -> Any:
    """X with A·X = B, or X·A = B with left=False; B holds vectors or matrices. Equation (4)."""
    for position, (name, t) in enumerate((("A", A), ("B", B)), 1):
        if not isinstance(t, TensorBase):
            raise errors.not_a_tensor("linalg_solve", name, position, t)
    check_matrix("solve", A._data)
    if A._data.dtype != B._data.dtype:
        raise RuntimeError(
            "linalg.solve: Expected A and B to have the same dtype, but found A of type "
            f"{dtypes.from_numpy(A._data.dtype).title} and B of type "
            f"{dtypes.from_numpy(B._data.dtype).title} instead"
        )
    vector = is_vector(A._data, B._data)
    if vector and not left:
        raise RuntimeError(
            "linalg.solve: Vector broadcasting of the left hand side is not supported for "
            "left=False."
        )
    b = unsqueeze(B, -1) if vector else B
    side = -2 if left else -1
    if b._data.ndim < 2 or A._data.shape[-1] != b._data.shape[side]:
        raise RuntimeError(
            f"linalg.solve: Incompatible shapes of A and B for the equation "
            f"{'AX = B' if left else 'XA = B'} ({A._data.shape[-2]}x{A._data.shape[-1]} and "
            f"{b._data.shape[-2] if b._data.ndim > 1 else 1}x{b._data.shape[-1]})"
        )
    try:
        np.broadcast_shapes(A._data.shape[:-2], b._data.shape[:-2])
    except ValueError:
        raise errors.broadcast(A._data.shape[:-2], b._data.shape[:-2]) from None
    x = (
        _solve(A, b)
        if left
        else transpose(_solve(transpose(A, -2, -1), transpose(b, -2, -1)), -2, -1)
    )
    x = squeeze(x, -1) if vector else x
    return x if out is None else _copy_out(x, out=out)


@op
def _copy_out(input: Array):
    return input.copy(), lambda g: g


@op(name="LinalgCholeskyEx")
def cholesky(A: Array, *, upper: bool = False):
    """L with A = L·Lᵀ, L lower triangular (upper=True: A = Uᵀ·U). Equation (5)."""
    check_matrix("cholesky", A)
    try:
        low = np.linalg.cholesky(swap(A) if upper else A)
    except np.linalg.LinAlgError:
        raise LinAlgError(
            "linalg.cholesky: The factorization could not be completed because the input is not "
            "positive-definite."
        ) from None

    def vjp(g: Array) -> Array:  # (5)
        g = swap(g) if upper else g
        phi = np.tril(product(swap(low), g))
        diagonal = np.arange(phi.shape[-1])
        phi[..., diagonal, diagonal] *= 0.5
        inverse = np.linalg.inv(low)
        d = product(product(swap(inverse), phi), inverse)
        return (d + swap(d)) * 0.5

    return swap(low).copy() if upper else low, vjp


@op(name="LinalgEigh", returns=eigh_result)
def eigh(A: Array, UPLO: str = "L"):
    """Eigenvalues, ascending, and eigenvectors of symmetric matrices: A = V·diag(λ)·Vᵀ. (6)"""
    check_matrix("eigh", A)
    if UPLO not in ("L", "U", "l", "u"):
        raise RuntimeError(f"Expected UPLO argument to be 'L' or 'U', but got {UPLO}")
    values, vectors = np.linalg.eigh(A, "L" if UPLO in "Ll" else "U")

    def vjp(g_values: Array, g_vectors: Array) -> Array:  # (6)
        inner = np.zeros_like(A)
        if g_vectors is not None:
            gaps = values[..., None, :] - values[..., :, None]
            diagonal = np.arange(values.shape[-1])
            gaps[..., diagonal, diagonal] = np.inf
            inner = product(swap(vectors), g_vectors) / gaps
        if g_values is not None:
            inner = inner + g_values[..., None] * np.eye(values.shape[-1], dtype=A.dtype)
        d = product(product(vectors, inner), swap(vectors))
        return (d + swap(d)) * 0.5

    return (values, vectors), vjp


def eigvalsh(A: Any, UPLO: str = "L", *, out: Any = None) -> Any:
    """The eigenvalues of symmetric matrices, ascending."""
    values = eigh(A, UPLO)[0]
    return values if out is None else _copy_out(values, out=out)


def _no_derivative(case: str) -> Any:
    def vjp(*gs: Array) -> Any:
        raise RuntimeError(f"The derivative of linalg.qr is not implemented for {case}")

    return vjp


@op(name="LinalgQr", returns=qr_result)
def qr(A: Array, mode: str = "reduced"):
    """A = Q·R with orthonormal columns in Q and upper triangular R; mode reduced, complete or r.

    ∂A = (g_Q + Q·sym(M))·R⁻ᵀ,   M = R·g_Rᵀ − g_Qᵀ·Q,  sym from M's lower triangle            (7)

    A wide A = [X Y] has R = [U QᵀY]: equation (7) for X = Q·U, with g_Q + Y·g_Vᵀ; ∂Y = Q·g_V.
    """
    check_matrix("qr", A, square=False)
    if mode not in ("reduced", "complete", "r"):
        raise RuntimeError(
            f"qr received unrecognized mode '{mode}' but expected one of 'reduced' (default), 'r', "
            "or 'complete'"
        )
    if mode == "r":
        return (np.zeros(0, A.dtype), np.linalg.qr(A, "r")), _no_derivative("mode='r'")
    q, r = np.linalg.qr(A, "complete" if mode == "complete" else "reduced")
    n = A.shape[-1]
    if q.shape[-1] > n:
        return (q, r), _no_derivative("mode='complete' and more rows than columns")
    k = q.shape[-1]  # columns of X

    def vjp(g_q: Array, g_r: Array) -> Array:
        g_q = np.zeros_like(q) if g_q is None else g_q
        g_r = np.zeros_like(r) if g_r is None else g_r
        if k < n:
            g_v = g_r[..., k:]
            g_q = g_q + product(A[..., k:], swap(g_v))
        u, g_u = r[..., :k], g_r[..., :k]
        m = product(u, swap(g_u)) - product(swap(g_q), q)  # (7)
        symmetric = np.tril(m, -1) + swap(np.tril(m))
        d = swap(np.linalg.solve(u, swap(g_q + product(q, symmetric))))
        return d if k == n else np.concatenate([d, product(q, g_v)], -1)

    return (q, r), vjp


@op(name="LinalgSvd", returns=svd_result)
def _svd(A: Array, full_matrices: bool):
    u, s, vh = np.linalg.svd(A, full_matrices)
    k = s.shape[-1]
    thin_u, thin_vh = u[..., :k], vh[..., :k, :]

    def vjp(g_u: Array, g_s: Array, g_vh: Array) -> Array:
        """∂A = U·[(F∘skew(Uᵀg_U))·S + S·(F∘skew(Vᵀg_V)) + diag(g_S)]·Vᵀ + what lies outside."""
        g_u = None if g_u is None else g_u[..., :k]  # the rest of a full U or V is arbitrary
        g_vh = None if g_vh is None else g_vh[..., :k, :]
        gaps = s[..., None, :] ** 2 - s[..., :, None] ** 2
        at = np.arange(k)
        gaps[..., at, at] = np.inf
        inner = np.zeros((*s.shape, k), A.dtype)
        inner[..., at, at] = 0 if g_s is None else g_s
        extra: Any = 0
        if g_u is not None:
            p = product(swap(thin_u), g_u)
            inner = inner + (p - swap(p)) / gaps * s[..., None, :]
            extra = product((g_u - product(thin_u, p)) / s[..., None, :], thin_vh)
        if g_vh is not None:
            g_v = swap(g_vh)
            p = product(thin_vh, g_v)
            inner = inner + s[..., :, None] * ((p - swap(p)) / gaps)
            rest = (g_v - product(swap(thin_vh), p)) / s[..., None, :]
            extra = extra + product(thin_u, swap(rest))
        return product(product(thin_u, inner), thin_vh) + extra

    return (u, s, vh), vjp


def svd(A: Any, full_matrices: bool = True) -> Any:
    """`torch.linalg.svd`: A = U·diag(S)·Vh with S descending."""
    if not isinstance(A, TensorBase):
        raise errors.not_a_tensor("linalg_svd", "A", 1, A)
    check_matrix("svd", A._data, square=False)
    return _svd(A, full_matrices)


def svdvals(A: Any, *, out: Any = None) -> Any:
    """The singular values of each matrix, descending."""
    values = svd(A, False)[1]
    return values if out is None else _copy_out(values, out=out)


@op(name="LinalgPinv")
def _pinv(A: Array, atol: Any, rtol: Any, hermitian: bool):
    u, s, vh = np.linalg.svd(_symmetric(A) if hermitian else A, full_matrices=False)
    cut = np.maximum(atol, rtol * s.max(-1, keepdims=True, initial=0))
    inverse = np.where(s > cut, 1 / np.where(s > cut, s, 1), 0)
    out = product(swap(vh) * inverse[..., None, :], swap(u))

    def vjp(g: Array) -> Array:
        """∂A = −Pᵀ·g·Pᵀ + the parts outside the row and column space (Golub and Pereyra 1973)."""
        p = out
        first = -product(swap(p), product(g, swap(p)))
        left = np.eye(A.shape[-2], dtype=A.dtype) - product(A, p)
        right = np.eye(A.shape[-1], dtype=A.dtype) - product(p, A)
        second = product(left, product(swap(g), product(p, swap(p))))
        third = product(product(swap(p), p), product(swap(g), right))
        return first + second + third

    return out, vjp


def pinv(
    A: Any, *, atol: Any = None, rtol: Any = None, hermitian: bool = False, out: Any = None
) -> Any:
    """The Moore-Penrose inverse: singular values at most max(atol, rtol·σ₁) count as zero.

    Args:
        atol, rtol  default 0 and max(rows, columns)·eps (rtol 0 where atol > 0 is given)
        hermitian   A is symmetric (the result is the same)
    """
    if not isinstance(A, TensorBase):
        raise errors.not_a_tensor("linalg_pinv", "A", 1, A)
    check_matrix("pinv", A._data, square=hermitian)
    a = A._data
    absolute = 0.0 if atol is None else _tolerance(atol)
    if rtol is not None:
        relative = _tolerance(rtol)
    elif atol is not None and np.any(np.asarray(absolute) > 0):
        relative = 0.0
    else:
        relative = float(np.finfo(a.dtype).eps) * max(a.shape[-2:])
    made = _pinv(A, absolute, relative, hermitian)
    return made if out is None else _copy_out(made, out=out)


def _symmetric(a: np.ndarray) -> np.ndarray:
    """The symmetric matrix that a lower triangle stands for."""
    return np.tril(a) + swap(np.tril(a, -1))


def _tolerance(x: Any) -> Any:
    return x._data[..., None] if isinstance(x, TensorBase) else float(x)


def matrix_rank(A: Any, *, atol: Any = None, rtol: Any = None, hermitian: bool = False) -> Any:
    """How many singular values are above max(atol, rtol·σ₁)."""
    check_matrix("matrix_rank", A._data, square=hermitian)
    a = _symmetric(A._data) if hermitian else A._data
    s = np.linalg.svd(a, compute_uv=False)
    absolute = 0.0 if atol is None else _tolerance(atol)
    if rtol is not None:
        relative = _tolerance(rtol)
    else:
        given = atol is not None and np.any(np.asarray(absolute) > 0)
        relative = 0.0 if given else float(np.finfo(a.dtype).eps) * max(a.shape[-2:])
    cut = np.maximum(absolute, relative * s.max(-1, keepdims=True, initial=0))
    return wrap(np.asarray((s > cut).sum(-1), np.int64))


@op(name="LinalgSolveTriangular")
def solve_triangular(
    A: Array, B: Array, *, upper: bool, left: bool = True, unitriangular: bool = False
):
    """X with A·X = B (X·A = B with left=False); only one triangle of A is read.

    Equation (4), with ∂A cut to that triangle.
    """
    check_matrix("solve_triangular", A)
    size = B.shape[-2 if left else -1] if B.ndim > 1 else -1
    if A.shape[-1] != size:
        raise RuntimeError(
            "linalg.solve_triangular: Incompatible shapes of A and B for the equation "
            f"{'AX = B' if left else 'XA = B'} ({A.shape[-2]}x{A.shape[-1]} and "
            f"{B.shape[-2] if B.ndim > 1 else 1}x{B.shape[-1]})"
        )
    cut = np.triu if upper else np.tril
    t = cut(A)
    if unitriangular:
        at = np.arange(t.shape[-1])
        t[..., at, at] = 1
    out = np.linalg.solve(t, B) if left else swap(np.linalg.solve(swap(t), swap(B)))

    def vjp(g: Array) -> Any:
        if left:
            db = np.linalg.solve(swap(t), g)
            da = -product(db, swap(out))
        else:
            db = swap(np.linalg.solve(t, swap(g)))
            da = -product(swap(out), db)
        da = cut(da, (1 if upper else -1) if unitriangular else 0)
        return da, db

    return np.ascontiguousarray(out), vjp


def vecdot(x: Any, y: Any, *, dim: int = -1, out: Any = None) -> Any:
    """Σ x·y along one dim, with broadcasting."""
    a, b = movedim(x, dim, -1), movedim(y, dim, -1)
    made = squeeze(squeeze(matmul(unsqueeze(a, -2), unsqueeze(b, -1)), -1), -1)
    return made if out is None else _copy_out(made, out=out)


def pinverse(input: Any, rcond: float = 1e-15) -> Any:
    """`torch.linalg.pinv` under its older name; rcond is rtol."""
    return pinv(input, rtol=rcond)
