import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import type { Comparison, SeizureSummary } from "../api/types";
import { ProfileBars } from "../chemistry/ProfileBars";
import { against, onlyInOne } from "../chemistry/shares";
import { formatCorrelation, formatDay, formatNumber, formatPlace, formatScore } from "../i18n/format";
import { TextEvidence } from "../texts/TextEvidence";
import { MirrorBadge } from "./MirrorBadge";
import { ToolEvidence } from "./ToolEvidence";

/** The lines of evidence, each by itself: its figure, what the figure means, and what it was made of. */
export function EvidencePanel({ comparison }: { comparison: Comparison }) {
  const { t } = useTranslation();
  const {
    score,
    mirrored,
    measurements,
    method,
    points,
    chemistry,
    chemistry_query,
    chemistry_reference,
    common,
  } = comparison;
  const apart =
    chemistry_query && chemistry_reference ? onlyInOne(against(chemistry_query, chemistry_reference)) : [];
  return (
    <div className="stack">
      <div className="evidence-two">
        <section className="card card-body section" aria-labelledby="logo-evidence">
          <div className="row row-apart">
            <h2 id="logo-evidence">{t("evidence.sameDesign")}</h2>
            <strong className="evidence-score figures">{formatScore(score)}</strong>
          </div>
          <p>
            {t("compare.pointsAgree", { count: points.length })} {mirrored && t("compare.mirrored")}
          </p>
          {mirrored && (
            <p>
              <MirrorBadge />
            </p>
          )}
          {common && (
            <p className="notice notice-warn notice-plain small">
              {t("commonDesign.warning", { count: common.seizures, of: common.of })}
            </p>
          )}
          <p className="small quiet">{t("score.meaning")}</p>
          <dl className="evidence">
            {named(measurements, t).map(([name, value]) => (
              <div key={name} className="evidence-line">
                <dt>{name}</dt>
                <dd>
                  <strong>{formatNumber(value, { maximumSignificantDigits: 3 })}</strong>
                </dd>
              </div>
            ))}
            <div className="evidence-line">
              <dt>{t("score.method")}</dt>
              <dd>{method}</dd>
            </div>
          </dl>
        </section>

        <ToolEvidence id={comparison.comparison_id} />
      </div>

      <TextEvidence id={comparison.comparison_id} />

      <section className="card card-body section" aria-labelledby="chemistry-evidence">
        <div className="row row-apart">
          <h2 id="chemistry-evidence">{t("evidence.chemistry")}</h2>
          {chemistry && (
            <strong className="evidence-score figures">{formatCorrelation(chemistry.score)}</strong>
          )}
        </div>
        {chemistry ? (
          <p className="small quiet">
            {t("chemistry.meaning", { count: chemistry.shared_analytes })} {chemistry.method}
          </p>
        ) : (
          <p className="quiet">{t("chemistry.neither")}</p>
        )}
        {apart.length > 0 && (
          <p className="notice notice-warn notice-plain">
            {t("chemistry.onlyInOne", { names: apart.join(", ") })}
          </p>
        )}
        {chemistry_query && <ProfileBars query={chemistry_query} reference={chemistry_reference} />}
        {!chemistry_query && chemistry_reference && <ProfileBars query={chemistry_reference} />}
      </section>

      <section className="card card-body section" aria-labelledby="both">
        <h2 id="both">{t("compare.both")}</h2>
        <div className="compare-seizures">
          <SeizureFacts
            side="query"
            seizure={comparison.query_seizure}
            photograph={comparison.query_photograph}
            otherwise={t("compare.searchedWith")}
          />
          <SeizureFacts
            side="reference"
            seizure={comparison.seizure}
            photograph={comparison.reference_photograph}
            otherwise={t("compare.noSeizure")}
          />
        </div>
      </section>
    </div>
  );
}

function SeizureFacts({
  side,
  seizure,
  photograph,
  otherwise,
}: {
  side: "query" | "reference";
  seizure: SeizureSummary | null;
  photograph: { id: string; file_name: string };
  otherwise: string;
}) {
  return (
    <div className={`compare-seizure compare-seizure-${side}`}>
      {seizure ? (
        <>
          <h3>
            <Link href={`/seizures/${seizure.id}`}>{seizure.case_reference}</Link>
          </h3>
          <p className="small quiet">
            {[seizure.substance, formatDay(seizure.date), formatPlace(seizure)].filter(Boolean).join(" · ")}
          </p>
        </>
      ) : (
        <h3>{otherwise}</h3>
      )}
      <p className="small">
        <Link href={`/photographs/${photograph.id}`}>{photograph.file_name}</Link>
      </p>
    </div>
  );
}

/** What the methods measure, in the order in which it reads well. */
const MEASUREMENTS = [
  "tentative",
  "first",
  "inliers",
  "weight",
  "thickness",
  "cover_query",
  "cover_reference",
  "dense_query",
  "dense_reference",
  "stretch",
  "zoom",
  "points_query",
  "points_reference",
  "global",
  "unrelated",
] as const;

/** Each measurement with its words; one that has no words here is shown last, under its own name. */
function named(
  measurements: Record<string, number>,
  t: ReturnType<typeof useTranslation>["t"],
): [string, number][] {
  const known = MEASUREMENTS.flatMap((name): [string, number][] => {
    const value = measurements[name];
    return value === undefined ? [] : [[t(`measurement.${name}`), value]];
  });
  const names: readonly string[] = MEASUREMENTS;
  const others = Object.entries(measurements).filter(([name]) => !names.includes(name));
  return [...known, ...others.map(([name, value]): [string, number] => [name.replaceAll("_", " "), value])];
}
