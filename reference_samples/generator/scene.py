"""A table with exhibits on it, lit and seen."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from reference_samples.generator.camera import Camera
from reference_samples.generator.impression import corners
from reference_samples.generator.light import Colour, Light, Surface, shade
from reference_samples.generator.noise import Field, as_share, blur, clouds, spread
from reference_samples.generator.panel import Canvas, Panel, PlacedMark, Pose, apply

_TABLE_SHARE = 0.72  # a table lies a little out of focus; building it coarser looks the same and costs half


@dataclass(slots=True)
class Scene:
    """What stands before the camera.

    Attributes
    ----------
    camera : Camera
        Where it is seen from.
    canvas : Canvas
        Pixels of the table.
    table : Surface
        The table.
    items : list of (Panel, Pose)
        What lies on it.
    """

    camera: Camera
    canvas: Canvas
    table: Surface
    items: list[tuple[Panel, Pose]]

    @staticmethod
    def table_canvas(camera: Camera) -> Canvas:
        """Pixels that a table needs under this camera."""
        w, h = camera.half
        return Canvas.over((-w, -h, w, h), camera.scale * _TABLE_SHARE)

    def light_up(self, light: Light, *, fall: float = 0.25) -> Colour:
        """Gather the light that reaches the camera.

        1. The table, with the shadows of what lies on it. 2. Each thing: its sides, then its face. 3. The lamp is
        nearer to one side, so the light falls off across the picture by the share ``fall``.

        Returns
        -------
        ndarray of shape (height, width, 3), float32
            Linear light.
        """
        camera = self.camera
        # 1.
        ground = shade(self.table, light, shadows=False)
        ground *= spread(self._shadows(light))
        to_picture = camera.plane(0.0) @ np.linalg.inv(self.canvas.matrix)
        size = (camera.width, camera.height)
        seen = cv2.warpPerspective(ground, to_picture, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
        out = np.asarray(seen, np.float32)
        # 2.
        for panel, pose in self.items:
            _paint_sides(out, panel, pose, camera, light)
            _paint_face(out, panel, pose, camera, light)
        # 3.
        x, y, _ = light.direction()
        share = fall * (1 - light.diffuse)
        across = np.linspace(-1, 1, camera.width, dtype=np.float32)[None, :] * np.float32(x * share)
        down = np.linspace(-1, 1, camera.height, dtype=np.float32)[:, None] * np.float32(y * share)
        out *= spread(1 + across + down)
        return out

    def _shadows(self, light: Light) -> Field:
        """Share of the light that reaches the table past what lies on it, by pixel of the table."""
        rows, columns = self.canvas.shape
        small = (max(8, rows // 3), max(8, columns // 3))
        to_small = np.diag([small[1] / columns, small[0] / rows, 1.0]) @ self.canvas.matrix
        scale = self.canvas.scale / 3
        x, y, z = light.direction()
        direct = (1 - light.diffuse) * z / max(z, 0.25) ** 0.8
        share = direct / (direct + light.diffuse)
        keep = np.ones(small, np.float32)
        for panel, pose in self.items:
            if pose.z > 0:  # it lies on another thing, and its own rim is shade enough
                continue
            base = apply(pose.matrix, panel.outline)
            reach = (panel.thickness - 0.5 * panel.bevel) / max(z, 0.12)
            cast = base - np.array([x, y]) * reach
            hull = cv2.convexHull(np.vstack([base, cast]).astype(np.float32)).reshape(-1, 2)
            for outline, soft, strength in (
                (hull, 0.12 * reach, share),
                (base, 0.55 * panel.thickness, 0.75 * (1 - share)),
            ):
                shadow = np.zeros(small, np.uint8)
                cv2.fillPoly(shadow, [np.rint(apply(to_small, outline) * 16).astype(np.int32)], (255,), cv2.LINE_AA, 4)
                blurred = blur(as_share(shadow), max(0.5, min(soft * scale, 40.0)))
                np.minimum(keep, 1 - np.float32(strength) * blurred, out=keep)
        return np.asarray(cv2.resize(keep, (columns, rows), interpolation=cv2.INTER_LINEAR), np.float32)

    def marks(self) -> list[tuple[Panel, PlacedMark, NDArray[np.float32], NDArray[np.float64]]]:
        """List the marks: bearer, mark, four corners on the picture, and the transform from the unit square."""
        found = []
        for panel, pose in self.items:
            to_picture = self.camera.plane(pose.z + panel.thickness) @ pose.matrix
            for mark in panel.marks:
                transform = to_picture @ mark.design_to_local
                found.append((panel, mark, corners(mark.tool, transform), transform / transform[2, 2]))
        return found


def _paint_face(out: Colour, panel: Panel, pose: Pose, camera: Camera, light: Light) -> None:
    lit = shade(panel.surface, light, turn=pose.turn)
    to_picture = camera.plane(pose.z + panel.thickness) @ pose.matrix @ np.linalg.inv(panel.canvas.matrix)
    h, w = panel.canvas.shape
    around = apply(to_picture, [(-0.5, -0.5), (w - 0.5, -0.5), (w - 0.5, h - 0.5), (-0.5, h - 0.5)])
    x0, y0 = np.maximum(np.floor(around.min(0)).astype(int) - 1, 0)
    x1, y1 = np.minimum(np.ceil(around.max(0)).astype(int) + 2, [camera.width, camera.height])
    if x1 <= x0 or y1 <= y0:
        return
    moved = np.array([[1, 0, -x0], [0, 1, -y0], [0, 0, 1.0]]) @ to_picture
    layers = cv2.merge([*cv2.split(lit * spread(panel.alpha)), panel.alpha])
    warped = cv2.warpPerspective(
        layers, moved, (int(x1 - x0), int(y1 - y0)), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT
    )
    part = out[y0:y1, x0:x1]
    red, green, blue, alpha = cv2.split(warped)
    part *= spread(np.asarray(1 - alpha, np.float32))
    part += np.asarray(cv2.merge((red, green, blue)), np.float32)


def _paint_sides(out: Colour, panel: Panel, pose: Pose, camera: Camera, light: Light) -> None:
    """Paint the walls that the camera sees, each lit by its own slope; thin things have none worth drawing."""
    world = apply(pose.matrix, panel.outline)
    top = apply(camera.plane(pose.z + panel.thickness - 0.3 * panel.bevel), world)
    foot = apply(camera.plane(pose.z), world)
    if float(np.abs(top - foot).max()) < 1.0:
        return
    lx, ly, lz = light.direction()
    power = (1 - light.diffuse) / max(lz, 0.25) ** 0.8
    edge = np.roll(world, -1, 0) - world
    turning = float(np.sum(world[:, 0] * np.roll(world[:, 1], -1) - np.roll(world[:, 0], -1) * world[:, 1]))
    normal = np.column_stack([edge[:, 1], -edge[:, 0]]) * np.sign(turning)
    normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-12)
    level = power * np.clip(normal @ [lx, ly], 0, None) + light.diffuse * 0.5
    side = np.array(panel.side, np.float64)
    quads = np.stack([top, np.roll(top, -1, 0), np.roll(foot, -1, 0), foot], 1)
    low, high = quads.reshape(-1, 2).min(0), quads.reshape(-1, 2).max(0)
    x0, y0 = np.maximum(np.floor(low).astype(int) - 1, 0)
    x1, y1 = np.minimum(np.ceil(high).astype(int) + 2, [camera.width, camera.height])
    if x1 <= x0 or y1 <= y0:
        return
    part = np.ascontiguousarray(out[y0:y1, x0:x1])
    walls = np.zeros(part.shape[:2], np.uint8)
    for quad, shine in zip(quads - [x0, y0], level, strict=True):
        points = np.rint(quad).astype(np.int32)
        cv2.fillConvexPoly(part, points, (side * shine).tolist())
        cv2.fillConvexPoly(walls, points, (255,))
    # What the crumbled or folded rim of the face lets through is the same matter.
    inner = np.rint(top - [x0, y0]).astype(np.int32)
    rim = np.array(panel.side) * (power * lz + light.diffuse) * 0.28
    cv2.fillPoly(part, [inner], rim.tolist())
    rng = np.random.default_rng([0x51DE, len(world), round(abs(pose.x) * 1e6), round(abs(pose.y) * 1e6)])
    rough = 1 + 0.1 * clouds(part.shape[:2], max(part.shape[0] / 14, 2), rng, octaves=4)
    part[walls > 0] *= rough[walls > 0][:, None]
    out[y0:y1, x0:x1] = part
