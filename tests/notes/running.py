"""Runs a row of the tables on minitorch or on PyTorch and says, in plain values, what it showed.

A row is data: a callable, one parameter and the source text of its value. The outcome is a dict
that JSON can hold: what the row's `show` gives, or the exception; and the warnings.
"""

from __future__ import annotations

import contextlib
import io
import math
import os
import random
import re
import sys
import threading
import warnings
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

import numpy as np
from PIL import Image

import minitorch
import minitorch.progress
import minitorch.transforms
from tests.progress.scenarios import Clock, Stream


@dataclass(frozen=True)
class Row:
    """One parameter changed alone, and an expression that shows what that does."""

    parameter: str  # as in the table: "*size" takes a tuple, "**names" a dict
    value: str
    show: str = ""  # of the result `r`; "" is the group's
    before: str = ""  # statements that run first, after the group's
    given: dict[str, str] = field(default_factory=dict)  # besides the group's
    own_text: bool = False  # the exception's text is ours: it must name the parameter
    differs: str = ""  # the reason why minitorch's outcome is another one …
    ours: Any = None  # … and that outcome


@dataclass(frozen=True)
class Group:
    """The rows of one callable."""

    name: str  # of the table's entry
    rows: tuple[Row, ...]
    given: dict[str, str] = field(default_factory=dict)  # what the call cannot do without
    before: str = ""
    show: str = "r"
    call: str = ""  # what is called, where it is a method of something made in `before`

    def title(self, row: Row) -> str:
        shown = f" -> {row.show}" if row.show else ""
        context = "".join(f", {k}={v}" for k, v in row.given.items())
        before = f"{row.before}; " if row.before else ""
        return f"{before}{self.name}({row.parameter}={row.value}{context}){shown}"


@dataclass(frozen=True)
class Side:
    """One of the two implementations."""

    torch: ModuleType
    transforms: ModuleType | None
    progress: ModuleType  # minitorch.progress or tqdm.std

    @property
    def env(self) -> dict[str, Any]:
        torch: Any = self.torch
        return {
            "torch": torch, "nn": torch.nn, "F": torch.nn.functional, "optim": torch.optim,
            "transforms": self.transforms, "tqdm": self.progress.tqdm,
            "np": np, "Image": Image, "OrderedDict": OrderedDict, "math": math, "io": io,
        }  # fmt: skip

    def seed(self) -> None:
        """As manual_seed(0), without what PyTorch does there for devices that are not here."""
        self.torch.default_generator.manual_seed(0)  # type: ignore[attr-defined]
        random.seed(0)


OURS = Side(minitorch, minitorch.transforms, minitorch.progress)


def oracle(torchvision: Any = None) -> Side:
    """PyTorch, tqdm and, if given, torchvision."""
    import torch
    import tqdm.std

    return Side(torch, torchvision and torchvision.transforms, tqdm.std)


# What PyTorch says of its own insides, and only once a process: the order of rows would matter.
ONCE = ("nested tensors is in prototype stage", "Using padding='same' with even kernel lengths")


# -- the call ------------------------------------------------------------------------------------
def call(function: Any, arguments: dict[str, Any], without: str = "") -> Any:
    """The call, or with `without` the call that leaves this one parameter out."""
    args: tuple[Any, ...] = ()
    kwargs: dict[str, Any] = {}
    for name, value in arguments.items():
        if name == without:
            continue
        if name.startswith("**"):
            kwargs |= value
        elif name.startswith("*"):
            args = tuple(value)
        else:
            kwargs[name] = value
    return function(*args, **kwargs)


def run(group: Group, row: Row, side: Side, without: str = "") -> dict[str, Any]:
    """The outcome of a row; `without` names a parameter that is left out of the call."""

    def shown(env: dict[str, Any]) -> Any:
        exec(group.before, env)
        exec(row.before, env)
        texts = group.given | row.given | {row.parameter: row.value}
        arguments = {name: eval(text, env) for name, text in texts.items()}
        function = eval(group.call or group.name, env)
        side.seed()
        env["r"] = call(function, arguments, without)
        return eval(row.show or group.show, env)

    return outcome(shown, side)


def run_code(code: str, side: Side) -> dict[str, Any]:
    """The outcome of lines of code: what they print."""

    def shown(env: dict[str, Any]) -> Any:
        text = code
        if side is OURS:  # what a learner edits
            text = re.sub(r"^import torch\b", "import minitorch", text, flags=re.MULTILINE)
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            exec(text, env)
        return out.getvalue()

    return outcome(shown, side)


def outcome(act: Any, side: Side) -> dict[str, Any]:
    """What `act` gives in a fresh environment, or the exception; and the warnings."""
    result: dict[str, Any] = {}
    env = side.env
    side.seed()
    with warnings.catch_warnings(record=True) as caught, still(side, env):
        warnings.simplefilter("always")
        try:
            result["gives"] = plain(act(env))
        except Exception as error:
            result = {"raises": type(error).__name__, "says": text_of(error)}
    warned = [f"{w.category.__name__}: {text_of(w.message)}" for w in caught]
    warned = [text for text in warned if not any(remark in text for remark in ONCE)]
    return result | ({"warns": warned} if warned else {})


# -- a clock and a screen for the bar ------------------------------------------------------------
class Lock:
    """A lock that someone else holds: asked not to wait, it says no."""

    def __init__(self) -> None:
        self.asked: list[tuple[Any, ...]] = []

    def acquire(self, *args: Any) -> bool:
        self.asked.append(args)
        return args != (False,)

    def release(self) -> None:
        pass

    __enter__ = acquire

    def __exit__(self, *exc: object) -> None:
        pass


class Terminal(Stream):
    """A screen that knows its width: a pseudo-terminal answers for it."""

    def __init__(self, columns: int, rows: int) -> None:
        import pty

        super().__init__("utf-8", tty=True)
        self._ends = pty.openpty()
        self.resize(columns, rows)

    def resize(self, columns: int, rows: int) -> None:
        import fcntl
        import struct
        import termios

        fcntl.ioctl(self._ends[1], termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def fileno(self) -> int:
        return self._ends[1]

    def close(self) -> None:
        for end in self._ends:
            with contextlib.suppress(OSError):
                os.close(end)
        super().close()


@contextlib.contextmanager
def still(side: Side, env: dict[str, Any]) -> Iterator[None]:
    """`screen` stands for stderr, `play` loops over a bar on a clock that moves when told to."""
    module: Any = side.progress
    cls = module.tqdm
    clock, screen = Clock(0), Stream("utf-8")
    saved = module.time, cls.monitor_interval, cls.get_lock(), sys.stderr
    environment = {name: os.environ.pop(name, None) for name in ("COLUMNS", "LINES")}

    def play(bar: Any, *seconds: float) -> str:
        steps = iter(seconds)
        for _ in bar:
            clock.now += next(steps, 1.0)
        return screen.getvalue()

    env |= {"clock": clock, "screen": screen, "play": play}
    env |= {"Stream": Stream, "Terminal": Terminal, "Lock": Lock}
    try:
        module.time, cls.monitor_interval, sys.stderr = clock, 0, screen
        cls.set_lock(threading.RLock())
        yield
    finally:
        for bar in list(cls._instances):
            bar.disable = True
        cls._instances.clear()
        cls.set_lock(saved[2])
        module.time, cls.monitor_interval, _, sys.stderr = saved
        os.environ.update({k: v for k, v in environment.items() if v is not None})
        for value in env.values():
            if isinstance(value, Terminal):
                value.close()


# -- plain values --------------------------------------------------------------------------------
def plain(value: Any) -> Any:
    """Numbers, texts, lists and dicts; a tensor, an array or an image as its numbers."""
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, (list, tuple)) and "Size" not in type(value).__name__:
        return [plain(v) for v in value]
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, Image.Image):
        return {"image": value.mode, "size": list(value.size), "bytes": list(value.tobytes())}
    if hasattr(value, "detach"):
        value = value.detach().numpy()
    if isinstance(value, np.ndarray):
        numbers = value.ravel().tolist()
        if value.dtype == np.float32:  # in as few digits as tell it from its neighbours
            numbers = [float(str(v)) for v in value.ravel()]
        return {"dtype": str(value.dtype), "shape": list(value.shape), "numbers": numbers}
    if isinstance(value, bytes):
        return value.decode("latin-1")
    return text_of(repr(value))


def text_of(value: Any) -> str:
    """Text with PyTorch's names, no addresses, and without its remarks on its own C++ files."""
    text = str(value).replace("minitorch.", "torch.")
    text = re.sub(r" at 0x[0-9a-f]+", "", text)
    return re.sub(r" \(Triggered internally at .*\)$", "", text, flags=re.DOTALL)


def compare(row: Row, got: dict[str, Any], wanted: dict[str, Any]) -> str:
    """Where minitorch's outcome of a row is not what it must be, or "".

    `wanted` is PyTorch's outcome. A text of our own must name the parameter or the value.
    """
    if row.differs:
        return difference(got, row.ours)
    if row.own_text and "raises" in got:
        names = re.findall(r"[A-Za-z_]{3,}", f"{row.parameter} {row.value}")
        if not any(name in got["says"] for name in names):
            return f"{got['says']!r} names none of {names}"
    return difference(kept(row, got), kept(row, wanted))


def kept(row: Row, result: dict[str, Any]) -> dict[str, Any]:
    """An outcome without the exception's text, where the two are not meant to be equal."""
    return {k: v for k, v in result.items() if k != "says" or not row.own_text}


TOLERANCE = {"float64": 1e-9, "float32": 1e-6, "float16": 1e-3}


def difference(got: Any, wanted: Any) -> str:
    """Where two outcomes differ, or "". Floats may by TOLERANCE, relative to the largest."""
    if isinstance(wanted, dict) and "numbers" in wanted:
        if not isinstance(got, dict) or {**got, "numbers": 0} != {**wanted, "numbers": 0}:
            return f"{got} is not {wanted}"
        a, b = (np.array(x["numbers"], np.float64) for x in (got, wanted))
        tolerance = TOLERANCE.get(wanted["dtype"], 0.0)
        finite = b[np.isfinite(b)]
        slack = tolerance * float(np.abs(finite).max(initial=0))
        same = np.isclose(a, b, tolerance, slack, equal_nan=True)
        return "" if same.all() else f"{a[~same]} is not {b[~same]}"
    if isinstance(wanted, float) and isinstance(got, float):
        return "" if np.isclose(got, wanted, 1e-9, 0, equal_nan=True) else f"{got} is not {wanted}"
    if isinstance(wanted, dict) and isinstance(got, dict) and got.keys() == wanted.keys():
        return next((d for k in wanted if (d := difference(got[k], wanted[k]))), "")
    if isinstance(wanted, list) and isinstance(got, list) and len(got) == len(wanted):
        return next((d for g, w in zip(got, wanted) if (d := difference(g, w))), "")
    return "" if type(got) is type(wanted) and got == wanted else f"{got!r} is not {wanted!r}"
