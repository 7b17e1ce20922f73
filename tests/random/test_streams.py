"""The random streams equal PyTorch's, bit for bit: stored digests, and PyTorch where installed."""

import json
import pathlib
import threading

import numpy as np
import pytest

from minitorch import random as R
from tests.goldens.make_random import digest, torch_draw

GOLDEN = json.loads((pathlib.Path(__file__).parents[1] / "goldens" / "random.json").read_text())
pytestmark = pytest.mark.filterwarnings("ignore:.*out of bounds:UserWarning")


def our_draw(spec):
    """(values, state) of a golden case here; the twin of torch_draw."""
    R.manual_seed(spec["seed"])
    op, args, shape = spec["op"], spec["args"], spec["shape"]
    if op == "randperm":
        out = R.randperm(shape[0])
    elif op == "multinomial":
        weights = np.arange(1, 1 + np.prod(shape)).reshape(shape).astype(spec["dtype"])
        out = R.multinomial(weights, *args)
    else:
        out = np.zeros(shape, spec["dtype"])
        view = {
            "contiguous": lambda: out,
            "transposed": lambda: out.T,
            "sliced": lambda: out[1::2, ::3],
        }[spec["layout"]]()
        returned = getattr(R, op)(view, *args)
        assert returned is view
    return out, R.default_generator._state_array()


@pytest.mark.parametrize("op", sorted({case["op"] for case in GOLDEN["cases"]}))
def test_values_and_state_equal_the_stored_ones(op):
    for case in GOLDEN["cases"]:
        if case["op"] == op:
            values, state = our_draw(case)
            assert digest(values)[:16] == case["values"], case
            assert digest(state)[:16] == case["state"], case


@pytest.mark.parametrize("op", sorted({case["op"] for case in GOLDEN["cases"]}))
def test_values_and_state_equal_torch(real_torch, op):
    for case in GOLDEN["cases"]:
        if case["op"] == op:
            values, state = our_draw(case)
            expected, expected_state = torch_draw(case)
            assert values.dtype == expected.dtype and values.shape == expected.shape, case
            assert values.tobytes() == np.ascontiguousarray(expected).tobytes(), case
            np.testing.assert_array_equal(state, expected_state, err_msg=str(case))


def test_known_numbers():
    R.manual_seed(0)
    np.testing.assert_array_equal(
        R.uniform_(np.empty(3, np.float32)),
        np.array([0.49625658988952637, 0.7682217955589294, 0.08847743272781372], np.float32),
    )
    R.manual_seed(0)
    np.testing.assert_array_equal(
        R.normal_(np.empty(3, np.float32)),
        np.array([1.5409960746765137, -0.293428897857666, -2.1787893772125244], np.float32),
    )


def test_random_mixtures_equal_torch(real_torch):
    """Interleaved draws of odd sizes: the cached normal and the engine's position carry over."""
    choice = np.random.default_rng(5)
    for seed in choice.integers(-(2**63), 2**63, 6).tolist():
        real_torch.manual_seed(seed)
        R.manual_seed(seed)
        for _ in range(60):
            n = int(choice.choice([1, 3, 5, 15, 16, 19, 40, 623, 625]))
            op, args = [
                ("uniform_", (-2.0, 0.5)), ("normal_", (0.5, 1.5)), ("normal_", ()),
                ("bernoulli_", (0.3,)), ("random_", (0, 1000)), ("exponential_", ()),
            ][choice.integers(6)]  # fmt: skip
            ours = getattr(R, op)(np.empty(n, np.float32), *args)
            theirs = getattr(real_torch.empty(n), op)(*args).numpy()
            assert ours.tobytes() == theirs.tobytes(), (seed, op, n)
        np.testing.assert_array_equal(
            R.default_generator._state_array(), real_torch.get_rng_state().numpy()
        )


def test_uniform_between_any_two_numbers(real_torch):
    """The quick sum where float64 holds it exactly, the careful one elsewhere, both ends excluded."""
    choice = np.random.default_rng(2)
    for i in range(300):
        low, width = choice.standard_normal(2) * 10.0 ** choice.integers(-30, 8, 2)
        low = np.float32(low)
        high = np.nextafter(low, np.float32(9e9)) if i % 7 == 0 else low + np.float32(abs(width))
        n, bounds = (3, 2000)[i % 2], (float(low), float(np.float32(high)))
        R.manual_seed(i)
        real_torch.manual_seed(i)
        ours, theirs = (
            R.uniform_(np.empty(n, np.float32), *bounds),
            real_torch.empty(n).uniform_(*bounds),
        )
        assert ours.tobytes() == theirs.numpy().tobytes(), bounds


def test_bernoulli_with_probabilities(real_torch):
    weights = np.linspace(0, 1, 60).reshape(6, 10)
    for dtype in (np.float32, np.float64, np.float16):
        for p in (weights.astype(dtype), weights.astype(dtype).T, weights.astype(dtype)[::2]):
            tensor = real_torch.from_numpy(p)
            R.manual_seed(3)
            real_torch.manual_seed(3)
            np.testing.assert_array_equal(R.bernoulli_from(p), real_torch.bernoulli(tensor).numpy())
            transposed = R.bernoulli_(np.zeros(p.shape[::-1], np.float32).T, p)
            expected = real_torch.zeros(p.shape[::-1]).t().bernoulli_(tensor)
            np.testing.assert_array_equal(transposed, expected.numpy())


@pytest.mark.parametrize("n", [0, 1, 7, 8, 1000, 32768, 32769, 100003])
def test_masks_are_the_bernoulli_stream(n):
    drawn = R.bernoulli_(np.empty(n, np.float32), 0.9, R.Generator().manual_seed(4)) != 0
    mask = R.dropout_mask((n,), 0.9, R.Generator().manual_seed(4))
    np.testing.assert_array_equal(mask, drawn)


def test_dropout_mask_takes_the_memory_order_of_its_input():
    x = np.zeros((3, 5, 4), np.float32).transpose(2, 0, 1)
    mask = R.dropout_mask(x, 0.5, R.Generator().manual_seed(1))
    flat = R.bernoulli_(np.empty(60, bool), 0.5, R.Generator().manual_seed(1))
    assert mask.shape == x.shape and mask.dtype == bool
    assert [s * 4 for s in mask.strides] == list(x.strides)
    np.testing.assert_array_equal(mask.transpose(1, 2, 0).ravel(), flat)
    by_shape = R.dropout_mask((3, 20), 0.5, R.Generator().manual_seed(1))
    np.testing.assert_array_equal(by_shape.ravel(), flat)


def test_dropout_mask_equals_torch(real_torch):
    x = real_torch.ones(3, 5, 4).permute(2, 0, 1)
    real_torch.manual_seed(1)
    expected = (real_torch.nn.functional.dropout(x, 0.3) != 0).numpy()
    R.manual_seed(1)
    np.testing.assert_array_equal(R.dropout_mask(x.numpy(), 1 - 0.3), expected)


def test_radius_and_angle_tables(real_torch):
    """Box-Muller's two float32 functions on chosen words, reached through the generator's state."""
    from minitorch.random import box_muller

    choice = np.random.default_rng(0)
    edges = np.r_[0:40, 2**24 - 40 : 2**24, 2**23 - 20 : 2**23 + 20]
    k = np.r_[edges, choice.integers(0, 2**24, 304 * 20 - edges.size)]
    radius = np.empty(k.size, np.float32)
    box_muller.radius32(k.astype(np.int32), radius)
    cos, sin = np.empty_like(radius), np.empty_like(radius)
    box_muller.cos_sin32(k.astype(np.int32), cos, sin)
    unit = 6601320  # the word whose radius is exactly 1
    for start in range(0, k.size, 304):
        part = slice(start, start + 304)
        for words, pair in (
            ((k[part], np.zeros(304, int)), (radius[part], None)),
            ((np.full(304, unit), k[part]), (cos[part], sin[part])),
        ):
            drawn = _torch_normals_from_words(real_torch, *words)
            for ours, theirs in zip(pair, drawn, strict=True):
                if ours is not None:
                    np.testing.assert_array_equal(ours + np.float32(0), theirs)


def _torch_normals_from_words(torch, first, second):
    """The two halves PyTorch's randn makes of 304 pairs of 24-bit words put into its state."""
    y = np.stack([first.reshape(-1, 8), second.reshape(-1, 8)], 1).ravel().astype(np.uint64)
    full = np.uint64(0xFFFFFFFF)

    def undo(y, shift, mask):
        x = y.copy()
        for _ in range(32):
            moved = x >> np.uint64(shift) if shift > 0 else x << np.uint64(-shift)
            x = y ^ (moved & np.uint64(mask) & full)
        return x

    for shift, mask in ((18, full), (-15, 0xEFC60000), (-7, 0x9D2C5680), (11, full)):
        y = undo(y, shift, mask)
    state = np.zeros((), R.generator.STATE)
    state["seeded"], state["left"], state["next"] = 1, 624, 1
    state["words"][1 : 1 + y.size] = y
    generator = torch.Generator()
    generator.set_state(torch.from_numpy(np.frombuffer(state.tobytes(), np.uint8).copy()))
    halves = torch.empty(y.size).normal_(generator=generator).numpy().reshape(-1, 2, 8)
    return halves[:, 0].ravel(), halves[:, 1].ravel()


def test_threads_share_a_generator_without_harm():
    generator = R.Generator().manual_seed(9)
    parts = [np.empty(50_000, np.float32) for _ in range(4)]
    threads = [threading.Thread(target=R.uniform_, args=(p, 0.0, 1.0, generator)) for p in parts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    whole = R.uniform_(np.empty(200_000, np.float32), 0.0, 1.0, R.Generator().manual_seed(9))
    # The threads' order is theirs, but each draw is one unbroken piece of the stream.
    pieces = {piece.tobytes() for piece in whole.reshape(4, -1)}
    assert {part.tobytes() for part in parts} == pieces


def test_statistics():
    """Independent of any oracle: moments and ranges of large draws."""
    R.manual_seed(1)
    n = 200_000
    x = R.normal_(np.empty(n), 2.0, 3.0)
    assert abs(x.mean() - 2) < 0.05 and abs(x.std() - 3) < 0.05
    u = R.uniform_(np.empty(n, np.float32), -1.0, 3.0)
    assert u.min() >= -1 and u.max() < 3 and abs(u.mean() - 1) < 0.02
    assert abs(R.exponential_(np.empty(n), 4.0).mean() - 0.25) < 0.005
    assert abs(R.geometric_(np.empty(n), 0.25).mean() - 4) < 0.1
    t = R.trunc_normal_(np.empty(n, np.float32), 0.0, 1.0, -0.5, 2.0)
    assert t.min() >= -0.5 and t.max() <= 2
    assert sorted(R.randperm(5000).tolist()) == list(range(5000))
    drawn = R.multinomial(np.array([1.0, 2.0, 0.0, 1.0]), 40_000, True)
    np.testing.assert_allclose(
        np.bincount(drawn, minlength=4) / 40_000, [0.25, 0.5, 0, 0.25], atol=0.02
    )
    assert sorted(R.multinomial(np.ones(9, np.float32), 9).tolist()) == list(range(9))
