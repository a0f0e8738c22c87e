"""Write the trained network as ONNX, check it against the original, and measure it: ``--help`` for how."""

from __future__ import annotations

import argparse
import hashlib
import logging
import time
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from torch import Tensor, nn

from training.design_embedding.network import Head, Trunk

log = logging.getLogger("training")


class Network(nn.Module):
    """Trunk and head: what the product runs."""

    def __init__(self, trunk: Trunk, head: Head) -> None:
        super().__init__()
        self.trunk, self.head = trunk, head

    def forward(self, regions: Tensor) -> Tensor:
        """Embed RGB bytes, shape (N, side, side, 3)."""
        return self.head(*self.trunk(regions))


def write(model: nn.Module, outputs: list[str]) -> onnx.ModelProto:
    """Return a model of ``regions`` as ONNX, for any number of pictures of any size."""
    example = torch.zeros((2, 128, 128, 3), dtype=torch.uint8)
    free = dict.fromkeys((0, 1, 2), torch.export.Dim.DYNAMIC)
    program = torch.onnx.export(
        model, (example,), input_names=["regions"], output_names=outputs,
        dynamic_shapes=(free,), dynamo=True, external_data=False, verbose=False,
    )  # fmt: skip
    if program is None:
        raise RuntimeError("expected an exported program; found none: look at the exporter's messages")
    written = program.model_proto
    # Source lines and the folders of the machine that trained do not belong in the file.
    for part in (*written.graph.node, *written.graph.value_info, *written.graph.input, *written.graph.output):
        del part.metadata_props[:]
        part.doc_string = ""
    del written.graph.metadata_props[:], written.metadata_props[:]
    return written


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("weights", type=Path, help="what the training stored")
    parser.add_argument("out", type=Path, help="the .onnx file to write")
    given = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    stored = torch.load(given.weights, map_location="cpu", weights_only=True)
    trunk, head = Trunk(), Head()
    trunk.load_state_dict(stored["trunk"])
    head.load_state_dict(stored["head"])
    network = Network(trunk, head).eval()
    onnx.save(write(network, ["designs"]), str(given.out))
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(given.out), options)
    example = np.random.default_rng(0).integers(0, 256, (8, 128, 128, 3), np.uint8)
    with torch.inference_mode():
        expected = network(torch.from_numpy(example)).numpy()
    (found,) = session.run(None, {"regions": example})
    log.info(
        "%d steps; largest difference from the original %.1e", stored["steps"], float(np.abs(found - expected).max())
    )
    for count in (1, 8):
        times = []
        for _ in range(20):
            began = time.process_time()
            session.run(None, {"regions": example[:count]})
            times.append((time.process_time() - began) / count)
        log.info("%d at once: %.1f ms of CPU a region", count, 1000 * float(np.median(times)))
    log.info("%s %d bytes", hashlib.sha256(given.out.read_bytes()).hexdigest(), given.out.stat().st_size)


if __name__ == "__main__":
    main()
