"""Write same_seed.json: what small PyTorch programs give for a seed. Needs PyTorch and torchvision.

Run `python -m tests.goldens.make_same_seed`. A program (tests/random/programs_*.py) is a function of
the module `torch`, either library's, that returns results by name:

    EXACT   equal to the bit: the file holds a digest for each seed
    CLOSE   floating point numbers went through sums, which may be added in another order: the
            file holds those named in KEPT, and a digest of everything else
    LIVE    like CLOSE, but too large for a file

After every program three more numbers are drawn, which must be equal to the bit as must be the
generator's state: as much was drawn here as there.
"""

from __future__ import annotations

import json
import random
import warnings
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from tests.random import programs_data, programs_layers, programs_models, programs_tensors
from tests.random.programs_tensors import Program

SEEDS = (0, 1, -1, 2**40 + 5)
KEPT = ("y", "dx", "weights")
EXACT = {
    f"{topic}: {name}": program
    for topic, module in (
        ("tensors", programs_tensors), ("models", programs_models), ("layers", programs_layers),
        ("data", programs_data),
    )
    for name, program in module.EXACT.items()
}  # fmt: skip
CLOSE = programs_layers.CLOSE
LIVE = programs_layers.LIVE
Arrays = dict[str, np.ndarray]


def results(program: Program, torch: Any, seed: int) -> Arrays:
    """What a program gives for a seed, and the numbers and the state after it, as arrays."""
    torch.manual_seed(seed)
    random.seed(seed)  # RandomChoice and RandomOrder draw from Python's stream
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = program(torch)
    found["rand after"], found["state after"] = torch.rand(3), torch.get_rng_state()
    return {name: plain(value) for name, value in found.items()}


def plain(value: Any) -> np.ndarray:
    """A tensor's numbers; anything else as its text, where every digit of a float shows."""
    return value.detach().numpy() if hasattr(value, "detach") else np.array(repr(value))


def digest(found: Arrays) -> str:
    """16 hexadecimal digits of sha256 over names, dtypes, shapes and bytes, in order."""
    whole = sha256()
    for name, array in found.items():
        whole.update(f"{name} {array.dtype} {array.shape}\n".encode() + array.tobytes())
    return whole.hexdigest()[:16]


def is_close(name: str, array: np.ndarray) -> bool:
    """Whether a result of CLOSE or LIVE is one of those that went through sums."""
    return array.dtype.kind == "f" and not name.endswith("after")


def rest(found: Arrays) -> str:
    """The digest of the results that are equal to the bit even in CLOSE."""
    return digest({k: v for k, v in found.items() if not is_close(k, v)})


def stored(found: Arrays) -> dict[str, Any]:
    """What the file holds of a program of CLOSE; 7 digits are more than the comparison asks."""
    kept = {k: [float(f"{x:.7g}") for x in found[k].ravel()] for k in KEPT if k in found}
    return {"rest": rest(found), **kept}


def main() -> None:
    import torch

    torch.set_num_threads(1)
    made = {
        "exact": {k: [digest(results(p, torch, s)) for s in SEEDS] for k, p in EXACT.items()},
        "close": {k: [stored(results(p, torch, s)) for s in SEEDS] for k, p in CLOSE.items()},
    }
    parts = [f'"torch": "{torch.__version__.split("+")[0]}"']
    for title, table in made.items():
        lines = ",\n".join(f"{json.dumps(k)}: {json.dumps(v)}" for k, v in table.items())
        parts.append(f'"{title}": {{\n{lines}\n}}')
    path = Path(__file__).with_name("same_seed.json")
    path.write_text("{" + ",\n".join(parts) + "}\n")
    print(f"{len(EXACT)} exact programs, {len(CLOSE)} close ones: {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
