"""Same seed, same numbers: whole programs give what PyTorch gives, stored and live.

The programs stand in programs_*.py beside this file, what is compared and how in make_same_seed.py.
Draws of bare arrays: test_streams.py.
"""

from __future__ import annotations

import json
import random
from pathlib import Path

import numpy as np
import pytest

import minitorch
from minitorch import parallel
from tests.goldens.make_same_seed import (
    CLOSE,
    EXACT,
    KEPT,
    LIVE,
    SEEDS,
    digest,
    is_close,
    rest,
    results,
)

GOLDEN = json.loads((Path(__file__).parents[1] / "goldens" / "same_seed.json").read_text())

# Relative to the number itself, and to the largest one of its tensor, for sums that cancel: the
# float32 gradients of both libraries are up to 2e-6 from the ones in double.
TOLERANCE = {"float32": (1e-5, 3e-6), "float64": (1e-12, 1e-13)}

# Every large program in single precision, and in double those that between them use all kernels.
LARGE = [(name, "float32") for name in LIVE]
LARGE += [
    (name, "float64")
    for name in ("a step of the example", "encoder layer, gelu, norm_first", "attention, mask",
                 "MultiheadAttention of itself", "Dropout, turned")
]  # fmt: skip

# Programs whose own results do not depend on the seed: only what is drawn after them does.
QUIET = {f"models: init.{fill}" for fill in ("constant_", "ones_", "zeros_", "eye_", "dirac_")}
QUIET |= {"data: DataLoader in order"}
# Those with a generator of their own: numbers drawn before from the default one change nothing.
OWN = {name for name in EXACT if "generator" in name}


def differences(found, wanted, tolerance=None):
    """What is not the same, result by result: equal to the bit, or close where it went through sums."""
    if list(found) != list(wanted):
        return [f"results {list(found)}, expected {list(wanted)}"]
    bad = []
    for name, array in found.items():
        other = wanted[name]
        if array.dtype != other.dtype or array.shape != other.shape:
            bad.append(f"{name}: {array.dtype} {array.shape}, not {other.dtype} {other.shape}")
        elif tolerance and is_close(name, array):
            if not near(array, other, *tolerance):
                bad.append(f"{name}: {np.abs(array - other).max():.1e} apart")
        elif array.tobytes() != other.tobytes():
            at = np.flatnonzero(array.ravel() != other.ravel())[:1]
            bad.append(f"{name} at {at}: {array.ravel()[at]}, not {other.ravel()[at]}")
    return bad


def near(found, wanted, relative, largest):
    """|found − wanted| ≤ relative·|wanted| + largest·max|wanted|, everywhere."""
    wanted = np.asarray(wanted).reshape(found.shape)
    scale = np.abs(wanted).max(initial=0)
    return np.allclose(found, wanted, rtol=relative, atol=largest * scale)


@pytest.fixture
def both(real_torch, torchvision):
    yield minitorch, real_torch
    for module in (minitorch, real_torch):
        module.set_default_dtype(module.float32)


@pytest.fixture
def two_threads(monkeypatch):
    """minitorch on two threads; the numbers of blocks that they share, call by call."""
    before, counts, blocks = minitorch.get_num_threads(), [], parallel.blocks

    def counted(n, size, *rest):
        counts.append(-(-n // size))
        return blocks(n, size, *rest)

    monkeypatch.setattr(parallel, "blocks", counted)
    minitorch.set_num_threads(2)
    yield counts
    minitorch.set_num_threads(before)


def test_the_stored_programs_are_these():
    assert list(GOLDEN["exact"]) == list(EXACT) and list(GOLDEN["close"]) == list(CLOSE)


@pytest.mark.parametrize("name", EXACT)
def test_exact(name):
    found = [digest(results(EXACT[name], minitorch, seed)) for seed in SEEDS]
    assert found == GOLDEN["exact"][name]


@pytest.mark.parametrize("name", EXACT)
def test_exact_live(name, both):
    for seed in SEEDS:
        ours, theirs = (results(EXACT[name], torch, seed) for torch in both)
        assert differences(ours, theirs) == [], seed


@pytest.mark.parametrize("name", CLOSE)
def test_close(name):
    for seed, wanted in zip(SEEDS, GOLDEN["close"][name]):
        found = results(CLOSE[name], minitorch, seed)
        kept = [k for k in KEPT if k in found]
        assert [*wanted] == ["rest", *kept]
        assert rest(found) == wanted["rest"], seed
        far = [k for k in kept if not near(found[k], wanted[k], *TOLERANCE["float32"])]
        assert far == [], seed


@pytest.mark.parametrize("dtype", TOLERANCE)
@pytest.mark.parametrize("name", CLOSE)
def test_close_live(name, both, dtype):
    for seed in SEEDS:
        assert differences(*sides(CLOSE[name], both, dtype, seed), TOLERANCE[dtype]) == [], seed


@pytest.mark.parametrize(("name", "dtype"), LARGE)
def test_large_live(name, both, dtype, two_threads):
    """Sizes at which minitorch works in blocks, several steps in one, and in two threads."""
    seed = SEEDS[len(name) % len(SEEDS)]
    assert differences(*sides(LIVE[name], both, dtype, seed), TOLERANCE[dtype]) == []
    assert max(two_threads, default=0) > 1 or name == "LSTM"  # which has no such kernel


def sides(program, modules, dtype, seed):
    """The program's results with a default dtype, one module after the other."""
    for module in modules:
        module.set_default_dtype(getattr(module, dtype))
    return (results(program, module, seed) for module in modules)


# -- the comparison can fail ----------------------------------------------------------------------


def own(found):
    """The results without what every program is followed by."""
    return {k: v for k, v in found.items() if not k.endswith(" after")}


def late(program):
    """The program after one number too many."""

    def run(torch):
        torch.rand(1)
        random.random()
        return program(torch)

    return run


@pytest.mark.parametrize("table", ["exact", "close"])
def test_every_seed_has_other_digests(table):
    for name, found in GOLDEN[table].items():
        assert len({json.dumps(f) for f in found}) == len(SEEDS), name


@pytest.mark.parametrize("name", EXACT)
def test_another_seed_or_one_more_number_is_seen(name):
    program, wanted = EXACT[name], GOLDEN["exact"][name][0]
    honest, shifted = results(program, minitorch, 0), results(program, minitorch, 2)
    one_late = results(late(program), minitorch, 0)
    assert digest(honest) == wanted
    assert digest(shifted) != wanted != digest(one_late)
    assert (digest(own(shifted)) == digest(own(honest))) == (name in QUIET)
    assert (digest(own(one_late)) == digest(own(honest))) == (name in QUIET | OWN)


@pytest.mark.parametrize("name", CLOSE)
def test_other_masks_are_seen(name):
    """Values alone show it, without the digest of the rest."""
    found = own(results(late(CLOSE[name]), minitorch, 0))
    wanted = GOLDEN["close"][name][0]
    assert any(not near(found[k], wanted[k], *TOLERANCE["float32"]) for k in wanted if k in KEPT)


def test_a_layer_that_draws_one_number_more_is_seen(monkeypatch):
    reset = minitorch.nn.Linear.reset_parameters

    def greedy(self):
        reset(self)
        minitorch.rand(1)

    monkeypatch.setattr(minitorch.nn.Linear, "reset_parameters", greedy)
    for name in ("models: fresh MLP", "models: fresh Transformer"):
        assert digest(results(EXACT[name], minitorch, 0)) != GOLDEN["exact"][name][0]


def test_differences_names_what_differs():
    one = {"a": np.array([1.0, 2.0], np.float32), "rand after": np.float32([3.0])}
    assert differences(one, one) == []
    moved = {**one, "a": np.array([1.0, 2.000001], np.float32)}
    assert differences(one, moved)[0].startswith("a at [1]")
    assert differences(one, moved, TOLERANCE["float32"]) == []
    moved["rand after"] = np.float32([3.0000003])
    assert differences(one, moved, TOLERANCE["float32"])[0].startswith("rand after")
    assert differences(one, {**one, "a": one["a"].astype(float)})[0].startswith("a: float32")
    assert differences(one, {"a": one["a"]})[0].startswith("results")
