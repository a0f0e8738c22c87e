"""How well earlier photographs of the same logo are found: the program itself, from file to ranked hits.

The gallery is taken in as a user would (``ingest``), every query is a file (``search_file``): decoding, regions,
description, shortlist, comparison and storing are all in the figures.
"""

from __future__ import annotations

import csv
import hashlib
import logging
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from sqlmodel import col, select

from benchmarks import practice
from benchmarks.bench import Result, Rows, data_folder
from benchmarks.fill import fill
from benchmarks.logo_peers import HashPeer, LocalPeer
from benchmarks.retrieval import Answer, Ranking, area_under_curve, ranking, true_positive_rate
from forensics.errors import RegionRefused
from forensics.logo import D_GLOBAL, D_LOCAL, LogoFeatures, find_regions
from forensics.photo import decode
from indexer import Memory, ingest, marks, removal, search, seizures
from indexer.records import Comparison, Mark, MarkFeatures, Photograph, Purpose, SeizureCreate

LISTED = search.SearchParams(floor=-100.0, shown=-100.0)
"""The usual settings, but that what chance may reach is listed too: a ranked list is measured to its end."""

BOXES_A_CLASS = 10
"""Boxes asked with, of each class, drawn by ``BOX_SEED``: all 1,260 would take most of an hour."""
BOX_SEED = 1
DISTRACTORS = 100_000
DISTRACTOR_SEED = 1

FALSE_ALARMS = 0.01

SAME_CAPS = {"cap-59": "14-somersby", "cap-239": "13-grobsch"}
"""Caps of bottle_caps that bear the design of another and have a name of their own there: seen by eye, among those that
were put first wrongly."""


@dataclass(frozen=True, slots=True)
class Query:
    """A query picture: its class, empty where it bears no logo; whether the headline leaves it out."""

    file: Path
    name: str
    left_out: bool = False


@dataclass(frozen=True, slots=True)
class Box:
    """An upright box on a picture: left, top, width and height in pixels."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class PictureSet:
    """A gallery with its classes, and queries."""

    gallery: Mapping[Path, str]
    queries: Sequence[Query]
    boxes: Mapping[Path, Sequence[Box]]

    def relevant(self, query: Query) -> frozenset[str]:
        """Names of the gallery's pictures of the query's class."""
        return frozenset(file.name for file, name in self.gallery.items() if name == query.name)


@dataclass(frozen=True, slots=True)
class Measured:
    """A program's answers to all queries, in their order, and what each took."""

    answers: Sequence[Answer]
    seconds: Sequence[float]


@dataclass(frozen=True, slots=True)
class Ours:
    """What the program answered.

    Attributes
    ----------
    measured : Measured
        To the queries.
    by_vector : Measured
        The same, had it only the embedding of the regions.
    boxes : sequence of int or None
        The place of the first right picture for each box asked with; None where there was none.
    among_many : Measured or None
        To the queries, with distractors added.
    marks, index_bytes : int
        Of the gallery.
    wrong_score : float
        That its gallery gives to one in a hundred wrong bests.
    """

    measured: Measured
    by_vector: Measured
    boxes: Sequence[int | None]
    among_many: Measured | None
    marks: int
    index_bytes: int
    wrong_score: float


def run() -> Result:
    """Measure flickr_logos_27, bottle_caps and practice sets."""
    logging.getLogger("indexer").setLevel(logging.WARNING)
    flickr, caps = _flickr(), _caps()
    ours = _program(flickr, distractors=DISTRACTORS)
    programs: dict[str, Measured] = {
        "Cachet": ours.measured,
        "its embedding alone": ours.by_vector,
        **{name: _peer(make, flickr) for name, make in PEERS.items()},
    }
    tables = [_retrieval_rows(flickr, programs), _open_rows(flickr, programs)]
    figures = _retrieval_figures(flickr, ours)
    regions, found = _regions(flickr)
    of_caps = {"Cachet": _program(caps).measured, **{name: _peer(make, caps) for name, make in PEERS.items()}}
    tables += [regions, _caps_rows(caps, of_caps)]
    alarms = _false_alarms(flickr, ours)
    box_rows, box_figures = _boxes(ours)
    many_rows, many_figures = _among_many(flickr, ours)
    practice_tables, practice_figures = practice.measure()
    tables += [box_rows, many_rows, *practice_tables]
    tables.append(
        Rows(
            "Cachet on flickr_logos_27: size, time, alarms",
            ("", ""),
            [
                ("marks in the index", f"{ours.marks}"),
                ("index bytes a mark", f"{ours.index_bytes / ours.marks:.0f}"),
                ("index bytes a photograph", f"{ours.index_bytes / len(flickr.gallery):.0f}"),
                ("seconds a query, median", f"{np.median(ours.measured.seconds):.2f}"),
                ("seconds a query, 95th percentile", f"{np.percentile(ours.measured.seconds, 95):.2f}"),
                ("score of 1 in 100 wrong bests in the gallery", f"{ours.wrong_score:.2f}"),
                ("  at that score: logo queries with a hit", f"{alarms[0]:.3f}"),
                ("  at that score: queries with no logo, with a false alarm", f"{alarms[1]:.3f}"),
            ],
        )
    )
    figures |= box_figures | many_figures | practice_figures
    figures |= {
        "flickr27.boxes_found": found[1],
        "flickr27.boxes_found_iou": found[0],
        "flickr27.false_alarms": alarms[1],
        "caps.r1": _ranking(caps, of_caps["Cachet"], all_queries=True).r1,
        "caps.r1_by_design": _ranking(_by_design(caps), of_caps["Cachet"], all_queries=True).r1,
    }
    return Result(
        name="logos",
        data=(
            f"flickr_logos_27: {len(flickr.gallery)} training pictures, {len(flickr.queries)} queries; "
            f"bottle_caps: {len(caps.gallery)} pictures, {len(caps.queries)} queries; practice sets: generated"
        ),
        split=(
            "nothing is fitted on these pictures; the score for alarms is that of the gallery's pictures of other "
            "classes; the headline leaves out the queries of leakage.csv"
        ),
        tables=tables,
        figures=figures,
    )


PEERS: dict[str, Callable[[Sequence[Path]], LocalPeer | HashPeer]] = {
    "RootSIFT + RANSAC": LocalPeer.rootsift,
    "ORB + RANSAC": LocalPeer.orb,
    "perceptual hash": HashPeer,
}


def _flickr() -> PictureSet:
    folder = data_folder("logos", "flickr_logos_27")
    left_out = {row["query_image"] for row in _table(folder / "leakage.csv")}
    gallery: dict[Path, str] = {}
    boxes: dict[Path, list[Box]] = {}
    queries = []
    for row in _table(folder / "ground_truth.csv"):
        file = folder / row["image"]
        if row["split"] == "train":
            gallery[file] = row["class"]
            box = Box(*(float(row[name] or 0) for name in ("x", "y", "w", "h")))
            if box.width > 0 and box.height > 0:
                boxes.setdefault(file, []).append(box)
        else:
            name = row["class"] if row["split"] == "query" else ""
            queries.append(Query(file, name, row["image"] in left_out))
    return PictureSet(gallery, queries, boxes)


def _caps() -> PictureSet:
    folder = data_folder("logos", "bottle_caps")
    rows = _table(folder / "ground_truth.csv")
    gallery = {folder / row["image"]: row["class"] for row in rows if row["split"] == "gallery"}
    queries = [Query(folder / row["image"], row["class"]) for row in rows if row["split"] == "query"]
    return PictureSet(gallery, queries, {})


def _table(file: Path) -> list[dict[str, str]]:
    with file.open(newline="") as lines:
        return list(csv.DictReader(lines))


def _program(pictures: PictureSet, *, distractors: int = 0) -> Ours:
    """Take the gallery in and search with every query, as a user does; then among many other marks, too."""
    with tempfile.TemporaryDirectory(prefix="cachet-bench-") as name, Memory.open(Path(name)) as memory:
        cases = {
            label: seizures.create(memory, SeizureCreate(case_reference=label)).id
            for label in sorted(set(pictures.gallery.values()))
        }
        for file, label in pictures.gallery.items():
            ingest.accept(memory, file.read_bytes(), file_name=file.name, seizure_id=cases[label])
        ingest.run_until_empty(memory)
        rows = memory.index.status().rows
        wrong = _wrong_score(memory)
        measured = _ask(memory, pictures.queries)
        by_vector = _by_vector(memory, pictures.queries)
        boxes = _ask_boxes(memory, pictures)
        size = rows["logo.local"] * (D_LOCAL + 8) + rows["logo.vector"] * (2 * D_GLOBAL + 8)
        among_many = None
        if distractors:
            fill(memory, distractors, DISTRACTOR_SEED)
            memory.index.wait_until_ready()
            # Asked anew: what was stored of the first answers would be listed again.
            for key in _asked(memory):
                removal.remove_photograph(memory, key)
            among_many = _ask(memory, pictures.queries)
        return Ours(measured, by_vector, boxes, among_many, rows["logo.vector"], size, wrong)


def _asked(memory: Memory) -> list[UUID]:
    """Return the photographs that were only searched with."""
    with memory.reading() as session:
        return list(session.exec(select(Photograph.id).where(Photograph.purpose == Purpose.QUERY)).all())


def _ask(memory: Memory, queries: Sequence[Query]) -> Measured:
    """Search with the file of every query."""
    answers, seconds = [], []
    for query in queries:
        data = query.file.read_bytes()
        begun = time.perf_counter()
        found = search.search_file(memory, data, file_name=query.file.name, limit=1000, params=LISTED)
        seconds.append(time.perf_counter() - begun)
        ranked = [hit.reference_photograph.file_name for hit in found.hits]
        if found.already_known:
            with memory.reading() as session:
                known = session.get_one(Photograph, found.photograph_id)
                ranked.insert(0, known.file_name)
        answers.append(Answer(ranked, max((hit.comparison.score for hit in found.hits), default=LISTED.floor)))
    return Measured(answers, seconds)


def _by_vector(memory: Memory, queries: Sequence[Query]) -> Measured:
    """Rank by the embeddings alone, by the most alike pair of regions of two photographs."""
    # By content: a file may be here under another name.
    vectors: dict[str, list[NDArray[np.float32]]] = {}
    names: dict[str, str] = {}
    with memory.reading() as session:
        for name, digest, purpose, data in session.exec(
            select(Photograph.file_name, Photograph.sha256, Photograph.purpose, MarkFeatures.data)
            .join(Mark, col(Mark.photograph_id) == col(Photograph.id))
            .join(MarkFeatures, col(MarkFeatures.mark_id) == col(Mark.id))
        ).all():
            vectors.setdefault(digest, []).append(LogoFeatures.from_bytes(data).vector)
            if purpose == Purpose.EXHIBIT:
                names[digest] = name
    gallery = [np.array(vectors[digest]) for digest in names]
    listed = list(names.values())
    answers, seconds = [], []
    for query in queries:
        begun = time.perf_counter()
        own = np.array(vectors[hashlib.sha256(query.file.read_bytes()).hexdigest()])
        alike = np.array([float((own @ seen.T).max()) for seen in gallery])
        order = np.argsort(-alike, kind="stable")
        seconds.append(time.perf_counter() - begun)
        answers.append(Answer([listed[place] for place in order], float(alike.max())))
    return Measured(answers, seconds)


def _ask_boxes(memory: Memory, pictures: PictureSet) -> list[int | None]:
    """Draw boxes as a person does and search with each; the drawn region goes again before the next."""
    with memory.reading() as session:
        # By content: a file may be here under another name.
        keys = dict(session.exec(select(Photograph.sha256, Photograph.id)).all())
    every: dict[str, list[tuple[Path, Box]]] = {}
    for file, boxes in pictures.boxes.items():
        every.setdefault(pictures.gallery[file], []).extend((file, box) for box in boxes)
    rng = np.random.default_rng(BOX_SEED)
    places: list[int | None] = []
    for label in sorted(every):
        for chosen in rng.permutation(len(every[label]))[:BOXES_A_CLASS]:
            file, box = every[label][chosen]
            right, low = box.left + box.width, box.top + box.height
            corners = [[box.left, box.top], [right, box.top], [right, low], [box.left, low]]
            try:
                mark = marks.draw(memory, keys[hashlib.sha256(file.read_bytes()).hexdigest()], corners)
            except RegionRefused:
                # Too few pixels to be asked with: not found.
                places.append(None)
                continue
            hits = search.search_mark(memory, mark.id, limit=1000, params=LISTED)
            marks.remove(memory, mark.id)
            of_class = [pictures.gallery[file.with_name(hit.reference_photograph.file_name)] == label for hit in hits]
            places.append(next((place for place, right in enumerate(of_class) if right), None))
    return places


def _wrong_score(memory: Memory) -> float:
    """Score that 1 in 100 photographs of the gallery reach against photographs of other classes."""
    with memory.reading() as session:
        of_class = dict(session.exec(select(Photograph.id, Photograph.seizure_id)).all())
        best = dict.fromkeys(of_class, 0.0)
        asked, answered = col(Comparison.query_photograph_id), col(Comparison.reference_photograph_id)
        for query, reference, score in session.exec(select(asked, answered, Comparison.score)).all():
            if of_class[query] != of_class[reference]:
                best[query] = max(best[query], score)
    return float(np.quantile(list(best.values()), 1 - FALSE_ALARMS))


def _peer(make: Callable[[Sequence[Path]], LocalPeer | HashPeer], pictures: PictureSet) -> Measured:
    peer = make(list(pictures.gallery))
    answers, seconds = [], []
    for query in pictures.queries:
        begun = time.perf_counter()
        answers.append(peer.answer(query.file))
        seconds.append(time.perf_counter() - begun)
    return Measured(answers, seconds)


def _ranking(pictures: PictureSet, measured: Measured, *, all_queries: bool) -> Ranking:
    asked = [
        (answer, pictures.relevant(query))
        for query, answer in zip(pictures.queries, measured.answers, strict=True)
        if query.name and (all_queries or not query.left_out)
    ]
    return ranking([answer for answer, _ in asked], [relevant for _, relevant in asked])


def _scores(pictures: PictureSet, measured: Measured) -> tuple[list[float], list[float]]:
    """Best scores of the queries with a logo, less those left out, and of those with none."""
    pairs = list(zip(pictures.queries, measured.answers, strict=True))
    logo = [answer.score for query, answer in pairs if query.name and not query.left_out]
    return logo, [answer.score for query, answer in pairs if not query.name]


def _retrieval_figures(pictures: PictureSet, ours: Ours) -> dict[str, float]:
    headline = _ranking(pictures, ours.measured, all_queries=False)
    logo, none = _scores(pictures, ours.measured)
    return {
        "flickr27.r1": headline.r1,
        "flickr27.r5": headline.r5,
        "flickr27.map": headline.mean_ap,
        "flickr27.r1_all_queries": _ranking(pictures, ours.measured, all_queries=True).r1,
        "flickr27.open_auc": area_under_curve(logo, none),
        "flickr27.tpr_at_1fa": true_positive_rate(logo, none, false_alarms=FALSE_ALARMS),
        "flickr27.query_s_median": float(np.median(ours.measured.seconds)),
        "flickr27.query_s_p95": float(np.percentile(ours.measured.seconds, 95)),
        "flickr27.bytes_per_mark": ours.index_bytes / ours.marks,
    }


def _retrieval_rows(pictures: PictureSet, programs: dict[str, Measured]) -> Rows:
    body = []
    for name, measured in programs.items():
        clean = _ranking(pictures, measured, all_queries=False)
        every = _ranking(pictures, measured, all_queries=True)
        body.append(
            (
                name,
                *(f"{value:.3f}" for value in (clean.r1, clean.r5, clean.mean_ap, every.r1, every.mean_ap)),
                f"{np.median(measured.seconds):.2f}",
            )
        )
    left = sum(query.left_out for query in pictures.queries)
    asked = sum(bool(query.name) for query in pictures.queries)
    return Rows(
        f"Whole query against {len(pictures.gallery)} pictures; {asked - left} queries, in brackets all {asked}",
        ("", "R@1", "R@5", "mAP", "(R@1)", "(mAP)", "s a query"),
        body,
    )


def _open_rows(pictures: PictureSet, programs: dict[str, Measured]) -> Rows:
    body = []
    for name, measured in programs.items():
        logo, none = _scores(pictures, measured)
        found = true_positive_rate(logo, none, false_alarms=FALSE_ALARMS)
        body.append((name, f"{area_under_curve(logo, none):.3f}", f"{found:.3f}"))
    none_asked = sum(not query.name for query in pictures.queries)
    return Rows(
        f"Best score of a query: with a logo against {none_asked} with none",
        ("", "AUC", "logo queries above all but 1 % of the others"),
        body,
    )


def _false_alarms(pictures: PictureSet, ours: Ours) -> tuple[float, float]:
    """Parts of the queries with a logo and with none whose best score is above that of wrong pairs in the gallery."""
    logo, none = (np.array(scores) for scores in _scores(pictures, ours.measured))
    return float((logo > ours.wrong_score).mean()), float((none > ours.wrong_score).mean())


def _boxes(ours: Ours) -> tuple[Rows, dict[str, float]]:
    """How often a box that is asked with finds its class elsewhere, first and among the first ten."""
    asked = len(ours.boxes)
    first = sum(place == 0 for place in ours.boxes) / asked
    ten = sum(place is not None and place < 10 for place in ours.boxes) / asked
    rows = Rows(
        f"Box query, its own picture left out; {asked} boxes, {BOXES_A_CLASS} of each class",
        ("", "R@1", "R@10"),
        [("Cachet", f"{first:.3f}", f"{ten:.3f}")],
    )
    return rows, {"flickr27.box_r1": first, "flickr27.box_r10": ten, "flickr27.box_n": float(asked)}


def _among_many(pictures: PictureSet, ours: Ours) -> tuple[Rows, dict[str, float]]:
    """Show what distractors cost."""
    alone = _ranking(pictures, ours.measured, all_queries=False)
    if ours.among_many is None:
        raise ValueError("expected answers among distractors; found none")
    many = _ranking(pictures, ours.among_many, all_queries=False)
    body = [
        (name, f"{found.r1:.3f}", f"{found.r5:.3f}", f"{found.mean_ap:.3f}", f"{np.median(measured.seconds):.2f}")
        for name, found, measured in (
            ("the gallery alone", alone, ours.measured),
            (f"with {DISTRACTORS} other marks", many, ours.among_many),
        )
    ]
    rows = Rows("Cachet on flickr_logos_27, with distractors", ("", "R@1", "R@5", "mAP", "s a query"), body)
    return rows, {"flickr27.r1_100k": many.r1, "flickr27.r1_loss_100k": alone.r1 - many.r1}


def _regions(pictures: PictureSet) -> tuple[Rows, tuple[float, float]]:
    """How many of the boxes that people drew are found, without being told where."""
    overlaps = np.concatenate([_found(file, boxes) for file, boxes in pictures.boxes.items()])
    by_union, by_cover = (overlaps >= 0.5).mean(axis=0).tolist()
    rows = Rows(
        f"Regions found on the training pictures; {len(overlaps)} boxes that people drew",
        ("", "recall"),
        [("intersection over union of 0.5", f"{by_union:.3f}"), ("half of the box covered", f"{by_cover:.3f}")],
    )
    return rows, (by_union, by_cover)


def _found(file: Path, boxes: Sequence[Box]) -> np.ndarray:
    """Return the best intersection over union, and the best cover, of each box; shape (N, 2)."""
    found = [region.box for region in find_regions(decode(file.read_bytes()))]
    best = np.zeros((len(boxes), 2))
    for row, box in enumerate(boxes):
        for left, top, right, bottom in found:
            across = min(right, box.left + box.width) - max(left, box.left)
            down = min(bottom, box.top + box.height) - max(top, box.top)
            shared, area = max(across, 0.0) * max(down, 0.0), box.width * box.height
            union = area + (right - left) * (bottom - top) - shared
            best[row] = np.maximum(best[row], (shared / union, shared / area))
    return best


def _by_design(caps: PictureSet) -> PictureSet:
    """Count caps of one design as one, where the truth file has two names for it."""
    return replace(caps, gallery={file: SAME_CAPS.get(name, name) for file, name in caps.gallery.items()})


def _caps_rows(pictures: PictureSet, programs: dict[str, Measured]) -> Rows:
    def first(which: PictureSet, measured: Measured) -> str:
        return f"{_ranking(which, measured, all_queries=True).r1 * len(pictures.queries):.0f}"

    return Rows(
        f"bottle_caps: {len(pictures.gallery)} pictures; right one first, of {len(pictures.queries)} queries",
        ("", "by the truth file", f"by design ({len(SAME_CAPS)} caps have a second name)"),
        [(name, first(pictures, some), first(_by_design(pictures), some)) for name, some in programs.items()],
    )
