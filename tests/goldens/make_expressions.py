"""Makes expressions.json: what PyTorch prints for each line of tests/expressions.py.

    python -m tests.goldens.make_expressions        (needs torch 2.13.0)
"""

from __future__ import annotations

import json
from pathlib import Path

import torch

from tests.expressions import EXPRESSIONS, evaluate


def main() -> None:
    stored = {"torch_version": torch.__version__}
    stored |= {e: evaluate(e, torch) for e in EXPRESSIONS}
    path = Path(__file__).with_name("expressions.json")
    path.write_text(json.dumps(stored, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
