"""Colours, levels and filters by hand."""

from __future__ import annotations

import colorsys

import numpy as np
import pytest
from PIL import Image

import minitorch as torch
from minitorch import transforms
from minitorch.transforms import functional as F


def pixel(r, g, b):
    return torch.tensor([[[r]], [[g]], [[b]]])


def test_brightness_contrast_saturation():
    x = pixel(0.2, 0.4, 0.8)
    assert F.adjust_brightness(x, 2.0).flatten().tolist() == pytest.approx([0.4, 0.8, 1.0])
    grey = 0.2989 * 0.2 + 0.587 * 0.4 + 0.114 * 0.8
    mixed = [0.5 * v + 0.5 * grey for v in (0.2, 0.4, 0.8)]
    assert F.adjust_saturation(x, 0.5).flatten().tolist() == pytest.approx(mixed)
    assert F.adjust_contrast(x, 0.5).flatten().tolist() == pytest.approx(mixed)  # one pixel: its mean
    for adjust in (F.adjust_brightness, F.adjust_contrast, F.adjust_saturation, F.adjust_sharpness):
        assert torch.equal(adjust(x, 1.0), x)
        with pytest.raises(ValueError, match="-1"):
            adjust(x, -1)


@pytest.mark.parametrize("turn", [-0.5, -0.2, 0.1, 1 / 3])
def test_hue_against_colorsys(turn):
    rng = np.random.default_rng(0)
    rgb = rng.uniform(0, 1, (3, 4, 5)).astype(np.float32)
    out = F.adjust_hue(torch.from_numpy(rgb), turn).numpy()
    for y in range(4):
        for x in range(5):
            h, s, v = colorsys.rgb_to_hsv(*rgb[:, y, x].tolist())
            expected = colorsys.hsv_to_rgb((h + turn) % 1.0, s, v)
            np.testing.assert_allclose(out[:, y, x], expected, atol=2e-6)


def test_hue_leaves_grey_alone_and_checks_its_range():
    assert F.adjust_hue(pixel(0.5, 0.5, 0.5), 0.3).flatten().tolist() == [0.5] * 3
    with pytest.raises(ValueError, match="0.6"):
        F.adjust_hue(pixel(0.5, 0.5, 0.5), 0.6)


def test_gamma():
    assert F.adjust_gamma(pixel(0.0, 0.5, 1.0), 2, 3).flatten().tolist() == [0.0, 0.75, 1.0]
    with pytest.raises(ValueError, match="non-negative"):
        F.adjust_gamma(pixel(0.0, 0.5, 1.0), -1)


def test_grayscale():
    x = pixel(1.0, 0.0, 0.0)
    assert F.rgb_to_grayscale(x).item() == pytest.approx(0.2989)
    assert F.rgb_to_grayscale(x, 3).shape == (3, 1, 1)
    img = Image.new("RGB", (2, 2), (255, 0, 0))
    assert F.to_grayscale(img, 3).getpixel((0, 0)) == (76, 76, 76)
    with pytest.raises(ValueError, match="1 or 3"):
        F.rgb_to_grayscale(x, 2)


def test_invert_posterize_solarize():
    x = torch.tensor([[[0, 100, 255]]], dtype=torch.uint8)
    assert F.invert(x).flatten().tolist() == [255, 155, 0]
    assert F.invert(torch.tensor([[[0.25]]])).item() == 0.75
    assert F.posterize(x, 2).flatten().tolist() == [0, 64, 192]
    assert F.solarize(x, 100).flatten().tolist() == [0, 155, 0]
    with pytest.raises(TypeError, match="300"):
        F.solarize(x, 300)
    with pytest.raises(ValueError, match="9"):
        F.posterize(x, 9)


def test_autocontrast():
    x = torch.tensor([[[0.25, 0.5, 0.75]]])
    assert F.autocontrast(x).flatten().tolist() == [0.0, 0.5, 1.0]
    flat = torch.full((1, 2, 2), 0.3)
    assert torch.equal(F.autocontrast(flat), flat)


def test_equalize():
    ramp = torch.arange(256, dtype=torch.uint8).reshape(1, 16, 16)
    assert torch.equal(F.equalize(ramp), ramp)  # already even
    halves = torch.tensor([[[10] * 300 + [20] * 300]], dtype=torch.uint8)
    assert F.equalize(halves).unique().tolist() == [0, 255]
    with pytest.raises(TypeError, match="float32"):
        F.equalize(torch.zeros(1, 2, 2))


def test_blur_spreads_a_dot():
    dot = torch.zeros(1, 5, 5)
    dot[0, 2, 2] = 1.0
    out = F.gaussian_blur(dot, 3, 1.0)[0].numpy()
    bell = np.exp(-0.5 * np.array([-1.0, 0.0, 1.0]) ** 2)
    bell /= bell.sum()
    np.testing.assert_allclose(out[1:4, 1:4], np.outer(bell, bell), rtol=1e-6)
    assert out.sum() == pytest.approx(1.0)


def test_blur_keeps_a_flat_image_flat():
    for size in (1, 3, 9, 21):
        out = F.gaussian_blur(torch.full((3, 30, 40), 0.7), size)
        np.testing.assert_allclose(out.numpy(), 0.7, rtol=1e-6)


def test_blur_of_a_pil_image_is_the_tensors():
    pixels = np.random.default_rng(0).integers(0, 256, (8, 9, 3), np.uint8)
    blurred = F.gaussian_blur(Image.fromarray(pixels), 5, 1.5)
    tensor = F.gaussian_blur(torch.from_numpy(pixels).permute(2, 0, 1), 5, 1.5)
    assert np.array_equal(np.asarray(blurred), tensor.permute(1, 2, 0).numpy())


def test_sharpness_keeps_the_outermost_pixels():
    x = torch.rand(1, 4, 5)
    out = F.adjust_sharpness(x, 0.0)
    assert torch.equal(out[:, 0], x[:, 0]) and torch.equal(out[..., -1], x[..., -1])
    around = x[0, 0:3, 0:3]
    assert out[0, 1, 1].item() == pytest.approx((around.sum() + 4 * x[0, 1, 1]).item() / 13, rel=1e-5)


def test_color_jitter_draws_within_its_ranges():
    jitter = transforms.ColorJitter(0.5, (0.2, 0.3), 0, 0.1)
    assert jitter.brightness == (0.5, 1.5) and jitter.saturation is None
    torch.manual_seed(0)
    for _ in range(20):
        order, b, c, s, h = jitter.get_params(jitter.brightness, jitter.contrast, None, jitter.hue)
        assert sorted(order.tolist()) == [0, 1, 2, 3]
        assert 0.5 <= b < 1.5 and 0.2 <= c < 0.3 and s is None and -0.1 <= h < 0.1


def test_linear_transformation():
    swap = torch.tensor([[0.0, 1.0], [1.0, 0.0]])
    transform = transforms.LinearTransformation(swap, torch.tensor([1.0, 2.0]))
    assert transform(torch.tensor([[[5.0, 7.0]]])).tolist() == [[[5.0, 4.0]]]
    with pytest.raises(ValueError, match="square"):
        transforms.LinearTransformation(torch.zeros(2, 3), torch.zeros(3))
    with pytest.raises(ValueError, match="incompatible shape"):
        transform(torch.zeros(1, 3, 3))
