import { useQuery } from "@tanstack/react-query";
import { ArrowLeft, ChevronLeft, ChevronRight, FolderPlus, Keyboard } from "lucide-react";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useLocation, useSearchParams } from "wouter";
import { pictures } from "../api/client";
import { queries } from "../api/queries";
import type { Photograph } from "../api/types";
import { Crumbs } from "../shell/Crumbs";
import { useTitle } from "../shell/useTitle";
import { Button, IconButton } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { Empty } from "../ui/Empty";
import { ProblemNotice } from "../ui/ProblemNotice";
import { ShortcutList } from "../ui/ShortcutList";
import { PageSkeleton } from "../ui/Skeleton";
import { useShortcuts } from "../ui/useShortcuts";
import { CompareView } from "./CompareView";
import { HitList } from "./HitList";
import { PromoteDialog } from "./PromoteDialog";
import "./compare.css";

interface Props {
  photographId: string;
  comparisonId: string | undefined;
}

/** The hits of a photograph, or of one of its marks, best first; the chosen one compared beside them. */
export default function HitsPage({ photographId, comparisonId }: Props) {
  const { t } = useTranslation();
  const [params] = useSearchParams();
  const mark = params.get("mark");
  const ofPhotograph = useQuery({ ...queries.photographHits(photographId), enabled: !mark });
  const ofMark = useQuery({ ...queries.markHits(mark ?? ""), enabled: mark !== null });
  const hits = mark ? ofMark : ofPhotograph;
  const query = hits.data?.query;
  const items = hits.data?.items ?? [];
  const [, navigate] = useLocation();
  const [helping, setHelping] = useState(false);
  const list = useRef<HTMLDivElement>(null);
  useTitle(query && t("hits.title", { name: query.file_name }));

  const search = mark ? `?mark=${mark}` : "";
  const hrefOf = (id: string) => `/photographs/${photographId}/hits/${id}${search}`;
  // A comparison outside this list (an older hit, or one that was found from the other side) can still be looked at.
  const shown = comparisonId ?? items[0]?.comparison_id;
  const place = items.findIndex((hit) => hit.comparison_id === shown);
  const go = (step: number) => {
    const next = items[place + step];
    if (next) navigate(hrefOf(next.comparison_id), { replace: true });
  };
  useShortcuts({
    j: () => go(1),
    ArrowDown: () => go(1),
    ArrowRight: () => go(1),
    k: () => go(-1),
    ArrowUp: () => go(-1),
    ArrowLeft: () => go(-1),
    "?": () => setHelping(true),
  });
  useEffect(() => {
    if (shown) list.current?.querySelector(".hit-current")?.scrollIntoView({ block: "nearest" });
  }, [shown]);

  if (hits.isPending) return <PageSkeleton />;
  if (!query) return <ProblemNotice error={hits.error} onRetry={() => void hits.refetch()} />;
  return (
    <>
      <HitsHead query={query}>
        {comparisonId && (
          <Link
            className="button button-plain compare-back"
            href={`/photographs/${photographId}/hits${search}`}
          >
            <ArrowLeft size={16} aria-hidden="true" />
            {t("hits.all")}
          </Link>
        )}
        {items.length > 1 && (
          <span className="row">
            <IconButton
              label={t("hits.previous")}
              shortcut="k"
              icon={<ChevronLeft size={18} />}
              disabled={place <= 0}
              onClick={() => go(-1)}
            />
            <span className="small quiet figures">
              {place >= 0 && t("hits.place", { place: place + 1, count: items.length })}
            </span>
            <IconButton
              label={t("hits.next")}
              shortcut="j"
              icon={<ChevronRight size={18} />}
              disabled={place < 0 || place >= items.length - 1}
              onClick={() => go(1)}
            />
          </span>
        )}
        {shown && (
          <Button look="plain" shortcut="?" icon={<Keyboard size={16} />} onClick={() => setHelping(true)}>
            {t("shortcuts.title")}
          </Button>
        )}
      </HitsHead>
      {items.length === 0 && !comparisonId ? (
        <Empty title={t("hits.noneTitle")}>
          <p>{query.purpose === "query" ? t("hits.noneQuery") : t("hits.noneExhibit")}</p>
          <Link className="button" href={`/photographs/${query.id}`}>
            {t("hits.toPhotograph")}
          </Link>
        </Empty>
      ) : (
        <div className={comparisonId ? "compare-page compare-chosen" : "compare-page"}>
          <aside className="compare-list">
            <p className="small quiet">{t("hits.order", { count: items.length })}</p>
            <HitList hits={items} hrefOf={hrefOf} within={query.seizure?.id} current={shown} box={list} />
          </aside>
          {shown && (
            <section className="compare-main" aria-label={t("compare.title")}>
              <CompareView key={shown} id={shown} />
            </section>
          )}
        </div>
      )}
      {helping && (
        <Dialog small title={t("shortcuts.title")} onClose={() => setHelping(false)}>
          <ShortcutList
            keys={[
              [["j", "↓"], t("hits.next")],
              [["k", "↑"], t("hits.previous")],
              [["s"], t("compare.mode.side")],
              [["m"], t("compare.mode.points")],
              [["b"], t("compare.mode.blink")],
              [["o"], t("compare.mode.overlay")],
              [["w"], t("compare.mode.swipe")],
              [["d"], t("compare.mode.differences")],
              [["Space"], t("compare.keySpace")],
              [[",", "."], t("compare.keySlide")],
              [["u"], t("decision.under_review")],
              [["c"], t("decision.confirmed")],
              [["r"], t("decision.refuted")],
              [["i"], t("decision.inconclusive")],
              [["+", "-", "0"], t("picture.keyZoom")],
            ]}
          />
        </Dialog>
      )}
    </>
  );
}

function HitsHead({ query, children }: { query: Photograph; children: ReactNode }) {
  const { t } = useTranslation();
  const [promoting, setPromoting] = useState(false);
  const { seizure } = query;
  const trail = seizure
    ? [
        { href: "/seizures", label: t("shell.seizures") },
        { href: `/seizures/${seizure.id}`, label: seizure.case_reference },
        { href: `/photographs/${query.id}`, label: query.file_name },
      ]
    : [
        { href: "/search", label: t("shell.search") },
        { href: `/photographs/${query.id}`, label: query.file_name },
      ];
  return (
    <>
      <Crumbs trail={trail} />
      <div className="page-head">
        <div className="row hits-head">
          <div className="thumb hits-thumb">
            <img src={pictures.photograph(query.id, 320)} alt="" />
          </div>
          <div>
            <h1>{t("hits.title", { name: query.file_name })}</h1>
            <p className="quiet small">{t("score.rank")}</p>
          </div>
        </div>
        <div className="row">
          {children}
          {query.purpose === "query" && (
            <Button icon={<FolderPlus size={16} />} onClick={() => setPromoting(true)}>
              {t("promote.open")}
            </Button>
          )}
        </div>
      </div>
      {promoting && <PromoteDialog photograph={query} onClose={() => setPromoting(false)} />}
    </>
  );
}
