import { useQuery } from "@tanstack/react-query";
import { ImageOff, Plus, Search } from "lucide-react";
import { useDeferredValue, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useLocation, useSearchParams } from "wouter";
import { pictures } from "../api/client";
import { queries } from "../api/queries";
import type { SeizureSummary } from "../api/types";
import { formatDay, formatPlace } from "../i18n/format";
import { useTitle } from "../shell/useTitle";
import { Button } from "../ui/Button";
import { DropZone, PHOTOGRAPHS, useDrop } from "../ui/DropZone";
import { Empty } from "../ui/Empty";
import { Pager } from "../ui/Pager";
import { ProblemNotice } from "../ui/ProblemNotice";
import { Skeleton } from "../ui/Skeleton";
import { useShortcuts } from "../ui/useShortcuts";
import { NewSeizureDialog } from "./NewSeizureDialog";
import "./seizures.css";

const LIMIT = 24;
const TYPING_MS = 250;

export default function SeizuresPage() {
  const { t } = useTranslation();
  useTitle(t("seizures.title"));
  const [params, setParams] = useSearchParams();
  const [, navigate] = useLocation();
  const q = params.get("q") ?? "";
  const offset = Number(params.get("from")) || 0;
  const [typed, setTyped] = useState(q);
  const [creating, setCreating] = useState<File[] | null>(null);
  const seizures = useQuery(queries.seizures({ q, limit: LIMIT, offset }));
  const drop = useDrop(setCreating);

  useEffect(() => setTyped(q), [q]);
  useEffect(() => {
    if (typed === q) return;
    const rest = setTimeout(() => setParams(typed ? { q: typed } : {}, { replace: true }), TYPING_MS);
    return () => clearTimeout(rest);
  }, [typed, q, setParams]);
  useShortcuts({
    "/": () => document.getElementById("seizure-search")?.focus(),
    n: () => setCreating([]),
  });

  const total = seizures.data?.total ?? 0;
  const nothingYet = seizures.isSuccess && total === 0 && !q;
  const stale = useDeferredValue(seizures.isPlaceholderData);
  return (
    <div className={drop.over ? "stack seizures-over" : "stack"} {...drop.handlers}>
      <div className="page-head">
        <h1>
          {t("seizures.title")}
          {total > 0 && <span className="count figures">{total}</span>}
        </h1>
        {!nothingYet && (
          <div className="row seizures-tools">
            <search className="search-box">
              <Search size={16} aria-hidden="true" />
              <input
                id="seizure-search"
                className="input"
                type="search"
                aria-label={t("seizures.search")}
                placeholder={t("seizures.search")}
                aria-keyshortcuts="/"
                value={typed}
                onChange={(event) => setTyped(event.target.value)}
              />
            </search>
            <Button look="main" icon={<Plus size={18} />} onClick={() => setCreating([])}>
              {t("seizures.new")}
            </Button>
          </div>
        )}
      </div>

      {seizures.isError && <ProblemNotice error={seizures.error} onRetry={() => void seizures.refetch()} />}
      {seizures.isPending && (
        <div className="seizure-grid">
          {[1, 2, 3, 4, 5, 6].map((place) => (
            <Skeleton key={place} height="17rem" />
          ))}
        </div>
      )}

      {nothingYet && (
        <Empty title={t("seizures.emptyTitle")}>
          <p>{t("seizures.emptyWords")}</p>
          <DropZone
            accept={PHOTOGRAPHS}
            multiple
            label={t("seizures.emptyDrop")}
            hint={t("upload.kinds")}
            onFiles={setCreating}
          />
          <Button look="plain" onClick={() => setCreating([])}>
            {t("seizures.emptyForm")}
          </Button>
        </Empty>
      )}
      {seizures.isSuccess && total === 0 && q && (
        <Empty title={t("seizures.noneTitle", { words: q })}>
          <p>{t("seizures.noneWords")}</p>
          <Button onClick={() => setTyped("")}>{t("seizures.noneClear")}</Button>
        </Empty>
      )}

      {total > 0 && (
        <ul className="seizure-grid" aria-busy={stale} style={stale ? { opacity: 0.6 } : undefined}>
          {seizures.data?.items.map((seizure) => (
            <SeizureCard key={seizure.id} seizure={seizure} />
          ))}
        </ul>
      )}
      <Pager
        offset={offset}
        limit={LIMIT}
        total={total}
        onOffset={(from) => {
          setParams({ ...(q && { q }), ...(from > 0 && { from: String(from) }) });
          window.scrollTo({ top: 0 });
        }}
      />

      {creating && (
        <NewSeizureDialog
          files={creating}
          onClose={() => setCreating(null)}
          onCreated={(seizure) => navigate(`/seizures/${seizure.id}`)}
        />
      )}
    </div>
  );
}

function SeizureCard({ seizure }: { seizure: SeizureSummary }) {
  const { t } = useTranslation();
  return (
    <li className="card seizure-card">
      <div className="thumb">
        {seizure.cover ? (
          <img src={pictures.photograph(seizure.cover, 320)} alt="" loading="lazy" decoding="async" />
        ) : (
          <ImageOff size={28} aria-hidden="true" />
        )}
      </div>
      <div className="seizure-card-words">
        <h2>
          <Link href={`/seizures/${seizure.id}`}>{seizure.case_reference}</Link>
        </h2>
        <p>{seizure.substance || <span className="quiet">{t("seizures.noSubstance")}</span>}</p>
        <p className="quiet small">
          {[formatDay(seizure.date), formatPlace(seizure)].filter(Boolean).join(" · ")}
        </p>
        <p className="quiet small figures">{t("seizures.photographs", { count: seizure.photographs })}</p>
      </div>
    </li>
  );
}
