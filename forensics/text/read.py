"""Read what is written on a photograph."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from forensics.logo.region import Region, clipped
from forensics.photo import Photo
from forensics.text.engine import LINE_HEIGHT, Engine, engine
from forensics.text.text import Text, covered


@dataclass(frozen=True, slots=True)
class ReadParams:
    """What :func:`read` can be set to.

    Attributes
    ----------
    longest : int
        Longest side in pixels of the copy in which lines are looked for (320 to 2,048). The time of looking grows with
        its square; letters under about 4 pixels on the copy are missed. Lines that are found are spelt from the
        photograph itself, at whatever size they have there.
    tiles_from : int
        A photograph whose longest side is this many times ``longest`` (1.5 to 10) is looked at a second time, in
        tiles, for lines too small for the first look: letters under some 12 pixels, a label on one brick of a pallet.
    tile_overlap : float
        Part of a tile that its neighbour shows too (0 to 0.5): longer than most words are at that size.
    most_tiles : int
        The most tiles of one photograph (0 to 64), whatever its size: the time that one photograph may take is bounded.
    most_lines : int
        The most lines that are spelt, the largest first (1 to 500): a photographed page of print is no package.
    margin : float
        What is added around a found line before spelling, as a share of its height (0 to 0.5).
    sure : float
        A line that is read with this confidence (0.5 to 1) is not tried the other way up. Under it, every way that the
        line may stand is tried, and the surest is taken: nothing says which way up a package lies.
    square : float
        A line less than this many times as long as high (1 to 3) may be one of a few letters standing on its side.
    least_confidence : float
        Under this, what was spelt is texture, not text (0 to 1).
    least_alone : float
        A line of one letter is kept from this confidence on (0 to 1): rings, bars and corners look like letters to one
        who looks for letters.
    least_height : float
        Lines lower than this in pixels of the photograph are not spelt (4 to 20): nothing is left of their letters.
    same : float
        Of two lines found twice, whose overlap is more than this part of the smaller (0.2 to 0.9), the surer stays.
    """

    longest: int = 960
    tiles_from: float = 3.0
    tile_overlap: float = 0.15
    most_tiles: int = 4
    most_lines: int = 60
    margin: float = 0.08
    sure: float = 0.92
    square: float = 1.6
    least_confidence: float = 0.6
    least_alone: float = 0.95
    least_height: float = 7.0
    same: float = 0.5


def read(photo: Photo, *, regions: Sequence[Region] = (), params: ReadParams = ReadParams()) -> tuple[Text, ...]:
    """Read what is written on a photograph, at any angle.

    Stages:

    1. Look for lines on a small copy of the whole photograph; on a large one, also in tiles of it.
    2. Look for lines in the given regions, each enlarged to the same size.
    3. Straighten each line from the photograph itself, to the height that the recogniser knows.
    4. Spell it; where that is not sure, spell it the other ways it may stand, and take the surest.
    5. Leave out what is not sure enough, and what was found twice.

    Parameters
    ----------
    photo : Photo
        The photograph.
    regions : sequence of Region
        Parts of it to look at more closely, such as those that a person drew.
    params : ReadParams
        Settings.

    Returns
    -------
    tuple of Text
        From top to bottom, then from left to right. The same photograph is always read alike.

    Raises
    ------
    RegionRefused
        Where a region is none of the photograph.
    """
    networks = engine()
    # 1. and 2. Lines.
    found = _lines(photo, (0, 0, photo.width, photo.height), networks, params)
    for tile in _tiles(photo, params):
        # A line that a tile cuts is whole in its neighbour, or large enough for the first look.
        found += [line for line in _lines(photo, tile, networks, params) if not _cut(line, tile, photo)]
    for region in regions:
        found += _lines(photo, _box(clipped(photo, region)), networks, params)
    # 3. and 4. Spelling.
    levels = _levels(photo.pixels)
    tall_first = sorted(found, key=lambda line: (-_height(line), *line.ravel().tolist()))
    spelt = [_spell(levels, line, networks, params) for line in tall_first[: params.most_lines]]
    # 5. What stays.
    sure = [text for text in spelt if text.confidence >= _least(text, params)]
    kept: list[Text] = []
    for text in sorted(sure, key=lambda text: (-_weight(text), text.words)):
        if not any(covered(text.polygon, other.polygon) > params.same for other in kept):
            kept.append(text)
    return tuple(sorted(kept, key=lambda text: (text.polygon[:, 1].mean(), text.polygon[:, 0].mean())))


def _least(text: Text, params: ReadParams) -> float:
    return params.least_confidence if len(text.words) > 1 else params.least_alone


def _weight(text: Text) -> float:
    # Of two readings of one place the surer is better, and the longer: a tile may have cut the other.
    return text.confidence * len(text.words)


def _tiles(photo: Photo, params: ReadParams) -> list[tuple[int, int, int, int]]:
    """Boxes (left, top, right, bottom) that cover a large photograph; none for a small one."""
    if max(photo.width, photo.height) < params.tiles_from * params.longest:
        return []
    side = params.longest
    while True:
        across, down = (
            max(1, int(np.ceil((length / side - params.tile_overlap) / (1 - params.tile_overlap))))
            for length in (photo.width, photo.height)
        )
        if across * down <= params.most_tiles:
            break
        side = int(side * 1.1) + 1
    if across * down == 1:
        return []
    lefts = np.linspace(0, max(0, photo.width - side), across).round().astype(int)
    tops = np.linspace(0, max(0, photo.height - side), down).round().astype(int)
    return [
        (int(left), int(top), min(photo.width, int(left) + side), min(photo.height, int(top) + side))
        for top in tops
        for left in lefts
    ]


def _box(polygon: NDArray[np.float32]) -> tuple[int, int, int, int]:
    left, top = np.floor(polygon.min(axis=0)).astype(int).tolist()
    right, bottom = np.ceil(polygon.max(axis=0)).astype(int).tolist()
    return left, top, right, bottom


def _lines(
    photo: Photo, look: tuple[int, int, int, int], networks: Engine, params: ReadParams
) -> list[NDArray[np.float32]]:
    """Look for lines in a box (left, top, right, bottom); turned rectangles, in pixels of the photograph."""
    left, top, right, bottom = look
    part = photo.pixels[top:bottom, left:right]
    whole = part.shape == photo.pixels.shape
    factor = params.longest / max(part.shape[:2])
    if whole:
        factor = min(factor, 1.0)
    size = (max(32, round(part.shape[1] * factor)), max(32, round(part.shape[0] * factor)))
    copy = np.asarray(cv2.resize(part, size, interpolation=cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC), np.uint8)
    scale = np.array([part.shape[1] / size[0], part.shape[0] / size[1]], np.float32)
    lines = [corners * scale + np.array([left, top], np.float32) for corners in networks.find(copy)]
    return [line for line in lines if _height(line) >= params.least_height]


def _cut(line: NDArray[np.float32], tile: tuple[int, int, int, int], photo: Photo) -> bool:
    """Tell whether a line reaches a border of a tile that is none of the photograph."""
    # Two pixels: corners are found to a pixel of the copy.
    reach = 2.0
    left, top = line.min(axis=0).tolist()
    right, bottom = line.max(axis=0).tolist()
    return (
        (tile[0] > 0 and left <= tile[0] + reach)
        or (tile[1] > 0 and top <= tile[1] + reach)
        or (tile[2] < photo.width and right >= tile[2] - reach)
        or (tile[3] < photo.height and bottom >= tile[3] - reach)
    )


def _height(line: NDArray[np.float32]) -> float:
    sides = np.linalg.norm(line - np.roll(line, -1, axis=0), axis=1)
    return float(min(sides[0] + sides[2], sides[1] + sides[3]) / 2)


def _levels(pixels: NDArray[np.uint8]) -> list[NDArray[np.uint8]]:
    """Give the picture and its halvings, so that a large line is made small without breaking its strokes."""
    levels = [pixels]
    while min(levels[-1].shape[:2]) >= 4 * LINE_HEIGHT:
        levels.append(np.asarray(cv2.resize(levels[-1], None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.uint8))
    return levels


def _spell(
    levels: Sequence[NDArray[np.uint8]], line: NDArray[np.float32], networks: Engine, params: ReadParams
) -> Text:
    best = Text(line, "", 0.0)
    for corners in _ways(line, params):
        words, confidence = networks.spell(_straightened(levels, corners, params))
        if words.strip() and confidence > best.confidence:
            best = Text(corners, " ".join(words.split()), confidence)
        if best.confidence >= params.sure:
            break
    return best


def _ways(line: NDArray[np.float32], params: ReadParams) -> list[NDArray[np.float32]]:
    """Every way that a line may stand, likeliest first: its long side is a row of letters, more often left to right."""
    along, across = (float(np.linalg.norm(line[k + 1] - line[k])) for k in (0, 1))
    upright = line if along >= across else np.roll(line, -1, axis=0)
    if (upright[1] - upright[0])[0] < 0:
        upright = np.roll(upright, -2, axis=0)
    ways = [upright, np.roll(upright, -2, axis=0)]
    if max(along, across) < params.square * max(1.0, min(along, across)):
        ways += [np.roll(upright, -1, axis=0), np.roll(upright, -3, axis=0)]
    return ways


def _straightened(
    levels: Sequence[NDArray[np.uint8]], corners: NDArray[np.float32], params: ReadParams
) -> NDArray[np.uint8]:
    along = float(np.linalg.norm(corners[1] - corners[0]))
    high = max(1.0, float(np.linalg.norm(corners[3] - corners[0])))
    level = int(np.clip(np.log2(max(high / LINE_HEIGHT, 1.0)), 0, len(levels) - 1))
    right = (corners[1] - corners[0]) / max(along, 1.0)
    down = (corners[3] - corners[0]) / high
    margin = params.margin * high
    origin = corners[0] - margin * (right + down)
    # From pixels of the straightened line to pixels of the level; the centre of the first pixel is (0, 0) in both.
    step = (high + 2 * margin) / LINE_HEIGHT
    width = max(LINE_HEIGHT // 2, round((along + 2 * margin) / step))
    shrink = 2.0**-level
    matrix = np.column_stack([right * step, down * step, origin]).astype(np.float64) * shrink
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    line = cv2.warpAffine(levels[level], matrix, (width, LINE_HEIGHT), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(line, np.uint8)
