"""Matrix products: matmul and its special cases, linear, and the fused "add a product" family.

    C = A·B         cᵢⱼ = Σₖ aᵢₖ bₖⱼ                                                          (1)
    ∂A = g·Bᵀ,      ∂B = Aᵀ·g                                                                 (2)

Everything else in this file is a question of shapes. Leading dims are a batch and broadcast; a
1-d operand is a row on the left and a column on the right, and its extra dim is dropped again.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import dtypes, errors, parallel
from ..autograd.rule import Array, op


def product(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Equation (1) for arrays of at least two dims; batches broadcast."""
    if a.dtype == np.float16:  # multiplied and summed in float32, rounded once
        return product(a.astype(np.float32), b.astype(np.float32)).astype(np.float16)
    if b.ndim == 2 and a.ndim > 2 and a.flags.c_contiguous:  # a batch of rows: one large product
        return parallel.matmul(as_rows(a), b).reshape(*a.shape[:-1], b.shape[-1])
    return parallel.matmul(a, b)


def as_rows(a: np.ndarray) -> np.ndarray:
    """All leading dims merged into one: (…, k) -> (rows, k)."""
    rows = 1
    for n in a.shape[:-1]:
        rows *= n
    return a.reshape(rows, a.shape[-1])


def swap(a: np.ndarray) -> np.ndarray:
    """Each matrix of a batch transposed (a view)."""
    return a.swapaxes(-1, -2)


def check_dtypes(a: np.ndarray, b: np.ndarray, function: str = "addmm_impl_cpu_") -> None:
    """Products take one dtype: nothing is promoted, and bools can't be multiplied."""
    if a.dtype != b.dtype:
        raise RuntimeError(
            f"expected m1 and m2 to have the same dtype, but got: {_c_name(a)} != {_c_name(b)}"
        )
    if a.dtype.kind == "b":
        raise NotImplementedError(f"\"{function}\" not implemented for 'Bool'")


def _c_name(a: np.ndarray) -> str:
    """The dtype's name in C++, as the error text says it: float, double, long int."""
    names = {"float32": "float", "float64": "double", "float16": "c10::Half", "int64": "long int",
             "int32": "int", "int16": "short int", "int8": "signed char", "uint8": "unsigned char",
    }  # fmt: skip
    return names.get(a.dtype.name, a.dtype.name)


def _check_matmul(a: np.ndarray, b: np.ndarray) -> None:
    if a.ndim == 0 or b.ndim == 0:
        raise RuntimeError(
            f"both arguments to matmul need to be at least 1D, but they are {a.ndim}D and {b.ndim}D"
        )
    check_dtypes(a, b)
    k, n = a.shape[-1], b.shape[0 if b.ndim == 1 else -2]
    if k != n:
        if a.ndim == b.ndim == 1:
            raise RuntimeError(
                f"inconsistent tensor size, expected tensor [{k}] and src [{n}] to have the same "
                f"number of elements, but got {k} and {n} elements respectively"
            )
        if b.ndim == 1 and a.ndim == 2:
            raise RuntimeError(
                f"size mismatch, got input ({a.shape[0]}), mat ({a.shape[0]}x{k}), vec ({n})"
            )
        if a.ndim <= 2 or b.ndim <= 2:
            rows = a.size // max(k, 1)
            raise RuntimeError(
                f"mat1 and mat2 shapes cannot be multiplied ({rows}x{k} and {n}x"
                f"{b.shape[-1] if b.ndim > 1 else 1})"
            )
        raise RuntimeError(
            "Expected size for first two dimensions of batch2 tensor to be: "
            f"[{int(np.prod(a.shape[:-2]))}, {k}] but got: [{int(np.prod(b.shape[:-2]))}, {n}]."
        )
    try:
        np.broadcast_shapes(a.shape[:-2], b.shape[:-2])
    except ValueError:
        raise errors.broadcast(a.shape[:-2], b.shape[:-2]) from None


_NAMES = {(1, 1): "Dot", (2, 1): "Mv", (1, 2): "SqueezeBackward4", (2, 2): "Mm"}


def _matmul_name(a: np.ndarray, b: np.ndarray) -> str:
    name = _NAMES.get((a.ndim, b.ndim), "Clone" if a.ndim == 2 else "UnsafeView")
    return name if name[-1] == "4" else name + "Backward0"


@op(name=_matmul_name)
def matmul(input: Array, other: Array, *, need: Any = (True, True)):
    """The matrix product ``input @ other``, over a batch of matrices where there are more dims.

    out = A·B                                                                                 (1)
    ∂A = g·Bᵀ,   ∂B = Aᵀ·g                                                                    (2)

    Shape: (…, n, k) @ (…, k, m) -> (…, n, m); (k,) @ (k,) -> (); (n, k) @ (k,) -> (n,);
    (k,) @ (k, m) -> (m,). The leading dims broadcast.

    Raises: RuntimeError for sizes that do not fit and for two different dtypes.

    >>> torch.ones(2, 3) @ torch.ones(3)
    tensor([3., 3.])
    """
    _check_matmul(input, other)
    a = input[None] if input.ndim == 1 else input
    b = other[:, None] if other.ndim == 1 else other
    out = product(a, b)  # (1)
    shape = out.shape
    if input.ndim == 1:
        out = out.squeeze(-2)
    if other.ndim == 1:
        out = out.squeeze(-1)
    a_shape, b_shape = input.shape, other.shape
    a, b = (a if need[1] else None), (b if need[0] else None)
    flat = len(b_shape) <= 2 < len(shape)  # one matrix for the whole batch

    def vjp(g: Array) -> Any:  # (2)
        g = g.reshape(shape)
        da = None if b is None else product(g, swap(b))
        if a is None:
            db = None
        elif flat:  # the sum over the batch is part of one large product
            db = product(as_rows(a).T, as_rows(g))
        else:
            db = product(swap(a), g)
        if da is not None and len(a_shape) == 1:
            da = as_rows(da).sum(0) if da.ndim > 2 else da[0]
        if db is not None and len(b_shape) == 1:
            db = db[..., 0].reshape(int(np.prod(db.shape[:-2])), db.shape[-2]).sum(0)
        return da, db

    return out, vjp


# -- one kind of operands each ---------------------------------------------------------------------


@op
def mm(input: Array, mat2: Array, *, need: Any = (True, True)):
    """The product of two matrices (no broadcasting): (n, k), (k, m) -> (n, m)."""
    if input.ndim != 2:
        raise RuntimeError(f"self must be a matrix, got {input.ndim}-D tensor")
    if mat2.ndim != 2:
        raise RuntimeError(f"mat2 must be a matrix, got {mat2.ndim}-D tensor")
    return matmul.rule(input, mat2, need=need)


@op
def bmm(input: Array, mat2: Array, *, need: Any = (True, True)):
    """The products of two batches of matrices: (b, n, k), (b, k, m) -> (b, n, m)."""
    _check_batches(input, mat2)
    return matmul.rule(input, mat2, need=need)


def _check_batches(a: np.ndarray, b: np.ndarray) -> None:
    for i, x in enumerate((a, b), 1):
        if x.ndim != 3:
            raise RuntimeError(f"batch{i} must be a 3D tensor")
    if b.shape[:2] != (a.shape[0], a.shape[2]):
        raise RuntimeError(
            "Expected size for first two dimensions of batch2 tensor to be: "
            f"[{a.shape[0]}, {a.shape[2]}] but got: [{b.shape[0]}, {b.shape[1]}]."
        )


@op
def mv(input: Array, vec: Array, *, need: Any = (True, True)):
    """A matrix times a vector: (n, k), (k,) -> (n,)."""
    if input.ndim != 2 or vec.ndim != 1:
        raise RuntimeError(f"vector + matrix @ vector expected, got 1, {input.ndim}, {vec.ndim}")
    return matmul.rule(input, vec, need=need)


@op
def dot(input: Array, tensor: Array, *, need: Any = (True, True)):
    """The inner product of two vectors: Σᵢ xᵢ yᵢ."""
    if input.ndim != 1 or tensor.ndim != 1:
        raise RuntimeError(f"1D tensors expected, but got {input.ndim}D and {tensor.ndim}D tensors")
    if input.dtype != tensor.dtype:
        raise RuntimeError(
            "dot : expected both vectors to have same dtype, but found "
            f"{dtypes.from_numpy(input.dtype).title} and {dtypes.from_numpy(tensor.dtype).title}"
        )
    check_dtypes(input, tensor, "dot")
    return matmul.rule(input, tensor, need=need)


@op(name="Dot")
def vdot(input: Array, other: Array, *, need: Any = (True, True)):
    """`dot`; it differs for complex numbers only, which do not exist here."""
    return dot.rule(input, other, need=need)


@op(promote="common", name="Mul")
def outer(input: Array, vec2: Array, *, need: Any = (True, True)):
    """outᵢⱼ = inputᵢ · vec2ⱼ."""
    if input.ndim != 1 or vec2.ndim != 1:
        i, x = (1, input) if input.ndim != 1 else (2, vec2)
        raise RuntimeError(
            f"outer: Expected 1-D argument {'self' if i == 1 else 'vec2'}, but got {x.ndim}-D"
        )
    a, b = (input if need[1] else None), (vec2 if need[0] else None)

    def vjp(g: Array) -> Any:
        return None if b is None else g @ b, None if a is None else a @ g

    return np.multiply.outer(input, vec2), vjp


ger = outer


# -- linear ----------------------------------------------------------------------------------------


def _linear_name(input: Any, weight: Any, bias: Any = None) -> str:
    if bias is None:
        return _matmul_name(input, weight.T)
    return (
        "AddmmBackward0"
        if input.ndim == 2
        else ("ViewBackward0" if input.ndim > 2 and input.flags.c_contiguous else "AddBackward0")
    )


@op(name=_linear_name)
def linear(input: Array, weight: Array, bias: Array = None, *, need: Any = (True, True, True)):
    """y = x·Wᵀ + b                                                                           (3)

    ∂x = g·W,   ∂W = gᵀ·x,   ∂b = Σ g                                                         (4)

    One product for all rows, whatever the leading dims are.

    Shape: input (…, in), weight (out, in) or (in,), bias (out,) -> (…, out).
    """
    check_linear(input, weight, bias)
    if weight.ndim == 1:
        return matmul.rule(input, weight, need=need)
    x = as_rows(input)  # (rows, in)
    y = product(x, weight.T)
    if bias is not None:
        y += bias  # (3)
    out_shape, in_shape = (*input.shape[:-1], weight.shape[0]), input.shape
    kept_x, w = (x if need[1] else None), (weight if need[0] else None)

    def vjp(g: Array) -> Any:  # (4)
        rows = as_rows(g)
        dx = None if w is None else product(rows, w).reshape(in_shape)
        dw = None if kept_x is None else product(rows.T, kept_x)
        return dx, dw, g

    return y.reshape(out_shape), vjp


def check_linear(x: np.ndarray, w: np.ndarray, b: Any) -> None:
    """Raise PyTorch's errors for operands of `linear` that do not fit."""
    if w.ndim not in (1, 2):
        raise RuntimeError(f"linear: weight must be a matrix (out, in), got {w.ndim}-D tensor")
    if x.ndim == 0:
        raise RuntimeError(
            f"both arguments to linear need to be at least 1D, but they are 0D and {w.ndim}D"
        )
    if b is not None and w.ndim == 1:
        raise RuntimeError("mat2 must be a matrix, got 1-D tensor")
    if x.dtype != w.dtype or (b is not None and b.dtype != w.dtype):
        other = w if x.dtype != w.dtype else b
        raise RuntimeError(
            f"mat1 and mat2 must have the same dtype, but got {dtypes.from_numpy(x.dtype).title} "
            f"and {dtypes.from_numpy(other.dtype).title}"
        )
    check_dtypes(x, w)
    if x.shape[-1] != w.shape[-1]:
        rows = x.size // max(x.shape[-1], 1)
        out = w.shape[0] if w.ndim == 2 else 1
        raise RuntimeError(
            f"mat1 and mat2 shapes cannot be multiplied ({rows}x{x.shape[-1]} and "
            f"{w.shape[-1]}x{out})"
        )
    if b is not None and (b.ndim > 1 or b.size not in (1, w.shape[0])):
        raise RuntimeError(
            f"The expanded size of the tensor ({w.shape[0]}) must match the existing size "
            f"({b.shape[-1] if b.ndim else 1}) at non-singleton dimension 1.  Target sizes: "
            f"[{x.size // max(x.shape[-1], 1)}, {w.shape[0]}].  "
            f"Tensor sizes: {errors.shape_text(b.shape)}"
        )
