"""Dropout masks drawn ahead of time, by another thread.

A mask is a run of the generator's stream cut at a threshold, so while one core computes a layer
the other may draw the masks of the layers to come. That these will have the same threshold, and
that nothing else is drawn in between, is a guess. It changes no number: before any other draw
`rewind` puts the engine back to where the stream stands by the order of the calls.

    chunk     CHUNK elements of equation (1) in discrete.py, with the engine's state before them
    streak    elements taken since the last draw of another kind; the next streak is expected to
              be as long as the last one, and no more than that is drawn ahead

The helper threads of parallel.py draw while they have nothing else to do. (A thread of its own
for it would be a third one on two cores.)
Measured on the example's default preset: the masks of a step take 15 ms of its 90 on one thread.
"""

from __future__ import annotations

import os
import threading
from collections import deque
from typing import Any

import numpy as np

from .. import parallel
from .generator import Generator, default_generator

CHUNK = 262144  # 1.1-1.6 ms. A step with chunks of 65536: 78 ms, 131072: 71, 262144: 71, 524288: 70
MOST = 1 << 22  # elements drawn ahead at most; one byte each


class Ahead:
    """The masks drawn ahead for one generator, whose lock the caller of take … rewind holds."""

    def __init__(self, generator: Generator) -> None:
        self.generator = generator
        self.engine = threading.Lock()  # held while somebody draws
        self.threshold: Any = None  # of the chunks
        self.chunk: Any = None  # (engine's state before it, mask) being taken from
        self.taken = 0  # elements of it
        self.ready: deque[Any] = deque()  # further chunks
        self.wanted = 0  # how many of these are to be ready
        self.drawing = False  # a helper will look at `wanted` once more
        self.streak = 0
        self.expected: int | None = None  # length of the last streak; None: no streak has ended

    def take(self, out: np.ndarray, threshold: np.ndarray) -> None:
        """Fill a bool array with the next elements of the stream: True below `threshold`."""
        if self.threshold is None or threshold != self.threshold:
            self.rewind()
            self.threshold = threshold
        self.generator._ahead = self
        self.streak += out.size
        done = 0
        while done < out.size:
            if self.chunk is None:
                if not self.ready:
                    with self.engine:  # a helper may just be finishing a chunk
                        if not self.ready:
                            self.generator._fresh = False
                            coins(self.generator._random_state, out[done:], threshold)
                            return
                self.chunk, self.taken = self.ready.popleft(), 0
            n = min(out.size - done, CHUNK - self.taken)
            out[done : done + n] = self.chunk[1][self.taken : self.taken + n]
            done += n
            self.taken += n
            if self.taken == CHUNK:
                self.chunk = None

    def order(self) -> None:
        """Have more masks drawn, if more of them are to be expected."""
        expected = 2 * self.streak if self.expected is None else self.expected
        self.wanted = min(expected - self.streak, MOST) // CHUNK
        if not self.drawing and len(self.ready) < self.wanted:
            self.drawing = True
            parallel.wake()

    def draw(self) -> bool:
        """A helper's idle time: one more chunk, if one is wanted."""
        if not self.engine.acquire(blocking=False):  # somebody draws: the next order wakes again
            self.drawing = False
            return False
        try:
            self.drawing = len(self.ready) < self.wanted
            if self.drawing:
                state, mask = self.generator._engine.state, np.empty(CHUNK, bool)
                coins(self.generator._random_state, mask, self.threshold)
                self.ready.append((state, mask))
            return self.drawing
        finally:
            self.engine.release()

    def rewind(self) -> None:
        """Forget what was drawn ahead: the engine stands where the stream does."""
        with self.engine:
            self.wanted = 0
            chunks = [*([self.chunk] if self.chunk is not None else []), *self.ready]
            if chunks:
                engine = self.generator._engine
                engine.state = chunks[0][0]
                if self.chunk is not None:
                    engine.random_raw(2 * self.taken, output=False)
            self.chunk = None
            self.ready.clear()
        self.generator._ahead = None
        if self.streak:
            self.expected, self.streak = self.streak, 0


def coins(random_state: Any, out: np.ndarray, threshold: np.ndarray) -> None:
    """out = (random64() mod 2⁵³) < threshold, in stream order."""
    for start in range(0, out.size, CHUNK):
        piece = out[start : start + CHUNK]
        k = random_state.randint(0, 2**53, piece.size, np.uint64)
        np.less(k.view(np.int64), threshold, piece)


default = Ahead(default_generator)
parallel.use_idle_time(default.draw)


def _before_fork() -> None:
    """A child has no helpers, so nothing may be under way; nobody draws until the fork is done."""
    default_generator._lock.acquire()
    default.rewind()
    default.engine.acquire()
    default.drawing = False


def _after_fork() -> None:
    default.engine.release()
    default_generator._lock.release()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=_before_fork, after_in_parent=_after_fork, after_in_child=_after_fork
    )
