"""Writing into views without changing anything, places of elements, layouts in memory."""

from __future__ import annotations

from .spec import Table, f, i

case = CASES = Table()

case("select_scatter", lambda torch, x, s: torch.select_scatter(x, s, 1, -1), f(2, 3, 5), f(2, 5))
case("select_scatter", lambda torch, x, s: x.select_scatter(s, 0, 1), f(3), f())
case("slice_scatter", lambda torch, x, s: torch.slice_scatter(x, s, 1, 1, 5, 2), f(3, 7), f(3, 2))
case("slice_scatter", lambda torch, x, s: x.slice_scatter(s, start=-2), f(5, 3, layout="transposed"),
     f(2, 3))  # fmt: skip
case("diagonal_scatter", lambda torch, x, s: torch.diagonal_scatter(x, s, 1), f(3, 5), f(3))
case("diagonal_scatter", lambda torch, x, s: x.diagonal_scatter(s, -1, 0, 2), f(3, 2, 5), f(2, 2))
case("unravel_index", lambda torch, x: torch.unravel_index(x, (3, 5, 2)), i(7, low=0, high=30),
     grad=False)  # fmt: skip
case("unravel_index", lambda torch, x: torch.unravel_index(x, 5), i(2, 3, low=0), grad=False)
case("nonzero_static", lambda torch, x: torch.nonzero_static(x, size=5), i(3, 2, low=0, high=2),
     grad=False)  # fmt: skip
case("nonzero_static", lambda torch, x: x.nonzero_static(size=2, fill_value=7), i(5), grad=False)
case("resize_", lambda torch, x: x.clone().resize_(2, 2), f(5), grad=False)
case("resize_", lambda torch, x: x.t().resize_(3, 2), f(2, 3), grad=False)
case("resize_", lambda torch, x: x[1:].resize_(2), f(5), grad=False)
case("resize_", lambda torch, x: x.clone().resize_(7)[:5], f(5), grad=False)
case("resize_as_", lambda torch, x, y: x.clone().resize_as_(y), f(2, 3), f(5), grad=False)
case("empty_strided", lambda torch: torch.empty_strided((2, 3), (1, 2)).stride(), grad=False)
case("empty_strided", lambda torch: torch.ones(1).new_empty_strided((2, 3), (5, 1)).stride(),
     grad=False)  # fmt: skip
case("empty_permuted", lambda torch: torch.empty_permuted((2, 3, 5), (2, 0, 1)).stride(), grad=False)
case("dim_order", lambda torch, x: list(x.transpose(0, 1).dim_order()), f(2, 3, 5), grad=False)
case("transpose_copy", lambda torch, x: torch.transpose_copy(x, 0, 1), f(2, 3))
case("view_copy", lambda torch, x: torch.view_copy(x, (3, 2)), f(2, 3))
case("split_copy", lambda torch, x: torch.split_copy(x, 2), f(5))
case("unsafe_chunk", lambda torch, x: torch.unsafe_chunk(x, 2), f(5, 3))
case("unsafe_split", lambda torch, x: x.unsafe_split(2, 1), f(3, 5))
case("unsafe_split", lambda torch, x: torch.unsafe_split_with_sizes(x, [1, 4], 1), f(3, 5))
case("apply_", lambda torch, x: x.clone().apply_(lambda v: v * v), f(2, 3), grad=False)
case("map_", lambda torch, x, y: x.clone().map_(y, lambda v, w: v - w), f(2, 3), f(3), grad=False)

ERRORS = [
    ("select_scatter", lambda t: t.select_scatter(t.ones(2, 3), t.ones(2), 0, 0), RuntimeError),
    ("select_scatter", lambda t: t.select_scatter(t.ones(2, 3), t.ones(3), 0, 2), IndexError),
    ("slice_scatter", lambda t: t.slice_scatter(t.ones(5), t.ones(2)), RuntimeError),
    ("slice_scatter", lambda t: t.slice_scatter(t.ones(5), t.ones(5), step=0), RuntimeError),
    ("diagonal_scatter", lambda t: t.diagonal_scatter(t.ones(3, 3), t.ones(2)), RuntimeError),
    ("diagonal_scatter", lambda t: t.diagonal_scatter(t.ones(3, 3), t.ones(3), 0, 1, 1),
     RuntimeError),
    ("unravel_index", lambda t: t.unravel_index(t.ones(2), (2,)), TypeError),
    ("unravel_index", lambda t: t.unravel_index(t.tensor([0]), "ab"), TypeError),
    ("nonzero_static", lambda t: t.nonzero_static(t.ones(2), size=-1), RuntimeError),
    ("resize_", lambda t: t.ones(2).requires_grad_().resize_(3), RuntimeError),
    ("resize_", lambda t: t.ones(2).resize_(-1), RuntimeError),
    ("empty_strided", lambda t: t.empty_strided((2, 3), (1,)), RuntimeError),
    ("empty_permuted", lambda t: t.empty_permuted((2, 3), (0, 0)), RuntimeError),
    ("apply_", lambda t: t.ones(2).requires_grad_().apply_(abs), RuntimeError),
    ("apply_", lambda t: t.ones(2).apply_(3), TypeError),
    ("map_", lambda t: t.ones(2).map_(t.ones(2).double(), max), TypeError),
    ("map_", lambda t: t.ones(2).map_(t.ones(3), max), RuntimeError),
]  # fmt: skip
