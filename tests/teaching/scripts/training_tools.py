"""Initialisation with apply, schedulers, gradient clipping, checkpoints, early stopping."""

import os

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.optim import lr_scheduler


def make_model():
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Dropout(0.1), nn.Linear(8, 2))


def weights_init(m):
    classname = m.__class__.__name__
    if classname.find("Linear") != -1:
        nn.init.xavier_normal_(m.weight.data, gain=nn.init.calculate_gain("relu"))
        nn.init.constant_(m.bias.data, 0.1)


model = make_model()
model.apply(weights_init)
print(model[0].weight, model[0].bias)
w = torch.empty(3, 5)
for name in ("uniform_", "normal_", "ones_", "zeros_", "eye_", "xavier_uniform_", "xavier_normal_", "kaiming_uniform_", "kaiming_normal_", "orthogonal_", "trunc_normal_"):
    torch.manual_seed(2)
    print(name, getattr(nn.init, name)(w)[0])
print(nn.init.kaiming_uniform_(w, a=0.2, mode="fan_out", nonlinearity="leaky_relu").shape, nn.init.calculate_gain("tanh"))

# schedulers
schedules = {
    "StepLR": lambda o: lr_scheduler.StepLR(o, step_size=3, gamma=0.5),
    "MultiStepLR": lambda o: lr_scheduler.MultiStepLR(o, milestones=[2, 5]),
    "ExponentialLR": lambda o: lr_scheduler.ExponentialLR(o, gamma=0.9),
    "CosineAnnealingLR": lambda o: lr_scheduler.CosineAnnealingLR(o, T_max=6, eta_min=0.001),
    "LambdaLR": lambda o: lr_scheduler.LambdaLR(o, lr_lambda=lambda epoch: 0.95**epoch),
    "LinearLR": lambda o: lr_scheduler.LinearLR(o, start_factor=0.1, total_iters=4),
    "CyclicLR": lambda o: lr_scheduler.CyclicLR(o, base_lr=0.01, max_lr=0.1, step_size_up=3, cycle_momentum=False),
    "Warm": lambda o: lr_scheduler.CosineAnnealingWarmRestarts(o, T_0=3, T_mult=2),
    "Sequential": lambda o: lr_scheduler.SequentialLR(o, [lr_scheduler.ConstantLR(o, 0.1, 2), lr_scheduler.ExponentialLR(o, 0.8)], [2]),
    "OneCycle": lambda o: lr_scheduler.OneCycleLR(o, max_lr=0.2, total_steps=8),
}
for name, make in schedules.items():
    opt = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    sched = make(opt)
    lrs = []
    for _ in range(7):
        opt.step()
        lrs.append(round(opt.param_groups[0]["lr"], 6))
        sched.step()
    print(f"{name:18s}", lrs)
plateau = lr_scheduler.ReduceLROnPlateau(opt, mode="min", factor=0.1, patience=1)
for value in (1.0, 0.9, 0.95, 0.95, 0.95, 0.95):
    plateau.step(value)
print(f"{opt.param_groups[0]['lr']:.3e}", sched.state_dict()["last_epoch"], plateau.num_bad_epochs)

# training with a checkpoint in the middle
torch.manual_seed(1)
x = torch.randn(24, 4)
y = (x[:, 0] * x[:, 1] > 0).long()


def train(model, optimizer, scheduler, first, last, log):
    for epoch in range(first, last):
        torch.manual_seed(epoch)
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x), y)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0, norm_type=2)
        optimizer.step()
        scheduler.step()
        log.append(round(loss.item(), 5))


def start():
    model = make_model()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.05, amsgrad=True)
    return model, optimizer, lr_scheduler.StepLR(optimizer, 4, 0.5)


whole, parts = [], []
model, optimizer, scheduler = start()
train(model, optimizer, scheduler, 0, 10, whole)
model2, optimizer2, scheduler2 = start()
train(model2, optimizer2, scheduler2, 0, 5, parts)
PATH = "checkpoint.pt"
torch.save({
    "epoch": 5,
    "model_state_dict": model2.state_dict(),
    "optimizer_state_dict": optimizer2.state_dict(),
    "scheduler": scheduler2.state_dict(),
    "losses": parts,
}, PATH)
checkpoint = torch.load(PATH, map_location=torch.device("cpu"), weights_only=True)
print(list(checkpoint), checkpoint["epoch"], checkpoint["losses"])
model3, optimizer3, scheduler3 = start()
print(model3.load_state_dict(checkpoint["model_state_dict"]))
optimizer3.load_state_dict(checkpoint["optimizer_state_dict"])
scheduler3.load_state_dict(checkpoint["scheduler"])
train(model3, optimizer3, scheduler3, checkpoint["epoch"], 10, checkpoint["losses"])
print(whole, whole == checkpoint["losses"], torch.equal(model[0].weight, model3[0].weight))
state = optimizer.state_dict()
print(state["param_groups"])
print({k: (tuple(v.shape), f"{v.sum():.4e}") if v.dim() else v for k, v in state["state"][1].items()})
os.remove(PATH)
try:
    nn.Linear(4, 3).load_state_dict(nn.Linear(4, 2, bias=False).state_dict())
except RuntimeError as error:
    print(error)
missing = nn.Linear(4, 2).load_state_dict({"weight": torch.zeros(2, 4), "extra": torch.ones(1)}, strict=False)
print(missing, missing.missing_keys, missing.unexpected_keys)
torch.save(torch.arange(3), "t.pt")
print(torch.load("t.pt"), os.path.exists("t.pt"))

# clipping, norms, vectors
loss = F.cross_entropy(model(x), y) * 100
optimizer.zero_grad()
loss.backward()
total = nn.utils.clip_grad_norm_(model.parameters(), max_norm=2.0)
print(f"{total:.4f}", f"{nn.utils.parameters_to_vector(p.grad for p in model.parameters()).norm():.4f}")
nn.utils.clip_grad_value_(model.parameters(), 0.1)
print(max(p.grad.abs().max() for p in model.parameters()))
vector = nn.utils.parameters_to_vector(model.parameters())
nn.utils.vector_to_parameters(vector * 0, model.parameters())
print(vector.shape, model(x).abs().sum())


class EarlyStopping:
    def __init__(self, patience=2, delta=0.0):
        self.patience, self.delta = patience, delta
        self.best, self.counter, self.early_stop = None, 0, False

    def __call__(self, loss, model):
        if self.best is None or loss < self.best - self.delta:
            self.best, self.counter = loss, 0
            self.state = {k: v.clone() for k, v in model.state_dict().items()}
        else:
            self.counter += 1
            self.early_stop = self.counter >= self.patience


stopper = EarlyStopping()
for i, value in enumerate([1.0, 0.5, 0.6, 0.55, 0.1]):
    stopper(torch.tensor(value), model)
    if stopper.early_stop:
        print("stop at", i, stopper.best)
        break
