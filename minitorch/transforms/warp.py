"""Random turns and tilts: RandomRotation, RandomAffine, RandomPerspective, ElasticTransform."""

from __future__ import annotations

from typing import Any

from ..nn.modules.module import Module
from ..ops.joining import cat
from ..ops.sample import rand
from . import functional as F
from .arguments import fill_for, interval, number_or_sequence, sequence
from .draw import chance, integer, uniform
from .functional.images import is_tensor
from .functional.interpolation import InterpolationMode, mode_or_later
from .functional.pictures import LARGEST, Pictures, rotate_pictures

NEAREST, BILINEAR = InterpolationMode.NEAREST, InterpolationMode.BILINEAR


class RandomRotation(Module):
    """The image turned by an angle drawn anew for each image.

    angle ~ Uniform(degrees[0], degrees[1]), counter-clockwise

    Shape: PIL image or tensor (…, C, H, W) of any dtype → the same kind, of the same size unless
        `expand`.
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

    def __init__(self, degrees: Any, interpolation: Any = NEAREST, expand: bool = False,
                 center: Any = None, fill: Any = 0) -> None:  # fmt: skip
        super().__init__()
        self.interpolation = mode_or_later(interpolation)
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
        if is_tensor(img):
            fill = fill_for(img, fill)
        angle = self.get_params(self.degrees)
        return F.rotate(img, angle, self.interpolation, self.expand, self.center, fill)

    def forward_batch(self, images: Any) -> Any:
        """N PIL images at once, each turned by an angle of its own (`rotate_pictures`)."""
        plain = self.interpolation is NEAREST and not self.expand and self.center is None
        if not plain or not isinstance(images, Pictures) or not isinstance(self.fill, (int, float)):
            return None
        N, H, W, _ = images.pixels.shape
        if max(H, W) > LARGEST or not 0 <= self.fill <= 255:
            return None
        angles = [self.get_params(self.degrees) for _ in range(N)]
        return rotate_pictures(images, angles, self.fill)

    def __repr__(self) -> str:
        center = f", center={self.center}" if self.center is not None else ""
        return (
            f"{type(self).__name__}(degrees={self.degrees}, "
            f"interpolation={self.interpolation.value}, "
            f"expand={self.expand}{center}, fill={self.fill})"
        )


class RandomAffine(Module):
    """The image turned, moved, scaled and sheared by amounts drawn anew for each image.

    Shape: PIL image or tensor (…, C, H, W) of any dtype → the same kind and size.
    Args:
        degrees: (least, largest) angle in degrees, clockwise, or x for (−x, x).
        translate: (a, b), 0-1: moved by up to a·width to either side, b·height up or down.
            None (default): not at all.
        scale: (least, largest) factor. None (default): 1.
        shear: x for (−x, x) degrees along x; (least, largest) along x; or four numbers, along
            x and y. None (default): none.
        interpolation, fill, center: as for RandomRotation.
    Raises:
        TypeError, ValueError: an argument of another form or range.
    """

    def __init__(
        self, degrees: Any, translate: Any = None, scale: Any = None, shear: Any = None,
        interpolation: Any = NEAREST, fill: Any = 0, center: Any = None
    ) -> None:  # fmt: skip
        super().__init__()
        self.interpolation = mode_or_later(interpolation)
        self.degrees = interval(degrees, "degrees")
        if translate is not None:
            sequence(translate, "translate")
            for part in translate:
                if not 0.0 <= part <= 1.0:
                    raise ValueError(
                        f"translation values should be between 0 and 1. Got {translate}"
                    )
        self.translate = translate
        if scale is not None:
            sequence(scale, "scale")
            for factor in scale:
                if factor <= 0:
                    raise ValueError(f"scale values should be positive. Got {scale}")
        self.scale = scale
        self.shear = None if shear is None else interval(shear, "shear", (2, 4))
        self.fill = number_or_sequence(fill)
        if center is not None:
            sequence(center, "center")
        self.center = center

    @staticmethod
    def get_params(
        degrees: Any, translate: Any, scale_ranges: Any, shears: Any, img_size: Any
    ) -> tuple[float, tuple[int, int], float, tuple[float, float]]:
        """(angle in degrees, shift (x, y) in pixels, scale, shear (x, y) in degrees).

        Args: degrees, translate, scale_ranges, shears: the ranges, None for none but degrees.
            img_size: [width, height], pixels.
        """
        angle = uniform(float(degrees[0]), float(degrees[1]))
        shift = (0, 0)
        if translate is not None:
            most_x, most_y = (float(t * n) for t, n in zip(translate, img_size))
            shift_x = round(uniform(-most_x, most_x))
            shift = (shift_x, round(uniform(-most_y, most_y)))
        scale = 1.0 if scale_ranges is None else uniform(scale_ranges[0], scale_ranges[1])
        shear_x = shear_y = 0.0
        if shears is not None:
            shear_x = uniform(shears[0], shears[1])
            if len(shears) == 4:
                shear_y = uniform(shears[2], shears[3])
        return angle, shift, scale, (shear_x, shear_y)

    def forward(self, img: Any) -> Any:
        fill = self.fill
        _, H, W = F.get_dimensions(img)
        if is_tensor(img):
            fill = fill_for(img, fill)
        drawn = self.get_params(self.degrees, self.translate, self.scale, self.shear, [W, H])
        return F.affine(img, *drawn, self.interpolation, fill, self.center)

    def __repr__(self) -> str:
        parts = [f"degrees={self.degrees}"]
        for name in ("translate", "scale", "shear"):
            if getattr(self, name) is not None:
                parts.append(f"{name}={getattr(self, name)}")
        if self.interpolation is not NEAREST:
            parts.append(f"interpolation={self.interpolation.value}")
        if self.fill != 0:
            parts.append(f"fill={self.fill}")
        if self.center is not None:
            parts.append(f"center={self.center}")
        return f"{type(self).__name__}({', '.join(parts)})"


class RandomPerspective(Module):
    """With probability p, the image tilted: each corner moved inwards by a random amount.

    Shape: PIL image or tensor (…, C, H, W) of any dtype → the same kind and size.
    Args:
        distortion_scale: 0-1 (default 0.5): how far a corner may move, in halves of the image.
        p: 0-1, default 0.5.
        interpolation: default BILINEAR.
        fill: as for RandomRotation.
    """

    def __init__(self, distortion_scale: float = 0.5, p: float = 0.5,
                 interpolation: Any = BILINEAR, fill: Any = 0) -> None:  # fmt: skip
        super().__init__()
        self.p = p
        self.interpolation = mode_or_later(interpolation)
        self.distortion_scale = distortion_scale
        self.fill = number_or_sequence(fill)

    def forward(self, img: Any) -> Any:
        fill = self.fill
        _, H, W = F.get_dimensions(img)
        if is_tensor(img):
            fill = fill_for(img, fill)
        if chance() < self.p:
            startpoints, endpoints = self.get_params(W, H, self.distortion_scale)
            return F.perspective(img, startpoints, endpoints, self.interpolation, fill)
        return img

    @staticmethod
    def get_params(
        width: int, height: int, distortion_scale: float
    ) -> tuple[list[list[int]], list[list[int]]]:
        """(corners, where they go), each [top left, top right, bottom right, bottom left]."""
        dx = int(distortion_scale * (width // 2))
        dy = int(distortion_scale * (height // 2))
        left, right = (0, dx + 1), (width - dx - 1, width)
        top, bottom = (0, dy + 1), (height - dy - 1, height)
        endpoints = [
            [integer(*xs), integer(*ys)]
            for xs, ys in ((left, top), (right, top), (right, bottom), (left, bottom))
        ]
        w, h = width - 1, height - 1
        return [[0, 0], [w, 0], [w, h], [0, h]], endpoints

    def __repr__(self) -> str:
        return f"{type(self).__name__}(p={self.p})"


class ElasticTransform(Module):
    """Every pixel moved by a smooth random amount, as if the image were printed on rubber.

    displacement = alpha · Gaussian blur of width sigma of Uniform(−1, 1) noise

    Shape: PIL image or tensor (…, C, H, W) of any dtype → the same kind and size.
    Args:
        alpha: strength, a float or [x, y]; default 50.0.
        sigma: smoothness in pixels, a float or [x, y]; default 5.0. 0: none, in both.
        interpolation: default BILINEAR.
        fill: as for RandomRotation.
    Raises:
        TypeError, ValueError: alpha or sigma of another form (whole numbers are refused, too), a
            fill that is no number and no sequence.
    Source: Simard et al., "Best practices for convolutional neural networks", 2003.
    """

    def __init__(self, alpha: Any = 50.0, sigma: Any = 5.0, interpolation: Any = BILINEAR,
                 fill: Any = 0) -> None:  # fmt: skip
        super().__init__()
        self.alpha = _two_floats(alpha, "alpha")
        self.sigma = _two_floats(sigma, "sigma")
        self.interpolation = mode_or_later(interpolation)
        if not isinstance(fill, (int, float, list, tuple)):
            raise TypeError(f"fill should be a number or a list or tuple of them. Got {fill!r}")
        self.fill = [float(fill)] if isinstance(fill, (int, float)) else [float(v) for v in fill]

    @staticmethod
    def get_params(alpha: Any, sigma: Any, size: Any) -> Any:
        """The displacement (1, H, W, 2) for an image of size [H, W]: x, then y."""
        parts = []
        for strength, width, pixels in zip(alpha, sigma, reversed(size)):  # x goes with W
            noise = rand([1, 1, *size]) * 2 - 1
            if width > 0.0:
                kernel = int(8 * width + 1)  # pixels, square; the bell has both widths
                kernel += kernel % 2 == 0
                noise = F.gaussian_blur(noise, [kernel, kernel], list(sigma))
            parts.append(noise * strength / pixels)
        return cat(parts, 1).permute(0, 2, 3, 1)

    def forward(self, tensor: Any) -> Any:
        _, H, W = F.get_dimensions(tensor)
        displacement = self.get_params(self.alpha, self.sigma, [H, W])
        return F.elastic_transform(tensor, displacement, self.interpolation, self.fill)

    def __repr__(self) -> str:
        return (
            f"{type(self).__name__}(alpha={self.alpha}, sigma={self.sigma}, "
            f"interpolation={self.interpolation}, fill={self.fill})"
        )


def _two_floats(value: Any, name: str) -> Any:
    if isinstance(value, float):
        return [value, value]
    if not isinstance(value, (list, tuple, str)):
        raise TypeError(f"{name} should be float or a sequence of floats. Got {type(value)}")
    if len(value) != 2:
        raise ValueError(f"If {name} is a sequence its length should be 2. Got {len(value)}")
    for number in value:
        if not isinstance(number, float):
            raise TypeError(f"{name} should be a sequence of floats. Got {type(number)}")
    return value
