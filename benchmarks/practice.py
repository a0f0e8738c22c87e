"""How well practice sets are answered: the same design found, and the same tool told from another of its design.

Both sets are generated with seeds that nothing was fitted on, and taken in as a user would. *Design*: every photograph
that shows a design which is also on a photograph of another seizure is searched with; hits of its own seizure are left
out; right is a first hit that shows the design (a redrawn design is another one). *Tool*: pairs of photographs of
different seizures that show one design, laid over each other by the comparison that the program stored for them.
"""

from __future__ import annotations

import logging
import math
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import cv2
import numpy as np
from numpy.typing import NDArray
from skimage.metrics import structural_similarity
from sqlmodel import col, select

from benchmarks.bench import Result, Rows
from benchmarks.retrieval import area_under_curve
from forensics.photo import decode
from indexer import Memory, comparison_detail, hits, ingest, seizures
from indexer.comparison_detail import Detail
from indexer.records import Comparison, Photograph, SeizureCreate
from indexer.tool_comparison import compare_tools
from reference_samples.generator import PhotographTruth, PracticeParams, Truth, make_practice_set

DESIGN_SEED, TOOL_SEED = 2027, 3027
"""Held out: neither is a seed of ``training``, and nobody looks at these sets to set anything."""

DESIGN_SET = PracticeParams(seizures=60, photographs=200)
TOOL_SET = PracticeParams(seizures=60, photographs=125, series_share=0.0, layout="tools")

MOST_PAIRS = 120
"""Of each kind, chosen by chance: a pair takes a second."""

ON_MARKS = 0.5
"""Part of the points that agree which have to lie on true marks, for a pair to be laid over each other at all."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A query and where the first right hit came; None where none did."""

    photograph: PhotographTruth
    rank: int | None

    @property
    def kind(self) -> str:
        """What kind of mark it shows."""
        return self.photograph.marks[0].kind


@dataclass(slots=True)
class Pairs:
    """Scores of pairs by program and by what is true, and why others have none."""

    scores: dict[str, dict[str, list[float]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))
    kinds: dict[str, dict[str, list[float]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))
    left: Counter[str] = field(default_factory=Counter)


def run() -> Result:
    """Measure both."""
    logging.getLogger("indexer").setLevel(logging.WARNING)
    tables, figures = measure()
    return Result(
        name="practice",
        data=(
            f"generated: {DESIGN_SET.photographs} photographs of {DESIGN_SET.seizures} seizures (seed {DESIGN_SEED}); "
            f"{TOOL_SET.photographs} of {TOOL_SET.seizures} laid out for tools (seed {TOOL_SEED})"
        ),
        split="nothing is fitted on these seeds; the tool score was trained on other seeds: other designs, other tools",
        tables=tables,
        figures=figures,
    )


def measure() -> tuple[list[Rows], dict[str, float]]:
    """Return the tables and the figures; for another benchmark to join."""
    asked, pairs = _designs(), _tools()
    first = [one.rank == 0 for one in asked]
    same, other = pairs.scores["Cachet"]["same"], pairs.scores["Cachet"]["other"]
    figures = {
        "practice.design_r1": float(np.mean(first)),
        "practice.design_n": len(asked),
        "practice.tool_auc": area_under_curve(same, other),
        "practice.tool_n": len(same) + len(other),
    }
    return [*_design_rows(asked), *_tool_rows(pairs)], figures


def _take_in(memory: Memory, folder: Path, truth: Truth) -> dict[str, UUID]:
    """Take a practice set in as a user would; returns the photographs' keys by file."""
    cases = {
        seizure.case_reference: seizures.create(memory, SeizureCreate(case_reference=seizure.case_reference)).id
        for seizure in truth.seizures
    }
    keys = {}
    for photograph in truth.photographs:
        accepted = ingest.accept(
            memory,
            (folder / "photographs" / photograph.file).read_bytes(),
            file_name=photograph.file,
            seizure_id=cases[photograph.case_reference],
        )
        keys[photograph.file] = accepted.photograph_id
    ingest.run_until_empty(memory)
    return keys


def _designs() -> list[Asked]:
    with tempfile.TemporaryDirectory(prefix="cachet-bench-") as name:
        practice = make_practice_set(Path(name) / "practice", seed=DESIGN_SEED, params=DESIGN_SET)
        truth = practice.truth
        by_file = {photograph.file: photograph for photograph in truth.photographs}
        asked = []
        with Memory.open(Path(name) / "data") as memory:
            keys = _take_in(memory, practice.folder, truth)
            for photograph in truth.photographs:
                relevant = {other.file for other in truth.photographs if _linked(photograph, other)}
                if not relevant:
                    continue
                found = [
                    hit.reference_photograph.file_name
                    for hit in hits.search_photograph(memory, keys[photograph.file], limit=len(keys))
                ]
                others = [file for file in found if by_file[file].case_reference != photograph.case_reference]
                rank = next((place for place, file in enumerate(others) if file in relevant), None)
                asked.append(Asked(photograph, rank))
    return asked


def _linked(one: PhotographTruth, other: PhotographTruth) -> bool:
    """Whether two photographs of different seizures show one design."""
    shown = [{mark.design_id for mark in photograph.marks} for photograph in (one, other)]
    return one.case_reference != other.case_reference and bool(shown[0] & shown[1])


def _tools() -> Pairs:
    with tempfile.TemporaryDirectory(prefix="cachet-bench-") as name:
        practice = make_practice_set(Path(name) / "practice", seed=TOOL_SEED, params=TOOL_SET)
        by_file = {photograph.file: photograph for photograph in practice.truth.photographs}
        with Memory.open(Path(name) / "data") as memory:
            _take_in(memory, practice.folder, practice.truth)
            stored = _stored(memory)
            chosen = _chosen(by_file, practice.truth)
            pairs = Pairs()
            for (one, other), true in chosen:
                key = stored.get(frozenset((one, other)))
                if key is None:
                    pairs.left["no comparison stored: not found to be alike"] += 1
                    continue
                _score(memory, practice.photographs, by_file, key, true, pairs)
    return pairs


def _stored(memory: Memory) -> dict[frozenset[str], UUID]:
    """Return the best comparison that the program stored for each pair of files."""
    with memory.reading() as session:
        name = dict(session.exec(select(Photograph.id, Photograph.file_name)).all())
        rows = session.exec(
            select(Comparison.id, Comparison.query_photograph_id, Comparison.reference_photograph_id).order_by(
                col(Comparison.score)
            )
        ).all()
    return {frozenset((name[query], name[reference])): key for key, query, reference in rows}


def _chosen(by_file: dict[str, PhotographTruth], truth: Truth) -> list[tuple[tuple[str, str], str]]:
    """Choose pairs of each kind: of one tool, of two tools of a design, of a design and its imitation."""
    original = {design.design_id: design.redrawn_from or design.design_id for design in truth.designs}
    pairs: dict[str, list[tuple[str, str]]] = {"same": [], "other": [], "redrawn": []}
    marked = [photograph for photograph in by_file.values() if photograph.marks]
    for place, one in enumerate(marked):
        for other in marked[place + 1 :]:
            first, second = one.marks[0], other.marks[0]
            if one.case_reference == other.case_reference or original[first.design_id] != original[second.design_id]:
                continue
            kind = "same" if first.tool_id == second.tool_id else "other"
            pairs["redrawn" if first.design_id != second.design_id else kind].append((one.file, other.file))
    chance = np.random.default_rng(TOOL_SEED)
    return [(some[place], kind) for kind, some in pairs.items() for place in chance.permutation(len(some))[:MOST_PAIRS]]


def _score(
    memory: Memory, folder: Path, by_file: dict[str, PhotographTruth], key: UUID, true: str, pairs: Pairs
) -> None:
    with memory.reading() as session:
        row = session.get(Comparison, key)
        assert row is not None
        detail = comparison_detail.unpack(row.detail)
        files = []
        for photograph_id in (row.query_photograph_id, row.reference_photograph_id):
            photograph = session.get(Photograph, photograph_id)
            assert photograph is not None
            files.append(photograph.file_name)
    sides = zip((detail.query_points, detail.reference_points), files, strict=True)
    if detail.transform is None or min(_on_marks(points, by_file[file]) for points, file in sides) < ON_MARKS:
        pairs.left["laid over each other by something else than the mark, or not at all"] += 1
        return
    answer = compare_tools(memory, key)
    if answer.score is None:
        pairs.left["too little to see: " + ("too small" if " px" in answer.reason else "too few parts")] += 1
        return
    query, reference = (decode((folder / file).read_bytes()).pixels for file in files)
    one, other = _laid(query, reference, detail)
    scores = {
        "Cachet": answer.score,
        "normalised correlation": float(np.corrcoef(one.ravel(), other.ravel())[0, 1]),
        "structural similarity": float(structural_similarity(one, other, data_range=255)),  # type: ignore[no-untyped-call]
        "score of the design": row.score,
    }
    for name, score in scores.items():
        pairs.scores[name][true].append(score)
    pairs.kinds[by_file[files[0]].marks[0].kind][true].append(answer.score)


def _on_marks(points: NDArray[np.float32], photograph: PhotographTruth) -> float:
    """Return the part of points that lie on a true mark."""
    polygons = [np.array(mark.polygon, np.float32).reshape(-1, 1, 2) for mark in photograph.marks]
    inside = [any(cv2.pointPolygonTest(one, (float(x), float(y)), False) >= 0 for one in polygons) for x, y in points]
    return float(np.mean(inside)) if inside else 0.0


def _laid(
    query: NDArray[np.uint8], reference: NDArray[np.uint8], detail: Detail
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Lay the box around what agrees over each other by the affine transform alone, as grey levels."""
    assert detail.transform is not None
    low, high = detail.reference_points.min(axis=0), detail.reference_points.max(axis=0)
    zoom = math.sqrt(abs(float(np.linalg.det(detail.transform[:2, :2]))))
    scale = min(1.0, 1 / zoom, 480 / float((high - low).max()))
    window = np.array([[scale, 0, -scale * low[0]], [0, scale, -scale * low[1]], [0, 0, 1.0]])
    size = (max(16, round(float(high[0] - low[0]) * scale)), max(16, round(float(high[1] - low[1]) * scale)))
    grey = [cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY) for pixels in (query, reference)]
    one, other = (
        cv2.warpPerspective(picture, matrix, size, flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REPLICATE)
        for picture, matrix in zip(grey, (window @ detail.transform, window), strict=True)
    )
    return np.asarray(one, np.uint8), np.asarray(other, np.uint8)


def _design_rows(asked: Sequence[Asked]) -> list[Rows]:
    groups: list[Callable[[Asked], str]] = [
        lambda one: one.kind,
        lambda one: one.photograph.view,
        lambda one: "with a ruler" if one.photograph.ruler else "without a ruler",
        lambda one: one.photograph.flaw or "no flaw",
    ]
    body = [_share("all", asked)]
    for names in groups:
        body += [
            _share(name, [one for one in asked if names(one) == name]) for name in sorted({names(one) for one in asked})
        ]
    return [
        Rows(
            f"Same design first, own seizure left out; {len(asked)} photographs whose design another seizure shows",
            ("", "n", "R@1", "R@5", "not found"),
            body,
        )
    ]


def _share(name: str, asked: Sequence[Asked]) -> tuple[str, str, str, str, str]:
    ranks = [one.rank for one in asked]
    first, five = (np.mean([rank is not None and rank < most for rank in ranks]) for most in (1, 5))
    return name, f"{len(asked)}", f"{first:.3f}", f"{five:.3f}", f"{sum(rank is None for rank in ranks)}"


def _tool_rows(pairs: Pairs) -> list[Rows]:
    ours = pairs.scores["Cachet"]
    count = {true: len(ours[true]) for true in ("same", "other", "redrawn")}
    by_program = Rows(
        f"Same tool against other tools of one design; {count['same']} pairs of one tool, {count['other']} of two, "
        f"{count['redrawn']} of a redrawn design",
        ("AUC", "other tool", "redrawn"),
        [(name, _area(of, "other"), _area(of, "redrawn")) for name, of in pairs.scores.items()],
    )
    by_kind = Rows(
        "Cachet by kind of mark",
        ("", "pairs of one tool", "of two", "AUC"),
        [
            (kind, f"{len(of['same'])}", f"{len(of['other'])}", _area(of, "other"))
            for kind, of in sorted(pairs.kinds.items())
        ],
    )
    left = Rows("Pairs that were not compared", ("why", "n"), [(why, f"{n}") for why, n in pairs.left.most_common()])
    return [by_program, by_kind, left]


def _area(of: dict[str, list[float]], other: str) -> str:
    return f"{area_under_curve(of['same'], of[other]):.3f}" if of["same"] and of[other] else "-"
