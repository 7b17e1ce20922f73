"""Blurring, erasing, whitening: GaussianBlur, RandomErasing, LinearTransformation."""

from __future__ import annotations

import math
from collections.abc import Sequence
from numbers import Number
from typing import Any

import numpy as np

from .. import random
from ..autograd.graph import wrap
from ..nn.modules.module import Module
from ..ops.create import tensor as make_tensor
from . import functional as F
from .crop import check_ranges, draw_area
from .draw import chance, integer, uniform


class GaussianBlur(Module):
    """The image blurred by a Gaussian bell of random width.

    Shape: PIL image or tensor (…, C, H, W) of any dtype → the same kind and size.
    Args:
        kernel_size: odd number of pixels, or (x, y).
        sigma: width in pixels: a number above 0, or (least, largest); default (0.1, 2.0).
    Raises:
        ValueError: an even or negative size, a sigma out of range or of another form.
    """

    def __init__(self, kernel_size: Any, sigma: Any = (0.1, 2.0)) -> None:
        super().__init__()
        if isinstance(kernel_size, Number):
            kernel_size = (int(kernel_size), int(kernel_size))  # type: ignore[call-overload]
        elif isinstance(kernel_size, Sequence) and len(kernel_size) == 1:
            kernel_size = (kernel_size[0], kernel_size[0])
        if len(kernel_size) != 2:
            raise ValueError(
                f"Kernel size should be a tuple/list of two integers. Got {kernel_size!r}"
            )
        for size in kernel_size:
            if size <= 0 or size % 2 == 0:
                raise ValueError(
                    f"Kernel size value should be an odd and positive number. Got {kernel_size}"
                )
        self.kernel_size = kernel_size
        if isinstance(sigma, Number):
            if sigma <= 0:  # type: ignore[operator]
                raise ValueError(f"If sigma is a single number, it must be positive. Got {sigma!r}")
            sigma = (sigma, sigma)
        elif isinstance(sigma, Sequence) and len(sigma) == 2:
            if not 0.0 < sigma[0] <= sigma[1]:
                raise ValueError(
                    f"sigma values should be positive and of the form (min, max). Got {sigma!r}"
                )
        else:
            raise ValueError(
                f"sigma should be a single number or a list/tuple with length 2. Got {sigma!r}"
            )
        self.sigma = sigma

    @staticmethod
    def get_params(sigma_min: float, sigma_max: float) -> float:
        """One width in pixels, uniform on the range."""
        return uniform(sigma_min, sigma_max)

    def forward(self, img: Any) -> Any:
        sigma = self.get_params(self.sigma[0], self.sigma[1])
        return F.gaussian_blur(img, list(self.kernel_size), [sigma, sigma])

    def __repr__(self) -> str:
        return f"{type(self).__name__}(kernel_size={self.kernel_size}, sigma={self.sigma})"


class RandomErasing(Module):
    """With probability p, a random rectangle of a tensor image overwritten.

    area ~ Uniform(scale)·H·W,  ln(height / width) ~ Uniform(ln ratio)

    Shape: tensor (…, C, H, W) of any dtype → the same.
    Args:
        p: 0-1, default 0.5.
        scale: (least, largest) share of the image's area; default (0.02, 0.33).
        ratio: (least, largest) height / width; default (0.3, 3.3).
        value: a number (default 0), one per channel, or "random" for normal numbers.
        inplace: write into the image (default False).
    Raises:
        TypeError: an argument of another type.
        ValueError: p or scale outside 0-1, another number of values.
    Source: Zhong et al., "Random erasing data augmentation", 2017.
    """

    def __init__(self, p: float = 0.5, scale: Any = (0.02, 0.33), ratio: Any = (0.3, 3.3),
                 value: Any = 0, inplace: bool = False) -> None:  # fmt: skip
        super().__init__()
        if not isinstance(value, (Number, str, tuple, list)):
            raise TypeError(
                f"Argument value should be either a number or str or a sequence. Got {value!r}"
            )
        if isinstance(value, str) and value != "random":
            raise ValueError(f"If value is str, it should be 'random'. Got {value!r}")
        check_ranges(scale, ratio)
        if scale[0] < 0 or scale[1] > 1:
            raise ValueError(f"Scale should be between 0 and 1. Got {scale}")
        if p < 0 or p > 1:
            raise ValueError(f"Random erasing probability should be between 0 and 1. Got {p}")
        self.p = p
        self.scale = scale
        self.ratio = ratio
        self.value = value
        self.inplace = inplace

    @staticmethod
    def get_params(
        img: Any, scale: Any, ratio: Any, value: Any = None
    ) -> tuple[int, int, int, int, Any]:
        """(top, left, height, width) of the rectangle in pixels, and its values.

        Ten tries to find one that is smaller than the image; else the whole image as it is.

        Args:
            value: a list of numbers; None (default): normal numbers.
        """
        C, H, W = img.shape[-3], img.shape[-2], img.shape[-1]
        for _ in range(10):
            area, shape = draw_area(H * W, scale, ratio)
            height, width = round(math.sqrt(area * shape)), round(math.sqrt(area / shape))
            if not (height < H and width < W):
                continue
            if value is None:
                values = wrap(random.normal_(np.empty((C, height, width), np.float32)))
            else:
                values = make_tensor(value)[:, None, None]
            top = integer(0, H - height + 1)
            return top, integer(0, W - width + 1), height, width, values
        return 0, 0, H, W, img

    def forward(self, img: Any) -> Any:
        if chance() >= self.p:
            return img
        value: Any = self.value
        if isinstance(value, (int, float)):
            value = [float(value)]
        elif isinstance(value, str):
            value = None
        else:
            value = [float(v) for v in value]
        if value is not None and len(value) not in (1, img.shape[-3]):
            raise ValueError(
                "If value is a sequence, it should have either a single value or "
                f"{img.shape[-3]} (number of input channels), but has {len(value)}"
            )
        return F.erase(img, *self.get_params(img, self.scale, self.ratio, value), self.inplace)

    def __repr__(self) -> str:
        return (
            f"{type(self).__name__}(p={self.p}, scale={self.scale}, ratio={self.ratio}, "
            f"value={self.value}, inplace={self.inplace})"
        )


class LinearTransformation(Module):
    """The whole image as one row vector times a matrix: out = (x − μ) · M. Whitening, for one.

    Shape: (…, C, H, W) → the same, M is (D, D) and μ (D,) with D = C·H·W.

    Args:
        transformation_matrix: M.
        mean_vector: μ.
    Raises:
        ValueError: shapes or dtypes that do not fit.
    """

    def __init__(self, transformation_matrix: Any, mean_vector: Any) -> None:
        super().__init__()
        rows, columns = transformation_matrix.size()
        if rows != columns:
            raise ValueError(
                f"transformation_matrix should be square. Got {(rows, columns)} rectangular matrix."
            )
        if mean_vector.size(0) != rows:
            raise ValueError(
                f"mean_vector should have the same length {mean_vector.size(0)} as any one of the "
                f"dimensions of the transformation_matrix [{(rows, columns)}]"
            )
        if transformation_matrix.dtype != mean_vector.dtype:
            raise ValueError(
                "Input tensors should have the same dtype. Got "
                f"{transformation_matrix.dtype} and {mean_vector.dtype}"
            )
        self.transformation_matrix = transformation_matrix
        self.mean_vector = mean_vector

    def forward(self, tensor: Any) -> Any:
        shape = tensor.shape
        D = shape[-3] * shape[-2] * shape[-1]
        if self.transformation_matrix.shape[0] != D:
            raise ValueError(
                "Input tensor and transformation matrix have incompatible shape."
                f"[{shape[-3]} x {shape[-2]} x {shape[-1]}] != "
                f"{self.transformation_matrix.shape[0]}"
            )
        flat = tensor.reshape(-1, D) - self.mean_vector
        matrix = self.transformation_matrix.to(flat.dtype)
        return flat.matmul(matrix).reshape(shape)

    def __repr__(self) -> str:
        return (
            f"{type(self).__name__}(transformation_matrix={self.transformation_matrix.tolist()}, "
            f"mean_vector={self.mean_vector.tolist()})"
        )
