import type { Profile } from "../api/types";

export interface SharedAnalyte {
  analyte: string;
  /** Of the sum of its profile; null where the profile does not have it. */
  query: number | null;
  reference: number | null;
}

/** From here on an adulterant is recorded: a share of the sum. */
const RECORDED = 0.01;

/** The analytes that one profile has in earnest and the other not at all: a finding, not a detail of the score. */
export const onlyInOne = (rows: readonly SharedAnalyte[]): string[] =>
  rows
    .filter(
      ({ query, reference }) => Math.max(query ?? 0, reference ?? 0) >= RECORDED && !(query && reference),
    )
    .map(({ analyte }) => analyte);

/** Each value as its share of the profile's sum, by the analyte's name in lower case. */
function sharesOf(profile: Profile): Map<string, { analyte: string; share: number }> {
  const sum = profile.values.reduce((total, { value }) => total + value, 0);
  return new Map(
    profile.values.map(({ analyte, value }) => [
      analyte.trim().toLowerCase(),
      { analyte, share: sum > 0 ? value / sum : 0 },
    ]),
  );
}

/** Two profiles against each other, the analytes with the largest shares first. */
export function against(query: Profile, reference: Profile | null): SharedAnalyte[] {
  const here = sharesOf(query);
  const there = reference ? sharesOf(reference) : new Map<string, { analyte: string; share: number }>();
  const rows = [...new Set([...here.keys(), ...there.keys()])].map((name) => ({
    analyte: here.get(name)?.analyte ?? there.get(name)?.analyte ?? name,
    query: here.get(name)?.share ?? null,
    reference: there.get(name)?.share ?? null,
  }));
  const larger = (row: SharedAnalyte) => Math.max(row.query ?? 0, row.reference ?? 0);
  return rows.sort((one, other) => larger(other) - larger(one));
}
