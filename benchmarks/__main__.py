"""Time a training step of the notes' Vision Transformer on minitorch and on PyTorch.

    python -m benchmarks                 # every preset, two threads
    python -m benchmarks default notes --threads 1 --repeats 20

Both start from the same weights and images (the same seed), and take turns step by step, so that
a busy machine slows both. Printed: medians, their ratio, and the losses after the first steps.
"""

from __future__ import annotations

import argparse
import statistics
import time
from typing import Any

import minitorch

from .vit import PRESETS, Training


def seconds(run: Any) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("presets", nargs="*", metavar="PRESET", help=", ".join(PRESETS))
    parser.add_argument("--threads", type=int, default=2, help="threads for both (default 2)")
    parser.add_argument("--repeats", type=int, default=10, help="steps of each (default 10)")
    args = parser.parse_args()
    for name in args.presets:
        if name not in PRESETS:
            parser.error(f"no preset {name!r}: choose from {', '.join(PRESETS)}")
    modules: dict[str, Any] = {"minitorch": minitorch}
    try:
        import torch  # the oracle, only to compare with

        modules["PyTorch"] = torch
    except ImportError:
        print("PyTorch is not installed: timing minitorch alone")
    print(f"{'ViT step':10}" + "".join(f"{m:>14}" for m in modules) + "     ratio   losses")
    for preset in args.presets or PRESETS:
        for module in modules.values():
            module.set_num_threads(args.threads)
        runs = {name: Training(module, preset) for name, module in modules.items()}
        losses = {name: [run.step(), run.step()] for name, run in runs.items()}  # warm up
        times: dict[str, list[float]] = {name: [] for name in runs}
        for _ in range(args.repeats):
            for name, run in runs.items():
                times[name].append(seconds(run.step))
        medians = {name: statistics.median(t) for name, t in times.items()}
        row = f"{preset:10}" + "".join(f"{1e3 * t:11.1f} ms" for t in medians.values())
        if "PyTorch" in medians:
            row += f"{medians['minitorch'] / medians['PyTorch']:10.2f}"
        print(row + "   " + "  ".join(f"{pair[1]:.6f}" for pair in losses.values()))


if __name__ == "__main__":
    main()
