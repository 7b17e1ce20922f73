"""The Vision Transformer of the notes, trained on drawn digits-like images."""

import torch
import torch.nn as nn
import torch.optim as optim
from torch.utils.data import DataLoader, Dataset
from torchvision import transforms
from tqdm import tqdm


class PatchEmbedding(nn.Module):
    def __init__(self, embed_dim, patch_size, num_patches, dropout, in_channels):
        super(PatchEmbedding, self).__init__()
        self.patcher = nn.Sequential(
            nn.Conv2d(in_channels=in_channels, out_channels=embed_dim, kernel_size=patch_size, stride=patch_size),
            nn.Flatten(2))
        self.cls_token = nn.Parameter(torch.randn(size=(1, 1, embed_dim)), requires_grad=True)
        self.position_embedding = nn.Parameter(torch.randn(size=(1, num_patches + 1, embed_dim)), requires_grad=True)
        self.dropout = nn.Dropout(p=dropout)

    def forward(self, x):
        cls_token = self.cls_token.expand(x.shape[0], -1, -1)
        x = self.patcher(x).permute(0, 2, 1)
        x = torch.cat([cls_token, x], dim=1)
        x = x + self.position_embedding
        return self.dropout(x)


class Vit(nn.Module):
    def __init__(self, embed_dim, patch_size, num_patches, dropout, in_channels, num_heads, num_encoders, num_classes, activation="gelu"):
        super(Vit, self).__init__()
        self.patch_embedding = PatchEmbedding(embed_dim, patch_size, num_patches, dropout, in_channels)
        encoder_layer = nn.TransformerEncoderLayer(
            d_model=embed_dim, nhead=num_heads, dim_feedforward=32, dropout=dropout,
            activation=activation, batch_first=True, norm_first=True)
        self.encoder_layers = nn.TransformerEncoder(encoder_layer, num_layers=num_encoders)
        self.MLP = nn.Sequential(nn.LayerNorm(embed_dim), nn.Linear(embed_dim, num_classes))

    def forward(self, x):
        x = self.patch_embedding(x)
        x = self.encoder_layers(x)
        return self.MLP(x[:, 0, :])


class Strokes(Dataset):
    """uint8 images (12, 12): where the bright square stands is the class."""

    def __init__(self, count, transform):
        self.labels = torch.randint(0, 4, (count,))
        self.images = torch.randint(0, 80, (count, 12, 12), dtype=torch.uint8)
        for image, label in zip(self.images, self.labels):
            r, c = divmod(int(label), 2)
            image[6 * r + 1 : 6 * r + 5, 6 * c + 1 : 6 * c + 5] = 230
        self.transform = transform

    def __len__(self):
        return self.labels.size(0)

    def __getitem__(self, idx):
        image = self.images[idx].numpy().reshape((12, 12, 1))
        return {"image": self.transform(image), "label": self.labels[idx], "index": torch.tensor(idx)}


torch.manual_seed(42)
train_transform = transforms.Compose([
    transforms.ToPILImage(),
    transforms.RandomRotation(degrees=15),
    transforms.ToTensor(),
    transforms.Normalize([0.5], [0.5]),
])
print(train_transform)
train_loader = DataLoader(Strokes(48, train_transform), batch_size=16, shuffle=True)
val_transform = transforms.Compose([transforms.ToPILImage(), transforms.ToTensor(), transforms.Normalize([0.5], [0.5])])
val_loader = DataLoader(Strokes(16, val_transform), batch_size=8, shuffle=False)
batch = next(iter(train_loader))
print({k: tuple(v.shape) for k, v in batch.items()}, batch["label"], batch["index"])
print(f"{batch['image'].mean().item():.5f}", batch["image"][0, 0, 5])
model = Vit(embed_dim=8, patch_size=4, num_patches=9, dropout=0.001, in_channels=1, num_heads=4, num_encoders=2, num_classes=4)
print(model)
print(model.patch_embedding(torch.randn(5, 1, 12, 12)).shape, sum(p.numel() for p in model.parameters()))
criterion = nn.CrossEntropyLoss()
optimizer = optim.Adam(model.parameters(), betas=(0.9, 0.999), lr=5e-3, weight_decay=0)
for epoch in tqdm(range(3), position=0, leave=False):
    model.train()
    train_labels, train_preds, train_running_loss = [], [], 0
    for idx, img_label in enumerate(tqdm(train_loader, position=0, leave=False)):
        img, label = img_label["image"].float(), img_label["label"].type(torch.uint8)
        y_pred = model(img)
        y_pred_label = torch.argmax(y_pred, dim=1)
        train_labels.extend(label.cpu().detach())
        train_preds.extend(y_pred_label.cpu().detach())
        loss = criterion(y_pred, label.long())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        train_running_loss += loss.item()
    train_loss = train_running_loss / (idx + 1)
    model.eval()
    val_labels, val_preds, val_running_loss = [], [], 0
    with torch.no_grad():
        for idx, img_label in enumerate(val_loader):
            img, label = img_label["image"].float(), img_label["label"]
            y_pred = model(img)
            val_preds.extend(torch.argmax(y_pred, dim=1))
            val_labels.extend(label)
            val_running_loss += criterion(y_pred, label).item()
    print("-" * 30)
    print(f"Train Loss EPOCH {epoch + 1}: {train_loss:.4f}")
    print(f"Valid Loss EPOCH {epoch + 1}: {val_running_loss / (idx + 1):.4f}")
    print(f"Train Accuracy: {sum(1 for x, y in zip(train_preds, train_labels) if x == y) / len(train_labels):.4f}")
    print(f"Valid Accuracy: {sum(1 for x, y in zip(val_preds, val_labels) if x == y) / len(val_labels):.4f}")
print(model.patch_embedding.cls_token)
print(model.patch_embedding.patcher[0].bias, y_pred)
