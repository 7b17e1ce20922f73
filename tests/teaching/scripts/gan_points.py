"""A generative adversarial network that learns a ring of 2-D points."""

import math

import torch
import torch.nn as nn
from torch.autograd import Variable

torch.manual_seed(5)


def real_points(n):
    angle = torch.rand(n) * 2 * math.pi
    return torch.stack((torch.cos(angle), torch.sin(angle)), dim=1) + 0.05 * torch.randn(n, 2)


class Generator(nn.Module):
    def __init__(self, latent_dim=4):
        super().__init__()

        def block(in_feat, out_feat, normalize=True):
            layers = [nn.Linear(in_feat, out_feat, bias=not normalize)]  # batch norm takes a bias away
            if normalize:
                layers.append(nn.BatchNorm1d(out_feat, 0.8))
            layers.append(nn.LeakyReLU(0.2, inplace=True))
            return layers

        self.model = nn.Sequential(*block(latent_dim, 16, normalize=False), *block(16, 16), nn.Linear(16, 2))

    def forward(self, z):
        return self.model(z)


class Discriminator(nn.Module):
    def __init__(self):
        super().__init__()
        self.model = nn.Sequential(
            nn.Linear(2, 16), nn.LeakyReLU(0.2, inplace=True), nn.Dropout(0.3),
            nn.Linear(16, 1), nn.Sigmoid())

    def forward(self, points):
        return self.model(points)


Tensor = torch.cuda.FloatTensor if torch.cuda.is_available() else torch.FloatTensor
adversarial_loss = torch.nn.BCELoss()
generator, discriminator = Generator(), Discriminator()
print(generator)
optimizer_G = torch.optim.Adam(generator.parameters(), lr=0.01, betas=(0.5, 0.999))
optimizer_D = torch.optim.Adam(discriminator.parameters(), lr=0.01, betas=(0.5, 0.999))
fixed = torch.randn(3, 4)
for step in range(1, 31):
    points = real_points(32)
    valid = Variable(Tensor(points.size(0), 1).fill_(1.0), requires_grad=False)
    fake = Variable(Tensor(points.size(0), 1).fill_(0.0), requires_grad=False)
    real = Variable(points.type(Tensor))

    optimizer_G.zero_grad()
    z = Variable(torch.normal(0.0, 1.0, (points.shape[0], 4)))
    made = generator(z)
    g_loss = adversarial_loss(discriminator(made), valid)
    g_loss.backward()
    optimizer_G.step()

    optimizer_D.zero_grad()
    real_loss = adversarial_loss(discriminator(real), valid)
    fake_loss = adversarial_loss(discriminator(made.detach()), fake)
    d_loss = (real_loss + fake_loss) / 2
    d_loss.backward()
    optimizer_D.step()
    if step % 10 == 0:
        print("[Step %d/%d] [D loss: %f] [G loss: %f]" % (step, 30, d_loss.item(), g_loss.item()))
generator.eval()
with torch.no_grad():
    print(generator(fixed))
    print(generator(torch.randn(200, 4)).norm(dim=1).mean())

# the same with logits, and labels made by ones_like
critic = nn.Sequential(nn.Linear(2, 8), nn.ELU(), nn.Linear(8, 1))
bce = nn.BCEWithLogitsLoss()
real, made = real_points(8), generator(torch.randn(8, 4)).detach()
loss = bce(critic(real), torch.ones_like(critic(real))) + bce(critic(made), torch.zeros(8, 1))
loss.backward()
print(loss, critic[0].weight.grad.shape)
for p in critic.parameters():
    p.data.clamp_(-0.01, 0.01)
print(max(p.abs().max().item() for p in critic.parameters()) <= 0.01)
wasserstein = critic(made).mean() - critic(real).mean()
print(f"{wasserstein.item():.5f}")
