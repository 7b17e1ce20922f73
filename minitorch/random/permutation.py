"""randperm: a random order of 0 … n − 1, by Fisher and Yates' shuffle.

    r = 0, 1, …, n − 1;  for i = 0 … n − 2:  z = random() mod (n − i),  swap rᵢ and rᵢ₊z      (1)

The loop is run as written for small n. For large n the same result is computed without a loop:
write tᵢ = i + zᵢ for the step's target. Step i moves what position tᵢ holds to its final place i,
and leaves there what position i held, Vᵢ. So what a position holds was put by the last earlier
step with that target, and

    V_p = V_k with k the last step before p whose target is p, or p if there is none          (2)
    resultᵢ = V_k with k the last step before i whose target is tᵢ, or tᵢ if there is none     (3)

(2) is a chain of links k < p, followed to its end for all p together by doubling.

Source: Durstenfeld, Algorithm 235, CACM 7 (1964); measured against PyTorch 2.13: equal.
"""

from __future__ import annotations

import operator

import numpy as np

from .fill import DTYPE_NAMES as _NAMES, FLOATS, SIGNED_AND_BYTE, choose
from .generator import Generator

_SHORT = 1500  # below it, the loop is faster
_WIDE = (2**32 - 1) // 20  # from here on PyTorch draws 64 bits a step

# Positions and steps are kept in 32 bits up to here: for n = 10⁶ that takes 0.73 of the time of 64,
# since all is reading and writing at random places.
_SMALL = 2**31


def randperm(n: int, gen: Generator | None = None, dtype: np.dtype | type = np.int64) -> np.ndarray:
    """A random permutation of 0 … n − 1.

    Args:
        n: ≥ 0.
        gen: None: the default generator.
        dtype: int64 by default; the order does not depend on it.

    Raises:
        RuntimeError: n is negative, or too large for `dtype`.
        NotImplementedError: a dtype PyTorch has no randperm for.

    Example:
        >>> from minitorch.random import manual_seed, randperm
        >>> _ = manual_seed(0)
        >>> randperm(5)
        array([4, 0, 1, 3, 2])
    """
    n, dtype = operator.index(n), np.dtype(dtype)
    if n < 0:
        raise RuntimeError(f"Trying to create tensor with negative dimension {n}: [{n}]")
    if dtype not in FLOATS | SIGNED_AND_BYTE:
        raise NotImplementedError(f"\"randperm\" not implemented for '{_NAMES[dtype.name][0]}'")
    if dtype.kind == "f":
        largest = 2 ** (np.finfo(dtype).nmant + 1) + 1
        if n > largest:
            raise RuntimeError(
                f"n cannot be greater than {largest} for {_NAMES[dtype.name][0]} type."
            )
    elif n - 1 > np.iinfo(dtype).max:
        raise RuntimeError(f"value cannot be converted to type {dtype.name}_t without overflow")
    if n <= 1:
        return np.arange(n, dtype=dtype)
    generator = choose(gen)
    with generator._lock:
        words = generator._words64(n - 1) if n >= _WIDE else generator._words(n - 1)
    if n < _SHORT:
        order = list(range(n))
        for i, word in enumerate(words.tolist()):
            t = i + word % (n - i)  # (1)
            order[i], order[t] = order[t], order[i]
        return np.array(order, dtype)
    return _shuffle(_targets(words, n), n).astype(dtype, copy=False)


def _targets(words: np.ndarray, n: int) -> np.ndarray:
    """tᵢ = i + wordᵢ mod (n − i)."""
    steps = np.arange(n - 1, dtype=np.int32 if n < _SMALL else np.int64)
    if words.dtype == np.uint64:
        return steps + (words % (n - steps).astype(np.uint64)).astype(np.int64)
    # word mod d = word − ⌊word/d⌋·d, exact in float64 for 32 bits and quicker than the integers' %
    divisor = np.arange(n, 1, -1, dtype=np.float64)
    z = words.astype(np.float64)
    quotient = z / divisor
    np.floor(quotient, quotient)
    np.multiply(quotient, divisor, quotient)
    np.subtract(z, quotient, z)
    return steps + z.astype(steps.dtype)


def _shuffle(t: np.ndarray, n: int) -> np.ndarray:
    """The result of (1) for the targets t, by (2) and (3)."""
    # Selections go by index (flatnonzero and take): boolean masks take three times as long here.
    kind = t.dtype
    steps = np.arange(n - 1, dtype=kind)
    # last[p]: the last step that has position p as its target, or −1. (NumPy writes in order, so
    # of several values for one place the last one stays.)
    last = np.full(n, -1, kind)
    last[t] = steps
    # before[i]: the last k < i with t_k = t_i, or −1. Peel: of the steps that no later step of the
    # same target has overwritten so far, each round links the ones found to the ones before.
    before = np.full(n, -1, kind)
    later = last.copy()
    winner = np.empty(n, kind)
    rest = np.flatnonzero(last.take(t) != steps).astype(kind)
    while rest.size:
        targets = t.take(rest)
        winner[targets] = rest
        won = winner.take(targets) == rest
        at = np.flatnonzero(won)
        found, places = rest.take(at), targets.take(at)
        before[later.take(places)] = found
        later[places] = found
        rest = rest.take(np.flatnonzero(~won))

    # (2): a step p that has itself as its target does not count, but the one before it does.
    value = np.arange(n, dtype=kind)
    own = np.flatnonzero(last == value)
    last[own] = before.take(own)
    chained = np.flatnonzero(last >= 0).astype(kind)
    value[chained] = last.take(chained)
    while chained.size:
        here = value.take(chained)
        further = value.take(here)
        moved = np.flatnonzero(further != here)
        chained = chained.take(moved)
        value[chained] = further.take(moved)

    result = np.append(t, value[-1])
    linked = np.flatnonzero(before[:-1] >= 0)
    result[linked] = value.take(before.take(linked))  # (3)
    return result
