"""Plain programs that the logo search is measured beside, on the same pictures in the same run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import cv2
import faiss
import numpy as np
from numpy.typing import NDArray

from benchmarks.retrieval import Answer
from forensics.logo.rootsift import rootsift

LISTS = 512
"""Of the inverted file that votes of RootSIFT are looked up in; a sixteenth of them is looked at."""

VERIFIED = 50
"""Pictures that a peer compares geometrically, after voting."""


class Peer(Protocol):
    """A program that ranks the gallery for a query."""

    def answer(self, query: Path) -> Answer:
        """Rank the gallery."""
        ...


def _grey(file: Path, longest: int) -> NDArray[np.uint8]:
    picture = cv2.imread(str(file), cv2.IMREAD_GRAYSCALE)
    if picture is None:
        raise ValueError(f"expected a picture; found {file}. Check the data set.")
    factor = min(1.0, longest / max(picture.shape))
    small = cv2.resize(picture, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA) if factor < 1 else picture
    return np.asarray(small, np.uint8)


@dataclass(frozen=True, slots=True)
class _Described:
    places: NDArray[np.float32]
    local: NDArray[Any]


def _rootsift(file: Path) -> _Described:
    found, raw = cv2.SIFT.create(nfeatures=300).detectAndCompute(_grey(file, 640), None)
    places = np.array([point.pt for point in found], np.float32).reshape(-1, 2)
    return _Described(places, rootsift(np.asarray(raw if len(found) else np.zeros((0, 128)), np.float32)))


def _orb(file: Path) -> _Described:
    found, raw = cv2.ORB.create(nfeatures=300).detectAndCompute(_grey(file, 640), None)
    places = np.array([point.pt for point in found], np.float32).reshape(-1, 2)
    return _Described(places, np.asarray(raw if len(found) else np.zeros((0, 32)), np.uint8))


class LocalPeer:
    """Voting of local features, then inliers of an affine RANSAC; the votes decide between equals."""

    def __init__(self, gallery: Sequence[Path], describe: Callable[[Path], _Described]) -> None:
        self._describe = describe
        self._gallery = {file.name: describe(file) for file in gallery}
        names = list(self._gallery)
        self._owner = np.repeat(np.array(names), [len(self._gallery[name].places) for name in names])
        every = np.concatenate([self._gallery[name].local for name in names])
        self._binary = every.dtype == np.uint8
        width = every.shape[1]
        if self._binary:
            index: Any = faiss.IndexBinaryFlat(width * 8)
        else:
            # Exact search would be most of the benchmark's time.
            index = faiss.IndexIVFFlat(faiss.IndexFlatL2(width), width, LISTS)
            index.train(every[:: max(1, len(every) // (40 * LISTS))])
            index.nprobe = LISTS // 16
        index.add(every)
        self._index = index

    @classmethod
    def rootsift(cls, gallery: Sequence[Path]) -> LocalPeer:
        """RootSIFT, 640 pixels, 300 points a picture."""
        return cls(gallery, _rootsift)

    @classmethod
    def orb(cls, gallery: Sequence[Path]) -> LocalPeer:
        """ORB, 640 pixels, 300 points a picture."""
        return cls(gallery, _orb)

    def answer(self, query: Path) -> Answer:
        """Rank the gallery."""
        asked = self._describe(query)
        votes: Counter[str] = Counter()
        if len(asked.places):
            _, nearest = self._index.search(asked.local, 5)
            for owners in self._owner[nearest]:
                votes.update(set(owners.tolist()))
        inliers = {name: self._inliers(asked, self._gallery[name]) for name, _ in votes.most_common(VERIFIED)}
        order = sorted(votes, key=lambda name: (-inliers.get(name, 0), -votes[name], name))
        return Answer(
            [*order, *(name for name in self._gallery if name not in votes)], max(inliers.values(), default=0)
        )

    def _inliers(self, asked: _Described, seen: _Described) -> int:
        if min(len(asked.places), len(seen.places)) < 4:
            return 0
        matcher = cv2.BFMatcher.create(cv2.NORM_HAMMING if self._binary else cv2.NORM_L2)
        pairs = matcher.knnMatch(asked.local, seen.local, 2)
        good = [first for first, second in pairs if first.distance < 0.8 * second.distance]
        if len(good) < 4:
            return 0
        here = asked.places[[match.queryIdx for match in good]]
        there = seen.places[[match.trainIdx for match in good]]
        affine, kept = cv2.estimateAffine2D(here, there, method=cv2.RANSAC, ransacReprojThreshold=8.0)
        return 0 if affine is None else int(kept.sum())


class HashPeer:
    """Perceptual hash: the signs of the 63 lowest cosine coefficients of a 32 x 32 picture, by Hamming distance."""

    def __init__(self, gallery: Sequence[Path]) -> None:
        self._gallery: Mapping[str, NDArray[np.bool_]] = {file.name: self._hash(file) for file in gallery}

    def answer(self, query: Path) -> Answer:
        """Rank the gallery."""
        asked = self._hash(query)
        alike = {name: float((asked == seen).mean()) for name, seen in self._gallery.items()}
        order = sorted(alike, key=lambda name: (-alike[name], name))
        return Answer(order, alike[order[0]])

    @staticmethod
    def _hash(file: Path) -> NDArray[np.bool_]:
        small = cv2.resize(_grey(file, 640), (32, 32), interpolation=cv2.INTER_AREA).astype(np.float32)
        low = np.asarray(cv2.dct(small))[:8, :8].ravel()[1:]
        return np.asarray(low > np.median(low))
