"""A first walk through tensors: making them, looking at them, indexing, joining, computing."""

import numpy as np
import torch

torch.manual_seed(7)

# making tensors
data = [[1, 2], [3, 4]]
x = torch.tensor(data)
print(x, x.dtype, x.shape, x.size(), x.ndim, x.numel())
array = np.array(data)
from_array = torch.from_numpy(array)
array[0, 0] = 10
print(from_array)
print(torch.ones_like(x), torch.rand_like(x, dtype=torch.float))
shape = (2, 3,)
print(torch.rand(shape))
print(torch.ones(shape), torch.zeros(shape), torch.empty(0, 3))
print(torch.arange(0, 10, 2), torch.linspace(0, 1, 5), torch.eye(3))
print(torch.full((2, 2), 3.5), torch.full((2,), 7), torch.logspace(0, 3, 4))
print(torch.randint(0, 10, (2, 5)), torch.randperm(6), torch.randn(3))
print(torch.FloatTensor([1, 2]), torch.LongTensor([3]), torch.Tensor([[1, 2]]), torch.Tensor(2, 3).shape)
print(torch.tensor([True, False]), torch.tensor(3.14159265), torch.tensor([]), torch.tensor([1e-8, 1.0, 1e8]))

# attributes and kinds
t = torch.rand(3, 4)
print(f"Shape of tensor: {t.shape}")
print(f"Datatype of tensor: {t.dtype}")
print(f"Device tensor is stored on: {t.device}")
for kind in (torch.int8, torch.int16, torch.int32, torch.int64, torch.uint8, torch.float16, torch.float64, torch.bool):
    print(kind, (t * 10).to(kind))
print(x.float(), x.double().dtype, x.half().dtype, x.bool(), x.type(torch.float64), x.type(), x.int().type())
print(torch.tensor([1, 2]) + torch.tensor([0.5, 0.5]), torch.tensor([1, 2]) / 2, torch.tensor([7, -7]) // 2)
print(torch.tensor([1, 2]) * 1.5, 2 ** torch.tensor([1.0, 3.0]), 1 / torch.tensor([2.0, 4.0]), 5 - torch.tensor([1, 2]))

# indexing
t = torch.arange(12.0).reshape(3, 4)
print(f"First row: {t[0]}")
print(f"First column: {t[:, 0]}")
print(f"Last column: {t[..., -1]}")
t[:, 1] = 0
print(t)
print(t[t > 5], t[[0, 2]], t[torch.tensor([0, 2]), torch.tensor([1, 3])], t[1:, ::2], t[None].shape)
t[t > 8] = -1
t[0] += 100
print(t, t[1, 2].item(), float(t[0, 0]), int(t[0, 0]))

# joining and shapes
t1 = torch.cat([t, t, t], dim=1)
print(t1)
print(torch.stack([t, t]).shape, torch.vstack([t, t]).shape, torch.hstack([t, t]).shape)
a = torch.arange(24)
print(a.view(2, 3, 4)[1, 2], a.reshape(4, -1).shape, a.view(2, 3, 4).permute(2, 0, 1).shape)
print(a.view(6, 4).t().shape, a.view(6, 4).T[0], a.view(2, 3, 4).transpose(1, 2).is_contiguous())
print(a[:3].unsqueeze(0).expand(2, 3), a[:3].repeat(2), a.view(1, 24, 1).squeeze().shape, a.chunk(5)[-1])
print([part.tolist() for part in a.split(10)], a.view(4, 6).unbind(1)[5], a.view(2, 12).flatten().shape)

# arithmetic
w = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
y1, y2 = w @ w.T, w.matmul(w.T)
y3 = torch.empty(2, 2)
torch.matmul(w, w.T, out=y3)
print(y1, torch.equal(y1, y2), torch.allclose(y2, y3))
print(w * w, w.mul(w), w.pow(2), w.sqrt(), w.exp(), w.log())
agg = w.sum()
print(agg, agg.item(), type(agg.item()))
print(w.sum(dim=0), w.mean(dim=1, keepdim=True), w.max(), w.max(dim=1), w.argmin(), w.std(), w.var(unbiased=False))
w.add_(5)
print(w, w.t_() is w, w)
print(w.cumsum(0), w.prod(), w.norm(), torch.clamp(w, 7, 8), w.round(), w.neg().abs())
print((w > 6) & (w < 9), (w > 6).any(), (w > 6).all(), (w > 6).sum(), ~(w > 6))
n = w.numpy()
np.add(n, 1, out=n)
print(w, n.dtype, np.asarray(w).shape)

# what is printed
print(torch.arange(2000), torch.randn(3, 3) * 1000, torch.zeros(2, 2, 2))
print(torch.tensor([[1e-5, 1.0], [float("nan"), float("inf")]]), torch.tensor([1.5, -2.25]), torch.tensor([1.0, 100.0]))
print(torch.randn(2, 3, requires_grad=True), len(torch.zeros(5, 2)), [row.tolist() for row in torch.eye(2)])
print("%.3f and %d" % (torch.tensor(2.5), torch.tensor(7)), f"{torch.tensor(2.71828):.3f} {torch.tensor(5):>4d} {torch.tensor([1, 2])}")
torch.set_printoptions(precision=2, sci_mode=False)
print(torch.tensor([0.123456, 1234.5]))
torch.set_printoptions(profile="default")
for bad in (lambda: torch.zeros(2, 3) @ torch.zeros(2, 3), lambda: torch.zeros(2) + torch.zeros(3), lambda: torch.zeros(5).view(2, 2), lambda: torch.zeros(2, 2).item(), lambda: torch.zeros(3)[5]):
    try:
        bad()
    except Exception as error:
        print(type(error).__name__, "-", error)
