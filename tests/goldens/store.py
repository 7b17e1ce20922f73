"""Many small arrays in one small file: one block of bytes and an index of names and shapes."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np


def write(path: Path, arrays: dict[str, np.ndarray], **facts: str) -> None:
    """Store arrays (C order) and facts such as the version of the oracle."""
    index = [[name, a.dtype.str, list(a.shape)] for name, a in arrays.items()]
    text = json.dumps({"facts": facts, "arrays": index}).encode()
    data = b"".join(np.ascontiguousarray(a).tobytes() for a in arrays.values())
    np.savez_compressed(path, index=np.frombuffer(text, np.uint8), data=np.frombuffer(data, np.uint8))


def read(path: Path) -> dict[str, np.ndarray]:
    """The arrays by name."""
    with np.load(path) as stored:
        index = json.loads(stored["index"].tobytes())
        data = stored["data"].tobytes()
    arrays, at = {}, 0
    for name, dtype, shape in index["arrays"]:
        count = int(np.prod(shape))
        arrays[name] = np.frombuffer(data, dtype, count, at).reshape(shape)
        at += arrays[name].nbytes
    return arrays
