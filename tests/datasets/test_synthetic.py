"""SyntheticDigits: repeatable, balanced, other images in each split, digits told apart."""

from __future__ import annotations

import time

import numpy as np
import pytest
from PIL import Image

import minitorch as torch
from minitorch.datasets import MNIST, SyntheticDigits
from minitorch.datasets.synthetic import FIELD, FINE, _distance_fields, _distance_to, draw_digits


def test_format():
    dataset = SyntheticDigits(num_samples=30)
    assert dataset.data.dtype == torch.uint8 and tuple(dataset.data.shape) == (30, 28, 28)
    assert dataset.targets.dtype == torch.int64 and tuple(dataset.targets.shape) == (30,)
    image, target = dataset[7]
    assert isinstance(image, Image.Image) and (image.mode, image.size) == ("L", (28, 28))
    assert type(target) is int and target == dataset.targets.tolist()[7]
    np.testing.assert_array_equal(np.asarray(image), dataset.data.numpy()[7])
    assert dataset.classes == MNIST.classes and dataset.class_to_idx["2 - two"] == 2


def test_transforms_and_repr():
    dataset = SyntheticDigits(
        "here", False, transform=len, target_transform=lambda t: -t, num_samples=10, seed=3
    )
    dataset.transform = lambda image: image.size
    assert dataset[0] == ((28, 28), -dataset.targets.tolist()[0])
    assert repr(SyntheticDigits("here", False, num_samples=10, seed=3)) == (
        "Dataset SyntheticDigits\n    Number of datapoints: 10\n    Root location: here\n"
        "    Split: Test\n    Seed: 3"
    )


def test_same_seed_same_images():
    images, labels = draw_digits(450, 5, True)
    again, labels_again = draw_digits(450, 5, True)
    np.testing.assert_array_equal(images, again)
    np.testing.assert_array_equal(labels, labels_again)


def test_first_images_do_not_depend_on_the_number():
    images, labels = draw_digits(450, 5, True)
    for n in (0, 7, 200, 201):
        fewer, fewer_labels = draw_digits(n, 5, True)
        np.testing.assert_array_equal(fewer, images[:n])
        np.testing.assert_array_equal(fewer_labels, labels[:n])


def test_no_image_twice_within_or_between_splits_and_seeds():
    sets = [draw_digits(1000, seed, train)[0] for seed in (0, 1) for train in (True, False)]
    assert len({image.tobytes() for images in sets for image in images}) == 4000


def test_torch_seed_and_numpy_seed_are_left_alone():
    np.random.seed(0)
    before = np.random.get_state()[1].copy()
    torch.manual_seed(0)
    state = torch.get_rng_state().numpy().copy()
    draw_digits(10, 0, True)
    np.testing.assert_array_equal(np.random.get_state()[1], before)
    np.testing.assert_array_equal(torch.get_rng_state().numpy(), state)


@pytest.mark.parametrize("n", [1000, 1234])
def test_balanced(n):
    counts = np.bincount(draw_digits(n, 0, True)[1], minlength=10)
    assert counts.sum() == n and counts.max() - counts.min() <= 1


def test_default_numbers(monkeypatch):
    asked = []

    def draw(n, seed, train):
        asked.append((n, seed, train))
        return np.zeros((1, 28, 28), np.uint8), np.zeros(1, np.int64)

    monkeypatch.setattr("minitorch.datasets.synthetic.draw_digits", draw)
    SyntheticDigits()
    SyntheticDigits(train=False, seed=4)
    assert asked == [(60000, 0, True), (10000, 4, False)]


def test_white_on_black_and_within_the_image():
    images = draw_digits(2000, 0, True)[0]
    assert np.median(images.max((1, 2))) > 240  # ink is white
    mean = images.mean() / 255
    assert 0.08 < mean < 0.25  # MNIST: 0.13
    rim = np.concatenate([images[:, 0], images[:, -1], images[:, :, 0], images[:, :, -1]], 1)
    assert (rim > 128).any(1).mean() < 0.01  # hardly ever cut off
    centre = (images * np.arange(28)).sum((1, 2)) / images.sum((1, 2))
    assert abs(centre.mean() - 13.5) < 0.7 and 0.5 < centre.std() < 2.5  # shifted, not far


def test_classes_can_be_told_apart_but_not_trivially():
    """Nearest of 2000 training images: 1 of 10 by chance; drawings all alike would give 1.0."""
    images, labels = draw_digits(2000, 0, True)
    tests, test_labels = draw_digits(500, 0, False)
    x = images.reshape(2000, -1).astype(np.float32) / 255
    y = tests.reshape(500, -1).astype(np.float32) / 255
    squares = (x**2).sum(1) - 2 * y @ x.T  # up to a constant for each test image
    nearest = (labels[squares.argmin(1)] == test_labels).mean()
    assert nearest > 0.9
    means = np.stack([x[labels == digit].mean(0) for digit in range(10)])
    to_mean = ((means**2).sum(1) - 2 * y @ means.T).argmin(1)
    assert 0.5 < (to_mean == test_labels).mean() < 0.95
    spread = x.reshape(200, 10, -1).std(0).mean()
    assert spread > 0.1


def test_distance_by_hand():
    mask = np.zeros((FIELD, FIELD), bool)
    mask[10, 20] = mask[50, 60] = True
    distance = _distance_to(mask)
    assert distance[10, 20] == 0
    assert distance[13, 24] == 5  # 3, 4, 5
    assert distance[50, 0] == pytest.approx(np.hypot(40, 20))
    rows, columns = np.indices(mask.shape)
    want = np.minimum(np.hypot(rows - 10, columns - 20), np.hypot(rows - 50, columns - 60))
    np.testing.assert_allclose(distance, want, rtol=1e-6)


def test_fields_show_the_digits():
    fields = _distance_fields()
    assert fields.shape == (10, FIELD, FIELD)
    heights = [np.ptp(np.nonzero((field > 0).any(1))[0]) / FINE for field in fields]
    assert min(heights) > 17 and max(heights) < 21
    middle = FIELD // 2
    assert fields[0, middle, middle] < 0 < fields[8, middle - 2 : middle + 2, middle].max()
    slope = np.abs(np.diff(fields, axis=2)) * FINE  # a distance changes by at most one a step
    assert slope.max() < 2.01


@pytest.mark.parametrize(
    "arguments, error, message",
    [
        ({"num_samples": -1}, ValueError, "num_samples must not be negative, but got -1"),
        ({"num_samples": 2.5}, TypeError, "num_samples must be an int, but got 2.5"),
        ({"num_samples": True}, TypeError, "num_samples must be an int, but got True"),
        ({"seed": -1, "num_samples": 1}, ValueError, "seed must not be negative, but got -1"),
        ({"seed": None, "num_samples": 1}, TypeError, "seed must be an int, but got None"),
        ({"transform": 3, "num_samples": 1}, TypeError, "transform must be callable or None"),
    ],
)
def test_bad_arguments(arguments, error, message):
    with pytest.raises(error, match=message):
        SyntheticDigits(**arguments)


def test_speed():
    draw_digits(200, 0, True)
    begin = time.perf_counter()
    draw_digits(2000, 0, True)
    assert 2000 / (time.perf_counter() - begin) > 5000  # images a second; 60,000 when measured
