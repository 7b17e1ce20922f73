"""Two processes, one with minitorch and one with PyTorch, that take turns at the same work.

Each library has a process of its own, so that neither's threads, buffers or imports touch the
other's; they work alternately, so that whatever else the machine does slows both alike.
"""

from __future__ import annotations

import contextlib
import importlib
import multiprocessing
import os
import resource
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import Any

LIBRARIES = {"minitorch": "minitorch", "PyTorch": "torch"}
SHORT = 0.05  # seconds: quicker work is repeated until it lasts that long, and divided
PAUSE = 0.1  # seconds between turns: threads that wait for more work may spin for some 50 ms
MAXRSS_UNIT = 1 if sys.platform == "darwin" else 1024  # bytes


def serve(pipe: Any, library: str, threads: int) -> None:
    """The process of one library: sets a case up, runs it when told, answers with seconds."""
    os.environ["OMP_NUM_THREADS"] = str(threads)  # read when the library is imported
    from . import cases

    torch = importlib.import_module(LIBRARIES[library])
    torch.set_num_threads(threads)
    run: Any = None
    times = 1
    with contextlib.suppress(EOFError):
        while True:
            order, name = pipe.recv()
            if order == "set up":
                run = cases.CASES[name].make(torch)
                for _ in range(3):  # warm: first calls make buffers and threads
                    took = timed(run, 1)
                times = max(1, int(SHORT / max(took, 1e-7)))
                pipe.send(None)
            elif order == "run":
                pipe.send(timed(run, times))
            else:  # "memory"
                pipe.send(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * MAXRSS_UNIT)


def timed(run: Any, times: int) -> float:
    """Seconds for one `run()`, the mean of several in a row."""
    start = time.perf_counter()
    for _ in range(times):
        run()
    return (time.perf_counter() - start) / times


class Side:
    """The parent's handle of one library's process."""

    def __init__(self, library: str, threads: int) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, other = context.Pipe()
        self.process = context.Process(target=serve, args=(other, library, threads), daemon=True)
        self.process.start()
        other.close()

    def ask(self, order: str, name: str = "") -> Any:
        self.pipe.send((order, name))
        return self.pipe.recv()

    def close(self) -> None:
        self.pipe.close()
        self.process.join()


@dataclass
class Result:
    """One case, timed: seconds of each turn by library."""

    name: str
    seconds: dict[str, list[float]]

    def median(self, library: str) -> float:
        return statistics.median(self.seconds[library])

    def ratios(self) -> list[float]:
        """minitorch / PyTorch turn by turn, in rising order; empty without PyTorch."""
        if len(self.seconds) < 2:
            return []
        return sorted(a / b for a, b in zip(self.seconds["minitorch"], self.seconds["PyTorch"]))

    def ratio(self) -> float | None:
        """The median of the turns' ratios."""
        return statistics.median(self.ratios()) if self.ratios() else None


def compare(sides: dict[str, Side], name: str, turns: int) -> Result:
    """Set the case up on both sides, then let them take turns."""
    for side in sides.values():
        side.ask("set up", name)
    seconds: dict[str, list[float]] = {library: [] for library in sides}
    for _ in range(turns):
        for library, side in sides.items():
            time.sleep(PAUSE)
            seconds[library].append(side.ask("run"))
    return Result(name, seconds)


def peak_memory(library: str, name: str, threads: int) -> int:
    """Bytes at the peak of a fresh process that sets the case up and runs it."""
    side = Side(library, threads)
    try:
        side.ask("set up", name)
        return side.ask("memory")
    finally:
        side.close()


def import_seconds(library: str, turns: int) -> list[float]:
    """How long `import` takes in fresh processes, the interpreter's own start not counted."""
    code = "import time; t = time.perf_counter(); import {}; print(time.perf_counter() - t)"
    command = [sys.executable, "-c", code.format(LIBRARIES[library])]
    return [float(subprocess.check_output(command)) for _ in range(turns)]
