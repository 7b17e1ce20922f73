"""Files that are written whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO


@contextmanager
def whole_file(path: str) -> Iterator[IO[bytes]]:
    """Open a file for writing that takes its name only when the block ends without an error.

    The bytes go to a file beside `path`, which is renamed at the end (atomic within a folder) or
    removed: a full disk or an interrupt leaves what was there before.
    """
    partial = f"{path}.{os.getpid()}.part"
    try:
        with open(partial, "wb") as file:
            yield file
        os.replace(partial, path)
    finally:
        if os.path.exists(partial):
            os.unlink(partial)
