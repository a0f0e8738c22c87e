import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { queries } from "../api/queries";
import type { Mark, Photograph } from "../api/types";
import { HitList } from "../comparisons/HitList";
import { ProblemNotice } from "../ui/ProblemNotice";
import { Skeleton } from "../ui/Skeleton";

const SHOWN = 5;

/** The first hits of the chosen mark, or of the whole photograph where none is chosen. */
export function HitsCard({ photograph, mark }: { photograph: Photograph; mark: Mark | undefined }) {
  const { t } = useTranslation();
  const ofPhotograph = useQuery({ ...queries.photographHits(photograph.id), enabled: !mark });
  const ofMark = useQuery({ ...queries.markHits(mark?.id ?? ""), enabled: mark !== undefined });
  const hits = mark ? ofMark : ofPhotograph;
  const items = hits.data?.items ?? [];
  const base = `/photographs/${photograph.id}/hits`;
  const search = mark ? `?mark=${mark.id}` : "";
  return (
    <section className="section" aria-labelledby="hits">
      <div className="section-head">
        <h2 id="hits">
          {mark ? t("hits.ofMark") : t("hits.ofPhotograph")}
          {items.length > 0 && <span className="count figures">{items.length}</span>}
        </h2>
        {items.length > 0 && <Link href={base + search}>{t("hits.compareAll")}</Link>}
      </div>
      {hits.isError && <ProblemNotice error={hits.error} onRetry={() => void hits.refetch()} />}
      {hits.isLoading && <Skeleton height="5rem" />}
      {hits.isSuccess && items.length === 0 && <p className="quiet">{t("hits.none")}</p>}
      <HitList
        hits={items.slice(0, SHOWN)}
        within={photograph.seizure?.id}
        hrefOf={(id) => `${base}/${id}${search}`}
      />
    </section>
  );
}
