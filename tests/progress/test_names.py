"""Names, threads, processes and helpers: what else a program may ask of tqdm's module.

The checks with `m` run on ours and, where it is installed, on tqdm itself.
"""
from __future__ import annotations

import asyncio
import importlib
import io
import logging
import multiprocessing
import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from minitorch import progress

ROOT = Path(__file__).parents[2]


# ---- threads and processes ----
def test_monitor_by_itself(m):
    cls = type('Bars', (), {'_instances': set(), 'get_lock': m.tqdm.get_lock})
    monitor = m.TMonitor(cls, 10)
    assert monitor.report() and monitor.daemon and monitor.is_alive()
    monitor.exit()
    assert not monitor.report() and not monitor.is_alive()


def test_one_monitor_for_all_bars_which_starts_again(m, monkeypatch):
    monkeypatch.setattr(m.tqdm, 'monitor', None)
    monkeypatch.setattr(m.tqdm, 'monitor_interval', 10)
    out = io.StringIO()
    with m.tqdm(total=1, file=out) as a, m.tqdm(total=1, file=out) as b:
        first = m.tqdm.monitor
        assert a.monitor is b.monitor is first and first.report()
        first.exit()
    with m.tqdm(total=1, file=out) as bar:
        assert bar.monitor is not first and bar.monitor.report()
    m.tqdm.monitor.exit()


def test_no_thread_to_be_had(m, monkeypatch):
    def full(self):
        raise RuntimeError('full')
    monkeypatch.setattr(m.tqdm, 'monitor', None)
    monkeypatch.setattr(m.tqdm, 'monitor_interval', 10)
    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, 'start', full)
        with pytest.warns(m.TqdmMonitorWarning, match=r'disabling monitor support \(monitor_interval = 0\)'):
            m.tqdm(total=1, file=io.StringIO()).close()
    assert m.tqdm.monitor_interval == 0


def test_pool_of_threads(m):
    out = io.StringIO()

    def work(i):
        return sum(m.tqdm([i, i], file=out, leave=False))
    with ThreadPoolExecutor(4) as pool:
        assert list(m.tqdm(pool.map(work, range(20)), total=20, file=out)) == [2 * i for i in range(20)]


@pytest.mark.skipif('fork' not in multiprocessing.get_all_start_methods(), reason='needs fork')
def test_forked_process_uses_the_lock_of_its_parent(m):
    code = f'''
import io, os
{import_of(m.module)}
def bar(): return tqdm(range(4), file=io.StringIO())
tqdm.monitor_interval = 0
with bar():
    pid = os.fork()
    if not pid:
        tqdm.set_lock(tqdm.get_lock())
        os._exit(7 if sum(bar()) == 6 else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 7
'''
    subprocess.run([sys.executable, '-c', code], check=True, cwd=ROOT, timeout=60)


def import_of(module):
    """Statements that import the bar alone: all of minitorch takes longer than these tests."""
    if not module.__name__.startswith('minitorch'):
        return f'from {module.__name__} import tqdm'
    return ('import sys, types; stub = types.ModuleType("minitorch"); stub.__path__ = ["minitorch"]; '
            'sys.modules["minitorch"] = stub; from minitorch.progress import tqdm')


def test_import_makes_no_lock_and_no_thread(m):
    code = f'''
import io, multiprocessing, threading
made = []
real = multiprocessing.RLock
multiprocessing.RLock = lambda: made.append(1) or real()
{import_of(m.module)}
assert not made and threading.active_count() == 1
for _ in range(2):
    tqdm(file=io.StringIO()).close()
assert len(made) == 1 and threading.active_count() == 2, made
'''
    env = {**os.environ, 'PYTHONPATH': str(ROOT)}
    subprocess.run([sys.executable, '-c', code], check=True, cwd=ROOT, env=env, timeout=60)


# ---- names ----
def test_names_and_their_bases():
    std = pytest.importorskip('tqdm.std', reason='needs tqdm: live comparison')
    package = sys.modules['tqdm']
    # Of the package: all but its command line, windows, widgets and pandas' hooks.
    assert set(package.__all__) - set(progress.__all__) == {
        'main', 'tqdm_gui', 'tgrange', 'tqdm_notebook', 'tnrange', 'tqdm_pandas', '__version__'}
    assert set(progress.__all__) < set(package.__all__)
    for name in progress.__all__:
        ours, theirs = (getattr(module, name) for module in (progress, package))
        if isinstance(ours, type) and issubclass(ours, Exception):
            assert [cls.__name__ for cls in ours.__mro__] == [cls.__name__ for cls in theirs.__mro__]
    for name in ('Bar', 'EMA', 'TqdmDefaultWriteLock', 'CallbackIOWrapper'):
        assert hasattr(progress, name) and hasattr(std, name)
    # Of the class: all but pandas' hooks.
    public = {name for name in dir(std.tqdm) if name[0] != '_'}
    assert public - set(dir(progress.tqdm)) == {'pandas'}
    with (std.tqdm(total=1, file=io.StringIO()) as theirs,
          progress.tqdm(total=1, file=io.StringIO()) as ours):
        assert {name for name in vars(theirs) if name[0] != '_'} <= set(vars(ours))
    monitors = [{name for name in dir(module.TMonitor) if name[0] != '_'} for module in (std, progress)]
    assert monitors[0] <= monitors[1]


def test_helpers_that_take_a_class(m):
    """tqdm.contrib with `tqdm_class=`."""
    contrib = pytest.importorskip('tqdm.contrib', reason='needs tqdm: live comparison')
    from tqdm.contrib.concurrent import thread_map
    from tqdm.contrib.itertools import product
    from tqdm.contrib.logging import logging_redirect_tqdm
    out = io.StringIO()
    options = {'tqdm_class': m.tqdm, 'file': out}
    assert list(contrib.tenumerate('ab', **options)) == [(0, 'a'), (1, 'b')]
    assert list(contrib.tzip('ab', 'xy', **options)) == [('a', 'x'), ('b', 'y')]
    assert list(contrib.tmap(abs, [-1, 2], **options)) == [1, 2]
    assert len(list(product('ab', 'cd', **options))) == 4
    assert thread_map(abs, [-1, 2], max_workers=2, **options) == [1, 2]
    assert out.getvalue().count('100%') >= 5
    log, handler = logging.getLogger('tests.progress'), logging.StreamHandler(out)
    log.addHandler(handler)
    try:
        with logging_redirect_tqdm([log], m.tqdm):
            log.warning('a line')
    finally:
        log.removeHandler(handler)


def test_asyncio_bar_on_top_of_ours(monkeypatch):
    """tqdm's own subclass, with our module in the place of tqdm.std."""
    pytest.importorskip('tqdm', reason='needs tqdm: live comparison')

    def forget() -> None:
        for name in [name for name in sys.modules if name.partition('.')[0] == 'tqdm']:
            monkeypatch.delitem(sys.modules, name)
    forget()
    monkeypatch.setitem(sys.modules, 'tqdm.std', progress)
    monkeypatch.setattr(progress.tqdm, 'monitor_interval', 0)
    cls = importlib.import_module('tqdm.asyncio').tqdm
    forget()
    assert issubclass(cls, progress.tqdm)
    out = io.StringIO()

    async def numbers():
        for i in range(3):
            yield i

    async def main():
        seen = [i async for i in cls(numbers(), total=3, file=out)]
        return seen, await cls.gather(*[asyncio.sleep(0, i) for i in range(3)], file=out)
    assert asyncio.run(main()) == ([0, 1, 2], [0, 1, 2])
    assert out.getvalue().count('3/3 [') == 2
