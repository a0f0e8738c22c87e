"""How fast photographs are taken in: ``cachet ingest`` on a folder, timed from outside as a user would see it."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from threading import Event, Thread

import cv2
import psutil

from benchmarks.bench import Result, Rows
from forensics.photo import decode
from reference_samples.generator import PracticeParams, make_practice_set

PHOTOGRAPHS = 60
LONGEST = 1600


def run() -> Result:
    """Measure photographs a second and the memory of the whole family of processes."""
    with tempfile.TemporaryDirectory(prefix="cachet-bench-") as name:
        folder = Path(name)
        params = PracticeParams(seizures=20, photographs=PHOTOGRAPHS, longest=LONGEST)
        practice = make_practice_set(folder / "practice", seed=20, params=params)
        files = sorted(practice.photographs.iterdir())
        mean_mb = sum(file.stat().st_size for file in files) / len(files) / 2**20
        seconds, peak_mb = _ingest(folder / "data", practice.photographs, practice.metadata, "--read-later")
        # The same again: every photograph is known, and what is left is to read them.
        reading_seconds, reading_mb = _ingest(folder / "data", practice.photographs, practice.metadata)
        plain_seconds = _plain(files)
    ours, plain = len(files) / seconds, len(files) / plain_seconds
    return Result(
        name="ingest",
        data=f"{len(files)} generated photographs, longest side {LONGEST} px, {mean_mb:.1f} MB each at the mean",
        split="nothing is fitted",
        tables=[
            Rows(
                "Taking photographs in, start of the program to last photograph searched",
                ("", "photographs/s", "seconds", "peak memory, all processes, MB"),
                [
                    ("cachet ingest (2 workers)", f"{ours:.2f}", f"{seconds:.1f}", f"{peak_mb:.0f}"),
                    (
                        "reading what is written, afterwards",
                        f"{len(files) / reading_seconds:.2f}",
                        f"{reading_seconds:.1f}",
                        f"{reading_mb:.0f}",
                    ),
                    ("plain script: decode + SIFT, one thread", f"{plain:.2f}", f"{plain_seconds:.1f}", "-"),
                    ("ratio", f"{ours / plain:.2f}", "", ""),
                ],
            )
        ],
        figures={
            "ingest.photos_per_s": ours,
            "ingest.peak_mb": max(peak_mb, reading_mb),
            "ingest.read_photos_per_s": len(files) / reading_seconds,
            "ingest.photographs": len(files),
            "ingest.ratio_to_plain_sift": ours / plain,
        },
    )


def _ingest(data: Path, photographs: Path, metadata: Path, *options: str) -> tuple[float, float]:
    """Seconds of wall clock, and the largest sum of unique memory over the process and its children, in MB."""
    program = Path(sys.executable).with_name("cachet")
    command = [str(program), "ingest", str(photographs), "--metadata", str(metadata), "--data-folder", str(data)]
    command += options
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    done = Event()
    peaks = [0.0]

    def watch() -> None:
        while not done.wait(0.2):
            peaks[0] = max(peaks[0], _family_mb(process.pid))

    watcher = Thread(target=watch)
    watcher.start()
    status = process.wait()
    seconds = time.perf_counter() - started
    done.set()
    watcher.join()
    if status != 0:
        raise RuntimeError(f"expected cachet ingest to succeed; found exit status {status}")
    return seconds, peaks[0]


def _family_mb(pid: int) -> float:
    try:
        parent = psutil.Process(pid)
        family = [parent, *parent.children(recursive=True)]
    except psutil.NoSuchProcess:
        return 0.0
    total = 0
    for process in family:
        try:
            total += process.memory_full_info().uss
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    return total / 2**20


def _plain(files: list[Path]) -> float:
    """Seconds that a plain script takes to decode the same files and find SIFT points on them."""
    threads = cv2.getNumThreads()
    cv2.setNumThreads(1)
    started = time.perf_counter()
    for file in files:
        grey = cv2.cvtColor(decode(file.read_bytes()).pixels, cv2.COLOR_RGB2GRAY)
        cv2.SIFT.create().detectAndCompute(grey, None)
    seconds = time.perf_counter() - started
    cv2.setNumThreads(threads)
    return seconds
