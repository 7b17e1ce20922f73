"""Views share memory with their base, and gradients follow writes through them.

Each chain below runs on minitorch and on PyTorch; the gradients stored here were computed by
hand or by PyTorch, so that the file also checks without it.
"""

from __future__ import annotations

import numpy as np
import pytest

import minitorch as torch
from minitorch.autograd import graph


def base(*shape: int):
    return torch.arange(float(np.prod(shape))).view(*shape)


VIEWS = {
    "view": lambda x: x.view(3, 10),
    "reshape": lambda x: x.reshape(6, 5),
    "flatten": lambda x: x.flatten(1),
    "ravel": lambda x: x.ravel(),
    "unflatten": lambda x: x.unflatten(2, (1, 5)),
    "permute": lambda x: x.permute(2, 0, 1),
    "transpose": lambda x: x.transpose(0, 2),
    "movedim": lambda x: x.movedim(0, 2),
    "mT": lambda x: x.mT,
    "unsqueeze": lambda x: x.unsqueeze(1),
    "squeeze": lambda x: x.unsqueeze(1).squeeze(1),
    "expand": lambda x: x.expand(7, 2, 3, 5),
    "select": lambda x: x.select(1, 2),
    "narrow": lambda x: x.narrow(2, 1, 3),
    "diagonal": lambda x: x.diagonal(1, 1, 2),
    "unfold": lambda x: x.unfold(2, 2, 1),
    "as_strided": lambda x: x.as_strided((2, 2), (3, 1), 4),
    "split": lambda x: x.split(2, 1)[1],
    "chunk": lambda x: x.chunk(2)[1],
    "unbind": lambda x: x.unbind(1)[2],
    "tensor_split": lambda x: x.tensor_split(2, 2)[1],
    "int": lambda x: x[1],
    "ints": lambda x: x[1, 2, 3],
    "slice": lambda x: x[:, 1:],
    "None": lambda x: x[None],
    "Ellipsis": lambda x: x[..., 0],
    "zero-d tensor": lambda x: x[torch.tensor(1)],
    "detach": lambda x: x.detach(),
    "view_dtype": lambda x: x.view(torch.int32),
    "of a view": lambda x: x[1].t()[2:, 1:],
}
COPIES = {
    "reshape": lambda x: x.transpose(0, 2).reshape(-1),
    "flatten": lambda x: x.mT.flatten(),
    "ravel": lambda x: x.mT.ravel(),
    "list": lambda x: x[[0, 1]],
    "mask": lambda x: x[x > 3],
    "bool": lambda x: x[True],
    "tensor": lambda x: x[torch.tensor([1])],
    "flip": lambda x: x.flip(0),
    "roll": lambda x: x.roll(0, 0),
    "repeat": lambda x: x.repeat(1, 1, 1),
    "cat": lambda x: torch.cat([x]),
    "diag": lambda x: torch.diag(x[0]),
    "tril": lambda x: x.tril(9),
    "index_select": lambda x: x.index_select(0, torch.tensor([0, 1])),
    "contiguous": lambda x: x.mT.contiguous(),
}


@pytest.mark.parametrize("name", VIEWS)
def test_a_view_shares_memory_and_version(name):
    x = base(2, 3, 5)
    v = VIEWS[name](x)
    assert graph.memory(v._data) is graph.memory(x._data)
    before = v.clone()
    x.add_(1)
    assert not torch.equal(v, before)  # the write to the base is seen
    if name != "detach":
        assert v._version == x._version  # one counter


@pytest.mark.parametrize("name", COPIES)
def test_a_copy_does_not(name):
    x = base(2, 3, 5)
    c = COPIES[name](x)
    before = c.clone()
    x.add_(100)
    assert torch.equal(c, before)


@pytest.mark.parametrize(
    "name", [n for n in VIEWS if n not in ("detach", "view_dtype", "expand", "unfold")]
)
def test_writing_a_view_reaches_the_base_and_its_gradient(name):
    """y = x, part of it doubled through the view: ∂(y·g)/∂x is 2g there and g elsewhere."""
    x = base(2, 3, 5).requires_grad_()
    y = x.clone()
    v = VIEWS[name](y)
    if v._node.n_outputs > 1:
        with pytest.raises(RuntimeError, match="multiple views"):
            v.mul_(2)
        return
    v.mul_(2)
    assert y.grad_fn.name() == "CopySlices"
    touched = (y.detach() != x.detach()) | (x.detach() == 0) & _touches_first(name)
    g = torch.arange(1.0, 31.0).view(2, 3, 5)
    y.backward(g)
    assert torch.equal(x.grad, torch.where(touched, 2 * g, g))


def _touches_first(name):
    """Whether the view holds element 0, whose value 0 does not change when doubled."""
    y = torch.ones(2, 3, 5)
    VIEWS[name](y).mul_(2)
    return (
        torch.zeros(2, 3, 5)
        .view(-1)
        .index_put((torch.tensor([0]),), y.view(-1)[:1] - 1)
        .view(2, 3, 5)
        > 0
    )


def chain(torch, x, w):
    y = x.clone()
    y[:, 1:].mul_(2)
    y[0] = w
    y.view(-1)[2:5] += 1
    y.t()[1].mul_(w[1:])
    y[[0, 2], 3] = w[0] * 3
    return (y * y).sum() + y[1].prod()


def test_chain_of_writes_known_gradient():
    x = torch.tensor([[1.0, 2, 3, 4], [5, 6, 7, 8], [9, 1, 2, 3]]).requires_grad_()
    w = torch.tensor([1.0, 2, 3, 4]).requires_grad_()
    chain(torch, x, w).backward()
    assert x.grad.tolist() == GOLDEN_X
    assert w.grad.tolist() == GOLDEN_W


GOLDEN_X = [[0.0, 0.0, 0.0, 0.0], [8076.0, 8496.0, 6968.0, 6112.0], [18.0, 128.0, 16.0, 0.0]]
GOLDEN_W = [38.0, 32.0, 17000.0, 32.0]


def test_chain_of_writes_live(real_torch):
    rng = np.random.default_rng(0)
    a, b = rng.standard_normal((3, 4)), rng.standard_normal(4)
    grads = []
    for t in (torch, real_torch):
        x, w = t.from_numpy(a.copy()).requires_grad_(), t.from_numpy(b.copy()).requires_grad_()
        chain(t, x, w).backward()
        grads.append((x.grad.numpy(), w.grad.numpy()))
    np.testing.assert_allclose(grads[0][0], grads[1][0], rtol=1e-12)
    np.testing.assert_allclose(grads[0][1], grads[1][1], rtol=1e-12)


def test_a_view_made_before_a_write_follows_the_base():
    x = torch.ones(3, 2, requires_grad=True)
    y = x * 1
    row = y[1]
    y.mul_(3)
    row.sum().backward()
    assert x.grad.tolist() == [[0, 0], [3, 3], [0, 0]]


def test_assigning_makes_a_plain_tensor_part_of_the_graph():
    w = torch.tensor([2.0, 3.0], requires_grad=True)
    y = torch.zeros(2, 2)
    y[1] = w
    assert y.requires_grad and y.grad_fn.name() == "CopySlices"
    (y * torch.tensor([[1.0, 2.0], [3.0, 4.0]])).sum().backward()
    assert w.grad.tolist() == [3, 4]


def test_a_write_through_a_view_after_it_was_saved_is_found():
    x = torch.ones(2, 3, requires_grad=True)
    y = x * 2
    z = y * y
    y[0].fill_(5)
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        z.sum().backward()


@pytest.mark.parametrize(
    "write",
    [
        lambda x: x[0].zero_(),
        lambda x: x.view(-1).add_(1),
        lambda x: x.__setitem__(0, 1.0),
        lambda x: x.__setitem__([0], 1.0),
        lambda x: x.t_(),
        lambda x: x.squeeze_(),
        lambda x: x.scatter_(0, torch.tensor([[0]]), 1.0),
        lambda x: x.index_put_((torch.tensor([0]),), torch.ones(3)),
        lambda x: x.fill_diagonal_(0),
    ],
)
def test_writing_a_leaf_that_requires_grad_raises(write):
    x = torch.ones(2, 3, requires_grad=True)
    with pytest.raises(RuntimeError, match="leaf Variable that requires grad"):
        write(x)
    with torch.no_grad():  # this is how parameters are changed
        write(torch.ones(2, 3, requires_grad=True))


def test_expanded_elements_can_not_be_written():
    with pytest.raises(RuntimeError, match="more than one element of the written-to tensor"):
        torch.zeros(1).expand(3).add_(1)
    x = torch.zeros(1)
    x.expand(3)[0] = 5  # one element has one place
    assert x.item() == 5


def test_shape_changes_in_place_keep_the_history():
    x = base(2, 3).requires_grad_()
    y = x * 2
    z = y.t_()
    assert z is y and y.shape == (3, 2) and y.grad_fn.name() == "TBackward0"
    (y * base(3, 2)).sum().backward()
    assert torch.equal(x.grad, 2 * base(3, 2).t())


def test_index_tensor_changed_after_indexing_does_not_move_the_gradient():
    x = torch.zeros(3, requires_grad=True)
    k = torch.tensor([0, 1])
    y = x[k]
    k.fill_(2)
    y.sum().backward()
    assert x.grad.tolist() == [1, 1, 0]


NAMES = [
    ("ViewBackward0", lambda x: x.view(-1)),
    ("ViewBackward0", lambda x: x.reshape(-1)),
    ("UnsafeViewBackward0", lambda x: x.t().reshape(-1)),
    ("SelectBackward0", lambda x: x[0]),
    ("SelectBackward0", lambda x: x[1:, 0]),
    ("SliceBackward0", lambda x: x[1:]),
    ("UnsqueezeBackward0", lambda x: x[None]),
    ("AliasBackward0", lambda x: x[...]),
    ("IndexBackward0", lambda x: x[[0]]),
    ("TBackward0", lambda x: x.t()),
    ("PermuteBackward0", lambda x: x.T),
    ("PermuteBackward0", lambda x: x.permute(1, 0)),
    ("TransposeBackward0", lambda x: x.transpose(0, 1)),
    ("TransposeBackward0", lambda x: x.mT),
    ("SqueezeBackward0", lambda x: x.squeeze()),
    ("SqueezeBackward1", lambda x: x.squeeze(0)),
    ("SqueezeBackward2", lambda x: x.squeeze((0, 1))),
    ("ExpandBackward0", lambda x: x.expand(5, 2, 3)),
    ("SplitBackward0", lambda x: x.split(1)[0]),
    ("SplitWithSizesBackward0", lambda x: x.split([1, 1])[0]),
    ("UnbindBackward0", lambda x: x.unbind()[0]),
    ("DiagonalBackward0", lambda x: x.diagonal()),
    ("CatBackward0", lambda x: torch.cat([x, x])),
    ("RepeatBackward0", lambda x: x.repeat(2, 1)),
    ("MmBackward0", lambda x: x @ x.t()),
    ("MvBackward0", lambda x: x @ x[0]),
    ("DotBackward0", lambda x: x[0] @ x[0]),
    ("UnsafeViewBackward0", lambda x: x[None] @ x.t()),
    ("MaskedFillBackward0", lambda x: x.masked_fill(x > 0, 1.0)),
    ("GatherBackward0", lambda x: x.gather(0, torch.zeros(1, 1).long())),
    ("TrilBackward0", lambda x: x.tril()),
]


@pytest.mark.parametrize("name, call", NAMES, ids=[f"{i}-{n}" for i, (n, _) in enumerate(NAMES)])
def test_grad_fn_names(name, call):
    assert call(torch.ones(2, 3, requires_grad=True)).grad_fn.name() == name


@pytest.mark.parametrize("bias, name", [(True, "AddmmBackward0"), (False, "MmBackward0")])
def test_linear_names(bias, name):
    x = torch.ones(2, 3, requires_grad=True)
    b = torch.ones(5) if bias else None
    assert torch.nn.functional.linear(x, torch.ones(5, 3), b).grad_fn.name() == name
