"""Word vectors: skip-gram with negative sampling, n-gram prediction, bags of words."""

import random
from collections import Counter

import torch
import torch.nn as nn
import torch.nn.functional as F
import torch.optim as optim

torch.manual_seed(1)
random.seed(1)
text = """the cat sat on the mat the dog sat on the rug a cat and a dog ran
the bird sang in the tree and the cat saw the bird near the tree""".split()
counts = Counter(text)
vocab = sorted(counts, key=lambda w: (-counts[w], w))
word_to_ix = {w: i for i, w in enumerate(vocab)}
print(len(vocab), vocab[:5])

# lookups
embeds = nn.Embedding(2, 5)
lookup = torch.tensor([0, 1, 1], dtype=torch.long)
print(embeds(lookup))
padded = nn.Embedding(4, 3, padding_idx=0)
print(padded(torch.LongTensor([[0, 2], [3, 0]])))
pretrained = nn.Embedding.from_pretrained(torch.FloatTensor([[1, 2.3, 3], [4, 5.1, 6.3]]))
print(pretrained(torch.LongTensor([1])), pretrained.weight.requires_grad, pretrained)


class SkipGram(nn.Module):
    def __init__(self, size, dim):
        super().__init__()
        self.center = nn.Embedding(size, dim)
        self.context = nn.Embedding(size, dim)
        nn.init.uniform_(self.center.weight, -0.5 / dim, 0.5 / dim)
        self.context.weight.data.uniform_(-0, 0)

    def forward(self, center, positive, negative):
        c = self.center(center)                                   # (N, E)
        score = torch.sum(c * self.context(positive), dim=1)
        score = F.logsigmoid(score)
        neg = torch.bmm(self.context(negative), c.unsqueeze(2)).squeeze(2)
        neg = torch.sum(F.logsigmoid(-1 * neg), dim=1)
        return -(score + neg).mean()


pairs = [(word_to_ix[text[i]], word_to_ix[text[j]])
         for i in range(len(text)) for j in range(max(0, i - 2), min(len(text), i + 3)) if i != j]
freq = torch.tensor([counts[w] for w in vocab], dtype=torch.float) ** 0.75
noise = freq / freq.sum()
print(len(pairs), noise)
model = SkipGram(len(vocab), 8)
optimizer = optim.Adam(model.parameters(), lr=0.05)
centers, contexts = (torch.tensor(column) for column in zip(*pairs))
for epoch in range(8):
    negative = torch.multinomial(noise, len(pairs) * 3, replacement=True).view(len(pairs), 3)
    optimizer.zero_grad()
    loss = model(centers, contexts, negative)
    loss.backward()
    optimizer.step()
    print(f"epoch {epoch}: {loss.item():.5f}")
with torch.no_grad():
    vectors = F.normalize(model.center.weight, dim=1)
    similarity = vectors @ vectors[word_to_ix["cat"]]
    values, nearest = similarity.topk(4)
    print([vocab[i] for i in nearest], values)
    print(F.cosine_similarity(vectors[0], vectors[1], dim=0), nn.CosineSimilarity(dim=-1)(vectors[:2], vectors[2:4]))

# the n-gram model: two words predict the third
trigrams = [([text[i], text[i + 1]], text[i + 2]) for i in range(len(text) - 2)]


class NGram(nn.Module):
    def __init__(self, vocab_size, embedding_dim, context_size):
        super().__init__()
        self.embeddings = nn.Embedding(vocab_size, embedding_dim)
        self.linear1 = nn.Linear(context_size * embedding_dim, 16)
        self.linear2 = nn.Linear(16, vocab_size)

    def forward(self, inputs):
        embeds = self.embeddings(inputs).view((1, -1))
        return F.log_softmax(self.linear2(F.relu(self.linear1(embeds))), dim=1)


ngram = NGram(len(vocab), 6, 2)
loss_function = nn.NLLLoss()
sgd = optim.SGD(ngram.parameters(), lr=0.05)
losses = []
for epoch in range(2):
    total = 0.0
    for context, target in trigrams:
        ids = torch.tensor([word_to_ix[w] for w in context], dtype=torch.long)
        ngram.zero_grad()
        loss = loss_function(ngram(ids), torch.tensor([word_to_ix[target]], dtype=torch.long))
        loss.backward()
        sgd.step()
        total += loss.item()
    losses.append(round(total, 3))
print(losses)
print(ngram.embeddings.weight[word_to_ix["dog"]])

# bag of words, one-hot
bag = torch.zeros(len(vocab))
for w in "the cat saw the dog".split():
    bag[word_to_ix[w]] += 1
print(bag.view(1, -1), F.one_hot(torch.tensor([0, 2, 1]), num_classes=4).float().mean(0))
print(padded.weight.grad, (padded(torch.tensor([0, 1])).sum().backward(), padded.weight.grad)[1])
