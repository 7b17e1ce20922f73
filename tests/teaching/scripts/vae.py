"""A variational autoencoder on small drawn patterns: reparameterization, KL term, sampling."""

import torch
import torch.utils.data
from torch import nn, optim
from torch.nn import functional as F

torch.manual_seed(1)

# patterns: one bright row or column in an 8 x 8 image, with noise
patterns = torch.rand(64, 1, 8, 8) * 0.2
for i in range(64):
    if i % 2:
        patterns[i, 0, i // 8] = 0.9
    else:
        patterns[i, 0, :, i // 8] = 0.9
train_loader = torch.utils.data.DataLoader(patterns, batch_size=16, shuffle=True)


class VAE(nn.Module):
    def __init__(self):
        super(VAE, self).__init__()
        self.fc1 = nn.Linear(64, 24)
        self.fc21 = nn.Linear(24, 3)
        self.fc22 = nn.Linear(24, 3)
        self.fc3 = nn.Linear(3, 24)
        self.fc4 = nn.Linear(24, 64)

    def encode(self, x):
        h1 = F.relu(self.fc1(x))
        return self.fc21(h1), self.fc22(h1)

    def reparameterize(self, mu, logvar):
        std = torch.exp(0.5 * logvar)
        eps = torch.randn_like(std)
        return mu + eps * std

    def decode(self, z):
        h3 = F.relu(self.fc3(z))
        return torch.sigmoid(self.fc4(h3))

    def forward(self, x):
        mu, logvar = self.encode(x.view(-1, 64))
        z = self.reparameterize(mu, logvar)
        return self.decode(z), mu, logvar


def loss_function(recon_x, x, mu, logvar):
    bce = F.binary_cross_entropy(recon_x, x.view(-1, 64), reduction="sum")
    kld = -0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp())
    return bce + kld, bce, kld


device = torch.device("cpu")
model = VAE().to(device)
optimizer = optim.Adam(model.parameters(), lr=1e-2)
for epoch in range(1, 6):
    model.train()
    train_loss = 0
    for batch_idx, data in enumerate(train_loader):
        data = data.to(device)
        optimizer.zero_grad()
        recon_batch, mu, logvar = model(data)
        loss, bce, kld = loss_function(recon_batch, data, mu, logvar)
        loss.backward()
        train_loss += loss.item()
        optimizer.step()
    print("====> Epoch: {} Average loss: {:.4f} (bce {:.3f}, kl {:.4f})".format(
        epoch, train_loss / len(train_loader.dataset), bce / len(data), kld / len(data)))
model.eval()
with torch.no_grad():
    sample = torch.randn(2, 3).to(device)
    sample = model.decode(sample).cpu()
    print(sample.view(2, 1, 8, 8)[0, 0, :2])
    mu, logvar = model.encode(patterns[:4].flatten(1))
    print(mu, logvar.exp().sqrt())
    recon = model.decode(mu)
    comparison = torch.cat([patterns[:4], recon.view(4, 1, 8, 8)[:4]])
    print(comparison.shape, F.mse_loss(recon, patterns[:4].view(4, -1)))
    steps = torch.stack([torch.lerp(mu[0], mu[1], t) for t in (0.0, 0.5, 1.0)])
    print(model.decode(steps).max(dim=1))
    one, two = torch.split(torch.cat((mu, logvar), dim=1), 3, dim=-1)
    print(torch.equal(one, mu), torch.equal(two, logvar), torch.cat((mu, logvar), 1).chunk(2, 1)[0].shape)
