"""minitorch and torchvision side by side: the same call on the same image, and is it the same?"""

from __future__ import annotations

import random
import warnings
from typing import Any

import numpy as np
from PIL import Image

MODES = ("L", "RGB", "RGBA", "1", "I", "F", "I;16", "P", "LA", "CMYK", "YCbCr")
SIZES = ((1, 1), (2, 3), (7, 5), (13, 17), (64, 48))


def picture(mode: str, size: tuple[int, int], seed: int = 0) -> Image.Image:
    """A PIL image of that mode and (width, height) whose pixels are random."""
    rng = np.random.default_rng([seed, *size, *mode.encode()])
    w, h = size
    if mode == "P":
        img = Image.fromarray(rng.integers(0, 256, (h, w), np.uint8))
        img.putpalette(rng.integers(0, 256, 768, np.uint8).tobytes())
        return img
    if mode in ("I", "F", "I;16"):
        kind, high = {"I": (np.int32, 2**20), "F": (np.float32, 1), "I;16": (np.uint16, 65536)}[mode]
        values = rng.uniform(0, 1, (h, w)) if mode == "F" else rng.integers(0, high, (h, w))
        return Image.fromarray(values.astype(kind))
    if mode == "1":
        return Image.fromarray(rng.integers(0, 2, (h, w)).astype(bool))
    bands = len(mode) if mode not in ("YCbCr",) else 3
    pixels = rng.integers(0, 256, (h, w, bands), np.uint8)
    return Image.frombytes(mode, size, pixels.tobytes())


def values(kind: str, shape: tuple[int, ...], seed: int = 0) -> np.ndarray:
    """Random brightnesses: 0-1 for floats, else 0 to the dtype's largest (at most 255)."""
    rng = np.random.default_rng([seed, *shape, *kind.encode()])
    if kind.startswith("float"):
        return rng.uniform(0, 1, shape).astype(kind)
    if kind == "bool":
        return rng.integers(0, 2, shape).astype(bool)
    return rng.integers(0, min(256, int(np.iinfo(kind).max) + 1), shape).astype(kind)


class Side:
    """One of the two libraries: `torch`, `T` (transforms), `F` (functional)."""

    def __init__(self, torch: Any, transforms: Any) -> None:
        self.torch, self.T, self.F = torch, transforms, transforms.functional

    def tensor(self, kind: str, shape: tuple[int, ...], seed: int = 0) -> Any:
        return self.torch.from_numpy(values(kind, shape, seed))

    def run(self, call: Any, img: Any, seed: int = 0) -> Any:
        """The result as plain values, or the exception."""
        self.torch.manual_seed(seed)
        random.seed(seed)
        if isinstance(img, tuple):
            img = self.tensor(*img)
        elif isinstance(img, Image.Image):
            img = img.copy()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                return plain(call(self, img))
            except Exception as error:  # compared below
                return error


def plain(result: Any) -> Any:
    """PIL images and tensors as (kind, …, array); containers as tuples."""
    if isinstance(result, Image.Image):
        palette = tuple(result.getpalette() or ()) if result.mode == "P" else ()
        return ("pil", result.mode, palette, np.array(result))
    if hasattr(result, "numpy"):
        return ("tensor", str(result.dtype), result.detach().numpy().copy())
    if isinstance(result, (list, tuple)):
        return ("several", *(plain(r) for r in result))
    return result


def difference(got: Any, wanted: Any, tolerance: float = 1e-6, steps: int = 0) -> str:
    """What is not the same, or "".

    Args:
        tolerance: for floating point tensors, relative to 1.
        steps: how many units integer tensors may differ by.
    """
    if isinstance(wanted, Exception):  # the same type, or the built-in one that it extends
        kinds = {k for k in type(wanted).__mro__ if k.__module__ == "builtins"}
        kinds -= {Exception, BaseException, object}
        return "" if type(got) in kinds else f"{_short(got)}, expected {_short(wanted)}"
    if isinstance(got, Exception):
        return f"{_short(got)}, expected {_short(wanted)}"
    if isinstance(wanted, tuple) and wanted and wanted[0] == "several":
        if not isinstance(got, tuple) or len(got) != len(wanted):
            return f"{_short(got)}, expected {_short(wanted)}"
        found = (difference(g, w, tolerance, steps) for g, w in zip(got[1:], wanted[1:]))
        return next((d for d in found if d), "")
    if isinstance(wanted, tuple) and wanted and wanted[0] in ("pil", "tensor"):
        if not isinstance(got, tuple) or got[:-1] != wanted[:-1]:
            return f"{_short(got)}, expected {_short(wanted)}"
        return _array_difference(got[-1], wanted[-1], wanted[0] == "pil", tolerance, steps)
    if isinstance(wanted, float):
        return "" if got == wanted or (got != got and wanted != wanted) else f"{got} != {wanted}"
    return "" if got == wanted else f"{got!r}, expected {wanted!r}"


def _array_difference(
    a: np.ndarray, b: np.ndarray, exact: bool, tolerance: float, steps: int
) -> str:
    if a.shape != b.shape or a.dtype != b.dtype:
        return f"{a.dtype} {a.shape}, expected {b.dtype} {b.shape}"
    if exact or a.dtype.kind == "b":
        bad = ~((a == b) | ((a != a) & (b != b)))
    elif a.dtype.kind == "f":
        tolerance = {2: 2e-3, 4: tolerance, 8: tolerance}[a.dtype.itemsize]
        bad = ~np.isclose(a, b, rtol=tolerance, atol=tolerance, equal_nan=True)
    else:
        bad = np.abs(a.astype(np.int64) - b.astype(np.int64)) > steps
    if not bad.any():
        return ""
    at = tuple(int(i) for i in np.argwhere(bad)[0])
    return f"{int(bad.sum())} of {bad.size} differ, first at {at}: {a[at]} != {b[at]}"


def only_faint(got: Any, wanted: Any, got_shares: Any, wanted_shares: Any) -> bool:
    """Whether two bool images differ only in pixels whose shares of lit pixels are below 1e-6.

    A bool pixel is on where its share isn't 0, and on a tie the processor's rounding decides between
    0 and 1e-8. The shares are the results for the same image in float32.
    """
    results = (got, wanted, got_shares, wanted_shares)
    if not all(isinstance(r, tuple) and r[0] == "tensor" for r in results):
        return False
    a, b, *shares = (r[-1] for r in results)
    if any(x.shape != a.shape for x in (b, *shares)):
        return False
    return all(np.abs(s[a != b]).max(initial=0) < 1e-6 for s in shares)


def _short(value: Any) -> str:
    if isinstance(value, Exception):
        return f"{type(value).__name__}({str(value)[:100]})"
    if isinstance(value, tuple) and value and value[0] in ("pil", "tensor"):
        return f"{value[0]} {value[1]} {value[-1].shape}"
    return repr(value)[:100]


def flattened(result: Any) -> tuple[np.ndarray, str]:
    """A result as (all its numbers, what they are), to be stored."""
    if isinstance(result, Exception):
        builtin = next(k for k in type(result).__mro__ if k.__module__ == "builtins")
        return np.empty(0), builtin.__name__
    if isinstance(result, tuple) and result and result[0] == "several":
        parts = [flattened(r) for r in result[1:]]
        return np.concatenate([p[0] for p in parts]), " + ".join(p[1] for p in parts)
    if isinstance(result, tuple) and result and result[0] in ("pil", "tensor"):
        array = result[-1]
        text = f"{result[0]} {result[1]} {array.dtype} {list(array.shape)}"
        return array.astype(np.float64).ravel(), text
    if isinstance(result, (int, float)):
        return np.array([float(result)]), "number"
    return np.empty(0), repr(result)
