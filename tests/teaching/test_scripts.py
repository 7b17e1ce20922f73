"""Ordinary PyTorch scripts must print on minitorch what they print on PyTorch.

Whole training runs are compared: same seed, same numbers. tests/goldens/teaching.json holds what
PyTorch printed; where PyTorch is installed the comparison is made live too.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import minitorch

from .running import SCRIPTS, differences, rewritten, run, source

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")  # the ones that PyTorch gives too

STORED = json.loads(
    (Path(__file__).parent.parent / "goldens" / "teaching.json").read_text(encoding="utf-8")
)


@pytest.fixture(autouse=True)
def leaves_no_trace():
    """A script may change global settings; the next test must not see them."""
    state = minitorch.get_rng_state()
    yield
    minitorch.set_rng_state(state)
    minitorch.set_default_dtype(minitorch.float32)
    minitorch.set_printoptions(profile="default")


@pytest.mark.parametrize("name", SCRIPTS)
def test_golden(name, tmp_path):
    got = run(name, rewritten(source(name)), tmp_path)
    assert not differences(got, STORED["scripts"][name])


@pytest.mark.parametrize("name", SCRIPTS)
def test_live(name, tmp_path, real_torch, torchvision):
    got = run(name, rewritten(source(name)), tmp_path)
    assert not differences(got, run(name, source(name), tmp_path))


def test_goldens_cover_the_scripts():
    assert set(STORED["scripts"]) == set(SCRIPTS)


@pytest.mark.parametrize("name", SCRIPTS)
def test_rewritten_leaves_no_torch(name):
    lines = rewritten(source(name)).splitlines()
    imports = [line.strip() for line in lines if line.strip().startswith(("import ", "from "))]
    assert any("minitorch" in line for line in imports)
    assert not [
        line
        for line in imports
        if line.split()[1].split(".")[0] in ("torch", "torchvision", "tqdm")
    ]


def test_differences_are_found():
    assert not differences(["loss 0.69315 [2, 3]"], ["loss 0.69314 [2, 3]"])
    assert differences(["loss 0.6935"], ["loss 0.6931"])
    assert differences(["shape [2, 3]"], ["shape [2, 4]"])
    assert differences(["tensor(1.)"], ["tensor(1)"])
    assert differences(["one"], ["one", "two"])
