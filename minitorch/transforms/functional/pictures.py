"""Many PIL images of one size as one array: what the transforms of a whole batch work on.

`Compose.batch` passes `Pictures` between the transforms where a PIL image would be passed for a
single one. Pixels move in NumPy exactly as Pillow would move them.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image

ONE = 2**16  # Pillow's fixed point: 16 bits after the point
LARGEST = 2**13  # of H and W: a turned pixel stays within the 15 bits before the point
BLOCK = 32  # images turned at a time: their index arrays stay in the cache


@dataclass
class Pictures:
    """PIL images of mode L, LA, RGB or RGBA: `pixels` is uint8 0-255, (N, H, W, C)."""

    pixels: np.ndarray

    def __iter__(self) -> Iterator[Image.Image]:
        for pixels in self.pixels:
            yield Image.fromarray(pixels[..., 0] if pixels.shape[2] == 1 else pixels)


def fixed_rotation(angle: float, W: int, H: int) -> list[int]:
    """[a, b, c, d, e, f] of the turn about the centre, in units of 2⁻¹⁶.

    Output pixel (x, y) reads input pixel (⌊a·x + b·y + c⌋, ⌊d·x + e·y + f⌋), with

        [a b; d e] = [cos θ, −sin θ; sin θ, cos θ]                                     (1)
        (c, f) = m + [a b; d e]·(½ − m),    m = (W/2, H/2)                             (2)

    ½ because pixel (x, y) is asked for at its middle. The sums are taken in Pillow's order, and
    (1) is rounded to 15 decimals first, as Pillow does.

    Args:
        angle: θ, degrees counter-clockwise.
        W, H: size of the image, pixels.
    """
    θ = math.radians(angle % 360.0)
    a = e = round(math.cos(θ), 15)  # (1)
    b = -round(math.sin(θ), 15)
    d = -b
    mx, my = W / 2, H / 2
    c = a * -mx + b * -my + mx + (a * 0.5 + b * 0.5)  # (2)
    f = d * -mx + e * -my + my + (d * 0.5 + e * 0.5)
    return [math.floor(v * ONE + 0.5) for v in (a, b, c, d, e, f)]


def rotate_pictures(pictures: Pictures, angles: Sequence[float], fill: float) -> Pictures:
    """Each image turned by its angle, as `functional.rotate` does with mode NEAREST.

    out[n, y, x] = in[n, ⌊d·x + e·y + f⌋, ⌊a·x + b·y + c⌋], or `fill` where that is outside   (3)

    Whole numbers only, so the pixels are Pillow's to the bit.

    Args:
        angles: N numbers, degrees counter-clockwise.
        fill: value of the pixels from outside the image, 0-255, in all channels.
    """
    pixels = pictures.pixels
    N, H, W, C = pixels.shape
    matrices = np.array([fixed_rotation(angle, W, H) for angle in angles], np.int32)
    x = np.arange(W, dtype=np.int32)
    y = np.arange(H, dtype=np.int32)[:, None]
    n = np.arange(BLOCK, dtype=np.int32)[:, None, None]
    turned = np.empty_like(pixels)
    for start in range(0, N, BLOCK):
        source = pixels[start : start + BLOCK].reshape(-1, C)
        block = turned[start : start + BLOCK]
        a, b, c, d, e, f = matrices[start : start + BLOCK].T[..., None, None]  # each (n, 1, 1)
        column = (a * x + (b * y + c)) >> 16
        row = (d * x + (e * y + f)) >> 16
        # as unsigned numbers, the negative ones are large, too
        outside = (column.view(np.uint32) >= W) | (row.view(np.uint32) >= H)
        place = (n[: len(block)] * H + row) * W + column
        place[outside] = 0
        block[...] = source[:, 0].take(place)[..., None] if C == 1 else source.take(place, axis=0)
        block[outside] = int(fill)  # (3)
    return Pictures(turned)
