"""A Python function called on every element, in place: apply_, map_. Slow, and for the CPU only."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import dtypes, errors
from ..autograd.graph import TensorBase, needs_grad


def _check(self: Any, name: str) -> None:
    if needs_grad(self):
        raise RuntimeError(
            f"Can't call {name}() on Variable that requires grad. Use var.detach().{name}() "
            "instead."
        )


def apply_(self: Any, callable: Any) -> Any:
    """Replace every element x by ``callable(x)``, which must return a number; returns self.

    >>> torch.tensor([1., 2.]).apply_(lambda x: 10 * x)
    tensor([10., 20.])
    """
    _check(self, "apply_")
    a = self._data
    found = [callable(x) for x in a.reshape(-1).tolist()]
    a[...] = np.array(found).reshape(a.shape).astype(a.dtype)
    self._changes[0] += 1
    return self


def map_(self: Any, tensor: Any, callable: Any) -> Any:
    """Replace every element x by ``callable(x, y)`` with y from another tensor; returns self.

    >>> torch.tensor([1., 2.]).map_(torch.tensor([3., 4.]), lambda x, y: x * y)
    tensor([3., 8.])
    """
    _check(self, "map_")
    if not isinstance(tensor, TensorBase):
        raise errors.not_a_tensor("map_", "tensor", 1, tensor)
    _check(tensor, "map_")
    a = self._data
    if a.dtype != tensor._data.dtype:
        raise TypeError(
            f"map_: expected torch.{dtypes.from_numpy(a.dtype).title}Tensor for 'tensor' (got "
            f"torch.{dtypes.from_numpy(tensor._data.dtype).title}Tensor)"
        )
    try:
        other = np.broadcast_to(tensor._data, a.shape)
    except ValueError:
        raise errors.broadcast(a.shape, tensor._data.shape) from None
    pairs = zip(a.reshape(-1).tolist(), other.reshape(-1).tolist())
    a[...] = np.array([callable(x, y) for x, y in pairs]).reshape(a.shape).astype(a.dtype)
    self._changes[0] += 1
    return self
