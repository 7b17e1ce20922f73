"""Integrals and derivatives of sampled functions: trapezoid, cumulative_trapezoid, gradient.

Samples yᵢ = y(xᵢ), taken at points xᵢ or at even steps dx. Between two samples the function counts
as a straight line, so that the area below it is a trapezoid:

    ∫ y dx ≈ Σ Aᵢ,   Aᵢ = ½·Δᵢ·(yᵢ + yᵢ₊₁),   Δᵢ = xᵢ₊₁ − xᵢ  (or dx)                          (1)

    ∂yᵢ = ½·(gᵢ₋₁·Δᵢ₋₁ + gᵢ·Δᵢ),   ∂xᵢ = hᵢ₋₁ − hᵢ with hᵢ = ½·gᵢ·(yᵢ + yᵢ₊₁)                  (2)

gᵢ is the gradient of Aᵢ, and 0 beyond the ends.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import dtypes, errors
from ..autograd.graph import TensorBase, unbroadcast
from ..autograd.rule import Array, op
from .dims import wrap_dim, wrap_dims
from .joining import cat
from .operands import check_broadcast
from .shape import narrow, select, unsqueeze

# -- integrals ------------------------------------------------------------------------------------


def _sides(a: np.ndarray, axis: int) -> tuple[np.ndarray, np.ndarray]:
    """All elements but the last, and all but the first, along one axis."""
    last_first = np.moveaxis(a, axis, -1)
    pair = last_first[..., :-1], last_first[..., 1:]
    return np.moveaxis(pair[0], -1, axis), np.moveaxis(pair[1], -1, axis)


def _meeting(left: Any, right: Any, axis: int) -> np.ndarray:
    """The transpose of `_sides`: element i gets leftᵢ and rightᵢ₋₁."""
    shape = list(left.shape)
    shape[axis] = 1
    edge = np.zeros(shape, left.dtype)
    return np.concatenate([left, edge], axis) + np.concatenate([edge, right], axis)


def _checked(function: str, y: Any, x: Any, dx: Any, dim: int) -> tuple[int, Any, Any]:
    """(axis from the end, the points with one dim for each of y, Δ)."""
    if y.ndim == 0:
        raise IndexError(f"Dimension specified as {dim} but tensor has no dimensions")
    axis = wrap_dim(dim, y.ndim) - y.ndim
    if x is None:
        if isinstance(dx, bool) or not isinstance(dx, (int, float)):
            raise RuntimeError(f"{function}: Currently, we only support dx as a real number.")
        return axis, None, dx
    if x.ndim == 1:
        if x.shape[0] != y.shape[axis]:
            raise RuntimeError(
                f"{function}: There must be one `x` value for each sample point: got "
                f"{x.shape[0]} for {y.shape[axis]}"
            )
        x = x.reshape((-1,) + (1,) * (-1 - axis))
    elif x.ndim < y.ndim:
        x = x.reshape((1,) * (y.ndim - x.ndim) + x.shape)
    elif x.ndim > y.ndim:
        raise errors.broadcast(y.shape, x.shape)
    left, right = _sides(x, axis)
    check_broadcast(_sides(y, axis)[0], left)
    return axis, x, right - left


def _areas(y: np.ndarray, x: Any, points: Any, steps: Any, axis: int) -> tuple[Any, Any]:
    """The areas (1), and the derivative (2) as a function of their gradients."""
    left, right = _sides(y, axis)
    total = left + right

    def vjp(g: Any) -> Any:
        if not y.shape[axis]:
            return np.zeros_like(y), None if x is None else np.zeros_like(x)
        half = g * 0.5
        dy = _meeting(half * steps, half * steps, axis)
        if x is None:
            return dy, None
        dx = _meeting(-half * total, half * total, axis)  # (2)
        return dy, unbroadcast(dx, points.shape).reshape(x.shape)

    return total * steps * 0.5, vjp  # (1)


def _one_spacing(function: str, y: Any, x: Any, dx: Any) -> Any:
    """dx, 1 where nothing is given; TypeError where points are given, too."""
    for position, (name, t) in enumerate((("y", y), ("x", x)), 1):
        if t is None and name == "x":
            continue
        if not isinstance(t, TensorBase):
            raise errors.not_a_tensor(function, name, position, t)
        if t._data.dtype is dtypes.BOOL:
            raise RuntimeError(
                f"{function}: received a bool input for `{name}`, but bool is not supported"
            )
    if x is not None and dx is not None:
        raise TypeError(f"{function}(): give the points x or the step dx, not both")
    if isinstance(dx, TensorBase):
        dx = dx._data.item()
    return 1 if dx is None else dx


@op(promote="float", name="Div")
def _trapezoid(y: Array, x: Array = None, *, dx: Any, dim: int):
    axis, points, steps = _checked("trapezoid", y, x, dx, dim)
    areas, back = _areas(y, x, points, steps, axis)
    shape = areas.shape
    if not y.shape[axis]:  # no samples: the area 0 depends on nothing
        return areas.sum(axis), None

    def vjp(g: Array) -> Any:
        return back(np.broadcast_to(np.expand_dims(g, axis), shape))  # (2)

    return areas.sum(axis), vjp  # (1)


def trapezoid(y: Any, x: Any = None, *, dx: Any = None, dim: int = -1) -> Any:
    """The area below sampled values along one dim: equation (1).

    Args:
        y    the values
        x    where they were taken: one for each sample of `dim`, or a tensor that broadcasts with y
        dx   the step between samples, instead of x (default 1)
        dim  along which the samples lie (default -1)

    >>> torch.trapezoid(torch.tensor([1., 2., 4.]))
    tensor(4.5000)
    """
    return _trapezoid(y, x, dx=_one_spacing("trapezoid", y, x, dx), dim=dim)


def trapz(y: Any, x: Any = None, *, dx: Any = None, dim: int = -1) -> Any:
    """`trapezoid` under its older name."""
    return trapezoid(y, x, dx=dx, dim=dim)


@op(promote="float", name="Div")
def _cumulative_trapezoid(y: Array, x: Array = None, *, dx: Any, dim: int):
    axis, points, steps = _checked("cumulative_trapezoid", y, x, dx, dim)
    areas, back = _areas(y, x, points, steps, axis)

    def vjp(g: Array) -> Any:  # area i is part of the results from i on
        from_the_end = np.flip(np.cumsum(np.flip(g, axis), axis), axis)
        return back(from_the_end)  # (2)

    return np.cumsum(areas, axis), vjp  # (1)


def cumulative_trapezoid(y: Any, x: Any = None, *, dx: Any = None, dim: int = -1) -> Any:
    """The running sum of the areas (1): one result fewer than samples.

    >>> torch.cumulative_trapezoid(torch.tensor([1., 2., 4.]))
    tensor([1.5000, 4.5000])
    """
    step = _one_spacing("cumulative_trapezoid", y, x, dx)
    if y._data.ndim == 0:
        raise IndexError("slice() cannot be applied to a 0-dim tensor.")
    return _cumulative_trapezoid(y, x, dx=step, dim=dim)


# -- derivatives ----------------------------------------------------------------------------------


def _spacings(spacing: Any, dims: Any, given: bool) -> list[Any]:
    """One step (a number) or one 1-d tensor of points for each of the dims."""
    if isinstance(spacing, TensorBase) and spacing._data.size == 1:
        spacing = spacing._data.item()
    if spacing is None or (isinstance(spacing, (int, float)) and not isinstance(spacing, bool)):
        return [1 if spacing is None else spacing] * len(dims)
    if not isinstance(spacing, (tuple, list)):
        raise TypeError(
            "gradient(): argument 'spacing' must be a number, a list of numbers or a list of "
            f"Tensors, not {type(spacing).__name__}"
        )
    if len(spacing) != len(dims):
        raise RuntimeError(
            "torch.gradient expected spacing to be unspecified, a scalar, or a list with one "
            f"element for each of {len(dims)} dims"
            + ("" if given else " (dim argument was not given)")
            + f", but got a list of length {len(spacing)}"
        )
    kinds = {isinstance(s, TensorBase) for s in spacing}
    if len(kinds) > 1:
        raise TypeError("gradient(): argument 'spacing' must hold numbers or Tensors, not both")
    for s in spacing:
        if isinstance(s, TensorBase) and s._data.ndim != 1:
            raise RuntimeError(
                "torch.gradient expected each element of spacing to have one dimension, but got "
                f"an element with {s._data.ndim} dimensions!"
            )
    return list(spacing)


def _even(x: Any, h: Any, axis: int, edge_order: int) -> Any:
    """(xᵢ₊₁ − xᵢ₋₁)/2h; at the ends (3) with one or two neighbours."""
    n = x._data.shape[axis]
    centre = (narrow(x, axis, 2, n - 2) - narrow(x, axis, 0, n - 2)) / (2 * h)
    at = [unsqueeze(select(x, axis, i), axis) for i in (*range(edge_order + 1),)]
    end = [unsqueeze(select(x, axis, -1 - i), axis) for i in (*range(edge_order + 1),)]
    if edge_order == 1:
        first, last = (at[1] - at[0]) / h, (end[0] - end[1]) / h
    else:
        first = (at[0] * -1.5 + at[1] * 2.0 + at[2] * -0.5) / h
        last = (end[0] * 1.5 + end[1] * -2.0 + end[2] * 0.5) / h
    return cat([first, centre, last], axis)


def _uneven(x: Any, points: Any, axis: int, edge_order: int) -> Any:
    """The slope at xᵢ of the parabola through three neighbours, Δ₁ before and Δ₂ after:  (4)

    y′ᵢ = −Δ₂/(Δ₁·(Δ₁ + Δ₂))·yᵢ₋₁ + (Δ₂ − Δ₁)/(Δ₁·Δ₂)·yᵢ + Δ₁/(Δ₂·(Δ₁ + Δ₂))·yᵢ₊₁
    """
    n = x._data.shape[axis]
    line = [1] * x._data.ndim
    line[axis] = n - 1
    steps = (narrow(points, 0, 1, n - 1) - narrow(points, 0, 0, n - 1)).reshape(line)
    d1, d2 = narrow(steps, axis, 0, n - 2), narrow(steps, axis, 1, n - 2)
    before, here, after = (narrow(x, axis, i, n - 2) for i in range(3))
    centre = (
        before * (-d2 / (d1 * (d1 + d2)))
        + here * ((d2 - d1) / (d1 * d2))
        + after * (d1 / (d2 * (d1 + d2)))
    )  # (4)

    def end(i: int, way: int) -> Any:
        """At an end: the slope of the line to its neighbour, or of the parabola there."""
        y0, y1 = narrow(x, axis, i % n, 1), narrow(x, axis, (i + way) % n, 1)
        s1 = narrow(steps, axis, i % (n - 1), 1) * way
        if edge_order == 1:
            return (y1 - y0) / s1
        y2, s2 = narrow(x, axis, (i + 2 * way) % n, 1), narrow(steps, axis, (i + way) % (n - 1), 1)
        s2 = s2 * way
        return (
            y0 * (-(s1 * 2 + s2) / (s1 * (s1 + s2)))
            + y1 * ((s1 + s2) / (s1 * s2))
            + y2 * (-s1 / (s2 * (s1 + s2)))
        )

    return cat([end(0, 1), centre, end(-1, -1)], axis)


def gradient(input: Any, *, spacing: Any = None, dim: Any = None, edge_order: int = 1) -> Any:
    """The derivative of sampled values along each dim, one tensor a dim.

    y′ᵢ ≈ (yᵢ₊₁ − yᵢ₋₁)/2h,   y′₀ ≈ (y₁ − y₀)/h                                               (3)

    Args:
        spacing     the step h: a number for all dims, a list of numbers, or a list of 1-d tensors
                    with the points themselves, which need not be even (default 1)
        dim         one or several dims (default: all)
        edge_order  neighbours used at the ends: 1, or 2 for the slope of a parabola (default 1)

    >>> torch.gradient(torch.tensor([1., 2., 4., 8.]))
    (tensor([1.0000, 1.5000, 3.0000, 4.0000]),)
    """
    if not isinstance(input, TensorBase):
        raise errors.not_a_tensor("gradient", "input", 1, input)
    a = input._data
    dims = () if isinstance(dim, (tuple, list)) and not dim else tuple(wrap_dims(dim, a.ndim))
    steps = _spacings(spacing, dims, dim is not None)
    if a.dtype == np.uint8:
        raise RuntimeError("torch.gradient does not support uint8 input.")
    if edge_order not in (1, 2):
        raise RuntimeError("torch.gradient only supports edge_order=1 and edge_order=2.")
    for d in dims:
        if a.shape[d] < edge_order + 1:
            raise RuntimeError(
                f"torch.gradient expected each dimension size to be at least edge_order+1 = "
                f"{edge_order + 1}, but dim {d} has size {a.shape[d]}"
            )
    return tuple(
        (_uneven if isinstance(s, TensorBase) else _even)(input, s, d, edge_order)
        for s, d in zip(steps, dims)
    )
