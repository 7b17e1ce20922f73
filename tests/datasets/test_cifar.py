"""CIFAR10 and CIFAR100 on small files in Python 2's pickle format, written here byte by byte."""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import pickle
import struct
import tarfile

import numpy as np
import pytest
from PIL import Image

from minitorch.datasets import CIFAR10, CIFAR100, cifar

NAMES = ["airplane", "bird", "cät"]


def python2(obj):
    """The protocol 2 opcodes that Python 2 wrote for `obj`: its strings are bytes."""
    if isinstance(obj, dict):
        return b"}(" + b"".join(python2(k) + python2(v) for k, v in obj.items()) + b"u"
    if isinstance(obj, list):
        return b"](" + b"".join(map(python2, obj)) + b"e"
    if isinstance(obj, str):
        return b"U" + bytes([len(obj)]) + obj.encode("latin1")
    if isinstance(obj, int):
        return b"J" + struct.pack("<i", obj)
    fortran = obj.flags.f_contiguous and not obj.flags.c_contiguous
    raw = obj.tobytes("F" if fortran else "C")
    return (
        b"cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\x00\x85U\x01b\x87R(K\x01("
        + b"".join(python2(n) for n in obj.shape)
        + b"tcnumpy\ndtype\n" + python2(obj.dtype.str[1:]) + b"K\x00K\x01\x87R"
        + b"(K\x03U\x01|NNN" + python2(-1) * 2 + b"K\x00tb"
        + (b"\x88" if fortran else b"\x89") + b"T" + struct.pack("<i", len(raw)) + raw + b"tb"
    )  # fmt: skip


def batch(n, seed, key="labels", **changes):
    """Contents of a batch file of n images, and what is in it."""
    rng = np.random.default_rng(seed)
    entry = {
        "batch_label": "training batch",
        key: rng.integers(0, 3, n).tolist(),
        "data": rng.integers(0, 256, (n, 3072)).astype(np.uint8),
        "filenames": ["a_s_000001.png"] * n,
    }
    entry.update(changes)
    return b"\x80\x02" + python2(entry) + b".", entry


def md5(content):
    return hashlib.md5(content).hexdigest()


FILES = {name: batch(n, i) for i, (name, n) in enumerate({"one": 4, "two": 3, "test": 2}.items())}
META = b"\x80\x02" + python2({"num_cases_per_batch": 4, "label_names": NAMES}) + b"."


class Tiny(CIFAR10):
    """CIFAR10's layout and code with two small batches."""

    train_list = [[name, md5(FILES[name][0])] for name in ("one", "two")]
    test_list = [["test", md5(FILES["test"][0])]]
    meta = {"filename": "batches.meta", "key": "label_names", "md5": md5(META)}
    filename, tgz_md5 = "tiny.tar.gz", None


class Loose(Tiny):
    """The same, but files of any content are read."""

    train_list, test_list = [["one", None], ["two", None]], [["test", None]]
    meta = {**Tiny.meta, "md5": None}


@pytest.fixture
def root(tmp_path):
    folder = tmp_path / "cifar-10-batches-py"
    folder.mkdir()
    for name, (content, _) in FILES.items():
        (folder / name).write_bytes(content)
    (folder / "batches.meta").write_bytes(META)
    return tmp_path


def test_the_helper_writes_what_pickle_reads():
    assert pickle.loads(META, encoding="latin1")["label_names"] == NAMES


def test_arrays(root):
    train, test = Tiny(root), Tiny(root, train=False)
    entries = [FILES[name][1] for name in ("one", "two")]
    expected = np.concatenate([e["data"] for e in entries])
    assert train.data.shape == (7, 32, 32, 3) and train.data.dtype == np.uint8
    # 1024 red values row by row, then green, blue
    assert train.data[5, 9, 20, 2] == expected[5, 2 * 1024 + 9 * 32 + 20]
    np.testing.assert_array_equal(train.data[6, :, :, 0].ravel(), expected[6, :1024])
    assert train.targets == entries[0]["labels"] + entries[1]["labels"]
    assert test.data.shape == (2, 32, 32, 3) and test.targets == FILES["test"][1]["labels"]
    assert train.classes == NAMES
    assert train.class_to_idx == {"airplane": 0, "bird": 1, "cät": 2}
    assert (len(train), len(test), train.train, test.train) == (7, 2, True, False)


def test_items(root):
    dataset = Tiny(root, transform=lambda image: image.size, target_transform=lambda t: -t)
    assert dataset[2] == ((32, 32), -dataset.targets[2])
    image, target = Tiny(root)[-1]
    assert isinstance(image, Image.Image) and image.mode == "RGB" and type(target) is int
    np.testing.assert_array_equal(np.asarray(image), Tiny(root).data[6])
    with pytest.raises(IndexError):
        Tiny(root)[7]


def test_repr(root):
    assert repr(Tiny(root, train=False)) == (
        f"Dataset Tiny\n    Number of datapoints: 2\n    Root location: {root}\n    Split: Test"
    )


def test_a_fortran_ordered_array(root):
    before = Tiny(root, train=False).data
    content = batch(2, 2, data=np.asfortranarray(FILES["test"][1]["data"]))[0]
    assert content != FILES["test"][0]
    (root / "cifar-10-batches-py" / "test").write_bytes(content)
    np.testing.assert_array_equal(Loose(root, train=False).data, before)


def test_cifar100(tmp_path):
    content, entry = batch(5, 9, "fine_labels", coarse_labels=[0] * 5)
    meta = b"\x80\x02" + python2({"fine_label_names": NAMES, "coarse_label_names": ["x"]}) + b"."

    class Tiny100(CIFAR100):
        train_list, test_list = [["train", None]], [["test", None]]
        meta = {**CIFAR100.meta, "md5": None}

    (tmp_path / "cifar-100-python").mkdir()
    for name, data in (("train", content), ("test", content), ("meta", meta)):
        (tmp_path / "cifar-100-python" / name).write_bytes(data)
    dataset = Tiny100(tmp_path)
    assert dataset.targets == entry["fine_labels"] and dataset.classes == NAMES


def test_same_as_torchvision(root, torchvision):
    theirs_class = type("Theirs", (torchvision.datasets.CIFAR10,), {
        "train_list": Tiny.train_list, "test_list": Tiny.test_list, "meta": Tiny.meta,
    })  # fmt: skip
    for train in (True, False):
        theirs, ours = theirs_class(root, train=train), Tiny(root, train=train)
        np.testing.assert_array_equal(ours.data, theirs.data)
        assert ours.data.strides == theirs.data.strides
        for name in ("targets", "classes", "class_to_idx"):
            assert getattr(ours, name) == getattr(theirs, name)
        assert repr(ours) == repr(theirs).replace("Theirs", "Tiny")
        assert ours[1][0].tobytes() == theirs[1][0].tobytes() and ours[1][1] == theirs[1][1]
    for ours_real, name in ((CIFAR10, "CIFAR10"), (CIFAR100, "CIFAR100")):
        theirs_real = getattr(torchvision.datasets, name)
        for key in ("base_folder", "url", "filename", "tgz_md5", "train_list", "test_list", "meta"):
            assert getattr(ours_real, key) == getattr(theirs_real, key)


# -- files that are not what they should be ---------------------------------------------------------


@pytest.mark.parametrize("name", ["one", "test", "batches.meta"])  # both splits, as torchvision
def test_missing_and_changed_files(root, name):
    path = root / "cifar-10-batches-py" / name
    content = path.read_bytes()
    path.write_bytes(content[:-2] + b"x.")
    with pytest.raises(RuntimeError, match=f"not found or corrupted.*\n.*{name} has the MD5"):
        Tiny(root)
    path.unlink()
    with pytest.raises(RuntimeError, match=f"{name} is not there"):
        Tiny(root)


def evil(tmp_path):
    """Programs that act when an ordinary unpickler reads them."""
    marker = str(tmp_path / "boom")
    call = b"(" + python2(marker) + b"tR"
    yield b"cos\nmkdir\n" + call  # a function
    yield b"(" + python2(marker) + b"ios\nmkdir\n"  # INST
    yield b"(cos\nmkdir\n" + python2(marker) + b"o"  # OBJ
    yield b"\x8c\x02os\x8c\x05mkdir\x93" + call  # STACK_GLOBAL
    yield b"\x8c\x05numpy\x8c\x0endarray.tofile\x93" + call  # a dotted name
    yield b"cnumpy.core.multiarray\n_reconstruct.__globals__\n" + call
    yield b"cbuiltins\neval\n(" + python2(f"__import__('os').mkdir('{marker}')") + b"tR"
    yield b"cnumpy\nload\n" + call


@pytest.mark.parametrize("which", range(8))
def test_reading_runs_no_code(root, tmp_path, which):
    program = b"\x80\x04" + list(evil(tmp_path))[which] + b"."
    (root / "cifar-10-batches-py" / "one").write_bytes(program)
    with pytest.raises(RuntimeError, match="is no CIFAR file: it names .*, which no array needs"):
        Loose(root)
    assert not (tmp_path / "boom").exists()


def test_the_evil_programs_are_evil(tmp_path):
    pickle.loads(b"\x80\x04" + next(evil(tmp_path)) + b".")
    assert (tmp_path / "boom").exists()


@pytest.mark.parametrize(
    "program",
    [
        b"cnumpy\nndarray\n}" + python2("__class__") + b"K\x01sb",  # BUILD: attributes
        b"cnumpy\nndarray\nN}" + python2("__call__") + b"K\x01s\x86b",  # BUILD: slots
        b"cnumpy\nndarray\n)\x81",  # NEWOBJ
        b"cnumpy\nndarray\nK\x01a",  # APPEND
        b"cnumpy\nndarray\nK\x01K\x02s",  # SETITEM
        b"K\x07Q",  # a persistent id
        b"\x82\x01",  # an extension's number
        b"cnumpy\nndarray\n",
        b"K\x07",
        b"",
        b"\xff\xff",
        b"T\xff\xff\xff\x7fabc",
    ],
)
def test_programs_that_make_no_sense(root, program):
    before = dict(vars(cifar._Part))
    (root / "cifar-10-batches-py" / "one").write_bytes(b"\x80\x02" + program + b".")
    with pytest.raises(RuntimeError, match="one is no CIFAR file"):
        Loose(root)
    assert dict(vars(cifar._Part)) == before


@pytest.mark.parametrize(
    "changes, words",
    [
        ({"data": np.zeros((2, 3071), np.uint8)}, r"an array \(2, 3071\) and 2 labels"),
        ({"data": np.zeros((3, 3072), np.uint8)}, r"an array \(3, 3072\) and 2 labels"),
        ({"data": np.zeros(3072, np.uint8)}, r"an array \(3072,\)"),
        ({"data": np.zeros((2, 3072), np.int16)}, "no array of uint8"),
        ({"data": [1, 2]}, "lacks the data or the labels"),
        ({"labels": 3}, "lacks the data or the labels"),
        ({"labels": [0, 3]}, "a label outside 0 to 2"),
        ({"labels": [0, -1]}, "a label outside 0 to 2"),
        ({"labels": [0, "1"]}, "a label outside 0 to 2"),
    ],
)
def test_contents_that_do_not_fit(root, changes, words):
    (root / "cifar-10-batches-py" / "test").write_bytes(batch(2, 2, **changes)[0])
    with pytest.raises(RuntimeError, match=words):
        Loose(root, train=False)


def test_a_shape_that_the_bytes_do_not_fill(root):
    path = root / "cifar-10-batches-py" / "test"
    path.write_bytes(
        FILES["test"][0].replace(python2(2) + python2(3072), python2(9) + python2(3072))
    )
    with pytest.raises(RuntimeError, match="no array of uint8"):
        Loose(root, train=False)


@pytest.mark.parametrize(
    "arguments, words",
    [
        ((3,), "root must be"),
        ((None,), "root must be"),
        (("x", str), "train must be True or False"),
    ],
)
def test_bad_arguments(arguments, words):
    with pytest.raises(TypeError, match=words):
        CIFAR10(*arguments)


# -- the archive ------------------------------------------------------------------------------------


def archive(path, members):
    """A .tar.gz of (name, content or TarInfo type, link target)."""
    with tarfile.open(path, "w:gz") as tar:
        for name, content in members:
            info = tarfile.TarInfo(name)
            if isinstance(content, bytes):
                info.size = len(content)
                tar.addfile(info, io.BytesIO(content))
            else:
                info.type, info.linkname = content
                tar.addfile(info)


BASE = "cifar-10-batches-py/"
GOOD = [(BASE + name, content) for name, (content, _) in FILES.items()] + [
    (BASE + "batches.meta", META)
]


def test_unpacks_an_archive_that_is_there(tmp_path):
    archive(tmp_path / "tiny.tar.gz", [(BASE + "readme.html", b"hi"), *GOOD])
    dataset = Tiny(tmp_path, download=True)
    assert len(dataset) == 7
    assert {p.name for p in (tmp_path / BASE).iterdir()} == {"one", "two", "test", "batches.meta"}


def test_files_that_are_right_are_not_fetched_again(root, monkeypatch):
    monkeypatch.setattr(cifar, "download", lambda *a: pytest.fail("no need to download"))
    Tiny(root, download=True)


def test_downloads_and_unpacks(tmp_path, monkeypatch):
    def download(url, path, md5):
        assert (url, md5) == (Tiny.url, None)
        archive(path, GOOD)

    monkeypatch.setattr(cifar, "download", download)
    assert len(Tiny(tmp_path / "new" / "folder", download=True)) == 7


def test_an_archive_with_another_md5_is_fetched_again(tmp_path, monkeypatch):
    class Exact(Tiny):
        tgz_md5 = "0" * 32

    archive(tmp_path / "tiny.tar.gz", GOOD)
    asked = []
    monkeypatch.setattr(cifar, "download", lambda *a: asked.append(a))
    Exact(tmp_path, download=True)
    assert asked == [(Exact.url, str(tmp_path / "tiny.tar.gz"), "0" * 32)]


def test_no_name_in_the_archive_leads_elsewhere(tmp_path):
    inside = tmp_path / "inside"
    inside.mkdir()
    outside = str(tmp_path / "outside")
    bad = [("../outside", b"x"), (outside, b"x"), (BASE + "../../outside", b"x"),
           (BASE + "link", (tarfile.SYMTYPE, outside)), (BASE + "link/x", b"x"),
           (BASE + "pipe", (tarfile.FIFOTYPE, ""))]  # fmt: skip
    archive(inside / "tiny.tar.gz", [*bad, *GOOD])
    Tiny(inside, download=True)
    assert [p.name for p in tmp_path.iterdir()] == ["inside"]
    assert len(list((inside / BASE).iterdir())) == 4


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE])
def test_a_link_in_the_place_of_a_file(tmp_path, kind):
    secret = tmp_path / "secret"
    secret.write_bytes(b"mine")
    root = tmp_path / "root"
    root.mkdir()
    archive(root / "tiny.tar.gz", [(BASE + "one", (kind, str(secret))), *GOOD[1:]])
    with pytest.raises(RuntimeError, match="it lacks the file cifar-10-batches-py/one"):
        Tiny(root, download=True)
    assert not os.path.lexists(root / BASE / "one") and secret.read_bytes() == b"mine"


@pytest.mark.parametrize(
    "spoil",
    [
        lambda b: b[: len(b) // 2],
        lambda b: b"junk" * 100,
        lambda b: b"",
        lambda b: gzip.compress(gzip.decompress(b)[:5000]),
        lambda b: gzip.compress(gzip.decompress(b)[:1000] + bytes(5000)),
        lambda b: b[:600] + bytes(50) + b[650:],
    ],
)
def test_damaged_archives(tmp_path, spoil):
    path = tmp_path / "tiny.tar.gz"
    archive(path, GOOD)
    path.write_bytes(spoil(path.read_bytes()))
    with pytest.raises(RuntimeError, match="tiny.tar.gz is damaged"):
        Tiny(tmp_path, download=True)
    assert not list(tmp_path.glob("**/*.part"))
