"""Conversions by hand: the values, layouts, dtypes and errors a user meets first."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

import minitorch as torch
from minitorch import transforms
from minitorch.transforms import functional as F

PIXELS = np.array([[[0, 51, 102], [153, 204, 255]]], np.uint8)  # H 1, W 2, C 3


def test_to_tensor_moves_channels_first_and_scales():
    expected = [[[0.0, 0.6]], [[0.2, 0.8]], [[0.4, 1.0]]]
    for pic in (PIXELS, Image.fromarray(PIXELS)):
        out = F.to_tensor(pic)
        assert out.dtype == torch.float32 and out.shape == (3, 1, 2) and out.is_contiguous()
        np.testing.assert_allclose(out.numpy(), expected, rtol=1e-7)


def test_to_tensor_divides_exactly():
    values = np.arange(256, dtype=np.uint8).reshape(16, 16)
    expected = values.astype(np.float32) / np.float32(255)
    assert np.array_equal(F.to_tensor(values)[0].numpy(), expected)


def test_to_tensor_uses_the_default_dtype():
    torch.set_default_dtype(torch.float64)
    try:
        out = F.to_tensor(PIXELS)
    finally:
        torch.set_default_dtype(torch.float32)
    assert out.dtype == torch.float64 and out[1, 0, 0].item() == 51 / 255


@pytest.mark.parametrize(
    "mode, dtype, value",
    [("I", "int32", 7), ("F", "float32", 7.0), ("I;16", "int16", 7), ("1", "float32", 1.0)],
)
def test_to_tensor_of_other_modes(mode, dtype, value):
    out = F.to_tensor(Image.new(mode, (3, 2), 7))
    assert str(out.dtype) == f"torch.{dtype}" and out.shape == (1, 2, 3)
    assert (out == value).all()


def test_to_tensor_keeps_other_dtypes_and_shares_memory():
    array = np.array([[300, -1]], np.int64)
    out = F.to_tensor(array)
    assert out.tolist() == [[[300, -1]]]
    array[0, 0] = 5
    assert out[0, 0, 0].item() == 5


def test_pil_to_tensor_does_not_scale():
    out = F.pil_to_tensor(Image.fromarray(PIXELS))
    assert out.dtype == torch.uint8 and out[:, 0, 1].tolist() == [153, 204, 255]


def test_to_pil_image():
    img = F.to_pil_image(torch.tensor([[0.0, 0.5, 1.0]]))
    assert (img.mode, img.size) == ("L", (3, 1))
    assert list(np.asarray(img)[0]) == [0, 127, 255]  # ⌊255·x⌋
    assert F.to_pil_image(PIXELS).mode == "RGB"
    assert F.to_pil_image(PIXELS, "YCbCr").mode == "YCbCr"
    assert F.to_pil_image(torch.zeros(1, 2, 2), "F").mode == "F"
    assert F.to_pil_image(np.zeros((2, 2, 4), np.uint8)).mode == "RGBA"


def test_a_pil_image_does_not_follow_its_array():
    array = np.zeros((2, 2), np.uint8)
    img = F.to_pil_image(array)
    array[:] = 9
    assert np.asarray(img).max() == 0


def test_there_and_back():
    for shape in ((5, 4), (5, 4, 2), (5, 4, 3), (5, 4, 4)):
        array = np.random.default_rng(0).integers(0, 256, shape, np.uint8)
        there = F.to_pil_image(F.to_tensor(array))
        assert np.array_equal(np.asarray(there), array)


def test_convert_image_dtype():
    x = torch.tensor([0, 128, 255], dtype=torch.uint8)
    assert F.convert_image_dtype(x, torch.int16).tolist() == [0, 16384, 32640]  # × 128
    assert F.convert_image_dtype(torch.tensor([0.0, 0.5, 1.0]), torch.uint8).tolist() == [0, 127, 255]
    assert F.convert_image_dtype(x)[2].item() == 1.0
    assert F.convert_image_dtype(x, torch.uint8) is x
    with pytest.raises(RuntimeError, match="torch.float32 to torch.int32 cannot be performed"):
        F.convert_image_dtype(torch.zeros(1), torch.int32)


def test_normalize():
    x = torch.tensor([[[0.0, 1.0]], [[0.5, 0.25]]])
    out = F.normalize(x, [0.5, 0.25], [0.5, 0.125])
    assert out.tolist() == [[[-1.0, 1.0]], [[2.0, 0.0]]]
    assert x[0, 0, 0].item() == 0.0
    same = F.normalize(x, [0.5, 0.25], [0.5, 0.125], inplace=True)
    assert same is x and x.tolist() == out.tolist()


def test_normalize_twice_with_other_values():
    """mean and std are remembered between calls, but not confused."""
    x = torch.ones(1, 1, 1)
    assert F.normalize(x, [0.5], [0.5]).item() == 1.0
    assert F.normalize(x, [0.5], [0.25]).item() == 2.0
    assert F.normalize(x.double(), [0.1], [1.0]).item() == 0.9
    transform = transforms.Normalize([0.5], [0.5])
    transform.mean[0] = 0.0
    assert transform(x).item() == 2.0


@pytest.mark.parametrize(
    "call, error, words",
    [
        (lambda: F.to_tensor([1]), TypeError, "pic should be PIL Image or ndarray"),
        (lambda: F.to_tensor(torch.zeros(2, 2)), TypeError, "Tensor"),
        (lambda: F.to_tensor(np.zeros(3)), ValueError, "2/3 dimensional. Got 1"),
        (lambda: F.pil_to_tensor(PIXELS), TypeError, "should be PIL Image"),
        (lambda: F.to_pil_image([1]), TypeError, "Tensor or ndarray"),
        (lambda: F.to_pil_image(np.zeros((1, 1, 1, 1))), ValueError, "Got 4 dimensions"),
        (lambda: F.to_pil_image(torch.zeros(5, 2, 2)), ValueError, "> 4 channels. Got 5"),
        (lambda: F.to_pil_image(PIXELS, "L"), ValueError, "Only modes"),
        (lambda: F.to_pil_image(np.zeros((2, 2), np.int64)), TypeError, "int64 is not supported"),
        (lambda: F.to_pil_image(np.zeros((2, 2), np.uint8), "I"), ValueError, "Incorrect mode"),
        (lambda: F.normalize(PIXELS, [0], [1]), TypeError, "should be Tensor Image"),
        (lambda: F.normalize(torch.zeros(1, 2, 2).byte(), [0], [1]), TypeError, "float tensor"),
        (lambda: F.normalize(torch.zeros(2, 2), [0], [1]), ValueError, "C, H, W"),
        (lambda: F.normalize(torch.zeros(1, 2, 2), [0], [0]), ValueError, "std evaluated to zero"),
        (lambda: F.normalize(torch.zeros(3, 2, 2), [0] * 2, [1]), RuntimeError, "must match"),
        (lambda: F.normalize(torch.zeros(1, 2, 2), [0] * 3, [1]), RuntimeError, "broadcast shape"),
    ],
)
def test_errors(call, error, words):
    with pytest.raises(error, match=words):
        call()
