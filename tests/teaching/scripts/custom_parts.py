"""Parts written by the learner: optimizers, schedules, losses, layers, samplers, a Trainer class."""

import math
from collections import defaultdict, deque

import torch
from torch import nn
from torch.autograd import Function
from torch.nn import functional as F
from torch.nn.parameter import Parameter
from torch.optim.lr_scheduler import LRScheduler
from torch.optim.optimizer import Optimizer
from torch.utils.data import DataLoader, TensorDataset
from torch.utils.data.sampler import Sampler

torch.manual_seed(0)


class MyAdam(Optimizer):
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        if lr < 0.0:
            raise ValueError(f"Invalid learning rate: {lr}")
        super().__init__(params, dict(lr=lr, betas=betas, eps=eps))

    @torch.no_grad()
    def step(self, closure=None):
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for group in self.param_groups:
            beta1, beta2 = group["betas"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                if len(state) == 0:
                    state["step"] = 0
                    state["m"], state["v"] = torch.zeros_like(p), torch.zeros_like(p)
                state["step"] += 1
                state["m"].mul_(beta1).add_(p.grad, alpha=1 - beta1)
                state["v"].mul_(beta2).addcmul_(p.grad, p.grad, value=1 - beta2)
                m = state["m"] / (1 - beta1 ** state["step"])
                v = state["v"] / (1 - beta2 ** state["step"])
                p.addcdiv_(m, v.sqrt().add_(group["eps"]), value=-group["lr"])
        return loss


class WarmupCosine(LRScheduler):
    def __init__(self, optimizer, warmup, total, last_epoch=-1):
        self.warmup, self.total = warmup, total
        super().__init__(optimizer, last_epoch)

    def get_lr(self):
        if self.last_epoch < self.warmup:
            return [base * (self.last_epoch + 1) / self.warmup for base in self.base_lrs]
        t = (self.last_epoch - self.warmup) / (self.total - self.warmup)
        return [base * 0.5 * (1 + math.cos(math.pi * t)) for base in self.base_lrs]


x = torch.randn(40, 3)
y = (x @ torch.tensor([[1.0], [-2.0], [0.5]])).sin()
results = []
for make in (MyAdam, torch.optim.Adam):
    torch.manual_seed(3)
    net = nn.Sequential(nn.Linear(3, 8), nn.Tanh(), nn.Linear(8, 1))
    opt = make(net.parameters(), lr=0.05)
    sched = WarmupCosine(opt, 3, 12)
    lrs = []
    for _ in range(12):
        opt.zero_grad()
        loss = F.mse_loss(net(x), y)
        loss.backward()
        opt.step()
        lrs.append(opt.param_groups[0]["lr"])
        sched.step()
    results.append(loss.item())
    print(f"{make.__name__:7s} {loss.item():.5f}", [round(lr, 5) for lr in lrs])
print(abs(results[0] - results[1]) < 1e-5, list(opt.state_dict()["state"][0]), opt)


class FocalLoss(nn.Module):
    def __init__(self, gamma=2.0, alpha=None, reduction="mean"):
        super().__init__()
        self.gamma, self.reduction = gamma, reduction
        self.register_buffer("alpha", alpha)

    def forward(self, logits, target):
        ce = F.cross_entropy(logits, target, weight=self.alpha, reduction="none")
        loss = (1 - torch.exp(-ce)) ** self.gamma * ce
        return loss.mean() if self.reduction == "mean" else loss.sum() if self.reduction == "sum" else loss


class ContrastiveLoss(torch.nn.Module):
    def __init__(self, margin=2.0):
        super().__init__()
        self.margin = margin

    def forward(self, a, b, label):
        distance = F.pairwise_distance(a, b, keepdim=True)
        return torch.mean((1 - label) * torch.pow(distance, 2) + label * torch.pow(torch.clamp(self.margin - distance, min=0.0), 2))


logits, target = torch.randn(6, 3, requires_grad=True), torch.tensor([0, 1, 2, 0, 1, 2])
focal = FocalLoss(alpha=torch.tensor([1.0, 2.0, 0.5]))
focal(logits, target).backward()
print(focal, logits.grad[0], FocalLoss(reduction="none")(logits, target).detach(), ContrastiveLoss()(x[:4], x[4:8], torch.tensor([[0.0], [1], [1], [0]])))


class NoisyLinear(nn.Module):
    __constants__ = ["in_features"]

    def __init__(self, in_features, out_features, bias=True):
        super().__init__()
        self.in_features, self.out_features = in_features, out_features
        self.weight = Parameter(torch.empty(out_features, in_features))
        if bias:
            self.bias = Parameter(torch.empty(out_features))
        else:
            self.register_parameter("bias", None)
        self.reset_parameters()

    def reset_parameters(self):
        nn.init.kaiming_uniform_(self.weight, a=math.sqrt(5))
        if self.bias is not None:
            fan_in, _ = nn.init._calculate_fan_in_and_fan_out(self.weight)
            bound = 1 / math.sqrt(fan_in)
            nn.init.uniform_(self.bias, -bound, bound)

    def forward(self, input):
        out = F.linear(input, self.weight, self.bias)
        return out + torch.randn_like(out) * 0.1 if self.training else out

    def extra_repr(self):
        return f"in_features={self.in_features}, out_features={self.out_features}, bias={self.bias is not None}"


class StraightThrough(Function):
    @staticmethod
    def forward(ctx, input, threshold=0.0):
        ctx.mark_non_differentiable()
        return (input > threshold).float()

    @staticmethod
    def backward(ctx, grad):
        return F.hardtanh(grad), None


class MatMul(Function):
    @staticmethod
    def forward(ctx, a, b):
        ctx.save_for_backward(a, b)
        return a.mm(b)

    @staticmethod
    def backward(ctx, grad):
        a, b = ctx.saved_tensors
        return (grad.mm(b.t()) if ctx.needs_input_grad[0] else None), (a.t().mm(grad) if ctx.needs_input_grad[1] else None)


layer = NoisyLinear(3, 4)
hidden = StraightThrough.apply(layer(x[:5]))
out = MatMul.apply(hidden, torch.ones(4, 2))
out.sum().backward()
print(layer, hidden, layer.weight.grad, layer.eval()(x[:1]), [n for n, p in NoisyLinear(2, 2, bias=False).named_parameters()])


class Swish(nn.Module):
    def __init__(self):
        super().__init__()
        self.beta = nn.Parameter(torch.tensor(1.0))

    def forward(self, x):
        return x * torch.sigmoid(self.beta * x)


class MixtureOfExperts(nn.Module):
    def __init__(self, dim, experts=3, top_k=2):
        super().__init__()
        self.gate = nn.Linear(dim, experts, bias=False)
        self.experts = nn.ModuleList(nn.Sequential(nn.Linear(dim, 4), Swish(), nn.Linear(4, dim)) for _ in range(experts))
        self.top_k = top_k

    def forward(self, x):
        weights, chosen = torch.topk(self.gate(x).softmax(-1), self.top_k)
        weights = weights / weights.sum(-1, keepdim=True)
        out = torch.zeros_like(x)
        for i, expert in enumerate(self.experts):
            row, nth = torch.where(chosen == i)
            out[row] += weights[row, nth, None] * expert(x[row])
        return out


class RMSNorm(nn.Module):
    def __init__(self, dim, eps=1e-6):
        super().__init__()
        self.eps, self.weight = eps, nn.Parameter(torch.ones(dim))

    def _norm(self, x):
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + self.eps)

    def forward(self, x):
        return self._norm(x.float()).type_as(x) * self.weight


class LoRA(nn.Module):
    def __init__(self, base, rank=2, alpha=4):
        super().__init__()
        self.base = base.requires_grad_(False)
        self.A = nn.Parameter(torch.randn(rank, base.in_features) / math.sqrt(rank))
        self.B = nn.Parameter(torch.zeros(base.out_features, rank))
        self.scaling = alpha / rank

    def forward(self, x):
        return self.base(x) + (x @ self.A.T @ self.B.T) * self.scaling


moe = MixtureOfExperts(3)
moe(x).pow(2).mean().backward()
print(moe(x)[0], moe.gate.weight.grad, moe.experts[0][1].beta.grad, RMSNorm(3)(x[:2]))
lora = LoRA(nn.Linear(3, 5))
lora(x).sum().backward()
print([n for n, p in lora.named_parameters() if p.requires_grad], lora.base.weight.grad, lora.B.grad)
with torch.no_grad():
    lora.base.weight += (lora.B @ lora.A) * lora.scaling


class EveryOther(Sampler):
    def __init__(self, data):
        self.data = data

    def __iter__(self):
        return iter(range(0, len(self.data), 2))

    def __len__(self):
        return (len(self.data) + 1) // 2


class AverageMeter:
    def __init__(self):
        self.sum, self.count = 0.0, 0

    def update(self, value, n=1):
        self.sum += value * n
        self.count += n

    @property
    def avg(self):
        return self.sum / self.count


class Trainer:
    def __init__(self, model, optimizer, loss_fn, callbacks=()):
        self.model, self.optimizer, self.loss_fn, self.callbacks = model, optimizer, loss_fn, callbacks
        self.history = defaultdict(list)

    def fit(self, loader, epochs):
        for epoch in range(epochs):
            meter, last = AverageMeter(), deque(maxlen=2)
            for xb, yb in loader:
                loss = self.loss_fn(self.model(xb), yb)
                self.optimizer.zero_grad()
                loss.backward()
                self.optimizer.step()
                meter.update(loss.item(), xb.size(0))
                last.append(loss.item())
            self.history["loss"].append(meter.avg)
            for callback in self.callbacks:
                callback(epoch, self.history, last)


data = TensorDataset(x, y)
trainer = Trainer(net, torch.optim.SGD(net.parameters(), lr=0.05), nn.SmoothL1Loss(), [lambda e, h, last: print(e, f"{h['loss'][-1]:.5f}", len(last))])
trainer.fit(DataLoader(data, batch_size=8, sampler=EveryOther(data)), 3)
k, folds = 4, torch.randperm(40).chunk(4)
scores = []
for i in range(k):
    rest = torch.cat([f for j, f in enumerate(folds) if j != i])
    w = torch.linalg.solve(x[rest].T @ x[rest] + 0.1 * torch.eye(3), x[rest].T @ y[rest])
    scores.append(F.mse_loss(x[folds[i]] @ w, y[folds[i]]).item())
print([f"{s:.4f}" for s in scores])
