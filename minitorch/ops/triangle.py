"""Triangles and diagonals: tril, triu, diag, diag_embed, fill_diagonal_."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import dtypes, errors
from ..autograd.graph import TensorBase
from ..autograd.rule import Array, check_writable, op
from .convert import fill_
from .create import finish
from .dims import wrap_dim
from .shape import as_strided, diagonal, reshape
from .strides import diagonal_of


def _check_matrix(name: str, a: np.ndarray) -> None:
    if a.ndim < 2:
        raise RuntimeError(f"{name}: input tensor must have at least 2 dimensions")


@op
def tril(input: Array, diagonal: int = 0):
    """The lower triangle of each matrix, zero above it.

    out[i, j] = input[i, j] · [j ≤ i + diagonal],   ∂input = tril(g)

    >>> torch.tril(torch.ones(3, 3, dtype=torch.int64))
    tensor([[1, 0, 0],
            [1, 1, 0],
            [1, 1, 1]])
    """
    _check_matrix("tril", input)
    return np.tril(input, diagonal), lambda g: np.tril(g, diagonal)


@op
def triu(input: Array, diagonal: int = 0):
    """The upper triangle of each matrix, zero below it.

    out[i, j] = input[i, j] · [j ≥ i + diagonal],   ∂input = triu(g)
    """
    _check_matrix("triu", input)
    return np.triu(input, diagonal), lambda g: np.triu(g, diagonal)


def _indices(
    function: Any, row: int, col: int, offset: int, dtype: Any, device: Any, layout: Any
) -> Any:
    if row < 0:
        raise RuntimeError(f"row must be non-negative, got{row}")
    if col < 0:
        raise RuntimeError(f"col must be non-negative, got{col}")
    wanted = dtypes.to_numpy(dtype)
    if wanted.kind != "i" or wanted.itemsize < 4:
        raise RuntimeError(
            f"\"tril_indices\" not implemented for '{dtypes.from_numpy(wanted).title}'"
        )
    found = np.stack(function(row, offset, col)).astype(wanted)
    return finish(found, device, layout, False, False)


def tril_indices(
    row: int, col: int, offset: int = 0, *, dtype: Any = dtypes.int64, device: Any = None,
    layout: Any = dtypes.strided,
) -> Any:  # fmt: skip
    """Coordinates of the lower triangle of a (row, col) matrix, shape (2, count), row by row."""
    return _indices(np.tril_indices, row, col, offset, dtype, device, layout)


def triu_indices(
    row: int, col: int, offset: int = 0, *, dtype: Any = dtypes.int64, device: Any = None,
    layout: Any = dtypes.strided,
) -> Any:  # fmt: skip
    """Coordinates of the upper triangle of a (row, col) matrix, shape (2, count), row by row."""
    return _indices(np.triu_indices, row, col, offset, dtype, device, layout)


@op
def diag_embed(input: Array, offset: int = 0, dim1: int = -2, dim2: int = -1):
    """Matrices with the last dim of `input` on their diagonal (`offset` above it), else zero.

    Shape: (…, n) -> (…, n + |offset|, n + |offset|), the two new dims at `dim1` and `dim2`.
    """
    if input.ndim == 0:
        raise IndexError("diag_embed() expected a tensor with at least 1 dimension, got 0")
    ndim = input.ndim + 1
    d1, d2 = wrap_dim(dim1, ndim), wrap_dim(dim2, ndim)
    if d1 == d2:
        raise RuntimeError(f"diagonal dimensions cannot be identical {dim1}, {dim2}")
    n = input.shape[-1] + abs(offset)
    shape = list(input.shape[:-1])
    for d in sorted((d1, d2)):
        shape.insert(d, n)
    out = np.zeros(shape, input.dtype)
    diagonal_of(out, offset, d1, d2)[...] = input
    return out, lambda g: diagonal_of(g, offset, d1, d2)


@op(name="Diagonal")
def _diagonal_copy(input: Array, offset: int):
    shape = input.shape

    def vjp(g: Array) -> Array:
        d = np.zeros(shape, g.dtype)
        diagonal_of(d, offset, 0, 1)[...] = g
        return d

    return diagonal_of(input, offset, 0, 1).copy(), vjp


def diag(input: Any, diagonal: int = 0, *, out: Any = None) -> Any:
    """A copy of the diagonal of a matrix, or a matrix with the given vector as its diagonal."""
    if not isinstance(input, TensorBase):
        raise errors.not_a_tensor("diag", "input", 1, input)
    ndim = input._data.ndim
    if ndim not in (1, 2):
        raise RuntimeError(f"diag(): Supports 1D or 2D tensors. Got {ndim}D")
    if ndim == 1:
        return diag_embed(input, diagonal, out=out)
    return _diagonal_copy(input, diagonal, out=out)


def diagflat(input: Any, offset: int = 0) -> Any:
    """A matrix with all elements of `input` as its diagonal."""
    return diag_embed(reshape(input, (-1,)), offset)


def fill_diagonal_(self: Any, fill_value: Any, wrap: bool = False) -> Any:
    """Write a number on the main diagonal, in place; of an n-d tensor all sizes must be equal.

    Args:
        wrap  in a tall matrix start a new diagonal below the end of the last (default False)
    """
    a = self._data
    if a.ndim < 2:
        raise RuntimeError("dimensions must larger than 1")
    if a.ndim > 2 and len(set(a.shape)) > 1:
        raise RuntimeError("all dimensions of input must be of equal length")
    check_writable(self)
    step = sum(a.strides) // a.itemsize
    count = min(a.shape)
    line = as_strided(self, (count,), (step,))
    fill_(line, fill_value)
    if wrap and a.ndim == 2 and a.shape[0] > a.shape[1] + 1:
        rows, columns = a.shape
        for start in range(columns + 1, rows, columns + 1):
            fill_(diagonal(self, -start), fill_value)
    return self


def trace_of(a: np.ndarray) -> np.ndarray:
    """The sum of a matrix's main diagonal, in the dtype that PyTorch sums in."""
    wide = np.float32 if a.dtype == np.float16 else a.dtype if a.dtype.kind == "f" else np.int64
    return np.asarray(a.diagonal().sum(dtype=wide)).astype(a.dtype if a.dtype.kind == "f" else wide)


@op
def trace(input: Array):
    """The sum of a matrix's main diagonal: out = Σᵢ input[i, i],   ∂input = g · I."""
    if input.ndim != 2:
        raise RuntimeError(f"trace: expected a matrix, but got tensor with dim {input.ndim}")
    shape = input.shape
    return trace_of(input), lambda g: np.eye(*shape, dtype=g.dtype) * g
