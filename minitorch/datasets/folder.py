"""ImageFolder and DatasetFolder: a folder for each class, its name the class's name.

    root/cat/1.png    root/cat/holiday/2.jpg    root/dog/1.png    →  cat 0, dog 1

Classes are numbered in the order of their names; samples come class by class, and inside a class
in the order of (folder, file name). Sorted as strings are: "Z" before "a", "10" before "9".

Source: torchvision.datasets.folder (names, signatures, orders and errors).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

from PIL import Image

from .vision import Transform, VisionDataset

Path = str | os.PathLike[str]
IMG_EXTENSIONS = (".jpg", ".jpeg", ".png", ".ppm", ".bmp", ".pgm", ".tif", ".tiff", ".webp")


def has_file_allowed_extension(filename: str, extensions: str | tuple[str, ...]) -> bool:
    """Whether a file name ends, in lower case, with one of `extensions` (".png", ".jpg")."""
    return filename.lower().endswith(extensions if isinstance(extensions, str) else (*extensions,))


def is_image_file(filename: str) -> bool:
    """Whether a file name ends like an image's: `IMG_EXTENSIONS`."""
    return has_file_allowed_extension(filename, IMG_EXTENSIONS)


def pil_loader(path: Path) -> Image.Image:
    """The image in a file, as RGB; the file is closed again."""
    with open(path, "rb") as file:
        return Image.open(file).convert("RGB")


def default_loader(path: Path) -> Image.Image:
    """The loader of ImageFolder: `pil_loader`."""
    return pil_loader(path)


def find_classes(directory: Path) -> tuple[list[str], dict[str, int]]:
    """Names of the folders in `directory`, sorted, and the number of each.

    Raises:
        FileNotFoundError: no such directory, or no folder in it.
    """
    with os.scandir(directory) as entries:
        classes = sorted(entry.name for entry in entries if entry.is_dir())
    if not classes:
        raise FileNotFoundError(f"Couldn't find any class folder in {os.fspath(directory)}.")
    return classes, {name: i for i, name in enumerate(classes)}


def make_dataset(
    directory: Path,
    class_to_idx: dict[str, int] | None = None,
    extensions: str | tuple[str, ...] | None = None,
    is_valid_file: Callable[[str], bool] | None = None,
    allow_empty: bool = False,
) -> list[tuple[str, int]]:
    """Pairs (path, class number) of all files that count, at any depth below the class folders.

    Args:
        directory: holds the class folders; may start with `~`.
        class_to_idx: class name → number. None: as `find_classes` numbers them.
        extensions: endings of the files that count, in lower case.
        is_valid_file: says of a path whether it counts; either this or `extensions`.
        allow_empty: let a class be without files.

    Raises:
        ValueError: an empty `class_to_idx`; both or neither of `extensions` and `is_valid_file`.
        FileNotFoundError: a class has no file, unless `allow_empty`.
    """
    directory = os.path.expanduser(directory)
    if class_to_idx is None:
        class_to_idx = find_classes(directory)[1]
    elif not class_to_idx:
        raise ValueError("'class_to_idx' must have at least one entry to collect any samples.")
    if (extensions is None) == (is_valid_file is None):
        raise ValueError(
            "Both extensions and is_valid_file cannot be None or not None at the same time"
        )

    samples: list[tuple[str, int]] = []
    empty = []
    for name, number in sorted(class_to_idx.items()):
        found = [
            (path, number)
            for path in _files_below(os.path.join(directory, name))
            if (
                is_valid_file(path)
                if is_valid_file is not None
                else has_file_allowed_extension(path, extensions)  # type: ignore[arg-type]
            )
        ]
        samples += found
        if not found:
            empty.append(name)
    if empty and not allow_empty:
        message = f"Found no valid file for the classes {', '.join(empty)}. "
        if extensions is not None:
            endings = extensions if isinstance(extensions, str) else ", ".join(extensions)
            message += f"Supported extensions are: {endings}"
        raise FileNotFoundError(message)
    return samples


def _files_below(folder: str) -> Iterator[str]:
    """Paths of the files in a folder and all folders below it, links followed."""
    for place, _, names in sorted(os.walk(folder, followlinks=True)):
        for name in sorted(names):
            yield os.path.join(place, name)


class DatasetFolder(VisionDataset):
    """Samples of any kind from a folder for each class.

    Args:
        root: holds the class folders; a str may start with `~`.
        loader: path → sample.
        extensions: endings of the files that count, in lower case.
        transform: applied to each sample when it is taken out.
        target_transform: applied to each class number (int) when it is taken out.
        is_valid_file: says of a path whether it counts; either this or `extensions`.
        allow_empty: let a class be without files (default False: an error).

    Attributes:
        classes: sorted class names; class_to_idx: the number of each name.
        samples: pairs (path, class number); targets: the class numbers alone.

    Raises:
        FileNotFoundError: no such folder, no class in it, or a class without files.
        ValueError: both or neither of `extensions` and `is_valid_file`.

    A subclass may override `find_classes` (which folders are classes) and `make_dataset`.
    """

    def __init__(
        self,
        root: Path,
        loader: Callable[[str], Any],
        extensions: tuple[str, ...] | None = None,
        transform: Transform | None = None,
        target_transform: Transform | None = None,
        is_valid_file: Callable[[str], bool] | None = None,
        allow_empty: bool = False,
    ) -> None:
        super().__init__(root, transform=transform, target_transform=target_transform)
        self.loader, self.extensions = loader, extensions
        self.classes, self.class_to_idx = self.find_classes(self.root)  # type: ignore[arg-type]
        self.samples = self.make_dataset(
            self.root,  # type: ignore[arg-type]
            class_to_idx=self.class_to_idx,
            extensions=extensions,
            is_valid_file=is_valid_file,
            allow_empty=allow_empty,
        )
        self.targets = [number for _, number in self.samples]

    def find_classes(self, directory: Path) -> tuple[list[str], dict[str, int]]:
        """Class names and their numbers; here, all folders in `directory`."""
        return find_classes(directory)

    @staticmethod
    def make_dataset(
        directory: Path,
        class_to_idx: dict[str, int],
        extensions: str | tuple[str, ...] | None = None,
        is_valid_file: Callable[[str], bool] | None = None,
        allow_empty: bool = False,
    ) -> list[tuple[str, int]]:
        """Pairs (path, class number); the function of this name, with classes that are given.

        Raises:
            ValueError: `class_to_idx` is None or empty.
        """
        if class_to_idx is None:
            raise ValueError("The class_to_idx parameter cannot be None.")
        return make_dataset(directory, class_to_idx, extensions, is_valid_file, allow_empty)

    def __getitem__(self, index: int) -> tuple[Any, Any]:
        """Pair (sample, int), each through its transform where one is given."""
        path, target = self.samples[index]
        sample = self.loader(path)
        if self.transform is not None:
            sample = self.transform(sample)
        label: Any = target
        if self.target_transform is not None:
            label = self.target_transform(target)
        return sample, label

    def __len__(self) -> int:
        return len(self.samples)


class ImageFolder(DatasetFolder):
    """Images from a folder for each class.

    Args:
        root: holds the class folders; a str may start with `~`.
        transform: applied to each RGB PIL image when it is taken out.
        target_transform: applied to each class number (int) when it is taken out.
        loader: path → image.
        is_valid_file: says of a path whether it counts. None: those with `IMG_EXTENSIONS`.
        allow_empty: let a class be without images (default False: an error).

    Attributes, Raises: as DatasetFolder; imgs: another name of samples.

    Example:
        >>> import os, tempfile
        >>> from PIL import Image
        >>> from minitorch import datasets
        >>> root = tempfile.TemporaryDirectory()
        >>> for name in ("cat", "dog"):
        ...     os.mkdir(f"{root.name}/{name}")
        ...     Image.new("L", (3, 2)).save(f"{root.name}/{name}/1.png")
        >>> folder = datasets.ImageFolder(root.name)
        >>> folder.classes, folder.targets, folder[1][0].mode
        (['cat', 'dog'], [0, 1], 'RGB')
        >>> root.cleanup()
    """

    def __init__(
        self,
        root: Path,
        transform: Transform | None = None,
        target_transform: Transform | None = None,
        loader: Callable[[str], Any] = default_loader,
        is_valid_file: Callable[[str], bool] | None = None,
        allow_empty: bool = False,
    ) -> None:
        super().__init__(
            root,
            loader,
            None if is_valid_file is not None else IMG_EXTENSIONS,
            transform=transform,
            target_transform=target_transform,
            is_valid_file=is_valid_file,
            allow_empty=allow_empty,
        )
        self.imgs = self.samples
