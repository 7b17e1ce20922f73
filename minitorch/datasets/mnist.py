"""MNIST and FashionMNIST: 60,000 training and 10,000 test images of 28 × 28 grey values.

On disk as torchvision lays them out, plain or gzip:

    root/MNIST/raw/train-images-idx3-ubyte[.gz]   train-labels-idx1-ubyte[.gz]
    root/MNIST/raw/t10k-images-idx3-ubyte[.gz]    t10k-labels-idx1-ubyte[.gz]

Sources: LeCun, Bottou, Bengio, Haffner, "Gradient-based learning applied to document
recognition", 1998; Xiao, Rasul, Vollgraf, "Fashion-MNIST", 2017, arXiv 1708.07747.
"""

from __future__ import annotations

import os
import warnings

from ..tensor import Tensor
from .download import CONNECT_TIMEOUT, decompress, download
from .idx import read_idx
from .vision import LabelledImages, Transform

# What each published .gz file holds, by its MD5: sizes and SHA-256 of the contents. Contents,
# because the same data packed by another gzip is another .gz file. The digests were computed
# from a copy of MNIST; for Fashion-MNIST there was none to compute them from, so None:
# its files are checked by MD5 when downloaded and by structure whenever they are read.
_CONTENTS: dict[str, tuple[tuple[int, ...], str | None]] = {
    "f68b3c2dcbeaaa9fbdd348bbdeb94873": (
        (60000, 28, 28),
        "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    ),
    "d53e105ee54ea40749a09fcbcd1e9432": (
        (60000,),
        "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    ),
    "9fb629c4189551a2d022fa330f9573f3": (
        (10000, 28, 28),
        "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    ),
    "ec29112dd5afa0611ce80d1b7f02629c": (
        (10000,),
        "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
    ),
    "8d4fb7e6c68d591d4c3dfef9ec88bf0d": ((60000, 28, 28), None),
    "25c81989df183df01b3e8a0aad5dffbe": ((60000,), None),
    "bef4ecab320f06d8554ea6380940ec79": ((10000, 28, 28), None),
    "bb300cfdad3c16e7a12a480ee83cd310": ((10000,), None),
}


class MNIST(LabelledImages):
    """Handwritten digits.

    Args:
        root: folder that holds (or will hold) `MNIST/raw`; a str may start with `~`.
        train: True for the 60,000 training images, False for the 10,000 test images.
        transform: applied to each PIL image when it is taken out.
        target_transform: applied to each class number (int) when it is taken out.
        download: fetch the files that are not there; files that are there stay.

    Raises:
        RuntimeError: no data, data that cannot be downloaded, or a file that is damaged, cut
            short or not the one it should be.
        TypeError: a root that is no path, a transform that cannot be called.

    Example:
        >>> from minitorch import datasets
        >>> datasets.MNIST("no such folder")
        Traceback (most recent call last):
        RuntimeError: Dataset not found. You can use download=True to download it

    Cost: 47 MB for the training images; 0.16 s to read and check from .gz files, 0.07 s from plain.

    Source: torchvision.datasets.MNIST (signature and layout). A subclass may set `mirrors`,
    `resources` and `classes`; a resource is (file name, MD5 of the .gz file or None).
    """

    mirrors = [
        "https://ossci-datasets.s3.amazonaws.com/mnist/",
        "http://yann.lecun.com/exdb/mnist/",
    ]
    resources: list[tuple[str, str | None]] = [
        ("train-images-idx3-ubyte.gz", "f68b3c2dcbeaaa9fbdd348bbdeb94873"),
        ("train-labels-idx1-ubyte.gz", "d53e105ee54ea40749a09fcbcd1e9432"),
        ("t10k-images-idx3-ubyte.gz", "9fb629c4189551a2d022fa330f9573f3"),
        ("t10k-labels-idx1-ubyte.gz", "ec29112dd5afa0611ce80d1b7f02629c"),
    ]
    classes = [
        "0 - zero",
        "1 - one",
        "2 - two",
        "3 - three",
        "4 - four",
        "5 - five",
        "6 - six",
        "7 - seven",
        "8 - eight",
        "9 - nine",
    ]

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
        super().__init__(root, train, transform, target_transform)
        if download:
            self.download()
        if not self._check_exists():
            raise RuntimeError("Dataset not found. You can use download=True to download it")
        self._load()

    @property
    def raw_folder(self) -> str:
        """Folder of the files: root, class name, "raw"."""
        return os.path.join(self.root, type(self).__name__, "raw")  # type: ignore[arg-type]

    @property
    def processed_folder(self) -> str:
        """Folder where early torchvision kept its own copies; nothing reads or writes it here."""
        return os.path.join(self.root, type(self).__name__, "processed")  # type: ignore[arg-type]

    def download(self) -> None:
        """Fetches what is missing into `raw_folder`: each .gz file, and its contents beside it.

        The mirrors are tried in order and share `CONNECT_TIMEOUT`, so that without a network
        the first file gives up after 5 s in all.

        Raises:
            RuntimeError: no mirror gave the file; the message has each one's reason.
            OSError: a file could not be written.
        """
        if self._check_exists():
            return
        os.makedirs(self.raw_folder, exist_ok=True)
        for name, md5 in self.resources:
            if self._find(name) is None:
                path = os.path.join(self.raw_folder, name)
                self._fetch(path, md5)
                decompress(path)

    def _fetch(self, path: str, md5: str | None) -> None:
        name = os.path.basename(path)
        message = f"Error downloading {name}:"
        for mirror in self.mirrors:
            try:
                return download(mirror + name, path, md5, CONNECT_TIMEOUT / len(self.mirrors))
            except RuntimeError as error:
                message += f"\nTried {mirror}, got:\n{error}"
        raise RuntimeError(message)

    def _find(self, name: str) -> str | None:
        """Path of a resource, the plain file before the .gz one; None if there is neither."""
        packed = os.path.join(self.raw_folder, name)
        for path in (packed.removesuffix(".gz"), packed):
            if os.path.isfile(path):
                return path
        return None

    def _check_exists(self) -> bool:
        """Whether all files are there, of both splits as in torchvision; reading checks them."""
        return all(self._find(name) is not None for name, _ in self.resources)

    def _load(self) -> None:
        split = "train" if self.train else "t10k"
        md5s = dict(self.resources)

        def read(name: str, dims: int) -> tuple:
            path = self._find(name)
            assert path is not None  # _check_exists found it
            shape, sha256 = _CONTENTS.get(md5s[name] or "", ((None,) * dims, None))
            return path, read_idx(path, shape, sha256)

        images_path, images = read(f"{split}-images-idx3-ubyte.gz", 3)
        labels_path, labels = read(f"{split}-labels-idx1-ubyte.gz", 1)
        if len(images) != len(labels):
            raise RuntimeError(
                f"{labels_path} holds {len(labels)} labels, expected {len(images)}, "
                f"one for each image of {images_path}"
            )
        if len(labels) and labels.max() >= len(self.classes):
            raise RuntimeError(
                f"{labels_path} holds the label {labels.max()}, "
                f"expected 0 to {len(self.classes) - 1}"
            )
        self._set_arrays(images, labels)

    @property
    def train_labels(self) -> Tensor:
        """Old name of `targets`."""
        warnings.warn("train_labels has been renamed targets")
        return self.targets

    @property
    def test_labels(self) -> Tensor:
        """Old name of `targets`."""
        warnings.warn("test_labels has been renamed targets")
        return self.targets

    @property
    def train_data(self) -> Tensor:
        """Old name of `data`."""
        warnings.warn("train_data has been renamed data")
        return self.data

    @property
    def test_data(self) -> Tensor:
        """Old name of `data`."""
        warnings.warn("test_data has been renamed data")
        return self.data


class FashionMNIST(MNIST):
    """Articles of clothing, in MNIST's format and size; harder than digits.

    Args, Raises: as MNIST; the files lie in `root/FashionMNIST/raw`.

    The contents' checksums are not known here: downloaded .gz files are checked by MD5, files
    that are there already by their structure (and gzip's own CRC-32) alone.
    """

    mirrors = ["http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"]
    resources = [
        ("train-images-idx3-ubyte.gz", "8d4fb7e6c68d591d4c3dfef9ec88bf0d"),
        ("train-labels-idx1-ubyte.gz", "25c81989df183df01b3e8a0aad5dffbe"),
        ("t10k-images-idx3-ubyte.gz", "bef4ecab320f06d8554ea6380940ec79"),
        ("t10k-labels-idx1-ubyte.gz", "bb300cfdad3c16e7a12a480ee83cd310"),
    ]
    classes = [
        "T-shirt/top",
        "Trouser",
        "Pullover",
        "Dress",
        "Coat",
        "Sandal",
        "Shirt",
        "Sneaker",
        "Bag",
        "Ankle boot",
    ]
