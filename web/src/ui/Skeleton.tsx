import type { CSSProperties } from "react";
import { useTranslation } from "react-i18next";

/** The shape of what is on its way. */
export function Skeleton({
  height,
  width = "100%",
}: {
  height: CSSProperties["height"];
  width?: CSSProperties["width"];
}) {
  return <div className="skeleton" style={{ height, width }} aria-hidden="true" />;
}

export function PageSkeleton() {
  const { t } = useTranslation();
  return (
    <div className="stack" role="status">
      <span className="unseen">{t("common.loading")}</span>
      <Skeleton height="2rem" width="min(20rem, 70%)" />
      <Skeleton height="8rem" />
      <Skeleton height="16rem" />
    </div>
  );
}
