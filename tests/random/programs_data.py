"""Programs for test_same_seed.py: the order of the data, and random transforms."""

from __future__ import annotations

import importlib
from typing import Any

import numpy as np
from PIL import Image

from .programs_models import vit
from .programs_tensors import Found, Program

EXACT: dict[str, Program] = {}


def transforms(torch: Any) -> Any:
    """minitorch.transforms or torchvision.transforms."""
    home = "torchvision" if torch.__name__ == "torch" else torch.__name__
    return importlib.import_module(f"{home}.transforms")


# -- the order of the data ------------------------------------------------------------------------


class Noise:
    """A data set whose items are drawn when they are fetched."""

    def __init__(self, library: str) -> None:
        self.library = library

    def __len__(self) -> int:
        return 11

    def __getitem__(self, i: int) -> Any:
        return importlib.import_module(self.library).rand(2) + i


def epochs(loader: Any, broken_off: int | None = None) -> list[Any]:
    """The batches of two passes, of which the first may stop early."""
    found = []
    for most in (broken_off, None):
        found.append([])
        for batch in loader:
            found[-1].append((batch[0] if isinstance(batch, list) else batch).tolist())
            if len(found[-1]) == most:
                break
    return found


def loader(own: bool = False, broken_off: int | None = None, **options: Any) -> Program:
    """A program: 23 numbers through a DataLoader; `own`: with a generator of its own."""

    def program(torch: Any) -> Found:
        data = torch.utils.data
        more = (
            {"generator": torch.Generator().manual_seed(torch.initial_seed() % 77)} if own else {}
        )
        numbers = data.TensorDataset(torch.arange(23))
        given = data.DataLoader(numbers, **options, **more)
        return {"batches": epochs(given, broken_off)} | {
            f"{k} after": v.get_state() for k, v in more.items()
        }

    return program


for size, last, own, stop, workers in (
    (4, False, False, None, 0), (5, True, False, None, 0), (4, True, True, None, 0),
    (5, False, True, None, 0), (4, False, False, 3, 0), (5, False, True, 3, 0),
    (4, False, True, 6, 0), (4, False, True, 1, 0),
    # PyTorch's workers are processes, a tenth of a second each time: only where it may matter that
    # they run ahead
    (4, True, True, None, 2), (4, False, False, 3, 2), (4, False, True, 3, 2), (4, False, True, 1, 2),
):  # fmt: skip
    title = f"DataLoader {size}" + ", drop_last" * last + ", generator" * own
    title += f", broken off at {stop}" if stop else ""
    title += ", two workers" if workers else ""
    EXACT[title] = loader(
        own, stop, batch_size=size, drop_last=last, shuffle=True, num_workers=workers
    )


def samplers(torch: Any) -> Found:
    """Two passes of every sampler, from the default generator and from one of their own."""
    d, g = torch.utils.data, torch.Generator().manual_seed(torch.initial_seed() % 55)
    several = {
        "random": d.RandomSampler(range(9)), "again": d.RandomSampler(range(9), True, 70),
        "more": d.RandomSampler(range(4), num_samples=10), "subset": d.SubsetRandomSampler([5, 6, 8]),
        "weighted": d.WeightedRandomSampler([0.1, 0.5, 3.0], 12),
        "weighted, once": d.WeightedRandomSampler([0.1, 0.5, 3.0], 3, replacement=False),
        "batches": d.BatchSampler(d.RandomSampler(range(9)), 4, False),
        "random, own": d.RandomSampler(range(9), generator=g),
        "again, own": d.RandomSampler(range(9), True, 40, generator=g),
        "subset, own": d.SubsetRandomSampler([5, 6, 7, 8], g),
        "weighted, own": d.WeightedRandomSampler([1.0, 2.0], 5, generator=g),
    }  # fmt: skip
    return {f"{k} {epoch}": list(s) for epoch in (1, 2) for k, s in several.items()}


def splits(torch: Any) -> Found:
    """The indices that random_split hands out, by sizes and by shares."""

    def split(n: int, *args: Any) -> list[list[int]]:
        return [list(part.indices) for part in torch.utils.data.random_split(range(n), *args)]

    g = torch.Generator().manual_seed(42)
    return {
        "sizes": split(10, [3, 7]), "shares": split(11, [0.5, 0.3, 0.2]),
        "own": split(100, [20, 0, 80], g), "on": split(100, [0.5, 0.5], g),
    }  # fmt: skip


def digits(torch: Any) -> Any:
    """Ten images through the example's transforms: turned at random."""
    pixels = torch.from_numpy(np.random.default_rng(0).integers(0, 256, (10, 28, 28), np.uint8))
    return vit(torch).Digits(pixels, torch.arange(10), vit(torch).TRAIN_TRANSFORM)


EXACT.update({
    "samplers": samplers,
    "random_split": splits,
    "DataLoader of draws": lambda torch: {
        f"{workers} workers": epochs(
            torch.utils.data.DataLoader(Noise(torch.__name__), 3, shuffle=True, num_workers=workers)
        )
        for workers in (0, 2)
    },
    "DataLoader in order": loader(batch_size=4),
    "DataLoader of a sampler": lambda torch: {"batches": epochs(torch.utils.data.DataLoader(
        range(9), 2, sampler=torch.utils.data.WeightedRandomSampler(range(9), 7)
    ))},
    "the example's batches": lambda torch: {
        f"{part} {i}": values
        for i, batch in enumerate(torch.utils.data.DataLoader(digits(torch), 4, shuffle=True))
        for part, values in zip(("images", "labels"), batch)
    },
})  # fmt: skip

# -- random transforms ----------------------------------------------------------------------------


def flipped(name: str, *args: Any, times: int = 20, **options: Any) -> Program:
    """A program: a transform of the same small image, many times."""

    def program(torch: Any) -> Found:
        image = Image.fromarray(np.random.default_rng(0).integers(30, 200, (18, 20, 3), np.uint8))
        t = transforms(torch)
        given = [[make(t) for make in a] if isinstance(a, list) else a for a in args]
        transform = getattr(t, name)(*given, **options)
        results = [transform(image) for _ in range(times)]
        return {f"{i}": (result.size, result.tobytes()) for i, result in enumerate(results)}

    return program


def parameters(name: str, *several: tuple[Any, ...], times: int = 5) -> Program:
    """A program: what get_params of a transform returns, time after time."""
    return lambda torch: {
        f"{which}, {i}": getattr(transforms(torch), name).get_params(*args)
        for which, args in enumerate(several) for i in range(times)
    }  # fmt: skip


def erased(torch: Any) -> Found:
    """RandomErasing: the place, the noise that fills it, and a whole call."""
    T, found = transforms(torch).RandomErasing, {}
    for i in range(5):
        *place, filling = T.get_params(torch.zeros(3, 20, 30), (0.02, 0.33), (0.3, 3.3))
        found |= {f"place {i}": place, f"filling {i}": filling}
        found[f"image {i}"] = T(value="random")(torch.zeros(1, 5, 7))
    return found


FLIPS = [
    lambda t: t.RandomHorizontalFlip(1),
    lambda t: t.RandomVerticalFlip(1),
    lambda t: t.Grayscale(3),
]
PICTURE = Image.new("L", (40, 30))
EXACT.update({
    "RandomRotation": parameters("RandomRotation", ([-15.0, 15.0],), ([0.0, 360.0],)),
    "RandomAffine": parameters(
        "RandomAffine", ([-30.0, 30.0], None, None, None, [28, 28]),
        ([-30.0, 30.0], (0.1, 0.3), (0.8, 1.2), (-10.0, 10.0, -5.0, 5.0), [28, 20]),
    ),
    "RandomCrop": parameters("RandomCrop", (PICTURE, (7, 9)), (PICTURE, (30, 40)), (PICTURE, (30, 7))),
    "RandomResizedCrop": parameters(
        "RandomResizedCrop", (PICTURE, [0.08, 1.0], [3 / 4, 4 / 3]), (PICTURE, [2.0, 3.0], [5.0, 6.0])
    ),
    "RandomErasing": erased,
    "ColorJitter": parameters(
        "ColorJitter", ([0.6, 1.4], [0.5, 1.5], [0.0, 2.0], [-0.1, 0.1]), ([0.6, 1.4], None, None, None)
    ),
    "RandomPerspective": parameters("RandomPerspective", (40, 30, 0.5), (28, 28, 0.1)),
    "GaussianBlur": parameters("GaussianBlur", (0.1, 2.0)),
    "RandomHorizontalFlip": flipped("RandomHorizontalFlip"),
    "RandomVerticalFlip": flipped("RandomVerticalFlip", 0.3),
    "RandomApply": flipped("RandomApply", FLIPS[:2], 0.4),
    "RandomChoice": flipped("RandomChoice", FLIPS),
    "RandomChoice, weighted": flipped("RandomChoice", FLIPS, p=[0.2, 0.5, 0.3]),
    "RandomOrder": flipped("RandomOrder", [*FLIPS, lambda t: t.RandomRotation((90, 90))]),
    "RandomGrayscale": flipped("RandomGrayscale", 0.4),
    "RandomInvert": flipped("RandomInvert"),
    "RandomPosterize": flipped("RandomPosterize", 2),
    "RandomSolarize": flipped("RandomSolarize", 100),
    "RandomEqualize": flipped("RandomEqualize"),
    "RandomAutocontrast": flipped("RandomAutocontrast"),
    "RandomAdjustSharpness": flipped("RandomAdjustSharpness", 2),
    "a pipeline": flipped("Compose", [
        lambda t: t.RandomCrop((2, 3), padding=1), lambda t: t.RandomHorizontalFlip(),
        lambda t: t.RandomApply([t.RandomRotation(90)], 0.5), lambda t: t.RandomInvert(0.3),
    ]),
})  # fmt: skip
