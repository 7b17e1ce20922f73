"""Compose, Lambda and the transforms that choose: order, random numbers, text."""

from __future__ import annotations

import random

import numpy as np
import pytest

import minitorch as torch
from minitorch import transforms
from minitorch.nn import Module


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


def test_parameters_can_be_forced(monkeypatch):
    """The random numbers go through get_params, which a subclass or a test may replace."""
    monkeypatch.setattr(transforms.RandomRotation, "get_params", staticmethod(lambda degrees: 90.0))
    img = torch.tensor([[[1, 2], [3, 4]]])
    assert transforms.RandomRotation(5)(img).tolist() == [[[2, 4], [1, 3]]]
