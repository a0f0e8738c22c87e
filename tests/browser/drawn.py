"""Photographs of stamped packages, drawn in a moment: two designs, as many views of each as a test asks for."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

SIZE = (1280, 960)
"""Width and height of a photograph, in pixels."""
STAMP = 360
"""Side of a stamp before it is photographed, in pixels."""


def star(seed: int = 1) -> NDArray[np.uint8]:
    """Draw the one design: a star in two rings, with the nicks of its press."""
    ink = np.zeros((STAMP, STAMP), np.uint8)
    middle = (STAMP // 2, STAMP // 2)
    cv2.circle(ink, middle, 160, 255, 12, cv2.LINE_AA)
    cv2.circle(ink, middle, 138, 255, 4, cv2.LINE_AA)
    angles = np.arange(14) * np.pi / 7 - np.pi / 2
    radius = np.where(np.arange(14) % 2 == 0, 118, 55)
    points = np.stack([middle[0] + radius * np.cos(angles), middle[1] + radius * np.sin(angles)], axis=1)
    cv2.fillPoly(ink, [np.round(points).astype(np.int32)], 255, cv2.LINE_AA)
    cv2.putText(ink, "K7", (140, 202), cv2.FONT_HERSHEY_DUPLEX, 1.6, 0, 5, cv2.LINE_AA)
    return _nicked(ink, seed)


def anchor(seed: int = 2) -> NDArray[np.uint8]:
    """Draw the other design: an anchor in a lozenge, with the nicks of its press."""
    ink = np.zeros((STAMP, STAMP), np.uint8)
    lozenge = np.array([[180, 12], [348, 180], [180, 348], [12, 180]], np.int32)
    cv2.polylines(ink, [lozenge], True, 255, 12, cv2.LINE_AA)
    cv2.circle(ink, (180, 92), 22, 255, 9, cv2.LINE_AA)
    cv2.line(ink, (180, 114), (180, 270), 255, 14, cv2.LINE_AA)
    cv2.line(ink, (128, 142), (232, 142), 255, 12, cv2.LINE_AA)
    cv2.ellipse(ink, (180, 190), (82, 82), 0, 15, 165, 255, 14, cv2.LINE_AA)
    cv2.putText(ink, "B", (100, 214), cv2.FONT_HERSHEY_DUPLEX, 1.4, 255, 4, cv2.LINE_AA)
    cv2.putText(ink, "4", (236, 214), cv2.FONT_HERSHEY_DUPLEX, 1.4, 255, 4, cv2.LINE_AA)
    return _nicked(ink, seed)


def photograph(path: Path, stamp: NDArray[np.uint8], *, turn: float, seed: int) -> Path:
    """Photograph a package that bears a stamp; the file says that it is drawn.

    Parameters
    ----------
    path : Path
        Where the JPEG goes.
    stamp : ndarray of shape (STAMP, STAMP), uint8
        The ink.
    turn : float
        Of the stamp on the package, in radians.
    seed : int
        Of the paper, the light and the place.

    Returns
    -------
    Path
        The same path.
    """
    random = np.random.default_rng(seed)
    width, height = SIZE
    table = cv2.resize(random.normal(92, 7, (height // 6, width // 6)).astype(np.float32), SIZE)
    scene = np.repeat(table[:, :, None], 3, axis=2) * np.array([0.92, 0.98, 1.0], np.float32)
    left, top = 170 + int(random.integers(0, 60)), 110 + int(random.integers(0, 40))
    right, bottom = left + 880, top + 700
    paper = cv2.resize(random.normal(196, 9, (140, 176)).astype(np.float32), (right - left, bottom - top))
    paper += random.normal(0, 4, paper.shape).astype(np.float32)
    tint = np.array([0.80, 0.92, 1.0], np.float32) if seed % 2 else np.array([0.96, 0.97, 0.98], np.float32)
    scene[top:bottom, left:right] = paper[:, :, None] * tint
    cv2.rectangle(scene, (left, top), (right, bottom), (70, 76, 80), 3, cv2.LINE_AA)

    size = 1.15 + 0.25 * float(random.random())
    place = (left + 250 + float(random.integers(0, 380)), top + 300 + float(random.integers(0, 100)))
    to_scene = cv2.getRotationMatrix2D((STAMP / 2, STAMP / 2), float(np.degrees(turn)), size)
    to_scene[:, 2] += np.array(place) - STAMP / 2
    ink = cv2.warpAffine(stamp, to_scene, SIZE, flags=cv2.INTER_LINEAR).astype(np.float32)[:, :, None] / 255
    scene = scene * (1 - 0.86 * ink) + np.array([60, 34, 40], np.float32) * 0.86 * ink

    light = np.linspace(0.86, 1.1, width, dtype=np.float32)[None, :, None]
    scene = scene * (light if seed % 2 else light[:, ::-1]) + random.normal(0, 3, scene.shape)
    scene = cv2.GaussianBlur(scene.astype(np.float32), (0, 0), 0.8)
    # Said beside the pixels: words on every picture would be a mark that all of them share.
    picture = Image.fromarray(np.clip(scene, 0, 255).astype(np.uint8)[:, :, ::-1])
    picture.save(path, quality=90, comment=b"drawn for a test, not seized")
    return path


def _nicked(ink: NDArray[np.uint8], seed: int) -> NDArray[np.uint8]:
    random = np.random.default_rng(seed)
    for _ in range(24):
        x, y = random.integers(20, STAMP - 20, 2)
        cv2.circle(ink, (int(x), int(y)), int(random.integers(2, 7)), 0, -1, cv2.LINE_AA)
    return ink
