"""The bar as an object: what reaches the stream, byte for byte, on a clock that tests turn."""
from __future__ import annotations

import errno
import gc
import io
import itertools
import sys
import threading

import pytest

from minitorch import progress
from minitorch.progress import (
    TMonitor,
    TqdmDefaultWriteLock,
    TqdmDeprecationWarning,
    TqdmKeyError,
    tqdm,
    trange,
)
from tests.progress.scenarios import Clock, Stream

UP = '\x1b[A'


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


def drive(clock, out, n=4, step=0.5, **kwargs) -> str:
    """A loop of n iterations of `step` seconds."""
    for _ in tqdm(range(n), file=out, **kwargs):
        clock.now += step
    return out()


# ---- one test on bytes for each parameter ----
FIRST = {'desc': ('a', '\ra:   0%|          | 0/4 [00:00<?, ?it/s]'),
         'total': (8, '\r  0%|          | 0/8 [00:00<?, ?it/s]'),
         'ncols': (36, '\r  0%|         | 0/4 [00:00<?, ?it/s]'[:37]),
         'ascii': ('.o', '\r  0%|..........| 0/4 [00:00<?, ?it/s]'), 'disable': (True, ''),
         'unit': ('img', '\r  0%|          | 0/4 [00:00<?, ?img/s]'),
         'unit_scale': (True, '\r  0%|          | 0.00/4.00 [00:00<?, ?it/s]'),
         'bar_format': ('{n}/{total}', '\r0/4'),
         'initial': (2, '\r 50%|█████     | 2/4 [00:00<?, ?it/s]'),
         'position': (2, '\n\n\r  0%|          | 0/4 [00:00<?, ?it/s]' + UP * 2),
         'postfix': ({'b': 0.12345, 'a': 'x'},
                     '\r  0%|          | 0/4 [00:00<?, ?it/s, a=x, b=0.123]'),
         'nrows': (1, '\r ... (more hidden) ...'), 'delay': (1, ''), 'gui': (True, ''),
         'colour': ('green', '\r  0%|\x1b[32m          \x1b[0m| 0/4 [00:00<?, ?it/s]')}


@pytest.mark.parametrize('name', FIRST)
def test_parameter_on_the_first_drawing(name, out):
    value, text = FIRST[name]
    bar = tqdm(range(4), file=out, **{name: value})
    assert out() == text
    bar.close()


def test_loop(clock, out):
    assert drive(clock, out) == (
        '\r  0%|          | 0/4 [00:00<?, ?it/s]'
        '\r 25%|██▌       | 1/4 [00:00<00:01,  2.00it/s]'
        '\r 50%|█████     | 2/4 [00:01<00:01,  2.00it/s]'
        '\r 75%|███████▌  | 3/4 [00:01<00:00,  2.00it/s]'
        '\r100%|██████████| 4/4 [00:02<00:00,  2.00it/s]'
        '\r100%|██████████| 4/4 [00:02<00:00,  2.00it/s]\n')


@pytest.mark.parametrize('kwargs, drawn', [
    ({}, 3), ({'mininterval': 0.9}, 1), ({'mininterval': 2}, 0), ({'miniters': 2}, 1),
    ({'miniters': 9}, 0), ({'delay': 1.2}, 1), ({'mininterval': 0, 'miniters': 0}, 3)])
def test_mininterval_miniters_delay_choose_the_drawings(clock, out, kwargs, drawn):
    frames = drive(clock, out, n=3, **kwargs).split('\r')
    shown = [frame for frame in frames if '0/3' not in frame and frame][:-1]    # less the last line
    assert len(shown) == drawn


def test_maxinterval_corrects_a_learnt_miniters(clock, out):
    results = {}
    for maxinterval in (0, 5):
        bar = tqdm(total=100, file=out, maxinterval=maxinterval, smoothing=0, mininterval=0.5)
        for n, dt in ((50, 1), (60, 10)):
            clock.now += dt
            bar.update(n)
        results[maxinterval] = bar.miniters
        bar.close()
    assert results == {0: 60, 5: pytest.approx(60 * 0.5 / 10)}


def test_smoothing_weighs_the_latest_speed(clock, out):
    rates = {}
    for smoothing in (0, 0.3, 1):
        with tqdm(total=100, file=out, smoothing=smoothing) as bar:
            for n, dt in ((10, 1), (10, 4)):
                clock.now += dt
                bar.update(n)
            rates[smoothing] = out().split(', ')[-1]
    # 0.3: dn = 10 and dt = (0.3·4 + 0.7·0.3·1) / (1 − 0.7²) = 2.7647
    assert rates == {0: ' 4.00it/s]', 0.3: ' 3.62it/s]', 1: ' 2.50it/s]'}


def test_last_line_has_the_overall_mean(clock, out):
    bar = tqdm(total=20, file=out)
    for n, dt in ((10, 1), (10, 4)):
        clock.now += dt
        bar.update(n)
    assert out().endswith(' 3.62it/s]')
    bar.close()
    assert out() == '\r100%|██████████| 20/20 [00:05<00:00,  4.00it/s]\n'


@pytest.mark.parametrize('leave, position, end', [
    (True, None, '\r2it [00:00, ?it/s]\n'), (False, None, '\r                  \r'),
    (None, None, '\r2it [00:00, ?it/s]\n'), (True, 1, '\r2it [00:00, ?it/s]\n'),
    (False, 1, '\n\r                  ' + UP), (None, 1, '\n\r                  ' + UP)])
def test_leave(out, leave, position, end):
    bar = tqdm(initial=2, file=out, leave=leave, position=position)
    out()
    bar.close()
    assert out() == end


def test_unit_divisor(out):
    tqdm(initial=2048, file=out, unit='B', unit_scale=True, unit_divisor=1024).close()
    assert out().startswith('\r2.00kB [')


def test_write_bytes_and_encoding():
    raw = io.BytesIO()
    tqdm(total=2, desc='训', file=raw, write_bytes=True, ncols=40).close()
    assert raw.getvalue().startswith('\r训:   0%|         | 0/2 ['.encode())


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


def test_disable_none_looks_at_the_terminal():
    for tty in (True, False):
        stream = Stream('utf-8', tty)
        tqdm(total=2, file=stream, disable=None).close()
        assert bool(stream.getvalue()) is tty


def test_gui_raises_at_the_first_drawing(out):
    bar = tqdm(total=2, file=out, gui=True, mininterval=0)
    with pytest.raises(TqdmDeprecationWarning, match='gui'):
        bar.update()
    assert out() == ('\nTqdmDeprecationWarning: Please use `tqdm.gui.tqdm(...)` instead of '
                     '`tqdm(..., gui=True)`\n')
    bar.clear()
    bar.close()
    assert out() == ''


# ---- what reimplementations miss ----
def test_unknown_keyword_leaves_no_bar(out):
    with pytest.raises(TqdmKeyError, match='Unknown argument.*colr') as caught:
        tqdm(total=2, file=out, colr='red')
    assert isinstance(caught.value, KeyError)
    with pytest.raises(TqdmDeprecationWarning, match='nested'):
        tqdm(total=2, file=out, nested=True)
    with pytest.raises(KeyError, match='oops'):
        tqdm(total=2, file=out, bar_format='{oops}')
    assert not tqdm._instances
    assert tqdm(total=2, file=out, colr='red', disable=True).total == 2


def test_plain_stringio_gets_ascii(clock):
    stream = io.StringIO()
    bar = tqdm(total=4, file=stream)
    bar.update(2)
    bar.close()
    assert stream.getvalue().endswith('\r 50%|#####     | 2/4 [00:00<?, ?it/s]\n')


@pytest.mark.parametrize('encoding, ascii', [
    ('utf-8', False), ('U8', False), ('cp65001', False), ('latin-1', True), (None, True)])
def test_encoding_decides_ascii(encoding, ascii):
    bar = tqdm(file=Stream(encoding))
    assert bar.ascii is ascii
    bar.close()


def test_update_returns_true_or_none_and_takes_any_number(clock, out):
    bar = tqdm(total=10, file=out)
    assert bar.update() is None
    clock.now += 1
    assert bar.update(2.5) is True
    assert (bar.n, bar.last_print_n) == (3.5, 3.5)
    assert bar.update(-2) is None
    assert (bar.n, bar.last_print_n) == (1.5, 1.5)
    bar.close()
    assert bar.update() is None


def test_delayed_bar_that_was_never_shown_writes_nothing(clock, out):
    assert drive(clock, out, n=3, step=0.1, delay=1) == ''


def test_n_is_stale_while_iterating_and_break_closes(clock, out):
    bar = tqdm(range(9), file=out, miniters=5)
    seen = []
    for i in bar:
        seen.append(bar.n)
        if i == 3:
            break
    assert seen == [0, 0, 0, 0]
    assert bar.n == 3
    assert out().endswith('| 3/9 [00:00<?, ?it/s]\n')


def test_exception_in_the_loop_leaves_a_finished_line(out):
    with pytest.raises(ZeroDivisionError):
        for i in tqdm(range(3), file=out):
            1 // (i - 1)
    gc.collect()
    assert out().endswith('| 1/3 [00:00<?, ?it/s]\n')
    assert not tqdm._instances


def test_unreferenced_bar_closes_itself(out):
    bar = tqdm(total=3, file=out)
    del bar
    gc.collect()
    assert out().endswith('\n')


def test_positions_fill_gaps_and_fixed_ones_stay(out):
    a, b, c = (tqdm(file=out) for _ in range(3))
    d = tqdm(file=out, position=7)
    assert [x.pos for x in (a, b, c, d)] == [0, 1, 2, -7]
    b.close()
    e = tqdm(file=out)
    assert [x.pos for x in (a, c, d, e)] == [0, 2, -7, 1]
    for bar in (a, c, d, e):
        bar.close()


def test_rows_below_the_screen_are_hidden_until_there_is_room(out):
    bars = [tqdm(total=1, file=out, nrows=3, desc=str(i)) for i in range(4)]
    assert out() == ('\r0:   0%|          | 0/1 [00:00<?, ?it/s]'
                     f'\n\r1:   0%|          | 0/1 [00:00<?, ?it/s]{UP}'
                     f'\n\n\r ... (more hidden) ...{UP}{UP}')
    bars[0].close()
    assert out() == (f'\n\n\r                      \r{UP}{UP}'
                     '\r0:   0%|          | 0/1 [00:00<?, ?it/s]\n')
    assert [bar.pos for bar in bars] == [0, 1, 0, 3]
    for bar in bars[1:]:
        bar.close()


def test_write_clears_the_bars_of_the_same_file_only(out):
    bar = tqdm(total=2, file=out)
    out()
    tqdm.write('hi', file=out, end='!')
    assert out() == '\r' + ' ' * 37 + '\rhi!\r  0%|          | 0/2 [00:00<?, ?it/s]'
    other = io.StringIO()
    tqdm.write('hi', file=other)
    assert (out(), other.getvalue()) == ('', 'hi\n')
    with pytest.raises(ZeroDivisionError), tqdm.external_write_mode(out):
        raise ZeroDivisionError
    assert out() == '\r' + ' ' * 37 + '\r\r  0%|          | 0/2 [00:00<?, ?it/s]'
    bar.close()


def test_stdout_and_stderr_are_one_console(monkeypatch):
    err, std = Stream('utf-8'), Stream('utf-8')
    monkeypatch.setattr(sys, 'stderr', err)
    monkeypatch.setattr(sys, 'stdout', std)
    bar = tqdm(total=2)
    tqdm.write('hi')
    assert std.getvalue() == 'hi\n'
    assert err.getvalue().count('0/2') == 2
    bar.close()


def test_disabled_bars_still_answer(out):
    bar = tqdm(range(5), file=out, disable=True)
    assert str(bar) == '  0%|          | 0/5 [00:00<?, ?it/s]'
    assert [i for i in bar] == [0, 1, 2, 3, 4]
    for call in (bar.update, bar.refresh, bar.clear, bar.reset, bar.unpause, bar.close):
        assert call() is None
    bar.set_postfix(a=1)
    assert (len(bar), bool(bar), 3 in bar, out()) == (5, True, True, '')


def test_disabled_loop_is_the_iterable_itself():
    assert type(iter(tqdm([1, 2], disable=True))) is type(iter([1, 2]))


def test_environment_disable_zero_still_disables(monkeypatch):
    def init(self, disable=False, ncols=None, desc=None, unit_divisor=1000):
        pass
    for name, text in {'DISABLE': '0', 'NCOLS': '40', 'DESC': '5', 'UNIT_DIVISOR': '1024'}.items():
        monkeypatch.setenv('TQDM_' + name, text)
    progress._read_environment(init)
    assert init.__defaults__ == (True, 40, '5', 1024)
    monkeypatch.setenv('TQDM_NCOLS', 'wide')
    with pytest.raises(ValueError, match='TQDM_NCOLS'):
        progress._read_environment(init)


class Breaking(Stream):
    error: Exception | None = None

    def write(self, text):
        if self.error:
            raise self.error
        return super().write(text)


@pytest.mark.parametrize('error', [
    OSError(errno.EIO, 'gone'), BrokenPipeError(errno.EPIPE, 'gone'),
    ValueError('I/O operation on closed file.')])
def test_a_reader_that_is_gone_ends_the_bar_not_the_work(clock, error):
    stream = Breaking('utf-8')
    done = []
    for i in tqdm(range(5), file=stream, miniters=1):
        stream.error = error
        clock.now += 1
        done.append(i)
    assert done == [0, 1, 2, 3, 4]


def test_other_write_errors_are_not_silent(clock):
    stream = Breaking('utf-8')
    bar = tqdm(total=5, file=stream)
    stream.error = OSError(errno.ENOSPC, 'full')
    clock.now += 1
    with pytest.raises(OSError, match='full'):
        bar.update()
    stream.error = None
    thread = threading.Thread(target=bar.close)         # needs the lock, which is free again
    thread.start()
    thread.join(5)
    assert not thread.is_alive()


def test_closed_file():
    stream = Stream('utf-8')
    bar = tqdm(total=5, file=stream)
    stream.close()
    bar.update(5)
    bar.close()
    assert bar.n == 5


def test_stderr_that_was_closed_before_the_bar(monkeypatch):
    stream = Stream('utf-8')
    stream.close()
    monkeypatch.setattr(sys, 'stderr', stream)
    assert list(tqdm(range(3))) == [0, 1, 2]


def test_bool_and_len(out):
    with pytest.raises(TypeError, match='bool'):
        bool(tqdm(disable=True))
    with pytest.raises(TypeError):
        len(tqdm(disable=True))
    assert bool(tqdm(total=1, disable=True)) and not bool(tqdm([], disable=True))
    assert bool(tqdm(iter([]), disable=True))
    assert tqdm((i for i in 'ab'), disable=True).total is None
    assert tqdm(range(5), total=0, disable=True).total == 0
    assert tqdm(range(5), total=float('inf'), disable=True).total is None
    assert len(tqdm(iter([1, 2]), disable=True)) == 2
    assert len(tqdm(iter([]), disable=True)) == 0

    class Matrix:
        shape = (3, 7)
    assert len(tqdm(Matrix(), disable=True)) == 3


def test_object_whose_constructor_never_ran_is_collected_quietly(monkeypatch):
    failures = []
    monkeypatch.setattr(sys, 'unraisablehook', failures.append)
    tqdm.__new__(tqdm)
    gc.collect()
    assert not failures


def test_set_postfix_sorts_keywords_only(out):
    bar = tqdm(file=out)
    out()
    bar.set_postfix({'z': 1, 'b': ' s '}, y=0.5, a=1e-5, c=None)
    assert out() == '\r0it [00:00, ?it/s, z=1, b=s, a=1e-5, c=None, y=0.5]'
    bar.set_postfix_str('end', refresh=False)
    assert (out(), bar.postfix) == ('', 'end')
    bar.close()


def test_set_description(out):
    bar = tqdm(total=2, file=out)
    out()
    bar.set_description('训练')
    bar.set_description_str('训练')
    bar.set_description()
    line = '  0%|          | 0/2 [00:00<?, ?it/s]'
    assert out() == f'\r训练: {line}' * 2 + f'\r{line}      '       # six columns are wiped
    bar.close()


def test_reset_refresh_clear_unpause(clock, out):
    bar = tqdm(total=2, file=out)
    clock.now += 4
    bar.update()
    out()
    bar.clear()
    assert out() == '\r' + ' ' * 45 + '\r'
    clock.now += 100
    bar.unpause()
    assert bar.refresh() is True
    assert out() == '\r 50%|█████     | 1/2 [00:04<00:04,  4.00s/it]'
    bar.reset(total=5)
    assert out() == '\r  0%|          | 0/5 [00:00<?, ?it/s]        '
    bar.close()


def test_display_and_moveto(out):
    bar = tqdm(total=2, file=out, position=1)
    out()
    assert bar.display('text') is True
    assert out() == '\n\rtext' + ' ' * 33 + UP
    assert bar.display('', pos=0) is True
    assert bar.display('below', pos=20) is False
    out()
    bar.moveto(2)
    bar.moveto(-2)
    assert out() == '\n\n' + UP * 2
    bar.close()


def test_status_printer_wipes_what_was_longer(out):
    show = tqdm.status_printer(out)
    for text in ('训练中', 'ab', ''):
        show(text)
    assert out() == '\r训练中\rab    \r  '


def test_format_dict_is_what_the_line_is_made_of(out):
    bar = tqdm(total=2, file=out, desc='d', unit='u')
    assert str(bar) == tqdm.format_meter(**bar.format_dict)
    assert {k: bar.format_dict[k] for k in ('n', 'total', 'prefix', 'unit', 'rate', 'elapsed')} == {
        'n': 0, 'total': 2, 'prefix': 'd', 'unit': 'u', 'rate': None, 'elapsed': 0}
    bar.close()


def test_trange_reversed_contains_order(out):
    assert list(trange(3, file=out)) == [0, 1, 2]
    assert list(reversed(tqdm([1, 2, 3], file=out))) == [3, 2, 1]
    assert 2 in tqdm(iter([1, 2, 3]), file=out)
    gc.collect()
    a, b = tqdm(file=out, position=1), tqdm(file=out, position=2)
    assert a < b and b >= a and a != b and not a < a and len({a, b}) == 2
    a.close()
    b.close()


def test_wrapattr(out):
    data = io.BytesIO(b'abcdef')
    with tqdm.wrapattr(data, 'read', total=6, file=out, mininterval=0) as f:
        assert (f.read(4), f.tell()) == (b'abcd', 4)
    assert '| 4.00/6.00 [00:00<?, ?B/s]' in out()
    with tqdm.wrapattr(data, 'write', total=6, file=out, bytes=False) as f:
        f.write(b'xyz')
    assert out().endswith('| 3/6 [00:00<?, ?it/s]\n')
    with pytest.raises(KeyError, match='read/write'), tqdm.wrapattr(data, 'seek', file=out):
        pass


def test_terminal_size_minus_one_and_resize(monkeypatch, out):
    sizes = itertools.cycle([(31, 11), (41, 6)])
    monkeypatch.setattr(out, 'fileno', lambda: 1, raising=False)
    monkeypatch.setattr(progress.os, 'get_terminal_size', lambda fd: next(sizes))
    monkeypatch.setattr(sys, 'stderr', out)
    bar = tqdm(total=2)
    assert (bar.ncols, bar.nrows, out()) == (30, 10, '\r  0%|   | 0/2 [00:00<?, ?it/s]')
    bar.close()
    out()
    next(sizes)
    bar = tqdm(total=2, dynamic_ncols=True)             # asked twice: constructor, drawing
    assert (bar.ncols, bar.nrows) == (40, 5)
    assert out() == '\r  0%|             | 0/2 [00:00<?, ?it/s]'
    bar.refresh()
    assert out() == '\r  0%|   | 0/2 [00:00<?, ?it/s]          '
    bar.close()


# ---- threads ----
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


def test_notebook_gets_a_plain_bar_that_overwrites_itself(clock):
    class NotebookStream(Stream):               # not a terminal, and without a file descriptor
        def fileno(self):
            raise io.UnsupportedOperation('fileno')
    stream = NotebookStream('UTF-8')
    for _ in tqdm(range(2), file=stream, dynamic_ncols=True):
        clock.now += 1
    assert stream.getvalue() == (
        '\r  0%|          | 0/2 [00:00<?, ?it/s]'
        '\r 50%|█████     | 1/2 [00:01<00:01,  1.00it/s]'
        + '\r100%|██████████| 2/2 [00:02<00:00,  1.00it/s]' * 2 + '\n')
