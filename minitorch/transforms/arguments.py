"""Checks that several transforms make on their arguments."""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Number
from typing import Any

from .functional.images import get_dimensions


def sequence(value: Any, name: str, lengths: tuple[int, ...] = (2,)) -> None:
    """Refuse what is no sequence of one of the lengths.

    Raises:
        TypeError: no sequence.
        ValueError: another length.
    """
    wanted = f"{name} should be a sequence of length {' or '.join(map(str, lengths))}."
    if not isinstance(value, Sequence):
        raise TypeError(f"{wanted} Got {value!r}")
    if len(value) not in lengths:
        raise ValueError(f"{wanted} Got {value!r}")


def interval(value: Any, name: str, lengths: tuple[int, ...] = (2,)) -> list[float]:
    """Degrees as a range: x → [−x, x]; a sequence as it is.

    Raises:
        TypeError: neither number nor sequence.
        ValueError: a negative number, a sequence of another length.
    """
    if isinstance(value, Number):
        if value < 0:  # type: ignore[operator]
            raise ValueError(f"If {name} is a single number, it must be positive. Got {value!r}")
        value = [-value, value]  # type: ignore[operator]
    else:
        sequence(value, name, lengths)
    return [float(v) for v in value]


def two_sizes(size: Any) -> Any:
    """(height, width) from n, [n] or [height, width].

    Raises:
        ValueError: another number of sizes.
    """
    if isinstance(size, Number):
        return int(size), int(size)  # type: ignore[call-overload]
    if isinstance(size, Sequence) and len(size) == 1:
        return size[0], size[0]
    if len(size) != 2:
        raise ValueError(f"Please provide only two dimensions (h, w) for size. Got {size!r}")
    return size


def number_or_sequence(fill: Any) -> Any:
    """A fill value; None stands for 0.

    Raises:
        TypeError: neither number nor sequence.
    """
    if fill is None:
        return 0
    if not isinstance(fill, (Sequence, Number)):
        raise TypeError(f"Fill should be either a sequence or a number. Got {fill!r}")
    return fill


def fill_for(img: Any, fill: Any) -> list[float]:
    """`fill` for a tensor image: one float per channel."""
    if isinstance(fill, (int, float)):
        return [float(fill)] * get_dimensions(img)[0]
    return [float(v) for v in fill]
