"""Keep the memory of freed arrays for the next ones, on Linux with glibc.

A training step makes and frees some hundred arrays of 0.1 to 10 MB. By default glibc's malloc
hands such memory back to the operating system and gets it again as pages that must be mapped and
zeroed, one fault for each 4 KB: 3,800 faults a step of the example's default preset, 12 of 93 ms
on one thread. With the two limits below there is about one.
"""

from __future__ import annotations

import ctypes

# mallopt's parameters (man mallopt): freed memory at the top of the heap goes back only beyond the
# first limit; requests above the second are mapped on their own. glibc allows 32 MB for it.
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3
KEPT = 512 << 20
LARGEST = 32 << 20


def keep_freed_memory() -> bool:
    """Set both limits for this process; False where malloc has no such settings."""
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):  # another C library; Windows
        return False
    return bool(mallopt(M_MMAP_THRESHOLD, LARGEST) and mallopt(M_TRIM_THRESHOLD, KEPT))


keep_freed_memory()
