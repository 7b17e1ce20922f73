"""Random turns and tilts: RandomRotation, RandomAffine, RandomPerspective, ElasticTransform."""

from __future__ import annotations

from typing import Any

from ..nn.modules.module import Module
from . import functional as F
from .arguments import fill_for, interval, number_or_sequence, sequence
from .draw import chance, integer, uniform
from .functional.images import is_tensor
from .functional.interpolation import InterpolationMode, as_mode


class RandomRotation(Module):
    """The image turned by an angle drawn anew for each image.

    angle ~ Uniform(degrees[0], degrees[1]), counter-clockwise

    Args:
        degrees: (least, largest) in degrees, or x for (−x, x).
        interpolation: InterpolationMode.NEAREST (default), BILINEAR, or BICUBIC for PIL images.
        expand: enlarge the output to hold the whole turned image (default False).
        center: (x, y) to turn about, pixels from the top left. None (default): the centre.
        fill: value of the pixels that come from outside the image, one number or one per channel
            (0-255, tensors: in their own units); default 0.
    Raises:
        TypeError, ValueError: degrees or center of another form, negative degrees.
    Source: notes, transforms.Compose.
    >>> from minitorch import transforms
    >>> transforms.RandomRotation(degrees=15)
    RandomRotation(degrees=[-15.0, 15.0], interpolation=nearest, expand=False, fill=0)
    """

    def __init__(self, degrees: Any, interpolation: Any = InterpolationMode.NEAREST,
                 expand: bool = False, center: Any = None, fill: Any = 0) -> None:  # fmt: skip
        super().__init__()
        self.interpolation = as_mode(interpolation)
        self.degrees = interval(degrees, "degrees")
        if center is not None:
            sequence(center, "center")
        self.center = center
        self.expand = expand
        self.fill = number_or_sequence(fill)

    @staticmethod
    def get_params(degrees: Any) -> float:
        """One angle in degrees, uniform on the range."""
        return uniform(float(degrees[0]), float(degrees[1]))

    def forward(self, img: Any) -> Any:
        fill = self.fill
        channels, _, _ = F.get_dimensions(img)
        if is_tensor(img):
            fill = fill_for(img, fill, channels)
        angle = self.get_params(self.degrees)
        return F.rotate(img, angle, self.interpolation, self.expand, self.center, fill)

    def __repr__(self) -> str:
        center = f", center={self.center}" if self.center is not None else ""
        return (
            f"{type(self).__name__}(degrees={self.degrees}, interpolation={self.interpolation.value}, "
            f"expand={self.expand}{center}, fill={self.fill})"
        )
