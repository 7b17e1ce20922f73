"""Bad input to convolutions, pooling and losses: PyTorch's exception types."""

from __future__ import annotations


def x(t):
    return t.zeros(2, 4, 7, 6)


def w(t):
    return t.zeros(6, 4, 3, 3)


def c(t, *a, **k):
    return t.nn.functional.conv2d(x(t), w(t), *a, **k)


def f(t):
    return t.nn.functional


def rows(t):
    return t.zeros(3, 5), t.tensor([1, 2, 4])


def pair(t):
    return t.zeros(2, 3), t.ones(2, 3)


ERRORS = [
    # convolutions
    ("conv2d", lambda t: f(t).conv2d(t.zeros(7, 6), w(t)), RuntimeError),
    ("conv2d", lambda t: f(t).conv2d(t.zeros(1, 1, 4, 7, 6), w(t)), RuntimeError),
    ("conv2d", lambda t: f(t).conv2d(x(t), w(t)[0]), RuntimeError),
    ("conv2d", lambda t: f(t).conv2d(t.zeros(2, 3, 7, 6), w(t)), RuntimeError),
    ("conv2d", lambda t: f(t).conv2d(x(t), t.zeros(6, 4, 9, 3)), RuntimeError),
    ("conv2d", lambda t: f(t).conv2d(x(t), t.zeros(0, 4, 3, 3)), RuntimeError),
    ("conv2d", lambda t: f(t).conv2d(x(t).double(), w(t)), RuntimeError),
    ("conv2d", lambda t: f(t).conv2d(x(t).bool(), w(t).bool()), NotImplementedError),
    ("conv2d", lambda t: f(t).conv2d([1], w(t)), TypeError),
    ("conv2d", lambda t: f(t).conv2d(x(t), 3), TypeError),
    ("conv2d", lambda t: c(t, groups=2), RuntimeError),
    ("conv2d", lambda t: c(t, groups=0), RuntimeError),
    ("conv2d", lambda t: c(t, groups=4), RuntimeError),
    ("conv2d", lambda t: c(t, t.zeros(5)), RuntimeError),
    ("conv2d", lambda t: c(t, t.zeros(6, 1)), RuntimeError),
    ("conv2d", lambda t: c(t, t.zeros(6).double()), RuntimeError),
    ("conv2d", lambda t: c(t, stride=0), RuntimeError),
    ("conv2d", lambda t: c(t, stride=(1, 2, 3)), RuntimeError),
    ("conv2d", lambda t: c(t, stride=1.5), TypeError),
    ("conv2d", lambda t: c(t, padding=-1), RuntimeError),
    ("conv2d", lambda t: c(t, padding=(1, 2, 3)), RuntimeError),
    ("conv2d", lambda t: c(t, padding="full"), RuntimeError),
    ("conv2d", lambda t: c(t, padding="same", stride=2), RuntimeError),
    ("conv2d", lambda t: c(t, dilation=0), RuntimeError),
    ("conv1d", lambda t: f(t).conv1d(t.zeros(9), t.zeros(6, 4, 3)), RuntimeError),
    ("conv1d", lambda t: f(t).conv1d(t.zeros(2, 4, 9), t.zeros(6, 4, 11)), RuntimeError),
    (
        "conv1d",
        lambda t: f(t).conv1d(t.zeros(2, 4, 9), t.zeros(6, 4, 3), stride=(2, 2)),
        RuntimeError,
    ),
    ("conv_transpose2d", lambda t: f(t).conv_transpose2d(x(t), w(t)), RuntimeError),
    (
        "conv_transpose2d",
        lambda t: f(t).conv_transpose2d(x(t), t.zeros(4, 6, 3, 3), None, 2, 1, 2),
        RuntimeError,
    ),
    (
        "conv_transpose2d",
        lambda t: f(t).conv_transpose2d(x(t), t.zeros(4, 6, 3, 3), padding="same"),
        TypeError,
    ),
    (
        "conv_transpose2d",
        lambda t: f(t).conv_transpose2d(t.zeros(1, 4, 1, 1), t.zeros(4, 6, 3, 3), padding=2),
        RuntimeError,
    ),
    ("unfold", lambda t: f(t).unfold(x(t), 9), RuntimeError),
    ("unfold", lambda t: f(t).unfold(x(t), 0), RuntimeError),
    ("unfold", lambda t: f(t).unfold(x(t), (2,)), RuntimeError),
    ("unfold", lambda t: f(t).unfold(x(t), 2, padding=-1), RuntimeError),
    ("unfold", lambda t: f(t).unfold(x(t).long(), 2), NotImplementedError),
    ("fold", lambda t: f(t).fold(t.zeros(2, 12, 6), (4, 4), 2), RuntimeError),
    ("fold", lambda t: f(t).fold(t.zeros(2, 11, 6), (3, 4), 2), RuntimeError),
    ("fold", lambda t: f(t).fold(t.zeros(12), (3, 4), 2), RuntimeError),
    # pooling
    ("max_pool2d", lambda t: f(t).max_pool2d(t.zeros(3, 3), 2), RuntimeError),
    ("max_pool2d", lambda t: f(t).max_pool2d(x(t), 9), RuntimeError),
    ("max_pool2d", lambda t: f(t).max_pool2d(x(t), 0), RuntimeError),
    ("max_pool2d", lambda t: f(t).max_pool2d(x(t), 2, 0), RuntimeError),
    ("max_pool2d", lambda t: f(t).max_pool2d(x(t), 2, 2, 2), RuntimeError),
    ("max_pool2d", lambda t: f(t).max_pool2d(x(t), 2, 2, -1), RuntimeError),
    ("max_pool2d", lambda t: f(t).max_pool2d(x(t), 2, dilation=0), RuntimeError),
    ("max_pool2d", lambda t: f(t).max_pool2d(x(t), 2.5), TypeError),
    ("max_pool2d", lambda t: f(t).max_pool2d(x(t), (2, 2, 2)), RuntimeError),
    ("max_pool2d", lambda t: f(t).max_pool2d(x(t).bool(), 2), NotImplementedError),
    ("max_pool2d", lambda t: f(t).max_pool2d(t.zeros(2, 0, 7, 6), 2), RuntimeError),
    ("max_pool1d", lambda t: f(t).max_pool1d(t.zeros(9), 2), RuntimeError),
    ("max_pool1d", lambda t: f(t).max_pool1d(t.zeros(2, 3, 9), (2, 2)), RuntimeError),
    ("avg_pool2d", lambda t: f(t).avg_pool2d(t.zeros(3, 3), 2), IndexError),
    ("avg_pool2d", lambda t: f(t).avg_pool2d(x(t), 2, divisor_override=0), RuntimeError),
    ("avg_pool2d", lambda t: f(t).avg_pool2d(x(t).int(), 2), NotImplementedError),
    ("avg_pool1d", lambda t: f(t).avg_pool1d(x(t), 2), RuntimeError),
    ("adaptive_avg_pool2d", lambda t: f(t).adaptive_avg_pool2d(x(t), -1), RuntimeError),
    ("adaptive_avg_pool2d", lambda t: f(t).adaptive_avg_pool2d(x(t), (1, 2, 3)), RuntimeError),
    (
        "adaptive_avg_pool2d",
        lambda t: f(t).adaptive_avg_pool2d(x(t).long(), 2),
        NotImplementedError,
    ),
    (
        "adaptive_avg_pool2d",
        lambda t: f(t).adaptive_avg_pool2d(t.zeros(2, 3, 0, 6), 2),
        RuntimeError,
    ),
    ("adaptive_max_pool2d", lambda t: f(t).adaptive_max_pool2d(t.zeros(3, 3), 2), RuntimeError),
    # classes
    ("cross_entropy", lambda t: f(t).cross_entropy(t.zeros(3, 5), t.tensor([1, 2, 7])), IndexError),
    (
        "cross_entropy",
        lambda t: f(t).cross_entropy(t.zeros(3, 5), t.tensor([1, 2, -1])),
        IndexError,
    ),
    ("cross_entropy", lambda t: f(t).cross_entropy(t.zeros(3, 5), t.tensor([1, 2])), ValueError),
    ("cross_entropy", lambda t: f(t).cross_entropy(t.zeros(3, 5), t.zeros(3)), RuntimeError),
    (
        "cross_entropy",
        lambda t: f(t).cross_entropy(t.zeros(3, 5), t.tensor([1, 2, 3]).int()),
        RuntimeError,
    ),
    (
        "cross_entropy",
        lambda t: f(t).cross_entropy(t.zeros(3, 5), t.zeros(3, 5).long()),
        RuntimeError,
    ),
    (
        "cross_entropy",
        lambda t: f(t).cross_entropy(t.zeros(2, 5, 3, 4), t.zeros(2, 3, 3).long()),
        RuntimeError,
    ),
    ("cross_entropy", lambda t: f(t).cross_entropy(*rows(t), t.zeros(4)), RuntimeError),
    ("cross_entropy", lambda t: f(t).cross_entropy(*rows(t), t.zeros(5).double()), RuntimeError),
    ("cross_entropy", lambda t: f(t).cross_entropy(*rows(t), reduction="avg"), ValueError),
    ("cross_entropy", lambda t: f(t).cross_entropy(*rows(t), label_smoothing=1.5), RuntimeError),
    (
        "cross_entropy",
        lambda t: f(t).cross_entropy(t.zeros(3, 5).long(), rows(t)[1]),
        NotImplementedError,
    ),
    ("cross_entropy", lambda t: f(t).cross_entropy(t.zeros(3, 5), [1, 2, 3]), TypeError),
    (
        "cross_entropy",
        lambda t: f(t).cross_entropy(t.zeros(3, 5), t.zeros(3, 5), ignore_index=1),
        RuntimeError,
    ),
    (
        "cross_entropy",
        lambda t: f(t).cross_entropy(
            t.zeros(3, 5, requires_grad=True), rows(t)[1], t.ones(5, requires_grad=True)
        ),
        RuntimeError,
    ),
    ("nll_loss", lambda t: f(t).nll_loss(t.zeros(()), t.tensor(1)), ValueError),
    ("nll_loss", lambda t: f(t).nll_loss(t.zeros(3, 5), t.tensor([1, 2, 5])), IndexError),
    ("nll_loss", lambda t: f(t).nll_loss(t.zeros(2, 5, 3, 4), t.zeros(2, 3).long()), RuntimeError),
    ("nll_loss", lambda t: f(t).nll_loss(t.zeros(3, 5), t.zeros(3, 5).long()), RuntimeError),
    # pairs
    ("mse_loss", lambda t: f(t).mse_loss(t.zeros(2, 3), t.zeros(4)), RuntimeError),
    ("mse_loss", lambda t: f(t).mse_loss(*pair(t), reduction="avg"), ValueError),
    ("mse_loss", lambda t: f(t).mse_loss(*pair(t), weight=t.zeros(3)), ValueError),
    ("mse_loss", lambda t: f(t).mse_loss(t.ones(3).long(), t.ones(3).long()), NotImplementedError),
    ("l1_loss", lambda t: f(t).l1_loss(t.ones(3).long(), t.ones(3).long()), RuntimeError),
    (
        "l1_loss",
        lambda t: f(t).l1_loss(t.ones(3).bool(), t.ones(3).bool(), reduction="sum"),
        RuntimeError,
    ),
    ("smooth_l1_loss", lambda t: f(t).smooth_l1_loss(*pair(t), beta=-1.0), RuntimeError),
    ("huber_loss", lambda t: f(t).huber_loss(*pair(t), delta=0.0), RuntimeError),
    (
        "binary_cross_entropy",
        lambda t: f(t).binary_cross_entropy(t.zeros(2, 3), t.zeros(3)),
        ValueError,
    ),
    (
        "binary_cross_entropy",
        lambda t: f(t).binary_cross_entropy(t.full((3,), 1.5), t.zeros(3)),
        RuntimeError,
    ),
    (
        "binary_cross_entropy",
        lambda t: f(t).binary_cross_entropy(t.zeros(3), t.full((3,), 1.5)),
        RuntimeError,
    ),
    (
        "binary_cross_entropy",
        lambda t: f(t).binary_cross_entropy(t.zeros(3), t.zeros(3).long()),
        RuntimeError,
    ),
    (
        "binary_cross_entropy_with_logits",
        lambda t: f(t).binary_cross_entropy_with_logits(t.zeros(2, 3), t.zeros(2)),
        ValueError,
    ),
    (
        "binary_cross_entropy_with_logits",
        lambda t: f(t).binary_cross_entropy_with_logits(*pair(t), pos_weight=t.ones(4)),
        RuntimeError,
    ),
    (
        "binary_cross_entropy_with_logits",
        lambda t: f(t).binary_cross_entropy_with_logits(t.zeros(3), t.zeros(3).long()),
        RuntimeError,
    ),
    ("kl_div", lambda t: f(t).kl_div(*pair(t), reduction="avg"), ValueError),
    ("kl_div", lambda t: f(t).kl_div(t.ones(3).long(), t.ones(3).long()), RuntimeError),
    # margins
    (
        "cosine_embedding_loss",
        lambda t: f(t).cosine_embedding_loss(*pair(t), t.ones(2, 3)),
        RuntimeError,
    ),
    ("margin_ranking_loss", lambda t: f(t).margin_ranking_loss(*pair(t), t.ones(2)), RuntimeError),
    (
        "triplet_margin_loss",
        lambda t: f(t).triplet_margin_loss(*pair(t), t.ones(2, 3), margin=-1),
        ValueError,
    ),
    ("triplet_margin_loss", lambda t: f(t).triplet_margin_loss(*pair(t), t.ones(3)), RuntimeError),
    ("gaussian_nll_loss", lambda t: f(t).gaussian_nll_loss(*pair(t), -t.ones(2, 3)), ValueError),
    ("gaussian_nll_loss", lambda t: f(t).gaussian_nll_loss(*pair(t), t.ones(4)), ValueError),
    (
        "soft_margin_loss",
        lambda t: f(t).soft_margin_loss(t.ones(3).long(), t.ones(3).long()),
        RuntimeError,
    ),
]
