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


def test_torch_and_numpy_numbers_are_left_alone():
    torch.manual_seed(0)
    np.random.seed(0)
    want = torch.rand(3).tolist(), np.random.rand(3).tolist()
    torch.manual_seed(0)
    np.random.seed(0)
    SyntheticDigits(num_samples=10)
    assert (torch.rand(3).tolist(), np.random.rand(3).tolist()) == want


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
    """By chance 0.1 would be right; drawings all alike would give 1.0."""
    images, labels = draw_digits(2000, 0, True)
    tests, test_labels = draw_digits(500, 0, False)
    x = images.reshape(2000, -1).astype(np.float32) / 255
    y = tests.reshape(500, -1).astype(np.float32) / 255
    squares = (x**2).sum(1) - 2 * y @ x.T  # up to a constant for each test image
    nearest = (labels[squares.argmin(1)] == test_labels).mean()
    assert 0.85 < nearest < 0.97  # 0.904 when measured
    means = np.stack([x[labels == digit].mean(0) for digit in range(10)])
    to_mean = ((means**2).sum(1) - 2 * y @ means.T).argmin(1)
    assert 0.65 < (to_mean == test_labels).mean() < 0.9  # 0.784 when measured
    spread = x.reshape(200, 10, -1).std(0).mean()
    assert spread > 0.1


NEUTRAL = {
    "ROTATION": 0.0,
    "SHEAR": 0.0,
    "SCALE_X": 1.0,
    "SCALE_Y": 1.0,
    "SHIFT": 0.0,
    "WAVE": 0.0,
    "WAVELENGTH": 30.0,
    "THICKEN": 0.0,
    "EDGE": 1.0,
}


@pytest.fixture
def draw(monkeypatch):
    """Function that draws the ten digits, in order, with parameters that are not random."""

    def draw(**parameters):
        for name, value in (NEUTRAL | parameters).items():
            monkeypatch.setattr(f"minitorch.datasets.synthetic.{name}", (value, value))
        monkeypatch.setattr("minitorch.datasets.synthetic.GRAIN", 0.0)
        images, labels = draw_digits(10, 0, True)
        return images[np.argsort(labels)].astype(np.float64)

    return draw


def centre_x(rows):
    """Where along each row its ink lies, in pixels."""
    return (rows * np.arange(rows.shape[-1])).sum(-1) / rows.sum(-1)


def test_shift_and_rotation_are_exact(draw):
    plain = draw()
    np.testing.assert_allclose(draw(SHIFT=2.0), np.roll(plain, 2, axis=(1, 2)), atol=1)
    clockwise = np.rot90(plain, -1, axes=(1, 2))
    np.testing.assert_allclose(draw(ROTATION=np.pi / 2), clockwise, atol=1)


def test_scale(draw):
    def spread(images):  # standard deviations (x, y) of the ink, pixels
        where = np.arange(28) - 13.5
        mass = images.sum((1, 2))
        x2, y2 = (images * where**2).sum((1, 2)), (images * where[:, None] ** 2).sum((1, 2))
        return np.sqrt(np.array([x2, y2]) / mass)

    plain, wide, low = spread(draw()), spread(draw(SCALE_X=1.5)), spread(draw(SCALE_Y=0.6))
    np.testing.assert_allclose(wide / plain, [[1.5] * 10, [1.0] * 10], rtol=0.05)
    np.testing.assert_allclose(low / plain, [[1.0] * 10, [0.6] * 10], rtol=0.05)


def test_shear_leans_to_the_right_by_its_amount(draw):
    lean, plain = draw(SHEAR=0.3)[1], draw()[1]
    for row in (8, 18):  # rows of the 1's stem, at y = row - 13.5 from the centre
        moved = centre_x(lean[row]) - centre_x(plain[row])
        assert moved == pytest.approx(-0.3 * (row - 13.5), abs=0.7)


def test_shear_comes_before_rotation(draw):
    lean = draw(SHEAR=0.3)
    both = draw(SHEAR=0.3, ROTATION=np.pi / 2)
    np.testing.assert_allclose(both, np.rot90(lean, -1, axes=(1, 2)), atol=1)


def test_wave_bends_straight_strokes(draw):
    plain, waved = draw(), draw(WAVE=2.0)
    stem = [centre_x(image[14:21]) for image in (plain[1], waved[1])]  # of the 1, upright
    bar = [centre_x(image[2:9, 9:15].T) for image in (plain[7], waved[7])]  # of the 7, level
    for straight, bent in (stem, bar):
        assert np.ptp(straight) < 0.5 < 0.8 < np.ptp(bent)


def test_thicken_and_edge(draw):
    plain = draw()
    thick, blurred = draw(THICKEN=0.5), draw(EDGE=2.0)
    assert (thick.sum((1, 2)) > 1.15 * plain.sum((1, 2))).all()
    grey = [((images > 20) & (images < 235)).sum() for images in (plain, blurred)]
    assert grey[1] > 1.5 * grey[0]


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
        ({"train": len, "num_samples": 1}, TypeError, "train must be True or False"),
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
