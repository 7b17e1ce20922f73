"""Counting: accuracy, top-k, confusion matrix, one-hot, scatter, k-means, k nearest neighbours."""

import torch
import torch.nn.functional as F

torch.manual_seed(6)
logits = torch.randn(20, 4)
target = torch.randint(0, 4, (20,))
pred = logits.argmax(dim=1)
print((pred == target).float().mean().item(), pred.eq(target).sum().item(), pred[:6])


def accuracy(output, target, topk=(1,)):
    maxk = max(topk)
    _, pred = output.topk(maxk, 1, True, True)
    pred = pred.t()
    correct = pred.eq(target.view(1, -1).expand_as(pred))
    return [correct[:k].reshape(-1).float().sum(0, keepdim=True).mul_(100.0 / target.size(0)) for k in topk]


print(accuracy(logits, target, (1, 3)))
confusion = torch.zeros(4, 4, dtype=torch.int64)
for t, p in zip(target.view(-1), pred.view(-1)):
    confusion[t.long(), p.long()] += 1
print(confusion, torch.equal(confusion, torch.bincount(target * 4 + pred, minlength=16).view(4, 4)))
per_class = confusion.diag() / confusion.sum(1)
precision = confusion.diag().float() / confusion.sum(0).clamp(min=1)
f1 = 2 * precision * per_class / (precision + per_class + 1e-8)
print(per_class, precision, f1.mean(), confusion.trace().item() / confusion.sum().item())
stacked = torch.stack((target, pred), dim=1)
cm = torch.zeros(4, 4, dtype=torch.int32)
for pair in stacked:
    tl, pl = pair.tolist()
    cm[tl, pl] = cm[tl, pl] + 1
print((cm == confusion).all(), stacked.shape)

# one-hot, several ways
labels = torch.tensor([0, 2, 1])
print(F.one_hot(labels), torch.eye(3)[labels], torch.zeros(3, 3).scatter_(1, labels.unsqueeze(1), 1.0))
smooth = torch.full((3, 3), 0.1 / 2).scatter(1, labels[:, None], 0.9)
print(smooth, (labels.unsqueeze(1) == torch.arange(3)).long())
loss_by_hand = -logits.log_softmax(-1).gather(1, target.unsqueeze(-1)).squeeze(-1)
print(loss_by_hand.mean(), F.cross_entropy(logits, target), F.nll_loss(F.log_softmax(logits, 1), target, reduction="none")[:3])
print(F.cross_entropy(logits[:3], smooth @ torch.eye(3, 4)))

# sorting and searching
values, order = torch.sort(logits[0], descending=True)
print(values, order, torch.topk(logits[1], k=2, largest=False), logits[2].argsort())
print(torch.unique(target, return_counts=True), target.unique(sorted=True).numel(), torch.nonzero(target == 2).flatten())
print(torch.where(logits[0] > 0, logits[0], torch.zeros(4)), torch.where(logits[0] > 0)[0], (logits > 1.5).nonzero().shape)
print(torch.max(logits[:2], 0), torch.min(logits, dim=1).values[:3], torch.maximum(logits[0], logits[1]))
print(torch.cumsum(torch.arange(5), 0), torch.diff(torch.tensor([1, 4, 9])), torch.median(logits), torch.quantile(logits, 0.25))
print(torch.histc(logits, bins=4, min=-2, max=2), torch.bucketize(torch.tensor([0.1, 0.9]), torch.tensor([0.0, 0.5, 1.0])))
print(torch.isnan(torch.tensor([1.0, float("nan")])), torch.isfinite(logits).all(), torch.nan_to_num(torch.tensor([float("inf"), float("nan")]), posinf=9.0))
print(torch.var_mean(logits), logits.std(dim=0), logits.mean([0, 1]), torch.logsumexp(logits, 1)[:2], torch.norm(logits, p=1))

# index_add, scatter_add: sums per class
sums = torch.zeros(4, 4).index_add_(0, target, logits)
counts = torch.zeros(4).scatter_add_(0, target, torch.ones(20))
print(sums / counts[:, None], counts)

# k-means
points = torch.cat([torch.randn(10, 2) + torch.tensor([3.0, 0.0]), torch.randn(10, 2) - torch.tensor([3.0, 0.0])])
centers = points[[0, 15]].clone()
for _ in range(3):
    assign = torch.cdist(points, centers).argmin(1)
    centers = torch.stack([points[assign == k].mean(0) for k in range(2)])
print(centers, assign.bincount())

# nearest neighbours and Gaussian kernels
query = torch.tensor([[2.5, 0.5]])
distance = (points - query).pow(2).sum(-1)
near = distance.topk(3, largest=False)
print(near.indices.sort().values, near.values.sqrt(), torch.mode(assign[near.indices]).values)
weights = F.softmax(-(torch.arange(5.0).reshape(-1, 1) - torch.arange(5.0)) ** 2 / 2, dim=1)
print(weights[2], (weights @ torch.arange(5.0))[0])

# principal components, least squares, the inverse
centered = points - points.mean(0)
U, S, Vh = torch.linalg.svd(centered, full_matrices=False)
print(S, (centered @ Vh.T).var(0), torch.linalg.norm(points), torch.det(centered.T @ centered) > 0)
A = torch.cat([points, torch.ones(20, 1)], 1)
b = A @ torch.tensor([[1.0], [2.0], [3.0]])
print((torch.linalg.pinv(A) @ b).flatten().round(decimals=3), torch.inverse(torch.tensor([[2.0, 0.0], [0.0, 4.0]])))
print(torch.linalg.solve(A.T @ A, A.T @ b).round(decimals=2).T, torch.trace(torch.eye(3)), torch.outer(torch.arange(3), torch.arange(2)))
grid_x, grid_y = torch.meshgrid(torch.arange(2), torch.arange(3), indexing="ij")
print(torch.stack([grid_x, grid_y], -1).reshape(-1, 2).tolist(), torch.cartesian_prod(torch.arange(2), torch.arange(2)))
a, b = torch.rand(2, 4), torch.rand(3, 4)
inter = (torch.min(a[:, None, 2:], b[:, 2:]) - torch.max(a[:, None, :2], b[:, :2])).clamp(min=0)
print(inter.prod(2))
