"""Losses for labels of several kinds: margins between classes, yes or no for each, sequences.

The formulas are in ops/label_loss.py and ops/ctc.py; `reduction` is as in loss.py.
"""

from __future__ import annotations

from typing import Any

from .. import functional as F
from .loss import _Loss, _WeightedLoss


class MultiMarginLoss(_WeightedLoss):
    """Σᵢ max(0, margin − x[y] + x[i])ᵖ / K: the right class should lead by a margin.

    Args:
        p       1 (default) or 2
        margin  (default 1.0)
        weight  (K): a factor for each class (default None)
    """

    def __init__(
        self,
        p: int = 1,
        margin: float = 1.0,
        weight: Any = None,
        size_average: Any = None,
        reduce: Any = None,
        reduction: str = "mean",
    ) -> None:
        super().__init__(weight, size_average, reduce, reduction)
        if p not in (1, 2):
            raise ValueError("only p == 1 and p == 2 supported")
        if weight is not None and weight.dim() != 1:
            raise ValueError(
                f"MultiMarginLoss: expected weight to be None or 1D tensor, got {weight.dim()}D "
                "instead"
            )
        self.p = p
        self.margin = margin

    def forward(self, input: Any, target: Any) -> Any:
        return F.multi_margin_loss(
            input,
            target,
            p=self.p,
            margin=self.margin,
            weight=self.weight,
            reduction=self.reduction,
        )


class MultiLabelMarginLoss(_Loss):
    """Every right class should lead every wrong one by 1; targets: class numbers, ended by −1."""

    def forward(self, input: Any, target: Any) -> Any:
        return F.multilabel_margin_loss(input, target, reduction=self.reduction)


class MultiLabelSoftMarginLoss(_WeightedLoss):
    """The mean over all classes of a yes-or-no loss; targets are 0 or 1 for each class.

    Args:
        weight  (K): a factor for each class (default None)
    """

    def forward(self, input: Any, target: Any) -> Any:
        return F.multilabel_soft_margin_loss(
            input, target, weight=self.weight, reduction=self.reduction
        )


class CTCLoss(_Loss):
    """−log P(label sequence | log-probabilities at every time step), over all alignments.

    Shape: log_probs (T, N, C), targets (N, S) or all labels one after the other, lengths (N).

    Args:
        blank          the number of the symbol for "nothing new" (default 0)
        reduction      'mean' (default; each loss is first divided by its target's length), 'sum',
                       'none'
        zero_infinity  infinite losses (targets longer than their input) count 0 (default False)

    >>> import minitorch as torch
    >>> log_probs = torch.zeros(5, 1, 3).log_softmax(2)
    >>> torch.nn.CTCLoss()(log_probs, torch.tensor([[1, 2]]), (5,), (2,))
    tensor(0.9689)

    Source: Graves et al. 2006.
    """

    def __init__(
        self, blank: int = 0, reduction: str = "mean", zero_infinity: bool = False
    ) -> None:
        super().__init__(reduction=reduction)
        self.blank = blank
        self.zero_infinity = zero_infinity

    def forward(
        self, log_probs: Any, targets: Any, input_lengths: Any, target_lengths: Any
    ) -> Any:
        return F.ctc_loss(
            log_probs,
            targets,
            input_lengths,
            target_lengths,
            self.blank,
            self.reduction,
            self.zero_infinity,
        )
