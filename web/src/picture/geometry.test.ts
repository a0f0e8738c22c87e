import { describe, expect, it } from "vitest";
import type { Polygon } from "../api/types";
import {
  addCorner,
  area,
  bounds,
  boxPolygon,
  dragCorner,
  isRectangle,
  move,
  pathOf,
  removeCorner,
  turn,
} from "./geometry";

const PICTURE = { width: 400, height: 300 };
const BOX: Polygon = boxPolygon([100, 50], [200, 110]);

describe("boxPolygon", () => {
  it("is the same box whichever corner the drag began at", () => {
    expect(boxPolygon([200, 110], [100, 50])).toEqual(BOX);
    expect(boxPolygon([200, 50], [100, 110])).toEqual(BOX);
  });
});

describe("move", () => {
  it("moves every corner alike", () => {
    expect(bounds(move(BOX, 7, -9, PICTURE))).toEqual({ x: 107, y: 41, width: 100, height: 60 });
  });

  it("stops at the edge of the picture and keeps its size", () => {
    expect(bounds(move(BOX, 1000, -1000, PICTURE))).toEqual({ x: 300, y: 0, width: 100, height: 60 });
  });
});

describe("dragCorner", () => {
  it.each([0, 1, 2, 3])("keeps a rectangle a rectangle, held by the corner opposite to %i", (index) => {
    const held = BOX[(index + 2) % 4];
    const dragged = dragCorner(BOX, index, [150, 83], PICTURE);
    expect(dragged[index]).toEqual([150, 83]);
    expect(dragged[(index + 2) % 4]).toEqual(held);
    expect(isRectangle(dragged)).toBe(true);
  });

  it("keeps a turned rectangle a rectangle", () => {
    const turned = turn(BOX, 0.4, PICTURE);
    const dragged = dragCorner(turned, 2, [230, 150], PICTURE);
    expect(dragged[2]).toEqual([230, 150]);
    expect(isRectangle(dragged)).toBe(true);
    expect(dragged[0]?.[0]).toBeCloseTo(turned[0]?.[0] ?? Number.NaN, 9);
  });

  it("moves one corner of any other polygon and no other", () => {
    const five = addCorner(BOX, 1);
    const dragged = dragCorner(five, 2, [220, 90], PICTURE);
    expect(dragged.filter((corner, place) => pathOf([corner]) !== pathOf([five[place] ?? [0, 0]]))).toEqual([
      [220, 90],
    ]);
  });

  it("does not leave the picture", () => {
    expect(dragCorner(BOX, 2, [999, 999], PICTURE)[2]).toEqual([400, 300]);
  });
});

describe("turn", () => {
  it("comes back after a whole turn in steps, and keeps the area on the way", () => {
    let turned = BOX;
    for (let step = 0; step < 8; step++) {
      turned = turn(turned, Math.PI / 4, { width: 10_000, height: 10_000 });
    }
    // The centre of the bounds is the centre of the box, so eight eighths are the box again.
    turned.forEach(([x, y], place) => {
      expect(x).toBeCloseTo(BOX[place]?.[0] ?? Number.NaN, 6);
      expect(y).toBeCloseTo(BOX[place]?.[1] ?? Number.NaN, 6);
    });
    expect(area(turn(BOX, 0.3, PICTURE))).toBeCloseTo(area(BOX), 6);
  });
});

describe("corners", () => {
  it("added in the middle of a side change no area; a triangle loses none", () => {
    const more = addCorner(BOX, 3);
    expect(more).toHaveLength(5);
    expect(more[4]).toEqual([100, 80]);
    expect(area(more)).toBe(area(BOX));
    expect(removeCorner(more, 4)).toEqual(BOX);
    const triangle: Polygon = BOX.slice(0, 3);
    expect(removeCorner(triangle, 0)).toEqual(triangle);
  });
});
