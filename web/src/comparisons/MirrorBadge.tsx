import { FlipHorizontal2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Badge } from "../ui/Badge";

/** The two agree only when one is turned over. */
export function MirrorBadge() {
  const { t } = useTranslation();
  return (
    <Badge tone="ink">
      <FlipHorizontal2 size={13} aria-hidden="true" />
      {t("hits.mirrored")}
    </Badge>
  );
}
