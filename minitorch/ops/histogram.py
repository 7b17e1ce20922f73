"""How many values fall into each bin: histogram, and histogramdd for points of several dims.

A bin holds its left edge and, the last one, its right edge too. Values outside count nowhere.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .. import errors
from ..autograd.graph import TensorBase, wrap
from ..autograd.rule import Array, op
from ..return_types import named
from .operands import dtype_title, not_differentiable, not_implemented
from .ranges import linspace

histogram_result = named("histogram", "hist", "bin_edges")
histogramdd_result = named("histogramdd", "hist", "bin_edges")


def _outer_edges(column: np.ndarray, range: Any, dim: int) -> tuple[float, float]:
    """The first and the last edge: those asked for, or the smallest and the largest value."""
    if range is not None:
        low, high = float(range[0]), float(range[1])
        if low > high:
            raise RuntimeError(
                f"torch.histogramdd: min should not exceed max, but got min {low:g} max {high:g} "
                f"for dimension {dim}"
            )
    elif column.size:
        low, high = float(column.min()), float(column.max())
    else:
        low, high = 0.0, 1.0
    if not (math.isfinite(low) and math.isfinite(high)):
        raise RuntimeError(
            f"torch.histogramdd: dimension {dim}'s range [{low:g}, {high:g}] is not finite"
        )
    return (low - 0.5, high + 0.5) if low == high else (low, high)


def _edges(points: np.ndarray, bins: Any, range: Any) -> list[np.ndarray]:
    """The edges of each dim's bins."""
    edges = []
    for i, b in enumerate(bins):
        if not isinstance(b, np.ndarray):
            if b <= 0:
                raise RuntimeError(
                    f"torch.histogram(): bins must be > 0, but got {b} for dimension {i}"
                )
            pair = None if range is None else range[2 * i : 2 * i + 2]
            low, high = _outer_edges(points[:, i], pair, i)
            made = linspace(low, high, b + 1, dtype=wrap(points).dtype)._data
            made[-1] = high
            edges.append(made)
            continue
        if b.ndim != 1:
            raise RuntimeError(
                "torch.histogramdd: bins tensor should have one dimension, but got "
                f"{b.ndim} dimensions in the bins tensor for dimension {i}"
            )
        if not b.size:
            raise RuntimeError(
                "torch.histogramdd: bins tensor should have at least 1 element, but got 0 "
                f"elements in the bins tensor for dimension {i}"
            )
        if b.dtype != points.dtype:
            raise RuntimeError(
                "torch.histogramdd: input tensor and bins tensors should have the same dtype, but "
                f"got input with dtype {dtype_title(points)} and bins for dimension {i} with dtype "
                f"{dtype_title(b)}"
            )
        edges.append(b.copy())
    return edges


def _count(points: np.ndarray, edges: list[np.ndarray], weight: Any, density: bool) -> np.ndarray:
    """hist[k₁, k₂, …] = Σ weight of the points in that box;  density: / (Σ hist · volume)."""
    shape = tuple(e.size - 1 for e in edges)
    inside = np.ones(len(points), bool)
    places = []
    for column, e in zip(points.T, edges):
        inside &= (column >= e[0]) & (column <= e[-1])
        place = np.searchsorted(e, column, "right") - 1
        places.append(np.where(column == e[-1], e.size - 2, place))
    kept = None if weight is None else weight[inside]
    flat: Any = np.ravel_multi_index([p[inside] for p in places], shape) if math.prod(shape) else []
    hist = np.bincount(flat, kept, math.prod(shape)).reshape(shape).astype(points.dtype)
    if density:
        hist = hist / hist.sum()
        for i, e in enumerate(edges):
            widths = np.diff(e)
            hist = hist / widths.reshape([-1 if j == i else 1 for j in range(len(edges))])
    return hist


def _check(points: np.ndarray, range: Any, weight: Any) -> None:
    if points.dtype not in (np.float32, np.float64):
        raise not_implemented("histogramdd", points)
    dims = points.shape[1]
    if range is not None and len(range) != 2 * dims:
        raise RuntimeError(
            f"torch.histogramdd: for a {dims}-dimensional histogram range should have {2 * dims} "
            f"elements, but got {len(range)}"
        )
    if weight is None:
        return
    if weight.shape != points.shape[:1]:
        raise RuntimeError(
            "torch.histogramdd: if weight tensor is provided it should have the same shape as the "
            "input tensor excluding its innermost dimension, but got input with shape "
            f"{errors.shape_text(points.shape)} and weight with shape "
            f"{errors.shape_text(weight.shape)}"
        )
    if weight.dtype != points.dtype:
        raise RuntimeError(
            "torch.histogramdd: if weight tensor is provided, input tensor and weight tensor "
            f"should have the same dtype, but got input({dtype_title(points)}), and "
            f"weight({dtype_title(weight)})"
        )


@op(returns=histogram_result, name="NotImplemented")
def _histogram(input: Array, bins: Any, range: Any, weight: Array = None, density: bool = False):
    points = input.reshape(-1, 1)
    flat = weight
    if weight is not None and weight.shape == input.shape:
        flat = weight.reshape(-1)
    _check(points, range, flat)
    edges = _edges(points, [bins], range)
    return (_count(points, edges, flat, density), edges[0]), not_differentiable("histogram")


def histogram(
    input: Any, bins: Any = 100, *, range: Any = None, weight: Any = None, density: bool = False,
    out: Any = None,
) -> Any:  # fmt: skip
    """How many elements lie in each bin, and the bins' edges.

    Args:
        bins     how many equal bins, or a 1-d tensor with their edges (default 100)
        range    (first edge, last edge) of equal bins (default: the smallest and largest element)
        weight   how much each element counts (default 1)
        density  divide so that the area of the histogram is 1 (default False)

    >>> torch.histogram(torch.tensor([1., 2., 1.]), bins=4, range=(0., 3.)).hist
    tensor([0., 2., 1., 0.])
    """
    if isinstance(bins, TensorBase):
        if range is not None:
            raise TypeError("histogram(): argument 'range' goes with a number of bins only")
        bins = bins._data
    extra = {} if out is None else {"out": out}
    return _histogram(input, bins, range, weight, density, **extra)


@op(name="NotImplemented")
def _histogramdd(input: Array, bins: Any, range: Any, weight: Array = None, density: bool = False):
    if input.ndim < 2:
        raise RuntimeError("torch.histogramdd: input tensor should have at least 2 dimensions")
    points = input.reshape(-1, input.shape[-1])
    if isinstance(bins, int):
        bins = [bins] * points.shape[1]
    if len(bins) != points.shape[1]:
        raise RuntimeError(
            "histogramdd: The size of bins must be equal to the innermost dimension of the input."
        )
    flat = weight
    if weight is not None and weight.shape == input.shape[:-1]:
        flat = weight.reshape(-1)
    _check(points, range, flat)
    edges = _edges(points, bins, range)
    out = (_count(points, edges, flat, density), *edges)
    return out, not_differentiable("histogramdd")


def histogramdd(
    input: Any, bins: Any, *, range: Any = None, weight: Any = None, density: bool = False
) -> Any:
    """`histogram` of points with several coordinates, which lie in the last dim of `input`.

    Shape: input (…, d) -> hist (bins₁, …, bins_d), and a tuple of d tensors of edges.

    Args:
        bins   a number for all coordinates, a list of numbers, or a list of tensors of edges
        range  2·d numbers: the first and last edge of each coordinate

    >>> points = torch.tensor([[0., 1.], [1., 0.], [2., 2.], [2., 2.]])
    >>> torch.histogramdd(points, bins=[3, 3]).hist
    tensor([[0., 1., 0.],
            [1., 0., 0.],
            [0., 0., 2.]])
    """
    if isinstance(bins, (tuple, list)):
        arrays = [b._data if isinstance(b, TensorBase) else b for b in bins]
        hist, *edges = _histogramdd(input, arrays, range, weight, density)
        edges = [b if isinstance(b, TensorBase) else e for b, e in zip(bins, edges)]
    else:
        hist, *edges = _histogramdd(input, bins, range, weight, density)
    return histogramdd_result(hist, tuple(edges))
