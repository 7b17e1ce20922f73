"""Random colours and levels: ColorJitter, Grayscale, RandomInvert and others of that kind."""

from __future__ import annotations

from numbers import Number
from typing import Any

from ..nn.modules.module import Module
from ..ops.sample import randperm
from . import functional as F
from .draw import chance, uniform


class ColorJitter(Module):
    """Brightness, contrast, saturation and hue changed by random factors, in random order.

    Shape: PIL image or tensor (…, C, H, W), C 1 or 3, uint8 0-255 or float 0-1 → the same kind.
    Args:
        brightness, contrast, saturation: x for factors in (max(0, 1 − x), 1 + x), or (least,
            largest); default 0, no change.
        hue: x for (−x, x), or (least, largest), in turns of the colour circle within −0.5-0.5;
            default 0, no change.
    Raises:
        TypeError: neither number nor pair.
        ValueError: a negative number, values out of range.
    """

    def __init__(self, brightness: Any = 0, contrast: Any = 0, saturation: Any = 0,
                 hue: Any = 0) -> None:  # fmt: skip
        super().__init__()
        self.brightness = self._check_input(brightness, "brightness")
        self.contrast = self._check_input(contrast, "contrast")
        self.saturation = self._check_input(saturation, "saturation")
        self.hue = self._check_input(hue, "hue", 0, (-0.5, 0.5), False)

    def _check_input(self, value: Any, name: str, center: float = 1,
                     bound: tuple[float, float] = (0, float("inf")),
                     clip_first_on_zero: bool = True) -> tuple[float, float] | None:  # fmt: skip
        if isinstance(value, Number):
            if value < 0:  # type: ignore[operator]
                raise ValueError(
                    f"If {name} is a single number, it must be non negative. Got {value!r}"
                )
            low, high = center - float(value), center + float(value)  # type: ignore[arg-type]
            if clip_first_on_zero:
                low = max(low, 0.0)
        elif isinstance(value, (tuple, list)) and len(value) == 2:
            low, high = float(value[0]), float(value[1])
        else:
            raise TypeError(
                f"{name} should be a single number or a list/tuple with length 2. Got {value!r}"
            )
        if not bound[0] <= low <= high <= bound[1]:
            raise ValueError(f"{name} values should be between {bound}, but got {[low, high]}.")
        return None if low == high == center else (low, high)

    @staticmethod
    def get_params(
        brightness: Any, contrast: Any, saturation: Any, hue: Any
    ) -> tuple[Any, float | None, float | None, float | None, float | None]:
        """(order, brightness, contrast, saturation, hue): a permutation of 0-3, four factors.

        A range of None gives None: no change.
        """
        order = randperm(4)
        factors = [
            None if r is None else uniform(r[0], r[1])
            for r in (brightness, contrast, saturation, hue)
        ]
        return (order, *factors)

    def forward(self, img: Any) -> Any:
        order, *factors = self.get_params(self.brightness, self.contrast, self.saturation, self.hue)
        functions = (F.adjust_brightness, F.adjust_contrast, F.adjust_saturation, F.adjust_hue)
        for i in order.tolist():
            factor = factors[i]
            if factor is not None:
                img = functions[i](img, factor)
        return img

    def __repr__(self) -> str:
        return (
            f"{type(self).__name__}(brightness={self.brightness}, contrast={self.contrast}, "
            f"saturation={self.saturation}, hue={self.hue})"
        )


class Grayscale(Module):
    """The grey image.

    Shape: PIL image, or tensor (…, C, H, W), C 1 or 3, of any dtype → the same kind.
    Args:
        num_output_channels: 1 (default), or 3 equal ones.
    """

    def __init__(self, num_output_channels: int = 1) -> None:
        super().__init__()
        self.num_output_channels = num_output_channels

    def forward(self, img: Any) -> Any:
        return F.rgb_to_grayscale(img, self.num_output_channels)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(num_output_channels={self.num_output_channels})"


class RandomGrayscale(Module):
    """The grey image with probability p, in as many channels as the image has.

    Shape: PIL image, or tensor (…, C, H, W), C 1 or 3, of any dtype → the same kind.
    Args:
        p: 0-1, default 0.1.
    """

    def __init__(self, p: float = 0.1) -> None:
        super().__init__()
        self.p = p

    def forward(self, img: Any) -> Any:
        channels, _, _ = F.get_dimensions(img)
        return F.rgb_to_grayscale(img, channels) if chance() < self.p else img

    def __repr__(self) -> str:
        return f"{type(self).__name__}(p={self.p})"


class RandomInvert(Module):
    """The negative with probability p.

    Shape: PIL image or tensor (…, C, H, W), C 1 or 3, uint8 0-255 or float 0-1 → the same kind.
    Args:
        p: 0-1, default 0.5.
    """

    def __init__(self, p: float = 0.5) -> None:
        super().__init__()
        self.p = p

    def forward(self, img: Any) -> Any:
        return F.invert(img) if chance() < self.p else img

    def __repr__(self) -> str:
        return f"{type(self).__name__}(p={self.p})"


class RandomPosterize(Module):
    """Only the highest bits of each value kept, with probability p.

    Shape: PIL image or uint8 tensor (…, C, H, W), C 1 or 3, 0-255 → the same kind.
    Args:
        bits: 0-8, how many are kept.
        p: 0-1, default 0.5.
    """

    def __init__(self, bits: int, p: float = 0.5) -> None:
        super().__init__()
        self.bits = bits
        self.p = p

    def forward(self, img: Any) -> Any:
        return F.posterize(img, self.bits) if chance() < self.p else img

    def __repr__(self) -> str:
        return f"{type(self).__name__}(bits={self.bits},p={self.p})"


class RandomSolarize(Module):
    """Values of `threshold` and more inverted, with probability p.

    Shape: PIL image or tensor (…, C, H, W), C 1 or 3, uint8 0-255 or float 0-1 → the same kind.
    Args:
        threshold: in the image's units, 0-255 or 0-1.
        p: 0-1, default 0.5.
    """

    def __init__(self, threshold: float, p: float = 0.5) -> None:
        super().__init__()
        self.threshold = threshold
        self.p = p

    def forward(self, img: Any) -> Any:
        return F.solarize(img, self.threshold) if chance() < self.p else img

    def __repr__(self) -> str:
        return f"{type(self).__name__}(threshold={self.threshold},p={self.p})"


class RandomAdjustSharpness(Module):
    """The image sharpened or smoothed with probability p.

    Shape: PIL image or tensor (…, C, H, W), C 1 or 3, uint8 0-255 or float 0-1 → the same kind.
    Args:
        sharpness_factor: 0 smoothed, 1 no change, 2 sharper.
        p: 0-1, default 0.5.
    """

    def __init__(self, sharpness_factor: float, p: float = 0.5) -> None:
        super().__init__()
        self.sharpness_factor = sharpness_factor
        self.p = p

    def forward(self, img: Any) -> Any:
        return F.adjust_sharpness(img, self.sharpness_factor) if chance() < self.p else img

    def __repr__(self) -> str:
        return f"{type(self).__name__}(sharpness_factor={self.sharpness_factor},p={self.p})"


class RandomAutocontrast(Module):
    """Each channel stretched to the full range with probability p.

    Shape: PIL image or tensor (…, C, H, W), C 1 or 3, uint8 0-255 or float 0-1 → the same kind.
    Args:
        p: 0-1, default 0.5.
    """

    def __init__(self, p: float = 0.5) -> None:
        super().__init__()
        self.p = p

    def forward(self, img: Any) -> Any:
        return F.autocontrast(img) if chance() < self.p else img

    def __repr__(self) -> str:
        return f"{type(self).__name__}(p={self.p})"


class RandomEqualize(Module):
    """All brightnesses made about equally frequent, with probability p.

    Shape: PIL image or uint8 tensor (…, C, H, W), C 1 or 3, 0-255 → the same kind.
    Args:
        p: 0-1, default 0.5.
    """

    def __init__(self, p: float = 0.5) -> None:
        super().__init__()
        self.p = p

    def forward(self, img: Any) -> Any:
        return F.equalize(img) if chance() < self.p else img

    def __repr__(self) -> str:
        return f"{type(self).__name__}(p={self.p})"
