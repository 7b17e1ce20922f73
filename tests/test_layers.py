"""The house rules that a machine can check: who imports whom, and what must not be imported."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent / "minitorch"
FILES = sorted(ROOT.rglob("*.py"))

# A file may import files of its own level or below (DESIGN: dependencies point down).
LEVELS = {
    "progress": 0, "dtypes": 0, "errors": 0, "files": 0, "heap": 0, "parallel": 0, "printing": 0, "random": 0,
    "return_types": 0, "size": 0, "cuda": 0, "accelerator": 0, "backends": 0,
    "autograd": 1,
    "ops": 2,
    "tensor": 3,
    "methods": 3, "tensor_types": 3, "in_place": 3,
    "reference": 4, "nn.functional": 4, "nn.init": 4, "nn.parameter": 4, "nn.multihead": 4, "nn.resize": 4, "nn.lp_pool": 4, "nn.modules": 5,
    "nn.utils": 5, "nn": 5, "optim": 5, "distributions": 5,
    "linalg": 3, "special": 3, "signal": 3, "functional": 3, "serialization": 6, "utils": 6, "transforms": 6, "datasets": 6,
    "notes": 7,
}  # fmt: skip


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def level_of(name: str) -> int | None:
    while name:
        if name in LEVELS:
            return LEVELS[name]
        name = name.rpartition(".")[0]
    return None


def imports(path: Path):
    """(dotted name inside minitorch, line) of each relative import of a file."""
    package = path.relative_to(ROOT).parts[:-1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = package[: len(package) - (node.level - 1)]
            module = ".".join((*base, *(node.module or "").split("."))).strip(".")
            if node.module:
                yield module, node.lineno
            for alias in node.names:
                yield f"{module}.{alias.name}".strip("."), node.lineno


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_imports_point_down(path):
    name = name_of(path)
    level = level_of(name)
    if level is None:  # the public namespace and the command line may use everything
        assert name in ("", "__main__") or path.parent == ROOT, f"{name} has no level"
        return
    for target, line in imports(path):
        other = level_of(target)
        assert other is None or other <= level, f"{path}:{line} {name} imports {target}"


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_no_import_inside_a_function(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            for inner in ast.walk(node):
                if isinstance(inner, ast.ImportFrom) and inner.level:
                    pytest.fail(f"{path}:{inner.lineno} imports inside {node.name}")


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_only_numpy_and_pillow(path):
    """minitorch runs on numpy and pillow; PyTorch, torchvision and tqdm are oracles of tests."""
    forbidden = {"torch", "torchvision", "tqdm", "scipy"}
    name = name_of(path)
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.Import):
            names = [a.name for a in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names = [node.module or ""]
        for imported in names:
            top = imported.split(".")[0]
            assert top not in forbidden, f"{path}:{node.lineno} imports {imported}"
            if top == "PIL":
                pictures = name.split(".")[0] in ("transforms", "datasets") or name == "utils.images"
                assert pictures, f"{path}: {imported}"
            if top == "numpy":
                assert not name.startswith("nn.modules"), f"{path}: nn/modules is free of numpy"


def test_progress_stands_alone():
    assert list(imports(ROOT / "progress.py")) == []
    users = {name_of(p) for p in FILES for target, _ in imports(p) if target == "progress"}
    assert users <= {"", "datasets.download", "notes"}  # namespace, download's bar, text width


def test_reference_is_never_on_the_running_path():
    users = [name_of(p) for p in FILES for target, _ in imports(p) if target == "reference"]
    assert users == []
