"""Linear and logistic regression, first by hand, then with nn and optim."""

import math

import torch
import torch.nn as nn
from torch import optim
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(42)
true_w, true_b = torch.tensor([2.0, -3.4]), 4.2
X = torch.normal(0, 1, (200, 2))
y = torch.matmul(X, true_w) + true_b
y += torch.normal(0, 0.01, y.shape)
y = y.reshape((-1, 1))
print("features:", X[0], "\nlabel:", y[0])

# by hand
w = torch.normal(0, 0.01, size=(2, 1), requires_grad=True)
b = torch.zeros(1, requires_grad=True)


def batches(size, features, labels):
    order = torch.randperm(len(features)).tolist()
    for i in range(0, len(features), size):
        pick = torch.tensor(order[i : min(i + size, len(features))])
        yield features[pick], labels[pick]


for epoch in range(3):
    for xb, yb in batches(20, X, y):
        loss = ((xb @ w + b - yb) ** 2 / 2).mean()
        loss.backward()
        with torch.no_grad():
            w -= 0.1 * w.grad
            b -= 0.1 * b.grad
            w.grad.zero_()
            b.grad.zero_()
    with torch.no_grad():
        train = ((X @ w + b - y) ** 2 / 2).mean()
        print(f"epoch {epoch + 1}, loss {float(train):f}")
print(f"error in w: {true_w - w.reshape(true_w.shape)}")
print(f"error in b: {true_b - b}")

# with nn
net = nn.Sequential(nn.Linear(2, 1))
net[0].weight.data.normal_(0, 0.01)
net[0].bias.data.fill_(0)
loss_fn = nn.MSELoss()
trainer = torch.optim.SGD(net.parameters(), lr=0.03)
loader = DataLoader(TensorDataset(X, y), 10, shuffle=True)
print(next(iter(loader)))
for epoch in range(3):
    for xb, yb in loader:
        l = loss_fn(net(xb), yb)
        trainer.zero_grad()
        l.backward()
        trainer.step()
    print(f"epoch {epoch + 1}, loss {loss_fn(net(X), y):f}")
print(net[0].weight.data, net[0].bias.data)
print(net, trainer)


# logistic regression on two clouds
class Logistic(nn.Module):
    def __init__(self, inputs):
        super(Logistic, self).__init__()
        self.linear = nn.Linear(inputs, 1)

    def forward(self, x):
        return torch.sigmoid(self.linear(x))


torch.manual_seed(0)
cloud = torch.cat([torch.randn(50, 2) + 1.5, torch.randn(50, 2) - 1.5])
label = torch.cat([torch.ones(50, 1), torch.zeros(50, 1)])
model = Logistic(2)
criterion = nn.BCELoss()
optimizer = optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
for epoch in range(30):
    p = model(cloud)
    loss = criterion(p, label)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if (epoch + 1) % 10 == 0:
        accuracy = p.round().eq(label).sum() / float(label.shape[0])
        print("Epoch [{}/{}], Loss: {:.4f}, Acc: {:.2f}%".format(epoch + 1, 30, loss.item(), 100 * accuracy))
for name, p in model.named_parameters():
    print(name, p.shape, p.requires_grad)
print(list(model.parameters()))
with_logits = nn.BCEWithLogitsLoss()(model.linear(cloud), label)
print(torch.isclose(with_logits, criterion(model(cloud), label)).item())

# softmax regression, everything by hand
torch.manual_seed(3)
points = torch.randn(90, 4)
target = torch.randint(3, (90,))
W = (torch.randn(4, 3) / math.sqrt(4)).requires_grad_()
c = torch.zeros(3, requires_grad=True)


def log_softmax(x):
    return x - x.exp().sum(-1).log().unsqueeze(-1)


for step in range(15):
    scores = log_softmax(points @ W + c)
    nll = -scores[range(target.shape[0]), target].mean()
    nll.backward()
    with torch.no_grad():
        W -= W.grad * 0.5
        c -= c.grad * 0.5
        W.grad.zero_()
        c.grad.zero_()
print(nll, (torch.argmax(scores, dim=1) == target).float().mean())
print(nn.functional.cross_entropy(points @ W + c, target))
