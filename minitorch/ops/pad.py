"""Padding: a border of a constant, of mirrored, of repeated or of wrapped-round elements."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import errors
from ..autograd.graph import TensorBase
from ..autograd.rule import Array, op
from .strides import ints


def _pairs(a: np.ndarray, pad: tuple[int, ...]) -> list[tuple[int, int, int]]:
    """(axis, before, after) of each padded axis: `pad` counts from the last axis."""
    return [(a.ndim - 1 - i, pad[2 * i], pad[2 * i + 1]) for i in range(len(pad) // 2)]


@op
def constant_pad_nd(input: Array, pad: Any, value: Any = 0):
    """A border of `value`; negative sizes cut off instead. ∂input = the inner part of g."""
    pad = ints("constant_pad_nd", "pad", (pad,), {})
    if len(pad) % 2:
        raise RuntimeError(f"Length of pad must be even but instead it equals {len(pad)}")
    if len(pad) > 2 * input.ndim:
        raise RuntimeError(
            f"Length of pad should be no more than twice the number of dimensions of the input. "
            f"Pad length is {len(pad)} while the input has {input.ndim} dimensions."
        )
    shape = list(input.shape)
    inner, source = [slice(None)] * input.ndim, [slice(None)] * input.ndim
    for axis, before, after in _pairs(input, pad):
        n = input.shape[axis]
        shape[axis] = n + before + after
        if shape[axis] < 0:
            raise RuntimeError(
                f"The input size {n}, plus negative padding {before} and {after} resulted in a "
                f"negative output size, which is invalid. Check dimension {axis} of your input."
            )
        if n + min(before, 0) + min(after, 0) < 0:
            raise RuntimeError(
                f"pad {before} and {after} at dimension {axis}: negative sizes cut off more than "
                f"the {n} elements that are there"
            )
        inner[axis] = slice(max(before, 0), max(shape[axis] - max(after, 0), 0))
        source[axis] = slice(max(-before, 0), max(n - max(-after, 0), 0))
    out = np.empty(shape, input.dtype)
    out[...] = np.asarray(value).astype(input.dtype)
    to, take, whole = tuple(inner), tuple(source), input.shape
    out[to] = input[take]

    def vjp(g: Array) -> Array:
        if g[to].shape == whole:
            return g[to]
        d = np.zeros(whole, g.dtype)
        d[take] = g[to]
        return d

    return out, vjp


def _sources(mode: str, n: int, before: int, after: int) -> np.ndarray:
    """For each index of the padded axis, the index of the input that it shows."""
    i = np.arange(-before, n + after)
    if mode == "replicate":
        return np.clip(i, 0, n - 1)
    if mode == "circular":  # round the part that is kept where a size is negative
        low, high = max(-before, 0), n - max(-after, 0)
        return low + (i - low) % max(high - low, 1)
    return np.abs((n - 1) - np.abs((n - 1) - i))  # reflect: −1 -> 1, n -> n − 2


def _border_name(input: Any, pad: Any, mode: str) -> str:
    if mode == "circular":
        return "CopySlices"
    title = {"reflect": "Reflection", "replicate": "Replication"}[mode]
    return f"{title}Pad{len(pad) // 2}DBackward0"


@op(name=_border_name)
def _border(input: Array, pad: Any, mode: str):
    out, undo = input, []
    for axis, before, after in _pairs(input, pad):
        n = out.shape[axis]
        source = _sources(mode, n, before, after)
        out = out.take(source, axis)
        undo.append((axis, n, before, after, source))

    def vjp(g: Array) -> Array:
        for axis, n, before, after, source in reversed(undo):
            moved = np.moveaxis(g, axis, 0)
            if before >= 0 and after >= 0:  # the middle passes; the border adds to its sources
                d = moved[before : before + n].copy()
                border = [*range(before), *range(before + n, len(source))]
            else:
                d = np.zeros((n, *moved.shape[1:]), g.dtype)
                border = list(range(len(source)))
            for j in border:
                d[source[j]] += moved[j]
            g = np.moveaxis(d, 0, axis)
        return g

    return out if undo else input.copy(), vjp


def pad(input: Any, pad: Any, mode: str = "constant", value: Any = None) -> Any:
    """A border around the last dims of a tensor.

    Args:
        pad    sizes (last dim left, right, last but one left, right, …); negative sizes crop
        mode   "constant" (default), "reflect" (mirrored at the edge element), "replicate" (the
               edge element again) or "circular" (from the other side); these three for the last
               1, 2 or 3 dims of a batch
        value  what "constant" fills in (default 0)

    >>> torch.nn.functional.pad(torch.arange(3.)[None], (2, 2), mode="reflect")
    tensor([[2., 1., 0., 1., 2., 1., 0.]])
    """
    if not isinstance(input, TensorBase):
        raise errors.not_a_tensor("pad", "input", 1, input)
    sizes = ints("pad", "pad", (pad,), {})
    shape = input._data.shape
    if len(sizes) % 2:
        raise RuntimeError("Padding length must be divisible by 2")
    if len(sizes) > 2 * len(shape):
        raise RuntimeError(
            "Padding length should be less than or equal to two times the input dimension but got "
            f"padding length {len(sizes)} and input of dimension {len(shape)}"
        )
    if mode == "constant":
        return constant_pad_nd(input, sizes, 0 if value is None else value)
    if value is not None and value != 0:
        raise RuntimeError(f'Padding mode "{mode}" doesn\'t take in value argument')
    spatial = len(sizes) // 2
    if spatial not in (1, 2, 3) or len(shape) not in (spatial + 1, spatial + 2):
        raise NotImplementedError(
            "Only 2D, 3D, 4D, 5D padding with non-constant padding are supported for now"
        )
    if mode not in ("reflect", "replicate", "circular"):
        raise NotImplementedError(f"Unrecognised padding mode {mode}")
    pairs = list(_pairs(input._data, sizes))
    for axis, before, after in pairs:
        n = shape[axis]
        if mode == "reflect" and max(before, after) >= n:
            raise RuntimeError(
                f"Argument #{2 * (len(shape) - axis) + 2}: Padding size should be less than the "
                f"corresponding input dimension, but got: padding ({before}, {after}) at "
                f"dimension {axis} of input {errors.shape_text(shape)}"
            )
        if mode == "circular" and max(before, after) > n:
            raise RuntimeError("Padding value causes wrapping around more than once.")
        if n + before + after < 0:
            raise RuntimeError(
                f"input (size {n} at dimension {axis}) with padding ({before}, {after}) leaves "
                "no output"
            )
        if n == 0:
            raise RuntimeError(
                f"Expected non-zero size at dimension {axis} for mode={mode}, but got input of "
                f"shape {errors.shape_text(shape)}"
            )
    if mode != "circular" and all(shape[i] + before + after < 1 for i, before, after in pairs):
        raise RuntimeError(
            f"input of shape {errors.shape_text(shape)} with padding {sizes} leaves no output"
        )
    return _border(input, sizes, mode)
