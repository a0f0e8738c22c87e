"""Measure the embedding on held-out generated designs and on real photographs: ``--help`` for how."""

from __future__ import annotations

import argparse
import csv
import logging
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TypeAlias

import cv2
import numpy as np
import onnxruntime
from numpy.typing import NDArray

from forensics.logo.embedding import EmbeddingParams, _square, embed
from forensics.logo.find import find_regions
from forensics.logo.region import whole
from forensics.photo import Photo, decode
from training.design_embedding.designs import draw, draw_recipe, look_alike
from training.design_embedding.sources import load
from training.design_embedding.views import furnish, render

Rows: TypeAlias = NDArray[np.float32]
Method: TypeAlias = Callable[[NDArray[np.uint8], Sequence[NDArray[np.float32]]], Rows]

SIDE = 128
"""Of a generated view in pixels."""

log = logging.getLogger("training")


def auc(same: NDArray[np.float32], different: NDArray[np.float32]) -> float:
    """Return the share of pairs of one known match and one known non-match that are in the right order."""
    ranks = np.searchsorted(np.sort(different), same, side="left") + np.searchsorted(
        np.sort(different), same, side="right"
    )
    return float(ranks.mean() / 2 / len(different))


def before(trunk: Path) -> Method:
    """Return the network without the discriminant: ImageNet features at 224 pixels, generalised mean."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(trunk), options)

    def method(pixels: NDArray[np.uint8], polygons: Sequence[NDArray[np.float32]]) -> Rows:
        squares = [_square(pixels, polygon, EmbeddingParams(side=224)) for polygon in polygons]
        rows = session.run(None, {"regions": np.stack([square for square in squares if square is not None])})[0]
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)

    return method


def on_generated(methods: dict[str, Method], packages: Path, pictures: Path, *, designs: int, seed: int = 5) -> None:
    """Two views of each held-out design: the second is looked for among all second views with the first.

    A fifth of the designs also has a look-alike, which differs from it in one thing; it is no part of the search.
    """
    sources = load(packages, pictures, "held out", most=120)
    rng = np.random.default_rng(seed)
    studio = furnish(sources, rng, scraps=60)
    recipes = [draw_recipe(sources, rng) for _ in range(designs)]
    drawn = [draw(recipe, sources) for recipe in recipes]
    seen = [[render(design, studio, rng, side=SIDE) for design in drawn] for _ in range(2)]
    others = [draw(look_alike(recipe, sources, rng), sources) for recipe in recipes[: designs // 5]]
    seen.append([render(design, studio, rng, side=SIDE) for design in others])
    corners = np.array([[0, 0], [SIDE, 0], [SIDE, SIDE], [0, SIDE]], np.float32)
    for name, method in methods.items():
        first, second, alike = (np.concatenate([method(view, [corners]) for view in views]) for views in seen)
        similar = first @ second.T
        same, other = similar.diagonal(), similar[~np.eye(designs, dtype=bool)]
        log.info(
            "%d generated designs held out, %s: R@1 %.3f, R@10 %.3f, AUC %.3f; above the look-alike %.3f",
            designs, name, float((similar.argmax(axis=1) == np.arange(designs)).mean()),
            float(((similar > same[:, None]).sum(axis=1) < 10).mean()), auc(same, other),
            float((same[: len(others)] > (first[: len(others)] * alike).sum(axis=1)).mean()),
        )  # fmt: skip


def on_flickr(methods: dict[str, Method], data: Path, *, each: int, seed: int = 5) -> None:
    """Look for five training photographs of each class among the other training photographs; queries stay unseen.

    ``each`` photographs of a class are looked at, chosen by ``seed``, the five among them.
    """
    folder = data / "logos" / "flickr_logos_27"
    classes: dict[str, set[str]] = defaultdict(set)
    with (folder / "ground_truth.csv").open() as table:
        for row in csv.DictReader(table):
            if row["split"] == "train":
                classes[row["image"]].add(row["class"])
    rng = np.random.default_rng(seed)
    chosen, asked = set[str](), list[str]()
    for one in sorted({name for its in classes.values() for name in its}):
        its = rng.permutation(sorted(name for name in classes if one in classes[name]))[:each].tolist()
        chosen.update(its)
        asked += its[:5]
    names = sorted(chosen)
    queries = [names.index(name) for name in asked]
    photographs: list[tuple[Photo, list[NDArray[np.float32]]]] = []
    for name in names:
        photo = decode((folder / name).read_bytes())
        photographs.append((photo, [region.polygon for region in (whole(photo), *find_regions(photo))]))
    relevant = np.array([[bool(classes[names[q]] & classes[name]) for name in names] for q in queries])
    for label, method in methods.items():
        described = [method(photo.pixels, polygons) for photo, polygons in photographs]
        for regions in ("whole photographs", "with found regions"):
            rows = [its[:1] if regions == "whole photographs" else its for its in described]
            starts = np.cumsum([0, *map(len, rows)])[:-1]
            table_of_all = np.concatenate(rows)
            precisions, first = [], []
            for number, query in enumerate(queries):
                scores = np.maximum.reduceat((rows[query] @ table_of_all.T).max(axis=0), starts)
                scores[query] = -np.inf
                order = np.argsort(-scores, kind="stable")[:-1]
                hits = relevant[number][order]
                first.append(hits[0])
                precisions.append(float((np.cumsum(hits)[hits] / (np.flatnonzero(hits) + 1)).mean()))
            log.info(
                "flickr_logos_27, %d queries among %d photographs, each left out, %s, %s: R@1 %.3f, mAP %.3f",
                len(queries), len(names), regions, label, float(np.mean(first)), float(np.mean(precisions)),
            )  # fmt: skip


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--packages", type=Path, required=True, help="the node_modules folder")
    parser.add_argument("--pictures", type=Path, required=True, help="folder of photographs for grounds")
    parser.add_argument("--before", type=Path, help="the network without the discriminant (.onnx)")
    parser.add_argument("--designs", type=int, default=300, help="generated designs")
    parser.add_argument("--turns", type=int, nargs="+", default=[2], help="turns of a region that are averaged")
    parser.add_argument("--each", type=int, default=12, help="real photographs of a class; all where there are fewer")
    parser.add_argument("--data", type=Path, help="folder of the real sets; without it they are left out")
    given = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    cv2.setNumThreads(1)
    methods: dict[str, Method] = {
        f"embedding, {turns} turns": partial(embed, params=EmbeddingParams(turns=turns)) for turns in given.turns
    }
    if given.before:
        methods["without the discriminant"] = before(given.before)
    if given.designs:
        on_generated(methods, given.packages, given.pictures, designs=given.designs)
    if given.data:
        on_flickr(methods, given.data, each=given.each)


if __name__ == "__main__":
    main()
