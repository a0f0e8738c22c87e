import type { Ref } from "react";
import type { Hit } from "../api/types";
import { DismissedFold } from "./DismissedFold";
import { HitRow } from "./HitRow";

interface Props {
  hits: readonly Hit[];
  hrefOf: (comparisonId: string) => string;
  /** The seizure that is asked for: a hit within it is said to be one. */
  within?: string | undefined;
  /** The comparison that is looked at. */
  current?: string | undefined;
  box?: Ref<HTMLDivElement>;
}

/** Hits in their order, those that were refuted folded away at the end. */
export function HitList({ hits, hrefOf, within, current, box }: Props) {
  const row = (hit: Hit) => (
    <HitRow
      key={hit.comparison_id}
      hit={hit}
      rank={hits.indexOf(hit) + 1}
      within={within}
      href={hrefOf(hit.comparison_id)}
      current={hit.comparison_id === current}
    />
  );
  const open = hits.filter(({ status }) => status !== "refuted");
  const dismissed = hits.filter(({ status }) => status === "refuted");
  return (
    <div ref={box}>
      <ol className="hit-list">{open.map(row)}</ol>
      <DismissedFold
        count={dismissed.length}
        open={dismissed.some(({ comparison_id }) => comparison_id === current)}
      >
        <ol className="hit-list">{dismissed.map(row)}</ol>
      </DismissedFold>
    </div>
  );
}
