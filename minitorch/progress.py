"""A progress bar for loops: `for batch in tqdm(loader): ...` prints what tqdm 4.70 prints.

    训练:  75%|███████▌  | 6/8 [00:03<00:01,  2.00it/s]

Equations; dn iterations and dt seconds lie between two drawings, α is `smoothing`:
    m ← α·x + (1 − α)·m,  m₀ = 0          exponential moving average                        (1)
    avg x = m / (1 − (1 − α)ᵏ)            corrected for m₀ after k values                   (2)
    rate = avg dn / avg dt                while running                                     (3)
    rate = (n − initial) / elapsed        before the first average, and on the last line    (4)
    remaining = (total − n) / rate        the estimate after "<", in seconds                (5)
    miniters = avg (dn · mininterval/dt)  iterations until the next look at the clock       (6)

Read top-down: width of text, numbers as text, the bar, one line (`format_meter`), the stream it
goes to, lock and monitor thread, and the class `tqdm` that joins them. The heart is short: `EMA`,
`format_meter`, `_draw_while`, `update`. Why more than 500 lines: 26 parameters and 23 public
methods, each with its docstring, in one file (tqdm's own three files for them have 1964).
Standard library only. Not here: graphical windows, notebook widgets (a notebook gets the text
bar, which overwrites itself there too) and the pandas hooks.
Source: the notes, heading "tqdm"; behaviour measured on tqdm 4.70.1.
"""
from __future__ import annotations

import atexit
import errno
import os
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext, suppress
from datetime import datetime, timedelta, timezone
from functools import total_ordering
from itertools import chain, count
from math import ceil
from numbers import Number
from operator import length_hint
from threading import Event, RLock, Thread
from time import time
from typing import Any
from unicodedata import east_asian_width
from warnings import warn
from weakref import WeakSet, ref

__all__ = ['TMonitor', 'TqdmDeprecationWarning', 'TqdmExperimentalWarning', 'TqdmKeyError',
           'TqdmMonitorWarning', 'TqdmSynchronisationWarning', 'TqdmTypeError', 'TqdmWarning',
           'tqdm', 'trange']


# ---- errors and warnings: tqdm's names, so that `except` and warning filters keep working ------
class TqdmTypeError(TypeError):
    """Of tqdm's command line; no bar raises it."""


class TqdmKeyError(KeyError):
    """A keyword that `tqdm` does not know."""


class TqdmWarning(Warning):
    """Something is odd but the loop goes on. With `fp_write`, the text goes there instead."""

    def __init__(self, msg: str, fp_write: Callable[[str], Any] | None = None) -> None:
        super().__init__(msg)
        if fp_write is not None:
            fp_write(f'\n{type(self).__name__}: {msg.rstrip()}\n')


class TqdmDeprecationWarning(TqdmWarning, DeprecationWarning):
    """A feature that is not supported (any more); raised as an error."""


class TqdmExperimentalWarning(TqdmWarning, FutureWarning):
    """Of tqdm's widgets and windows; no bar here gives it."""


class TqdmMonitorWarning(TqdmWarning, RuntimeWarning):
    """The monitor thread could not start; bars still work."""


class TqdmSynchronisationWarning(RuntimeWarning):
    """Of tqdm's monitor when bars change under it; ours holds the lock then and never gives it."""


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
            r, g, b = (int(colour[i:i + 2], 16) for i in (1, 3, 5))
            return f'\x1b[38;2;{r};{g};{b}m'
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
        self.alpha, self.calls = smoothing, 0
        self.last: float = 0

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
    '训练:  75%|██████▊  | 6/8 [00:03<00:01,  2.00it/s]'
    >>> format_meter(6, None, 3), format_meter(1536, None, 3, unit='B', unit_scale=True)
    ('6it [00:03,  2.00it/s]', '1.54kB [00:03, 512B/s]')
    """
    if total and (n >= total + 0.5 or total == float('inf')):
        total = None                            # the total was wrong: no bar, no percentage
    si_prefixes = unit_scale in (True, 1)
    if unit_scale and not si_prefixes:          # a number: count in other units
        n *= unit_scale
        total = total and total * unit_scale
        rate = rate and rate * unit_scale
    if rate is None and elapsed:
        rate = (n - initial) / elapsed                                             # (4)
    remaining = (total - n) / rate if rate and total else 0                        # (5)
    percentage = n / total * 100 if total else 0

    def count(value: float) -> str:
        return format_sizeof(value, divisor=unit_divisor) if si_prefixes else str(value)

    def speed(value: float | None) -> str:
        return '?' if not value else format_sizeof(value) if si_prefixes else f'{value:5.2f}'

    rate_inv = 1 / rate if rate else None
    rate_noinv_fmt, rate_inv_fmt = speed(rate) + unit + '/s', speed(rate_inv) + 's/' + unit
    slow = rate_inv is not None and rate_inv > 1            # seconds per unit read better
    rate_fmt = rate_inv_fmt if slow else rate_noinv_fmt
    n_fmt, total_fmt = count(n), '?' if total is None else count(total)
    elapsed_fmt = format_interval(elapsed)
    remaining_fmt = format_interval(remaining) if rate else '?'
    if not postfix:
        postfix = ''
    elif isinstance(postfix, str):
        postfix = ', ' + postfix                # anything else is left for bar_format to spell
    before = '' if not prefix else prefix if prefix[-2:] == ': ' else prefix + ': '
    stats = f'{elapsed_fmt}<{remaining_fmt}, {rate_fmt}{postfix}'

    if total and ncols == 0:
        return f'{before}{percentage:3.0f}% {n_fmt}/{total_fmt} [{stats}]'
    if not total and not bar_format:
        before = prefix + ': ' if prefix else ''            # here even after 'desc: ', as in tqdm
        line = f'{before}{n_fmt}{unit} [{elapsed_fmt}, {rate_fmt}{postfix}]'
        return trim_width(line, ncols) if ncols else line

    try:
        eta = (datetime.now() + timedelta(seconds=remaining) if rate and total
               else datetime.fromtimestamp(0, timezone.utc))
    except OverflowError:
        eta = datetime.max
    fields = {
        'l_bar': f'{before}{percentage:3.0f}%|' if total else before + '|',
        'r_bar': f'| {n_fmt}/{total_fmt} [{stats}]', 'desc': prefix or '', 'postfix': postfix,
        'n': n, 'n_fmt': n_fmt, 'total': total, 'total_fmt': total_fmt,
        'percentage': percentage, 'elapsed': elapsed_fmt, 'elapsed_s': elapsed,
        'remaining': remaining_fmt, 'remaining_s': remaining, 'eta': eta,
        'rate': rate_inv if slow else rate, 'rate_fmt': rate_fmt,
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
        bar = Bar(n / total, width, chars, colour) if total else Bar(0, width, Bar.BLANK, colour)
        line = template.format(bar=bar, **fields)
    return trim_width(line, ncols) if ncols else line


# ---- the stream -------------------------------------------------------------------------------
_UP = '\x1b[A' if os.name != 'nt' else ''


def _flush(file: Any) -> None:
    getattr(file, 'flush', lambda: None)()


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

    def write(self, text: str) -> Any:
        return self._quietly(self._file.write, text.encode(self._codec) if self._codec else text)

    def flush(self) -> None:
        self._quietly(_flush, self._file)

    def _quietly(self, call: Callable[[Any], Any], argument: Any) -> Any:
        try:
            return call(argument)
        except (OSError, ValueError) as error:
            if (error.errno not in (errno.EIO, errno.EPIPE) if isinstance(error, OSError)
                    else 'closed' not in str(error)):
                raise
            bar = self._bar()
            if bar is not None:
                bar.miniters = float('inf')     # never looks at the clock again
            return None


def status_printer(file: Any) -> Callable[[str], None]:
    """A function that overwrites the current line of `file` with its argument."""
    if file in (sys.stderr, sys.stdout):
        for console in (sys.stderr, sys.stdout):
            with suppress(OSError, ValueError):         # gone: not the bar's business
                _flush(console)
    last_width = 0

    def print_status(line: str) -> None:
        nonlocal last_width
        width = display_width(line)
        file.write('\r' + line + ' ' * max(last_width - width, 0))
        _flush(file)
        last_width = width

    return print_status


class CallbackIOWrapper:
    """A file whose `read` or `write` also reports the length of the data: `callback(length)`.

    >>> import io
    >>> CallbackIOWrapper(print, io.BytesIO(b'abcdef')).read(4)
    4
    b'abcd'
    """

    def __init__(self, callback: Callable[[int], Any], stream: Any, method: str = 'read') -> None:
        if method not in ('read', 'write'):
            raise KeyError('Can only wrap read/write methods')
        call = getattr(stream, method)

        def counted(*args: Any, **kwargs: Any) -> Any:
            result = call(*args, **kwargs)
            callback(len(result if method == 'read' else args[0]))
            return result

        self.__dict__.update({'_stream': stream, method: counted})

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self._stream, name, value)


# ---- many threads, many processes -------------------------------------------------------------
class TqdmDefaultWriteLock:
    """One lock for threads and for forked processes."""

    def __init__(self) -> None:
        self.locks: list[Any] = [RLock()]
        try:
            import multiprocessing  # here, not above: it takes 27 ms
            self.locks.insert(0, multiprocessing.RLock())
        except (ImportError, OSError):          # a system without semaphores
            pass

    def acquire(self, *args: Any, **kwargs: Any) -> None:
        """Answers nothing, as in tqdm: `lock_args` needs a lock that does (`set_lock(RLock())`)."""
        for lock in self.locks:
            lock.acquire(*args, **kwargs)

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
        self.woken = self._time()
        while not self.was_killed.wait(self.sleep_interval):
            with self.tqdm_cls.get_lock():
                now = self._time()
                for bar in self.get_instances():
                    if bar.miniters > 1 and now - bar.last_print_t >= bar.maxinterval:
                        bar.miniters = 1
                        bar.refresh(nolock=True)
            self.woken = now


class _Silent(chain):
    """The loop of a disabled bar: the iterable itself (2 ns a step; a generator takes 20)."""

    def close(self) -> None:
        """Nothing is open; there because the loop of a bar that draws is a generator."""


# ---- the bar as an object ---------------------------------------------------------------------
@total_ordering
class tqdm:
    """Wrap an iterable, or count by hand with `update`, and draw the progress on stderr.

    Args (the environment variable TQDM_<NAME> changes a default for the whole program):
        iterable: what to loop over; None to call `update` by hand.
        desc: text in front.
        total: expected iterations, default `len(iterable)`; without one no bar and no estimate.
        leave: keep the last line on the screen; None keeps it at position 0 only.
        file: text stream, default `sys.stderr`.
        ncols: columns of the line, default the terminal's less one, or a bar of 10. 0: no bar.
        mininterval: least seconds between two drawings.
        maxinterval: seconds without a drawing after which a learnt `miniters` is corrected.
        miniters: least iterations between two drawings; None learns it, equation (6).
        ascii: True for ' 123456789#', or characters from empty to full; None: as `file` encodes.
        disable: draw nothing; None: nothing unless `file` is a terminal.
        unit, unit_scale: name of an iteration; True for k, M, G..., a number to multiply by.
        dynamic_ncols: ask for the terminal's size at every drawing.
        smoothing: α of equation (1): 0 gives the overall mean, 1 the latest speed only.
        bar_format: template, default '{l_bar}{bar}{r_bar}'; its fields are l_bar bar r_bar n n_fmt
            total total_fmt percentage elapsed elapsed_s remaining remaining_s eta rate rate_fmt
            rate_noinv rate_noinv_fmt rate_inv rate_inv_fmt desc postfix unit unit_divisor ncols
            nrows colour.
        initial: n to begin with; stays out of the rate.
        position: row of the screen, 0 the current one; None takes the first free one.
        postfix: dict (see `set_postfix`) or text at the end of the line.
        unit_divisor: step between the prefixes of `unit_scale=True` (1024 for bytes).
        write_bytes: encode the text and write bytes.
        lock_args: for the lock's `acquire`; (False,) skips a drawing rather than wait.
        nrows: rows of the screen, default the terminal's less one, or 20; lower bars are hidden.
        colour: 'green' or '#00ff00'.
        delay: seconds before the first drawing.
        gui: not supported: the first drawing raises TqdmDeprecationWarning.
    Raises: TqdmKeyError for an unknown keyword.
    Example: see `docs/progress.md`, which shows what each of them looks like.
    """
    monitor_interval: float = 10                # seconds; 0 for no monitor thread
    monitor: TMonitor | None = None
    _instances: WeakSet[tqdm] = WeakSet()
    _lock: Any                                  # made by the first bar
    _lock_making = RLock()
    disable = True                              # for __del__, if the constructor does not begin

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
        self.disable = True                     # until all is well
        if disable:
            with self.get_lock():
                self.pos = self._free_position()
            return
        self.fp = _Stream(file, self, write_bytes)
        if kwargs:
            if 'nested' in kwargs:
                raise TqdmDeprecationWarning('`nested` is deprecated and automated.\nUse `position`'
                                             ' instead for manual control.\n', self.fp.write)
            raise TqdmKeyError(f'Unknown argument(s): {kwargs}')
        if dynamic_ncols:
            ncols, nrows = _screen_shape(file)
        elif file in (sys.stderr, sys.stdout):
            columns, rows = _screen_shape(file)
            ncols, nrows = columns if ncols is None else ncols, rows if nrows is None else nrows
        self.ncols, self.nrows, self.dynamic_ncols = ncols, nrows, dynamic_ncols
        self.mininterval, self.maxinterval, self.miniters, self.smoothing = (
            0 if x is None else x for x in (mininterval, maxinterval, miniters, smoothing))
        self.dynamic_miniters = miniters is None
        self.ascii = not _speaks_unicode(self.fp) if ascii is None else ascii
        self.desc, self.unit, self.unit_scale = desc or '', unit, unit_scale
        self.unit_divisor, self.initial, self.colour = unit_divisor, initial, colour
        self.lock_args, self.delay, self.gui, self.bar_format = lock_args, delay, gui, bar_format
        self._forget_speed()
        self._time = time
        self.last_print_n = initial
        self.postfix = postfix or None
        if isinstance(postfix, Mapping) and postfix:
            with suppress(TypeError):           # keys that are no strings: left to bar_format
                self.set_postfix(refresh=False, **postfix)
        if not gui:
            self.sp = status_printer(self.fp)
        with self.get_lock():
            self.pos = self._free_position() if position is None else -position
            self._instances.add(self)
        self.disable = False
        self._start_monitor()
        try:
            if not gui and delay <= 0:
                self.refresh(lock_args=lock_args)
        except BaseException:                   # e.g. a bar_format with an unknown field
            self.disable = True
            with self.get_lock():
                self._instances.discard(self)
            raise
        self.start_t = self.last_print_t = self._time()

    def _forget_speed(self) -> None:
        self._ema_dn, self._ema_dt, self._ema_miniters = (EMA(self.smoothing) for _ in range(3))

    # ---- rows of the screen: the first free one; a negative `pos` is one that the user chose ----
    def _free_position(self) -> int:
        taken = {abs(bar.pos) for bar in self._instances}
        return next(pos for pos in count() if pos not in taken)

    def _unregister(self) -> None:
        """Give up the row; the first automatic bar that had no room on the screen moves there."""
        self.disable = True
        with self.get_lock():
            self._instances.discard(self)
            hidden = [bar for bar in self._instances if bar.pos >= (self.nrows or 20) - 1]
            if hidden and not self.gui:
                bar = min(hidden, key=lambda bar: bar.pos)
                bar.clear(nolock=True)
                bar.pos = abs(self.pos)

    # ---- as a loop ----
    def __iter__(self) -> Iterator[Any]:
        return _Silent(self.iterable) if self.disable else self._draw_while(self.iterable)

    def __reversed__(self) -> Iterator[Any]:
        iterable = reversed(self.iterable)
        return _Silent(iterable) if self.disable else self._draw_while(iterable)

    def _draw_while(self, iterable: Any) -> Iterator[Any]:
        if self.disable:                        # closed before the loop began
            yield from iterable
            return
        n, last_n, last_t = self.n, self.last_print_n, self.last_print_t
        mininterval, first_t, now = self.mininterval, self.start_t + self.delay, self._time
        miniters, due, whole = None, n, True    # None: the next two are to be worked out
        try:
            for item in iterable:
                yield item
                n += 1                          # self.n is brought up to date at drawings only
                if self.miniters is not miniters:           # learnt, or reset by the monitor
                    miniters = self.miniters
                    # The first n with n − last_n ≥ miniters: comparing whole numbers is faster
                    # than that test (55 ns a step, not 75), which fractions still need.
                    whole = isinstance(n + last_n, int)
                    due = last_n + ceil(min(sys.maxsize, miniters)) if whole else n
                if n >= due and (whole or n - last_n >= miniters):
                    t = now()
                    if t - last_t >= mininterval and t >= first_t:
                        self.update(n - last_n)
                        last_n, last_t = self.last_print_n, self.last_print_t
                        miniters = None
        finally:                                # the end, `break` or an exception in the loop
            self.n = n
            self.close()

    def update(self, n: float = 1) -> bool | None:
        """Count `n` more (or fewer) iterations; True if that drew the bar, else None."""
        if self.disable:
            return None
        if n < 0:
            self.last_print_n += n              # so that the next drawing is not put off
        self.n = done = self.n + n
        if done - self.last_print_n >= self.miniters:       # cheaper than asking the clock
            now = self._time()
            dt = now - self.last_print_t
            if dt >= self.mininterval and now >= self.start_t + self.delay:
                self._draw_and_learn(dt)
                return True
        return None

    def _draw_and_learn(self, dt: float) -> None:
        now = self._time()
        dn = self.n - self.last_print_n
        if self.smoothing and dt and dn:
            self._ema_dn(dn)
            self._ema_dt(dt)
        self.refresh(lock_args=self.lock_args)
        if self.dynamic_miniters:
            if self.maxinterval and dt >= self.maxinterval:     # far too slow: forget the past
                self.miniters = dn * (self.mininterval or self.maxinterval) / dt
            elif self.smoothing:
                fit = self.mininterval / dt if self.mininterval and dt else 1
                self.miniters = self._ema_miniters(dn * fit)                       # (6)
            else:
                self.miniters = max(self.miniters, dn)
        self.last_print_n, self.last_print_t = self.n, now

    def close(self) -> None:
        """Draw the last line (or wipe the bar if `leave` is false) and give up its row."""
        if self.disable:
            return
        pos = abs(self.pos)
        self._unregister()
        if not hasattr(self, 'last_print_t'):                   # the constructor did not end
            return
        if self.gui or self.last_print_t < self.start_t + self.delay:       # was never shown
            return
        with self.get_lock():
            if self.leave or self.leave is None and pos == 0:
                self._ema_dt = EMA(self.smoothing)          # the last line has the overall mean
                self.display(pos=0)
                self.fp.write('\n')
            elif self.display(msg='', pos=pos) and not pos:
                self.fp.write('\r')

    __del__ = close                             # a bar that nobody refers to closes itself

    def __enter__(self) -> tqdm:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    # ---- drawing ----
    @property
    def format_dict(self) -> dict[str, Any]:
        """The state of the bar as keyword arguments of `format_meter`."""
        if not hasattr(self, 'unit'):           # disabled from the start: it still answers str()
            return defaultdict(lambda: None, n=self.n, total=self.total, elapsed=0, unit='it')
        if self.dynamic_ncols:
            self.ncols, self.nrows = _screen_shape(self.fp)
        mean_dt = self._ema_dt()
        return {
            'n': self.n, 'total': self.total,
            'elapsed': self._time() - self.start_t if hasattr(self, 'start_t') else 0,
            'ncols': self.ncols, 'nrows': self.nrows, 'prefix': self.desc, 'ascii': self.ascii,
            'unit': self.unit, 'unit_scale': self.unit_scale,
            'rate': self._ema_dn() / mean_dt if mean_dt else None,                 # (3)
            'bar_format': self.bar_format, 'postfix': self.postfix,
            'unit_divisor': self.unit_divisor, 'initial': self.initial, 'colour': self.colour}

    def __str__(self) -> str:
        return self.format_meter(**self.format_dict)

    def display(self, msg: str | None = None, pos: int | None = None) -> bool:
        """Write `msg` (default: the bar) on row `pos`; False where that is below the screen."""
        if pos is None:
            pos = abs(self.pos)
        rows = self.nrows or 20
        if pos >= rows:
            return False
        if pos == rows - 1 and msg != '':
            msg = ' ... (more hidden) ...'
        if self.gui:
            raise TqdmDeprecationWarning(
                'Please use `tqdm.gui.tqdm(...)` instead of `tqdm(..., gui=True)`\n', self.fp.write)
        if pos:
            self.moveto(pos)
        self.sp(str(self) if msg is None else msg)
        if pos:
            self.moveto(-pos)
        return True

    def moveto(self, n: int) -> None:
        """Move the cursor `n` rows down (up if negative)."""
        self.fp.write('\n' * n + _UP * -n)
        self.fp.flush()

    def refresh(self, nolock: bool = False, lock_args: tuple | None = None) -> bool | None:
        """Draw the bar now; False if `lock_args` did not get the lock."""
        if self.disable:
            return None
        if nolock:
            self.display()
            return True
        lock = self.get_lock()
        got = lock.acquire(*(lock_args or ()))
        try:
            if lock_args and not got:
                return False
            self.display()
        finally:
            if got is not False:                # None: the default lock, which does hold it
                lock.release()
        return True

    def clear(self, nolock: bool = False) -> None:
        """Wipe the bar from the screen (the next drawing brings it back)."""
        pos = 0 if self.disable else abs(self.pos)
        if self.disable or self.gui or pos >= (self.nrows or 20):
            return
        with nullcontext() if nolock else self.get_lock():
            self.moveto(pos)
            self.sp('')
            self.fp.write('\r')
            self.moveto(-pos)

    # ---- changing what is shown ----
    def set_description(self, desc: str | None = None, refresh: bool = True) -> None:
        """Text in front, with ': ' after it."""
        self.set_description_str(desc + ': ' if desc else '', refresh)

    def set_description_str(self, desc: str | None = None, refresh: bool = True) -> None:
        """Text in front, as it is."""
        self.desc = desc or ''
        if refresh:
            self.refresh()

    def set_postfix(self, ordered_dict: Any = None, refresh: bool = True, **kwargs: Any) -> None:
        """'name=value, ...' at the end: the dict in its order, then keywords sorted by name."""
        values = dict(ordered_dict or {})
        for key in sorted(kwargs):
            values[key] = kwargs[key]
        self.set_postfix_str(', '.join(
            key + '=' + (format_num(value) if isinstance(value, Number) else str(value)).strip()
            for key, value in values.items()), refresh)

    def set_postfix_str(self, s: Any = '', refresh: bool = True) -> None:
        """Text at the end, as it is."""
        self.postfix = str(s)
        if refresh:
            self.refresh()

    def reset(self, total: float | None = None) -> None:
        """Start again from 0, with a new `total` if given."""
        self.n = 0
        if total is not None:
            self.total = None if total == float('inf') else total
        if self.disable:
            return
        self.last_print_n = 0
        self.last_print_t = self.start_t = self._time()
        self._forget_speed()
        self.refresh()

    def unpause(self) -> None:
        """Leave the time since the last drawing out of the elapsed time."""
        if self.disable:
            return
        now = self._time()
        self.start_t += now - self.last_print_t
        self.last_print_t = now

    # ---- text between the bars, and wrapped files ----
    @classmethod
    def write(cls, s: str, file: Any = None, end: str = '\n', nolock: bool = False) -> None:
        """`print` that does not tear the bars: wipes them, writes, draws them again."""
        file = sys.stdout if file is None else file
        with cls.external_write_mode(file, nolock):
            file.write(s)
            file.write(end)

    @classmethod
    @contextmanager
    def external_write_mode(cls, file: Any = None, nolock: bool = False) -> Iterator[None]:
        """Within this block the bars on `file` (stdout and stderr count as one) are wiped.

        After an error in it they come back with their next drawing.
        """
        file = sys.stdout if file is None else file
        console = (sys.stdout, sys.stderr)
        with nullcontext() if nolock else cls.get_lock():
            wiped = sorted(bar for bar in cls._instances if hasattr(bar, 'start_t') and (
                bar.fp == file or file in console and bar.fp in console))
            for bar in wiped:
                bar.clear(nolock=True)
            yield
            for bar in wiped:
                bar.refresh(nolock=True)

    @classmethod
    @contextmanager
    def wrapattr(cls, stream: Any, method: str, total: float | None = None, bytes: bool = True,
                 **tqdm_kwargs: Any) -> Iterator[Any]:
        """A bar that counts what passes through `stream.read` or `stream.write`.

        Example: `with tqdm.wrapattr(file, 'read', total=size) as f: data = f.read(4096)`
        """
        with cls(total=total, **tqdm_kwargs) as bar:
            if bytes:
                bar.unit, bar.unit_scale, bar.unit_divisor = 'B', True, 1024
            yield CallbackIOWrapper(bar.update, stream, method)

    # ---- one lock and one monitor for all bars ----
    @classmethod
    def get_lock(cls) -> Any:
        """The lock that every drawing holds."""
        if not hasattr(cls, '_lock'):
            with cls._lock_making:
                cls._lock = getattr(cls, '_lock', None) or TqdmDefaultWriteLock()
        return cls._lock

    @classmethod
    def set_lock(cls, lock: Any) -> None:
        """Use `lock` (anything with acquire and release) instead."""
        cls._lock = lock

    @classmethod
    def _start_monitor(cls) -> None:
        if cls.monitor_interval and not (cls.monitor and cls.monitor.report()):
            try:
                cls.monitor = TMonitor(cls, cls.monitor_interval)
            except RuntimeError as error:       # no more threads
                warn(f'tqdm:disabling monitor support (monitor_interval = 0) due to:\n{error}',
                     TqdmMonitorWarning, stacklevel=3)
                cls.monitor_interval = 0

    # ---- as a value: the length of its iterable, ordered by position ----
    def __bool__(self) -> bool:
        if self.total is None and self.iterable is None:
            raise TypeError('bool() undefined when iterable == total == None')
        return bool(self.iterable) if self.total is None else self.total > 0

    def __len__(self) -> int:
        if self.iterable is None:
            return self.total                   # type: ignore[return-value]
        if hasattr(self.iterable, 'shape'):
            return self.iterable.shape[0]
        length = length_hint(self.iterable, -1)
        return self.total if length < 0 else length         # type: ignore[return-value]

    def __contains__(self, item: object) -> bool:
        contains = getattr(self.iterable, '__contains__', None)
        return contains(item) if contains is not None else item in iter(self)

    def __lt__(self, other: tqdm) -> bool:
        return abs(self.pos) < abs(other.pos)

    def __eq__(self, other: object) -> bool:
        return abs(self.pos) == abs(other.pos) if isinstance(other, tqdm) else NotImplemented

    def __hash__(self) -> int:
        return id(self)


def trange(*args: int, **kwargs: Any) -> tqdm:
    """`tqdm(range(*args), **kwargs)`."""
    return tqdm(range(*args), **kwargs)


def _read_environment(init: Any) -> None:
    """Turn TQDM_<NAME>=text into the default of parameter <name>, in the old default's type.

    As in tqdm, bool of any text but '' is True: TQDM_DISABLE=0 disables.
    Raises: ValueError where the text is no such number.
    """
    types = {'total': float, 'ncols': int, 'miniters': float, 'position': int, 'nrows': int}
    given = {name[5:].lower(): text for name, text in os.environ.items() if name[:5] == 'TQDM_'}
    names = init.__code__.co_varnames[1:init.__code__.co_argcount]
    defaults = list(init.__defaults__)
    for i, (name, default) in enumerate(zip(names, defaults)):
        if name in given:
            convert = types.get(name, str) if default is None else type(default)
            try:
                defaults[i] = convert(given[name])
            except ValueError as error:
                raise ValueError(f'environment variable TQDM_{name.upper()}: {error}') from None
    init.__defaults__ = tuple(defaults)


_read_environment(tqdm.__init__)
