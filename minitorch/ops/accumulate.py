"""Adding rows up by index: what the backward of every gather and lookup comes down to.

out[i, :] = Σ rows[k, :]  over all k with at[k] = i                                       (1)
"""

from __future__ import annotations

import numpy as np


def add_rows(rows: np.ndarray, at: np.ndarray, size: int) -> np.ndarray:
    """Equation (1).

    np.add.at does it and is slow. Measured for float32 rows, µs (rows, size, width):

                                  add.at   bincount   sort + reduceat
        (8, 5, 3)                      2          4                13
        (6400, 1000, 64)            3901        819              1483
        (2048, 65, 384)             6772       1771               985
        (25600, 200, 16)            4009       1022              3345
        (4096, 30000, 256)         13273      32706              8473

    Shape: rows (K, W), at (K,) of ints in [0, size) -> (size, W).
    """
    count, width = rows.shape
    if rows.size < 256 or rows.dtype.kind != "f":
        out = np.zeros((size, width), rows.dtype)
        np.add.at(out, at, rows)
        return out
    if rows.dtype == np.float16:  # sums are made in float32 and rounded once
        return add_rows(rows.astype(np.float32), at, size).astype(np.float16)
    if count < size or width >= 128:
        order = np.argsort(at, kind="stable")
        ordered = at[order]
        starts = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
        out = np.zeros((size, width), rows.dtype)
        out[ordered[starts]] = np.add.reduceat(rows[order], starts, axis=0)
        return out
    places = at if width == 1 else (at[:, None] * width + np.arange(width)).reshape(-1)
    sums = np.bincount(places, rows.reshape(-1), size * width)
    return sums.reshape(size, width).astype(rows.dtype)


def add_along(g: np.ndarray, at: np.ndarray, axis: int, size: int) -> np.ndarray:
    """Equation (1) for the slices of g along one axis: out has `size` of them."""
    moved = np.moveaxis(g, axis, 0)
    rest = moved.shape[1:]
    width = int(np.prod(rest))
    out = add_rows(moved.reshape(len(moved), width), at, size)
    return np.moveaxis(out.reshape(size, *rest), 0, axis)


def add_elements(g: np.ndarray, places: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Each element of g added at its own flat place in zeros of `shape`."""
    size = int(np.prod(shape))
    out = add_rows(g.reshape(-1, 1), places.reshape(-1), size) if size else np.zeros(0, g.dtype)
    return out.reshape(shape)


def element_places(index: np.ndarray, axis: int, shape: tuple[int, ...]) -> np.ndarray:
    """Flat places in an array of `shape` of the elements [i₀, …, index[i₀, i₁, …], …].

    This is how gather and scatter read an index: it replaces the coordinate along `axis`.
    """
    places = np.zeros((1,) * index.ndim, np.int64)
    step = 1
    for d in range(index.ndim - 1, -1, -1):
        if d == axis:
            places = places + index * step
        else:
            line = [1] * index.ndim
            line[d] = index.shape[d]
            places = places + (np.arange(index.shape[d]) * step).reshape(line)
        step *= shape[d]
    return places
