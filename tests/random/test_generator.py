"""Generator: seeds, the 5056-byte state, copies, fork_rng, and the errors of every function."""

import copy
import pickle
import subprocess
import sys

import numpy as np
import pytest

from minitorch import random as R


def some(generator, n=5):
    return R.uniform_(np.empty(n), 0.0, 1.0, generator).tolist()


@pytest.mark.parametrize("seed", [0, 1, -1, 2**32, 2**63, 2**64 - 1, -(2**63)])
def test_seeds(seed):
    generator = R.Generator()
    assert generator.initial_seed() == 67280421310721
    assert generator.manual_seed(seed) is generator
    assert generator.initial_seed() == seed % 2**64
    low_bits = R.Generator().manual_seed(seed % 2**32)  # the engine sees these only
    assert some(generator) == some(low_bits)


@pytest.mark.parametrize("seed", [0, -7, 2**40 + 1, 2**64 - 1])
def test_state_bytes_equal_torch(real_torch, seed):
    ours, theirs = R.Generator().manual_seed(seed), real_torch.Generator().manual_seed(seed)
    for n in (0, 3, 16, 624, 5, 1250):
        R.normal_(np.empty(n, np.float32), gen=ours)
        real_torch.empty(n).normal_(generator=theirs)
        np.testing.assert_array_equal(ours._state_array(), theirs.get_state().numpy())
    theirs.set_state(real_torch.from_numpy(ours._state_array()))
    again = R.Generator()._set_state_array(theirs.get_state().numpy())
    assert some(again) == some(ours)


@pytest.mark.parametrize("n", [0, 1, 7, 623, 624, 625])
def test_state_round_trip(n):
    generator = R.Generator().manual_seed(5)
    R.random_(np.empty(n, np.int32), gen=generator)
    R.normal_(np.empty(3), gen=generator)  # leaves a cached normal behind
    state = generator._state_array()
    assert state.shape == (5056,) and state.dtype == np.uint8
    follow = R.normal_(np.empty(4), gen=generator).tolist()
    for other in (
        R.Generator()._set_state_array(state),
        R.Generator()._set_state_array(state).clone_state(),
        pickle.loads(pickle.dumps(R.Generator()._set_state_array(state))),
        copy.deepcopy(R.Generator()._set_state_array(state)),
    ):
        np.testing.assert_array_equal(other._state_array(), state)
        assert other.initial_seed() == 5
        assert R.normal_(np.empty(4), gen=other).tolist() == follow


def test_manual_seed_forgets_the_cached_normal():
    generator = R.Generator().manual_seed(3)
    first = R.normal_(np.empty(1), gen=generator)[0]
    assert R.normal_(np.empty(1), gen=generator.manual_seed(3))[0] == first
    assert R.normal_(np.empty(1), gen=generator)[0] != first


@pytest.mark.parametrize(
    ("state", "error", "text"),
    [
        (5, TypeError, "expected a torch.ByteTensor, but got int"),
        (np.zeros(5056), TypeError, "RNG state must be a torch.ByteTensor"),
        (np.zeros(3, np.uint8), RuntimeError, "size 5056 but found .* size to be 3"),
        (np.zeros(5056, np.uint8), RuntimeError, "Invalid mt19937 state"),
    ],
)
def test_bad_states(state, error, text):
    generator = R.Generator().manual_seed(1)
    with pytest.raises(error, match=text):
        generator._set_state_array(state)
    assert some(generator) == some(R.Generator().manual_seed(1))


@pytest.mark.parametrize(
    ("seed", "error", "text"),
    [
        (2**64, ValueError, "Overflow when unpacking long"),
        (-(2**63) - 1, ValueError, "Overflow when unpacking long"),
        (1.5, RuntimeError, "manual_seed expected a long, but got float"),
        (True, RuntimeError, "manual_seed expected a long, but got bool"),
        ("1", RuntimeError, "manual_seed expected a long, but got str"),
    ],
)
def test_bad_seeds(seed, error, text):
    with pytest.raises(error, match=text):
        R.Generator().manual_seed(seed)


def test_devices():
    assert str(R.Generator("cpu").device) == str(R.Generator(device=None).device) == "cpu"
    for device in ("cuda", "cuda:0", "mps", "foo", 1):
        with pytest.raises(RuntimeError, match="not supported"):
            R.Generator(device)
    assert repr(R.Generator()).startswith("<torch._C.Generator object at 0x")


def test_default_generator_functions():
    assert R.manual_seed(1.7) is R.default_generator
    assert R.initial_seed() == 1
    assert R.manual_seed("7").initial_seed() == 7
    state = R.get_rng_state()
    first = some(None)
    R.set_rng_state(state)
    assert some(None) == first
    drawn = {R.seed(), R.seed(), R.seed()}
    assert len(drawn) == 3 and R.initial_seed() in drawn and max(drawn) < 2**53
    with pytest.raises(ValueError, match="Overflow"):
        R.manual_seed(2**64)


def test_a_fresh_process_is_not_reproducible():
    code = "from minitorch.random import initial_seed; print(initial_seed())"
    seeds = {subprocess.check_output([sys.executable, "-c", code]) for _ in range(2)}
    assert len(seeds) == 2


def test_fork_rng():
    R.manual_seed(2)
    expected = some(None)
    R.manual_seed(2)
    with R.fork_rng(), pytest.raises(KeyError), R.fork_rng(devices=[]):
        R.manual_seed(3)
        raise KeyError
    assert some(None) == expected
    R.manual_seed(2)
    with R.fork_rng(enabled=False):
        some(None)
    assert some(None) != expected
    with pytest.raises(RuntimeError, match="devices"), R.fork_rng(devices=[0]):
        pass


F, I, BYTES = np.empty(3, np.float32), np.empty(3, np.int64), np.empty(1, np.uint8)
EXPANDED = np.lib.stride_tricks.as_strided(F, (2, 3), (0, 4))


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        (lambda: R.uniform_(F, 2, 1), RuntimeError, r"found from=2 > to=1"),
        (lambda: R.uniform_(F, float("nan"), 1), RuntimeError, "from is out of bounds for float"),
        (lambda: R.uniform_(F, -3e38, 3e38), RuntimeError, "to-from"),
        (lambda: R.uniform_(I), NotImplementedError, "not implemented for 'Long'"),
        (lambda: R.uniform_(F, gen=5), TypeError, "must be torch.Generator, not int"),
        (lambda: R.normal_(F, 0, -1), RuntimeError, "normal expects std >= 0.0, but found std -1"),
        (lambda: R.normal_(I), NotImplementedError, "normal_kernel_cpu.* for 'Long'"),
        (lambda: R.log_normal_(F, 0, 0), RuntimeError, "std > 0.0, but found std=0"),
        (lambda: R.exponential_(F, 0), RuntimeError, "lambda > 0.0, but found lambda=0"),
        (lambda: R.exponential_(I), RuntimeError, "floating point but you specified Long"),
        (lambda: R.geometric_(F, 1), RuntimeError, r"p to be in \(0, 1\), but got p=1"),
        (lambda: R.cauchy_(F, 0, 0), RuntimeError, "sigma > 0.0, but found sigma=0"),
        (lambda: R.bernoulli_(F, 1.1), RuntimeError, r"p to be in \[0, 1\], but got p=1.1"),
        (lambda: R.bernoulli_from(F * 0 + 2), RuntimeError, "every probability"),
        (lambda: R.bernoulli_from(I), NotImplementedError, "not implemented for 'Long'"),
        (lambda: R.bernoulli_(F, np.full(2, 0.5)), RuntimeError, "must match the existing size"),
        (lambda: R.random_(F, 3, 3), RuntimeError, "from=3 >= to=3"),
        (lambda: R.random_(BYTES, 0, 257), RuntimeError, "out of bounds for unsigned char"),
        (lambda: R.random_(I, 0, 2**63), ValueError, "Overflow"),
        (lambda: R.random_(np.empty(1, np.uint16)), NotImplementedError, "'UInt16'"),
        (lambda: R.randperm(-1), RuntimeError, "negative dimension -1"),
        (lambda: R.randperm(257, dtype=np.uint8), RuntimeError, "without overflow"),
        (lambda: R.randperm(2050, dtype=np.float16), RuntimeError, "greater than 2049 for Half"),
        (lambda: R.randperm(2, dtype=bool), NotImplementedError, "not implemented for 'Bool'"),
        (lambda: R.multinomial(np.ones(2), 3), RuntimeError, "n_sample > prob_dist"),
        (lambda: R.multinomial(np.ones(2), 0), RuntimeError, "n_sample <= 0"),
        (lambda: R.multinomial(np.zeros(2), 1), RuntimeError, "sum of probabilities <= 0"),
        (lambda: R.multinomial(np.array([-1.0, 1]), 1), RuntimeError, "element < 0"),
        (lambda: R.multinomial(np.array([-1.0, 1]), 2, True), RuntimeError, "entry < 0"),
        (lambda: R.multinomial(np.ones((1, 1, 1)), 1), RuntimeError, "1 or 2 dim"),
        (lambda: R.multinomial(I, 1), RuntimeError, "got: Long"),
        (lambda: R.trunc_normal_(F, 0, 0), ZeroDivisionError, "division by zero"),
        (lambda: R.normal_(EXPANDED), RuntimeError, "single memory location"),
    ],
)  # fmt: skip
def test_errors_draw_nothing(call, error, text):
    R.manual_seed(1)
    with pytest.raises(error, match=text):
        call()
    np.testing.assert_array_equal(
        R.default_generator._state_array(), R.Generator().manual_seed(1)._state_array()
    )


def test_warnings():
    with pytest.warns(UserWarning, match="more than 2 std"):
        R.trunc_normal_(np.empty(2), 5.0, 1.0)
    with pytest.warns(UserWarning, match="out of bounds"):
        R.random_(np.empty(2, np.float32), 0, 2**30)


def test_read_only_arrays_are_refused():
    x = np.empty(3, np.float32)
    x.flags.writeable = False
    with pytest.raises(ValueError, match="read-only"):
        R.uniform_(x)
