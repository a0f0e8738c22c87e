import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import {
  Download,
  MousePointer2,
  Redo2,
  RotateCw,
  Spline,
  SquareDashedMousePointer,
  Trash2,
  Undo2,
} from "lucide-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useLocation } from "wouter";
import { api, pictures } from "../api/client";
import { keys, queries } from "../api/queries";
import type { Mark, Photograph, Polygon } from "../api/types";
import { formatMoment, formatNumber } from "../i18n/format";
import { MarkLayer, type Tool } from "../marks/MarkLayer";
import { MarkList } from "../marks/MarkList";
import { useMarks } from "../marks/useMarks";
import { boxPolygon } from "../picture/geometry";
import { PhotographImage } from "../picture/PhotographImage";
import { Stage } from "../picture/Stage";
import { fit, type Size, toPicture, type View } from "../picture/viewport";
import { Crumbs } from "../shell/Crumbs";
import { useTitle } from "../shell/useTitle";
import { TextCard } from "../texts/TextCard";
import { TextOutlines } from "../texts/TextOutlines";
import { Button, IconButton } from "../ui/Button";
import { ConfirmDialog, Dialog } from "../ui/Dialog";
import { ProblemNotice } from "../ui/ProblemNotice";
import { ShortcutList } from "../ui/ShortcutList";
import { PageSkeleton } from "../ui/Skeleton";
import { useToast } from "../ui/Toasts";
import { useShortcuts } from "../ui/useShortcuts";
import { HitsCard } from "./HitsCard";
import { QualityCard } from "./QualityCard";
import "./photographs.css";

export default function PhotographPage({ id }: { id: string }) {
  const { t } = useTranslation();
  const photograph = useQuery(queries.photograph(id));
  useTitle(photograph.data?.file_name);
  if (photograph.isPending) return <PageSkeleton />;
  if (!photograph.data) {
    return (
      <div className="stack">
        <Crumbs trail={[{ href: "/seizures", label: t("shell.seizures") }]} />
        <ProblemNotice error={photograph.error} onRetry={() => void photograph.refetch()} />
      </div>
    );
  }
  return <PhotographView photograph={photograph.data} />;
}

/** A box that the keyboard makes is this share of what is seen. */
const KEY_BOX = 0.3;

function PhotographView({ photograph }: { photograph: Photograph }) {
  const { t } = useTranslation();
  const editor = useMarks(photograph.id);
  const [view, setView] = useState<View | null>(null);
  const [frame, setFrame] = useState<Size>({ width: 1, height: 1 });
  const [tool, setTool] = useState<Tool>("select");
  const [selected, setSelected] = useState<string | null>(null);
  const [helping, setHelping] = useState(false);
  const [pointed, setPointed] = useState<number | null>(null);
  const reading = useQuery({ ...queries.reading(photograph.id), enabled: photograph.state === "ready" });

  const marks = photograph.marks.filter((mark) => mark.found_by !== "whole");
  const ready = photograph.state === "ready";
  const chosen = marks.find(({ id }) => id === selected);
  const nameOf = (mark: Mark) => {
    const name = t("marks.name", { number: marks.indexOf(mark) + 1 });
    return [name, t(`marks.foundBy.${mark.found_by}`), t(`marks.kind.${mark.kind}`)].join(", ");
  };
  const draw = async (polygon: Polygon) => {
    setTool("select");
    const id = await editor.draw(polygon, chosen?.kind ?? "unspecified");
    if (id) setSelected(id);
  };
  const remove = (mark: Mark) => {
    setSelected(null);
    void editor.remove(mark);
  };
  const boxInSight = () => {
    const now = view ?? fit(photograph, frame);
    const [cx, cy] = toPicture(now, frame.width / 2, frame.height / 2);
    const reach = (KEY_BOX * Math.min(frame.width, frame.height)) / now.scale / 2;
    void draw(boxPolygon([cx - reach, cy - reach], [cx + reach, cy + reach]));
  };

  useShortcuts({
    v: () => setTool("select"),
    b: () => ready && setTool("box"),
    p: () => ready && setTool("polygon"),
    Enter: () => tool === "box" && boxInSight(),
    Escape: () => (tool === "select" ? setSelected(null) : setTool("select")),
    Delete: () => chosen && remove(chosen),
    z: () => void editor.undo(),
    Z: () => void editor.redo(),
    "?": () => setHelping(true),
  });
  // The usual keys with Ctrl or Command, on the whole screen.
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "z") return;
      if ((event.target as Element | null)?.closest?.("input, textarea, select")) return;
      event.preventDefault();
      void (event.shiftKey ? editor.redo() : editor.undo());
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [editor]);

  return (
    <>
      <Head photograph={photograph} />
      <div className="workbench">
        <div className="workbench-picture">
          <div className="toolbar" role="toolbar" aria-label={t("marks.tools")}>
            <div className="choice">
              <Button
                aria-pressed={tool === "select"}
                icon={<MousePointer2 size={16} />}
                title={t("marks.selectHint")}
                shortcut="v"
                onClick={() => setTool("select")}
              >
                {t("marks.select")}
              </Button>
              <Button
                aria-pressed={tool === "box"}
                icon={<SquareDashedMousePointer size={16} />}
                disabled={!ready}
                shortcut="b"
                onClick={() => setTool("box")}
              >
                {t("marks.box")}
              </Button>
              <Button
                aria-pressed={tool === "polygon"}
                icon={<Spline size={16} />}
                disabled={!ready}
                shortcut="p"
                onClick={() => setTool("polygon")}
              >
                {t("marks.polygon")}
              </Button>
            </div>
            <IconButton
              label={t("common.undo")}
              shortcut="z"
              icon={<Undo2 size={18} />}
              disabled={!editor.canUndo}
              onClick={() => void editor.undo()}
            />
            <IconButton
              label={t("common.redo")}
              shortcut="Z"
              icon={<Redo2 size={18} />}
              disabled={!editor.canRedo}
              onClick={() => void editor.redo()}
            />
            <span className="small quiet toolbar-words" role="status">
              {editor.saving
                ? t("common.saving")
                : tool === "box"
                  ? t("marks.boxHint")
                  : tool === "polygon"
                    ? t("marks.polygonHint")
                    : editor.canUndo
                      ? t("common.saved")
                      : ""}
            </span>
            <Button look="plain" shortcut="?" onClick={() => setHelping(true)}>
              {t("shortcuts.title")}
            </Button>
          </div>
          {editor.error != null && <ProblemNotice error={editor.error} />}
          <Stage
            className="workbench-stage"
            label={photograph.file_name}
            picture={photograph}
            view={view}
            onView={setView}
            onFrame={setFrame}
            pannable={tool === "select"}
          >
            {(now, size) => (
              <>
                <PhotographImage
                  id={photograph.id}
                  picture={photograph}
                  view={now}
                  alt={photograph.file_name}
                />
                <MarkLayer
                  marks={marks}
                  picture={photograph}
                  view={now}
                  frame={size}
                  tool={tool}
                  selected={selected}
                  nameOf={nameOf}
                  onSelect={setSelected}
                  onDraw={(polygon) => void draw(polygon)}
                  onChange={(mark, polygon) => void editor.change(mark, { polygon })}
                  onRemove={remove}
                />
                <TextOutlines
                  lines={reading.data?.items.filter(({ id }) => id === pointed) ?? []}
                  view={now}
                  frame={size}
                />
              </>
            )}
          </Stage>
          <p className="small quiet">{t("marks.legend")}</p>
        </div>

        <aside className="workbench-side">
          <StateNotice photograph={photograph} />
          <section className="section" aria-labelledby="marks">
            <h2 id="marks">
              {t("marks.title")}
              {marks.length > 0 && <span className="count figures">{marks.length}</span>}
            </h2>
            {marks.length > 0 ? (
              <MarkList
                marks={marks}
                selected={selected}
                onSelect={setSelected}
                onKind={(mark, kind) => void editor.change(mark, { kind })}
                onRemove={remove}
              />
            ) : (
              ready && <p className="quiet">{t("marks.empty")}</p>
            )}
          </section>
          {ready && <HitsCard photograph={photograph} mark={chosen} />}
        </aside>
        <div className="workbench-below">
          {ready && <TextCard photograph={photograph} mark={chosen} pointed={pointed} onPoint={setPointed} />}
          <QualityCard photograph={photograph} />
          <AboutCard photograph={photograph} />
        </div>
      </div>
      {helping && (
        <Dialog small title={t("shortcuts.title")} onClose={() => setHelping(false)}>
          <ShortcutList
            keys={[
              [["v"], t("marks.select")],
              [["b"], t("marks.box")],
              [["b", "Enter"], t("marks.keyBox")],
              [["p"], t("marks.polygon")],
              [["Tab"], t("marks.keyNext")],
              [["←", "↑", "↓", "→"], t("marks.keyMove")],
              [["Shift", "→"], t("marks.keyMoveFar")],
              [["[", "]"], t("marks.keyTurn")],
              [["Enter"], t("marks.keyAddCorner")],
              [["Delete"], t("marks.keyDelete")],
              [["z"], t("common.undo")],
              [["Z"], t("common.redo")],
              [["+", "-", "0"], t("picture.keyZoom")],
            ]}
          />
        </Dialog>
      )}
    </>
  );
}

function Head({ photograph }: { photograph: Photograph }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const toast = useToast();
  const [, navigate] = useLocation();
  const [asking, setAsking] = useState(false);
  const { seizure } = photograph;
  const up = seizure ? `/seizures/${seizure.id}` : "/search";
  const remove = useMutation({
    mutationFn: () => api.deletePhotograph(photograph.id),
    onSuccess: () => {
      navigate(up);
      client.removeQueries({ queryKey: keys.photograph(photograph.id) });
      void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== "me" });
      toast({ words: t("photograph.deleted", { name: photograph.file_name }) });
    },
  });
  const trail = seizure
    ? [
        { href: "/seizures", label: t("shell.seizures") },
        { href: up, label: seizure.case_reference },
      ]
    : [{ href: "/search", label: t("shell.search") }];
  return (
    <>
      <Crumbs trail={trail} />
      <div className="page-head">
        <h1>{photograph.file_name}</h1>
        <div className="row">
          <a className="button" href={pictures.original(photograph.id)} download={photograph.file_name}>
            <Download size={16} aria-hidden="true" />
            {t("photograph.original")}
          </a>
          <Button look="plain" icon={<Trash2 size={16} />} onClick={() => setAsking(true)}>
            {t("common.delete")}
          </Button>
        </div>
      </div>
      {asking && (
        <ConfirmDialog
          title={t("photograph.deleteTitle", { name: photograph.file_name })}
          words={t("photograph.deleteWords")}
          confirm={t("photograph.deleteConfirm")}
          busy={remove.isPending}
          error={remove.error}
          onConfirm={() => remove.mutate()}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
}

function StateNotice({ photograph }: { photograph: Photograph }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const retry = useMutation({
    mutationFn: () => api.retryPhotograph(photograph.id),
    onSettled: () => client.invalidateQueries({ queryKey: keys.photograph(photograph.id) }),
  });
  if (photograph.state === "ready") return null;
  if (photograph.state === "failed") {
    return (
      <div className="notice notice-bad" role="alert">
        <span />
        <div className="notice-words">
          <strong>{t("photograph.failed")}</strong>
          <p>{photograph.failure}</p>
        </div>
        <Button icon={<RotateCw size={16} />} disabled={retry.isPending} onClick={() => retry.mutate()}>
          {t("common.retry")}
        </Button>
      </div>
    );
  }
  return (
    <div className="notice" role="status">
      <span />
      <p className="notice-words">{t("photograph.working")}</p>
    </div>
  );
}

function AboutCard({ photograph }: { photograph: Photograph }) {
  const { t } = useTranslation();
  const { camera, taken_at, width, height, sha256, seizure } = photograph;
  const device = [camera?.make, camera?.model].filter(Boolean).join(" ");
  return (
    <section className="section" aria-labelledby="about">
      <h2 id="about">{t("photograph.about")}</h2>
      <dl className="facts">
        {seizure && (
          <div>
            <dt>{t("photograph.seizure")}</dt>
            <dd>
              <Link href={`/seizures/${seizure.id}`}>{seizure.case_reference}</Link>
            </dd>
          </div>
        )}
        <div>
          <dt>{t("photograph.size")}</dt>
          <dd className="figures">
            {t("photograph.pixels", { width: formatNumber(width), height: formatNumber(height) })}
          </dd>
        </div>
        <div>
          <dt>{t("photograph.taken")}</dt>
          <dd>{taken_at ? formatMoment(taken_at) : t("common.unknown")}</dd>
        </div>
        <div>
          <dt>{t("photograph.camera")}</dt>
          <dd>{device || t("common.unknown")}</dd>
        </div>
        <div className="wide">
          <dt>{t("photograph.fingerprint")}</dt>
          <dd className="fingerprint">{sha256}</dd>
        </div>
      </dl>
    </section>
  );
}
