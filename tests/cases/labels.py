"""Losses for labels of several kinds, bags of embeddings, distances of all pairs."""

from __future__ import annotations

from typing import Any

from .spec import Table, f, i

case = CASES = Table()

_K = i(7, low=0, high=5)
for reduction in ("mean", "sum", "none"):
    for p in (1, 2):
        case(
            "multi_margin_loss",
            lambda torch, x, y, o={"p": p, "margin": 0.7, "reduction": reduction}: (
                torch.nn.functional.multi_margin_loss(x, y, **o)
            ),
            f(7, 5),
            _K,
        )
    case(
        "multi_margin_loss",
        lambda torch, x, y, w, r=reduction: torch.nn.functional.multi_margin_loss(
            x, y, weight=w, reduction=r
        ),
        f(7, 5),
        _K,
        f(5, low=0.1, grad=False),
    )
    case(
        "multilabel_margin_loss",
        lambda torch, x, r=reduction: torch.nn.functional.multilabel_margin_loss(
            x, torch.tensor([[3, 0, -1, 1, 2], [4, -1, 0, 1, 2], [-1] * 5]), reduction=r
        ),
        f(3, 5),
    )
    case(
        "multilabel_soft_margin_loss",
        lambda torch, x, t, w, r=reduction: torch.nn.functional.multilabel_soft_margin_loss(
            x, t, w, reduction=r
        ),
        f(7, 5),
        f(7, 5, low=0, high=1),
        f(5, low=0.1),
    )
case(
    "multi_margin_loss",
    lambda torch, x: torch.nn.functional.multi_margin_loss(x, torch.tensor(2)),
    f(5),
)
case(
    "multilabel_margin_loss",
    lambda torch, x: torch.nn.functional.multilabel_margin_loss(x, torch.tensor([2, 2, -1, 0, 0])),
    f(5),
)
case(
    "multilabel_soft_margin_loss",
    lambda torch, x, t: torch.nn.functional.multilabel_soft_margin_loss(x, t),
    f(7, 2, 5),
    i(7, 2, 5, low=0, high=2),
)

_STEPS, _LENGTHS = (7, 5, 6), (3, 1, 2)
_TARGETS = [[1, 1, 3], [2, 0, 0], [3, 2, 0]]


def _ctc(torch: Any, x: Any, targets: Any, steps: Any, lengths: Any, **options: Any) -> Any:
    log_probs = x.log_softmax(-1)
    return torch.nn.functional.ctc_loss(
        log_probs, torch.tensor(targets), steps, lengths, **options
    )


for reduction in ("mean", "sum", "none"):
    case(
        "ctc_loss",
        lambda torch, x, r=reduction: _ctc(torch, x, _TARGETS, _STEPS, _LENGTHS, reduction=r),
        f(7, 3, 5),
    )
case(
    "ctc_loss",
    lambda torch, x: _ctc(torch, x, [1, 1, 3, 0, 2, 3], _STEPS, _LENGTHS, blank=4),
    f(7, 3, 5),
)
case(
    "ctc_loss",
    lambda torch, x: _ctc(
        torch, x, _TARGETS, torch.tensor([7, 5, 1]), torch.tensor(_LENGTHS), zero_infinity=True
    ),
    f(7, 3, 5),
)
case("ctc_loss", lambda torch, x: _ctc(torch, x, _TARGETS, _STEPS, (3, 0, 2)), f(7, 3, 5))
case("ctc_loss", lambda torch, x: _ctc(torch, x, [1, 2, 2], (7,), (3,), reduction="none"), f(7, 5))


def _bag(torch: Any, w: Any, **options: Any) -> Any:
    ids, starts = torch.tensor([1, 2, 4, 5, 4, 3]), torch.tensor([0, 2, 2, 5])
    return torch.nn.functional.embedding_bag(ids, w, starts, **options)


for mode in ("mean", "sum", "max"):
    case("embedding_bag", lambda torch, w, m=mode: _bag(torch, w, mode=m), f(7, 3))
    case("embedding_bag", lambda torch, w, m=mode: _bag(torch, w, mode=m, padding_idx=4), f(7, 3))
    case(
        "embedding_bag",
        lambda torch, w, m=mode: torch.nn.functional.embedding_bag(
            torch.tensor([[1, 2, 4], [5, 4, 1]]), w, mode=m
        ),
        f(7, 3, layout="strided"),
    )
case(
    "embedding_bag",
    lambda torch, w, s: _bag(torch, w, mode="sum", per_sample_weights=s),
    f(7, 3),
    f(6),
)
case(
    "embedding_bag",
    lambda torch, w: torch.nn.functional.embedding_bag(
        torch.tensor([1, 2, 2]), w, torch.tensor([0, 1, 3]), include_last_offset=True
    ),
    f(5, 3),
)
case(
    "embedding_bag",
    lambda torch, w: torch.nn.functional.embedding_bag(
        torch.tensor([1, 2, 2]), w, torch.tensor([0, 1]), scale_grad_by_freq=True
    ),
    f(5, 3),
    numeric=False,
    note="the gradient is scaled on purpose",
)

for p in (0, 0.5, 1, 2, 3, float("inf")):
    case("pdist", lambda torch, x, p=p: torch.nn.functional.pdist(x, p), f(5, 3))
case("pdist", lambda torch, x: torch.pdist(x), f(7, 2, layout="transposed"))

ERRORS = [
    ("multi_margin_loss", lambda t: t.nn.functional.multi_margin_loss(t.ones(2, 3), t.tensor([0, 3])), RuntimeError),
    ("multi_margin_loss", lambda t: t.nn.functional.multi_margin_loss(t.ones(2, 3), t.tensor([0])), RuntimeError),
    ("multi_margin_loss", lambda t: t.nn.functional.multi_margin_loss(t.ones(2, 3), t.tensor([0, 1]), p=3), ValueError),
    ("multi_margin_loss", lambda t: t.nn.functional.multi_margin_loss(t.ones(2, 3), t.tensor([0., 1.])), RuntimeError),
    ("multi_margin_loss", lambda t: t.nn.functional.multi_margin_loss(t.ones(2, 3), t.tensor([0, 1]), weight=t.ones(2)), RuntimeError),
    ("multilabel_margin_loss", lambda t: t.nn.functional.multilabel_margin_loss(t.ones(2, 3), t.ones(2, 2).long()), RuntimeError),
    ("multilabel_margin_loss", lambda t: t.nn.functional.multilabel_margin_loss(t.ones(2, 3), t.ones(2, 3).long() + 2), RuntimeError),
    ("multilabel_soft_margin_loss", lambda t: t.nn.functional.multilabel_soft_margin_loss(t.ones(2, 3), t.ones(3, 3)), RuntimeError),
    ("multilabel_soft_margin_loss", lambda t: t.nn.functional.multilabel_soft_margin_loss(t.ones(3), t.ones(3), reduction="all"), ValueError),
    ("ctc_loss", lambda t: _ctc(t, t.ones(7, 3, 5), _TARGETS, (8, 5, 6), _LENGTHS), RuntimeError),
    ("ctc_loss", lambda t: _ctc(t, t.ones(7, 3, 5), _TARGETS, (7, 5), _LENGTHS), RuntimeError),
    ("ctc_loss", lambda t: _ctc(t, t.ones(7, 3, 5), _TARGETS, _STEPS, (4, 1, 2)), RuntimeError),
    ("ctc_loss", lambda t: _ctc(t, t.ones(7, 3, 5), _TARGETS, _STEPS, _LENGTHS, blank=5), RuntimeError),
    ("ctc_loss", lambda t: _ctc(t, t.ones(5), _TARGETS, _STEPS, _LENGTHS), RuntimeError),
    ("ctc_loss", lambda t: _ctc(t, t.ones(7, 3, 5).half(), _TARGETS, _STEPS, _LENGTHS), NotImplementedError),
    ("embedding_bag", lambda t: t.nn.functional.embedding_bag(t.tensor([1]), t.ones(3, 2)), ValueError),
    ("embedding_bag", lambda t: _bag(t, t.ones(7, 3), mode="min"), ValueError),
    ("embedding_bag", lambda t: _bag(t, t.ones(5, 3)), RuntimeError),
    ("embedding_bag", lambda t: _bag(t, t.ones(7)), ValueError),
    ("embedding_bag", lambda t: _bag(t, t.ones(7, 3), per_sample_weights=t.ones(6)), NotImplementedError),
    ("embedding_bag", lambda t: _bag(t, t.ones(7, 3), mode="sum", per_sample_weights=t.ones(5)), ValueError),
    ("embedding_bag", lambda t: _bag(t, t.ones(7, 3), padding_idx=7), RuntimeError),
    ("embedding_bag", lambda t: t.nn.functional.embedding_bag(t.tensor([1]), t.ones(3, 2), t.tensor([1])), RuntimeError),
    ("pdist", lambda t: t.pdist(t.ones(3)), RuntimeError),
    ("pdist", lambda t: t.pdist(t.ones(3, 2), -1), RuntimeError),
    ("pdist", lambda t: t.pdist(t.ones(3, 2).long()), RuntimeError),
]  # fmt: skip
