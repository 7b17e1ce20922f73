"""Collation: a list of samples becomes one batch.

tensors, arrays     stacked along a new first dimension N
ints, floats, bools a tensor of N numbers (floats as float64, as PyTorch does)
str, bytes          a list
tuples, lists       transposed: a list with one batch for each place
dicts, named tuples one batch for each field
"""

from __future__ import annotations

import collections.abc
from typing import Any

import numpy as np

from ... import dtypes
from ...autograd.graph import TensorBase
from ...ops.create import as_tensor, tensor
from ...ops.joining import stack


def default_collate(batch: Any) -> Any:
    """One batch from a list of samples of the same structure.

    Raises:
        TypeError     elements that are no tensors, arrays, numbers, dicts or lists
        RuntimeError  tensors or lists of unequal size
    >>> default_collate([(1.5, "a"), (2.5, "b")])
    [tensor([1.5000, 2.5000], dtype=torch.float64), ('a', 'b')]
    """
    first = batch[0]
    if isinstance(first, TensorBase):
        return stack(batch, 0)
    if isinstance(first, np.ndarray):
        if first.dtype.kind in "SUO":
            raise TypeError(_complaint(first.dtype))
        return default_collate([as_tensor(a) for a in batch])
    if isinstance(first, np.generic):
        return as_tensor(np.array(batch))
    if isinstance(first, float):
        return tensor(batch, dtype=dtypes.float64)
    if isinstance(first, (bool, int)):
        return tensor(batch)
    if isinstance(first, (str, bytes)):
        return batch
    if isinstance(first, collections.abc.Mapping):
        merged = {key: default_collate([d[key] for d in batch]) for key in first}
        try:
            return type(first)(merged)  # type: ignore[call-arg]
        except TypeError:
            return merged
    if isinstance(first, tuple) and hasattr(first, "_fields"):
        return type(first)(*(default_collate(part) for part in zip(*batch)))
    if isinstance(first, (tuple, list)):
        if any(len(sample) != len(first) for sample in batch):
            raise RuntimeError("each element in list of batch should be of equal size")
        return [default_collate(part) for part in zip(*batch)]
    raise TypeError(_complaint(type(first)))


def _complaint(found: Any) -> str:
    return (
        "default_collate: batch must contain tensors, numpy arrays, numbers, dicts or lists; "
        f"found {found}"
    )


def default_convert(data: Any) -> Any:
    """Arrays inside a sample as tensors, everything else as it is (no batching)."""
    if isinstance(data, np.ndarray):
        return data if data.dtype.kind in "SUO" else as_tensor(data)
    if isinstance(data, np.generic):
        return as_tensor(np.asarray(data))
    if isinstance(data, collections.abc.Mapping):
        return {key: default_convert(value) for key, value in data.items()}
    if isinstance(data, tuple) and hasattr(data, "_fields"):
        return type(data)(*(default_convert(d) for d in data))
    if isinstance(data, (tuple, list)):
        return [default_convert(d) for d in data]
    return data
