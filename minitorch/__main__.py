"""`python -m minitorch`: what runs here and where to begin; with `notes Conv2d`: look it up."""

from __future__ import annotations

import argparse
import io
import os
import platform
import shutil
import sys

import numpy as np

import minitorch as torch

from . import notes


def main(arguments: list[str]) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m minitorch",
        description="Without a command: what runs here and where to begin reading.",
    )
    commands = parser.add_subparsers(dest="command")
    one = commands.add_parser("notes", help="one callable of the notes, explained")
    one.add_argument("name", nargs="?", help="e.g. Conv2d, torch.cat, ToTensor; none: list all")
    one.add_argument("--zh", action="store_true", help="in Chinese")
    options = parser.parse_args(arguments)
    if options.command == "notes":
        print_notes(options.name, options.zh)
    else:
        print_beginning()


def print_beginning() -> None:
    """Print the versions, the threads and where to read first."""
    threads = torch.get_num_threads()
    print(f"minitorch {torch.__version__}: the PyTorch you can read, in pure NumPy")
    print(f"NumPy {np.__version__}, Python {platform.python_version()}, threads: {threads}")
    print(f"source: {os.path.dirname(torch.__file__)}")
    print("Read first, in this order:")
    print("  autograd/graph.py        how gradients flow (the engine)")
    print("  ops/unary.py             an operation: equation, value and derivative in one place")
    print("  nn/modules/module.py     what a layer is; beside it, the layers")
    print("Look a name up: python -m minitorch notes Conv2d (without a name: what there is)")


def print_notes(name: str | None, chinese: bool) -> None:
    """Print an entry of the notes, or without a name their headings."""
    entries = notes.entries(chinese)
    if name is None:
        print("\n".join(entries))
        return
    try:
        heading = notes.find(name, list(entries))
    except LookupError as error:
        raise SystemExit(f"error: {error}") from None
    width = min(shutil.get_terminal_size((100, 0)).columns, 100)
    print(notes.show(heading, entries[heading], width))


def run() -> None:
    """main() on a real terminal or pipe, which may lack characters or close early."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # γ on a terminal that has none: ?
    try:
        try:
            main(sys.argv[1:])
        finally:
            sys.stdout.flush()
    except BrokenPipeError:  # `| head` has read enough; the flush at exit must not fail again
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(1) from None


if __name__ == "__main__":
    run()
