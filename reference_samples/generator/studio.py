"""How a laboratory photographs a seizure: what it lays on the table, from where, under which lamp."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

import numpy as np

from reference_samples.generator.camera import Camera, Exposure
from reference_samples.generator.exhibits import Look, brick, parcel, tablet
from reference_samples.generator.impression import Pressure
from reference_samples.generator.light import Light
from reference_samples.generator.panel import Panel, Pose
from reference_samples.generator.ruler import Ruler, ruler
from reference_samples.generator.scene import Scene
from reference_samples.generator.table import TABLES, card, crumple, table
from reference_samples.generator.tool import Tool

View: TypeAlias = Literal["overview", "exhibit", "close-up", "tablets", "back", "light series"]
Flaw: TypeAlias = Literal["blurred", "glare", "dark"]


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One thing of a seizure: what it looks like, and the one impression it bears.

    Attributes
    ----------
    name : str
        Unique in its seizure.
    look : Look
        Its form and matter.
    tool, pressure : Tool and Pressure, or None
        What marked it, and how.
    place : tuple of three floats
        Where the mark stands on it: x, y in metres, and a turn in radians.
    seed : int
        For what is of this thing alone: its grain, its creases.
    """

    name: str
    look: Look
    tool: Tool | None
    pressure: Pressure | None
    place: tuple[float, float, float]
    seed: int


@dataclass(frozen=True, slots=True)
class Shot:
    """A scene ready to be lit, and how it is to be taken."""

    scene: Scene
    shown: tuple[Exhibit, ...]
    light: Light
    exposure: Exposure
    ruler: tuple[Ruler, Pose] | None


def compose(
    view: View, exhibits: Sequence[Exhibit], *, longest: int, table_kind: str, rng: np.random.Generator,
    flaw: Flaw | None = None,
) -> Shot:  # fmt: skip
    """Lay exhibits out and set up the camera and the lamp.

    Parameters
    ----------
    view : str
        ``overview`` and ``tablets`` show all that is given; the others show the first.
    exhibits : sequence of Exhibit
        What is photographed.
    longest : int
        Longer side of the picture in pixels.
    table_kind : str
        One of ``TABLES``.
    rng : numpy.random.Generator
        For what is of this photograph alone.
    flaw : str, optional
        Spoils the shot on purpose.
    """
    small = exhibits[0].look.form == "tablet"
    upright = rng.random() < 0.22 and view != "overview"
    ratio = float(rng.choice([3 / 4, 3 / 4, 2 / 3]))
    width, height = (round(longest * ratio), longest) if upright else (longest, round(longest * ratio))
    poses, shown, view_size = _lay(view, exhibits, width / longest, height / longest, rng)
    steady = view in ("close-up", "light series")
    tilt = float(abs(rng.normal(0, 0.03))) if steady else float(np.clip(abs(rng.normal(0, 0.16)), 0, 0.36))
    if view == "light series":
        tilt = 0.004
    camera = Camera(width, height, view_size, distance=float(rng.uniform(1.25, 2.0)), tilt=tilt,
                    tilt_towards=float(rng.uniform(0, 2 * math.pi)))  # fmt: skip
    canvas = Scene.table_canvas(camera)
    ground = table(table_kind if table_kind in TABLES else TABLES[0], canvas, rng)
    opened = shown[0].look.form == "brick" and view in ("exhibit", "back") and rng.random() < 0.6
    if opened:
        colours = (None, (0.5, 0.36, 0.2), (0.02, 0.02, 0.022), (0.7, 0.7, 0.7), (0.4, 0.25, 0.1))
        crumple(canvas, ground, rng, colour=colours[int(rng.integers(len(colours)))])
    items: list[tuple[Panel, Pose]] = []
    with_mark = view != "back"
    for exhibit, pose in zip(shown, poses, strict=True):
        items.append((_build(exhibit, pose, camera, with_mark=with_mark), pose))
    wants_ruler = rng.random() < (0.97 if view == "light series" else 0.6)
    laid = _add_ruler(items, camera, small, view, rng) if wants_ruler else None
    if not small and view in ("overview", "exhibit", "back") and rng.random() < 0.22:
        _add_card(items, camera, rng)
    return Shot(
        Scene(camera, canvas, ground, items),
        tuple(shown),
        _lamp(shown[0], view, rng, flaw),
        _exposure(rng, flaw),
        laid,
    )


def _build(exhibit: Exhibit, pose: Pose, camera: Camera, *, with_mark: bool) -> Panel:
    rng = np.random.default_rng([exhibit.seed, 0xB41D])
    tool, pressure = exhibit.tool, exhibit.pressure
    if exhibit.look.form == "tablet":
        mark = (tool, pressure) if tool and pressure and with_mark else None
        return tablet(exhibit.look, mark, pose, camera.half, camera.scale, rng)
    marks = [(tool, pressure, exhibit.place)] if tool and pressure and with_mark else []
    build = brick if exhibit.look.form == "brick" else parcel
    return build(exhibit.look, marks, pose, camera.half, camera.scale, rng)


def _lay(
    view: View, exhibits: Sequence[Exhibit], wide: float, high: float, rng: np.random.Generator
) -> tuple[list[Pose], list[Exhibit], float]:
    """Poses of what is shown, and the metres that the longer side of the picture covers."""
    first = exhibits[0]
    length, width, _ = first.look.size
    if view in ("overview", "tablets") and len(exhibits) > 1:
        return _spread_out(view, exhibits, wide, high, rng)
    if view in ("close-up", "light series") and first.tool is not None and first.look.form != "tablet":
        turn = float(rng.normal(0, 0.25) if rng.random() < 0.8 else rng.uniform(-math.pi, math.pi))
        x, y, _ = first.place
        c, s = math.cos(turn), math.sin(turn)
        off = rng.normal(0, 0.03, 2) * first.tool.size
        pose = Pose(-(c * x - s * y) + off[0], -(s * x + c * y) + off[1], turn)
        return [pose], [first], first.tool.size * float(rng.uniform(1.45, 2.1)) / min(wide, high)
    if first.look.form == "tablet":
        off = rng.normal(0, 0.04, 2) * length
        pose = Pose(float(off[0]), float(off[1]), float(rng.uniform(-math.pi, math.pi)))
        return [pose], [first], length * float(rng.uniform(1.4, 2.0)) / min(wide, high)
    along = 0.0 if wide > high else math.pi / 2
    turn = along + float(rng.normal(0, 0.14)) + (math.pi if rng.random() < 0.3 else 0.0)
    bx = abs(math.cos(turn)) * length + abs(math.sin(turn)) * width
    by = abs(math.sin(turn)) * length + abs(math.cos(turn)) * width
    room = 0.034
    size = max((bx + room) / wide, (by + 2.2 * room) / high) * float(rng.uniform(1.03, 1.28))
    slack_x, slack_y = max(size * wide - bx - room, 0), max(size * high - by - 2.2 * room, 0)
    pose = Pose(float(rng.uniform(-0.3, 0.3) * slack_x), float(rng.uniform(-0.3, 0.3) * slack_y) - 0.35 * room, turn)
    return [pose], [first], size


def _spread_out(
    view: View, exhibits: Sequence[Exhibit], wide: float, high: float, rng: np.random.Generator
) -> tuple[list[Pose], list[Exhibit], float]:
    """Lay things out in a loose grid."""
    count = len(exhibits)
    length, width, _ = exhibits[0].look.size
    tablets = view == "tablets"
    cell_x, cell_y = (1.55 * length, 1.55 * max(length, width)) if tablets else (1.13 * length, 1.2 * width)
    columns = max(1, round(math.sqrt(count * wide / high * cell_y / cell_x)))
    rows = math.ceil(count / columns)
    room = 0.014 if tablets else 0.04
    size = max(columns * cell_x / wide, (rows * cell_y + room) / high) * float(rng.uniform(1.08, 1.2))
    poses = []
    for k in range(count):
        row, column = divmod(k, columns)
        in_row = min(columns, count - row * columns)
        x = (column - (in_row - 1) / 2) * cell_x
        y = (row - (rows - 1) / 2) * cell_y - room / 3
        if tablets:
            jitter, turn = rng.uniform(-0.18, 0.18, 2) * length, float(rng.uniform(-math.pi, math.pi))
        else:
            jitter, turn = rng.normal(0, 0.012, 2) * length, float(rng.normal(0, 0.045))
        poses.append(Pose(x + float(jitter[0]), y + float(jitter[1]), turn))
    return poses, list(exhibits), size


def _add_ruler(
    items: list[tuple[Panel, Pose]], camera: Camera, small: bool, view: View, rng: np.random.Generator
) -> tuple[Ruler, Pose] | None:
    """Lay a ruler beside what is shown, or on it where a close-up leaves no table; None where nothing fits."""
    half_w, half_h = camera.width / camera.scale / 2, camera.height / camera.scale / 2
    style = int(rng.choice([0, 0, 1, 2, 3, 4, 4]))
    low = max(float(np.abs(_corners(panel, pose)[:, 1]).max()) for panel, pose in items)
    below = max(float(_corners(panel, pose)[:, 1].max()) for panel, pose in items)
    lengths = (0.01, 0.02, 0.03, 0.05) if small else (0.03, 0.05, 0.1, 0.15)
    fitting = [length for length in lengths if length + 0.012 < 1.8 * half_w]
    if not fitting:
        return None
    length = float(rng.choice(fitting[-3:]))
    tall = 0.016 if length > 0.06 else 0.009
    turn = float(rng.normal(0, 0.04))
    sway = max(0.9 * half_w - length / 2 - 0.006, 0)
    x = float(rng.uniform(-sway, sway))
    panel = items[0][0]
    if view in ("close-up", "light series") and not small:
        mark = panel.marks[0].tool.size if panel.marks else 0.06
        y = 0.5 * mark + 0.9 * tall
        if y + tall > half_h or low < y + tall:
            return None
        shorter = [length for length in fitting if length < 0.9 * mark + 0.02]
        length = shorter[-1] if shorter else fitting[0]
        return _laid(items, ruler(length, camera.scale, style, rng), Pose(0.15 * x, y, turn, z=panel.thickness))
    y = below + 0.75 * tall + (0.0006 if small else 0.004)
    if y + 0.5 * tall > 0.97 * half_h:
        return None
    return _laid(items, ruler(length, camera.scale, style, rng), Pose(x, y, turn))


def _laid(items: list[tuple[Panel, Pose]], one: Ruler, pose: Pose) -> tuple[Ruler, Pose]:
    items.append((one.panel, pose))
    return one, pose


def _add_card(items: list[tuple[Panel, Pose]], camera: Camera, rng: np.random.Generator) -> None:
    """Stand an exhibit card in a free corner, if one is free."""
    half_w, half_h = camera.width / camera.scale / 2, camera.height / camera.scale / 2
    taken = [_corners(panel, pose) for panel, pose in items]
    for corner in rng.permutation(4):
        x = (half_w - 0.024) * (1 if corner % 2 else -1)
        y = (half_h - 0.028) * (1 if corner // 2 else -1)
        clear = all(
            (np.abs(points[:, 0] - x).min() > 0.02 or np.abs(points[:, 1] - y).min() > 0.02)
            and not (points[:, 0].min() - 0.018 < x < points[:, 0].max() + 0.018
                     and points[:, 1].min() - 0.018 < y < points[:, 1].max() + 0.018)
            for points in taken
        )  # fmt: skip
        if clear:
            name = str(rng.choice(list("ABCDEFGHKLMNP123456789")))
            items.append((card(name, camera.scale, rng), Pose(x, y, float(rng.normal(0, 0.1)))))
            return


def _corners(panel: Panel, pose: Pose) -> np.ndarray:
    c, s = math.cos(pose.turn), math.sin(pose.turn)
    return np.asarray(panel.outline @ np.array([[c, s], [-s, c]]) + [pose.x, pose.y])


def _lamp(first: Exhibit, view: View, rng: np.random.Generator, flaw: Flaw | None) -> Light:
    """Relief is lit from the side, ink and print from above."""
    # The lamp stands at the upper left, as in most rooms, or where there was room for it.
    usual = rng.random() < 0.7
    azimuth = float(rng.normal(math.radians(130), math.radians(25)) if usual else rng.uniform(0, 2 * math.pi))
    relief = first.look.form in ("brick", "tablet")
    low, high = ((17, 34) if view == "close-up" else (22, 46)) if relief else (36, 66)
    elevation = math.radians(float(rng.uniform(low, high)))
    light = Light(azimuth, elevation, float(rng.uniform(0.22, 0.5) if relief else rng.uniform(0.35, 0.68)))
    if flaw == "glare":
        return replace(light, elevation=math.radians(72), diffuse=0.2)
    return light


def _exposure(rng: np.random.Generator, flaw: Flaw | None) -> Exposure:
    warm = float(rng.normal(0, 0.045))
    exposure = Exposure(
        blur=float(rng.uniform(0.4, 0.95)),
        noise=float(rng.uniform(0.004, 0.014)),
        gain=float(rng.uniform(0.82, 1.12)),
        balance=(1 + warm, 1.0, 1 - warm),
        vignette=float(rng.uniform(0.05, 0.28)),
        sharpen=float(rng.uniform(0.1, 0.5)),
    )
    if flaw == "blurred":
        return replace(exposure, blur=4.2, smear=16.0, smear_angle=float(rng.uniform(0, math.pi)))
    if flaw == "glare":
        return replace(exposure, gain=2.6)
    if flaw == "dark":
        return replace(exposure, gain=0.09, noise=0.03)
    return exposure
