"""Reading and writing by index: x[…], gather, scatter, masks, triangles, embedding."""

from __future__ import annotations

from .spec import Table, b, f, i

case = CASES = Table()

# -- x[…], basic: views
for at in (0, -1, slice(1, None), slice(None, None, 2), None, Ellipsis, (), (0, slice(1, 3)),
           (slice(None), -1), (Ellipsis, 0), (1, Ellipsis, slice(0, 2)), (None, 0, None),
           (0, 1, 2), (slice(2, 1),), (slice(-2, 99), None, slice(None))):  # fmt: skip
    case("getitem", lambda torch, x, at=at: x[at], f(2, 3, 5))
case("getitem", lambda torch, x: x[...], f())
case("getitem", lambda torch, x: x[None], f())
case("getitem", lambda torch, x: x[torch.tensor(1)], f(2, 3))
case("getitem", lambda torch, x: x[:, torch.tensor(2):], f(2, 3))

# -- x[…], advanced: copies
for at in ([0, 2], [[0, 1], [2, 0]], (slice(None), [1, 0, 1]), ([0, 1], [1, 2]), (0, slice(None), [3, 1]),
           ([0, 1], slice(None), [2, 4]), (Ellipsis, [0, -1]), True, False, (None, [1, 0]),
           ([True, False, True],), (slice(1, None), [0, 2], slice(None, None, 2)), [], range(2),
           ([[0], [1]], [[1, 2]]), (slice(None), True)):  # fmt: skip
    case("getitem", lambda torch, x, at=at: x[at], f(3, 3, 5))
case("getitem", lambda torch, x: x[x > 0.5], f(3, 5))
case("getitem", lambda torch, x, m: x[m], f(3, 5), b(3))
case("getitem", lambda torch, x, m: x[:, m], f(3, 5), b(5))
case("getitem", lambda torch, x, m: x[m, 1], f(3, 5), b(3))
case("getitem", lambda torch, x, k: x[k], f(7, 3), i(2, 5, low=-7, high=7))
case("getitem", lambda torch, x, k: x[k, k], f(7, 7, 2), i(5, low=0, high=7))
case("getitem", lambda torch, x, k: x[k], f(3, 200), i(40, low=0, high=3))
case("getitem", lambda torch, x, k: x[k], f(50, 20), i(40, low=0, high=50))
case("getitem", lambda torch, x, k: x[:, k], f(3, 5, layout="transposed"), i(4, low=0, high=5))
case("getitem", lambda torch, x, m: x[m], b(3, 5), b(3, 5), grad=False)
case("getitem", lambda torch, x: x[torch.tensor(True)], f(2, 3))
case("getitem", lambda torch, x: x[torch.tensor([2, 0], dtype=torch.int32)], f(3, 2))


# -- x[…] = v
def assigned(at):
    def call(torch, x, v):
        y = x * 1
        y[at] = v
        return y * 2

    return call


case("setitem", assigned(0), f(3, 5), f(5))
case("setitem", assigned((slice(None), -1)), f(3, 5), f(3))
case("setitem", assigned((slice(None), slice(1, 3))), f(3, 5), f(3, 1))
case("setitem", assigned(slice(None)), f(3, 5), f(1, 1, 5))
case("setitem", assigned(Ellipsis), f(3, 5), f())
case("setitem", assigned((None, slice(None), 2)), f(3, 5), f(1, 3))
case("setitem", assigned([0, 2]), f(3, 5), f(2, 5))
case("setitem", assigned([0, 2]), f(3, 5), f(5))
case("setitem", assigned((slice(None), [1, 3])), f(3, 5), f(1, 1, 3, 2))
case("setitem", assigned(([0, 2], [1, 4])), f(3, 5), f())
case("setitem", assigned((0, [1, 4])), f(3, 5), f(2))
case("setitem", assigned([True, False, True]), f(3, 5), f(2, 5))
case("setitem", assigned(True), f(3, 5), f(5))
case("setitem", assigned(slice(3, 3)), f(3, 5), f(5), numeric=False,
     note="nothing is assigned: the value has no gradient")  # fmt: skip


def assigned_mask(torch, x, v):
    y = x.clone()
    y[x > 0] = 0.5
    y[:, x[0] < 0] = v
    return y


case("setitem", assigned_mask, f(3, 5), f())


def assigned_number(torch, x):
    y = x.clone()
    y[0], y[1, 2:], y[..., -1] = 7, 2.5, True
    y[[2]] = -1
    return y


case("setitem", assigned_number, f(3, 5))
case("setitem", assigned_number, i(3, 5), grad=False)


def through_views(torch, x, w):
    y = x.clone()
    y[:, 1:].mul_(2)
    y[0] = w
    y.view(-1)[2:5] += 1
    y.t()[3].sub_(w[:3])
    return y


case("setitem", through_views, f(3, 5), f(5))

# -- index_put, nonzero
case("index_put", lambda torch, x, k, v: torch.index_put(x, (k,), v), f(5, 3), i(2, low=0, high=1),
     f(3), numeric=False, note="one place is written twice: which value stays is open")  # fmt: skip
case("index_put", lambda torch, x, k, v: x.index_put((k,), v, accumulate=True), f(5, 3),
     i(7, low=0, high=5), f(7, 3))  # fmt: skip
case("index_put", lambda torch, x, v: x.index_put((torch.tensor([0, 2]), torch.tensor(1)), v), f(5, 3),
     f(2))  # fmt: skip
case("index_put", lambda torch, x, m, v: x.index_put((m,), v), f(5, 3), b(5, 3), f())
case("index_put_", lambda torch, x, k, v: (x * 1).index_put_((k, k), v, True), f(5, 5),
     i(7, low=0, high=5), f(7))  # fmt: skip
case("nonzero", lambda torch, x: torch.nonzero(x), b(3, 5), grad=False)
case("nonzero", lambda torch, x: x.nonzero(as_tuple=True), i(3, 5, low=0, high=2), grad=False)
case("nonzero", lambda torch, x: torch.nonzero(x), f(), grad=False)
case("argwhere", lambda torch, x: torch.argwhere(x), b(2, 3, 5), grad=False)

# -- gather, scatter
case("gather", lambda torch, x, k: torch.gather(x, 1, k), f(3, 5), i(3, 2, low=0, high=5))
case("gather", lambda torch, x, k: x.gather(0, k), f(3, 5), i(7, 2, low=0, high=3))
case("gather", lambda torch, x, k: x.gather(-1, k), f(2, 3, 5, layout="transposed"),
     i(2, 3, 7, low=0, high=5))  # fmt: skip
case("gather", lambda torch, x, k: x.gather(0, k), f(), i(low=0, high=1))
case("take_along_dim", lambda torch, x, k: torch.take_along_dim(x, k, 1), f(3, 5),
     i(1, 2, low=-5, high=5))  # fmt: skip
case("take_along_dim", lambda torch, x, k: x.take_along_dim(k), f(3, 5), i(7, low=0, high=15))
case("take", lambda torch, x, k: torch.take(x, k), f(3, 5), i(2, 7, low=-15, high=15))
case("put", lambda torch, x, v: x.put(torch.tensor([0, -1, 4]), v), f(3, 5), f(3))
case("put", lambda torch, x, k, v: x.put(k, v, True), f(3, 5), i(2, 7, low=-15, high=15), f(2, 7))
case("scatter", lambda torch, x, v: torch.scatter(x, 0, torch.tensor([[0, 1, 2]]), v), f(3, 5),
     f(1, 3))  # fmt: skip
case("scatter", lambda torch, x: x.scatter(1, torch.tensor([[0], [2]]), 1.5), f(3, 5))
case("scatter", lambda torch, x: x.scatter(1, torch.tensor([[0], [2]]), value=2), f(3, 5))
case("scatter", lambda torch, x, v: x.scatter(0, torch.tensor([[0, 0]]), v, reduce="add"), i(3, 5),
     i(2, 5), grad=False)  # fmt: skip
case("scatter", lambda torch, x: x.scatter(0, torch.tensor([[0, 0]]), 3, reduce="multiply"),
     i(3, 5), grad=False)  # fmt: skip
case("scatter_", lambda torch, x, v: (x * 1).scatter_(1, torch.tensor([[4], [0], [1]]), v), f(3, 5),
     f(3, 1))  # fmt: skip
case("scatter_", lambda torch, k: torch.zeros(5, 3).scatter_(1, k, 1.0), i(5, 1, low=0, high=3),
     grad=False)  # fmt: skip
case("scatter_add", lambda torch, x, k, v: torch.scatter_add(x, 0, k, v), f(3, 5),
     i(7, 5, low=0, high=3), f(7, 5))  # fmt: skip
case("scatter_add", lambda torch, x, k, v: x.scatter_add(1, k, v), i(3, 5), i(3, 2, low=0, high=5),
     i(3, 7), grad=False)  # fmt: skip
for how in ("sum", "mean", "prod", "amax", "amin"):
    for own in (True, False):
        case("scatter_reduce",
             lambda torch, x, k, v, h=how, o=own: x.scatter_reduce(0, k, v, h, include_self=o),
             f(3, 5), i(7, 2, low=0, high=3), f(7, 2))  # fmt: skip
case("scatter_reduce", lambda torch, x, v: x.scatter_reduce(0, torch.tensor([0, 0, 1]), v, "prod"),
     f(3), f(3, low=0, high=1e-300), numeric=False, note="products of zeros")  # fmt: skip

# -- slices along one dim
case("index_select", lambda torch, x, k: torch.index_select(x, 0, k), f(3, 5), i(7, low=0, high=3))
case("index_select", lambda torch, x, k: x.index_select(-1, k), f(2, 3, 5), i(2, low=0, high=5))
case("index_add", lambda torch, x, k, v: x.index_add(1, k, v), f(3, 5), i(7, low=0, high=5), f(3, 7))
case("index_add", lambda torch, x, k, v: torch.index_add(x, 0, k, v, alpha=-2), f(3, 5),
     i(2, low=0, high=3), f(2, 5))  # fmt: skip
case("index_copy", lambda torch, x, v: x.index_copy(0, torch.tensor([2, 0]), v), f(3, 5), f(2, 5))
case("index_fill", lambda torch, x: x.index_fill(1, torch.tensor([0, -1]), 3.5), f(3, 5))
case("index_fill", lambda torch, x, v: x.index_fill(0, torch.tensor([1, 1]), v), f(3, 5), f())
for how in ("mean", "prod", "amax", "amin"):
    case("index_reduce",
         lambda torch, x, k, v, h=how: x.index_reduce(0, k, v, h), f(3, 5), i(7, low=0, high=3),
         f(7, 5))  # fmt: skip

# -- masks
case("masked_fill", lambda torch, x, m: torch.masked_fill(x, m, -7.5), f(3, 5), b(3, 5))
case("masked_fill", lambda torch, x, m: x.masked_fill(m, float("-inf")), f(2, 3, 5), b(3, 1),
     numeric=False, note="-inf has no finite difference")
case("masked_fill", lambda torch, x, m, v: x.masked_fill(m, v), f(3, 1), b(5), f())
case("masked_select", lambda torch, x, m: torch.masked_select(x, m), f(3, 5), b(3, 5))
case("masked_select", lambda torch, x, m: x.masked_select(m), f(3, 1), b(2, 1, 5))
case("masked_scatter", lambda torch, x, m, v: x.masked_scatter(m, v), f(3, 5), b(3, 5), f(2, 11))

# -- triangles and diagonals
case("tril", lambda torch, x: torch.tril(x), f(3, 5))
case("tril", lambda torch, x: x.tril(-1), f(2, 5, 3, layout="transposed"))
case("triu", lambda torch, x: torch.triu(x, diagonal=1), f(3, 5))
case("triu", lambda torch, x: x.triu(), b(3, 5), grad=False)
case("tril_indices", lambda torch: torch.tril_indices(3, 5, -1), grad=False)
case("triu_indices", lambda torch: torch.triu_indices(3, 5, offset=1), grad=False)
case("diag", lambda torch, x: torch.diag(x), f(3, 5))
case("diag", lambda torch, x: x.diag(-1), f(3))
case("diag_embed", lambda torch, x: torch.diag_embed(x), f(2, 3))
case("diag_embed", lambda torch, x: torch.diag_embed(x, 1, 0, 2), f(2, 3))
case("diagflat", lambda torch, x: torch.diagflat(x, -1), f(2, 3))
case("trace", lambda torch, x: torch.trace(x), f(3, 5))
case("trace", lambda torch, x: x.trace(), i(3, 5), grad=False)
case("fill_diagonal_", lambda torch, x: (x * 1).fill_diagonal_(7.0), f(3, 5))
case("fill_diagonal_", lambda torch, x: (x * 1).fill_diagonal_(2, wrap=True), f(7, 3))

# -- embedding
case("embedding", lambda torch, k, w: torch.nn.functional.embedding(k, w), i(3, 5, low=0, high=7),
     f(7, 2))  # fmt: skip
case("embedding", lambda torch, k, w: torch.nn.functional.embedding(k, w, padding_idx=-1),
     i(11, low=0, high=3), f(3, 5), numeric=False,
     note="the padding row's gradient is dropped on purpose")  # fmt: skip
case("embedding", lambda torch, k, w: torch.nn.functional.embedding(k, w, scale_grad_by_freq=True),
     i(11, low=0, high=3), f(3, 5), numeric=False, note="the gradient is scaled on purpose")  # fmt: skip
case("embedding", lambda torch, k, w: torch.nn.functional.embedding(k, w * 1, None, 1.0, 1.0),
     i(5, low=0, high=7), f(7, 2), grad=False)  # fmt: skip
case("embedding", lambda torch, k, w: torch.nn.functional.embedding(k, w), i(300, low=0, high=11),
     f(11, 130))  # fmt: skip
case("one_hot", lambda torch, k: torch.nn.functional.one_hot(k), i(2, 3, low=0, high=5), grad=False)
case("one_hot", lambda torch, k: torch.nn.functional.one_hot(k, 7), i(low=0, high=5), grad=False)
