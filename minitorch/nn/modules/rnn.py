"""Recurrent layers: RNN, LSTM, GRU. One step of each, as a cell, is in rnn_cell.py.

A recurrent layer reads a sequence x₁ … x_T and keeps a state h:

    RNN    h  = tanh(W_x·x + b_x + W_h·h + b_h)                           (or relu)             (1)
    LSTM   i, f, g, o = the four parts of W_x·x + b_x + W_h·h + b_h                             (2)
           c  = σ(f)·c + σ(i)·tanh(g),   h = σ(o)·tanh(c)                                       (3)
    GRU    r, z = σ of the first two parts of W_x·x + b_x + W_h·h + b_h                         (4)
           n  = tanh(W_n·x + b_n + r·(W_m·h + b_m)),   h = (1 − z)·n + z·h                      (5)

Letters: T tokens, N batch, H = hidden_size. W_x·x of all tokens is one product; the rest is a
loop over time, composed of ordinary operations, so that backward goes through time by itself.

Source: Hochreiter & Schmidhuber 1997 (LSTM); Cho et al. 2014, arXiv:1406.1078 (GRU).
"""

from __future__ import annotations

import math
from typing import Any
from warnings import warn

from ...ops.create import empty, zeros
from ...ops.joining import cat, stack
from .. import functional as F, init
from ..parameter import Parameter
from ..utils.rnn import PackedSequence
from .module import Module

_PARTS = {"RNN_TANH": 1, "RNN_RELU": 1, "LSTM": 4, "GRU": 3}


def step(mode: str, gx: Any, h: Any, c: Any, w_h: Any, b_h: Any, w_r: Any = None) -> Any:
    """One step: gx = W_x·x + b_x of this token → the new (h, c); c is None but for the LSTM."""
    gh = F.linear(h, w_h, b_h)
    if mode == "LSTM":
        i, f, g, o = (gx + gh).chunk(4, -1)  # (2)
        c = f.sigmoid() * c + i.sigmoid() * g.tanh()  # (3)
        h = o.sigmoid() * c.tanh()
        return (h if w_r is None else F.linear(h, w_r)), c
    if mode == "GRU":
        xr, xz, xn = gx.chunk(3, -1)
        hr, hz, hn = gh.chunk(3, -1)
        r, z = (xr + hr).sigmoid(), (xz + hz).sigmoid()  # (4)
        n = (xn + r * hn).tanh()
        return (1 - z) * n + z * h, None  # (5)
    return ((gx + gh).tanh() if mode == "RNN_TANH" else F.relu(gx + gh)), None  # (1)


class RNNBase(Module):
    """What RNN, LSTM and GRU share: parameters, layers, directions.

    Parameters of layer k: weight_ih_lk (parts·H, input), weight_hh_lk (parts·H, H), bias_ih_lk,
    bias_hh_lk (parts·H), and with "_reverse" those of the other direction; parts is 1, 4 or 3.
    """

    def __init__(
        self,
        mode: str,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        proj_size: int = 0,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__()
        _check_types(input_size, hidden_size, bias, batch_first)
        _check_values(mode, input_size, hidden_size, num_layers, dropout, proj_size)
        self.mode = mode
        self.input_size = input_size
        self.hidden_size = hidden_size
        self.num_layers = num_layers
        self.bias = bias
        self.batch_first = batch_first
        self.dropout = float(dropout)
        self.bidirectional = bidirectional
        self.proj_size = proj_size
        directions = 2 if bidirectional else 1
        rows, out = _PARTS[mode] * hidden_size, proj_size or hidden_size
        self._names: list[list[str]] = []  # of each layer and direction
        for k in range(num_layers):
            width = input_size if k == 0 else out * directions
            for suffix in ("", "_reverse")[:directions]:
                shapes: dict[str, Any] = {"weight_ih": (rows, width), "weight_hh": (rows, out)}
                if bias:
                    shapes |= {"bias_ih": (rows,), "bias_hh": (rows,)}
                if proj_size:
                    shapes["weight_hr"] = (proj_size, hidden_size)
                for name, shape in shapes.items():
                    numbers = empty(shape, device=device, dtype=dtype)
                    setattr(self, f"{name}_l{k}{suffix}", Parameter(numbers))
                self._names.append([f"{name}_l{k}{suffix}" for name in shapes])
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw every parameter uniform on ±1/√H."""
        bound = 1.0 / math.sqrt(self.hidden_size)
        for p in self.parameters():
            init.uniform_(p, -bound, bound)

    def flatten_parameters(self) -> None:
        """Nothing to do: there is no GPU library that wants the weights in one block."""

    @property
    def all_weights(self) -> list[list[Any]]:
        """The parameters of each layer and direction."""
        return [[getattr(self, name) for name in names] for names in self._names]

    def forward(self, input: Any, hx: Any = None) -> tuple[Any, Any]:
        """Read a sequence; returns (the last layer's h at every token, the final state).

        Shape: input (T, N, input_size), (N, T, input_size) with batch_first, (T, input_size), or
        a PackedSequence → output (T, N, D·H) likewise, D = 2 if bidirectional; final state
        (layers·D, N, H), for the LSTM the pair (h, c).

        Args:
            hx  the initial state, shaped like the final one (default: zeros)
        """
        if isinstance(input, PackedSequence):
            return self._forward_packed(input, hx)
        if input.dim() not in (2, 3):
            raise ValueError(
                f"{self._get_name()}: Expected input to be 2D or 3D, got {input.dim()}D instead"
            )
        if input.dtype is not self.weight_ih_l0.dtype:
            has = self.weight_ih_l0.dtype
            raise ValueError(
                f"RNN input dtype ({input.dtype}) does not match weight dtype ({has}). "
                f"Convert input: input.to({has}), or convert model: model.to({input.dtype})"
            )
        batched = input.dim() == 3
        x = input if batched else input.unsqueeze(1)
        if batched and self.batch_first:
            x = x.transpose(0, 1)
        hs, cs = self._initial(input, x.size(1), hx, batched)
        x, final = self._layers(x, hs, cs, None)
        if not batched:
            x, final = x.squeeze(1), [t.squeeze(1) for t in final]
        elif self.batch_first:
            x = x.transpose(0, 1)
        return x, (tuple(final) if self.mode == "LSTM" else final[0])

    def _forward_packed(self, input: PackedSequence, hx: Any) -> tuple[Any, Any]:
        """The same for sequences of different lengths; the states in the order of the input."""
        data, batch_sizes, order, back = input
        if data.dim() != 2:
            raise RuntimeError(f"input must have 2 dimensions, got {data.dim()}")
        sizes, lstm = batch_sizes.tolist(), self.mode == "LSTM"
        hs, cs = self._initial(data, sizes[0], hx, batched=True)
        if hx is not None and order is not None:
            hs = [h.index_select(0, order) for h in hs]
            cs = [c.index_select(0, order) for c in cs] if lstm else cs
        x, final = self._layers(data, hs, cs, sizes)
        if back is not None:
            final = [t.index_select(1, back) for t in final]
        return PackedSequence(x, *input[1:]), (tuple(final) if lstm else final[0])

    def _layers(self, x: Any, hs: Any, cs: Any, sizes: Any) -> tuple[Any, list[Any]]:
        """All layers and directions over (T, N, …), or packed rows: (output, final states)."""
        h_n, c_n = [], []
        directions = 2 if self.bidirectional else 1
        for k in range(self.num_layers):
            outputs = []
            for d in range(directions):
                j = k * directions + d
                out, h, c = self._read(x, hs[j], cs[j], j, sizes, backwards=d == 1)
                outputs.append(out)
                h_n.append(h)
                c_n.append(c)
            x = outputs[0] if directions == 1 else cat(outputs, -1)
            if k < self.num_layers - 1:
                x = F.dropout(x, self.dropout, self.training)
        return x, [stack(h_n)] + ([stack(c_n)] if self.mode == "LSTM" else [])

    def _read(
        self, x: Any, h: Any, c: Any, j: int, sizes: Any, backwards: bool
    ) -> tuple[Any, Any, Any]:
        """One layer in one direction over (T, N, …) or packed rows: (all h, last h, last c)."""
        p = {name.split("_l")[0]: getattr(self, name) for name in self._names[j]}
        gx = F.linear(x, p["weight_ih"], p.get("bias_ih"))
        weights: Any = (p["weight_hh"], p.get("bias_hh"), p.get("weight_hr"))
        steps = gx.unbind(0) if sizes is None else gx.split(sizes)
        steps = steps[::-1] if backwards else steps
        start, seen, ended = (h, c), [], []
        state = start if sizes is None else _rows(start, 0, steps[0].size(0))
        for gx in steps:
            n, had = gx.size(0), state[0].size(0)
            if n < had:  # the shortest sequences have ended
                ended.append(_rows(state, n, had))
                state = _rows(state, 0, n)
            elif n > had:  # backwards: longer sequences first, now the next ones begin
                state = _joined([state, _rows(start, had, n)])
            state = step(self.mode, gx, *state, *weights)
            seen.append(state[0])
        if ended:
            state = _joined([state, *ended[::-1]])
        together = stack if sizes is None else cat
        return (together(seen[::-1] if backwards else seen), *state)

    def _initial(self, x: Any, N: int, hx: Any, batched: bool) -> tuple[Any, Any]:
        """The initial h and c of each layer and direction, zeros where none are given."""
        if x.size(-1) != self.input_size:
            raise RuntimeError(
                f"input.size(-1) must be equal to input_size. Expected {self.input_size}, "
                f"got {x.size(-1)}"
            )
        n, lstm = len(self._names), self.mode == "LSTM"
        out = self.proj_size or self.hidden_size
        sizes = [(n, N, out)] + [(n, N, self.hidden_size)] * lstm
        if hx is None:
            given = [zeros(size, dtype=x.dtype) for size in sizes]
        else:
            given = list(hx) if lstm else [hx]
            for what, t, size in zip(("hidden[0]", "hidden[1]"), given, sizes):
                if t.dim() != (3 if batched else 2):
                    kind = "batched 3-D" if batched else "unbatched 2-D"
                    names = "hx and cx" if lstm else "hx"
                    raise RuntimeError(
                        f"For {kind} input, {names} should also be {3 if batched else 2}-D but "
                        f"got {t.dim()}-D tensor"
                    )
                wanted = size if batched else (size[0], size[2])
                if tuple(t.shape) != wanted:
                    what = what if lstm else "hidden size"
                    raise RuntimeError(f"Expected {what} {wanted}, got {list(t.shape)}")
            given = given if batched else [t.unsqueeze(1) for t in given]
        hs = given[0].unbind(0)
        return hs, (given[1].unbind(0) if lstm else [None] * n)

    def extra_repr(self) -> str:
        text = f"{self.input_size}, {self.hidden_size}"
        for name, usual in (
            ("proj_size", 0), ("num_layers", 1), ("bias", True), ("batch_first", False),
            ("dropout", 0), ("bidirectional", False),
        ):  # fmt: skip
            if getattr(self, name) != usual:
                text += f", {name}={getattr(self, name)}"
        return text


def _rows(state: Any, start: int, stop: int) -> Any:
    """The states (h, c) of some of the sequences; c is None but for the LSTM."""
    return tuple(None if t is None else t[start:stop] for t in state)


def _joined(states: Any) -> Any:
    """(h, c) of several groups of sequences as those of all."""
    return tuple(None if parts[0] is None else cat(parts) for parts in zip(*states))


def _check_types(input_size: Any, hidden_size: Any, bias: Any, batch_first: Any) -> None:
    for name, value, wanted in (
        ("input_size", input_size, int), ("hidden_size", hidden_size, int),
        ("bias", bias, bool), ("batch_first", batch_first, bool),
    ):  # fmt: skip
        if not isinstance(value, wanted):
            raise TypeError(
                f"{name} should be of type {wanted.__name__}, got: {type(value).__name__}"
            )


def _check_values(
    mode: str, input_size: int, hidden_size: int, num_layers: int, dropout: Any, proj_size: int
) -> None:
    if not isinstance(dropout, (int, float)) or isinstance(dropout, bool) or not 0 <= dropout <= 1:
        raise ValueError(
            "dropout should be a number in range [0, 1] representing the probability of an "
            "element being zeroed"
        )
    if dropout > 0 and num_layers == 1:
        warn(
            "dropout option adds dropout after all but last recurrent layer, so non-zero dropout "
            f"expects num_layers greater than 1, but got dropout={dropout} and "
            f"num_layers={num_layers}",
            stacklevel=4,
        )
    for name, value in (
        ("input_size", input_size), ("hidden_size", hidden_size), ("num_layers", num_layers)
    ):  # fmt: skip
        if value <= 0:
            raise ValueError(f"{name} must be greater than zero")
    if proj_size < 0:
        raise ValueError("proj_size should be a positive integer or zero to disable projections")
    if proj_size >= hidden_size:
        raise ValueError("proj_size has to be smaller than hidden_size")
    if mode not in _PARTS:
        raise ValueError(f"Unrecognized RNN mode: {mode}")


class RNN(RNNBase):
    """h = tanh(W_x·x + b_x + W_h·h + b_h) at every token.

    Args:
        input_size     features of a token
        hidden_size    H
        num_layers     layers; each reads the h of the one below (default 1)
        nonlinearity   'tanh' (default) or 'relu'
        bias           learn biases (default True)
        batch_first    (N, T, …) instead of (T, N, …) (default False)
        dropout        probability, on the h between layers (default 0.0)
        bidirectional  also read from the end (default False)
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        nonlinearity: str = "tanh",
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        if nonlinearity not in ("tanh", "relu"):
            raise ValueError(
                f"Unknown nonlinearity '{nonlinearity}'. Select from 'tanh' or 'relu'."
            )
        super().__init__(
            f"RNN_{nonlinearity.upper()}", input_size, hidden_size, num_layers, bias, batch_first,
            dropout, bidirectional, 0, device, dtype,
        )  # fmt: skip
        self.nonlinearity = nonlinearity


class LSTM(RNNBase):
    """A state h and a memory c that gates write, keep and show: equations (2), (3).

    Args: as `RNN`, without nonlinearity, and
        proj_size  project h to this size after each step (default 0: don't)

    >>> import minitorch as torch
    >>> lstm = torch.nn.LSTM(10, 20, num_layers=2)
    >>> output, (h, c) = lstm(torch.randn(5, 3, 10))
    >>> output.shape, h.shape
    (torch.Size([5, 3, 20]), torch.Size([2, 3, 20]))
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        proj_size: int = 0,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(
            "LSTM", input_size, hidden_size, num_layers, bias, batch_first, dropout,
            bidirectional, proj_size, device, dtype,
        )  # fmt: skip


class GRU(RNNBase):
    """A state h that two gates reset and update: equations (4), (5). Args: as `RNN`."""

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(
            "GRU", input_size, hidden_size, num_layers, bias, batch_first, dropout,
            bidirectional, 0, device, dtype,
        )  # fmt: skip
