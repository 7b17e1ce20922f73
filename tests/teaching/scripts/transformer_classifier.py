"""Sequences of different lengths classified by a Transformer encoder with padding masks."""

import math

import torch
from torch import nn
from torch.utils.data import DataLoader, random_split

torch.manual_seed(0)
PAD, VOCAB, CLASSES = 0, 12, 2
samples = []
for _ in range(48):
    length = int(torch.randint(3, 9, (1,)))
    tokens = torch.randint(1, VOCAB, (length,))
    samples.append((tokens, int((tokens > 6).sum() > (tokens <= 6).sum())))
print(samples[0], samples[1])


def collate_batch(batch):
    sequences, labels = zip(*batch)
    lengths = torch.tensor([len(s) for s in sequences])
    padded = torch.full((len(batch), int(lengths.max())), PAD)
    for row, sequence in zip(padded, sequences):
        row[: len(sequence)] = sequence
    return padded, torch.tensor(labels), lengths


train_set, test_set = random_split(samples, [40, 8], generator=torch.Generator().manual_seed(42))
print(len(train_set), len(test_set), test_set.indices)
loader = DataLoader(train_set, batch_size=8, shuffle=True, collate_fn=collate_batch, drop_last=True)
print(next(iter(loader)))


class PositionalEncoding(nn.Module):
    def __init__(self, d_model, max_len=20):
        super().__init__()
        pe = torch.zeros(max_len, d_model)
        position = torch.arange(0, max_len, dtype=torch.float).unsqueeze(1)
        div_term = torch.exp(torch.arange(0, d_model, 2).float() * (-math.log(10000.0) / d_model))
        pe[:, 0::2] = torch.sin(position * div_term)
        pe[:, 1::2] = torch.cos(position * div_term)
        self.register_buffer("pe", pe.unsqueeze(0))

    def forward(self, x):
        return x + self.pe[:, : x.size(1)].requires_grad_(False)


class Classifier(nn.Module):
    def __init__(self, d_model=16, nhead=2, layers=2):
        super().__init__()
        self.embed = nn.Embedding(VOCAB, d_model, padding_idx=PAD)
        self.position = PositionalEncoding(d_model)
        layer = nn.TransformerEncoderLayer(d_model, nhead, dim_feedforward=24, dropout=0.1, batch_first=True)
        self.encoder = nn.TransformerEncoder(layer, layers, enable_nested_tensor=False)
        self.fc = nn.Linear(d_model, CLASSES)
        self.d_model = d_model

    def forward(self, tokens):
        mask = tokens == PAD
        h = self.position(self.embed(tokens) * math.sqrt(self.d_model))
        h = self.encoder(h, src_key_padding_mask=mask)
        h = h.masked_fill(mask.unsqueeze(-1), 0.0).sum(1) / (~mask).sum(1, keepdim=True)
        return self.fc(h)


model = Classifier()
print(model)
print({k: tuple(v.shape) for k, v in list(model.state_dict().items())[:8]})
criterion = nn.CrossEntropyLoss(weight=torch.tensor([1.0, 1.5]))
optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3)
scheduler = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=1e-2, total_steps=20)
for epoch in range(4):
    model.train()
    total, correct = 0.0, 0
    for tokens, labels, lengths in loader:
        optimizer.zero_grad()
        logits = model(tokens)
        loss = criterion(logits, labels)
        loss.backward()
        norm = nn.utils.clip_grad_norm_(model.parameters(), max_norm=0.5)
        optimizer.step()
        scheduler.step()
        total += loss.item()
        correct += (logits.argmax(-1) == labels).sum().item()
    print(f"{epoch}: loss {total / len(loader):.5f} acc {correct / 40:.3f} norm {norm:.4f} lr {scheduler.get_last_lr()[0]:.6f}")
model.eval()
with torch.no_grad():
    tokens, labels, lengths = collate_batch([test_set[i] for i in range(len(test_set))])
    logits = model(tokens)
    print(logits, labels, lengths)
    alone = torch.cat([model(test_set[i][0].unsqueeze(0)) for i in range(8)])
    print(torch.allclose(alone, logits, atol=1e-5))

# a causal encoder, and the whole sequence-to-sequence Transformer
mask = torch.triu(torch.full((5, 5), float("-inf")), diagonal=1)
layer = nn.TransformerEncoderLayer(8, 2, 16, dropout=0.0, activation="gelu", norm_first=True, batch_first=True)
x = torch.randn(1, 5, 8)
first = layer(x, src_mask=mask)
x2 = x.clone()
x2[:, 3:] = 0
print(torch.allclose(first[:, :3], layer(x2, src_mask=mask, is_causal=True)[:, :3], atol=1e-6), first[0, 0])
seq2seq = nn.Transformer(d_model=8, nhead=2, num_encoder_layers=1, num_decoder_layers=1, dim_feedforward=16, dropout=0.0)
src, tgt = torch.randn(6, 2, 8), torch.randn(4, 2, 8)
out = seq2seq(src, tgt, tgt_mask=seq2seq.generate_square_subsequent_mask(4))
print(out.shape, out[0])
print(sum(p.numel() for p in seq2seq.parameters()), seq2seq.decoder.layers[0].multihead_attn)
