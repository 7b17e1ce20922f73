"""`python -m minitorch`: which version runs here, and where to begin reading."""

from __future__ import annotations

import os
import platform
import sys

import numpy as np

import minitorch as torch


def main(arguments: list[str]) -> None:
    """Print the versions, the threads and where to read first."""
    if arguments:
        raise SystemExit(f"error: python -m minitorch takes no arguments, got {arguments[0]!r}")
    threads = torch.get_num_threads()
    print(f"minitorch {torch.__version__}: the PyTorch you can read, in pure NumPy")
    print(f"NumPy {np.__version__}, Python {platform.python_version()}, threads: {threads}")
    print(f"source: {os.path.dirname(torch.__file__)}")
    print("Read first, in this order:")
    print("  autograd/graph.py        how gradients flow (the engine)")
    print("  ops/unary.py             an operation: equation, value and derivative in one place")
    print("  nn/modules/module.py     what a layer is; beside it, the layers")


if __name__ == "__main__":
    main(sys.argv[1:])
