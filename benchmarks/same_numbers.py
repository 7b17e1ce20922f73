"""Train examples/vit_mnist.py on minitorch and on PyTorch and lay the losses side by side.

    python -m benchmarks.same_numbers --data DIR                    # 100 steps, default preset
    python -m benchmarks.same_numbers --data DIR --preset notes --steps 10

The example's own file runs twice: as it is, and with its import lines changed to PyTorch's and
torchvision's. Same seed, so both draw the same first weights, order of the images, rotations and
dropout masks; what is left is the rounding of sums that are added in another order.
"""

from __future__ import annotations

import argparse
import sys
import types
from itertools import chain, repeat
from pathlib import Path
from typing import Any

import numpy as np

import minitorch

ROOT = Path(__file__).parent.parent
EXAMPLE = ROOT / "examples" / "vit_mnist.py"
CHANGED = {
    "import minitorch as torch": "import torch",
    "from minitorch import datasets, nn, transforms": (
        "from torch import nn; from torchvision import datasets, transforms"
    ),
    "from minitorch.progress import tqdm": "from tqdm import tqdm",
    "from minitorch.utils.data import DataLoader, Dataset": (
        "from torch.utils.data import DataLoader, Dataset"
    ),
}


def example(on_pytorch: bool) -> dict[str, Any]:
    """The names that the example defines, on minitorch or on PyTorch."""
    source = EXAMPLE.read_text(encoding="utf-8")
    if on_pytorch:
        for name in ("_meta_registrations", "_autograd_registrations"):  # its C extension's parts
            sys.modules.setdefault(f"torchvision.{name}", types.ModuleType(name))
        for line, other in CHANGED.items():
            if line not in source:
                raise ValueError(f"the example no longer has the line {line!r}")
            source = source.replace(line, other)
    if str(EXAMPLE.parent) not in sys.path:
        sys.path.insert(0, str(EXAMPLE.parent))
    names: dict[str, Any] = {"__name__": "example"}
    exec(compile(source, str(EXAMPLE), "exec"), names)
    return names


def train(
    names: dict[str, Any], preset: str, data: str, steps: int, tested: int = 10_000, seed: int = 0
) -> tuple[list[float], np.ndarray]:
    """The losses of the first steps, and what the model then says of the first test images."""
    torch = names["torch"]
    run = names["Run"]({"preset": preset, **names["PRESETS"][preset]}, seed)
    sets = {}
    for part in (True, False):
        stored = minitorch.datasets.MNIST(data, train=part)
        images, labels = (torch.from_numpy(t.numpy()) for t in (stored.data, stored.targets))
        transform = names["TRAIN_TRANSFORM" if part else "TEST_TRANSFORM"]
        sets[part] = names["Digits"](images, labels, transform)
    loader = names["DataLoader"](sets[True], batch_size=run.config["batch_size"], shuffle=True)
    criterion = names["nn"].CrossEntropyLoss()
    run.model.train()
    losses = []
    for _, (images, labels) in zip(range(steps), chain.from_iterable(repeat(loader))):
        loss = criterion(run.model(images), labels)
        run.optimizer.zero_grad()
        loss.backward()
        run.optimizer.step()
        losses.append(loss.item())
    test = sets[False]
    test = names["Digits"](test.images[:tested], test.labels[:tested], test.transform)
    run.model.eval()
    with torch.no_grad():
        found = [
            run.model(images).argmax(dim=1).numpy()
            for images, _ in names["DataLoader"](test, batch_size=500)
        ]
    return losses, np.concatenate(found)


def relative(ours: list[float], theirs: list[float]) -> list[float]:
    """|ours − PyTorch's| / |PyTorch's|, step by step."""
    return [abs(a - b) / abs(b) for a, b in zip(ours, theirs)]


def compare(preset: str, data: str, steps: int, tested: int = 10_000) -> dict[str, Any]:
    """Both runs, and how far they part."""
    ours, predictions = train(example(False), preset, data, steps, tested)
    theirs, predictions2 = train(example(True), preset, data, steps, tested)
    return {
        "ours": ours,
        "theirs": theirs,
        "difference": relative(ours, theirs),
        "equal": int((predictions == predictions2).sum()),
        "tested": len(predictions),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--data", required=True, metavar="DIR", help="folder with MNIST/raw")
    parser.add_argument("--preset", default="default", choices=("default", "notes"))
    parser.add_argument("--steps", type=int, default=100)
    parser.add_argument("--tested", type=int, default=10_000, help="test images (default 10,000)")
    parser.add_argument("--plot", metavar="FILE", help="draw the differences here (PNG)")
    args = parser.parse_args()
    found = compare(args.preset, args.data, args.steps, args.tested)
    rows = list(zip(found["ours"], found["theirs"], found["difference"]))
    print("step   minitorch          PyTorch            relative difference")
    shown = sorted({*range(1, 11), *range(20, len(rows) + 1, 10), len(rows)})
    for step in (s for s in shown if s <= len(rows)):
        ours, theirs, difference = rows[step - 1]
        print(f"{step:4}   {ours:<16.10f}   {theirs:<16.10f}   {difference:.1e}")
    print(f"largest difference: {max(found['difference'][:20]):.1e} in the first 20 steps, "
          f"{max(found['difference']):.1e} in all {len(rows)}")  # fmt: skip
    print(f"equal predictions: {found['equal']:,} of {found['tested']:,} test images")
    if args.plot:
        plot(found["difference"], args.plot)


def plot(differences: list[float], path: str) -> None:
    """The relative difference of each step, on a logarithmic scale."""
    from vit_pictures import BLUE, GREY, GRID, Page  # the example's pen

    page = Page(720, 320)
    left, right, top, bottom, low, high = 90, 690, 40, 270, -9, -4
    page.text(20, 12, "relative difference of the training loss, minitorch against PyTorch")

    def place(step: float, power: float) -> tuple[float, float]:
        x = left + (right - left) * step / len(differences)
        return x, bottom - (bottom - top) * (power - low) / (high - low)

    for power in range(low, high + 1):
        page.line([place(0, power), place(len(differences), power)], GRID, 1)
        page.text(left - 10, place(0, power)[1], f"1e{power}", color=GREY, anchor="rm")
    for step in range(0, len(differences) + 1, max(1, len(differences) // 5)):
        page.text(place(step, low)[0], bottom + 8, str(step), color=GREY, anchor="ma")
    page.text((left + right) / 2, bottom + 28, "step", color=GREY, anchor="ma")
    powers = [np.log10(max(d, 10.0**low)) for d in differences]
    page.line([place(i + 1, p) for i, p in enumerate(powers)], BLUE)
    page.save(path)


if __name__ == "__main__":
    main()
