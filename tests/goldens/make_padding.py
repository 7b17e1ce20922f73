"""Make padding.json from PyTorch: run as ``python -m tests.goldens.make_padding``."""

from __future__ import annotations

import json
from pathlib import Path

import torch

from tests.nn.padding import ROWS, outcome


def main() -> None:
    torch.set_num_threads(1)
    rows = {row.name: outcome(row, torch) for row in ROWS}
    arrays: list[list[float | None]] = []  # many rows give the same numbers
    for found in rows.values():
        if "numbers" in found:
            numbers = [None if v != v else v for v in found["numbers"]]  # JSON has no nan
            if numbers not in arrays:
                arrays.append(numbers)
            found["numbers"] = arrays.index(numbers)
    stored = {"torch_version": torch.__version__, "rows": rows, "arrays": arrays}
    text = json.dumps(stored, separators=(",", ":"))
    path = Path(__file__).parent / "padding.json"
    path.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
