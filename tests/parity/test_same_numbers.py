"""The example's training run on minitorch and on PyTorch: the same losses, the same predictions.

Real MNIST where it is there, else drawn digits; the example's own code, weights, order, rotations
and dropout masks from the same seed. In float32 the two part as the rounding of sums grows from
step to step, as PyTorch's own runs in float32 and in double do (docs/same_numbers.md); in double,
with the same weights, images and masks, nothing but the last places is left.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from benchmarks.same_numbers import example, relative, train


@pytest.fixture(scope="module")
def sides(torchvision):
    return example(on_pytorch=False), example(on_pytorch=True)


def mnist() -> str | None:
    root = os.environ.get("MINITORCH_MNIST", "data")
    return root if (Path(root) / "MNIST" / "raw").is_dir() else None


def both(sides, *how, **more):
    return (train(names, *how, **more) for names in sides)


def test_twenty_steps(sides):
    (ours, seen), (theirs, seen2) = both(sides, "default", mnist(), 20, tested=500)
    assert max(relative(ours, theirs)) < 2e-6
    assert len(set(theirs)) == 20  # it trains
    assert (seen == seen2).mean() >= 0.9999


def test_thirty_steps_in_double(sides):
    (ours, seen), (theirs, seen2) = both(sides, "default", mnist(), 30, 200, double=True)
    assert max(relative(ours, theirs)) < 1e-12
    assert theirs[-1] < theirs[0]
    assert (seen == seen2).all()


def test_notes_preset(sides):
    (ours, _), (theirs, _) = both(sides, "notes", mnist(), 1, tested=1)
    assert max(relative(ours, theirs)) < 2e-6


def test_another_seed_is_another_run(sides):
    """The comparison can fail: one number less drawn, and the losses part at once."""
    names, _ = sides
    (ours, _), (honest, _) = (
        train({**names, "Run": run}, "default", None, 3, tested=1)
        for run in (_one_number_late(names), names["Run"])
    )
    assert max(relative(ours, honest)) > 1e-3


def _one_number_late(names):
    def make(config, seed):
        run = names["Run"](config, seed)
        names["torch"].rand(1)
        return run

    return make
