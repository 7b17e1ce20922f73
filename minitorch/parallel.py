"""Threads: the one place that knows them.

NumPy's ufuncs and matrix products let go of Python's lock while they run, so two threads that
work on *different blocks* of rows use two cores. Three things make that pay:

    blocks      a block's arrays fit the L2 cache, so a chain of ufuncs (scale, exp, add, …)
                meets memory once: in cache a pass costs 0.1 ns an element, outside 2-5 times that
    scratch     each thread keeps its intermediate buffers: a fresh array of more than 128 KB costs
                page faults that outweigh the arithmetic
    one BLAS    OpenBLAS's own threads are never used: they would ask for the cores that other
    thread      blocks work on. A large product is cut into blocks like everything else

The cut into blocks never depends on the number of threads, and sums over blocks are added in
the order of the blocks, so results are the same bit for bit for any number of threads.
"""

from __future__ import annotations

import ctypes
import glob
import os
import queue
import threading
from collections.abc import Callable
from math import prod
from typing import Any

import numpy as np

from . import heap  # noqa: F401, sets malloc's limits before arrays are made

# Elements in a block of an elementwise chain (1 MB in float32). Each call hands over Python's lock,
# so two threads gain by calls of 20 µs and more only: speed-up of multiply-and-add chains on 16384,
# 65536, 131072 numbers 0.7, 1.0, 1.4. In whole steps of the example 131072 and 262144 could not be
# told apart on a busy machine (medians 67 and 71 ms, lower quartiles 54.5 and 51.8). GELU on one
# thread, for 16384, 65536, 262144: 4.25, 3.18, 3.08 ns a number.
BLOCK = 262144


# Multiplications in a block of a product: 0.15 ms on one core, where waking a helper takes 0.02. A
# product is cut into an even number of blocks, two to eight.
PRODUCT = 1 << 22
MOST_PARTS = 8


def rows(n: int, width: int, elements: int = BLOCK, step: int = 1) -> int:
    """How many of n rows of `width` elements make a block of at most about `elements`.

    If there is more than one block, an even number of equal ones, so that two threads finish
    together. The result is a multiple of `step`.
    """
    most = max(1, elements // max(width, 1))
    count = -(-n // most)
    if count > 1:
        count += count % 2
        most = -(-n // count)
    return -(-most // step) * step


# -- the number of threads ------------------------------------------------------------------------


def _available() -> int:
    """Cores this process may use; OMP_NUM_THREADS overrides it, as for PyTorch."""
    asked = os.environ.get("OMP_NUM_THREADS", "").split(",")[0]
    if asked.isdigit() and int(asked) > 0:
        return int(asked)
    if hasattr(os, "sched_getaffinity"):  # Linux: respects taskset and containers' core sets
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


_threads = _available()


def get_num_threads() -> int:
    """How many threads a heavy operation uses (at start: the cores, or OMP_NUM_THREADS).

    >>> import minitorch as torch
    >>> torch.get_num_threads() >= 1
    True
    """
    return _threads


def set_num_threads(num: int) -> None:
    """Let heavy operations use `num` threads from now on.

    Raises: RuntimeError unless num is an int ≥ 1.

    >>> import minitorch as torch
    >>> before = torch.get_num_threads()
    >>> torch.set_num_threads(1); torch.get_num_threads()
    1
    >>> torch.set_num_threads(before)
    """
    global _threads
    if isinstance(num, bool) or not isinstance(num, int):
        raise RuntimeError(f"set_num_threads expects an int, but got {type(num).__name__}")
    if num < 1:
        raise RuntimeError(f"set_num_threads expects a positive integer, but got num={num}")
    _threads = num


# -- BLAS -----------------------------------------------------------------------------------------


def _one_blas_thread() -> bool:
    """Let NumPy's OpenBLAS use one thread from now on; False where NumPy has another BLAS.

    Its own threads, once woken, spin for some 30 ms in case more work comes, on the very core
    that the next block needs: a training step of the example then took 230 ms of CPU time
    instead of 120, and no less wall time. So products are shared between *our* threads (`matmul`).
    """
    for path in _blas_libraries():
        try:
            library = ctypes.PyDLL(path)
        except OSError:
            continue
        for prefix in ("scipy_openblas_", "openblas_"):  # NumPy's wheels rename the symbols
            for suffix in ("64_", ""):
                name = f"{prefix}set_num_threads{suffix}"
                if hasattr(library, name):
                    getattr(library, name)(1)
                    return True
    return False


def _blas_libraries() -> list[str]:
    """Files that may be the loaded OpenBLAS: beside NumPy (wheels), or mapped (Linux)."""
    home = os.path.dirname(np.__file__)
    places = (os.path.join(home, "..", "numpy.libs"), os.path.join(home, ".dylibs"))
    found = [f for p in places for f in glob.glob(os.path.join(p, "*openblas*"))]
    if not found:
        try:
            with open("/proc/self/maps") as maps:
                found = sorted({s.split()[-1] for s in maps if "openblas" in s})
        except OSError:
            pass
    return found


_one_blas_thread()


# -- the pool -------------------------------------------------------------------------------------


class _Here(threading.local):
    """What belongs to one thread: whether it is inside a block, and its buffers."""

    inside = False

    def __init__(self) -> None:
        self.buffers: dict[Any, np.ndarray] = {}


_here = _Here()


def scratch(name: str, shape: tuple[int, ...], dtype: Any) -> np.ndarray:
    """This thread's buffer `name`, with any content: use it inside one block only."""
    size = prod(shape)
    key = (name, dtype)
    buffer = _here.buffers.get(key)
    if buffer is None or buffer.size < size:
        buffer = _here.buffers[key] = np.empty(size, dtype)
    return buffer[:size].reshape(shape)


class _Job:
    """One call of `blocks`, shared by the thread that made it and the helpers that join."""

    def __init__(self, n: int, size: int, work: Any, first: Any) -> None:
        self.n, self.size, self.work, self.first = n, size, work, first
        self.start = 0  # of the next block
        self.order = threading.Lock()  # guards start, and keeps the calls of `first` in order
        self.state = threading.Lock()  # guards helpers and closed
        self.helpers = 0  # at work now
        self.closed = False  # the caller has run out of blocks: nobody may join any more
        self.finished = threading.Lock()  # released by the last helper of a closed job
        self.error: BaseException | None = None

    def run(self) -> None:
        """Take block after block until none is left or somebody failed."""
        _here.inside = True
        try:
            while self.error is None:
                with self.order:
                    start = self.start
                    if start >= self.n:
                        return
                    stop = self.start = min(start + self.size, self.n)
                    ready = self.first(start, stop) if self.first is not None else None
                if self.first is not None:
                    self.work(start, stop, ready)
                else:
                    self.work(start, stop)
        except BaseException as error:  # KeyboardInterrupt too: the caller raises it again
            self.error = self.error or error
        finally:
            _here.inside = False

    def help(self) -> None:
        """A helper's part."""
        with self.state:
            if self.closed:
                return
            self.helpers += 1
        self.run()
        with self.state:
            self.helpers -= 1
            if self.closed and self.helpers == 0:
                self.finished.release()

    def wait(self) -> None:
        """Let no more helpers in, and wait for those at work: they write to shared arrays."""
        self.finished.acquire()
        with self.state:
            self.closed = True
            busy = self.helpers > 0
        while busy:
            try:
                self.finished.acquire()
                busy = False
            except BaseException as error:  # Ctrl-C while waiting: helpers stop after their block
                self.error = self.error or error


class _Pool:
    """Helper threads that wait for jobs; made when first needed."""

    def __init__(self) -> None:
        self.jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self.size = 0
        self.lock = threading.Lock()

    def submit(self, job: _Job | None, helpers: int) -> None:
        """Offer a job to some helpers; None only wakes them."""
        with self.lock:
            while self.size < helpers:
                self.size += 1
                name = f"minitorch-{self.size}"
                serve = threading.Thread(target=self._serve, args=(self.jobs,), name=name)
                serve.daemon = True
                serve.start()
        for _ in range(helpers):
            self.jobs.put(job)

    @staticmethod
    def _serve(jobs: Any) -> None:
        with np.errstate(all="ignore"):  # inf and nan are results; warnings are a thread's own
            while True:
                while jobs.empty() and _idle_work():
                    pass
                job = jobs.get()
                if job is not None:
                    job.help()
                del job  # its arrays may be large: do not hold them while waiting


def _idle_work() -> bool:
    """What a helper does between jobs, a little at a time; False if there is nothing to do."""
    return False


def use_idle_time(work: Callable[[], bool]) -> None:
    """Let helpers call `work` between jobs, until it returns False; `wake` has them ask again."""
    global _idle_work
    _idle_work = work


def wake() -> None:
    """Have a helper look for work, if there is to be one at all."""
    if _threads > 1:
        _pool.submit(None, 1)


_pool = _Pool()


def blocks(
    n: int,
    size: int,
    work: Callable[..., None],
    first: Callable[[int, int], Any] | None = None,
) -> None:
    """Call ``work(start, stop)`` for the consecutive blocks of range(n), on all threads.

    Args:
        n      how many rows there are
        size   rows in a block (the last one may have fewer)
        work   writes its rows of some result; must not touch other blocks' rows
        first  optional: called as ``first(start, stop)`` one block at a time *in order* (random
               masks come from a serial stream), its result goes to ``work(start, stop, ready)``.
               While one thread draws for the next block, the others compute.

    An exception in a block stops the others at their next block and is raised here. A call
    from inside a block, or with one thread, runs the blocks one after the other.
    """
    helpers = min(_threads, -(-n // size)) - 1
    if helpers > 0 and not _here.inside:
        job = _Job(n, size, work, first)
        _pool.submit(job, helpers)
        job.run()
        job.wait()
        if job.error is not None:
            raise job.error
        return
    for start in range(0, n, size):
        stop = min(start + size, n)
        if first is not None:
            work(start, stop, first(start, stop))
        else:
            work(start, stop)


def matmul(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """The product a·b of matrices, or of two batches alike, on all threads where it is large.

    Cut along the rows of a, the columns of b or the batch, whichever is longest.
    """
    if a.ndim != b.ndim or a.ndim < 2 or a.dtype != b.dtype or a.dtype.kind != "f":
        return np.matmul(a, b)
    m, n = a.shape[-2], b.shape[-1]
    count = min(MOST_PARTS, a.size * n // PRODUCT // 2 * 2)
    if count < 2 or a.shape[:-2] != b.shape[:-2]:
        return np.matmul(a, b)
    out = np.empty((*a.shape[:-1], n), a.dtype)
    if a.ndim > 2:
        length = len(a)

        def work(start: int, stop: int) -> None:
            np.matmul(a[start:stop], b[start:stop], out[start:stop])
    elif m >= n:
        length = m

        def work(start: int, stop: int) -> None:
            np.matmul(a[start:stop], b, out[start:stop])
    else:
        length = n

        def work(start: int, stop: int) -> None:
            np.matmul(a, b[:, start:stop], out[:, start:stop])

    blocks(length, -(-length // count), work)
    return out


def _after_fork() -> None:
    """A forked child has none of its parent's helper threads, and locks may be held for ever."""
    global _pool
    _pool = _Pool()
    _here.inside = False


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
