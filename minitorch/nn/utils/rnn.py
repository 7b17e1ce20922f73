"""Sequences of different lengths in one batch: padded to one length, or packed without padding.

    pad_sequence           list of (T_i, …)   → (T, N, …), T the longest
    pack_padded_sequence   (T, N, …)          → PackedSequence: the T_1 + T_2 + … real tokens only
    RNN, LSTM, GRU         read a PackedSequence and give one: no step is spent on padding
    pad_packed_sequence    PackedSequence     → (T, N, …) and the lengths

ops/packing.py shows the order of the packed rows.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from ... import dtypes
from ...ops.create import empty_like, tensor
from ...ops.packing import pack_padded, pad_packed
from ...ops.ranges import arange
from ...tensor import Tensor


class _Packed(NamedTuple):
    data: Any
    batch_sizes: Any
    sorted_indices: Any
    unsorted_indices: Any


class PackedSequence(_Packed):
    """Sequences without padding, as `pack_padded_sequence` and `pack_sequence` make it.

    Args:
        data              the rows of all tokens, step by step
        batch_sizes       how many sequences each step has (1-d, int64, never growing)
        sorted_indices    which sequence came first, second, … (default None: they were sorted)
        unsorted_indices  its inverse, worked out if not given
    """

    def __new__(
        cls,
        data: Any,
        batch_sizes: Any = None,
        sorted_indices: Any = None,
        unsorted_indices: Any = None,
    ) -> PackedSequence:
        if batch_sizes is None:
            if not isinstance(data, (list, tuple)) or len(data) != 2:
                raise AssertionError("Expected data to be a list or tuple of length 2")
            data, batch_sizes = data
        if unsorted_indices is None:
            unsorted_indices = invert_permutation(sorted_indices)
        return super().__new__(cls, data, batch_sizes, sorted_indices, unsorted_indices)

    def to(self, *args: Any, **kwargs: Any) -> PackedSequence:
        """The same sequences in another dtype; self where nothing changes."""
        data = self.data.to(*args, **kwargs)
        return self if data is self.data else self._replace(data=data)

    def cpu(self) -> PackedSequence:
        """Self: there is no other device."""
        return self

    def double(self) -> PackedSequence:
        """The sequences in float64."""
        return self.to(dtypes.float64)

    def float(self) -> PackedSequence:
        """The sequences in float32."""
        return self.to(dtypes.float32)

    def half(self) -> PackedSequence:
        """The sequences in float16."""
        return self.to(dtypes.float16)

    def long(self) -> PackedSequence:
        """The sequences in int64."""
        return self.to(dtypes.int64)

    def int(self) -> PackedSequence:
        """The sequences in int32."""
        return self.to(dtypes.int32)

    def short(self) -> PackedSequence:
        """The sequences in int16."""
        return self.to(dtypes.int16)

    def char(self) -> PackedSequence:
        """The sequences in int8."""
        return self.to(dtypes.int8)

    def byte(self) -> PackedSequence:
        """The sequences in uint8."""
        return self.to(dtypes.uint8)

    @property
    def is_cuda(self) -> bool:
        """False: there is no other device."""
        return False

    def is_pinned(self) -> bool:
        """False: there is no other device to copy to."""
        return False


def invert_permutation(permutation: Any) -> Any:
    """The permutation that undoes another one; None for None.

    >>> import minitorch as torch
    >>> invert_permutation(torch.tensor([2, 0, 1]))
    tensor([1, 2, 0])
    """
    if permutation is None:
        return None
    inverse = empty_like(permutation)
    inverse[permutation] = arange(permutation.numel())
    return inverse


# -- packed ---------------------------------------------------------------------------------------


def pack_padded_sequence(
    input: Any, lengths: Any, batch_first: bool = False, enforce_sorted: bool = True
) -> PackedSequence:
    """Padded sequences without their padding.

    Args:
        input           (T, N, …), or (N, T, …) with batch_first
        lengths         of the sequences, in tokens: a list or a tensor of N numbers in [1, T]
        batch_first     (default False)
        enforce_sorted  lengths must fall; False sorts them, and the results are put back in the
                        order of the input (default True)
    Raises: RuntimeError for lengths that are not N, not positive, above T, or not sorted.

    >>> import minitorch as torch
    >>> padded = torch.tensor([[1, 2, 3], [4, 5, 0]])
    >>> packed = pack_padded_sequence(padded, [3, 2], batch_first=True)
    >>> packed.data, packed.batch_sizes
    (tensor([1, 4, 2, 5, 3]), tensor([2, 2, 1]))
    """
    if not isinstance(lengths, Tensor):
        lengths = tensor(lengths, dtype=dtypes.int64)
    lengths, order = lengths.to(dtypes.int64), None
    if lengths.dim() != 1:
        raise RuntimeError(
            f"'lengths' argument should be a 1D CPU int64 tensor, but got {lengths.dim()}D"
        )
    if not enforce_sorted:
        lengths, order = lengths.sort(descending=True)
        input = input.index_select(0 if batch_first else 1, order)
    if input.numel() == 0:
        raise RuntimeError("Cannot pack empty tensors.")
    if batch_first:
        input = input.transpose(0, 1)
    T, N, sizes = input.size(0), input.size(1), lengths.tolist()
    if len(sizes) != N:
        raise RuntimeError(
            "Expected `len(lengths)` to be equal to batch_size, but got "
            f"{len(sizes)} (batch_size={N})"
        )
    if sorted(sizes, reverse=True) != sizes:
        raise RuntimeError(
            "`lengths` array must be sorted in decreasing order when `enforce_sorted` is True, "
            f"but got {sizes}; pass `enforce_sorted=False` to sort them"
        )
    if sizes[-1] <= 0:
        raise RuntimeError(
            "Length of all samples has to be greater than 0, but found an element in 'lengths' "
            "that is <= 0"
        )
    if sizes[0] > T:
        raise RuntimeError(f"lengths are at most the input's {T} tokens, but got {sizes[0]}")
    batch_sizes = (lengths > arange(sizes[0]).unsqueeze(1)).sum(1)
    return PackedSequence(pack_padded(input, batch_sizes), batch_sizes, order)


def pad_packed_sequence(
    sequence: PackedSequence,
    batch_first: bool = False,
    padding_value: float = 0.0,
    total_length: int | None = None,
) -> tuple[Any, Any]:
    """(padded sequences, their lengths) of a PackedSequence.

    Args:
        batch_first    the result is (N, T, …) instead of (T, N, …) (default False)
        padding_value  where there is no token (default 0.0)
        total_length   T; at least the longest length, which is the default
    """
    batch_sizes, back = sequence.batch_sizes, sequence.unsorted_indices
    longest = batch_sizes.numel()
    if total_length is not None and total_length < longest:
        raise ValueError(
            "Expected total_length to be at least the length of the longest sequence in input, "
            f"but got total_length={total_length} and max sequence length being {longest}"
        )
    padded = pad_packed(sequence.data, batch_sizes, padding_value, total_length)
    lengths = (batch_sizes > arange(padded.size(1)).unsqueeze(1)).sum(1)
    if batch_first:
        padded = padded.transpose(0, 1)
    if back is not None:
        return padded.index_select(0 if batch_first else 1, back), lengths[back]
    return padded, lengths


def pack_sequence(sequences: Any, enforce_sorted: bool = True) -> PackedSequence:
    """`pack_padded_sequence` of a list of sequences (T_i, …).

    >>> import minitorch as torch
    >>> pack_sequence([torch.tensor([1, 2]), torch.tensor([3])]).data
    tensor([1, 3, 2])
    """
    lengths = [s.size(0) for s in sequences]
    return pack_padded_sequence(pad_sequence(sequences), lengths, enforce_sorted=enforce_sorted)


def unpack_sequence(packed_sequences: PackedSequence) -> list[Any]:
    """The list of sequences (T_i, …) in a PackedSequence."""
    padded, lengths = pad_packed_sequence(packed_sequences, batch_first=True)
    return unpad_sequence(padded, lengths, batch_first=True)


# -- padded ---------------------------------------------------------------------------------------


def pad_sequence(
    sequences: Any,
    batch_first: bool = False,
    padding_value: float = 0.0,
    padding_side: str = "right",
) -> Any:
    """Sequences (T_i, …) side by side in one tensor, padded to the longest.

    Args:
        sequences      tensors that differ at most in their first size
        batch_first    the result is (N, T, …) instead of (T, N, …) (default False)
        padding_value  (default 0.0)
        padding_side   'right' (default): after the tokens; 'left': before them

    >>> import minitorch as torch
    >>> pad_sequence([torch.tensor([1, 2, 3]), torch.tensor([4])], batch_first=True)
    tensor([[1, 2, 3],
            [4, 0, 0]])
    """
    if not isinstance(sequences, Iterable):
        raise RuntimeError(
            "pad_sequence: Expected iterable for input sequences, but got arg of type: "
            f"{type(sequences)}"
        )
    sequences = tuple(sequences)
    if not sequences:
        raise RuntimeError("received an empty list of sequences")
    if padding_side not in ("left", "right"):
        raise RuntimeError(
            f"Expected padding_side to be one of left or right, but got {padding_side}."
        )
    if any(s.dim() == 0 for s in sequences):
        raise RuntimeError("pad_sequence: a sequence has at least one dimension, but got a number")
    first, T = sequences[0], max(s.size(0) for s in sequences)
    out = first.new_full((len(sequences), T, *first.shape[1:]), padding_value)
    for i, s in enumerate(sequences):
        start = 0 if padding_side == "right" else T - s.size(0)
        out[i, start : start + s.size(0)] = s
    return out if batch_first else out.transpose(0, 1)


def unpad_sequence(padded_sequences: Any, lengths: Any, batch_first: bool = False) -> list[Any]:
    """The list of sequences (T_i, …) in a padded tensor."""
    if not batch_first:
        padded_sequences = padded_sequences.transpose(0, 1)
    t = arange(padded_sequences.size(1))
    return [row[t < n] for row, n in zip(padded_sequences, lengths)]
