"""How tensors look: digits, scientific notation, summaries, line breaks, the words after them."""

import numpy as np
import torch

rng = np.random.RandomState(0)
for scale in (1e-9, 1e-3, 1.0, 1e4, 1e9):
    print(torch.from_numpy(rng.randn(3) * scale), torch.tensor(rng.randn(2, 2) * scale, dtype=torch.float32))
for dtype in (torch.float16, torch.float64, torch.int8, torch.int32, torch.int64, torch.uint8, torch.bool):
    values = torch.tensor([[0, 1, 2], [40, 50, 6]]).to(dtype)
    print(values, values[0, 0], values.t()[:2], sep="\n")
print(torch.tensor([0.0, -0.0, 1.0]), torch.tensor([float("inf"), 1.5]), torch.tensor([float("nan"), -float("inf")]))
print(torch.tensor([1.0, 2.0, 1e8]), torch.tensor([1.0, 1e-4]), torch.tensor([1e-5, 1e-4]), torch.tensor([0.5, 999.5]), torch.tensor([0.5, 1000.5]))
print(torch.arange(1001), torch.arange(1001.0) / 7, torch.arange(1200).view(30, 40), torch.zeros(1001, 2), sep="\n")
print(torch.arange(1000)[:60], torch.linspace(-1, 1, 30), sep="\n")
print(torch.zeros(2, 3, 2, 2), torch.zeros(0), torch.zeros(2, 0), torch.tensor([], dtype=torch.int64), torch.zeros(0, 3, dtype=torch.float64))
print(torch.tensor(3), torch.tensor(3.0), torch.tensor(True), torch.tensor(1e10), torch.tensor(1e-10), torch.tensor(123456.789))

# the words after the numbers, and where the line breaks
for n in range(1, 12):
    print(torch.ones(n, requires_grad=True))
    print(torch.full((n,), 0.5, dtype=torch.float64, requires_grad=True))
x = torch.full((2, 3), 0.25, requires_grad=True)
print(x * 2, x.sum(), (x * 2).double(), x.t(), x[0], x.mean().detach(), x.exp().half(), sep="\n")
print(torch.nn.Parameter(torch.ones(2, 2)), torch.nn.Parameter(torch.ones(2), requires_grad=False), x.max(dim=0), x.detach().sort(1), sep="\n")
print([torch.tensor(1.5), torch.tensor([1, 2])], {"loss": torch.tensor(0.25)}, (torch.Size([2, 3]), x.shape, x.dtype, x.device))

# options
for options in (dict(precision=2), dict(precision=8), dict(sci_mode=True), dict(sci_mode=False), dict(linewidth=40), dict(threshold=5, edgeitems=2), dict(profile="short"), dict(profile="full")):
    torch.set_printoptions(profile="default")
    torch.set_printoptions(**options)
    print(options, torch.tensor([[0.1234567, 1234.5, 3.0], [1e-6, 2.0, 7.0]]), torch.arange(12.0), torch.tensor([float("nan"), 0.5]), torch.ones(3, requires_grad=True), sep="\n")
torch.set_printoptions(profile="default")
np.set_printoptions(precision=4)
print(x.detach().numpy(), torch.arange(3).numpy(), repr(torch.ones(2).numpy()))
print(f"{torch.tensor(0.123456):.3f} {torch.tensor(12):05d} {torch.tensor(0.5):.1%} {torch.tensor(1234567.0):,.1f} {torch.tensor(3.0):8.2f}|{torch.tensor(True)}|{torch.tensor(2.5)!s}|{torch.tensor([1.0])!r}")
print("%d %s %.2f" % (torch.tensor(4), torch.tensor(4), torch.tensor(0.126)), "{:.4e} {}".format(torch.tensor(0.5), torch.tensor([0.5])), str(torch.tensor(7)))
