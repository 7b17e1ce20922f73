"""Every parameter does what PyTorch's does, and a parameter that did nothing would be found out."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import minitorch

from .examples import EXAMPLES, NOTES_CODE, USE_IMAGES
from .rows import GROUPS, ROWS
from .running import OURS, Group, Row, call, compare, difference, kept, oracle, run, run_code
from .table import TABLE, Entry

STORED = json.loads(
    (Path(__file__).parent.parent / "goldens" / "notes.json").read_text(encoding="utf-8")
)
IMAGES = [title for title, (group, _) in ROWS.items() if group.name.startswith("transforms.")]
OTHERS = [title for title in ROWS if title not in IMAGES]
EVERY_ROW = pytest.mark.parametrize("title", ROWS, ids=list(ROWS))


def as_stored(value: Any) -> Any:
    """A value as it comes back from JSON."""
    return json.loads(json.dumps(value))


def shown(title: str, without: str = "") -> Any:
    group, row = ROWS[title]
    return as_stored(run(group, row, OURS, without))


# -- values ----
@EVERY_ROW
def test_golden(title):
    assert compare(ROWS[title][1], shown(title), STORED["rows"][title]) == ""


def live(title: str, side: Any) -> Any:
    group, row = ROWS[title]
    theirs = as_stored(kept(row, run(group, row, side)))
    assert compare(row, shown(title), theirs) == ""
    return theirs


@pytest.mark.parametrize("title", OTHERS, ids=OTHERS)
def test_live(title, real_torch):
    """With numbers in float32, which are also the goldens, and in float64."""
    side = oracle()
    assert difference(live(title, side), STORED["rows"][title]) == ""
    for torch in (minitorch, real_torch):
        torch.set_default_dtype(torch.float64)
    try:
        live(title, side)
    finally:
        for torch in (minitorch, real_torch):
            torch.set_default_dtype(torch.float32)


@pytest.mark.parametrize("title", IMAGES, ids=IMAGES)
def test_live_images(title, torchvision):
    assert difference(live(title, oracle(torchvision)), STORED["rows"][title]) == ""


@pytest.mark.parametrize("title", [t for t, (_, row) in ROWS.items() if row.differs])
def test_known_differences_are_there(title):
    """A row said to differ does: else the remark is out of date."""
    assert difference(shown(title), STORED["rows"][title]) != ""


# -- no row passes when its parameter is left out ----
@EVERY_ROW
def test_stripped_row_fails(title):
    group, row = ROWS[title]
    stripped = shown(title, without=row.parameter)
    assert compare(row, stripped, STORED["rows"][title]) != ""


def test_call_leaves_out_what_it_is_told():
    def echo(*args, **kwargs):
        return args, kwargs

    given = {"*size": (2, 3), "dtype": 4, "**names": {"size": 5}}
    assert call(echo, given) == ((2, 3), {"dtype": 4, "size": 5})
    assert call(echo, given, "*size") == ((), {"dtype": 4, "size": 5})
    assert call(echo, given, "dtype") == ((2, 3), {"size": 5})
    assert call(echo, given, "**names") == ((2, 3), {"dtype": 4})


def test_a_dead_parameter_is_found_out():
    """A row on a callable that ignores its parameter, or a row that shows something else."""
    group = Group("ignores", (), before="def ignores(x, scale=1):\n    return x", given={"x": "3"})
    dead = Row("scale", "2")
    assert run(group, dead, OURS) == run(group, dead, OURS, "scale")
    alive = replace(group, before="def ignores(x, scale=1):\n    return x * scale")
    assert run(alive, dead, OURS) != run(alive, dead, OURS, "scale")
    blind = replace(dead, show="'always the same'")
    assert run(alive, blind, OURS) == run(alive, blind, OURS, "scale")


# -- no parameter without a row ----
def without_rows(table: list[Entry], groups: list[Group]) -> list[tuple[str, str]]:
    covered = {(group.name, row.parameter) for group in groups for row in group.rows}
    return [
        (e.name, p.name) for e in table for p in e.parameters if (e.name, p.name) not in covered
    ]


def test_every_parameter_has_a_row():
    assert without_rows(TABLE, GROUPS) == []


def test_a_parameter_without_a_row_is_found_out():
    for group in GROUPS:
        for parameter in {row.parameter for row in group.rows}:
            rest = tuple(row for row in group.rows if row.parameter != parameter)
            others = [g for g in GROUPS if g is not group]
            found = without_rows(TABLE, [*others, replace(group, rows=rest)])
            assert found == [(group.name, parameter)]


def test_rows_are_of_the_table():
    known = {(e.name, p.name) for e in TABLE for p in e.parameters}
    assert {(group.name, row.parameter) for group in GROUPS for row in group.rows} <= known
    assert len(ROWS) == sum(len(group.rows) for group in GROUPS)  # no title twice


def test_goldens_cover_the_rows():
    assert set(STORED["rows"]) == set(ROWS)
    assert set(STORED["examples"]) == set(EXAMPLES)
    assert STORED["versions"]["torch"].startswith("2.13.0")


# -- a difference is seen ----
def test_difference():
    def tensor(*numbers, dtype="float32"):
        return {"dtype": dtype, "shape": [len(numbers)], "numbers": list(numbers)}

    assert difference(tensor(1.0, 2.0), tensor(1.0, 2.0000001)) == ""
    assert difference(tensor(1.0, 2.0), tensor(1.0, 2.00001))
    assert difference(tensor(1.0, dtype="float64"), tensor(1.0)) != ""
    assert difference(tensor(1.0, dtype="float64"), tensor(1 + 1e-8, dtype="float64"))
    assert difference(tensor(1, dtype="int64"), tensor(2, dtype="int64"))
    assert difference(tensor(float("nan")), tensor(float("nan"))) == ""
    assert difference(tensor(float("nan")), tensor(1.0))
    assert difference([tensor(1.0), "a"], [tensor(1.0), "b"])
    assert difference({"gives": 1, "warns": []}, {"gives": 1})
    assert difference(True, 1)
    assert difference([1], [1, 2])


# -- the notes' examples ----
def ours(name: str) -> Any:
    return as_stored(run_code(EXAMPLES[name], OURS))


@pytest.mark.parametrize("name", EXAMPLES)
def test_example(name):
    assert ours(name) == STORED["examples"][name]
    assert ours(name)["gives"].strip() or "tqdm" in name


@pytest.mark.parametrize("name", [n for n in EXAMPLES if n not in USE_IMAGES])
def test_example_live(name, real_torch):
    assert ours(name) == as_stored(run_code(EXAMPLES[name], oracle()))


@pytest.mark.parametrize("name", sorted(USE_IMAGES))
def test_example_live_images(name, torchvision):
    assert ours(name) == as_stored(run_code(EXAMPLES[name], oracle(torchvision)))


def test_the_notes_code_is_there():
    assert len([name for name in NOTES_CODE if name.startswith("nn.Sequential")]) == 3
