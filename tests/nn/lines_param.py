"""Lines about lazy modules, parametrizations, norms of weights, and distributions."""

from __future__ import annotations

from .lines import listed

LAZY = listed("""
nn.LazyLinear(3)
nn.LazyConv2d(3, 2, groups=1), nn.LazyConvTranspose3d(3, 2, padding=1), nn.LazyBatchNorm1d(), nn.LazyInstanceNorm2d()
m = nn.LazyLinear(3); (m.weight, m.bias, m.has_uninitialized_params(), list(m.parameters()), m.state_dict())
m = nn.LazyLinear(3, bias=False); (m(torch.ones(2, 5)), m, m.weight, len(m._forward_pre_hooks), len(m._load_state_dict_pre_hooks))
m = nn.LazyLinear(3).double(); (m.weight.dtype, m(torch.ones(2, 5).double()).dtype)
m = nn.LazyConv1d(4, 2); (m(torch.ones(2, 3, 5)).shape, m, m.weight.sum())
m = nn.LazyConv2d(4, 3, groups=2, padding="same"); (m(torch.ones(4, 5, 5)).shape, m, m.bias)
m = nn.LazyConv3d(4, 2); (m(torch.ones(2, 3, 5, 5, 5)).shape, m)
m = nn.LazyConvTranspose1d(4, 2, 2); (m(torch.ones(3, 5)).shape, m)
m = nn.LazyConvTranspose2d(4, 2, 2); (m(torch.ones(2, 3, 5, 5)).shape, m, m.weight.sum())
m = nn.LazyConvTranspose3d(4, 2, 2, groups=2); (m(torch.ones(2, 4, 2, 2, 2)).shape, m)
m = nn.LazyBatchNorm1d(); (m(torch.ones(2, 3)).shape, m, m.running_mean, m.num_batches_tracked)
m = nn.LazyBatchNorm2d(affine=False); (m(torch.ones(2, 3, 4, 4)).shape, m, list(m.state_dict()))
m = nn.LazyBatchNorm3d(track_running_stats=False); (m(torch.ones(2, 3, 4, 4, 4)).shape, m, list(m.state_dict()))
m = nn.LazyInstanceNorm1d(); (m(torch.ones(2, 3, 5)).shape, m, m.weight)
m = nn.LazyInstanceNorm2d(), nn.LazyInstanceNorm3d(); [list(x.state_dict()) for x in m]
m = S(nn.LazyLinear(3), R(), nn.LazyLinear(2)); (m(torch.ones(4, 5)).shape, m)
m = nn.LazyLinear(3); (m.load_state_dict(L(2, 3).state_dict()), m, m.weight)
m = nn.LazyLinear(3); (m.load_state_dict(nn.LazyLinear(3).state_dict()), m.weight)
m = nn.LazyBatchNorm1d(); (m.load_state_dict(nn.BatchNorm1d(3).state_dict()), m.running_var)
m = copy.deepcopy(nn.LazyLinear(3)); m(torch.ones(1, 2)).shape
p = nn.UninitializedParameter(); p.materialize((2,)); (type(p).__name__, p.shape, p.requires_grad)
p = nn.UninitializedBuffer(); p.materialize((2,), dtype=torch.float64); (type(p).__name__, p.shape, p.dtype, p.requires_grad)
nn.UninitializedParameter(requires_grad=False).requires_grad, nn.UninitializedBuffer(), nn.UninitializedParameter()
nn.parameter.is_lazy(nn.UninitializedBuffer()), nn.parameter.is_lazy(P(2))
nn.LazyLinear(3).weight.shape
nn.LazyConv2d(3, 2)(torch.ones(3, 5))
nn.LazyConv2d(2, 2, groups=2)(torch.ones(3, 5, 5))
torch.optim.SGD(nn.LazyLinear(3).parameters(), lr=.1).param_groups[0]["params"]
""")

LAZY_TYPES = listed("""
nn.LazyLinear(3).weight + 1
nn.LazyLinear(3).weight.numel()
nn.LazyLinear(3).requires_grad_(False)
L(2, 3).load_state_dict(nn.LazyLinear(3).state_dict())
""")

PARAM = listed("""
Z = nn.utils.parametrize; m = Z.register_parametrization(L(3, 3), "weight", Sym()); (m, list(m.state_dict()), m.weight)
Z = nn.utils.parametrize; m = Z.register_parametrization(L(3, 3), "weight", Sym()); m.weight = torch.ones(3, 3); (m.weight, m.parametrizations.weight.original)
Z = nn.utils.parametrize; m = Z.register_parametrization(L(2, 2), "weight", Half()); setattr(m, "weight", torch.ones(2, 2))
Z = nn.utils.parametrize; m = Z.register_parametrization(L(2, 2), "weight", Half()); setattr(m, "weight", P(2, 2))
Z = nn.utils.parametrize; m = Z.register_parametrization(Z.register_parametrization(L(3, 3), "weight", Sym()), "weight", Half()); (m, m.weight)
Z = nn.utils.parametrize; m = Z.register_parametrization(L(3, 3), "weight", Half()); m(torch.ones(1, 3)).sum().backward(); (m.parametrizations.weight.original.grad, [n for n, _ in m.named_parameters()])
Z = nn.utils.parametrize; m = Z.register_parametrization(L(3, 3), "weight", Half()); (Z.is_parametrized(m), Z.is_parametrized(m, "bias"), Z.is_parametrized(R()), Z.type_before_parametrizations(m).__name__, Z.type_before_parametrizations(R()).__name__)
Z = nn.utils.parametrize; m = Z.register_parametrization(L(3, 3), "weight", Half()); c = Z.cached(); c.__enter__(); same = m.weight is m.weight; c.__exit__(None, None, None); (same, m.weight is m.weight)
Z = nn.utils.parametrize; m = copy.deepcopy(Z.register_parametrization(L(2, 2), "weight", Half())); (m, m.weight)
Z = nn.utils.parametrize; m = Z.register_parametrization(L(2, 2), "weight", Half()); Z.remove_parametrizations(m, "weight"); (m, m.weight)
Z = nn.utils.parametrize; m = Z.register_parametrization(L(2, 2), "weight", Half()); Z.remove_parametrizations(m, "weight", leave_parametrized=False).weight
Z = nn.utils.parametrize; m = Z.register_parametrization(L(2, 2), "weight", Pair()); (list(m.state_dict()), m.weight)
Z = nn.utils.parametrize; m = Z.register_parametrization(L(2, 2), "weight", Pair()); Z.remove_parametrizations(m, "weight").weight
Z = nn.utils.parametrize; m = Z.register_parametrization(L(2, 2), "weight", Pair()); Z.remove_parametrizations(m, "weight", leave_parametrized=False)
Z = nn.utils.parametrize; m = Z.register_parametrization(nn.BatchNorm1d(2), "running_var", Half()); (m.running_var, list(m.state_dict()), [n for n, _ in m.named_buffers()], Z.remove_parametrizations(m, "running_var"))
Z = nn.utils.parametrize; h = Half(); Z.register_parametrization(L(2, 2).eval(), "weight", h); h.training
Z = nn.utils.parametrize; Z.register_parametrization(L(2, 2), "nope", Half())
Z = nn.utils.parametrize; Z.register_parametrization(L(2, 2), "weight", Other(lambda x: x[:1]))
Z = nn.utils.parametrize; Z.register_parametrization(L(2, 2), "weight", Other(lambda x: x.double()))
Z = nn.utils.parametrize; Z.register_parametrization(L(2, 2), "weight", Other(lambda x: 3))
Z = nn.utils.parametrize; Z.register_parametrization(L(2, 2), "weight", Other(lambda x: x[:1]), unsafe=True).weight
Z = nn.utils.parametrize; Z.remove_parametrizations(L(2, 2), "bias")
Z = nn.utils.parametrize; Z.ParametrizationList([], P(2))
m = nn.utils.parametrizations.weight_norm(L(2, 2)); m.load_state_dict({"bias": torch.zeros(2), "weight_g": torch.ones(2, 1), "weight_v": torch.eye(2)}), m.parametrizations.weight.original0
nn.utils.parametrizations.weight_norm(L(2, 2), "foo")
nn.utils.parametrizations.spectral_norm(L(2, 2), n_power_iterations=0)
nn.utils.parametrizations.spectral_norm(L(2, 2), dim=5)
nn.utils.parametrizations.spectral_norm(L(2, 2), "foo")
nn.utils.parametrizations.spectral_norm(L(2, 2), "bias").bias
m = nn.utils.remove_weight_norm(nn.utils.weight_norm(L(2, 2))); (m, m.weight, list(m.state_dict()), len(m._forward_pre_hooks))
nn.utils.remove_weight_norm(L(2, 2))
nn.utils.weight_norm(nn.utils.weight_norm(L(2, 2)))
nn.utils.weight_norm(L(2, 2), "foo")
m = nn.utils.spectral_norm(L(2, 2)); (m, list(m.state_dict()), m.state_dict()._metadata)
m = nn.utils.spectral_norm(L(4, 3)).eval(); m(torch.ones(1, 4)); m = nn.utils.remove_spectral_norm(m); (m, list(m.state_dict()), len(m._forward_pre_hooks))
nn.utils.remove_spectral_norm(L(2, 2))
nn.utils.spectral_norm(nn.utils.spectral_norm(L(2, 2)))
nn.utils.spectral_norm(L(2, 2), n_power_iterations=0)
nn.utils.spectral_norm(L(2, 2), "foo")
m = nn.utils.skip_init(L, 3, 2); (m, torch.rand(1), m.weight.requires_grad)
nn.utils.skip_init(R)
c, b = nn.Conv2d(2, 3, 2).eval(), nn.BatchNorm2d(3).eval(); b.running_mean.normal_(); y = nn.utils.fuse_conv_bn_eval(c, b); (y, (y(torch.ones(1, 2, 3, 3)) - b(c(torch.ones(1, 2, 3, 3)))).abs().max() < 1e-5)
c, b = nn.ConvTranspose2d(2, 3, 2, bias=False).eval(), nn.BatchNorm2d(3, affine=False).eval(); b.running_var.uniform_(1, 2); y = nn.utils.fuse_conv_bn_eval(c, b, transpose=True); (y, (y(torch.ones(1, 2, 3, 3)) - b(c(torch.ones(1, 2, 3, 3)))).abs().max() < 1e-5)
c, b = L(2, 3).eval(), nn.BatchNorm1d(3).eval(); b.running_mean.normal_(); y = nn.utils.fuse_linear_bn_eval(c, b); (y, (y(torch.ones(1, 2)) - b(c(torch.ones(1, 2)))).abs().max() < 1e-5)
nn.utils.fuse_linear_bn_eval(L(2, 3).eval(), nn.BatchNorm1d(2).eval())
nn.utils.fuse_conv_bn_eval(nn.Conv2d(2, 3, 2), nn.BatchNorm2d(3))
""")

PARAM_TYPES = listed("""
Z = nn.utils.parametrize; pickle.dumps(Z.register_parametrization(L(2, 2), "weight", Half()))
Z = nn.utils.parametrize; m = Z.register_parametrization(L(2, 2), "weight", Half()); Z.register_parametrization(m, "weight", Other(lambda x: x[:1]))
Z = nn.utils.parametrize; m = Z.register_parametrization(L(2, 2), "weight", Half()); Z.register_parametrization(m, "weight", Other(lambda x: 3))
Z = nn.utils.parametrize; m = Z.register_parametrization(L(2, 2), "weight", Half()); Z.register_parametrization(m, "weight", Pair())
Z = nn.utils.parametrize; Z.register_parametrization(L(2, 2), "weight", 3)
""")

DISTRIBUTIONS = listed("""
D = torch.distributions; D.Normal(0, 1), D.Normal(torch.zeros(3), 1), D.Normal(torch.zeros(1), 1), D.Uniform(0, 1)
D = torch.distributions; D.Categorical(torch.ones(3)), D.Categorical(logits=torch.ones(2, 3)), D.Bernoulli(0.5)
D = torch.distributions; D.Independent(D.Normal(torch.zeros(3), 1), 1), D.MultivariateNormal(torch.zeros(2), scale_tril=torch.eye(2))
D = torch.distributions; [(d.batch_shape, d.event_shape, d.has_rsample, d.support) for d in (D.Normal(0, 1), D.Uniform(torch.zeros(2), 1), D.Categorical(torch.ones(2, 3)), D.Bernoulli(torch.ones(2) / 3), D.MultivariateNormal(torch.zeros(2), torch.eye(2)), D.Independent(D.Normal(torch.zeros(2, 3), 1), 1))]
D = torch.distributions; D.Normal(0., -1.)
D = torch.distributions; D.Normal(0., 1.).log_prob(3)
D = torch.distributions; D.Normal(torch.zeros(3), 1).log_prob(torch.ones(2))
D = torch.distributions; D.MultivariateNormal(torch.zeros(3), torch.eye(3)).log_prob(torch.ones(2))
D = torch.distributions; D.Categorical(torch.ones(3)).log_prob(torch.tensor(3))
D = torch.distributions; D.Bernoulli(0.5).log_prob(torch.tensor(0.25))
D = torch.distributions; D.Bernoulli(0.5, 0.3)
D = torch.distributions; D.Categorical()
D = torch.distributions; D.Categorical(torch.tensor(1.))
D = torch.distributions; D.Categorical(torch.tensor([-1., 2.]))
D = torch.distributions; D.Uniform(1., 0.)
D = torch.distributions; D.Uniform(0., 1.).log_prob(torch.tensor(2.))
D = torch.distributions; D.Uniform(0., 1., validate_args=False).log_prob(torch.tensor([2., 0.5, 1.]))
D = torch.distributions; D.MultivariateNormal(torch.zeros(2), -torch.eye(2))
D = torch.distributions; D.MultivariateNormal(torch.zeros(2))
D = torch.distributions; D.MultivariateNormal(torch.tensor(0.), torch.eye(2))
D = torch.distributions; D.Independent(D.Normal(0, 1), 1)
D = torch.distributions; D.Bernoulli(0.5).mode, D.Bernoulli(torch.tensor([0.2, 0.7])).mode, D.Categorical(torch.tensor([1., 3.])).mode, D.Uniform(0, 1).mode, D.Categorical(torch.ones(2)).mean
D = torch.distributions; D.Categorical(torch.ones(2, 3)).enumerate_support(), D.Bernoulli(torch.ones(2) / 3).enumerate_support(False), D.Categorical(torch.ones(2, 3)).param_shape
D = torch.distributions; d = D.Normal(torch.zeros(3), 1).expand((2, 3)); (d, d.sample().shape, D.Categorical(torch.ones(3)).expand((2,)), D.MultivariateNormal(torch.zeros(2), torch.eye(2)).expand((3,)).sample((5,)).shape)
D = torch.distributions; d = D.Independent(D.Normal(torch.zeros(3), 1), 1); (d.sample((2,)).shape, d.mean, d.variance, d.expand((5,)).batch_shape)
D = torch.distributions; D.Normal(0., 1.).arg_constraints, D.Bernoulli(0.25).logits, D.Normal(0., 1.).perplexity(), D.Normal(0., 1.).sample_n(2)
C = torch.distributions.constraints; C.real, C.positive, C.simplex, C.unit_interval, C.boolean, C.integer_interval(0, 3), C.real_vector, C.positive_definite, C.lower_cholesky, C.dependent
C = torch.distributions.constraints; [c.check(torch.tensor([-1., 0., 0.5, 1.])) for c in (C.real, C.positive, C.unit_interval, C.boolean, C.integer_interval(-1, 0), C.simplex, C.less_than(0.5), C.real_vector)]
""")

DISTRIBUTION_TYPES = listed("""
D = torch.distributions; D.Normal("a", 1.)
D = torch.distributions; D.kl_divergence(D.Normal(0., 1.), D.Categorical(torch.ones(3)))
D = torch.distributions; D.kl_divergence(D.Independent(D.Normal(torch.zeros(2, 2), 1.), 1), D.Categorical(torch.ones(2, 3)))
D = torch.distributions; D.register_kl(3, D.Normal)
D = torch.distributions; D.Distribution.set_default_validate_args("yes")
""")
