import { describe, expect, it } from "vitest";
import { fit, fitBox, fitFocus, pan, toFrame, toPicture, widthFor, zoomAt } from "./viewport";

const PICTURE = { width: 4000, height: 3000 };
const FRAME = { width: 800, height: 500 };

describe("fit", () => {
  it("shows the whole picture in the middle", () => {
    const view = fit(PICTURE, FRAME);
    expect(toFrame(view, 2000, 1500)).toEqual([400, 250]);
    expect(toFrame(view, 0, 0)[1]).toBeCloseTo(0);
    expect(toFrame(view, 4000, 3000)[1]).toBeCloseTo(500);
  });

  it("shows a box with its margin", () => {
    const view = fitBox({ x: 1000, y: 1000, width: 500, height: 100 }, FRAME, 25);
    expect(toFrame(view, 1000, 1050)).toEqual([25, 250]);
    expect(toFrame(view, 1500, 1050)).toEqual([775, 250]);
  });
});

describe("fitFocus", () => {
  it("shows the part and fills the frame with what lies around it", () => {
    const view = fitFocus({ x: 0, y: 0, width: 400, height: 400 }, PICTURE, FRAME);
    expect(toFrame(view, 0, 0)).toEqual([0, 0]);
    expect(toFrame(view, 400, 400)[1]).toBeCloseTo(500);
  });

  it("never shows less than the whole picture would", () => {
    expect(fitFocus({ x: -900, y: 0, width: 9000, height: 10 }, PICTURE, FRAME)).toEqual(fit(PICTURE, FRAME));
  });
});

describe("zoomAt", () => {
  it("keeps what is under the pointer under the pointer", () => {
    const view = fit(PICTURE, FRAME);
    const at = { x: 300, y: 200 };
    const [x, y] = toPicture(view, at.x, at.y);
    const closer = zoomAt(view, 3, at, PICTURE, FRAME);
    expect(closer.scale).toBeCloseTo(view.scale * 3);
    expect(toFrame(closer, x, y)[0]).toBeCloseTo(at.x);
    expect(toFrame(closer, x, y)[1]).toBeCloseTo(at.y);
  });

  it("ends at its limits", () => {
    const view = fit(PICTURE, FRAME);
    expect(zoomAt(view, 1e9, { x: 0, y: 0 }, PICTURE, FRAME).scale).toBe(16);
    expect(zoomAt(view, 1e-9, { x: 0, y: 0 }, PICTURE, FRAME).scale).toBeCloseTo(view.scale / 2);
  });
});

describe("pan", () => {
  it("never loses the picture", () => {
    const gone = pan(fit(PICTURE, FRAME), 1e6, -1e6, PICTURE, FRAME);
    const [x, y] = toPicture(gone, FRAME.width / 2, FRAME.height / 2);
    expect(x).toBeCloseTo(0);
    expect(y).toBeCloseTo(3000);
  });
});

describe("widthFor", () => {
  it("asks for few widths, sharp enough for the screen and no more than the picture has", () => {
    expect(widthFor(300, 4000, 1)).toBe(320);
    expect(widthFor(300, 4000, 2)).toBe(640);
    expect(widthFor(9000, 4000, 1)).toBe(4000);
    expect(widthFor(300, 200, 1)).toBe(200);
  });
});
