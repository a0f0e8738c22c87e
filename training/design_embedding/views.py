"""What a camera makes of a design: a region of a photograph of it, printed, inked or pressed, and what befell it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from training.design_embedding.designs import CANVAS, Design, draw, draw_recipe
from training.design_embedding.sources import Sources

Picture = NDArray[np.uint8]
Field = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Studio:
    """What stands around a design.

    Attributes
    ----------
    photographs : list of ndarray of shape (H, W, 3), uint8
        Grounds.
    scraps : list of ndarray of shape (80, 80, 4), uint8
        Other designs, small, with what they cover in the fourth channel.
    """

    photographs: list[Picture]
    scraps: list[Picture]


def furnish(sources: Sources, rng: np.random.Generator, *, scraps: int = 300) -> Studio:
    """Draw the clutter once."""
    pictures = []
    for _ in range(scraps):
        drawn = cv2.merge(_coloured(draw(draw_recipe(sources, rng), sources), rng, one_ink=False))
        pictures.append(np.asarray(cv2.resize(drawn, (80, 80), interpolation=cv2.INTER_AREA), np.uint8))
    return Studio(sources.photographs, pictures)


def render(design: Design, studio: Studio, rng: np.random.Generator, *, side: int) -> Picture:
    """Photograph a design once.

    Stages:

    1. Colours: the design's own, others, or one ink.
    2. Where it lies in the region: turned, tilted, wrinkled, partly outside; anything from a sixth of the area up.
    3. A ground, with other things on it.
    4. Print, ink or relief, with wear.
    5. Something that lies over a part of it.
    6. Light, shadows of wrinkles, glare, the camera's colours.
    7. Blur, low resolution, noise, JPEG.

    Parameters
    ----------
    design : Design
        What is on the package.
    studio : Studio
        Grounds and clutter.
    rng : numpy.random.Generator
        Decides everything.
    side : int
        Of the picture in pixels.

    Returns
    -------
    ndarray of shape (side, side, 3), uint8
        RGB.
    """
    # 1. Colours.
    material = str(rng.choice(["print", "ink", "relief"], p=[0.68, 0.12, 0.2]))
    colours, cover = _coloured(design, rng, one_ink=material != "print")
    # 2. Place.
    map_x, map_y, bend = _place(design, rng, side)
    seen = _look(cv2.merge([colours, cover]), map_x, map_y)
    cover = seen[..., 3].astype(np.float32) / 255
    colours = seen[..., :3].astype(np.float32)
    # 3. Ground.
    picture = _ground(studio, rng, side)
    if rng.random() < 0.3:
        _clutter(picture, studio, rng)
    picture = picture.astype(np.float32)
    if material == "print" and rng.random() < 0.35:
        _sticker(picture, design, map_x, map_y, rng)
    # 4. Material.
    if rng.random() < 0.25:
        worn = _clouds(rng, side, int(rng.integers(4, 24)))
        cover *= np.clip((worn + rng.uniform(0.6, 1.6)) * 2.5, rng.uniform(0, 0.4), 1)
    if material == "relief":
        _press(picture, cover, rng)
    else:
        if material == "ink":
            cover = _ink(cover, rng, side)
        cover = cover[..., None] * np.float32(rng.uniform(0.75, 1) if rng.random() < 0.5 else 1)
        picture += (colours - picture) * cover
    # 5. Cover.
    if rng.random() < 0.25:
        _cover(picture, studio, rng)
    # 6. Light.
    picture *= _light(rng, side, bend)
    if rng.random() < 0.2:
        _glare(picture, rng)
    picture = _camera(picture, rng)
    # 7. The picture itself.
    return _degrade(picture, rng)


def _coloured(design: Design, rng: np.random.Generator, *, one_ink: bool) -> tuple[Picture, Picture]:
    """Return the design's colours, and where it covers the ground."""
    own = np.random.default_rng(design.recipe.palette)
    palette = _palette(own)
    if rng.random() < 0.3:
        palette = _palette(rng)
    if one_ink:
        # Later layers are cut out of earlier ones: what one ink, or a relief, leaves of a design.
        cover = np.zeros((CANVAS, CANVAS), np.uint8)
        for number, layer in enumerate(design.layers):
            mask = layer.mask
            if layer.colours is not None:
                grey = cv2.cvtColor(layer.colours, cv2.COLOR_RGB2GRAY)
                mask = cv2.multiply(mask, 255 - grey, scale=1 / 255)
            cover = cv2.absdiff(cover, mask) if number else mask
        ink = np.full((CANVAS, CANVAS, 3), palette[1], np.uint8)
        return ink, cover
    colours: Picture | None = None
    cover = design.layers[0].mask
    one_colour = rng.random() < 0.12
    for layer in design.layers:
        fill = layer.colours
        if fill is None:
            fill = np.full((CANVAS, CANVAS, 3), palette[layer.role].astype(np.uint8), np.uint8)
        if colours is None:
            colours = fill
        else:
            share = layer.mask.astype(np.float32) / 255
            colours = np.asarray(cv2.blendLinear(fill, colours, share, 1 - share), np.uint8)
            cover = cv2.max(cover, layer.mask)
    if colours is None:
        raise ValueError("expected a design of one layer or more; found none: draw it again")
    if one_colour:
        colours = cv2.cvtColor(cv2.cvtColor(colours, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
    return np.asarray(colours, np.uint8), np.asarray(cover, np.uint8)


def _palette(rng: np.random.Generator) -> NDArray[np.float32]:
    """Return four colours: a ground, and three that stand out from it."""
    hsv = np.empty((1, 4, 3), np.uint8)
    hsv[0, :, 0] = rng.integers(0, 180, 4)
    hsv[0, :, 1] = np.where(rng.random(4) < 0.3, rng.integers(0, 40, 4), rng.integers(80, 256, 4))
    dark = rng.random() < 0.5
    low, high = rng.integers(0, 110, 4), rng.integers(150, 256, 4)
    hsv[0, :, 2] = low if dark else high
    hsv[0, 0, 2] = high[0] if dark else low[0]
    if rng.random() < 0.25:
        hsv[0, 1:, 1] = 0
    return cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB)[0].astype(np.float32)


def _place(design: Design, rng: np.random.Generator, side: int) -> tuple[Field, Field, Field]:
    """Return where on the canvas each pixel of the picture looks, and how the surface bends towards the light."""
    left, top, right, bottom = design.box
    longer = max(right - left, bottom - top)
    angle = rng.uniform(0, 2 * math.pi) if rng.random() < 0.75 else rng.normal(0, 0.25)
    share = math.exp(rng.uniform(math.log(0.6), math.log(1.15)))
    if rng.random() < 0.35:
        share = rng.uniform(0.4, 0.7)
    # A squeezed design shows a package's side.
    squeeze = math.exp(rng.normal(0, 0.12))
    scale = share * side / longer
    turn = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    skewed = math.exp(rng.normal(0, 0.05)) * np.array([[1, rng.normal(0, 0.08)], [0, squeeze]])
    linear = scale * turn @ skewed
    slack = max(0.08, (1 - share) / 2 + 0.04) * side
    shift = side / 2 + rng.uniform(-slack, slack, 2)
    forward = np.eye(3)
    forward[:2, :2] = linear
    forward[:2, 2] = shift - linear @ [(left + right) / 2, (top + bottom) / 2]
    tilt = np.eye(3)
    tilt[2, :2] = rng.normal(0, 0.12, 2) / side
    centre = np.array([[1, 0, -side / 2], [0, 1, -side / 2], [0, 0, 1.0]])
    back = np.linalg.inv(np.linalg.inv(centre) @ tilt @ centre @ forward)
    x, y = np.meshgrid(np.arange(side, dtype=np.float32), np.arange(side, dtype=np.float32))
    bend = np.zeros((side, side), np.float32)
    if rng.random() < 0.45:
        amount = side * rng.uniform(0.005, 0.035)
        n = int(rng.integers(3, 8))
        coarse = rng.normal(0, amount, (n, n, 2)).astype(np.float32)
        wave = cv2.resize(coarse, (side, side), interpolation=cv2.INTER_CUBIC)
        x, y = x + wave[..., 0], y + wave[..., 1]
        bend = cv2.Sobel(wave[..., 0], cv2.CV_32F, 1, 0) + cv2.Sobel(wave[..., 1], cv2.CV_32F, 0, 1)
    b = back.astype(np.float32)
    depth = b[2, 0] * x + b[2, 1] * y + b[2, 2]
    return (b[0, 0] * x + b[0, 1] * y + b[0, 2]) / depth, (b[1, 0] * x + b[1, 1] * y + b[1, 2]) / depth, bend


def _look(canvas: Picture, map_x: Field, map_y: Field) -> Picture:
    step = math.hypot(float(map_x[-1, -1] - map_x[0, 0]), float(map_y[-1, -1] - map_y[0, 0])) / (
        math.sqrt(2) * len(map_x)
    )
    if step > 1.6:
        canvas = cv2.GaussianBlur(canvas, (0, 0), 0.35 * step)
    seen = cv2.remap(canvas, map_x, map_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=(0, 0, 0, 0))
    return np.asarray(seen, np.uint8)


def _clouds(rng: np.random.Generator, side: int, cells: int) -> Field:
    coarse = rng.normal(0, 1, (cells, cells)).astype(np.float32)
    return np.asarray(cv2.resize(coarse, (side, side), interpolation=cv2.INTER_CUBIC), np.float32)


def _ground(studio: Studio, rng: np.random.Generator, side: int) -> Picture:
    kind = rng.random()
    if kind < 0.55:
        return _part(studio, rng, side, side)
    colour = _palette(rng)[0] if rng.random() < 0.6 else np.full(3, rng.uniform(20, 245), np.float32)
    picture = np.empty((side, side, 3), np.float32)
    picture[:] = colour
    if kind < 0.8:
        picture += (_clouds(rng, side, int(rng.integers(2, 40))) * rng.uniform(0, 30))[..., None]
    return np.clip(picture, 0, 255).astype(np.uint8)


def _part(studio: Studio, rng: np.random.Generator, wide: int, high: int) -> Picture:
    photograph = studio.photographs[int(rng.integers(len(studio.photographs)))]
    size = int(rng.integers(60, min(photograph.shape[:2])))
    left = int(rng.integers(photograph.shape[1] - size + 1))
    top = int(rng.integers(photograph.shape[0] - size + 1))
    part = photograph[top : top + size, left : left + size]
    part = cv2.resize(part, (wide, high), interpolation=cv2.INTER_AREA if size > 1.5 * wide else cv2.INTER_LINEAR)
    part = np.rot90(part, int(rng.integers(4)))[:: 1 if rng.random() < 0.5 else -1]
    if rng.random() < 0.3:
        part = part[..., rng.permutation(3)]
    return np.ascontiguousarray(cv2.resize(part, (wide, high)) if part.shape[:2] != (high, wide) else part)


def _clutter(picture: Picture, studio: Studio, rng: np.random.Generator) -> None:
    """Put other designs on the ground: what stands on a package beside its mark."""
    side = len(picture)
    for _ in range(rng.integers(1, 3)):
        size = int(side * rng.uniform(0.25, 0.6))
        x, y = (int(v) for v in rng.integers(-size // 3, side - size // 2, 2))
        scrap = studio.scraps[int(rng.integers(len(studio.scraps)))]
        seen = cv2.resize(scrap, (size, size), interpolation=cv2.INTER_LINEAR)
        seen = np.rot90(seen, int(rng.integers(4)))
        x0, y0, x1, y1 = max(x, 0), max(y, 0), min(x + size, side), min(y + size, side)
        part = seen[y0 - y : y1 - y, x0 - x : x1 - x].astype(np.float32)
        room = picture[y0:y1, x0:x1]
        share = part[..., 3:] / 255
        room[:] = (room * (1 - share) + part[..., :3] * share).astype(np.uint8)


def _sticker(picture: Field, design: Design, map_x: Field, map_y: Field, rng: np.random.Generator) -> None:
    """Lay a plain ground under the design, wider than it."""
    left, top, right, bottom = design.box
    edge = rng.uniform(0.02, 0.35) * max(right - left, bottom - top)
    if rng.random() < 0.5:
        inside = (map_x > left - edge) & (map_x < right + edge) & (map_y > top - edge) & (map_y < bottom + edge)
    else:
        radius = edge + 0.55 * max(right - left, bottom - top)
        inside = np.hypot(map_x - (left + right) / 2, map_y - (top + bottom) / 2) < radius
    picture[inside] = _palette(rng)[0] if rng.random() < 0.6 else rng.uniform(150, 255)


def _press(picture: Field, cover: Field, rng: np.random.Generator) -> None:
    """Press the design into the ground, or out of it: light from one side shows it."""
    side = len(picture)
    if rng.random() < 0.6:
        tint = _palette(rng)[0] if rng.random() < 0.5 else np.full(3, rng.uniform(60, 240), np.float32)
        picture += (tint - picture) * np.float32(rng.uniform(0.5, 0.97))
    height = cv2.GaussianBlur(cover, (0, 0), side / 128 * rng.uniform(0.7, 2.2))
    if rng.random() < 0.5:
        height = height + _clouds(rng, side, int(rng.integers(16, side // 2))) * np.float32(rng.uniform(0, 0.06))
    slope_x, slope_y = cv2.Sobel(height, cv2.CV_32F, 1, 0), cv2.Sobel(height, cv2.CV_32F, 0, 1)
    a = rng.uniform(0, 2 * math.pi)
    depth = rng.choice([-1, 1]) * rng.uniform(0.25, 1.1) * side / 128
    lit = np.clip(depth * (math.cos(a) * slope_x + math.sin(a) * slope_y), -0.75, 0.9)
    inner = rng.uniform(-0.12, 0.12) if rng.random() < 0.5 else 0.0
    picture *= (1 + lit + inner * cover)[..., None]
    if rng.random() < 0.4:
        shine = np.clip(lit - rng.uniform(0.1, 0.4), 0, 1) * rng.uniform(50, 300)
        picture += shine[..., None]


def _ink(cover: Field, rng: np.random.Generator, side: int) -> Field:
    """Let ink spread and run dry."""
    wet = cv2.GaussianBlur(cover, (0, 0), side / 128 * rng.uniform(0.5, 2.0))
    wet = wet + _clouds(rng, side, side // 2) * np.float32(rng.uniform(0, 0.12))
    body = np.clip((wet - rng.uniform(0.25, 0.6)) * rng.uniform(2, 6) + 0.5, 0, 1)
    dry = np.clip(_clouds(rng, side, int(rng.integers(4, 40))) * rng.uniform(0, 0.6) + 0.9, 0.1, 1)
    return np.asarray(body * dry, np.float32)


def _cover(picture: Field, studio: Studio, rng: np.random.Generator) -> None:
    side = len(picture)
    a = np.sort(rng.uniform(0, 2 * math.pi, rng.integers(3, 8)))
    radius = side * rng.uniform(0.08, 0.3)
    middle = rng.uniform(0, side, 2)
    corners = middle + radius * rng.uniform(0.6, 1.4, (len(a), 1)) * np.stack([np.cos(a), np.sin(a)], axis=1)
    mask = np.zeros((side, side), np.uint8)
    cv2.fillPoly(mask, [np.round(corners * 16).astype(np.int32)], 255, cv2.LINE_AA, 4)
    thing = _ground(studio, rng, side).astype(np.float32)
    picture += (thing - picture) * (mask.astype(np.float32) / 255)[..., None]


def _light(rng: np.random.Generator, side: int, bend: Field) -> Field:
    a = rng.uniform(0, 2 * math.pi)
    ramp = np.linspace(-1, 1, side, dtype=np.float32)
    slope = rng.uniform(0, 0.4)
    light = 1 + slope * (math.cos(a) * ramp[None, :] + math.sin(a) * ramp[:, None])
    if rng.random() < 0.3:
        light += _clouds(rng, side, int(rng.integers(2, 6))) * rng.uniform(0, 0.2)
    if bend.any():
        light += np.clip(bend * rng.uniform(-0.15, 0.15), -0.4, 0.4)
    return np.asarray(np.clip(light, 0.1, 2), np.float32)[..., None]


def _glare(picture: Field, rng: np.random.Generator) -> None:
    side = len(picture)
    spot = np.zeros((side, side), np.float32)
    middle = tuple(int(v) for v in rng.uniform(0, side, 2))
    axes = (int(side * rng.uniform(0.03, 0.3)), int(side * rng.uniform(0.02, 0.12)))
    cv2.ellipse(spot, middle, axes, rng.uniform(0, 180), 0, 360, rng.uniform(100, 255), -1)
    picture += cv2.GaussianBlur(spot, (0, 0), side * rng.uniform(0.01, 0.06))[..., None]


def _camera(picture: Field, rng: np.random.Generator) -> Field:
    if rng.random() < 0.5:
        picture = picture * rng.uniform(0.75, 1.25, 3).astype(np.float32)
    picture = (picture - 128) * np.float32(rng.uniform(0.55, 1.25)) + np.float32(128 + rng.normal(0, 18))
    if rng.random() < 0.3:
        grey = picture @ np.array([0.3, 0.59, 0.11], np.float32)
        picture += (grey[..., None] - picture) * np.float32(1 if rng.random() < 0.35 else rng.uniform(-0.4, 0.9))
    return np.clip(picture, 0, 255)


def _degrade(picture: Field, rng: np.random.Generator) -> Picture:
    side = len(picture)
    kind = rng.random()
    if kind < 0.3:
        small = max(24, round(side * rng.uniform(0.28, 0.8)))
        picture = cv2.resize(picture, (small, small), interpolation=cv2.INTER_AREA)
        picture = cv2.resize(picture, (side, side), interpolation=cv2.INTER_LINEAR)
    elif kind < 0.55:
        picture = cv2.GaussianBlur(picture, (0, 0), side / 128 * rng.uniform(0.4, 1.8))
    elif kind < 0.65:
        length = int(rng.integers(3, max(4, side // 14)))
        a = rng.uniform(0, math.pi)
        kernel = np.zeros((length, length), np.float32)
        reach, middle = (length - 1) / 2, (length - 1) / 2
        ends = [(round(middle + s * reach * math.cos(a)), round(middle + s * reach * math.sin(a))) for s in (-1, 1)]
        cv2.line(kernel, ends[0], ends[1], 1.0)
        picture = cv2.filter2D(picture, -1, kernel / kernel.sum())
    if rng.random() < 0.4:
        picture = picture + rng.standard_normal(picture.shape, np.float32) * np.float32(rng.uniform(1, 12))
    if rng.random() < 0.12:
        # The region is squared with grey where the photograph ends.
        bar = int(side * rng.uniform(0.05, 0.3))
        picture = picture.copy()
        if rng.random() < 0.5:
            picture[:bar], picture[-bar:] = 127, 127
        else:
            picture[:, :bar], picture[:, -bar:] = 127, 127
    final = np.clip(picture, 0, 255).astype(np.uint8)
    if rng.random() < 0.35:
        _, coded = cv2.imencode(".jpg", final, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(20, 90))])
        final = np.asarray(cv2.imdecode(coded, cv2.IMREAD_COLOR), np.uint8)
    return final
