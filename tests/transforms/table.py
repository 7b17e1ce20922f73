"""The table of calls that minitorch and torchvision must answer alike.

Each row is a call on one of the two sides (`Side`: torch, T, F) and an image. It drives the
comparison with stored results and, over many more images, with torchvision itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from .sides import MODES, SIZES, Side, picture


@dataclass(frozen=True)
class Row:
    name: str
    call: Callable[[Side, Any], Any]
    steps: int = 0  # integer tensors may differ by that much: torchvision rounds a float there
    modes: tuple[str, ...] = MODES
    shares: bool = False  # bool pixels may differ where they have hardly a share of a lit pixel


ROWS: list[Row] = []


def row(name: str, call: Callable[[Side, Any], Any], **options: Any) -> None:
    assert all(r.name != name for r in ROWS), name
    ROWS.append(Row(name, call, **options))


def mode(side: Side, name: str) -> Any:
    return getattr(side.T.InterpolationMode, name)


WITHOUT_I16 = tuple(m for m in MODES if m != "I;16")  # no dtype of 16 unsigned bits
QUAD = [[0, 0], [6, 0], [6, 4], [0, 4]]

# -- conversions ----------------------------------------------------------------------------------

for name in ("to_tensor", "to_pil_image", "get_dimensions", "get_image_size",
             "get_image_num_channels", "convert_image_dtype", "hflip", "vflip", "invert",
             "autocontrast", "equalize", "rgb_to_grayscale", "to_grayscale"):  # fmt: skip
    row(name, lambda s, x, name=name: getattr(s.F, name)(x))
row("pil_to_tensor", lambda s, x: s.F.pil_to_tensor(x), modes=WITHOUT_I16)
for kind in ("uint8", "int16", "int64", "bool", "float32", "float64", "float16"):
    row(f"to {kind}", lambda s, x, k=kind: s.F.convert_image_dtype(x, getattr(s.torch, k)))
for m in ("L", "F", "RGB", "YCbCr", "CMYK", "LA", "I"):
    row(f"to_pil_image {m}", lambda s, x, m=m: s.F.to_pil_image(x, m))
for mean, std in (([0.4], [0.2]), ([0.4, 0.5, 0.6], [0.2, 0.3, 0.4]), (0.5, 0.25), ([0.5], [0.0]),
                  ([0.5, 0.5], [1.0, 1.0]), ([], [1.0])):  # fmt: skip
    row(f"normalize {mean} {std}", lambda s, x, m=mean, d=std: s.F.normalize(x, m, d))

# -- sizes and places -----------------------------------------------------------------------------

for where in ((0, 0, 2, 2), (-1, -2, 4, 5), (1, 1, 30, 30), (3, 2, 0, 1), (9, 9, 2, 2),
              (1, 2, -1, 2)):  # fmt: skip
    row(f"crop {where}", lambda s, x, w=where: s.F.crop(x, *w))
for size in (1, 4, (3, 6), (9, 2), (30, 30), [5]):
    row(f"center_crop {size}", lambda s, x, n=size: s.F.center_crop(x, n))
row("five_crop", lambda s, x: s.F.five_crop(x, (2, 1)))
row("ten_crop", lambda s, x: s.F.ten_crop(x, 2, True))
row("erase", lambda s, x: s.F.erase(x, 1, 1, 2, 2, s.torch.tensor(1)))
for padding in (1, (1, 2), (1, 0, 2, 3), -1, (3, -1, 0, 1), [0], (1, 2, 3), "a"):
    for how in ("constant", "edge", "reflect", "symmetric"):
        row(f"pad {padding} {how}", lambda s, x, p=padding, m=how: s.F.pad(x, p, 0, m))
for fill in (3, 2.7, (1,), (1, 2, 3), (1.5, 2, 3, 4), 300, -1, "a", None):
    row(f"pad fill {fill}", lambda s, x, f=fill: s.F.pad(x, 1, f))
for padding in ([6, -3], [-6, 3], (-9, 0, 4, 0), (0, 4, 0, -9)):
    for how in ("constant", "edge", "reflect"):
        row(f"pad {padding} {how}", lambda s, x, p=padding, m=how: s.F.pad(x, p, 0, m))
row("pad -1 fill 300", lambda s, x: s.F.pad(x, -1, 300))
row("pad 2.5", lambda s, x: s.F.pad(x, 2.5))
row("pad unknown mode", lambda s, x: s.F.pad(x, 1, 0, "mirror"))
for size in (1, 4, (3, 6), (9, 2), [5], (30, 31)):
    for how in ("NEAREST", "NEAREST_EXACT", "BILINEAR", "BICUBIC", "BOX", "HAMMING", "LANCZOS"):
        row(f"resize {size} {how}", lambda s, x, n=size, m=how: s.F.resize(x, n, mode(s, m)), steps=1)
    for how in ("BILINEAR", "BICUBIC"):
        row(
            f"resize {size} {how} plain",
            lambda s, x, n=size, m=how: s.F.resize(x, n, mode(s, m), antialias=False),
            steps=1,
            shares=True,
        )
for size, most in ((3, 6), (6, 7), ([4], 5), (9, 9), ((3, 4), 5)):
    row(f"resize {size} at most {most}", lambda s, x, n=size, m=most: s.F.resize(x, n, max_size=m), steps=1)
for size in (0, -1, (0, 3), (1, 2, 3), [], None, 3.5, (3.5, 2)):
    row(f"resize {size}", lambda s, x, n=size: s.F.resize(x, n))
row("resize interpolation 3", lambda s, x: s.F.resize(x, 4, 3), steps=1)
row("resize interpolation 9", lambda s, x: s.F.resize(x, 4, 9))
row("resized_crop", lambda s, x: s.F.resized_crop(x, -1, 1, 4, 5, (7, 6)), steps=1)

# -- turns ----------------------------------------------------------------------------------------

for angle in (0, 90, 180, -90, 45, 17.3, -123.4, "a"):
    for expand in (False, True):
        for how in ("NEAREST", "BILINEAR"):
            row(
                f"rotate {angle} {expand} {how}",
                lambda s, x, a=angle, e=expand, m=how: s.F.rotate(x, a, mode(s, m), e),
            )
row("rotate BICUBIC", lambda s, x: s.F.rotate(x, 33, mode(s, "BICUBIC")))
row("rotate LANCZOS", lambda s, x: s.F.rotate(x, 33, mode(s, "LANCZOS")))
for center in ((0, 0), (2, 3), [1.5, -2], 3):
    row(f"rotate about {center}", lambda s, x, c=center: s.F.rotate(x, 33, center=c))
for fill in (3, 2.7, (1,), (1, 2, 3), (1.5, 2, 3, 4), 300, -1, None, [0.5]):
    for how in ("NEAREST", "BILINEAR"):
        row(
            f"rotate fill {fill} {how}",
            lambda s, x, f=fill, m=how: s.F.rotate(x, 33, mode(s, m), fill=f),
        )
for given in ((10, (1, 2), 1, 0), (10.5, (-1.5, 2), 0.7, (10, 20)), (-30, (0, 3), 2.5, [5.5]),
              ("a", (1, 2), 1, 0), (1, 1, 1, 0), (1, (1,), 1, 0), (1, (1, 2), 0, 0),
              (1, (1, 2), 1, "a"), (1, (1, 2), 1, (1, 2, 3))):  # fmt: skip
    for how in ("NEAREST", "BILINEAR"):
        row(
            f"affine {given} {how}",
            lambda s, x, g=given, m=how: s.F.affine(x, *g, mode(s, m), fill=0.5, center=(1, 2)),
        )
for to in ([[1, 0], [5, 1], [6, 3], [0, 4]], [[2, 2], [5, 1], [6, 6], [0, 4]], [[0, 0]] * 4, []):
    row(f"perspective {to}", lambda s, x, e=to: s.F.perspective(x, QUAD, e, fill=2), steps=1)
    row(
        f"perspective {to} NEAREST",
        lambda s, x, e=to: s.F.perspective(x, QUAD, e, mode(s, "NEAREST"), fill=2),
    )


def elastic(s: Side, x: Any, how: str = "BILINEAR", fill: float = 3) -> Any:
    _, h, w = s.F.get_dimensions(x)
    moved = np.random.default_rng(0).uniform(-0.3, 0.3, (1, h, w, 2)).astype(np.float32)
    return s.F.elastic_transform(x, s.torch.from_numpy(moved), mode(s, how), fill)


row("elastic_transform NEAREST", lambda s, x: elastic(s, x, "NEAREST"), modes=("L", "RGB", "1"))
row("elastic_transform", elastic, modes=("RGBA", "P"), steps=1)
row("elastic_transform BICUBIC", lambda s, x: elastic(s, x, "BICUBIC", 0), modes=("L", "RGB"), steps=1)
for alpha, sigma in ((30.0, [0.2, 0.4]), ((20.0, 9.0), 0.3), (9.0, [0.0, 0.3]), ([9.0], 1.0)):
    row(
        f"ElasticTransform {alpha} {sigma}",
        lambda s, x, a=alpha, d=sigma: [repr(t := s.T.ElasticTransform(a, d)), t(x)],
        modes=("L", "RGB"),
        steps=1,
    )
for interpolation in ("bilinear", None, 9):
    for name in ("RandomRotation", "RandomAffine", "Resize", "RandomResizedCrop"):
        row(
            f"{name} interpolation {interpolation}",
            lambda s, x, n=name, i=interpolation: getattr(s.T, n)(9, interpolation=i)(x),
        )
    row(
        f"RandomPerspective interpolation {interpolation}",
        lambda s, x, i=interpolation: s.T.RandomPerspective(0.5, 1.0, i)(x),
        modes=("L",),
    )

# -- colours and filters --------------------------------------------------------------------------

for factor in (0, 0.3, 0.5, 1, 1.7, -1, "a"):
    for name in ("brightness", "contrast", "saturation", "sharpness", "hue", "gamma"):
        row(f"{name} {factor}", lambda s, x, n=name, f=factor: getattr(s.F, f"adjust_{n}")(x, f))
for factor in (-0.5, -0.1, 0.25):
    row(f"hue {factor}", lambda s, x, f=factor: s.F.adjust_hue(x, f))
row("gamma gain", lambda s, x: s.F.adjust_gamma(x, 2.2, 1.3))
for bits in (1, 3, 8, 9, -1):  # 0: Pillow 13 raises, Pillow 12 gives black
    row(f"posterize {bits}", lambda s, x, b=bits: s.F.posterize(x, b))
for threshold in (0, 0.5, 1, 128.5, 255, 300):
    row(f"solarize {threshold}", lambda s, x, t=threshold: s.F.solarize(x, t))
for size in (1, 3, (3, 1), [5, 3], 2, -1, "a", [3]):
    row(f"gaussian_blur {size}", lambda s, x, k=size: s.F.gaussian_blur(x, k), modes=WITHOUT_I16)
for sigma in (0.3, [1.0, 2.0], 0, "a", [1, 2, 3]):
    row(
        f"gaussian_blur sigma {sigma}",
        lambda s, x, w=sigma: s.F.gaussian_blur(x, 3, w),
        modes=WITHOUT_I16,
    )

# -- classes: their random numbers, drawn three times, and what the stream holds afterwards -------

CLASSES = [
    "RandomRotation(30)",
    "RandomRotation((10, 80), I.BILINEAR, True, None, 3)",
    "RandomAffine(20, (.1, .3), (.5, 1.5), 10)",
    "RandomAffine(0, shear=(1, 2, 3, 4), interpolation=I.BILINEAR, fill=2, center=(1, 1))",
    "RandomCrop(2)",
    "RandomCrop((4, 3), padding=(1, 2), pad_if_needed=True, padding_mode='edge')",
    "RandomCrop(20, pad_if_needed=True, fill=3)",
    "RandomCrop(50)",
    "RandomHorizontalFlip()",
    "RandomVerticalFlip(.3)",
    "RandomResizedCrop((6, 7), (.3, .5), (.2, 4), I.NEAREST)",
    "RandomErasing(.7, value='random')",
    "RandomErasing(1, (.1, .2), (.5, 2), (.1, .2, .3))",
    "RandomErasing(1, (.1, .2), (1, 2, 9))",
    "ColorJitter(.4, .4, .4, .2)",
    "ColorJitter((.5, 1.5))",
    "RandomGrayscale(.5)",
    "GaussianBlur((5, 3), (.5, 3))",
    "RandomInvert()",
    "RandomPosterize(3)",
    "RandomSolarize(.5)",
    "RandomAdjustSharpness(2)",
    "RandomAutocontrast()",
    "RandomEqualize()",
    "RandomPerspective(.9, .5, I.NEAREST, 2)",
    "RandomPerspective(.1, 1)",
    "RandomApply([T.RandomHorizontalFlip(), T.RandomInvert()], .5)",
    "RandomChoice([T.RandomRotation(10), T.RandomInvert(), T.CenterCrop(2)], [.2, .3, .5])",
    "RandomOrder([T.RandomRotation(10), T.RandomInvert(), T.CenterCrop(2)])",
    "Compose([T.RandomCrop(2), T.ToTensor(), T.Normalize([0.5], [0.5])])",
    "Compose([T.PILToTensor(), T.ConvertImageDtype(torch.float32)])",
    "Resize((3, 4), I.NEAREST)",
    "CenterCrop(3)",
    "FiveCrop(2)",
    "TenCrop(1)",
    "Grayscale(3)",
    "Pad(2)",
]


def make(side: Side, code: str) -> Any:
    names = {"T": side.T, "torch": side.torch, "I": side.T.InterpolationMode}
    return eval(f"T.{code}", names)


def drawn(code: str) -> Callable[[Side, Any], Any]:
    def call(side: Side, x: Any) -> Any:
        transform = make(side, code)
        return [*(transform(x) for _ in range(3)), side.torch.rand(2).tolist()]

    return call


for code in CLASSES:
    # e^x of float32 differs from PyTorch's in one of 128 cases, in the last bit: it shows in
    # blurred images of 20 or 24 bits
    fine = code.startswith("GaussianBlur")
    row(code, drawn(code), modes=("L", "RGB", "RGBA") if fine else WITHOUT_I16)

# -- images ---------------------------------------------------------------------------------------

FEW: list[Any] = [("L", (7, 5)), ("RGB", (7, 5)), ("uint8", (3, 5, 7)), ("float32", (3, 5, 7))]
TENSORS: list[Any] = [
    (kind, shape)
    for kind in ("uint8", "float32", "float64", "float16", "bool", "int16", "int64")
    for shape in ((3, 5, 7), (1, 1, 1), (2, 3, 8, 6), (1, 13, 17), (4, 6, 5), (5, 4))
]


def image(spec: Any) -> Any:
    """A PIL image, or the (dtype, shape) of a tensor, which each side makes itself."""
    return picture(*spec) if spec[0] in MODES else spec


def specs(r: Row, everything: bool) -> list[Any]:
    if not everything:
        return [s for s in FEW if s[0] not in MODES or s[0] in r.modes]
    return [(m, size) for m in r.modes for size in SIZES[:4]] + TENSORS
