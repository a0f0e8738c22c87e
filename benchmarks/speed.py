"""How fast an installation answers as it grows to a million marks, and what it takes.

One installation is filled step by step, by rows of its database that its index follows (see :mod:`benchmarks.fill`). At
each size a process of its own opens it, as after a restart, and is measured: queries from the stored features of a
photograph to the ranked, verified and stored answer, and then queries while marks come in.

``CACHET_BENCH_MARKS`` stops at fewer marks. ``CACHET_BENCH_FOLDER`` keeps the installation there and goes on with what
is in it. A million marks take some 12 GB of disk there.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from uuid import UUID

import cv2
import faiss
import numpy as np
from numpy.typing import NDArray
from sqlmodel import col, select

from benchmarks import growth_plot
from benchmarks.bench import ROOT, Result, Rows
from benchmarks.fill import ask_with, fill, plant
from benchmarks.sources import Sources, sources
from forensics.logo import LogoFeatures
from forensics.photo import DecodeParams
from indexer import Memory, search, tasks
from indexer.index import IndexParams
from indexer.memory import MemoryParams
from indexer.records import FoundBy, Mark, MarkFeatures, Photograph
from indexer.shortlist import Candidate, shortlist

SIZES = (1_000, 10_000, 100_000, 1_000_000)
"""Marks; each is measured."""

ADDITIONS = 30
"""Photographs that come in while queries are answered."""

COMPARED = 5
"""Queries that are also answered by comparing with everything."""

NEIGHBOURS = 21
"""Neighbours of a point that the shortlist looks at."""


def run() -> Result:
    """Fill and measure at each size."""
    made = sources()
    most = int(os.environ.get("CACHET_BENCH_MARKS", SIZES[-1]))
    with ExitStack() as stack:
        kept = os.environ.get("CACHET_BENCH_FOLDER")
        folder = Path(kept or stack.enter_context(tempfile.TemporaryDirectory(prefix="cachet-bench-")))
        measured = [_at(folder, size, made) for size in SIZES if size <= most]
        cpu = _describe_cpu(made)
    growth_plot.write(ROOT / "docs" / "speed.svg", measured)
    return Result(
        name="speed",
        data=(
            f"photographs made of two or three of {len(made.pictures)} described pictures ({made.words}): a share of "
            "the points of each, turned, scaled and shifted together, every descriptor changed by one of "
            f"{len(made.changes)} differences between points that agree on two takes of a picture; "
            f"{len(made.again)} of the pictures are in as they are, and asked for with an imitated second take"
        ),
        split="nothing is fitted; queries are other takes of pictures that are in, so recall flatters",
        tables=[_growth_rows(measured), _peer_rows(measured), _describe_rows(cpu)],
        figures=_figures(measured, cpu),
    )


def _at(folder: Path, size: int, made: Sources) -> dict[str, Any]:
    """Fill up to a size, and measure there, unless that was done before."""
    noted = folder / f"measured-{size}.json"
    if not noted.is_file():
        _grow(folder, size, made)
        command = [sys.executable, "-m", "benchmarks.speed", str(folder), str(size)]
        subprocess.run(command, check=True, cwd=ROOT, env={**os.environ, "OMP_NUM_THREADS": "1"})
    found: dict[str, Any] = json.loads(noted.read_text())
    return found


def _grow(folder: Path, size: int, made: Sources) -> None:
    queries = folder / "queries.json"
    params = MemoryParams(index=IndexParams(batch=4000))
    started, cpu = time.perf_counter(), time.process_time()
    with Memory.open(folder / "data", workers=1, params=params) as memory:
        if not queries.is_file():
            places = sorted(made.again)
            planted = plant(memory, [made.pictures[place] for place in places])
            asked = ask_with(memory, [made.again[place] for place in places])
            queries.write_text(json.dumps([[str(one), str(other)] for one, other in zip(asked, planted, strict=True)]))
        there = len(memory.index.spaces.vector)
        # The size is the seed, so that no step repeats another.
        fill(memory, max(size - there, 0), size, sources=made)
        memory.index.save()
    took = {"seconds": time.perf_counter() - started, "cpu": time.process_time() - cpu}
    (folder / f"filled-{size}.json").write_text(json.dumps(took))


def measure(folder: Path, size: int) -> None:
    """Open the installation, measure, and write what was found beside it."""
    asked = [(UUID(one), UUID(other)) for one, other in json.loads((folder / "queries.json").read_text())]
    started = time.perf_counter()
    with Memory.open(folder / "data", workers=1) as memory:
        opened = time.perf_counter() - started
        found: dict[str, Any] = {"marks": len(memory.index.spaces.vector), "open_s": opened}
        found["points"] = len(memory.index.spaces.local)
        found["index_bytes"] = sum(file.stat().st_size for file in (folder / "data" / "index").glob("*.faiss"))
        found |= _queries(memory, asked)
        found |= _additions(memory, [photograph for photograph, _ in asked], size)
        started = time.perf_counter()
        memory.index.save()
        found["save_s"] = time.perf_counter() - started
        found |= _memory_gb()
        if size in (100_000, 1_000_000):
            found |= _exact(memory, asked[: COMPARED if size == 100_000 else 1])
    (folder / f"measured-{size}.json").write_text(json.dumps(found))


def _queries(memory: Memory, asked: Sequence[tuple[UUID, UUID]]) -> dict[str, float]:
    """Ask with every query, as anew; the first few once before, for what is only read at the first query."""
    params = search.SearchParams()
    for photograph, _ in asked[:3]:
        search.search_photograph(memory, photograph, params=params)
    walls, cpus, looks, first, within = [], [], [], [], []
    for photograph, wanted in asked:
        wall, cpu = time.perf_counter(), time.process_time()
        hits = search.search_photograph(memory, photograph, params=params)
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
        first.append(bool(hits) and hits[0].reference_photograph.id == wanted)
        features = _whole(memory, photograph)[1]
        wall = time.process_time()
        candidates = _shortlist(memory, features)
        looks.append(time.process_time() - wall)
        within.append(_whole(memory, wanted)[0] in {one.number for one in candidates[: params.verify]})
    return {
        "queries": len(asked),
        "p50_ms": 1e3 * float(np.percentile(walls, 50)),
        "p95_ms": 1e3 * float(np.percentile(walls, 95)),
        "cpu_p50_ms": 1e3 * float(np.percentile(cpus, 50)),
        "cpu_p95_ms": 1e3 * float(np.percentile(cpus, 95)),
        "shortlist_cpu_ms": 1e3 * float(np.median(looks)),
        "right_first": float(np.mean(first)),
        "right_within": float(np.mean(within)),
    }


def _shortlist(memory: Memory, features: LogoFeatures) -> list[Candidate]:
    spaces = memory.index.spaces
    return shortlist(features, spaces.local, spaces.vector, params=search.SearchParams().shortlist)


def _whole(memory: Memory, photograph: UUID) -> tuple[int, LogoFeatures]:
    """Return the number and the features of the whole of a photograph."""
    with memory.reading() as session:
        number, data = session.exec(
            select(MarkFeatures.number, MarkFeatures.data)
            .join(Mark, col(MarkFeatures.mark_id) == col(Mark.id))
            .where(Mark.photograph_id == photograph, Mark.found_by == FoundBy.WHOLE)
        ).one()
    return number or 0, LogoFeatures.from_bytes(data)


def _additions(memory: Memory, photographs: Sequence[UUID], size: int) -> dict[str, float]:
    """Add photographs one by one while something small is looked for again and again: its longest wait is a block."""
    small = _whole(memory, photographs[0])[1].local[:1].astype(np.float32)

    def probe(until: Callable[[], bool]) -> list[float]:
        waits = []
        while not until():
            started = time.perf_counter()
            memory.index.spaces.local.search(small, NEIGHBOURS)
            waits.append(time.perf_counter() - started)
        return waits

    ends = time.perf_counter() + 3
    idle = probe(lambda: time.perf_counter() > ends)
    made, adding, done = sources(), [], threading.Event()

    def add() -> None:
        for place in range(ADDITIONS):
            # One photograph as it comes in: a row of each table, and its points in the index.
            picture = made.pictures[(size + place) % len(made.pictures)]
            started = time.perf_counter()
            plant(memory, [picture])
            adding.append(time.perf_counter() - started)
            time.sleep(0.05)
        done.set()

    thread = threading.Thread(target=add)
    thread.start()
    busy = probe(done.is_set)
    thread.join()
    return {
        "block_ms": 1e3 * max(busy),
        "block_idle_ms": 1e3 * max(idle),
        "block_p99_ms": 1e3 * float(np.percentile(busy, 99)),
        "add_ms": 1e3 * float(np.median(adding)),
    }


def _memory_gb() -> dict[str, float]:
    """Return the most memory that this process had at once, and what of it now is its own and of mapped files."""
    lines = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return {
        name: int(lines[key].split()[0]) / 2**20
        for name, key in (("peak_gb", "VmHWM"), ("own_gb", "RssAnon"), ("mapped_gb", "RssFile"))
    }


def _exact(memory: Memory, asked: Sequence[tuple[UUID, UUID]]) -> dict[str, float]:
    """Answer queries by comparing every point with every point held, by FAISS, a block at a time."""
    numbers, rows = _every_whole(memory)
    seconds, within, overlap = [], [], []
    for photograph, wanted in asked:
        features = _whole(memory, photograph)[1]
        flat = _Flat(numbers, rows)
        candidates = shortlist(features, flat, memory.index.spaces.vector, params=search.SearchParams().shortlist)
        seconds.append(flat.seconds)
        chosen = {one.number for one in candidates[: search.SearchParams().verify]}
        ours = {one.number for one in _shortlist(memory, features)[: search.SearchParams().verify]}
        within.append(_whole(memory, wanted)[0] in chosen)
        overlap.append(len(ours & chosen) / max(len(chosen), 1))
    return {
        "exact_ms": 1e3 * float(np.median(seconds)),
        "exact_within": float(np.mean(within)),
        "exact_overlap": float(np.mean(overlap)),
        "exact_queries": len(asked),
    }


def _every_whole(memory: Memory) -> tuple[list[int], list[NDArray[np.uint8]]]:
    """Read the descriptors of every photograph's whole."""
    numbers: list[int] = []
    rows: list[NDArray[np.uint8]] = []
    last = 0
    while True:
        with memory.reading() as session:
            some = session.exec(
                select(MarkFeatures.number, MarkFeatures.data)
                .join(Mark, col(MarkFeatures.mark_id) == col(Mark.id))
                .join(Photograph, col(Mark.photograph_id) == col(Photograph.id))
                .where(
                    col(MarkFeatures.number) > last,
                    Mark.found_by == FoundBy.WHOLE,
                    Photograph.purpose == "exhibit",
                )
                .order_by(col(MarkFeatures.number))
                .limit(2000)
            ).all()
        if not some:
            return numbers, rows
        for number, data in some:
            numbers.append(number or 0)
            rows.append(LogoFeatures.from_bytes(data).local)
        last = numbers[-1]


class _Flat:
    """The points of marks without any index: FAISS's exact search, in single precision, blocks of photographs."""

    def __init__(self, numbers: Sequence[int], rows: Sequence[NDArray[np.uint8]]) -> None:
        self._numbers, self._rows = numbers, rows
        self.seconds = 0.0

    def __len__(self) -> int:
        return sum(len(part) for part in self._rows)

    def search(self, vectors: NDArray[np.float32], k: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        started = time.process_time()
        best = np.full((len(vectors), k), np.inf, np.float32), np.full((len(vectors), k), -1, np.int64)
        for start in range(0, len(self._rows), 400):
            some = self._rows[start : start + 400]
            block = np.concatenate(some).astype(np.float32)
            ids = np.concatenate(
                [
                    np.int64(number) << 32 | np.arange(len(part))
                    for number, part in zip(self._numbers[start : start + 400], some, strict=True)
                ]
            )
            values, places = faiss.knn(vectors, block, k)
            values, found = np.hstack([best[0], values]), np.hstack([best[1], ids[places]])
            order = np.argsort(values, axis=1, kind="stable")[:, :k]
            best = np.take_along_axis(values, order, axis=1), np.take_along_axis(found, order, axis=1)
        self.seconds += time.process_time() - started
        return best


def _describe_cpu(made: Sources) -> list[float]:
    """Seconds of processor that a worker takes for photographs of 12 megapixels: decode, quality, regions, features."""
    cv2.setNumThreads(1)
    taken = []
    for _, data in list(large_photographs())[:5]:
        started = time.process_time()
        tasks.describe_photograph(data, params=DecodeParams())
        taken.append(time.process_time() - started)
    return taken


def large_photographs() -> list[tuple[str, bytes]]:
    """Make photographs of 12 megapixels: pictures of scikit-image enlarged, with the noise of a camera, as JPEG."""
    import skimage.data

    made = []
    for place, name in enumerate(("astronaut", "coffee", "cat", "rocket", "page")):
        pixels = np.asarray(getattr(skimage.data, name)())
        large = cv2.resize(pixels, (4000, 3000), interpolation=cv2.INTER_CUBIC)
        noise = np.random.default_rng(place).normal(0, 3, large.shape)
        noisy = np.clip(large + noise, 0, 255).astype(np.uint8)
        colour = noisy[..., ::-1] if noisy.ndim == 3 else noisy
        made.append((name, cv2.imencode(".jpg", np.ascontiguousarray(colour))[1].tobytes()))
    return made


def _growth_rows(measured: Sequence[dict[str, Any]]) -> Rows:
    def row(name: str, key: str, form: str) -> tuple[str, ...]:
        return (name, *(format(one[key], form) for one in measured))

    body = [
        row("points", "points", ","),
        row("query to answer, median ms", "p50_ms", ".0f"),
        row("  95th percentile ms", "p95_ms", ".0f"),
        row("  processor, median ms", "cpu_p50_ms", ".0f"),
        row("  processor, 95th percentile ms", "cpu_p95_ms", ".0f"),
        row("  of it the shortlist, median ms", "shortlist_cpu_ms", ".0f"),
        row("right picture first", "right_first", ".2f"),
        row("right picture among those compared", "right_within", ".2f"),
        row("peak memory, GB", "peak_gb", ".2f"),
        row("  its own at the end, GB", "own_gb", ".2f"),
        row("  of the mapped index at the end, GB", "mapped_gb", ".2f"),
        ("index, bytes a mark", *(f"{one['index_bytes'] / one['marks']:.0f}" for one in measured)),
        row("opening, seconds", "open_s", ".1f"),
        row("saving, seconds", "save_s", ".1f"),
        row("adding one photograph, median ms", "add_ms", ".0f"),
        row("longest wait of a small search while adding, ms", "block_ms", ".0f"),
        row("  and with nothing added, ms", "block_idle_ms", ".0f"),
    ]
    header = ("marks", *(f"{one['marks']:,}" for one in measured))
    return Rows(f"One installation as it grows; {measured[0]['queries']} queries, one at a time", header, body)


def _peer_rows(measured: Sequence[dict[str, Any]]) -> Rows:
    body = [
        (
            f"{one['marks']:,}",
            f"{one['exact_queries']}",
            f"{one['exact_ms']:.0f}",
            f"{one['exact_ms'] / one['shortlist_cpu_ms']:.0f}",
            f"{one['exact_within']:.2f}",
            f"{one['exact_overlap']:.2f}",
        )
        for one in measured
        if "exact_ms" in one
    ]
    header = ("marks", "queries", "processor ms", "times ours", "right among those compared", "candidates shared")
    return Rows("The shortlist by FAISS's exact search of the same points", header, body)


def _describe_rows(cpu: Sequence[float]) -> Rows:
    body = [("median", f"{np.median(cpu):.2f}"), ("most", f"{max(cpu):.2f}")]
    return Rows(f"Describing a photograph of 12 megapixels, all regions; {len(cpu)} photographs", ("", "CPU s"), body)


def _figures(measured: Sequence[dict[str, Any]], cpu: Sequence[float]) -> dict[str, float]:
    figures = {"speed.describe_cpu_s_12mp": float(np.median(cpu))}
    for one, size in zip(measured, SIZES, strict=False):
        name = f"{size // 1000}k" if size < 1_000_000 else f"{size // 1_000_000}m"
        for key in ("p50_ms", "p95_ms", "cpu_p50_ms", "cpu_p95_ms", "open_s", "right_first", "right_within"):
            figures[f"speed.{key}_{name}"] = float(one[key])
        figures[f"speed.mem_gb_{name}"] = float(one["peak_gb"])
    largest = measured[-1]
    figures["speed.index_bytes_per_mark"] = largest["index_bytes"] / largest["marks"]
    figures["speed.longest_block_ms"] = float(max(one["block_ms"] for one in measured))
    return figures


if __name__ == "__main__":
    measure(Path(sys.argv[1]), int(sys.argv[2]))
