"""A character model with batch norm, every gradient derived by hand and compared with autograd."""

import torch
import torch.nn.functional as F

words = ["anna", "emil", "ida", "leo", "mia", "noah", "nina", "emma", "liam", "lina", "olaf", "ole"]
chars = sorted(set("".join(words)))
stoi = {s: i + 1 for i, s in enumerate(chars)}
stoi["."] = 0
itos = {i: s for s, i in stoi.items()}
vocab_size, block_size, n_embd, n_hidden = len(itos), 3, 4, 16

X, Y = [], []
for w in words:
    context = [0] * block_size
    for ch in w + ".":
        X.append(context)
        Y.append(stoi[ch])
        context = context[1:] + [stoi[ch]]
X, Y = torch.tensor(X), torch.tensor(Y)
print(X.shape, Y.shape, X[:3], "".join(itos[i.item()] for i in X[3]))

g = torch.Generator().manual_seed(2147483647)
C = torch.randn((vocab_size, n_embd), generator=g)
W1 = torch.randn((n_embd * block_size, n_hidden), generator=g) * (5 / 3) / ((n_embd * block_size) ** 0.5)
b1 = torch.randn(n_hidden, generator=g) * 0.1
W2 = torch.randn((n_hidden, vocab_size), generator=g) * 0.1
b2 = torch.randn(vocab_size, generator=g) * 0.1
bngain = torch.randn((1, n_hidden), generator=g) * 0.1 + 1.0
bnbias = torch.randn((1, n_hidden), generator=g) * 0.1
parameters = [C, W1, b1, W2, b2, bngain, bnbias]
print(sum(p.nelement() for p in parameters))
for p in parameters:
    p.requires_grad = True

batch_size = n = 20
ix = torch.randint(0, X.shape[0], (batch_size,), generator=g)
Xb, Yb = X[ix], Y[ix]


def cmp(s, dt, t):
    ex = torch.all(dt == t.grad).item()
    app = torch.allclose(dt, t.grad, atol=1e-6)
    maxdiff = (dt - t.grad).abs().max().item()
    print(f"{s:15s} | approximate: {str(app):5s} | small: {maxdiff < 1e-6} | same type: {type(ex) is bool}")


emb = C[Xb]
embcat = emb.view(emb.shape[0], -1)
hprebn = embcat @ W1 + b1
bnmeani = 1 / n * hprebn.sum(0, keepdim=True)
bndiff = hprebn - bnmeani
bndiff2 = bndiff**2
bnvar = 1 / (n - 1) * (bndiff2).sum(0, keepdim=True)
bnvar_inv = (bnvar + 1e-5) ** -0.5
bnraw = bndiff * bnvar_inv
hpreact = bngain * bnraw + bnbias
h = torch.tanh(hpreact)
logits = h @ W2 + b2
logit_maxes = logits.max(1, keepdim=True).values
norm_logits = logits - logit_maxes
counts = norm_logits.exp()
counts_sum = counts.sum(1, keepdims=True)
counts_sum_inv = counts_sum**-1
probs = counts * counts_sum_inv
logprobs = probs.log()
loss = -logprobs[range(n), Yb].mean()
for p in parameters:
    p.grad = None
for t in [logprobs, probs, counts, counts_sum, counts_sum_inv, norm_logits, logit_maxes, logits, h, hpreact, bnraw, bnvar_inv, bnvar, bndiff2, bndiff, hprebn, bnmeani, embcat, emb]:
    t.retain_grad()
loss.backward()
print(loss, F.cross_entropy(logits, Yb))

dlogprobs = torch.zeros_like(logprobs)
dlogprobs[range(n), Yb] = -1.0 / n
dprobs = (1.0 / probs) * dlogprobs
dcounts_sum_inv = (counts * dprobs).sum(1, keepdim=True)
dcounts = counts_sum_inv * dprobs
dcounts_sum = (-(counts_sum**-2)) * dcounts_sum_inv
dcounts += torch.ones_like(counts) * dcounts_sum
dnorm_logits = counts * dcounts
dlogits = dnorm_logits.clone()
dlogit_maxes = (-dnorm_logits).sum(1, keepdim=True)
dlogits += F.one_hot(logits.max(1).indices, num_classes=logits.shape[1]) * dlogit_maxes
dh = dlogits @ W2.T
dW2 = h.T @ dlogits
db2 = dlogits.sum(0)
dhpreact = (1.0 - h**2) * dh
dbngain = (bnraw * dhpreact).sum(0, keepdim=True)
dbnraw = bngain * dhpreact
dbnbias = dhpreact.sum(0, keepdim=True)
dbndiff = bnvar_inv * dbnraw
dbnvar_inv = (bndiff * dbnraw).sum(0, keepdim=True)
dbnvar = (-0.5 * (bnvar + 1e-5) ** -1.5) * dbnvar_inv
dbndiff2 = (1.0 / (n - 1)) * torch.ones_like(bndiff2) * dbnvar
dbndiff += (2 * bndiff) * dbndiff2
dhprebn = dbndiff.clone()
dbnmeani = (-dbndiff).sum(0)
dhprebn += 1.0 / n * (torch.ones_like(hprebn) * dbnmeani)
dembcat = dhprebn @ W1.T
dW1 = embcat.T @ dhprebn
db1 = dhprebn.sum(0)
demb = dembcat.view(emb.shape)
dC = torch.zeros_like(C)
for k in range(Xb.shape[0]):
    for j in range(Xb.shape[1]):
        dC[Xb[k, j]] += demb[k, j]
for name, dt, t in (("logprobs", dlogprobs, logprobs), ("probs", dprobs, probs), ("counts", dcounts, counts), ("norm_logits", dnorm_logits, norm_logits), ("logits", dlogits, logits), ("h", dh, h), ("W2", dW2, W2), ("b2", db2, b2), ("bngain", dbngain, bngain), ("bnbias", dbnbias, bnbias), ("bnvar", dbnvar, bnvar), ("hprebn", dhprebn, hprebn), ("W1", dW1, W1), ("emb", demb, emb), ("C", dC, C)):
    cmp(name, dt, t)
fast = F.softmax(logits, 1)
fast[range(n), Yb] -= 1
fast /= n
print(torch.allclose(fast, dlogits, atol=1e-6), C.grad[:3], W2.grad[0])

# train with these gradients, in no_grad, and sample
with torch.no_grad():
    running_mean, running_var = torch.zeros((1, n_hidden)), torch.ones((1, n_hidden))
lossi = []
for i in range(40):
    ix = torch.randint(0, X.shape[0], (batch_size,), generator=g)
    hpre = C[X[ix]].view(batch_size, -1) @ W1
    mean, std = hpre.mean(0, keepdim=True), hpre.std(0, keepdim=True)
    h = torch.tanh(bngain * (hpre - mean) / std + bnbias)
    with torch.no_grad():
        running_mean = 0.9 * running_mean + 0.1 * mean
        running_var = 0.9 * running_var + 0.1 * std
    loss = F.cross_entropy(h @ W2 + b2, Y[ix])
    for p in parameters:
        p.grad = None
    loss.backward()
    lr = 0.2 if i < 30 else 0.02
    for p in parameters:
        if p.grad is not None:
            p.data += -lr * p.grad
    lossi.append(loss.log10().item())
print(torch.tensor(lossi).view(-1, 10).mean(1), b1.grad)
with torch.no_grad():
    h = torch.tanh(bngain * (C[X].view(X.shape[0], -1) @ W1 - running_mean) / running_var + bnbias)
    print(F.cross_entropy(h @ W2 + b2, Y), (h.abs() > 0.97).float().mean())
    print([f"{(lr * p.grad.std() / p.data.std()).log10().item():.3f}" for p in parameters if p.grad is not None and p.ndim == 2])
    sampler = torch.Generator().manual_seed(10)
    for _ in range(4):
        out, context = [], [0] * block_size
        while len(out) < 8:
            h = torch.tanh(bngain * (C[torch.tensor([context])].view(1, -1) @ W1 - running_mean) / running_var + bnbias)
            ix = torch.multinomial(F.softmax(h @ W2 + b2, dim=1), num_samples=1, generator=sampler).item()
            context = context[1:] + [ix]
            if ix == 0:
                break
            out.append(itos[ix])
        print("".join(out))
