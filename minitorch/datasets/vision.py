"""VisionDataset, the base of the image data sets, and LabelledImages, one that fits in memory.

A data set answers two questions: how many samples (`len`), and what is sample i
(`dataset[i]`, a pair of image and target). Everything else here is its description as text
and the place where the user's transforms are applied.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import numpy as np
from PIL import Image

from ..ops.create import from_numpy
from ..tensor import Tensor
from ..utils.data.dataset import Dataset

Transform = Callable[[Any], Any]


class StandardTransform:
    """Two transforms as one that maps the pair (image, target).

    (image, target) → (transform(image), target_transform(target))

    Args:
        transform: applied to the image; None leaves it as it is.
        target_transform: applied to the target; None leaves it as it is.

    Source: torchvision.datasets.vision.StandardTransform (names and repr).
    """

    def __init__(
        self, transform: Transform | None = None, target_transform: Transform | None = None
    ) -> None:
        self.transform = transform
        self.target_transform = target_transform

    def __call__(self, input: Any, target: Any) -> tuple[Any, Any]:
        if self.transform is not None:
            input = self.transform(input)
        if self.target_transform is not None:
            target = self.target_transform(target)
        return input, target

    def __repr__(self) -> str:
        text = type(self).__name__
        parts = (("Transform: ", self.transform), ("Target transform: ", self.target_transform))
        for title, transform in parts:
            if transform is not None:
                text += "\n" + title + repr(transform).replace("\n", "\n" + " " * len(title))
        return text


class VisionDataset(Dataset):
    """Base class of the image data sets; a subclass gives `__getitem__` and `__len__`.

    Args:
        root: folder of the data; a str may start with `~`. None: nowhere on disk.
        transforms: takes the pair (image, target) and returns the pair to use.
        transform: takes the image alone.
        target_transform: takes the target alone.

    Raises:
        ValueError: `transforms` together with `transform` or `target_transform`.
        TypeError: a transform that cannot be called.

    Example:
        >>> from minitorch.datasets import VisionDataset
        >>> class Squares(VisionDataset):
        ...     def __getitem__(self, index):
        ...         return index, index ** 2
        ...     def __len__(self):
        ...         return 5
        >>> Squares("~/data", target_transform=None)[3]
        (3, 9)

    Source: torchvision.datasets.VisionDataset (signature and repr).
    """

    _repr_indent = 4

    def __init__(
        self,
        root: str | os.PathLike[str] | None = None,
        transforms: Callable[[Any, Any], tuple[Any, Any]] | None = None,
        transform: Transform | None = None,
        target_transform: Transform | None = None,
    ) -> None:
        for name, value in (
            ("transforms", transforms),
            ("transform", transform),
            ("target_transform", target_transform),
        ):
            if value is not None and not callable(value):
                raise TypeError(f"{name} must be callable or None, but got {value!r}")
        separate = transform is not None or target_transform is not None
        if transforms is not None and separate:
            raise ValueError(
                "Only transforms or transform/target_transform can be passed as argument"
            )
        self.root = os.path.expanduser(root) if isinstance(root, str) else root
        self.transform = transform
        self.target_transform = target_transform
        self.transforms = StandardTransform(transform, target_transform) if separate else transforms

    def __getitem__(self, index: int) -> Any:
        raise NotImplementedError(f"{type(self).__name__} does not define __getitem__")

    def __len__(self) -> int:
        raise NotImplementedError(f"{type(self).__name__} does not define __len__")

    def extra_repr(self) -> str:
        """Lines for `repr` between the root location and the transforms; a subclass's own."""
        return ""

    def __repr__(self) -> str:
        lines = [f"Number of datapoints: {len(self)}"]
        if self.root is not None:
            lines.append(f"Root location: {self.root}")
        lines += self.extra_repr().splitlines()
        if self.transforms is not None:
            # as in torchvision, only the first line of the transforms is indented
            lines.append(repr(self.transforms))
        return "\n".join(
            [f"Dataset {type(self).__name__}", *(" " * self._repr_indent + line for line in lines)]
        )


class LabelledImages(VisionDataset):
    """Grey images and their class numbers, all in memory: what MNIST and SyntheticDigits share.

    Args: root, transform, target_transform: as VisionDataset.
        train: True for the training split, False for the test split.

    Attributes:
        data: uint8 tensor (N, H, W), 0 black to 255 white.
        targets: int64 tensor (N,), index into `classes`.
        classes: name of each class.
    """

    classes: list[str]
    data: Tensor
    targets: Tensor

    def __init__(
        self,
        root: str | os.PathLike[str] | None,
        train: bool,
        transform: Transform | None,
        target_transform: Transform | None,
    ) -> None:
        if callable(train):  # MNIST(root, transform) would silently give untransformed images
            raise TypeError(f"train must be True or False, but got {train!r}; say transform=...")
        super().__init__(root, transform=transform, target_transform=target_transform)
        self.train = train

    def _set_arrays(self, images: np.ndarray, labels: np.ndarray) -> None:
        """The one place where NumPy arrays become tensors; `data` shares memory with `images`."""
        self.data = from_numpy(images)
        self.targets = from_numpy(labels.astype(np.int64))

    @property
    def class_to_idx(self) -> dict[str, int]:
        """Class name → class number."""
        return {name: i for i, name in enumerate(self.classes)}

    def __getitem__(self, index: int) -> tuple[Any, Any]:
        """Pair (PIL image of mode "L", int), each through its transform where one is given."""
        image, target = self.data[index], int(self.targets[index])
        picture: Any = Image.fromarray(image.numpy())
        if self.transform is not None:
            picture = self.transform(picture)
        label: Any = target
        if self.target_transform is not None:
            label = self.target_transform(target)
        return picture, label

    def __len__(self) -> int:
        return len(self.data)

    def extra_repr(self) -> str:
        return f"Split: {'Train' if self.train else 'Test'}"
