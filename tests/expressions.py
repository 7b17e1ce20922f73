"""Expressions whose text PyTorch prints: repr of the result, or the type of the exception.

Evaluated with ``torch`` bound to minitorch (test_expressions.py) and to PyTorch (live, and by
goldens/make_expressions.py). ``np`` is NumPy, ``nn`` torch.nn.
"""

CREATION = """
torch.tensor(3)
torch.tensor(2.5)
torch.tensor(True)
torch.tensor([])
torch.tensor([[]]).shape
torch.tensor([1, 2.5])
torch.tensor([True, 2])
torch.tensor([[1, 2], [3, 4]])
torch.tensor([np.float64(1)]).dtype
torch.tensor([np.float32(1)]).dtype
torch.tensor(np.float64(1)).dtype
torch.tensor([np.array([1., 2.])]).dtype
torch.tensor([torch.tensor(1.), 2])
torch.tensor(range(3))
torch.tensor([1.7, -1.7], dtype=torch.int64)
torch.tensor(np.arange(3, dtype=np.int16))
torch.tensor([[1, 2], [3]])
torch.tensor([1, [2]])
torch.tensor([[1], 2])
torch.tensor([300], dtype=torch.uint8)
torch.tensor(300, dtype=torch.int8)
torch.tensor(None)
torch.tensor([None])
torch.tensor('a')
torch.tensor(['a'])
torch.tensor({1: 2})
torch.tensor(2 ** 70)
torch.tensor([torch.tensor([1., 2.])])
torch.as_tensor([1, 2])
torch.as_tensor(np.zeros(2))
torch.from_numpy([1])
torch.from_numpy(np.arange(4)[::-1])
torch.from_numpy(np.array(['a']))
torch.zeros(2, 3)
torch.zeros((2, 3))
torch.zeros([2, 3]).shape
torch.zeros(size=(2,))
torch.zeros(2, 3, dtype=int).dtype
torch.zeros(2, dtype=bool)
torch.zeros(-1)
torch.zeros((2, 3.0))
torch.zeros('a')
torch.zeros()
torch.zeros(2, dtype='float32')
torch.zeros(2, device='cuda')
torch.zeros(2, device='nowhere')
torch.zeros(2, requires_grad=True)
torch.zeros(2, dtype=torch.int64, requires_grad=True)
torch.ones(2, pin_memory=True)
torch.ones(2, 3, dtype=torch.float16)
torch.full((2,), True)
torch.full((2,), 1)
torch.full((2,), 1.)
torch.full((2,), 1.5, dtype=torch.int64)
torch.full((2, 2), 7, dtype=torch.float64)
torch.eye(3)
torch.eye(2, 3)
torch.eye(-1)
torch.arange(5)
torch.arange(5.)
torch.arange(1, 4, 2)
torch.arange(0, 1, 0.25)
torch.arange(5, 0, -2)
torch.arange(0, 5, 0)
torch.arange(5, 0)
torch.arange(0, 5, dtype=torch.float16)
torch.arange(1, 2.5, 0.5)
torch.linspace(0, 1, 5)
torch.linspace(3, 10, 4)
torch.linspace(0, 1, 1)
torch.linspace(0, 1, 0)
torch.linspace(0, 1, -1)
torch.linspace(0, 10, 5, dtype=torch.int64)
torch.logspace(0, 2, 3)
torch.zeros_like(torch.ones(2, 3))
torch.ones_like(torch.zeros(2), dtype=torch.int32)
torch.full_like(torch.zeros(2, dtype=torch.int64), 7)
torch.empty(2, 0)
torch.empty_like(torch.ones(2, 3).t()).stride()
torch.scalar_tensor(2)
torch.Tensor(2, 3).shape
torch.Tensor([1, 2])
torch.Tensor()
torch.FloatTensor([1, 2])
torch.LongTensor([1, 2])
torch.LongTensor([1.5])
torch.ByteTensor([1, 2])
torch.zeros(2).new_tensor([1]).dtype
torch.zeros(2, dtype=torch.float64).new_zeros(2, 2)
torch.zeros(2).new_full((2,), 3)
torch.zeros(2).new_ones(1, dtype=torch.int64)
torch.zeros(2).type()
torch.zeros(2).type(torch.int64)
torch.zeros(2).type('torch.LongTensor')
torch.tensor([1.9, -1.9]).int()
torch.tensor([0., 2.]).bool()
torch.tensor([1, 2]).float()
torch.tensor([1, 2]).double()
torch.tensor([1, 2]).half()
torch.ones(2).long()
torch.ones(2).to(torch.float64)
torch.ones(2).to('cpu')
torch.ones(2).to('cuda')
torch.ones(2).to('elsewhere')
torch.ones(2).cuda()
torch.ones(2).cpu()
torch.finfo(torch.float32)
torch.finfo(torch.float64).eps
torch.iinfo(torch.int8)
torch.iinfo(torch.float32)
torch.finfo(torch.int8)
torch.promote_types(torch.int32, torch.float16)
torch.promote_types(torch.uint8, torch.int8)
torch.result_type(torch.tensor([1, 2]), 1.5)
torch.result_type(torch.tensor([1.0], dtype=torch.float16), torch.tensor(1.0))
torch.can_cast(torch.float32, torch.int64)
torch.can_cast(torch.int64, torch.float16)
torch.device('cpu')
torch.device('cuda:1')
torch.device('cuda', 0)
torch.device('foo')
str(torch.device('cuda:1'))
torch.device('cpu') == torch.device('cpu')
torch.get_default_dtype()
torch.cuda.is_available()
"""

PRINTING = """
torch.tensor([1., 2.])
torch.tensor([1.5, -2.25])
torch.tensor([1e-5, 1.])
torch.tensor([1e10, 1.])
torch.tensor([1e9, 2e9])
torch.tensor([0.001, 0.1])
torch.tensor([0.00001])
torch.tensor([1000.5, 1.])
torch.tensor([123456789.])
torch.tensor([float('nan'), 1.])
torch.tensor([float('inf'), 1.5])
torch.tensor([float('inf'), -float('inf'), float('nan')])
torch.tensor([-0., 0.])
torch.tensor([-1, 10, 100])
torch.tensor([[True, False]])
torch.tensor(1e-7)
torch.tensor(123456.789)
torch.arange(2000)
torch.arange(1001.)
torch.arange(1000.)[:30]
torch.arange(40).reshape(2, 20) * 1000
torch.arange(24.).reshape(2, 3, 4)
torch.arange(24.).reshape(2, 3, 4) / 7
torch.arange(10000).reshape(100, 100)
torch.arange(10000.).reshape(10, 10, 100) / 3
torch.zeros(0, 3)
torch.zeros(2, 0, dtype=torch.int32)
torch.zeros(0, dtype=torch.int64)
torch.zeros(2, dtype=torch.float64)
torch.zeros(2, dtype=torch.int8)
torch.zeros(2, requires_grad=True)
torch.zeros(2, dtype=torch.float64, requires_grad=True)
torch.ones(2, requires_grad=True) * 2
torch.ones(20, requires_grad=True) * 1.5
(torch.ones(2, 3, dtype=torch.float64, requires_grad=True) * 1.5).sum()
torch.ones(2, 2, requires_grad=True).sum(0)
torch.ones(2, 2, requires_grad=True).mean()
torch.ones(2, 2, requires_grad=True)[0]
torch.ones(2, 2, requires_grad=True)[:, 0]
torch.ones(2, 2, requires_grad=True)[[0, 1]]
torch.ones(2, 2, requires_grad=True).t()
torch.ones(2, 2, requires_grad=True).view(4)
torch.ones(2, 2, requires_grad=True) @ torch.ones(2, 2)
torch.ones(2, 2, requires_grad=True).exp()
torch.ones(2, 2, requires_grad=True).softmax(-1)
torch.ones(2, 2, requires_grad=True).max(0)
torch.tensor([3., 1., 2.]).sort()
torch.tensor([3., 1., 2.]).topk(2)
torch.tensor([[3, 1, 2]]).max(1)
torch.ones(2, 3).shape
torch.ones(2, 3).size()
torch.Size([2, 3])
torch.Size([2, 3]).numel()
torch.ones(2, 3).shape[1:]
torch.float32
torch.strided
f'{torch.tensor(1.5):.1f}'
f'{torch.ones(2)}'
f'{torch.ones(2):.1f}'
'%.2f' % torch.tensor(1.5)
str(torch.tensor([1.5]))
nn.Parameter(torch.zeros(2))
nn.Parameter(torch.tensor(1.5))
[torch.tensor(1.), torch.tensor([2])]
torch.return_types.max
"""

PYTHON = """
len(torch.zeros(3, 2))
len(torch.tensor(3))
list(torch.arange(3))
[x for x in torch.tensor([[1., 2.], [3., 4.]])]
list(torch.tensor(3))
bool(torch.tensor([1.5]))
bool(torch.tensor([]))
bool(torch.ones(2))
float(torch.tensor([2.5]))
int(torch.tensor(2.7))
float(torch.ones(2))
torch.tensor(2).__index__()
torch.tensor(2.0).__index__()
[10, 20, 30][torch.tensor(1)]
torch.tensor([1.5]).item()
torch.tensor([1, 2]).item()
torch.tensor([[1, 2], [3, 4]]).tolist()
torch.tensor(1.5).tolist()
3 in torch.arange(4)
'a' in torch.arange(4)
torch.ones(2, requires_grad=True).numpy()
torch.ones(2, requires_grad=True).detach().numpy()
np.asarray(torch.arange(3))
np.add(np.ones(2), torch.ones(2).numpy())
torch.ones(2) + np.ones(2)
torch.ones(2) * np.float64(2)
np.float64(2) * torch.ones(2)
torch.ones(2) + None
torch.ones(2) + 'a'
None * torch.ones(2)
torch.ones(2) == None
torch.ones(2) != 'a'
torch.ones(2) < None
2 - torch.tensor([1, 2])
2 / torch.tensor([1, 2])
2 ** torch.tensor([1, 2])
2. ** torch.tensor([1, 2])
7 // torch.tensor([2, 3])
7 % torch.tensor([2, 3])
-torch.tensor([1, 2])
~torch.tensor([True, False])
~torch.tensor([1, 2])
~torch.tensor([1.])
abs(torch.tensor([-1.5]))
torch.tensor([5]) // 2
torch.tensor([-5]) // 2
torch.tensor([-5]) % 3
torch.tensor([-5.5]) % 3
torch.tensor([1, 2]) / 2
torch.tensor([1, 2]) * 2.5
torch.tensor([1, 2], dtype=torch.int8) + 300
torch.tensor([True]) + True
torch.tensor([True]) - torch.tensor([True])
torch.tensor([1], dtype=torch.uint8) - 2
torch.tensor([6]) & 3
torch.tensor([6]) | 1
torch.tensor([6]) ^ 3
torch.tensor([1.]) & 1
torch.tensor([1]) << 3
torch.tensor([16]) >> 2
torch.ones(2, 3) + torch.ones(2, 4)
torch.ones(2, 3) @ torch.ones(2, 3)
torch.ones(3) @ torch.ones(3)
torch.ones(2, 3) @ torch.ones(3)
torch.tensor([1, 2]) @ torch.tensor([1., 2.])
torch.ones(2, dtype=torch.float64) + torch.ones(2)
torch.ones(2, dtype=torch.int32) + torch.ones(2, dtype=torch.int64)
torch.ones(2) + torch.tensor(1, dtype=torch.float64)
torch.exp(3)
torch.exp()
torch.exp(torch.ones(1), foo=1)
torch.add(torch.ones(1), 'a')
torch.ones(2).foo
torch.zeros(2, 3).sum(dim=5)
torch.zeros(2, 3).view(7)
torch.zeros(2, 3).t().view(6)
torch.zeros(2, 3).view(-1, 4)
torch.zeros(2, 3).view(-1, -1)
torch.zeros(2, 3).reshape(3, -1).shape
torch.zeros(1)[3]
torch.zeros(2, 3)[0, 5]
torch.tensor(3)[0]
torch.zeros(2)[0, 0]
torch.zeros(3)['a']
torch.zeros(3)[1.5]
torch.arange(6)[::-1]
torch.arange(6)[torch.tensor([1.5])]
torch.arange(6)[torch.tensor([7])]
torch.arange(6)[torch.tensor([True, False])]
torch.arange(6)[1:4:2]
torch.arange(6).reshape(2, 3)[..., 1]
torch.arange(6).reshape(2, 3)[:, None].shape
torch.arange(6).reshape(2, 3)[torch.tensor([[True, False, True], [False, True, False]])]
torch.arange(6)[[0, -1]]
torch.ones(1, 3).stride()
torch.ones(3, 1, 2).stride()
torch.ones(2, 3).t().stride()
torch.ones(2, 3).t().is_contiguous()
torch.arange(6)[2:].storage_offset()
torch.ones(2, 3).element_size()
torch.ones(2, 3).nbytes
torch.ones(2, 3).numel()
torch.ones(2, 3).ndim
torch.ones(2, 3).size(-1)
torch.ones(2, 3).size(2)
torch.is_tensor(3)
torch.ones(2).is_floating_point()
torch.sum(torch.ones(2, 3), axis=0, keepdims=True)
torch.zeros(2, 3).expand(3)
torch.zeros(2, 1).expand(2, 3).shape
torch.cat([])
torch.cat([torch.zeros(1), 3])
torch.cat([torch.zeros(2, 3), torch.zeros(3, 4)])
torch.stack([torch.zeros(2, 3), torch.zeros(2, 2)])
torch.tensor([1, 2]).requires_grad_()
torch.tensor([1, 2]).mean()
torch.tensor([], dtype=torch.float32).max()
torch.tensor([1., 2.]).add_(torch.ones(3))
torch.zeros(2, dtype=torch.int64).add_(1.5)
torch.zeros(1, 3).expand(2, 3).add_(1)
torch.no_grad()(lambda: torch.is_grad_enabled())()
torch.is_grad_enabled()
torch.allclose(torch.ones(2), torch.ones(2) + 1e-9)
torch.equal(torch.ones(2), torch.ones(2))
"""

CORNERS = """
torch.arange(0, 64, 0.5, dtype=torch.int64)
torch.arange(0, 64, 0.5, out=torch.empty(0, dtype=torch.int64))
torch.arange(0.9, 5.2, 1.5, dtype=torch.int64)
torch.arange(-5.5, 5.5, 2.9, dtype=torch.int32)
torch.arange(0, 1000, 300, dtype=torch.uint8)
torch.arange(0, 2, 1, dtype=torch.bool)
torch.linspace(2.7, -2.7, 4, dtype=torch.int64)
torch.linspace(-10, 10, 5, dtype=torch.uint8)
torch.linspace(0, 300, 3, dtype=torch.int8)
torch.linspace(torch.tensor([1, 2]), 3, 4)
torch.linspace(1, 2, 3, dtype=torch.bool)
torch.linspace(1, 2, -1)
torch.logspace(torch.tensor([1, 2]), torch.tensor(3), 4)
torch.logspace(1, 1.2, 2, dtype=torch.int64)
torch.logspace(0, 4.3, 6, 2, dtype=torch.int64)
torch.logspace(2.7, -2.7, 4, dtype=torch.int64)
torch.logspace(0, 20, 7, dtype=torch.int8)
torch.range(5, 0, 1)
torch.range(0, 5, 0)
torch.exp_(torch.zeros(2))
torch.zero_(torch.ones(2))
torch.clamp_(torch.arange(4.), 1, 2)
torch.threshold_(torch.arange(4.), 1, 5)
torch.celu_(torch.tensor([-1., 1.]), 0.5)
torch.ones(2, 3).t().float(memory_format=torch.contiguous_format).is_contiguous()
torch.ones(2, 3).t().double(memory_format=torch.contiguous_format).is_contiguous()
torch.ones(2, 3, 4, 5).permute(0, 3, 1, 2).to(memory_format=torch.contiguous_format).is_contiguous()
torch.ones(2, 3, 4, 5).permute(0, 3, 1, 2).to(memory_format=torch.channels_last).stride()
(lambda x: torch.pixel_shuffle(x, 1).data_ptr() == x.data_ptr())(torch.ones(1, 4, 2, 2))
torch.normal(torch.ones(2), torch.ones(2, requires_grad=True)).requires_grad
torch.normal(torch.ones(2), torch.ones(2), (2,))
torch.normal(torch.ones(2, 3), torch.ones(2))
torch.normal(torch.ones(2).long(), 1.)
(lambda m: torch.autograd.grad(torch.normal(m, 1.).sum(), m))(torch.ones(2, requires_grad=True))
torch.ones(2, 2).masked_fill(torch.tensor(True), 1j)
nn.functional.local_response_norm(torch.arange(12).view(1, 3, 4), 2).dtype
nn.functional.local_response_norm(torch.ones(0, 1, 2, dtype=torch.int64), 1).dtype
nn.functional.local_response_norm(torch.ones(1, 3, 4, dtype=torch.int32), 2)
nn.functional.cosine_similarity(torch.ones(1, 2, 3), torch.ones(2, 1, 3), dim=-2)
nn.functional.batch_norm(torch.zeros(0), torch.zeros(0), torch.zeros(0), training=True)
nn.functional.batch_norm(torch.zeros(3), torch.zeros(3), torch.zeros(3))
nn.functional.batch_norm(torch.ones(2, 3), None, None, training=True, eps=0.)
nn.functional.batch_norm(torch.ones(2, 3), torch.ones(3), torch.ones(3), eps=-1.)
nn.functional.batch_norm(torch.ones(2, 3).half(), torch.ones(3), torch.ones(3)).dtype
nn.functional.batch_norm(torch.ones(2, 3).half(), torch.ones(3), torch.ones(3).half())
nn.BatchNorm1d(3, affine=False)(torch.ones(2, 3).double())
nn.InstanceNorm1d(3, affine=True)(torch.ones(2, 3, 4).double())
nn.InstanceNorm1d(3, track_running_stats=True)(torch.ones(2, 3, 4).double()).dtype
nn.functional.instance_norm(torch.ones(2, 3, 4), None, None, torch.ones(3).double())
nn.HuberLoss(delta=None)
nn.HuberLoss(delta=torch.tensor(1.))
nn.functional.rrelu(torch.ones(2), 0.3, 0.1)
torch.max(torch.ones(2, 3), 0, out=(torch.empty(3).double(), torch.empty(3).long()))
torch.sort(torch.ones(2, 3), 0, out=(torch.empty(0), torch.empty(0).int()))
torch.aminmax(torch.ones(2, 3), dim=0, out=(torch.empty(3), torch.empty(3).double()))
torch.kthvalue(torch.ones(3), 2, out=(torch.empty(0), torch.empty(0).int()))
torch.multinomial(torch.ones(3), 2, out=torch.empty(2))
torch.bernoulli(torch.ones(3), out=torch.empty(1).expand(3))
torch.add(torch.ones(3), 1, out=torch.empty(1).expand(3))
torch.Tensor.__rdiv__(2, torch.ones(3))
torch.add(1., 2.).dtype
torch.mul(2.5, 2)
torch.sub(1., 2).dtype
torch.div(1, 2)
torch.scalar_tensor(-5, dtype=torch.uint8)
torch.scalar_tensor(300, dtype=torch.uint8)
torch.full((2,), -5, dtype=torch.uint8)
torch.full((2,), -300, dtype=torch.uint8)
torch.tensor([-5], dtype=torch.uint8)
torch.tensor([-5.7], dtype=torch.uint8)
torch.full_like(torch.ones(2, dtype=torch.uint8), 300)
torch.ones(2, dtype=torch.uint8).fill_(-5)
torch.ones(2, dtype=torch.uint8).fill_(300)
nn.functional.interpolate(torch.arange(24).mul(10).byte().view(1, 1, 4, 6), (3, 5), mode='bilinear')
nn.functional.interpolate(torch.arange(24).mul(10).byte().view(1, 1, 4, 6), (5, 7), mode='bicubic', align_corners=True)
nn.functional.interpolate(torch.arange(4).byte().view(1, 1, 2, 2), (3, 4))
nn.functional.interpolate(torch.ones(1, 1, 3, 3, dtype=torch.int64), (2, 2), mode='bilinear')
nn.functional.interpolate(torch.ones(1, 1, 3, 3, dtype=torch.int64), (2, 2))
nn.functional.interpolate(torch.ones(1, 3, 3).byte(), (2,), mode='linear')
nn.functional.margin_ranking_loss(torch.tensor([1, 5]).byte(), torch.tensor([3, 2]).byte(), torch.tensor([1, 1]).byte(), margin=0.5, reduction='none')
(lambda x: torch.autograd.grad(x.abs().sum(), x))(torch.tensor([float('nan'), -2., 0.], requires_grad=True))
"""

EXPRESSIONS = [
    line for text in (CREATION, PRINTING, PYTHON, CORNERS) for line in text.strip().splitlines() if line
]


def evaluate(expression: str, torch) -> str:
    """What an expression gives, as text."""
    import warnings

    import numpy as np

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            result = eval(expression, {"torch": torch, "nn": torch.nn, "np": np})
    except Exception as error:
        return f"raises {type(error).__name__}"
    if isinstance(result, type):
        return "an object"
    return repr(result)
