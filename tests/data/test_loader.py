"""DataLoader, samplers, splits and collation: batches, order, errors, PyTorch's own order."""

from __future__ import annotations

import threading
import time
from collections import namedtuple

import numpy as np
import pytest

import minitorch as torch
from minitorch.utils.data import (
    BatchSampler,
    ConcatDataset,
    DataLoader,
    Dataset,
    IterableDataset,
    RandomSampler,
    SequentialSampler,
    StackDataset,
    Subset,
    SubsetRandomSampler,
    TensorDataset,
    WeightedRandomSampler,
    default_collate,
    default_convert,
    get_worker_info,
    random_split,
)

TEN = TensorDataset(torch.arange(10.0), torch.arange(10))


class Squares(Dataset):
    def __len__(self):
        return 7

    def __getitem__(self, i):
        return i * i


class Stream(IterableDataset):
    def __init__(self, n):
        self.n = n

    def __iter__(self):
        info = get_worker_info()
        first, step = (0, 1) if info is None else (info.id, info.num_workers)
        return iter(range(first, self.n, step))


def test_batches_in_order():
    batches = list(DataLoader(TEN, batch_size=4))
    assert [b[0].tolist() for b in batches] == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]
    assert batches[0][1].dtype is torch.int64
    assert len(DataLoader(TEN, batch_size=4)) == 3
    assert len(DataLoader(TEN, batch_size=4, drop_last=True)) == 2
    assert [b.tolist() for b in DataLoader(Squares(), 3)] == [[0, 1, 4], [9, 16, 25], [36]]


def test_no_batching():
    loader = DataLoader(TEN, batch_size=None)
    first = next(iter(loader))
    assert len(loader) == 10 and first[0].item() == 0.0 and isinstance(first, list)


def orders(torch, epochs=2, **kw):
    """The order of indices in some passes of a shuffled loader, and a number drawn after them."""
    data = torch.utils.data.TensorDataset(torch.arange(23))
    loader = torch.utils.data.DataLoader(data, batch_size=5, shuffle=True, **kw)
    passes = [[i for (b,) in loader for i in b.tolist()] for _ in range(epochs)]
    return passes, torch.rand(2).tolist()


def test_shuffle_is_pytorchs():
    torch.manual_seed(0)
    passes, after = orders(torch)
    # PyTorch 2.13.0: the first five of each pass, and torch.rand(2) after both
    assert sorted(passes[0]) == list(range(23)) and passes[0] != passes[1]
    assert passes[0][:5] == GOLDEN["first"] and passes[1][:5] == GOLDEN["second"]
    assert after == pytest.approx(GOLDEN["after"], abs=1e-7)


GOLDEN = {"first": [3, 22, 17, 13, 0], "second": [4, 11, 16, 8, 12], "after": [0.455628, 0.6323063]}


def test_shuffle_live(real_torch):
    for seed in (0, 1, 12345):
        for own in (False, True):
            results = []
            for module in (torch, real_torch):
                module.manual_seed(seed)
                kw = {"generator": module.Generator().manual_seed(7)} if own else {}
                results.append(orders(module, **kw))
            assert results[0] == results[1]


def samplers(torch):
    """What every sampler gives after manual_seed(3)."""
    torch.manual_seed(3)
    d = torch.utils.data
    return [
        list(d.RandomSampler(range(9))),
        list(d.RandomSampler(range(9), replacement=True, num_samples=70)),
        list(d.RandomSampler(range(4), num_samples=10)),
        list(d.SubsetRandomSampler([5, 6, 7, 8])),
        list(d.WeightedRandomSampler([0.1, 0.5, 3.0], 12)),
        list(d.WeightedRandomSampler([0.1, 0.5, 3.0], 3, replacement=False)),
        [list(s.indices) for s in d.random_split(range(10), [3, 7])],
        [list(s.indices) for s in d.random_split(range(11), [0.5, 0.3, 0.2])],
    ]


def test_samplers():
    a, b, c, d, e, f, g, h = samplers(torch)
    assert sorted(a) == list(range(9)) and len(b) == 70 and max(b) < 9
    assert sorted(c[:4]) == [0, 1, 2, 3] and len(c) == 10
    assert sorted(d) == [5, 6, 7, 8] and len(e) == 12 and e.count(2) > 6
    assert sorted(f) == [0, 1, 2]
    assert [len(x) for x in g] == [3, 7] and sorted(sum(g, [])) == list(range(10))
    assert [len(x) for x in h] == [6, 3, 2]


def test_samplers_live(real_torch):
    assert samplers(torch) == samplers(real_torch)


def test_batch_sampler():
    assert list(BatchSampler(SequentialSampler(range(5)), 2, False)) == [[0, 1], [2, 3], [4]]
    assert list(BatchSampler(SequentialSampler(range(5)), 2, True)) == [[0, 1], [2, 3]]
    assert len(BatchSampler(range(5), 2, False)) == 3
    loader = DataLoader(TEN, batch_sampler=BatchSampler(SequentialSampler(TEN), 6, True))
    assert [b[1].tolist() for b in loader] == [[0, 1, 2, 3, 4, 5]] and len(loader) == 1


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_workers_give_the_same_batches(workers):
    expected = [b.tolist() for b in DataLoader(Squares(), 2)]
    assert [b.tolist() for b in DataLoader(Squares(), 2, num_workers=workers)] == expected


def test_workers_run_ahead_and_know_who_they_are():
    seen = set()

    class Slow(Squares):
        def __getitem__(self, i):
            info = get_worker_info()
            seen.add((info.id, info.num_workers, threading.current_thread().name))
            time.sleep(0.01)
            return i

    started = []
    loader = DataLoader(Slow(), num_workers=2, worker_init_fn=started.append)
    assert [b.item() for b in loader] == list(range(7))
    assert {s[:2] for s in seen} == {(0, 2), (1, 2)} and sorted(started) == [0, 1]
    assert get_worker_info() is None


def test_worker_random_numbers_are_reproducible():
    class Noise(Squares):
        def __getitem__(self, i):
            return torch.rand(1)

    def draw():
        torch.manual_seed(5)
        return torch.cat(list(DataLoader(Noise(), num_workers=2))).tolist(), torch.rand(1).item()

    assert draw() == draw()


def test_worker_error_reaches_the_loop():
    class Broken(Squares):
        def __getitem__(self, i):
            if i == 3:
                raise KeyError("no such digit")
            return i

    for workers in (0, 2):
        loader = iter(DataLoader(Broken(), num_workers=workers))
        assert [next(loader).item() for _ in range(3)] == [0, 1, 2]
        with pytest.raises(KeyError, match="no such digit"):
            next(loader)


def test_timeout():
    class Stuck(Squares):
        def __getitem__(self, i):
            time.sleep(0.5)
            return i

    with pytest.raises(RuntimeError, match="timed out after 0.05 seconds"):
        next(iter(DataLoader(Stuck(), num_workers=1, timeout=0.05)))


def test_streams():
    assert [b.tolist() for b in DataLoader(Stream(5), 2)] == [[0, 1], [2, 3], [4]]
    assert [b.tolist() for b in DataLoader(Stream(5), 2, drop_last=True)] == [[0, 1], [2, 3]]
    with_workers = [b.tolist() for b in DataLoader(Stream(8), 2, num_workers=2)]
    assert sorted(sum(with_workers, [])) == list(range(8))
    with pytest.raises(ValueError, match="unspecified shuffle"):
        DataLoader(Stream(5), shuffle=True)


def test_collate():
    Point = namedtuple("Point", "x y")
    assert default_collate([1, 2]).dtype is torch.int64
    assert default_collate([1.0, 2.0]).dtype is torch.float64
    assert default_collate([np.float32(1), np.float32(2)]).dtype is torch.float32
    assert default_collate([True, False]).dtype is torch.bool
    assert default_collate(["a", "b"]) == ["a", "b"]
    assert default_collate([np.zeros(2), np.ones(2)]).tolist() == [[0, 0], [1, 1]]
    merged = default_collate([{"a": 1, "b": (2, "x")}, {"a": 3, "b": (4, "y")}])
    assert merged["a"].tolist() == [1, 3] and merged["b"][1] == ("x", "y")
    point = default_collate([Point(1, 2.0), Point(3, 4.0)])
    assert isinstance(point, Point) and point.y.tolist() == [2.0, 4.0]
    assert default_convert({"a": np.zeros(2), "b": "x"})["b"] == "x"
    for bad, error in (
        ([None], TypeError),
        ([object()], TypeError),
        ([[1], [2, 3]], RuntimeError),
        ([torch.zeros(2), torch.zeros(3)], RuntimeError),
    ):
        with pytest.raises(error):
            default_collate(bad)
    loader = DataLoader(Squares(), 3, collate_fn=lambda batch: sum(batch))
    assert list(loader) == [5, 50, 36]


def test_datasets():
    assert TEN[2][1].item() == 2 and len(TEN) == 10
    assert Subset(TEN, [3, 4])[1][1].item() == 4
    both = ConcatDataset([Squares(), Squares()])
    assert len(both) == 14 and both[8] == 1 and both[-1] == 36
    assert len(Squares() + Squares()) == 14
    assert StackDataset(Squares(), Squares())[2] == (4, 4)
    assert StackDataset(a=Squares())[3] == {"a": 9}


@pytest.mark.parametrize(
    "make, error",
    [
        (lambda: DataLoader(TEN, batch_size=0), ValueError),
        (lambda: DataLoader(TEN, batch_size=2.5), ValueError),
        (lambda: DataLoader(TEN, shuffle=True, sampler=SequentialSampler(TEN)), ValueError),
        (lambda: DataLoader(TEN, batch_size=2, batch_sampler=[[0]]), ValueError),
        (lambda: DataLoader(TEN, num_workers=-1), ValueError),
        (lambda: DataLoader(TEN, timeout=-1), ValueError),
        (lambda: DataLoader(TEN, prefetch_factor=2), ValueError),
        (lambda: DataLoader(TEN, persistent_workers=True), ValueError),
        (lambda: DataLoader(TEN, batch_size=None, drop_last=True), ValueError),
        (lambda: DataLoader([], shuffle=True), ValueError),
        (lambda: setattr(DataLoader(TEN), "batch_size", 3), ValueError),
        (lambda: RandomSampler(TEN, num_samples=0), ValueError),
        (lambda: RandomSampler(TEN, replacement=3), TypeError),
        (lambda: BatchSampler(SequentialSampler(TEN), 2, 3), ValueError),
        (lambda: WeightedRandomSampler([1.0], 0), ValueError),
        (lambda: WeightedRandomSampler([1.0], 1, replacement=2), ValueError),
        (lambda: random_split(TEN, [3, 3]), ValueError),
        (lambda: random_split(TEN, [0.5, 0.3]), ValueError),
        (lambda: TensorDataset(torch.zeros(2), torch.zeros(3)), AssertionError),
        (lambda: ConcatDataset([]), AssertionError),
        (lambda: Dataset()[0], NotImplementedError),
        (lambda: list(SubsetRandomSampler(3)), TypeError),
    ],
)
def test_errors(make, error):
    with pytest.raises(error):
        make()


def test_pin_memory_warns():
    with pytest.warns(UserWarning, match="no accelerator"):
        assert DataLoader(TEN, pin_memory=True).pin_memory
