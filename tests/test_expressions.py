"""What is printed and raised, against PyTorch's own text (tests/expressions.py)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import minitorch

from .expressions import EXPRESSIONS, evaluate

STORED = json.loads(
    (Path(__file__).parent / "goldens" / "expressions.json").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_golden(expression):
    assert evaluate(expression, minitorch) == STORED[expression]


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_live(expression, real_torch):
    assert evaluate(expression, minitorch) == evaluate(expression, real_torch)


def test_goldens_cover_the_list():
    assert set(STORED) == {*EXPRESSIONS, "torch_version"}
