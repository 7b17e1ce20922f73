"""Datasets of one's own, collate functions, samplers, splits, transforms."""

import numpy as np
import torch
from torch.utils.data import (
    BatchSampler,
    ConcatDataset,
    DataLoader,
    Dataset,
    IterableDataset,
    RandomSampler,
    SequentialSampler,
    Subset,
    TensorDataset,
    WeightedRandomSampler,
    random_split,
)
from torchvision import transforms


class WineDataset(Dataset):
    def __init__(self, transform=None):
        rng = np.random.RandomState(0)
        table = np.round(rng.rand(10, 4), 3).astype(np.float32)
        self.x = table[:, 1:]
        self.y = (table[:, [0]] > 0.5).astype(np.float32)
        self.n_samples = table.shape[0]
        self.transform = transform

    def __getitem__(self, index):
        sample = self.x[index], self.y[index]
        return self.transform(sample) if self.transform else sample

    def __len__(self):
        return self.n_samples


class ToTensor:
    def __call__(self, sample):
        inputs, targets = sample
        return torch.from_numpy(inputs), torch.from_numpy(targets)


class MulTransform:
    def __init__(self, factor):
        self.factor = factor

    def __call__(self, sample):
        inputs, targets = sample
        return inputs * self.factor, targets


print(WineDataset()[0])
print(WineDataset(ToTensor())[0], type(WineDataset(ToTensor())[0][0]).__name__)
composed = transforms.Compose([ToTensor(), MulTransform(4)])
print(WineDataset(composed)[0])
torch.manual_seed(0)
loader = DataLoader(dataset=WineDataset(), batch_size=4, shuffle=True, num_workers=0)
for i, (inputs, labels) in enumerate(loader):
    print(i, inputs.shape, inputs.dtype, labels.flatten())
print(len(loader), len(loader.dataset), loader.batch_size)


class Faces(Dataset):
    """Samples are dictionaries."""

    def __len__(self):
        return 5

    def __getitem__(self, idx):
        if torch.is_tensor(idx):
            idx = idx.tolist()
        return {"id": idx, "name": f"face{idx}", "landmarks": np.arange(4.0).reshape(2, 2) + idx, "score": idx / 2, "box": (idx, [idx + 0.5])}


for batch in DataLoader(Faces(), batch_size=2):
    print(batch)


class Words(Dataset):
    def __init__(self):
        self.data = [torch.arange(n) for n in (3, 1, 4, 2)]

    def __len__(self):
        return len(self.data)

    def __getitem__(self, i):
        return self.data[i], i


class PadCollate:
    def __init__(self, pad):
        self.pad = pad

    def __call__(self, batch):
        longest = max(len(item[0]) for item in batch)
        out = torch.full((len(batch), longest), self.pad, dtype=torch.long)
        for row, (tokens, _) in zip(out, batch):
            row[: len(tokens)] = tokens
        return out, torch.tensor([item[1] for item in batch])


for tokens, ids in DataLoader(Words(), batch_size=3, shuffle=False, collate_fn=PadCollate(pad=-1)):
    print(tokens, ids)
print(next(iter(DataLoader(Words(), batch_size=2, collate_fn=lambda b: b))))

# tools
full = TensorDataset(torch.arange(10), torch.arange(10) ** 2)
print(full[3], len(full), full[2:4])
a, b = random_split(full, [7, 3], generator=torch.Generator().manual_seed(1))
print(a.indices, [x.item() for x, _ in b])
thirds = random_split(range(10), [0.5, 0.3, 0.2])
print([len(t) for t in thirds], list(thirds[0]))
print(list(Subset(full, [1, 5])), len(ConcatDataset([full, full])), ConcatDataset([full, full])[12])
torch.manual_seed(5)
print(list(RandomSampler(range(6))), list(SequentialSampler(range(3))), list(BatchSampler(SequentialSampler(range(7)), 3, drop_last=False)))
print(list(WeightedRandomSampler([0.1, 0.9, 0.4], 6)), list(RandomSampler(range(4), replacement=True, num_samples=5)))
balanced = DataLoader(full, batch_size=4, sampler=WeightedRandomSampler(torch.ones(10), 8))
print([x.tolist() for x, _ in balanced])
print([x[0].tolist() for x in DataLoader(full, batch_size=4, shuffle=True, drop_last=True, generator=torch.Generator().manual_seed(3))])
print([x.tolist() for x in DataLoader(range(5), batch_size=2, num_workers=0)], [x for x in DataLoader([1.5, 2.5], batch_size=None)])


class Numbers(IterableDataset):
    def __init__(self, start, end):
        super().__init__()
        self.start, self.end = start, end

    def __iter__(self):
        return iter(range(self.start, self.end))


print(list(DataLoader(Numbers(3, 8), batch_size=2)))
it = iter(DataLoader(full, 5))
print(next(it)[1], next(it)[1], next(it, "end"))

# pictures
torch.manual_seed(0)
picture = (np.arange(6 * 6 * 3).reshape(6, 6, 3) * 2).astype(np.uint8)
pil = transforms.ToPILImage()(picture)
print(pil.size, pil.mode, transforms.ToTensor()(picture).shape, transforms.ToTensor()(pil).dtype)
pipeline = transforms.Compose([
    transforms.Resize(8), transforms.RandomCrop(6, padding=1), transforms.RandomHorizontalFlip(p=0.5),
    transforms.ToTensor(), transforms.Normalize(mean=[0.5, 0.5, 0.5], std=[0.5, 0.5, 0.5]),
    transforms.Lambda(lambda t: t.clamp(-1, 1)),
])
print(pipeline.transforms[:3])
out = pipeline(pil)
print(out.shape, f"{out.mean():.5f} {out.std():.5f}", out[0, 0])
print(transforms.Grayscale()(pil).mode, transforms.CenterCrop(4)(pil).size, transforms.Pad(2)(pil).size, transforms.RandomResizedCrop(5)(pil).size)
print(transforms.RandomAffine(10, translate=(0.1, 0.1)), transforms.ColorJitter(0.2), transforms.RandomVerticalFlip())
