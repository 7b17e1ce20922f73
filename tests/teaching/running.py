"""Runs a teaching script, an ordinary PyTorch file, on PyTorch or on minitorch, and keeps its output.

For minitorch only the lines that import are changed, as a learner would change them.
"""

from __future__ import annotations

import contextlib
import io
import os
import random
import re
from pathlib import Path

import numpy as np

SCRIPTS = {path.stem: path for path in sorted((Path(__file__).parent / "scripts").glob("*.py"))}

# What a learner edits to move a script from PyTorch to minitorch: line pattern → new line.
EDITS = (
    (r"import (torch|torchvision)$", r"import minitorch as \1"),
    (r"import (?:torch|torchvision)\.([\w.]+) as", r"import minitorch.\1 as"),
    (r"import torch\.([\w.]+)$", r"import minitorch.\1"),
    (r"from (?:torch|torchvision) import", "from minitorch import"),
    (r"from (?:torch|torchvision)\.([\w.]+) import", r"from minitorch.\1 import"),
    (r"from tqdm import", "from minitorch.progress import"),
)

NUMBER = re.compile(r"(?<![\w.])[+-]?\d+\.?\d*(?:e[+-]?\d+)?")


def source(name: str) -> str:
    """The text of a script."""
    return SCRIPTS[name].read_text(encoding="utf-8")


def rewritten(text: str) -> str:
    """The script's text with its imports pointed at minitorch."""
    for pattern, line in EDITS:
        text = re.sub(rf"^{pattern}", line, text, flags=re.MULTILINE)
    return text


def run(name: str, text: str, folder: Path) -> list[str]:
    """What the script prints, run as a program of its own in `folder`."""
    random.seed(0)
    np.random.seed(0)
    out = io.StringIO()
    program = compile(text, SCRIPTS[name].name, "exec")
    before = os.getcwd()
    os.chdir(folder)
    try:
        with contextlib.redirect_stdout(out), np.printoptions():
            exec(program, {"__name__": "__main__"})
    finally:
        os.chdir(before)
    return out.getvalue().splitlines()


def differences(got: list[str], expected: list[str], rel: float = 1e-4) -> list[str]:
    """The lines that differ: text to the character, numbers by more than the relative `rel`."""
    found = []
    for i in range(max(len(got), len(expected))):
        a = got[i] if i < len(got) else "(nothing)"
        b = expected[i] if i < len(expected) else "(nothing)"
        if not same(a, b, rel):
            found.append(f"line {i + 1}\n  expected: {b}\n  got:      {a}")
    return found


def same(got: str, expected: str, rel: float) -> bool:
    """Whether two lines say the same."""
    if got == expected:
        return True
    if NUMBER.sub(_form, got) != NUMBER.sub(_form, expected):
        return False
    pairs = zip(NUMBER.findall(got), NUMBER.findall(expected))
    return all(abs(float(a) - float(b)) <= rel * abs(float(b)) for a, b in pairs)


def _form(number: re.Match[str]) -> str:
    """What two numbers must share: whole numbers their digits, others the digits after the point."""
    text = number.group()
    if "." not in text and "e" not in text:
        return text
    mantissa, e, _ = text.partition("e")
    return f"#.{len(mantissa.partition('.')[2])}{e}"
