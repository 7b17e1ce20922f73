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
import os
import sys
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


def find_data(args):
    """(training set, test set, what they are): real MNIST if it can be had, else drawn digits."""
    if args.synthetic:
        return *drawn_digits(), "drawn digits"
    root = args.data or "data"
    try:
        return *(datasets.MNIST(root, train=train) for train in (True, False)), f"MNIST in {root}"
    except RuntimeError as error:
        if args.data or "not found" not in str(error):  # asked for, or there but damaged
            raise SystemExit(f"error: --data {root}: {error}") from None
    try:
        print(f"no MNIST in {root}: downloading it")
        return *(datasets.MNIST(root, train=t, download=True) for t in (True, False)), "MNIST"
    except (RuntimeError, OSError) as error:
        reason = str(error).splitlines()[0]
        print(f"MNIST could not be downloaded ({reason}): training on drawn digits instead")
        return *drawn_digits(), "drawn digits"


def drawn_digits():
    return (datasets.SyntheticDigits(train=train) for train in (True, False))


def loaders(args, config):
    train, test, name = find_data(args)
    n = min(args.limit or len(train.data), len(train.data))
    m = min(args.limit or len(test.data), len(test.data))
    print(f"data      {name}: {n:,} training images, {m:,} test images")
    train = Digits(train.data[:n], train.targets[:n], TRAIN_TRANSFORM)
    test = Digits(test.data[:m], test.targets[:m], TEST_TRANSFORM)
    return (
        DataLoader(train, batch_size=config["batch_size"], shuffle=True),
        DataLoader(test, batch_size=500),
    )


# -- training -------------------------------------------------------------------------------------


class Run:
    """The state of a training run: everything that a checkpoint holds."""

    def __init__(self, config, seed):
        torch.manual_seed(seed)
        self.config = config
        model_config = {k: v for k, v in config.items() if k not in ("batch_size", "lr", "epochs")}
        self.model = VisionTransformer(**model_config)
        self.optimizer = torch.optim.Adam(self.model.parameters(), lr=config["lr"])
        self.epoch = self.step = 0  # epochs finished, batches done in the next one
        self.history = []  # one dict for each finished epoch
        self.sums = [0.0, 0, 0]  # of the running epoch: loss · images, right ones, images
        self.epoch_start = torch.get_rng_state()

    def save(self, path):
        """Write a checkpoint, whole or not at all."""
        torch.save({
            "config": self.config, "model": self.model.state_dict(),
            "optimizer": self.optimizer.state_dict(), "epoch": self.epoch, "step": self.step,
            "history": self.history, "sums": self.sums, "epoch_start": self.epoch_start,
            "generator": torch.get_rng_state(),
        }, path)  # fmt: skip

    @classmethod
    def load(cls, path):
        """The run of a checkpoint, ready to go on where it stopped."""
        stored = torch.load(path, weights_only=True)
        run = cls(stored["config"], seed=0)
        run.model.load_state_dict(stored["model"])
        run.optimizer.load_state_dict(stored["optimizer"])
        for name in ("epoch", "step", "history", "sums", "epoch_start"):
            setattr(run, name, stored[name])
        torch.set_rng_state(stored["generator"])
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


def train_epoch(run, loader, criterion):
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
            total, hits, seen = run.sums
            bar.set_postfix(loss=f"{total / seen:.4f}", acc=f"{hits / seen:.2%}", refresh=False)


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


def train(run, train_loader, test_loader, out):
    """All epochs that are left; a checkpoint after each, and when the user interrupts."""
    criterion = nn.CrossEntropyLoss()
    checkpoint = out / "checkpoint.pt"
    while run.epoch < run.config["epochs"]:
        started = time.perf_counter()
        try:
            train_epoch(run, train_loader, criterion)
        except KeyboardInterrupt:
            run.save(checkpoint)
            sys.exit(f"\nstopped: go on with --resume {checkpoint}")
        seconds = time.perf_counter() - started
        loss, accuracy, *_ = evaluate(run.model, test_loader, criterion)
        total, hits, seen = run.sums
        run.history.append({
            "train_loss": total / seen, "train_accuracy": hits / seen,
            "test_loss": loss, "test_accuracy": accuracy, "seconds": seconds,
        })  # fmt: skip
        run.epoch, run.step, run.sums = run.epoch + 1, 0, [0.0, 0, 0]
        run.save(checkpoint)
        print(f"epoch {run.epoch}   test accuracy {accuracy:.2%}   test loss {loss:.4f}   "
              f"{seconds:.1f} s")  # fmt: skip


def draw(run, loader, out):
    """The four pictures: what was learned, and what the model looks at."""
    _, _, predictions, confidences = evaluate(run.model, loader, nn.CrossEntropyLoss())
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


def positive(kind):
    """An argparse type: a number above zero."""

    def parse(text):
        value = kind(text)
        if value <= 0:
            raise argparse.ArgumentTypeError(f"must be above zero, got {text}")
        return value

    parse.__name__ = kind.__name__
    return parse


def parse_arguments(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", metavar="DIR", help="folder that holds MNIST/raw (default: data)")
    parser.add_argument("--synthetic", action="store_true", help="train on drawn digits")
    parser.add_argument("--preset", choices=PRESETS, default="default", help="size of the model")
    parser.add_argument("--epochs", type=positive(int), help="passes over the data (default 2)")
    parser.add_argument("--batch-size", type=positive(int), help="images in a training step")
    parser.add_argument("--lr", type=positive(float), help="Adam's learning rate")
    parser.add_argument("--seed", type=int, default=0, help="start of the random numbers")
    parser.add_argument("--limit", type=positive(int), metavar="N", help="use N images only")
    parser.add_argument("--out", metavar="DIR", default="runs/vit_mnist", help="where to write")
    parser.add_argument("--resume", metavar="FILE", help="go on from a checkpoint")
    return parser.parse_args(argv)


def start(args):
    """A new run, or the one in the checkpoint."""
    given = {k: v for k in ("epochs", "batch_size", "lr") if (v := getattr(args, k)) is not None}
    if args.resume is None:
        return Run({**PRESETS[args.preset], **given}, args.seed)
    try:
        run = Run.load(args.resume)
    except Exception as error:  # whatever is wrong with the file, the user gets one line
        raise SystemExit(f"error: --resume {args.resume}: {error}") from None
    run.config["epochs"] = given.get("epochs", run.config["epochs"])
    return run


def main(argv=None):
    args = parse_arguments(argv)
    out = Path(args.out)
    started = time.perf_counter()
    try:
        run = start(args)
        out.mkdir(parents=True, exist_ok=True)
        if not os.access(out, os.W_OK):
            raise SystemExit(f"error: --out {out}: can't write there")
        train_loader, test_loader = loaders(args, run.config)
        parameters = sum(p.numel() for p in run.model.parameters())
        print(f"model     {parameters:,} parameters, {args.preset} preset")
        train(run, train_loader, test_loader, out)
        draw(run, test_loader, out)
    except OSError as error:  # disk full, no permission, not a folder
        raise SystemExit(f"error: {error}") from None
    accuracy = run.history[-1]["test_accuracy"]
    print(f"wrote     {out}/checkpoint.pt, curves.png, digits.png, confusion.png, attention.png")
    print(f"accuracy  {accuracy:.2%} on {len(test_loader.dataset):,} test images")
    print(f"time      {time.perf_counter() - started:.1f} s")


if __name__ == "__main__":
    main()
