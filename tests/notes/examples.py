"""The notes' own examples, and what they say of a callable that no single parameter shows.

Each is code that prints; the output must be PyTorch's. `torch`, `nn`, `F`, `optim`, `transforms`,
`tqdm`, `np`, `Image` are there; lines that import are those of the notes.
"""

from __future__ import annotations

NOTES_CODE = {
    "nn.Sequential, layers": """
import torch.nn as nn

model = nn.Sequential(
    nn.Conv2d(1, 20, 5),
    nn.ReLU(),
    nn.Conv2d(20, 64, 5),
    nn.ReLU()
)
print(model)
""",
    "nn.Sequential, an ordered dict": """
from collections import OrderedDict
import torch.nn as nn

model = nn.Sequential(OrderedDict([
    ('conv1', nn.Conv2d(1, 20, 5)),
    ('relu1', nn.ReLU()),
    ('conv2', nn.Conv2d(20, 64, 5)),
    ('relu2', nn.ReLU())
]))
print(model)
""",
    "nn.Sequential, add_module": """
import torch.nn as nn

model = nn.Sequential()
model.add_module('conv1', nn.Conv2d(1, 20, 5))
model.add_module('relu1', nn.ReLU())
model.add_module('conv2', nn.Conv2d(20, 64, 5))
model.add_module('relu2', nn.ReLU())
print(model)
""",
    "transforms.Compose": """
pipeline = transforms.Compose([ #图片增强
            transforms.ToPILImage(), #转换为PIL图像
            transforms.RandomRotation(degrees = 15), #随机旋转
            transforms.ToTensor(), #转换为张量
            transforms.Normalize([0.5], [0.5]) #归一化
        ])
print(pipeline)
digit = torch.linspace(0, 1, 63).reshape(1, 7, 9)
print(pipeline(digit))
print(pipeline(np.arange(63, dtype=np.uint8).reshape(7, 9)))
""",
}

SAID = {
    "three ways, one model": """
from collections import OrderedDict
torch.manual_seed(0)
a = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 2))
b = nn.Sequential(OrderedDict(zip('fgh', a)))
c = nn.Sequential()
for name, module in zip('fgh', a):
    c.add_module(name, module)
x = torch.randn(5, 3)
print(a(x)); print((b(x) == a(x)).all(), (c(x) == a(x)).all())
print(list(a.state_dict()), list(b.state_dict()), list(c.state_dict()))
print(len(a), a[1], a[-1] is c.h, [*b.named_children()], a[:2])
""",
    "a depthwise convolution: each channel alone": """
torch.manual_seed(0)
m = nn.Conv2d(3, 3, 3, groups=3)
x = torch.randn(1, 3, 5, 5)
y = x.clone(); y[:, 1] += 1
print(m.weight.shape, [bool((a == b).all()) for a, b in zip(m(x)[0], m(y)[0])])
""",
    "dilation is a kernel with zeros between": """
torch.manual_seed(0)
m = nn.Conv2d(1, 1, 3, dilation=2, bias=False)
wide = nn.Conv2d(1, 1, 5, bias=False)
wide.weight.data.zero_(); wide.weight.data[:, :, ::2, ::2] = m.weight.data
x = torch.randn(1, 1, 9, 9)
print(torch.allclose(m(x), wide(x), atol=1e-6))
""",
    "a batch or one image": """
torch.manual_seed(0)
m = nn.Conv2d(2, 3, 3)
x = torch.randn(2, 5, 5)
print(m(x).shape, torch.allclose(m(x[None])[0], m(x), atol=1e-6))
""",
    "Flatten: start_dim=2 keeps N apart from C": """
x = torch.zeros(2, 3, 5, 7)
print(nn.Flatten()(x).shape, nn.Flatten(start_dim=2)(x).shape, nn.Flatten(0)(x).shape)
print(nn.Flatten(1, 2)(x).shape, nn.Flatten(-3, -2)(x).shape, nn.Flatten(0, 0)(x).shape)
print(nn.Flatten(0)(torch.tensor(3.)), nn.Flatten()(torch.zeros(2, 0, 3)).shape)
y = nn.Flatten()(x); y[0, 0] = 9.; print(x[0, 0, 0, 0])
""",
    "Parameter: assigned, then listed": """
class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(2))
        self.plain = torch.ones(2)
m = Model()
print(list(m.parameters()), list(m.state_dict()))
m.late = nn.Parameter(torch.zeros(1)); print([n for n, _ in m.named_parameters()])
m.late = None; print([n for n, _ in m.named_parameters()])
print(nn.Parameter(), nn.Parameter(torch.ones(2, 2)).shape)
""",
    "randn: only keywords after the size": """
for call in (
    lambda: torch.randn(2, None),
    lambda: torch.randn((2,), None).shape,
    lambda: torch.randn(2, size=(2,)),
    lambda: torch.randn(),
):
    try:
        print(call())
    except TypeError as error:
        print(type(error).__name__)
""",
    "randn: the same seed, the same numbers": """
torch.manual_seed(3); a = torch.randn(2, 2)
torch.manual_seed(3); b = torch.randn((2, 2))
g = torch.Generator(); g.manual_seed(3)
c = torch.randn(size=(2, 2), generator=g)
print(a, (a == b).all(), (a == c).all())
x = torch.randn(20000); print(f'{x.mean():.3f} {x.std():.3f}')
""",
    "Dropout keeps the mean, and eval does nothing": """
torch.manual_seed(0)
d = nn.Dropout(0.3); x = torch.ones(20000)
y = d(x); print(f'{y.mean():.3f}', (y == 0).sum(), y.max())
d.eval(); print(d(x) is x, (d(x) == x).all())
""",
    "cat: the notes' two dims": """
tensor1, tensor2 = torch.tensor([[1, 2], [3, 4]]), torch.tensor([[5, 6], [7, 8]])
print(torch.cat((tensor1, tensor2), dim=0)); print(torch.cat((tensor1, tensor2), dim=1))
print(torch.cat((tensor1, tensor2), 1).shape, torch.cat(tensors=[tensor1], axis=1).shape)
for call in (lambda: torch.cat(tensor1), lambda: torch.cat([tensor1], 0, tensor2), lambda: torch.cat()):
    try:
        call()
    except TypeError as error:
        print(error)
y = torch.cat([tensor1, tensor2]); y[0] = 0; print(tensor1)
""",
    "TransformerEncoderLayer: 'relu' is the default, a name or a function": """
torch.manual_seed(0); a = nn.TransformerEncoderLayer(4, 2, 8).eval()
torch.manual_seed(0); b = nn.TransformerEncoderLayer(4, 2, 8, activation='relu').eval()
torch.manual_seed(0); c = nn.TransformerEncoderLayer(4, 2, 8, activation=F.relu).eval()
torch.manual_seed(0); d = nn.TransformerEncoderLayer(4, 2, 8, activation=nn.ReLU()).eval()
x = torch.randn(3, 2, 4)
print(a.activation is F.relu, b.activation is F.relu)
print([torch.allclose(a(x), m(x), atol=1e-6) for m in (b, c, d)])
""",
    "TransformerEncoderLayer: post-norm ends with mean 0, pre-norm does not": """
torch.manual_seed(0)
x = torch.randn(3, 2, 4) + 5
post = nn.TransformerEncoderLayer(4, 2, 8, 0., batch_first=True)
pre = nn.TransformerEncoderLayer(4, 2, 8, 0., batch_first=True, norm_first=True)
print(post(x).mean(-1).abs().max() < 1e-5, pre(x).mean(-1).min() > 1)
""",
    "TransformerEncoder: the output has the input's shape": """
torch.manual_seed(0)
layer = nn.TransformerEncoderLayer(d_model=8, nhead=2, batch_first=True)
encoder = nn.TransformerEncoder(layer, num_layers=3)
x = torch.rand(4, 5, 8)
print(encoder(x).shape, len(encoder.layers), encoder.layers[0] is layer)
print(encoder)
""",
    "TransformerEncoder: the copies learn apart": """
torch.manual_seed(0)
encoder = nn.TransformerEncoder(nn.TransformerEncoderLayer(4, 2, 8, 0., batch_first=True), 2)
(encoder(torch.randn(2, 3, 4)) * torch.randn(2, 3, 4)).sum().backward()
a, b = (l.linear1.weight for l in encoder.layers)
print((a == b).all(), (a.grad == b.grad).all())
""",
    "LayerNorm: mean 0 and variance 1 of each token": """
torch.manual_seed(0)
y = nn.LayerNorm(64)(torch.randn(2, 3, 64) * 5 + 3)
print(torch.allclose(y.mean(-1), torch.zeros(2, 3), atol=1e-6), f'{y.var(-1, unbiased=False).mean():.4f}')
print(nn.LayerNorm([3, 4]), nn.LayerNorm(torch.Size([4])), nn.LayerNorm(4).weight, nn.LayerNorm(4).bias)
""",
    "Linear is x·Wᵀ + b": """
torch.manual_seed(0)
m = nn.Linear(3, 2); x = torch.randn(4, 5, 3)
print(torch.allclose(m(x), x @ m.weight.T + m.bias, atol=1e-6), m(x).shape, m(x[0, 0]).shape)
""",
    "CrossEntropyLoss is LogSoftmax and NLLLoss": """
torch.manual_seed(0)
x = torch.randn(4, 3); t = torch.tensor([0, 2, 1, 2]); w = torch.tensor([1., 2., 4.])
a = nn.CrossEntropyLoss(weight=w)(x, t); b = nn.NLLLoss(weight=w)(nn.LogSoftmax(dim=1)(x), t)
each = nn.CrossEntropyLoss(weight=w, reduction='none')(x, t)
print(a, torch.allclose(a, b), torch.allclose(a, each.sum() / w[t].sum()))
one_hot = F.one_hot(t, 3).float()
print(torch.allclose(nn.CrossEntropyLoss()(x, one_hot), nn.CrossEntropyLoss()(x, t)))
print(nn.CrossEntropyLoss()(x[0], t[0]), nn.CrossEntropyLoss()(x, torch.full((4,), -100)))
""",
    "CrossEntropyLoss: targets it does not take": """
x = torch.zeros(2, 3)
for t in (torch.tensor([0, 3]), torch.tensor([0, -1]), torch.tensor([0., 1.]), torch.tensor([0, 1, 2]),
          torch.tensor([0, 1], dtype=torch.int32), torch.zeros(2, 2)):
    try:
        print(nn.CrossEntropyLoss()(x, t))
    except Exception as error:
        print(type(error).__name__, error)
""",
    "Adam: the first step is lr long": """
p = nn.Parameter(torch.tensor([1., -2., 300.]))
o = torch.optim.Adam([p], lr=0.01)
(p ** 2).sum().backward(); o.step(); print(p)
print(o.state_dict()['param_groups'], o)
""",
    "Adam: a group added later, with lr of its own": """
p, q = nn.Parameter(torch.ones(1)), nn.Parameter(torch.ones(1))
o = torch.optim.Adam([p], lr=0.1)
o.add_param_group({'params': q, 'lr': 0.5, 'amsgrad': True})
for i in range(3):
    o.zero_grad(); (p * q).sum().backward(); o.step()
print(p, q, [g['lr'] for g in o.param_groups], [sorted(s) for s in o.state.values()])
""",
    "Adam: parameters without a gradient stay": """
p, q = nn.Parameter(torch.ones(1)), nn.Parameter(torch.ones(1), requires_grad=False)
o = torch.optim.Adam([p, q], weight_decay=0.5); o.step()
print(p, q, dict(o.state))
(p * 2).sum().backward(); o.step(); print(p, q, len(o.state)); o.zero_grad(); print(p.grad)
""",
    "parameters(): all of them, in the order of their making, each once": """
class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.last = nn.Linear(3, 1)
        self.scale = nn.Parameter(torch.ones(7))
        self.first = nn.Linear(2, 3)
        self.tied = nn.Linear(3, 1)
        self.tied.weight = self.last.weight
        self.scale.requires_grad = False
m = Model()
print([(n, tuple(p.shape), p.requires_grad) for n, p in m.named_parameters()])
print([tuple(p.shape) for p in m.parameters()], [tuple(p.shape) for p in m.parameters(recurse=False)])
print(len(list(nn.Sequential(m, m).parameters())), type(m.parameters()).__name__)
print([n for n, _ in m.named_parameters(remove_duplicate=False)])
print(sum(p.numel() for p in m.parameters() if p.requires_grad))
""",
    "ToTensor: 0-255 to 0-1, (H, W, C) to (C, H, W)": """
to_tensor = transforms.ToTensor()
print(to_tensor, to_tensor(Image.fromarray(np.array([[0, 51], [102, 255]], np.uint8))))
print(to_tensor(np.zeros((2, 3, 3), np.uint8)).shape, to_tensor(np.full((1, 2), 7.5)))
print(to_tensor(Image.new('RGB', (2, 1), (255, 0, 51))), to_tensor(Image.new('1', (2, 1), 1)))
for pic in (3, np.ones(3)):
    try:
        to_tensor(pic)
    except Exception as error:
        print(type(error).__name__, error)
""",
    "ToPILImage and back": """
x = torch.tensor([[[0, 0.25], [0.5, 1]]])
img = transforms.ToPILImage()(x)
print(img.mode, img.size, list(img.tobytes()), transforms.ToTensor()(img))
for y in (torch.ones(3, 2, 2), torch.ones(4, 2, 2), torch.ones(2, 2, 2), torch.ones(2, 2, dtype=torch.uint8),
          torch.ones(1, 2, 2, dtype=torch.int32), np.ones((2, 2, 1), np.float32), torch.ones(5, 2, 2), 3):
    try:
        print(transforms.ToPILImage()(y).mode)
    except Exception as error:
        print(type(error).__name__, error)
""",
    "Normalize(0.5, 0.5) brings 0-1 to −1-1": """
print(transforms.Normalize([0.5], [0.5])(torch.tensor([[[0., 0.25, 1.]]])), transforms.Normalize([0.5], [0.5]))
""",
    "tqdm: a loop, or counted by hand": """
print([i for i in tqdm(range(3))])
bar = tqdm(total=3); bar.update(); bar.update(2); bar.close()
with tqdm(total=10, desc='epoch 1') as bar:
    for i in range(2):
        clock.now += 1; bar.update(5); bar.set_postfix(loss=0.5 ** i)
print(repr(screen.getvalue()))
""",
    "tqdm: the loop may end early": """
for i in tqdm(range(9)):
    clock.now += 1
    if i == 3:
        break
print(repr(screen.getvalue()))
""",
}

EXAMPLES = NOTES_CODE | SAID
USE_IMAGES = {name for name, code in EXAMPLES.items() if "transforms." in code}
