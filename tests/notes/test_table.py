"""The table against the notes' signatures, minitorch's and PyTorch's own, and what objects remember."""

from __future__ import annotations

import ast
import inspect
from typing import Any

import pytest

from .running import OURS, Side, oracle, outcome, plain
from .table import HEADINGS, IN_EXAMPLES, NOTES, REQUIRED, TABLE, Entry

ENTRIES = pytest.mark.parametrize("entry", TABLE, ids=lambda e: e.name)
BUILT = pytest.mark.parametrize("entry", [e for e in TABLE if e.built], ids=lambda e: e.name)
IMAGES = [e for e in TABLE if e.name.startswith("transforms.")]
COMPILED = [e for e in TABLE if e.builtin]


def evaluated(text: str, side: Side) -> Any:
    return eval(text, side.env)


def signature(entry: Entry, side: Side) -> list[inspect.Parameter]:
    thing = evaluated(entry.name, side)
    if entry.name == "tqdm":  # tqdm's __new__ takes anything
        thing = thing.__init__
    parameters = list(inspect.signature(thing).parameters.values())
    return [p for p in parameters if p.name != "self"]


def check_signature(entry: Entry, side: Side) -> None:
    """Names, order, kinds and defaults are those of the table."""
    found = signature(entry, side)
    stars = {inspect.Parameter.VAR_POSITIONAL: "*", inspect.Parameter.VAR_KEYWORD: "**"}
    assert [stars.get(p.kind, "") + p.name for p in found] == [p.name for p in entry.parameters]
    for p, wanted in zip(found, entry.parameters):
        if p.kind not in stars:
            assert (p.kind is inspect.Parameter.KEYWORD_ONLY) == wanted.keyword, p.name
        if wanted.default == REQUIRED:
            assert p.default is inspect.Parameter.empty, p.name
        else:
            default = evaluated(wanted.default, side)
            assert p.default == default and type(p.default) is type(default), p.name


@ENTRIES
def test_signature(entry):
    check_signature(entry, OURS)


@pytest.mark.parametrize(
    "entry", [e for e in TABLE if e not in COMPILED and e not in IMAGES], ids=lambda e: e.name
)
def test_signature_live(entry, real_torch):
    check_signature(entry, oracle())


@pytest.mark.parametrize("entry", IMAGES, ids=lambda e: e.name)
def test_signature_live_images(entry, torchvision):
    check_signature(entry, oracle(torchvision))


# PyTorch's randn and cat are compiled: their defaults, written out, must change nothing
WITHOUT_DEFAULTS = {
    "torch.randn": "torch.randn(4, {})",
    "torch.cat": "torch.cat([torch.randn(2), torch.zeros(1)], {})",
}


def spelt_out(entry: Entry, side: Side) -> tuple[Any, Any]:
    given = ", ".join(f"{p.name}={p.default}" for p in entry.parameters if p.default != REQUIRED)
    texts = WITHOUT_DEFAULTS[entry.name].format(given), WITHOUT_DEFAULTS[entry.name].format("")
    first, second = (outcome(lambda env, text=text: eval(text, env), side) for text in texts)
    return first, second


@pytest.mark.parametrize("entry", COMPILED, ids=lambda e: e.name)
def test_defaults_spelt_out(entry):
    first, second = spelt_out(entry, OURS)
    assert first == second and "gives" in first


@pytest.mark.parametrize("entry", COMPILED, ids=lambda e: e.name)
def test_defaults_spelt_out_live(entry, real_torch):
    first, second = spelt_out(entry, oracle())
    assert first == second and "gives" in first


def check_attributes(entry: Entry, side: Side) -> None:
    """An object made with defaults remembers them: attribute → its repr."""

    def shown(env: dict[str, Any]) -> Any:
        env["made"] = eval(entry.built, env)
        texts = {name: repr(eval(f"made.{name}", env)) for name in entry.attributes}
        return {name: text.replace("minitorch.", "torch.") for name, text in texts.items()}

    assert outcome(shown, side) == {"gives": plain(entry.attributes)}


@BUILT
def test_attributes(entry):
    check_attributes(entry, OURS)


@BUILT
def test_attributes_live(entry, torchvision):
    check_attributes(entry, oracle(torchvision))


# -- the notes ----
def written(entry: Entry) -> tuple[list[str], dict[str, str]]:
    """The names in the notes' signature, and the defaults as text."""
    function = ast.parse(f"def f{entry.signature[entry.signature.index('(') :]}: pass").body[0]
    assert isinstance(function, ast.FunctionDef)
    a = function.args
    stars = [f"*{a.vararg.arg}"] if a.vararg else []
    names = [x.arg for x in a.args] + stars + [x.arg for x in a.kwonlyargs]
    values = [x for x in (*a.defaults, *a.kw_defaults) if x]  # those of the last names
    return names, dict(zip(names[len(names) - len(values) :], map(ast.unparse, values)))


@pytest.mark.parametrize("entry", [e for e in TABLE if e.signature], ids=lambda e: e.name)
def test_notes_signature(entry):
    """What the notes print is the table's: names in order, and defaults but for noted ones."""
    names, defaults = written(entry)
    listed = [p for p in entry.parameters if p.where == NOTES]
    assert [p.name for p in listed] == names
    for p in listed:
        text = p.notes_default or p.default
        assert (text == REQUIRED) == (p.name not in defaults), p.name
        if text:
            assert evaluated(text, OURS) == evaluated(defaults[p.name], OURS), p.name


def test_only_these_defaults_differ_from_the_notes():
    differing = {(e.name, p.name) for e in TABLE for p in e.parameters if p.notes_default}
    assert differing == {("nn.TransformerEncoderLayer", "activation"), ("tqdm", "ascii")}


def test_callables_are_the_headings():
    """One entry for each heading in the notes' order, and the callables of their examples."""
    heads = [e for e in TABLE if not e.part and e.name not in sum(IN_EXAMPLES.values(), [])]
    assert [e.heading for e in heads] == HEADINGS
    for heading, names in IN_EXAMPLES.items():
        assert [e.name for e in TABLE if e.heading == heading] == [heading, *names]
    order = [HEADINGS.index(e.heading) for e in TABLE]
    assert order == sorted(order)


def test_every_parameter_is_described():
    for entry in TABLE:
        assert len(entry.what) > 10
        for p in entry.parameters:
            assert len(p.what) > 8, (entry.name, p.name)
        assert len({p.name for p in entry.parameters}) == len(entry.parameters)
