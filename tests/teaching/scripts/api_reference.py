"""A quick reference: every name that public teaching scripts use, called once, by topic."""

import os

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.autograd import Variable
from torch.optim import lr_scheduler
from torch.utils.data import DataLoader, RandomSampler, Subset, TensorDataset, random_split
from torchvision import datasets, transforms
from torchvision.utils import make_grid, save_image
from tqdm import tqdm, trange

# devices and switches
print(torch.cuda.is_available(), torch.backends.mps.is_available(), torch.accelerator.is_available())
if torch.accelerator.is_available():
    device = torch.accelerator.current_accelerator()
else:
    device = torch.device("cpu")
torch.backends.cudnn.benchmark, torch.backends.cudnn.deterministic = False, True
torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = True
torch.cuda.manual_seed_all(1)
torch.cuda.empty_cache()
print(device, device.type, torch.device("cpu") == device, torch.cuda.device_count())
for call in (lambda: torch.ones(1).cuda(), lambda: torch.ones(1, device="cuda"), lambda: nn.Linear(1, 1).cuda(), lambda: torch.ones(1).to("cuda"), lambda: torch.cuda.get_device_name(0)):
    try:
        call()
    except (AssertionError, RuntimeError) as error:
        print(type(error).__name__)

# creation
torch.manual_seed(0)
generator = torch.Generator().manual_seed(5)
x = torch.randn(3, 4)
print(torch.zeros(2), torch.ones(1, 2), torch.empty(2, 0).shape, torch.full((2,), 1.5), torch.eye(2), torch.rand(2))
print(torch.arange(3), torch.linspace(0, 1, 3), torch.randint(0, 9, (3,)), torch.randperm(4), torch.ones_like(x).sum())
print(torch.randn_like(x).shape, torch.rand_like(x).shape, torch.normal(0.0, 1.0, (2,)), torch.rand(2, generator=generator))
print(torch.from_numpy(np.ones(2)), torch.tensor([1, 2]).to(torch.float16), torch.multinomial(torch.tensor([0.2, 0.8]), 3, replacement=True))
print(torch.FloatTensor([1.5]), torch.LongTensor([1]), torch.ByteTensor([1]), torch.Tensor([2]), torch.as_tensor([3.0]))

# arithmetic in its three spellings
y = x.clone()
y.add_(1).sub_(0.5).mul_(2).div_(4)
print(y.add(1).sub(1).mul(2).div(2).eq(y).all(), torch.sub(x, 1).shape, torch.mul(x, 2).shape, torch.div(x, 2).shape)
print(torch.pow(x[0], 2), x[0].pow(2) == x[0] ** 2, 2 ** x[0], 1 / x[0], 1 - x[0], -x[0], x[0].neg(), x[0].multiply(2))
print(torch.exp(x[0]), torch.log(x[0].abs()), torch.log1p(x[0].abs()), torch.sqrt(x[0] ** 2), torch.erf(x[0]))
print(torch.sin(x[0]), torch.cos(x[0]), torch.tanh(x[0]), torch.sigmoid(x[0]), x[0].sigmoid(), x[0].relu(), x[0].softmax(-1))
print(x[0].round(), x[0].ceil(), x[0].clamp(-0.5, 0.5), x[0].clip(min=0), x[0].gt(0), x[0].lt(0), x[0].ne(0), (x[0] > 0) & (x[0] < 1))

# reductions
print(torch.sum(x), x.sum(0), torch.mean(x), x.mean(1), x.max(), x.max(1), torch.max(x, 0)[0], x.min(), x.prod(), x.var(), x.norm())
print(torch.argmax(x), x.argmax(1), torch.topk(x[0], 2), torch.gt(x, 0).sum(), torch.allclose(x, x + 1e-9), x.dot(x) if x.ndim == 1 else x[0].dot(x[1]))

# shapes
print(x.size(), x.size(0), x.shape, x.dim(), x.numel(), x.nelement(), len(x), x.view(-1).shape, x.view_as(x.reshape(3, 4)).shape)
print(x.t().shape, x.T.shape, x.transpose(0, 1).contiguous().is_contiguous(), x.permute(1, 0).shape, x.flatten().shape, torch.flatten(x, 0).shape)
print(x.unsqueeze(0).squeeze().shape, torch.unsqueeze(x, 1).shape, x[:1].expand(3, -1).shape, x[:1].expand_as(x).shape, x.repeat(2, 1).shape)
print(torch.cat([x, x], 0).shape, torch.stack([x, x]).shape, torch.hstack([x, x]).shape, [p.shape for p in x.split(2)], [p.shape for p in torch.chunk(x, 2, 1)])
print(x.narrow(0, 1, 2).shape, x.flip(0)[0].eq(x[-1]).all(), torch.roll(x, 1, 0)[0].eq(x[-1]).all(), x.unfold(1, 2, 1).shape)
print(torch.repeat_interleave(torch.tensor([1, 2]), 2), torch.meshgrid(torch.arange(2), torch.arange(2), indexing="ij")[0])
print(torch.tril(torch.ones(3, 3)), x.triu().shape, torch.gather(x, 1, torch.zeros(3, 1, dtype=torch.long)).shape)
print(x.masked_fill(x > 0, 0).max(), torch.zeros(2, 2).scatter_(1, torch.tensor([[0], [1]]), 1), torch.zeros(1, 3).scatter(1, torch.tensor([[2]]), 5.0))
x[0, 0], x[1], x[:, 3] = 9.0, 0.0, 1
x[x < 0] = 0.25
x[range(2), [1, 2]] = 7
print(x, x[None, :1, ..., 0], x[[0, 2]], x[1:, :2])

# products
a, b = torch.rand(2, 3, 4), torch.rand(2, 4, 5)
print((a @ b).shape, a.matmul(b).shape, torch.bmm(a, b).shape, torch.mm(a[0], b[0]).shape, a[0].mm(b[0]).shape, torch.dot(a[0, 0], a[0, 1]).shape)
print(torch.einsum("bij,bjk->bik", a, b).shape, torch.matmul(a, b).sum(), F.linear(a, torch.ones(2, 4)).shape)

# to and from Python
t = torch.tensor([[1.5, 2.5]])
print(t.tolist(), t[0, 0].item(), float(t[0, 0]), int(t[0, 1]), bool(t[0, 0] > 1), [v for v in t[0]], f"{t[0, 0]:.2f}", t.numpy(), t.cpu().detach().numpy().shape)
print(t.long(), t.byte(), t.double().dtype, t.type(torch.int64), t.device, t.dtype, t.is_cuda, t.new_zeros(2), list(range(5))[torch.tensor(2)])

# gradients
w = Variable(torch.ones(2), requires_grad=True)
loss = (w * 3).sum()
loss.backward()
print(w.grad, w.grad_fn, loss.grad_fn is not None, w.requires_grad, loss.data, loss.detach().requires_grad)
w.data = torch.zeros(2)
w.grad = None
w.requires_grad = False
print(w, w.requires_grad_(), torch.is_grad_enabled())
with torch.no_grad(), torch.inference_mode():
    print((w * 2).requires_grad)

# layers
image = torch.rand(2, 3, 8, 8)
for layer in (nn.Conv2d(3, 4, 3, padding=1), nn.BatchNorm2d(3), nn.MaxPool2d(2), nn.AvgPool2d(2), nn.AdaptiveAvgPool2d(1), nn.Dropout2d(0.5), nn.Flatten(), nn.Identity()):
    print(layer, layer(image).shape)
rows = torch.rand(2, 6)
for layer in (nn.Linear(6, 2), nn.LayerNorm(6), nn.BatchNorm1d(6), nn.ReLU(), nn.GELU(), nn.Tanh(), nn.Sigmoid(), nn.Softmax(dim=1), nn.LeakyReLU(0.2), nn.Dropout(0.1), nn.Sequential(nn.Linear(6, 1))):
    print(layer, layer(rows).shape)
print(nn.Embedding(5, 3)(torch.tensor([1, 2])).shape, nn.Conv1d(6, 2, 1)(rows.unsqueeze(-1)).shape, nn.LSTM(6, 2)(rows[None])[0].shape, nn.GRU(6, 2)(rows[None])[0].shape)
print(nn.MultiheadAttention(6, 2)(rows[None], rows[None], rows[None])[0].shape, nn.Transformer(6, 2, 1, 1, 8, batch_first=True)(rows[None], rows[None]).shape)
print(nn.TransformerEncoder(nn.TransformerEncoderLayer(6, 2, 8, batch_first=True), 1)(rows[None]).shape, nn.ModuleList([nn.ReLU()]), nn.ModuleDict({"a": nn.ReLU()}))

# functional and losses
print(F.relu(rows).shape, F.softmax(rows, -1).shape, F.log_softmax(rows, dim=1).shape, F.max_pool2d(image, 2).shape, F.avg_pool2d(image, 4).shape)
print(F.dropout(rows, training=False).equal(rows), F.layer_norm(rows, (6,)).shape, F.leaky_relu(-rows).max() <= 0, F.tanh(rows).shape, F.sigmoid(rows).shape)
print(F.pad(rows, (1, 1)).shape, F.interpolate(image, scale_factor=2).shape, F.scaled_dot_product_attention(a, a, a).shape)
target = torch.tensor([1, 3])
print(F.cross_entropy(rows, target), F.nll_loss(F.log_softmax(rows, 1), target), F.mse_loss(rows, rows * 2), F.smooth_l1_loss(rows, rows * 3))
print(F.binary_cross_entropy(rows, torch.ones(2, 6)), F.binary_cross_entropy_with_logits(rows, torch.ones(2, 6)))
print(nn.CrossEntropyLoss()(rows, target), nn.MSELoss()(rows, rows + 1), nn.BCELoss()(rows, rows.round()), nn.NLLLoss()(F.log_softmax(rows, 1), target))

# initialisation, optimizers, schedules
p = nn.Parameter(torch.empty(3, 2))
for init in (nn.init.zeros_, nn.init.ones_, nn.init.normal_, nn.init.uniform_, nn.init.trunc_normal_, nn.init.kaiming_normal_, nn.init.kaiming_uniform_):
    print(init.__name__, f"{init(p).sum().item():.5f}")
nn.init.constant_(p, 0.5)
for make in (torch.optim.SGD, torch.optim.Adam, torch.optim.AdamW, torch.optim.Adadelta, torch.optim.RMSprop, torch.optim.Adagrad):
    optimizer = make([p], lr=0.1)
    optimizer.zero_grad()
    (p**2).sum().backward()
    nn.utils.clip_grad_norm_([p], 1.0)
    optimizer.step()
    print(make.__name__, p[0].detach(), list(optimizer.state_dict()))
for schedule in (lr_scheduler.StepLR(optimizer, 1), lr_scheduler.CosineAnnealingLR(optimizer, 5), lr_scheduler.LinearLR(optimizer)):
    schedule.step()
    print(type(schedule).__name__, [round(lr, 6) for lr in schedule.get_last_lr()])
lr_scheduler.ReduceLROnPlateau(optimizer, patience=2).step(1.0)

# models and files
model = nn.Sequential(nn.Linear(2, 2), nn.ReLU())
model.train(), model.eval(), model.zero_grad(), model.apply(lambda m: None), model.register_buffer("one", torch.ones(1))
print([n for n, _ in model.named_parameters()], [n for n, _ in model.named_modules()], list(model.state_dict()), model[0].out_features)
torch.save(model.state_dict(), "m.pt")
print(model.load_state_dict(torch.load("m.pt", map_location="cpu")), os.path.getsize("m.pt") > 0)

# data
full = TensorDataset(torch.arange(6.0), torch.arange(6))
parts = random_split(full, [4, 2])
print(len(parts[0]), Subset(full, [0, 5])[1], [b[1].tolist() for b in DataLoader(full, 4, sampler=RandomSampler(full))])
for _ in tqdm(range(2), desc="quiet", disable=True):
    pass
bar = trange(3, leave=False)
bar.set_postfix(loss=0.5)
print([i for i in bar], datasets.MNIST.__name__, datasets.FashionMNIST.__name__, datasets.CIFAR10.__name__)
pil = transforms.ToPILImage()(image[0])
pipeline = transforms.Compose([transforms.Resize((6, 6)), transforms.RandomCrop(4), transforms.RandomHorizontalFlip(), transforms.RandomRotation(10), transforms.RandomResizedCrop(4), transforms.ToTensor(), transforms.Normalize((0.5,) * 3, (0.5,) * 3), transforms.Lambda(lambda v: v * 2)])
print(pipeline(pil).shape, pipeline(pil).mean().item() != 0)
grid = make_grid(image, nrow=2, padding=1, normalize=True)
save_image(image, "grid.png")
print(grid.shape, grid.max(), os.path.exists("grid.png"))
