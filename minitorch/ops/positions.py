"""Where elements are: unravel_index, nonzero_static. Indices have no gradient."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import dtypes, errors
from ..autograd.graph import TensorBase, wrap
from ..autograd.rule import Array, op
from .strides import ints


def unravel_index(indices: Any, shape: Any) -> Any:
    """The coordinates, one tensor a dim, of elements that are given by their place in C order.

    place = (i₀·n₁ + i₁)·n₂ + i₂ …                                                            (1)

    >>> torch.unravel_index(torch.tensor([5, 2]), (2, 3))
    (tensor([1, 0]), tensor([2, 2]))
    """
    if not isinstance(indices, TensorBase):
        raise errors.not_a_tensor("unravel_index", "indices", 1, indices)
    a = indices._data
    if a.dtype.kind not in "iu":
        raise TypeError(
            f"expected 'indices' to be integer dtype, but got {dtypes.from_numpy(a.dtype)!r}"
        )
    if not isinstance(shape, (int, tuple, list, TensorBase)):
        raise TypeError(f"expected 'shape' to be int or sequence of ints, but got {type(shape)}")
    sizes = ints("unravel_index", "shape", (shape,), {})
    if any(n < 0 for n in sizes):
        raise ValueError(f"'shape' cannot have negative values, but got {sizes}")
    left, found = a.astype(np.int64), []
    for n in reversed(sizes):
        found.append(left % max(n, 1))
        left = left // max(n, 1)
    return tuple(wrap(np.asarray(x)) for x in reversed(found))  # (1)


@op
def nonzero_static(input: Array, *, size: int, fill_value: int = -1):
    """`nonzero` with a fixed number of rows: too many are cut off, missing ones are filled.

    >>> torch.nonzero_static(torch.tensor([0, 3, 4]), size=3)
    tensor([[ 1],
            [ 2],
            [-1]])
    """
    if size < 0:
        raise RuntimeError(f"nonzero_static: 'size' must be an non-negative integer, got {size}")
    found = np.argwhere(input)[:size]
    out = np.full((size, input.ndim), fill_value, np.int64)
    out[: len(found)] = found
    return out, None
