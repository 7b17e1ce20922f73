"""Picking and placing one element per row along a dim: what max, sort, median … have in common.

pick:    outᵢ = input[i, index[i]]          place (its transpose):  d[i, index[i]] = gᵢ    (1)
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .dims import wrap_dim


def as_rows(input: np.ndarray) -> np.ndarray:
    """A 0-d array as one row of one element; other arrays as they are."""
    return input.reshape(1) if input.ndim == 0 else input


def single_dim(function: str, input: np.ndarray, dim: Any, keepdim: Any) -> int:
    """One dim, not empty, and a bool keepdim; PyTorch's errors otherwise."""
    if not isinstance(keepdim, bool):
        raise TypeError(
            f"{function}(): argument 'keepdim' must be bool, not {type(keepdim).__name__}"
        )
    if isinstance(dim, bool) or not hasattr(dim, "__index__"):
        raise TypeError(f"{function}(): argument 'dim' must be int, not {type(dim).__name__}")
    axis = wrap_dim(dim, input.ndim)
    if input.ndim and input.shape[axis] == 0:
        raise IndexError(f"{function}(): Expected reduction dim {axis} to have non-zero size.")
    return axis


def pick(input: np.ndarray, index: np.ndarray, axis: int, keepdim: bool) -> Any:
    """(values, indices) at `index`, which has length 1 along `axis`."""
    values = np.take_along_axis(as_rows(input), index, axis)
    if input.ndim == 0:
        return values.reshape(()), index.reshape(())
    if not keepdim:
        values, index = values.squeeze(axis), index.squeeze(axis)
    return values, index


def place(shape: tuple[int, ...], axis: int, index: np.ndarray) -> Any:
    """The vjp of `pick`, and of any selection of distinct elements along `axis`."""

    def vjp(g: Any, _: Any = None) -> Any:
        d = np.zeros(shape or (1,), g.dtype)
        kept = index if index.ndim == d.ndim else np.expand_dims(index, axis)
        np.put_along_axis(d, kept, g.reshape(kept.shape), axis)  # (1)
        return d.reshape(shape)

    return vjp


def evenly(
    g: Any, input: np.ndarray, chosen: Any, axes: tuple[int, ...], nan_too: bool = False
) -> Any:
    """A reduction that picks a value: g shared equally by all elements that have that value.

    A NaN equals nothing: its gradient is NaN everywhere, or (nan_too) goes to the NaNs.
    """
    mask = input == chosen
    if nan_too and input.dtype.kind == "f":
        mask = mask | (np.isnan(input) & np.isnan(chosen))
    n = np.add.reduce(mask, axis=axes, keepdims=True, dtype=g.dtype)
    return mask * (g.reshape(np.shape(n)) / n)
