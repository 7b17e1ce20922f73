"""Makes cases.npz: what PyTorch computes for every row of tests/cases, in float64.

    python -m tests.goldens.make_cases        (needs torch 2.13.0)
"""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import torch

from tests.cases import CASES
from tests.cases.spec import run, thin
from tests.goldens.store import write

HERE = Path(__file__).parent


def main() -> None:
    stored: dict[str, np.ndarray] = {}
    for case in CASES:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            result = run(case, torch)
        for i, out in enumerate(result.outputs):
            stored[f"{case.id}:out{i}"] = thin(out)
            stored[f"{case.id}:shape{i}"] = np.array(out.shape, np.int16)
        for i, grad in enumerate(result.grads):
            if grad is not None:
                stored[f"{case.id}:grad{i}"] = thin(grad)
    write(HERE / "cases.npz", stored, torch=torch.__version__)
    print(f"{len(CASES)} cases, {len(stored)} arrays")


if __name__ == "__main__":
    main()
