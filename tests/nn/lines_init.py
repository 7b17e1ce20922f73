"""Lines about nn.init and nn.utils (see lines.py).

``.tolist()`` shows every digit, and a draw afterwards the generator's state: equal text means
equal to the bit.
"""

from __future__ import annotations

from .lines import listed

FILLS = """
uniform_(t)
uniform_(t, -2., 3.)
normal_(t)
normal_(t, 1., 0.1)
trunc_normal_(t)
trunc_normal_(t, 0.5, 2., -1., 1.)
trunc_normal_(t, 0., 1., 2., 3.)
trunc_normal_(t, 0., 1., -0.1, 0.1)
trunc_normal_(t, std=0.02)
constant_(t, 0.3)
ones_(t)
zeros_(t)
eye_(t)
xavier_uniform_(t)
xavier_uniform_(t, gain=2.)
xavier_normal_(t)
xavier_normal_(t, gain=nn.init.calculate_gain("tanh"))
kaiming_uniform_(t)
kaiming_uniform_(t, a=5 ** 0.5)
kaiming_uniform_(t, mode="fan_out", nonlinearity="relu")
kaiming_normal_(t)
kaiming_normal_(t, 0.2, "fan_out", "leaky_relu")
sparse_(t, 0.4)
sparse_(t, 0.5, std=3.)
"""

INIT = [
    f"t = torch.empty({size}); nn.init.{fill}; (t.tolist(), torch.rand(1).item())"
    for size in ("3, 5", "7, 3, dtype=torch.float64")
    for fill in listed(FILLS)
]
INIT += [
    f"t = torch.empty(3, 5); g = torch.Generator().manual_seed(3); nn.init.{name}_(t{more}, "
    "generator=g); (t.tolist(), torch.rand(1).item())"
    for name, more in (
        ("uniform", ""), ("normal", ""), ("trunc_normal", ""), ("xavier_uniform", ""),
        ("xavier_normal", ""), ("kaiming_uniform", ""), ("kaiming_normal", ""),
    )
]  # fmt: skip
INIT += listed("""
t = torch.empty(4, 2, 3); nn.init.dirac_(t); t
t = torch.empty(4, 2, 3, 5); nn.init.dirac_(t, groups=2); t
t = torch.empty(3, 2, 3); nn.init.dirac_(t, groups=2); t
t = torch.empty(3, 2); nn.init.dirac_(t)
t = torch.empty(3); nn.init.eye_(t)
t = torch.empty(3); nn.init.xavier_uniform_(t)
t = torch.empty(3); nn.init.orthogonal_(t)
t = torch.empty(3); nn.init.sparse_(t, 0.1)
t = torch.empty(3, 0); nn.init.kaiming_uniform_(t)
t = torch.empty(3, 2); nn.init.kaiming_normal_(t, nonlinearity="swish")
t = torch.empty(3, 2); nn.init.uniform(t).shape
t = torch.empty(3, 2); nn.init.normal_(t, 0., -0.5)
t = torch.empty(3, 2, 5, 7); nn.init._calculate_fan_in_and_fan_out(t)
t = torch.empty(3, 2, requires_grad=True); nn.init.ones_(t); (t, t.requires_grad, t.grad_fn)
t = torch.empty(3, 2); nn.init.trunc_normal_(t, 9., 1., -1., 1.); bool((t.abs() <= 1).all())
[nn.init.calculate_gain(n) for n in ("linear", "conv2d", "sigmoid", "tanh", "relu", "leaky_relu", "selu")]
nn.init.calculate_gain("leaky_relu", 0.2)
nn.init.calculate_gain("leaky_relu", "a")
nn.init.calculate_gain("swish")
""")

UTILS = listed("""
p = P(3); p.grad = torch.tensor([3., 4., 0.]); (nn.utils.clip_grad_norm_([p], 1.), p.grad)
p = P(3); p.grad = torch.tensor([3., 4., 0.]); (nn.utils.clip_grad_norm_(p, 10.), p.grad)
p = P(3); p.grad = torch.tensor([3., -4., 0.]); (nn.utils.clip_grad_norm_([p, P(2)], 2., norm_type=1), p.grad)
p = P(3); p.grad = torch.tensor([3., -4., 0.]); (nn.utils.clip_grad_norm_([p], 2., norm_type=float("inf")), p.grad)
p = P(1); p.grad = torch.tensor([float("inf")]); nn.utils.clip_grad_norm_([p], 1., error_if_nonfinite=True)
p = P(1); p.grad = torch.tensor([float("nan")]); nn.utils.clip_grad_norm_([p], 1.)
nn.utils.clip_grad_norm_([P(2)], 1.)
nn.utils.clip_grad_norm_([], 1.)
nn.utils.clip_grad_norm_((p for p in []), 1.)
p = P(3); p.grad = torch.tensor([3., -4., 0.5]); (nn.utils.clip_grad_value_([p], 1.), p.grad)
p = P(3); p.grad = torch.tensor([3., -4., 0.5]); (nn.utils.clip_grad_norm([p], 1.), p.grad)
nn.utils.get_total_norm([torch.tensor([3., 4.]), torch.tensor([12.])])
nn.utils.get_total_norm([torch.tensor([3., 4.]), torch.tensor([12.])], 1)
nn.utils.get_total_norm([])
p = P(2); p.grad = torch.tensor([3., 4.]); nn.utils.clip_grads_with_norm_([p], 1., torch.tensor(10.)); p.grad
nn.utils.parameters_to_vector(L(2, 3).requires_grad_(False).parameters()).shape
m = L(2, 1); nn.utils.vector_to_parameters(torch.tensor([1., 2., 3.]), m.parameters()); (m.weight, m.bias)
nn.utils.vector_to_parameters([1., 2.], L(1, 1).parameters())
m = L(2, 1); v = nn.utils.parameters_to_vector(m.parameters()); v.sum().backward(); (v.requires_grad, m.weight.grad)
""")
