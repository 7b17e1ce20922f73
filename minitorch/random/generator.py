"""Generator: one Mersenne Twister stream, its 5056-byte state, and the process-wide default one.

Everything random in the package is a function of the *words* drawn here:

    random()   = the next 32-bit output y of MT19937                       (1)
    random64() = y₁·2³² + y₂,  the next two outputs, first one high        (2)

The engine is NumPy's `RandomState`, whose MT19937 stream NumPy has frozen for good;
`manual_seed(s)` starts it with init_genrand(s mod 2³²), as PyTorch's CPU generator does.

Threads: every draw holds the generator's lock, so two threads share a generator without harm,
although the order in which they are served is theirs.

Source: Matsumoto & Nishimura, "Mersenne Twister", ACM TOMACS 8 (1998); the layout of the state was
measured on PyTorch 2.13.
"""

from __future__ import annotations

import contextlib
import secrets
import threading
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

# The layout of Generator.get_state(): little endian, 5056 bytes, pad bytes zero.
STATE = np.dtype(
    [
        ("initial_seed", "<u8"),
        ("left", "<i4"),  # words until the next twist, plus one
        ("seeded", "<i4"),
        ("next", "<u8"),  # index of the next word
        ("words", "<u8", 624),  # untempered state words, each in 8 bytes
        ("normal_x", "<f8"),
        ("normal_y", "<f8"),  # the cached double normal
        ("normal_rho", "<f8"),
        ("normal_is_valid", "<i4"),
        ("pad", "V4"),
        ("float_normal", "<f4"),  # used by CUDA generators only
        ("float_normal_is_valid", "u1"),
        ("end_pad", "V3"),
    ]
)
DEFAULT_SEED = 67280421310721  # what a new Generator starts from

_WORD = 2**32
_FEW_WORDS = 4096  # below it random_raw (0.2 µs + 3.1 ns a word) beats randint (4.5 µs + 2.0 ns)
_FEW_PAIRS = 192  # the same for random64, where random_raw's words must be joined
_UINT64 = np.dtype(np.uint64)
_SHIFT_32 = np.array(32, np.uint64)


class Generator:
    """A stream of random words on the CPU, with PyTorch's numbers for the same seed.

    Args:
        device: 'cpu' (default), a device object that prints as 'cpu', or None.

    Raises:
        RuntimeError: any other device.

    Example:
        >>> from minitorch.random import Generator
        >>> Generator().initial_seed()
        67280421310721
        >>> Generator().manual_seed(-1).initial_seed()
        18446744073709551615
    """

    __slots__ = (
        "_random_state", "_engine", "_lock", "_initial_seed", "_fresh", "_next_normal", "_ahead",
        "__weakref__"
    )  # fmt: skip

    # Late-bound by the tensor layer, which this layer must not know: how a uint8 array becomes the
    # Tensor that get_state() returns, how set_state()'s argument becomes an array (TypeError if it
    # is not a Tensor), and how 'cpu' becomes a device object. On their own: arrays and a string.
    _wrap: Callable[[np.ndarray], Any] = staticmethod(lambda array: array)
    _unwrap: Callable[[Any], np.ndarray] = staticmethod(lambda state: state)
    _wrap_device: Callable[[str], Any] = staticmethod(lambda name: name)

    def __init__(self, device: Any = "cpu") -> None:
        if isinstance(device, int) or str(device) not in ("cpu", "cpu:0", "None"):
            raise RuntimeError(
                f"Generator(): device {str(device)!r} is not supported: "
                "random numbers are drawn on the CPU only, expected 'cpu'"
            )
        self._random_state = np.random.RandomState(np.random.MT19937(0))
        self._engine: Any = self._random_state._bit_generator
        self._lock = threading.Lock()
        self._ahead: Any = None  # masks drawn ahead (ahead.py): to be undone before other draws
        self._seed(DEFAULT_SEED)

    # ---- seeding -----------------------------------------------------------------------------

    def _seed(self, seed: int) -> None:
        """Start anew; `seed` in [0, 2⁶⁴). Only its low 32 bits reach the engine."""
        self._here()
        self._random_state.seed(seed % _WORD)
        self._initial_seed = seed
        self._fresh = True  # no word drawn yet; PyTorch writes next = 0 then
        self._next_normal: float | None = None  # second value of the last Box-Muller pair

    def manual_seed(self, seed: int, /) -> Generator:
        """Start the stream again from `seed` and forget the cached normal.

        Args:
            seed: an int in [-2⁶³, 2⁶⁴); a negative one counts as seed + 2⁶⁴.

        Raises:
            RuntimeError: `seed` is not an int.
            ValueError: `seed` is out of range.
        """
        if not isinstance(seed, int) or isinstance(seed, bool):
            raise RuntimeError(f"manual_seed expected a long, but got {type(seed).__name__}")
        if not -(2**63) <= seed < 2**64:
            raise ValueError(
                f"Overflow when unpacking long long: manual_seed got {seed}, "
                "expected -2**63 .. 2**64-1"
            )
        with self._lock:
            self._seed(seed % 2**64)
        return self

    def seed(self) -> int:
        """Start the stream from a seed of 53 bits that the operating system draws; return it."""
        seed = secrets.randbits(53)
        with self._lock:
            self._seed(seed)
        return seed

    def initial_seed(self) -> int:
        """The seed the stream was last started from, in [0, 2⁶⁴)."""
        return self._initial_seed

    # ---- state -------------------------------------------------------------------------------

    def _state_array(self) -> np.ndarray:
        """The whole state as 5056 bytes (uint8), in PyTorch's layout."""
        with self._lock:
            self._here()
            engine = self._engine.state["state"]
            state = np.zeros((), STATE)
            state["initial_seed"] = self._initial_seed
            state["left"] = 625 - engine["pos"]
            state["seeded"] = 1
            state["next"] = 0 if self._fresh else engine["pos"]
            state["words"] = engine["key"]
            state["normal_y"] = self._next_normal or 0.0
            state["normal_is_valid"] = self._next_normal is not None
        return np.frombuffer(state.tobytes(), np.uint8).copy()

    def _set_state_array(self, array: np.ndarray) -> Generator:
        """Take over a state written by `_state_array()` or by PyTorch's CPU generator."""
        if not isinstance(array, np.ndarray):
            raise TypeError(f"expected a torch.ByteTensor, but got {type(array).__name__}")
        if array.dtype != np.uint8:
            raise TypeError(f"RNG state must be a torch.ByteTensor, but got dtype {array.dtype}")
        if array.size != STATE.itemsize:
            raise RuntimeError(
                f"Expected a CPUGeneratorImplState of size {STATE.itemsize} "
                f"but found the input RNG state size to be {array.size}"
            )
        state = np.frombuffer(array.tobytes(), STATE)[0]
        left, position = int(state["left"]), int(state["next"])
        if (
            state["seeded"] != 1
            or not 1 <= left <= 624
            or not (left == 1 and position in (0, 624) or left + position == 625)
            or (state["words"] >= _WORD).any()
            or state["float_normal_is_valid"]  # never set by a CPU generator
        ):
            raise RuntimeError("Invalid mt19937 state")
        with self._lock:
            self._here()
            self._engine.state = {
                "bit_generator": "MT19937",
                "state": {"key": state["words"].astype(np.uint32), "pos": 625 - left},
            }
            self._initial_seed = int(state["initial_seed"])
            self._fresh = left == 1 and position == 0
            self._next_normal = float(state["normal_y"]) if state["normal_is_valid"] else None
        return self

    def get_state(self) -> Any:
        """The state, a ByteTensor of 5056 elements: everything later draws depend on."""
        return Generator._wrap(self._state_array())

    def set_state(self, new_state: Any, /) -> Generator:
        """Go on from a state that `get_state()` returned, here or in PyTorch.

        Raises:
            TypeError: not a ByteTensor.
            RuntimeError: not 5056 bytes, or not the state of a Mersenne Twister.
        """
        return self._set_state_array(Generator._unwrap(new_state))

    def clone_state(self) -> Generator:
        """A new generator that will draw what this one would draw next."""
        return Generator()._set_state_array(self._state_array())

    @property
    def device(self) -> Any:
        """Where the numbers are drawn: always the CPU."""
        return Generator._wrap_device("cpu")

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (self._state_array().tobytes(),)

    def __repr__(self) -> str:
        return f"<torch._C.Generator object at {id(self):#x}>"

    # ---- words, for the drawing functions; the caller holds the lock -------------------------

    def _here(self) -> None:
        """Let the engine stand where the stream does, if masks were drawn ahead."""
        if self._ahead is not None:
            self._ahead.rewind()

    def _word(self) -> int:
        """random(), equation (1)."""
        self._here()
        self._fresh = False
        return self._engine.random_raw()

    def _word64(self) -> int:
        """random64(), equation (2)."""
        self._here()
        self._fresh = False
        draw = self._engine.random_raw
        return draw() << 32 | draw()

    def _uniforms(self, n: int) -> list[float]:
        """n × (random64() mod 2⁵³)·2⁻⁵³ as Python floats: for a few, quicker than arrays."""
        self._here()
        self._fresh = False
        words = self._engine.random_raw(2 * n).tolist()
        return [
            ((high & 0x1FFFFF) << 32 | low) * 2.0**-53
            for high, low in zip(words[0::2], words[1::2], strict=True)
        ]

    def _words(self, n: int) -> np.ndarray:
        """n × random() as uint32, in a new array. About 2.3 ns a word."""
        self._here()
        self._fresh = False
        if n < _FEW_WORDS:
            return self._engine.random_raw(n).astype(np.uint32)
        pairs = self._random_state.randint(0, 2**64, n // 2, _UINT64)
        swap_halves(pairs)
        words = pairs.view(np.uint32)
        return words if n % 2 == 0 else np.append(words, np.uint32(self._engine.random_raw()))

    def _words64(self, n: int, bits: int = 64) -> np.ndarray:
        """n × (random64() mod 2^bits) as uint64, in a new array; 64 or 53 bits, 2.0 ns a word."""
        self._here()
        self._fresh = False
        if n < _FEW_PAIRS:
            words = self._engine.random_raw(2 * n)
            return (words[0::2] << _SHIFT_32 | words[1::2]) & np.uint64(2**bits - 1)
        # NumPy draws below a power of two by masking one random64(), so none is ever rejected.
        return self._random_state.randint(0, 2**bits, n, _UINT64)


def _rebuild(state: bytes) -> Generator:
    """What pickle and copy call to build an equal generator."""
    return Generator()._set_state_array(np.frombuffer(state, np.uint8))


def swap_halves(pairs: np.ndarray) -> None:
    """Swap the 32-bit halves of each uint64 in place: then its uint32 view has the order drawn."""
    high = pairs >> _SHIFT_32
    np.left_shift(pairs, _SHIFT_32, pairs)
    np.bitwise_or(pairs, high, pairs)


def _check_word_order() -> None:
    """Equation (2) rests on the order in which NumPy's build evaluates two calls in C: look."""
    words = np.random.MT19937(0).random_raw(4)
    bulk = np.random.RandomState(np.random.MT19937(0)).randint(0, 2**64, 2, np.uint64)
    if not np.array_equal(words[0::2] << _SHIFT_32 | words[1::2], bulk):
        raise ImportError("this NumPy build joins two Mersenne Twister words low word first")


_check_word_order()

default_generator = Generator()
default_generator.seed()


class _ThreadsOwn(threading.local):
    """A DataLoader's worker thread has a generator of its own, as PyTorch's worker processes do."""

    generator: Generator | None = None


_own = _ThreadsOwn()


def use_in_this_thread(generator: Generator | None) -> None:
    """Let `generator` be the default one in the calling thread; None: the process's again."""
    _own.generator = generator


def current() -> Generator:
    """The default generator of the calling thread."""
    return _own.generator or default_generator


# ---- the functions of torch.random that act on the default generator -----------------------------


def manual_seed(seed: Any) -> Generator:
    """Start the default generator from `seed`; the same seed gives PyTorch's numbers.

    Args:
        seed: anything `int()` takes, in [-2⁶³, 2⁶⁴).

    Returns:
        The default generator.

    Raises:
        ValueError: out of range.
    """
    return current().manual_seed(int(seed))


def seed() -> int:
    """Start the default generator from a seed the operating system draws; return it."""
    return current().seed()


def initial_seed() -> int:
    """The seed the default generator was last started from.

    A process that never called `manual_seed` has one from the operating system, new every time.
    """
    return current().initial_seed()


def get_rng_state() -> Any:
    """The default generator's state, a ByteTensor of 5056 elements."""
    return current().get_state()


def set_rng_state(new_state: Any) -> None:
    """Set the default generator's state to one that `get_rng_state()` returned."""
    current().set_state(new_state)


@contextlib.contextmanager
def fork_rng(
    devices: Any = None, enabled: bool = True, device_type: str | None = None
) -> Iterator[None]:
    """Run a block and then put the default generator back to where it was before.

    Args:
        devices: None or an empty list: there is no other device than the CPU.
        enabled: False: do nothing.
        device_type: None or 'meta' (do nothing).

    Raises:
        RuntimeError: any other device or device type.

    Example:
        >>> from minitorch.random import default_generator, fork_rng, manual_seed
        >>> _ = manual_seed(1)
        >>> with fork_rng():
        ...     _ = manual_seed(2)
        >>> default_generator.initial_seed()
        1
    """
    if not enabled or device_type == "meta":
        yield
        return
    if device_type not in (None, "cuda") or (devices is not None and list(devices)):
        raise RuntimeError(
            f"fork_rng(): devices={devices!r}, device_type={device_type!r} is not supported: "
            "there is no device but the CPU, expected devices=None or [] and device_type=None"
        )
    generator = current()
    state = generator._state_array()
    try:
        yield
    finally:
        generator._set_state_array(state)
