"""Work on images: filters, autoencoder, U-Net with a Dice loss, style losses, optimised pictures."""

import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(0)
image = torch.zeros(1, 1, 8, 8)
image[..., 2:6, 2:6] = 1.0
sobel = torch.tensor([[-1.0, 0.0, 1.0], [-2.0, 0.0, 2.0], [-1.0, 0.0, 1.0]])
kernels = torch.stack([sobel, sobel.t()]).unsqueeze(1)
edges = F.conv2d(image, kernels, padding=1)
print(edges[0, 0], edges.pow(2).sum(1).sqrt().max())
blur = torch.ones(3, 1, 3, 3) / 9
print(F.conv2d(image.repeat(1, 3, 1, 1), blur, padding="same", groups=3).shape, F.avg_pool2d(image, 3, stride=1, padding=1)[0, 0, 2])
detector = nn.Conv2d(1, 1, kernel_size=(1, 2), bias=False)
x = torch.ones((1, 1, 6, 8))
x[:, :, :, 2:6] = 0
y = F.conv2d(x, torch.tensor([[[[1.0, -1.0]]]]))
for i in range(10):
    loss = ((detector(x) - y) ** 2).sum()
    detector.zero_grad()
    loss.backward()
    detector.weight.data[:] -= 3e-2 * detector.weight.grad
print(f"{loss.item():.4f}", detector.weight.data.reshape((1, 2)))


def corr2d(X, K):
    h, w = K.shape
    Y = torch.zeros((X.shape[0] - h + 1, X.shape[1] - w + 1))
    for i in range(Y.shape[0]):
        for j in range(Y.shape[1]):
            Y[i, j] = (X[i : i + h, j : j + w] * K).sum()
    return Y


print(torch.allclose(corr2d(image[0, 0], sobel), F.conv2d(image, kernels[:1])[0, 0]))
columns = F.unfold(image, 3)
print(torch.allclose((sobel.flatten() @ columns[0]).view(6, 6), F.conv2d(image, kernels[:1])[0, 0]), F.fold(columns, (8, 8), 3)[0, 0, 0])
print(image.unfold(2, 4, 4).unfold(3, 4, 4).reshape(1, 4, 16).sum(-1))


class AutoEncoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(
            nn.Conv2d(1, 4, 3, stride=2, padding=1), nn.ReLU(True), nn.Conv2d(4, 2, 3, stride=2, padding=1))
        self.decoder = nn.Sequential(
            nn.ConvTranspose2d(2, 4, 3, stride=2, padding=1, output_padding=1), nn.ReLU(True),
            nn.ConvTranspose2d(4, 1, 2, stride=2), nn.Sigmoid())

    def forward(self, x):
        return self.decoder(self.encoder(x))


squares = torch.zeros(12, 1, 8, 8)
for i in range(12):
    squares[i, 0, i % 4 : i % 4 + 3, i // 4 : i // 4 + 4] = 1.0
auto = AutoEncoder()
print(auto.encoder(squares).shape, auto)
optimizer = torch.optim.Adam(auto.parameters(), lr=2e-2, weight_decay=1e-5)
for epoch in range(8):
    noisy = (squares + 0.1 * torch.randn(*squares.shape)).clip(0.0, 1.0)
    loss = nn.MSELoss()(auto(noisy), squares)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
print(f"{loss.item():.5f}")


class DoubleConv(nn.Module):
    def __init__(self, in_channels, out_channels, mid_channels=None):
        super().__init__()
        mid_channels = mid_channels or out_channels
        self.double_conv = nn.Sequential(
            nn.Conv2d(in_channels, mid_channels, kernel_size=3, padding=1, bias=False), nn.BatchNorm2d(mid_channels), nn.ReLU(inplace=True),
            nn.Conv2d(mid_channels, out_channels, kernel_size=3, padding=1, bias=False), nn.BatchNorm2d(out_channels), nn.ReLU(inplace=True))

    def forward(self, x):
        return self.double_conv(x)


class UNet(nn.Module):
    def __init__(self, bilinear):
        super().__init__()
        self.inc = DoubleConv(1, 4)
        self.down = nn.Sequential(nn.MaxPool2d(2), DoubleConv(4, 8))
        if bilinear:
            self.up = nn.Upsample(scale_factor=2, mode="bilinear", align_corners=True)
        else:
            self.up = nn.ConvTranspose2d(8, 8, kernel_size=2, stride=2)
        self.conv = DoubleConv(12, 4)
        self.outc = nn.Conv2d(4, 2, kernel_size=1)

    def forward(self, x):
        x1 = self.inc(x)
        x2 = self.up(self.down(x1))
        diff = x1.size()[2] - x2.size()[2]
        x2 = F.pad(x2, [diff // 2, diff - diff // 2, diff // 2, diff - diff // 2])
        return self.outc(self.conv(torch.cat([x1, x2], dim=1)))


def dice_loss(logits, mask, eps=1e-6):
    p = F.softmax(logits, dim=1).float()
    t = F.one_hot(mask, 2).permute(0, 3, 1, 2).float()
    inter = 2 * (p * t).sum(dim=(-1, -2))
    total = p.sum(dim=(-1, -2)) + t.sum(dim=(-1, -2))
    return 1 - ((inter + eps) / (total + eps)).mean()


masks = squares[:, 0, :7, :7].long()
for bilinear in (True, False):
    torch.manual_seed(1)
    net = UNet(bilinear)
    optimizer = torch.optim.RMSprop(net.parameters(), lr=1e-2, momentum=0.9)
    for step in range(4):
        logits = net(squares[:, :, :7, :7] + 0.2 * torch.rand(12, 1, 7, 7))
        loss = nn.CrossEntropyLoss()(logits, masks) + dice_loss(logits, masks)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimizer.step()
        print(step, f"{loss.item():.4f} {(logits.argmax(1) == masks).float().mean():.4f}")


# style: Gram matrices of features, and a picture that is optimised
def gram_matrix(input):
    a, b, c, d = input.size()
    features = input.view(a * b, c * d)
    return torch.mm(features, features.t()).div(a * b * c * d)


class Normalization(nn.Module):
    def __init__(self, mean, std):
        super().__init__()
        self.mean = mean.clone().detach().view(-1, 1, 1)
        self.std = std.clone().detach().view(-1, 1, 1)

    def forward(self, img):
        return (img - self.mean) / self.std


torch.manual_seed(2)
cnn = nn.Sequential(Normalization(torch.tensor([0.5]), torch.tensor([0.25])), nn.Conv2d(1, 4, 3, padding=1), nn.Tanh())
for p in cnn.parameters():
    p.requires_grad_(False)
style, content = gram_matrix(cnn(squares[:1])).detach(), cnn(image).detach()
picture = (0.8 * image + 0.1 * torch.rand_like(image)).requires_grad_(True)
optimizer = torch.optim.Adam([picture], lr=0.05)
for step in range(6):
    with torch.no_grad():
        picture.clamp_(0, 1)
    optimizer.zero_grad()
    features = cnn(picture)
    tv = (picture[..., 1:] - picture[..., :-1]).abs().mean() + (picture[..., 1:, :] - picture[..., :-1, :]).abs().mean()
    loss = 1e3 * F.mse_loss(gram_matrix(features), style) + F.mse_loss(features, content) + 0.1 * tv
    loss.backward()
    optimizer.step()
print(f"{loss.item():.5f}", picture[0, 0, 3])

# blocks of other networks
squeeze = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Conv2d(8, 2, 1), nn.ReLU(), nn.Conv2d(2, 8, 1), nn.Hardsigmoid())
h = torch.randn(2, 8, 6, 6)
print((h * squeeze(h)).mean(), nn.Sequential(nn.Conv2d(8, 8, 3, padding=1, groups=8), nn.Conv2d(8, 4, 1))(h).std())
inception = [nn.Conv2d(8, 2, 1), nn.Conv2d(8, 3, 3, padding=1), nn.Sequential(nn.MaxPool2d(3, 1, 1), nn.Conv2d(8, 1, 1))]
print(torch.cat([branch(h) for branch in inception], dim=1).shape, nn.PixelShuffle(2)(h).shape, nn.ReflectionPad2d(1)(h).shape, nn.ZeroPad2d((1, 0, 2, 0))(h).shape)
patches = nn.Conv2d(8, 5, kernel_size=3, stride=3)(h).flatten(2).transpose(1, 2)
print(patches.shape, F.interpolate(h, size=(3, 4), mode="nearest").sum(), F.interpolate(h, scale_factor=0.5, mode="bilinear").mean(), F.adaptive_avg_pool2d(h, (4, 5))[0, 0, 0])
