"""Gradients: what is recorded, backward, custom functions, no_grad, hooks."""

import torch

x = torch.ones(2, 2, requires_grad=True)
y = x + 2
z = y * y * 3
out = z.mean()
print(x, y, z, out, sep="\n")
print(y.grad_fn is not None, x.grad_fn, z.grad_fn.name(), out.requires_grad, x.is_leaf, y.is_leaf)
out.backward()
print(x.grad)

# a vector-Jacobian product
torch.manual_seed(0)
x = torch.randn(3, requires_grad=True)
y = x * 2
while y.data.norm() < 1000:
    y = y * 2
print(y)
y.backward(torch.tensor([0.1, 1.0, 0.0001]))
print(x.grad)

# gradients add up
w = torch.tensor([1.0, 2.0], requires_grad=True)
for step in range(3):
    (w ** 2).sum().backward()
    print(step, w.grad)
w.grad.zero_()
print(w.grad)
w.grad = None
print(w.grad)

# switching off
a = torch.randn(2, requires_grad=True)
print((a ** 2).requires_grad)
with torch.no_grad():
    print((a ** 2).requires_grad)
print(a.detach().requires_grad, a.detach().eq(a).all())
with torch.set_grad_enabled(False):
    print((a * 2).requires_grad, torch.is_grad_enabled())


@torch.no_grad()
def frozen(t):
    return t * 3


print(frozen(a).requires_grad, torch.inference_mode is not None)
b = torch.randn(2, 2)
b = (b * 3) / (b - 1)
print(b.requires_grad)
b.requires_grad_(True)
print(b.requires_grad, (b * b).sum().grad_fn.name())


# functions with their own derivative
class Legendre3(torch.autograd.Function):
    """P3(x) = (5x^3 - 3x) / 2."""

    @staticmethod
    def forward(ctx, input):
        ctx.save_for_backward(input)
        return 0.5 * (5 * input**3 - 3 * input)

    @staticmethod
    def backward(ctx, grad_output):
        (input,) = ctx.saved_tensors
        return grad_output * 1.5 * (5 * input**2 - 1)


class ClippedReLU(torch.autograd.Function):
    @staticmethod
    def forward(ctx, input, ceiling):
        ctx.save_for_backward(input)
        ctx.ceiling = ceiling
        return input.clamp(min=0, max=ceiling)

    @staticmethod
    def backward(ctx, grad_output):
        input, = ctx.saved_tensors
        grad = grad_output.clone()
        grad[(input < 0) | (input > ctx.ceiling)] = 0
        return grad, None


t = torch.tensor([-1.0, 0.5, 3.0], requires_grad=True)
s = Legendre3.apply(t)
print(s)
s.sum().backward()
print(t.grad)
t.grad = None
print(ClippedReLU.apply(t, 2.0))
ClippedReLU.apply(t * 1, 2.0).sum().backward()
print(t.grad)
print(torch.autograd.gradcheck(Legendre3.apply, (torch.randn(4, dtype=torch.double, requires_grad=True),)))

# fitting a polynomial to a sine with the custom function
torch.manual_seed(1)
xs = torch.linspace(-3.14159, 3.14159, 200)
ys = torch.sin(xs)
pa = torch.full((), 0.0, requires_grad=True)
pb = torch.full((), -1.0, requires_grad=True)
pc = torch.full((), 0.0, requires_grad=True)
pd = torch.full((), 0.3, requires_grad=True)
for i in range(60):
    pred = pa + pb * Legendre3.apply(pc + pd * xs)
    loss = (pred - ys).pow(2).sum()
    if i % 20 == 19:
        print(i, f"{loss.item():.5f}")
    loss.backward()
    with torch.no_grad():
        for p in (pa, pb, pc, pd):
            p -= 5e-5 * p.grad
            p.grad = None
print(f"y = {pa.item():.4f} + {pb.item():.4f} * P3({pc.item():.4f} + {pd.item():.4f} x)")

# other doors
u = torch.tensor(2.0, requires_grad=True)
v = torch.tensor(3.0, requires_grad=True)
f = u**2 * v + torch.exp(v)
print(torch.autograd.grad(f, [u, v], retain_graph=True), u.grad)
f.backward(retain_graph=True)
f.backward()
print(u.grad, v.grad)
mid = u * v
mid.retain_grad()
mid.register_hook(lambda g: print("hook sees", g))
(mid * 5).backward()
print(mid.grad)
scaled, shifted = (w * 2).sum(), (w + 2).sum()
scaled.backward(), shifted.backward(), shifted.backward()  # a sum remembers nothing to free
for bad in (
    lambda: f.backward(),
    lambda: scaled.backward(),
    lambda: (torch.ones(2, requires_grad=True) * 2).backward(),
    lambda: torch.ones(2).sum().backward(),
    lambda: torch.ones(2, requires_grad=True).add_(1),
    lambda: torch.ones(2, requires_grad=True).numpy(),
    lambda: torch.tensor([1, 2], requires_grad=True),
):
    try:
        bad()
    except RuntimeError as error:
        print(str(error).split(".")[0])
q = torch.tensor([1.0, 2.0], requires_grad=True)
r = q.exp()
r.mul_(2)
try:
    r.sum().backward()
except RuntimeError as error:
    print("modified" in str(error))
for result in (q.sin(), q.sum(), q @ q, q.view(2, 1), q[0], torch.cat([q, q]), q.tanh() + 1, q.mean() * 2, q.relu()):
    print(result.grad_fn.name(), [parent.name() for parent, _ in result.grad_fn.next_functions if parent])
