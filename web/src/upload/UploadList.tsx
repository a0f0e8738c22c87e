import { Check, Copy, LoaderCircle, RotateCw, TriangleAlert, X } from "lucide-react";
import { useEffect, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { formatBytes } from "../i18n/format";
import { Button, IconButton } from "../ui/Button";
import { ProblemWords } from "../ui/ProblemNotice";
import { type Upload, uploads } from "./uploads";
import "./upload.css";

const DONE_SHOWN_MS = 2500;

/** The files on their way to one seizure: how far each is, and why one was refused. */
export function UploadList({ seizureId }: { seizureId: string }) {
  const { t } = useTranslation();
  const mine = useSyncExternalStore(uploads.subscribe, uploads.list).filter(
    (upload) => upload.seizureId === seizureId,
  );
  const moving = mine.some(({ state }) => state === "waiting" || state === "sending");
  const arrived = mine.filter(({ state }) => state === "done").length;

  useEffect(() => {
    if (moving || arrived === 0) return;
    const rest = setTimeout(() => uploads.clearDone(seizureId), DONE_SHOWN_MS);
    return () => clearTimeout(rest);
  }, [moving, arrived, seizureId]);

  if (mine.length === 0) return null;
  return (
    <section className="uploads card" aria-label={t("upload.title")}>
      <p className="small quiet figures" role="status">
        {moving
          ? t("upload.moving", { done: arrived, count: mine.length })
          : t("upload.finished", { count: mine.length })}
      </p>
      <ul>
        {mine.map((upload) => (
          <UploadLine key={upload.key} upload={upload} />
        ))}
      </ul>
    </section>
  );
}

const ICONS = {
  waiting: <LoaderCircle size={16} aria-hidden="true" />,
  sending: <LoaderCircle size={16} className="spinner" aria-hidden="true" />,
  done: <Check size={16} aria-hidden="true" />,
  known: <Copy size={16} aria-hidden="true" />,
  refused: <TriangleAlert size={16} aria-hidden="true" />,
  failed: <TriangleAlert size={16} aria-hidden="true" />,
};

function UploadLine({ upload }: { upload: Upload }) {
  const { t } = useTranslation();
  const { key, file, state, share, problem } = upload;
  return (
    <li className={`upload upload-${state}`}>
      {ICONS[state]}
      <div className="upload-words">
        <div className="row row-apart">
          <strong>{file.name}</strong>
          <span className="quiet small figures">{formatBytes(file.size)}</span>
        </div>
        {state === "sending" && (
          <div
            className="progress"
            role="progressbar"
            aria-label={file.name}
            aria-valuemin={0}
            aria-valuemax={100}
            aria-valuenow={Math.round(share * 100)}
          >
            <span style={{ width: `${share * 100}%` }} />
          </div>
        )}
        {state === "known" && <p className="small quiet">{t("upload.known")}</p>}
        {(state === "refused" || state === "failed") && (
          <div className="small upload-problem">
            <p>{problem?.title ?? t(state === "failed" ? "upload.broken" : "upload.refused")}</p>
            {problem && <ProblemWords body={problem} />}
          </div>
        )}
      </div>
      {state === "failed" && (
        <Button icon={<RotateCw size={16} />} onClick={() => uploads.retry(key)}>
          {t("common.retry")}
        </Button>
      )}
      {state !== "done" && (
        <IconButton
          look="plain"
          label={t(state === "sending" || state === "waiting" ? "upload.stop" : "common.dismiss", {
            name: file.name,
          })}
          icon={<X size={16} />}
          onClick={() => uploads.dismiss(key)}
        />
      )}
    </li>
  );
}
