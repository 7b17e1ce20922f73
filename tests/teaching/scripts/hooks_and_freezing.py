"""Feature maps by hooks, frozen layers, changed heads, the parts of a model."""

from collections import OrderedDict

import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(0)


class ConvNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer1 = nn.Sequential(nn.Conv2d(1, 4, 3, padding=1), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(2))
        self.layer2 = nn.Sequential(nn.Conv2d(4, 6, 3, padding=1), nn.ReLU(), nn.AdaptiveMaxPool2d(2))
        self.fc = nn.Linear(6 * 2 * 2, 3)

    def forward(self, x):
        out = self.layer2(self.layer1(x))
        return self.fc(out.reshape(out.size(0), -1))


model = ConvNet()
activation = {}


def get_activation(name):
    def hook(module, input, output):
        activation[name] = output.detach()
        print("  in", name, [tuple(i.shape) for i in input], "->", tuple(output.shape), type(module).__name__)
    return hook


handles = [m.register_forward_hook(get_activation(n)) for n, m in model.named_modules() if isinstance(m, nn.Conv2d)]
model.fc.register_forward_hook(get_activation("fc"))
x = torch.randn(2, 1, 8, 8)
out = model(x)
print(activation["layer2.0"][0, 0], len(activation))
for handle in handles:
    handle.remove()
model(x)

# hooks before, hooks on gradients
pre = model.fc.register_forward_pre_hook(lambda module, args: (args[0] * 0,))
print(torch.equal(model(x), model.fc.bias.expand(2, 3)))
pre.remove()
gradients = []
model.layer2.register_full_backward_hook(lambda module, gin, gout: gradients.append((gin[0].shape, gout[0].shape)))
model.fc.weight.register_hook(lambda grad: grad * 2)
target = torch.tensor([0, 2])
F.cross_entropy(model(x), target).backward()
print(gradients, model.fc.weight.grad[0, :5])

# a heat map (Grad-CAM) from a saved output and its gradient
saved = {}


def keep(module, args, output):
    saved["map"] = output
    output.register_hook(lambda grad: saved.update(grad=grad))


handle = model.layer2[1].register_forward_hook(keep)
score = model(x)[0, 1]
model.zero_grad()
score.backward()
handle.remove()
weights = saved["grad"].mean(dim=(2, 3), keepdim=True)
cam = F.relu((weights * saved["map"]).sum(1))[0].detach()
print(cam.shape, F.interpolate(cam[None, None], size=(8, 8), mode="bilinear", align_corners=False).shape)
image = x[:1].clone().requires_grad_()
model(image).max().backward()
saliency, _ = image.grad.abs().max(dim=1)
print(saliency.shape, saliency[0, 0])
fgsm = (image + 0.1 * image.grad.sign()).clamp(-1, 1).detach()
print((fgsm - image).abs().max() <= 2, fgsm.requires_grad)

# freezing
for param in model.parameters():
    param.requires_grad = False
model.fc = nn.Linear(model.fc.in_features, 5)
print([name for name, p in model.named_parameters() if p.requires_grad])
print(sum(p.numel() for p in model.parameters() if p.requires_grad), "of", sum(p.numel() for p in model.parameters()))
before = model.layer1[0].weight.clone()
optimizer = torch.optim.Adam(filter(lambda p: p.requires_grad, model.parameters()), lr=0.01)
for _ in range(3):
    optimizer.zero_grad()
    loss = F.cross_entropy(model(x), target)
    loss.backward()
    optimizer.step()
print(f"{loss.item():.5f}", torch.equal(before, model.layer1[0].weight), model.layer1[0].weight.grad)
model.layer2.requires_grad_(True)
optimizer.add_param_group({"params": model.layer2.parameters(), "lr": 1e-4})
print(len(optimizer.param_groups), [len(g["params"]) for g in optimizer.param_groups], [g["lr"] for g in optimizer.param_groups])
model.train()
for m in model.modules():
    if isinstance(m, nn.BatchNorm2d):
        m.eval()
print([m.training for m in model.layer1], model.training)

# the parts
features = nn.Sequential(*list(model.children())[:-1])
print(features(x).shape, [n for n, _ in model.named_children()], len(list(model.modules())))
net = nn.Sequential(OrderedDict([("conv", nn.Conv2d(1, 2, 3)), ("act", nn.Hardswish()), ("flat", nn.Flatten())]))
net.add_module("head", nn.Linear(72, 2))
print(net, net.conv, net[-1], net[:2])
net[1] = nn.SiLU()
del net[2:]
print(net, len(net), "conv" in dict(net.named_children()))
net.append(nn.Flatten(1)).extend([nn.ReLU6()])
net.insert(1, nn.Identity())
print(net)
print(model.get_submodule("layer1.0"), tuple(model.get_parameter("fc.weight").shape), hasattr(model, "nothing"))
try:
    print(model.nothing)
except AttributeError as error:
    print(error)


class Custom(nn.Module):
    def __init__(self):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(3))
        self.register_parameter("missing", None)
        self.register_buffer("steps", torch.tensor(0))
        self.weights = nn.ParameterList([nn.Parameter(torch.zeros(i + 1)) for i in range(2)])
        self.choices = nn.ModuleDict({"lin": nn.Linear(3, 3), "act": nn.PReLU()})
        self.plain = [nn.Linear(2, 2)]

    def forward(self, x, choice="act"):
        self.steps += 1
        return self.choices[choice](x) * self.scale

    def extra_repr(self):
        return f"scale={tuple(self.scale.shape)}"


custom = Custom()
custom(torch.ones(2, 3)), custom(torch.ones(2, 3), choice="lin")
print(custom, custom.steps, list(custom.state_dict()), [n for n, _ in custom.named_buffers()])
print(custom.double().scale.dtype, custom.half().scale.dtype, custom.float().to("cpu").scale.device, next(custom.parameters()).dtype)
