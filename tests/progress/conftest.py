"""A clock that tests turn, a stream that hands over what was written, and the two modules."""
from __future__ import annotations

import gc
import sys
import types

import pytest

from minitorch import progress
from minitorch.progress import tqdm
from tests.progress.scenarios import Clock, Stream, let_go


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


@pytest.fixture(params=['minitorch.progress', 'tqdm.std'])
def m(request, monkeypatch):
    """Ours, then tqdm's module: on a clock that stands still (m.clock), without a monitor."""
    module = pytest.importorskip(request.param, reason='needs tqdm: live comparison')
    gc.collect()
    assert not module.tqdm._instances
    clock = Clock(0)
    monkeypatch.setattr(module, 'time', clock)
    monkeypatch.setattr(module.tqdm, 'monitor_interval', 0)
    names = {name: getattr(module, name) for name in dir(module) if name[:2] != '__'}
    yield types.SimpleNamespace(**names, clock=clock, module=module)
    let_go(module.tqdm.get_lock())
    gc.collect()
    left = list(module.tqdm._instances)
    for bar in left:
        bar.disable = True
    module.tqdm._instances.clear()
    assert not left


@pytest.fixture(scope='session')
def oracle():
    """tqdm itself, of the version that wrote the goldens."""
    std = pytest.importorskip('tqdm.std', reason='needs tqdm: live comparison')
    version = sys.modules['tqdm'].__version__
    if not version.startswith('4.70'):
        pytest.skip(f'needs tqdm 4.70, this is {version}')
    return std
