import { CircleCheck, TriangleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Photograph } from "../api/types";

/** What the quality gate saw, and how to take the photograph again. It warns; it refuses nothing. */
export function QualityCard({ photograph }: { photograph: Photograph }) {
  const { t } = useTranslation();
  if (photograph.state !== "ready") return null;
  return (
    <section className="section" aria-labelledby="quality">
      <h2 id="quality">{t("quality.title")}</h2>
      {photograph.quality.length === 0 ? (
        <p className="row quiet">
          <CircleCheck size={18} color="var(--good)" aria-hidden="true" />
          {t("quality.good")}
        </p>
      ) : (
        <ul className="stack" style={{ gap: "var(--space-2)" }}>
          {photograph.quality.map((finding) => (
            <li key={finding.code} className="notice notice-warn">
              <TriangleAlert size={18} aria-hidden="true" />
              <div className="notice-words">
                <strong>{finding.words}</strong>
                <p>{finding.advice}</p>
              </div>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
