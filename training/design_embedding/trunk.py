"""EfficientNet-Lite0 as ImageNet left it, up to the generalised mean of its last features, as ONNX."""

from __future__ import annotations

from pathlib import Path

import onnx
import timm
import torch
from torch import Tensor, nn

FEATURES = 1280
"""Numbers of a region before the discriminant."""


class Trunk(nn.Module):
    """From RGB bytes, shape (N, side, side, 3), to features of shape (N, FEATURES), all above nothing. Not trained.

    Tan, Le, "EfficientNet: rethinking model scaling for convolutional neural networks", ICML 2019, in the form without
    squeeze-and-excitation. Pooling after Radenović, Tolias, Chum, "Fine-tuning CNN image retrieval with no human
    annotation", PAMI 2019.
    """

    def __init__(self, weights: Path) -> None:
        super().__init__()
        self.model = timm.create_model("efficientnet_lite0", pretrained=False, num_classes=0)
        stored = torch.load(weights, map_location="cpu", weights_only=True)
        values = [value for name, value in stored.items() if not name.startswith("_fc.")]
        # Both list the same layers in the same order, under different names.
        self.model.load_state_dict(dict(zip(self.model.state_dict(), values, strict=True)))
        for module in self.modules():
            if isinstance(module, nn.BatchNorm2d):
                module.eps = 1e-3
        self.eval().requires_grad_(False)

    def forward(self, regions: Tensor) -> Tensor:
        """Return the features."""
        features = self.model.forward_features((regions.permute(0, 3, 1, 2).float() - 127) / 128)
        pooled: Tensor = features.clamp(min=1e-6).pow(3).mean((2, 3)).pow(1 / 3)
        return pooled


def as_onnx(trunk: Trunk) -> onnx.ModelProto:
    """Return the trunk as ONNX, from ``regions`` to ``features``, for any number of pictures of any size."""
    example = torch.zeros((2, 128, 128, 3), dtype=torch.uint8)
    program = torch.onnx.export(
        trunk, (example,), input_names=["regions"], output_names=["features"],
        dynamic_shapes=(dict.fromkeys((0, 1, 2), torch.export.Dim.DYNAMIC),),
        dynamo=True, external_data=False, verbose=False,
    )  # fmt: skip
    if program is None:
        raise RuntimeError("expected an exported program; found none: look at the exporter's messages")
    written = program.model_proto
    # Source lines and the folders of the machine that exported do not belong in the file.
    for part in (*written.graph.node, *written.graph.value_info, *written.graph.input, *written.graph.output):
        del part.metadata_props[:]
        part.doc_string = ""
    del written.graph.metadata_props[:], written.metadata_props[:]
    return written
