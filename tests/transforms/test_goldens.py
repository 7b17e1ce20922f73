"""minitorch's answers against torchvision's, stored (tests/goldens/make_transforms.py)."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import minitorch
from minitorch import transforms

from .sides import Side, flattened
from .table import CLASSES, ROWS, image, make, specs

GOLDENS = Path(__file__).parent.parent / "goldens" / "transforms.npz"


@pytest.fixture(scope="module")
def goldens():
    with np.load(GOLDENS) as stored:
        return json.loads(str(stored["words"])), dict(stored)


@pytest.mark.parametrize("row", ROWS, ids=[r.name for r in ROWS])
def test_row(row, goldens):
    words, numbers = goldens
    side = Side(minitorch, transforms)
    wanted, at = numbers[row.name], 0
    images = specs(row, everything=False)
    assert len(images) == len(words[row.name]) > 0
    for spec, (text, count) in zip(images, words[row.name]):
        got, what = flattened(side.run(row.call, image(spec)))
        assert what == text, spec
        close(got, wanted[at : at + count], text, row.steps, spec)
        at += count
    assert at == len(wanted)


def close(got, wanted, text, steps, spec):
    if text.startswith("pil"):
        np.testing.assert_array_equal(got, wanted, err_msg=str(spec))
    elif " int" in text or " uint8" in text:
        np.testing.assert_allclose(got, wanted, rtol=0, atol=steps, err_msg=str(spec))
    else:
        np.testing.assert_allclose(got, wanted, rtol=1e-6, atol=1e-6, err_msg=str(spec))


@pytest.mark.parametrize("code", CLASSES)
def test_repr(code, goldens):
    assert repr(make(Side(minitorch, transforms), code)) == goldens[0]["reprs"][code]
