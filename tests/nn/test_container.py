"""Containers: the notes' three ways to build a Sequential, sharing, order. Errors: test_module."""

from __future__ import annotations

from collections import OrderedDict

import pytest

import minitorch as torch
from minitorch import nn


def named():
    return [
        ("conv1", nn.Conv2d(1, 20, 5)),
        ("relu1", nn.ReLU()),
        ("conv2", nn.Conv2d(20, 64, 5)),
        ("relu2", nn.ReLU()),
    ]


TEXT = """Sequential(
  (conv1): Conv2d(1, 20, kernel_size=(5, 5), stride=(1, 1))
  (relu1): ReLU()
  (conv2): Conv2d(20, 64, kernel_size=(5, 5), stride=(1, 1))
  (relu2): ReLU()
)"""


def test_the_three_ways_of_the_notes():
    by_dict = nn.Sequential(OrderedDict(named()))
    by_hand = nn.Sequential()
    for name, module in named():
        by_hand.add_module(name, module)
    in_order = nn.Sequential(*[module for _, module in named()])
    assert repr(by_dict) == repr(by_hand) == TEXT
    assert list(in_order._modules) == ["0", "1", "2", "3"]
    x = torch.randn(1, 1, 12, 12)
    for model in (by_dict, by_hand, in_order):
        y = x
        for module in model:
            y = module(y)
        assert torch.equal(model(x), y)


def test_slices_share_their_modules():
    model = nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 1))
    assert model[:2][0] is model[0]
    assert list(model[1:]._modules) == ["1", "2"]  # a slice keeps the names


def test_repeated_modules_share_weights_and_are_listed_once():
    model = nn.Sequential(nn.Linear(2, 2)) * 3
    assert len(model) == 3
    assert len(list(model.parameters())) == 2
    assert len(model.state_dict()) == 6


@pytest.mark.parametrize("kind", [nn.Sequential, nn.ModuleList])
def test_insert_and_delete_keep_the_numbering(kind):
    modules = [nn.Linear(1, 1), nn.ReLU(), nn.Tanh()]
    box = kind(*modules) if kind is nn.Sequential else kind(modules)
    new = nn.Sigmoid()
    box.insert(1, new)
    assert list(box._modules) == ["0", "1", "2", "3"] and box[1] is new
    del box[0]
    assert list(box._modules) == ["0", "1", "2"] and box[0] is new


def test_module_list_extends_itself():
    box = nn.ModuleList([nn.ReLU(), nn.Tanh()])
    box.extend(box)
    assert len(box) == 4


def test_module_dict_keeps_order():
    box = nn.ModuleDict({"b": nn.ReLU(), "a": nn.Tanh()})
    assert list(box) == ["b", "a"]
    box["c"] = nn.Sigmoid()
    assert list(box.keys()) == ["b", "a", "c"]


def test_parameter_list_trains():
    box = nn.ParameterList([torch.ones(2), torch.ones(3)])
    (box[0].sum() * 2 + box[1].sum()).backward()
    assert [p.grad.tolist() for p in box] == [[2, 2], [1, 1, 1]]


def test_replaced_parameter_dict_value_is_registered():
    box = nn.ParameterDict({"w": torch.ones(2)})
    box["w"] = torch.zeros(3)
    assert [p.shape for p in box.parameters()] == [(3,)]
