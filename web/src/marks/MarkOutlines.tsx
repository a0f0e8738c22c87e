import type { Mark } from "../api/types";
import { pathOf } from "../picture/geometry";
import type { Size } from "../picture/viewport";
import "../picture/picture.css";
import "./marks.css";

/** The marks of a photograph over its thumbnail, to be looked at only. */
export function MarkOutlines({ marks, picture }: { marks: readonly Mark[]; picture: Size }) {
  const drawn = marks.filter((mark) => mark.found_by !== "whole");
  if (drawn.length === 0) return null;
  return (
    <svg
      className="stage-drawing"
      viewBox={`0 0 ${picture.width} ${picture.height}`}
      preserveAspectRatio="xMidYMid slice"
      aria-hidden="true"
    >
      {drawn.map((mark) => (
        <path key={mark.id} className={`outline outline-${mark.found_by}`} d={pathOf(mark.polygon)} />
      ))}
    </svg>
  );
}
