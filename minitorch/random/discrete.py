"""Coins and dice: bernoulli_ and the dropout masks, random_ (integers), each from whole words.

    bernoulli:  k = random64() mod 2⁵³,     value = k·2⁻⁵³ < p  (two words each)      (1)
    with a float32 tensor of p:  k = random() mod 2²⁴,  value = k·2⁻²⁴ < p  (one)     (2)
    random_:    value = low + (w mod range),  range = high − low,
                w = random() if range < 2²⁸, else random64()                           (3)

Older PyTorch builds draw (1) from another stream on Intel processors; this is PyTorch 2.13's.

Source: measured against PyTorch 2.13 (x86): equal bit for bit.
"""

from __future__ import annotations

import math
import operator
import warnings

import numpy as np

from .. import parallel
from .ahead import coins, default as default_ahead
from .fill import (
    BLOCK,
    DTYPE_NAMES,
    FLOATS,
    SIGNED_AND_BYTE,
    blocks,
    check_dtype,
    choose,
    fill,
    memory_axes,
)  # fmt: skip
from .generator import Generator

_INT64_MIN, _INT64_MAX = -(2**63), 2**63 - 1
_NUMBERS = FLOATS | SIGNED_AND_BYTE | {np.dtype(bool)}
_FEW = 4096  # smaller masks alone do not start drawing ahead


# ---- bernoulli -----------------------------------------------------------------------------------


def dropout_mask(
    like: np.ndarray | tuple[int, ...], keep_prob: float, gen: Generator | None = None
) -> np.ndarray:
    """The mask of a dropout layer: True, with probability `keep_prob`, where a value stays.

    Args:
        like: the layer's input, whose layout in memory the mask takes and in whose memory order it
            is drawn; or the shape of a contiguous one.
        keep_prob: 1 − p in double precision, p the layer's dropout probability.
        gen: None: the default generator.

    Returns:
        bool, of the shape of `like`.
    """
    mask = np.empty(like, bool) if isinstance(like, tuple) else np.empty_like(like, bool)
    generator = choose(gen)
    ahead = default_ahead
    if generator is not ahead.generator or (mask.size < _FEW and generator._ahead is None):
        return bernoulli_(mask, keep_prob, generator)
    threshold = _threshold(keep_prob)

    def draw(_: Generator, flat: np.ndarray) -> None:
        ahead.take(flat, threshold)
        if parallel.get_num_threads() > 1:
            ahead.order()

    return fill(mask, generator, draw)


def bernoulli_(
    arr: np.ndarray, p: float | np.ndarray = 0.5, gen: Generator | None = None
) -> np.ndarray:
    """Fill `arr` with ones (probability p) and zeros.

    Args:
        arr: bool, uint8, int8 … int64, float16, float32 or float64.
        p: in [0, 1]; a float, for equation (1), or a floating point array that broadcasts to
            `arr`, for (2) (float64: for (1)). 0.5 by default.
        gen: None: the default generator.

    Raises:
        RuntimeError: p outside [0, 1], or of a shape that does not broadcast.
        NotImplementedError: another dtype.

    Example:
        >>> import numpy as np
        >>> from minitorch.random import bernoulli_, manual_seed
        >>> _ = manual_seed(0)
        >>> bernoulli_(np.empty(6, bool), 0.5)
        array([False, False,  True, False, False, False])
    """
    if isinstance(p, np.ndarray):
        return _bernoulli_array(arr, p, gen)
    threshold = _threshold(p)
    check_dtype(arr, _NUMBERS, "bernoulli_scalar_cpu_")

    def draw(generator: Generator, flat: np.ndarray) -> None:
        if flat.dtype.kind == "b":
            for block in blocks(flat):
                _coins(generator, block, threshold)
            return
        mask = np.empty(min(flat.size, BLOCK), bool)
        for block in blocks(flat):
            _coins(generator, mask[: block.size], threshold)
            block[...] = mask[: block.size]

    return fill(arr, gen, draw)


def bernoulli_from(p: np.ndarray, gen: Generator | None = None) -> np.ndarray:
    """A new contiguous array of ones and zeros in the dtype and shape of `p`, its probabilities."""
    return _bernoulli_array(np.empty(p.shape, p.dtype), p, gen)


def _threshold(p: float) -> np.ndarray:
    """The integer t with k·2⁻⁵³ < p ⇔ k < t, for (1)."""
    if not 0.0 <= p <= 1.0:
        raise RuntimeError(f"bernoulli_ expects p to be in [0, 1], but got p={p:g}")
    return np.array(math.ceil(float(p) * 2.0**53), np.int64)


def _coins(generator: Generator, out: np.ndarray, threshold: np.ndarray) -> None:
    """(1) for a bool array; the caller holds the lock."""
    generator._here()
    generator._fresh = False
    coins(generator._random_state, out, threshold)


def _bernoulli_array(arr: np.ndarray, p: np.ndarray, gen: Generator | None) -> np.ndarray:
    check_dtype(arr, _NUMBERS, "bernoulli_tensor_cpu_self_")
    check_dtype(p, FLOATS, "bernoulli_tensor_cpu_p_")
    if not ((p >= 0) & (p <= 1)).all():
        raise RuntimeError("bernoulli expects every probability p to be in [0, 1]")
    try:
        p = np.broadcast_to(p, arr.shape)
    except ValueError as error:
        raise RuntimeError(
            f"The expanded size {list(arr.shape)} must match the existing size {list(p.shape)} of p"
        ) from error
    p_flat = p.transpose(memory_axes(arr)).reshape(-1)

    def draw(generator: Generator, flat: np.ndarray) -> None:
        for start in range(0, flat.size, BLOCK):
            block, p_block = flat[start : start + BLOCK], p_flat[start : start + BLOCK]
            if p_flat.dtype == np.float64:
                block[...] = generator._words64(block.size, 53) * 2.0**-53 < p_block  # (1)
            else:
                k = (generator._words(block.size) & np.uint32(0xFFFFFF)).astype(np.float32)
                block[...] = k * np.float32(2.0**-24) < p_block  # (2)

    return fill(arr, gen, draw)


# ---- integers ------------------------------------------------------------------------------------


def random_(
    arr: np.ndarray,
    low: int | None = None,
    high: int | None = None,
    gen: Generator | None = None,
) -> np.ndarray:
    """Fill `arr` with integers uniform on low … high − 1, by equation (3).

    Args:
        arr: any integer dtype, bool, float16, float32 or float64.
        low: the smallest value; None: 0.
        high: one more than the largest value; None: up to the largest the dtype holds (a float:
            2¹¹, 2²⁴, 2⁵³), in which case giving `low` or not draws different words.
        gen: None: the default generator.

    Raises:
        RuntimeError: low ≥ high, or a bound outside the dtype's range.
        ValueError: a bound outside int64.
        NotImplementedError: another dtype.

    Numerics:
        The remainder favours small values by at most range/2³² (range/2⁶⁴), as PyTorch's does.

    Example:
        >>> import numpy as np
        >>> from minitorch.random import manual_seed, random_
        >>> _ = manual_seed(0)
        >>> random_(np.empty(5, np.int64), 0, 10)
        array([4, 9, 3, 0, 3])
    """
    if low is None and high is None:
        return _random_whole(arr, gen)
    low = 0 if low is None else operator.index(low)
    for bound in (low, 0 if high is None else operator.index(high)):
        if not _INT64_MIN <= bound <= _INT64_MAX:
            raise ValueError(f"Overflow when unpacking long long: random_ got the bound {bound}")
    if arr.dtype.kind not in "biuf":
        raise RuntimeError(
            "check_random_bounds handles only integral, floating-point and boolean types"
        )
    is_float = arr.dtype in FLOATS
    if high is not None:
        last = operator.index(high) - 1
        if low > last:
            raise RuntimeError(
                f"random_ expects 'from' to be less than 'to', but got from={low} >= to={last + 1}"
            )
        if is_float:
            low, last = _inner_bound(arr.dtype, low, 1), _inner_bound(arr.dtype, last + 1, -1) - 1
            if low > last:
                raise RuntimeError(
                    "random_ expects 'from' casted to dtype to be less than 'to' casted to dtype, "
                    f"but got from={low} >= to={last + 1}"
                )
    elif low == _INT64_MIN:
        return _random_all_64_bits(arr, gen)
    elif is_float:
        last, low = 2 ** _digits(arr.dtype), _inner_bound(arr.dtype, low, 1)
        if low >= last:
            raise RuntimeError(
                "random_ expects 'from' casted to dtype to be less than or equal to 'to_inc' "
                f"casted to dtype, but got from={low} > to_inc={last}"
            )
    else:
        last = _largest(arr.dtype)
    _check_bound(arr.dtype, "from", low)
    _check_bound(arr.dtype, "to - 1", last)
    span = last - low + 1

    def draw(generator: Generator, flat: np.ndarray) -> None:
        for block in blocks(flat):
            if span < 2**28:
                w = generator._words(block.size)
                _remainder(w, span)
                if low == 0:
                    block[...] = w
                else:
                    block[...] = w.astype(np.int64) + low
            else:
                w = generator._words64(block.size)
                _remainder(w, span)
                block[...] = w.view(np.int64) + low  # (3); wraps as int64 does

    return fill(arr, gen, draw)


def _remainder(words: np.ndarray, span: int) -> None:
    """words mod span, in place."""
    if span & (span - 1) == 0:
        np.bitwise_and(words, words.dtype.type(span - 1), words)
    else:  # NumPy's division by a scalar is vectorised; its remainder is not
        quotient = words // words.dtype.type(span)
        np.multiply(quotient, words.dtype.type(span), quotient)
        np.subtract(words, quotient, words)


def _random_whole(arr: np.ndarray, gen: Generator | None) -> np.ndarray:
    """random_() without bounds, 0 … the dtype's largest; int64 and float64 by random64()."""
    check_dtype(arr, _NUMBERS, "random_kernel_cpu")
    span = (2 ** _digits(arr.dtype) if arr.dtype.kind == "f" else _largest(arr.dtype)) + 1
    wide = arr.dtype in (np.int64, np.float64)

    def draw(generator: Generator, flat: np.ndarray) -> None:
        for block in blocks(flat):
            w = generator._words64(block.size) if wide else generator._words(block.size)
            _remainder(w, span)
            block[...] = w

    return fill(arr, gen, draw)


def _random_all_64_bits(arr: np.ndarray, gen: Generator | None) -> np.ndarray:
    """random_(−2⁶³, None): the bits of random64() as they are, read as int64."""
    if arr.size == 0:
        return arr
    kernel = "random_full_64_bits_range_kernel_cpu"
    check_dtype(arr, SIGNED_AND_BYTE | FLOATS - {np.dtype(np.float16)}, kernel)
    if arr.dtype not in (np.int64, np.float32, np.float64):
        raise RuntimeError(f"{kernel} handles only int64, double, float and bfloat16")

    def draw(generator: Generator, flat: np.ndarray) -> None:
        for block in blocks(flat):
            block[...] = generator._words64(block.size).view(np.int64)

    return fill(arr, gen, draw)


def _digits(dtype: np.dtype) -> int:
    """Bits of a float dtype's significand: 11, 24 or 53."""
    return np.finfo(dtype).nmant + 1


def _largest(dtype: np.dtype) -> int:
    """The largest integer of an integer dtype or bool; for uint64, −1: it is kept as int64."""
    if dtype.kind == "b":
        return 1
    return -1 if dtype == np.uint64 else int(np.iinfo(dtype).max)


def _inner_bound(dtype: np.dtype, bound: int, step: int) -> int:
    """`bound` moved in by one float where an integer beside it would round out of the interval.

    step is +1 for a lower bound and −1 for an upper one.
    """
    with np.errstate(over="ignore"):
        rounded = float(dtype.type(bound + step))
    if abs(rounded) >= 2**63 or (int(rounded) - bound) * step >= (1 if step < 0 else 0):
        return bound  # (an int64 that rounds up to 2⁶³ is left alone as well)
    return int(rounded) + step * 2 ** (abs(bound + step).bit_length() - _digits(dtype))


def _check_bound(dtype: np.dtype, name: str, bound: int) -> None:
    """RuntimeError if the dtype cannot hold `bound`; a warning if not exactly."""
    type_name = DTYPE_NAMES[dtype.name][1]
    if dtype in FLOATS:
        smallest, largest = float(np.finfo(dtype).min), float(np.finfo(dtype).max)
    elif dtype.kind == "b":
        smallest, largest = 0, 1
    else:
        smallest, largest = np.iinfo(dtype).min, min(np.iinfo(dtype).max, _INT64_MAX)
    if not smallest <= bound <= largest:
        raise RuntimeError(f"{name} is out of bounds for {type_name}")
    if dtype in FLOATS and abs(bound) > 2 ** _digits(dtype):
        warnings.warn(
            f"{name} is out of bounds [-(2^{_digits(dtype)}), 2^{_digits(dtype)}]. Due to "
            f"precision limitations {type_name} can support discrete uniform distribution only "
            "within this range.",
            stacklevel=4,
        )
