"""FakeData: random images and labels, to try a training loop before there is any data."""

from __future__ import annotations

from typing import Any

from ..ops.sample import randint, randn
from ..random import Generator
from ..tensor import Tensor
from ..transforms.functional import to_pil_image
from .vision import Transform, VisionDataset


class FakeData(VisionDataset):
    """Images of noise with random classes; sample i is the same each time it is taken out.

    image, target ← randn(C, H, W), randint(0, K)  with the seed  i + random_offset     (1)

    Args:
        size: number of samples.
        image_size: (C, H, W).
        num_classes: K, number of classes.
        transform: applied to each PIL image when it is taken out.
        target_transform: applied to each class number (a 0-d int64 tensor) when it is taken out.
        random_offset: two sets with distant offsets have different images.

    Example:
        >>> from minitorch import datasets
        >>> image, target = datasets.FakeData(image_size=(3, 8, 10))[7]
        >>> image.size, target == datasets.FakeData(image_size=(3, 8, 10))[7][1]
        ((10, 8), True)

    Source: torchvision.datasets.FakeData (signature, and the same images and targets).
    """

    def __init__(
        self,
        size: int = 1000,
        image_size: tuple[int, int, int] = (3, 224, 224),
        num_classes: int = 10,
        transform: Transform | None = None,
        target_transform: Transform | None = None,
        random_offset: int = 0,
    ) -> None:
        super().__init__(None, transform=transform, target_transform=target_transform)
        self.size = size
        self.image_size = image_size
        self.num_classes = num_classes
        self.random_offset = random_offset

    def __getitem__(self, index: int) -> tuple[Any, Any]:
        """Pair (PIL image, int), each through its transform where one is given."""
        if index >= len(self):
            raise IndexError(f"{type(self).__name__} index out of range: {index} of {len(self)}")
        generator = Generator().manual_seed(index + self.random_offset)  # (1)
        pixels = randn(*self.image_size, generator=generator)
        target: Any = randint(0, self.num_classes, (1,), generator=generator)[0]
        image: Any = to_pil_image(pixels)
        if self.transform is not None:
            image = self.transform(image)
        if self.target_transform is not None:
            target = self.target_transform(target)
        return image, target.item() if isinstance(target, Tensor) else target

    def __len__(self) -> int:
        return self.size
