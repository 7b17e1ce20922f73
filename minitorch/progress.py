"""A progress bar for loops: `for batch in tqdm(loader): ...` prints what tqdm 4.70 prints.

    >>> import sys
    >>> with tqdm(total=8, desc='训练', file=sys.stdout, ncols=50) as bar:    # doctest: +SKIP
    ...     bar.update(6)
    训练:  75%|████████▎  | 6/8 [00:03<00:01,  2.00it/s]

Equations, with dn the iterations and dt the seconds between two drawings, α = `smoothing`:
    m ← α·x + (1 − α)·m,  m₀ = 0                exponential moving average                 (1)
    avg x = m / (1 − (1 − α)ᵏ)                  bias-corrected after k values              (2)
    rate = avg dn / avg dt                      while running                              (3)
    rate = (n − initial) / elapsed              before the first average, and at the end   (4)
    remaining = (total − n) / rate              the estimate after "<", in seconds         (5)
    miniters = avg (dn · mininterval / dt)      iterations until the next look at the clock (6)

The file reads top-down: width of text, numbers as text, the bar, one line of output (`format_meter`),
the stream it goes to, the lock and the monitor thread, and the class `tqdm` that joins them.
Standard library only. Not here: the graphical and notebook widgets (a notebook gets the text bar,
which overwrites itself there too) and the pandas hooks.
Source: the notes, heading "tqdm"; behaviour measured on tqdm 4.70.1.
"""
from __future__ import annotations

import atexit
import errno
import os
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from functools import total_ordering
from numbers import Number
from threading import Event, RLock, Thread
from time import time
from typing import Any
from unicodedata import east_asian_width
from warnings import warn
from weakref import WeakSet, ref

__all__ = ['tqdm', 'trange', 'TMonitor', 'TqdmTypeError', 'TqdmKeyError', 'TqdmWarning',
           'TqdmExperimentalWarning', 'TqdmDeprecationWarning', 'TqdmMonitorWarning']


class TqdmTypeError(TypeError):
    """A value of the wrong type."""


class TqdmKeyError(KeyError):
    """A keyword that `tqdm` does not know."""


class TqdmWarning(Warning):
    """Something is odd but the loop goes on. With `fp_write`, the text goes there instead."""

    def __init__(self, msg: str, fp_write: Callable[[str], Any] | None = None) -> None:
        super().__init__(msg)
        if fp_write is not None:
            fp_write(f'\n{type(self).__name__}: {msg.rstrip()}\n')


class TqdmExperimentalWarning(TqdmWarning, FutureWarning):
    """A feature that may change."""


class TqdmDeprecationWarning(TqdmWarning, DeprecationWarning):
    """A feature that is not supported (any more); raised as an error."""


class TqdmMonitorWarning(TqdmWarning, RuntimeWarning):
    """The monitor thread could not start; bars still work."""


# ---- width of text on a terminal --------------------------------------------------------------
_ANSI = re.compile(r'\x1b\[[;\d]*[A-Za-z]')     # colours and cursor moves take no room


def display_width(text: str) -> int:
    """Terminal columns of `text`: wide (CJK, emoji) characters take two, ANSI codes none.

    >>> display_width('训练'), display_width('\\x1b[31mred\\x1b[0m')
    (4, 3)
    """
    text = _ANSI.sub('', text)
    return len(text) if text.isascii() else sum(
        2 if east_asian_width(char) in 'FW' else 1 for char in text)


def trim_width(text: str, width: int) -> str:
    """Longest start of `text` that fits in `width` columns, its colours switched off again."""
    if len(text) == display_width(text):
        return text[:width]
    while text and display_width(text) > width:
        text = text[:-1]
    coloured = _ANSI.search(text) and not text.endswith(_COLOUR_OFF)
    return text + _COLOUR_OFF if coloured else text


# ---- numbers as text --------------------------------------------------------------------------
def format_sizeof(num: float, suffix: str = '', divisor: float = 1000) -> str:
    """`num` in three digits with an SI prefix.

    >>> format_sizeof(1536, 'B', 1024), format_sizeof(9.994), format_sizeof(9.995)
    ('1.50kB', '9.99', '10.0')
    """
    for prefix in ('', 'k', 'M', 'G', 'T', 'P', 'E', 'Z'):
        size = abs(num)
        if size < 999.5:                        # the bounds at which three digits would round up
            digits = 2 if size < 9.995 else 1 if size < 99.95 else 0
            return f'{num:.{digits}f}{prefix}{suffix}'
        num /= divisor
    return f'{num:3.1f}Y{suffix}'


def format_interval(t: float) -> str:
    """Seconds as [H:]MM:SS, rounded towards zero.

    >>> format_interval(59.9), format_interval(-3661)
    ('00:59', '-1:01:01')
    """
    minutes, seconds = divmod(abs(int(t)), 60)
    hours, minutes = divmod(minutes, 60)
    clock = f'{hours}:{minutes:02d}:{seconds:02d}' if hours else f'{minutes:02d}:{seconds:02d}'
    return '-' + clock if t < 0 else clock


def format_num(n: Any) -> str:
    """`n` with three significant digits, or as `str(n)` where that is not longer.

    >>> format_num(0.123456), format_num(1234567), format_num(1e5)
    ('0.123', '1234567', '1e+5')
    """
    short = re.sub(r'e([+-])0(?=\d)', r'e\1', f'{n:.3g}')       # 1e+05 is written 1e+5
    return short if len(short) < len(str(n)) else str(n)


# ---- the bar ----------------------------------------------------------------------------------
_COLOUR_OFF = '\x1b[0m'
_COLOURS = {name: f'\x1b[{30 + i}m' for i, name in enumerate(
    ('BLACK', 'RED', 'GREEN', 'YELLOW', 'BLUE', 'MAGENTA', 'CYAN', 'WHITE'))}


def _colour_code(colour: Any) -> str:
    """Terminal code of a colour name or '#rrggbb'; unknown ones warn and give ''."""
    if isinstance(colour, str):
        if colour.upper() in _COLOURS:
            return _COLOURS[colour.upper()]
        if len(colour) == 7 and colour[0] == '#':
            return '\x1b[38;2;%d;%d;%dm' % tuple(int(colour[i:i + 2], 16) for i in (1, 3, 5))
    if colour:
        warn(f'Unknown colour ({colour}); valid choices: [hex (#00ff00), {", ".join(_COLOURS)}]',
             TqdmWarning, stacklevel=2)
    return ''


class Bar:
    """The filled part; in a `bar_format` its spec is [width][a|u|b]: ascii, unicode, blank.

    >>> f'{Bar(0.35):5a}', f'{Bar(0.35):-2}'            # five wide; two less than the default 10
    ('#7   ', '██▊     ')
    """
    ASCII = ' 123456789#'
    UTF = ' ▏▎▍▌▋▊▉█'
    BLANK = '  '

    def __init__(self, frac: float, default_len: int = 10, charset: Any = UTF,
                 colour: Any = None) -> None:
        if not 0 <= frac <= 1:
            warn('clamping frac to range [0, 1]', TqdmWarning, stacklevel=2)
            frac = max(0, min(1, frac))
        self.frac, self.default_len, self.charset = frac, default_len, charset
        self.colour = _colour_code(colour)

    def __format__(self, spec: str) -> str:
        chars = {'a': self.ASCII, 'u': self.UTF, 'b': self.BLANK}.get(spec[-1:].lower())
        if chars is None:
            chars = self.charset
        else:
            spec = spec[:-1]
        width = int(spec) if spec else self.default_len
        if width < 0:
            width += self.default_len
        steps = len(chars) - 1                  # e.g. 8 eighths of a block
        full, part = divmod(int(self.frac * width * steps), steps)
        text = chars[-1] * full
        if full < width:
            text += chars[part] + chars[0] * (width - full - 1)
        return self.colour + text + _COLOUR_OFF if self.colour else text


class _NoBar:
    """Stands for the bar while the rest of the line is measured; notes whether one is wanted."""
    wanted = False

    def __format__(self, spec: str) -> str:
        self.wanted = True
        return ''


class EMA:
    """Bias-corrected exponential moving average, equations (1) and (2).

    >>> speed = EMA(0.3)
    >>> round(speed(10), 6), round(speed(20), 6), round(speed(), 6)     # no value: only read
    (10.0, 15.882353, 15.882353)
    """

    def __init__(self, smoothing: float = 0.3) -> None:
        self.alpha, self.last, self.calls = smoothing, 0.0, 0

    def __call__(self, x: float | None = None) -> float:
        beta = 1 - self.alpha
        if x is not None:
            self.last = self.alpha * x + beta * self.last                          # (1)
            self.calls += 1
        return self.last / (1 - beta ** self.calls) if self.calls else self.last   # (2)


# ---- one line of output -----------------------------------------------------------------------
def format_meter(n: float, total: float | None, elapsed: float, ncols: int | None = None,
                 prefix: str | None = '', ascii: bool | str | None = False, unit: str = 'it',
                 unit_scale: bool | float | None = False, rate: float | None = None,
                 bar_format: str | None = None, postfix: Any = None, unit_divisor: float = 1000,
                 initial: float = 0, colour: str | None = None, **extra_kwargs: Any) -> str:
    """The whole line, from numbers alone (arguments as for `tqdm`; `prefix` is its `desc`).

    >>> format_meter(6, 8, 3, ncols=50, prefix='训练')
    '训练:  75%|█████▎ | 6/8 [00:03<00:01,  2.00it/s]'
    >>> format_meter(6, None, 3), format_meter(1536, None, 3, unit='B', unit_scale=True)
    ('6it [00:03,  2.00it/s]', '1.54kB [00:03, 512B/s]')
    """
    if total and (n >= total + 0.5 or total == float('inf')):
        total = None                            # the total was wrong: no bar, no percentage
    if rate is None and elapsed:
        rate = (n - initial) / elapsed                                             # (4)
    remaining = (total - n) / rate if rate and total else 0                        # (5)
    frac = n / total if total else 0

    si_prefixes = unit_scale in (True, 1)
    if unit_scale and not si_prefixes:          # a number: count in other units
        n *= unit_scale
        total = total and total * unit_scale
        rate = rate and rate * unit_scale

    def count(value: float) -> str:
        return format_sizeof(value, divisor=unit_divisor) if si_prefixes else str(value)

    def speed(value: float | None) -> str:
        return '?' if not value else format_sizeof(value) if si_prefixes else f'{value:5.2f}'

    rate_inv = 1 / rate if rate else None
    rate_noinv_fmt, rate_inv_fmt = f'{speed(rate)}{unit}/s', f'{speed(rate_inv)}s/{unit}'
    rate_fmt = rate_inv_fmt if rate_inv and rate_inv > 1 else rate_noinv_fmt
    n_fmt, total_fmt = count(n), '?' if total is None else count(total)
    elapsed_fmt = format_interval(elapsed)
    remaining_fmt = format_interval(remaining) if rate else '?'
    if not postfix:
        postfix = ''
    elif isinstance(postfix, str):
        postfix = ', ' + postfix                # anything else is left for bar_format to spell
    before = '' if not prefix else prefix if prefix.endswith(': ') else prefix + ': '
    stats = f'{elapsed_fmt}<{remaining_fmt}, {rate_fmt}{postfix}'

    if total and ncols == 0:
        return f'{before}{frac * 100:3.0f}% {n_fmt}/{total_fmt} [{stats}]'
    if not total and not bar_format:
        line = f'{before}{n_fmt}{unit} [{elapsed_fmt}, {rate_fmt}{postfix}]'
        return trim_width(line, ncols) if ncols else line

    fields = {
        'l_bar': f'{before}{frac * 100:3.0f}%|' if total else before + '|',
        'r_bar': f'| {n_fmt}/{total_fmt} [{stats}]', 'desc': prefix or '', 'postfix': postfix,
        'n': n, 'n_fmt': n_fmt, 'total': total, 'total_fmt': total_fmt,
        'percentage': frac * 100, 'elapsed': elapsed_fmt, 'elapsed_s': elapsed,
        'remaining': remaining_fmt, 'remaining_s': remaining, 'eta': _finish(remaining, bool(rate and total)),
        'rate': rate if rate_fmt is rate_noinv_fmt else rate_inv, 'rate_fmt': rate_fmt,
        'rate_noinv': rate, 'rate_noinv_fmt': rate_noinv_fmt, 'rate_inv': rate_inv,
        'rate_inv_fmt': rate_inv_fmt, 'unit': unit, 'unit_divisor': unit_divisor,
        'ncols': ncols, 'colour': colour, **extra_kwargs}
    template = bar_format or '{l_bar}{bar}{r_bar}'
    if total and not prefix:
        template = template.replace('{desc}: ', '')
    no_bar = _NoBar()
    line = template.format(bar=no_bar, **fields)
    if no_bar.wanted:                           # the bar takes the columns that are left
        chars = Bar.ASCII if ascii is True else ascii or Bar.UTF
        width = max(1, ncols - display_width(line)) if ncols else 10
        line = template.format(bar=Bar(frac, width, chars if total else Bar.BLANK, colour), **fields)
    return trim_width(line, ncols) if ncols else line


def _finish(remaining: float, known: bool) -> datetime:
    """Wall-clock time at which the loop ends; the epoch where that is not known."""
    if not known:
        return datetime.fromtimestamp(0, timezone.utc)
    try:
        return datetime.now() + timedelta(seconds=remaining)
    except OverflowError:
        return datetime.max


# ---- the stream -------------------------------------------------------------------------------
_UP = '\x1b[A' if os.name != 'nt' else ''


def _speaks_unicode(file: Any) -> bool:
    """Whether the stream's encoding has block characters (a StringIO has none: ASCII then)."""
    encoding = getattr(file, 'encoding', None)
    return isinstance(encoding, str) and encoding.lower().startswith(('utf', 'u8', 'cp'))


def _screen_shape(file: Any) -> tuple[int | None, int | None]:
    """Columns and rows of the terminal, less one each; None and None off a terminal."""
    try:
        columns, rows = os.get_terminal_size(file.fileno())
    except (AttributeError, OSError, ValueError, TypeError):
        return None, None
    return columns - 1, rows - 1


class _Stream:
    """The bar's file. When its reader is gone (closed, EIO, EPIPE) the bar falls silent.

    Other errors (a full disk) are the user's to see. Attributes are those of the file.
    """

    def __init__(self, file: Any, bar: tqdm, write_bytes: bool) -> None:
        self._file, self._bar = file, ref(bar)
        self.encoding = getattr(file, 'encoding', None)
        self._codec = None
        if write_bytes:
            self._codec = self.encoding = self.encoding or 'utf-8'

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def __eq__(self, other: object) -> bool:
        return self._file == getattr(other, '_file', other)

    __hash__ = object.__hash__

    def write(self, text: str) -> None:
        with self._silently():
            self._file.write(text.encode(self._codec) if self._codec else text)

    def flush(self) -> None:
        with self._silently():
            getattr(self._file, 'flush', lambda: None)()

    @contextmanager
    def _silently(self) -> Iterator[None]:
        try:
            yield
        except (OSError, ValueError) as error:
            gone = (error.errno in (errno.EIO, errno.EPIPE) if isinstance(error, OSError)
                    else 'closed' in str(error))
            if not gone:
                raise
            bar = self._bar()
            if bar is not None:
                bar.miniters = float('inf')     # never looks at the clock again


def status_printer(file: Any) -> Callable[[str], None]:
    """A function that overwrites the current line of `file` with its argument."""
    if file in (sys.stderr, sys.stdout):
        sys.stderr.flush()
        sys.stdout.flush()
    last_width = 0

    def print_status(line: str) -> None:
        nonlocal last_width
        width = display_width(line)
        file.write('\r' + line + ' ' * max(last_width - width, 0))
        getattr(file, 'flush', lambda: None)()
        last_width = width

    return print_status


class _CountingStream:
    """A file whose `read` or `write` also reports the length of the data to `update`."""

    def __init__(self, update: Callable[[int], Any], stream: Any, method: str) -> None:
        call = getattr(stream, method)

        def counted(*args: Any, **kwargs: Any) -> Any:
            result = call(*args, **kwargs)
            update(len(result if method == 'read' else args[0]))
            return result

        if method not in ('read', 'write'):
            raise TqdmKeyError('Can only wrap read/write methods')
        self.__dict__.update({'_stream': stream, method: counted})

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self._stream, name, value)


# ---- many threads, many processes -------------------------------------------------------------
class TqdmDefaultWriteLock:
    """One lock for threads and for forked processes, made when the first bar needs it."""
    th_lock = RLock()
    mp_lock: Any = None

    def __init__(self) -> None:
        with self.th_lock:
            if self.mp_lock is None:
                try:
                    from multiprocessing import RLock as ProcessRLock
                    type(self).mp_lock = ProcessRLock()
                except (ImportError, OSError):              # no semaphores on this system
                    pass
            self.locks = [lock for lock in (self.mp_lock, self.th_lock) if lock is not None]

    def acquire(self, *args: Any, **kwargs: Any) -> bool:
        for i, lock in enumerate(self.locks):
            if not lock.acquire(*args, **kwargs):
                for held in self.locks[:i]:
                    held.release()
                return False
        return True

    def release(self) -> None:
        for lock in reversed(self.locks):
            lock.release()

    def __enter__(self) -> None:
        self.acquire()

    def __exit__(self, *exc: object) -> None:
        self.release()


class TMonitor(Thread):
    """Wakes every `sleep_interval` seconds and redraws bars that have not moved for too long.

    A bar that learned a large `miniters` from a fast start would stay silent once the loop slows
    down; after `maxinterval` seconds without a drawing its `miniters` goes back to 1.
    """
    _test: dict[str, Any] = {}                  # tests replace 'time' and 'Event' here

    def __init__(self, tqdm_cls: Any, sleep_interval: float) -> None:
        super().__init__(name='tqdm_monitor', daemon=True)
        self.tqdm_cls, self.sleep_interval, self.woken = tqdm_cls, sleep_interval, 0.0
        self._time = self._test.get('time', time)
        self.was_killed = self._test.get('Event', Event)()
        atexit.register(self.exit)
        self.start()

    def exit(self) -> bool:
        """Stop the thread and wait for it."""
        self.was_killed.set()
        if self.is_alive():
            self.join()
        return self.report()

    def report(self) -> bool:
        """Whether the thread is at work."""
        return self.is_alive() and not self.was_killed.is_set()

    def get_instances(self) -> list[tqdm]:
        return [bar for bar in self.tqdm_cls._instances.copy() if hasattr(bar, 'start_t')]

    def run(self) -> None:
        now = self.woken = self._time()
        while not self.was_killed.wait(self.sleep_interval):
            with self.tqdm_cls.get_lock():
                now = self._time()
                for bar in self.get_instances():
                    if bar.miniters > 1 and now - bar.last_print_t >= bar.maxinterval:
                        bar.miniters = 1
                        bar.refresh(nolock=True)
            self.woken = now


# ---- the bar as an object ---------------------------------------------------------------------
@total_ordering
class tqdm:
    """Wrap an iterable, or count by hand with `update`, and draw the progress on stderr.

    Args (each default may be set for the whole program by an environment variable TQDM_<NAME>):
        iterable: what to loop over; None to call `update` by hand.
        desc: text in front.
        total: expected iterations; default `len(iterable)` if it has one. None: no bar, no estimate.
        leave: keep the last line on screen; None keeps it at position 0 only.
        file: text stream, default `sys.stderr`.
        ncols: columns of the line; default the terminal's less one, or a bar of 10. 0: no bar.
        mininterval: least seconds between two drawings.
        maxinterval: most seconds before a learnt `miniters` is corrected.
        miniters: least iterations between two drawings; None (or 0) learns it, equation (6).
        ascii: True for ' 123456789#', or your own characters from empty to full; None asks `file`.
        disable: draw nothing; None: nothing unless `file` is a terminal.
        unit: name of an iteration.
        unit_scale: True for k, M, G...; another number multiplies n, total and rate.
        dynamic_ncols: ask for the terminal's size at every drawing.
        smoothing: α of equation (1): 0 gives the overall mean, 1 the last speed only.
        bar_format: template, default '{l_bar}{bar}{r_bar}'. Fields: l_bar bar r_bar n n_fmt total
            total_fmt percentage elapsed elapsed_s remaining remaining_s eta rate rate_fmt
            rate_noinv rate_noinv_fmt rate_inv rate_inv_fmt desc postfix unit unit_divisor ncols
            nrows colour.
        initial: n to begin with; stays out of the rate.
        position: row of the screen, 0 the current one; None takes the first free one.
        postfix: dict (see `set_postfix`) or text at the end of the line.
        unit_divisor: step between the prefixes of `unit_scale=True` (1024 for KiB).
        write_bytes: encode the text and write bytes.
        lock_args: for the lock's `acquire`, e.g. (False,): skip a drawing rather than wait.
        nrows: rows of the screen; bars below it are hidden. Default the terminal's less one, or 20.
        colour: 'green' or '#00ff00'.
        delay: seconds before the first drawing.
        gui: not supported; the first drawing raises TqdmDeprecationWarning.

    Raises: TqdmKeyError for an unknown keyword.

    Example:
        >>> import sys
        >>> for i in tqdm(range(3), file=sys.stdout, ascii=True, ncols=0, bar_format='{n}'):
        ...     pass                                                        # doctest: +SKIP
    """
    monitor_interval: float = 10                # seconds; 0 for no monitor thread
    monitor: TMonitor | None = None
    _instances: WeakSet[tqdm] = WeakSet()
    disable = True                              # until the constructor has come through

    format_sizeof = staticmethod(format_sizeof)
    format_interval = staticmethod(format_interval)
    format_num = staticmethod(format_num)
    format_meter = staticmethod(format_meter)
    status_printer = staticmethod(status_printer)

    def __init__(self, iterable: Any = None, desc: str | None = None, total: float | None = None,
                 leave: bool | None = True, file: Any = None, ncols: int | None = None,
                 mininterval: float = 0.1, maxinterval: float = 10.0,
                 miniters: float | None = None, ascii: bool | str | None = None,
                 disable: bool | None = False, unit: str = 'it',
                 unit_scale: bool | float = False, dynamic_ncols: bool = False,
                 smoothing: float = 0.3, bar_format: str | None = None, initial: float = 0,
                 position: int | None = None, postfix: Any = None, unit_divisor: float = 1000,
                 write_bytes: bool = False, lock_args: tuple | None = None,
                 nrows: int | None = None, colour: str | None = None, delay: float = 0.0,
                 gui: bool = False, **kwargs: Any) -> None:
        file = sys.stderr if file is None else file
        if disable is None and hasattr(file, 'isatty'):
            disable = not file.isatty()
        if total is None and iterable is not None:
            try:
                total = len(iterable)
            except (TypeError, AttributeError):
                pass
        self.iterable, self.leave, self.n = iterable, leave, initial
        self.total = None if total == float('inf') else total
        if disable:
            self.pos = self._free_position()
            return
        if kwargs:
            if 'nested' in kwargs:
                raise TqdmDeprecationWarning('`nested` is deprecated and automated.\nUse `position`'
                                             ' instead for manual control.\n', file.write)
            raise TqdmKeyError(f'Unknown argument(s): {kwargs}')
        if dynamic_ncols or file in (sys.stderr, sys.stdout):
            columns, rows = _screen_shape(file)
            ncols = columns if ncols is None or dynamic_ncols and columns else ncols
            nrows = rows if nrows is None or dynamic_ncols and rows else nrows
