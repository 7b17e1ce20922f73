"""ImageFolder, DatasetFolder and FakeData: on small folders, and side by side with torchvision."""

from __future__ import annotations

import hashlib
import inspect
import os
import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import minitorch as torch
from minitorch import datasets
from minitorch.datasets import DatasetFolder, FakeData, ImageFolder, folder
from minitorch.transforms import ToTensor
from minitorch.utils.data import DataLoader


def picture(path, mode="RGB", seed=0, size=(5, 3)):
    path.parent.mkdir(parents=True, exist_ok=True)
    channels = {"RGB": (3,), "L": (), "RGBA": (4,)}[mode]
    rng = np.random.default_rng(seed)
    Image.fromarray(rng.integers(0, 256, (size[1], size[0], *channels)).astype(np.uint8)).save(path)


FILES = ["dog/b.png", "dog/a.PNG", "dog/10.bmp", "dog/9.bmp", "cat/sub/z.png", "cat/m.png",
         "cat/a/deep/q.tiff", "Zebra/1.webp", "ant/x.pgm"]  # fmt: skip


@pytest.fixture
def root(tmp_path):
    for i, name in enumerate(FILES):
        mode = "L" if name.endswith("pgm") else "RGBA" if name == "dog/b.png" else "RGB"
        picture(tmp_path / name, mode, i)
    (tmp_path / "dog" / "notes.txt").write_text("no image")
    (tmp_path / "loose.png").write_bytes((tmp_path / "cat" / "m.png").read_bytes())
    return tmp_path


def test_classes_and_samples(root):
    dataset = ImageFolder(str(root))
    assert dataset.classes == ["Zebra", "ant", "cat", "dog"]
    assert dataset.class_to_idx == {"Zebra": 0, "ant": 1, "cat": 2, "dog": 3}
    names = ["Zebra/1.webp", "ant/x.pgm", "cat/m.png", "cat/a/deep/q.tiff", "cat/sub/z.png",
             "dog/10.bmp", "dog/9.bmp", "dog/a.PNG", "dog/b.png"]  # fmt: skip
    assert [path for path, _ in dataset.samples] == [str(root / name) for name in names]
    assert dataset.targets == [0, 1, 2, 2, 2, 3, 3, 3, 3]
    assert dataset.imgs is dataset.samples and len(dataset) == 9
    assert dataset.extensions == folder.IMG_EXTENSIONS and dataset.loader is folder.default_loader


def test_items(root):
    dataset = ImageFolder(root)
    for i in (1, 8):  # a grey image, one with transparency
        image, target = dataset[i]
        with Image.open(dataset.samples[i][0]) as original:
            assert image.tobytes() == original.convert("RGB").tobytes()
        assert (image.mode, image.size, target) == ("RGB", (5, 3), dataset.targets[i])
    dataset = ImageFolder(root, transform=lambda image: image.size, target_transform=lambda t: -t)
    assert dataset[-1] == ((5, 3), -3)
    with pytest.raises(IndexError):
        dataset[9]


def test_is_valid_file(root):
    dataset = ImageFolder(root, is_valid_file=lambda path: os.path.basename(path)[0] in "1xma")
    assert [os.path.basename(path) for path, _ in dataset.samples] == [
        "1.webp", "x.pgm", "m.png", "10.bmp", "a.PNG",
    ]  # fmt: skip
    assert dataset.extensions is None


def test_loader_and_extensions(root):
    (root / "cat" / "words.txt").write_text("cats")
    for extensions in ((".txt",), ".txt"):
        found = DatasetFolder(
            root, lambda path: Path(path).read_text(), extensions, allow_empty=True
        )
        assert [found[i] for i in range(len(found))] == [("cats", 2), ("no image", 3)]
        assert found.targets == [2, 3] and len(found.classes) == 4


def test_a_subclass_may_choose_the_classes(root):
    class Cats(ImageFolder):
        def find_classes(self, directory):
            return ["cat"], {"cat": 7}

    assert Cats(root).targets == [7, 7, 7]


def test_links_are_followed(root, tmp_path_factory):
    other = tmp_path_factory.mktemp("other")
    picture(other / "linked.png")
    (root / "ant" / "link").symlink_to(other, target_is_directory=True)
    assert ImageFolder(root).targets.count(1) == 2


def test_a_batch(root):
    images, labels = next(iter(DataLoader(ImageFolder(root, transform=ToTensor()), batch_size=9)))
    assert images.shape == (9, 3, 3, 5) and labels.tolist() == [0, 1, 2, 2, 2, 3, 3, 3, 3]


def test_repr(root):
    lines = ["Dataset ImageFolder", "    Number of datapoints: 9", f"    Root location: {root}"]
    assert repr(ImageFolder(root)) == "\n".join(lines)


# -- errors -----------------------------------------------------------------------------------------


def test_folders_without_classes(tmp_path):
    with pytest.raises(FileNotFoundError, match="Couldn't find any class folder in"):
        ImageFolder(tmp_path)
    with pytest.raises(FileNotFoundError, match="nowhere"):
        ImageFolder(tmp_path / "nowhere")


def test_classes_without_files(root):
    (root / "empty").mkdir()
    (root / "also").mkdir()
    with pytest.raises(FileNotFoundError) as error:
        ImageFolder(root)
    assert str(error.value) == (
        "Found no valid file for the classes also, empty. Supported extensions are: "
        + ", ".join(folder.IMG_EXTENSIONS)
    )
    with pytest.raises(FileNotFoundError, match="classes also, empty. $"):
        ImageFolder(root, is_valid_file=folder.is_image_file)
    dataset = ImageFolder(root, allow_empty=True)
    assert dataset.classes == ["Zebra", "also", "ant", "cat", "dog", "empty"]
    assert set(dataset.targets) == {0, 2, 3, 4}


def test_arguments_that_contradict(root):
    load = folder.default_loader
    for arguments in ({}, {"extensions": (".png",), "is_valid_file": folder.is_image_file}):
        with pytest.raises(ValueError, match="Both extensions and is_valid_file"):
            DatasetFolder(root, load, **arguments)
    with pytest.raises(ValueError, match="at least one entry"):
        folder.make_dataset(root, {}, ".png")
    with pytest.raises(ValueError, match="cannot be None"):
        DatasetFolder.make_dataset(root, None, ".png")
    with pytest.raises(TypeError, match="transform must be callable"):
        ImageFolder(root, transform=3)


def test_a_damaged_image_is_told_when_it_is_taken(root):
    (root / "cat" / "m.png").write_bytes(b"no image")
    with pytest.raises(OSError, match="cannot identify image file"):
        ImageFolder(root)[2]


def test_names_that_end_like_images():
    assert folder.is_image_file("A.JPeG") and not folder.is_image_file("a.gif")
    assert folder.has_file_allowed_extension("a.TXT", ".txt")
    assert folder.has_file_allowed_extension("a.b", [".c", ".b"])
    assert not folder.has_file_allowed_extension("b", ".b")


def test_same_as_torchvision(root, torchvision):
    theirs, ours = torchvision.datasets.ImageFolder(str(root)), ImageFolder(str(root))
    for name in ("classes", "class_to_idx", "samples", "imgs", "targets", "extensions"):
        assert getattr(ours, name) == getattr(theirs, name)
    assert repr(ours) == repr(theirs)
    for i in range(9):
        assert ours[i][0].tobytes() == theirs[i][0].tobytes() and ours[i][1] == theirs[i][1]
    for name in ("ImageFolder", "DatasetFolder", "FakeData", "CIFAR10", "CIFAR100"):
        a, b = (inspect.signature(getattr(m, name)) for m in (datasets, torchvision.datasets))
        assert [(p.name, p.kind) for p in a.parameters.values()] == [
            (p.name, p.kind) for p in b.parameters.values()
        ]
        for mine, other in zip(a.parameters.values(), b.parameters.values()):
            assert mine.name == "loader" or mine.default == other.default


@pytest.mark.parametrize("case", [
    {"class_to_idx": {}, "extensions": ".png"},
    {"extensions": None},
    {"extensions": ".png", "is_valid_file": bool},
    {"extensions": ".xyz"},
    {"extensions": (".x", ".y")},
    {"class_to_idx": {"cat": 3, "none": 1}, "extensions": ".png"},
    {"class_to_idx": {"none": 1}, "is_valid_file": bool},
])  # fmt: skip
def test_same_errors_as_torchvision(root, torchvision, case):
    with pytest.raises(Exception) as theirs:
        torchvision.datasets.folder.make_dataset(str(root), **case)
    with pytest.raises(
        theirs.type, match=re.escape(str(theirs.value).replace("to_index", "to_idx"))
    ):
        folder.make_dataset(str(root), **case)


# -- FakeData ---------------------------------------------------------------------------------------


def test_fake_data_is_the_same_each_time():
    fake = FakeData(size=6, image_size=(3, 8, 10), num_classes=4)
    state = torch.get_rng_state()
    image, target = fake[3]
    assert torch.equal(torch.get_rng_state(), state)  # a sample takes no random numbers
    assert (image.mode, image.size, len(fake)) == ("RGB", (10, 8), 6)
    assert type(target) is int and 0 <= target < 4
    assert fake[3][0].tobytes() == image.tobytes() != fake[4][0].tobytes()
    other = FakeData(size=6, image_size=(3, 8, 10), num_classes=4, random_offset=2)
    assert other[1][0].tobytes() == image.tobytes()
    assert [t for _, t in fake] == [t for _, t in fake] and len(list(fake)) == 6
    with pytest.raises(IndexError, match="FakeData index out of range"):
        fake[6]


def test_fake_data_stored():
    """Targets and MD5 sums of the images that torchvision 0.28.0 with PyTorch 2.13.0 gave."""
    fake = FakeData(image_size=(3, 8, 10))
    assert [fake[i][1] for i in range(12)] == [0, 7, 9, 9, 8, 2, 7, 8, 6, 9, 0, 6]
    assert [hashlib.md5(fake[i][0].tobytes()).hexdigest()[:8] for i in (0, 7)] == [
        "2bbaab6d",
        "60723272",
    ]


def test_fake_data_transforms():
    fake = FakeData(
        image_size=(1, 4, 6), transform=lambda x: x.mode, target_transform=lambda t: t + 100
    )
    mode, target = fake[0]
    assert (
        mode == "L" and type(target) is int and target == FakeData(image_size=(1, 4, 6))[0][1] + 100
    )
    assert FakeData(image_size=(1, 4, 6), target_transform=str)[0][1].startswith("tensor(")


@pytest.mark.parametrize("shape", [(3, 8, 10), (1, 2, 3), (3, 32, 33)])
def test_fake_data_same_as_torchvision(torchvision, shape):
    theirs = torchvision.datasets.FakeData(9, shape, 7, random_offset=5)
    ours = FakeData(9, shape, 7, random_offset=5)
    assert repr(ours) == repr(theirs)
    for i in (0, 1, 8, -1):
        assert ours[i][0].tobytes() == theirs[i][0].tobytes() and ours[i][1] == theirs[i][1]
