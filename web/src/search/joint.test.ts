import { expect, test } from "vitest";
import type { JointHit, SeizureSummary } from "../api/types";
import { bySeizure } from "./joint";

const hit = (photograph: string, seizure?: string): JointHit => ({
  reference_photograph: { id: photograph, file_name: photograph, width: 1, height: 1 },
  seizure: seizure ? ({ id: seizure } as SeizureSummary) : null,
  standing: 1,
  dismissed: false,
  pairs: [],
});

test("photographs of one seizure are together, in the place of the best", () => {
  const groups = bySeizure([hit("a", "one"), hit("b", "two"), hit("c", "one"), hit("d"), hit("e")]);
  expect(
    groups.map(({ rank, hits }) => [
      rank,
      ...hits.map(({ reference_photograph }) => reference_photograph.id),
    ]),
  ).toEqual([
    [1, "a", "c"],
    [2, "b"],
    [3, "d"],
    [4, "e"],
  ]);
});
