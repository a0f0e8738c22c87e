"""Scales on a photograph: scale cards, rulers, tape measures, L-shaped scales, printed combs of millimetres."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from forensics.photo import Photo
from forensics.photo.shrink import shrunk
from forensics.scale.area import AreaParams, cover
from forensics.scale.card import Card, CardParams, cards_on
from forensics.scale.comb import Comb, CombParams, find_combs
from forensics.scale.figures import FigureParams, Figures, find_figures, read_unit
from forensics.scale.pattern import Pattern, PatternParams, read_pattern
from forensics.scale.scale import Scale
from forensics.scale.strip import Strip, Ticks, cut_strip, measure_ticks
from forensics.scale.strokes import StrokeParams, find_strokes

_INCH = 25.4
_BY_LENGTHS = {"tenths": 1.0, "twentieths": 0.5, "eighths": _INCH / 8, "sixteenths": _INCH / 16}
"""Millimetres of a tick, where their lengths tell it; halves and quarters may be of inches or of centimetres."""


@dataclass(frozen=True, slots=True)
class ScaleParams:
    """What :func:`find_scales` can be set to.

    Attributes
    ----------
    working_side : int
        Longest side in pixels of the copy that is looked at (600 to 4,000).
    coarser : float
        A second copy is smaller by this (1.5 to 6), for rulers that fill the photograph.
    candidates : int
        The most rows of strokes looked at closely on a copy (4 to 60): bounds the time.
    most : int
        The most scales returned (1 to 50).
    seen : float
        Least part of the ticks of a row that are strokes of their own (0.3 to 0.9).
    fine_pitch, fine_ticks, fine_regions : float and int
        Rows of at least so many strokes less than so many pixels apart are looked at twice as large: strokes that are
        near run into each other (3 to 10; 8 to 40; 0 to 10, which bounds the time).
    residual : float
        Most deviation from equal distances, as a part of the distance (0.02 to 0.2).
    fine_residual : float
        The same where nothing but a word or another scale speaks for it (0.005 to 0.1).
    even_residual : float
        The same for a scale whose unit is not known (0.003 to 0.05).
    even_ticks : int
        The fewest ticks of such a scale (6 to 30).
    alike : float
        Least likeness of nine ticks in ten to the typical one (0.3 to 0.95): print repeats, nature does not.
    end_length : float
        A first or last tick that is longer than all the others by this factor is the edge of something (1.05 to 2).
    there : float
        Least part of the ticks that is seen (0.6 to 1).
    page : tuple of two floats
        With ink on a part of the ground outside of the feet that lies between these, ticks of unknown unit are print
        of another kind, such as a page of text (0 to 0.2, and 0.3 to 1).
    least_contrast : float
        Grey levels between ticks and ground (3 to 40).
    pattern_fit : float
        Least part of the variation of lengths explained where the unit hangs on it (0.6 to 0.95).
    figures : int
        The fewest figures at equal steps that make a row of equal ticks a scale (3 to 10).
    same_pitch : float
        Two scales whose distances differ by less than this part count in the same unit (0.003 to 0.05).
    made : float
        How true rulers are, relative: class II of Directive 2014/32/EU allows 0.5 mm on 150 mm (0.0005 to 0.01).
    cards, strokes, combs, patterns, print, area
        Of the steps; see there.
    """

    working_side: int = 1600
    coarser: float = 2.5
    candidates: int = 14
    most: int = 12
    seen: float = 0.6
    fine_pitch: float = 5.5
    fine_ticks: int = 12
    fine_regions: int = 2
    residual: float = 0.1
    fine_residual: float = 0.03
    even_residual: float = 0.02
    even_ticks: int = 8
    alike: float = 0.6
    end_length: float = 1.25
    there: float = 0.85
    page: tuple[float, float] = (0.03, 0.5)
    least_contrast: float = 8.0
    pattern_fit: float = 0.75
    figures: int = 4
    same_pitch: float = 0.015
    made: float = 0.003
    cards: CardParams = field(default_factory=CardParams)
    strokes: StrokeParams = field(default_factory=StrokeParams)
    combs: CombParams = field(default_factory=CombParams)
    patterns: PatternParams = field(default_factory=PatternParams)
    print: FigureParams = field(default_factory=FigureParams)
    area: AreaParams = field(default_factory=AreaParams)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A comb with what was read of it; all in pixels of one copy of the photograph."""

    comb: Comb
    strip: Strip
    ticks: Ticks
    pattern: Pattern
    longest: float
    shortest: float
    figures: Figures
    unit: float | None
    unit_from: Literal["lengths", "word", "figures", "another", "nothing"]
    certain: bool


def find_scales(photo: Photo, *, params: ScaleParams = ScaleParams()) -> tuple[Scale, ...]:
    """Find the scales on a photograph, at any turn, mirrored too.

    Stages:

    0. Copies of the photograph of two sizes; scale cards on them, which are not searched for rulers again.
    1. Thin strokes on each copy.
    2. Combs: strokes side by side at equal distances, one end of each on one line.
    3. Each comb laid straight: do its ticks look alike, how long is each, what figures stand beside it.
    4. What a tick counts: from the order of the lengths, the word of the unit, or the figures. Bars, fences and
       stripes have none of these and are left out.
    5. Rows of as even distances as a scale that was read are of the same unit: the other arm, the other edge.
    6. Where the copy was too small to read the unit, the same again on that part of the photograph in full.
    7. The area that each covers; of those that overlap the best remains.

    Parameters
    ----------
    photo : Photo
        The photograph.
    params : ScaleParams
        See there.

    Returns
    -------
    tuple of Scale
        Cards first, then those of known unit, then by the number of ticks; empty where none was found, which says
        nothing.
    """
    longest = max(photo.width, photo.height)
    # 0.
    shrinks = [min(1.0, side / longest) for side in (params.working_side, params.working_side / params.coarser)]
    copies = [photo.pixels]
    for shrink in shrinks:
        copies.append(_copy(copies[-1], shrink * photo.width / copies[-1].shape[1]))
    found = [_of_card(card) for card in cards_on(photo, copies[1:], params=params.cards)]
    for copy, shrink in zip(copies[1:], shrinks, strict=True):
        before = [((scale.polygon + 0.5) * shrink - 0.5).astype(np.float32) for scale in found]
        for scale in _find_on(copy, params, before):
            # 6.
            better = _in_full(photo.pixels, scale, shrink, params) if shrink < 1 else ()
            found.extend(better or (_moved(scale, 1 / shrink, (0.0, 0.0)),))
        if longest * 1.2 < params.working_side / params.coarser:
            break
    return _best(found, params)


def _of_card(card: Card) -> Scale:
    layout = card.layout
    mirror = ", seen in a mirror" if card.mirrored else ""
    return Scale(
        polygon=card.polygon,
        millimetres_per_pixel=card.millimetres_per_pixel,
        uncertainty=card.uncertainty,
        ticks=card.corners,
        pixels_per_tick=layout.square / card.millimetres_per_pixel,
        millimetres_per_tick=layout.square,
        unit_from="card",
        words=f"Scale card of {layout.width:g} by {layout.height:g} mm{mirror}; {card.corners} corners of its squares.",
    )


def _copy(pixels: NDArray[np.uint8], shrink: float) -> NDArray[np.uint8]:
    if shrink > 0.999:
        return pixels
    return shrunk(pixels, (max(1, round(pixels.shape[1] * shrink)), max(1, round(pixels.shape[0] * shrink))))


def _in_full(pixels: NDArray[np.uint8], scale: Scale, shrink: float, params: ScaleParams) -> tuple[Scale, ...]:
    """6."""
    if scale.millimetres_per_pixel is not None:
        return ()
    around = scale.polygon / shrink
    left, top = np.maximum(np.floor(around.min(axis=0)).astype(int) - 8, 0).tolist()
    right, bottom = (np.ceil(around.max(axis=0)).astype(int) + 9).tolist()
    part = np.ascontiguousarray(pixels[top:bottom, left:right])
    if min(part.shape[:2]) < 8 or part.shape[0] * part.shape[1] > params.working_side**2:
        return ()
    found = tuple(_moved(one, 1.0, (left, top)) for one in _find_on(part, params))
    return found if any(one.millimetres_per_pixel is not None for one in found) else ()


def _moved(scale: Scale, factor: float, by: tuple[float, float]) -> Scale:
    """Give a scale of a copy in pixels of the photograph."""
    per_pixel = scale.millimetres_per_pixel
    return replace(
        scale,
        polygon=((scale.polygon + 0.5) * factor - 0.5 + np.array(by)).astype(np.float32),
        millimetres_per_pixel=None if per_pixel is None else per_pixel / factor,
        pixels_per_tick=scale.pixels_per_tick * factor,
    )


def _find_on(
    pixels: NDArray[np.uint8], params: ScaleParams, covered: Sequence[NDArray[np.float32]] = (), *, finer: bool = True
) -> list[Scale]:
    """Stages 1 to 5 and the areas, on one copy; not where scales were found before."""
    if min(pixels.shape[:2]) < 8:
        return []
    # 1.
    grey = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8)
    strokes = find_strokes(grey, params=params.strokes)
    # 2.
    combs = [comb for comb in find_combs(strokes, params=params.combs) if comb.residual <= params.residual]
    close = [comb for comb in combs if comb.pitch < params.fine_pitch and len(comb.number) >= params.fine_ticks]
    combs = [comb for comb in combs if len(comb.number) >= params.seen * (comb.number[-1] + 1)][: params.candidates]
    # 3. and 4.
    looked: list[_Candidate] = []
    scales: list[Scale] = []
    covered = list(covered)
    for comb in combs:
        if _within(comb, covered):
            continue
        if (one := _look_at(pixels, comb, params)) is not None:
            looked.append(one)
            if one.unit is not None:
                scales.append(_scale(pixels, one, params))
                covered.append(scales[-1].polygon)
    known = [one for one in looked if one.unit is not None]
    scales = [_scale(pixels, one, params) for one in known]
    for one in sorted(
        (one for one in looked if one.unit is None), key=lambda one: (-one.figures.count, one.comb.residual)
    ):
        # 5.
        fine = one.comb.residual <= params.fine_residual
        same = [other for other in known if abs(one.comb.pitch / other.comb.pitch - 1) < params.same_pitch]
        if fine and same:
            told = replace(one, unit=same[0].unit, unit_from="another")
        else:
            told = _read_beside(pixels, one, params) if fine else one
            known.extend([told] if told.unit is not None else [])
        if told.unit is not None or told.certain:
            scales.append(_scale(pixels, told, params))
            covered.extend([scales[-1].polygon] if told.unit is not None else [])
    for comb in [comb for comb in close if not _within(comb, covered)][: params.fine_regions if finer else 0]:
        if not _within(comb, covered):
            scales.extend(_find_twice_as_large(pixels, comb, params))
            covered.extend(scale.polygon for scale in scales)
    return scales


def _find_twice_as_large(pixels: NDArray[np.uint8], comb: Comb, params: ScaleParams) -> list[Scale]:
    """Look again around a comb of near strokes: three or four pixels apart they run into each other."""
    around = 4 * float(np.quantile(comb.length, 0.9))
    left, top = np.maximum(np.floor(comb.foot.min(axis=0) - around).astype(int), 0).tolist()
    right, bottom = np.ceil(comb.foot.max(axis=0) + around).astype(int).tolist()
    part = cv2.resize(pixels[top:bottom, left:right], None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
    found = _find_on(np.asarray(part, np.uint8), params, finer=False)
    return [_moved(scale, 0.5, (left, top)) for scale in found if scale.millimetres_per_pixel is not None]


def _within(comb: Comb, covered: Sequence[NDArray[np.float32]]) -> bool:
    """Whether a comb lies where a scale was found."""
    ends = (comb.foot[0], comb.foot[len(comb.foot) // 2], comb.foot[-1])
    near = -0.3 * float(np.median(comb.length))
    return any(
        all(cv2.pointPolygonTest(polygon, (float(x), float(y)), measureDist=True) > near for x, y in ends)
        for polygon in covered
    )


def _read_beside(pixels: NDArray[np.uint8], one: _Candidate, params: ScaleParams) -> _Candidate:
    """Look for the word of the unit; only where the ticks look like a scale's, for it takes time."""
    figures = one.figures
    numbered = figures.count >= params.figures and figures.every in (1, 2)
    if not numbered and (one.pattern.name != "equal" or one.strip.ticks < params.even_ticks):
        return one
    every = figures.every if numbered else 1
    # 0, 10, 20 or 0, 1, 2; where all have two digits it may be either.
    if numbered and figures.double == figures.count:
        return one
    step = 10 if numbered and figures.double == figures.count - 1 else 1
    word = read_unit(
        pixels,
        one.strip,
        longest=one.longest,
        contrast=one.ticks.contrast,
        ground=one.ticks.ground,
        params=params.print,
    )
    if word == "mm":
        return replace(one, unit=step / every, unit_from="word")
    if word == "cm" and numbered and step == 1:
        return replace(one, unit=10.0 / every, unit_from="word")
    return one


def _look_at(pixels: NDArray[np.uint8], comb: Comb, params: ScaleParams) -> _Candidate | None:
    """3. and 4.; None where it is no row of printed ticks."""
    for _ in range(3):
        short, long = (float(v) for v in np.quantile(comb.length, (0.25, 0.95)))
        strip = cut_strip(pixels, comb, outside=0.5 * long, inside=1.8 * long, beyond=comb.pitch)
        ticks = measure_ticks(strip, short)
        if ticks.contrast < params.least_contrast:
            return None
        # Edges of the body and of what lies beside the ruler may stand at the right distance; they are longer.
        longer = params.end_length * float(ticks.length[1:-1].max())
        good = np.flatnonzero(ticks.there & (ticks.like > params.alike) & (ticks.length <= longer))
        if len(good) < params.combs.least_ticks:
            return None
        if good[0] == 0 and good[-1] == strip.ticks - 1:
            break
        if int(((comb.number >= good[0]) & (comb.number <= good[-1])).sum()) < params.combs.least_ticks:
            return None
        comb = comb.between(int(good[0]), int(good[-1]))
    if ticks.there.mean() < params.there or float(np.quantile(ticks.like, 0.1)) < params.alike:
        return None
    seen = ticks.length[ticks.there] * strip.step
    pattern = read_pattern(ticks.length, ticks.there, params=params.patterns)
    longest, shortest = float(np.quantile(seen, 0.95)), float(np.quantile(seen, 0.2))
    figures = find_figures(pixels, strip, longest, ticks.contrast, params=params.print)
    unit: float | None = None
    unit_from: Literal["lengths", "figures", "nothing"] = "nothing"
    numbered = figures.count >= params.figures
    if pattern.name in _BY_LENGTHS and pattern.fit >= params.pattern_fit:
        unit, unit_from = _BY_LENGTHS[pattern.name], "lengths"
    elif numbered and figures.every == 10:
        unit, unit_from = 1.0, "figures"
    # Without a unit: nothing but many even ticks is a scale, with a figure for each or each second of them, or with
    # figures and in the order of halves.
    all_numbered = numbered and figures.every <= 2 and (figures.count - 1) * figures.every >= 0.75 * (strip.ticks - 1)
    halved = numbered and pattern.name in ("halves", "quarters") and pattern.fit >= params.pattern_fit
    even = comb.residual <= params.even_residual and strip.ticks >= params.even_ticks
    plain = not params.page[0] < ticks.outside < params.page[1]
    certain = even and (halved or (all_numbered and plain))
    return _Candidate(comb, strip, ticks, pattern, longest, shortest, figures, unit, unit_from, certain)


def _scale(pixels: NDArray[np.uint8], one: _Candidate, params: ScaleParams) -> Scale:
    """7."""
    strip, comb = one.strip, one.comb
    last = strip.ticks - 1
    ends = strip.place(np.array([0.0, float(last)]), float(strip.foot))
    pitch = float(np.linalg.norm(ends[1] - ends[0])) / last
    k = comb.number.astype(float)
    fit = comb.residual / float(np.sqrt(((k - k.mean()) ** 2).sum()))
    # Distances that change evenly along the ruler: their deviation, had one looked at any one place of it.
    slant = 2 * float(np.hypot(strip.x[2], strip.y[2])) * last / pitch / np.sqrt(12)
    polygon = cover(
        pixels, strip, longest=one.longest, shortest=one.shortest, contrast=one.ticks.contrast, figures=one.figures,
        params=params.area,
    )  # fmt: skip
    told = {
        "lengths": f"the lengths of the ticks repeat in {one.pattern.name}",
        "word": "the unit is written beside them",
        "figures": f"every {one.figures.every}th tick has a figure",
        "another": "another scale on the photograph has ticks as far apart",
        "nothing": "what they count is not known",
    }[one.unit_from]
    words = f"{strip.ticks} ticks; {told}."
    if one.figures.count:
        words = f"{words[:-1]}; {one.figures.count} figures, {one.figures.every} ticks apart."
    return Scale(
        polygon=polygon,
        millimetres_per_pixel=None if one.unit is None else one.unit / pitch,
        uncertainty=None if one.unit is None else float(np.sqrt(fit**2 + slant**2 + params.made**2)),
        ticks=strip.ticks,
        pixels_per_tick=pitch,
        millimetres_per_tick=one.unit,
        unit_from=one.unit_from,
        words=words,
    )


def _best(found: list[Scale], params: ScaleParams) -> tuple[Scale, ...]:
    """Best first, without those that lie mostly within a better one."""
    order = sorted(
        found, key=lambda scale: (scale.unit_from != "card", scale.millimetres_per_pixel is None, -scale.ticks)
    )
    kept: list[Scale] = []
    for scale in order:
        area = max(abs(float(cv2.contourArea(scale.polygon))), 1e-6)
        hull = cv2.convexHull(scale.polygon)
        shared = [float(cv2.intersectConvexConvex(hull, cv2.convexHull(other.polygon))[0]) for other in kept]
        if all(share < 0.4 * area for share in shared):
            kept.append(scale)
    return tuple(kept[: params.most])
