"""Fill an installation with so many marks in minutes, as rows of its database that its index follows.

A photograph that is put in is made of two or three described pictures: a part of the points of each, moved together,
with descriptors changed by as much as those of two photographs of one thing differ; regions of it as the finder finds
them; and colours mixed in proportion. So neighbourhoods of descriptors are as crowded as they are among real points.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from itertools import count
from multiprocessing import get_context
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import func
from sqlmodel import col, insert, select

from benchmarks.sources import Picture, Sources
from benchmarks.sources import sources as describe_sources
from forensics.logo import METHOD, LogoFeatures
from indexer import Memory, seizures
from indexer.records import (
    Change,
    FoundBy,
    IndexChange,
    Mark,
    MarkFeatures,
    MarkKind,
    Photograph,
    PhotographState,
    Purpose,
    SeizureCreate,
    new_key,
    utc_now,
)

SIDE = 1000
"""Longest side in pixels of the photographs that are made."""

POINTS = 500
"""Points of the whole, and the program's own limit."""

REGIONS = 8
"""Regions of a photograph beside the whole, as many as the finder finds at most."""

POINTS_REGION = 100
"""Points of a region, the program's own limit."""

A_SEIZURE = 10
"""Photographs of one seizure."""

_AT_ONCE = 400
"""Photographs made and stored at a time."""

Told = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class _Packed:
    """A photograph to be stored, its marks as polygons with packed features, the whole first."""

    name: str
    width: int
    height: int
    regions: tuple[tuple[list[list[float]], bytes], ...]


def fill(memory: Memory, marks: int, seed: int, *, sources: Sources | None = None, told: Told = lambda _: None) -> int:
    """Add marks to an opened installation until so many have come, and have its index follow.

    Parameters
    ----------
    memory : Memory
        The installation.
    marks : int
        How many, at least; photographs are added whole.
    seed : int
        The same gives the same photographs.
    sources : Sources, optional
        What they are made of; by default, those of :func:`benchmarks.sources.sources`.
    told : callable
        Told now and then how many are in.

    Returns
    -------
    int
        How many were added.
    """
    photographs = -(-marks // (REGIONS + 1))
    added = 0
    for packed in _made(sources or describe_sources(), photographs, seed):
        added += _store(memory, packed)
        memory.index.catch_up()
        told(added)
    return added


def plant(memory: Memory, pictures: Sequence[Picture]) -> list[UUID]:
    """Add described pictures as they are, as exhibits; returns the photographs' keys."""
    packed = [_as_it_is(picture) for picture in pictures]
    before = {photograph_id for photograph_id, _ in _named(memory)}
    _store(memory, packed)
    memory.index.catch_up()
    by_name = {name: photograph_id for photograph_id, name in _named(memory) if photograph_id not in before}
    return [by_name[picture.name] for picture in pictures]


def ask_with(memory: Memory, pictures: Sequence[Picture]) -> list[UUID]:
    """Add described pictures that are only asked with; returns the photographs' keys."""
    before = {photograph_id for photograph_id, _ in _named(memory)}
    _store(memory, [_as_it_is(picture) for picture in pictures], purpose=Purpose.QUERY)
    by_name = {name: photograph_id for photograph_id, name in _named(memory) if photograph_id not in before}
    return [by_name[picture.name] for picture in pictures]


def _named(memory: Memory) -> list[tuple[UUID, str]]:
    with memory.reading() as session:
        rows = session.exec(select(Photograph.id, Photograph.file_name).where(col(Photograph.file_name).contains("/")))
        return [(key, name) for key, name in rows.all()]


def _as_it_is(picture: Picture) -> _Packed:
    regions = tuple((np.asarray(one.polygon, float).tolist(), one.features) for one in picture.regions)
    return _Packed(picture.name, picture.width, picture.height, regions)


def _store(memory: Memory, packed: Sequence[_Packed], *, purpose: Purpose = Purpose.EXHIBIT) -> int:
    """Write photographs, marks, features and the journal of the index in one transaction; returns how many marks."""
    now, exhibit = utc_now(), purpose is Purpose.EXHIBIT
    owners: list[UUID | None] = [
        seizures.create(memory, SeizureCreate(case_reference=f"made-{new_key().hex}")).id if exhibit else None
        for _ in range(-(-len(packed) // A_SEIZURE))
    ]
    photographs, marks, features = [], [], []
    with memory.writing() as session:
        number = (session.exec(select(func.max(MarkFeatures.number))).one() or 0) + 1
        numbers = count(number)
        for place, one in enumerate(packed):
            key = new_key()
            photographs.append(
                {
                    "id": key,
                    "sha256": hashlib.sha256(key.bytes).hexdigest(),
                    "file_name": one.name,
                    "size_bytes": 0,
                    "media_type": "image/jpeg",
                    "width": one.width,
                    "height": one.height,
                    "purpose": purpose,
                    "seizure_id": owners[place // A_SEIZURE],
                    "state": PhotographState.READY,
                    # No search is owed to it.
                    "searched_up_to": 0,
                    "described_at": now,
                }
            )
            for region, (polygon, data) in enumerate(one.regions):
                mark = new_key()
                marks.append(
                    {
                        "id": mark,
                        "photograph_id": key,
                        "kind": MarkKind.UNSPECIFIED,
                        "found_by": FoundBy.FINDER if region else FoundBy.WHOLE,
                        "polygon": polygon,
                        "score": 1.0 / (region + 1),
                    }
                )
                features.append({"number": next(numbers), "mark_id": mark, "method": METHOD, "data": data})
        changes = [{"feature_number": row["number"], "change": Change.ADDED} for row in features] if exhibit else []
        for table, rows in ((Photograph, photographs), (Mark, marks), (MarkFeatures, features), (IndexChange, changes)):
            if rows:
                session.connection().execute(insert(table), rows)
    return len(features)


def _made(sources: Sources, photographs: int, seed: int) -> Iterator[list[_Packed]]:
    """Make photographs in a process of its own, some ahead of what is stored."""
    starts = list(range(0, photographs, _AT_ONCE))
    with ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=_take, initargs=(sources,)) as run:
        ahead: list[Future[list[_Packed]]] = []
        for place in range(len(starts)):
            while len(ahead) < 3 and place + len(ahead) < len(starts):
                first = starts[place + len(ahead)]
                ahead.append(run.submit(_make, first, min(_AT_ONCE, photographs - first), seed))
            yield ahead.pop(0).result()


@dataclass(frozen=True, slots=True)
class _Opened:
    """A picture with its features unpacked: of the whole, and the global vectors of its regions."""

    whole: LogoFeatures
    vectors: NDArray[np.float32]


_opened: list[_Opened] = []
_changes: list[NDArray[np.int16]] = []
# Of the process that makes photographs: unpacked once.


def _take(sources: Sources) -> None:
    for picture in sources.pictures:
        features = [LogoFeatures.from_bytes(region.features) for region in picture.regions]
        if len(features[0]) >= POINTS // 5:
            _opened.append(_Opened(features[0], np.stack([one.vector for one in features])))
    _changes.append(sources.changes)


def _make(first: int, number: int, seed: int) -> list[_Packed]:
    return [
        mixed(_opened, _changes[0], np.random.default_rng((seed, place)), name=f"made-{seed}-{place}")
        for place in range(first, first + number)
    ]


def mixed(
    pictures: Sequence[_Opened], changes: NDArray[np.int16], chance: np.random.Generator, *, name: str
) -> _Packed:
    """Make a photograph of two or three pictures; see the module.

    Parameters
    ----------
    pictures : sequence
        To draw from.
    changes : ndarray of shape (N, D_LOCAL), int16
        Of descriptors, to draw from.
    chance : Generator
        What draws.
    name : str
        What it is called.
    """
    drawn = [pictures[place] for place in chance.choice(len(pictures), chance.integers(2, 4), replace=False)]
    each = POINTS // len(drawn)
    width, height = SIDE, SIDE * 3 // 4
    points, local, owner = [], [], []
    for place, picture in enumerate(drawn):
        rows = chance.permutation(len(picture.whole))[:each]
        points.append(_moved(picture.whole.points[rows], chance, width, height))
        local.append(picture.whole.local[rows])
        owner.append(np.full(len(rows), place))
    order = chance.permutation(sum(len(part) for part in local))
    all_points, all_local, all_owner = (np.concatenate(parts)[order] for parts in (points, local, owner))
    changed = all_local + changes[chance.integers(len(changes), size=len(all_local))]
    all_local = np.clip(changed, 0, 255).astype(np.uint8)
    weights = np.bincount(all_owner, minlength=len(drawn))[:, None]
    vectors = [_mean(weights * np.stack([picture.vectors[0] for picture in drawn]), chance)]
    boxes = [(0.0, 0.0, float(width), float(height))]
    inside = [np.arange(len(all_local))]
    for _ in range(REGIONS):
        x, y = all_points[chance.integers(len(all_points)), :2].tolist()
        across, down = chance.uniform(0.06, 0.35, 2) * (width, height)
        box = (max(x - across, 0), max(y - down, 0), min(x + across, width), min(y + down, height))
        rows = np.flatnonzero(
            (all_points[:, 0] >= box[0])
            & (all_points[:, 1] >= box[1])
            & (all_points[:, 0] <= box[2])
            & (all_points[:, 1] <= box[3])
        )[:POINTS_REGION]
        most = drawn[int(np.bincount(all_owner[rows]).argmax())]
        boxes.append(box)
        inside.append(rows)
        vectors.append(_mean(most.vectors[[chance.integers(len(most.vectors))]], chance))
    regions = tuple(
        (
            [[left, top], [right, top], [right, bottom], [left, bottom]],
            LogoFeatures(METHOD, all_points[rows], all_local[rows], vector, part=place > 0).to_bytes(),
        )
        for place, ((left, top, right, bottom), rows, vector) in enumerate(zip(boxes, inside, vectors, strict=True))
    )
    return _Packed(name, width, height, regions)


def _moved(points: NDArray[np.float32], chance: np.random.Generator, width: int, height: int) -> NDArray[np.float32]:
    """Turn, scale and shift points into a part of the picture."""
    angle = chance.uniform(0, 2 * np.pi)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    places = points[:, :2] @ turn.T
    low, span = places.min(axis=0), float(np.ptp(places, axis=0).max())
    zoom = chance.uniform(0.4, 0.9) * height / max(span, 1.0)
    room = np.maximum(np.array([width, height]) - np.ptp(places, axis=0) * zoom, 0)
    moved = points.copy()
    moved[:, :2] = np.clip((places - low) * zoom + chance.uniform(0, 1, 2) * room, 0, [width, height])
    moved[:, 2] = np.maximum(points[:, 2] * zoom, 1.0)
    moved[:, 3] = (points[:, 3] + angle) % (2 * np.pi)
    return moved


def _mean(vectors: NDArray[np.float32], chance: np.random.Generator) -> NDArray[np.float32]:
    mean = vectors.sum(axis=0)
    mean = mean / max(float(np.linalg.norm(mean)), 1e-6)
    noisy = mean + chance.normal(0, 0.02, len(mean)) * (mean != 0)
    return np.asarray(noisy / max(float(np.linalg.norm(noisy)), 1e-6), np.float32)
