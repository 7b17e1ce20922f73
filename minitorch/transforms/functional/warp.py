"""Turning, shearing and tilting images: rotate, affine, perspective, elastic_transform.

Each output pixel (x, y) asks where in the input it comes from, so the matrices here map output
to input. PIL images are warped by Pillow in pixel coordinates from the top left corner; tensors
by `sampling.warp`, from the centre, in units of half the image.
"""

from __future__ import annotations

import math
from numbers import Number
from typing import Any

import numpy as np
from PIL import Image

from ...ops.create import as_tensor
from .equations import solve
from .images import check_image, get_dimensions
from .interpolation import PIL_MODES, InterpolationMode, as_mode
from .sampling import warp

NEAREST, BILINEAR = InterpolationMode.NEAREST, InterpolationMode.BILINEAR


def affine_matrix(center: Any, angle: float, translate: Any, scale: float, shear: Any,
                  inverted: bool = True) -> list[float]:  # fmt: skip
    """The six numbers [a, b, c, d, e, f] of  x' = a·x + b·y + c,  y' = d·x + e·y + f.

    The forward map moves the centre to the origin, shears by (φx, φy), turns by θ, scales by s,
    moves back and translates by t:

        M = T(t) · C · R(θ) · ShearY(φy) · ShearX(φx) · s · C⁻¹                        (1)
        R·Shear = [[p, q], [r, u]]
        p =  cos(θ − φy) / cos φy             q = −p·tan φx − sin θ
        r =  sin(θ − φy) / cos φy             u = −r·tan φx + cos θ                    (2)
        M⁻¹ = C · (1/s)·[[u, −q], [−r, p]] · C⁻¹ · T(−t)          (p·u − q·r = 1)      (3)

    Args:
        center: (x, y) that stays in place but for t, pixels.
        angle: θ, degrees clockwise (y points down).
        translate: t = (x, y), pixels.
        scale: s.
        shear: (φx, φy), degrees.
        inverted: M⁻¹ (default) or M.
    """
    θ, φx, φy = math.radians(angle), math.radians(shear[0]), math.radians(shear[1])
    (cx, cy), (tx, ty) = center, translate
    p = math.cos(θ - φy) / math.cos(φy)  # (2)
    q = -math.cos(θ - φy) * math.tan(φx) / math.cos(φy) - math.sin(θ)
    r = math.sin(θ - φy) / math.cos(φy)
    u = -math.sin(θ - φy) * math.tan(φx) / math.cos(φy) + math.cos(θ)
    if inverted:
        a, b, d, e = u / scale, -q / scale, -r / scale, p / scale  # (3)
        x, y = -cx - tx, -cy - ty
        return [a, b, a * x + b * y + cx, d, e, d * x + e * y + cy]
    a, b, d, e = p * scale, q * scale, r * scale, u * scale  # (1)
    return [a, b, a * -cx + b * -cy + cx + tx, d, e, d * -cx + e * -cy + cy + ty]


def pil_fill(img: Image.Image, fill: Any) -> dict[str, Any]:
    """`fill` as Pillow's fillcolor: one whole number per band (mode F: as it is).

    Raises:
        ValueError: another number of values than the image has channels.
    """
    bands = len(img.getbands())
    if fill is None:
        fill = 0
    if isinstance(fill, (int, float)) and bands > 1:
        fill = (fill,) * bands
    if isinstance(fill, (list, tuple)):
        if len(fill) == 1:
            fill = fill * bands
        elif len(fill) != bands:
            raise ValueError(
                "The number of elements in 'fill' does not match the number of channels of the "
                f"image ({len(fill)} != {bands})"
            )
        fill = tuple(fill)
    if img.mode != "F":
        fill = tuple(int(v) for v in fill) if isinstance(fill, tuple) else int(fill)
    return {"fillcolor": fill}


def check_tensor_warp(img: Any, mode: InterpolationMode, fill: Any, bicubic: bool = False) -> None:
    """Refuse what tensors can't do: other modes, a fill of another number of channels.

    Args:
        bicubic: whether BICUBIC is a mode, too (default False).
    """
    if mode not in (NEAREST, BILINEAR) and not (bicubic and mode is InterpolationMode.BICUBIC):
        raise ValueError(f"Interpolation mode {mode.value!r} is unsupported with Tensor input")
    channels = get_dimensions(img)[0]
    if isinstance(fill, (tuple, list)) and len(fill) > 1 and len(fill) != channels:
        raise ValueError(
            "The number of elements in 'fill' cannot broadcast to match the number of channels "
            f"of the image ({len(fill)} != {channels})"
        )
    check_planes(img, fill)


def check_planes(img: Any, fill: Any) -> None:
    """Refuse tensors that are not (C, H, W) or (N, C, H, W); a fill changes the exception."""
    shape = img._data.shape
    if len(shape) not in (3, 4):
        message = f"expected a tensor image (C, H, W) or (N, C, H, W), but got {list(shape)}"
        raise RuntimeError(message) if fill is None or len(shape) > 4 else IndexError(message)


def _float_kind(img: Any) -> np.dtype:
    kind = img._data.dtype
    return kind if kind.kind == "f" else np.dtype(np.float32)


def affine_grid(matrix: list[float], W: int, H: int, width: int, height: int,
                kind: np.dtype) -> np.ndarray:  # fmt: skip
    """Where to read an image (H, W) for each of (height, width) outputs, as `sampling` wants it.

    (x, y) = M·(i − (width−1)/2, j − (height−1)/2, 1), in units of W/2 and H/2         (1)
    """
    wide = np.dtype(np.float32) if kind == np.float16 else kind  # as PyTorch's float16 products
    halves = np.array([[0.5 * W], [0.5 * H]], kind)
    (a, b, c), (d, e, f) = (np.array(matrix, kind).reshape(2, 3) / halves).astype(wide)
    x = np.arange(width, dtype=wide) - wide.type((width - 1) / 2)
    y = (np.arange(height, dtype=wide) - wide.type((height - 1) / 2))[:, None]
    grid = np.empty((height, width, 2), kind)
    grid[..., 0] = x * a + y * b + c  # (1)
    grid[..., 1] = x * d + y * e + f
    return grid


def _expanded_size(matrix: list[float], W: int, H: int) -> tuple[int, int]:
    """(width, height) that hold the whole turned image."""
    m = np.array(matrix, np.float32).reshape(2, 3)
    w, h = 0.5 * W, 0.5 * H
    corners = np.array([[-w, -h, 1], [-w, h, 1], [w, h, 1], [w, -h, 1]], np.float32)
    places = corners @ m.T + np.array([w, h], np.float32)
    tol = np.float32(1e-4)  # a corner that lies on a pixel's edge but for rounding stays there
    high = np.ceil(np.trunc(places.max(0) / tol) * tol)
    low = np.floor(np.trunc(places.min(0) / tol) * tol)
    return int(high[0] - low[0]), int(high[1] - low[1])


def rotate(img: Any, angle: float, interpolation: Any = NEAREST, expand: bool = False,
           center: Any = None, fill: Any = None) -> Any:  # fmt: skip
    """The image turned counter-clockwise.

    Args:
        angle: degrees.
        interpolation: InterpolationMode (default NEAREST), or Pillow's number for it.
        expand: make the output large enough to hold the whole turned image (default False: the
            size stays, corners are cut off). Assumes that it turns about the centre.
        center: (x, y) to turn about, pixels from the top left; None (default): the centre.
        fill: value of the pixels outside the image, one or one per channel; None (default): 0.
    Raises:
        TypeError: an angle that is no number, a center that is no sequence, an unknown mode.
        ValueError: a fill of another number of channels, a mode that can't rotate.
    Source: notes, transforms.Compose (RandomRotation).
    """
    interpolation = as_mode(interpolation)
    if not isinstance(angle, (int, float)):
        raise TypeError(f"Argument angle should be int or float, but got {angle!r}")
    if center is not None and not isinstance(center, (list, tuple)):
        raise TypeError(f"Argument center should be a sequence, but got {center!r}")
    if not check_image(img):
        opts = pil_fill(img, fill)
        return img.rotate(angle, PIL_MODES[interpolation], expand, center, **opts)
    check_tensor_warp(img, interpolation, fill)
    _, H, W = get_dimensions(img)
    matrix = affine_matrix(_from_centre(center, W, H), -angle, (0.0, 0.0), 1.0, (0.0, 0.0))
    width, height = _expanded_size(matrix, W, H) if expand else (W, H)
    grid = affine_grid(matrix, W, H, width, height, _float_kind(img))
    return warp(img, grid, interpolation, fill)


def _from_centre(center: Any, W: int, H: int) -> tuple[float, float]:
    if center is None:
        return 0.0, 0.0
    x, y = (place - 0.5 * size for place, size in zip(center, (W, H)))
    return x, y


def affine(img: Any, angle: float, translate: Any, scale: float, shear: Any,
           interpolation: Any = NEAREST, fill: Any = None, center: Any = None) -> Any:  # fmt: skip
    """The image turned, moved, scaled and sheared; its size stays (`affine_matrix`).

    Args:
        angle: degrees, clockwise.
        translate: [x, y], pixels to the right and down.
        scale: factor, above 0.
        shear: [x, y] degrees, or one number for x.
        interpolation, fill, center: as for `rotate`.
    Raises:
        TypeError: an argument that is no number, or no sequence.
        ValueError: a sequence of another length, a scale not above 0.
    """
    interpolation = as_mode(interpolation)
    angle, translate, shear = _checked_affine(angle, translate, scale, shear, center)
    tensor = check_image(img)
    _, H, W = get_dimensions(img)
    if not tensor:
        middle = [W * 0.5, H * 0.5] if center is None else center
        matrix = affine_matrix(middle, angle, translate, scale, shear)
        opts = pil_fill(img, fill)
        return img.transform(
            (W, H), Image.Transform.AFFINE, matrix, PIL_MODES[interpolation], **opts
        )
    check_tensor_warp(img, interpolation, fill)
    shift = [1.0 * t for t in translate]
    matrix = affine_matrix(_from_centre(center, W, H), angle, shift, scale, shear)
    return warp(img, affine_grid(matrix, W, H, W, H, _float_kind(img)), interpolation, fill)


def _checked_affine(angle: Any, translate: Any, scale: Any, shear: Any, center: Any) -> Any:
    if not isinstance(angle, (int, float)):
        raise TypeError(f"Argument angle should be int or float, but got {angle!r}")
    if not isinstance(translate, (list, tuple)):
        raise TypeError(f"Argument translate should be a sequence, but got {translate!r}")
    if len(translate) != 2:
        raise ValueError(f"Argument translate should be a sequence of length 2, got {translate}")
    if scale <= 0.0:
        raise ValueError(f"Argument scale should be positive, but got {scale}")
    if not isinstance(shear, (Number, list, tuple)):
        raise TypeError(
            f"Shear should be either a single value or a sequence of two values, but got {shear!r}"
        )
    if isinstance(shear, Number):
        shear = [shear, 0.0]
    elif len(shear) == 1:
        shear = [shear[0], shear[0]]
    if len(shear) != 2:
        raise ValueError(f"Shear should be a sequence containing two values. Got {shear}")
    if center is not None and not isinstance(center, (list, tuple)):
        raise TypeError(f"Argument center should be a sequence, but got {center!r}")
    return float(angle), list(translate), list(shear)


def perspective_coefficients(startpoints: Any, endpoints: Any) -> list[float]:
    """The eight numbers [a … h] of the map from `endpoints` to `startpoints`.

        x' = (a·x + b·y + c) / (g·x + h·y + 1)
        y' = (d·x + e·y + f) / (g·x + h·y + 1)                                         (1)

    Multiplied by the denominator, each of the four pairs of points gives two linear equations.

    Args:
        startpoints: the corners [top left, top right, bottom right, bottom left] of the input.
        endpoints: where they come to lie, [x, y] pixels each.
    Raises:
        ValueError: not four points each.
        RuntimeError: three of four points on one line (unless rounding hides it, as in PyTorch).
    """
    if len(startpoints) != 4 or len(endpoints) != 4:
        raise ValueError(
            "Please provide exactly four corners, got "
            f"{len(startpoints)} startpoints and {len(endpoints)} endpoints."
        )
    rows = []
    for (x, y), (x_in, y_in) in zip(endpoints, startpoints):
        rows.append(as_tensor([x, y, 1, 0, 0, 0, -x_in * x, -x_in * y])._data)  # (1)
        rows.append(as_tensor([0, 0, 0, x, y, 1, -y_in * x, -y_in * y])._data)
    wanted = np.array(startpoints, np.float64).reshape(8)
    try:
        solution = solve(np.array(rows, np.float64).tolist(), wanted.tolist())
    except ZeroDivisionError:
        raise RuntimeError(
            f"no perspective maps {startpoints} to {endpoints}: three corners on one line"
        ) from None
    return np.array(solution, np.float32).tolist()


def perspective(img: Any, startpoints: Any, endpoints: Any, interpolation: Any = BILINEAR,
                fill: Any = None) -> Any:  # fmt: skip
    """The image tilted so that the four startpoints come to lie on the four endpoints.

    Args:
        startpoints: [top left, top right, bottom right, bottom left], [x, y] in pixels.
        endpoints: likewise, where they go.
        interpolation, fill: as for `rotate`, but BILINEAR by default.
    """
    coefficients = perspective_coefficients(startpoints, endpoints)
    interpolation = as_mode(interpolation)
    if not check_image(img):
        opts = pil_fill(img, fill)
        return img.transform(
            img.size, Image.Transform.PERSPECTIVE, coefficients, PIL_MODES[interpolation], **opts
        )
    check_tensor_warp(img, interpolation, fill)
    _, H, W = get_dimensions(img)
    return warp(img, _perspective_grid(coefficients, W, H, _float_kind(img)), interpolation, fill)


def _perspective_grid(coefficients: list[float], W: int, H: int, kind: np.dtype) -> np.ndarray:
    wide = np.dtype(np.float32) if kind == np.float16 else kind
    halves = np.array([[0.5 * W], [0.5 * H]], kind)
    (a, b, c), (d, e, f) = (np.array(coefficients[:6], kind).reshape(2, 3) / halves).astype(wide)
    g, h = np.array(coefficients[6:], kind).astype(wide)
    x = np.arange(W, dtype=wide) + wide.type(0.5)
    y = (np.arange(H, dtype=wide) + wide.type(0.5))[:, None]
    below = (x * g + y * h + wide.type(1)).astype(kind)
    above = np.stack([x * a + y * b + c, x * d + y * e + f], -1).astype(kind)
    with np.errstate(all="ignore"):  # on the horizon, below = 0, a pixel comes from nowhere: inf
        return above / below[..., None] - kind.type(1)
