"""β·input + α·(product): addmm, addmv, addr, baddbmm, addbmm.

    out = β·C + α·A·B                                                                         (1)
    ∂C = β·g,   ∂A = α·g·Bᵀ,   ∂B = α·Aᵀ·g                                                    (2)

With β = 0 the input is not read at all: its NaNs do not spread.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import dtypes, errors
from ..autograd.rule import Array, op
from .matmul import check_dtypes, product, swap


def _check(
    function: str, c: np.ndarray, a: np.ndarray, b: np.ndarray, shape: Any, beta: Any, alpha: Any
) -> None:
    check_dtypes(a, b)
    if c.dtype != a.dtype:
        raise RuntimeError(
            f"self and mat2 must have the same dtype, but got "
            f"{dtypes.from_numpy(c.dtype).title} and {dtypes.from_numpy(a.dtype).title}"
        )
    if (
        function == "addmm"
        and a.dtype.kind != "f"
        and (isinstance(beta, float) or isinstance(alpha, float))
    ):
        raise RuntimeError(
            "For integral input tensors, argument "
            f"{'beta' if isinstance(beta, float) else 'alpha'} must not be a floating point number."
        )
    try:
        fits = np.broadcast_shapes(c.shape, shape) == tuple(shape)
    except ValueError:
        fits = False
    if not fits:
        raise RuntimeError(
            f"{function}: input of shape {errors.shape_text(c.shape)} must be broadcastable to the "
            f"product's shape {errors.shape_text(shape)}: The expanded size of the tensor must "
            "match the existing size"
        )


def _combine(
    function: str, c: Any, a: Any, b: Any, beta: Any, alpha: Any, need: Any, sum_batch: bool = False
) -> Any:
    """Equation (1) for arrays of at least two dims, and its vjp (2) in those shapes."""
    shape = (*np.broadcast_shapes(a.shape[:-2], b.shape[:-2]), a.shape[-2], b.shape[-1])
    _check(function, c, a, b, shape[1:] if sum_batch else shape, beta, alpha)
    if sum_batch:  # Σ over the batch: one product of the matrices laid side by side
        wide, tall = a.transpose(1, 0, 2).reshape(shape[-2], -1), b.reshape(-1, shape[-1])
        out = product(wide, tall)
    else:
        out = product(a, b)
    if alpha != 1:
        out *= np.asarray(alpha).astype(out.dtype)
    scale = np.asarray(beta).astype(out.dtype)
    if scale != 0:
        out = out + (c if beta == 1 else c * scale)  # (1)
    a, b = (a if need[2] else None), (b if need[1] else None)

    def vjp(g: Array) -> Any:  # (2)
        scaled = g if alpha == 1 else g * np.asarray(alpha, g.dtype)
        dc = g if beta == 1 else g * np.asarray(beta, g.dtype)
        return (
            dc,
            None if b is None else product(scaled, swap(b)),
            None if a is None else product(swap(a), scaled),
        )

    return out, vjp


def _fits(text: str, ok: bool) -> None:
    if not ok:
        raise RuntimeError(text)


@op
def addmm(
    input: Array,
    mat1: Array,
    mat2: Array,
    *,
    beta: Any = 1,
    alpha: Any = 1,
    need: Any = (True,) * 3,
):
    """β·input + α·(mat1 @ mat2), matrices; input broadcasts to the product."""
    _fits(f"mat1 must be a matrix, got {mat1.ndim}-D tensor", mat1.ndim == 2)
    _fits(f"mat2 must be a matrix, got {mat2.ndim}-D tensor", mat2.ndim == 2)
    _fits(
        f"mat1 and mat2 shapes cannot be multiplied ({mat1.shape[0]}x{mat1.shape[1]} and "
        f"{mat2.shape[0]}x{mat2.shape[1]})",
        mat1.shape[1] == mat2.shape[0],
    )
    return _combine("addmm", input, mat1, mat2, beta, alpha, need)


@op
def addmv(
    input: Array, mat: Array, vec: Array, *, beta: Any = 1, alpha: Any = 1, need: Any = (True,) * 3
):
    """β·input + α·(mat @ vec)."""
    _fits(
        f"vector + matrix @ vector expected, got {input.ndim}, {mat.ndim}, {vec.ndim}",
        mat.ndim == 2 and vec.ndim == 1 and input.ndim <= 1,
    )
    _fits(
        f"size mismatch, got input ({input.size}), mat ({mat.shape[0]}x{mat.shape[1]}), "
        f"vec ({vec.size})",
        mat.shape[1] == vec.size and (input.size in (1, mat.shape[0])),
    )
    c = input.reshape(-1, 1)
    out, vjp = _combine("addmv", c, mat, vec[:, None], beta, alpha, need)

    def vector_vjp(g: Array) -> Any:
        dc, da, db = vjp(g[:, None])
        return dc[:, 0], da, None if db is None else db[:, 0]

    return out[:, 0], vector_vjp


@op
def addr(
    input: Array,
    vec1: Array,
    vec2: Array,
    *,
    beta: Any = 1,
    alpha: Any = 1,
    need: Any = (True,) * 3,
):
    """β·input + α·(vec1 ⊗ vec2): outᵢⱼ = β·inputᵢⱼ + α·vec1ᵢ·vec2ⱼ."""
    _fits(f"addr: Expected 1-D argument vec1, but got {vec1.ndim}-D", vec1.ndim == 1)
    _fits(f"addr: Expected 1-D argument vec2, but got {vec2.ndim}-D", vec2.ndim == 1)
    wanted = dtypes.result_dtype([input, vec1, vec2])
    if wanted.kind != "b" and any(isinstance(v, bool) for v in (beta, alpha)):
        raise RuntimeError("Boolean beta and alpha only supported for Boolean results.")
    if wanted.kind == "b":
        out = np.logical_and.outer(vec1, vec2) & bool(alpha)
        return np.broadcast_to(out | (input if beta else False), out.shape).copy(), None
    c, a, b = (x.astype(wanted, copy=False) for x in (input, vec1, vec2))
    out, vjp = _combine("addr", c, a[:, None], b[None], beta, alpha, need)

    def vector_vjp(g: Array) -> Any:
        dc, da, db = vjp(g)
        return dc, None if da is None else da[:, 0], None if db is None else db[0]

    return out, vector_vjp


def _check_batches(batch1: np.ndarray, batch2: np.ndarray) -> None:
    _fits("batch1 must be a 3D tensor", batch1.ndim == 3)
    _fits("batch2 must be a 3D tensor", batch2.ndim == 3)
    _fits(
        "Expected size for first two dimensions of batch2 tensor to be: "
        f"[{batch1.shape[0]}, {batch1.shape[2]}] but got: [{batch2.shape[0]}, {batch2.shape[1]}].",
        batch2.shape[:2] == (batch1.shape[0], batch1.shape[2]),
    )


@op
def baddbmm(
    input: Array,
    batch1: Array,
    batch2: Array,
    *,
    beta: Any = 1,
    alpha: Any = 1,
    need: Any = (True,) * 3,
):
    """β·input + α·(batch1 @ batch2), for each matrix of a batch."""
    _check_batches(batch1, batch2)
    return _combine("baddbmm", input, batch1, batch2, beta, alpha, need)


@op
def addbmm(
    input: Array,
    batch1: Array,
    batch2: Array,
    *,
    beta: Any = 1,
    alpha: Any = 1,
    need: Any = (True,) * 3,
):
    """β·input + α·Σ over the batch of (batch1 @ batch2)."""
    _check_batches(batch1, batch2)
    return _combine("addbmm", input, batch1, batch2, beta, alpha, need, sum_batch=True)
