import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { queries } from "../api/queries";
import { formatNumber } from "../i18n/format";
import { ProblemNotice } from "../ui/ProblemNotice";
import { Skeleton } from "../ui/Skeleton";

/** What is shown of the measurements, in the order in which it reads well. */
const MEASUREMENTS = [
  "span",
  "shift",
  "bend",
  "noise",
  "stray",
  "edges_fine",
  "edges_fine_low",
  "bright_fine",
  "bright_fine_low",
  "polarity",
] as const;

/** The second question: whether one tool left both marks. Beside the first, never in its place. */
export function ToolEvidence({ id }: { id: string }) {
  const { t } = useTranslation();
  const { data: tool, isError, error, refetch } = useQuery(queries.tool(id));
  const score = tool?.score;
  return (
    <section className="card card-body section" aria-labelledby="tool-evidence">
      <div className="row row-apart">
        <h2 id="tool-evidence">{t("evidence.sameTool")}</h2>
        {score != null && (
          <strong className="evidence-score figures">
            {formatNumber(score, { minimumFractionDigits: 2, maximumFractionDigits: 2 })}
          </strong>
        )}
      </div>
      {isError && <ProblemNotice error={error} onRetry={() => void refetch()} />}
      {!tool && !isError && <Skeleton height="4.5rem" />}
      {tool && score == null && (
        <p className="quiet">
          {t("differences.none", { reason: tool.reason })} {tool.hint}
        </p>
      )}
      {tool?.verdict && (
        <>
          <p>{t(`tool.verdict.${tool.verdict}`)}</p>
          <p className="small quiet">{t("tool.meaning")}</p>
          <dl className="evidence">
            {MEASUREMENTS.map((name) => {
              const value = tool.measurements[name];
              return value === undefined ? null : (
                <div key={name} className="evidence-line">
                  <dt>{t(`tool.measurement.${name}`)}</dt>
                  <dd>
                    <strong>{formatNumber(value, { maximumSignificantDigits: 3 })}</strong>
                  </dd>
                </div>
              );
            })}
            <div className="evidence-line">
              <dt>{t("score.method")}</dt>
              <dd>{tool.method}</dd>
            </div>
          </dl>
        </>
      )}
    </section>
  );
}
