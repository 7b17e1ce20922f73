"""Time minitorch beside PyTorch: the notes' model, single operations, random streams, scaling.

    python -m benchmarks                            # everything, two threads: some 15 minutes
    python -m benchmarks ViT "forward and backward" # some groups, or single cases by name
    python -m benchmarks streams --threads 1
    python -m benchmarks --json out.json --chart out.png --curves curves.png

Each library works in a process of its own and they take turns (benchmarks/sides.py). Printed: the
medians, the median ratio minitorch / PyTorch with the spread of the middle half, and the goal.
"""

from __future__ import annotations

import argparse
import datetime
import importlib.util
import json
import platform
from pathlib import Path
from typing import Any

import numpy as np

from .cases import CASES, CURVES
from .sides import Result, Side, compare, import_seconds, peak_memory

GROUPS = list(dict.fromkeys(case.group for case in CASES.values()))
MEMORY = "step, notes"  # whose peak memory is measured


def time_text(seconds: float) -> str:
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= size or unit == "µs":
            return f"{seconds / size:.3g} {unit}"
    raise AssertionError


def row(result: Result, goal: float | None) -> dict[str, Any]:
    """The result as the JSON file has it."""
    ratios = result.ratios()
    quarter = len(ratios) // 4
    return {
        "name": result.name,
        "median_seconds": {library: result.median(library) for library in result.seconds},
        "ratio": result.ratio(),
        "spread": [ratios[quarter], ratios[-1 - quarter]] if ratios else None,
        "goal": goal,
    }


def show(entry: dict[str, Any]) -> None:
    times = "".join(f"{time_text(s):>11}" for s in entry["median_seconds"].values())
    line = f"{entry['name']:32}{times}"
    if entry["ratio"] is not None:
        low, high = entry["spread"]
        line += f"{entry['ratio']:8.2f}   {low:.2f}-{high:.2f}"
        if entry["goal"] is not None:
            line += f"   {'≤' if entry['ratio'] <= entry['goal'] else '>'} {entry['goal']:g}"
    print(line, flush=True)


def machine() -> dict[str, Any]:
    """What the figures belong to."""
    model = platform.processor() or platform.machine()
    if Path("/proc/cpuinfo").exists():
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        model = next((s.split(":")[1].strip() for s in lines if s.startswith("model name")), model)
    return {
        "date": datetime.date.today().isoformat(),
        "processor": model,
        "python": platform.python_version(),
        "numpy": np.__version__,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("what", nargs="*", help=f"groups ({', '.join(GROUPS)}), memory, import, "
                        "or names of cases; default: all")  # fmt: skip
    parser.add_argument("--threads", type=int, default=2, help="for both (default 2)")
    parser.add_argument("--turns", type=int, default=9, help="of each library (default 9)")
    parser.add_argument("--json", metavar="FILE", help="write the figures here")
    parser.add_argument("--chart", metavar="FILE", help="draw the ratios here (PNG)")
    parser.add_argument("--curves", metavar="FILE", help="draw the scaling curves here (PNG)")
    args = parser.parse_args()
    for what in args.what:
        if what not in (*GROUPS, *CASES, "memory", "import"):
            parser.error(f"no case or group {what!r}")

    libraries = ["minitorch"]
    if importlib.util.find_spec("torch"):
        libraries.append("PyTorch")
    else:
        print("PyTorch is not installed: timing minitorch alone")

    def wanted(*names: str) -> bool:
        return not args.what or any(name in args.what for name in names)

    figures: dict[str, Any] = {**machine(), "threads": args.threads, "cases": []}
    print(f"{args.threads} threads" + "".join(f"{name:>{33 if i == 0 else 11}}"
          for i, name in enumerate(libraries)) + "   ratio   spread      goal")  # fmt: skip
    sides = {library: Side(library, args.threads) for library in libraries}
    for name, case in CASES.items():
        if wanted(name, case.group):
            figures["cases"].append(row(compare(sides, name, args.turns), case.goal))
            show(figures["cases"][-1])
    for side in sides.values():
        side.close()
    if wanted("memory"):
        peaks = {library: peak_memory(library, MEMORY, args.threads) for library in libraries}
        figures["peak_bytes"] = peaks
        print(f"peak memory, {MEMORY}: ", {k: f"{v / 2**20:,.0f} MB" for k, v in peaks.items()})
        if len(peaks) > 1:
            print(f"    ratio {peaks['minitorch'] / peaks['PyTorch']:.2f}, goal 0.3")
    if wanted("import"):
        took: dict[str, list[float]] = {library: [] for library in libraries}
        for _ in range(args.turns):
            for library in libraries:
                took[library] += import_seconds(library, 1)
        figures["cases"].append(row(Result("import", took), 0.15))
        show(figures["cases"][-1])
    if args.json:
        Path(args.json).write_text(json.dumps(figures, indent=1, ensure_ascii=False) + "\n")
    if args.chart or args.curves:
        from . import chart

        if args.chart:
            chart.ratios(figures["cases"], args.chart)
        if args.curves:
            chart.scaling(figures["cases"], CURVES, args.curves)


if __name__ == "__main__":
    main()
