"""Packed sequences: pad → pack → pad, in and out of order, and their gradients."""

from __future__ import annotations

from typing import Any

from .spec import Table, f

case = CASES = Table()

LENGTHS = ([5, 5, 3], [5, 2, 1], [3, 3, 3])


def packed(torch: Any, x: Any, lengths: Any, **options: Any) -> Any:
    return torch.nn.utils.rnn.pack_padded_sequence(x, lengths, **options)


def padded(torch: Any, data: Any, sizes: Any, *args: Any) -> Any:
    rnn = torch.nn.utils.rnn
    return rnn.pad_packed_sequence(rnn.PackedSequence(data, torch.tensor(sizes)), *args)


for lengths in LENGTHS:
    case("pack_padded", lambda torch, x, n=lengths: packed(torch, x, n)[:2], f(5, 3, 2))
    case(
        "pack_padded",
        lambda torch, x, n=lengths: packed(torch, x, n, batch_first=True)[:2],
        f(3, 5, layout="strided"),
    )
case(
    "pack_padded",
    lambda torch, x: packed(torch, x, torch.tensor([2, 5, 3]), enforce_sorted=False)[:4],
    f(5, 3, 2),
)
case("pad_packed", lambda torch, x: padded(torch, x, [3, 2, 2]), f(7, 5))
case("pad_packed", lambda torch, x: padded(torch, x, [3, 2, 2], True, 0.5, 5), f(7, 5))
case("pad_packed", lambda torch, x: padded(torch, x, [3, 1, 1, 1], False, -1.0), f(6))

ERRORS = [
    ("pack_padded_sequence", lambda t: packed(t, t.ones(3, 2), [2, 3]), RuntimeError),
    ("pack_padded_sequence", lambda t: packed(t, t.ones(3, 2), [3, 0]), RuntimeError),
    ("pack_padded_sequence", lambda t: packed(t, t.ones(3, 2), [3]), RuntimeError),
    ("pack_padded_sequence", lambda t: packed(t, t.ones(3, 2), [[3, 2]]), RuntimeError),
    ("pack_padded_sequence", lambda t: packed(t, t.ones(0, 2), [3, 2]), RuntimeError),
    ("pad_packed_sequence", lambda t: padded(t, t.ones(3), [2, 1], False, 0.0, 1), ValueError),
    ("pad_sequence", lambda t: t.nn.utils.rnn.pad_sequence([]), RuntimeError),
    ("pad_sequence", lambda t: t.nn.utils.rnn.pad_sequence(5), RuntimeError),
    ("pad_sequence", lambda t: t.nn.utils.rnn.pad_sequence([t.ones(2)], padding_side="up"), RuntimeError),
    ("PackedSequence", lambda t: t.nn.utils.rnn.PackedSequence(t.ones(3)), AssertionError),
    ("RNN", lambda t: t.nn.RNN(2, 3)(packed(t, t.ones(3, 2, 5), [3, 2])), RuntimeError),
    ("RNN", lambda t: t.nn.RNN(2, 3)(packed(t, t.ones(3, 2, 2), [3, 2]), t.ones(1, 5, 3)), RuntimeError),
    ("RNN", lambda t: t.nn.RNN(2, 3)(packed(t, t.ones(3, 2, 2, 2), [3, 2])), RuntimeError),
]  # fmt: skip
