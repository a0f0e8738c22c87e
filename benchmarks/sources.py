"""Described pictures that a large installation is made of, and how much a point changes from one take to the next."""

from __future__ import annotations

import hashlib
import os
import pickle
import tempfile
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import cv2
import numpy as np
import skimage.data
from numpy.typing import NDArray

import forensics.logo
from benchmarks.bench import DataMissing, data_folder
from forensics.logo import D_LOCAL, LogoFeatures, compare, describe_all, find_regions, whole
from forensics.photo import decode
from reference_samples.generator import PracticeParams, make_practice_set

GENERATED = 160
"""Practice photographs that are made for it."""

TAKEN_AGAIN = 100
"""Pictures of which a second photograph is imitated."""

FREE = ("astronaut", "brick", "camera", "cat", "coffee", "coins", "grass", "gravel", "page", "rocket", "text")
"""Photographs that scikit-image carries with it."""


@dataclass(frozen=True, slots=True)
class Region:
    """A described region: its outline in pixels of the picture, and its packed features."""

    polygon: NDArray[np.float32]
    features: bytes


@dataclass(frozen=True, slots=True)
class Picture:
    """A described picture.

    Attributes
    ----------
    name : str
        The set and the file that it comes from.
    width, height : int
        In pixels.
    regions : tuple of Region
        The whole first.
    """

    name: str
    width: int
    height: int
    regions: tuple[Region, ...]

    @property
    def whole(self) -> LogoFeatures:
        """The features of the whole picture."""
        return LogoFeatures.from_bytes(self.regions[0].features)


@dataclass(frozen=True, slots=True)
class Sources:
    """What a large installation is made of.

    Attributes
    ----------
    pictures : tuple of Picture
        Described as the program describes them.
    again : dict of int to Picture
        Of some of them, by place: as they are photographed again.
    changes : ndarray of shape (N, D_LOCAL), int16
        By how much the descriptors of points that agree differ between the two.
    words : str
        Which pictures, and how many.
    """

    pictures: tuple[Picture, ...]
    again: dict[int, Picture]
    changes: NDArray[np.int16]
    words: str


def sources() -> Sources:
    """Describe pictures, or take what was described before from the folder for passing files.

    Returns
    -------
    Sources
        Sets that are not on this machine are left out, and named in the words. None of the pictures is of
        flickr_logos_27: to its queries these are others.
    """
    kept = Path(tempfile.gettempdir()) / f"cachet-bench-{_code()}.pickle"
    # Only what this user wrote is believed: the folder is everybody's.
    if kept.is_file() and kept.stat().st_uid == os.getuid():
        known: Sources = pickle.loads(kept.read_bytes())  # noqa: S301 - written by this program, for itself
        return known
    with tempfile.TemporaryDirectory(prefix="cachet-bench-") as folder:
        named, words = _files(Path(folder))
        chance = np.random.default_rng(1)
        again = sorted(chance.choice(len(named), min(TAKEN_AGAIN, len(named)), replace=False).tolist())
        tasks = [(name, data, 0) for name, data in named] + [(*named[place], place + 1) for place in again]
        with ProcessPoolExecutor(
            2, mp_context=get_context("spawn"), initializer=cv2.setNumThreads, initargs=(1,)
        ) as run:
            described = list(run.map(_described, tasks, chunksize=4))
    pictures = tuple(described[: len(named)])
    second = dict(zip(again, described[len(named) :], strict=True))
    changes = np.concatenate([_changes(pictures[place], other) for place, other in second.items()])
    made = Sources(pictures, second, changes, words)
    kept.write_bytes(pickle.dumps(made))
    return made


def _files(folder: Path) -> tuple[list[tuple[str, bytes]], str]:
    """Return names and bytes of pictures, and what they are in words."""
    practice = make_practice_set(
        folder / "practice", seed=77, params=PracticeParams(seizures=60, photographs=GENERATED, longest=1000)
    )
    found: dict[str, Callable[[], Iterable[Path]]] = {
        "generated practice photographs": lambda: practice.photographs.iterdir(),
        "tablets_nih": lambda: data_folder("toolmarks", "tablets_nih").glob("*.jp*g"),
        "bottle_caps": lambda: data_folder("logos", "bottle_caps", "database", "caps").iterdir(),
        "oxford_affine/graf": lambda: data_folder("logos", "oxford_affine", "graf").glob("*.p*m"),
    }
    named, words = [], []
    for name, files in found.items():
        try:
            some = [(f"{name}/{file.name}", _as_png(file)) for file in sorted(files())]
        except DataMissing:
            words.append(f"{name} left out, for it is not on this machine")
            continue
        named += some
        words.append(f"{name} {len(some)}")
    free = [(f"scikit-image/{name}", _png(np.asarray(getattr(skimage.data, name)()))) for name in FREE]
    return named + free, ", ".join([*words, f"scikit-image {len(free)}"])


def _as_png(file: Path) -> bytes:
    """Return a file's bytes; of a format that the program does not take, as PNG."""
    if file.suffix in (".ppm", ".pgm"):
        return cv2.imencode(".png", np.asarray(cv2.imread(str(file))))[1].tobytes()
    return file.read_bytes()


def _png(pixels: NDArray[np.uint8]) -> bytes:
    colour = pixels[..., 2::-1] if pixels.ndim == 3 else pixels
    return cv2.imencode(".png", np.ascontiguousarray(colour))[1].tobytes()


def _described(task: tuple[str, bytes, int]) -> Picture:
    name, data, again = task
    if again:
        data = taken_again(data, seed=again)
    photo = decode(data)
    regions = (whole(photo), *find_regions(photo))
    features = describe_all(photo, regions)
    packed = tuple(
        Region(np.asarray(region.polygon, np.float32), seen.to_bytes())
        for region, seen in zip(regions, features, strict=True)
    )
    return Picture(name, photo.width, photo.height, packed)


def taken_again(data: bytes, *, seed: int) -> bytes:
    """Imitate a second photograph of a thing: turned freely, nearer or farther, oblique, blurred, in another light."""
    chance = np.random.default_rng(seed)
    pixels = np.asarray(cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR))
    height, width = pixels.shape[:2]
    side = int(np.hypot(height, width))
    zoom = chance.uniform(0.7, 1.1) * min(1.0, 1000 / max(height, width))
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    angle = chance.uniform(0, 2 * np.pi)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    oblique = chance.uniform(-0.05, 0.05, (4, 2)) * [width, height]
    seen = ((corners + oblique - [width / 2, height / 2]) @ turn.T * zoom + side * zoom / 2).astype(np.float32)
    out = max(1, round(side * zoom))
    seen_from = cv2.getPerspectiveTransform(corners, seen)
    view = cv2.warpPerspective(pixels, seen_from, (out, out), flags=cv2.INTER_AREA, borderValue=(128, 128, 128))
    view = cv2.GaussianBlur(view, (0, 0), chance.uniform(0.4, 1.2)).astype(np.float32)
    view = 255 * (view / 255) ** chance.uniform(0.8, 1.25) + chance.normal(0, 3, view.shape)
    return cv2.imencode(".jpg", np.clip(view, 0, 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, 80])[1].tobytes()


def _changes(first: Picture, second: Picture) -> NDArray[np.int16]:
    one, other = second.whole, first.whole
    compared = compare(one, other)
    if not compared:
        return np.zeros((0, D_LOCAL), np.int16)
    here = _rows(one.points, compared.query_points)
    there = _rows(other.points, compared.reference_points)
    return one.local[here].astype(np.int16) - other.local[there].astype(np.int16)


def _rows(points: NDArray[np.float32], places: NDArray[np.float32]) -> list[int]:
    """Return which of the points lie at places."""
    by_place = {(x, y): row for row, (x, y) in enumerate(points[:, :2].tolist())}
    return [by_place[x, y] for x, y in places.tolist()]


def _code() -> str:
    """Return a name for the describing code as it is, so that what another version described is not taken for it."""
    folder = Path(forensics.logo.__file__).parent
    files: Sequence[Path] = sorted(file for file in folder.rglob("*") if file.suffix in (".py", ".npz", ".onnx"))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]
