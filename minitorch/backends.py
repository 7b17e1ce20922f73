"""torch.backends: switches of PyTorch's GPU libraries, and whether they are there (they aren't).

Scripts set ``torch.backends.cudnn.deterministic = True`` for reproducible GPU runs. The value is
kept and changes nothing: minitorch is deterministic.
"""

from __future__ import annotations


class _Backend:
    """A library that is not here; PyTorch's switches can be set on it."""

    def __init__(self, **switches: object) -> None:
        self.__dict__.update(switches)

    def is_available(self) -> bool:
        """False."""
        return False

    def is_built(self) -> bool:
        """False."""
        return False


class _Attention:
    """torch.backends.mha: whether encoder layers may take the fast path (nn/modules/fast_path.py).

    >>> import minitorch as torch
    >>> torch.backends.mha.get_fastpath_enabled()
    True
    """

    def __init__(self) -> None:
        self._is_fastpath_enabled = True

    def get_fastpath_enabled(self) -> bool:
        """Whether the fast path may be taken (at start: True)."""
        return self._is_fastpath_enabled

    def set_fastpath_enabled(self, value: bool) -> None:
        """Allow the fast path, or take the ordinary path everywhere."""
        self._is_fastpath_enabled = value


_asked = {"deterministic": False, "warn_only": False, "precision": "highest"}


def use_deterministic_algorithms(mode: bool, *, warn_only: bool = False) -> None:
    """Remember the wish: with the same seed minitorch gives the same numbers in any case."""
    _asked.update(deterministic=bool(mode), warn_only=bool(mode and warn_only))


def are_deterministic_algorithms_enabled() -> bool:
    """What `use_deterministic_algorithms` was called with (at start: False)."""
    return bool(_asked["deterministic"])


def is_deterministic_algorithms_warn_only_enabled() -> bool:
    """Whether `use_deterministic_algorithms` was called with warn_only=True."""
    return bool(_asked["warn_only"])


def set_float32_matmul_precision(precision: str) -> None:
    """Which internal precision GPUs may use: 'highest', 'high' or 'medium'; here always float32."""
    if precision not in ("highest", "high", "medium"):
        raise RuntimeError(
            f"precision must be 'highest', 'high' or 'medium', but got {precision!r}"
        )
    _asked["precision"] = precision


def get_float32_matmul_precision() -> str:
    """What `set_float32_matmul_precision` was called with (at start: 'highest')."""
    return str(_asked["precision"])


cudnn = _Backend(enabled=True, deterministic=False, benchmark=False, allow_tf32=True)
cuda = _Backend(matmul=_Backend(allow_tf32=False))
mha = _Attention()
mps = _Backend()
mkldnn = _Backend()
