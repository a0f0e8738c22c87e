import { CircleCheck, CircleDashed, CircleHelp, CircleX, Eye } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { ComparisonStatus } from "../api/types";
import { Badge, type Tone } from "../ui/Badge";

const LOOKS: Record<ComparisonStatus, { tone: Tone; icon: ReactNode }> = {
  candidate: { tone: "plain", icon: <CircleDashed size={13} aria-hidden="true" /> },
  under_review: { tone: "ink", icon: <Eye size={13} aria-hidden="true" /> },
  confirmed: { tone: "good", icon: <CircleCheck size={13} aria-hidden="true" /> },
  refuted: { tone: "bad", icon: <CircleX size={13} aria-hidden="true" /> },
  inconclusive: { tone: "warn", icon: <CircleHelp size={13} aria-hidden="true" /> },
};

/** Where the examiner's judgement stands: by word, colour and sign. */
export function StatusBadge({ status }: { status: ComparisonStatus }) {
  const { t } = useTranslation();
  const { tone, icon } = LOOKS[status];
  return (
    <Badge tone={tone}>
      {icon}
      {t(`status.${status}`)}
    </Badge>
  );
}
