"""make_grid and save_image: by hand on tiny images, and side by side with torchvision."""

from __future__ import annotations

import inspect
import io
import resource
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import minitorch as torch
from minitorch.utils import make_grid, save_image

ROOT = Path(__file__).parent.parent


def images(*shape, dtype=torch.float32):
    values = np.random.default_rng(0).random(shape)
    if dtype.is_floating_point:
        return torch.tensor(values, dtype=dtype)
    return torch.tensor(values * 200).to(dtype)


def test_three_images_by_hand():
    x = torch.tensor([[[[1.0, 2.0]]], [[[3.0, 4.0]]], [[[5.0, 6.0]]]])  # (3, 1, 1, 2)
    grid = make_grid(x, nrow=2, padding=1, pad_value=9)
    by_hand = [
        [9, 9, 9, 9, 9, 9, 9],
        [9, 1, 2, 9, 3, 4, 9],
        [9, 9, 9, 9, 9, 9, 9],
        [9, 5, 6, 9, 9, 9, 9],
        [9, 9, 9, 9, 9, 9, 9],
    ]
    assert grid.dtype == torch.float32 and grid.shape == (3, 5, 7)  # one channel became three
    assert grid.tolist() == [by_hand] * 3


def test_normalize_by_hand():
    x = torch.tensor([[[[2.0, 4.0]]], [[[6.0, 10.0]]]])

    def values(**arguments):
        grid = make_grid(x, padding=0, normalize=True, **arguments)
        return grid[0, 0].tolist()

    assert values() == [0.0, 0.25, 0.5, 1.0]
    assert values(scale_each=True) == [0.0, 1.0, 0.0, 1.0]
    assert values(value_range=(4, 8)) == [0.0, 0.0, 0.5, 1.0]
    assert values(value_range=(4, 8), scale_each=True) == [0.0, 0.0, 0.5, 1.0]
    assert values(value_range=(10, 10)) == [0.0] * 4  # (10 − 10) / 1e-5
    assert x.tolist() == [[[[2.0, 4.0]]], [[[6.0, 10.0]]]]  # the images themselves are untouched
    assert make_grid(x, padding=0, value_range=(4, 8))[0, 0].tolist() == [2.0, 4.0, 6.0, 10.0]


def test_a_single_image_has_no_frame():
    x = images(1, 3, 5, 7)
    assert make_grid(x).tolist() == x[0].tolist()
    assert make_grid(x[0]).tolist() == x[0].tolist()
    assert make_grid(x[0, 0]).tolist() == [x[0, 0].tolist()] * 3


def test_no_gradients():
    x = images(4, 3, 5, 7).requires_grad_()
    assert not make_grid(x).requires_grad and not make_grid(x, normalize=True).requires_grad


# What a call is about, and the arguments.
GRIDS = {
    "default": ((5, 3, 7, 11), {}),
    "more than a row": ((19, 3, 7, 11), {}),
    "nrow": ((5, 3, 7, 11), {"nrow": 2}),
    "nrow 1": ((5, 3, 7, 11), {"nrow": 1}),
    "padding": ((5, 3, 7, 11), {"padding": 3, "pad_value": 0.5}),
    "no padding": ((5, 3, 7, 11), {"padding": 0}),
    "one channel": ((5, 1, 7, 11), {"nrow": 3}),
    "two channels": ((5, 2, 7, 11), {}),
    "four channels": ((2, 4, 7, 11), {"padding": 5}),
    "one image": ((1, 1, 7, 11), {"normalize": True}),
    "three dimensions": ((3, 7, 11), {}),
    "two dimensions": ((7, 11), {"normalize": True, "value_range": (0.2, 0.6)}),
    "normalize": ((5, 3, 7, 11), {"normalize": True}),
    "each": ((5, 3, 7, 11), {"normalize": True, "scale_each": True}),
    "range": ((5, 3, 7, 11), {"normalize": True, "value_range": (0.2, 0.7)}),
    "range reversed": ((5, 3, 7, 11), {"normalize": True, "value_range": (0.7, 0.2)}),
    "range alone": ((5, 3, 7, 11), {"value_range": (0.2, 0.7)}),
    "no height": ((5, 3, 0, 11), {}),
}  # fmt: skip


def cases():
    for name, (_, arguments) in GRIDS.items():
        more = [] if arguments.get("normalize") else ["float16", "uint8", "int64"]
        yield from ((name, dtype) for dtype in ("float32", "float64", *more))


@pytest.mark.parametrize("name, dtype", list(cases()))
def test_same_as_torchvision(torchvision, real_torch, name, dtype):
    shape, arguments = GRIDS[name]
    ours = images(*shape, dtype=getattr(torch, dtype))
    theirs = real_torch.from_numpy(ours.numpy().copy())
    expected = torchvision.utils.make_grid(theirs, **arguments)
    got = make_grid(ours, **arguments)
    assert str(got.dtype) == str(expected.dtype) and got.shape == expected.shape
    np.testing.assert_array_equal(got.numpy(), expected.numpy())
    if ours.dim() > 2:  # the same as a list
        np.testing.assert_array_equal(
            make_grid(list(ours), **arguments).numpy(),
            torchvision.utils.make_grid(list(theirs), **arguments).numpy(),
        )


def test_same_signatures(torchvision):
    for ours in (make_grid, save_image):
        theirs = inspect.signature(getattr(torchvision.utils, ours.__name__))
        assert [
            (p.name, p.kind, p.default) for p in inspect.signature(ours).parameters.values()
        ] == [(p.name, p.kind, p.default) for p in theirs.parameters.values()]


X = images(5, 3, 7, 11)
ERRORS = [
    ([], {}, RuntimeError, "non-empty"),
    ([1], {}, TypeError, "got a list containing"),
    ((X[0], X[1]), {}, TypeError, "tensor or list of tensors expected, got <class 'tuple'>"),
    (X.numpy(), {}, TypeError, "tensor or list of tensors expected"),
    ([X[0], X[1, :1]], {}, RuntimeError, "stack expects each tensor to be equal size"),
    (X[0, 0, 0], {}, IndexError, r"got \(11,\)"),
    (X[:, None], {}, RuntimeError, r"got \(5, 1, 3, 7, 11\)"),
    (X[:0], {}, ZeroDivisionError, "0 images"),
    (X, {"nrow": 0}, ZeroDivisionError, "nrow=0"),
    (X, {"nrow": -1}, RuntimeError, "nrow must not be negative, but got -1"),
    (X, {"nrow": 2.5}, TypeError, "nrow must be an int, but got 2.5"),
    (X, {"padding": -1}, RuntimeError, "padding must not be negative, but got -1"),
    (X, {"padding": 1.5}, TypeError, "padding must be an int, but got 1.5"),
    (X, {"pad_value": "a"}, TypeError, "fill_value"),
    (X, {"normalize": True, "value_range": [0, 1]}, TypeError, "value_range has to be a tuple"),
    (
        X,
        {"normalize": True, "value_range": (0,)},
        IndexError,
        r"value_range has to be \(min, max\)",
    ),
    (
        X.to(torch.uint8),
        {"normalize": True},
        RuntimeError,
        "floating point images, but got torch.uint8",
    ),
    (X > 0, {"normalize": True}, RuntimeError, "floating point images, but got torch.bool"),
]


@pytest.mark.parametrize("tensor, arguments, kind, words", ERRORS)
def test_errors(tensor, arguments, kind, words):
    with pytest.raises(kind, match=words):
        make_grid(tensor, **arguments)


@pytest.mark.parametrize("tensor, arguments, kind, words", ERRORS)
def test_same_error_types_as_torchvision(torchvision, real_torch, tensor, arguments, kind, words):
    def convert(value):
        if isinstance(value, torch.Tensor):
            return real_torch.from_numpy(value.numpy().copy())
        return type(value)(map(convert, value)) if isinstance(value, (list, tuple)) else value

    with pytest.raises(kind):
        torchvision.utils.make_grid(convert(tensor), **arguments)


# -- files ------------------------------------------------------------------------------------------


def read(file):
    with Image.open(file) as picture:
        return picture.mode, np.asarray(picture)


def test_pixels_by_hand(tmp_path):
    x = torch.tensor([[[-1.0, 0.0, 0.0019, 0.002, 0.5, 0.998, 0.9981, 1.0, 2.0]]])
    assert save_image(x, tmp_path / "row.png") is None
    mode, pixels = read(tmp_path / "row.png")
    assert mode == "RGB"
    assert pixels[0, :, 0].tolist() == [0, 0, 0, 1, 128, 254, 255, 255, 255]  # ⌊255·x + ½⌋
    assert [p.name for p in tmp_path.iterdir()] == ["row.png"]


def test_arguments_reach_the_grid(tmp_path):
    x = images(4, 3, 5, 7) * 100
    save_image(x, str(tmp_path / "grid.bmp"), nrow=2, padding=1, normalize=True, pad_value=1.0)
    expected = make_grid(x, nrow=2, padding=1, normalize=True, pad_value=1.0)
    _, pixels = read(tmp_path / "grid.bmp")
    assert pixels.shape == (13, 17, 3) and (pixels[0] == 255).all()
    np.testing.assert_array_equal(pixels, np.floor(expected.numpy().transpose(1, 2, 0) * 255 + 0.5))


@pytest.mark.parametrize(
    "shape", [(3, 5, 7), (2, 3, 5, 7), (1, 5, 7), (2, 5, 7), (4, 5, 7), (5, 7)]
)
@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_same_files_as_torchvision(torchvision, real_torch, shape, dtype):
    ours = images(*shape, dtype=getattr(torch, dtype)) * 1.4 - 0.2
    files = io.BytesIO(), io.BytesIO()
    save_image(ours, files[0], format="png")
    torchvision.utils.save_image(real_torch.from_numpy(ours.numpy().copy()), files[1], format="png")
    assert files[0].getvalue() == files[1].getvalue()


@pytest.mark.parametrize("dtype", [torch.uint8, torch.int64, torch.bool])
def test_integers_are_refused(tmp_path, dtype):
    with pytest.raises(RuntimeError, match=f"floating point tensor with values 0-1, got {dtype}"):
        save_image(torch.ones(3, 5, 7, dtype=dtype), tmp_path / "x.png")
    assert list(tmp_path.iterdir()) == []


def test_paths_that_cannot_be(tmp_path):
    with pytest.raises(ValueError, match="unknown file extension"):
        save_image(X, tmp_path / "x.xyz")
    with pytest.raises(KeyError):
        save_image(X, tmp_path / "x.png", format="no such")
    with pytest.raises(FileNotFoundError, match="nowhere.x.png"):
        save_image(X, tmp_path / "nowhere" / "x.png")
    with pytest.raises(TypeError, match="unexpected keyword argument 'quality'"):
        save_image(X, tmp_path / "x.png", quality=3)
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_keeps_the_old_file(tmp_path):
    path = tmp_path / "x.bmp"
    path.write_bytes(b"old")
    code = (
        "import sys, minitorch as torch\n"
        "torch.utils.save_image(torch.zeros(3, 90, 90), sys.argv[1])\n"
    )
    process = subprocess.run(
        [sys.executable, "-c", code, str(path)], cwd=ROOT, capture_output=True, text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000)),
    )  # fmt: skip
    assert process.returncode == 1 and "File too large" in process.stderr
    assert path.read_bytes() == b"old" and list(tmp_path.iterdir()) == [path]
