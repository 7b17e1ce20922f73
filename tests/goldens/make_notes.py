"""Makes notes.json: what PyTorch, torchvision and tqdm show for each row of tests/notes.

Run as ``python -m tests.goldens.make_notes`` with torch 2.13.0, torchvision 0.28.0, tqdm 4.70.1.
"""

from __future__ import annotations

import json
import sys
import types
from pathlib import Path
from typing import Any

import torch
import tqdm

for name in ("torchvision._meta_registrations", "torchvision._autograd_registrations"):
    sys.modules.setdefault(name, types.ModuleType(name))  # the C extension is not needed

import torchvision  # noqa: E402

from tests.notes.examples import EXAMPLES  # noqa: E402
from tests.notes.rows import ROWS  # noqa: E402
from tests.notes.running import kept, oracle, run, run_code  # noqa: E402


def main() -> None:
    torch.set_num_threads(1)
    side = oracle(torchvision)
    facts = {
        "torch": torch.__version__,
        "torchvision": torchvision.__version__,
        "tqdm": tqdm.__version__,
    }
    rows = {title: kept(row, run(group, row, side)) for title, (group, row) in ROWS.items()}
    examples = {name: run_code(code, side) for name, code in EXAMPLES.items()}
    parts = [f'"{name}": {listed(part)}' for name, part in
             (("versions", facts), ("rows", rows), ("examples", examples))]  # fmt: skip
    text = "{\n" + ",\n".join(parts) + "\n}\n"
    Path(__file__).with_name("notes.json").write_text(text, encoding="utf-8")


def listed(rows: dict[str, Any]) -> str:
    """A JSON object with one line for each row."""
    lines = [
        f"{json.dumps(name, ensure_ascii=False)}: "
        + json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        for name, value in rows.items()
    ]
    return "{\n" + ",\n".join(lines) + "\n}"


if __name__ == "__main__":
    main()
