"""Many threads, many bars, the lock and the monitor."""
from __future__ import annotations

import threading

import pytest

from minitorch.progress import TMonitor, TqdmDefaultWriteLock, tqdm


def test_lock_args_skips_a_drawing_when_the_lock_is_taken(out):
    class Lock:
        free = True
        calls: list = []

        def acquire(self, *args):
            self.calls.append(args)
            return self.free

        def release(self):
            pass
        __enter__, __exit__ = acquire, lambda self, *exc: None

    old, lock = tqdm.get_lock(), Lock()
    try:
        tqdm.set_lock(lock)
        assert tqdm.get_lock() is lock
        bar = tqdm(total=2, file=out, lock_args=(False,))
        assert out() and (False,) in lock.calls
        lock.free = False
        assert bar.refresh(lock_args=(False,)) is False
        assert out() == ''
        lock.free = True
        bar.close()
    finally:
        tqdm.set_lock(old)


@pytest.mark.parametrize('make, first', [
    (threading.RLock, '\r  0%|          | 0/2 [00:00<?, ?it/s]'), (TqdmDefaultWriteLock, '')])
def test_locks_are_released(out, make, first):
    """The default lock's acquire answers None, which `lock_args` reads as no: nothing drawn."""
    old = tqdm.get_lock()
    try:
        tqdm.set_lock(make())
        bar = tqdm(total=2, file=out, lock_args=(False,))
        assert out() == first
        thread = threading.Thread(target=bar.refresh)
        thread.start()
        thread.join(5)
        assert not thread.is_alive()
        assert out() == '\r  0%|          | 0/2 [00:00<?, ?it/s]'
        bar.close()
    finally:
        tqdm.set_lock(old)


def test_many_threads_one_bar(out):
    bar = tqdm(total=8000, file=out, mininterval=0, miniters=1)
    threads = [threading.Thread(target=lambda: [bar.update() for _ in range(500)])
               for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert bar.n == 4000
    bar.close()
    frames = out().split('\r')
    assert all(frame.rstrip().endswith(']') for frame in frames[1:])       # none torn


def test_many_bars_in_threads(out):
    def work() -> None:
        for _ in tqdm(range(50), file=out, mininterval=0, leave=False):
            pass
    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not tqdm._instances


def test_monitor_wakes_a_bar_that_learnt_too_large_a_miniters(clock, out, monkeypatch):
    class Turn:
        """An Event whose wait lets the test go on, then comes back when told to."""
        def __init__(self):
            self.waiting, self.go, self.killed = threading.Event(), threading.Event(), False

        def wait(self, seconds):
            self.waiting.set()
            self.go.wait(5)
            self.go.clear()
            return self.killed

        def set(self):
            self.killed = True
            self.go.set()

        def is_set(self):
            return self.killed

    monkeypatch.setattr(TMonitor, '_test', {'time': clock, 'Event': Turn})
    monkeypatch.setattr(tqdm, 'monitor', None)
    monkeypatch.setattr(tqdm, 'monitor_interval', 10)
    bar = tqdm(total=10**6, file=out, maxinterval=10)
    monitor = tqdm.monitor
    assert monitor is not None and monitor.report() and monitor.daemon
    assert monitor.was_killed.waiting.wait(5)
    bar.miniters = 1000
    for seconds, miniters in ((5, 1000), (6, 1)):       # 5 s without a drawing, then 11 s
        clock.now += seconds
        monitor.was_killed.waiting.clear()
        monitor.was_killed.go.set()
        assert monitor.was_killed.waiting.wait(5)
        assert bar.miniters == miniters
    assert out().endswith('[00:11<?, ?it/s]')
    bar.close()
    monitor.exit()
    assert not monitor.report() and not monitor.is_alive()
