"""Flips, crops, borders, sizes and turns by hand, on images small enough to see."""

from __future__ import annotations

import math

import numpy as np
import pytest
from PIL import Image

import minitorch as torch
from minitorch import transforms
from minitorch.transforms import InterpolationMode, functional as F
from minitorch.transforms.functional.equations import solve
from minitorch.transforms.functional.resize import resized_size
from minitorch.transforms.functional.warp import affine_matrix, perspective_coefficients

ROWS = [[1, 2, 3], [4, 5, 6]]
BIG = torch.zeros(1, 9, 9)


def both(call, img=ROWS):
    """The result for the image as a tensor and as a PIL image, which must agree."""
    tensor = call(torch.tensor([img], dtype=torch.uint8))
    picture = call(Image.fromarray(np.array(img, np.uint8)))
    assert tensor.dtype == torch.uint8 and tensor.shape[0] == 1
    assert tensor[0].tolist() == np.asarray(picture).tolist()
    return tensor[0].tolist()


def test_flips():
    assert both(F.hflip) == [[3, 2, 1], [6, 5, 4]]
    assert both(F.vflip) == [[4, 5, 6], [1, 2, 3]]


def test_crop_beyond_the_edge_is_black():
    assert both(lambda x: F.crop(x, 0, 1, 2, 2)) == [[2, 3], [5, 6]]
    assert both(lambda x: F.crop(x, -1, 2, 2, 2)) == [[0, 0], [3, 0]]


def test_center_crop():
    assert both(lambda x: F.center_crop(x, (2, 1))) == [[2], [5]]
    assert both(lambda x: F.center_crop(x, 4)) == [
        [0, 0, 0, 0], [1, 2, 3, 0], [4, 5, 6, 0], [0, 0, 0, 0]]  # fmt: skip


def test_five_and_ten_crop():
    x = torch.arange(9).reshape(1, 3, 3)
    corners = [c[0].tolist() for c in F.five_crop(x, 1)]
    assert corners == [[[0]], [[2]], [[6]], [[8]], [[4]]]
    mirrored = [c.item() for c in F.ten_crop(x, 1)[5:]]
    assert mirrored == [2, 0, 8, 6, 4]
    assert [c.item() for c in F.ten_crop(x, 1, vertical_flip=True)[5:]] == [6, 8, 0, 2, 4]
    with pytest.raises(ValueError, match=r"crop size \(4, 4\) is bigger than input size \(3, 3\)"):
        F.five_crop(x, 4)


def test_pad_modes():
    line = [[1, 2, 3]]
    assert both(lambda x: F.pad(x, (2, 0), 9), line) == [[9, 9, 1, 2, 3, 9, 9]]
    assert both(lambda x: F.pad(x, (2, 0), 0, "edge"), line) == [[1, 1, 1, 2, 3, 3, 3]]
    assert both(lambda x: F.pad(x, (2, 0), 0, "reflect"), line) == [[3, 2, 1, 2, 3, 2, 1]]
    assert both(lambda x: F.pad(x, (2, 0), 0, "symmetric"), line) == [[2, 1, 1, 2, 3, 3, 2]]
    assert both(lambda x: F.pad(x, [1, 0, 0, 1])) == [[0, 1, 2, 3], [0, 4, 5, 6], [0, 0, 0, 0]]
    assert both(lambda x: F.pad(x, [0, -1, -1, 0])) == [[4, 5]]


@pytest.mark.parametrize(
    "size, most, expected",
    [([4], None, [4, 8]), ([4], 6, [3, 6]), ([2, 9], None, [2, 9])],
)
def test_the_shorter_side_leads(size, most, expected):
    assert resized_size((10, 20), size, most) == expected
    assert resized_size((20, 10), size, most) == (expected if len(size) == 2 else expected[::-1])


def test_resize_by_hand():
    x = torch.tensor([[[0.0, 4.0, 8.0, 12.0]]])
    mean = F.resize(x, (1, 2))  # each output weighs 4 inputs by 1 − |distance| / 2
    w = np.array([0.75, 0.75, 0.25]) / 1.75
    assert mean[0, 0, 0].item() == pytest.approx(w @ [0, 4, 8], rel=1e-6)
    assert F.resize(x, (1, 2), antialias=False).tolist() == [[[2.0, 10.0]]]
    assert F.resize(x, (1, 2), InterpolationMode.NEAREST).tolist() == [[[0.0, 8.0]]]
    assert F.resize(x, (1, 2), InterpolationMode.NEAREST_EXACT).tolist() == [[[4.0, 12.0]]]
    assert F.resize(x, (1, 4)) is x


def test_resize_keeps_a_flat_image_flat():
    x = torch.full((1, 5, 7), 0.3)
    for mode in (InterpolationMode.BILINEAR, InterpolationMode.BICUBIC):
        for antialias in (True, False):
            out = F.resize(x, (11, 3), mode, antialias=antialias)
            np.testing.assert_allclose(out.numpy(), 0.3, rtol=1e-6)


def test_quarter_turns():
    square = [[1, 2], [3, 4]]
    assert both(lambda x: F.rotate(x, 90), square) == [[2, 4], [1, 3]]  # counter-clockwise
    assert both(lambda x: F.rotate(x, 180), square) == [[4, 3], [2, 1]]
    assert both(lambda x: F.rotate(x, 90, expand=True), square) == [[2, 4], [1, 3]]
    wide = Image.fromarray(np.array(ROWS, np.uint8))
    assert np.asarray(F.rotate(wide, 90, expand=True)).tolist() == [[3, 6], [2, 5], [1, 4]]


def test_rotate_fill():
    turned = both(lambda x: F.rotate(x, 45, fill=9), [[1] * 5] * 5)
    assert turned[0][0] == turned[4][4] == 9 and turned[2][2] == 1
    img = Image.new("RGB", (5, 5), (1, 1, 1))
    assert F.rotate(img, 45, fill=(7, 8, 9)).getpixel((0, 0)) == (7, 8, 9)


def test_affine_moves_right_and_down():
    moved = both(lambda x: F.affine(x, 0, [1, 1], 1.0, 0))
    assert moved == [[0, 0, 0], [0, 1, 2]]


def test_affine_matrix_inverts():
    given = ((3.0, 4.0), 30.0, (1.0, -2.0), 1.5, (10.0, -5.0))
    forward, back = (
        np.vstack([np.reshape(affine_matrix(*given, inverted=i), (2, 3)), [0, 0, 1]])
        for i in (False, True)
    )
    np.testing.assert_allclose(forward @ back, np.eye(3), atol=1e-12)
    turn = affine_matrix((0.0, 0.0), 30.0, (0, 0), 1.0, (0.0, 0.0), inverted=False)
    c, s = math.cos(math.pi / 6), math.sin(math.pi / 6)
    np.testing.assert_allclose(turn, [c, -s, 0, s, c, 0], atol=1e-12)


def test_perspective_hits_the_corners():
    start = [[0, 0], [6, 0], [6, 4], [0, 4]]
    end = [[1, 0], [5, 1], [6, 3], [0, 4]]
    a, b, c, d, e, f, g, h = perspective_coefficients(start, end)
    for (u, v), (x, y) in zip(start, end):
        w = g * x + h * y + 1
        assert ((a * x + b * y + c) / w, (d * x + e * y + f) / w) == pytest.approx((u, v), abs=1e-5)
    with pytest.raises(ValueError, match="four corners"):
        perspective_coefficients(start[:3], end)
    with pytest.raises(RuntimeError, match="on one line"):
        perspective_coefficients(start, [[0, 0], [1, 0], [2, 0], [3, 0]])


def test_perspective_rounds_corners_between_pixels_to_float32():
    start = [[0, 0], [12, 0], [12, 28], [0, 28]]
    found = perspective_coefficients(start, [[1.0523173316433412, 8], [12, 2], [7, 27], [0, 23]])
    assert (found[0], found[7]) == (2.038710117340088, -0.008631771430373192)  # torchvision's


def test_perspective_with_a_horizon_does_not_warn(recwarn):
    start, end = [[0, 0], [8, 0], [8, 8], [0, 8]], [[0, 1], [6, 0], [6, 3], [4, 8]]
    F.perspective(torch.ones(1, 65, 64), start, end)
    assert not recwarn.list


def test_perspective_of_the_same_corners_changes_nothing():
    corners = [[0, 0], [2, 0], [2, 1], [0, 1]]
    nearest = InterpolationMode.NEAREST
    assert both(lambda x: F.perspective(x, corners, corners, nearest)) == ROWS
    # Pillow cuts off the fraction: a coefficient of 1e-17 where 0 is meant costs 1, here as there
    img = Image.fromarray(np.array(ROWS, np.uint8))
    assert np.abs(np.asarray(F.perspective(img, corners, corners)).astype(int) - ROWS).max() <= 1


def test_equations():
    assert solve([[0, 2], [4, 0]], [6, 8]) == pytest.approx([2, 3], abs=1e-15)
    rng = np.random.default_rng(0)
    for n in (1, 2, 5, 8):
        a, b = rng.normal(size=(n, n)), rng.normal(size=n)
        np.testing.assert_allclose(a @ solve(a.tolist(), b.tolist()), b, atol=1e-12)
    with pytest.raises(ZeroDivisionError):
        solve([[1, 0], [0, 0]], [1, 1])


def test_perspective_coefficients_are_torchvisions_to_the_bit(torchvision):
    """Their rounding, too: its sign decides which pixel is read at a tie."""
    from torchvision.transforms import functional as theirs

    rng = np.random.default_rng(0)
    whole = [rng.integers(0, size, (4, 2)).tolist() for size in (3, 5, 12, 64) for _ in range(60)]
    for end in whole + [(rng.normal(size=(4, 2)) * 20).tolist() for _ in range(60)]:
        w, h = (int(n) for n in rng.integers(1, 64, 2))
        start = [[0, 0], [w, 0], [w, h], [0, h]]
        try:
            wanted = theirs._get_perspective_coeffs(start, end)
        except RuntimeError:
            with pytest.raises(RuntimeError, match="on one line"):
                perspective_coefficients(start, end)
        else:
            assert perspective_coefficients(start, end) == wanted, end


def test_elastic_transform_of_nothing_changes_nothing():
    x = torch.rand(1, 2, 3)
    out = F.elastic_transform(x, torch.zeros(1, 2, 3, 2))
    np.testing.assert_allclose(out.numpy(), x.numpy(), rtol=1e-6, atol=1e-6)
    with pytest.raises(NotImplementedError, match="displacement requires grad"):
        F.elastic_transform(x, torch.zeros(1, 2, 3, 2, requires_grad=True))
    with pytest.raises(RuntimeError, match="one for each of 1 channels"):
        F.elastic_transform(x, torch.zeros(1, 2, 3, 2), fill=[1, 2])


@pytest.mark.parametrize("mode", [InterpolationMode.NEAREST, InterpolationMode.BILINEAR])
def test_a_float16_image_of_more_pixels_than_float16_counts(mode):
    x = torch.from_numpy(np.random.default_rng(0).random((1, 64, 64)).astype(np.float16))
    assert (F.rotate(x, 180, mode) - x.flip(-1, -2)).abs().max().item() < 0.05


def test_images_without_pixels():
    assert F.equalize(torch.zeros(3, 0, 4, dtype=torch.uint8)).shape == (3, 0, 4)
    with pytest.raises(RuntimeError, match="C: 0"):
        F.resize(torch.zeros(0, 4, 4), 3)


def test_erase():
    x = torch.ones(1, 3, 3)
    out = F.erase(x, 1, 1, 1, 2, torch.tensor(5.0))
    assert out[0].tolist() == [[1, 1, 1], [1, 5, 5], [1, 1, 1]] and x.sum().item() == 9
    assert F.erase(x, 0, 0, 3, 3, torch.tensor(0.0), inplace=True) is x and x.sum().item() == 0


def test_random_crop_reaches_every_place():
    torch.manual_seed(0)
    img = torch.zeros(1, 4, 5)
    drawn = {transforms.RandomCrop.get_params(img, (3, 4))[:2] for _ in range(100)}
    assert drawn == {(0, 0), (0, 1), (1, 0), (1, 1)}


def test_random_parameters_stay_in_range():
    torch.manual_seed(0)
    for _ in range(50):
        assert 10 <= transforms.RandomRotation.get_params([10, 20]) < 20
        angle, shift, scale, shear = transforms.RandomAffine.get_params(
            [-5, 5], (0.1, 0.2), (0.5, 2), [1, 2, -4, -3], [50, 30]
        )
        assert -5 <= angle < 5 and abs(shift[0]) <= 5 and abs(shift[1]) <= 6
        assert 0.5 <= scale < 2 and 1 <= shear[0] < 2 and -4 <= shear[1] < -3
        top, left, h, w = transforms.RandomResizedCrop.get_params(
            torch.zeros(1, 40, 60), [0.2, 0.5], [0.5, 2]
        )
        assert 0 <= top <= 40 - h and 0 <= left <= 60 - w
        assert 0.15 < h * w / 2400 < 0.55 and 0.45 < w / h < 2.2


def test_random_resized_crop_falls_back_to_the_middle():
    img = torch.zeros(1, 4, 400)
    assert transforms.RandomResizedCrop.get_params(img, [0.9, 1.0], [1, 1]) == (0, 198, 4, 4)


def test_warning_about_swapped_ranges():
    with pytest.warns(UserWarning, match="kind \\(min, max\\)"):
        transforms.RandomResizedCrop(3, scale=(2, 1))


@pytest.mark.parametrize(
    "call, error, words",
    [
        (lambda: transforms.RandomRotation(-3), ValueError, "must be positive. Got -3"),
        (lambda: transforms.RandomRotation((1, 2, 3)), ValueError, "sequence of length 2"),
        (lambda: transforms.RandomRotation(None), TypeError, "sequence of length 2"),
        (lambda: transforms.RandomRotation(3, interpolation="linear")(BIG), TypeError, "'linear'"),
        (lambda: transforms.RandomAffine(3, interpolation=None)(BIG), TypeError, "None"),
        (lambda: transforms.Resize(3, "bilinear")(BIG), TypeError, "'bilinear'"),
        (lambda: transforms.RandomResizedCrop(3, interpolation=2.0)(BIG), TypeError, "2.0"),
        (lambda: transforms.RandomPerspective(p=1, interpolation="a")(BIG), TypeError, "'a'"),
        (lambda: repr(transforms.Resize(3, "bilinear")), AttributeError, "value"),
        (lambda: F.rotate(BIG, 3, "a"), TypeError, "'a'"),
        (lambda: F.elastic_transform(BIG, torch.zeros(1, 9, 9, 2), "a"), AttributeError, "'a'"),
        (lambda: transforms.RandomRotation(3, interpolation=9), KeyError, "9"),
        (lambda: transforms.ElasticTransform([3.0]), ValueError, "length should be 2. Got 1"),
        (lambda: transforms.ElasticTransform(1.0, [0.0, 0.3])(BIG), ValueError, "positive"),
        (lambda: transforms.GaussianBlur(torch.tensor([3])), ValueError, "two integers"),
        (lambda: transforms.RandomErasing(1, ratio="ab")(BIG), TypeError, "'ab'"),
        (lambda: F.gaussian_blur(torch.zeros(0, 9, 9), 3), RuntimeError, "channels"),
        (lambda: transforms.RandomAffine(3, translate=(0.1, 2)), ValueError, "between 0 and 1"),
        (lambda: transforms.RandomAffine(3, shear=(1, 2, 3)), ValueError, "length 2 or 4"),
        (lambda: transforms.Resize(3.5), TypeError, "float"),
        (lambda: transforms.Resize((1, 2, 3)), ValueError, "1 or 2 values"),
        (lambda: transforms.CenterCrop((1, 2, 3)), ValueError, "only two dimensions"),
        (lambda: transforms.Pad("a"), TypeError, "padding arg 'a'"),
        (lambda: transforms.Pad(1, 0, "mirror"), ValueError, "'mirror'"),
        (lambda: transforms.RandomCrop(9)(torch.zeros(1, 3, 4)), ValueError, r"\(9, 9\).*\(3, 4\)"),
        (lambda: transforms.RandomErasing(2), ValueError, "between 0 and 1. Got 2"),
        (lambda: transforms.RandomErasing(value="x"), ValueError, "'random'"),
        (lambda: F.rotate(torch.zeros(1, 2, 2), "a"), TypeError, "angle"),
        (lambda: F.rotate(3, 4), TypeError, "img should be PIL Image"),
        (lambda: F.resize(torch.zeros(1, 2, 2), 0), RuntimeError, "greater than 0"),
        (lambda: F.pad(torch.zeros(1, 2, 2).byte(), 1, 300), RuntimeError, "300.*overflow"),
        (lambda: F.hflip(np.zeros((2, 2))), TypeError, "ndarray"),
        (lambda: F.hflip(torch.zeros(3)), TypeError, "not a torch image"),
        (lambda: F.normalize(torch.zeros(3), [0], [1]), TypeError, "not a torch image"),
        (lambda: F.erase(torch.zeros(3), 0, 0, 1, 1, 0), TypeError, "not a torch image"),
        (lambda: transforms.ElasticTransform(fill="a"), TypeError, "'a'"),
    ],
)
def test_errors(call, error, words):
    with pytest.raises(error, match=words):
        call()
