"""The figures as pictures: a bar for each ratio, and curves of time over size."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent / "examples"))

from vit_pictures import BLUE, GREEN, GREY, GRID, INK, ORANGE, Page  # noqa: E402, the example's pen


def ratios(cases: list[dict[str, Any]], path: str) -> None:
    """One bar per case on a logarithmic scale around 1: left of it, minitorch is faster."""
    cases = [c for c in cases if c["ratio"] is not None and not is_curve(c["name"])]
    left, right, top, step = 260, 720, 56, 20
    page = Page(780, top + step * len(cases) + 40)
    low, high = -1.0, 1.0  # powers of ten
    bottom = top + step * len(cases)

    def at(ratio: float) -> float:
        power = min(max(np.log10(ratio), low), high)
        return left + (right - left) * (power - low) / (high - low)

    page.text(20, 12, "time of minitorch / time of PyTorch (a mark shows the goal)", size=14)
    for mark in (0.1, 0.2, 0.5, 1, 2, 5, 10):
        page.line([(at(mark), top), (at(mark), bottom)], INK if mark == 1 else GRID, 1)
        page.text(at(mark), bottom + 6, f"{mark:g}", color=GREY, anchor="ma")
    for i, case in enumerate(cases):
        y, ratio = top + step * i, case["ratio"]
        start, end = sorted((at(1), at(ratio)))
        name = case["name"].replace("×", "x").replace("→", "to")  # the pen's font lacks them
        page.text(left - 12, y + step / 2, name, size=12, anchor="rm")
        page.box(start, y + 4, max(end - start, 1), step - 8, GREEN if ratio <= 1 else ORANGE)
        page.text(right + 50, y + step / 2, f"{ratio:.2f}", size=12, anchor="rm")
        if case["goal"]:
            page.line([(at(case["goal"]), y + 2), (at(case["goal"]), y + step - 2)], INK, 1.5)
    page.save(path)


def is_curve(name: str) -> bool:
    """Whether the case is a point of a scaling curve."""
    return name.split()[0] in ("batch", "sequence", "width") and name.split()[-1].isdigit()


def scaling(
    cases: list[dict[str, Any]], curves: dict[str, list[tuple[int, str]]], path: str
) -> None:
    """Milliseconds a step over batch, sequence and width, both axes logarithmic."""
    found = {case["name"]: case["median_seconds"] for case in cases}
    page = Page(960, 330)
    for i, (title, points) in enumerate(curves.items()):
        points = [(size, name) for size, name in points if name in found]
        if points:
            panel(page, 60 + i * 310, title, [(size, found[name]) for size, name in points])
    page.text(20, 12, "milliseconds a training step", size=14)
    page.text(260, 13, "minitorch", color=BLUE)
    page.text(340, 13, "PyTorch", color=ORANGE)
    page.save(path)


def panel(page: Page, left: float, title: str, points: list[tuple[int, dict[str, float]]]) -> None:
    """One curve per library."""
    top, bottom, width = 60, 270, 240
    sizes = np.log2([size for size, _ in points])
    times = [1e3 * t for _, seconds in points for t in seconds.values()]
    low, high = np.floor(np.log10(min(times))), np.ceil(np.log10(max(times)))

    def x(size: float) -> float:
        return left + width * (np.log2(size) - sizes[0]) / max(sizes[-1] - sizes[0], 1)

    def y(milliseconds: float) -> float:
        return bottom - (bottom - top) * (np.log10(milliseconds) - low) / (high - low)

    for power in range(int(low), int(high) + 1):
        page.line([(left, y(10.0**power)), (left + width, y(10.0**power))], GRID, 1)
        page.text(left - 8, y(10.0**power), f"{10.0**power:g}", color=GREY, anchor="rm")
    for size, _ in points:
        page.text(x(size), bottom + 8, str(size), size=12, color=GREY, anchor="ma")
    page.text(left + width / 2, bottom + 28, title, color=GREY, anchor="ma")
    for library, color in (("PyTorch", ORANGE), ("minitorch", BLUE)):
        curve = [(x(n), y(1e3 * seconds[library])) for n, seconds in points if library in seconds]
        if len(curve) > 1:
            page.line(curve, color)
        for point in curve:
            page.dot(*point, color)
