"""Lines about Module, Parameter, hooks and state_dict (see lines.py)."""

from __future__ import annotations

from .lines import listed

MODULE = listed("""
# before __init__
before_init(lambda m: setattr(m, "x", L(1, 1)))
before_init(lambda m: setattr(m, "x", P(1)))
before_init(lambda m: setattr(m, "x", nn.Buffer(torch.ones(1))))
before_init(lambda m: m.register_buffer("x", torch.ones(1)))
before_init(lambda m: m.register_parameter("x", None))
before_init(lambda m: m.add_module("x", R()))
before_init(lambda m: m(3))
before_init(lambda m: list(m.parameters()))
before_init(lambda m: m.x)
before_init(lambda m: m.train())
m = NoInit(); m.a = 1; m.a
Bare(3)
Bare(a=3)
Bare()(1)
# assignment
setto(L(2, 3), "weight", 3)
setto(L(2, 3), "weight", torch.ones(3))
setto(L(2, 3), "weight", None)
setto(L(2, 3), "weight", R())
setto(L(2, 3), "weight", P(5))
setto(L(2, 3), "extra", P(5))
setto(L(2, 3), "extra", torch.ones(5))
setto(S(R()), "0", 3)
setto(S(R()), "0", None)
setto(S(R()), "0", P(1))
setto(nn.BatchNorm1d(2), "running_mean", 3)
setto(nn.BatchNorm1d(2), "running_mean", None)
setto(nn.BatchNorm1d(2), "running_mean", P(2))
setto(nn.BatchNorm1d(2), "running_mean", torch.ones(2))
m = Bare(); m.b = nn.Buffer(torch.ones(1), persistent=False); (list(m._buffers), list(m.state_dict()))
m = Bare(); m.b = nn.Buffer(torch.ones(1), persistent=False); m.b = torch.zeros(3); (m.b, list(m.state_dict()))
m = Bare(); m.b = nn.Buffer(torch.ones(1), persistent=False); m.b = nn.Buffer(torch.ones(1)); list(m.state_dict())
m = Bare(); m.x = 3; m.x = P(1); (names(m), "x" in m.__dict__)
m = Bare(); m.x = R(); m.x = P(1); names(m)
m = Bare(); m.x = P(1); m.x = nn.Buffer(torch.ones(1)); names(m)
m = Bare(); p = P(1); m.a = p; m.b = p; (len(list(m.parameters())), len(list(m.named_parameters(remove_duplicate=False))))
m = L(2, 3); del m.weight; names(m)
m = S(R(), T()); delattr(m, "0"); names(m)
m = nn.BatchNorm1d(2); del m.running_mean; names(m)
delattr(L(2, 3), "nothing")
L(2, 3).nothing
m = L(2, 3); m.flag = True; m.flag
sorted(n for n in dir(S(L(1, 1))) if n in ("0", "forward", "training"))
sorted(n for n in dir(L(1, 1)) if n in ("weight", "bias", "in_features"))
# registration
L(2, 3).register_parameter("a.b", None)
L(2, 3).register_parameter("", None)
L(2, 3).register_parameter("forward", None)
L(2, 3).register_parameter("weight", None)
L(2, 3).register_parameter(3, None)
L(2, 3).register_parameter("q", torch.ones(1))
L(2, 3).register_parameter("q", 3)
L(2, 3).register_buffer("a.b", None)
L(2, 3).register_buffer("", None)
L(2, 3).register_buffer("forward", None)
L(2, 3).register_buffer(3, None)
L(2, 3).register_buffer("q", 3)
L(2, 3).add_module("a.b", None)
L(2, 3).add_module("", None)
L(2, 3).add_module("forward", None)
L(2, 3).add_module(3, None)
L(2, 3).add_module("q", 3)
L(2, 3).add_module("weight", R())
changed(L(2, 3), lambda m: m.add_module("none", None))
changed(Bare(), lambda m: m.register_module("a", R()))
# finding
nested().get_submodule("0.0")
nested().get_submodule("0.1")
nested().get_submodule("0.0.weight")
nested().get_submodule("")
nested().get_parameter("0.0.bias").shape
nested().get_parameter("0.0.w")
nested().get_parameter("0.0.training")
nested().get_parameter("7.weight")
nested().get_buffer("2.running_mean")
nested().get_buffer("0.0.weight")
nested().get_buffer("0.0.w")
changed(nested(), lambda m: m.set_submodule("0.0", R()))
changed(nested(), lambda m: m.set_submodule("0.5", R()))
nested().set_submodule("", R())
nested().set_submodule("0.5", R(), strict=True)
nested().set_submodule("0.0", 3)
nested().set_submodule("0.training", R())
nested().set_submodule("8.x", R())
# walking
[n for n, _ in nested().named_parameters()]
[n for n, _ in nested().named_parameters(prefix="p")]
[n for n, _ in nested().named_parameters(recurse=False)]
[n for n, _ in nested().named_buffers()]
[n for n, _ in nested().named_children()]
[n for n, _ in nested().named_modules()]
[n for n, _ in nested().named_modules(prefix="p")]
r = R(); [len(list(S(r, r, S(r)).modules())), len(list(S(r, r, S(r)).modules(remove_duplicate=False))), len(list(S(r, r).children()))]
log_of(lambda seen: nested().apply(lambda m: seen.append(type(m).__name__)))
[m.training for m in nested().eval().modules()]
[m.training for m in nested().eval().train().modules()]
L(1, 1).train(1)
L(1, 1).train("x")
[p.requires_grad for p in L(1, 1).requires_grad_(False).parameters()]
m = L(1, 1); m(torch.ones(1)).backward(); m.zero_grad(); (m.weight.grad, m.bias.grad)
m = L(1, 1); m(torch.ones(1)).backward(); m.zero_grad(set_to_none=False); (m.weight.grad, m.bias.grad)
# dtypes
m = L(1, 1); w = m.weight; m.double(); (m.weight is w, w.dtype)
m = nn.BatchNorm1d(2).double(); [b.dtype for b in m.buffers()]
m = nn.BatchNorm1d(2).half(); [b.dtype for b in m.buffers()]
L(1, 1).double().float().weight.dtype
L(1, 1).to(torch.float64).weight.dtype
L(1, 1).to("cpu", torch.float64).weight.dtype
L(1, 1).to(torch.ones(1, dtype=torch.float64)).weight.dtype
L(1, 1).to(dtype=torch.float16).weight.dtype
L(1, 1).to(torch.int64)
L(1, 1).type(torch.float64).weight.dtype
L(1, 1).type("torch.DoubleTensor").weight.dtype
m = L(1, 1); m(torch.ones(1)).backward(); m.double().weight.grad.dtype
L(1, 1).cpu()
L(2, 3).to_empty(device="cpu").weight.shape
L(2, 3, dtype=torch.float64).weight.dtype
# copies
m = L(2, 2); c = copy.deepcopy(m); (c.weight is m.weight, bool((c.weight == m.weight).all()), type(c.weight).__name__)
m = L(2, 2); c = pickle.loads(pickle.dumps(m)); (c.weight.requires_grad, bool((c.weight == m.weight).all()), c)
m = S(L(2, 2)); m.append(m[0]); c = copy.deepcopy(m); c[0].weight is c[1].weight
m = S(L(2, 2)); m.append(m[0]); c = pickle.loads(pickle.dumps(m)); c[0].weight is c[1].weight
# Parameter and Buffer
P(2)
nn.Parameter()
nn.Parameter(None)
nn.Parameter(torch.ones(2), False)
nn.Parameter(torch.ones(2, dtype=torch.int64))
nn.Parameter(torch.ones(2, dtype=torch.int64), requires_grad=False)
nn.Parameter([1., 2.])
nn.Parameter(torch.zeros(2, 3))
str(P(1))
f"{nn.Parameter(torch.tensor(1.))}"
q = torch.ones(2); p = nn.Parameter(q); q[0] = 7; p
(type(P(2) * 2).__name__, type(P(2).data).__name__, type(P(2).detach()).__name__, isinstance(P(2), torch.Tensor))
p = nn.Parameter(torch.ones(2, requires_grad=True) * 2); (p.is_leaf, p.grad_fn, p)
nn.Parameter(P(2))
copy.deepcopy(P(2))
p = P(2); p.grad = torch.ones(2); copy.deepcopy(p).grad
pickle.loads(pickle.dumps(P(2)))
(type(P(2).double()).__name__, type(P(2).clone()).__name__)
isinstance(torch.ones(1), nn.Parameter)
nn.Buffer(torch.ones(2))
(nn.Buffer(torch.ones(2), persistent=False).persistent, type(nn.Buffer(torch.ones(1))).__name__)
(isinstance(torch.ones(1), nn.Buffer), isinstance(nn.Buffer(torch.ones(1)), nn.Buffer), isinstance(P(1), nn.Buffer))
nn.Buffer()
nn.Buffer(3)
# state_dict
[(k, v.requires_grad) for k, v in nested().state_dict().items()]
nested().state_dict()._metadata
nested().state_dict(prefix="p.", keep_vars=True)["p.0.0.bias"].requires_grad
d = {}; nested().state_dict(destination=d, prefix="q."); list(d)
m = S(L(1, 1)); d = m.state_dict(); torch.nn.init.ones_(m[0].weight); d["0.weight"]
nested().load_state_dict(nested().state_dict())
nested().load_state_dict(without(nested().state_dict(), "0.0.bias", "2.running_mean"))
nested().load_state_dict(without(nested().state_dict(), foo=1, **{"0.zzz": 1, "0.0.a.b": 3, "0.0.weight.x": 1}))
nested().load_state_dict(without(nested().state_dict(), "0.0.bias", foo=1))
nested().load_state_dict(without(nested().state_dict(), "0.0.bias", foo=1), strict=False)
nested().load_state_dict(without(nested().state_dict(), **{"0.0.weight": torch.ones(3, 3)}))
nested().load_state_dict(without(nested().state_dict(), **{"0.0.weight": torch.ones(3, 3), "q": 1}), strict=False)
nested().load_state_dict(without(nested().state_dict(), **{"0.0.weight": 3}))
nested().load_state_dict(3)
L(2, 3).load_state_dict({})
L(2, 3).load_state_dict({}, strict=False)
L(1, 1).load_state_dict({"weight": torch.ones(1, 1), "bias": torch.tensor(5.)})
changed(Scalars(), lambda m: m.load_state_dict({"p": torch.ones(1) * 3, "b": torch.tensor([5.])})).p
changed(L(1, 1), lambda m: m.load_state_dict({"weight": torch.ones(1, 1).double(), "bias": torch.tensor([5])})).bias
changed(L(1, 1), lambda m: m.load_state_dict({"weight": torch.ones(1, 1).double(), "bias": torch.tensor([5.])}, assign=True)).weight
L(1, 1).load_state_dict({"weight": torch.ones(1, 1).long(), "bias": torch.tensor([5.])}, assign=True)
L(1, 1).load_state_dict({"weight": torch.ones(2, 1), "bias": torch.tensor([5.])}, assign=True)
list(Extra().state_dict().items())[0]
list(Extra().state_dict())
m = Extra(); (m.load_state_dict(m.state_dict()), m.got)
Extra().load_state_dict(Extra().l.state_dict(prefix="l."))
L(1, 1).load_state_dict({"weight": torch.ones(1, 1), "bias": torch.ones(1), "_extra_state": 3})
d = nn.BatchNorm1d(3).state_dict(); del d["num_batches_tracked"]; nn.BatchNorm1d(3).load_state_dict(dict(d))
d = nn.BatchNorm1d(3).state_dict(); del d["num_batches_tracked"]; nn.BatchNorm1d(3).load_state_dict(d)
m = three(); log_of(lambda seen: (m.register_state_dict_post_hook(lambda *a: seen.append((type(a[0]).__name__, len(a[1]), a[2], a[3]))), m.state_dict()))
m = three(); log_of(lambda seen: (m[0].register_state_dict_pre_hook(lambda *a: seen.append((type(a[0]).__name__, a[1], a[2]))), m.state_dict()))
m = three(); log_of(lambda seen: (m[0].register_load_state_dict_pre_hook(lambda *a: seen.append([type(v).__name__ for v in a])), m.load_state_dict(m.state_dict())))
m = three(); log_of(lambda seen: (m.register_load_state_dict_post_hook(lambda *a: seen.append([type(v).__name__ for v in a])), m.load_state_dict(m.state_dict())))
m = three(); m.register_load_state_dict_post_hook(lambda m, k: k.missing_keys.clear()); m.load_state_dict(without(m.state_dict(), "0.bias"))
m = three(); m.register_load_state_dict_post_hook(lambda m, k: k); m.load_state_dict(m.state_dict())
m = three(); m.register_state_dict_post_hook(lambda *a: {}); m.state_dict()
m = three(); m._register_state_dict_hook(lambda *a: OrderedDict(a=1)); m.state_dict()
m = three(); h = m.register_state_dict_post_hook(lambda *a: {}); h.remove(); len(m.state_dict())
# forward hooks
m = Double(); log_of(lambda seen: (m.register_forward_hook(lambda *a: seen.append(a[1:])), m(x(False))))
m = Double(); m.register_forward_hook(lambda m, a, out: out + 1); m(x(False))
m = Double(); m.register_forward_pre_hook(lambda m, a: (a[0] * 10,)); m(x(False))
m = Double(); m.register_forward_pre_hook(lambda m, a: a[0] * 10); m(x(False))
m = Two(); m.register_forward_pre_hook(lambda m, a, k: (a, {**k, "c": 5}), with_kwargs=True); m(x(False), b=2)
m = Two(); m.register_forward_pre_hook(lambda m, a, k: a, with_kwargs=True); m(x(False), b=2)
m = Two(); log_of(lambda seen: (m.register_forward_hook(lambda m, a, k, out: seen.append(sorted(k)), with_kwargs=True), m(x(False), b=2, c=1)))
m = Double(); m.register_forward_hook(lambda m, a, out: out + 1); m.register_forward_hook(lambda m, a, out: out * 2, prepend=True); m(x(False))
m = Double(); m.register_forward_pre_hook(lambda m, a: (a[0] + 1,)); m.register_forward_pre_hook(lambda m, a: (a[0] * 3,), prepend=True); m(x(False))
m = Double(); h = m.register_forward_hook(lambda m, a, out: out + 1); h.remove(); h.remove(); m(x(False))
m = Fails(); seen = []; m.register_forward_hook(lambda *a: seen.append(a[2]), always_call=True); m(x(False))
m = Fails(); log = []; m.register_forward_hook(lambda *a: log.append(a[2]), always_call=True); [log.append(type(e).__name__) for e in [None]]; log
m = Fails(); m.register_forward_hook(lambda *a: 1 / 0, always_call=True); m(x(False))
m = Double(); m.register_forward_hook(lambda *a: None); c = copy.deepcopy(m); len(c._forward_hooks)
# backward hooks
m = Double(); log_of(lambda seen: (m.register_full_backward_hook(lambda m, gi, go: seen.append((gi, go))), m(x()).sum().backward()))
m = Double(); log_of(lambda seen: (m.register_full_backward_pre_hook(lambda m, go: seen.append(go)), m(x()).sum().backward()))
m = Double(); v = x(); m.register_full_backward_hook(lambda m, gi, go: (gi[0] * 10,)); m(v).sum().backward(); v.grad
m = Double(); v = x(); m.register_full_backward_pre_hook(lambda m, go: (go[0] * 10,)); m(v).sum().backward(); v.grad
m = L(2, 1); log_of(lambda seen: (m.register_full_backward_hook(lambda m, gi, go: seen.append((gi, go))), m(x(False)).sum().backward()))
m = Two(); log_of(lambda seen: (m.register_full_backward_hook(lambda m, gi, go: seen.append((len(gi), len(go), gi[1], go[1]))), m(x(), 1)[0].sum().backward()))
m = Double(); m.register_full_backward_hook(lambda m, gi, go: (1, 2)); m(x()).sum().backward()
m = Double(); m.register_full_backward_hook(lambda m, gi, go: None); m(x())
m = Double(); log_of(lambda seen: (m.register_full_backward_hook(lambda *a: seen.append(1)), m.register_full_backward_hook(lambda *a: seen.append(2), prepend=True), m(x()).sum().backward()))
m = S(L(2, 3), Double()); log_of(lambda seen: ([c.register_full_backward_hook(lambda m, gi, go: seen.append((type(m).__name__, go[0].shape))) for c in m], m(x(False)).sum().backward()))
""")

# Our own words; the type of the exception is PyTorch's.
TYPES = listed("""
m = L(1, 1); m.cuda()
L(1, 1).to("cuda")
L(1, 1, device="cuda")
L(1, 1).to("nowhere")
L(1, 1).to(foo=3)
L(1, 1).get_extra_state()
L(1, 1).set_extra_state(1)
L(1, 1).register_full_backward_hook()
m = Double(); m.register_full_backward_hook(lambda m, gi, go: None); out = m(x()); out += 1; out
nn.Dropout(2.)
nn.Dropout(-0.1)
nn.Conv2d(3, 4, 3, groups=2)
nn.Conv2d(4, 3, 3, groups=2)
nn.Conv2d(3, 4, 3, groups=0)
nn.Conv2d(3, 4, 3, padding="full")
nn.Conv2d(3, 4, 3, padding="same", stride=2)
nn.Conv2d(3, 4, 3, padding_mode="mirror")
nn.ConvTranspose2d(3, 4, 3, padding_mode="reflect")
nn.ConvTranspose2d(3, 4, 3)(torch.ones(1, 3, 5, 5), output_size=(9, 9))
nn.ConvTranspose2d(3, 4, 3)(torch.ones(1, 3, 5, 5), output_size=(9,))
nn.Conv2d(3, 4, 3)(torch.ones(3, 5))
nn.Conv2d(3, 4, 3)(torch.ones(1, 2, 5, 5))
nn.GroupNorm(2, 3)
nn.LayerNorm(3)(torch.ones(2, 4))
nn.BatchNorm1d(3)(torch.ones(2, 3, 4, 5))
nn.BatchNorm2d(3)(torch.ones(2, 3))
nn.BatchNorm2d(3)(torch.ones(1, 3, 1, 1))
nn.BatchNorm2d(3)(torch.ones(2, 4, 3, 3))
nn.InstanceNorm2d(3)(torch.ones(2, 3))
nn.Unflatten(1, 6)
nn.Unflatten(1, (2, 3.))
nn.Unflatten(1, (2, 5))(torch.ones(2, 6))
nn.Flatten(3)(torch.ones(2, 3))
nn.Linear(2, 3)(torch.ones(2, 5))
nn.Linear(2, 3)(torch.ones(2, 2).long())
nn.Bilinear(0, 2, 3)
nn.Softmax2d()(torch.ones(2))
nn.Hardtanh(2., 1.)
nn.Embedding(3, 4, padding_idx=3)
nn.Embedding(3, 4)(torch.tensor([3]))
nn.Embedding(3, 4)(torch.tensor([1.]))
nn.Embedding.from_pretrained(torch.ones(3))
nn.Embedding(3, 4, _weight=torch.ones(2, 4))
nn.CrossEntropyLoss()(torch.ones(2, 3), torch.tensor([0, 3]))
nn.CrossEntropyLoss(reduction="middle")(torch.ones(2, 3), torch.tensor([0, 1]))
nn.CrossEntropyLoss(label_smoothing=2.)(torch.ones(2, 3), torch.tensor([0, 1]))
nn.TripletMarginLoss(margin=0)
nn.PReLU(3)(torch.ones(2, 4))
nn.MaxPool2d(2)(torch.ones(2, 2))
nn.MaxPool2d(2, padding=2)(torch.ones(1, 4, 4))
nn.Upsample(mode="bilinear")(torch.ones(1, 1, 2, 2))
nn.Upsample(size=3, mode="cubic")(torch.ones(1, 1, 2, 2))
nn.Upsample(size=3, align_corners=True)(torch.ones(1, 1, 2, 2))
nn.Upsample(size=(3, 3, 3))(torch.ones(1, 1, 2, 2))
nn.PixelShuffle(2)(torch.ones(1, 3, 2, 2))
nn.PixelShuffle(0)(torch.ones(1, 4, 2, 2))
nn.PixelUnshuffle(2)(torch.ones(1, 4, 3, 2))
nn.ChannelShuffle(2)(torch.ones(1, 3, 2))
nn.MultiheadAttention(4, 3)
nn.MultiheadAttention(0, 1)
nn.TransformerEncoderLayer(4, 3)
nn.TransformerEncoderLayer(4, 2, activation="foo")
nn.TransformerEncoderLayer(4, 2, dropout=2.)
nn.RNN(3, 5, nonlinearity="sin")
nn.RNNCell(3, 5, nonlinearity="sin")(torch.ones(3))
nn.LSTM(3, 0)
nn.LSTM(3, 5.)
nn.LSTM(3, 5, 0)
nn.LSTM(3, 5, dropout=2.)
nn.LSTM(3, 5, proj_size=5)
nn.LSTM(3, 5, proj_size=-1)
nn.LSTM(3, 5)(torch.ones(2, 7, 4))
nn.LSTM(3, 5)(torch.ones(3))
nn.LSTM(3, 5)(torch.ones(2, 7, 3).double())
nn.GRU(3, 5)(torch.ones(2, 7, 3), torch.ones(1, 7, 4))
nn.GRU(3, 5)(torch.ones(2, 7, 3), torch.ones(1, 5))
nn.GRU(3, 5)(torch.ones(2, 3), torch.ones(1, 1, 5))
nn.GRUCell(3, 5)(torch.ones(2, 7, 3))
nn.LSTM(3., 5)
nn.LSTM(0, 5)
nn.LSTM(3, 5, bias=1)
nn.LSTM(3, 5, batch_first="yes")
nn.RNNCell(3, 5)(torch.ones(2, 4))
nn.LSTMCell(3, 5)(torch.ones(2, 3), (torch.ones(2, 4), torch.ones(2, 5)))
nn.LSTMCell(3, 5)(torch.ones(2, 3), (torch.ones(7, 5), torch.ones(7, 5)))
nn.CircularPad2d(1)(torch.ones(3, 5))
nn.TripletMarginWithDistanceLoss(margin=0.)
""")
