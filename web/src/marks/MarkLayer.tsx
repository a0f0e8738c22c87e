import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Mark, Point, Polygon } from "../api/types";
import {
  addCorner,
  area,
  bounds,
  boxPolygon,
  centre,
  clampPoint,
  dragCorner,
  middle,
  move,
  pathOf,
  removeCorner,
  rounded,
  turn,
} from "../picture/geometry";
import { type Size, toPicture, type View } from "../picture/viewport";
import "./marks.css";

export type Tool = "select" | "box" | "polygon";

/** Frame pixels. Handles are larger for the hand than for the eye. */
const HANDLE = 5;
const HANDLE_REACH = 14;
const TURN_ARM = 26;
/** A drag shorter than this on the frame is a press, not a box. */
const LEAST_BOX = 8;
/** A press this near to the first corner closes a polygon. */
const CLOSING = 12;
const KEY_STEP = 2;
const KEY_STRIDE = 20;
const KEY_TURN = Math.PI / 36;
/** Moves by keys are saved when the keys rest for so long. */
const REST_MS = 700;

interface Props {
  marks: readonly Mark[];
  picture: Size;
  view: View;
  frame: Size;
  tool: Tool;
  selected: string | null;
  nameOf: (mark: Mark) => string;
  onSelect: (id: string | null) => void;
  onDraw: (polygon: Polygon) => void;
  onChange: (mark: Mark, polygon: Polygon) => void;
  onRemove: (mark: Mark) => void;
}

/** What the pointer has hold of. */
type Grip =
  | { what: "body"; from: Point; mark: Mark }
  | { what: "corner"; index: number; mark: Mark }
  | { what: "turn"; from: Point; mark: Mark }
  | { what: "box"; from: Point };

/** The marks over a photograph: drawn, chosen, moved, reshaped and turned, by pointer or keyboard. */
export function MarkLayer(props: Props) {
  const { marks, picture, view, frame, tool, selected, nameOf, onSelect, onDraw, onChange, onRemove } = props;
  const { t } = useTranslation();
  const svg = useRef<SVGSVGElement>(null);
  const grip = useRef<Grip | null>(null);
  const [edited, setEdited] = useState<{ id: string; polygon: Polygon } | null>(null);
  const [box, setBox] = useState<Polygon | null>(null);
  const [corners, setCorners] = useState<Point[]>([]);
  const [pointer, setPointer] = useState<Point | null>(null);
  const resting = useRef<ReturnType<typeof setTimeout>>(undefined);

  useEffect(() => {
    if (tool !== "polygon") setCorners([]);
    if (tool !== "box") setBox(null);
  }, [tool]);

  const chosen = marks.find(({ id }) => id === selected);
  const polygonOf = (mark: Mark): Polygon => (edited?.id === mark.id ? edited.polygon : mark.polygon);
  const at = (event: { clientX: number; clientY: number }): Point => {
    const frameBox = svg.current?.getBoundingClientRect();
    const [x, y] = toPicture(
      view,
      event.clientX - (frameBox?.left ?? 0),
      event.clientY - (frameBox?.top ?? 0),
    );
    return clampPoint([x, y], picture);
  };

  const commit = (mark: Mark, polygon: Polygon) => {
    clearTimeout(resting.current);
    setEdited(null);
    const next = rounded(polygon);
    if (pathOf(next) !== pathOf(mark.polygon)) onChange(mark, next);
  };
  const commitAtRest = (mark: Mark, polygon: Polygon) => {
    setEdited({ id: mark.id, polygon });
    clearTimeout(resting.current);
    resting.current = setTimeout(() => commit(mark, polygon), REST_MS);
  };

  const take = (event: PointerEvent, what: Grip) => {
    if (tool !== "select" || event.button !== 0) return;
    event.stopPropagation();
    svg.current?.setPointerCapture(event.pointerId);
    grip.current = what;
  };

  const onPointerDown = (event: PointerEvent<SVGSVGElement>) => {
    if (event.button !== 0) return;
    if (tool === "box") {
      event.stopPropagation();
      event.currentTarget.setPointerCapture(event.pointerId);
      grip.current = { what: "box", from: at(event) };
    } else if (tool === "polygon") {
      event.stopPropagation();
    }
  };

  const onPointerMove = (event: PointerEvent<SVGSVGElement>) => {
    const point = at(event);
    if (tool === "polygon") setPointer(point);
    const held = grip.current;
    if (!held) return;
    event.stopPropagation();
    if (held.what === "box") {
      setBox(boxPolygon(held.from, point));
      return;
    }
    const { mark } = held;
    if (held.what === "body") {
      const [dx, dy] = [point[0] - held.from[0], point[1] - held.from[1]];
      setEdited({ id: mark.id, polygon: move(mark.polygon, dx, dy, picture) });
    } else if (held.what === "corner") {
      setEdited({ id: mark.id, polygon: dragCorner(mark.polygon, held.index, point, picture) });
    } else {
      const angle = angleFrom(centre(mark.polygon), point) - angleFrom(centre(mark.polygon), held.from);
      setEdited({ id: mark.id, polygon: turn(mark.polygon, angle, picture) });
    }
  };

  const onPointerUp = (event: PointerEvent<SVGSVGElement>) => {
    const held = grip.current;
    grip.current = null;
    if (held?.what === "box") {
      const drawn = boxPolygon(held.from, at(event));
      setBox(null);
      const { width, height } = bounds(drawn);
      if (Math.min(width, height) * view.scale >= LEAST_BOX) onDraw(rounded(drawn));
    } else if (held && edited) {
      commit(held.mark, edited.polygon);
    } else if (tool === "polygon" && event.button === 0) {
      addPolygonCorner(at(event));
    }
  };

  const addPolygonCorner = (point: Point) => {
    const first = corners[0];
    const closes =
      first &&
      corners.length > 2 &&
      Math.hypot(point[0] - first[0], point[1] - first[1]) * view.scale < CLOSING;
    if (closes) finishPolygon(corners);
    else setCorners([...corners, point]);
  };
  const finishPolygon = (polygon: Polygon) => {
    setCorners([]);
    setPointer(null);
    if (polygon.length > 2 && area(polygon) * view.scale ** 2 >= LEAST_BOX ** 2) onDraw(rounded(polygon));
  };

  // Escape, Enter and Backspace while a polygon grows: the pointer is on the picture, the focus may be anywhere.
  useEffect(() => {
    if (corners.length === 0) return;
    const onKey = (event: globalThis.KeyboardEvent) => {
      if (event.key === "Escape") setCorners([]);
      else if (event.key === "Backspace") setCorners(corners.slice(0, -1));
      else if (event.key === "Enter" && corners.length > 2) {
        setCorners([]);
        setPointer(null);
        onDraw(rounded(corners));
      } else return;
      event.preventDefault();
      event.stopPropagation();
    };
    document.addEventListener("keydown", onKey, true);
    return () => document.removeEventListener("keydown", onKey, true);
  }, [corners, onDraw]);

  const onMarkKey = (event: KeyboardEvent, mark: Mark) => {
    const polygon = polygonOf(mark);
    if (event.key === "Delete" || event.key === "Backspace") onRemove(mark);
    else if (event.key === "Enter" || event.key === " ") onSelect(mark.id);
    else if (event.key === "Escape") onSelect(null);
    else if (event.key === "[" || event.key === "]") {
      commitAtRest(mark, turn(polygon, event.key === "]" ? KEY_TURN : -KEY_TURN, picture));
    } else {
      const [dx, dy] = arrow(event, view.scale);
      if (!dx && !dy) return;
      commitAtRest(mark, move(polygon, dx, dy, picture));
    }
    event.preventDefault();
    event.stopPropagation();
  };

  const onCornerKey = (event: KeyboardEvent, mark: Mark, index: number) => {
    const polygon = polygonOf(mark);
    const corner = polygon[index];
    if (!corner) return;
    const [dx, dy] = arrow(event, view.scale);
    if (event.key === "Delete" || event.key === "Backspace") commit(mark, removeCorner(polygon, index));
    else if (event.key === "Insert" || event.key === "Enter") commit(mark, addCorner(polygon, index));
    else if (dx || dy)
      commitAtRest(mark, dragCorner(polygon, index, [corner[0] + dx, corner[1] + dy], picture));
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const unit = 1 / view.scale;
  const growing = pointer && corners.length > 0 ? [...corners, pointer] : corners;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a drawing that holds its marks together has no element of its own
    <svg
      ref={svg}
      className={`stage-drawing marks marks-${tool}`}
      width={frame.width}
      height={frame.height}
      role="group"
      aria-label={t("marks.layer")}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={onPointerUp}
      onDoubleClick={() => tool === "polygon" && finishPolygon(corners.slice(0, -1))}
    >
      <g transform={`translate(${view.x} ${view.y}) scale(${view.scale})`}>
        {marks.map((mark) => {
          const isChosen = mark.id === selected;
          return (
            // biome-ignore lint/a11y/useSemanticElements: a region of a drawing cannot be a button element
            <g
              key={mark.id}
              className={`mark mark-${mark.found_by}${isChosen ? " mark-chosen" : ""}`}
              role="button"
              tabIndex={tool === "select" ? 0 : -1}
              aria-pressed={isChosen}
              aria-label={nameOf(mark)}
              onFocus={() => onSelect(mark.id)}
              onKeyDown={(event) => onMarkKey(event, mark)}
              onPointerDown={(event) => {
                if (tool !== "select") return;
                onSelect(mark.id);
                take(event, { what: "body", from: at(event), mark });
              }}
            >
              <path className="mark-halo" d={pathOf(polygonOf(mark))} />
              <path className="mark-line" d={pathOf(polygonOf(mark))} />
            </g>
          );
        })}
        {chosen && tool === "select" && (
          <Handles
            mark={chosen}
            polygon={polygonOf(chosen)}
            unit={unit}
            onCorner={(event, index) => take(event, { what: "corner", index, mark: chosen })}
            onCornerKey={(event, index) => onCornerKey(event, chosen, index)}
            onMiddle={(event, index) => {
              event.stopPropagation();
              commit(chosen, addCorner(polygonOf(chosen), index));
            }}
            onTurn={(event) => take(event, { what: "turn", from: at(event), mark: chosen })}
          />
        )}
        {box && <path className="mark-draft" d={pathOf(box)} />}
        {growing.length > 0 && (
          <>
            <path className="mark-draft" d={pathOf(growing)} />
            {corners.map(([x, y], index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: corners are known by their place
              <circle key={index} className="handle-dot" cx={x} cy={y} r={HANDLE * unit} />
            ))}
          </>
        )}
      </g>
    </svg>
  );
}

function Handles({
  mark,
  polygon,
  unit,
  onCorner,
  onCornerKey,
  onMiddle,
  onTurn,
}: {
  mark: Mark;
  polygon: Polygon;
  unit: number;
  onCorner: (event: PointerEvent, index: number) => void;
  onCornerKey: (event: KeyboardEvent, index: number) => void;
  onMiddle: (event: PointerEvent, index: number) => void;
  onTurn: (event: PointerEvent) => void;
}) {
  const { t } = useTranslation();
  const { x, y, width } = bounds(polygon);
  const [armX, armY] = [x + width / 2, y];
  const sides = polygon.length <= 12;
  return (
    <g className="handles">
      <line className="handle-arm" x1={armX} y1={armY} x2={armX} y2={armY - TURN_ARM * unit} />
      <g className="handle handle-turn" onPointerDown={onTurn}>
        <title>{t("marks.turn")}</title>
        <circle className="handle-reach" cx={armX} cy={armY - TURN_ARM * unit} r={HANDLE_REACH * unit} />
        <circle className="handle-dot" cx={armX} cy={armY - TURN_ARM * unit} r={HANDLE * unit} />
      </g>
      {sides &&
        polygon.map((_, index) => {
          const [cx, cy] = middle(polygon, index);
          return (
            <g
              // biome-ignore lint/suspicious/noArrayIndexKey: sides are known by their place
              key={index}
              className="handle handle-side"
              onPointerDown={(event) => onMiddle(event, index)}
            >
              <title>{t("marks.addCorner")}</title>
              <circle className="handle-reach" cx={cx} cy={cy} r={HANDLE_REACH * 0.7 * unit} />
              <circle className="handle-dot" cx={cx} cy={cy} r={HANDLE * 0.6 * unit} />
            </g>
          );
        })}
      {polygon.map(([cx, cy], index) => (
        // biome-ignore lint/a11y/useSemanticElements: a corner of a drawing cannot be a button element
        <g
          // biome-ignore lint/suspicious/noArrayIndexKey: corners are known by their place
          key={`${mark.id}-${index}`}
          className="handle handle-corner"
          role="button"
          tabIndex={0}
          aria-label={t("marks.corner", { number: index + 1, count: polygon.length })}
          onPointerDown={(event) => onCorner(event, index)}
          onKeyDown={(event) => onCornerKey(event, index)}
        >
          <circle className="handle-reach" cx={cx} cy={cy} r={HANDLE_REACH * unit} />
          <circle className="handle-dot" cx={cx} cy={cy} r={HANDLE * unit} />
        </g>
      ))}
    </g>
  );
}

const angleFrom = ([cx, cy]: Point, [x, y]: Point): number => Math.atan2(y - cy, x - cx);

/** The step of an arrow key in picture pixels; nothing for any other key. */
function arrow(event: KeyboardEvent, scale: number): [number, number] {
  const step = Math.max(1, (event.shiftKey ? KEY_STRIDE : KEY_STEP) / scale);
  const steps: Record<string, [number, number]> = {
    ArrowLeft: [-step, 0],
    ArrowRight: [step, 0],
    ArrowUp: [0, -step],
    ArrowDown: [0, step],
  };
  return steps[event.key] ?? [0, 0];
}
