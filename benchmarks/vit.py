"""The notes' Vision Transformer, built from whichever module is given: minitorch or PyTorch."""

from __future__ import annotations

from typing import Any

PRESETS = {
    "default": ({"patch": 7, "embed": 64, "heads": 4, "ff": 128, "layers": 4, "dropout": 0.1,
                 "activation": "relu"}, 128),
    "patch 4": ({"patch": 4, "embed": 64, "heads": 4, "ff": 128, "layers": 4, "dropout": 0.1,
                 "activation": "relu"}, 64),
    "wide": ({"patch": 4, "embed": 128, "heads": 4, "ff": 512, "layers": 6, "dropout": 0.1,
              "activation": "relu"}, 128),
    "notes": ({"patch": 4, "embed": 16, "heads": 8, "ff": 2048, "layers": 4, "dropout": 0.001,
               "activation": "gelu"}, 512),
}  # fmt: skip


def build(torch: Any, patch: int, embed: int, heads: int, ff: int, layers: int, dropout: float,
          activation: str) -> Any:  # fmt: skip
    """The model of examples/vit_mnist.py."""
    nn = torch.nn

    class ViT(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.patcher = nn.Sequential(nn.Conv2d(1, embed, patch, patch), nn.Flatten(2))
            self.class_token = nn.Parameter(torch.randn(1, 1, embed))
            self.positions = nn.Parameter(torch.randn(1, 1 + (28 // patch) ** 2, embed))
            self.dropout = nn.Dropout(dropout)
            layer = nn.TransformerEncoderLayer(
                embed, heads, ff, dropout, activation, batch_first=True, norm_first=True
            )
            self.encoder = nn.TransformerEncoder(layer, layers, enable_nested_tensor=False)
            self.head = nn.Sequential(nn.LayerNorm(embed), nn.Linear(embed, 10))

        def forward(self, images: Any) -> Any:
            patches = self.patcher(images).permute(0, 2, 1)
            token = self.class_token.expand(len(images), -1, -1)
            x = self.dropout(torch.cat([token, patches], 1) + self.positions)
            return self.head(self.encoder(x)[:, 0])

    return ViT()


class Training:
    """One model with its optimizer and one batch; `step()` is a training step.

    Args:
        torch   minitorch or PyTorch
        preset  a name in PRESETS, or the model's options with the batch size
    """

    def __init__(self, torch: Any, preset: str | tuple[dict[str, Any], int]) -> None:
        options, batch = PRESETS[preset] if isinstance(preset, str) else preset
        self.torch = torch
        torch.manual_seed(0)
        self.model = build(torch, **options)
        self.optimizer = torch.optim.Adam(self.model.parameters(), lr=1e-3)
        self.loss = torch.nn.CrossEntropyLoss()
        self.images = torch.randn(batch, 1, 28, 28)
        self.labels = torch.randint(0, 10, (batch,))

    def step(self) -> float:
        loss = self.loss(self.model(self.images), self.labels)
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        return loss.item()

    def evaluate(self) -> float:
        """The model in eval mode on the batch, without gradients."""
        self.model.eval()
        with self.torch.no_grad():
            return self.model(self.images).sum().item()
