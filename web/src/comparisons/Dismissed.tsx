import { useTranslation } from "react-i18next";
import type { ComparisonStatus, Decision } from "../api/types";
import { formatMoment } from "../i18n/format";

interface Props {
  comparison: { status: ComparisonStatus; decision: Decision | null };
}

/** Who dismissed a pair, when and why; nothing for any other pair. */
export function Dismissed({ comparison: { status, decision } }: Props) {
  const { t } = useTranslation();
  if (status !== "refuted" || decision === null) return null;
  return (
    <p className="small quiet hit-dismissed">
      {t("dismissed.by", {
        name: decision.decided_by,
        when: formatMoment(decision.decided_at),
        reason: decision.reason,
      })}
    </p>
  );
}
