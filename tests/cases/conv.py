"""Convolutions, transposed convolutions, unfold and fold.

Channel counts on both sides of the switch between the two layouts (ops/columns.py): 3 channels
are worked on window by window, 19 with kernels of 3 line by line.
"""

from __future__ import annotations

from .spec import Table, f, i

case = CASES = Table()

# -- conv2d: every parameter, both layouts --------------------------------------------------------

for options in (
    {},
    {"stride": 2},
    {"stride": (2, 3), "padding": (2, 1), "dilation": (1, 2)},
    {"padding": 1},
    {"padding": "same"},
    {"padding": "same", "dilation": 2},
    {"padding": "valid", "stride": (1, 2)},
    {"dilation": (2, 1)},
):
    for channels in (3, 19):
        case(
            "conv2d",
            lambda torch, x, w, b, o=options: torch.nn.functional.conv2d(x, w, b, **o),
            f(2, channels, 7, 8),
            f(5, channels, 3, 2 if channels == 3 else 3),
            f(5),
        )
case("conv2d", lambda torch, x, w: torch.conv2d(x, w), f(2, 3, 5, 7), f(2, 3, 2, 3))
case("conv2d", lambda torch, x, w, b: torch.conv2d(x, w, b, 2, 1), f(3, 5, 7), f(2, 3, 3, 3), f(2))
case("conv2d", lambda torch, x, w: torch.conv2d(x, w, stride=4), f(2, 1, 8, 12), f(5, 1, 4, 4))
case("conv2d", lambda torch, x, w: torch.conv2d(x, w), f(2, 67, 3, 2), f(3, 67, 1, 1))
case("conv2d", lambda torch, x, w: torch.conv2d(x, w, stride=2), f(2, 3, 5, 4), f(2, 3, 1, 1))
case("conv2d", lambda torch, x, w: torch.conv2d(x, w, stride=5), f(2, 3, 8, 7), f(2, 3, 2, 3))
for groups, cin, cout in ((2, 6, 4), (3, 3, 3), (3, 3, 6), (2, 38, 4)):
    case(
        "conv2d",
        lambda torch, x, w, b, g=groups: torch.conv2d(x, w, b, padding=1, groups=g),
        f(2, cin, 5, 4),
        f(cout, cin // groups, 3, 3),
        f(cout),
    )
case(
    "conv2d",
    lambda torch, x, w: torch.conv2d(x, w, padding=1),
    f(2, 3, 5, 4, layout="transposed"),
    f(2, 3, 3, 2, layout="strided"),
)
case("conv2d", lambda torch, x, w, b: torch.conv2d(x, w, b), f(0, 3, 5, 4), f(2, 3, 3, 2), f(2))
case("conv2d", lambda torch, x, w: torch.conv2d(x, w), f(2, 3, 5, 4, grad=False), f(2, 3, 3, 2))
case("conv2d", lambda torch, x, w: torch.conv2d(x, w), f(2, 3, 5, 4), f(2, 3, 3, 2, grad=False))
case("conv2d", lambda torch, x, w: torch.conv2d(x, w), i(2, 3, 5, 4), i(2, 3, 3, 2), grad=False)

# -- conv1d ---------------------------------------------------------------------------------------

for options in (
    {},
    {"stride": 2},
    {"stride": (3,), "padding": (2,)},
    {"padding": "same"},
    {"padding": "same", "dilation": 3},
    {"dilation": 2, "padding": 1},
):
    case(
        "conv1d",
        lambda torch, x, w, b, o=options: torch.nn.functional.conv1d(x, w, b, **o),
        f(2, 3, 11),
        f(5, 3, 4),
        f(5),
    )
case("conv1d", lambda torch, x, w: torch.conv1d(x, w, groups=2), f(4, 7), f(6, 2, 3))
case("conv1d", lambda torch, x, w: torch.conv1d(x, w), f(0, 4, 7), f(6, 4, 3))

# -- transposed -----------------------------------------------------------------------------------

for options in (
    {},
    {"stride": 2},
    {"padding": 1},
    {"dilation": 2},
    {"stride": 2, "output_padding": 1},
    {"stride": (3, 2), "padding": (1, 0), "output_padding": (2, 1)},
    {"dilation": 3, "output_padding": 2, "padding": 1},
    {"stride": 2, "output_padding": 1, "padding": 3},
):
    for channels in (3, 19):
        case(
            "conv_transpose2d",
            lambda torch, x, w, b, o=options: torch.nn.functional.conv_transpose2d(x, w, b, **o),
            f(2, 4, 5, 7),
            f(4, channels, 3, 3),
            f(channels),
        )
case(
    "conv_transpose2d",
    lambda torch, x, w, b: torch.conv_transpose2d(x, w, b, 2, 1, 0, 2),
    f(4, 5, 3),
    f(4, 3, 2, 3),
    f(6),
)
case(
    "conv_transpose2d",
    lambda torch, x, w: torch.conv_transpose2d(x, w),
    f(0, 4, 5, 3),
    f(4, 3, 2, 2),
)
case(
    "conv_transpose1d",
    lambda torch, x, w, b: torch.conv_transpose1d(x, w, b, 3, 1, 2),
    f(2, 4, 5),
    f(4, 3, 4),
    f(3),
)
case(
    "conv_transpose1d",
    lambda torch, x, w: torch.nn.functional.conv_transpose1d(x, w, groups=2, dilation=2),
    f(4, 5),
    f(4, 3, 2),
)

# -- unfold and fold ------------------------------------------------------------------------------

for options in (
    {},
    {"stride": 2},
    {"padding": (1, 2)},
    {"dilation": 2},
    {"stride": (1, 3), "padding": 1, "dilation": (2, 1)},
):
    case(
        "unfold",
        lambda torch, x, o=options: torch.nn.functional.unfold(x, (2, 3), **o),
        f(2, 3, 7, 5),
    )
    case(
        "fold",
        lambda torch, x, o=options: torch.nn.functional.fold(
            torch.nn.functional.unfold(x, (2, 3), **o), (7, 5), (2, 3), **o
        ),
        f(2, 3, 7, 5),
    )
case("unfold", lambda torch, x: torch.nn.functional.unfold(x, 1), f(3, 7, 5))
case("unfold", lambda torch, x: torch.nn.functional.unfold(x, 2), f(0, 3, 7, 5))
case("fold", lambda torch, x: torch.nn.functional.fold(x, (3, 4), 2), f(12, 6))
case("fold", lambda torch, x: torch.nn.functional.fold(x, (3, 4), (3, 1)), f(2, 15, 4))
