import type { Comparison, Mark, Point } from "../api/types";
import { bounds, grow } from "../picture/geometry";
import type { Box } from "../picture/viewport";

/** Of the extent of the agreeing points, on each side. */
const MARGIN = 0.6;
const FEW = 4;

/** What the two sides of a comparison are called: by their seizures, or by their files where they have none. */
export const sideNames = (comparison: Comparison) => ({
  query: comparison.query_seizure?.case_reference ?? comparison.query_photograph.file_name,
  reference: comparison.seizure?.case_reference ?? comparison.reference_photograph.file_name,
});

/** Where to look first: at what agrees, with its surroundings; at the whole mark where too little agrees. */
export function focusOf(mark: Mark, points: Point[]): Box {
  return points.length >= FEW ? grow(bounds(points), MARGIN) : bounds(mark.polygon);
}
