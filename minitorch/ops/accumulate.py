"""Adding rows up by index: what the backward of every gather and lookup comes down to.

out[i, :] = Σ rows[k, :]  over all k with at[k] = i                                       (1)
"""

from __future__ import annotations

import numpy as np


def add_rows(rows: np.ndarray, at: np.ndarray, size: int) -> np.ndarray:
    """Equation (1), by rounds: in round j every place adds its j-th row, all at once.

    np.add.at does the same and is slow. Measured for float32 rows, µs (rows, size, width):

                                  add.at   bincount   sort + reduceat   rounds
        (64, 1000, 128)              103         49                57       32
        (6400, 1000, 64)            3901        819              1435      425
        (2048, 65, 384)             6772       2150              1389      540
        (25600, 50257, 64)         19077      11997             18302     5820
        (4096, 30000, 256)         13273      11111             11540     2659

    Shape: rows (K, W), at (K,) of ints in [0, size) -> (size, W).
    """
    if rows.size < 256 or rows.dtype.kind != "f":
        out = np.zeros((size, rows.shape[1]), rows.dtype)
        np.add.at(out, at, rows)
        return out
    if rows.dtype == np.float16:  # sums are made in float32 and rounded once
        return add_rows(rows.astype(np.float32), at, size).astype(np.float16)
    if rows.shape[1] == 1:
        return np.bincount(at, rows[:, 0], size)[:, None].astype(rows.dtype)
    # all rows of one place side by side (16-bit keys are sorted by radix: 33 µs against 279)
    order = np.argsort(at.astype(np.uint16) if size <= 1 << 16 else at, kind="stable")
    ordered = at[order]
    starts = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
    counts = np.diff(starts, append=len(at))
    fullest_first = np.argsort(-counts, kind="stable")
    starts, counts = starts[fullest_first], counts[fullest_first]
    sums = rows.take(order[starts], axis=0)
    done, more = 1, len(counts)
    while True:
        more = int(np.searchsorted(-counts[:more], -done, "left"))  # places with a row left
        if more < 32:
            break
        sums[:more] += rows.take(order[starts[:more] + done], axis=0)
        done += 1
    for i in range(more):  # the few fullest places, each in one go
        rest = order[starts[i] + done : starts[i] + counts[i]]
        sums[i] += rows.take(rest, axis=0).sum(0)
    out = np.zeros((size, rows.shape[1]), rows.dtype)
    out[ordered[starts]] = sums
    return out


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
