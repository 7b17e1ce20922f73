"""MNIST and FashionMNIST: torchvision's surface on small files, and the real files if any.

Real files: the folder in the environment variable MINITORCH_MNIST, else ./data, where it
holds MNIST/raw.
"""

from __future__ import annotations

import gzip
import os
import pathlib
import pickle
import struct
import sys
import time
import types

import numpy as np
import pytest
from PIL import Image

import minitorch as torch
from minitorch.datasets import MNIST, FashionMNIST, VisionDataset

FILES = [
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
]
REAL = os.environ.get("MINITORCH_MNIST", "data")
needs_mnist = pytest.mark.skipif(
    not os.path.isdir(os.path.join(REAL, "MNIST", "raw")),
    reason="no MNIST/raw in ./data or in the folder that MINITORCH_MNIST names",
)


class Tiny(MNIST):
    """MNIST's layout and code with five images for training and three for test."""

    resources = [(name + ".gz", None) for name in FILES]


class Transform:
    """Repr of two lines, and a result that shows what came in."""

    def __call__(self, image):
        return "transformed", image.mode, image.size

    def __repr__(self):
        return "Transform(\n    size=28\n)"


def write_idx(path, array):
    header = bytes([0, 0, 8, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape)
    opener = gzip.open if str(path).endswith(".gz") else open
    with opener(path, "wb") as file:
        file.write(header + array.tobytes())


def images_of(n, start=0):
    return (np.arange(start, start + n * 784) % 251).astype(np.uint8).reshape(n, 28, 28)


@pytest.fixture
def root(tmp_path):
    raw = tmp_path / "Tiny" / "raw"
    raw.mkdir(parents=True)
    write_idx(raw / FILES[0], images_of(5))
    write_idx(raw / FILES[1], np.array([3, 1, 4, 1, 9], np.uint8))
    write_idx(raw / (FILES[2] + ".gz"), images_of(3, 7))
    write_idx(raw / (FILES[3] + ".gz"), np.array([2, 7, 0], np.uint8))
    return tmp_path


def test_arrays(root):
    train, test = Tiny(root), Tiny(root, train=False)
    assert train.data.dtype == torch.uint8 and train.targets.dtype == torch.int64
    assert tuple(train.data.shape) == (5, 28, 28) and tuple(test.data.shape) == (3, 28, 28)
    np.testing.assert_array_equal(train.data.numpy(), images_of(5))
    np.testing.assert_array_equal(test.data.numpy(), images_of(3, 7))
    assert train.targets.tolist() == [3, 1, 4, 1, 9]
    assert test.targets.tolist() == [2, 7, 0]
    assert (len(train), len(test), train.train, test.train) == (5, 3, True, False)
    train.data[0] = 0  # may be written to
    assert train[0][0].getextrema() == (0, 0)


def test_items(root):
    dataset = Tiny(root)
    image, target = dataset[2]
    assert isinstance(image, Image.Image) and (image.mode, image.size) == ("L", (28, 28))
    np.testing.assert_array_equal(np.asarray(image), images_of(5)[2])
    assert type(target) is int and target == 4
    assert dataset[-1][1] == 9
    assert dataset[torch.tensor(4)][1] == 9
    assert [target for _, target in dataset] == [3, 1, 4, 1, 9]  # ends by IndexError
    for index in (5, -6):
        with pytest.raises(IndexError):
            dataset[index]


def test_transforms_are_applied(root):
    dataset = Tiny(root, transform=Transform(), target_transform=lambda target: [target])
    assert dataset[0] == (("transformed", "L", (28, 28)), [3])
    assert dataset.transforms(Image.new("L", (2, 3)), 8) == (("transformed", "L", (2, 3)), [8])
    image, target = Tiny(root, target_transform=str)[0]
    np.testing.assert_array_equal(np.asarray(image), images_of(1)[0])
    assert target == "3"


def test_replaced_data_is_what_items_come_from(root):
    dataset = Tiny(root)
    dataset.data, dataset.targets = dataset.data[3:], dataset.targets[3:]
    assert len(dataset) == 2
    assert dataset[0][1] == 1
    np.testing.assert_array_equal(np.asarray(dataset[0][0]), images_of(5)[3])


def test_repr(root):
    assert repr(Tiny(str(root))) == (
        f"Dataset Tiny\n    Number of datapoints: 5\n    Root location: {root}\n    Split: Train"
    )
    dataset = Tiny(root, False, Transform(), Transform())
    assert repr(dataset) == (
        f"Dataset Tiny\n    Number of datapoints: 3\n    Root location: {root}\n    Split: Test\n"
        "    StandardTransform\n"
        "Transform: Transform(\n"
        "               size=28\n"
        "           )\n"
        "Target transform: Transform(\n"
        "                      size=28\n"
        "                  )"
    )


def test_classes_and_folders(root):
    dataset = Tiny(str(root))
    assert dataset.classes[3] == "3 - three" and len(dataset.classes) == 10
    assert dataset.class_to_idx["9 - nine"] == 9
    assert FashionMNIST.classes[9] == "Ankle boot" and len(FashionMNIST.classes) == 10
    assert dataset.raw_folder == os.path.join(str(root), "Tiny", "raw")
    assert dataset.processed_folder == os.path.join(str(root), "Tiny", "processed")
    assert dataset._check_exists()


@pytest.mark.parametrize(
    "old, new",
    [
        ("train_data", "data"),
        ("test_data", "data"),
        ("train_labels", "targets"),
        ("test_labels", "targets"),
    ],
)
def test_old_names_warn(root, old, new):
    dataset = Tiny(root)
    with pytest.warns(UserWarning, match=f"{old} has been renamed {new}"):
        assert getattr(dataset, old) is getattr(dataset, new)


def test_root_may_start_with_tilde(root, monkeypatch):
    monkeypatch.setenv("HOME", str(root))
    monkeypatch.setenv("USERPROFILE", str(root))
    assert len(Tiny("~")) == 5
    assert len(Tiny(pathlib.Path(root))) == 5


def test_pickle(root):
    dataset = pickle.loads(pickle.dumps(Tiny(root, transform=Transform())))
    assert dataset[1] == (("transformed", "L", (28, 28)), 1)


@pytest.mark.parametrize("missing", range(4))
def test_missing_file(root, missing):
    raw = root / "Tiny" / "raw"
    for path in raw.glob(FILES[missing] + "*"):
        path.unlink()
    for train in (True, False):  # all four must be there, as for torchvision
        with pytest.raises(RuntimeError) as error:
            Tiny(root, train=train)
        assert str(error.value) == ("Dataset not found. You can use download=True to download it")


def test_half_written_download_is_not_taken_for_the_file(root):
    raw = root / "Tiny" / "raw"
    (raw / FILES[0]).rename(raw / (FILES[0] + ".gz.part"))
    with pytest.raises(RuntimeError, match="Dataset not found"):
        Tiny(root)


@pytest.mark.parametrize("root", [None, 5, b"data"])
def test_root_that_is_no_path(root):
    with pytest.raises(TypeError, match="root must be a str or a path"):
        MNIST(root)


def test_bad_transforms(root):
    with pytest.raises(TypeError, match="transform must be callable or None, but got 'flip'"):
        Tiny(root, transform="flip")
    with pytest.raises(TypeError, match="target_transform must be callable or None, but got 3"):
        Tiny(root, target_transform=3)
    with pytest.raises(TypeError, match=r"train must be True or False, but got Transform\("):
        Tiny(root, Transform())
    with pytest.raises(ValueError, match="Only transforms or transform/target_transform"):
        VisionDataset(root, transforms=min, transform=Transform())


def test_vision_dataset_alone():
    with pytest.raises(NotImplementedError):
        VisionDataset()[0]
    with pytest.raises(NotImplementedError):
        len(VisionDataset())

    class Numbers(VisionDataset):
        def __len__(self):
            return 4

    assert repr(Numbers()) == "Dataset Numbers\n    Number of datapoints: 4"
    assert repr(Numbers("here", transforms=Transform())) == (
        "Dataset Numbers\n    Number of datapoints: 4\n    Root location: here\n"
        "    Transform(\n    size=28\n)"
    )


def test_labels_that_do_not_fit_the_images(root):
    path = root / "Tiny" / "raw" / FILES[1]
    write_idx(path, np.array([1, 2, 3, 4], np.uint8))
    with pytest.raises(RuntimeError, match="4 labels, expected 5, one for each image") as error:
        Tiny(root)
    assert str(path) in str(error.value)


def test_label_out_of_range(root):
    path = root / "Tiny" / "raw" / FILES[1]
    write_idx(path, np.array([1, 2, 10, 4, 5], np.uint8))
    with pytest.raises(RuntimeError, match="holds the label 10, expected 0 to 9") as error:
        Tiny(root)
    assert str(path) in str(error.value)


@pytest.mark.parametrize("dataset", [MNIST, FashionMNIST])
def test_known_sizes(tmp_path, dataset):
    raw = tmp_path / dataset.__name__ / "raw"
    raw.mkdir(parents=True)
    for name, n in zip(FILES, (12, 12, 9999, 9999)):
        write_idx(raw / name, np.zeros((n, 28, 28) if "images" in name else n, np.uint8))
    with pytest.raises(RuntimeError, match="sizes 12 × 28 × 28, expected 60000 × 28 × 28"):
        dataset(tmp_path)
    with pytest.raises(RuntimeError, match="sizes 9999 × 28 × 28, expected 10000 × 28 × 28"):
        dataset(tmp_path, train=False)


def test_contents_are_checked_where_known(tmp_path):
    for dataset in ("MNIST", "FashionMNIST"):
        raw = tmp_path / dataset / "raw"
        raw.mkdir(parents=True)
        for name in FILES:
            shape = (10000, 28, 28) if "images" in name else (10000,)
            write_idx(raw / name, np.zeros(shape, np.uint8))
    with pytest.raises(RuntimeError, match="t10k-images.*expected 0fa7898d509279e482958e8c"):
        MNIST(tmp_path, train=False)
    assert len(FashionMNIST(tmp_path, train=False)) == 10000  # only its structure is known


@needs_mnist
@pytest.mark.parametrize(
    "train, counts, first",
    [
        (True, [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949], [5, 0, 4, 1, 9]),
        (False, [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009], [7, 2, 1, 0, 4]),
    ],
)
def test_real_mnist(train, counts, first):
    begin = time.perf_counter()
    dataset = MNIST(REAL, train=train)
    assert time.perf_counter() - begin < 5  # 0.16 s when measured
    assert tuple(dataset.data.shape) == (sum(counts), 28, 28)
    assert np.bincount(dataset.targets.numpy()).tolist() == counts
    assert dataset.targets[:5].tolist() == first
    if train:  # the constants of every MNIST script
        pixels = dataset.data.numpy() / np.float32(255)
        assert abs(pixels.mean(dtype=np.float64) - 0.1307) < 5e-5
        assert abs(pixels.std(dtype=np.float64) - 0.3081) < 5e-5


@needs_mnist
def test_real_mnist_damaged(tmp_path):
    raw = tmp_path / "MNIST" / "raw"
    raw.mkdir(parents=True)
    whole = MNIST(REAL, train=False)
    images = whole.data.numpy().copy()
    for name in FILES:
        write_idx(raw / name, images if "images" in name else whole.targets.numpy().astype("u1"))
    np.testing.assert_array_equal(MNIST(tmp_path, train=False).data.numpy(), images)
    path = raw / FILES[2]
    content = bytearray(path.read_bytes())
    content[5_000_000] ^= 1
    path.write_bytes(content)
    with pytest.raises(RuntimeError, match="damaged contents: SHA-256"):
        MNIST(tmp_path, train=False)
    path.write_bytes(content[:5_000_000])
    with pytest.raises(RuntimeError, match="only 4999984 bytes after its header, expected 7840000"):
        MNIST(tmp_path, train=False)


@pytest.fixture
def torchvision():
    pytest.importorskip("torch", reason="needs torch: live comparison with PyTorch")
    # torchvision registers its compiled operators with these two modules; a data set needs
    # none, and where its build does not match torch's, importing them fails
    for name in ("torchvision._meta_registrations", "torchvision._autograd_registrations"):
        sys.modules.setdefault(name, types.ModuleType(name))
    return pytest.importorskip("torchvision", reason="needs torchvision: live comparison")


def test_same_as_torchvision(root, torchvision):
    raw = root / "Tiny" / "raw"
    for name in FILES[2:]:
        (raw / name).write_bytes(gzip.decompress((raw / (name + ".gz")).read_bytes()))
    theirs = type("Tiny", (torchvision.datasets.MNIST,), {})
    for train in (True, False):
        for arguments in ({}, {"transform": Transform()}, {"target_transform": Transform()}):
            ours_, theirs_ = (c(root, train, **arguments) for c in (Tiny, theirs))
            assert repr(ours_) == repr(theirs_)
        ours_, theirs_ = Tiny(root, train), theirs(root, train)
        np.testing.assert_array_equal(ours_.data.numpy(), theirs_.data.numpy())
        assert str(ours_.data.dtype).endswith("uint8")
        assert ours_.targets.tolist() == theirs_.targets.tolist()
        for (image, target), (their_image, their_target) in zip(ours_, theirs_):
            assert image.mode == their_image.mode and image.tobytes() == their_image.tobytes()
            assert type(target) is type(their_target) and target == their_target
    for ours_, theirs_ in (
        (MNIST, torchvision.datasets.MNIST),
        (FashionMNIST, torchvision.datasets.FashionMNIST),
    ):
        assert ours_.classes == theirs_.classes
        assert ours_.mirrors == theirs_.mirrors
        assert ours_.resources == theirs_.resources
