import { useCallback, useLayoutEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Comparison, Mark, MatchedPoint } from "../api/types";
import { pathOf } from "../picture/geometry";
import { PhotographImage } from "../picture/PhotographImage";
import { FOCUS_MARGIN, Stage } from "../picture/Stage";
import { type Box, fitFocus, type Size, toFrame, toPicture, type View } from "../picture/viewport";
import { focusOf, sideNames } from "./sides";

/** More lines than these are a tangle; the dots are all drawn. */
const MOST_LINES = 80;
const DOT = 3;
const NEAR = 14;

/** The points that agree, on both photographs, with lines from one to the other. */
export function PointsView({ comparison }: { comparison: Comparison }) {
  const { t } = useTranslation();
  const { points, query_photograph, reference_photograph, query_mark, reference_mark } = comparison;
  const names = sideNames(comparison);
  const [queryView, setQueryView] = useState<View | null>(null);
  const [referenceView, setReferenceView] = useState<View | null>(null);
  const [near, setNear] = useState<number | null>(null);
  const [lines, setLines] = useState(true);
  const area = useRef<HTMLDivElement>(null);
  const [frames, setFrames] = useState<{ query: Box; reference: Box } | null>(null);

  const measure = useCallback(() => {
    const root = area.current;
    const [query, reference] = [...(root?.querySelectorAll(".stage") ?? [])].map((stage) =>
      stage.getBoundingClientRect(),
    );
    const origin = root?.getBoundingClientRect();
    if (!query || !reference || !origin) return;
    const local = (box: DOMRect): Box => ({
      x: box.x - origin.x,
      y: box.y - origin.y,
      width: box.width,
      height: box.height,
    });
    setFrames({ query: local(query), reference: local(reference) });
  }, []);
  useLayoutEffect(() => {
    measure();
    const observer = new ResizeObserver(measure);
    if (area.current) observer.observe(area.current);
    return () => observer.disconnect();
  }, [measure]);

  const queryFocus = focusOf(
    query_mark,
    points.map(([x, y]) => [x, y]),
  );
  const referenceFocus = focusOf(
    reference_mark,
    points.map(([, , x, y]) => [x, y]),
  );
  const drawn = spread(points, MOST_LINES);

  const dots = (side: 0 | 2, view: View, size: Size, mark: Mark) => (
    <svg className="stage-drawing points-layer" width={size.width} height={size.height} aria-hidden="true">
      <g transform={`translate(${view.x} ${view.y}) scale(${view.scale})`}>
        {mark.found_by !== "whole" && (
          <path
            className={side === 0 ? "points-mark points-mark-query" : "points-mark points-mark-reference"}
            d={pathOf(mark.polygon)}
          />
        )}
      </g>
      {points.map((point, index) => {
        const [x, y] = toFrame(view, point[side], point[side === 0 ? 1 : 3]);
        return (
          <circle
            // biome-ignore lint/suspicious/noArrayIndexKey: a pair is known by its place
            key={index}
            className={index === near ? "point point-near" : "point"}
            style={{ fill: hue(index, points.length) }}
            cx={x}
            cy={y}
            r={index === near ? DOT * 2 : DOT}
          />
        );
      })}
    </svg>
  );
  const seek =
    (side: 0 | 2, view: View) => (event: { clientX: number; clientY: number; currentTarget: Element }) => {
      const box = event.currentTarget.getBoundingClientRect();
      const [x, y] = toPicture(view, event.clientX - box.left, event.clientY - box.top);
      setNear(nearest(points, side, x, y, NEAR / view.scale));
    };

  const viewOf = (given: View | null, focus: Box, picture: Size, frame: Box) =>
    given ?? fitFocus(focus, picture, frame, FOCUS_MARGIN);
  const stacked = frames !== null && frames.reference.y > frames.query.y + 1;
  return (
    <div className="stack" style={{ gap: "var(--space-2)" }}>
      <div className="compare-two points-view" ref={area}>
        <div className="compare-half">
          <Stage
            label={names.query}
            picture={query_photograph}
            focus={queryFocus}
            view={queryView}
            onView={setQueryView}
            onFrame={measure}
            controls={false}
          >
            {(view, size) => (
              <>
                <PhotographImage
                  id={query_photograph.id}
                  picture={query_photograph}
                  view={view}
                  alt={names.query}
                />
                <div
                  className="points-reach"
                  onPointerMove={seek(0, view)}
                  onPointerLeave={() => setNear(null)}
                >
                  {dots(0, view, size, query_mark)}
                </div>
              </>
            )}
          </Stage>
          <span className="stage-caption stage-caption-query">{names.query}</span>
        </div>
        <div className="compare-half">
          <Stage
            label={names.reference}
            picture={reference_photograph}
            focus={referenceFocus}
            view={referenceView}
            onView={setReferenceView}
            onFrame={measure}
            controls={false}
          >
            {(view, size) => (
              <>
                <PhotographImage
                  id={reference_photograph.id}
                  picture={reference_photograph}
                  view={view}
                  alt={names.reference}
                />
                <div
                  className="points-reach"
                  onPointerMove={seek(2, view)}
                  onPointerLeave={() => setNear(null)}
                >
                  {dots(2, view, size, reference_mark)}
                </div>
              </>
            )}
          </Stage>
          <span className="stage-caption stage-caption-reference">{names.reference}</span>
        </div>
        {frames && !stacked && (lines || near !== null) && (
          <svg className="points-lines" aria-hidden="true">
            {drawn.map((index) => {
              const point = points[index];
              if (!point || (!lines && index !== near)) return null;
              return (
                <PointLine
                  key={index}
                  point={point}
                  query={{
                    frame: frames.query,
                    view: viewOf(queryView, queryFocus, query_photograph, frames.query),
                  }}
                  reference={{
                    frame: frames.reference,
                    view: viewOf(referenceView, referenceFocus, reference_photograph, frames.reference),
                  }}
                  colour={hue(index, points.length)}
                  faint={near !== null && index !== near}
                />
              );
            })}
            {near !== null && !drawn.includes(near) && points[near] && (
              <PointLine
                point={points[near]}
                query={{
                  frame: frames.query,
                  view: viewOf(queryView, queryFocus, query_photograph, frames.query),
                }}
                reference={{
                  frame: frames.reference,
                  view: viewOf(referenceView, referenceFocus, reference_photograph, frames.reference),
                }}
                colour={hue(near, points.length)}
                faint={false}
              />
            )}
          </svg>
        )}
      </div>
      <div className="row">
        <label className="tick">
          <input type="checkbox" checked={lines} onChange={(event) => setLines(event.target.checked)} />
          <span>{t("compare.lines")}</span>
        </label>
        <span className="small quiet figures">
          {t("compare.pointsAgree", { count: points.length })} {t("compare.pointsHint")}
        </span>
      </div>
    </div>
  );
}

interface Placed {
  frame: Box;
  view: View;
}

/** A line between two dots; none where one of them is out of its frame. */
function PointLine({
  point: [qx, qy, rx, ry],
  query,
  reference,
  colour,
  faint,
}: {
  point: MatchedPoint;
  query: Placed;
  reference: Placed;
  colour: string;
  faint: boolean;
}) {
  const from = placed(query, qx, qy);
  const to = placed(reference, rx, ry);
  if (!from || !to) return null;
  return (
    <line
      x1={from[0]}
      y1={from[1]}
      x2={to[0]}
      y2={to[1]}
      style={{ stroke: colour, opacity: faint ? 0.15 : 0.75 }}
    />
  );
}

function placed({ frame, view }: Placed, x: number, y: number): [number, number] | null {
  const [fx, fy] = toFrame(view, x, y);
  if (fx < 0 || fy < 0 || fx > frame.width || fy > frame.height) return null;
  return [frame.x + fx, frame.y + fy];
}

/** Places, evenly spread over the whole list. */
function spread(points: readonly unknown[], most: number): number[] {
  const step = Math.max(1, points.length / most);
  return Array.from({ length: Math.min(points.length, most) }, (_, place) => Math.floor(place * step));
}

/** A colour a pair, so that the eye can find the fellow of a dot without its line. */
const hue = (index: number, count: number): string =>
  `hsl(${Math.round((index * 300) / Math.max(1, count)) + 20} 90% 64%)`;

function nearest(
  points: readonly MatchedPoint[],
  side: 0 | 2,
  x: number,
  y: number,
  reach: number,
): number | null {
  let best: number | null = null;
  let least = reach;
  points.forEach((point, index) => {
    const away = Math.hypot(point[side] - x, point[side === 0 ? 1 : 3] - y);
    if (away < least) {
      least = away;
      best = index;
    }
  });
  return best;
}
