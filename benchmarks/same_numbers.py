"""Train examples/vit_mnist.py on minitorch and on PyTorch and lay the losses side by side.

    python -m benchmarks.same_numbers --data DIR                    # 100 steps, default preset
    python -m benchmarks.same_numbers --data DIR --preset notes --steps 10
    python -m benchmarks.same_numbers                               # on drawn digits

The example's own file runs as it is, and with its import lines changed to PyTorch's and
torchvision's. Same seed, so both draw the same first weights, order of the images, rotations and
dropout masks; what is left is the rounding of sums that are added in another order. How much that
alone can do show three more runs of PyTorch: with one thread, which adds in another order than
with two; with every first weight moved by a relative 1e-7, about one unit in its last place; and
with the same weights, images and masks in double precision, where nothing is left.
"""

from __future__ import annotations

import argparse
import sys
import types
from itertools import chain, islice, repeat
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
    names: dict[str, Any], preset: str, data: str | None, steps: int, tested: int = 10_000,
    double: bool = False, threads: int = 2, moved: float = 0.0,
) -> tuple[list[float], np.ndarray]:  # fmt: skip
    """The losses of the first steps, and what the model then says of the first test images.

    Args:
        names    what `example` returned
        data     the folder that holds MNIST/raw; None: drawn digits
        double   compute in float64, with the numbers drawn for float32
        moved    multiply each first weight by 1 + moved·z, z normal
    """
    torch = names["torch"]
    before = torch.get_num_threads()
    torch.set_num_threads(threads)
    try:
        run = names["Run"]({"preset": preset, **names["PRESETS"][preset]}, seed=0)
        if double:
            run.model.double()
        if moved:
            rng = np.random.default_rng(0)  # its own: the run's draws stay as they are
            for weight in run.model.parameters():
                array = weight.detach().numpy()  # shares the weight's memory
                array *= 1 + moved * rng.standard_normal(array.shape)
        losses = [step(names, run, batch) for batch in batches(names, run, data, steps)]
        return losses, predictions(names, run.model, data, tested)
    finally:
        torch.set_num_threads(before)


def digits(names: dict[str, Any], data: str | None, train: bool, n: int | None = None) -> Any:
    """The example's data set of the first n images, as tensors of its library."""
    if data is None:
        stored: Any = minitorch.datasets.SyntheticDigits(train=train, num_samples=n or 2_000)
    else:
        stored = minitorch.datasets.MNIST(data, train=train)
    arrays = (t.numpy()[:n] for t in (stored.data, stored.targets))
    images, labels = map(names["torch"].from_numpy, arrays)
    return names["Digits"](images, labels, names["TRAIN_TRANSFORM" if train else "TEST_TRANSFORM"])


def batches(names: dict[str, Any], run: Any, data: str | None, steps: int) -> Any:
    """The first batches of training, epoch after epoch."""
    run.model.train()
    images = digits(names, data, train=True)
    loader = names["DataLoader"](images, batch_size=run.config["batch_size"], shuffle=True)
    return islice(chain.from_iterable(repeat(loader)), steps)


def step(names: dict[str, Any], run: Any, batch: Any) -> float:
    """One training step, as the example takes it; its loss."""
    images, labels = batch
    images = images.to(next(run.model.parameters()).dtype)
    loss = names["nn"].CrossEntropyLoss()(run.model(images), labels)
    run.optimizer.zero_grad()
    loss.backward()
    run.optimizer.step()
    return loss.item()


def predictions(names: dict[str, Any], model: Any, data: str | None, n: int) -> np.ndarray:
    """The digit that the model sees in each of the first n test images."""
    model.eval()
    loader = names["DataLoader"](digits(names, data, train=False, n=n), batch_size=500)
    dtype = next(model.parameters()).dtype
    with names["torch"].no_grad():
        seen = [model(images.to(dtype)).argmax(dim=1).numpy() for images, _ in loader]
    return np.concatenate(seen)


def relative(ours: list[float], theirs: list[float]) -> list[float]:
    """|ours − PyTorch's| / |PyTorch's|, step by step."""
    return [abs(a - b) / abs(b) for a, b in zip(ours, theirs)]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--data", metavar="DIR", help="folder with MNIST/raw, else drawn digits")
    parser.add_argument("--preset", default="default", choices=("default", "notes"))
    parser.add_argument("--steps", type=int, default=100)
    parser.add_argument("--tested", type=int, default=10_000, help="test images (default 10,000)")
    parser.add_argument("--plot", metavar="FILE", help="draw the differences here (PNG)")
    args = parser.parse_args()
    how = (args.preset, args.data, args.steps, args.tested)
    theirs, seen = train(example(True), *how)
    runs = {
        "minitorch": train(example(False), *how),
        "PyTorch, one thread": train(example(True), *how, threads=1),
        "PyTorch, moved 1e-7": train(example(True), *how, moved=1e-7),
        "PyTorch, double": train(example(True), *how, double=True),
        "minitorch, double": train(example(False), *how, double=True),
    }
    apart = {name: relative(losses, theirs) for name, (losses, _) in runs.items()}
    print("step  minitorch       PyTorch         relative difference from PyTorch:")
    print(" " * 37 + "".join(f"{name:>21}" for name in apart))
    for i in sorted({*range(min(10, args.steps)), *range(9, args.steps, 10), args.steps - 1}):
        print(f"{i + 1:4}  {runs['minitorch'][0][i]:<14.10f}  {theirs[i]:<14.10f}"
              + "".join(f"{found[i]:>21.1e}" for found in apart.values()))  # fmt: skip
    for name, found in apart.items():
        print(f"{name}: largest difference {max(found[:20]):.1e} in the first 20 steps, "
              f"{max(found):.1e} in all {args.steps}; equal predictions for "
              f"{int((runs[name][1] == seen).sum()):,} of {len(seen):,} test images")  # fmt: skip
    exact = runs["PyTorch, double"][0]
    for name in ("minitorch", "minitorch, double"):
        print(f"{name}, from PyTorch in double: {max(relative(runs[name][0], exact)):.1e}")
    if args.plot:
        apart["minitorch, from PyTorch in double"] = relative(runs["minitorch"][0], exact)
        plot(apart, args.plot)


def plot(apart: dict[str, list[float]], path: str) -> None:
    """The curves of relative differences on a logarithmic scale."""
    from vit_pictures import BLUE, GREEN, GREY, GRID, ORANGE, RED, Page  # the example's pen

    colors = {
        "PyTorch, double": RED,
        "PyTorch, one thread": ORANGE,
        "PyTorch, moved 1e-7": (128, 70, 160),
        "minitorch": BLUE,
        "minitorch, from PyTorch in double": GREEN,
    }
    page = Page(720, 360)
    left, right, top, bottom, low, high = 80, 690, 90, 310, -8, -2
    steps = len(apart["minitorch"])
    page.text(20, 12, "training loss: relative difference from PyTorch in float32, two threads")
    x = 20
    for name, color in colors.items():
        page.text(x, 40, name, color=color)
        x += 16 + 6 * len(name)

    def place(step: float, power: float) -> tuple[float, float]:
        up = (max(power, low) - low) / (high - low)
        return left + (right - left) * step / steps, bottom - (bottom - top) * up

    for power in range(low, high + 1):
        page.line([place(0, power), place(steps, power)], GRID, 1)
        label = f"1e{power}" if power > low else "0"
        page.text(left - 10, place(0, power)[1], label, color=GREY, anchor="rm")
    for step in range(0, steps + 1, max(1, steps // 5)):
        page.text(place(step, low)[0], bottom + 8, str(step), color=GREY, anchor="ma")
    page.text((left + right) / 2, bottom + 26, "step", color=GREY, anchor="ma")
    for name, color in colors.items():
        powers = np.log10(np.maximum(apart[name], 10.0**low))
        page.line([place(i + 1, p) for i, p in enumerate(powers)], color)
    page.save(path)


if __name__ == "__main__":
    main()
