"""The printed scale card on a photograph: its scale, its plane and which way round it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from forensics.photo import Photo
from forensics.photo.shrink import shrunk
from forensics.scale.layout import LAYOUTS, MODULES, CardName, Layout, dictionary


@dataclass(frozen=True, slots=True)
class CardParams:
    """What :func:`find_cards` can be set to.

    Attributes
    ----------
    working_sides : tuple of int
        Longest sides in pixels of the copies that are looked at (400 to 4,000 each); the next only where the one before
        showed no card. The first is for small cards, the second for cards that fill the photograph.
    window : int
        Side in pixels of the square whose mean tells black from white (odd, 9 to 61).
    markers : int
        The fewest markers that must agree on one plane (3 to 12). Two may agree by chance, three of a code of which
        one pattern in 1,800 is valid have not been seen to.
    agreement : float
        How far a marker's corner may lie from where the plane puts it, as a part of the marker's side (0.02 to 0.3);
        lenses bend.
    search : float
        Corners are looked for within this part of the distance to the next thing printed (0.4 to 0.75): blur
        brings its edge nearer.
    most_search : int
        The most pixels of that (5 to 40): bounds the time.
    moved : float
        A corner that lies further off the plane than this part of that distance, and than a pixel, is covered or is
        something else (0.05 to 0.5).
    contrast : float
        Least span of grey levels around a corner, as a part of the largest on the card (0.2 to 0.7).
    corners : int
        The fewest corners that fix the plane (6 to 20).
    share : float
        The least part of the corners found that must lie on it (0.4 to 0.9).
    blur : float
        Pixels by which blur and sharpening move an edge (0.1 to 1): no residual shows it, for all edges move alike.
    printed : float
        How true the print is, relative, once checked with a ruler: half a millimetre in a hundred, taken as the half
        width of a rectangular distribution (0.001 to 0.02).
    most_pixels : int
        The most pixels of a rectified photograph (a million to a hundred million).
    """

    working_sides: tuple[int, ...] = (1600, 640)
    window: int = 23
    markers: int = 3
    agreement: float = 0.12
    search: float = 0.6
    most_search: int = 15
    moved: float = 0.15
    contrast: float = 0.4
    corners: int = 8
    share: float = 0.6
    blur: float = 0.3
    printed: float = 0.003
    most_pixels: int = 24_000_000


@dataclass(frozen=True, slots=True)
class Card:
    """A scale card that was found.

    Attributes
    ----------
    name : str
        Which card.
    to_card : ndarray of shape (3, 3), float64
        Takes homogeneous pixels of the photograph to millimetres on the card, from its upper left corner: it rectifies
        everything that lies in the card's plane.
    millimetres_per_pixel : float
        In the middle of the chessboard; the square root of the ratio of areas, where the card slants.
    uncertainty : float
        Standard uncertainty of that, relative: the fit, the blur, the slant over the card, the print.
    slant : float
        Standard deviation, relative, of the millimetres per pixel over the card: of no account once rectified.
    polygon : ndarray of shape (4, 2), float32
        The card's corners in pixels; they may lie outside of the photograph.
    corners : int
        Corners of squares and of markers that were seen.
    residual : float
        Their root mean square deviation from the plane, in pixels.
    mirrored : bool
        Whether the photograph shows the card in a mirror.
    """

    name: CardName
    to_card: NDArray[np.float64]
    millimetres_per_pixel: float
    uncertainty: float
    slant: float
    polygon: NDArray[np.float32]
    corners: int
    residual: float
    mirrored: bool

    @property
    def layout(self) -> Layout:
        """What is printed on it."""
        return LAYOUTS[self.name]

    def millimetres_per_pixel_at(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Give the scale at places of the photograph, in the card's plane.

        Parameters
        ----------
        points : ndarray of shape (N, 2)
            Pixels.

        Returns
        -------
        ndarray of shape (N,)
            Millimetres per pixel: the square root of the ratio of areas.
        """
        return _local_scale(self.to_card, points)


def find_cards(photo: Photo, *, params: CardParams = CardParams()) -> tuple[Card, ...]:
    """Find the scale cards on a photograph, at any turn, mirrored too; one of each kind at most.

    Stages:

    1. Markers, and their mirror images, on a copy (Garrido-Jurado et al., Pattern Recognition 2014).
    2. Those that agree on one plane, by card and by whether they are mirrored.
    3. The corners of the chessboard in the photograph itself, to a part of a pixel.
    4. The plane once more, from these.

    Parameters
    ----------
    photo : Photo
        The photograph.
    params : CardParams
        See there.

    Returns
    -------
    tuple of Card
        The one with most corners first.
    """
    longest = max(photo.width, photo.height)
    copies, copy = [], photo.pixels
    for side in params.working_sides:
        shrink = min(1.0, side / longest)
        if shrink < 1:
            copy = shrunk(copy, (max(1, round(photo.width * shrink)), max(1, round(photo.height * shrink))))
        copies.append(copy)
    return cards_on(photo, copies, params=params)


def cards_on(
    photo: Photo, copies: Sequence[NDArray[np.uint8]], *, params: CardParams = CardParams()
) -> tuple[Card, ...]:
    """Find the cards as :func:`find_cards` does, on copies that were made before.

    Parameters
    ----------
    photo : Photo
        The photograph.
    copies : sequence of ndarray
        The same smaller, largest first; the next is looked at only where the one before showed no card.
    params : CardParams
        Its ``working_sides`` are not used.

    Returns
    -------
    tuple of Card
        As there.
    """
    for copy in copies:
        found = [card for plane in _planes(copy, params) if (card := _measured(photo, copy, plane, params)) is not None]
        if found:
            return tuple(sorted(found, key=lambda card: -card.corners))
    return ()


def rectified(
    photo: Photo, card: Card, *, millimetres_per_pixel: float | None = None, params: CardParams = CardParams()
) -> tuple[Photo, NDArray[np.float64]]:
    """Show a photograph as if taken from straight above the card's plane, the right way round.

    Parameters
    ----------
    photo : Photo
        The photograph.
    card : Card
        A card found on it.
    millimetres_per_pixel : float or None
        Of the result; the card's own where None.
    params : CardParams
        Bounds the size.

    Returns
    -------
    photo : Photo
        With its scale set.
    transform : ndarray of shape (3, 3), float64
        Takes homogeneous pixels of the photograph to pixels of the result.

    Notes
    -----
    What lies nearer to the horizon than the pixels allowed reach is cut off, the card never.
    """
    fine = card.millimetres_per_pixel if millimetres_per_pixel is None else millimetres_per_pixel
    frame = np.array(
        [[0, 0], [photo.width - 1, 0], [photo.width - 1, photo.height - 1], [0, photo.height - 1]], np.float64
    )
    middle = card.layout.corners.mean(axis=0)
    depth = np.column_stack([frame, np.ones(4)]) @ card.to_card[2]
    depth *= np.sign(np.append(card.polygon.mean(axis=0), 1) @ card.to_card[2])
    reach = np.sqrt(params.most_pixels) / 2 * fine
    # A corner beyond the horizon has no place in the plane; the frame then ends where the pixels do.
    placed = _moved(card.to_card, frame) if (depth > 0).all() else np.array([middle - reach, middle + reach])
    around = np.vstack([np.clip(placed, middle - reach, middle + reach), card.layout.corners])
    low, high = around.min(axis=0), around.max(axis=0)
    to_pixels = np.array([[1 / fine, 0, -low[0] / fine], [0, 1 / fine, -low[1] / fine], [0, 0, 1]])
    transform = to_pixels @ card.to_card
    size = (max(1, round((high[0] - low[0]) / fine)), max(1, round((high[1] - low[1]) / fine)))
    pixels = np.asarray(cv2.warpPerspective(photo.pixels, transform, size, flags=cv2.INTER_LINEAR), np.uint8)
    pixels.flags.writeable = False
    return replace(photo, pixels=pixels, metres_per_pixel=fine / 1000), transform


@dataclass(frozen=True, slots=True)
class _Plane:
    """2. A card roughly: from its millimetres to pixels of a copy."""

    layout: Layout
    mirrored: bool
    to_copy: NDArray[np.float64]


@lru_cache(maxsize=4)
def _detector(window: int) -> Any:
    settings = cv2.aruco.DetectorParameters()
    settings.adaptiveThreshWinSizeMin = settings.adaptiveThreshWinSizeMax = window
    return cv2.aruco.ArucoDetector(dictionary()[0], settings)


def _planes(copy: NDArray[np.uint8], params: CardParams) -> list[_Plane]:
    """1. and 2."""
    if min(copy.shape[:2]) < params.window:
        return []
    # 1.
    seen, numbers, _ = _detector(params.window).detectMarkers(cv2.cvtColor(copy, cv2.COLOR_RGB2GRAY))
    if numbers is None or len(numbers) < params.markers:
        return []
    count = dictionary()[1]
    # 2.
    planes = []
    for layout in LAYOUTS.values():
        boxes = layout.markers()
        for mirrored in (False, True):
            places, corners = [], []
            for number, quad in zip(np.ravel(numbers).tolist(), seen, strict=True):
                if number // count == mirrored and number % count in boxes:
                    x, y, wide, tall = boxes[number % count]
                    own = [[x, y], [x + wide, y], [x + wide, y + tall], [x, y + tall]]
                    # Upright in a mirror, the first corner of what is seen is the second of what was printed.
                    places.append([own[1], own[0], own[3], own[2]] if mirrored else own)
                    corners.append(quad.reshape(4, 2))
            if len(places) >= params.markers:
                matrix = _plane(np.array(places), np.array(corners, np.float64), mirrored, params)
                if matrix is not None:
                    planes.append(_Plane(layout, mirrored, matrix))
    return planes


def _plane(
    places: NDArray[np.float64], corners: NDArray[np.float64], mirrored: bool, params: CardParams
) -> NDArray[np.float64] | None:
    side = float(np.median(np.linalg.norm(corners - np.roll(corners, 1, axis=1), axis=2)))
    allowed = params.agreement * side
    matrix, agree = cv2.findHomography(places.reshape(-1, 2), corners.reshape(-1, 2), cv2.RANSAC, allowed)
    if matrix is None or int(agree.reshape(-1, 4).all(axis=1).sum()) < params.markers:
        return None
    # A plane seen from its back is not what the markers said.
    plane = np.asarray(matrix, np.float64)
    return plane if (_determinant(plane, places.reshape(-1, 2)) < 0).all() == mirrored else None


def _measured(photo: Photo, copy: NDArray[np.uint8], rough: _Plane, params: CardParams) -> Card | None:
    """3. and 4."""
    layout = rough.layout
    ratio = np.array([photo.width / copy.shape[1], photo.height / copy.shape[0]])
    grow = np.array([[ratio[0], 0, 0.5 * ratio[0] - 0.5], [0, ratio[1], 0.5 * ratio[1] - 0.5], [0, 0, 1]])
    to_photo = grow @ rough.to_copy
    # 3.
    inset = (layout.square - layout.marker) / 2
    of_markers = np.array(
        [[[x, y], [x + a, y], [x + a, y + b], [x, y + b]] for x, y, a, b in layout.markers().values()]
    )
    module = layout.marker / MODULES
    refined = [
        _refined(photo, to_photo, layout.saddles, inset, params),
        _refined(photo, to_photo, of_markers.reshape(-1, 2), min(module, inset), params),
    ]
    places, found = (np.concatenate(part) for part in zip(*refined, strict=True))
    # 4.
    if len(refined[0][0]) < 2 or len(found) < params.corners:
        return None
    allowed = max(1.0, params.moved * inset * float(np.sqrt(np.abs(_determinant(to_photo, places)).max())))
    matrix, agree = cv2.findHomography(places, found, cv2.RANSAC, allowed)
    if matrix is None or agree.sum() < max(params.corners, params.share * len(found)):
        return None
    places, found = places[agree.ravel() > 0], found[agree.ravel() > 0]
    to_photo = np.asarray(matrix / matrix[2, 2], np.float64)
    to_card = np.asarray(np.linalg.inv(to_photo), np.float64)
    board = layout.saddles.mean(axis=0)
    # A plane has eight numbers; each corner gives two.
    residual = float(np.sqrt(((found - _moved(to_photo, places)) ** 2).sum() / max(1, 2 * len(found) - 8)))
    local = _local_scale(to_card, _moved(to_photo, np.vstack([layout.corners, board])))
    slant = float(local[:-1].std() / local[-1])
    fit = residual * _leverage(to_photo, places, board)
    blurred = params.blur * float(local[-1]) / (layout.square * np.sqrt(layout.columns * layout.rows))
    return Card(
        name=layout.name,
        to_card=to_card,
        millimetres_per_pixel=float(local[-1]),
        uncertainty=float(np.sqrt(fit**2 + blurred**2 + slant**2 + params.printed**2)),
        slant=slant,
        polygon=_moved(to_photo, layout.corners).astype(np.float32),
        corners=len(found),
        residual=residual,
        mirrored=rough.mirrored,
    )


def _refined(
    photo: Photo, to_photo: NDArray[np.float64], places: NDArray[np.float64], clear: float, params: CardParams
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Find corners to a part of a pixel; ``clear`` millimetres around them there is nothing else."""
    expected = _moved(to_photo, places)
    free = clear * float(np.sqrt(np.abs(_determinant(to_photo, places)).min()))
    reach = int(np.clip(np.floor(params.search * free), 2, params.most_search))
    edge = reach + 2
    inside = ((expected >= edge) & (expected <= [photo.width - 1 - edge, photo.height - 1 - edge])).all(axis=1)
    places, expected = places[inside], expected[inside]
    if not len(places):
        return places, expected
    low = np.floor(expected.min(axis=0)).astype(int) - edge
    high = np.ceil(expected.max(axis=0)).astype(int) + edge + 1
    part = np.ascontiguousarray(photo.pixels[low[1] : high[1], low[0] : high[0]])
    grey = np.asarray(cv2.cvtColor(part, cv2.COLOR_RGB2GRAY), np.uint8)
    begun = (expected - low).astype(np.float32).reshape(-1, 1, 2)
    stop = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 20, 0.01)
    found = cv2.cornerSubPix(grey, begun.copy(), (reach, reach), (-1, -1), stop).reshape(-1, 2).astype(np.float64) + low
    # Where a thing covers the card there is no corner, and the search stays where it began.
    spans = [float(np.ptp(_around(grey, at, reach))) for at in (expected - low)]
    good = (np.linalg.norm(found - expected, axis=1) <= reach) & (np.array(spans) >= params.contrast * max(spans))
    return places[good], found[good]


def _around(grey: NDArray[np.uint8], at: NDArray[np.float64], reach: int) -> NDArray[np.uint8]:
    x, y = np.rint(at).astype(int).tolist()
    return grey[y - reach : y + reach + 1, x - reach : x + reach + 1]


def _leverage(to_photo: NDArray[np.float64], places: NDArray[np.float64], at: NDArray[np.float64]) -> float:
    """Give the standard deviation of the logarithm of the scale at a place, for corners uncertain by one pixel."""
    begun = to_photo.ravel()[:8]
    # Steps that move the picture by about a thousandth of a pixel.
    reach = np.array([*places.max(axis=0), 1.0])
    steps = 1e-3 / np.concatenate([reach, reach, reach[:2] * np.abs(_moved(to_photo, places)).max()])
    moves, logs = [], []
    for number, step in enumerate(steps):
        sides = []
        for sign in (1, -1):
            changed = begun.copy()
            changed[number] += sign * step
            matrix = np.append(changed, 1.0).reshape(3, 3)
            sides.append((_moved(matrix, places).ravel(), 0.5 * np.log(np.abs(_determinant(matrix, at[None])[0]))))
        moves.append((sides[0][0] - sides[1][0]) / 2)
        logs.append((sides[0][1] - sides[1][1]) / 2)
    return float(np.linalg.norm(np.linalg.lstsq(np.array(moves), np.array(logs), rcond=None)[0]))


def _moved(matrix: NDArray[np.float64], points: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(cv2.perspectiveTransform(np.asarray(points, np.float64)[None], matrix)[0], np.float64)


def _determinant(matrix: NDArray[np.float64], points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the ratio of areas at points; negative where the plane is turned over."""
    depth = np.column_stack([points, np.ones(len(points))]) @ matrix[2]
    return np.asarray(np.linalg.det(matrix) / depth**3, np.float64)


def _local_scale(to_card: NDArray[np.float64], points: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.sqrt(np.abs(_determinant(to_card, np.asarray(points, np.float64)))), np.float64)
