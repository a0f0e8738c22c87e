import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { pictures } from "../api/client";
import { queries } from "../api/queries";
import type { Comparison } from "../api/types";
import { formatShare } from "../i18n/format";
import { PlacedImage } from "../picture/PhotographImage";
import { Stage } from "../picture/Stage";
import type { View } from "../picture/viewport";
import { ProblemNotice } from "../ui/ProblemNotice";
import { Skeleton } from "../ui/Skeleton";
import { useShortcuts } from "../ui/useShortcuts";
import { focusIn, pictureOf, usePicture, WIDTH } from "./AlignedView";
import { sideNames } from "./sides";

const SLIDE_STEP = 0.05;
/** With the slider at the map, the photograph still shows a little: where one is. */
const DIMMED = 0.22;

const LEGEND = ["both", "query", "reference"] as const;

/** The reference mark, and over it what both marks show and what only one of them does. */
export function DifferencesView({ comparison }: { comparison: Comparison }) {
  const { t } = useTranslation();
  const [view, setView] = useState<View | null>(null);
  const [share, setShare] = useState(0.75);
  const tool = useQuery(queries.tool(comparison.comparison_id));
  const reference = usePicture(pictureOf(comparison, "reference"));
  const names = sideNames(comparison);

  const slide = (step: number) => setShare((before) => Math.min(1, Math.max(0, before + step)));
  useShortcuts({
    " ": () => setShare((before) => (before > 0.5 ? 0 : 1)),
    ",": () => slide(-SLIDE_STEP),
    ".": () => slide(SLIDE_STEP),
  });

  if (tool.isError) return <ProblemNotice error={tool.error} onRetry={() => void tool.refetch()} />;
  if (reference.failed)
    return <ProblemNotice error={new Error(t("compare.noPicture"))} onRetry={reference.retry} />;
  if (!reference.size) return <Skeleton height="min(55dvh, 34rem)" />;
  const size = reference.size;
  const known = tool.data?.score != null;
  return (
    <div className="stack" style={{ gap: "var(--space-3)" }}>
      <div className="compare-one">
        <Stage
          label={t("differences.label", names)}
          picture={size}
          view={view}
          onView={setView}
          focus={focusIn(comparison, size)}
          className="stage-dark"
        >
          {(now) => (
            <>
              <PlacedImage
                src={reference.src}
                picture={size}
                view={now}
                alt={names.reference}
                opacity={known ? 1 - (1 - DIMMED) * share : 1}
              />
              {known && (
                <PlacedImage
                  src={pictures.agreement(comparison.comparison_id, WIDTH)}
                  picture={size}
                  view={now}
                  alt={t("differences.map")}
                  opacity={share}
                />
              )}
            </>
          )}
        </Stage>
        <span className="stage-caption stage-caption-reference stage-caption-end">{names.reference}</span>
      </div>
      {tool.isPending && (
        <p className="small quiet" role="status">
          {t("differences.pending")}
        </p>
      )}
      {tool.data && !known && (
        <p className="notice notice-plain small">
          {t("differences.none", { reason: tool.data.reason })} {tool.data.hint}
        </p>
      )}
      {known && (
        <>
          <label className="compare-slider">
            <span className="small">{t("differences.photograph")}</span>
            <input
              type="range"
              min={0}
              max={1}
              step={0.01}
              value={share}
              aria-label={t("differences.share")}
              aria-valuetext={formatShare(share)}
              onChange={(event) => setShare(Number(event.target.value))}
            />
            <span className="small">{t("differences.map")}</span>
          </label>
          <ul className="legend" aria-label={t("differences.legend")}>
            {LEGEND.map((part) => (
              <li key={part} className="small">
                <span className={`legend-line legend-${part}`} aria-hidden="true" />
                {t(`differences.${part}`, names)}
              </li>
            ))}
          </ul>
          <p className="small quiet">{t("differences.hint")}</p>
        </>
      )}
    </div>
  );
}
