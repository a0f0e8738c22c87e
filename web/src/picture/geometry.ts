import type { Point, Polygon } from "../api/types";
import type { Box, Size } from "./viewport";

export function bounds(polygon: Polygon): Box {
  const xs = polygon.map(([x]) => x);
  const ys = polygon.map(([, y]) => y);
  const x = Math.min(...xs);
  const y = Math.min(...ys);
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
}

export function grow(box: Box, share: number): Box {
  const dx = box.width * share;
  const dy = box.height * share;
  return { x: box.x - dx, y: box.y - dy, width: box.width + 2 * dx, height: box.height + 2 * dy };
}

export const boxPolygon = ([ax, ay]: Point, [bx, by]: Point): Polygon => {
  const [left, right] = ax < bx ? [ax, bx] : [bx, ax];
  const [top, bottom] = ay < by ? [ay, by] : [by, ay];
  return [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
  ];
};

export const centre = (polygon: Polygon): Point => {
  const { x, y, width, height } = bounds(polygon);
  return [x + width / 2, y + height / 2];
};

export const clampPoint = ([x, y]: Point, { width, height }: Size): Point => [
  Math.min(Math.max(x, 0), width),
  Math.min(Math.max(y, 0), height),
];

/** Moves the whole polygon, as far as the picture lets it. */
export function move(polygon: Polygon, dx: number, dy: number, picture: Size): Polygon {
  const { x, y, width, height } = bounds(polygon);
  const mx = Math.min(Math.max(dx, -x), picture.width - x - width);
  const my = Math.min(Math.max(dy, -y), picture.height - y - height);
  return polygon.map(([px, py]) => [px + mx, py + my]);
}

/** Turns about the centre, clockwise as seen, by an angle in radians. */
export function turn(polygon: Polygon, angle: number, picture: Size): Polygon {
  const [cx, cy] = centre(polygon);
  const [sin, cos] = [Math.sin(angle), Math.cos(angle)];
  return polygon.map(([x, y]) =>
    clampPoint([cx + (x - cx) * cos - (y - cy) * sin, cy + (x - cx) * sin + (y - cy) * cos], picture),
  );
}

/** Of unit length: a right angle within about two degrees counts as one. */
const RIGHT_ANGLE = 0.035;

/** Whether four corners make a rectangle, turned or not. */
export function isRectangle(polygon: Polygon): boolean {
  if (polygon.length !== 4) return false;
  return polygon.every((corner, index) => {
    const before = at(polygon, index - 1);
    const after = at(polygon, index + 1);
    const [ax, ay] = [before[0] - corner[0], before[1] - corner[1]];
    const [bx, by] = [after[0] - corner[0], after[1] - corner[1]];
    const lengths = Math.hypot(ax, ay) * Math.hypot(bx, by);
    return lengths > 0 && Math.abs(ax * bx + ay * by) / lengths < RIGHT_ANGLE;
  });
}

/** Drags one corner. A rectangle stays one, held by the opposite corner; any other polygon moves that corner alone. */
export function dragCorner(polygon: Polygon, index: number, to: Point, picture: Size): Polygon {
  const target = clampPoint(to, picture);
  if (!isRectangle(polygon)) return polygon.map((corner, place) => (place === index ? target : corner));
  const held = at(polygon, index + 2);
  const next = at(polygon, index + 1);
  // The two sides' directions, from the held corner: along to `next`, and across to the corner before the dragged one.
  const [ux, uy] = unit(next[0] - held[0], next[1] - held[1]);
  const [vx, vy] = [-uy, ux];
  const [dx, dy] = [target[0] - held[0], target[1] - held[1]];
  const along = dx * ux + dy * uy;
  const across = dx * vx + dy * vy;
  const corners: Polygon = polygon.map(([x, y]) => [x, y]);
  corners[index] = target;
  corners[(index + 1) % 4] = [held[0] + along * ux, held[1] + along * uy];
  corners[(index + 3) % 4] = [held[0] + across * vx, held[1] + across * vy];
  return corners.map((corner) => clampPoint(corner, picture));
}

/** Adds a corner in the middle of the side that begins at `index`. */
export function addCorner(polygon: Polygon, index: number): Polygon {
  return [...polygon.slice(0, index + 1), middle(polygon, index), ...polygon.slice(index + 1)];
}

export function removeCorner(polygon: Polygon, index: number): Polygon {
  return polygon.length > 3 ? polygon.filter((_, place) => place !== index) : polygon;
}

/** The middle of the side that begins at `index`. */
export function middle(polygon: Polygon, index: number): Point {
  const [ax, ay] = at(polygon, index);
  const [bx, by] = at(polygon, index + 1);
  return [(ax + bx) / 2, (ay + by) / 2];
}

export const pathOf = (polygon: Polygon): string => `M${polygon.map(([x, y]) => `${x} ${y}`).join("L")}Z`;

/** Twice the signed area, halved and made positive: picture pixels squared. */
export function area(polygon: Polygon): number {
  let sum = 0;
  for (let index = 0; index < polygon.length; index++) {
    const [ax, ay] = at(polygon, index);
    const [bx, by] = at(polygon, index + 1);
    sum += ax * by - bx * ay;
  }
  return Math.abs(sum) / 2;
}

/** Whole pixels: a pointer tells no more. */
export const rounded = (polygon: Polygon): Polygon => polygon.map(([x, y]) => [Math.round(x), Math.round(y)]);

function at(polygon: Polygon, index: number): Point {
  const point = polygon[(index + polygon.length) % polygon.length];
  if (!point) throw new RangeError("expected a polygon with corners; found none");
  return point;
}

function unit(x: number, y: number): [number, number] {
  const length = Math.hypot(x, y) || 1;
  return [x / length, y / length];
}
