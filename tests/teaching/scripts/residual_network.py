"""Residual blocks: a small ResNet built as the paper describes it, trained for a few steps."""

from typing import List, Optional, Type

import torch
import torch.nn as nn
from torch import Tensor


def conv3x3(in_planes: int, out_planes: int, stride: int = 1) -> nn.Conv2d:
    return nn.Conv2d(in_planes, out_planes, kernel_size=3, stride=stride, padding=1, bias=False)


class BasicBlock(nn.Module):
    expansion: int = 1

    def __init__(self, inplanes: int, planes: int, stride: int = 1, downsample: Optional[nn.Module] = None):
        super().__init__()
        self.conv1 = conv3x3(inplanes, planes, stride)
        self.bn1 = nn.BatchNorm2d(planes)
        self.relu = nn.ReLU(inplace=True)
        self.conv2 = conv3x3(planes, planes)
        self.bn2 = nn.BatchNorm2d(planes)
        self.downsample = downsample

    def forward(self, x: Tensor) -> Tensor:
        identity = x if self.downsample is None else self.downsample(x)
        out = self.relu(self.bn1(self.conv1(x)))
        out = self.bn2(self.conv2(out))
        out += identity
        return self.relu(out)


class ResNet(nn.Module):
    def __init__(self, block: Type[BasicBlock], layers: List[int], num_classes: int = 5):
        super().__init__()
        self.inplanes = 4
        self.stem = nn.Sequential(conv3x3(3, 4), nn.BatchNorm2d(4), nn.ReLU(inplace=True))
        self.layer1 = self._make_layer(block, 4, layers[0])
        self.layer2 = self._make_layer(block, 8, layers[1], stride=2)
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(8 * block.expansion, num_classes)
        for m in self.modules():
            if isinstance(m, nn.Conv2d):
                nn.init.kaiming_normal_(m.weight, mode="fan_out", nonlinearity="relu")
            elif isinstance(m, (nn.BatchNorm2d, nn.GroupNorm)):
                nn.init.constant_(m.weight, 1)
                nn.init.constant_(m.bias, 0)
        for m in self.modules():
            if isinstance(m, BasicBlock) and isinstance(m.bn2.weight, Tensor):
                nn.init.zeros_(m.bn2.weight)

    def _make_layer(self, block, planes: int, blocks: int, stride: int = 1) -> nn.Sequential:
        downsample = None
        if stride != 1 or self.inplanes != planes * block.expansion:
            downsample = nn.Sequential(
                nn.Conv2d(self.inplanes, planes * block.expansion, 1, stride, bias=False),
                nn.BatchNorm2d(planes * block.expansion),
            )
        layers = [block(self.inplanes, planes, stride, downsample)]
        self.inplanes = planes * block.expansion
        for _ in range(1, blocks):
            layers.append(block(self.inplanes, planes))
        return nn.Sequential(*layers)

    def forward(self, x: Tensor) -> Tensor:
        x = self.layer2(self.layer1(self.stem(x)))
        return self.fc(torch.flatten(self.avgpool(x), 1))


torch.manual_seed(3)
net = ResNet(BasicBlock, [1, 2])
print(net)
for name, module in net.named_children():
    print(name, sum(p.numel() for p in module.parameters()))
print([name for name, m in net.named_modules() if isinstance(m, BasicBlock)])
print(torch.__name__ in ("torch", "minitorch"), isinstance(net.layer2[0].downsample, nn.Sequential), net.layer1[0].downsample)

x, y = torch.randn(12, 3, 8, 8), torch.randint(0, 5, (12,))
optimizer = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
scheduler = torch.optim.lr_scheduler.MultiStepLR(optimizer, milestones=[4, 6], gamma=0.1)
loss_fn = nn.CrossEntropyLoss()
for step in range(8):
    loss = loss_fn(net(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    scheduler.step()
    print(f"{step} loss {loss.item():.5f} lr {optimizer.param_groups[0]['lr']:.4g}")
print(net.layer2[0].bn2.weight.detach().mul(1000).round())
print(net.stem[0].weight.grad.norm())


class Block(nn.Module):
    """A block that chooses its shortcut itself, with a bottleneck."""

    def __init__(self, n, m):
        super().__init__()
        self.shortcut = nn.Identity() if n == m else nn.Conv2d(n, m, 1)
        self.body = nn.Sequential()
        self.body.add_module("squeeze", nn.Conv2d(n, m // 2, 1))
        self.body.add_module("act", nn.GELU())
        self.body.add_module("expand", nn.Conv2d(m // 2, m, 1))

    def forward(self, x):
        return self.shortcut(x) + self.body(x)


blocks = nn.ModuleList([Block(3, 4), Block(4, 4)])
h = x
for i, block in enumerate(blocks):
    h = block(h)
    print(i, h.shape, f"{h.mean().item():.5f}")
print(blocks[1], len(blocks))
