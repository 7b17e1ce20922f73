"""Normalisation."""

from __future__ import annotations

from .spec import Table, f, i

case = CASES = Table()


def ln(shape, **kw):
    return lambda torch, x, *p: torch.nn.functional.layer_norm(x, shape, *p, **kw)


case("layer_norm", ln((5,)), f(3, 5))
case("layer_norm", ln((5,)), f(2, 3, 5), f(5), f(5))
case("layer_norm", ln((3, 5)), f(2, 3, 5), f(3, 5), f(3, 5))
case("layer_norm", ln([5]), f(2, 3, 5), f(5))
case("layer_norm", ln((5,), eps=0.3), f(2, 3, 5, layout="transposed"), f(5), f(5))
case("layer_norm", ln((5,)), f(3, 5, layout="strided"), f(5), f(5))
case("layer_norm", ln((5,)), f(5), f(5), f(5))
case("layer_norm", ln((5,)), f(0, 5), f(5), f(5), numeric=False, note="no element")
case("layer_norm", ln((37,)), f(1801, 37), f(37), f(37), rtol32=1e-4, numeric=False,
     note="several blocks; float32 sums of 1801 terms")  # fmt: skip
no_weight = lambda torch, x, b: torch.nn.functional.layer_norm(x, (5,), None, b)
case("layer_norm", no_weight, f(3, 5), f(5))

rms = lambda torch, x, *p, **kw: torch.nn.functional.rms_norm(x, x.shape[-1:], *p, **kw)
case("rms_norm", rms, f(3, 5))
case("rms_norm", rms, f(2, 3, 5, layout="transposed"), f(5))
case("rms_norm", lambda torch, x: rms(torch, x, eps=0.2), f(2, 3, 5))


def running(x, stats=True):
    """Running moments, or None, None."""
    if not stats:
        return None, None
    zeros = x.detach().new_zeros(x.shape[1])
    return zeros - 0.3, zeros + 1.7


def bn(training, stats=True, **kw):
    return lambda torch, x, *p: torch.nn.functional.batch_norm(
        x, *running(x, stats), *p, training=training, **kw
    )


for training in (True, False):
    case("batch_norm", bn(training), f(5, 3))
    case("batch_norm", bn(training, momentum=0.3, eps=0.1), f(5, 3, 2), f(3), f(3))
    case("batch_norm", bn(training), f(2, 3, 5, 7, layout="transposed"), f(3), f(3))
case("batch_norm", bn(True, stats=False), f(5, 3), f(3))


def moments_after(name, **kw):
    """The running moments after one call: they are changed in place."""

    def call(torch, x):
        mean, var = running(x)
        getattr(torch.nn.functional, name)(x, mean, var, **kw)
        return mean, var

    return call


case("batch_norm", moments_after("batch_norm", training=True), f(5, 3, 2), grad=False)
case("batch_norm", moments_after("batch_norm", training=True, momentum=0.7), f(5, 3), grad=False)
case("batch_norm", moments_after("batch_norm"), f(5, 3), grad=False)
case("instance_norm", moments_after("instance_norm", momentum=0.4), f(5, 3, 2), grad=False)

gn = lambda groups, **kw: lambda torch, x, *p: torch.nn.functional.group_norm(x, groups, *p, **kw)
case("group_norm", gn(2), f(3, 4, 5))
case("group_norm", gn(3, eps=0.2), f(2, 6, 5), f(6), f(6))
case("group_norm", gn(1), f(2, 3, 5, layout="strided"), f(3), f(3))
case("group_norm", gn(2), f(3, 10), f(10), f(10))


def instance(use_input_stats, stats=True):
    return lambda torch, x, *p: torch.nn.functional.instance_norm(
        x, *running(x, stats), *p, use_input_stats=use_input_stats
    )


case("instance_norm", instance(True, stats=False), f(2, 3, 5))
case("instance_norm", instance(True), f(2, 3, 5, 7), f(3), f(3))
case("instance_norm", instance(False), f(2, 3, 5), f(3), f(3))

case("normalize", lambda torch, x: torch.nn.functional.normalize(x), f(3, 5))
case("normalize", lambda torch, x: torch.nn.functional.normalize(x, p=1, dim=0), f(3, 5))
case("normalize", lambda torch, x: torch.nn.functional.normalize(x, dim=-1, eps=3.0), f(2, 3, 5))
for size in (1, 2, 3, 11):
    lrn = lambda torch, x, n=size: torch.nn.functional.local_response_norm(x, n, 0.3, 0.6, 0.9)
    case("local_response_norm", lrn, f(2, 5, 3))
case(
    "local_response_norm",
    lambda torch, x: torch.nn.functional.local_response_norm(x, 2),
    f(2, 3, 5, 7),
)
for size in (1, 2, 5):  # whole numbers: the mean of the squares is cut to a whole number
    lrn = lambda torch, x, n=size: torch.nn.functional.local_response_norm(x, n, 0.3, 0.75, 1.5)
    case("local_response_norm", lrn, i(2, 5, 3, low=-30, high=30), rtol=1e-6)
case("batch_norm", lambda torch, x: torch.nn.functional.batch_norm(x, x, x, training=True), f(0),
     numeric=False, note="PyTorch lets one empty dimension pass")  # fmt: skip
