"""The LU decomposition, Gauss's elimination kept in two triangles: A = P·L·U.

P permutes rows, L is lower triangular with ones on its diagonal, U upper triangular. In one
matrix: U on and above the diagonal, L below it; `pivots` holds the row exchanges, counted from 1.

    with Lᵀ·g_L cut to the strict lower and g_U·Uᵀ to the upper triangle,
    Pᵀ·∂A = L⁻ᵀ·[tril₋₁(Lᵀ·g_L) + triu(g_U·Uᵀ)]·U⁻ᵀ                                           (1)

    a wide A = [A₁ A₂] has U₂ = L⁻¹·A₂:   ∂A₂ = L⁻ᵀ·g_U₂,   g_L −= ∂A₂·U₂ᵀ                    (2)
    a tall A = [A₁; A₂] has L₂ = A₂·U⁻¹:  ∂A₂ = g_L₂·U⁻ᵀ,   g_U −= L₂ᵀ·∂A₂                    (3)

Source: Golub and Van Loan, "Matrix Computations", chapter 3.
"""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from .. import errors
from ..autograd.graph import TensorBase, wrap
from ..autograd.rule import Array, op
from ..return_types import named
from .linalg import _copy_out, solve_triangular
from .matmul import matmul, product, swap
from .operands import not_implemented
from .shape import transpose
from .triangle import tril, triu

lu_result = named("linalg_lu", "P", "L", "U")
lu_factor_result = named("linalg_lu_factor", "LU", "pivots")
lu_factor_ex_result = named("linalg_lu_factor_ex", "LU", "pivots", "info")
lu_with_info_result = named("_lu_with_info", "LU", "pivots", "info")
lu_unpack_result = named("lu_unpack", "P", "L", "U")


def eliminate(a: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(LU, pivots, info) of a batch of matrices; info: the first zero on U's diagonal, or 0."""
    m, n = a.shape[-2:]
    lu = a.reshape(prod(a.shape[:-2]), m, n).copy()
    batch = np.arange(len(lu))
    k = min(m, n)
    pivots = np.zeros((len(lu), k), np.int32)
    info = np.zeros(len(lu), np.int32)
    for j in range(k):
        p = j + np.abs(lu[:, j:, j]).argmax(1)  # the largest element of the column: stable
        pivots[:, j] = p + 1
        lu[batch, j], lu[batch, p] = lu[batch, p], lu[batch, j].copy()
        zero = lu[:, j, j] == 0
        info[zero & (info == 0)] = j + 1
        lu[:, j + 1 :, j] /= np.where(zero, 1, lu[:, j, j])[:, None]
        lu[:, j + 1 :, j + 1 :] -= lu[:, j + 1 :, j, None] * lu[:, None, j, j + 1 :]
    shape = a.shape[:-2]
    return lu.reshape(a.shape), pivots.reshape(*shape, k), info.reshape(shape)


def _rows(pivots: np.ndarray, m: int) -> np.ndarray:
    """Which row of A stands in each row of L·U, from the exchanges."""
    flat = pivots.reshape(prod(pivots.shape[:-1]), pivots.shape[-1])
    rows = np.tile(np.arange(m), (len(flat), 1))
    batch = np.arange(len(flat))
    for j in range(flat.shape[1]):
        p = flat[:, j] - 1
        rows[batch, j], rows[batch, p] = rows[batch, p], rows[batch, j].copy()
    return rows.reshape(*pivots.shape[:-1], m)


def _permutation(pivots: np.ndarray, m: int, dtype: Any) -> np.ndarray:
    """P of A = P·L·U."""
    return swap(np.eye(m, dtype=dtype)[_rows(pivots, m)])


def _triangles(lu: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    m, n = lu.shape[-2:]
    k = min(m, n)
    return np.tril(lu[..., :k], -1) + np.eye(m, k, dtype=lu.dtype), np.triu(lu[..., :k, :])


def _gradient(g_l: Any, g_u: Any, low: np.ndarray, up: np.ndarray) -> np.ndarray:
    """Pᵀ·∂A: equations (1) to (3)."""
    k = up.shape[-2]
    l1, u1, l2, u2 = low[..., :k, :], up[..., :k], low[..., k:, :], up[..., k:]
    g_l = np.zeros_like(low) if g_l is None else g_l
    g_u = np.zeros_like(up) if g_u is None else g_u
    g_l1, g_u1 = g_l[..., :k, :], g_u[..., :k]
    if u2.shape[-1]:
        wide = np.linalg.solve(swap(l1), g_u[..., k:])
        g_l1 = g_l1 - product(wide, swap(u2))  # (2)
    if l2.shape[-2]:
        tall = swap(np.linalg.solve(u1, swap(g_l[..., k:, :])))
        g_u1 = g_u1 - product(swap(l2), tall)  # (3)
    inner = np.tril(product(swap(l1), g_l1), -1) + np.triu(product(g_u1, swap(u1)))
    d = np.linalg.solve(swap(l1), swap(np.linalg.solve(u1, swap(inner))))  # (1)
    if u2.shape[-1]:
        d = np.concatenate([d, wide], -1)
    return np.concatenate([d, tall], -2) if l2.shape[-2] else d


def _check(function: str, a: np.ndarray, pivot: bool) -> None:
    if a.ndim < 2:
        raise RuntimeError(
            f"torch.{function}: Expected tensor with 2 or more dimensions. Got size: "
            f"{errors.shape_text(a.shape)} instead"
        )
    if a.dtype not in (np.float32, np.float64):
        raise not_implemented("lu_cpu", a)
    if not pivot:
        raise RuntimeError(f"linalg.{function}: LU without pivoting is not implemented on the CPU")


@op(name="LinalgLuFactorEx")
def _lu_factor(A: Array):
    lu, pivots, info = eliminate(A)
    low, up = _triangles(lu)
    k, inverse = up.shape[-2], np.argsort(_rows(pivots, A.shape[-2]), -1)[..., None]

    def vjp(g: Array, *_: Any) -> Array:
        d = _gradient(np.tril(g[..., :k], -1), np.triu(g[..., :k, :]), low, up)
        return np.take_along_axis(d, inverse, -2)

    return (lu, pivots, info), vjp


def lu_factor_ex(A: Any, *, pivot: bool = True, check_errors: bool = False, out: Any = None) -> Any:
    """`lu_factor`, and `info`: 0, or the place of the first zero on U's diagonal."""
    if not isinstance(A, TensorBase):
        raise errors.not_a_tensor("linalg_lu_factor_ex", "A", 1, A)
    _check("lu_factor", A._data, pivot)
    found = _lu_factor(A, out=out) if out is not None else _lu_factor(A)
    if check_errors and found[2]._data.any():
        at = int(found[2]._data.max())
        raise RuntimeError(
            f"torch.linalg.lu_factor: U[{at},{at}] is zero and using it on lu_solve would result "
            "in a division by zero. If you still want to perform the factorization, consider "
            "calling linalg.lu(A, pivot) or linalg.lu_factor_ex(A, pivot)"
        )
    return lu_factor_ex_result(*found)


def lu_factor(A: Any, *, pivot: bool = True, out: Any = None) -> Any:
    """(LU, pivots): both triangles in one matrix, and the row exchanges.

    Raises: RuntimeError for a singular matrix, whose U has a zero on the diagonal.
    """
    if out is not None:
        out = (*out, wrap(np.empty(0, np.int32)))
    return lu_factor_result(*lu_factor_ex(A, pivot=pivot, check_errors=True, out=out)[:2])


@op(name="LinalgLu")
def _lu(A: Array, factors: Any, p: Any):
    low, up = _triangles(factors)
    return (low, up), lambda g_l, g_u: product(p, _gradient(g_l, g_u, low, up))


def lu(A: Any, *, pivot: bool = True, out: Any = None) -> Any:
    """(P, L, U) with A = P·L·U.

    >>> P, L, U = torch.linalg.lu(torch.tensor([[1., 2.], [4., 4.]]))
    >>> U
    tensor([[4., 4.],
            [0., 1.]])
    """
    if not isinstance(A, TensorBase):
        raise errors.not_a_tensor("linalg_lu", "A", 1, A)
    _check("lu", A._data, pivot)
    factors, pivots, _ = eliminate(A._data)
    p = _permutation(pivots, A._data.shape[-2], A._data.dtype)
    if out is None:
        return lu_result(wrap(p), *_lu(A, factors, p))
    return lu_result(_copy_out(wrap(p), out=out[0]), *_lu(A, factors, p, out=out[1:]))


def lu_solve(
    LU: Any, pivots: Any, B: Any, *, left: bool = True, adjoint: bool = False, out: Any = None
) -> Any:
    """X with A·X = B from A's factors: two triangular systems, no new elimination.

    L·(U·X) = Pᵀ·B;  adjoint: Aᵀ·X = B;  left=False: X·A = B                                  (4)
    """
    lu_, b = LU._data, B._data
    for name, a in (("LU", lu_), ("B", b)):
        if a.ndim < 2:
            raise RuntimeError(
                f"linalg.lu_solve: The input tensor {name} must have at least 2 dimensions."
            )
    if lu_.shape[-1] != lu_.shape[-2]:
        raise RuntimeError(
            "linalg.lu_solve: LU must be batches of square matrices, but they are "
            f"{lu_.shape[-2]} by {lu_.shape[-1]} matrices"
        )
    if pivots._data.dtype != np.int32:
        raise RuntimeError("linalg.lu_solve: pivots should be a Tensor of scalar type torch.int32")
    if lu_.dtype != b.dtype:
        raise RuntimeError(
            f"linalg.lu_solve: Expected LU and B to have the same dtype, but found LU of type "
            f"{lu_.dtype} and B of type {b.dtype} instead"
        )
    if b.shape[-2 if left else -1] != lu_.shape[-1]:
        raise RuntimeError(
            "linalg.lu_solve: Incompatible shapes of A and B for the equation "
            f"{'AX = B' if left else 'XA = B'} ({lu_.shape[-2]}x{lu_.shape[-1]} and "
            f"{b.shape[-2]}x{b.shape[-1]})"
        )
    if not left:
        turned = lu_solve(LU, pivots, transpose(B, -2, -1), adjoint=not adjoint)
        return _stored(transpose(turned, -2, -1), out)
    p = wrap(_permutation(pivots._data, lu_.shape[-1], lu_.dtype))
    low, up = tril(LU, -1), triu(LU)  # unitriangular below: L's diagonal is not read
    if adjoint:
        y = solve_triangular(transpose(up, -2, -1), B, upper=False)
        low_t = transpose(low, -2, -1)
        return _stored(matmul(p, solve_triangular(low_t, y, upper=True, unitriangular=True)), out)
    y = solve_triangular(
        low, matmul(transpose(p, -2, -1), B), upper=False, unitriangular=True
    )  # (4)
    return _stored(solve_triangular(up, y, upper=True), out)


def _stored(made: Any, out: Any) -> Any:
    return made if out is None else _copy_out(made, out=out)


# -- the older names of the torch namespace --------------------------------------------------------


def torch_lu(A: Any, pivot: bool = True, get_infos: bool = False, out: Any = None) -> Any:
    """`torch.lu`: (LU, pivots), with get_infos=True also `info`."""
    found = lu_factor_ex(A, pivot=pivot, out=None if out is None else (*out, *_spare(out)))
    return lu_with_info_result(*found) if get_infos else tuple(found[:2])


def _spare(out: Any) -> tuple[Any, ...]:
    return () if len(out) == 3 else (wrap(np.empty(0, np.int32)),)


def torch_lu_solve(b: Any, LU_data: Any, LU_pivots: Any, *, out: Any = None) -> Any:
    """`torch.lu_solve`: X with A·X = b from what `torch.lu` returned."""
    return lu_solve(LU_data, LU_pivots, b, out=out)


@op(name="LuUnpack")
def _unpacked(LU_data: Array):
    shape, dtype = LU_data.shape, LU_data.dtype
    k = min(shape[-2:])

    def vjp(g_l: Any, g_u: Any) -> Array:
        d = np.zeros(shape, dtype)
        if g_l is not None:
            d[..., :k] += np.tril(g_l, -1)
        if g_u is not None:
            d[..., :k, :] += np.triu(g_u)
        return d

    return _triangles(LU_data), vjp


def lu_unpack(
    LU_data: Any, LU_pivots: Any, unpack_data: bool = True, unpack_pivots: bool = True
) -> Any:
    """(P, L, U) from what `torch.lu` returned; empty tensors for what is not asked for."""
    if LU_pivots._data.dtype != np.int32:
        raise RuntimeError(
            "torch.lu_unpack: LU_pivots is expected to be a contiguous tensor of torch.int32 "
            f"dtype, but got {LU_pivots._data.dtype}"
        )
    a = LU_data._data
    low = up = p = wrap(np.zeros(0, a.dtype))
    if unpack_data:
        low, up = _unpacked(LU_data)
    if unpack_pivots:
        p = wrap(_permutation(LU_pivots._data, a.shape[-2], a.dtype))
    return lu_unpack_result(p, low, up)
