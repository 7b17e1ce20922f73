"""Make the goldens of tests/nn from PyTorch: run as ``python -m tests.goldens.make_nn``."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import torch

from tests.nn import layers_more  # noqa: F401  (adds its rows to LAYERS)
from tests.nn.layers import LAYERS, run
from tests.nn.lines import kind, outcome
from tests.nn.lines_container import CONTAINER, TYPES as CONTAINER_TYPES
from tests.nn.lines_init import INIT, UTILS
from tests.nn.lines_module import MODULE, TYPES as MODULE_TYPES
from tests.nn.lines_param import (
    DISTRIBUTION_TYPES,
    DISTRIBUTIONS,
    LAZY,
    LAZY_TYPES,
    PARAM,
    PARAM_TYPES,
)  # fmt: skip
from tests.nn.lines_rnn import RNN
from tests.nn.lines_transformer import TRANSFORMER

HERE = Path(__file__).parent
LINES = [*MODULE, *CONTAINER, *TRANSFORMER, *INIT, *UTILS, *RNN, *LAZY, *PARAM, *DISTRIBUTIONS]
TYPES = [*MODULE_TYPES, *CONTAINER_TYPES, *LAZY_TYPES, *PARAM_TYPES, *DISTRIBUTION_TYPES]


def main() -> None:
    torch.set_num_threads(1)
    numbers, texts, layouts = {}, {}, {}
    for row in LAYERS:
        result = run(row, torch)
        texts[row.id] = result.text
        layouts[row.id], numbers[row.id] = result.packed()
    np.savez_compressed(HERE / "nn.npz", **numbers)
    lines = {line: outcome(line, torch) for line in LINES}
    types = {line: kind(outcome(line, torch)) for line in TYPES}
    stored = {
        "torch_version": torch.__version__,
        "repr": texts,
        "layout": layouts,
        "lines": lines,
        "types": types,
    }
    text = json.dumps(stored, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    (HERE / "nn.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
