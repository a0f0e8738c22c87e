"""What is written: how much of it is read, how well, how fast, and whether it is found with a wrong letter."""

from __future__ import annotations

import csv
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import cv2
import numpy as np
from rapidfuzz.distance import Indel, Levenshtein
from sqlalchemy import insert
from sqlmodel import col, select

from benchmarks.bench import DataMissing, Result, Rows, data_folder
from benchmarks.labels import CONSONANTS, Label, invent, lay
from forensics.photo import decode
from forensics.text import METHOD, Text, fold, plain, read
from indexer import Memory, texts
from indexer.records import Photograph, PhotographState, TextLine, new_key
from reference_samples.generator import PracticeParams, make_practice_set
from reference_samples.generator.truth import read_truth

SEED = 31
PHOTOGRAPHS, LONGEST = 40, 1300
OTHERS, LINES = 100_000, 3
A_CLASS = 6
WORDS_OF_LOGOS = {
    "Adidas": "ADIDAS", "Citroen": "CITROEN", "Cocacola": "COCA COLA", "DHL": "DHL", "Fedex": "FEDEX",
    "Ferrari": "FERRARI", "Ford": "FORD", "Google": "GOOGLE", "Heineken": "HEINEKEN", "Intel": "INTEL", "Mini": "MINI",
    "Nike": "NIKE", "Pepsi": "PEPSI", "Porsche": "PORSCHE", "Puma": "PUMA", "RedBull": "RED BULL", "Sprite": "SPRITE",
    "Starbucks": "STARBUCKS COFFEE", "Texaco": "TEXACO", "Unicef": "UNICEF", "Vodafone": "VODAFONE", "Yahoo": "YAHOO",
}  # fmt: skip
"""The logos of flickr_logos_27 that have words of three letters or more; many pictures show only the emblem."""


@dataclass(frozen=True, slots=True)
class Told:
    """A label that was laid, and what was read there; None where nothing was."""

    words: str
    read: str | None


def run() -> Result:
    """Measure reading on generated and on real photographs, and search among 100,000 others."""
    cv2.setNumThreads(1)
    with tempfile.TemporaryDirectory(prefix="cachet-bench-") as name:
        folder = Path(name)
        params = PracticeParams(seizures=16, photographs=PHOTOGRAPHS, longest=LONGEST)
        practice = make_practice_set(folder / "practice", seed=SEED, params=params)
        marks = _marks(practice.photographs.parent)
        labelled, seconds = _labelled(sorted(practice.photographs.iterdir()))
        told = [one for _, many in labelled for one in many]
        rows, figures = _reading(told, seconds)
        search_rows, search_figures = _searching(folder / "data", labelled)
        real = _real(folder / "real")
    tables = [rows, marks, search_rows]
    figures |= search_figures
    if real is not None:
        tables.append(real[0])
        figures |= real[1]
    return Result(
        name="text",
        data=f"{len(told)} invented labels on {PHOTOGRAPHS} generated photographs of {LONGEST} px; flickr_logos_27",
        split="nothing is fitted on these; the seed is used for nothing else",
        tables=tables,
        figures=figures,
    )


def _labelled(files: Sequence[Path]) -> tuple[list[tuple[tuple[Text, ...], list[Told]]], float]:
    rng = np.random.default_rng(SEED)
    done: list[tuple[tuple[Text, ...], list[Told]]] = []
    seconds = []
    for file in files:
        pixels, labels = lay(decode(file.read_bytes()).pixels, rng)
        photo = decode(cv2.imencode(".jpg", pixels[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, 85])[1].tobytes())
        if not done:
            # The networks are loaded once in the life of a worker.
            read(photo)
        started = time.process_time()
        found = read(photo)
        seconds.append(time.process_time() - started)
        done.append((found, [Told(label.words, _there(label, found)) for label in labels]))
    return done, float(np.mean(seconds))


def _there(label: Label, found: Sequence[Text]) -> str | None:
    """Tell what was read where a label lies: the lines that lie on it, along its own direction."""
    area = cv2.contourArea(label.polygon)
    along = label.polygon[1] - label.polygon[0]
    on_it = []
    for text in found:
        shared, _ = cv2.intersectConvexConvex(label.polygon, text.polygon)
        if shared > 0.5 * min(area, cv2.contourArea(text.polygon)):
            on_it.append((float((text.polygon.mean(axis=0) - label.polygon[0]) @ along), shared, text.words))
    if sum(shared for _, shared, _ in on_it) < 0.5 * area:
        return None
    return " ".join(words for _, _, words in sorted(on_it))


def _reading(told: Sequence[Told], seconds: float) -> tuple[Rows, dict[str, float]]:
    found = [(one.words, one.read) for one in told if one.read is not None]
    letters = sum(len(words) for words, _ in found)
    error = sum(Levenshtein.distance(words, said) for words, said in found) / max(1, letters)
    folded = sum(Levenshtein.distance(fold(words), fold(said)) for words, said in found) / max(
        1, sum(len(fold(words)) for words, _ in found)
    )
    right = sum(plain(words) == plain(said) for words, said in found)
    share = len(found) / len(told)
    body = [
        ("labels found", f"{share:.3f} of {len(told)}"),
        ("wrong letters on those, as they are", f"{error:.3f}"),
        ("the same, look-alike letters counted as one", f"{folded:.3f}"),
        ("labels read without a fault, of all, but for case", f"{right / len(told):.3f}"),
        (f"seconds of one core a photograph of {LONGEST} px", f"{seconds:.2f}"),
    ]
    return Rows("Reading labels at any angle, 14 to 60 px high", ("", ""), body), {
        "text.lines_found": share,
        "text.char_error": error,
        "text.char_error_folded": folded,
        "text.seconds_a_photo": seconds,
    }


def _marks(folder: Path) -> Rows:
    """Read the words in the marks of a practice set, most of them embossed, punched or set in a ring."""
    truth = read_truth(folder)
    words = {design.design_id: design.words for design in truth.designs}
    counts: dict[str, list[int]] = {}
    for photograph in truth.photographs:
        marks = [mark for mark in photograph.marks if len(fold(words[mark.design_id])) > 2 and mark.visible > 0.9]
        if not marks:
            continue
        said = [fold(text.words) for text in read(decode((folder / "photographs" / photograph.file).read_bytes()))]
        for kind in {mark.kind for mark in marks}:
            for wanted in {fold(words[mark.design_id].split()[0]) for mark in marks if mark.kind == kind}:
                count = counts.setdefault(kind, [0, 0])
                count[0] += any(_within(wanted, line) for line in said)
                count[1] += 1
    body = [(kind, f"{done} of {of}") for kind, (done, of) in sorted(counts.items())]
    return Rows(
        "The word of a mark, read on photographs that bear it (one wrong letter in four)", ("kind", "read"), body
    )


def _within(wanted: str, line: str) -> bool:
    steps = range(max(1, len(line) - len(wanted) + 1))
    return any(Indel.normalized_similarity(wanted, line[at : at + len(wanted)]) >= 0.75 for at in steps)


def _wrong(words: str, rng: np.random.Generator) -> str:
    """Return the words with one letter replaced by another that does not look like it."""
    places = [at for at, letter in enumerate(words) if letter.isalpha()]
    at = int(rng.choice(places))
    others = [letter for letter in CONSONANTS if fold(letter) != fold(words[at])]
    return words[:at] + str(rng.choice(others)) + words[at + 1 :]


def _searching(folder: Path, read_: Sequence[tuple[Sequence[Text], Sequence[Told]]]) -> tuple[Rows, dict[str, float]]:
    rng = np.random.default_rng(SEED + 1)
    with Memory.open(folder, workers=1) as memory:
        _fill(memory, rng)
        keys = [_keep(memory, [(text.words, text.confidence) for text in found]) for found, _ in read_]
        asked = [(key, one.words) for key, (_, told) in zip(keys, read_, strict=True) for one in told]
        wrong = [(key, _wrong(words, rng)) for key, words in asked]

        def ours(words: str) -> UUID | None:
            hits = texts.search(memory, words, limit=1).items
            return hits[0].photograph.id if hits else None

        def like(words: str) -> UUID | None:
            with memory.reading() as session:
                query = select(TextLine.photograph_id).where(col(TextLine.words).icontains(words, autoescape=True))
                return session.exec(query.limit(1)).first()

        ours("TO BEGIN WITH")
        body, figures = [], {}
        for name, search in (("Cachet", ours), ("exact part of a line (SQL LIKE)", like)):
            (as_written, _), (one_wrong, seconds) = _r1(search, asked), _r1(search, wrong)
            body.append(
                (name, f"{as_written:.3f}", f"{one_wrong:.3f}", f"{np.median(seconds):.3f}", f"{max(seconds):.3f}")
            )
            if search is ours:
                figures = {
                    "text.search_r1": one_wrong,
                    "text.search_r1_as_written": as_written,
                    "text.search_seconds_100k": float(np.median(seconds)),
                }
            else:
                figures["text.search_r1_like"] = one_wrong
    title = f"{len(asked)} labels searched for by their true words, among {OTHERS:,} other photographs of {LINES} lines"
    header = ("", "right one first", "the same, one letter wrong", "seconds a query, median", "longest")
    return Rows(title, header, body), figures


def _r1(search: Callable[[str], UUID | None], asked: Sequence[tuple[UUID, str]]) -> tuple[float, list[float]]:
    right, seconds = 0, []
    for key, words in asked:
        started = time.perf_counter()
        right += search(words) == key
        seconds.append(time.perf_counter() - started)
    return right / len(asked), seconds


def _photograph(key: UUID) -> dict[str, object]:
    return Photograph(
        id=key,
        sha256=key.hex.rjust(64, "0"),
        file_name="made up",
        size_bytes=1,
        media_type="image/jpeg",
        width=LONGEST,
        height=LONGEST,
        state=PhotographState.READY,
        searched_up_to=0,
        read_by=METHOD,
    ).model_dump()


def _line(key: UUID, words: str, confidence: float) -> dict[str, object]:
    line = TextLine(
        photograph_id=key, polygon=[], words=words, folded=fold(words), confidence=confidence, method=METHOD
    )
    return line.model_dump(exclude={"number"})


def _fill(memory: Memory, rng: np.random.Generator) -> None:
    keys = [new_key() for _ in range(OTHERS)]
    with memory.writing() as session:
        session.execute(insert(Photograph), [_photograph(key) for key in keys])
        session.execute(insert(TextLine), [_line(key, invent(rng), 0.9) for key in keys for _ in range(LINES)])


def _keep(memory: Memory, lines: Sequence[tuple[str, float]]) -> UUID:
    key = new_key()
    with memory.writing() as session:
        session.execute(insert(Photograph), [_photograph(key)])
        if lines:
            session.execute(insert(TextLine), [_line(key, words, confidence) for words, confidence in lines])
    return key


def _real(folder: Path) -> tuple[Rows, dict[str, float]] | None:
    """Real logos with words: on how many pictures they are read, and whether one of theirs is first."""
    try:
        data = data_folder("logos", "flickr_logos_27")
    except DataMissing:
        return None
    pictures: dict[str, list[str]] = {}
    with (data / "ground_truth.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            of_class = pictures.setdefault(row["class"], [])
            if row["split"] == "train" and row["image"] not in of_class and len(of_class) < A_CLASS:
                of_class.append(row["image"])
    rng = np.random.default_rng(SEED + 2)
    with_words = first = total = 0
    with Memory.open(folder, workers=1) as memory:
        class_of: dict[UUID, str] = {}
        for name, images in pictures.items():
            for image in images:
                found = read(decode((data / image).read_bytes()))
                class_of[_keep(memory, [(text.words, text.confidence) for text in found])] = name
        read_on: dict[str, int] = {}
        for name, words in WORDS_OF_LOGOS.items():
            hits = texts.search(memory, words, limit=A_CLASS).items
            read_on[name] = sum(class_of[hit.photograph.id] == name for hit in hits)
            total += len(pictures[name])
            best = texts.search(memory, _wrong(words, rng), limit=1).items
            if read_on[name]:
                with_words += 1
                first += bool(best) and class_of[best[0].photograph.id] == name
    on = sum(read_on.values())
    body = [
        ("pictures on which the logo's words are found", f"{on} of {total}"),
        ("logos read on one picture or more", f"{with_words} of {len(WORDS_OF_LOGOS)}"),
        ("searched for with one wrong letter: one of its pictures first", f"{first} of {with_words}"),
    ]
    named = len(WORDS_OF_LOGOS)
    title = f"flickr_logos_27, {A_CLASS} training pictures of each of {len(pictures)} logos; {named} have words"
    return Rows(title, ("", ""), body), {
        "text.flickr27_read": on / max(1, total),
        "text.flickr27_search_r1": first / max(1, with_words),
    }
