"""docs/notes.md and docs/notes.zh-CN.md: complete, true of the live signatures, true of PyTorch."""

from __future__ import annotations

import doctest
import inspect
import re
import warnings
from pathlib import Path

import numpy as np
import pytest

import minitorch as torch
from minitorch import notes

DOCS = Path(__file__).parent.parent / "docs"
# The notes' headings in their order, and what the notes' signatures leave out.
HEADINGS = {
    "nn.Sequential": "",
    "nn.Conv2d": "padding_mode device dtype",
    "nn.Flatten": "",
    "nn.Parameter": "",
    "torch.randn": "",
    "nn.Dropout": "",
    "torch.cat": "",
    "nn.TransformerEncoderLayer": "",
    "nn.TransformerEncoder": "",
    "nn.LayerNorm": "bias",
    "nn.Linear": "",
    "nn.CrossEntropyLoss": "label_smoothing",
    "torch.optim.Adam": "foreach maximize capturable differentiable fused decoupled_weight_decay",
    "model.parameters": "recurse",
    "transforms.Compose": "",
    "transforms.ToPILImage": "",
    "transforms.RandomRotation": "interpolation expand center fill",
    "transforms.ToTensor": "",
    "transforms.Normalize": "inplace",
    "tqdm": "",
}
ENGLISH, CHINESE = notes.entries(), notes.entries(chinese=True)
REQUIRED = {"required", "必填"}
VALUES = {
    "torch": torch,
    "F": torch.nn.functional,
    "InterpolationMode": torch.transforms.InterpolationMode,
}

both_pages = pytest.mark.parametrize("page", [ENGLISH, CHINESE], ids=["en", "zh"])
each_entry = pytest.mark.parametrize("heading", HEADINGS)


def rows(entry: str) -> dict[str, tuple[bool, str, str]]:
    """Parameter → (left out by the notes' signature, default, effect) of an entry's table."""
    found = re.findall(r"^\| `\*?(\w+)`( †)? \| (.+?) \| (.+?) \|$", entry, re.M)
    return {name: (bool(mark), default, effect) for name, mark, default, effect in found}


def code(entry: str) -> str:
    return "\n".join(re.findall(r"```python\n(.*?)```", entry, re.S))


@both_pages
def test_every_callable_has_its_entry_in_the_notes_order(page):
    assert list(page) == list(HEADINGS)


@both_pages
@each_entry
def test_every_parameter_has_a_row_with_its_live_default(page, heading):
    live = inspect.signature(notes.subject(heading)).parameters
    live = {k: p for k, p in live.items() if k != "self" and p.kind is not p.VAR_KEYWORD}
    table = rows(page[heading])
    assert list(table) == list(live)
    for name, (_, default, effect) in table.items():
        assert len(effect) > 3
        if live[name].default is not inspect.Parameter.empty:
            value = eval(default.strip("`"), VALUES)
            assert value == live[name].default and type(value) is type(live[name].default), name
        elif live[name].kind is not inspect.Parameter.VAR_POSITIONAL:
            assert default in REQUIRED, name


@both_pages
@each_entry
def test_what_the_notes_leave_out_is_marked(page, heading):
    marked = [name for name, (mark, _, _) in rows(page[heading]).items() if mark]
    assert marked == HEADINGS[heading].split()


@both_pages
@each_entry
def test_an_entry_has_an_example_its_source_and_the_differences(page, heading):
    entry = page[heading]
    assert ">>> " in code(entry)
    links = re.findall(r"\]\(\.\./(minitorch/[\w/]+\.py)\)", entry)
    assert links and str(DOCS.parent / links[0]) == notes.source(heading)
    assert re.search(r"\*\*(Where the notes and|笔记与) .+\*\*\n\n- .", entry)


@both_pages
@each_entry
def test_equation_numbers_are_the_sources(page, heading):
    entry = page[heading]
    equations = "".join(re.findall(r"```text\n(.*?)```", entry, re.S))
    links = re.findall(r"\]\(\.\./(minitorch/[\w/]+\.py)\)", entry)
    source = "".join((DOCS.parent / link).read_text(encoding="utf-8") for link in links)
    used = re.findall(r"  (\(\d\))(?: (\(\d\)))?$", equations, re.M)
    assert {n for pair in used for n in pair if n} <= set(re.findall(r"\(\d\)", source))


@each_entry
def test_both_languages_run_the_same_code(heading):
    pages = (ENGLISH, CHINESE)
    bare = [re.sub(r" *# .*", "", code(page[heading])) for page in pages]
    assert bare[0] == bare[1]
    tables = [{k: row[:2] for k, row in rows(page[heading]).items()} for page in pages]
    for name, row in tables[0].items():
        same = row == tables[1][name]
        assert same or {row[1], tables[1][name][1]} in ({"required", "必填"}, {"none", "无"})


def failures(text: str, name: str) -> int:
    """How many examples print something else; each entry stands on its own."""
    flags = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
    runner = doctest.DocTestRunner(optionflags=flags)
    runner.run(doctest.DocTestParser().get_doctest(text, {}, name, None, 0))
    return runner.failures


@each_entry
def test_an_entry_runs_alone(heading):
    assert failures(code(ENGLISH[heading]), heading) == 0


@each_entry
def test_pytorch_prints_the_same(heading, real_torch, torchvision):
    text = code(ENGLISH[heading])
    for ours, theirs in (
        ("import minitorch as torch", "import torch"),
        ("from minitorch import nn", "from torch import nn"),
        ("from minitorch import transforms", "from torchvision import transforms"),
        ("from minitorch.progress import tqdm", "from tqdm import tqdm"),
    ):
        text = text.replace(ours, theirs)
    assert "minitorch" not in text
    with np.printoptions(precision=8, threshold=1000, linewidth=75), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # nested tensors are a prototype
        assert failures(text, heading) == 0
