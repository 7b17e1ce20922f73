"""Losses: every reduction, weights, ignored targets, smoothing, shapes with more dims."""

from __future__ import annotations

from .spec import Table, f, i

case = CASES = Table()
REDUCTIONS = ("mean", "sum", "none")

# -- cross_entropy and nll_loss -------------------------------------------------------------------

for name in ("cross_entropy", "nll_loss"):
    for reduction in REDUCTIONS:
        case(
            name,
            lambda torch, x, t, n=name, r=reduction: getattr(torch.nn.functional, n)(
                x, t, reduction=r
            ),
            f(7, 5),
            i(7, low=0, high=5),
        )
        case(
            name,
            lambda torch, x, t, w, n=name, r=reduction: getattr(torch.nn.functional, n)(
                x, t, w, ignore_index=2, reduction=r
            ),
            f(3, 5, 2, 7, layout="transposed" if name == "cross_entropy" else "contiguous"),
            i(3, 2, 7, low=0, high=5),
            f(5, low=0.5, grad=False),
        )
        case(
            name,
            lambda torch, x, t, n=name, r=reduction: getattr(torch.nn.functional, n)(
                x, torch.where(t == 3, -100, t), reduction=r
            ),
            f(7, 5),
            i(7, low=0, high=5),
        )
        case(
            name,
            lambda torch, x, t, n=name, r=reduction: getattr(torch.nn.functional, n)(
                x, t, reduction=r
            ),
            f(5),
            i(low=0, high=5),
        )
    case(
        name,
        lambda torch, x, t, n=name: getattr(torch.nn.functional, n)(x, t),
        f(3, 41),
        i(3, low=0, high=41),
    )
    case(
        name,
        lambda torch, x, t, n=name: getattr(torch.nn.functional, n)(x, t.to(torch.uint8)),
        f(3, 5),
        i(3, low=0, high=5),
        grad=False,
        note="PyTorch 2.13 has no backward for uint8 targets in float64",
    )
    case(
        name,
        lambda torch, x, n=name: getattr(torch.nn.functional, n)(
            x, torch.full((3,), -100), reduction="sum"
        ),
        f(3, 5),
    )
    case(
        name,
        lambda torch, x, n=name: getattr(torch.nn.functional, n)(
            x, torch.zeros(0, dtype=torch.int64), reduction="sum"
        ),
        f(0, 5),
    )
for reduction in REDUCTIONS:
    case(
        "cross_entropy",
        lambda torch, x, t, r=reduction: torch.nn.functional.cross_entropy(
            x, t, reduction=r, label_smoothing=0.1
        ),
        f(7, 5),
        i(7, low=0, high=5),
    )
    case(
        "cross_entropy",
        lambda torch, x, t, w, r=reduction: torch.nn.functional.cross_entropy(
            x, t, w, ignore_index=1, reduction=r, label_smoothing=0.3
        ),
        f(3, 5, 2, 4),
        i(3, 2, 4, low=0, high=5),
        f(5, low=0.5, grad=False),
    )
    for smoothing in (0.0, 0.2):
        case(
            "cross_entropy",
            lambda torch, x, t, w, r=reduction, s=smoothing: torch.nn.functional.cross_entropy(
                x, torch.softmax(t, 1), w, reduction=r, label_smoothing=s
            ),
            f(3, 5, 2),
            f(3, 5, 2),
            f(5, low=0.5, grad=False),
        )
    case(
        "cross_entropy",
        lambda torch, x, t, r=reduction: torch.nn.functional.cross_entropy(x, t, reduction=r),
        f(5),
        f(5, low=0.0),
    )
case(
    "cross_entropy",
    lambda torch, x: torch.nn.functional.cross_entropy(x * 1000, torch.tensor([0, 4, 2])),
    f(3, 5),
    rtol32=2e-4,
)
case(
    "cross_entropy",
    lambda torch, x, t: [
        torch.nn.functional.cross_entropy(x, t, size_average=False),
        torch.nn.functional.cross_entropy(x, t, reduce=False),
        torch.nn.functional.cross_entropy(x, t, size_average=True, reduce=True),
        torch.nn.functional.cross_entropy(x, t, reduction="elementwise_mean"),
    ],
    f(7, 5),
    i(7, low=0, high=5),
)

# -- between two tensors --------------------------------------------------------------------------

for name in ("mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss"):
    for reduction in REDUCTIONS:
        case(
            name,
            lambda torch, x, t, n=name, r=reduction: getattr(torch.nn.functional, n)(
                x, t, reduction=r
            ),
            f(3, 5),
            f(3, 5, layout="transposed"),
        )
        case(
            name,
            lambda torch, x, t, n=name, r=reduction: getattr(torch.nn.functional, n)(
                x, t, reduction=r
            ),
            f(3, 5),
            f(5, grad=False),
        )
        if name != "smooth_l1_loss":
            case(
                name,
                lambda torch, x, t, w, n=name, r=reduction: getattr(torch.nn.functional, n)(
                    x, t, reduction=r, weight=w
                ),
                f(3, 5),
                f(3, 5),
                f(3, 5, low=0.5),
            )
    case(name, lambda torch, x, t, n=name: getattr(torch.nn.functional, n)(x, t), f(), f())
    case(
        name,
        lambda torch, x, t, n=name: getattr(torch.nn.functional, n)(x, t, reduction="sum"),
        f(0),
        f(0),
    )
    if name != "huber_loss":
        case(
            name,
            lambda torch, x, t, n=name: getattr(torch.nn.functional, n)(x, t),
            f(3, 5),
            i(3, 5),
        )
for reduction in REDUCTIONS:
    case(
        "smooth_l1_loss",
        lambda torch, x, t, r=reduction: torch.nn.functional.smooth_l1_loss(
            x, t, reduction=r, beta=0.3
        ),
        f(3, 5),
        f(3, 5),
    )
    case(
        "huber_loss",
        lambda torch, x, t, r=reduction: torch.nn.functional.huber_loss(x, t, r, 0.7),
        f(3, 5),
        f(3, 5),
    )
case(
    "smooth_l1_loss",
    lambda torch, x, t: torch.nn.functional.smooth_l1_loss(x, t, beta=0),
    f(7),
    f(7),
)
case(
    "l1_loss",
    lambda torch, x, t: torch.nn.functional.l1_loss(x, t, reduction="sum"),
    i(7),
    i(7),
    grad=False,
)

# -- two outcomes ---------------------------------------------------------------------------------

for name, low in (("binary_cross_entropy", 0.01), ("binary_cross_entropy_with_logits", -3.0)):
    for reduction in REDUCTIONS:
        case(
            name,
            lambda torch, x, t, n=name, r=reduction: getattr(torch.nn.functional, n)(
                x, t, reduction=r
            ),
            f(3, 5, low=low, high=0.99),
            f(3, 5, low=0.01, high=0.99),
        )
        case(
            name,
            lambda torch, x, t, w, n=name, r=reduction: getattr(torch.nn.functional, n)(
                x, t, w, reduction=r
            ),
            f(3, 5, low=low, high=0.99),
            f(3, 5, low=0.01, high=0.99, grad=False),
            f(5, low=0.5, grad=False),
        )
for reduction in REDUCTIONS:
    case(
        "binary_cross_entropy_with_logits",
        lambda torch, x, t, w, p, r=reduction: torch.nn.functional.binary_cross_entropy_with_logits(
            x, t, w, reduction=r, pos_weight=p
        ),
        f(3, 5, low=-30, high=30),
        f(3, 5, low=0, high=1),
        f(3, 1, low=0.5, grad=False),
        f(5, low=0.5, grad=False),
    )
case(
    "binary_cross_entropy",
    lambda torch, x: torch.nn.functional.binary_cross_entropy(
        (x > 0).double(), torch.tensor([0.0, 1.0, 1.0, 0.0, 0.5]).double(), reduction="none"
    ),
    f(5, grad=False),
    grad=False,
)

# -- distributions --------------------------------------------------------------------------------

for reduction in (*REDUCTIONS, "batchmean"):
    case(
        "kl_div",
        lambda torch, x, t, r=reduction: torch.nn.functional.kl_div(x, t, reduction=r),
        f(3, 5),
        f(3, 5, low=0.1),
    )
    case(
        "kl_div",
        lambda torch, x, t, r=reduction: torch.nn.functional.kl_div(
            x, t, reduction=r, log_target=True
        ),
        f(3, 5),
        f(5),
    )
case(
    "kl_div",
    lambda torch, x, t: torch.nn.functional.kl_div(x, torch.relu(t).detach(), reduction="sum"),
    f(3, 5),
    f(3, 5, grad=False),
)
for reduction in REDUCTIONS:
    for log_input, full in ((True, False), (False, True), (True, True)):
        case(
            "poisson_nll_loss",
            lambda torch, x, t, l=log_input, u=full, r=reduction: (
                torch.nn.functional.poisson_nll_loss(x, t, l, u, reduction=r)
            ),
            f(3, 5, low=0.2),
            f(3, 5, low=0.2, high=4),
        )
    for shape, full in (((3, 5), False), ((3, 1), True), ((3,), False)):
        case(
            "gaussian_nll_loss",
            lambda torch, x, t, v, u=full, r=reduction: torch.nn.functional.gaussian_nll_loss(
                x, t, v, u, reduction=r
            ),
            f(3, 5),
            f(3, 5),
            f(*shape, low=0.2),
        )

    # -- margins ----------------------------------------------------------------------------------

    case(
        "margin_ranking_loss",
        lambda torch, x, y, s, r=reduction: torch.nn.functional.margin_ranking_loss(
            x, y, s, 0.3, reduction=r
        ),
        f(7),
        f(7),
        f(7),
    )
    case(
        "hinge_embedding_loss",
        lambda torch, x, s, r=reduction: torch.nn.functional.hinge_embedding_loss(
            x, torch.sign(s), 0.5, reduction=r
        ),
        f(3, 5),
        f(3, 5, grad=False),
    )
    case(
        "soft_margin_loss",
        lambda torch, x, s, r=reduction: torch.nn.functional.soft_margin_loss(
            x, torch.sign(s), reduction=r
        ),
        f(3, 5),
        f(3, 5, grad=False),
    )
    case(
        "cosine_embedding_loss",
        lambda torch, x, y, r=reduction: torch.nn.functional.cosine_embedding_loss(
            x, y, torch.tensor([1, -1, -1, 1, -1]), 0.1, reduction=r
        ),
        f(5, 3),
        f(5, 3),
    )
    for p, swap in ((2, False), (1.0, True), (3.0, True), (float("inf"), False)):
        case(
            "triplet_margin_loss",
            lambda torch, a, b, c, p=p, s=swap, r=reduction: (
                torch.nn.functional.triplet_margin_loss(a, b, c, 1.5, p, swap=s, reduction=r)
            ),
            f(7, 3),
            f(7, 3),
            f(7, 3),
        )
case(
    "cosine_embedding_loss",
    lambda torch, x, y: torch.nn.functional.cosine_embedding_loss(x, y, torch.tensor(1)),
    f(3),
    f(3),
)
case(
    "triplet_margin_loss",
    lambda torch, a, b, c: torch.nn.functional.triplet_margin_loss(a, b, c),
    f(5),
    f(5),
    f(5),
)
