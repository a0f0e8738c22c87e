/** Zoom and pan as plain arithmetic: frame pixel = picture pixel * scale + (x, y). */
export interface View {
  scale: number;
  x: number;
  y: number;
}

export interface Size {
  width: number;
  height: number;
}

export interface Box extends Size {
  x: number;
  y: number;
}

/** How far in a person may zoom: one picture pixel over so many frame pixels. */
const MOST_SCALE = 16;
/** How far out: the fitted picture may shrink to this share of its fitted size. */
const LEAST_SHARE = 0.5;

export function fitBox(box: Box, frame: Size, margin = 0): View {
  const width = Math.max(1, frame.width - 2 * margin);
  const height = Math.max(1, frame.height - 2 * margin);
  const scale = Math.min(width / Math.max(1, box.width), height / Math.max(1, box.height), MOST_SCALE);
  return {
    scale,
    x: frame.width / 2 - (box.x + box.width / 2) * scale,
    y: frame.height / 2 - (box.y + box.height / 2) * scale,
  };
}

export const fit = (picture: Size, frame: Size): View => fitBox({ x: 0, y: 0, ...picture }, frame);

/** Shows a part of the picture as large as it goes, but the whole frame's worth of picture wherever there is that much. */
export function fitFocus(focus: Box, picture: Size, frame: Size, margin = 0): View {
  const whole = fit(picture, frame);
  const close = fitBox(focus, frame, margin);
  if (close.scale <= whole.scale) return whole;
  const cover = (offset: number, length: number, room: number) =>
    length <= room ? (room - length) / 2 : Math.min(0, Math.max(room - length, offset));
  return {
    scale: close.scale,
    x: cover(close.x, picture.width * close.scale, frame.width),
    y: cover(close.y, picture.height * close.scale, frame.height),
  };
}

/** Zooms by a factor and keeps the picture pixel under the frame pixel (x, y) where it is. */
export function zoomAt(
  view: View,
  factor: number,
  at: { x: number; y: number },
  picture: Size,
  frame: Size,
): View {
  const least = fit(picture, frame).scale * LEAST_SHARE;
  const scale = Math.min(Math.max(view.scale * factor, least), MOST_SCALE);
  const applied = scale / view.scale;
  return keepInSight(
    { scale, x: at.x - (at.x - view.x) * applied, y: at.y - (at.y - view.y) * applied },
    picture,
    frame,
  );
}

export function pan(view: View, dx: number, dy: number, picture: Size, frame: Size): View {
  return keepInSight({ ...view, x: view.x + dx, y: view.y + dy }, picture, frame);
}

/** The middle of the frame never leaves the picture, so that nobody loses it. */
function keepInSight(view: View, picture: Size, frame: Size): View {
  const clamp = (value: number, low: number, high: number) => Math.min(Math.max(value, low), high);
  return {
    scale: view.scale,
    x: clamp(view.x, frame.width / 2 - picture.width * view.scale, frame.width / 2),
    y: clamp(view.y, frame.height / 2 - picture.height * view.scale, frame.height / 2),
  };
}

export const toPicture = (view: View, x: number, y: number): [number, number] => [
  (x - view.x) / view.scale,
  (y - view.y) / view.scale,
];

export const toFrame = (view: View, x: number, y: number): [number, number] => [
  x * view.scale + view.x,
  y * view.scale + view.y,
];

/** Widths that pictures are asked for in: few, so that the server and the browser can keep them. */
const WIDTHS = [320, 640, 1280, 2560] as const;

/** The least kept width that is at least as sharp as the screen; the whole width where none is. */
export function widthFor(framePixels: number, pictureWidth: number, pixelRatio: number): number {
  const wanted = framePixels * pixelRatio;
  const width = WIDTHS.find((candidate) => candidate >= wanted * 0.9) ?? pictureWidth;
  return Math.max(1, Math.round(Math.min(width, pictureWidth)));
}
