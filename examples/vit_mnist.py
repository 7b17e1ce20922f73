"""Train the notes' Vision Transformer on MNIST.

    python examples/vit_mnist.py                     # finds or downloads MNIST, else draws digits
    python examples/vit_mnist.py --synthetic         # drawn digits: no data, no network
    python examples/vit_mnist.py --preset notes      # the notes' model: wide and slow

The image is cut into patches, each patch becomes a vector, a class token is put before them, and
a Transformer encoder lets every token look at every other. What the class token has seen is
classified. To run this with PyTorch, change the import lines: torch for minitorch, torchvision
for its datasets and transforms, tqdm for its progress.
"""

from __future__ import annotations

import argparse
import math
import signal
import sys
import tempfile
import time
from pathlib import Path

import vit_pictures

import minitorch as torch
from minitorch import datasets, nn, transforms
from minitorch.progress import tqdm
from minitorch.utils.data import DataLoader, Dataset

PRESETS = {
    "default": {
        "patch_size": 7, "embed_dim": 64, "num_heads": 4, "feedforward": 128, "num_layers": 4,
        "dropout": 0.1, "activation": "relu", "batch_size": 128, "lr": 1e-3, "epochs": 2,
    },
    "notes": {
        "patch_size": 4, "embed_dim": 16, "num_heads": 8, "feedforward": 2048, "num_layers": 4,
        "dropout": 0.001, "activation": "gelu", "batch_size": 512, "lr": 1e-4, "epochs": 2,
    },
}  # fmt: skip


# -- the model ------------------------------------------------------------------------------------


class PatchEmbedding(nn.Module):
    """Images (N, 1, 28, 28) → tokens (N, 1 + patches, E): class token first, positions added."""

    def __init__(self, image_size, patch_size, in_channels, embed_dim, dropout):
        super().__init__()
        num_patches = (image_size // patch_size) ** 2
        self.patcher = nn.Sequential(
            # a convolution that never overlaps: one vector of length E for each patch
            nn.Conv2d(in_channels, embed_dim, kernel_size=patch_size, stride=patch_size),
            nn.Flatten(2),  # (N, E, H/p, W/p) → (N, E, patches)
        )
        self.class_token = nn.Parameter(torch.randn(1, 1, embed_dim))
        self.positions = nn.Parameter(torch.randn(1, 1 + num_patches, embed_dim))
        self.dropout = nn.Dropout(dropout)

    def forward(self, images):
        patches = self.patcher(images).permute(0, 2, 1)  # (N, patches, E)
        class_token = self.class_token.expand(images.shape[0], -1, -1)
        tokens = torch.cat([class_token, patches], dim=1)
        return self.dropout(tokens + self.positions)


class VisionTransformer(nn.Module):
    """Patch embedding → Transformer encoder → what the class token says: K scores."""

    def __init__(self, num_classes=10, image_size=28, in_channels=1, *, patch_size, embed_dim,
                 num_heads, feedforward, num_layers, dropout, activation):  # fmt: skip
        super().__init__()
        self.embedding = PatchEmbedding(image_size, patch_size, in_channels, embed_dim, dropout)
        layer = nn.TransformerEncoderLayer(
            d_model=embed_dim, nhead=num_heads, dim_feedforward=feedforward, dropout=dropout,
            activation=activation, batch_first=True, norm_first=True,
        )  # fmt: skip
        # norm_first: PyTorch's fast path for padded batches does not apply, so say so
        self.encoder = nn.TransformerEncoder(layer, num_layers, enable_nested_tensor=False)
        self.head = nn.Sequential(nn.LayerNorm(embed_dim), nn.Linear(embed_dim, num_classes))

    def forward(self, images):
        tokens = self.encoder(self.embedding(images))  # (N, T, E)
        return self.head(tokens[:, 0])  # the class token alone, (N, K)

    def attention(self, images):
        """How much the class token looks at each patch in the last layer, (N, patches)."""
        tokens = self.embedding(images)
        *first, last = self.encoder.layers
        for layer in first:
            tokens = layer(tokens)
        x = last.norm1(tokens)
        _, weights = last.self_attn(x, x, x, need_weights=True)  # (N, T, T), mean over heads
        return weights[:, 0, 1:]


# -- the data -------------------------------------------------------------------------------------

TRAIN_TRANSFORM = transforms.Compose([
    transforms.ToPILImage(),
    transforms.RandomRotation(degrees=15),
    transforms.ToTensor(),  # uint8 0-255, (H, W) → float32 0-1, (1, H, W)
    transforms.Normalize([0.5], [0.5]),  # 0-1 → −1-1
])  # fmt: skip
TEST_TRANSFORM = transforms.Compose([
    transforms.ToPILImage(),
    transforms.ToTensor(),
    transforms.Normalize([0.5], [0.5]),
])  # fmt: skip


class Digits(Dataset):
    """Images (n, 28, 28) and labels (n,) as pairs (transformed image, label)."""

    def __init__(self, images, labels, transform):
        self.images, self.labels, self.transform = images, labels, transform

    def __len__(self):
        return len(self.images)

    def __getitem__(self, i):
        return self.transform(self.images[i]), self.labels[i]

    def __getitems__(self, indices):
        """The samples of a whole batch: the DataLoader asks for them in one call.

        minitorch's Compose has `batch`, which takes all images at once: the same pixels, six times
        as fast. torchvision's has not, so there the images go one by one.
        """
        images = self.images[indices]
        if hasattr(self.transform, "batch"):
            images = self.transform.batch(images)
        else:
            images = [self.transform(image) for image in images]
        return list(zip(images, self.labels[indices]))


def find_data(args):
    """(training set, test set, what they are): real MNIST if it can be had, else drawn digits."""
    if args.synthetic:
        return drawn_digits(args.limit)
    root = Path(args.data or "data")
    try:
        return *(datasets.MNIST(root, train=train) for train in (True, False)), f"MNIST in {root}"
    except RuntimeError as error:
        if not str(error).startswith("Dataset not found"):
            raise SystemExit(f"error: {error}") from None  # there, but damaged
    if args.data is not None:
        raise SystemExit(
            f"error: --data {root}: no MNIST there, expected train-images-idx3-ubyte, "
            f"train-labels-idx1-ubyte,\n       t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte "
            f"(or .gz) in {root / 'MNIST' / 'raw'}"
        )
    try:
        print(f"no MNIST in {root}: downloading it")
        return *(datasets.MNIST(root, train=t, download=True) for t in (True, False)), "MNIST"
    except (RuntimeError, OSError) as error:
        reason = str(error).splitlines()[-1]
        print(f"MNIST could not be downloaded ({reason}): training on drawn digits instead")
        return drawn_digits(args.limit)


def drawn_digits(limit):
    """20,000 images to train on and 5,000 to test, unless --limit says less: under a minute."""
    sizes = ((True, 20_000), (False, 5_000))
    sets = (datasets.SyntheticDigits(train=t, num_samples=min(limit or n, n)) for t, n in sizes)
    return *sets, "drawn digits"


def loaders(args, run):
    train, test, name = find_data(args)
    n = min(args.limit or len(train.data), len(train.data))
    m = min(args.limit or len(test.data), len(test.data))
    print(f"data      {name}: {n:,} training images, {m:,} test images")
    synthetic = name == "drawn digits"
    if args.resume is not None and synthetic != run.data["synthetic"]:
        raise SystemExit("error: --resume: that run was on MNIST, which is not to be had")
    run.data = {"synthetic": synthetic, "data": args.data, "limit": args.limit}
    train = Digits(train.data[:n], train.targets[:n], TRAIN_TRANSFORM)
    test = Digits(test.data[:m], test.targets[:m], TEST_TRANSFORM)
    return (
        DataLoader(train, batch_size=run.config["batch_size"], shuffle=True),
        DataLoader(test, batch_size=500),
    )


# -- training -------------------------------------------------------------------------------------


class Run:
    """The state of a training run: everything that a checkpoint holds."""

    PARTS = ("config", "data", "epoch", "step", "history", "sums", "epoch_start")

    def __init__(self, config, seed):
        torch.manual_seed(seed)
        self.config = config  # a row of PRESETS, with what the user chose instead
        self.data = {}  # the options that say which images
        outside = ("preset", "batch_size", "lr", "epochs")
        self.model = VisionTransformer(**{k: v for k, v in config.items() if k not in outside})
        self.optimizer = torch.optim.Adam(self.model.parameters(), lr=config["lr"])
        self.epoch = self.step = 0  # epochs finished, batches done in the next one
        self.history = []  # one dict for each finished epoch
        self.sums = [0.0, 0, 0, 0.0]  # of the running epoch: loss · images, right, images, seconds
        self.epoch_start = torch.get_rng_state()
        self.saved = None  # the checkpoint to go on from

    def save(self, path):
        """Write a checkpoint, whole or not at all."""
        torch.save({
            **{name: getattr(self, name) for name in self.PARTS},
            "model": self.model.state_dict(), "optimizer": self.optimizer.state_dict(),
            "generator": torch.get_rng_state(),
        }, path)  # fmt: skip
        self.saved = path

    @classmethod
    def load(cls, path):
        """The run of a checkpoint, ready to go on where it stopped."""
        stored = torch.load(path, weights_only=True)
        needed = {*cls.PARTS, "model", "optimizer", "generator"}
        if not isinstance(stored, dict) or not needed <= stored.keys():
            raise ValueError("it is not a checkpoint of this example")
        run = cls(stored["config"], seed=0)
        run.model.load_state_dict(stored["model"])
        run.optimizer.load_state_dict(stored["optimizer"])
        for name in cls.PARTS:
            setattr(run, name, stored[name])
        torch.set_rng_state(stored["generator"])
        run.saved = path
        return run

    def batches(self, loader):
        """The batches of this epoch that are left to do, and the random numbers to go with them.

        A run that stopped inside an epoch draws that epoch's order and images again, passes over
        those it has done, and then takes up the random numbers where it stopped.
        """
        if self.step == 0:
            self.epoch_start = torch.get_rng_state()
            return iter(loader)
        stopped_at = torch.get_rng_state()
        torch.set_rng_state(self.epoch_start)
        iterator = iter(loader)
        for _ in range(self.step):
            next(iterator)
        torch.set_rng_state(stopped_at)
        return iterator


class Interrupt:
    """Ctrl-C inside this block is a wish, heard between two batches; a second one ends at once.

    Half a step can't be resumed: some parameters would be new and some old.
    """

    def __enter__(self):
        self.wanted = False
        self.before = signal.signal(signal.SIGINT, self.hear)
        return self

    def hear(self, number, frame):
        if self.wanted:
            raise KeyboardInterrupt
        self.wanted = True

    def __exit__(self, *exception):
        signal.signal(signal.SIGINT, self.before)


def train_epoch(run, loader, criterion, interrupt):
    """One pass over the training images; loss and accuracy stand in the progress bar."""
    run.model.train()
    batches = run.batches(loader)
    name = f"epoch {run.epoch + 1}/{run.config['epochs']}"
    with tqdm(batches, desc=name, total=len(loader), initial=run.step, unit="batch") as bar:
        for images, labels in bar:
            scores = run.model(images)
            loss = criterion(scores, labels)
            run.optimizer.zero_grad()
            loss.backward()
            run.optimizer.step()
            run.step += 1
            right = (scores.argmax(dim=1) == labels).sum().item()
            for i, amount in enumerate((loss.item() * len(labels), right, len(labels))):
                run.sums[i] += amount
            total, hits, seen, _ = run.sums
            if not math.isfinite(total):
                raise FloatingPointError(f"the loss became {loss.item()} in batch {run.step}")
            bar.set_postfix(loss=f"{total / seen:.4f}", acc=f"{hits / seen:.2%}", refresh=False)
            if interrupt.wanted:
                break


@torch.no_grad()
def evaluate(model, loader, criterion):
    """(mean loss, accuracy, predictions, confidences) on the test images."""
    model.eval()
    total, predictions, confidences, labels = 0.0, [], [], []
    for images, target in tqdm(loader, desc="test", unit="batch", leave=False):
        scores = model(images)
        total += criterion(scores, target).item() * len(target)
        confidence, prediction = scores.softmax(dim=1).max(dim=1)
        predictions.append(prediction)
        confidences.append(confidence)
        labels.append(target)
    predictions, confidences, labels = map(torch.cat, (predictions, confidences, labels))
    accuracy = (predictions == labels).float().mean().item()
    return total / len(labels), accuracy, predictions, confidences


def train(run, train_loader, test_loader, checkpoint):
    """All epochs that are left, with a checkpoint after each and when the user interrupts.

    Returns what `evaluate` gave last; None if no epoch was left.
    """
    criterion = nn.CrossEntropyLoss()
    tested = None
    while run.epoch < run.config["epochs"]:
        with Interrupt() as interrupt:
            started = time.perf_counter()
            train_epoch(run, train_loader, criterion, interrupt)
            run.sums[3] += time.perf_counter() - started
            run.save(checkpoint)  # before the test, too: stopped there, only the test is lost
        if interrupt.wanted:
            raise KeyboardInterrupt
        tested = evaluate(run.model, test_loader, criterion)
        loss, accuracy, *_ = tested
        total, hits, seen, seconds = run.sums
        run.history.append({
            "train_loss": total / seen, "train_accuracy": hits / seen,
            "test_loss": loss, "test_accuracy": accuracy, "seconds": seconds,
        })  # fmt: skip
        run.epoch, run.step, run.sums = run.epoch + 1, 0, [0.0, 0, 0, 0.0]
        run.save(checkpoint)
        print(f"epoch {run.epoch}   test accuracy {accuracy:.2%}   test loss {loss:.4f}   "
              f"{seconds:.1f} s")  # fmt: skip
    return tested


def draw(run, loader, tested, out):
    """The four pictures: what was learned, and what the model looks at."""
    _, _, predictions, confidences = tested
    images, labels = loader.dataset.images, loader.dataset.labels
    counts = torch.zeros(10, 10, dtype=torch.int64)
    counts.view(-1).index_add_(0, labels * 10 + predictions, torch.ones_like(labels))
    some = torch.stack([TEST_TRANSFORM(image) for image in images[:10]])
    with torch.no_grad():
        side = int(run.model.embedding.patcher[0].kernel_size[0])
        maps = run.model.attention(some).view(-1, 28 // side, 28 // side)
    vit_pictures.training_curves(run.history, out / "curves.png")
    vit_pictures.digit_grid(images.numpy(), labels.numpy(), predictions.numpy(),
                            confidences.numpy(), out / "digits.png")  # fmt: skip
    vit_pictures.confusion_matrix(counts.numpy(), out / "confusion.png")
    vit_pictures.attention_maps(images[:10].numpy(), maps.numpy(), labels[:10].numpy(),
                                out / "attention.png")  # fmt: skip


# -- the command ----------------------------------------------------------------------------------


def number(kind, low, high):
    """An argparse type: a number from low to high."""

    def parse(text):
        value = kind(text)
        if not low <= value <= high:
            raise argparse.ArgumentTypeError(f"must be from {low} to {high}, got {text}")
        return value

    parse.__name__ = kind.__name__  # for argparse's "invalid int value"
    return parse


def folder_or_file(text):
    """An argparse type: "" would be the current folder, which nobody means."""
    if not text:
        raise argparse.ArgumentTypeError("must not be empty")
    return text


COUNT = number(int, 1, 10**9)
RATE = number(float, 1e-12, 1e6)
SEED = number(int, 0, 2**63 - 1)


def parse_arguments(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    images = parser.add_mutually_exclusive_group()
    images.add_argument("--data", type=folder_or_file, metavar="DIR",
                        help="folder that holds MNIST/raw (default: data)")  # fmt: skip
    images.add_argument("--synthetic", action="store_true", help="train on drawn digits")
    parser.add_argument("--preset", choices=PRESETS, help="size of the model (default: default)")
    parser.add_argument("--epochs", type=COUNT, help="passes over the data (default: 2)")
    parser.add_argument("--batch-size", type=COUNT, help="images in a training step")
    parser.add_argument("--lr", type=RATE, help="Adam's learning rate")
    parser.add_argument("--seed", type=SEED, help="start of the random numbers (default: 0)")
    parser.add_argument("--limit", type=COUNT, metavar="N", help="use the first N images only")
    parser.add_argument("--out", type=folder_or_file, metavar="DIR",
                        help="where to write (default: runs/vit_mnist)")  # fmt: skip
    parser.add_argument("--resume", type=folder_or_file, metavar="FILE",
                        help="go on from a checkpoint (--epochs may be raised)")  # fmt: skip
    args = parser.parse_args(argv)
    fixed = ("synthetic", "preset", "batch_size", "lr", "seed", "limit")
    clash = [f"--{k.replace('_', '-')}" for k in fixed if getattr(args, k) not in (None, False)]
    if args.resume is not None and clash:
        parser.error(f"not with --resume, the checkpoint says it: {', '.join(clash)}")
    return args


def start(args):
    """A new run, or the one in the checkpoint, whose options then stand in `args`."""
    given = {k: v for k in ("epochs", "batch_size", "lr") if (v := getattr(args, k)) is not None}
    if args.resume is None:
        preset = args.preset or "default"
        return Run({"preset": preset, **PRESETS[preset], **given}, args.seed or 0)
    try:
        run = Run.load(args.resume)
    except Exception as error:  # whatever is wrong with the file, the user gets one line
        reason = getattr(error, "strerror", None) or str(error).splitlines()[0]
        raise SystemExit(f"error: --resume {args.resume}: {reason}") from None
    if given.get("epochs", run.epoch) < run.epoch:
        raise SystemExit(f"error: --epochs {args.epochs}: the checkpoint has done {run.epoch}")
    if args.data is not None and run.data["synthetic"]:
        raise SystemExit(f"error: --data {args.data}: the checkpoint's run was on drawn digits")
    run.config.update(given)
    args.synthetic, args.limit = run.data["synthetic"], run.data["limit"]
    if args.data is None:
        args.data = run.data["data"]
    return run


def folder(args):
    """Where to write: made if it is not there, and tried before an epoch is spent."""
    beside = Path(args.resume).parent if args.resume is not None else Path("runs/vit_mnist")
    out = Path(args.out) if args.out is not None else beside
    try:
        if out.exists() and not out.is_dir():
            raise SystemExit(f"error: --out {out}: is not a folder")
        out.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=out).close()
    except OSError as error:
        raise SystemExit(f"error: --out {out}: can't write there: {error.strerror}") from None
    return out


def main(argv=None):
    args = parse_arguments(argv)
    started = time.perf_counter()
    run = None
    try:
        run = start(args)
        out = folder(args)
        train_loader, test_loader = loaders(args, run)
        parameters = sum(p.numel() for p in run.model.parameters())
        print(f"model     {parameters:,} parameters, {run.config['preset']} preset")
        tested = train(run, train_loader, test_loader, out / "checkpoint.pt")
        if tested is None:  # resumed after its last epoch
            tested = evaluate(run.model, test_loader, nn.CrossEntropyLoss())
        draw(run, test_loader, tested, out)
    except KeyboardInterrupt:
        words = f": go on with --resume {run.saved}" if run and run.saved else ""
        print(f"\nstopped{words}", file=sys.stderr)
        sys.exit(130)  # what a shell expects of a program that Ctrl-C ended
    except FloatingPointError as error:
        raise SystemExit(f"error: {error}: try a smaller --lr than {run.config['lr']}") from None
    except OSError as error:  # disk full, no permission
        where = error.filename2 or error.filename or out
        raise SystemExit(f"error: {where}: {error.strerror or error}") from None
    accuracy = run.history[-1]["test_accuracy"]
    print(f"wrote     {out}/checkpoint.pt, curves.png, digits.png, confusion.png, attention.png")
    print(f"accuracy  {accuracy:.2%} on {len(test_loader.dataset):,} test images")
    print(f"time      {time.perf_counter() - started:.1f} s")


if __name__ == "__main__":
    main()
