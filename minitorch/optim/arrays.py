"""The steps that optimizers share, on plain arrays and in place.

An optimizer's *rule* is a function of arrays of one shape: the parameter p, its gradient g and
what the optimizer remembers of it. `apply` cuts them into pieces that fit the cache and runs
the rule on all threads; buffers come from the thread's scratch, so no step allocates.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .. import parallel

Rule = Callable[..., None]

# Elements of p in a piece. Adam, ms a step on 2 cores with 1 and with 2 threads:
#                      16384        32768        65536        131072
#   5 × 200,000      3.0   3.5    2.6   2.6    2.5   2.7    2.8   2.1
#   50 × 20,000      4.9   5.3    3.8   3.3    3.1   3.3    3.2   3.6
# Threads pay when one pass takes longer than handing over Python's lock, about 10 µs.
PIECE = 131072


def scratch(name: str, like: Any) -> Any:
    """This thread's buffer `name` with the shape and dtype of `like`."""
    return parallel.scratch(name, like.shape, like.dtype)


def gradient(p: Any, g: Any, weight_decay: float, maximize: bool) -> Any:
    """g, turned round to maximize, plus the gradient λ·p of the penalty ½·λ·p²."""
    if maximize:
        g = np.negative(g, out=scratch("g", p))
    if weight_decay != 0:
        decay = np.multiply(p, weight_decay, out=scratch("decay", p))
        g = np.add(g, decay, out=scratch("g", p))
    return g


def move_towards(m: Any, g: Any, weight: float) -> None:
    """m ← m + weight·(g − m): the running mean m ← (1 − weight)·m + weight·g."""
    t = np.subtract(g, m, out=scratch("t", m))
    t *= weight
    m += t


def add_product(v: Any, a: Any, b: Any, value: float) -> None:
    """v ← v + value·a·b."""
    t = np.multiply(a, value, out=scratch("t", v))
    t *= b
    v += t


def add_quotient(p: Any, a: Any, b: Any, value: float) -> None:
    """p ← p + value·a / b."""
    t = np.multiply(a, value, out=scratch("t", p))
    t /= b
    p += t


def add_scaled(p: Any, a: Any, value: float) -> None:
    """p ← p + value·a."""
    p += a if value == 1 else np.multiply(a, value, out=scratch("t", p))


def apply(jobs: list[tuple[Rule, tuple[Any, ...], dict[str, Any]]]) -> None:
    """Run rule(*arrays, **numbers) of every job, in pieces, on all threads.

    An array given as None stays None. Arrays that are not contiguous go in one piece.
    """
    bundles: list[list[Any]] = []  # what a thread takes at a time: about a PIECE of elements
    room = 0
    for rule, arrays, numbers in jobs:
        size, cuts = arrays[0].size, 1
        if all([a is None or a.flags.c_contiguous for a in arrays]):
            arrays = tuple([None if a is None else a.reshape(-1) for a in arrays])
            cuts = -(-size // PIECE)
        step = max(-(-size // max(cuts, 1)), 1)
        for start in range(0, size, step):
            piece = arrays
            if cuts > 1:
                piece = tuple([None if a is None else a[start : start + step] for a in arrays])
            if step > room:
                bundles.append([])
                room = PIECE
            bundles[-1].append((rule, piece, numbers))
            room -= step

    def work(first: int, last: int) -> None:
        for bundle in bundles[first:last]:
            for rule, arrays, numbers in bundle:
                rule(*arrays, **numbers)

    with np.errstate(all="ignore"):
        parallel.blocks(len(bundles), 1, work)
