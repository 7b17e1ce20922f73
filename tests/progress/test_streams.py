"""Where the text goes: encodings, terminals, files that break, text between the bars."""
from __future__ import annotations

import errno
import io
import itertools
import sys
import threading

import pytest

from minitorch import progress
from minitorch.progress import tqdm
from tests.progress.scenarios import Stream


@pytest.mark.parametrize('encoding, ascii', [
    ('utf-8', False), ('U8', False), ('cp65001', False), ('latin-1', True), (None, True)])
def test_encoding_decides_ascii(encoding, ascii):
    bar = tqdm(file=Stream(encoding))
    assert bar.ascii is ascii
    bar.close()


def test_write_bytes_and_encoding():
    raw = io.BytesIO()
    tqdm(total=2, desc='训', file=raw, write_bytes=True, ncols=40).close()
    assert raw.getvalue().startswith('\r训:   0%|         | 0/2 ['.encode())


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
    assert out() == '\r' + ' ' * 37 + '\r'             # an error: back with the next drawing
    thread = threading.Thread(target=bar.refresh)       # the lock is free (tqdm keeps it)
    thread.start()
    thread.join(5)
    assert not thread.is_alive()
    assert out() == '\r  0%|          | 0/2 [00:00<?, ?it/s]'
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
