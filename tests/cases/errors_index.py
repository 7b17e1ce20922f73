"""Bad indices: PyTorch's exception types."""

from __future__ import annotations


def x(t):
    return t.arange(12.0).view(3, 4)


def put(t, at, value, target=None):
    y = x(t) if target is None else target
    y[at] = value
    return y


def k(t, *numbers):
    return t.tensor(numbers)


ERRORS = [
    # x[…]
    ("getitem", lambda t: x(t)[5], IndexError),
    ("getitem", lambda t: x(t)[-4], IndexError),
    ("getitem", lambda t: x(t)[0, 0, 0], IndexError),
    ("getitem", lambda t: x(t)[0][0][0][0], IndexError),
    ("getitem", lambda t: x(t)[1.5], IndexError),
    ("getitem", lambda t: x(t)["a"], TypeError),
    ("getitem", lambda t: x(t)[{1}], IndexError),
    ("getitem", lambda t: x(t)[::-1], ValueError),
    ("getitem", lambda t: x(t)[::0], ValueError),
    ("getitem", lambda t: x(t)[1.5:], TypeError),
    ("getitem", lambda t: x(t)[k(t, 1.0)], IndexError),
    ("getitem", lambda t: x(t)[t.tensor(1.0)], IndexError),
    ("getitem", lambda t: x(t)[t.tensor([1], dtype=t.int16)], IndexError),
    ("getitem", lambda t: x(t)[k(t, 3)], IndexError),
    ("getitem", lambda t: x(t)[k(t, -4)], IndexError),
    ("getitem", lambda t: x(t)[:, [4]], IndexError),
    ("getitem", lambda t: x(t)[[0, 1], [0, 1, 2]], IndexError),
    ("getitem", lambda t: x(t)[t.zeros(2, dtype=t.bool)], IndexError),
    ("getitem", lambda t: x(t)[t.zeros(3, 5, dtype=t.bool)], IndexError),
    ("getitem", lambda t: x(t)[t.zeros(3, 4, 1, dtype=t.bool)], IndexError),
    # x[…] = v
    ("setitem", lambda t: put(t, 0, [1, 2, 3, 4]), TypeError),
    ("setitem", lambda t: put(t, 0, "a"), TypeError),
    ("setitem", lambda t: put(t, 0, None), TypeError),
    ("setitem", lambda t: put(t, 0, t.ones(3)), RuntimeError),
    ("setitem", lambda t: put(t, 0, t.ones(2, 4)), RuntimeError),
    ("setitem", lambda t: put(t, [0, 1], t.ones(3)), RuntimeError),
    ("setitem", lambda t: put(t, [0, 1], t.ones(4).double()), RuntimeError),
    ("setitem", lambda t: put(t, x(t) > 1, t.ones(3)), RuntimeError),
    ("setitem", lambda t: put(t, 9, 1), IndexError),
    ("setitem", lambda t: put(t, [9], 1), IndexError),
    ("setitem", lambda t: put(t, (0, 0, 0), 1), IndexError),
    ("setitem", lambda t: put(t, slice(None, None, -1), 1), ValueError),
    ("setitem", lambda t: put(t, 0, 300, t.zeros(3, dtype=t.uint8)), RuntimeError),
    ("setitem", lambda t: put(t, [0], float("inf"), t.zeros(3).long()), RuntimeError),
    ("setitem", lambda t: put(t, 0, 1, t.zeros(3, requires_grad=True)), RuntimeError),
    ("setitem", lambda t: put(t, [0], 1, t.zeros(3, requires_grad=True)), RuntimeError),
    ("setitem", lambda t: put(t, slice(None), 1, t.zeros(1).expand(3)), RuntimeError),
    ("index_put", lambda t: x(t).index_put((k(t, 0),), t.ones(4).double()), RuntimeError),
    ("index_put", lambda t: x(t).index_put(k(t, 0), t.ones(4)), TypeError),
    ("index_put", lambda t: x(t).index_put((k(t, 9),), t.ones(4)), IndexError),
    ("nonzero", lambda t: t.nonzero(3), TypeError),
    # gather and scatter
    ("gather", lambda t: x(t).gather(1, t.ones(3, 1).long() * 9), RuntimeError),
    ("gather", lambda t: x(t).gather(1, k(t, [-1])), RuntimeError),
    ("gather", lambda t: x(t).gather(1, t.zeros(3, 1)), RuntimeError),
    ("gather", lambda t: x(t).gather(1, k(t, 0)), RuntimeError),
    ("gather", lambda t: x(t).gather(1, t.zeros(5, 1).long()), RuntimeError),
    ("gather", lambda t: x(t).gather(2, t.zeros(3, 1).long()), IndexError),
    ("take_along_dim", lambda t: x(t).take_along_dim(t.zeros(3, 1), 1), RuntimeError),
    ("take_along_dim", lambda t: x(t).take_along_dim(k(t, 0), 1), RuntimeError),
    ("take_along_dim", lambda t: x(t).take_along_dim(t.zeros(2, 1).long(), 1), RuntimeError),
    ("take", lambda t: x(t).take(k(t, 12)), IndexError),
    ("take", lambda t: x(t).take(k(t, 1.0)), RuntimeError),
    ("put", lambda t: x(t).put(k(t, 12), t.ones(1)), IndexError),
    ("put", lambda t: x(t).put(k(t, 1), t.ones(2)), IndexError),
    ("put", lambda t: x(t).put(k(t, 1), t.ones(1).long()), RuntimeError),
    ("scatter", lambda t: x(t).scatter(1, k(t, [4]), 1.0), RuntimeError),
    ("scatter", lambda t: x(t).scatter(1, k(t, [-1]), 1.0), RuntimeError),
    ("scatter", lambda t: x(t).scatter(1, t.zeros(1, 1), 1.0), RuntimeError),
    ("scatter", lambda t: x(t).scatter(1, k(t, [0]), t.ones(1, 1).long()), RuntimeError),
    ("scatter", lambda t: x(t).scatter(1, k(t, [0, 0]), t.ones(1, 1)), RuntimeError),
    ("scatter", lambda t: x(t).scatter(1, k(t, [0]), 1.0, reduce="foo"), RuntimeError),
    ("scatter", lambda t: x(t).scatter(1, k(t, [0])), TypeError),
    ("scatter_add", lambda t: x(t).scatter_add(1, k(t, [9]), t.ones(1, 1)), RuntimeError),
    ("scatter_reduce", lambda t: x(t).scatter_reduce(1, k(t, [0]), t.ones(1, 1), "foo"), RuntimeError),
    # whole slices
    ("index_select", lambda t: x(t).index_select(0, k(t, 3)), IndexError),
    ("index_select", lambda t: x(t).index_select(0, k(t, -1)), IndexError),
    ("index_select", lambda t: x(t).index_select(0, k(t, [0])), IndexError),
    ("index_select", lambda t: x(t).index_select(0, k(t, 0.0)), RuntimeError),
    ("index_select", lambda t: x(t).index_select(2, k(t, 0)), IndexError),
    ("index_add", lambda t: x(t).index_add(0, k(t, 3), t.ones(1, 4)), RuntimeError),
    ("index_add", lambda t: t.ones(2).index_add(0, k(t, 3), t.ones(1)), IndexError),
    ("index_add", lambda t: x(t).index_add(0, k(t, 0), t.ones(2, 4)), RuntimeError),
    ("index_add", lambda t: x(t).index_add(0, k(t, 0), t.ones(1, 4).double()), RuntimeError),
    ("index_copy", lambda t: x(t).index_copy(0, k(t, 3), t.ones(1, 4)), IndexError),
    ("index_copy", lambda t: x(t).index_copy(0, k(t, 0), t.ones(2, 4)), IndexError),
    ("index_copy", lambda t: x(t).index_copy(0, k(t, 0), t.ones(1, 5)), RuntimeError),
    ("index_copy", lambda t: x(t).index_copy(0, k(t, 0), t.ones(1, 4).double()), RuntimeError),
    ("index_fill", lambda t: x(t).index_fill(0, k(t, 3), 1.0), IndexError),
    ("index_fill", lambda t: x(t).index_fill(0, k(t, 0), t.ones(2)), RuntimeError),
    ("index_fill", lambda t: x(t).index_fill(0, k(t, 0.0), 1.0), IndexError),
    ("index_reduce", lambda t: x(t).index_reduce(0, k(t, 0), t.ones(1, 4), "sum"), RuntimeError),
    # masks
    ("masked_fill", lambda t: x(t).masked_fill(t.ones(3, 4), 1.0), RuntimeError),
    ("masked_fill", lambda t: x(t).masked_fill(x(t) > 1, t.ones(2)), RuntimeError),
    ("masked_fill", lambda t: x(t).masked_fill(t.ones(2, dtype=t.bool), 1.0), RuntimeError),
    ("masked_fill", lambda t: x(t).masked_fill(x(t) > 1, "a"), TypeError),
    ("masked_fill", lambda t: x(t).long().masked_fill(x(t) > 1, float("inf")), RuntimeError),
    ("masked_fill_", lambda t: t.ones(2, 1).masked_fill_(t.ones(2) > 0, 2.0), RuntimeError),
    ("masked_fill_", lambda t: t.ones(2, requires_grad=True).masked_fill_(t.ones(2) > 0, 2.0), RuntimeError),
    ("masked_select", lambda t: x(t).masked_select(t.ones(3, 4)), RuntimeError),
    ("masked_select", lambda t: x(t).masked_select(t.ones(2) > 0), RuntimeError),
    ("masked_scatter", lambda t: x(t).masked_scatter(x(t) > 1, t.ones(2)), RuntimeError),
    ("masked_scatter", lambda t: x(t).masked_scatter(x(t) > 1, t.ones(12).long()), RuntimeError),
    # triangles, embedding
    ("tril", lambda t: t.tril(t.ones(3)), RuntimeError),
    ("triu", lambda t: t.triu(t.ones(3)), RuntimeError),
    ("tril_indices", lambda t: t.tril_indices(-1, 2), RuntimeError),
    ("diag", lambda t: t.diag(t.ones(2, 2, 2)), RuntimeError),
    ("diag_embed", lambda t: t.diag_embed(x(t), 0, 1, 1), RuntimeError),
    ("trace", lambda t: t.trace(t.ones(3)), RuntimeError),
    ("fill_diagonal_", lambda t: t.ones(3).fill_diagonal_(1.0), RuntimeError),
    ("embedding", lambda t: t.nn.functional.embedding(k(t, 3), x(t)), IndexError),
    ("embedding", lambda t: t.nn.functional.embedding(k(t, -1), x(t)), IndexError),
    ("embedding", lambda t: t.nn.functional.embedding(k(t, 1.0), x(t)), RuntimeError),
    ("embedding", lambda t: t.nn.functional.embedding(k(t, 1), t.ones(3)), RuntimeError),
    ("embedding", lambda t: t.nn.functional.embedding(k(t, 1), x(t), padding_idx=3), AssertionError),
    ("one_hot", lambda t: t.nn.functional.one_hot(k(t, -1)), RuntimeError),
    ("one_hot", lambda t: t.nn.functional.one_hot(k(t, 2), 2), RuntimeError),
    ("one_hot", lambda t: t.nn.functional.one_hot(k(t, 2.0)), RuntimeError),
    ("one_hot", lambda t: t.nn.functional.one_hot(t.zeros(0).long()), RuntimeError),
]
