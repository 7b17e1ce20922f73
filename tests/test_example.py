"""The example as its user meets it: a run, every mistake in one plain line, Ctrl-C and resuming."""

from __future__ import annotations

import gzip
import importlib
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PIL import Image

import minitorch as torch
from minitorch import serialization

ROOT = Path(__file__).parent.parent
SMALL = ["--synthetic", "--limit", "100", "--batch-size", "25"]  # four batches an epoch
PICTURES = ["attention.png", "confusion.png", "curves.png", "digits.png"]


@pytest.fixture(scope="session")
def example():
    """The example as a module: its folder must be where Python looks for vit_pictures."""
    sys.path.insert(0, str(ROOT / "examples"))
    try:
        yield importlib.import_module("vit_mnist")
    finally:
        sys.path.remove(str(ROOT / "examples"))


@pytest.fixture
def run(example, capsys):
    """Runs the example in this process: (exit status or message, what it printed)."""

    def run(*arguments):
        status = 0
        try:
            example.main([str(a) for a in arguments])
        except SystemExit as error:
            status = error.code
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return run


def command(*arguments, **options):
    """The example in a process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    return subprocess.Popen(
        [sys.executable, str(ROOT / "examples" / "vit_mnist.py"), *map(str, arguments)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment, **options,
    )  # fmt: skip


def state(folder):
    """What a run ended with, without the times."""
    stored = torch.load(folder / "checkpoint.pt")
    for row in stored["history"]:
        del row["seconds"]
    stored["sums"] = stored["sums"][:3]
    return stored


def same(a, b):
    """Equal to the last bit, whatever they are nested in."""
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same(a[k], b[k]) for k in a)
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(map(same, a, b))
    return torch.equal(a, b) if isinstance(a, torch.Tensor) else a == b


@pytest.fixture(scope="session")
def whole(example, tmp_path_factory):
    """The folder of a run of two epochs that nothing disturbed."""
    out = tmp_path_factory.mktemp("whole")
    example.main([*SMALL, "--epochs", "2", "--out", str(out)])
    return out


# -- a run ------------------------------------------------------------------------------------------


def test_a_run_learns_writes_and_reports(run, tmp_path):
    status, out, err = run("--synthetic", "--limit", 1000, "--batch-size", 25, "--out", tmp_path)
    assert status == 0
    assert "epoch 1/2" in err and "acc=" in err  # the bar
    assert "data      drawn digits: 1,000 training images, 1,000 test images" in out
    history = state(tmp_path)["history"]
    assert history[1]["train_loss"] < 0.8 * history[0]["train_loss"]
    assert history[1]["test_accuracy"] > 0.4  # 0.1 is chance
    assert f"accuracy  {history[1]['test_accuracy']:.2%} on 1,000 test images" in out
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted([*PICTURES, "checkpoint.pt"])
    for name in PICTURES:
        with Image.open(tmp_path / name) as picture:
            colours = picture.convert("RGB").getcolors(1 << 24)
        assert len(colours) > 100, f"{name} is empty"


def test_the_seed_decides(run, whole, tmp_path):
    run(*SMALL, "--epochs", 2, "--seed", 0, "--out", tmp_path / "zero")
    run(*SMALL, "--epochs", 1, "--seed", 1, "--out", tmp_path / "one")
    assert same(state(tmp_path / "zero"), state(whole))
    assert not same(state(tmp_path / "one")["history"], state(whole)["history"][:1])


def test_the_notes_preset(run, tmp_path):
    status, out, _ = run("--preset", "notes", "--synthetic", "--limit", 20, "--epochs", 1,
                         "--out", tmp_path)  # fmt: skip
    assert status == 0 and "notes preset" in out
    config = state(tmp_path)["config"]
    assert (config["embed_dim"], config["feedforward"], config["activation"]) == (16, 2048, "gelu")


@pytest.mark.parametrize("limit", [1, 3])
def test_a_handful_of_images_is_enough(run, tmp_path, limit):
    status, out, _ = run("--synthetic", "--limit", limit, "--epochs", 1, "--out", tmp_path)
    assert status == 0 and f"on {limit} test images" in out


IMPORTS = {  # "to run this with PyTorch, change the import lines"
    "import minitorch as torch": "import torch",
    "from minitorch import datasets, nn, transforms": "from torchvision import datasets, transforms\nfrom torch import nn",
    "from minitorch.progress import tqdm": "from tqdm import tqdm",
    "from minitorch.utils.data import": "from torch.utils.data import",
}  # fmt: skip


def test_with_other_imports_it_is_a_pytorch_script(
    example, whole, tmp_path, real_torch, torchvision, monkeypatch
):
    """The same losses, and the checkpoint of either goes on in the other."""
    source = (ROOT / "examples" / "vit_mnist.py").read_text(encoding="utf-8")
    for ours, theirs in IMPORTS.items():
        assert ours in source
        source = source.replace(ours, theirs)

    def drawn(**options):  # torchvision draws none
        digits = example.datasets.SyntheticDigits(**options)
        digits.data = real_torch.from_numpy(digits.data.numpy())
        digits.targets = real_torch.from_numpy(digits.targets.numpy())
        return digits

    monkeypatch.setattr(torchvision.datasets, "SyntheticDigits", drawn, raising=False)
    script: dict = {"__name__": "script", "__doc__": example.__doc__}
    exec(compile(source, "vit_torch.py", "exec"), script)
    script["main"]([*SMALL, "--epochs", "1", "--out", str(tmp_path / "torch")])
    example.main(["--resume", str(tmp_path / "torch" / "checkpoint.pt"), "--epochs", "2",
                  "--out", str(tmp_path / "both")])  # fmt: skip
    for ours, theirs in zip(state(whole)["history"], state(tmp_path / "both")["history"]):
        assert theirs == pytest.approx(ours, abs=2e-5)


# -- mistakes ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments, words",
    [
        (["--epochs", "0"], "argument --epochs: must be from 1"),
        (["--epochs", "two"], "argument --epochs: invalid int value: 'two'"),
        (["--batch-size", "-3"], "argument --batch-size: must be from 1"),
        (["--batch-size", "9" * 20], "argument --batch-size: must be from 1 to"),
        (["--lr", "0"], "argument --lr: must be from"),
        (["--lr", "nan"], "got nan"),
        (["--lr", "inf"], "got inf"),
        (["--seed", "-1"], "argument --seed: must be from 0"),
        (["--seed", "9" * 23], "argument --seed: must be from 0 to"),
        (["--limit", "0"], "argument --limit: must be from 1"),
        (["--preset", "big"], "invalid choice: 'big'"),
        (["--out", ""], "argument --out: must not be empty"),
        (["--data", ""], "argument --data: must not be empty"),
        (["--data", "x", "--synthetic"], "not allowed with argument"),
        (["--resume", "x", "--lr", "1", "--limit", "2"], "not with --resume"),
        (["--sead", "1"], "unrecognized arguments: --sead"),
    ],
)
def test_bad_options(run, arguments, words):
    status, _, err = run(*arguments)
    assert status == 2
    assert words in err.splitlines()[-1]


def test_a_traceback_never_reaches_the_user(tmp_path):
    process = command("--data", tmp_path / "nowhere", "--out", tmp_path / "out")
    out, err = process.communicate(timeout=60)
    assert process.returncode == 1 and out == ""
    assert err.startswith("error: --data ") and "no MNIST there" in err and "Traceback" not in err


def mnist_folder(root, **contents):
    """Four files under MNIST's names, train_images and others with the bytes given."""
    raw = root / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for name in ("train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1"):
        packed = contents.get(name.replace("-", "_")[:12], b"")
        ending = "-ubyte.gz" if packed[:2] == b"\x1f\x8b" else "-ubyte"
        (raw / (name + ending)).write_bytes(packed)
    return root


HEADER = bytes.fromhex("00000803 0000ea60 0000001c 0000001c")  # 60,000 × 28 × 28


@pytest.mark.parametrize(
    "train_images, words",
    [
        (HEADER + bytes(5000), "train-images-idx3-ubyte holds only 5000 bytes"),
        (b"", "it starts with nothing"),
        (gzip.compress(HEADER + bytes(9000), mtime=0)[:-20], "ubyte.gz is damaged or cut short"),
        (b"\x1f\x8b" + bytes(500), "ubyte.gz is damaged or cut short"),
        (b"<html>not found</html>", "is not the IDX file it should be"),
    ],
)
def test_damaged_data(run, tmp_path, train_images, words):
    root = mnist_folder(tmp_path / "data", train_images=train_images)
    status, _, err = run("--data", root, "--out", tmp_path / "out")
    assert status.startswith("error: ") and words in status and str(root) in status
    assert err == ""


def test_damaged_data_in_the_default_place_is_not_passed_over(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    mnist_folder(tmp_path / "data", train_images=HEADER)
    status, _, _ = run("--out", "out")
    assert status.startswith("error: data/MNIST/raw/train-images-idx3-ubyte holds only 0 bytes")


def test_out_must_be_a_folder(run, tmp_path):
    (tmp_path / "file").write_text("mine")
    for name, words in (("file", "is not a folder"), ("file/sub", "can't write there")):
        status, out, _ = run(*SMALL, "--out", tmp_path / name)
        assert status.startswith(f"error: --out {tmp_path / name}: ") and words in status
        assert out == ""  # said before anything is done
    assert (tmp_path / "file").read_text() == "mine"


def full_disk(size):
    """Stands for a disk with `size` bytes: no file of the child process may grow beyond it."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def test_full_disk_leaves_no_half_file(whole, tmp_path):
    old = {}
    for name in ("checkpoint.pt", *PICTURES):
        old[name] = (whole / name).read_bytes()
        (tmp_path / name).write_bytes(old[name])
    for size in (200_000, 40_000_000):  # too small for the checkpoint; for nothing
        arguments = (*SMALL, "--limit", 20, "--epochs", 1, "--out", tmp_path)
        process = command(*arguments, preexec_fn=full_disk(size))
        _, err = process.communicate(timeout=60)
        if size == 200_000:
            assert process.returncode == 1
            assert err.splitlines()[-1] == f"error: {tmp_path}: File too large"
            assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == old
        else:
            assert process.returncode == 0
            assert all((tmp_path / name).read_bytes() != old[name] for name in old)


def test_a_picture_is_written_whole_or_not_at_all(example, tmp_path):
    path = tmp_path / "page.png"
    code = (
        "import sys, vit_pictures\n"
        "page = vit_pictures.Page(400, 400)\n"
        "for i in range(0, 400, 3): page.line([(i, 0), (400 - i, 400)], (i % 256, 0, 0))\n"
        "page.save(sys.argv[1])\n"
    )

    def draw(size):
        return subprocess.run(
            [sys.executable, "-c", code, str(path)], cwd=ROOT / "examples",
            preexec_fn=full_disk(size), capture_output=True,
        ).returncode  # fmt: skip

    assert draw(1 << 20) == 0
    before = path.read_bytes()
    assert len(before) > 5000
    assert draw(1000) != 0
    assert path.read_bytes() == before and list(tmp_path.iterdir()) == [path]


def test_a_loss_that_is_no_number_stops_the_run(example, run, tmp_path, monkeypatch):
    model, forward = example.VisionTransformer, example.VisionTransformer.forward
    monkeypatch.setattr(model, "forward", lambda self, images: forward(self, images) * torch.nan)
    status, _, _ = run(*SMALL, "--lr", 100, "--out", tmp_path)
    assert status == "error: the loss became nan in batch 1: try a smaller --lr than 100.0"
    assert list(tmp_path.iterdir()) == []


# -- resuming ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "make, words",
    [
        (lambda good: None, "No such file or directory"),
        (lambda good: b"", "is not a file written by torch.save"),
        (lambda good: b"junk " * 100, "is not a file written by torch.save"),
        (lambda good: good[: len(good) // 2], "or it was cut short"),
        (lambda good: good[:400_000] + bytes(99) + good[400_099:], "is damaged"),
    ],
)
def test_bad_checkpoints(run, whole, tmp_path, make, words):
    path = tmp_path / "checkpoint.pt"
    content = make((whole / "checkpoint.pt").read_bytes())
    if content is not None:
        path.write_bytes(content)
    status, out, _ = run("--resume", path)
    assert status.startswith(f"error: --resume {path}: ") and words in status
    assert "\n" not in status and out == ""


@pytest.mark.parametrize("content", [[1, 2], {"a": 1}, {"config": {}, "model": {}}])
def test_foreign_checkpoints(run, tmp_path, content):
    torch.save(content, tmp_path / "other.pt")
    status, _, _ = run("--resume", tmp_path / "other.pt")
    assert status.endswith("other.pt: it is not a checkpoint of this example")


def test_a_checkpoint_of_another_model(run, whole, tmp_path):
    stored = torch.load(whole / "checkpoint.pt")
    stored["config"]["patch_size"] = 4
    torch.save(stored, tmp_path / "other.pt")
    status, _, _ = run("--resume", tmp_path / "other.pt")
    assert "Error(s) in loading state_dict" in status and "\n" not in status


def test_a_checkpoint_runs_no_code(run, tmp_path):
    class Bomb:
        def __reduce__(self):
            return os.mkdir, (str(tmp_path / "boom"),)

    with serialization.safe_globals([Bomb]):
        torch.save({"config": Bomb()}, tmp_path / "bomb.pt")
    status, _, _ = run("--resume", tmp_path / "bomb.pt")
    assert "never runs code from a file" in status
    assert not (tmp_path / "boom").exists()


def test_resuming_asks_for_what_the_checkpoint_has(run, whole, tmp_path):
    path = whole / "checkpoint.pt"
    status, _, _ = run("--resume", path, "--epochs", 1, "--out", tmp_path)
    assert status == "error: --epochs 1: the checkpoint has done 2"
    status, _, _ = run("--resume", path, "--data", tmp_path, "--out", tmp_path)
    assert status.endswith("the checkpoint's run was on drawn digits")


def test_one_epoch_then_another_is_two(run, whole, tmp_path):
    run(*SMALL, "--epochs", 1, "--out", tmp_path)
    status, out, _ = run("--resume", tmp_path / "checkpoint.pt", "--epochs", 2)
    assert status == 0 and "epoch 2" in out and "epoch 1 " not in out
    assert same(state(tmp_path), state(whole))


@pytest.mark.parametrize(
    "training, call",
    [
        (True, 1),  # in the first batch
        (True, 6),  # in the middle of the second epoch
        (True, 4),  # in the last batch of an epoch
        (False, 1),  # in the test after the first epoch
        (False, 2),  # in the test after the last epoch
    ],
)
def test_ctrl_c_then_resume_ends_the_same(
    example, run, whole, tmp_path, monkeypatch, training, call
):
    forward, calls = example.VisionTransformer.forward, []

    def interrupted(model, images):
        if model.training == training:
            calls.append(1)
            if len(calls) == call:
                signal.raise_signal(signal.SIGINT)
        return forward(model, images)

    monkeypatch.setattr(example.VisionTransformer, "forward", interrupted)
    status, out, err = run(*SMALL, "--epochs", 2, "--out", tmp_path)
    path = tmp_path / "checkpoint.pt"
    assert status == 130
    assert err.splitlines()[-1] == f"stopped: go on with --resume {path}"
    assert "accuracy  " not in out
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    stopped = torch.load(path)
    batch = (call - 1) % 4 + 1 if training else 4
    assert (stopped["epoch"], stopped["step"]) == ((call - 1) // 4 if training else call - 1, batch)

    status, _, _ = run("--resume", path)
    assert status == 0
    assert same(state(tmp_path), state(whole))


def test_a_second_ctrl_c_ends_at_once(example, run, tmp_path, monkeypatch):
    def interrupted(model, images):
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(example.VisionTransformer, "forward", interrupted)
    status, _, err = run(*SMALL, "--out", tmp_path)
    assert status == 130 and err.splitlines()[-1] == "stopped"  # nothing to go on from
    assert list(tmp_path.iterdir()) == []


def test_ctrl_c_from_the_keyboard(tmp_path):
    process = command(*SMALL, "--limit", 200, "--epochs", 2, "--batch-size", 5, "--out", tmp_path)
    bar = ""
    while "epoch 1/2:   " not in bar:  # some batches are done
        bar += process.stderr.read(1)
        assert process.poll() is None
    time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "stopped: go on with --resume" in err and "Traceback" not in err
    assert 1 <= torch.load(tmp_path / "checkpoint.pt")["step"] <= 40
