"""Documentation that runs: every doctest, the README's and docs' examples, and their promises."""

from __future__ import annotations

import ast
import doctest
import importlib
import inspect
import pkgutil
import re
from pathlib import Path

import numpy as np
import pytest

import minitorch

ROOT = Path(__file__).parent.parent
MODULES = sorted(m.name for m in pkgutil.walk_packages(minitorch.__path__, "minitorch."))
MODULES = ["minitorch", *(m for m in MODULES if not m.endswith("__main__"))]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])
FLAGS = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS


@pytest.mark.parametrize("name", MODULES)
def test_docstrings(name):
    module = importlib.import_module(name)
    with np.printoptions(precision=8, threshold=1000, linewidth=75, suppress=False):
        result = doctest.testmod(module, extraglobs={"torch": minitorch}, optionflags=FLAGS)
    assert result.failed == 0


# docs/progress.md needs a clock that stands still: tests/progress runs it
@pytest.mark.parametrize(
    "path", [p for p in PAGES if p.name != "progress.md"], ids=lambda p: p.name
)
def test_pages(path, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    text = path.read_text(encoding="utf-8")
    parser = doctest.DocTestParser()
    blocks = re.findall(r"```(?:python|pycon|text)?\n(.*?)```", text, re.S)
    code = "\n".join(b for b in blocks if ">>> " in b)
    test = parser.get_doctest(code, {"torch": minitorch}, path.name, str(path), 0)
    runner = doctest.DocTestRunner(optionflags=FLAGS)
    with np.printoptions(precision=8, threshold=1000, linewidth=75, suppress=False):
        runner.run(test)
    assert runner.failures == 0


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.name)
def test_links_lead_somewhere(path):
    text = path.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text):
        if not target.startswith(("http:", "https:", "mailto:")):
            assert (path.parent / target).exists(), f"{path.name} links to {target}"


def public_functions():
    for name in MODULES:
        module = importlib.import_module(name)
        for key, value in vars(module).items():
            if key.startswith("_") or getattr(value, "__module__", None) != name:
                continue
            if inspect.isfunction(value) or inspect.isclass(value):
                yield f"{name}.{key}", value


def test_every_public_name_is_documented():
    bare = [name for name, value in public_functions() if not inspect.getdoc(value)]
    assert bare == []


TAG = re.compile(r"\((\d{1,2})\)")


def rules():
    for name in MODULES:
        module = importlib.import_module(name)
        for key, value in vars(module).items():
            if hasattr(value, "rule") and getattr(value, "__module__", "") == name:
                yield pytest.param(value, id=f"{name.removeprefix('minitorch.')}.{key}")


def docstrings(module) -> str:
    """All docstrings of a file: a rule's equations may stand in its public function's."""
    tree = ast.parse(inspect.getsource(module))
    kinds = (ast.Module, ast.FunctionDef, ast.ClassDef)
    return "\n".join(ast.get_docstring(n) or "" for n in ast.walk(tree) if isinstance(n, kinds))


@pytest.mark.parametrize("op", list(rules()))
def test_equation_tags(op):
    """A number on a code line, # (2), refers to an equation in the file's docstrings."""
    source = inspect.getsource(op.rule)
    code = source.split('"""')[-1] if inspect.getdoc(op.rule) else source
    comments = [line.split("#", 1)[1] for line in code.splitlines() if "#" in line]
    used = {n for comment in comments for n in TAG.findall(comment)}
    missing = used - set(TAG.findall(docstrings(inspect.getmodule(op.rule))))
    assert not missing, f"tags {sorted(missing)} have no equation"
