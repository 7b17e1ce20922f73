"""Copies of models, moving averages, parameter groups, gradient accumulation, teacher and student."""

import copy

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F


def build():
    return nn.Sequential(nn.Linear(6, 10), nn.BatchNorm1d(10), nn.GELU(), nn.Linear(10, 3))


def seed_everything(seed):
    np.random.seed(seed)
    torch.manual_seed(seed)
    torch.cuda.manual_seed(seed)
    torch.cuda.manual_seed_all(seed)
    torch.backends.cudnn.deterministic = True
    torch.backends.cudnn.benchmark = False


seed_everything(11)
x, y = torch.randn(32, 6), torch.randint(0, 3, (32,))
model = build()


class EMA:
    def __init__(self, model, decay):
        self.decay = decay
        self.module = copy.deepcopy(model).eval()
        for p in self.module.parameters():
            p.requires_grad_(False)

    @torch.no_grad()
    def update(self, model):
        for ema_v, v in zip(self.module.state_dict().values(), model.state_dict().values()):
            if ema_v.dtype.is_floating_point:
                ema_v.copy_(ema_v * self.decay + (1.0 - self.decay) * v)
            else:
                ema_v.copy_(v)


ema = EMA(model, 0.9)
print(ema.module[0].weight is model[0].weight, torch.equal(ema.module[0].weight, model[0].weight))

# parameter groups: no decay for biases and norms, a smaller rate for the first layer
decay, no_decay = [], []
for name, p in model.named_parameters():
    (no_decay if p.ndim == 1 or name.endswith(".bias") else decay).append(p)
optimizer = torch.optim.SGD([
    {"params": decay, "weight_decay": 1e-2},
    {"params": no_decay, "weight_decay": 0.0, "lr": 0.02},
], lr=0.1, momentum=0.9)
print(optimizer)
for step in range(6):
    loss = F.cross_entropy(model(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    ema.update(model)
    for g in optimizer.param_groups:
        g["lr"] *= 0.9
    print(f"{step} {loss.item():.5f} {[round(g['lr'], 5) for g in optimizer.param_groups]}")
print(ema.module[0].weight[0], ema.module[1].num_batches_tracked)

# gradient accumulation equals one large batch
torch.manual_seed(0)
big = nn.Linear(6, 3)
small = copy.deepcopy(big)
F.cross_entropy(big(x), y).backward()
accumulation_steps = 4
for i, (xb, yb) in enumerate(zip(x.split(8), y.split(8))):
    loss = F.cross_entropy(small(xb), yb) / accumulation_steps
    loss.backward()
    if (i + 1) % accumulation_steps == 0:
        print(torch.allclose(big.weight.grad, small.weight.grad, atol=1e-6), i)

# two optimizers, a target network, a soft update
torch.manual_seed(2)
policy, target = nn.Linear(4, 2), nn.Linear(4, 2)
target.load_state_dict(policy.state_dict())
memory = [(torch.randn(4), torch.randint(2, (1,)).item(), float(torch.randn(())), torch.randn(4)) for _ in range(16)]
opt = torch.optim.AdamW(policy.parameters(), lr=1e-2, amsgrad=True)
for step in range(5):
    state, action, reward, nxt = (list(column) for column in zip(*memory))
    state, nxt = torch.stack(state), torch.stack(nxt)
    action, reward = torch.tensor(action).unsqueeze(1), torch.tensor(reward)
    q = policy(state).gather(1, action)
    with torch.no_grad():
        expected = reward + 0.9 * target(nxt).max(1).values
    loss = nn.SmoothL1Loss()(q, expected.unsqueeze(1))
    opt.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_value_(policy.parameters(), 100)
    opt.step()
    tau = 0.05
    target_sd, policy_sd = target.state_dict(), policy.state_dict()
    for key in policy_sd:
        target_sd[key] = policy_sd[key] * tau + target_sd[key] * (1 - tau)
    target.load_state_dict(target_sd)
print(f"{loss:.6f}", target.weight)

# a policy gradient, with log probabilities by hand
logits = policy(state)
log_prob = F.log_softmax(logits, dim=-1)
entropy = -(log_prob.exp() * log_prob).sum(-1)
returns = torch.cumsum(reward.flip(0), 0).flip(0)
returns = (returns - returns.mean()) / (returns.std() + np.finfo(np.float32).eps.item())
loss = -(log_prob.gather(1, action).squeeze(1) * returns).mean() - 0.01 * entropy.mean()
policy.zero_grad()
loss.backward()
print(loss, policy.bias.grad)

# distillation
teacher, student = build().eval(), nn.Linear(6, 3)
T = 2.0
opt = torch.optim.RMSprop(student.parameters(), lr=0.01, alpha=0.9)
for step in range(4):
    with torch.no_grad():
        soft = F.softmax(teacher(x) / T, dim=1)
    guess = F.log_softmax(student(x) / T, dim=1)
    loss = F.kl_div(guess, soft, reduction="batchmean") * T * T + 0.1 * F.cross_entropy(student(x), y)
    opt.zero_grad()
    loss.backward()
    opt.step()
print(f"{loss.item():.5f}", nn.KLDivLoss(reduction="sum")(guess, soft).item() > 0)

# L1 penalty, max-norm, siamese losses
l1 = sum(p.abs().sum() for p in student.parameters())
(l1 * 1e-3).backward()
with torch.no_grad():
    norms = student.weight.norm(2, dim=1, keepdim=True)
    student.weight.mul_(torch.clamp(norms, max=0.5) / norms)
print(f"{l1.item():.5f}", student.weight.norm(dim=1))
anchor, positive, negative = F.normalize(torch.randn(3, 5, 4), dim=-1)
print(nn.TripletMarginLoss(margin=0.5)(anchor, positive, negative), F.pairwise_distance(anchor, positive))
sim = anchor @ positive.T / 0.1
print(F.cross_entropy(sim, torch.arange(5)), torch.cdist(anchor, positive)[0], nn.HuberLoss()(anchor, positive))
