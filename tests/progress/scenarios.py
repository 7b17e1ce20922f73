"""Scenarios for a progress bar, as plain data, and a driver that plays one on a fake clock.

A scenario is {'stream', 'lock', 'step', 'bars': [kwargs], 'ops': [[op, bar, arguments...]]}. `play`
runs it on any module that has tqdm's names (ours or tqdm.std) and returns everything observable:
the bytes on each stream, what each call returned or raised, and the state at the end.
terminals.py has scenarios for pseudo-terminals and environments, which `play` runs too.
"""
from __future__ import annotations

import gc
import io
import random
import sys
import threading
import types
import warnings
import weakref
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from typing import Any

CJK = '训练 第一轮'
ANSI = '\x1b[31mred\x1b[0m'
BAR_FORMATS = [
    '{l_bar}{bar}{r_bar}', '{l_bar}{bar:10}{r_bar}', '{desc}: {n_fmt}/{total_fmt}|{bar:-12a}|',
    '{bar}|{n}', '{l_bar}{r_bar}', '{desc}{percentage:3.0f}%|{bar:20b}|{elapsed}<{remaining}',
    '{rate} {rate_fmt} {rate_noinv} {rate_noinv_fmt} {rate_inv} {rate_inv_fmt}',
    '{n} {total} {unit} {unit_divisor} {ncols} {nrows} {colour} {postfix} {elapsed_s}',
    '{remaining_s} {remaining}', '{eta:%Y-%m-%d %H:%M:%S}|{bar:u}', 'x{bar:-3}y{bar:4}',
    '进度{bar}完', '{desc}: {bar}{desc}', '{missing}', '{bar:>20}', '{bar', '{n:05d}{bar:a}',
    '{{}}{bar}']


class Clock:
    """Seconds that pass only when told to, and `step` more at each look."""

    def __init__(self, step: float) -> None:
        self.now, self.step = 1_700_000_000.0, step

    def __call__(self) -> float:
        self.now += self.step
        return self.now


class Stream(io.StringIO):
    """A text stream with an encoding, or without one as a StringIO has."""

    def __init__(self, encoding: str | None = None, tty: bool = False) -> None:
        super().__init__(newline='')
        self._encoding, self._tty = encoding, tty

    encoding = property(lambda self: self._encoding)  # type: ignore[assignment]

    def isatty(self) -> bool:
        return self._tty


class FrozenDatetime(datetime):
    @classmethod
    def now(cls, tz: Any = None) -> datetime:
        return datetime(2024, 2, 29, 12, 0, 0)


def content(stream: Any) -> str:
    value = stream.getvalue()
    return value.decode() if isinstance(value, bytes) else value


def make_stream(kind: str) -> Any:
    if kind == 'bytes':
        return io.BytesIO()
    return {'plain': Stream, 'utf8': lambda: Stream('utf-8'), 'tty': lambda: Stream('UTF-8', True),
            'latin': lambda: Stream('latin-1')}[kind]()


class Registry:
    """Bars in the order of their rows, where tqdm keeps them in a set without order.

    So `tqdm.write` wipes them in one order in both modules.
    """

    def __init__(self) -> None:
        self.bars: list[weakref.ref[Any]] = []

    def __iter__(self) -> Iterator[Any]:
        alive = [bar for reference in self.bars if (bar := reference()) is not None]
        return iter(sorted(alive, key=lambda bar: abs(getattr(bar, 'pos', 0))))

    def __len__(self) -> int:
        return len(list(iter(self)))

    def copy(self) -> list[Any]:
        """For a monitor that another test has started."""
        return list(self)

    def add(self, bar: Any) -> None:
        if all(other is not bar for other in self):
            self.bars.append(weakref.ref(bar))

    def discard(self, bar: Any) -> None:
        self.bars = [weakref.ref(other) for other in self if other is not bar]

    def remove(self, bar: Any) -> None:
        if all(other is not bar for other in self):
            raise KeyError(bar)
        self.discard(bar)


def play(module: types.ModuleType, scenario: dict[str, Any],
         streams: list[Any] | None = None) -> dict[str, Any]:
    """Everything observable of `scenario` on `module`, but for what other `streams` hold."""
    cls: Any = module.tqdm  # type: ignore[attr-defined]
    gc_was_on = gc.isenabled()
    gc.disable()
    saved = {name: getattr(module, name) for name in ('time', 'datetime')}
    interval, hook, bars = cls.monitor_interval, sys.unraisablehook, cls._instances
    lock = cls.get_lock()
    clock = Clock(scenario['step'])
    given = streams is not None
    if streams is None:
        streams = [make_stream(scenario['stream']), Stream('utf-8')]
    log: list[Any] = []
    try:
        module.time, module.datetime = clock, FrozenDatetime  # type: ignore[attr-defined]
        cls.monitor_interval, sys.unraisablehook = 0, lambda args: None
        cls._instances = Registry()
        if scenario['lock']:
            cls.set_lock(threading.RLock())
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter('always')
            result = _play(cls, scenario, clock, streams, log)
            result['warnings'] = [str(w.message) for w in caught]
        if not given:
            result['out'] = [content(stream) for stream in streams]
        return result
    finally:
        cls.set_lock(lock)
        let_go(lock)
        for name, value in saved.items():
            setattr(module, name, value)
        for bar in list(cls._instances):
            bar.disable = True
        cls._instances = bars
        cls.monitor_interval, sys.unraisablehook = interval, hook
        if gc_was_on:
            gc.enable()


def let_go(lock: Any) -> None:
    """tqdm keeps its default lock after an error while drawing: other tests would wait for ever."""
    for inner in getattr(lock, 'locks', []):
        with suppress(RuntimeError, AssertionError):        # not held (any more)
            while True:
                inner.release()


def _play(cls: Any, scenario: dict[str, Any], clock: Clock, streams: list[Any],
          log: list[Any]) -> dict[str, Any]:
    bars: list[Any] = []
    iterators: list[Any] = []
    error = None
    try:
        for kwargs in scenario['bars']:
            kwargs = dict(kwargs)
            kwargs['file'] = streams[kwargs.pop('stream', 0)]
            if kwargs['file'] is None:
                del kwargs['file']              # stderr
            if 'items' in kwargs:
                kwargs['iterable'] = range(kwargs.pop('items'))
            if 'lazy' in kwargs:
                kwargs['iterable'] = iter(range(kwargs.pop('lazy')))
            bars.append(cls(**kwargs))
            iterators.append(iter(bars[-1]) if bars[-1].iterable is not None else None)
        for op, index, *args in scenario['ops']:
            index %= len(bars)
            bar = bars[index]
            if op == 'tick':
                clock.now += args[0]
            elif op == 'next':
                if iterators[index] is not None:
                    log.append([next(iterators[index], None) for _ in range(args[0])][-1])
            elif op == 'break':
                if hasattr(iterators[index], 'close'):      # a disabled bar needs no generator
                    iterators[index].close()
                iterators[index] = None
            elif op == 'set':
                if hasattr(bar, 'start_t'):     # else disabled from the start
                    setattr(bar, *args)
            elif op == 'str':
                log.append(str(bar))
            elif op in ('clear', 'write', 'external') and getattr(bar, 'gui', False):
                pass                            # tqdm cannot clear such a bar
            elif op == 'write':
                cls.write(args[0], file=streams[1], end=args[1])
            elif op == 'external':
                with cls.external_write_mode(streams[1]):
                    (streams[1] or sys.stdout).write(args[0])
            elif op in ('resize', 'hang_up'):   # of a terminal
                getattr(scenario['terminal'], op)(*args)
            elif op == 'postfix':
                bar.set_postfix(args[0], **args[1])
            else:
                log.append(getattr(bar, op)(*args))
        for bar in bars:
            clock.now += 0.5
            bar.close()
    except Exception as caught:
        error = type(caught).__name__
        return {'log': log, 'error': error}
    for bar in bars:
        log.append(_text(bar))
    state = [[bar.n, bar.total, bar.pos, bar.disable, getattr(bar, 'last_print_n', None),
              getattr(bar, 'miniters', None), getattr(bar, 'postfix', None)] for bar in bars]
    return {'log': log, 'error': error, 'state': state}


def _text(bar: Any) -> str:
    try:
        return str(bar)
    except Exception as caught:
        return type(caught).__name__


def _some(rng: random.Random, **choices: list[Any]) -> dict[str, Any]:
    """A random few of the choices, each with a random value."""
    chance = rng.choice([0.1, 0.25, 0.5])
    return {name: rng.choice(values) for name, values in choices.items() if rng.random() < chance}


def make_kwargs(rng: random.Random) -> dict[str, Any]:
    """Constructor arguments, mostly sensible."""
    kwargs = rng.choice([{}, {'items': rng.randint(0, 60)}, {'lazy': rng.randint(0, 60)}])
    kwargs.update(_some(
        rng, desc=['epoch', 'a: ', '', CJK, ANSI, CJK * 12, 'x' * 70],
        total=[0, 1, 7, 60, 1000, 10**7, 3.5, float('inf')],
        leave=[True, False, None], ncols=[0, 1, 7, 30, 48, 60, 61, 100],
        mininterval=[0, 0.1, 0.5, 2, None], maxinterval=[0, 0.3, 1, 10, None],
        miniters=[None, 0, 1, 3, 2.5], ascii=[True, False, None, ' .oO', '-+', '　█', ''],
        disable=[False] * 6 + [None, True], unit=['it', 'B', '', '张'],
        unit_scale=[True, False, 1, 2, 0.25, -1, 1000], dynamic_ncols=[True, False],
        smoothing=[0, 0.3, 0.05, 1, 0.9, None], bar_format=BAR_FORMATS,
        initial=[0, 3, 100, 0.5, 0.1, -2], position=[0, 1, 3, 18, 19, 20, -2],
        postfix=[{'loss': 0.123456, 'acc': 1}, 'note', [1, 2], {}],
        unit_divisor=[1000, 1024], lock_args=[[False], [True, 0.01], []], nrows=[0, 1, 2, 3, 5, 20],
        colour=['red', 'GREEN', '#00ff7f', 'puce', 5, ''], delay=[0, 0.4, 3.0],
        gui=[False] * 10 + [True]))
    if rng.random() < 0.02:
        kwargs[rng.choice(['colour_', 'nested'])] = 1
    return kwargs


def make_op(rng: random.Random) -> list[Any]:
    op = rng.choices(
        ['tick', 'update', 'next', 'set_description', 'set_description_str', 'postfix',
         'set_postfix_str', 'refresh', 'clear', 'reset', 'unpause', 'str', 'write', 'external',
         'display', 'set', 'close', 'break', 'moveto'],
        [30, 25, 20, 2, 2, 2, 1, 3, 2, 1, 2, 3, 2, 1, 1, 3, 1, 0.5, 0.5])[0]
    arguments: dict[str, list[list[Any]]] = {
        'tick': [[0.01], [0.06], [0.1], [0.25], [1], [3.7], [12], [4000]],
        'update': [[], [1], [1], [2], [10], [0], [-1], [-7], [0.5], [1e6]],
        'next': [[1], [1], [3], [20]],
        'set_description': [['a'], [CJK], [''], [None], ['q: ', False], [ANSI]],
        'set_description_str': [['a'], [CJK, False], [None]],
        'postfix': [[{'b': 2, 'a': 1.23456789}, {}], [None, {'z': 1, 'c': ' s ', 'b': None}],
                    [{'x': 1e-7}, {'w': 123456789, 'v': 10.0}], [{}, {}]],
        'set_postfix_str': [['p'], [''], [7]], 'refresh': [[]], 'clear': [[]],
        'reset': [[], [5], [100], [float('inf')]], 'unpause': [[]], 'str': [[]],
        'write': [['hello', '\n'], [CJK, '']], 'external': [['raw\n']],
        'display': [[], ['msg'], [''], ['m', 2], [None, 1]],
        'set': [['total', 20], ['total', None], ['n', 5], ['ncols', 40], ['leave', False],
                ['miniters', 4], ['colour', 'blue'], ['bar_format', '{n}|{bar}|'], ['unit', 'x'],
                ['unit_scale', True], ['postfix', 'zz'], ['desc', 'dd'], ['mininterval', 0.3]],
        'close': [[]], 'break': [[]], 'moveto': [[1], [-2], [0]]}
    return [op, rng.randrange(4), *rng.choice(arguments[op])]


def make_scenario(seed: int) -> dict[str, Any]:
    """The scenario number `seed`."""
    rng = random.Random(seed)
    stream = rng.choice(['plain', 'utf8', 'utf8', 'tty', 'latin', 'bytes'])
    bars = [make_kwargs(rng) for _ in range(rng.choice([1, 1, 1, 2, 3, 4]))]
    for kwargs in bars:
        if len(bars) > 1:                       # tqdm cannot clear, or moves either of two
            kwargs['gui'] = False
            if kwargs.get('position') in (0, -2):
                del kwargs['position']
        if stream == 'bytes':
            kwargs['write_bytes'] = True
    if stream != 'bytes':                       # the second stream: text, at most one bar on it
        bars[-1]['stream'] = 1
    return {'stream': stream, 'lock': rng.random() < 0.7,
            'step': rng.choice([0, 0, 0, 0.001, 0.07]), 'bars': bars,
            'ops': [make_op(rng) for _ in range(rng.choice([3, 10, 30, 60]))]}


def make_meter(seed: int) -> dict[str, Any]:
    """Arguments number `seed` of format_meter."""
    rng = random.Random(seed)
    return {'n': rng.choice([0, 1, 7, 99.5, 1234567, rng.randrange(10**6), rng.random() * 50, -3]),
            'total': rng.choice([None, 0, 10, 100, 10**6, 2.5, rng.randrange(1, 10**7)]),
            'elapsed': rng.choice([0, 0.01, 3, 59.99, 7322.5, rng.random() * 10**4]),
            **_some(rng, ncols=[None, 0, 3, 20, 47, 80, 120], prefix=['a', 'a: ', CJK, ANSI, None],
                    ascii=[True, False, '-+', ' .oO'], unit=['B', '张'],
                    unit_scale=[True, 2, 0.1, -1], rate=[0, 0.3, 1, 1.0001, 12345.678, 1e-9, -2],
                    bar_format=BAR_FORMATS[:10] + ['{remaining_s!r} {rate!r} {percentage!r}'],
                    postfix=['p=1', '', 7, {'a': 1}], unit_divisor=[1024], initial=[1, 5, 0.1],
                    colour=['red', '#01fe20', 'nope'])}


def play_meter(module: types.ModuleType, kwargs: dict[str, Any]) -> str:
    """The line, or the name of the error."""
    saved, module.datetime = module.datetime, FrozenDatetime  # type: ignore[attr-defined]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter('ignore')
            return module.tqdm.format_meter(**kwargs)  # type: ignore[attr-defined]
    except Exception as caught:
        return type(caught).__name__
    finally:
        module.datetime = saved  # type: ignore[attr-defined]
