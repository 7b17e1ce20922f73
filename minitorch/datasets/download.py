"""Downloads a file so that a half-written one is never mistaken for a whole one.

    bytes → `name.part` → checksum → rename to `name`

Renaming within a folder is atomic, so `name` exists only with all its bytes. A connection that
breaks leaves `name.part`, and the next call asks the server for the rest alone (HTTP header
`Range`, RFC 9110 section 14). A full disk leaves nothing.
"""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import http.client
import os
import queue
import shutil
import threading
import urllib.error
import urllib.request
import zlib
from typing import Any

from ..progress import tqdm

CONNECT_TIMEOUT = 5.0  # s until the answer's first line: finding the address, connecting, TLS
STALL_TIMEOUT = 10.0  # s without one new byte
BLOCK = 1 << 16  # bytes a read


def download(
    url: str, path: str | os.PathLike[str], md5: str | None = None, timeout: float = CONNECT_TIMEOUT
) -> None:
    """Fetches `url` into the file `path`, showing a progress bar.

    Args:
        url: http or https address.
        path: file to write; an existing one is replaced when the new one is whole.
        md5: hexadecimal MD5 the file must have; None accepts any whole file.
        timeout: seconds until the server must have begun to answer.

    Raises:
        RuntimeError: no connection, an HTTP error, a connection that broke off or stood still
            for `STALL_TIMEOUT` (what came is kept in `path + ".part"`), or a wrong checksum
            (nothing is kept). The message names the address and the reason.
        OSError: the file could not be written, for example on a full disk; nothing is kept.
    """
    path = os.fspath(path)
    part = path + ".part"
    start = os.path.getsize(part) if os.path.exists(part) else 0
    response, start = _open_at(url, start, timeout)
    length = response.headers["Content-Length"]
    total = None if length is None else start + int(length)
    digest = hashlib.md5(usedforsecurity=False)
    bar = tqdm(total=total, initial=start, desc=os.path.basename(path), unit="B", unit_scale=True)
    try:
        with response, bar, open(part, "r+b" if start else "wb") as file:
            while old := file.read(BLOCK) if start else b"":
                digest.update(old)
            received = start
            while block := _read(response, url, received):
                file.write(block)
                digest.update(block)
                received += len(block)
                bar.update(len(block))
            file.flush()
            os.fsync(file.fileno())  # on the disk before the name says that it is whole
    except OSError:  # from the disk: the network's errors arrive here as RuntimeError
        _remove(part)
        raise

    if total is not None and received != total:
        raise RuntimeError(
            f"{url}: the server closed the connection after {received} of {total} bytes; "
            f"trying again goes on from there"
        )
    if md5 is not None and digest.hexdigest() != md5:
        _remove(part)
        raise RuntimeError(
            f"{url}: wrong checksum: the {received} bytes received have the MD5 "
            f"{digest.hexdigest()}, expected {md5}"
        )
    os.replace(part, path)


def decompress(path: str | os.PathLike[str]) -> None:
    """Writes the contents of `path`, a `.gz` file, beside it, under the name without `.gz`.

    Raises:
        RuntimeError: the gzip stream is damaged or cut short.
        OSError: the file could not be written; nothing is kept.
    """
    path = os.fspath(path)
    plain = path.removesuffix(".gz")
    part = plain + ".part"
    try:
        with gzip.open(path) as source, open(part, "wb") as file:
            shutil.copyfileobj(source, file, BLOCK)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, plain)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise RuntimeError(f"{path} is damaged or cut short: {error}") from error
    finally:
        _remove(part)  # gone already when all went well


def _open_at(url: str, start: int, timeout: float) -> tuple[Any, int]:
    """Response that continues at byte `start`, or from 0 where the server would not do that."""
    response = _open(url, start, timeout)
    if response.status == 206:  # Partial Content, "Content-Range: bytes FIRST-LAST/TOTAL"
        content_range = response.headers.get("Content-Range", "")
        if content_range.startswith(f"bytes {start}-"):
            return response, start
    elif response.status == 200:  # the whole file, whatever was asked for
        return response, 0
    response.close()
    if start:  # 416, the part is not shorter than the file; or a range nobody asked for
        return _open_at(url, 0, timeout)
    raise RuntimeError(f"{url}: HTTP status {response.status} {response.reason}, expected 200")


def _open(url: str, start: int, timeout: float) -> Any:
    """`urlopen` in a thread: its own time limit covers neither looking up the name nor the sum.

    A thread that is given up ends by itself, and being a daemon holds no program open.
    """
    answer: queue.SimpleQueue[Any] = queue.SimpleQueue()
    headers = {"User-Agent": "minitorch", "Accept-Encoding": "identity"}
    if start:
        headers["Range"] = f"bytes={start}-"

    def ask() -> None:
        try:
            request = urllib.request.Request(url, headers=headers)
            answer.put(urllib.request.urlopen(request, timeout=STALL_TIMEOUT))
        except Exception as error:
            answer.put(error)

    threading.Thread(target=ask, daemon=True).start()
    try:
        response = answer.get(timeout=timeout)
    except queue.Empty:
        raise RuntimeError(f"{url}: no answer within {timeout:g} s") from None
    if isinstance(response, urllib.error.HTTPError):
        if response.code == 416 and start:
            return response
        raise RuntimeError(f"{url}: HTTP status {response.code} {response.reason}") from response
    if isinstance(response, Exception):
        reason = getattr(response, "reason", response)
        raise RuntimeError(f"{url}: no connection: {reason}") from response
    return response


def _read(response: Any, url: str, received: int) -> bytes:
    """Next bytes, as soon as there are any; b"" at the end."""
    try:
        return response.read1(BLOCK)
    except (OSError, http.client.HTTPException) as error:
        raise RuntimeError(
            f"{url}: the connection broke off after {received} bytes ({error}); "
            f"trying again goes on from there"
        ) from error


def _remove(path: str) -> None:
    with contextlib.suppress(FileNotFoundError):
        os.remove(path)
