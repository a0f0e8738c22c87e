import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { queries } from "../api/queries";
import { Button } from "../ui/Button";
import { ProblemNotice } from "../ui/ProblemNotice";
import { PageSkeleton } from "../ui/Skeleton";
import { useShortcuts } from "../ui/useShortcuts";
import { AlignedView } from "./AlignedView";
import { DecisionPanel } from "./DecisionPanel";
import { DifferencesView } from "./DifferencesView";
import { EvidencePanel } from "./EvidencePanel";
import { MODE_KEYS, MODES, type Mode, NEEDS_ALIGNMENT } from "./modes";
import { PointsView } from "./PointsView";
import "./compare.css";

/** The way of looking that was chosen last: it stays while one goes through the hits. */
let lastMode: Mode = "side";

/** Two marks against each other, in six ways of looking, with the evidence and the examiner's decision. */
export function CompareView({ id }: { id: string }) {
  const { t } = useTranslation();
  const comparison = useQuery(queries.comparison(id));
  const [chosen, setChosen] = useState<Mode>(lastMode);
  const aligned = comparison.data?.transform != null;
  const mode = !aligned && NEEDS_ALIGNMENT.has(chosen) ? "side" : chosen;
  const choose = (next: Mode) => {
    if (!aligned && NEEDS_ALIGNMENT.has(next)) return;
    lastMode = next;
    setChosen(next);
  };
  useShortcuts(Object.fromEntries(MODES.map((each) => [MODE_KEYS[each], () => choose(each)])));

  if (comparison.isPending) return <PageSkeleton />;
  if (!comparison.data)
    return <ProblemNotice error={comparison.error} onRetry={() => void comparison.refetch()} />;
  return (
    <div className="compare">
      <div className="choice" role="toolbar" aria-label={t("compare.modes")}>
        {MODES.map((each) => (
          <Button
            key={each}
            aria-pressed={mode === each}
            disabled={!aligned && NEEDS_ALIGNMENT.has(each)}
            shortcut={MODE_KEYS[each]}
            onClick={() => choose(each)}
          >
            {t(`compare.mode.${each}`)}
          </Button>
        ))}
      </div>
      {!aligned && <p className="notice notice-plain small">{t("compare.notAligned")}</p>}
      {mode === "points" ? (
        <PointsView comparison={comparison.data} />
      ) : mode === "differences" ? (
        <DifferencesView comparison={comparison.data} />
      ) : (
        <AlignedView comparison={comparison.data} mode={mode} />
      )}
      <div className="compare-below">
        <EvidencePanel comparison={comparison.data} />
        <DecisionPanel comparison={comparison.data} />
      </div>
    </div>
  );
}
