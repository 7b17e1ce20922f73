"""More rows of the table of layers: packed sequences, volumes, and layers that are rarer."""

from __future__ import annotations

from typing import Any

from .layers import f, i, layer

# -- recurrent layers on packed sequences ---------------------------------------------------------


def _packed(torch: Any, x: Any, lengths: Any, batch_first: bool = False, sort: bool = False) -> Any:
    pack = torch.nn.utils.rnn.pack_padded_sequence
    return pack(x, lengths, batch_first, enforce_sorted=not sort)


for _name in ("RNN", "LSTM", "GRU"):
    layer(
        _name,
        lambda nn, name=_name: getattr(nn, name)(3, 5),
        f(7, 2, 3),
        call=lambda m, torch, x: m(_packed(torch, x, [7, 4])),
    )
    layer(
        _name,
        lambda nn, name=_name: getattr(nn, name)(
            3, 5, 2, batch_first=True, dropout=0.4, bidirectional=True
        ),
        f(3, 7, 3),
        call=lambda m, torch, x: m(_packed(torch, x, [2, 7, 5], True, True)),
    )
layer(
    "GRU",
    lambda nn: nn.GRU(3, 5),
    f(7, 3, 3),
    f(1, 3, 5),
    call=lambda m, torch, x, h: m(_packed(torch, x, [2, 7, 5], sort=True), h),
)
layer(
    "LSTM",
    lambda nn: nn.LSTM(3, 5, proj_size=2, bidirectional=True, bias=False),
    f(7, 3, 3),
    f(2, 3, 2),
    f(2, 3, 5),
    call=lambda m, torch, x, h, c: m(_packed(torch, x, [2, 7, 5], sort=True), (h, c)),
)

# -- volumes --------------------------------------------------------------------------------------

layer("Conv3d", lambda nn: nn.Conv3d(3, 5, 2), f(2, 3, 5, 7, 4))
layer("Conv3d", lambda nn: nn.Conv3d(4, 6, (3, 2, 1), 2, 1, (1, 2, 1), 2, False), f(4, 5, 7, 4))
layer("Conv3d", lambda nn: nn.Conv3d(2, 3, 3, padding="same"), f(2, 2, 5, 3, 4))
for _mode in ("reflect", "replicate", "circular"):
    layer(
        "Conv3d",
        lambda nn, mode=_mode: nn.Conv3d(2, 3, (3, 2, 2), padding=(2, 1, 1), padding_mode=mode),
        f(2, 2, 5, 3, 4),
    )
layer("ConvTranspose3d", lambda nn: nn.ConvTranspose3d(4, 6, 3, 2, 1, 1, 2), f(2, 4, 3, 2, 4))
layer(
    "ConvTranspose3d",
    lambda nn: nn.ConvTranspose3d(3, 2, 3, stride=2, padding=1),
    f(2, 3, 2, 3, 4),
    call=lambda m, torch, x: m(x, output_size=(4, 5, 8)),
)
layer("MaxPool3d", lambda nn: nn.MaxPool3d(2), f(2, 3, 5, 7, 4, distinct=True))
layer(
    "MaxPool3d",
    lambda nn: nn.MaxPool3d((2, 3, 2), 1, 1, return_indices=True, ceil_mode=True),
    f(3, 5, 7, 4, distinct=True),
)
layer("AvgPool3d", lambda nn: nn.AvgPool3d((3, 2, 2), 2, 1, True, False), f(2, 3, 5, 7, 4))
layer("AvgPool3d", lambda nn: nn.AvgPool3d(2, divisor_override=5), f(2, 3, 5, 7, 4))
layer("AdaptiveAvgPool3d", lambda nn: nn.AdaptiveAvgPool3d((3, None, 2)), f(2, 3, 5, 7, 4))
layer("AdaptiveMaxPool3d", lambda nn: nn.AdaptiveMaxPool3d(2, True), f(3, 5, 7, 4, distinct=True))
layer("Upsample", lambda nn: nn.Upsample(size=(3, 2, 5), mode="area"), f(2, 3, 5, 7, 4))

# -- rarer poolings, bags, losses -----------------------------------------------------------------

for _n, _shape in ((1, (2, 3, 8)), (2, (2, 3, 4, 6)), (3, (2, 3, 4, 2, 6))):
    layer(
        f"MaxUnpool{_n}d",
        lambda nn, n=_n: getattr(nn, f"MaxUnpool{n}d")(2),
        f(*_shape, distinct=True),
        call=lambda m, torch, x, n=_n: m(
            *getattr(torch.nn, f"MaxPool{n}d")(2, return_indices=True)(x), output_size=x.size()
        ),
    )
    layer(
        f"LPPool{_n}d",
        lambda nn, n=_n: getattr(nn, f"LPPool{n}d")(2, 3, 1, ceil_mode=True)
        if n < 3
        else nn.LPPool3d(1.5, (1, 2, 3)),
        f(*_shape, low=0.1),
    )
_IDS = i(2, 5, low=0, high=7)
layer("EmbeddingBag", lambda nn: nn.EmbeddingBag(7, 3), _IDS)
layer("EmbeddingBag", lambda nn: nn.EmbeddingBag(7, 3, mode="max", padding_idx=-2), _IDS)
layer("EmbeddingBag", lambda nn: nn.EmbeddingBag(7, 3, max_norm=1.0), _IDS, numeric=False)
layer(
    "EmbeddingBag",
    lambda nn: nn.EmbeddingBag(7, 3, mode="sum", include_last_offset=True),
    i(11, low=0, high=7),
    f(11),
    call=lambda m, torch, x, w: m(x, torch.tensor([0, 5, 5, 11]), w),
)
for _reduction in ("mean", "sum", "none"):
    layer(
        "MultiMarginLoss",
        lambda nn, r=_reduction: nn.MultiMarginLoss(2, 0.7, reduction=r),
        f(7, 5),
        i(7, low=0, high=5),
    )
    layer(
        "MultiLabelMarginLoss",
        lambda nn, r=_reduction: nn.MultiLabelMarginLoss(reduction=r),
        f(2, 5),
        call=lambda m, torch, x: m(x, torch.tensor([[3, 0, -1, 1, 2], [4, -1, 0, 1, 2]])),
    )
    layer(
        "MultiLabelSoftMarginLoss",
        lambda nn, r=_reduction: nn.MultiLabelSoftMarginLoss(reduction=r),
        f(2, 5),
        f(2, 5, low=0, high=1, grad=False),
    )
    layer(
        "CTCLoss",
        lambda nn, r=_reduction: nn.CTCLoss(1, r, zero_infinity=r == "sum"),
        f(7, 2, 5),
        call=lambda m, torch, x: m(
            x.log_softmax(2), torch.tensor([[2, 3, 3], [4, 0, 0]]), (7, 5), (3, 1)
        ),
    )

# -- norms of weights: applied in the call, as their first numbers are sums, equal to rounding ----

for _dim in (0, 1, None):
    layer(
        "weight_norm",
        lambda nn: nn.Linear(3, 5),
        f(2, 3),
        call=lambda m, torch, x, d=_dim: torch.nn.utils.parametrizations.weight_norm(m, dim=d)(x),
        numeric=False,  # there are other parameters after the call
    )
    layer(
        "weight_norm",
        lambda nn: nn.Conv1d(3, 5, 2),
        f(2, 3, 7),
        call=lambda m, torch, x, d=_dim: torch.nn.utils.weight_norm(m, dim=d)(x),
        numeric=False,  # there are other parameters after the call
    )
for _train in (True, False):  # while training, u and v turn with the weight, outside the graph
    layer(
        "spectral_norm",
        lambda nn: nn.Linear(3, 5),
        f(2, 3),
        call=lambda m, torch, x: torch.nn.utils.parametrizations.spectral_norm(m)(x),
        train=_train,
        numeric=False,
    )
    layer(
        "spectral_norm",
        lambda nn: nn.ConvTranspose1d(3, 5, 2),
        f(2, 3, 7),
        call=lambda m, torch, x: torch.nn.utils.spectral_norm(m, n_power_iterations=2)(x),
        train=_train,
        numeric=False,
    )
