"""What each parameter does: CrossEntropyLoss, Adam, parameters()."""

from __future__ import annotations

from .running import Group, Row

SCORES = "x = torch.randn(4, 3).requires_grad_(); t = torch.tensor([2, 0, 1, 2]); w = torch.tensor([1., 2., 0.5])"
SHARES = "q = torch.randn(4, 3).softmax(-1)"  # probabilities instead of class numbers
IMAGE = "x = torch.randn(2, 3, 2, 2); t = torch.tensor([[[0, 1], [2, -100]], [[2, 2], [0, 1]]])"
LOSS = Group("nn.CrossEntropyLoss", before=SCORES, show="r(x, t)", rows=(
    Row("weight", "w"),
    Row("weight", "w", "r(x, t).backward() or x.grad"),
    Row("weight", "w", "r(x, q)", SHARES),
    Row("weight", "w", before=IMAGE),
    Row("weight", "w", given={"reduction": "'none'"}),
    Row("weight", "w", given={"reduction": "'sum'"}),
    Row("weight", "w", given={"ignore_index": "2"}),  # neither counts in the mean's divisor
    Row("weight", "w", given={"label_smoothing": "0.25"}),
    Row("weight", "w", "r.state_dict(), len(list(r.parameters()))"),
    Row("weight", "torch.ones(2)"),
    Row("weight", "w.double()"),
    Row("weight", "[1., 2., 3.]"),
    Row("size_average", "False"),
    Row("size_average", "True", "r.reduction"),
    Row("size_average", "False", given={"reduce": "True"}),
    Row("size_average", "True", given={"reduction": "'sum'"}),
    Row("reduce", "False"),
    Row("reduce", "True", "r.reduction"),
    Row("reduce", "False", given={"size_average": "False"}),
    Row("reduce", "True", given={"reduction": "'none'"}),
    Row("ignore_index", "2"),
    Row("ignore_index", "2", "r(x, t).backward() or x.grad"),
    Row("ignore_index", "-1", "r(x, torch.tensor([-1, 0, 1, -1]))"),
    Row("ignore_index", "7", "r(x, torch.tensor([7, 7, 7, 7]))"),
    Row("ignore_index", "2", before=IMAGE + "; t = t.abs() % 5"),
    Row("ignore_index", "2", given={"reduction": "'none'"}),
    Row("ignore_index", "0", "r(x, q)", SHARES),
    Row("ignore_index", "1.5"),
    Row("ignore_index", "None"),
    Row("ignore_index", "True"),
    Row("reduction", "'none'"),
    Row("reduction", "'sum'"),
    Row("reduction", "'none'", "r(x, q)", SHARES),
    Row("reduction", "'sum'", "r(x, q)", SHARES),
    Row("reduction", "'none'", before=IMAGE),
    Row("reduction", "'none'", "r(x[..., 0], t[..., 0])", IMAGE),
    Row("reduction", "'sum'", "r(x, t).backward() or x.grad"),
    Row("reduction", "'elementwise_mean'"),
    Row("reduction", "'average'"),
    Row("reduction", "None"),
    Row("label_smoothing", "0.1"),
    Row("label_smoothing", "1"),
    Row("label_smoothing", "0.1", "r(x, t).backward() or x.grad"),
    Row("label_smoothing", "0.1", "r(x, q)", SHARES),
    Row("label_smoothing", "0.1", given={"ignore_index": "2"}),
    Row("label_smoothing", "0.3", before=IMAGE),
    Row("label_smoothing", "1.5"),
    Row("label_smoothing", "-0.5", differs="PyTorch checks only the upper end of the range", ours={
        "raises": "RuntimeError", "says": "label_smoothing must be between 0.0 and 1.0. Got: -0.5",
    }),
))  # fmt: skip

# three steps downhill on a loss that is not symmetric, so that the mean of g² rises and falls
STEPS = """
p = nn.Parameter(torch.tensor([1., -2., 3.])); q = nn.Parameter(torch.ones(2))
def steps(r, n=3):
    for i in range(n):
        r.zero_grad()
        ((p - 0.5) ** 2 * (3. - i) + p).sum().backward()
        q.grad = torch.tensor([0.25, -1.])
        r.step()
    return p, q
def group(r):
    return [{k: v for k, v in g.items() if k != 'params'} for g in r.param_groups]
"""
ADAM = Group(
    "torch.optim.Adam", before=STEPS, given={"params": "[p, q]"}, show="steps(r), repr(r)", rows=(
        Row("params", "[p, q]"),
        Row("params", "[q]", "steps(r)"),
        Row("params", "(x for x in [p, q])"),
        Row("params", "nn.Linear(2, 1).parameters()", "[p.shape for p in r.param_groups[0]['params']]"),
        Row("params", "[{'params': [p], 'lr': 0.5, 'betas': (0.5, 0.5)}, {'params': q, 'weight_decay': 0.1}]"),
        Row("params", "[('first', p), ('second', q)]"),
        Row("params", "[]"),
        Row("params", "p"),
        Row("params", "[3]"),
        Row("params", "[p * 2]"),
        Row("params", "[p, p]", "steps(r)"),
        Row("params", "[{'params': [p]}, {'params': [p]}]"),
        Row("lr", "0.1"),
        Row("lr", "torch.tensor(0.1)"),
        Row("lr", "0", "steps(r)"),
        Row("lr", "0.5", given={"params": "[{'params': [p]}, {'params': [q], 'lr': 0.01}]"}),
        Row("lr", "-1"),
        Row("lr", "torch.tensor([0.1, 0.2])"),
        Row("betas", "(0.5, 0.9)"),
        Row("betas", "(0., 0.)"),
        Row("betas", "(1., 0.9)"),
        Row("betas", "(0.9, -0.1)"),
        Row("betas", "0.9"),
        Row("eps", "1."),
        Row("eps", "0"),
        Row("eps", "-1"),
        Row("weight_decay", "0.5"),
        Row("weight_decay", "-1"),
        Row("amsgrad", "True"),
        Row("amsgrad", "True", "steps(r) and r.state_dict()"),
        Row("foreach", "True"),
        Row("foreach", "True", given={"lr": "torch.tensor(0.1)"}),
        Row("foreach", "True", given={"fused": "True"}),
        Row("maximize", "True"),
        Row("maximize", "True", given={"weight_decay": "0.5"}),
        Row("capturable", "True", "group(r)"),
        Row("capturable", "True", "steps(r)"),
        Row("capturable", "True", "steps(r), group(r)", given={"fused": "True", "lr": "0.1"}),
        Row("differentiable", "True", given={"fused": "True"}),
        Row("differentiable", "True", "group(r)", differs="a step on arrays cannot be recorded", ours={
            "raises": "NotImplementedError",
            "says": "differentiable=True is not supported: a step changes parameters outside the graph",
        }),
        Row("fused", "True"),
        Row("fused", "False", "group(r)"),
        Row("decoupled_weight_decay", "True", given={"weight_decay": "0.5", "lr": "0.1"}),
    ))  # fmt: skip

STEP = Group(
    "torch.optim.Adam.step", call="o.step", before=STEPS + """
o = torch.optim.Adam([p], lr=0.1)
def closure():
    o.zero_grad(); loss = (p ** 2).sum(); loss.backward()
    return loss
def fails():
    raise ValueError('no loss')
""", show="r, p, p.grad, o.state_dict()['state']", rows=(
        Row("closure", "closure"),
        Row("closure", "closure", before="torch.set_grad_enabled(True)", show="r.requires_grad, p"),
        Row("closure", "fails"),
        Row("closure", "3"),
    ))  # fmt: skip

MODEL = """
class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(1))
        self.layers = nn.ModuleList([nn.Linear(2, 1), nn.Linear(1, 1, bias=False)])
        self.again = self.layers[0]
        self.frozen = nn.Parameter(torch.zeros(2), requires_grad=False)
        self.register_buffer('buffer', torch.zeros(3))
m = Model()
"""
PARAMETERS = Group(
    "nn.Module.parameters", call="m.parameters", before=MODEL, show="[(p.shape, p) for p in r]", rows=(
        Row("recurse", "False"),
        Row("recurse", "False", "[p.requires_grad for p in r]"),
    ))  # fmt: skip

GROUPS = [LOSS, ADAM, STEP, PARAMETERS]
