"""The network: the first half of EfficientNet-Lite0 as ImageNet left it, and a trained head of 128 numbers."""

from __future__ import annotations

from pathlib import Path

import timm
import torch
from torch import Tensor, nn

D_DESIGN = 128
"""Numbers of an embedding."""

_GROUPS = 5
"""Groups of blocks of the first half: strokes and their joints. The rest knows animals and furniture: left out."""


class Trunk(nn.Module):
    """From RGB bytes, shape (N, side, side, 3), to features of an eighth and of a sixteenth of the side. Not trained.

    Edges, strokes and joints are the same on any picture, and what is not trained is computed once for each picture.
    """

    def __init__(self, weights: Path | None = None) -> None:
        super().__init__()
        model = timm.create_model("efficientnet_lite0", pretrained=False, num_classes=0)
        if weights is not None:
            stored = torch.load(weights, map_location="cpu", weights_only=True)
            values = [value for name, value in stored.items() if not name.startswith("_fc.")]
            # Both list the same layers in the same order, under different names.
            model.load_state_dict(dict(zip(model.state_dict(), values, strict=True)))
        self.stem = nn.Sequential(model.conv_stem, model.bn1)
        self.groups = nn.ModuleList(model.blocks[:_GROUPS])
        for module in self.modules():
            if isinstance(module, nn.BatchNorm2d):
                module.eps = 1e-3
        self.eval().requires_grad_(False)

    def forward(self, regions: Tensor) -> tuple[Tensor, Tensor]:
        """Return features of 40 and of 112 channels."""
        features = self.stem((regions.permute(0, 3, 1, 2).float() - 127) / 128)
        for group in self.groups[:3]:
            features = group(features)
        fine = features
        for group in self.groups[3:]:
            features = group(features)
        return fine, features


class Head(nn.Module):
    """From the trunk's features to N rows of unit length. This is what is trained.

    Pooling after Radenović, Tolias, Chum, "Fine-tuning CNN image retrieval with no human annotation", PAMI 2019.
    """

    def __init__(self) -> None:
        super().__init__()
        self.fine = nn.Sequential(nn.BatchNorm2d(40), nn.Conv2d(40, 96, 3, stride=2, padding=1, bias=False))
        self.coarse = nn.Sequential(nn.BatchNorm2d(112), nn.Conv2d(112, 96, 1, bias=False))
        self.mix = nn.Sequential(
            nn.BatchNorm2d(192), nn.ReLU(inplace=True), nn.Conv2d(192, 160, 1, bias=False),
            nn.BatchNorm2d(160), nn.ReLU(inplace=True), nn.Conv2d(160, 160, 3, padding=1, bias=False),
            nn.BatchNorm2d(160), nn.ReLU(inplace=True), nn.Conv2d(160, 512, 1, bias=False),
            nn.BatchNorm2d(512), nn.ReLU(inplace=True),
        )  # fmt: skip
        self.level = nn.BatchNorm1d(512, affine=False)
        self.last = nn.Linear(512, D_DESIGN)

    def forward(self, fine: Tensor, coarse: Tensor) -> Tensor:
        """Embed."""
        features = self.mix(torch.cat([self.fine(fine), self.coarse(coarse)], dim=1))
        pooled = features.clamp(min=1e-4).pow(3).mean(dim=(2, 3)).pow(1 / 3)
        return nn.functional.normalize(self.last(self.level(pooled)), dim=1)
