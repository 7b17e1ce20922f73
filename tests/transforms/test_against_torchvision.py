"""minitorch's answers against torchvision's, live, over image modes, dtypes and sizes."""

from __future__ import annotations

import inspect

import pytest

import minitorch
from minitorch import transforms

from .sides import Side, difference, only_faint
from .table import CLASSES, ROWS, image, make, specs


@pytest.fixture(scope="module")
def other(real_torch, torchvision):
    from torchvision import transforms as theirs

    threads = real_torch.get_num_threads()
    real_torch.set_num_threads(1)
    yield Side(real_torch, theirs)
    real_torch.set_num_threads(threads)


@pytest.fixture(scope="module")
def mine():
    return Side(minitorch, transforms)


@pytest.mark.parametrize("row", ROWS, ids=[r.name for r in ROWS])
def test_row(row, mine, other):
    found = []
    for number, spec in enumerate(specs(row, everything=True)):
        if number % 7 != len(row.name) % 7:  # each row takes another seventh
            continue
        img = image(spec)
        got, wanted = mine.run(row.call, img, number), other.run(row.call, img, number)
        problem = difference(got, wanted, steps=row.steps)
        if problem and row.shares and img[0] == "bool":
            shares = (side.run(lambda s, x: row.call(s, x.float()), img) for side in (mine, other))
            problem = "" if only_faint(got, wanted, *shares) else problem
        if problem:
            found.append(f"{spec}: {problem}")
    assert found == []


NAMES = [n for n in transforms.__all__ if n not in ("functional", "InterpolationMode")]


@pytest.mark.parametrize("name", NAMES)
def test_signature(name, other):
    """Parameters, their order and defaults; get_params's, too; and a Module where theirs is."""
    ours, theirs = getattr(transforms, name), getattr(other.T, name)
    assert described(ours) == described(theirs)
    assert hasattr(ours, "get_params") == hasattr(theirs, "get_params")
    if hasattr(ours, "get_params"):
        assert described(ours.get_params) == described(theirs.get_params)
    assert issubclass(ours, minitorch.nn.Module) == issubclass(theirs, other.torch.nn.Module)


@pytest.mark.parametrize("name", transforms.functional.__all__)
def test_function_signature(name, other):
    if name != "InterpolationMode":
        ours, theirs = getattr(transforms.functional, name), getattr(other.F, name)
        assert described(ours) == described(theirs)


def described(function):
    """(name, default) of each parameter."""
    return [
        (p.name, str(getattr(p.default, "value", p.default)))
        for p in inspect.signature(function).parameters.values()
    ]


def test_nothing_is_missing(other):
    """Every public class but the automatic augmentation policies."""
    theirs = {n for n in dir(other.T) if inspect.isclass(getattr(other.T, n))}
    policies = {n for n in theirs if "Augment" in n or n == "AugMix"}
    assert theirs - policies == set(transforms.__all__) - {"functional"}


@pytest.mark.parametrize("code", CLASSES)
def test_repr(code, mine, other):
    assert repr(make(mine, code)) == repr(make(other, code))
