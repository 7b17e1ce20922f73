"""Pooling: maxima (with and without indices), means, adaptive windows."""

from __future__ import annotations

import math

from .spec import Table, f, i

case = CASES = Table()

# -- maxima: distinct numbers have one winner; ties go to the first in reading order --------------

for options in (
    {"kernel_size": 2},
    {"kernel_size": (3, 2), "stride": (1, 2)},
    {"kernel_size": 3, "stride": 2, "padding": 1},
    {"kernel_size": 2, "stride": 1, "dilation": (2, 3)},
    {"kernel_size": 3, "stride": 3, "ceil_mode": True},
    {"kernel_size": 3, "stride": 2, "padding": 1, "ceil_mode": True, "dilation": 2},
    {"kernel_size": 1, "stride": 3},
):
    case(
        "max_pool2d",
        lambda torch, x, o=options: torch.nn.functional.max_pool2d(x, **o),
        f(2, 3, 8, 7, distinct=True),
    )
    case(
        "max_pool2d",
        lambda torch, x, o=options: torch.nn.functional.max_pool2d(x, return_indices=True, **o),
        f(3, 8, 7, distinct=True),
    )
    case(
        "max_pool2d",
        lambda torch, x, o=options: torch.nn.functional.max_pool2d(torch.relu(x.round()), **o),
        f(2, 3, 8, 7),
        numeric=False,
        note="ties: the gradient goes to the first, the function has a kink there",
    )
case("max_pool2d", lambda torch, x: torch.max_pool2d(x, 2), f(2, 3, 7, 5, layout="transposed"))
case("max_pool2d", lambda torch, x: torch.max_pool2d(x, 2), f(0, 3, 7, 5))
case("max_pool2d", lambda torch, x: torch.nn.functional.max_pool2d(x, 2), i(3, 7, 5), grad=False)
case(
    "max_pool2d",
    lambda torch: torch.nn.functional.max_pool2d(
        torch.tensor([[[-math.inf, -math.inf, 1.0, math.nan], [math.nan, math.inf, 2.0, -1.0]]]),
        2,
        1,
        1,
        return_indices=True,
    ),
    grad=False,
)
for options in (
    {"kernel_size": 2},
    {"kernel_size": (3,), "stride": 2, "padding": 1},
    {"kernel_size": 3, "stride": 1, "dilation": 2, "ceil_mode": True},
):
    case(
        "max_pool1d",
        lambda torch, x, o=options: torch.nn.functional.max_pool1d(x, **o),
        f(2, 3, 11, distinct=True),
    )
    case(
        "max_pool1d",
        lambda torch, x, o=options: torch.nn.functional.max_pool1d(x, return_indices=True, **o),
        f(3, 11, distinct=True),
    )

# -- means ----------------------------------------------------------------------------------------

for options in (
    {"kernel_size": 2},
    {"kernel_size": (3, 2), "stride": (1, 2), "padding": (1, 0)},
    {"kernel_size": 3, "stride": 2, "padding": 1, "count_include_pad": False},
    {"kernel_size": 3, "stride": 2, "padding": 1, "ceil_mode": True},
    {"kernel_size": 3, "stride": 2, "ceil_mode": True, "count_include_pad": False},
    {"kernel_size": 2, "divisor_override": 3},
):
    case(
        "avg_pool2d",
        lambda torch, x, o=options: torch.nn.functional.avg_pool2d(x, **o),
        f(2, 3, 8, 7),
    )
case(
    "avg_pool2d",
    lambda torch, x: torch.nn.functional.avg_pool2d(x, 2),
    f(3, 7, 5, layout="strided"),
)
case("avg_pool2d", lambda torch, x: torch.nn.functional.avg_pool2d(x, 2), f(0, 3, 7, 5))
case("avg_pool2d", lambda torch, x: torch.nn.functional.avg_pool2d(x, 2), i(2, 3, 7, 5), grad=False)
for options in (
    {"kernel_size": 2},
    {"kernel_size": 3, "stride": 2, "padding": 1, "ceil_mode": True},
    {"kernel_size": 3, "stride": (2,), "padding": 1, "count_include_pad": False},
):
    case(
        "avg_pool1d",
        lambda torch, x, o=options: torch.nn.functional.avg_pool1d(x, **o),
        f(2, 3, 11),
    )
case("avg_pool1d", lambda torch, x: torch.avg_pool1d(x, 3, 2), f(3, 11))

# -- adaptive -------------------------------------------------------------------------------------

for size in (1, 3, (2, 5), (None, 2), (4, None), 9):
    case(
        "adaptive_avg_pool2d",
        lambda torch, x, n=size: torch.nn.functional.adaptive_avg_pool2d(x, n),
        f(2, 3, 7, 5),
    )
    case(
        "adaptive_max_pool2d",
        lambda torch, x, n=size: torch.nn.functional.adaptive_max_pool2d(x, n),
        f(2, 3, 7, 5, distinct=True),
    )
case(
    "adaptive_max_pool2d",
    lambda torch, x: torch.nn.functional.adaptive_max_pool2d(x, (3, 2), return_indices=True),
    f(3, 7, 5, distinct=True),
)
case(
    "adaptive_avg_pool2d",
    lambda torch, x: torch.nn.functional.adaptive_avg_pool2d(x, 2),
    f(3, 7, 5),
)
for size in (1, 4, 11):
    case(
        "adaptive_avg_pool1d", lambda torch, x, n=size: torch.adaptive_avg_pool1d(x, n), f(2, 3, 11)
    )
    case(
        "adaptive_max_pool1d",
        lambda torch, x, n=size: torch.nn.functional.adaptive_max_pool1d(x, n),
        f(3, 11, distinct=True),
    )
case(
    "adaptive_max_pool1d",
    lambda torch, x: torch.nn.functional.adaptive_max_pool1d(x, 4, return_indices=True),
    f(2, 3, 11, distinct=True),
)
