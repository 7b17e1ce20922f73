"""The exclusive or, learnt by a small network, in three styles."""

import torch
import torch.nn as nn
import torch.nn.functional as F

inputs = torch.tensor([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=torch.float32)
targets = torch.tensor([0, 1, 1, 0]).float().unsqueeze(1)

# layers in a Sequential
torch.manual_seed(2)
net = nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 1), nn.Sigmoid())
optimizer = torch.optim.Adam(net.parameters(), lr=0.05)
for step in range(1, 101):
    optimizer.zero_grad(set_to_none=True)
    loss = F.binary_cross_entropy(net(inputs), targets)
    loss.backward()
    optimizer.step()
    if step % 25 == 0:
        print(f"step {step:4d}  loss {loss:.6f}")
print(net(inputs).detach().squeeze())
print((net(inputs) > 0.5).int().view(-1))
print(net)


# a class of its own, two outputs
class XOR(nn.Module):
    def __init__(self, hidden: int = 6):
        super().__init__()
        self.hidden = nn.Linear(2, hidden)
        self.out = nn.Linear(hidden, 2)
        self.activation = nn.ReLU(inplace=True)

    def forward(self, x):
        return self.out(self.activation(self.hidden(x)))


torch.manual_seed(4)
model = XOR(hidden=10)
print(model)
print(sum(p.numel() for p in model.parameters() if p.requires_grad), "parameters")
opt = torch.optim.SGD(model.parameters(), lr=0.3, momentum=0.9, nesterov=True, weight_decay=1e-4)
criterion = nn.CrossEntropyLoss()
classes = targets.long().squeeze(1)
history = []
for step in range(60):
    opt.zero_grad()
    logits = model(inputs)
    loss = criterion(logits, classes)
    loss.backward()
    opt.step()
    history.append(loss.item())
print([round(h, 4) for h in history[::12]], f"{history[-1]:.3e}"[:4])
print(logits.argmax(1), F.softmax(logits, dim=-1).max(dim=1).indices)
print("grad norm", f"{sum(p.grad.pow(2).sum() for p in model.parameters()) ** 0.5:.3g}")

# no nn at all: two matrices and the chain rule by hand
torch.manual_seed(9)
w1, b1 = torch.randn(2, 5), torch.zeros(5)
w2, b2 = torch.randn(5, 1), torch.zeros(1)
for step in range(200):
    h = torch.relu(inputs.mm(w1) + b1)
    p = h.mm(w2) + b2
    error = p - targets
    grad_p = 2 * error / 4
    grad_w2 = h.t().mm(grad_p)
    grad_h = grad_p.mm(w2.t())
    grad_h[h == 0] = 0
    w2 -= 0.1 * grad_w2
    b2 -= 0.1 * grad_p.sum(0)
    w1 -= 0.1 * inputs.t().mm(grad_h)
    b1 -= 0.1 * grad_h.sum(0)
print(error.pow(2).mean(), p.flatten())
for key, value in model.state_dict().items():
    print(key, tuple(value.shape), value.dtype)
