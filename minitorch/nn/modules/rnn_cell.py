"""One step of a recurrent layer as a module: RNNCell, LSTMCell, GRUCell. Equations: rnn.py."""

from __future__ import annotations

import math
from typing import Any

from ...ops.create import empty, zeros
from .. import functional as F, init
from ..parameter import Parameter
from .module import Module
from .rnn import step


class RNNCellBase(Module):
    """One step: weight_ih (parts·H, input), weight_hh (parts·H, H), bias_ih, bias_hh."""

    mode = ""

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        bias: bool,
        num_chunks: int,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__()
        self.input_size = input_size
        self.hidden_size = hidden_size
        self.bias = bias
        rows = num_chunks * hidden_size
        made = {"device": device, "dtype": dtype}
        self.weight_ih = Parameter(empty((rows, input_size), **made))
        self.weight_hh = Parameter(empty((rows, hidden_size), **made))
        for name in ("bias_ih", "bias_hh"):
            if bias:
                setattr(self, name, Parameter(empty(rows, **made)))
            else:
                self.register_parameter(name, None)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw every parameter uniform on ±1/√H."""
        bound = 1.0 / math.sqrt(self.hidden_size) if self.hidden_size > 0 else 0
        for p in self.parameters():
            init.uniform_(p, -bound, bound)

    def _one_step(self, input: Any, state: Any) -> Any:
        """The new (h, c) from (h, c), or from zeros."""
        names = ("hidden",) if self.mode != "LSTM" else ("hx[0]", "hx[1]")
        for what, t in (("input", input), *zip(names, state or ())):
            if t.dim() not in (1, 2):
                raise ValueError(
                    f"{self._get_name()}: Expected {what} to be 1D or 2D, got {t.dim()}D instead"
                )
        if input.size(-1) != self.input_size:
            raise RuntimeError(
                f"input has inconsistent input_size: got {input.size(-1)} "
                f"expected {self.input_size}"
            )
        for j, t in enumerate(state or ()):
            if input.dim() == 2 and t.size(0) != input.size(0):
                raise RuntimeError(
                    f"Input batch size {input.size(0)} doesn't match hidden{j} batch size "
                    f"{t.size(0)}"
                )
            if t.size(-1) != self.hidden_size:
                raise RuntimeError(
                    f"hidden{j} has inconsistent hidden_size: got {t.size(-1)}, "
                    f"expected {self.hidden_size}"
                )
        if state is None:
            empty_state = zeros((*input.shape[:-1], self.hidden_size), dtype=input.dtype)
            state = (empty_state, empty_state)
        gx = F.linear(input, self.weight_ih, self.bias_ih)
        h, c = (*state, None)[:2]
        return step(self.mode, gx, h, c, self.weight_hh, self.bias_hh)

    def extra_repr(self) -> str:
        text = f"{self.input_size}, {self.hidden_size}"
        return text if self.bias else text + f", bias={self.bias}"


class RNNCell(RNNCellBase):
    """h = tanh(W_x·x + b_x + W_h·h + b_h): (N, input_size), (N, H) → (N, H)."""

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        bias: bool = True,
        nonlinearity: str = "tanh",
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(input_size, hidden_size, bias, 1, device, dtype)
        self.nonlinearity = nonlinearity

    def forward(self, input: Any, hx: Any = None) -> Any:
        if self.nonlinearity not in ("tanh", "relu"):
            raise RuntimeError(f"Unknown nonlinearity: {self.nonlinearity}")
        self.mode = f"RNN_{self.nonlinearity.upper()}"
        return self._one_step(input, None if hx is None else (hx,))[0]

    def extra_repr(self) -> str:
        text = super().extra_repr()
        return text if self.nonlinearity == "tanh" else f"{text}, nonlinearity={self.nonlinearity}"


class LSTMCell(RNNCellBase):
    """One step of an LSTM: (N, input_size), (h, c) of (N, H) → the new (h, c)."""

    mode = "LSTM"

    def __init__(
        self, input_size: int, hidden_size: int, bias: bool = True, device: Any = None,
        dtype: Any = None,
    ) -> None:  # fmt: skip
        super().__init__(input_size, hidden_size, bias, 4, device, dtype)

    def forward(self, input: Any, hx: Any = None) -> tuple[Any, Any]:
        return self._one_step(input, hx)


class GRUCell(RNNCellBase):
    """One step of a GRU: (N, input_size), (N, H) → (N, H)."""

    mode = "GRU"

    def __init__(
        self, input_size: int, hidden_size: int, bias: bool = True, device: Any = None,
        dtype: Any = None,
    ) -> None:  # fmt: skip
        super().__init__(input_size, hidden_size, bias, 3, device, dtype)

    def forward(self, input: Any, hx: Any = None) -> Any:
        return self._one_step(input, None if hx is None else (hx,))[0]
