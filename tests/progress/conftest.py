"""A clock that tests turn, a stream that hands over what was written, and the two modules."""
from __future__ import annotations

import gc

import pytest

from minitorch import progress
from minitorch.progress import tqdm
from tests.progress.scenarios import Clock, Stream


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """A clock that stands still, no monitor thread, no bars left over."""
    gc.collect()
    assert not tqdm._instances
    clock = Clock(0)
    monkeypatch.setattr(progress, 'time', clock)
    monkeypatch.setattr(tqdm, 'monitor_interval', 0)
    yield clock
    for bar in list(tqdm._instances):
        bar.close()


@pytest.fixture
def out():
    """A stream; out() returns what was written since the last time."""
    class Taken(Stream):
        def __call__(self) -> str:
            text = self.getvalue()
            self.seek(0)
            self.truncate()
            return text
    return Taken('utf-8')
