import { type ReactNode, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

interface Props {
  count: number;
  /** Open from the beginning: the one that is looked at is in it. */
  open?: boolean;
  children: ReactNode;
}

/** What was refuted, folded away at the end of a list: it stays to be seen, and a new decision brings it back. */
export function DismissedFold({ count, open = false, children }: Props) {
  const { t } = useTranslation();
  const [shown, setShown] = useState(open);
  useEffect(() => {
    if (open) setShown(true);
  }, [open]);
  if (count === 0) return null;
  return (
    <details className="dismissed" open={shown} onToggle={(event) => setShown(event.currentTarget.open)}>
      <summary>{t("dismissed.count", { count })}</summary>
      <p className="small quiet">{t("dismissed.undo")}</p>
      {children}
    </details>
  );
}
