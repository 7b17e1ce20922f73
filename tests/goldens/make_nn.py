"""Make the goldens of tests/nn from PyTorch: run as ``python -m tests.goldens.make_nn``."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import torch

from tests.nn.layers import LAYERS, run
from tests.nn.lines import kind, outcome
from tests.nn.lines_container import CONTAINER, TYPES as CONTAINER_TYPES
from tests.nn.lines_module import MODULE, TYPES as MODULE_TYPES
from tests.nn.lines_transformer import TRANSFORMER

HERE = Path(__file__).parent


def main() -> None:
    torch.set_num_threads(1)
    numbers, texts = {}, {}
    for row in LAYERS:
        result = run(row, torch)
        texts[row.id] = result.text
        for name, array in result.start.items():
            numbers[f"{row.id}|start|{name}"] = array
        for name, array in result.numbers.items():
            numbers[f"{row.id}|{name}"] = array
    np.savez_compressed(HERE / "nn.npz", **numbers)
    lines = {line: outcome(line, torch) for line in (*MODULE, *CONTAINER, *TRANSFORMER)}
    types = {line: kind(outcome(line, torch)) for line in (*MODULE_TYPES, *CONTAINER_TYPES)}
    stored = {
        "torch_version": torch.__version__, "repr": texts, "lines": lines, "types": types
    }  # fmt: skip
    (HERE / "nn.json").write_text(
        json.dumps(stored, ensure_ascii=False, indent=0, sort_keys=True) + "\n", encoding="utf-8"
    )


if __name__ == "__main__":
    main()
