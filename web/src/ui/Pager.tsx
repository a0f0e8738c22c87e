import { ChevronLeft, ChevronRight } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Button } from "./Button";

interface Props {
  offset: number;
  limit: number;
  total: number;
  onOffset: (offset: number) => void;
}

export function Pager({ offset, limit, total, onOffset }: Props) {
  const { t } = useTranslation();
  if (total <= limit) return null;
  return (
    <nav className="pager" aria-label={t("pager.label")}>
      <Button
        icon={<ChevronLeft size={16} />}
        disabled={offset === 0}
        onClick={() => onOffset(Math.max(0, offset - limit))}
      >
        {t("pager.previous")}
      </Button>
      <span className="quiet figures">
        {t("pager.shown", { from: offset + 1, to: Math.min(total, offset + limit), total })}
      </span>
      <Button disabled={offset + limit >= total} onClick={() => onOffset(offset + limit)}>
        {t("pager.next")}
        <ChevronRight size={16} />
      </Button>
    </nav>
  );
}
