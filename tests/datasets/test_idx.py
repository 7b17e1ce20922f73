"""The IDX reader: what it reads, and what it refuses and says about it."""

from __future__ import annotations

import gzip
import hashlib
import struct

import numpy as np
import pytest

from minitorch.datasets.idx import read_idx

ARRAY = np.arange(5 * 3 * 2, dtype=np.uint8).reshape(5, 3, 2)
WHOLE = b"\x00\x00\x08\x03" + struct.pack(">3I", 5, 3, 2) + ARRAY.tobytes()
SHAPE = (5, 3, 2)


@pytest.fixture(params=["plain", "gzip"])
def write(request, tmp_path):
    """Function that puts bytes into a plain or a gzip file and returns its path."""

    def write(content):
        if request.param == "plain":
            path = tmp_path / "images-idx3-ubyte"
            path.write_bytes(content)
        else:
            path = tmp_path / "images-idx3-ubyte.gz"
            path.write_bytes(gzip.compress(content))
        return path

    return write


def test_reads_what_was_written(write):
    array = read_idx(write(WHOLE), SHAPE, hashlib.sha256(WHOLE).hexdigest())
    assert array.dtype == np.uint8
    np.testing.assert_array_equal(array, ARRAY)
    array[0, 0, 0] = 77  # writable: a tensor will share its memory
    assert array[0, 0, 0] == 77


def test_shape_may_leave_sizes_open(write):
    path = write(WHOLE)
    np.testing.assert_array_equal(read_idx(str(path), (None, 3, None)), ARRAY)


def test_no_items(write):
    path = write(b"\x00\x00\x08\x01" + struct.pack(">I", 0))
    assert read_idx(path, (None,)).shape == (0,)


@pytest.mark.parametrize(
    "content, shape, found, expected",
    [
        (b"", SHAPE, "nothing (the file is empty)", "0x00000803"),
        (WHOLE[:3], SHAPE, "0x000008", "0x00000803"),
        (b"\x89PNG" + WHOLE, SHAPE, "0x89504e47", "0x00000803"),
        (b"\x00\x00\x0d\x03" + WHOLE[4:], SHAPE, "0x00000d03", "0x00000803"),  # float32
        (WHOLE, (None,), "0x00000803", "0x00000801"),  # images where labels should be
        (WHOLE[:11], SHAPE, "11 bytes", "expected 16"),
        (WHOLE, (5, 3, 4), "5 × 3 × 2", "5 × 3 × 4"),
        (WHOLE, (None, 28, 28), "5 × 3 × 2", "any × 28 × 28"),
        (WHOLE[:-1], SHAPE, "only 29 bytes", "expected 30 (5 × 3 × 2)"),
        (WHOLE[:16], SHAPE, "only 0 bytes", "expected 30"),
        (WHOLE + b"\x00", SHAPE, "more than 30 bytes", "expected 30"),
    ],
)
def test_refuses_and_says_why(write, content, shape, found, expected):
    path = write(content)
    with pytest.raises(RuntimeError) as error:
        read_idx(path, shape)
    message = str(error.value)
    assert str(path) in message and found in message and expected in message


def test_one_wrong_bit_is_found_by_checksum(write):
    content = bytearray(WHOLE)
    content[20] ^= 1
    path = write(bytes(content))
    read_idx(path, SHAPE)  # the structure is right
    want, got = hashlib.sha256(WHOLE).hexdigest(), hashlib.sha256(content).hexdigest()
    with pytest.raises(RuntimeError, match=f"SHA-256 {got}, expected {want}") as error:
        read_idx(path, SHAPE, want)
    assert str(path) in str(error.value)


def test_header_that_announces_terabytes_allocates_nothing(write):
    path = write(b"\x00\x00\x08\x03" + b"\xff" * 12 + b"abc")
    with pytest.raises(RuntimeError, match="only 3 bytes"):
        read_idx(path, (None, None, None))


@pytest.mark.parametrize("cut", [5, 30, -9, -1])
def test_cut_gzip(tmp_path, cut):
    path = tmp_path / "labels.gz"
    path.write_bytes(gzip.compress(WHOLE)[:cut])
    with pytest.raises(RuntimeError, match="damaged or cut short") as error:
        read_idx(path, SHAPE)
    assert str(path) in str(error.value)


@pytest.mark.parametrize("position", [0, 15, -5])  # gzip's magic number, the data, its CRC-32
def test_damaged_gzip(tmp_path, position):
    packed = bytearray(gzip.compress(WHOLE))
    packed[position] ^= 0xFF
    path = tmp_path / "labels.gz"
    path.write_bytes(packed)
    with pytest.raises(RuntimeError, match="damaged or cut short"):
        read_idx(path, SHAPE)


def test_missing_file_is_the_systems_error(tmp_path):
    with pytest.raises(FileNotFoundError, match="nowhere"):
        read_idx(tmp_path / "nowhere", SHAPE)
