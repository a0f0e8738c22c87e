import { useMutation, useQueryClient } from "@tanstack/react-query";
import { ScanSearch, SquareDashedMousePointer, X } from "lucide-react";
import { type PointerEvent, useCallback, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLocation, useSearchParams } from "wouter";
import { keys } from "../api/queries";
import { type Sending, sendForm } from "../api/send";
import type { Hits, Point, Polygon } from "../api/types";
import { formatBytes } from "../i18n/format";
import { bounds, boxPolygon, clampPoint, pathOf, rounded } from "../picture/geometry";
import { PlacedImage } from "../picture/PhotographImage";
import { Stage } from "../picture/Stage";
import { fit, type Size, toPicture, type View } from "../picture/viewport";
import { useTitle } from "../shell/useTitle";
import { TextSearch } from "../texts/TextSearch";
import { Button } from "../ui/Button";
import { DropZone, PHOTOGRAPHS, useDrop } from "../ui/DropZone";
import { ProblemNotice } from "../ui/ProblemNotice";
import { useShortcuts } from "../ui/useShortcuts";
import { SeveralFiles } from "./SeveralFiles";
import { withMore } from "./several";
import "../marks/marks.css";
import "../photographs/photographs.css";
import "./search.css";

/** By what is written, by a photograph or a box on it, or by several photographs of one mark together. */
export default function SearchPage() {
  const { t } = useTranslation();
  useTitle(t("search.title"));
  const client = useQueryClient();
  const [, navigate] = useLocation();
  const [params, setParams] = useSearchParams();
  const text = params.get("text") ?? "";
  const setText = useCallback(
    (next: string) => setParams(next ? { text: next } : {}, { replace: true }),
    [setParams],
  );
  const [files, setFiles] = useState<File[]>([]);
  const [file = null] = files;
  const [box, setBox] = useState<Polygon | null>(null);
  const [share, setShare] = useState(0);
  const sending = useRef<Sending<Hits> | null>(null);
  const search = useMutation({
    mutationFn: (photograph: File) => {
      const form = new FormData();
      form.append("file", photograph, photograph.name);
      if (box) form.append("box", JSON.stringify(box));
      setShare(0);
      sending.current = sendForm<Hits>("/searches", form, setShare);
      return sending.current.answer;
    },
    onSuccess: (hits) => {
      client.setQueryData([...keys.hits, "photograph", hits.query.id], hits);
      navigate(`/photographs/${hits.query.id}/hits`);
    },
  });
  const choose = (next: File[]) => {
    search.reset();
    setBox(null);
    setFiles(next);
  };
  const add = (more: File[]) => choose(withMore(files, more));
  const drop = useDrop(add);
  useEffect(() => () => sending.current?.abort(), []);
  useShortcuts({ "/": () => document.getElementById("text-search")?.focus() });

  return (
    <div className="stack" {...drop.handlers}>
      <h1>{t("search.title")}</h1>
      {!file && (
        <>
          <h2>{t("search.byText")}</h2>
          <TextSearch text={text} onText={setText} />
          {!text && <h2>{t("search.byPhotograph")}</h2>}
        </>
      )}
      {(file || !text) && <p className="quiet">{t("search.words")}</p>}
      {search.isError && <ProblemNotice error={search.error} onRetry={() => file && search.mutate(file)} />}
      {!file && !text && (
        <DropZone
          accept={PHOTOGRAPHS}
          multiple
          label={t("search.drop")}
          hint={t("upload.kinds")}
          onFiles={add}
        />
      )}
      {files.length > 1 && <SeveralFiles files={files} onFiles={choose} />}
      {file && files.length === 1 && (
        <>
          <div className="row row-apart">
            <p>
              <strong>{file.name}</strong>{" "}
              <span className="quiet small figures">{formatBytes(file.size)}</span>
            </p>
            <div className="row">
              <Button icon={<X size={16} />} disabled={search.isPending} onClick={() => choose([])}>
                {t("search.another")}
              </Button>
              <Button
                look="main"
                icon={<ScanSearch size={18} />}
                disabled={search.isPending}
                onClick={() => search.mutate(file)}
              >
                {search.isPending ? t("search.busy") : box ? t("search.goBox") : t("search.go")}
              </Button>
            </div>
          </div>
          {search.isPending && (
            <div className="progress" role="status" aria-label={t("search.busy")}>
              <span className={share >= 1 ? "skeleton" : undefined} style={{ width: `${share * 100}%` }} />
            </div>
          )}
          <DropZone
            slim
            multiple
            accept={PHOTOGRAPHS}
            label={t("search.more")}
            hint={t("search.moreHint")}
            onFiles={add}
          />
          <Preview key={`${file.name}-${file.lastModified}`} file={file} box={box} onBox={setBox} />
        </>
      )}
    </div>
  );
}

const LEAST_BOX = 8;
const KEY_BOX = 0.3;

function Preview({
  file,
  box,
  onBox,
}: {
  file: File;
  box: Polygon | null;
  onBox: (box: Polygon | null) => void;
}) {
  const { t } = useTranslation();
  const [src, setSrc] = useState("");
  const [size, setSize] = useState<Size | null>(null);
  const [unseen, setUnseen] = useState(false);
  const [drawing, setDrawing] = useState(false);
  const [view, setView] = useState<View | null>(null);
  const [frame, setFrame] = useState<Size>({ width: 1, height: 1 });

  useEffect(() => {
    const address = URL.createObjectURL(file);
    const image = new Image();
    image.onload = () => setSize({ width: image.naturalWidth, height: image.naturalHeight });
    image.onerror = () => setUnseen(true);
    image.src = address;
    setSrc(address);
    return () => URL.revokeObjectURL(address);
  }, [file]);

  useShortcuts({
    b: () => setDrawing(true),
    Escape: () => (drawing ? setDrawing(false) : onBox(null)),
    Enter: () => {
      if (!drawing || !size) return;
      const [cx, cy] = toPicture(view ?? fit(size, frame), frame.width / 2, frame.height / 2);
      const reach = (KEY_BOX * Math.min(frame.width, frame.height)) / (view ?? fit(size, frame)).scale / 2;
      onBox(rounded(boxPolygon([cx - reach, cy - reach], [cx + reach, cy + reach])));
      setDrawing(false);
    },
  });

  if (unseen) return <p className="card card-body quiet">{t("search.noPreview")}</p>;
  if (!size) return null;
  return (
    <div className="stack" style={{ gap: "var(--space-3)" }}>
      <div className="row">
        <Button
          aria-pressed={drawing}
          icon={<SquareDashedMousePointer size={16} />}
          shortcut="b"
          onClick={() => setDrawing(!drawing)}
        >
          {t("search.box")}
        </Button>
        {box && (
          <Button look="plain" icon={<X size={16} />} onClick={() => onBox(null)}>
            {t("search.noBox")}
          </Button>
        )}
        <span className="small quiet">{t(drawing ? "marks.boxHint" : "search.boxHint")}</span>
      </div>
      <Stage
        className="search-stage"
        label={file.name}
        picture={size}
        view={view}
        onView={setView}
        onFrame={setFrame}
        pannable={!drawing}
      >
        {(now, seen) => (
          <>
            <PlacedImage src={src} picture={size} view={now} alt={file.name} />
            <BoxLayer
              view={now}
              frame={seen}
              picture={size}
              box={box}
              drawing={drawing}
              onBox={(drawn) => {
                onBox(drawn);
                setDrawing(false);
              }}
            />
          </>
        )}
      </Stage>
    </div>
  );
}

function BoxLayer({
  view,
  frame,
  picture,
  box,
  drawing,
  onBox,
}: {
  view: View;
  frame: Size;
  picture: Size;
  box: Polygon | null;
  drawing: boolean;
  onBox: (box: Polygon) => void;
}) {
  const from = useRef<Point | null>(null);
  const [draft, setDraft] = useState<Polygon | null>(null);
  const at = (event: PointerEvent<SVGSVGElement>): Point => {
    const edge = event.currentTarget.getBoundingClientRect();
    return clampPoint(toPicture(view, event.clientX - edge.left, event.clientY - edge.top), picture);
  };
  return (
    <svg
      className={drawing ? "stage-drawing marks-box" : "stage-drawing marks-select"}
      width={frame.width}
      height={frame.height}
      aria-hidden="true"
      onPointerDown={(event) => {
        if (!drawing) return;
        event.stopPropagation();
        event.currentTarget.setPointerCapture(event.pointerId);
        from.current = at(event);
      }}
      onPointerMove={(event) => {
        if (from.current) setDraft(boxPolygon(from.current, at(event)));
      }}
      onPointerUp={() => {
        from.current = null;
        setDraft(null);
        if (!draft) return;
        const { width, height } = bounds(draft);
        if (Math.min(width, height) * view.scale >= LEAST_BOX) onBox(rounded(draft));
      }}
    >
      <g transform={`translate(${view.x} ${view.y}) scale(${view.scale})`}>
        {(draft ?? box) && <path className="mark-draft" d={pathOf(draft ?? box ?? [])} />}
      </g>
    </svg>
  );
}
