"""Scenarios on pseudo-terminals and under TQDM_* environments, for any module with tqdm's names.

A terminal has a size that changes, a stdout and a stderr that share it, an encoding, and can hang
up. An environment is read when the class is defined, so each one gets its own copy of the module.
"""
from __future__ import annotations

import importlib.util
import inspect
import io
import os
import random
import signal
import struct
import sys
import threading
import types
from typing import Any
from unittest import mock

from tests.progress.scenarios import CJK, Stream, make_kwargs, make_op, play

try:
    import fcntl
    import pty
    import termios
except ImportError:                             # Windows
    pty = None  # type: ignore[assignment]

END = b'\x00'                                   # of a terminal's output
SIZES = [(24, 80), (24, 80), (5, 40), (3, 61), (2, 20), (1, 7), (50, 200), (0, 0)]


class Terminal:
    """A pseudo-terminal whose output is collected."""

    def __init__(self, rows: int, columns: int, encoding: str) -> None:
        self.master, slave = pty.openpty()
        self.resize(rows, columns)
        self.output = b''
        self.stdout, self.stderr = (
            io.TextIOWrapper(os.fdopen(fd, 'wb', 0), encoding=encoding, errors='replace',
                             write_through=True, newline='') for fd in (slave, os.dup(slave)))
        self.hung_up = False
        self.reader = threading.Thread(target=self._read)
        self.reader.start()

    def _read(self) -> None:
        while not self.output.endswith(END):
            self.output += os.read(self.master, 65536)

    def resize(self, rows: int, columns: int) -> None:
        """As a window manager does: the new size, then the signal."""
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack('HHHH', rows, columns, 0, 0))
        if threading.current_thread() is threading.main_thread():
            signal.raise_signal(signal.SIGWINCH)

    def hang_up(self) -> None:
        """The window is closed: from now on writing is an error (EIO)."""
        if not self.hung_up:
            self.hung_up = True
            self.stdout.buffer.write(END)
            self.reader.join()
            os.close(self.master)

    def text(self) -> str:
        """What was written; the end of the terminal."""
        self.hang_up()
        for stream in (self.stdout, self.stderr):
            stream.close()
        return self.output.removesuffix(END).decode('utf-8', 'replace')


# ---- scenarios ----
def make_terminal(seed: int) -> dict[str, Any]:
    """The terminal scenario number `seed`; stream 0 is stderr by default, 1 stdout, 2 a file."""
    rng = random.Random(seed)
    bars = []
    for _ in range(rng.choice([1, 1, 2, 3, 4, 6])):
        kwargs = {**make_kwargs(rng), 'gui': False, 'stream': rng.choice([0, 0, 0, 1, 2])}
        for name, chance in (('ncols', 0.3), ('nrows', 0.4), ('bar_format', 0.4), ('position', 0.4),
                             ('disable', 0.5)):
            if rng.random() > chance:           # mostly as wide as the terminal
                kwargs.pop(name, None)
        if rng.random() < 0.3:
            kwargs['dynamic_ncols'] = True
        if rng.random() < 0.15:
            kwargs['disable'] = None
        bars.append(kwargs)
    ops = []
    for _ in range(rng.choice([5, 15, 40])):
        op = make_op(rng)
        chance = rng.random()
        if chance < 0.06:
            op = ['resize', 0, *rng.choice(SIZES)]
        elif chance < 0.08:
            op = ['write', rng.randrange(4), rng.choice(['hello', CJK]), '\n']
        elif chance < 0.083:
            op = ['hang_up', 0]
        elif op[0] == 'moveto' or op[0] == 'set' and op[2] == 'colour':
            op = ['refresh', op[1]]
        ops.append(op)
    size = rng.choice(SIZES)
    text = str([bars, ops])
    if not text.isascii() or '\\x1b' in text or 'colour' in text:
        # On a terminal that says it has no columns tqdm itself trims such text for ever.
        size = (1, 7) if size == (0, 0) else size
        ops = [['resize', 0, 1, 7] if op == ['resize', 0, 0, 0] else op for op in ops]
    return {'size': size, 'encoding': rng.choice(['utf-8', 'utf-8', 'latin-1', 'ascii']),
            'lock': rng.random() < 0.7, 'step': rng.choice([0, 0, 0.07]), 'bars': bars, 'ops': ops}


def play_terminal(module: types.ModuleType, scenario: dict[str, Any]) -> dict[str, Any]:
    """Everything observable of `scenario` on `module`."""
    terminal = Terminal(*scenario['size'], scenario['encoding'])
    file = Stream('utf-8')
    try:
        with mock.patch.multiple(sys, stdout=terminal.stdout, stderr=terminal.stderr):
            result = play(module, {**scenario, 'terminal': terminal}, [None, terminal.stdout, file])
        if terminal.hung_up:                    # tqdm writes '' while closing, which sets miniters
            for state in result.get('state', []):
                del state[5]
    finally:
        text = terminal.text()
    return {**result, 'out': [text, file.getvalue()]}


VALUES = ['', '0', '1', '2', '-1', '0.5', '1e3', 'abc', 'None', 'True', 'inf', 'nan', ' 7 ', '1_0', '30',
          '60', '.oO', 'red', '#00ff00', '{n}|{bar}|{r_bar}', '{l_bar}{bar}', '{oops}', 'loss=1']


def make_environment(seed: int) -> dict[str, Any]:
    """The scenario number `seed` under an environment."""
    from minitorch.progress import tqdm
    rng = random.Random(seed)
    names = [name for name in inspect.signature(tqdm.__init__).parameters
             if name not in ('self', 'kwargs')]
    environ = {}
    for _ in range(rng.choice([1, 1, 2, 4])):
        name = rng.choice([*names, 'unknown'])
        environ['TQDM_' + rng.choice([name.upper(), name.upper(), name])] = rng.choice(VALUES)
    bars = []
    for _ in range(rng.choice([1, 1, 2])):
        kwargs = make_kwargs(rng)
        bars.append({name: kwargs[name] for name in kwargs
                     if name in ('items', 'lazy') or name not in ('gui', 'position')
                     and rng.random() < 0.3})
    allowed = ('tick', 'update', 'next', 'set_description', 'postfix', 'str', 'reset', 'refresh')
    ops = [op for op in (make_op(rng) for _ in range(20)) if op[0] in allowed]
    return {'environ': environ, 'stream': rng.choice(['plain', 'utf8', 'tty']), 'lock': True, 'step': 0,
            'bars': bars, 'ops': ops}


def play_environment(name: str, scenario: dict[str, Any]) -> dict[str, Any]:
    """Everything observable of `scenario` on a copy of the module `name`."""
    spec = importlib.util.find_spec(name)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    with mock.patch.dict(os.environ, scenario['environ']):
        try:
            spec.loader.exec_module(module)
        except ValueError as error:             # a value that is no such number
            return {'import': type(error).__name__}
    return play(module, scenario)
