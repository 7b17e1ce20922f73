"""CIFAR10 and CIFAR100: 50,000 training and 10,000 test photographs of 32 × 32 pixels in colour.

On disk as their archive unpacks, each file a Python 2 pickle of a dict:

    root/cifar-10-batches-py/data_batch_1 … data_batch_5, test_batch    "data", "labels"
                             batches.meta                               "label_names"
    root/cifar-100-python/train, test                                   "data", "fine_labels"
                          meta                                          "fine_label_names"

"data" is a uint8 array (n, 3072): for each image 1024 red values row by row, then green, blue.

A pickle is a program that may call anything. The reader here calls nothing but `_Part`, which
writes down what the program says about an array; the array is then made from those notes.

Source: Krizhevsky, "Learning multiple layers of features from tiny images", 2009.
"""

from __future__ import annotations

import contextlib
import hashlib
import math
import os
import pickle
import shutil
import tarfile
import zlib
from typing import Any

import numpy as np
from PIL import Image

from .download import download
from .vision import Transform, VisionDataset

BLOCK = 1 << 20  # bytes a read
_AGAIN = "You can use download=True to download it"


class CIFAR10(VisionDataset):
    """Photographs of ten kinds of animals and vehicles.

    Args:
        root: folder that holds (or will hold) `cifar-10-batches-py`; a str may start with `~`.
        train: True for the 50,000 training images, False for the 10,000 test images.
        transform: applied to each PIL image when it is taken out.
        target_transform: applied to each class number (int) when it is taken out.
        download: fetch and unpack the archive if a file is not there or not the right one.

    Attributes:
        data: uint8 array (n, 32, 32, 3), 0-255, red, green, blue.
        targets: list of n class numbers.
        classes: name of each class; class_to_idx: the number of each name.

    Raises:
        RuntimeError: a file that is not there, has another MD5, or can't be downloaded.
        TypeError: a root that is no path, a transform that cannot be called.

    Example:
        >>> from minitorch import datasets
        >>> datasets.CIFAR10("no such folder")
        Traceback (most recent call last):
        RuntimeError: Dataset not found or corrupted. You can use download=True to download it
        (no such folder/cifar-10-batches-py/data_batch_1 is not there)

    Cost: 154 MB for the training images; 0.4 s to read them, of which 0.26 s for the MD5 sums.

    Source: torchvision.datasets.CIFAR10 (signature, attributes, file names and MD5 sums).
    """

    base_folder = "cifar-10-batches-py"
    url = "https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz"
    filename = "cifar-10-python.tar.gz"
    tgz_md5: str | None = "c58f30108f718f92721af3b95e74349a"
    train_list: list[list[Any]] = [  # [file name, MD5; None: any file of that name]
        ["data_batch_1", "c99cafc152244af753f735de768cd75f"],
        ["data_batch_2", "d4bba439e000b95fd0a9bffe97cbabec"],
        ["data_batch_3", "54ebc095f3ab1f0389bbae665268c751"],
        ["data_batch_4", "634d18415352ddfa80567beed471001a"],
        ["data_batch_5", "482c414d41f54cd18b22e5b47cb7c3cb"],
    ]
    test_list: list[list[Any]] = [["test_batch", "40351d587109b95175f43aff81a1287e"]]
    meta: dict[str, Any] = {
        "filename": "batches.meta",
        "key": "label_names",
        "md5": "5ff9c542aee3614f3951f8cda6e48888",
    }

    def __init__(
        self,
        root: str | os.PathLike[str],
        train: bool = True,
        transform: Transform | None = None,
        target_transform: Transform | None = None,
        download: bool = False,
    ) -> None:
        if not isinstance(root, (str, os.PathLike)):
            raise TypeError(f"root must be a str or a path, but got {root!r}")
        if callable(train):  # CIFAR10(root, transform) would silently give untransformed images
            raise TypeError(f"train must be True or False, but got {train!r}; say transform=...")
        super().__init__(root, transform=transform, target_transform=target_transform)
        self.train = train
        if download:
            self.download()
        if wrong := self._first_wrong():
            raise RuntimeError(f"Dataset not found or corrupted. {_AGAIN}\n({wrong})")

        self.classes: list[str] = self._read(self.meta["filename"])[self.meta["key"]]
        self.class_to_idx = {name: i for i, name in enumerate(self.classes)}
        arrays: list[np.ndarray] = []
        self.targets: list[int] = []
        for name, _ in self.train_list if train else self.test_list:
            pixels, labels = self._batch(name)
            arrays.append(pixels)
            self.targets += labels
        pixels = np.concatenate(arrays).reshape(-1, 3, 32, 32)
        self.data = pixels.transpose(0, 2, 3, 1)  # (n, C, H, W) → (n, H, W, C), a view

    def _files(self) -> dict[str, str | None]:
        """All files that belong to the data set, with their MD5 sums."""
        lists = [*self.train_list, *self.test_list, [self.meta["filename"], self.meta["md5"]]]
        return {name: md5 for name, md5 in lists}

    def _path(self, name: str) -> str:
        return os.path.join(self.root, self.base_folder, name)  # type: ignore[arg-type]

    def _first_wrong(self) -> str:
        """What is wrong with the first file that is not as it should be; "" if all are."""
        for name, md5 in self._files().items():
            path = self._path(name)
            if not os.path.isfile(path):
                return f"{path} is not there"
            if md5 is not None and (found := _md5(path)) != md5:
                return f"{path} has the MD5 {found}, expected {md5}"
        return ""

    def download(self) -> None:
        """Fetches the archive into `root` and unpacks the files that belong to the data set.

        Raises:
            RuntimeError: no connection, a wrong checksum, or an archive that lacks a file.
            OSError: a file could not be written.
        """
        if not self._first_wrong():
            return
        archive = os.path.join(self.root, self.filename)  # type: ignore[arg-type]
        if not os.path.isfile(archive) or self.tgz_md5 not in (None, _md5(archive)):
            os.makedirs(self.root, exist_ok=True)  # type: ignore[arg-type]
            download(self.url, archive, self.tgz_md5)
        unpack(archive, self.root, [f"{self.base_folder}/{name}" for name in self._files()])

    def _read(self, name: str) -> dict[str, Any]:
        path = self._path(name)
        try:
            with open(path, "rb") as file:
                entry = _Reader(file, encoding="latin1").load()
        except OSError:
            raise
        except Exception as error:  # what a damaged program raises has no limits
            raise RuntimeError(f"{path} is no CIFAR file: {error}. {_AGAIN}") from error
        if not isinstance(entry, dict):
            raise RuntimeError(f"{path} is no CIFAR file: it holds no dict. {_AGAIN}")
        return entry

    def _batch(self, name: str) -> tuple[np.ndarray, list[int]]:
        """Pixels (n, 3072) and n class numbers of one file."""
        entry, path = self._read(name), self._path(name)
        part, labels = entry.get("data"), entry.get("labels", entry.get("fine_labels"))
        if not isinstance(part, _Part) or not isinstance(labels, list):
            raise RuntimeError(f"{path} is no CIFAR file: it lacks the data or the labels")
        pixels = part.array(path)
        if pixels.ndim != 2 or pixels.shape != (len(labels), 3072):
            raise RuntimeError(
                f"{path} holds an array {pixels.shape} and {len(labels)} labels, expected "
                f"(n, 3072) and n labels"
            )
        if not all(type(k) is int and 0 <= k < len(self.classes) for k in labels):
            raise RuntimeError(f"{path} holds a label outside 0 to {len(self.classes) - 1}")
        return pixels, labels

    def __getitem__(self, index: int) -> tuple[Any, Any]:
        """Pair (PIL image of mode "RGB", int), each through its transform where one is given."""
        picture: Any = Image.fromarray(self.data[index])
        label: Any = self.targets[index]
        if self.transform is not None:
            picture = self.transform(picture)
        if self.target_transform is not None:
            label = self.target_transform(label)
        return picture, label

    def __len__(self) -> int:
        return len(self.data)

    def extra_repr(self) -> str:
        return f"Split: {'Train' if self.train else 'Test'}"


class CIFAR100(CIFAR10):
    """Photographs of a hundred kinds of things, 500 of each for training.

    Args, Attributes, Raises: as CIFAR10; the files lie in `root/cifar-100-python`.
    """

    base_folder = "cifar-100-python"
    url = "https://www.cs.toronto.edu/~kriz/cifar-100-python.tar.gz"
    filename = "cifar-100-python.tar.gz"
    tgz_md5 = "eb9058c3a382ffc7106e4002c42a8d85"
    train_list = [["train", "16019d7e3df5f24257cddd939b257f8d"]]
    test_list = [["test", "f0ef6b0ae62326f3e7ffdfab6717acfc"]]
    meta = {
        "filename": "meta",
        "key": "fine_label_names",
        "md5": "7973b15100ade9c7d40fb424638fde48",
    }


class _Part:
    """One of the three names that an array is pickled by, what it is called with, its state.

    Everything by which a pickle can act on an object it found by name ends here: a call gives
    another _Part, and a state (which pickle would otherwise set as attributes) is kept.

    ndarray: state (version, shape, dtype, Fortran order?, bytes);  dtype: arguments ("u1", …)
    """

    def __init__(self, name: str, arguments: tuple[Any, ...] = ()) -> None:
        self.name, self.arguments, self.state = name, arguments, None

    def __call__(self, *arguments: Any) -> _Part:
        return _Part(self.name, arguments)

    def __setstate__(self, state: Any) -> None:
        self.state = state

    def array(self, path: str) -> np.ndarray:
        """The uint8 array that the notes describe."""
        match self.state:
            case (
                1,
                tuple() as shape,
                _Part(arguments=("u1", *_)),
                bool() as fortran,
                str() as raw,
            ):
                content = raw.encode("latin1")  # Python 2's str: a byte is a character
                sizes = all(type(n) is int and n >= 0 for n in shape)
                if sizes and math.prod(shape) == len(content):
                    flat = np.frombuffer(content, np.uint8)
                    return flat.reshape(shape, order="F" if fortran else "C")
        raise RuntimeError(f"{path} is no CIFAR file: its data is no array of uint8. {_AGAIN}")


class _Reader(pickle.Unpickler):
    """Reads pickles of dicts, lists, numbers, strings and arrays; refuses every other name."""

    NAMES = ("numpy.core.multiarray._reconstruct", "numpy.ndarray", "numpy.dtype")

    def find_class(self, module: str, name: str) -> Any:
        if f"{module}.{name}" not in self.NAMES:
            raise pickle.UnpicklingError(f"it names {module}.{name}, which no array needs")
        return _Part(name)


def unpack(archive: str, root: Any, names: list[str]) -> None:
    """Writes the files `names` of a `.tar.gz` archive below `root`, each whole or not at all.

    Only these names are ever written, whatever else the archive holds: no name with ".." or "/"
    in front, no link, no device can lead elsewhere.

    Raises:
        RuntimeError: a damaged archive, or one that lacks a file.
        OSError: a file could not be written.
    """
    left = set(names)
    try:
        with tarfile.open(archive, "r|gz") as tar:
            for member in tar:
                if member.name not in left or not member.isreg():
                    continue
                source = tar.extractfile(member)
                assert source is not None  # a regular file
                _write(source, os.path.join(root, *member.name.split("/")))
                left.discard(member.name)
    except (tarfile.TarError, EOFError, zlib.error) as error:
        raise RuntimeError(f"{archive} is damaged or cut short: {error}") from error
    if left:
        raise RuntimeError(f"{archive} is damaged: it lacks the file {min(left)}")


def _write(source: Any, path: str) -> None:
    os.makedirs(os.path.dirname(path), exist_ok=True)
    part = path + ".part"
    try:
        with open(part, "wb") as file:
            shutil.copyfileobj(source, file, BLOCK)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)
    finally:
        with contextlib.suppress(FileNotFoundError):  # gone already when all went well
            os.remove(part)


def _md5(path: str) -> str:
    digest = hashlib.md5(usedforsecurity=False)
    with open(path, "rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()
