import type { TextLine } from "../api/types";
import { pathOf } from "../picture/geometry";
import type { Size, View } from "../picture/viewport";
import "./texts.css";

/** The lines of text over a photograph, to be looked at only: the one that is pointed at in the list. */
export function TextOutlines({
  lines,
  view,
  frame,
}: {
  lines: readonly TextLine[];
  view: View;
  frame: Size;
}) {
  return (
    <svg className="stage-drawing text-outlines" width={frame.width} height={frame.height} aria-hidden="true">
      <g transform={`translate(${view.x} ${view.y}) scale(${view.scale})`}>
        {lines.map((line) => (
          <g key={line.id}>
            <path className="text-halo" d={pathOf(line.polygon)} />
            <path className="text-line" d={pathOf(line.polygon)} />
          </g>
        ))}
      </g>
    </svg>
  );
}
