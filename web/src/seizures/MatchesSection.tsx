import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { pictures } from "../api/client";
import type { Seizure, SeizureMatch } from "../api/types";
import { Dismissed } from "../comparisons/Dismissed";
import { DismissedFold } from "../comparisons/DismissedFold";
import { StatusBadge } from "../comparisons/StatusBadge";
import { formatCorrelation, formatDay, formatPlace, formatScore } from "../i18n/format";
import { Button } from "../ui/Button";

const SHOWN_FIRST = 4;

/** The seizures that search on save found, each line of evidence by itself. */
export function MatchesSection({ seizure }: { seizure: Seizure }) {
  const { t } = useTranslation();
  const { matches, photographs } = seizure;
  const [all, setAll] = useState(false);
  const standing = matches.filter(({ status }) => status !== "refuted");
  const dismissed = matches.filter(({ status }) => status === "refuted");
  const shown = all ? standing : standing.slice(0, SHOWN_FIRST);
  if (photographs.length === 0) return null;
  const working = photographs.some(({ state }) => state === "queued" || state === "describing");
  return (
    <section className="section" aria-labelledby="matches">
      <div className="section-head">
        <h2 id="matches">
          {t("matches.title")}
          {standing.length > 0 && <span className="count figures">{standing.length}</span>}
        </h2>
        {matches.length > 0 && <p className="quiet small">{t("matches.order")}</p>}
      </div>
      {standing.length === 0 ? (
        <div className="card card-body">
          <p className="quiet">{working ? t("matches.working") : t("matches.none")}</p>
        </div>
      ) : (
        <ul className="match-list">
          {shown.map((match) => (
            <MatchCard key={match.seizure.id} match={match} />
          ))}
        </ul>
      )}
      {standing.length > SHOWN_FIRST && (
        <div>
          <Button look="plain" onClick={() => setAll(!all)}>
            {all ? t("matches.fewer") : t("matches.all", { count: standing.length })}
          </Button>
        </div>
      )}
      <DismissedFold count={dismissed.length}>
        <ul className="match-list">
          {dismissed.map((match) => (
            <MatchCard key={match.seizure.id} match={match} />
          ))}
        </ul>
      </DismissedFold>
    </section>
  );
}

function MatchCard({ match }: { match: SeizureMatch }) {
  const { t } = useTranslation();
  const { seizure, chemistry } = match;
  return (
    <li className="card match">
      <Link
        className="match-pair"
        href={`/comparisons/${match.comparison_id}`}
        aria-label={t("matches.compareWith", { reference: seizure.case_reference })}
      >
        <div className="thumb thumb-square thumb-whole">
          <img src={pictures.mark(match.query_mark.id, 320)} alt="" loading="lazy" />
        </div>
        <div className="thumb thumb-square thumb-whole">
          <img src={pictures.mark(match.reference_mark.id, 320)} alt="" loading="lazy" />
        </div>
      </Link>
      <div className="match-words">
        <div>
          <div className="row">
            <h3>
              <Link href={`/seizures/${seizure.id}`}>{seizure.case_reference}</Link>
            </h3>
            <StatusBadge status={match.status} />
          </div>
          <p className="small quiet">
            {[seizure.substance, formatDay(seizure.date), formatPlace(seizure)].filter(Boolean).join(" · ")}
          </p>
          <Dismissed comparison={match} />
        </div>
        <dl className="evidence">
          <dt>{t("evidence.logo")}</dt>
          <dd>
            <strong>{formatScore(match.score)}</strong> ·{" "}
            {t("matches.comparisons", { count: match.comparisons })}
          </dd>
          <dt>{t("evidence.chemistry")}</dt>
          <dd>
            {chemistry ? (
              <>
                <strong>{formatCorrelation(chemistry.score)}</strong> ·{" "}
                {t("evidence.shared", { count: chemistry.shared_analytes })}
              </>
            ) : (
              <span className="quiet">{t("evidence.noChemistry")}</span>
            )}
          </dd>
        </dl>
        <p>
          <Link href={`/comparisons/${match.comparison_id}`}>{t("matches.compare")}</Link>
        </p>
      </div>
    </li>
  );
}
