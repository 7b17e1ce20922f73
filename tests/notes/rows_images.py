"""What each parameter does: Compose, ToPILImage, RandomRotation, Normalize."""

from __future__ import annotations

from .running import Group, Row

IMAGE = "img = Image.fromarray((np.arange(54, dtype=np.uint8) * 37 % 251).reshape(6, 9))"
COLOURS = "img = Image.fromarray((np.arange(60, dtype=np.uint8) * 37 % 251).reshape(4, 5, 3))"
TENSOR = "x = torch.linspace(0, 1, 24).reshape(2, 3, 4)"

COMPOSE = Group("transforms.Compose", before=TENSOR, show="r, r(x)", rows=(
    Row("transforms", "[transforms.Normalize([0.5], [0.5])]"),
    Row("transforms", "[lambda x: x + 1, lambda x: x * 2]", "r(x)"),
    Row("transforms", "[lambda x: x * 2, lambda x: x + 1]", "r(x)"),
    Row("transforms", "[transforms.ToPILImage(), transforms.ToTensor()]"),
    Row("transforms", "(transforms.Normalize(0., 2.), torch.exp)", "r(x)"),
    Row("transforms", "[]", "r(x) is x, r"),
    Row("transforms", "3", "r(x)"),
    Row("transforms", "[3]", "r(x)"),
))  # fmt: skip

TO_PIL = Group("transforms.ToPILImage", before=TENSOR, show="r, r(x[:1])", rows=(
    Row("mode", "'L'", "r, r(x[:1])"),
    Row("mode", "'F'", "r(torch.tensor([[[0.5, 1.5]]])).tobytes(), r"),
    Row("mode", "'LA'", "r(x), r"),
    Row("mode", "'RGB'", "r(torch.cat([x, x[:1]])), r"),
    Row("mode", "'HSV'", "r(torch.cat([x, x[:1]])), r"),
    Row("mode", "'YCbCr'", "r(torch.cat([x, x[:1]])), r"),
    Row("mode", "'RGBA'", "r(torch.cat([x, x])), r"),
    Row("mode", "'CMYK'", "r(torch.cat([x, x])), r"),
    Row("mode", "'RGB'", own_text=True),
    Row("mode", "'nonsense'", own_text=True),
))  # fmt: skip

BILINEAR = "transforms.InterpolationMode.BILINEAR"
ROTATION = Group(
    "transforms.RandomRotation", before=IMAGE, given={"degrees": "(20, 70)"}, show="r, r(img)", rows=(
        Row("degrees", "15"),
        Row("degrees", "180"),
        Row("degrees", "[30, 40]"),
        Row("degrees", "(90, 90)"),
        Row("degrees", "0", "r(img), r(img)"),
        Row("degrees", "(0, 90)", "r(transforms.functional.to_tensor(img))"),
        Row("degrees", "-5", own_text=True),
        Row("degrees", "[1, 2, 3]", own_text=True),
        Row("degrees", "'many'", own_text=True),
        Row("interpolation", BILINEAR),
        Row("interpolation", BILINEAR, "r(transforms.functional.to_tensor(img))"),
        Row("interpolation", "transforms.InterpolationMode.BICUBIC"),
        Row("interpolation", "2", "r"),
        Row("interpolation", "'bilinear'", differs="PyTorch's AttributeError names no argument", ours={
            "raises": "TypeError", "says": "Argument interpolation should be a InterpolationMode or "
            "a corresponding Pillow integer constant, but got 'bilinear'",
        }),
        Row("expand", "True", "r, r(img).size, r(img)"),
        Row("expand", "True", "r(transforms.functional.to_tensor(img)).shape"),
        Row("center", "(0, 0)"),
        Row("center", "[8, 2]", "r(transforms.functional.to_tensor(img))"),
        Row("center", "3", own_text=True),
        Row("center", "[1]", own_text=True),
        Row("fill", "99"),
        Row("fill", "(9, 99, 199)", before=COLOURS),
        Row("fill", "(0.25,)", "r(transforms.functional.to_tensor(img))"),
        Row("fill", "(1, 2)", "r(transforms.functional.to_tensor(img))", before=COLOURS),
    ))  # fmt: skip

NORMALIZE = Group(
    "transforms.Normalize", before=TENSOR, given={"mean": "[0.5]", "std": "[0.5]"}, show="r, r(x)", rows=(
        Row("mean", "[0.25]"),
        Row("mean", "[0.1, 0.9]"),
        Row("mean", "0.25"),
        Row("mean", "[0.1, 0.9]", "r(x[:1])"),
        Row("mean", "[0.1, 0.2, 0.3]"),
        Row("std", "[2.]"),
        Row("std", "(0.5, 0.25)"),
        Row("std", "[0.]"),
        Row("std", "[0.5]", "r(torch.ones(2, 2))"),
        Row("std", "[0.5]", "r(torch.ones(1, 2, 2, dtype=torch.uint8))"),
        Row("inplace", "True", "r, r(x) is x, x"),
    ))  # fmt: skip

GROUPS = [COMPOSE, TO_PIL, ROTATION, NORMALIZE]
