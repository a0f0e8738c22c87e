"""Scales found by themselves, held against rulers that were read by hand."""

from __future__ import annotations

import csv
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.bench import Result, Rows, data_folder
from forensics.photo import Photo, decode
from forensics.scale import Scale, find_scales
from reference_samples.generator import PhotographTruth, PracticeParams, make_practice_set

REFERENCE = Path(__file__).with_name("scale_reference.csv")
"""Forty photographs of ``tablets_nih``, drawn by chance and measured by eye before the finder was written, from the
first to the last figure of the lower ruler. Every second one was for development, the others are for the report."""

_DEVELOPMENT, _REPORT, _CHECKED = 5, 6, 200
"""Training pictures of flickr_logos_27 that hold no ruler: those looked at while thresholds were set, and others."""

_PRACTICE_SEED = 4711


def run() -> Result:
    """Measure the finder on tablets with printed rulers, on pictures without any, and on practice photographs."""
    tablets = data_folder("toolmarks", "tablets_nih")
    rows = [row for row in _reference() if row["half"] == "report"]
    with_ruler = [row for row in rows if row["millimetres_per_pixel"]]
    upright = [_measured(decode((tablets / row["file"]).read_bytes()), row) for row in with_ruler]
    turned = [
        _measured(_turned(decode((tablets / row["file"]).read_bytes()), number), row)
        for number, row in enumerate(with_ruler)
    ]
    everything = [any(_known(found) for found in [find_scales(photo)]) for photo in _photographs(tablets)]
    empty = [row["file"] for row in rows if not row["millimetres_per_pixel"]]
    false_tablets = sum(bool(find_scales(decode((tablets / name).read_bytes()))) for name in empty)
    false_logos, seconds = _false_finds()
    practice = _practice()
    tables = (
        Rows(
            f"tablets_nih, the {len(with_ruler)} photographs of the half for the report that have rulers",
            ("", "found", "median error", "largest error"),
            [
                ("as they are", *_errors(upright)),
                ("turned by any angle, every second one mirrored", *_errors(turned)),
            ],
        ),
        Rows(
            "all of tablets_nih: a scale of known unit",
            ("photographs", "found"),
            [(str(len(everything)), str(sum(everything)))],
        ),
        Rows(
            "photographs without a scale",
            ("", "photographs", "with a false find"),
            [
                ("flickr_logos_27, training", str(_CHECKED), str(false_logos)),
                ("tablets_nih", str(len(empty)), str(false_tablets)),
                ("practice", str(practice.without), str(practice.false)),
            ],
        ),
        practice.table(),
        Rows("time", ("", "seconds"), [("photograph of 500 pixels without a scale", f"{seconds:.3f}")]),
    )
    errors = [error for error in upright if error is not None]
    figures = {
        "scale.found": len(errors) / len(upright),
        "scale.median_err": float(np.median(errors)),
        "scale.false_finds": false_logos / _CHECKED,
        "scale.practice_found": practice.known / max(practice.rulers, 1),
        "scale.practice_covered": practice.covered / max(practice.rulers, 1),
    }
    return Result(
        "scale",
        f"tablets_nih ({len(everything)} photographs), flickr_logos_27 (training, {_CHECKED}), a practice set",
        "the reference was made by hand before the finder; thresholds were set on its other half, on other training "
        "pictures and on another practice set",
        tables,
        figures,
    )


def _reference() -> list[dict[str, str]]:
    with REFERENCE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _photographs(folder: Path) -> Iterator[Photo]:
    for file in sorted(folder.glob("*.jpg")):
        yield decode(file.read_bytes())


def _known(found: Sequence[Scale]) -> bool:
    return bool(found) and found[0].millimetres_per_pixel is not None


def _measured(photo: Photo, row: dict[str, str]) -> float | None:
    """Relative error of the best scale; None where none of known unit was found."""
    found = find_scales(photo)
    if not found or found[0].millimetres_per_pixel is None:
        return None
    return abs(found[0].millimetres_per_pixel / float(row["millimetres_per_pixel"]) - 1)


def _turned(photo: Photo, number: int) -> Photo:
    """Turn a photograph by an angle of its own, on a larger ground of the colour of its border."""
    angle = Random(number).uniform(0, 360)
    side = int(np.hypot(photo.width, photo.height)) + 2
    matrix = cv2.getRotationMatrix2D((photo.width / 2, photo.height / 2), angle, 1.0)
    matrix[:, 2] += np.array([(side - photo.width) / 2, (side - photo.height) / 2])
    red, green, blue = (float(v) for v in np.median(photo.pixels[:, :3].reshape(-1, 3), axis=0))
    seen = cv2.warpAffine(photo.pixels, matrix, (side, side), flags=cv2.INTER_CUBIC, borderValue=(red, green, blue))
    pixels: NDArray[np.uint8] = np.ascontiguousarray(seen[:, ::-1] if number % 2 else seen, np.uint8)
    return Photo(pixels, "", photo.media_type)


def _errors(errors: Sequence[float | None]) -> tuple[str, str, str]:
    known = [error for error in errors if error is not None]
    return f"{len(known)} of {len(errors)}", f"{100 * np.median(known):.2f} %", f"{100 * max(known):.2f} %"


def _false_finds() -> tuple[int, float]:
    """How many of the training pictures for the report have a find, and the mean time of one."""
    folder = data_folder("logos", "flickr_logos_27")
    with (folder / "ground_truth.csv").open(encoding="utf-8", newline="") as file:
        names = sorted({row["image"] for row in csv.DictReader(file) if row["split"].startswith("train")})
    used = set(Random(_DEVELOPMENT).sample(names, _CHECKED))
    names = Random(_REPORT).sample([name for name in names if name not in used], _CHECKED)
    photographs = [decode((folder / name).read_bytes()) for name in names]
    start = time.process_time()
    finds = sum(bool(find_scales(photo)) for photo in photographs)
    return finds, (time.process_time() - start) / len(photographs)


class _Practice:
    """Counts over practice photographs; spoiled ones are left out."""

    def __init__(self) -> None:
        self.rulers = self.any = self.known = self.wrong = self.without = self.false = self.fine = self.fine_known = 0
        self.covered = 0
        self.errors: list[float] = []

    def add(self, truth: PhotographTruth, found: Sequence[Scale]) -> None:
        if truth.ruler is None:
            self.without += 1
            self.false += bool(found)
            return
        if truth.ruler.visible < 0.6:
            return
        self.rulers += 1
        polygon = np.array(truth.ruler.polygon, np.float32)
        on_it = [scale for scale in found if _shared(scale.polygon, polygon) > 0.05]
        self.any += bool(on_it)
        self.covered += sum(_shared(scale.polygon, polygon) for scale in on_it) >= 0.8
        fine = truth.ruler.tick_metres < 0.002 and truth.ruler.tick_metres >= 4 * truth.ruler.metres_per_pixel
        self.fine += fine
        known = [s.millimetres_per_pixel for s in on_it if s.millimetres_per_pixel is not None]
        if known:
            error = abs(known[0] / (1000 * truth.ruler.metres_per_pixel) - 1)
            self.known += 1
            self.fine_known += fine
            self.wrong += error > 0.1
            self.errors.append(error)

    def table(self) -> Rows:
        """Print the counts."""
        return Rows(
            f"practice photographs with a ruler: {self.rulers}",
            ("", "photographs"),
            [
                ("ruler found", str(self.any)),
                ("at least four fifths of it covered", str(self.covered)),
                ("with its unit", str(self.known)),
                ("of those, unit wrong (error over 10 %)", str(self.wrong)),
                ("median error, largest", f"{100 * np.median(self.errors):.2f} %, {100 * max(self.errors):.2f} %"),
                ("millimetre ticks four pixels apart or more: with unit", f"{self.fine_known} of {self.fine}"),
            ],
        )


def _shared(polygon: NDArray[np.float32], ruler: NDArray[np.float32]) -> float:
    """Part of a ruler that a polygon covers."""
    part = cv2.intersectConvexConvex(cv2.convexHull(polygon), cv2.convexHull(ruler))[0]
    return float(part) / max(float(cv2.contourArea(cv2.convexHull(ruler))), 1e-6)


def _practice() -> _Practice:
    counts = _Practice()
    with tempfile.TemporaryDirectory() as folder:
        made = make_practice_set(
            Path(folder), seed=_PRACTICE_SEED, params=PracticeParams(seizures=20, photographs=50, series_share=0.05)
        )
        for truth in made.truth.photographs:
            if truth.flaw is None:
                photo = decode((Path(folder) / "photographs" / truth.file).read_bytes())
                counts.add(truth, find_scales(photo))
    return counts
