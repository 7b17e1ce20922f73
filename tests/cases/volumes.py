"""Convolution and pooling of volumes (N, C, D, H, W)."""

from __future__ import annotations

from .spec import Table, f

case = CASES = Table()

for options in (
    {},
    {"stride": 2, "padding": 1},
    {"stride": (1, 2, 3), "padding": (2, 0, 1), "dilation": (1, 2, 1)},
    {"padding": "same", "dilation": (2, 1, 1)},
):
    case(
        "conv3d",
        lambda torch, x, w, b, o=options: torch.nn.functional.conv3d(x, w, b, **o),
        f(2, 3, 5, 7, 4),
        f(5, 3, 2, 3, 2),
        f(5),
    )
case(
    "conv3d",
    lambda torch, x, w: torch.nn.functional.conv3d(x, w, groups=2),
    f(4, 5, 3, 7, layout="strided"),
    f(6, 2, 2, 1, 3),
)
case("conv3d", lambda torch, x, w: torch.conv3d(x, w), f(0, 3, 5, 7, 4), f(5, 3, 2, 3, 2))
for options in (
    {},
    {"stride": 2, "padding": 1, "output_padding": 1},
    {"stride": (1, 2, 3), "padding": (2, 0, 1), "dilation": (1, 2, 1), "output_padding": (0, 1, 2)},
):
    case(
        "conv_transpose3d",
        lambda torch, x, w, b, o=options: torch.nn.functional.conv_transpose3d(x, w, b, **o),
        f(2, 3, 3, 4, 2),
        f(3, 5, 3, 2, 3),
        f(5),
    )
case(
    "conv_transpose3d",
    lambda torch, x, w: torch.nn.functional.conv_transpose3d(x, w, groups=2),
    f(4, 5, 3, 2),
    f(4, 3, 2, 1, 3),
)

for options in (
    {"kernel_size": 2},
    {"kernel_size": (3, 2, 1), "stride": (1, 2, 2), "padding": (1, 0, 0)},
    {"kernel_size": 2, "stride": 1, "dilation": (1, 2, 3)},
    {"kernel_size": 3, "stride": 2, "padding": 1, "ceil_mode": True},
):
    case(
        "max_pool3d",
        lambda torch, x, o=options: torch.nn.functional.max_pool3d(x, **o),
        f(2, 3, 5, 7, 4, distinct=True),
    )
    case(
        "max_pool3d",
        lambda torch, x, o=options: torch.nn.functional.max_pool3d(x, return_indices=True, **o),
        f(3, 5, 7, 4, distinct=True),
    )
case(
    "max_pool3d",
    lambda torch, x: torch.nn.functional.max_pool3d(torch.relu(x.round()), 2, 1),
    f(2, 3, 5, 3, 4),
    numeric=False,
    note="ties: the gradient goes to the first, the function has a kink there",
)
for options in (
    {"kernel_size": 2},
    {"kernel_size": (3, 2, 1), "stride": (1, 2, 2), "padding": (1, 0, 0)},
    {"kernel_size": 3, "stride": 2, "padding": 1, "count_include_pad": False},
    {"kernel_size": 3, "stride": 2, "padding": 1, "ceil_mode": True},
    {"kernel_size": 2, "divisor_override": 3},
):
    case(
        "avg_pool3d",
        lambda torch, x, o=options: torch.nn.functional.avg_pool3d(x, **o),
        f(2, 3, 5, 7, 4),
    )
for size in (1, 3, (2, 5, 1), (None, 2, 3), 9):
    case(
        "adaptive_avg_pool3d",
        lambda torch, x, n=size: torch.nn.functional.adaptive_avg_pool3d(x, n),
        f(2, 3, 5, 7, 4),
    )
    case(
        "adaptive_max_pool3d",
        lambda torch, x, n=size: torch.nn.functional.adaptive_max_pool3d(x, n, True),
        f(3, 5, 7, 4, distinct=True),
    )
case(
    "adaptive_avg_pool3d",
    lambda torch, x: torch.nn.functional.interpolate(x, (3, 2, 5), mode="area"),
    f(2, 3, 5, 7, 4),
)

ERRORS = [
    ("conv3d", lambda t: t.conv3d(t.ones(2, 3, 5, 7), t.ones(1, 1, 2, 2, 2)), RuntimeError),
    ("conv3d", lambda t: t.conv3d(t.ones(3, 5, 7), t.ones(1, 3, 2, 2, 2)), RuntimeError),
    ("conv3d", lambda t: t.conv3d(t.ones(1, 1, 2, 2, 2), t.ones(1, 1, 3, 1, 1)), RuntimeError),
    ("max_pool3d", lambda t: t.nn.functional.max_pool3d(t.ones(5, 7, 4), 2), RuntimeError),
    ("max_pool3d", lambda t: t.nn.functional.max_pool3d(t.ones(1, 5, 7, 4), (2, 2)), RuntimeError),
    ("max_pool3d", lambda t: t.nn.functional.max_pool3d(t.ones(1, 5, 7, 4), 2, 1, 2), RuntimeError),
    ("avg_pool3d", lambda t: t.nn.functional.avg_pool3d(t.ones(1, 5, 7, 4), 6), RuntimeError),
    ("avg_pool3d", lambda t: t.nn.functional.avg_pool3d(t.ones(1, 5, 7, 4).int(), 2), NotImplementedError),
    ("adaptive_avg_pool3d", lambda t: t.nn.functional.adaptive_avg_pool3d(t.ones(2, 3), 2), RuntimeError),
    ("adaptive_avg_pool3d", lambda t: t.nn.functional.adaptive_avg_pool3d(t.ones(1, 2, 2, 2), -1), RuntimeError),
    ("adaptive_max_pool3d", lambda t: t.nn.functional.adaptive_max_pool3d(t.ones(1, 0, 2, 2), 2), RuntimeError),
]  # fmt: skip
