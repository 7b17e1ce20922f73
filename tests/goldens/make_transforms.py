"""Writes transforms.npz: torchvision's answers to the rows of tests/transforms/table.py.

Run with torchvision 0.28.0:  python -m tests.goldens.make_transforms
"""

from __future__ import annotations

import json
import sys
import types
from pathlib import Path

import numpy as np

from ..transforms.sides import Side, flattened
from ..transforms.table import CLASSES, ROWS, image, make, specs

TARGET = Path(__file__).parent / "transforms.npz"


def smallest(values: np.ndarray) -> np.ndarray:
    """The same values in the smallest dtype that holds them all exactly."""
    with np.errstate(invalid="ignore"):
        for kind in (np.uint8, np.float32):
            if np.array_equal(values.astype(kind), values, equal_nan=kind is np.float32):
                return values.astype(kind)
    return values


def main() -> None:
    for name in ("torchvision._meta_registrations", "torchvision._autograd_registrations"):
        sys.modules.setdefault(name, types.ModuleType(name))
    import torch
    import torchvision
    from torchvision import transforms

    side = Side(torch, transforms)
    numbers, words = {}, {}
    for r in ROWS:
        parts, words[r.name] = [], []
        for spec in specs(r, everything=False):
            array, text = flattened(side.run(r.call, image(spec)))
            parts.append(array)
            words[r.name].append([text, len(array)])
        numbers[r.name] = smallest(np.concatenate(parts))
    words["reprs"] = {code: repr(make(side, code)) for code in CLASSES}
    words["version"] = torchvision.__version__.split("+")[0]
    np.savez_compressed(TARGET, words=np.array(json.dumps(words)), **numbers)


if __name__ == "__main__":
    main()
