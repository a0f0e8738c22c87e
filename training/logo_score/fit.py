"""Weigh the measurements of a logo comparison, on generated practice sets: known matches and known non-matches.

Stages: 1. practice sets, made where they are missing; 2. every photograph described as the program does, of which the
points on marks are kept; 3. each looked for among all others of its set by votes, as a search does, and compared with
those that the votes put first, which are the non-matches that a search meets; photographs of one seizure, and of a
design and its imitation, are neither matches nor non-matches; 4. each design left out in turn (in six parts) for the
figures; 5. the weights, fitted on all.

Run from the root of the repository::

    python -m training.logo_score.fit work/ --seeds 11 12
"""

from __future__ import annotations

import argparse
import json
import logging
import multiprocessing
from dataclasses import replace
from functools import partial
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray
from skimage.measure import points_in_poly

from forensics.logo import LogoFeatures, compare
from forensics.logo.weighing import NAMES, values
from forensics.photo import DecodeParams
from indexer.shortlist import NUMBER_SHIFT, entries, shortlist
from indexer.tasks import describe_photograph
from reference_samples.generator import PhotographTruth, PracticeParams, Truth, make_practice_set, read_truth
from training.tool_score.fit import area, fit, left_out
from training.tool_score.pairs import original

HARDEST = 20
NETWORK_SHARE = 0.5
"""How much of its weight the network's likeness keeps. It was fitted on generated pictures and knows them too well: on
training photographs of flickr_logos_27, each left out in turn, half of it ranks best (0.25 to 1 were compared)."""

log = logging.getLogger("training")


class Space:
    """All vectors of one kind, searched exactly; what belongs to ``own`` is left out."""

    def __init__(self, index: faiss.Index, shift: int, *, largest: bool) -> None:
        self.index, self.shift, self.own = index, shift, -1
        self.worst = -np.inf if largest else np.inf

    def __len__(self) -> int:
        """Count the vectors."""
        return int(self.index.ntotal)

    def search(self, vectors: NDArray[np.float32], k: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Return the k nearest of each: some more are asked for, so that the own ones can go."""
        near, ids = self.index.search(vectors, k + 40)
        own = ids >> self.shift == self.own
        near[own], ids[own] = self.worst, -1
        order = np.argsort(near if self.worst > 0 else -near, axis=1, kind="stable")[:, :k]
        return np.take_along_axis(near, order, axis=1), np.take_along_axis(ids, order, axis=1)


def described(file: Path) -> bytes:
    """Describe a photograph as a whole, as the program does."""
    return describe_photograph(file.read_bytes(), params=DecodeParams()).regions[0].features


def on_marks(features: LogoFeatures, photograph: PhotographTruth) -> LogoFeatures:
    """Keep the points on the marks: what is learnt is how marks agree, not which furniture the generator repeats."""
    inside = np.zeros(len(features), bool)
    for mark in photograph.marks:
        inside |= points_in_poly(features.points[:, :2], np.array(mark.polygon, float))  # type: ignore[no-untyped-call]
    return replace(features, points=features.points[inside], local=features.local[inside])


def label(truth: Truth, one: PhotographTruth, other: PhotographTruth) -> bool | None:
    """Say whether two photographs of different seizures show one design; None where that is no fair question."""
    if one.case_reference == other.case_reference or not one.marks or not other.marks:
        return None
    first, second = ({mark.design_id for mark in photograph.marks} for photograph in (one, other))
    if first & second:
        return True
    drawn_after = {original(truth, design) for design in first} & {original(truth, design) for design in second}
    return None if drawn_after else False


def measured(number: int, *, features: list[LogoFeatures], truth: Truth) -> list[tuple[str, bool, list[float]]]:
    """Compare a photograph with what votes find."""
    local, vector = _spaces(len(features), features)
    local.own = vector.own = number
    own = truth.photographs[number]
    rows = []
    for candidate in shortlist(features[number], local, vector)[:HARDEST]:
        same = label(truth, own, truth.photographs[candidate.number])
        if same is None:
            continue
        if compared := compare(features[number], features[candidate.number]):
            rows.append((own.marks[0].design_id, same, values(compared.measurements).tolist()))
    return rows


_held: tuple[Space, Space] | None = None


def _spaces(count: int, features: list[LogoFeatures]) -> tuple[Space, Space]:
    global _held
    if _held is None:
        faiss.omp_set_num_threads(1)
        stored = [entries(number, features[number]) for number in range(count)]
        local = faiss.IndexIDMap(faiss.IndexFlatL2(stored[0].local_vectors.shape[1]))
        vector = faiss.IndexIDMap(faiss.IndexFlatIP(stored[0].vector.shape[1]))
        for number, entry in enumerate(stored):
            local.add_with_ids(entry.local_vectors, entry.local_ids)
            vector.add_with_ids(entry.vector, np.array([number]))
        _held = Space(local, NUMBER_SHIFT, largest=False), Space(vector, 0, largest=True)
    return _held


def main() -> None:
    """Make the sets, compare, fit and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="where the practice sets are, or are put: FOLDER/ps11 for seed 11")
    parser.add_argument("--seeds", type=int, nargs="+", default=[11, 12])
    root = Path(__file__).resolve().parents[2]
    parser.add_argument("--out", type=Path, default=root / "forensics" / "logo" / "weighing.json")
    asked = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    rows: list[tuple[str, bool, list[float]]] = []
    for seed in asked.seeds:
        # 1. The set.
        folder = asked.folder / f"ps{seed}"
        if not (folder / "truth.json").is_file():
            make_practice_set(folder, seed=seed, params=PracticeParams())
        truth = read_truth(folder)
        files = [folder / "photographs" / photograph.file for photograph in truth.photographs]
        context = multiprocessing.get_context("fork")
        with context.Pool(2) as pool:
            # 2. Features.
            whole = [LogoFeatures.from_bytes(data) for data in pool.map(described, files, chunksize=8)]
            features = [on_marks(seen, one) for seen, one in zip(whole, truth.photographs, strict=True)]
        with context.Pool(2) as pool:
            # 3. Pairs.
            work = partial(measured, features=features, truth=truth)
            found = [row for some in pool.map(work, range(len(features)), chunksize=20) for row in some]
        rows += [(f"{seed} {design}", same, known) for design, same, known in found]
    known = np.array([row[2] for row in rows])
    same = np.array([row[1] for row in rows], float)
    designs = np.array([row[0] for row in rows])
    # 4. Left out by design.
    scores = left_out(known, same, designs)
    log.info("%d matches, %d non-matches that votes put first: area %.3f", same.sum(), (1 - same).sum(),
             area(scores[same > 0], scores[same == 0]))  # fmt: skip
    first = NAMES.index("weight")
    log.info("the weight of the points alone: area %.3f", area(known[same > 0, first], known[same == 0, first]))
    # 5. All.
    mean, deviation, weight, offset = fit(known, same)
    network = NAMES.index("global")
    weight[network] *= NETWORK_SHARE
    stored = {
        "names": list(NAMES),
        "mean": mean.round(6).tolist(),
        "deviation": deviation.round(6).tolist(),
        "weight": weight.round(6).tolist(),
        "offset": round(offset, 6),
        "made": (
            f"python -m training.logo_score.fit, seeds {', '.join(map(str, asked.seeds))}: {int(same.sum())} known "
            f"matches and {int((1 - same).sum())} known non-matches of {len(set(designs))} generated designs; "
            f"the network's weight times {NETWORK_SHARE}"
        ),
    }
    asked.out.write_text(json.dumps(stored, indent=2) + "\n")
    for name, value in zip(NAMES, weight, strict=True):
        log.info("  %-18s %+.2f", name, value)


if __name__ == "__main__":
    main()
