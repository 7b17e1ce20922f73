"""Make the goldens of tests/optim from PyTorch: run as ``python -m tests.goldens.make_optim``.

Parameters and state after 50 float64 steps, the learning rates of 30 epochs, and the texts that
optimizers print.
"""

from __future__ import annotations

import json
import warnings
from pathlib import Path

import numpy as np
import torch

from tests.goldens.store import write
from tests.optim import table

HERE = Path(__file__).parent


def main() -> None:
    torch.set_num_threads(1)
    warnings.simplefilter("ignore")
    arrays: dict[str, np.ndarray] = {}
    texts: dict[str, str] = {}
    for name, options in table.OPTIMIZERS:
        row = table.identity(name, options)
        optimizer, params = table.train(torch, name, options)
        texts[row] = repr(optimizer)
        for key, value in table.numbers(optimizer, params).items():
            arrays[f"{row}:{key}"] = np.asarray(value)
    for name, options in table.SCHEDULES:
        rows = table.schedule(torch, name, options)
        arrays[table.schedule_id(name, options)] = np.array(rows)
    for options in table.PLATEAUS:
        arrays[table.identity("plateau", options)] = np.array(table.plateau(torch, options))
    arrays["sequential"] = np.array(table.sequential(torch))
    arrays["chained"] = np.array(table.chained(torch))
    write(HERE / "optim.npz", arrays, torch=torch.__version__)
    stored = {"torch_version": torch.__version__, "repr": texts}
    (HERE / "optim.json").write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")
    print(f"{len(arrays)} arrays, {len(texts)} texts")


if __name__ == "__main__":
    main()
