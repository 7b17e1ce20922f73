"""Compose, Lambda and the transforms that choose: order, random numbers, text."""

from __future__ import annotations

import random

import numpy as np
import pytest

import minitorch as torch
from minitorch import transforms
from minitorch.nn import Module
from minitorch.transforms import functional as F


def add(n):
    return transforms.Lambda(lambda x: [*x, n])


def test_compose_applies_the_first_first():
    assert transforms.Compose([add(1), add(2), add(3)])([]) == [1, 2, 3]
    assert transforms.Compose([])("image") == "image"


def test_the_notes_pipeline():
    pipeline = transforms.Compose([
        transforms.ToPILImage(),
        transforms.RandomRotation(degrees=15),
        transforms.ToTensor(),
        transforms.Normalize([0.5], [0.5]),
    ])  # fmt: skip
    torch.manual_seed(1)  # an angle of 7.7 degrees
    out = pipeline(np.full((28, 28), 255, np.uint8))
    assert out.shape == (1, 28, 28) and out.dtype == torch.float32
    assert out[0, 14, 14].item() == 1.0  # 255 → 1.0 → (1 − 0.5) / 0.5
    assert out[0, 0, 0].item() == -1.0  # turned in from outside: 0
    assert repr(pipeline) == (
        "Compose(\n"
        "    ToPILImage()\n"
        "    RandomRotation(degrees=[-15.0, 15.0], interpolation=nearest, expand=False, fill=0)\n"
        "    ToTensor()\n"
        "    Normalize(mean=[0.5], std=[0.5])\n"
        ")"
    )


def test_lambda_needs_a_function():
    with pytest.raises(TypeError, match="lambd should be callable, got 'int'"):
        transforms.Lambda(3)


def test_random_apply_is_all_or_nothing():
    apply = transforms.RandomApply([add(1), add(2)], p=0.5)
    torch.manual_seed(0)
    results = [tuple(apply([])) for _ in range(200)]
    assert set(results) == {(), (1, 2)}
    assert 70 < results.count((1, 2)) < 130
    assert transforms.RandomApply([add(1)], p=1.0)([]) == [1]
    assert transforms.RandomApply([add(1)], p=0.0)([]) == []
    assert repr(apply) == "RandomApply(\n    p=0.5\n    Lambda()\n    Lambda()\n)"


def test_random_order_and_choice():
    random.seed(0)
    order = transforms.RandomOrder([add(1), add(2)])
    assert {tuple(order([])) for _ in range(50)} == {(1, 2), (2, 1)}
    choice = transforms.RandomChoice([add(1), add(2)], p=[1, 0])
    assert {tuple(choice([])) for _ in range(50)} == {(1,)}
    assert repr(choice) == "RandomChoice(\n    Lambda()\n    Lambda()\n)(p=[1, 0])"
    with pytest.raises(TypeError, match="transforms should be a sequence"):
        transforms.RandomOrder(3)
    with pytest.raises(TypeError, match="p should be a sequence"):
        transforms.RandomChoice([add(1)], p=3)


def test_random_transforms_are_modules_and_conversions_are_not():
    assert isinstance(transforms.RandomRotation(3), Module)
    assert isinstance(transforms.Normalize([0], [1]), Module)
    for plain in (transforms.ToTensor(), transforms.ToPILImage(), transforms.Compose([])):
        assert not isinstance(plain, Module)


T = transforms
# transform, what get_params is made to return, and the image that this must give
FORCED = [
    (T.RandomRotation(5), 90.0, lambda x: F.rotate(x, 90.0)),
    (
        T.RandomAffine(5),
        (30.0, (2, -1), 1.5, (10.0, 0.0)),
        lambda x: F.affine(x, 30.0, (2, -1), 1.5, (10.0, 0.0)),
    ),
    (T.RandomCrop((3, 4)), (2, 1, 3, 4), lambda x: x[:, 2:5, 1:5]),
    (
        T.RandomResizedCrop((6, 5)),
        (2, 1, 3, 4),
        lambda x: F.resized_crop(x, 2, 1, 3, 4, (6, 5), T.InterpolationMode.BILINEAR),
    ),
    (
        T.ColorJitter(0.5, 0.5, 0.5, 0.5),
        (torch.tensor([3, 1, 0, 2]), 1.25, None, 0.5, 0.125),
        lambda x: F.adjust_saturation(F.adjust_brightness(F.adjust_hue(x, 0.125), 1.25), 0.5),
    ),
    (T.GaussianBlur(3), 0.75, lambda x: F.gaussian_blur(x, [3, 3], [0.75, 0.75])),
    (
        T.RandomPerspective(p=1.0),
        ([[0, 0], [6, 0], [6, 7], [0, 7]], [[1, 0], [5, 1], [6, 6], [0, 7]]),
        lambda x: F.perspective(
            x, [[0, 0], [6, 0], [6, 7], [0, 7]], [[1, 0], [5, 1], [6, 6], [0, 7]], fill=[0.0] * 3
        ),
    ),
    (
        T.RandomErasing(p=1.0),
        (1, 2, 3, 4, torch.zeros(3, 1, 1, dtype=torch.uint8)),
        lambda x: F.erase(x, 1, 2, 3, 4, torch.zeros(3, 1, 1, dtype=torch.uint8)),
    ),
    (
        T.ElasticTransform(),
        torch.full((1, 8, 7, 2), 0.25),
        lambda x: F.elastic_transform(x, torch.full((1, 8, 7, 2), 0.25), fill=[0.0]),
    ),
]


@pytest.mark.parametrize(("transform", "forced", "wanted"), FORCED, ids=lambda v: type(v).__name__)
def test_parameters_can_be_forced(transform, forced, wanted, monkeypatch):
    """The random numbers go through get_params, which a subclass or a test may replace."""
    monkeypatch.setattr(type(transform), "get_params", staticmethod(lambda *args: forced))
    img = (torch.arange(3 * 8 * 7) * 37 % 256).to(torch.uint8).view(3, 8, 7)
    assert not torch.equal(wanted(img), img)
    assert torch.equal(transform(img), wanted(img))


def test_all_transforms_that_have_parameters_are_forced():
    named = {type(t) for t, _, _ in FORCED}
    assert named == {
        c for c in vars(transforms).values() if isinstance(c, type) and hasattr(c, "get_params")
    }


def test_every_docstring_says_layout_and_units():
    combining = {"Compose", "Lambda", "RandomApply", "RandomChoice", "RandomOrder"}
    classes = {n: c for n, c in vars(transforms).items() if isinstance(c, type)}
    for name in classes.keys() - combining - {"InterpolationMode", "ConvertImageDtype"}:
        doc = classes[name].__doc__
        assert "→" in doc and ("H, W)" in doc), name
        assert "0-255" in doc or "dtype" in doc, name
