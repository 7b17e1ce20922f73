"""Rows of a table by number: embedding, and its explicit twin one_hot (one_hot(i) @ W)."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import dtypes, errors
from ..autograd.grad_mode import switch
from ..autograd.graph import TensorBase, needs_grad
from ..autograd.rule import Array, op
from .accumulate import add_rows


@op(name="Embedding")
def _lookup(
    input: Array, weight: Array, padding_idx: int, scale_grad_by_freq: bool, *, need: Any = ()
):
    ids = input.reshape(-1)
    rows, width = weight.shape
    if ids.size and (ids.min() < 0 or ids.max() >= rows):
        raise IndexError("index out of range in self")
    out = weight.take(input, axis=0)  # (1)
    if not need[1]:
        return out, None

    def vjp(g: Array) -> Any:
        at = input.reshape(-1)
        d = add_rows(g.reshape(-1, width), at, rows)  # (2)
        if scale_grad_by_freq:
            d /= np.maximum(np.bincount(at, minlength=rows), 1).astype(d.dtype)[:, None]
        if padding_idx >= 0:
            d[padding_idx] = 0
        return None, d

    return out, vjp


def embedding(
    input: Any, weight: Any, padding_idx: int | None = None, max_norm: float | None = None,
    norm_type: float = 2.0, scale_grad_by_freq: bool = False, sparse: bool = False,
) -> Any:  # fmt: skip
    """Look rows of `weight` up by number.

    out[i, :] = weight[input[i], :]                                                           (1)
    ∂weight[r, :] = Σ g[i, :]  over all i with input[i] = r                                   (2)

    Shape: input (N, T) of ints, weight (V, E) -> (N, T, E).

    Args:
        padding_idx         this row gets no gradient (default None: all do)
        max_norm            rows that are looked up are first shortened, in place, to this norm
        norm_type           which p-norm `max_norm` means (default 2)
        scale_grad_by_freq  divide each row's gradient by how often it was looked up
        sparse              must be False where weight requires grad: gradients are dense here

    Raises: IndexError for numbers outside [0, V).
    """
    for position, (name, t) in enumerate((("input", input), ("weight", weight)), 1):
        if not isinstance(t, TensorBase):
            raise errors.not_a_tensor("embedding", name, position, t)
    if sparse and switch.enabled and needs_grad(weight):
        raise NotImplementedError("sparse=True is not supported: gradients are dense here")
    if weight._data.ndim != 2:
        raise RuntimeError("'weight' must be 2-D")
    if input._data.dtype not in (np.int64, np.int32):
        raise RuntimeError(
            "Expected tensor for argument #1 'indices' to have one of the following scalar types: "
            f"Long, Int; but got torch.{dtypes.from_numpy(input._data.dtype).title}Tensor instead "
            "(while checking arguments for embedding)"
        )
    rows = weight._data.shape[0]
    if padding_idx is not None:
        if not -rows <= padding_idx < rows:
            raise AssertionError(
                f"Padding_idx must be within num_embeddings: padding_idx={padding_idx}, "
                f"num_embeddings={rows}"
            )
        padding_idx %= rows
    if max_norm is not None:
        shorten(weight, input._data, float(max_norm), float(norm_type))
    return _lookup(input, weight, -1 if padding_idx is None else padding_idx, scale_grad_by_freq)


def shorten(weight: Any, ids: np.ndarray, max_norm: float, norm_type: float) -> None:
    """Scale the rows that are looked up to at most `max_norm`, outside the graph."""
    w, used = weight._data, np.unique(ids)
    if used.size and (used[0] < 0 or used[-1] >= len(w)):
        raise IndexError("index out of range in self")
    norms = np.linalg.norm(w[used].astype(np.float64), norm_type, axis=1)
    long = norms > max_norm
    w[used[long]] *= (max_norm / (norms[long] + 1e-7)).astype(w.dtype)[:, None]
    weight._changes[0] += 1


@op(name="OneHot")
def _one_hot(tensor: Array, count: int):
    out = np.zeros((tensor.size, count), np.int64)
    out[np.arange(tensor.size), tensor.reshape(-1)] = 1
    return out.reshape(*tensor.shape, count), None


def one_hot(tensor: Any, num_classes: int = -1) -> Any:
    """out[…, k] = 1 where tensor[…] = k, else 0 (int64); −1 counts the classes itself.

    >>> torch.nn.functional.one_hot(torch.tensor([0, 2]))
    tensor([[1, 0, 0],
            [0, 0, 1]])
    """
    if not isinstance(tensor, TensorBase):
        raise errors.not_a_tensor("one_hot", "tensor", 1, tensor)
    a = tensor._data
    if a.dtype != np.int64:
        raise RuntimeError("one_hot is only applicable to index tensor of type LongTensor.")
    if a.size == 0 and num_classes <= 0:
        raise RuntimeError("Can not infer total number of classes from empty tensor.")
    if a.size and a.min() < 0:
        raise RuntimeError("Class values must be non-negative.")
    if num_classes == -1:
        num_classes = int(a.max()) + 1
    elif a.size and num_classes <= a.max():
        raise RuntimeError("Class values must be smaller than num_classes.")
    return _one_hot(tensor, num_classes)
