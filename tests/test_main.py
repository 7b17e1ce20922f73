"""`python -m minitorch`: what runs here; `… notes <name>`: an entry of docs/notes.md."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

import minitorch as torch
from minitorch import notes
from minitorch.__main__ import main

ROOT = Path(__file__).parent.parent


def test_it_says_what_runs_and_where_to_begin(capsys):
    main([])
    lines = capsys.readouterr().out.splitlines()
    assert 5 <= len(lines) <= 8 and max(map(len, lines)) < 100
    assert torch.__version__ in lines[0] and f"NumPy {np.__version__}," in lines[1]
    assert lines[1].endswith(f"threads: {torch.get_num_threads()}")
    home = Path(lines[2].removeprefix("source: "))
    files = [line.split()[0] for line in lines if line.startswith("  ")]
    assert len(files) == 3 and all((home / name).is_file() for name in files)
    assert "python -m minitorch notes Conv2d" in lines[-1]


def test_an_unknown_command_is_refused(capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["nots"])
    assert stopped.value.code == 2 and "'nots'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "heading"),
    [
        ("Conv2d", "nn.Conv2d"),
        ("conv2d", "nn.Conv2d"),
        ("nn.Conv2d", "nn.Conv2d"),
        ("torch.nn.Conv2d", "nn.Conv2d"),
        ("Adam", "torch.optim.Adam"),
        ("randn", "torch.randn"),
        ("parameters", "model.parameters"),
        ("ToTensor", "transforms.ToTensor"),
        ("torchvision.transforms.Normalize", "transforms.Normalize"),
        ("TQDM", "tqdm"),
    ],
)
def test_an_entry_is_found_by_its_name(name, heading, capsys):
    main(["notes", name])
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(f"{heading}(")
    path = next(line for line in lines if not line.startswith((heading, " ")))
    assert path == notes.source(heading) and Path(path).is_absolute() and Path(path).is_file()


def test_an_entry_is_laid_out_for_a_terminal(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    main(["notes", "Conv2d"])
    lines = capsys.readouterr().out.splitlines()
    assert "".join(lines[:3]).startswith("nn.Conv2d(in_channels, out_channels, kernel_size, stride")
    prose = [line for line in lines[3:] if not line.startswith("    ")]
    assert max(map(len, prose)) <= 80 and not any("](" in line or "**" in line for line in prose)
    top = next(i for i, line in enumerate(lines) if line.startswith("parameter "))
    starts = [head.start() for head in re.finditer(r"\S+(?: \S+)*", lines[top])]
    table = [line for line in lines[top + 1 : top + 8] if line.startswith("`")]
    assert len(starts) == 3 and table[0].startswith("`in_channels`  ")
    for line in table:
        assert all(line[at - 1] == " " != line[at] for at in starts[1:])


def test_the_signature_has_no_addresses_or_annotations():
    assert notes.signature("nn.TransformerEncoderLayer").count("activation=relu,") == 1
    turn = notes.signature("transforms.RandomRotation")
    assert "interpolation=InterpolationMode.NEAREST," in turn
    assert notes.signature("model.parameters") == "model.parameters(recurse=True)"


def test_chinese(capsys):
    main(["notes", "--zh", "LayerNorm"])
    out = capsys.readouterr().out
    assert "笔记与 PyTorch 不同之处" in out and "Where the notes" not in out


def test_chinese_lines_fit_the_terminal(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    main(["notes", "--zh", "Flatten"])
    lines = capsys.readouterr().out.splitlines()[2:]
    widths = [torch.progress.display_width(line) for line in lines if not line.startswith("    ")]
    assert max(widths) <= 62  # a full stop may hang over


def test_without_a_name_the_entries_are_listed(capsys):
    main(["notes"])
    assert capsys.readouterr().out.splitlines() == list(notes.entries())


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("nn.Sequentia", "did you mean nn.Sequential?"),
        ("linaer", "did you mean nn.Linear?"),
        ("xyz", "`python -m minitorch notes` lists all"),
    ],
)
def test_a_misspelt_name_suggests_the_nearest(name, hint):
    with pytest.raises(SystemExit) as stopped:
        main(["notes", name])
    assert stopped.value.code == f"error: the notes have no entry {name!r}: {hint}"


def python(*arguments: str, environment: dict[str, str] | None = None, **options):
    """Python in a process of its own, as a user's shell would start it."""
    names = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "0", **(environment or {})}
    return subprocess.run([sys.executable, *arguments], env=names, **options)


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "gbk"])
def test_a_terminal_without_the_characters_is_no_error(encoding, tmp_path):
    command = ["-m", "minitorch", "notes", "--zh", "tqdm"]
    run = python(*command, cwd=tmp_path, environment={"PYTHONIOENCODING": encoding},
                 capture_output=True)  # fmt: skip
    assert run.returncode == 0 and run.stderr == b""
    assert run.stdout.decode(encoding).startswith("tqdm(iterable=None, desc=None")


def test_a_reader_that_stops_early_is_no_error(tmp_path):
    read, write = os.pipe()
    os.close(read)
    run = python("-m", "minitorch", "notes", "tqdm", cwd=tmp_path, stdout=write,
                 stderr=subprocess.PIPE)  # fmt: skip
    os.close(write)
    assert run.stderr == b"" and run.returncode == 1


def test_importing_minitorch_does_not_import_the_reader():
    run = python("-c", "import minitorch, sys; print('minitorch.notes' in sys.modules)",
                 capture_output=True, text=True)  # fmt: skip
    assert run.stdout == "False\n"


def test_a_wheel_holds_every_package_and_both_pages(tmp_path):
    """Build one from a copy; install it by unpacking; ask it for an entry."""
    source, site = tmp_path / "source", tmp_path / "site"
    for name in ("minitorch", "docs"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    build = "from setuptools.build_meta import build_wheel; build_wheel('..')"
    run = subprocess.run([sys.executable, "-c", build], cwd=source, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        wheel.extractall(site)
    held = {str(p.relative_to(site)) for p in site.rglob("*") if p.is_file()}
    held = {name.replace(os.sep, "/") for name in held if ".dist-info" not in name}
    code = {p.relative_to(ROOT).as_posix() for p in (ROOT / "minitorch").rglob("*.py")}
    pages = {"minitorch/docs/notes.md", "minitorch/docs/notes.zh-CN.md"}
    assert held == code | pages | {"minitorch/py.typed"}
    run = python("-m", "minitorch", "notes", "Adam", cwd=tmp_path, capture_output=True,
                 environment={"PYTHONPATH": str(site), "PYTHONIOENCODING": "utf-8"})  # fmt: skip
    assert str(site / "minitorch").encode() in run.stdout  # the file to read is the installed one
