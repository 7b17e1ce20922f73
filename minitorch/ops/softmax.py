"""softmax and its relatives: scores become probabilities along one dimension.

    pᵢ = e^(xᵢ − m) / Σⱼ e^(xⱼ − m),    m = maxⱼ xⱼ                                       (1)
    ∂xᵢ = pᵢ·(gᵢ − Σⱼ gⱼ·pⱼ)                                                              (2)
    log pᵢ = xᵢ − m − log Σⱼ e^(xⱼ − m)                                                   (3)
    ∂xᵢ = gᵢ − pᵢ·Σⱼ gⱼ                                                                   (4)

Subtracting m changes nothing in exact arithmetic and keeps eˣ from overflowing. A row of −inf
only has m = −inf, and −inf − (−inf) = nan: as in PyTorch, such a row is nan.
"""

from __future__ import annotations

import warnings
from operator import index
from typing import Any

import numpy as np

from .. import dtypes, errors, parallel
from ..autograd.rule import Array, op
from .dims import wrap_dim
from .operands import not_implemented
from .special import wide


def _prepared(kernel: str, input: Array, dim: Any, dtype: Any) -> tuple[Array, Any, int]:
    """The input in the dtype to compute in, the result's dtype, and the dim."""
    if isinstance(dim, bool) or not hasattr(dim, "__index__"):
        raise errors.wrong_type(kernel, "dim", 1, "int", dim)
    dim = wrap_dim(index(dim), input.ndim)
    x = input if dtype is None else input.astype(dtypes.to_numpy(dtype), copy=False)
    if x.dtype.kind != "f":
        last = "_lastdim" if dim == max(input.ndim, 1) - 1 else ""
        raise not_implemented(f"{kernel}{last}_kernel_impl", x)
    return wide(x), x.dtype, dim


def _rows(x: Array, dim: int) -> tuple[Array, Any]:
    """x as contiguous rows (n, K) along dim, and the way back for a result of that form."""
    moved = np.moveaxis(x, dim, -1) if x.ndim else x.reshape(1)
    shape = moved.shape
    k = shape[-1]
    rows = np.ascontiguousarray(moved).reshape(-1, k) if x.size else np.empty((0, k), x.dtype)

    def back(result: Array) -> Array:
        full = result.reshape(shape)
        if x.ndim == 0:
            return full.reshape(())
        return full if dim == x.ndim - 1 else np.ascontiguousarray(np.moveaxis(full, -1, dim))

    return rows, back


def _softmax_block(x: Array, out: Array) -> None:
    """Equation (1) on rows (n, K) of one block.

    (1) holds for *any* m, and one m for the whole block costs 0.1 ns an element where the rows'
    own maxima cost 0.9 (K = 50). It is good unless some row lies far below it: then that row's
    sum is small (or nan), and the rows' own maxima are taken after all.
    """
    ones = np.ones(x.shape[1], x.dtype)
    np.subtract(x, x.max(initial=-np.inf), out)
    np.exp(out, out)
    total = out @ ones  # row sums as one BLAS call: 0.1 ns an element, out.sum(-1) 0.6
    if not total.min(initial=np.inf) > 1e-3:
        np.subtract(x, x.max(-1, keepdims=True, initial=-np.inf), out)
        np.exp(out, out)
        total = out @ ones
    np.divide(out, total[:, None], out)


@op
def softmax(input: Array, dim, dtype=None):
    """Probabilities along `dim`: positive, and they add up to one. Equations (1) and (2).

    Args:
        dim: the dimension whose elements compete.
        dtype: convert the input to it first (default None: no conversion).
    Cost: saves the result.
    Source: PyTorch documentation, Softmax.
    Example:
        >>> import minitorch as torch
        >>> torch.softmax(torch.tensor([0.0, 1.0, 2.0]), dim=0)
        tensor([0.0900, 0.2447, 0.6652])
    """
    x, kind, dim = _prepared("softmax", input, dim, dtype)
    rows, back = _rows(x, dim)
    p, ones = np.empty_like(rows), np.ones(rows.shape[1], rows.dtype)
    size = parallel.rows(*rows.shape)
    parallel.blocks(len(rows), size, lambda a, b: _softmax_block(rows[a:b], p[a:b]))  # (1)

    def vjp(g: Array) -> Array:
        g_rows, back = _rows(g, dim)
        dx = np.empty(g_rows.shape, p.dtype)

        def work(a: int, b: int) -> None:
            total = np.multiply(g_rows[a:b], p[a:b], dx[a:b]) @ ones
            scaled = parallel.scratch("softmax", dx[a:b].shape, dx.dtype)
            np.multiply(p[a:b], total[:, None], scaled)
            np.subtract(dx[a:b], scaled, dx[a:b])  # (2)

        parallel.blocks(len(p), size, work)
        return back(dx)

    return back(p).astype(kind, copy=False), vjp


@op
def log_softmax(input: Array, dim, dtype=None):
    """The logarithm of `softmax`, computed without taking it. Equations (3) and (4).

    Args:
        dim: the dimension whose elements compete.
        dtype: convert the input to it first (default None: no conversion).
    Cost: saves the result.
    Source: PyTorch documentation, LogSoftmax.
    Example:
        >>> import minitorch as torch
        >>> torch.log_softmax(torch.tensor([0.0, 1.0, 2.0]), dim=0)
        tensor([-2.4076, -1.4076, -0.4076])
    """
    x, kind, dim = _prepared("log_softmax", input, dim, dtype)
    rows, back = _rows(x, dim)
    logp = np.empty_like(rows)
    size = parallel.rows(*rows.shape)

    def forward(a: int, b: int) -> None:
        x, out = rows[a:b], logp[a:b]
        np.subtract(x, x.max(-1, keepdims=True), out)
        np.subtract(out, np.log(np.exp(out).sum(-1, keepdims=True)), out)  # (3)

    parallel.blocks(len(rows), size, forward)

    def vjp(g: Array) -> Array:
        g_rows, back = _rows(g, dim)
        dx = np.empty(g_rows.shape, logp.dtype)

        def work(a: int, b: int) -> None:
            np.exp(logp[a:b], dx[a:b])
            np.multiply(dx[a:b], g_rows[a:b].sum(-1, keepdims=True), dx[a:b])
            np.subtract(g_rows[a:b], dx[a:b], dx[a:b])  # (4)

        parallel.blocks(len(logp), size, work)
        return back(dx)

    return back(logp).astype(kind, copy=False), vjp


# -- as torch.nn.functional spells them -----------------------------------------------------------


def softmin(input: Any, dim: Any = None, _stacklevel: int = 3, dtype: Any = None) -> Any:
    """softmax of −input: the smallest element gets the largest probability.

    Args:
        dim: the dimension whose elements compete; None (deprecated): see `implicit_dim`.
        dtype: convert −input to it first (default None: no conversion).
    Source: PyTorch documentation, Softmin.
    Example:
        >>> import minitorch as torch
        >>> torch.nn.functional.softmin(torch.tensor([0.0, 1.0, 2.0]), dim=0)
        tensor([0.6652, 0.2447, 0.0900])
    """
    if dim is None:
        dim = implicit_dim("softmin", input.ndim, _stacklevel)
    return softmax(-input, dim, dtype)


def implicit_dim(name: str, ndim: int, stacklevel: int = 3) -> int:
    """The dim that dim=None stood for in early PyTorch: 0 for 0, 1 and 3 dims, else 1; warns."""
    warnings.warn(
        f"Implicit dimension choice for {name} has been deprecated. "
        "Change the call to include dim=X as an argument.",
        stacklevel=stacklevel,
    )
    return 0 if ndim in (0, 1, 3) else 1
