"""Images read at the places of a grid, maxima put back, power averages."""

from __future__ import annotations

from typing import Any

from .spec import Table, f

case = CASES = Table()

for size in ((2, 3, 5, 7), (2, 1, 1, 3)):
    for corners in (True, False):
        case(
            "affine_grid",
            lambda torch, t, n=size, c=corners: torch.nn.functional.affine_grid(t, n, c),
            f(2, 2, 3),
        )
case(
    "affine_grid",
    lambda torch, t: torch.nn.functional.affine_grid(t, (3, 2, 5, 7, 4), align_corners=False),
    f(3, 3, 4, layout="strided"),
)
for corners in (True, False):
    for padding in ("zeros", "border", "reflection"):
        for mode in ("bilinear", "nearest", "bicubic"):
            case(
                "grid_sample",
                lambda torch, x, g, o=(mode, padding, corners): torch.nn.functional.grid_sample(
                    x, g, *o
                ),
                f(2, 3, 5, 7),
                f(2, 3, 11, 2, low=-1.7, high=1.9),
            )
        for mode in ("bilinear", "nearest"):
            case(
                "grid_sample",
                lambda torch, x, g, o=(mode, padding, corners): torch.nn.functional.grid_sample(
                    x, g, *o
                ),
                f(2, 3, 5, 7, 4),
                f(2, 3, 2, 5, 3, low=-1.7, high=1.9),
            )
case(  # the whole of a spatial transformer
    "grid_sample",
    lambda torch, x, t: torch.nn.functional.grid_sample(
        x, torch.nn.functional.affine_grid(t, x.size(), False), align_corners=False
    ),
    f(2, 3, 5, 7, layout="transposed"),
    f(2, 2, 3, low=-0.7, high=0.9),
)


def _pooled(torch: Any, dims: int, x: Any, *args: Any, **options: Any) -> Any:
    """unpool(pool(x)): the image with everything but the maxima erased."""
    F = torch.nn.functional
    y, at = getattr(F, f"max_pool{dims}d")(x, *args, return_indices=True)
    return getattr(F, f"max_unpool{dims}d")(y, at, *args, **options)


case("max_unpool1d", lambda torch, x: _pooled(torch, 1, x, 2), f(2, 3, 8, distinct=True))
case(
    "max_unpool1d",
    lambda torch, x: _pooled(torch, 1, x, 3, 2, output_size=(8,)),
    f(3, 8, distinct=True),
)
case("max_unpool2d", lambda torch, x: _pooled(torch, 2, x, 2), f(2, 3, 8, 6, distinct=True))
case(
    "max_unpool2d",
    lambda torch, x: _pooled(torch, 2, x, (3, 2), (3, 2), (1, 0), output_size=x.size()),
    f(2, 3, 8, 7, distinct=True),
)
case("max_unpool3d", lambda torch, x: _pooled(torch, 3, x, 2), f(2, 3, 4, 6, 8, distinct=True))
case("max_unpool3d", lambda torch, x: _pooled(torch, 3, x, (1, 2, 3)), f(3, 5, 6, 3, distinct=True))
for p in (1, 2, 3.5):
    case(
        "lp_pool1d",
        lambda torch, x, p=p: torch.nn.functional.lp_pool1d(x, p, 3, 2, True),
        f(2, 3, 11, low=0.1),
    )
    case(
        "lp_pool2d",
        lambda torch, x, p=p: torch.nn.functional.lp_pool2d(x, p, (2, 3), 2),
        f(2, 3, 5, 7, low=0.1),
    )
    case(
        "lp_pool3d",
        lambda torch, x, p=p: torch.nn.functional.lp_pool3d(x, p, 2),
        f(3, 5, 7, 4, low=0.1),
    )
case("lp_pool2d", lambda torch, x: torch.nn.functional.lp_pool2d(x, 2, 2), f(2, 3, 5, 7))

ERRORS = [
    ("affine_grid", lambda t: t.nn.functional.affine_grid(t.ones(2, 2, 4), (2, 3, 4, 5)), ValueError),
    ("affine_grid", lambda t: t.nn.functional.affine_grid(t.ones(2, 2, 3), (2, 3, 4)), NotImplementedError),
    ("affine_grid", lambda t: t.nn.functional.affine_grid(t.ones(2, 2, 3), (2, 3, 4, 0)), ValueError),
    ("affine_grid", lambda t: t.nn.functional.affine_grid(t.ones(2, 2, 3), (3, 3, 4, 5)), RuntimeError),
    ("affine_grid", lambda t: t.nn.functional.affine_grid(t.ones(2, 2, 3).int(), (2, 3, 4, 5)), ValueError),
    ("grid_sample", lambda t: t.nn.functional.grid_sample(t.ones(2, 3, 4, 5), t.ones(2, 6, 7, 2), "linear"), ValueError),
    ("grid_sample", lambda t: t.nn.functional.grid_sample(t.ones(2, 3, 4, 5), t.ones(2, 6, 7, 2), padding_mode="same"), ValueError),
    ("grid_sample", lambda t: t.nn.functional.grid_sample(t.ones(2, 3, 4, 5), t.ones(2, 6, 7, 3)), RuntimeError),
    ("grid_sample", lambda t: t.nn.functional.grid_sample(t.ones(2, 3, 4, 5), t.ones(3, 6, 7, 2)), RuntimeError),
    ("grid_sample", lambda t: t.nn.functional.grid_sample(t.ones(2, 3, 4, 0), t.ones(2, 6, 7, 2)), RuntimeError),
    ("grid_sample", lambda t: t.nn.functional.grid_sample(t.ones(2, 3, 4, 5), t.ones(2, 6, 7, 2).double()), RuntimeError),
    ("grid_sample", lambda t: t.nn.functional.grid_sample(t.ones(2, 3, 4, 5, 6), t.ones(2, 6, 7, 8, 3), "bicubic"), RuntimeError),
    ("max_unpool2d", lambda t: t.nn.functional.max_unpool2d(t.ones(1, 2, 2), t.zeros(1, 2, 2).long() + 90, 2), RuntimeError),
    ("max_unpool2d", lambda t: t.nn.functional.max_unpool2d(t.ones(1, 2, 2), t.zeros(1, 2, 2).int(), 2), RuntimeError),
    ("max_unpool2d", lambda t: t.nn.functional.max_unpool2d(t.ones(1, 2, 2), t.zeros(1, 2, 1).long(), 2), RuntimeError),
    ("max_unpool2d", lambda t: t.nn.functional.max_unpool2d(t.ones(1, 2, 2), t.zeros(1, 2, 2).long(), 2, output_size=(9, 4)), ValueError),
    ("max_unpool3d", lambda t: t.nn.functional.max_unpool3d(t.ones(2, 2, 2), t.zeros(2, 2, 2).long(), 2), RuntimeError),
]  # fmt: skip
