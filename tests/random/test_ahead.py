"""Masks drawn ahead of time are the masks drawn in time, whatever else is drawn between them."""

import os
import threading
import time

import numpy as np
import pytest

import minitorch as torch
from minitorch import random as R
from minitorch.random import ahead


@pytest.fixture(params=[1, 2], ids=["1 thread", "2 threads"])
def threads(request):
    before = torch.get_num_threads()
    torch.set_num_threads(request.param)
    yield request.param
    torch.set_num_threads(before)


def draw(what, generator=None):
    """One draw; None: the default generator, which draws masks ahead."""
    kind, n = what
    if kind == "mask":
        return R.dropout_mask((n,), 0.9, generator)
    if kind == "other mask":
        return R.dropout_mask((n,), 0.5, generator)
    if kind == "uniform":
        return R.uniform_(np.empty(n, np.float32), 0, 1, generator)
    if kind == "normal":
        return R.normal_(np.empty(n % 100), 0, 1, generator)
    if kind == "permutation":
        return R.randperm(n % 50, generator)
    return (generator or R.default_generator)._state_array()


KINDS = ("mask", "other mask", "uniform", "normal", "permutation", "state")


@pytest.mark.parametrize("seed", range(4))
def test_any_mixture_equals_a_plain_generator(threads, seed):
    choice = np.random.default_rng(seed)
    plain = R.Generator().manual_seed(seed)  # not the default one: never ahead
    R.manual_seed(seed)
    for _ in range(60):
        kind = KINDS[choice.choice(len(KINDS), p=(0.8, 0.04, 0.04, 0.04, 0.04, 0.04))]
        n = int(choice.choice([1, 10, 5000, 70000, 200_000, 400_001]))
        np.testing.assert_array_equal(draw((kind, n)), draw((kind, n), plain), err_msg=kind)
        if choice.random() < 0.2:
            time.sleep(0.005)  # time to run ahead
    np.testing.assert_array_equal(R.default_generator._state_array(), plain._state_array())


def test_it_does_run_ahead_and_stops_where_the_last_streak_ended():
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        R.manual_seed(0)
        ahead.default.expected = None
        for _ in range(3):
            for _ in range(8):
                R.dropout_mask((200_000,), 0.9)
            if ahead.default.expected is None:  # no streak has ended: as much again may follow
                until(lambda: len(ahead.default.ready) == 1_600_000 // ahead.CHUNK)
            R.default_generator._state_array()  # ends the streak
            assert ahead.default.expected == 1_600_000
            assert ahead.default.chunk is None and not ahead.default.ready
        R.dropout_mask((200_000,), 0.9)
        until(lambda: len(ahead.default.ready) == 1_400_000 // ahead.CHUNK)
    finally:
        torch.set_num_threads(before)


def until(condition):
    for _ in range(2000):
        if condition():
            return
        time.sleep(0.005)
    raise AssertionError("not within 10 s")


def test_one_thread_draws_nothing_ahead():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        R.manual_seed(0)
        for _ in range(5):
            R.dropout_mask((200_000,), 0.9)
        assert ahead.default.chunk is None and not ahead.default.ready
    finally:
        torch.set_num_threads(before)


def test_a_forked_child_goes_on_alone(threads):
    if not hasattr(os, "fork"):
        pytest.skip("needs os.fork")
    R.manual_seed(3)
    for _ in range(6):
        R.dropout_mask((300_000,), 0.9)
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        for _ in range(6):
            mask = R.dropout_mask((300_000,), 0.9)
        os.write(write, np.packbits(mask)[:64].tobytes() + bytes(R.default_generator._state_array()))
        os._exit(0)
    for _ in range(6):
        mask = R.dropout_mask((300_000,), 0.9)
    sent = os.read(read, 64 + 5056)
    os.waitpid(child, 0)
    assert sent == np.packbits(mask)[:64].tobytes() + bytes(R.default_generator._state_array())


def test_no_helper_draws_while_the_process_forks():
    """Else the child would inherit a lock that nobody in it will release."""
    ahead._before_fork()
    try:
        assert ahead.default.engine.locked() and not ahead.default.draw()
    finally:
        ahead._after_fork()
    assert not ahead.default.engine.locked() and not R.default_generator._lock.locked()


def test_two_threads_take_masks_at_once(threads):
    """Every element is given out once, whichever thread gets it."""
    R.manual_seed(5)
    total = [0, 0]

    def user(i):
        for _ in range(40):
            total[i] += int(R.dropout_mask((30_000,), 0.9).sum())

    users = [threading.Thread(target=user, args=(i,)) for i in range(2)]
    for u in users:
        u.start()
    for u in users:
        u.join(60)
    plain = R.Generator().manual_seed(5)
    assert sum(total) == int(R.dropout_mask((2_400_000,), 0.9, plain).sum())
    np.testing.assert_array_equal(R.default_generator._state_array(), plain._state_array())
