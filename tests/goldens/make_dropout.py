"""Writes dropout.json: PyTorch's results of every dropout for fixed seeds. Needs torch 2.13."""

from __future__ import annotations

import json
from pathlib import Path

CALLS = {
    "dropout": lambda torch, x: torch.nn.functional.dropout(x, 0.3),
    "dropout transposed": lambda torch, x: torch.nn.functional.dropout(x.transpose(0, 2), 0.5),
    "dropout small p": lambda torch, x: torch.nn.functional.dropout(x, 0.001),
    "dropout strided": lambda torch, x: torch.nn.functional.dropout(x[..., ::2], 0.4),
    "dropout twice": lambda torch, x: torch.nn.functional.dropout(
        torch.nn.functional.dropout(x, 0.2), 0.2
    ),
    "dropout p 0 and 1 draw nothing": lambda torch, x: (
        torch.nn.functional.dropout(x, 0.0)
        + torch.nn.functional.dropout(x, 1.0)
        + torch.rand(3, 5, 7)
    ),
    "dropout1d": lambda torch, x: torch.nn.functional.dropout1d(x, 0.4),
    "dropout1d without batch": lambda torch, x: torch.nn.functional.dropout1d(x[0], 0.4),
    "dropout2d": lambda torch, x: torch.nn.functional.dropout2d(x.unsqueeze(0), 0.4),
    "dropout3d": lambda torch, x: torch.nn.functional.dropout3d(x.reshape(1, 3, 5, 7, 1), 0.4),
    "alpha_dropout": lambda torch, x: torch.nn.functional.alpha_dropout(x, 0.4, True),
    "feature_alpha_dropout": lambda torch, x: torch.nn.functional.feature_alpha_dropout(
        x, 0.4, True
    ),
    "attention": lambda torch, x: torch.nn.functional.scaled_dot_product_attention(
        x, x, x, dropout_p=0.3
    ),
    "attention causal": lambda torch, x: torch.nn.functional.scaled_dot_product_attention(
        x, x, x, dropout_p=0.3, is_causal=True
    ),
}


def outcome(torch, call) -> dict[str, list[float]]:
    x = (torch.arange(105, dtype=torch.float32).reshape(3, 5, 7) / 50 - 1).requires_grad_()
    torch.manual_seed(11)
    y = call(torch, x)
    (y * y).sum().backward()
    return {
        "value": y.detach().flatten().tolist(),
        "grad": x.grad.flatten().tolist(),
        "next": torch.rand(2).tolist(),  # the stream stands where PyTorch's does
    }


if __name__ == "__main__":
    import torch

    made = {name: outcome(torch, call) for name, call in CALLS.items()}
    made["version"] = torch.__version__
    Path(__file__).with_name("dropout.json").write_text(json.dumps(made) + "\n")
