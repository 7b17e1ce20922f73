"""What each parameter does: Sequential, Conv2d, Flatten, Dropout, LayerNorm, Linear."""

from __future__ import annotations

from .running import Group, Row

SEQUENTIAL = Group(
    "nn.Sequential", before="x = torch.randn(2, 3)", show="r, list(r.state_dict()), r(x)", rows=(
        Row("*args", "(nn.Linear(3, 2), nn.ReLU())"),
        Row("*args", "(OrderedDict([('one', nn.Linear(3, 2)), ('two', nn.Tanh())]),)"),
        Row("*args", "(nn.Sequential(nn.Linear(3, 4)), nn.ReLU(), nn.Linear(4, 1))"),
        Row("*args", "(nn.ReLU(), None)", "r"),
        Row("*args", "([nn.ReLU()],)"),
        Row("*args", "({'one': nn.ReLU()},)"),
        Row("*args", "(nn.ReLU,)"),
    ))  # fmt: skip

ADD_MODULE = Group(
    "nn.Sequential.add_module", call="m.add_module", before="m = nn.Sequential(nn.Linear(3, 2))",
    given={"name": "'last'", "module": "nn.Tanh()"}, show="m, m(torch.ones(3)), m[-1] is m.last", rows=(
        Row("name", "'second'", "m, m.second"),
        Row("name", "'a.b'"),
        Row("name", "''"),
        Row("name", "'forward'"),
        Row("name", "3"),
        Row("module", "nn.Linear(2, 4)"),
        Row("module", "None", "m"),
        Row("module", "3"),
    ))  # fmt: skip

CONV2D = Group(
    "nn.Conv2d", before="x = torch.randn(2, 4, 5, 7)", show="r, r(x)",
    given={"in_channels": "4", "out_channels": "2", "kernel_size": "3"}, rows=(
        Row("in_channels", "3", "r, r.weight, r(x[:, :3])"),
        Row("in_channels", "4"),
        Row("in_channels", "3", "r(x)"),
        Row("in_channels", "-1"),
        Row("out_channels", "3"),
        Row("out_channels", "0"),
        Row("kernel_size", "2"),
        Row("kernel_size", "(1, 5)"),
        Row("kernel_size", "[3, 2]"),
        Row("kernel_size", "9"),
        Row("stride", "2"),
        Row("stride", "(2, 1)"),
        Row("stride", "(1, 3)"),
        Row("stride", "0"),
        Row("stride", "(1, 2, 3)"),
        Row("padding", "1"),
        Row("padding", "(0, 2)"),
        Row("padding", "'same'"),
        Row("padding", "'same'", given={"kernel_size": "(2, 4)"}),
        Row("padding", "'valid'", "r, r.padding, r(x)"),
        Row("padding", "-1"),
        Row("padding", "'all'", own_text=True),
        Row("padding", "'same'", given={"stride": "2"}),
        Row("padding_mode", "'reflect'", given={"padding": "(1, 2)"}),
        Row("padding_mode", "'replicate'", given={"padding": "(1, 2)"}),
        Row("padding_mode", "'circular'", given={"padding": "(1, 2)"}),
        Row("padding_mode", "'circular'", given={"padding": "'same'"}),
        Row("padding_mode", "'reflect'", "r(x)", given={"padding": "5"}),
        Row("padding_mode", "'mirror'", own_text=True),
        Row("dilation", "2"),
        Row("dilation", "(1, 3)"),
        Row("dilation", "(2, 3)", given={"padding": "'same'"}),
        Row("dilation", "0", own_text=True),
        Row("groups", "2", "r, r.weight, r(x)"),
        Row("groups", "4", "r, r.weight, r(x)", given={"out_channels": "8"}),
        Row("groups", "3", own_text=True),
        Row("groups", "4", given={"out_channels": "6"}, own_text=True),
        Row("groups", "0"),
        Row("bias", "False", "r, r.bias, list(r.state_dict()), r(x)"),
        Row("device", "'cuda'", own_text=True),
        Row("device", "'nowhere'"),
        Row("dtype", "torch.float64", "r, r(x.double())"),
        Row("dtype", "torch.float16", "r.weight, r.bias"),
        Row("dtype", "torch.int64"),
    ))  # fmt: skip

FLATTEN = Group(
    "nn.Flatten", before="x = torch.arange(120.).reshape(2, 3, 4, 5)", show="r, r(x).shape", rows=(
        Row("start_dim", "0"),
        Row("start_dim", "2"),
        Row("start_dim", "-2"),
        Row("start_dim", "3"),
        Row("start_dim", "4"),
        Row("start_dim", "2", "r(x)", before="x = x[:, :, :2, :2]"),
        Row("end_dim", "1"),
        Row("end_dim", "2"),
        Row("end_dim", "-2"),
        Row("end_dim", "0"),
        Row("end_dim", "4"),
        Row("end_dim", "2", "r(x)", before="x = x.transpose(1, 3)[:, :2, :2, :2]"),
    ))  # fmt: skip

DROPOUT = Group(
    "nn.Dropout", before="x = torch.arange(1., 21.); p = nn.Parameter(torch.ones(20))", rows=(
        Row("p", "0.25", "r, r(x)"),
        Row("p", "0.75", "r(p * 2).sum().backward() or p.grad"),
        Row("p", "0.1", "r(x), r(x)"),
        Row("p", "0.25", "r.eval(), r(x)"),
        Row("p", "0.", "r(x)"),
        Row("p", "1", "r(x)"),
        Row("p", "1.5"),
        Row("p", "-0.1"),
        Row("p", "'half'"),
        Row("inplace", "True", "r, r(x) is x, x"),
        Row("inplace", "True", "r.eval()(x) is x, r"),
        Row("inplace", "True", "r(p)"),
    ))  # fmt: skip

LAYER_NORM = Group(
    "nn.LayerNorm", before="x = torch.randn(2, 3, 4)", given={"normalized_shape": "4"},
    show="r, r(x)", rows=(
        Row("normalized_shape", "4"),
        Row("normalized_shape", "[4]"),
        Row("normalized_shape", "(3, 4)"),
        Row("normalized_shape", "torch.Size([2, 3, 4])"),
        Row("normalized_shape", "[3, 4]", "r.weight.shape, r.bias.shape"),
        Row("normalized_shape", "[3]"),
        Row("normalized_shape", "()"),
        Row("normalized_shape", "2.5"),
        Row("eps", "0.5"),
        Row("eps", "0.", "r(x), r(torch.ones(4))"),
        Row("eps", "-1.", "r(torch.ones(4))"),
        Row("elementwise_affine", "False", "r, r.weight, r.bias, r(x)"),
        Row("elementwise_affine", "False", "len(list(r.parameters())), list(r.state_dict())"),
        Row("bias", "False", "r, r.bias, list(r.state_dict()), r(x)"),
        Row("device", "'cuda'", own_text=True),
        Row("device", "'nowhere'"),
        Row("dtype", "torch.float64", "r(x.double())"),
        Row("dtype", "torch.float16", "r.weight, r.bias"),
        Row("dtype", "torch.float64", "r(x)", own_text=True),
        Row("dtype", "torch.int64"),
    ))  # fmt: skip

LINEAR = Group(
    "nn.Linear", before="x = torch.randn(2, 3)", given={"in_features": "3", "out_features": "2"},
    show="r, r(x)", rows=(
        Row("in_features", "3", "r.weight, r.bias, r(x)"),
        Row("in_features", "5", "r, r.weight, r(torch.ones(2, 1, 5))"),
        Row("in_features", "4"),
        Row("in_features", "0", "r, r.bias, r(torch.ones(2, 0))"),
        Row("in_features", "-1"),
        Row("out_features", "4"),
        Row("out_features", "1", "r(x[0])"),
        Row("out_features", "0", "r(x).shape, r.bias"),
        Row("bias", "False", "r, r.bias, list(r.state_dict()), r(x)"),
        Row("bias", "False", "r(x).sum().backward() or [p.grad for p in r.parameters()]"),
        Row("device", "'cuda'", own_text=True),
        Row("device", "'nowhere'"),
        Row("dtype", "torch.float64", "r.weight, r(x.double())"),
        Row("dtype", "torch.float16", "r.weight"),
        Row("dtype", "torch.float64", "r(x)"),
        Row("dtype", "torch.int64"),
    ))  # fmt: skip

GROUPS = [SEQUENTIAL, ADD_MODULE, CONV2D, FLATTEN, DROPOUT, LAYER_NORM, LINEAR]
