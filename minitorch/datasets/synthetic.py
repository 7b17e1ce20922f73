"""SyntheticDigits: digits drawn with Pillow's own font, for machines with neither data nor network.

Every digit is drawn once, large, and turned into a signed distance field: s(q) is how far the
point q lies inside the ink (negative: outside). An image is that field seen through a random
map from its pixels p to points q of the drawing, and a soft threshold:

    q = S⁻¹ (K⁻¹ R⁻¹ (p − t) + w(p))       R rotation, K shear, S scale, t shift, w waviness  (1)
    v = clip(½ + (s(q)·√|S| + h) / b, 0, 1)   h thickens the stroke, b is the width of its edge  (2)

A distance field is smooth, so it may be sampled between its grid points, and adding h to it
moves the outline by h: one drawing gives every stroke width.
"""

from __future__ import annotations

import functools
import os

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from .mnist import MNIST
from .vision import LabelledImages, Transform

TURN = 2 * np.pi
SIZE = 28  # pixels, width and height of an image
HEIGHT = 19.5  # pixels, height of an unscaled digit; MNIST fits its digits into 20
FIELD = 128  # grid points, width and height of a distance field
FINE = 4  # grid points a pixel
# Images drawn at once, each block from its own random stream. A multiple of 10.
# 200: 16 µs an image; 50: 20 µs; 500 and more, whose scratch leaves the cache: 26-46 µs.
BLOCK = 200

# Ranges of the random numbers, drawn evenly: PARAMETER (low, high)
ROTATION = (-0.25, 0.25)  # radians, about ±14°
SHEAR = (-0.20, 0.40)  # x shift a unit of y; writing leans to the right more than to the left
SCALE_X = (0.72, 1.15)
SCALE_Y = (0.80, 1.08)
SHIFT = (-1.5, 1.5)  # pixels
WAVE = (-1.0, 1.0)  # pixels, amplitude of w
WAVELENGTH = (18.0, 40.0)  # pixels
THICKEN = (-0.35, 0.9)  # pixels, h
EDGE = (1.0, 1.9)  # pixels, b: sharp to blurred
GRAIN = 0.12  # part of the ink's brightness that noise may take away


class SyntheticDigits(LabelledImages):
    """Drawn digits in MNIST's format: white on black, 28 × 28, ten classes of equal size.

    Args:
        root: not read or written; accepted so that `SyntheticDigits` can stand where `MNIST`
            stood, and shown by `repr`.
        train: which of two independent random streams to draw from: True training, False test.
        transform: applied to each PIL image when it is taken out.
        target_transform: applied to each class number (int) when it is taken out.
        num_samples: number of images; None gives MNIST's 60,000 for training, 10,000 for test.
            Every ten images in a row show each digit once, and the first n images do not
            depend on how many follow.
        seed: non-negative int; the same seed gives the same images.

    Raises:
        TypeError, ValueError: `num_samples` or `seed` is not a non-negative int.

    Example:
        >>> from minitorch.datasets import SyntheticDigits
        >>> digits = SyntheticDigits(train=False, num_samples=20)
        >>> digits.data.shape, digits.targets.bincount().tolist()
        (torch.Size([20, 28, 28]), [2, 2, 2, 2, 2, 2, 2, 2, 2, 2])

    Cost: 60,000 images take 1.2 s and 47 MB.

    Numerics: the numbers come from NumPy's `Generator`, not from `torch.manual_seed`'s stream:
    drawing data leaves the training run's numbers as they are. NumPy may change that generator
    between versions, and another processor may round a pixel to its neighbour value.
    """

    classes = MNIST.classes

    def __init__(
        self,
        root: str | os.PathLike[str] | None = None,
        train: bool = True,
        transform: Transform | None = None,
        target_transform: Transform | None = None,
        num_samples: int | None = None,
        seed: int = 0,
    ) -> None:
        super().__init__(root, train, transform, target_transform)
        if num_samples is None:
            num_samples = 60000 if train else 10000
        self.seed = _check_int("seed", seed)
        self._set_arrays(*draw_digits(_check_int("num_samples", num_samples), seed, train))

    def extra_repr(self) -> str:
        return f"{super().extra_repr()}\nSeed: {self.seed}"


def draw_digits(n: int, seed: int, train: bool) -> tuple[np.ndarray, np.ndarray]:
    """Images (n, 28, 28) uint8 and labels (n,) int64 of one split."""
    images = np.empty((n, SIZE, SIZE), np.uint8)
    labels = np.empty(n, np.int64)
    for block, start in enumerate(range(0, n, BLOCK)):
        # spawn_key: streams of one seed that never meet, a fixed one for each split and block
        sequence = np.random.SeedSequence(seed, spawn_key=(int(not train), block))
        rng = np.random.default_rng(sequence)
        digits = rng.permuted(np.tile(np.arange(10), (BLOCK // 10, 1)), axis=1).ravel()
        drawn = _draw_block(digits, rng)
        stop = min(start + BLOCK, n)
        images[start:stop] = drawn[: stop - start]
        labels[start:stop] = digits[: stop - start]
    return images, labels


def _draw_block(digits: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    n = len(digits)

    def uniform(bounds: tuple[float, float]) -> np.ndarray:
        return rng.uniform(*bounds, (n, 1, 1)).astype(np.float32)

    angle, shear = uniform(ROTATION), uniform(SHEAR)
    scale_x, scale_y = uniform(SCALE_X), uniform(SCALE_Y)
    shift_x, shift_y = uniform(SHIFT), uniform(SHIFT)
    wave_x, wave_y = (
        uniform(WAVE) * np.sin(grid * (TURN / uniform(WAVELENGTH)) + uniform((0, TURN)))
        for grid in (_Y, _X)  # x waves along y and y along x
    )
    thicken, edge = uniform(THICKEN), uniform(EDGE)

    # (1) row by row; x is to the right, y down, so a positive angle turns clockwise
    cos, sin = np.cos(angle), np.sin(angle)
    px, py = _X - shift_x, _Y - shift_y  # (n, 1, 28), (n, 28, 1)
    qx = ((cos - shear * sin) * px + wave_x) + (sin + shear * cos) * py
    qy = -sin * px + (cos * py + wave_y)
    distance = _sample(digits, qx / scale_x, qy / scale_y)

    # (2)
    ink = distance * np.sqrt(scale_x * scale_y)  # from pixels of the drawing to pixels of the image
    ink += thicken
    ink /= edge
    ink += 0.5
    np.clip(ink, 0, 1, out=ink)
    ink *= rng.random(ink.shape, np.float32) * -GRAIN + 1
    return (ink * 255 + 0.5).astype(np.uint8)


_X = (np.arange(SIZE, dtype=np.float32) - (SIZE - 1) / 2)[None, None, :]  # pixels from the centre
_Y = _X.reshape(1, SIZE, 1)


def _sample(digits: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Distances at (x, y), pixels from the drawing's centre: bilinear between grid points."""
    x, y = (np.clip(q * FINE + (FIELD - 1) / 2, 0, FIELD - 1.001) for q in (x, y))
    column, row = x.astype(np.intp), y.astype(np.intp)
    x -= column
    y -= row
    corner = (digits[:, None, None] * FIELD + row) * FIELD + column
    field = _distance_fields().ravel()
    top, bottom = field[corner], field[corner + FIELD]
    top += x * (field[corner + 1] - top)
    bottom += x * (field[corner + (FIELD + 1)] - bottom)
    return top + y * (bottom - top)


@functools.cache
def _distance_fields() -> np.ndarray:
    """Signed distances (10, FIELD, FIELD) float32 of the digits 0-9, in pixels of an image."""
    font = ImageFont.load_default(100)
    _, top, _, bottom = font.getbbox("8")
    font = ImageFont.load_default(100 * HEIGHT * FINE / (bottom - top))
    fields = []
    for digit in "0123456789":
        left, top, right, bottom = font.getbbox(digit)
        picture = Image.new("L", (FIELD, FIELD))
        corner = ((FIELD - left - right) / 2, (FIELD - top - bottom) / 2)
        ImageDraw.Draw(picture).text(corner, digit, fill=255, font=font)
        ink = np.asarray(picture) >= 128
        fields.append(_distance_to(~ink) - _distance_to(ink))
    return np.stack(fields) / np.float32(FINE)


def _distance_to(mask: np.ndarray) -> np.ndarray:
    """Distance of every grid point to the nearest one in `mask`: minima along y, then along x.

    g(y, x) = min over y′ in mask of (y − y′)²
    d(y, x)² = min over x′ of (x − x′)² + g(y, x′)

    Source: Felzenszwalb, Huttenlocher, "Distance transforms of sampled functions", 2012.
    """
    steps = np.arange(FIELD, dtype=np.float32)
    squares = (steps[:, None] - steps) ** 2  # (y, y′), or (x, x′)
    far = np.where(mask, 0, np.float32(4 * FIELD**2))  # (y′, x)
    g = (squares[:, :, None] + far).min(1)  # (y, y′, x) → (y, x)
    return np.sqrt((squares + g[:, None, :]).min(2))  # (y, x, x′) → (y, x)


def _check_int(name: str, value: int) -> int:
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)):
        raise TypeError(f"{name} must be an int, but got {value!r} of type {type(value).__name__}")
    if value < 0:
        raise ValueError(f"{name} must not be negative, but got {value}")
    return int(value)
