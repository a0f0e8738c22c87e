"""Fit the design embedding and write it as ONNX: ``python -m training.design_embedding.fit --help``.

Stages: 1. the network that ImageNet left, as ONNX; 2. views of generated designs, and what the network makes of them;
3. a linear discriminant of these features; 4. the discriminant written behind the network.
"""

from __future__ import annotations

import argparse
import hashlib
import logging
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import onnx
import onnxruntime
import torch
from numpy.typing import NDArray
from onnx import helper, numpy_helper

from training.design_embedding.designs import draw, draw_recipe
from training.design_embedding.sources import load
from training.design_embedding.trunk import Trunk, as_onnx
from training.design_embedding.views import furnish, render

Values = NDArray[np.float64]

log = logging.getLogger("training")


@dataclass(frozen=True, slots=True)
class FitParams:
    """What the fit can be set to.

    Attributes
    ----------
    designs : int
        Generated designs (200 to 100,000). Each takes some 20 ms.
    views : int
        Pictures of each (2 to 8): what they differ in is what the embedding learns to overlook.
    side : int
        Of a picture in pixels (64 to 256); the program's ``EmbeddingParams.side``.
    icons : int
        The most icons of a pack.
    scraps : int
        Designs that lie about on the grounds.
    shrinkage : float
        How many times the mean of its eigenvalues is added to each of the within-design scatter's (0.01 to 10): there
        are fewer views than it would take to know all of them. Compared on held-out designs: 0.1, 0.5 and 2.
    numbers : int
        Of an embedding; the program's ``D_DESIGN``.
    seed : int
        Of designs and pictures.
    """

    designs: int = 800
    views: int = 3
    side: int = 128
    icons: int = 150
    scraps: int = 150
    shrinkage: float = 2.0
    numbers: int = 128
    seed: int = 27


def features_of(session: onnxruntime.InferenceSession, packages: Path, pictures: Path, params: FitParams) -> Values:
    """Photograph generated designs; returns the features of every view, shape (designs, views, features)."""
    sources = load(packages, pictures, "train", most=params.icons)
    log.info("%d icons, %d fonts, %d photographs", len(sources.icons), len(sources.fonts), len(sources.photographs))
    rng = np.random.default_rng(params.seed)
    studio = furnish(sources, rng, scraps=params.scraps)
    features = []
    for number in range(params.designs):
        design = draw(draw_recipe(sources, rng), sources)
        views = np.stack([render(design, studio, rng, side=params.side) for _ in range(params.views)])
        features.append(session.run(None, {"regions": views})[0])
        if number % 100 == 99:
            log.info("%d designs", number + 1)
    return np.stack(features).astype(np.float64)


def discriminant(features: Values, params: FitParams) -> tuple[Values, Values]:
    """Find the directions in which designs differ most for how much the views of one design differ.

    Stages: 1. the square root, which keeps a few strong features from deciding alone, and the mean taken out;
    2. scatter within designs, shrunk towards equal in all directions; 3. scatter between designs, from products of two
    views of one design, so that what befell a single view does not count; 4. the first directions that whiten the one
    and diagonalise the other, each times the square root of what it tells: one that tells little counts little.

    Parameters
    ----------
    features : ndarray of shape (designs, views, d)
        Not negative.
    params : FitParams
        Settings.

    Returns
    -------
    mean : ndarray of shape (d,)
        To take from the square root of features.
    projection : ndarray of shape (d, params.numbers)
        To multiply the rest with.

    References
    ----------
    Fisher, "The use of multiple measurements in taxonomic problems", Annals of Eugenics 1936; Friedman, "Regularized
    discriminant analysis", JASA 1989.
    """
    designs, views, size = features.shape
    # 1. Square root.
    rooted = np.sqrt(features)
    mean = rooted.mean(axis=(0, 1))
    rooted -= mean
    # 2. Within designs.
    apart = (rooted - rooted.mean(axis=1, keepdims=True)).reshape(-1, size)
    within = apart.T @ apart / (designs * (views - 1))
    within += params.shrinkage * np.trace(within) / size * np.eye(size)
    # 3. Between designs.
    sums, rows = rooted.sum(axis=1), rooted.reshape(-1, size)
    between = (sums.T @ sums - rows.T @ rows) / (designs * views * (views - 1))
    # 4. Directions.
    spread, axes = np.linalg.eigh(within)
    whitening = axes / np.sqrt(spread)
    telling, directions = np.linalg.eigh(whitening.T @ between @ whitening)
    telling, directions = telling[::-1][: params.numbers], directions[:, ::-1][:, : params.numbers]
    return mean, whitening @ directions * np.sqrt(np.clip(telling, 0, None))


def joined(trunk: onnx.ModelProto, mean: Values, projection: Values) -> onnx.ModelProto:
    """Return a network of ``regions`` that ends with the discriminant and gives ``designs``, rows of unit length."""
    model = onnx.ModelProto()
    model.CopyFrom(trunk)
    graph = model.graph
    for name, values in (("design_mean", mean), ("design_projection", projection)):
        graph.initializer.append(numpy_helper.from_array(values.astype(np.float32), name))
    graph.node.extend(
        [
            helper.make_node("Sqrt", [graph.output[0].name], ["design_rooted"]),
            helper.make_node("Sub", ["design_rooted", "design_mean"], ["design_centred"]),
            helper.make_node("MatMul", ["design_centred", "design_projection"], ["design_long"]),
            helper.make_node("LpNormalization", ["design_long"], ["designs"], axis=1, p=2),
        ]
    )
    del graph.output[:]
    graph.output.append(helper.make_tensor_value_info("designs", onnx.TensorProto.FLOAT, ["n", projection.shape[1]]))
    onnx.checker.check_model(model)
    return model


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--packages", type=Path, required=True, help="the node_modules folder")
    parser.add_argument("--pictures", type=Path, required=True, help="folder of photographs for grounds")
    parser.add_argument("--imagenet", type=Path, required=True, help="the ImageNet weights of the package (.pth)")
    parser.add_argument("--out", type=Path, required=True, help="the .onnx file to write")
    parser.add_argument("--trunk", type=Path, help="write the network without the discriminant there too (.onnx)")
    given = parser.parse_args()
    # The exporter tells every step too.
    logging.basicConfig(format="%(message)s")
    log.setLevel(logging.INFO)
    params = FitParams()
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    # 1.
    trunk = as_onnx(Trunk(given.imagenet))
    if given.trunk:
        onnx.save(trunk, str(given.trunk))
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(trunk.SerializeToString(), options)
    # 2. and 3.
    mean, projection = discriminant(features_of(session, given.packages, given.pictures, params), params)
    # 4.
    onnx.save(joined(trunk, mean, projection), str(given.out))
    log.info("%s %d bytes", hashlib.sha256(given.out.read_bytes()).hexdigest(), given.out.stat().st_size)


if __name__ == "__main__":
    main()
