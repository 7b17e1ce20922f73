"""Recurrent networks over characters: an RNN by hand, nn.RNN, GRU and LSTM, packed into a model."""

import torch
import torch.nn as nn
import torch.nn.functional as F
import torch.optim as optim

torch.manual_seed(0)
text = "hello recurrent world, hello hidden state. "
chars = sorted(set(text))
index = {c: i for i, c in enumerate(chars)}
ids = torch.tensor([index[c] for c in text])
one_hot = F.one_hot(ids, len(chars)).float()
print(len(chars), one_hot.shape, one_hot[0])


class HandRNN(nn.Module):
    def __init__(self, input_size, hidden_size, output_size):
        super(HandRNN, self).__init__()
        self.hidden_size = hidden_size
        self.i2h = nn.Linear(input_size + hidden_size, hidden_size)
        self.h2o = nn.Linear(hidden_size, output_size)
        self.softmax = nn.LogSoftmax(dim=1)

    def forward(self, input, hidden):
        combined = torch.cat((input, hidden), 1)
        hidden = torch.tanh(self.i2h(combined))
        return self.softmax(self.h2o(hidden)), hidden

    def initHidden(self):
        return torch.zeros(1, self.hidden_size)


rnn = HandRNN(len(chars), 12, len(chars))
criterion = nn.NLLLoss()
learning_rate = 0.05
for epoch in range(3):
    hidden = rnn.initHidden()
    rnn.zero_grad()
    loss = 0
    for t in range(len(ids) - 1):
        output, hidden = rnn(one_hot[t : t + 1], hidden)
        loss += criterion(output, ids[t + 1].unsqueeze(0))
    loss.backward()
    nn.utils.clip_grad_norm_(rnn.parameters(), 5.0)
    for p in rnn.parameters():
        p.data.add_(p.grad.data, alpha=-learning_rate)
    print(f"epoch {epoch} loss {loss.item() / (len(ids) - 1):.5f}")
topv, topi = output.topk(2)
print(topv, [chars[i] for i in topi[0]])

# shapes of the built-in layers
x = torch.randn(5, 3, 10)
for layer in (nn.RNN(10, 20, 2), nn.GRU(10, 20, num_layers=2), nn.LSTM(10, 20, 2, bidirectional=True)):
    out, state = layer(x)
    shapes = [tuple(s.shape) for s in state] if isinstance(state, tuple) else tuple(state.shape)
    print(layer, out.shape, shapes, f"{out.sum().item():.4f}")
lstm = nn.LSTM(3, 3)
inputs = [torch.randn(1, 3) for _ in range(5)]
hidden = (torch.randn(1, 1, 3), torch.randn(1, 1, 3))
for i in inputs:
    out, hidden = lstm(i.view(1, 1, -1), hidden)
print(out.detach(), [h.detach() for h in hidden])
cell = nn.GRUCell(4, 6)
h = torch.zeros(2, 6)
for step in torch.randn(3, 2, 4):
    h = cell(step, h)
print(h[0], [name for name, _ in lstm.named_parameters()])


class CharModel(nn.Module):
    def __init__(self, vocab, embed, hidden):
        super().__init__()
        self.embedding = nn.Embedding(vocab, embed)
        self.lstm = nn.LSTM(embed, hidden, batch_first=True, num_layers=2, dropout=0.2)
        self.fc = nn.Linear(hidden, vocab)

    def forward(self, x, state=None):
        out, state = self.lstm(self.embedding(x), state)
        return self.fc(out), state


model = CharModel(len(chars), 8, 16)
print(model)
x = ids[:40].view(2, 20)
y = ids[1:41].view(2, 20)
optimizer = optim.RMSprop(model.parameters(), lr=0.01)
for epoch in range(8):
    logits, _ = model(x)
    loss = F.cross_entropy(logits.transpose(1, 2), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
print(f"loss {loss.item():.5f}")
model.eval()
state, current, out = None, torch.tensor([[index["h"]]]), "h"
with torch.no_grad():
    for _ in range(10):
        logits, state = model(current, state)
        prob = F.softmax(logits[0, -1], dim=0)
        current = torch.multinomial(prob, 1).view(1, 1)
        out += chars[current.item()]
print(repr(out), tuple(s.detach().shape for s in state))

# a sine wave with a GRU
wave = torch.sin(torch.linspace(0, 6.28, 30)).view(1, -1, 1)
gru, head = nn.GRU(1, 8, batch_first=True), nn.Linear(8, 1)
opt = optim.Adam(list(gru.parameters()) + list(head.parameters()), lr=0.02)
for i in range(15):
    opt.zero_grad()
    prediction = head(gru(wave[:, :-1])[0])
    loss = F.mse_loss(prediction, wave[:, 1:])
    loss.backward()
    opt.step()
print(f"{loss.item():.5f}", gru.weight_hh_l0.shape, gru.all_weights[0][2].shape)
