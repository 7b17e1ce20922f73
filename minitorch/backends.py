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


def use_deterministic_algorithms(mode: bool, *, warn_only: bool = False) -> None:
    """Nothing to switch: with the same seed minitorch always gives the same numbers."""


def set_float32_matmul_precision(precision: str) -> None:
    """Which internal precision GPUs may use: 'highest', 'high' or 'medium'; here always float32."""
    if precision not in ("highest", "high", "medium"):
        raise RuntimeError(
            f"precision must be 'highest', 'high' or 'medium', but got {precision!r}"
        )


cudnn = _Backend(enabled=True, deterministic=False, benchmark=False, allow_tf32=True)
cuda = _Backend(matmul=_Backend(allow_tf32=False))
mps = _Backend()
mkldnn = _Backend()
