"""Downloads from a server on this machine that misbehaves in every way the code provides for."""

from __future__ import annotations

import errno
import gzip
import hashlib
import os
import struct
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest

from minitorch.datasets import MNIST, download as module, mnist as mnist_module
from minitorch.datasets.download import decompress, download

CONTENT = np.random.default_rng(0).bytes(200_000)
MD5 = hashlib.md5(CONTENT).hexdigest()


class Handler(BaseHTTPRequestHandler):
    """Serves `server.files`; the first part of the path says how."""

    def do_GET(self):
        _, how, name = self.path.split("/")
        asked = self.headers.get("Range")
        self.server.requests.append((how, asked))
        content = self.server.files.get(name)
        if content is None or how == "missing":
            return self.send_error(404)
        if how == "silent":
            return self.server.release.wait(20)
        start, status = 0, 200
        if asked and how != "no-range":
            start, status = int(asked.removeprefix("bytes=").removesuffix("-")), 206
            if start >= len(content):
                return self.send_error(416)
        self.send_response(status)
        stated = 7 if how == "wrong-range" else start
        if status == 206:
            self.send_header("Content-Range", f"bytes {stated}-{len(content) - 1}/{len(content)}")
        if how != "no-length":
            self.send_header("Content-Length", str(len(content) - start))
        self.end_headers()
        body = content[start:]
        if how in ("cut", "stall"):
            body = body[: len(body) // 2]
        self.wfile.write(body)
        self.wfile.flush()
        if how == "stall":
            self.server.release.wait(20)

    def log_message(self, *args):
        pass


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.files = {"file.bin": CONTENT}
    server.requests = []
    server.release = threading.Event()  # lets stalled answers end when the test does
    server.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.release.set()
    server.shutdown()
    server.server_close()
    thread.join(5)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "file.bin"


@pytest.fixture
def part(tmp_path):
    return tmp_path / "file.bin.part"


@pytest.mark.parametrize("how", ["good", "no-length"])
def test_whole_file(server, path, part, how, capsys):
    download(f"{server.url}/{how}/file.bin", path, MD5)
    assert path.read_bytes() == CONTENT
    assert not part.exists()
    assert "file.bin" in capsys.readouterr().err  # the bar


def test_goes_on_where_the_part_ends(server, path, part):
    part.write_bytes(CONTENT[:150_000])
    download(f"{server.url}/good/file.bin", path, MD5)
    assert server.requests == [("good", "bytes=150000-")]
    assert path.read_bytes() == CONTENT
    assert not part.exists()


@pytest.mark.parametrize(
    "how, length, requests",
    [
        ("no-range", 1000, ["bytes=1000-"]),  # the server sends everything
        ("no-range", 199_999, ["bytes=199999-"]),
        ("wrong-range", 1000, ["bytes=1000-", None]),  # the server starts elsewhere
        ("good", 200_000, ["bytes=200000-", None]),  # nothing left: status 416
        ("good", 300_000, ["bytes=300000-", None]),
    ],
)
def test_starts_over_where_it_cannot_go_on(server, path, part, how, length, requests):
    part.write_bytes(b"x" * length)
    download(f"{server.url}/{how}/file.bin", path, MD5)
    assert server.requests == [(how, asked) for asked in requests]
    assert path.read_bytes() == CONTENT
    assert not part.exists()


def test_wrong_part_is_found_by_checksum_and_dropped(server, path, part):
    part.write_bytes(b"x" * 1000)
    with pytest.raises(RuntimeError, match=f"wrong checksum.*expected {MD5}"):
        download(f"{server.url}/good/file.bin", path, MD5)
    assert not part.exists() and not path.exists()
    download(f"{server.url}/good/file.bin", path, MD5)
    assert path.read_bytes() == CONTENT


def test_wrong_checksum_keeps_the_old_file(server, path, part):
    path.write_bytes(b"old")
    url = f"{server.url}/good/file.bin"
    with pytest.raises(RuntimeError) as error:
        download(url, path, "0" * 32)
    assert url in str(error.value) and MD5 in str(error.value) and "0" * 32 in str(error.value)
    assert path.read_bytes() == b"old"
    assert not part.exists()


def test_cut_connection_keeps_the_part(server, path, part):
    with pytest.raises(RuntimeError, match="after 100000 of 200000 bytes"):
        download(f"{server.url}/cut/file.bin", path, MD5)
    assert not path.exists()
    assert part.read_bytes() == CONTENT[:100_000]
    download(f"{server.url}/good/file.bin", path, MD5)
    assert server.requests[-1] == ("good", "bytes=100000-")
    assert path.read_bytes() == CONTENT


def test_stalled_body(server, path, part, monkeypatch):
    monkeypatch.setattr(module, "STALL_TIMEOUT", 0.3)
    begin = time.monotonic()
    with pytest.raises(RuntimeError, match="broke off after 100000 bytes .*timed out"):
        download(f"{server.url}/stall/file.bin", path, MD5)
    assert time.monotonic() - begin < 5
    assert not path.exists()
    assert part.read_bytes() == CONTENT[:100_000]


def test_silent_server(server, path, part):
    begin = time.monotonic()
    with pytest.raises(RuntimeError, match=r"silent/file.bin: no answer within 0.3 s"):
        download(f"{server.url}/silent/file.bin", path, MD5, timeout=0.3)
    assert time.monotonic() - begin < 5
    assert not path.exists() and not part.exists()


def test_404(server, path, part):
    with pytest.raises(RuntimeError, match="missing/file.bin: HTTP status 404 Not Found"):
        download(f"{server.url}/missing/file.bin", path, MD5)
    assert not path.exists() and not part.exists()


def test_nobody_listens(server, path):
    server.shutdown()
    server.server_close()
    with pytest.raises(RuntimeError, match="no connection: .*refused"):
        download(f"{server.url}/good/file.bin", path, MD5)
    assert not path.exists()


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs Linux's /dev/full")
def test_full_disk_leaves_nothing(server, path, part):
    part.symlink_to("/dev/full")  # every write fails as on a full disk
    with pytest.raises(OSError) as error:
        download(f"{server.url}/good/file.bin", path, MD5)
    assert error.value.errno == errno.ENOSPC
    assert not os.path.lexists(part) and not path.exists()


def test_full_disk_at_the_end_leaves_nothing(server, path, part, monkeypatch):
    def full(descriptor):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        download(f"{server.url}/good/file.bin", path, MD5)
    assert not part.exists() and not path.exists()


def test_folder_that_does_not_exist(server, tmp_path):
    with pytest.raises(FileNotFoundError, match="nowhere"):
        download(f"{server.url}/good/file.bin", tmp_path / "nowhere" / "file.bin", MD5)


def test_decompress(tmp_path):
    (tmp_path / "a.gz").write_bytes(gzip.compress(CONTENT))
    decompress(tmp_path / "a.gz")
    assert (tmp_path / "a").read_bytes() == CONTENT
    assert sorted(os.listdir(tmp_path)) == ["a", "a.gz"]


def test_decompress_of_a_cut_file_leaves_nothing(tmp_path):
    (tmp_path / "a.gz").write_bytes(gzip.compress(CONTENT)[:-1000])
    with pytest.raises(RuntimeError, match="a.gz is damaged or cut short"):
        decompress(tmp_path / "a.gz")
    assert os.listdir(tmp_path) == ["a.gz"]


class Tiny(MNIST):
    """Three images for training and two for test, from the server of this file."""


def _idx(array):
    return (
        bytes([0, 0, 8, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape) + bytes(array)
    )


@pytest.fixture
def tiny(server, monkeypatch):
    resources = []
    for split, n in (("train", 3), ("t10k", 2)):
        images = np.arange(n * 28 * 28, dtype=np.uint64).astype(np.uint8).reshape(n, 28, 28)
        for name, array in (
            (f"{split}-images-idx3-ubyte.gz", images),
            (f"{split}-labels-idx1-ubyte.gz", np.arange(n, dtype=np.uint8)),
        ):
            server.files[name] = gzip.compress(_idx(array))
            resources.append((name, hashlib.md5(server.files[name]).hexdigest()))
    monkeypatch.setattr(Tiny, "resources", resources)
    monkeypatch.setattr(Tiny, "mirrors", [f"{server.url}/missing/", f"{server.url}/good/"])
    return Tiny


def test_dataset_downloads_from_the_second_mirror(tiny, server, tmp_path):
    dataset = tiny(tmp_path, train=False, download=True)
    assert dataset.targets.tolist() == [0, 1]
    names = [name for name, _ in tiny.resources]
    plain = [name.removesuffix(".gz") for name in names]
    assert sorted(os.listdir(tmp_path / "Tiny" / "raw")) == sorted(names + plain)
    asked = len(server.requests)
    assert len(tiny(tmp_path, download=True)) == 3  # all there: nothing is asked again
    assert len(server.requests) == asked == 8


def test_dataset_fetches_only_what_is_missing(tiny, server, tmp_path):
    tiny(tmp_path, download=True)
    raw = tmp_path / "Tiny" / "raw"
    (raw / "t10k-labels-idx1-ubyte").unlink()  # the .gz alone will do
    (raw / "train-labels-idx1-ubyte").unlink()
    (raw / "train-labels-idx1-ubyte.gz").unlink()
    server.requests.clear()
    assert tiny(tmp_path, download=True).targets.tolist() == [0, 1, 2]
    assert [how for how, _ in server.requests] == ["missing", "good"]


def test_dataset_names_every_mirror_and_its_reason(tiny, server, tmp_path, monkeypatch):
    monkeypatch.setattr(mnist_module, "CONNECT_TIMEOUT", 0.6)
    silent, missing = f"{server.url}/silent/", f"{server.url}/missing/"
    monkeypatch.setattr(Tiny, "mirrors", [silent, missing])
    begin = time.monotonic()
    with pytest.raises(RuntimeError) as error:
        tiny(tmp_path, download=True)
    assert time.monotonic() - begin < 5
    message = str(error.value)
    assert message.startswith("Error downloading train-images-idx3-ubyte.gz:")
    assert f"Tried {silent}, got:" in message and "no answer within 0.3 s" in message
    assert f"Tried {missing}, got:" in message and "404" in message
    assert os.listdir(tmp_path / "Tiny" / "raw") == []


def test_two_silent_mirrors_share_the_time(tiny, server, tmp_path, monkeypatch):
    assert mnist_module.CONNECT_TIMEOUT == 5.0
    monkeypatch.setattr(mnist_module, "CONNECT_TIMEOUT", 1.0)
    monkeypatch.setattr(Tiny, "mirrors", [f"{server.url}/silent/"] * 2)
    begin = time.monotonic()
    with pytest.raises(RuntimeError, match="no answer within 0.5 s"):
        tiny(tmp_path, download=True)
    assert 0.9 < time.monotonic() - begin < 1.9
