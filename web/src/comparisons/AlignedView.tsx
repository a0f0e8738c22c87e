import { Pause, Play } from "lucide-react";
import { type PointerEvent, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { pictures } from "../api/client";
import type { Comparison } from "../api/types";
import { formatShare } from "../i18n/format";
import { PlacedImage } from "../picture/PhotographImage";
import { Stage } from "../picture/Stage";
import type { Box, Size, View } from "../picture/viewport";
import { Button } from "../ui/Button";
import { ProblemNotice } from "../ui/ProblemNotice";
import { Skeleton } from "../ui/Skeleton";
import { useShortcuts } from "../ui/useShortcuts";
import type { Mode } from "./modes";
import { focusOf, sideNames } from "./sides";

export const WIDTH = 1200;
/** Well below three changes a second, so that it can do nobody harm. */
const BLINK_MS = 650;
const SLIDE_STEP = 0.05;

/** Both marks in the reference's frame, at one size: beside each other, in turn, over each other, or half and half. */
export function AlignedView({ comparison, mode }: { comparison: Comparison; mode: Mode }) {
  const { t } = useTranslation();
  const [view, setView] = useState<View | null>(null);
  const [share, setShare] = useState(0.5);
  const [running, setRunning] = useState(() => !matchMedia("(prefers-reduced-motion: reduce)").matches);
  const [showsQuery, setShowsQuery] = useState(true);
  const query = usePicture(pictureOf(comparison, "query"));
  const reference = usePicture(pictureOf(comparison, "reference"));
  const names = sideNames(comparison);

  useEffect(() => {
    if (mode !== "blink" || !running) return;
    const timer = setInterval(() => setShowsQuery((before) => !before), BLINK_MS);
    return () => clearInterval(timer);
  }, [mode, running]);

  const slide = (step: number) => setShare((before) => Math.min(1, Math.max(0, before + step)));
  useShortcuts({
    " ": () => {
      if (mode !== "blink") setShare((before) => (before > 0.5 ? 0 : 1));
      else if (running) setRunning(false);
      else setShowsQuery((before) => !before);
    },
    ",": () => slide(-SLIDE_STEP),
    ".": () => slide(SLIDE_STEP),
  });

  const failure = query.failed || reference.failed;
  if (failure) {
    return (
      <ProblemNotice
        error={new Error(t("compare.noPicture"))}
        onRetry={() => {
          query.retry();
          reference.retry();
        }}
      />
    );
  }
  if (!query.size || !reference.size) return <Skeleton height="min(55dvh, 34rem)" />;

  const stage = { onView: setView, view, focus: focusIn(comparison, reference.size) };
  if (mode === "side") {
    const shared = comparison.transform != null;
    return (
      <div className="compare-two">
        <SideStage {...stage} side="query" name={names.query} src={query.src} size={query.size} />
        <SideStage
          {...stage}
          {...(!shared && { view: null, onView: () => undefined })}
          side="reference"
          name={names.reference}
          src={reference.src}
          size={reference.size}
        />
      </div>
    );
  }

  const size = reference.size;
  const opacity = mode === "blink" ? (showsQuery ? 1 : 0) : mode === "overlay" ? share : 1;
  return (
    <div className="stack" style={{ gap: "var(--space-3)" }}>
      <div className="compare-one">
        <Stage label={t("compare.over", names)} picture={size} {...stage}>
          {(now, frame) => {
            // The query lies on top and ends at the line between the two.
            const edge = share * frame.width;
            const cut = (edge - now.x) / now.scale;
            const clip =
              mode === "swipe" ? `inset(0 ${Math.max(0, (size.width - cut) * now.scale)}px 0 0)` : undefined;
            return (
              <>
                <PlacedImage src={reference.src} picture={size} view={now} alt={names.reference} />
                <PlacedImage
                  src={query.src}
                  picture={size}
                  view={now}
                  alt={names.query}
                  opacity={opacity}
                  {...(clip && { clip })}
                />
                {mode === "swipe" && <SwipeLine x={edge} width={frame.width} onShare={setShare} />}
              </>
            );
          }}
        </Stage>
        {(mode !== "blink" || showsQuery) && (
          <span className="stage-caption stage-caption-query">{names.query}</span>
        )}
        {(mode !== "blink" || !showsQuery) && (
          <span className="stage-caption stage-caption-reference stage-caption-end">{names.reference}</span>
        )}
      </div>
      {mode === "blink" ? (
        <div className="row">
          <Button
            icon={running ? <Pause size={16} /> : <Play size={16} />}
            shortcut="Space"
            onClick={() => setRunning(!running)}
          >
            {running ? t("compare.blinkStop") : t("compare.blinkGo")}
          </Button>
          <span className="small quiet">{t("compare.blinkHint")}</span>
        </div>
      ) : (
        <label className="compare-slider">
          <span className="small side-reference">{names.reference}</span>
          <input
            type="range"
            min={0}
            max={1}
            step={0.01}
            value={share}
            aria-label={t(mode === "overlay" ? "compare.opacity" : "compare.edge")}
            aria-valuetext={formatShare(share)}
            onChange={(event) => setShare(Number(event.target.value))}
          />
          <span className="small side-query">{names.query}</span>
        </label>
      )}
    </div>
  );
}

function SideStage({
  side,
  name,
  src,
  size,
  focus,
  view,
  onView,
}: {
  side: "query" | "reference";
  name: string;
  src: string;
  size: Size;
  focus: Box | undefined;
  view: View | null;
  onView: (view: View | null) => void;
}) {
  return (
    <div className="compare-half">
      <Stage
        label={name}
        picture={size}
        focus={focus}
        view={view}
        onView={onView}
        controls={side === "reference"}
      >
        {(now) => <PlacedImage src={src} picture={size} view={now} alt={name} />}
      </Stage>
      <span className={`stage-caption stage-caption-${side}`}>{name}</span>
    </div>
  );
}

function SwipeLine({ x, width, onShare }: { x: number; width: number; onShare: (share: number) => void }) {
  const drag = (event: PointerEvent<HTMLDivElement>) => {
    event.stopPropagation();
    if (event.type === "pointerdown") event.currentTarget.setPointerCapture(event.pointerId);
    if (event.buttons !== 1) return;
    const frame = event.currentTarget.parentElement?.getBoundingClientRect();
    if (frame) onShare(Math.min(1, Math.max(0, (event.clientX - frame.left) / width)));
  };
  // The slider below does the same for the keyboard.
  return (
    <div
      className="swipe-line"
      style={{ left: x }}
      aria-hidden="true"
      onPointerDown={drag}
      onPointerMove={drag}
    />
  );
}

/**
 * Where to look first in the aligned pictures. A mark of its own fills them; a whole photograph does not, so there it
 * is what agrees. Its aligned picture is the photograph itself, at another scale.
 */
export function focusIn(
  { reference_mark, reference_photograph, points, transform }: Comparison,
  size: Size,
): Box | undefined {
  if (reference_mark.found_by !== "whole" || transform == null) return undefined;
  const scale = size.width / reference_photograph.width;
  const { x, y, width, height } = focusOf(
    reference_mark,
    points.map(([, , rx, ry]) => [rx, ry]),
  );
  return { x: x * scale, y: y * scale, width: width * scale, height: height * scale };
}

export function pictureOf(comparison: Comparison, side: "query" | "reference"): string {
  if (comparison.transform != null) return pictures.aligned(comparison.comparison_id, side, WIDTH);
  return pictures.mark(side === "query" ? comparison.query_mark.id : comparison.reference_mark.id, WIDTH);
}

/** Loads a picture and tells its size: the frame's shape is the server's choice. */
export function usePicture(src: string) {
  const [loaded, setLoaded] = useState<{ src: string; size: Size | null } | null>(null);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    void attempt;
    let stale = false;
    const image = new Image();
    image.onload = () => {
      if (!stale) setLoaded({ src, size: { width: image.naturalWidth, height: image.naturalHeight } });
    };
    image.onerror = () => {
      if (!stale) setLoaded({ src, size: null });
    };
    image.src = src;
    return () => {
      stale = true;
    };
  }, [src, attempt]);
  const current = loaded?.src === src ? loaded : null;
  return {
    src,
    size: current?.size ?? null,
    failed: current !== null && current.size === null,
    retry: () => {
      setLoaded(null);
      setAttempt((count) => count + 1);
    },
  };
}
