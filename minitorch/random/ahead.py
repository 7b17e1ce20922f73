"""Dropout masks drawn ahead of time, by another thread.

A mask is a run of the generator's stream cut at a threshold, so while one core computes a layer
the other may draw the masks of the layers to come. That these will have the same threshold, and
that nothing else is drawn in between, is a guess. It changes no number: before any other draw
`rewind` puts the engine back to where the stream stands by the order of the calls.

    chunk     CHUNK elements of equation (1) in discrete.py, with the engine's state before them
    drawer    one helper thread, which fills a queue with chunks
    streak    elements taken since the last draw of another kind; the next streak is expected to
              be as long as the last one, and no more than that is drawn ahead

Measured on the example's default preset: the masks of a step take 15 ms of its 90 on one thread.
"""

from __future__ import annotations

import os
import queue
import threading
from typing import Any

import numpy as np

from .generator import Generator, default_generator

CHUNK = 131072
PIECE = 32768  # words are compared while they are in cache
MOST = 1 << 22  # elements drawn ahead at most; one byte each


class Ahead:
    """The masks drawn ahead for one generator, whose lock the caller holds in every method."""

    def __init__(self, generator: Generator) -> None:
        self.generator = generator
        self.threshold: Any = None  # of the chunks
        self.chunk: Any = None  # (engine's state before it, mask) being taken from
        self.taken = 0  # elements of it
        self.arrived: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self.received = 0  # chunks, since the start
        self.begun = 0  # by the drawer; all of them will arrive
        self.target = 0  # how many it is to begin
        self.guard = threading.Lock()  # of begun, target and running
        self.running = False  # the drawer will look at the target once more
        self.orders: queue.SimpleQueue[None] = queue.SimpleQueue()
        self.thread: threading.Thread | None = None
        self.streak = 0
        self.expected: int | None = None  # length of the last streak; None: no streak has ended

    # ---- the thread that needs masks -------------------------------------------------------------

    def take(self, out: np.ndarray, threshold: np.ndarray) -> None:
        """Fill a bool array with the next elements of the stream: True below `threshold`."""
        if self.threshold is None or threshold != self.threshold:
            self.rewind()
            self.threshold = threshold
        self.generator._ahead = self
        done = 0
        while done < out.size:
            if self.chunk is None and not self.receive():
                coins(self.generator._random_state, out[done:], threshold)
                self.generator._fresh = False
                break
            n = min(out.size - done, CHUNK - self.taken)
            out[done : done + n] = self.chunk[1][self.taken : self.taken + n]
            done += n
            self.taken += n
            if self.taken == CHUNK:
                self.chunk = None
        self.streak += out.size

    def receive(self) -> bool:
        """Wait for the next chunk; False if none was ordered."""
        if self.received == self.target:
            return False
        self.chunk, self.taken = self.arrived.get(), 0
        self.received += 1
        return True

    def order(self) -> None:
        """Have more masks drawn, if more of them are to be expected."""
        expected = 2 * self.streak if self.expected is None else self.expected
        ready = (self.target - self.received) * CHUNK
        more = (min(expected - self.streak, MOST) - ready) // CHUNK
        if more <= 0:
            return
        with self.guard:
            self.target += more
            start, self.running = not self.running, True
        if self.thread is None:
            self.thread = threading.Thread(target=self.draw, name="minitorch-masks", daemon=True)
            self.thread.start()
        if start:
            self.orders.put(None)

    def rewind(self) -> None:
        """Forget what was drawn ahead: the engine stands where the stream does."""
        with self.guard:
            self.target = self.begun
        first, taken = self.chunk, self.taken
        while self.receive():
            if first is None:
                first, taken = self.chunk, 0
        if first is not None:
            engine = self.generator._engine
            engine.state = first[0]
            engine.random_raw(2 * taken, output=False)
        self.chunk = None
        self.generator._ahead = None
        if self.streak:
            self.expected, self.streak = self.streak, 0

    # ---- the drawer ------------------------------------------------------------------------------

    def begin(self) -> bool:
        """Whether another chunk is wanted."""
        with self.guard:
            self.running = self.begun < self.target
            self.begun += self.running
            return self.running

    def draw(self) -> None:
        """Chunk after chunk, as long as they are wanted."""
        while True:
            self.orders.get()
            while self.begin():
                state, mask = self.generator._engine.state, np.empty(CHUNK, bool)
                coins(self.generator._random_state, mask, self.threshold)
                self.arrived.put((state, mask))


def coins(random_state: Any, out: np.ndarray, threshold: np.ndarray) -> None:
    """out = (random64() mod 2⁵³) < threshold, in stream order."""
    for start in range(0, out.size, PIECE):
        piece = out[start : start + PIECE]
        k = random_state.randint(0, 2**53, piece.size, np.uint64)
        np.less(k.view(np.int64), threshold, piece)


default = Ahead(default_generator)


def _before_fork() -> None:
    """A child has no drawer, so nothing may be under way; nobody draws until the fork is done."""
    default_generator._lock.acquire()
    default.rewind()


def _after_fork_in_child() -> None:
    default.__init__(default_generator)  # type: ignore[misc]
    default_generator._lock.release()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=_before_fork,
        after_in_parent=default_generator._lock.release,
        after_in_child=_after_fork_in_child,
    )
