"""Lines about packed and padded sequences: what they print, warn and raise."""

from __future__ import annotations

from .lines import listed

RNN = listed("""
U = nn.utils.rnn; U.pack_padded_sequence(torch.arange(6.).reshape(3, 2), [3, 1])
U = nn.utils.rnn; U.pack_padded_sequence(torch.arange(6).reshape(2, 3), [1, 3], True, False)
U = nn.utils.rnn; U.pack_padded_sequence(torch.ones(3, 2, requires_grad=True), torch.tensor([3, 1])).data
U = nn.utils.rnn; p = U.pack_sequence([torch.tensor([1, 2]), torch.tensor([3])]); p
U = nn.utils.rnn; p = U.pack_sequence([torch.tensor([1]), torch.tensor([2, 3])], enforce_sorted=False); p
U = nn.utils.rnn; p = U.pack_sequence([torch.tensor([1]), torch.tensor([2, 3])], False); U.pad_packed_sequence(p)
U = nn.utils.rnn; p = U.pack_sequence([torch.tensor([1]), torch.tensor([2, 3])], False); U.unpack_sequence(p)
U = nn.utils.rnn; p = U.pack_sequence([torch.ones(2)]); U.pad_packed_sequence(p, True, 7., 5)
U = nn.utils.rnn; p = U.pack_sequence([torch.ones(2)]); (p.to(torch.float64).data.dtype, p.to(torch.float32) is p)
U = nn.utils.rnn; p = U.pack_sequence([torch.ones(2)]); [getattr(p, n)().data.dtype for n in ("double", "float", "half", "long", "int", "short", "char", "byte")]
U = nn.utils.rnn; p = U.pack_sequence([torch.ones(2)]); (p.cpu() is p, p.is_cuda, p.is_pinned(), p.double().batch_sizes)
U = nn.utils.rnn; U.PackedSequence((torch.ones(2), torch.tensor([1, 1])))
U = nn.utils.rnn; U.PackedSequence(torch.ones(2), torch.tensor([2]), torch.tensor([1, 0]))._fields
U = nn.utils.rnn; U.invert_permutation(torch.tensor([2, 0, 1])), U.invert_permutation(None)
U = nn.utils.rnn; U.pad_sequence([torch.ones(2, 3), torch.ones(1, 3)], padding_value=5)
U = nn.utils.rnn; U.pad_sequence([torch.ones(2), torch.ones(3)], True, 0.5, "left")
U = nn.utils.rnn; U.pad_sequence([torch.tensor([1, 2]), torch.tensor([1.5])])
U = nn.utils.rnn; U.pad_sequence([torch.ones(2, requires_grad=True), torch.ones(3)], True)
U = nn.utils.rnn; U.pad_sequence(torch.ones(2, 3))
U = nn.utils.rnn; a = torch.ones(2, requires_grad=True); (U.pad_sequence([a, torch.ones(3)]) * torch.arange(6.).reshape(3, 2)).sum().backward(); a.grad
U = nn.utils.rnn; U.unpad_sequence(torch.arange(6).reshape(3, 2), torch.tensor([1, 3]))
U = nn.utils.rnn; U.unpad_sequence(torch.arange(6).reshape(2, 3), torch.tensor([1, 3]), batch_first=True)
U = nn.utils.rnn; nn.GRU(2, 3)(U.pack_sequence([torch.ones(1, 2), torch.ones(3, 2)], False))[0].unsorted_indices
""")
