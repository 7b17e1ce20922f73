"""The example's pictures, drawn with Pillow: curves, digits, confusion matrix, attention.

Everything is drawn at twice its size and shrunk at the end, which smooths lines and letters.
"""

from __future__ import annotations

import io
import os

import numpy as np
from PIL import Image, ImageDraw, ImageFont

SCALE = 2  # drawn size / size in the file
INK, GREY, GRID, PAPER = (33, 37, 41), (110, 117, 125), (226, 230, 234), (255, 255, 255)
BLUE, ORANGE, GREEN, RED = (31, 95, 191), (224, 122, 31), (29, 131, 72), (192, 42, 42)


class Page:
    """A white page with drawing methods in final pixels."""

    def __init__(self, width: int, height: int) -> None:
        self.image = Image.new("RGB", (width * SCALE, height * SCALE), PAPER)
        self.pen = ImageDraw.Draw(self.image)

    def text(self, x, y, words, size=13, color=INK, anchor="la"):
        font = ImageFont.load_default(size * SCALE)
        self.pen.text((x * SCALE, y * SCALE), words, font=font, fill=color, anchor=anchor)

    def line(self, points, color, width=2):
        scaled = [(x * SCALE, y * SCALE) for x, y in points]
        self.pen.line(scaled, fill=color, width=int(width * SCALE), joint="curve")

    def dot(self, x, y, color, radius=3.5):
        corners = [SCALE * c for c in (x - radius, y - radius, x + radius, y + radius)]
        self.pen.ellipse(corners, fill=color)

    def box(self, x, y, width, height, fill=None, outline=None):
        corners = [x * SCALE, y * SCALE, (x + width) * SCALE - 1, (y + height) * SCALE - 1]
        self.pen.rectangle(corners, fill=fill, outline=outline, width=SCALE)

    def paste(self, x, y, pixels, size, resample=Image.Resampling.NEAREST):
        """An image (H, W) or (H, W, 3) of uint8, scaled to `size` pixels square."""
        picture = Image.fromarray(pixels).convert("RGB")
        picture = picture.resize((size * SCALE, size * SCALE), resample)
        self.image.paste(picture, (int(x * SCALE), int(y * SCALE)))

    def save(self, path):
        """Write a PNG file, whole or not at all."""
        width, height = self.image.size
        small = self.image.resize((width // SCALE, height // SCALE), Image.Resampling.LANCZOS)
        content = io.BytesIO()
        small.save(content, "PNG", optimize=True)
        partial = f"{path}.part"
        try:
            with open(partial, "wb") as file:
                file.write(content.getbuffer())
            os.replace(partial, path)
        finally:
            if os.path.exists(partial):
                os.unlink(partial)


def round_marks(low, high):
    """Evenly spaced round numbers, four to seven, from below `low` to above `high`."""
    if high - low < 1e-3:
        low, high = low - 0.05, high + 0.05
    width = high - low
    size = 10.0 ** np.floor(np.log10(width))
    step = next(s for s in (0.2 * size, 0.25 * size, 0.5 * size, size, 2 * size) if width / s <= 5)
    return [k * step for k in range(int(np.floor(low / step)), int(np.ceil(high / step)) + 1)]


def training_curves(history, path):
    """Loss and accuracy after each epoch, training and test side by side."""
    page = Page(820, 340)
    panels = (("loss", "train_loss", "test_loss", False),
              ("accuracy", "train_accuracy", "test_accuracy", True))  # fmt: skip
    for i, (title, train_key, test_key, percent) in enumerate(panels):
        x0, y0, width, height = 70 + i * 400, 50, 310, 230
        series = [[row[key] for row in history] for key in (train_key, test_key)]
        marks = round_marks(min(map(min, series)), max(map(max, series)))
        low, high = marks[0], marks[-1]
        page.text(x0, 18, title, size=16)
        for value in marks:
            y = y0 + height * (high - value) / (high - low)
            page.line([(x0, y), (x0 + width, y)], GRID, 1)
            words = f"{100 * value:.4g}%" if percent else f"{value:.4g}"
            page.text(x0 - 8, y, words, 11, GREY, "rm")
        n = len(history)
        for e in range(n):
            if n <= 12 or e % (n // 8) == 0:
                x = x0 + width * (e + 0.5) / n
                page.text(x, y0 + height + 8, f"{e + 1}", 11, GREY, "ma")
        page.text(x0 + width / 2, y0 + height + 28, "epoch", 12, GREY, "ma")
        # the training numbers are means over the epoch, with dropout and rotated images
        for values, color, name, at in zip(
            series, (BLUE, ORANGE), ("training", "test"), (x0 + width - 130, x0 + width - 50)
        ):
            points = [
                (x0 + width * (e + 0.5) / n, y0 + height - height * (v - low) / (high - low))
                for e, v in enumerate(values)
            ]
            if n > 1:
                page.line(points, color)
            for x, y in points:
                page.dot(x, y, color)
            page.dot(at, 27, color)
            page.text(at + 8, 27, name, 12, color, "lm")
    page.save(path)


def digit_grid(images, labels, predictions, confidences, path):
    """Forty test digits with prediction and confidence: wrong ones first, then the others."""
    wrong = np.flatnonzero(predictions != labels)
    right = np.flatnonzero(predictions == labels)
    wrong = wrong[np.argsort(-confidences[wrong])][:10]  # the most confident mistakes
    chosen = np.concatenate([wrong, right[: 40 - len(wrong)]])
    columns, cell = 10, 76
    rows = -(-len(chosen) // columns)
    page = Page(columns * cell + 20, rows * (cell + 26) + 46)
    words = "test digits: prediction and confidence"
    if len(wrong):
        words += "   (first: the most confident mistakes, with the true digit)"
    page.text(14, 14, words, 14)
    for k, i in enumerate(chosen):
        x, y = 10 + (k % columns) * cell, 42 + (k // columns) * (cell + 26)
        page.paste(x + 5, y, 255 - images[i], cell - 10)
        good = predictions[i] == labels[i]
        page.box(x + 5, y, cell - 10, cell - 10, outline=GRID if good else RED)
        note = f"{predictions[i]}  {confidences[i]:.0%}"
        note += "" if good else f"  ({labels[i]})"
        page.text(x + cell / 2, y + cell - 6, note, 12, GREEN if good else RED, "ma")
    page.save(path)


def confusion_matrix(counts, path):
    """How often digit i (row) was taken for digit j (column)."""
    cell, x0, y0 = 46, 86, 88
    page = Page(x0 + 10 * cell + 24, y0 + 10 * cell + 24)
    total = max(int(counts.sum()), 1)
    page.text(x0, 14, f"confusion matrix: {np.trace(counts) / total:.2%} of {total:,} right", 15)
    page.text(x0 + 5 * cell, 46, "predicted", 12, GREY, "ma")
    page.text(14, y0 + 5 * cell, "true", 12, GREY, "lm")
    worst = max(int((counts - np.diag(np.diag(counts))).max()), 8)
    for i in range(10):
        page.text(x0 + (i + 0.5) * cell, y0 - 14, str(i), 13, INK, "mm")
        page.text(x0 - 16, y0 + (i + 0.5) * cell, str(i), 13, INK, "mm")
        for j in range(10):
            count = int(counts[i, j])
            if i == j:
                strength, color = count / max(int(counts[i].sum()), 1), BLUE
            else:
                strength, color = 0.75 * (count / worst) ** 0.5, RED
            fill = tuple(round(255 + (c - 255) * 0.85 * strength) for c in color)
            page.box(x0 + j * cell, y0 + i * cell, cell - 1, cell - 1, fill=fill)
            if count:
                shade = PAPER if strength > 0.6 else INK
                page.text(x0 + (j + 0.5) * cell, y0 + (i + 0.5) * cell, str(count), 12, shade, "mm")
    page.save(path)


def attention_maps(images, maps, labels, path):
    """Where the class token looks: each digit beside itself under its attention."""
    cell, n = 96, len(images)
    page = Page(2 * cell * 5 + 6 * 16, -(-n // 5) * (cell + 34) + 44)
    page.text(16, 14, "the class token's attention in the last layer (bright: looked at most)", 14)
    for k in range(n):
        x, y = 16 + (k % 5) * (2 * cell + 16), 44 + (k // 5) * (cell + 34)
        page.paste(x, y, images[k], cell)
        heat = maps[k] / max(float(maps[k].max()), 1e-9)
        grid = Image.fromarray((heat * 255).astype(np.uint8))
        grid = grid.resize((28, 28), Image.Resampling.BICUBIC)
        t = np.asarray(grid, np.float32)[..., None] / 255
        ink = images[k][..., None].astype(np.float32) / 255
        glow = np.array([255, 176, 46], np.float32)
        cold = np.array([20, 24, 60], np.float32)
        pixels = (cold + (glow - cold) * t) * (0.35 + 0.65 * ink)
        page.paste(x + cell + 2, y, pixels.astype(np.uint8), cell)
        page.text(x + cell, y + cell + 8, f"digit {labels[k]}", 12, GREY, "ma")
    page.save(path)
