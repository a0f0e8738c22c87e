import type { JointHit, SeizureSummary } from "../api/types";

/** The joint hits of one seizure, or one that belongs to none. */
export interface JointGroup {
  key: string;
  seizure: SeizureSummary | null;
  /** Its place among the groups, from 1. */
  rank: number;
  hits: JointHit[];
}

/** Gathers hits by their seizures, each in the place of its best. */
export function bySeizure(hits: readonly JointHit[]): JointGroup[] {
  const groups = new Map<string, JointGroup>();
  for (const hit of hits) {
    const key = hit.seizure?.id ?? hit.reference_photograph.id;
    const group = groups.get(key) ?? { key, seizure: hit.seizure, rank: groups.size + 1, hits: [] };
    group.hits.push(hit);
    groups.set(key, group);
  }
  return [...groups.values()];
}
