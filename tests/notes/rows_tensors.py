"""What each parameter does: Parameter, randn, cat."""

from __future__ import annotations

from .running import Group, Row

PARAMETER = Group(
    "nn.Parameter", before="t = torch.arange(3.)", given={"data": "t"}, show="repr(r)", rows=(
        Row("data", "t"),
        Row("data", "torch.tensor(2.5, dtype=torch.float64)", "repr(r), r"),
        Row("data", "t", "t.add_(1), r"),  # one memory
        Row("data", "(t.requires_grad_() * 2)", "r.is_leaf, r.grad_fn, r"),
        Row("data", "nn.Parameter(t)", "r, isinstance(r, nn.Parameter)"),
        Row("data", "torch.tensor([1, 2])"),
        Row("data", "[1., 2.]"),
        Row("requires_grad", "False"),
        Row("requires_grad", "False", "(r * 2).requires_grad, isinstance(r, nn.Parameter)"),
        Row("requires_grad", "False", given={"data": "torch.tensor([1, 2])"}),
        Row("requires_grad", "None", own_text=True),
    Row("requires_grad", "1", own_text=True),
    ))  # fmt: skip

# a dtype of 16 numbers or more is drawn in blocks: another order than that of fewer
RANDN = Group("torch.randn", given={"*size": "(2, 3)"}, rows=(
    Row("*size", "(2, 3)"),
    Row("*size", "(5,)"),
    Row("*size", "((3, 2),)"),
    Row("*size", "([2, 2],)"),
    Row("*size", "(torch.Size([1, 4]),)"),
    Row("*size", "(4, 5)"),
    Row("*size", "((),)"),
    Row("*size", "(0, 3)"),
    Row("*size", "(2, -1)"),
    Row("*size", "(2.5,)"),
    Row("*size", "(2, None)"),
    Row("**names", "{'size': (2, 4)}", given={"*size": "()"}),
    Row("**names", "{'size': [3]}", given={"*size": "()"}),
    Row("**names", "{'nonsense': 1}", own_text=True),
    Row("generator", "torch.Generator().manual_seed(5)"),
    Row("generator", "torch.Generator().manual_seed(5)", "r, torch.randn(2)"),  # the global one waits
    Row("generator", "g", "r, torch.randn(3, generator=g)", "g = torch.Generator().manual_seed(5)"),
    Row("generator", "3", own_text=True),
    Row("out", "o", "o, r is o", "o = torch.zeros(2, 3)"),
    Row("out", "o", "o, r is o, o.shape", "o = torch.zeros(7)"),
    Row("out", "o", "o, r is o", "o = torch.zeros(2, 3, dtype=torch.float64)"),
    Row("out", "torch.zeros(2, dtype=torch.int64)"),
    Row("out", "3", own_text=True),
    Row("dtype", "torch.float64"),
    Row("dtype", "torch.float16"),
    Row("dtype", "torch.float64", given={"*size": "(20,)"}),
    Row("dtype", "torch.int64"),
    Row("dtype", "torch.float32", given={"out": "torch.zeros(2, dtype=torch.float64)"}, own_text=True),
    Row("dtype", "'float32'", own_text=True),
    Row("layout", "torch.sparse_coo", own_text=True),
    Row("layout", "'strided'", own_text=True),
    Row("device", "'cuda'", own_text=True),
    Row("device", "'nowhere'"),
    Row("requires_grad", "True", "repr(r), r.is_leaf"),
    Row("requires_grad", "True", "(r ** 2).sum().backward() or r.grad"),
    Row("requires_grad", "True", "r is o, repr(o)", "o = torch.zeros(2, 3)", {"out": "o"}),
    Row("requires_grad", "1", own_text=True),
    Row("pin_memory", "True", own_text=True),
))  # fmt: skip

TWO = "a, b = torch.arange(4.).reshape(2, 2), torch.arange(4., 8).reshape(2, 2)"
CAT = Group("torch.cat", before=TWO, given={"tensors": "[a, b]"}, rows=(
    Row("tensors", "[a, b]"),
    Row("tensors", "(a, b, a)"),
    Row("tensors", "[a]"),
    Row("tensors", "[a, torch.tensor([]), b]"),  # a 1-d tensor of size 0 fits anywhere
    Row("tensors", "[torch.tensor([]), torch.tensor([])]"),
    Row("tensors", "[torch.ones(0, 2), b]"),
    Row("tensors", "[a, torch.ones(0, 3)]"),
    Row("tensors", "[a, torch.tensor([[1, 2]])]"),
    Row("tensors", "[torch.tensor([True]), torch.tensor([2], dtype=torch.uint8)]"),
    Row("tensors", "[a, b.double()]"),
    Row("tensors", "[torch.tensor([], dtype=torch.float64), torch.tensor([1])]"),
    Row("tensors", "[a, torch.ones(2)]"),
    Row("tensors", "[torch.tensor(1.), torch.tensor(2.)]"),
    Row("tensors", "[]"),
    Row("tensors", "[a, 3]"),
    Row("tensors", "[p, b, p]", "(r * r).sum().backward() or p.grad", "p = nn.Parameter(a)"),
    Row("dim", "1"),
    Row("dim", "-1", given={"tensors": "[a[None], b[None]]"}),
    Row("dim", "1", given={"tensors": "[a, torch.tensor([]), b]"}),
    Row("dim", "1", given={"tensors": "[a, torch.ones(2, 1)]"}),
    Row("dim", "2"),
    Row("dim", "1", given={"tensors": "[a, torch.ones(3, 2)]"}),
    Row("dim", "None", own_text=True),
    Row("out", "o", "o, r is o", "o = torch.zeros(4, 2)"),
    Row("out", "o", "o, r is o", "o = torch.zeros(0)"),
    Row("out", "o", "o, r is o", "o = torch.zeros(3)"),
    Row("out", "o", "o", "o = torch.zeros(4, 2, dtype=torch.float64)"),
    Row("out", "torch.zeros(4, 2, dtype=torch.int64)"),
    Row("out", "torch.zeros(4, 2)", given={"tensors": "[nn.Parameter(a), b]"}),
    Row("out", "a", given={"tensors": "[a]"}),
    Row("out", "3", own_text=True),
))  # fmt: skip

GROUPS = [PARAMETER, RANDN, CAT]
