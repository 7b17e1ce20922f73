"""LeNet-5, and a small CNN with batch norm and dropout; a look inside both."""

import torch
from torch import nn
from torch.nn import functional as F

torch.manual_seed(0)

lenet = nn.Sequential(
    nn.Conv2d(1, 6, kernel_size=5, padding=2), nn.Sigmoid(),
    nn.AvgPool2d(kernel_size=2, stride=2),
    nn.Conv2d(6, 16, kernel_size=5), nn.Sigmoid(),
    nn.AvgPool2d(kernel_size=2, stride=2),
    nn.Flatten(),
    nn.Linear(16 * 5 * 5, 120), nn.Sigmoid(),
    nn.Linear(120, 84), nn.Sigmoid(),
    nn.Linear(84, 10))
X = torch.rand(size=(1, 1, 28, 28), dtype=torch.float32)
for layer in lenet:
    X = layer(X)
    print(layer.__class__.__name__, "output shape: \t", X.shape)
print(X)


def init_weights(m):
    if type(m) == nn.Linear or type(m) == nn.Conv2d:
        nn.init.xavier_uniform_(m.weight)


lenet.apply(init_weights)
print(f"{lenet[0].weight.abs().sum():.4f} {lenet[-1].weight.norm():.4f}")


class SmallCNN(nn.Module):
    """Two blocks of convolution, batch norm and pooling."""

    def __init__(self, num_classes=4):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 8, 3, padding=1, bias=False),
            nn.BatchNorm2d(8),
            nn.ReLU(inplace=True),
            nn.MaxPool2d(2),
            nn.Conv2d(8, 12, 3, padding="same", stride=1),
            nn.BatchNorm2d(12, momentum=0.2),
            nn.LeakyReLU(0.1, inplace=True),
            nn.Dropout2d(0.2),
            nn.MaxPool2d(2, 2),
        )
        self.pool = nn.AdaptiveAvgPool2d((2, 2))
        self.classifier = nn.Sequential(
            nn.Dropout(p=0.5),
            nn.Linear(12 * 2 * 2, 16),
            nn.BatchNorm1d(16),
            nn.ReLU(),
            nn.Linear(16, num_classes),
        )

    def forward(self, x):
        x = self.features(x)
        x = self.pool(x)
        x = torch.flatten(x, start_dim=1)
        return self.classifier(x)


model = SmallCNN()
print(model)
total = sum(p.numel() for p in model.parameters())
print(f"{total:,} parameters, {sum(b.numel() for b in model.buffers())} numbers in buffers")
for name, value in model.state_dict().items():
    print(f"{name:35s}{str(tuple(value.shape)):18s}{value.dtype}")

images = torch.randn(16, 3, 12, 12)
labels = torch.arange(16) % 4
images[labels == 1] += 1.0
images[labels == 2, 0] -= 1.0
images[labels == 3, :, 6:] *= 2.0
optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9, weight_decay=5e-4)
criterion = nn.CrossEntropyLoss(label_smoothing=0.1)
for epoch in range(6):
    model.train()
    running = 0.0
    for i in range(0, 16, 8):
        out = model(images[i : i + 8])
        loss = criterion(out, labels[i : i + 8])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        running += loss.item() * 8
    model.eval()
    with torch.no_grad():
        _, predicted = torch.max(model(images), 1)
        correct = (predicted == labels).sum().item()
    print(f"epoch {epoch} loss {running / 16:.5f} correct {correct}/16")
bn = model.features[1]
print(bn.running_mean, bn.running_var, bn.num_batches_tracked, bn.training)
print(model.classifier[2].weight)
model.train()
a, b = model(images), model(images)
print(torch.equal(a, b), model.eval() is model, torch.equal(model(images), model(images)))

# what batch norm computes
x = torch.randn(5, 3, 4, 4) * 2 + 1
layer = nn.BatchNorm2d(3, affine=False)
mean, var = x.mean((0, 2, 3), keepdim=True), x.var(dim=(0, 2, 3), unbiased=False, keepdim=True)
print(torch.allclose(layer(x), (x - mean) / torch.sqrt(var + layer.eps), atol=1e-6))
print(layer.running_mean / x.mean(dim=(0, 2, 3)))
print(F.batch_norm(x, mean.flatten(), var.flatten()).std().round(decimals=3))
print(F.dropout(torch.ones(2, 6), 0.5), F.dropout(torch.ones(3), 0.5, training=False))
print(nn.LayerNorm([3, 4, 4])(x)[0, 0, 0], nn.GroupNorm(1, 3)(x)[0, 0, 0], nn.InstanceNorm2d(3)(x)[0, 0, 0])
print(nn.Conv2d(4, 8, 3, stride=2, padding=1, groups=2, dilation=1, padding_mode="reflect")(torch.ones(1, 4, 8, 8)).shape)
print(nn.ConvTranspose2d(4, 2, 4, 2, 1)(torch.ones(1, 4, 8, 8)).shape, nn.Upsample(scale_factor=2)(torch.ones(1, 1, 2, 2)).shape)
