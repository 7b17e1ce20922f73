"""save and load: round trips, shared memory, damaged and hostile files, PyTorch's files."""

from __future__ import annotations

import io
import os
import pickle
import zipfile
from collections import OrderedDict

import numpy as np
import pytest

import minitorch as torch
from minitorch import nn


def everything(torch):
    base = torch.arange(12.0).reshape(3, 4)
    return OrderedDict(
        matrix=base, view=base.t()[1:], number=torch.tensor(3),
        half=torch.tensor([1.5], dtype=torch.float16), flags=torch.tensor([True, False]),
        empty=torch.zeros(2, 0), small=torch.arange(3, dtype=torch.int8),
        nested=[1, 2.5, "文", None, True, (1, [2]), {3}], dtype=torch.float64,
        size=base.shape, device=torch.device("cpu"), wants=torch.ones(2, requires_grad=True),
        weight=torch.nn.Parameter(torch.ones(2)),
    )  # fmt: skip


def same(a, b):
    assert list(a) == list(b)
    for key, x in a.items():
        y = b[key]
        if hasattr(x, "detach"):
            np.testing.assert_array_equal(x.detach().numpy(), y.detach().numpy())
            assert str(x.dtype) == str(y.dtype) and x.requires_grad == y.requires_grad, key
        else:
            assert repr(x) == repr(y), key


def test_round_trip(tmp_path):
    saved = everything(torch)
    torch.save(saved, tmp_path / "all.pt")
    loaded = torch.load(tmp_path / "all.pt")
    same(saved, loaded)
    assert isinstance(loaded["weight"], nn.Parameter)
    loaded["matrix"][0, 1] = 99  # the view looks at the same memory again
    assert loaded["view"][0, 0].item() == 99
    assert list(tmp_path.iterdir()) == [tmp_path / "all.pt"]


def test_file_objects():
    buffer = io.BytesIO()
    torch.save({"a": torch.ones(2)}, buffer)
    buffer.seek(0)
    assert torch.load(buffer)["a"].tolist() == [1.0, 1.0]


def test_state_dict_and_optimizer(tmp_path):
    model = nn.Sequential(nn.Linear(3, 2), nn.BatchNorm1d(2))
    optimizer = torch.optim.Adam(model.parameters())
    model(torch.randn(5, 3)).sum().backward()
    optimizer.step()
    torch.save({"m": model.state_dict(), "o": optimizer.state_dict()}, tmp_path / "c.pt")
    stored = torch.load(tmp_path / "c.pt")
    other = nn.Sequential(nn.Linear(3, 2), nn.BatchNorm1d(2))
    assert str(other.load_state_dict(stored["m"])) == "<All keys matched successfully>"
    again = torch.optim.Adam(other.parameters())
    again.load_state_dict(stored["o"])
    same(model.state_dict(), other.state_dict())
    assert again.state_dict()["state"][0]["step"].item() == 1.0


def test_pytorch_reads_ours_and_we_read_pytorchs(tmp_path, real_torch):
    torch.save(everything(torch), tmp_path / "ours.pt")
    same(everything(real_torch), real_torch.load(tmp_path / "ours.pt", weights_only=True))
    real_torch.save(everything(real_torch), tmp_path / "theirs.pt")
    same(everything(torch), torch.load(tmp_path / "theirs.pt"))
    model = real_torch.nn.TransformerEncoderLayer(8, 2)
    real_torch.save(model.state_dict(), tmp_path / "layer.pt")
    ours = nn.TransformerEncoderLayer(8, 2)
    ours.load_state_dict(torch.load(tmp_path / "layer.pt"))
    same(ours.state_dict(), model.state_dict())


class Evil:
    def __reduce__(self):
        return (os.mkdir, ("loading_ran_this",))


def test_loading_never_runs_code(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    torch.save({"a": Evil()}, "evil.pt")
    with pytest.raises(pickle.UnpicklingError, match="mkdir"):
        torch.load("evil.pt")
    assert not os.path.exists("loading_ran_this")
    with pytest.raises(NotImplementedError, match="weights_only"):
        torch.load("evil.pt", weights_only=False)


def program(tmp_path, code: bytes):
    with zipfile.ZipFile(tmp_path / "x.pt", "w") as archive:
        archive.writestr("archive/data.pkl", code)
        archive.writestr("archive/data/0", b"\0" * 16)
    return tmp_path / "x.pt"


@pytest.mark.parametrize(
    "code",
    [
        b"\x80\x02cbuiltins\neval\nX\x03\x00\x00\x001+1\x85R.",
        b"\x80\x02cos\nsystem\nX\x02\x00\x00\x00id\x85R.",
        # sets an attribute on the class Tensor through BUILD
        b"\x80\x02ctorch\nTensor\nN}X\x04\x00\x00\x00itemNs\x86b.",
        b"\x80\x02cminitorch.serialization\n_trusted\n.",
    ],
)
def test_hostile_programs(tmp_path, code):
    with pytest.raises(pickle.UnpicklingError):
        torch.load(program(tmp_path, code))


def test_a_tensor_may_not_reach_beyond_its_storage(tmp_path):
    torch.save(torch.arange(4.0), tmp_path / "a.pt")
    with zipfile.ZipFile(tmp_path / "a.pt") as archive:
        code = archive.read("archive/data.pkl")
    assert b"K\x04\x85" in code  # the shape (4,)
    with zipfile.ZipFile(tmp_path / "b.pt", "w") as archive:
        archive.writestr("archive/data.pkl", code.replace(b"K\x04\x85", b"K\x7f\x85"))
        archive.writestr("archive/data/0", np.arange(4, dtype=np.float32).tobytes())
    with pytest.raises(pickle.UnpicklingError, match="reaches element"):
        torch.load(tmp_path / "b.pt")


def test_safe_globals(tmp_path):
    torch.save({"f": Point(1)}, tmp_path / "p.pt")
    with pytest.raises(pickle.UnpicklingError, match="Point"):
        torch.load(tmp_path / "p.pt")
    with torch.serialization.safe_globals([Point]):
        assert torch.load(tmp_path / "p.pt")["f"].x == 1
    with pytest.raises(pickle.UnpicklingError):
        torch.load(tmp_path / "p.pt")


class Point:
    def __init__(self, x):
        self.x = x


def test_damaged_files(tmp_path):
    path = tmp_path / "a.pt"
    torch.save(torch.arange(1000.0), path)
    whole = path.read_bytes()
    for cut in (0, 10, len(whole) // 2, len(whole) - 5):
        path.write_bytes(whole[:cut])
        with pytest.raises(RuntimeError, match="cut short"):
            torch.load(path)
    flipped = bytearray(whole)
    flipped[len(whole) // 2] ^= 0xFF
    path.write_bytes(flipped)
    with pytest.raises(RuntimeError, match="damaged"):
        torch.load(path)
    path.write_bytes(b"not a zip file")
    with pytest.raises(RuntimeError):
        torch.load(path)
    with pytest.raises(FileNotFoundError):
        torch.load(tmp_path / "missing.pt")


def test_a_failed_save_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "a.pt"
    torch.save(torch.ones(2), path)

    def full(*args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(zipfile.ZipFile, "writestr", full)
    with pytest.raises(OSError, match="No space"):
        torch.save(torch.zeros(2), path)
    monkeypatch.undo()
    assert torch.load(path).tolist() == [1.0, 1.0]
    assert list(tmp_path.iterdir()) == [path]


def test_bad_arguments(tmp_path):
    torch.save(1, tmp_path / "a.pt")
    with pytest.raises(RuntimeError, match="Parent directory"):
        torch.save(1, tmp_path / "no" / "a.pt")
    with pytest.raises(AttributeError):
        torch.load(3)
    with pytest.raises(AssertionError, match="cuda"):
        torch.load(tmp_path / "a.pt", map_location="cuda")
    assert torch.load(tmp_path / "a.pt", map_location=torch.device("cpu")) == 1


def test_pickle_and_deepcopy():
    import copy

    x = torch.arange(3.0, requires_grad=True)
    x.note = "kept"
    for y in (pickle.loads(pickle.dumps(x)), copy.deepcopy(x)):
        assert y.tolist() == x.tolist() and y.requires_grad and y.note == "kept"
        assert y.data_ptr() != x.data_ptr()
    with pytest.raises(RuntimeError, match="leaves"):
        copy.deepcopy(x * 2)
