"""How a tensor prints: digits, columns, line breaks and the words after the numbers.

All elements of a tensor are printed alike, in one of three ways (m, M: the smallest and largest
absolute value among those that are finite and not zero):

    integers     when every value is whole:                       1.  20.
    scientific   when M/m > 1000, M > 1e8 or m < 1e-4:            1.0000e-05
    fixed        otherwise, with `precision` digits:              0.2500
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from . import dtypes


@dataclass
class _Options:
    precision: int = 4
    threshold: float = 1000
    edgeitems: int = 3
    linewidth: int = 80
    sci_mode: bool | None = None


OPTIONS = _Options()


def set_printoptions(
    precision: int | None = None,
    threshold: float | None = None,
    edgeitems: int | None = None,
    linewidth: int | None = None,
    profile: str | None = None,
    sci_mode: bool | None = None,
) -> None:
    """Choose how tensors print.

    Args:
        precision   digits after the point (4 at start)
        threshold   more elements than this are summarised (1000)
        edgeitems   how many are shown at each end then (3)
        linewidth   characters in a line (80)
        profile     "default", "short" (2 digits, 2 edge items) or "full" (never summarise)
        sci_mode    True or False forces scientific notation on or off; None decides by value
    """
    global OPTIONS
    if profile is not None:
        profiles = {
            "default": _Options(),
            "short": _Options(precision=2, edgeitems=2),
            "full": _Options(threshold=math.inf),
        }
        if profile not in profiles:
            raise ValueError(f"profile must be one of {', '.join(profiles)}, got {profile!r}")
        OPTIONS = profiles[profile]
    for name, value in (
        ("precision", precision),
        ("threshold", threshold),
        ("edgeitems", edgeitems),
        ("linewidth", linewidth),
    ):
        if value is not None:
            setattr(OPTIONS, name, value)
    OPTIONS.sci_mode = sci_mode


class _Column:
    """The common format of all shown elements."""

    def __init__(self, shown: np.ndarray) -> None:
        self.is_float = shown.dtype.kind == "f"
        self.whole, self.scientific, self.width = True, False, 1
        precision = OPTIONS.precision
        if not self.is_float:
            self.width = max((len(str(v)) for v in shown.ravel().tolist()), default=1)
            return
        values = shown.astype(np.float64).ravel()
        values = values[np.isfinite(values) & (values != 0)]
        if values.size == 0:
            return
        size = np.abs(values)
        m, M = float(size.min()), float(size.max())
        self.whole = bool((values == np.ceil(values)).all())
        self.scientific = M / m > 1000 or M > 1e8 or (not self.whole and m < 1e-4)
        if OPTIONS.sci_mode is not None:
            self.scientific = OPTIONS.sci_mode
        if self.scientific:
            texts = [f"{v:.{precision}e}" for v in values.tolist()]
        elif self.whole:
            texts = [f"{v:.0f}." for v in values.tolist()]
        else:
            texts = [f"{v:.{precision}f}" for v in values.tolist()]
        self.width = max(1, max(map(len, texts)))

    def text(self, value: Any) -> str:
        if not self.is_float:
            return str(value).rjust(self.width)
        if self.scientific:
            return f"{value:{self.width}.{OPTIONS.precision}e}"
        if self.whole:
            return (f"{value:.0f}" + ("." if math.isfinite(value) else "")).rjust(self.width)
        return f"{value:.{OPTIONS.precision}f}".rjust(self.width)


def _corners(a: np.ndarray) -> np.ndarray:
    """The elements that a summary shows: both ends of every axis."""
    edge = OPTIONS.edgeitems
    for axis, n in enumerate(a.shape):
        if n > 2 * edge:
            a = np.take(a, [*range(edge), *range(n - edge, n)], axis)
    return a


def _text(a: np.ndarray, indent: int, summarize: bool, column: _Column) -> str:
    edge = OPTIONS.edgeitems
    if a.ndim == 0:
        return column.text(a.item())
    cut = summarize and len(a) > 2 * edge
    if a.ndim == 1:
        per_line = max(1, (OPTIONS.linewidth - indent) // (column.width + 2))
        ends = [*a[:edge].tolist(), None, *a[len(a) - edge :].tolist()] if cut else a.tolist()
        words = [" ..." if v is None else column.text(v) for v in ends]
        lines = [", ".join(words[i : i + per_line]) for i in range(0, len(words), per_line)]
        return "[" + (",\n" + " " * (indent + 1)).join(lines) + "]"
    rows = [*a[:edge], None, *a[len(a) - edge :]] if cut else list(a)
    parts = ["..." if r is None else _text(r, indent + 1, summarize, column) for r in rows]
    return "[" + ("," + "\n" * (a.ndim - 1) + " " * (indent + 1)).join(parts) + "]"


def tensor_text(a: np.ndarray, words: list[str], prefix: str = "tensor(") -> str:
    """``tensor([…], word, word)``: the numbers of `a` and what must be said after them."""
    dtype = dtypes.from_numpy(a.dtype)
    indent = len(prefix)
    implied = dtype in (dtypes.get_default_dtype(), dtypes.int64, dtypes.bool_)
    if a.size == 0:
        numbers = "[]"
        if a.ndim != 1:
            words = [f"size={tuple(a.shape)}", *words]
        implied = dtype is dtypes.get_default_dtype()
    else:
        summarize = a.size > OPTIONS.threshold
        shown = _corners(a) if summarize else a
        numbers = _text(a, indent, summarize, _Column(shown))
    if not implied:
        words = [*(w for w in words if w.startswith("size=")), f"dtype={dtype!r}",
                 *(w for w in words if not w.startswith("size="))]  # fmt: skip
    text = prefix + numbers
    length = len(text) - text.rfind("\n") + 1  # PyTorch keeps two columns free
    for word in words:
        if length + len(word) + 2 > OPTIONS.linewidth:
            text += ",\n" + " " * indent + word
            length = indent + len(word)
        else:
            text += ", " + word
            length += len(word) + 2
    return text + ")"
