"""Products built on matmul: inner, tensordot, kron, cross, bilinear, chains, powers, distances."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import dtypes, errors
from ..autograd.graph import TensorBase
from ..autograd.rule import Array, op
from .accumulate import add_rows
from .convert import cast
from .dims import wrap_dim
from .einsum import einsum
from .linalg import inv
from .matmul import check_dtypes, matmul
from .operands import not_implemented
from .shape import reshape, unsqueeze


def inner(input: Any, other: Any, *, out: Any = None) -> Any:
    """Sums over the last dim of both: out[…, …] = Σₖ input[…, k] · other[…, k].

    With a 0-d operand: the elementwise product.
    """
    for position, (name, t) in enumerate((("input", input), ("other", other)), 1):
        if not isinstance(t, TensorBase):
            raise errors.not_a_tensor("inner", name, position, t)
    a, b = input._data, other._data
    if a.ndim == 0 or b.ndim == 0:
        return _scaled(input, other) if out is None else _scaled(input, other, out=out)
    if a.shape[-1] != b.shape[-1]:
        raise RuntimeError(
            "inner() the last dimension must match on both input tensors but got shapes "
            f"{errors.shape_text(a.shape)} and {errors.shape_text(b.shape)}"
        )
    if a.ndim == b.ndim == 1:
        return matmul(input, other) if out is None else matmul(input, other, out=out)
    return tensordot(input, other, ([-1], [-1]), out=out)


@op(promote="common", name="Mul")
def _scaled(input: Array, other: Array):
    return input * other, lambda g: (g * other, g * input)


def tensordot(a: Any, b: Any, dims: Any = 2, out: Any = None) -> Any:
    """Sum over several dims of two tensors at once, as one matrix product.

    Args:
        dims  an int n: the last n dims of `a` with the first n of `b`; or two lists of dims

    >>> torch.tensordot(torch.ones(2, 3, 5), torch.ones(3, 5, 7)).shape
    torch.Size([2, 7])
    """
    for position, (name, t) in enumerate((("a", a), ("b", b)), 1):
        if not isinstance(t, TensorBase):
            raise errors.not_a_tensor("tensordot", name, position, t)
    if isinstance(dims, TensorBase):
        dims = dims._data.tolist()
    if isinstance(dims, (tuple, list)):
        if len(dims) == 1 and not isinstance(dims[0], (tuple, list)):
            dims = (dims, dims)
        dims_a, dims_b = (
            [int(d) for d in (x if isinstance(x, (tuple, list)) else [x])] for x in dims
        )
    elif isinstance(dims, int):
        if dims < 0:
            raise RuntimeError(f"tensordot expects dims >= 0, but got dims={dims}")
        if dims > min(a._data.ndim, b._data.ndim):
            raise RuntimeError(f"tensordot expects dims < ndim_a or ndim_b, but got dims={dims}")
        dims_a, dims_b = list(range(a._data.ndim - dims, a._data.ndim)), list(range(dims))
    else:
        raise RuntimeError(
            "tensordot expects dims to be int or tuple[list[int], list[int]] or list[list[int]] "
            f"containing two lists, but got dims={dims}"
        )
    if len(dims_a) != len(dims_b):
        raise RuntimeError("both dimension lists should have same length")
    check_dtypes(a._data, b._data)
    at_a = [wrap_dim(d, a._data.ndim) for d in dims_a]
    at_b = [wrap_dim(d, b._data.ndim) for d in dims_b]
    for at in (at_a, at_b):
        for d in at:
            if at.count(d) > 1:
                raise RuntimeError(f"dim {d} appears multiple times in the list of dims")
    for i, j in zip(at_a, at_b):
        m, n = a._data.shape[i], b._data.shape[j]
        if m != n and m != 1 and n != 1:
            raise RuntimeError(
                f"contracted dimensions need to match, but first has size {m} in dim {i} and "
                f"second has size {n} in dim {j}"
            )
    labels_a = list(range(a._data.ndim))
    labels_b = list(range(a._data.ndim, a._data.ndim + b._data.ndim))
    for i, j in zip(at_a, at_b):
        labels_b[j] = labels_a[i]
    result = [x for i, x in enumerate(labels_a) if i not in at_a]
    result += [x for j, x in enumerate(labels_b) if j not in at_b]
    made = einsum(a, labels_a, b, labels_b, result)
    if made._data.dtype != a._data.dtype:  # einsum sums integers as int64
        made = cast(made, dtypes.from_numpy(a._data.dtype))
    if out is None:
        return made
    return _stored(made, out=out)


@op
def _stored(input: Array):
    return input.copy(), lambda g: g


@op(promote="common", name="UnsafeView")
def kron(input: Array, other: Array):
    """Kronecker product: each element of `input` times the whole of `other`, as blocks.

    out[i·p + k, j·q + l] = input[i, j] · other[k, l]
    """
    n = max(input.ndim, other.ndim)
    a = input.reshape((1,) * (n - input.ndim) + input.shape)
    b = other.reshape((1,) * (n - other.ndim) + other.shape)
    a_wide = a.reshape([k for m in a.shape for k in (m, 1)])
    b_wide = b.reshape([k for m in b.shape for k in (1, m)])
    out = a_wide * b_wide
    both, a_shape, b_shape = out.shape, input.shape, other.shape
    odd, even = tuple(range(1, 2 * n, 2)), tuple(range(0, 2 * n, 2))

    def vjp(g: Array) -> Any:
        g = g.reshape(both)
        return (g * b_wide).sum(odd).reshape(a_shape), (g * a_wide).sum(even).reshape(b_shape)

    return out.reshape([m * k for m, k in zip(a.shape, b.shape)]), vjp


def _cross(a: np.ndarray, b: np.ndarray, at: int) -> np.ndarray:
    a0, a1, a2 = np.moveaxis(a, at, 0)
    b0, b1, b2 = np.moveaxis(b, at, 0)
    return np.stack([a1 * b2 - a2 * b1, a2 * b0 - a0 * b2, a0 * b1 - a1 * b0], at)


@op(promote="common", name="LinalgCross")
def _cross_product(input: Array, other: Array, at: int):
    a, b = np.broadcast_arrays(input, other)
    return _cross(a, b, at), lambda g: (_cross(b, g, at), _cross(g, a, at))


def linalg_cross(input: Any, other: Any, *, dim: int = -1, out: Any = None) -> Any:
    """`torch.linalg.cross`: the vector product a × b along `dim` (size 3).

    ∂a = b × g,   ∂b = g × a
    """
    for position, (name, t) in enumerate((("input", input), ("other", other)), 1):
        if not isinstance(t, TensorBase):
            raise errors.not_a_tensor("cross", name, position, t)
    a, b = input._data.shape, other._data.shape
    if len(a) != len(b):
        raise RuntimeError("linalg.cross: inputs must have the same number of dimensions.")
    at = wrap_dim(dim, len(a))
    if a[at] != 3 or b[at] != 3:
        raise RuntimeError(
            f"linalg.cross: inputs dimension {dim} must have length 3. Got {a[at]} and {b[at]}"
        )
    return (
        _cross_product(input, other, at)
        if out is None
        else _cross_product(input, other, at, out=out)
    )


def cross(input: Any, other: Any, dim: int | None = None, *, out: Any = None) -> Any:
    """The vector product a × b along `dim` (default: the first dim of size 3)."""
    if dim is None and isinstance(input, TensorBase) and isinstance(other, TensorBase):
        try:
            shape = np.broadcast_shapes(input._data.shape, other._data.shape)
        except ValueError:
            raise errors.broadcast(input._data.shape, other._data.shape) from None
        if input._data.ndim != other._data.ndim:
            raise RuntimeError("linalg.cross: inputs must have the same number of dimensions.")
        dim = next((i for i, n in enumerate(shape) if n == 3), None)
        if dim is None:
            raise RuntimeError("no dimension of size 3 in input")
    return linalg_cross(input, other, dim=-1 if dim is None else dim, out=out)


def bilinear(input1: Any, input2: Any, weight: Any, bias: Any = None) -> Any:
    """yₒ = x₁ᵀ·Wₒ·x₂ + bₒ for each row.

    Shape: input1 (…, m), input2 (…, n), weight (out, m, n), bias (out,) -> (…, out).
    """
    for position, (name, t) in enumerate(
        (("input1", input1), ("input2", input2), ("weight", weight)), 1
    ):
        if not isinstance(t, TensorBase):
            raise errors.not_a_tensor("bilinear", name, position, t)
    x1, x2, w = input1._data, input2._data, weight._data
    if x1.ndim != x2.ndim or x1.shape[:-1] != x2.shape[:-1]:
        raise RuntimeError(
            "bilinear(): input batch dimensions do not match: got "
            f"{errors.shape_text(x1.shape)} and {errors.shape_text(x2.shape)}"
        )
    if w.ndim != 3 or x1.shape[-1] != w.shape[1] or x2.shape[-1] != w.shape[2]:
        raise RuntimeError(
            f"bilinear(): input sizes ({x1.shape[-1]}, {x2.shape[-1]}) do not match weight "
            f"{errors.shape_text(w.shape)}"
        )
    y = einsum("...i,oij,...j->...o", input1, weight, input2)
    if bias is None:
        return y
    if bias._data.ndim != 1 or bias._data.shape[0] != w.shape[0]:
        raise RuntimeError(
            "bilinear(): bias size does not match weight size: got "
            f"{errors.shape_text(bias._data.shape)} "
            f"but expected [{w.shape[0]}]"
        )
    return _plus(y, bias)


@op(promote="common", name="Add")
def _plus(input: Array, other: Array):
    return input + other, lambda g: (g, g)


# -- several matrices ------------------------------------------------------------------------------


def _best_order(sizes: list[int]) -> list[list[int]]:
    """Where to split each chain so that the fewest multiplications are made.

    cost[i, j] = min over k of cost[i, k] + cost[k+1, j] + nᵢ·nₖ₊₁·nⱼ₊₁   (dynamic programming)
    """
    n = len(sizes) - 1
    cost = [[0] * n for _ in range(n)]
    split = [[0] * n for _ in range(n)]
    for length in range(1, n):
        for i in range(n - length):
            j = i + length
            options = [
                (cost[i][k] + cost[k + 1][j] + sizes[i] * sizes[k + 1] * sizes[j + 1], k)
                for k in range(i, j)
            ]
            cost[i][j], split[i][j] = min(options)
    return split


def multi_dot(tensors: Any, *, out: Any = None) -> Any:
    """`torch.linalg.multi_dot`: a chain of matrix products in the cheapest order.

    The first and the last tensor may be vectors.
    """
    if len(tensors) < 2:
        raise RuntimeError(f"multi_dot(): expected at least 2 tensors but got {len(tensors)}")
    given = list(tensors)
    first, last = given[0]._data.ndim == 1, given[-1]._data.ndim == 1
    for i, t in enumerate(given):
        end = i in (0, len(given) - 1)
        if t._data.ndim != 2 and not (end and t._data.ndim == 1):
            what = "1D or 2D" if end else "2D"
            raise RuntimeError(f"multi_dot(): tensor {i} must be {what} but got {t._data.ndim}D")
        if t._data.dtype != given[0]._data.dtype:
            raise RuntimeError("multi_dot(): all tensors must have be the same dtype")
    if first:
        given[0] = unsqueeze(given[0], 0)
    if last:
        given[-1] = unsqueeze(given[-1], 1)
    for i in range(len(given) - 1):
        if given[i]._data.shape[1] != given[i + 1]._data.shape[0]:
            a, b = given[i]._data.shape, given[i + 1]._data.shape
            raise RuntimeError(
                f"multi_dot(): tensors {i} and {i + 1} with shapes {errors.shape_text(a)} and "
                f"{errors.shape_text(b)} cannot be multiplied"
            )
    split = _best_order([t._data.shape[0] for t in given] + [given[-1]._data.shape[1]])

    def chain(i: int, j: int) -> Any:
        if i == j:
            return given[i]
        k = split[i][j]
        return matmul(chain(i, k), chain(k + 1, j))

    made = chain(0, len(given) - 1)
    if first or last:
        shape = (() if first else made._data.shape[:1]) + (() if last else made._data.shape[1:])
        made = reshape(made, shape)
    return made if out is None else _stored(made, out=out)


def chain_matmul(*matrices: Any, out: Any = None) -> Any:
    """`multi_dot` of matrices given one by one."""
    given = (
        matrices[0] if len(matrices) == 1 and isinstance(matrices[0], (tuple, list)) else matrices
    )
    if len(given) == 1:
        return given[0]
    for i, t in enumerate(given):
        if t._data.ndim != 2:
            raise RuntimeError(
                f"Tensor dimension is {t._data.ndim}, expected 2 instead (matrix {i})."
            )
    return multi_dot(given, out=out)


@op(name="Mul")
def _identity(input: Array):
    eye = np.broadcast_to(np.eye(input.shape[-1], dtype=input.dtype), input.shape)
    return eye.copy(), lambda g: np.zeros_like(g)


def matrix_power(input: Any, n: int, *, out: Any = None) -> Any:
    """A·A·…·A, n times, by repeated squaring; n = 0 gives I, n < 0 the inverse's power."""
    a = input._data
    if a.ndim < 2 or a.shape[-1] != a.shape[-2]:
        raise RuntimeError(
            "linalg.matrix_power: A must be batches of square matrices, but they are "
            f"{a.shape[-2] if a.ndim > 1 else 1} by {a.shape[-1] if a.ndim else 1} matrices"
        )
    if n == 0:
        return _identity(input) if out is None else _identity(input, out=out)
    base = input if n > 0 else inv(input)
    result, power, left = None, base, abs(n)
    while left:
        if left & 1:
            result = power if result is None else matmul(result, power)
        left >>= 1
        if left:
            power = matmul(power, power)
    result = _stored(result) if result is input else result
    return result if out is None else _stored(result, out=out)


# -- distances -------------------------------------------------------------------------------------


def _distances(d: np.ndarray, p: float) -> np.ndarray:
    """The p-norm of each difference along the last axis."""
    if p == 0:
        return (d != 0).sum(-1).astype(d.dtype)
    if np.isinf(p):
        return np.abs(d).max(-1, initial=0)
    if p == 2:
        return np.sqrt(np.square(d).sum(-1))
    return (np.abs(d) ** p).sum(-1) ** (1 / p)


def _distance_gradient(d: np.ndarray, out: np.ndarray, g: np.ndarray, p: float) -> np.ndarray:
    """g times the derivative of each distance with respect to each difference."""
    g, r = g[..., None], out[..., None]
    if p == 0:
        return np.zeros_like(d)
    if p == 1:
        return np.sign(d) * g
    if np.isinf(p):
        return np.sign(d) * (np.abs(d) == r) * g
    safe = np.where(r == 0, 1, r)
    if p == 2:
        return np.where(r == 0, 0, g * d / safe)
    if p < 2:  # |d|ᵖ⁻¹ is infinite at 0, where the derivative is taken as 0
        at = np.where(d == 0, 1, np.abs(d))
        return np.where((d == 0) | (r == 0), 0, np.sign(d) * at ** (p - 1) * g / safe ** (p - 1))
    return np.where(r == 0, 0, d * np.abs(d) ** (p - 2) * g / safe ** (p - 1))


@op
def cdist(x1: Array, x2: Array, p: float = 2.0, compute_mode: Any = None):
    """Distances of all pairs of rows: outᵢⱼ = (Σₖ |x1ᵢₖ − x2ⱼₖ|ᵖ)^(1/p)                       (1)

    Shape: x1 (…, P, M), x2 (…, R, M) -> (…, P, R).

    Args:
        p             the norm, 0 … inf (default 2); 0 counts the entries that differ
        compute_mode  accepted as PyTorch names it; the differences are always formed
    """
    for name, x in (("X1", x1), ("X2", x2)):
        if x.dtype.kind != "f":
            raise RuntimeError(
                f"cdist only supports floating-point dtypes, {name} got: "
                f"{dtypes.from_numpy(x.dtype).title}"
            )
        if x.ndim < 2:
            raise RuntimeError(f"cdist only supports at least 2D tensors, {name} got: {x.ndim}D")
    if x1.shape[-1] != x2.shape[-1]:
        raise RuntimeError(
            f"X1 and X2 must have the same number of columns. X1: {x1.shape[-1]} X2: {x2.shape[-1]}"
        )
    if p < 0:
        raise RuntimeError("cdist only supports non-negative p values")
    if compute_mode not in (
        None, 0, 1, 2, "use_mm_for_euclid_dist_if_necessary", "use_mm_for_euclid_dist",
        "donot_use_mm_for_euclid_dist",
    ):  # fmt: skip
        raise ValueError(f"{compute_mode} is not a valid value for compute_mode")
    try:
        np.broadcast_shapes(x1.shape[:-2], x2.shape[:-2])
    except ValueError:
        raise errors.broadcast(x1.shape[:-2], x2.shape[:-2]) from None
    d = x1[..., :, None, :] - x2[..., None, :, :]
    out = _distances(d, p)  # (1)

    def vjp(g: Array) -> Any:
        each = _distance_gradient(x1[..., :, None, :] - x2[..., None, :, :], out, g, p)
        return each.sum(-2), -each.sum(-3)

    return out, vjp


@op
def pdist(input: Array, p: float = 2.0):
    """Distances of each two rows: (Σₖ |xᵢₖ − xⱼₖ|ᵖ)^(1/p) for all i < j, in reading order      (1)

    Shape: input (N, M) → (N·(N − 1)/2).

    Args:
        p  the norm, 0 … inf (default 2); 0 counts the entries that differ
    """
    if input.ndim != 2:
        raise RuntimeError(f"pdist only supports 2D tensors, got: {input.ndim}D")
    if input.dtype.kind != "f":
        raise RuntimeError("pdist only supports floating-point dtypes")
    if p < 0:
        raise RuntimeError("pdist only supports non-negative p values")
    if input.dtype == np.float16:
        raise not_implemented("pdist", input)
    N = len(input)
    i, j = np.triu_indices(N, 1)
    d = input[i] - input[j]
    out = _distances(d, p)  # (1)

    def vjp(g: Array) -> Any:
        each = _distance_gradient(d, out, g, p)
        return add_rows(each, i, N) - add_rows(each, j, N)

    return out, vjp
