"""Writes teaching.json: what the scripts of tests/teaching print on PyTorch. Needs torch 2.13.

python -m tests.goldens.make_teaching
"""

from __future__ import annotations

import json
import sys
import tempfile
import types
from pathlib import Path

from tests.teaching.running import SCRIPTS, run, source


def main() -> None:
    import torch

    for module in ("torchvision._meta_registrations", "torchvision._autograd_registrations"):
        sys.modules.setdefault(module, types.ModuleType(module))
    with tempfile.TemporaryDirectory() as folder:
        printed = {name: run(name, source(name), Path(folder)) for name in SCRIPTS}
    stored = {"torch_version": torch.__version__, "scripts": printed}
    path = Path(__file__).with_name("teaching.json")
    path.write_text(json.dumps(stored, indent=0, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
