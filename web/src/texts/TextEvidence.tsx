import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { queries } from "../api/queries";
import type { SharedWord, TextComparison } from "../api/types";
import { formatNumber, formatScore } from "../i18n/format";
import { ProblemNotice } from "../ui/ProblemNotice";
import { Skeleton } from "../ui/Skeleton";
import "./texts.css";

/** Under this, a word is on so many photographs that it tells nothing. */
const LEAST_BITS = 0.05;

/** What both photographs of a comparison say: a line of evidence of its own. */
export function TextEvidence({ id }: { id: string }) {
  const { t } = useTranslation();
  const texts = useQuery(queries.sharedTexts(id));
  return (
    <section className="card card-body section" aria-labelledby="text-evidence">
      <div className="row row-apart">
        <h2 id="text-evidence">{t("texts.evidence")}</h2>
        {texts.data?.score != null && (
          <strong className="evidence-score figures">{formatScore(texts.data.score)}</strong>
        )}
      </div>
      {texts.isPending && <Skeleton height="3rem" />}
      {texts.isError && <ProblemNotice error={texts.error} onRetry={() => void texts.refetch()} />}
      {texts.data && <Said texts={texts.data} />}
    </section>
  );
}

function Said({ texts }: { texts: TextComparison }) {
  const { t } = useTranslation();
  const { shared, query, reference } = texts;
  const used = (side: "query_line" | "reference_line") => new Set(shared.map((word) => word[side]));
  const [ofQuery, ofReference] = [used("query_line"), used("reference_line")];
  const alone = [
    { title: t("texts.onlyQuery"), lines: query.filter((_, place) => !ofQuery.has(place)) },
    { title: t("texts.onlyReference"), lines: reference.filter((_, place) => !ofReference.has(place)) },
  ];
  return (
    <>
      {texts.score == null ? (
        <p className="quiet">{t("texts.notCompared")}</p>
      ) : shared.length === 0 ? (
        <p className="quiet">{t("texts.nothingShared")}</p>
      ) : (
        <>
          <p className="small quiet">{t("texts.meaning")}</p>
          <dl className="evidence">
            {shared.map((word) => (
              <div key={`${word.query_line}-${word.reference_line}-${word.query}`} className="evidence-line">
                <dt>
                  {t("texts.bothRead")} <SharedAs word={word} />
                </dt>
                <dd className="figures">
                  {word.weight < LEAST_BITS
                    ? t("texts.common")
                    : formatNumber(word.similarity * word.weight, { maximumSignificantDigits: 2 })}
                </dd>
              </div>
            ))}
          </dl>
        </>
      )}
      {alone.map(
        ({ title, lines }) =>
          lines.length > 0 && (
            <p key={title} className="small">
              <span className="quiet">{title}:</span> {lines.map(({ words }) => words).join(" · ")}
            </p>
          ),
      )}
    </>
  );
}

function SharedAs({ word }: { word: SharedWord }) {
  const { t } = useTranslation();
  const { query, reference } = word;
  return <strong>{query === reference ? query : t("texts.asRead", { query, reference })}</strong>;
}
