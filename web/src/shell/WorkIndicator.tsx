import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { CircleCheck, LoaderCircle, TriangleAlert } from "lucide-react";
import { useEffect, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../api/client";
import { keys, queries } from "../api/queries";
import type { Job } from "../api/types";
import { formatMoment, formatNumber, formatShare } from "../i18n/format";
import { Button } from "../ui/Button";
import { ProblemNotice } from "../ui/ProblemNotice";

const LATEST = 6;

/** What the server is busy with: a few words in the header, the jobs behind a press. */
export function WorkIndicator() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const panel = useId();
  const [open, setOpen] = useState(false);
  const status = useQuery(queries.status()).data;
  const waiting = status?.waiting ?? 0;
  const rebuilding = status?.index.state === "rebuilding";
  const failed = status?.index.state === "failed";
  const busy = waiting > 0 || rebuilding;

  // What was being described has its marks and hits now.
  const wasBusy = useRef(busy);
  useEffect(() => {
    if (wasBusy.current && !busy)
      void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== "me" });
    wasBusy.current = busy;
  }, [busy, client]);

  if (!status) return null;
  const words = rebuilding
    ? t("work.rebuilding", { share: formatShare(status.index.progress) })
    : waiting > 0
      ? t("work.waiting", { count: waiting })
      : failed
        ? t("work.indexFailed")
        : t("work.idle");
  return (
    <div className="work">
      <button type="button" className="button button-plain work-button" popoverTarget={panel} title={words}>
        {busy ? (
          <LoaderCircle size={18} className="spinner" aria-hidden="true" />
        ) : failed ? (
          <TriangleAlert size={18} aria-hidden="true" />
        ) : (
          <CircleCheck size={18} aria-hidden="true" />
        )}
        <span className="work-words" aria-live="polite">
          {words}
        </span>
      </button>
      <section
        id={panel}
        popover="auto"
        className="work-panel card"
        aria-label={t("work.title")}
        onToggle={(event) => setOpen(event.newState === "open")}
      >
        {failed && (
          <p className="notice notice-warn" role="alert">
            {t("work.indexFailedWords")}
          </p>
        )}
        {open && <Jobs busy={busy} />}
        <p className="quiet small figures">
          {t("work.sizes", {
            seizures: formatNumber(status.seizures),
            photographs: formatNumber(status.photographs),
            marks: formatNumber(status.marks),
            version: status.version,
          })}
        </p>
      </section>
    </div>
  );
}

function Jobs({ busy }: { busy: boolean }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const jobs = useQuery(queries.jobs(busy));
  const reindex = useMutation({
    mutationFn: api.reindex,
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: keys.jobs });
      void client.invalidateQueries({ queryKey: keys.status });
    },
  });
  const shown = jobs.data?.items.slice(0, LATEST) ?? [];
  return (
    <>
      <h2>{t("work.title")}</h2>
      {jobs.isError && <ProblemNotice error={jobs.error} />}
      {reindex.isError && <ProblemNotice error={reindex.error} />}
      {jobs.isSuccess && shown.length === 0 && <p className="quiet">{t("work.none")}</p>}
      <ul className="stack">
        {shown.map((job) => (
          <JobLine key={job.id} job={job} />
        ))}
      </ul>
      <Button disabled={busy || reindex.isPending} onClick={() => reindex.mutate()}>
        {t("work.reindex")}
      </Button>
    </>
  );
}

function JobLine({ job }: { job: Job }) {
  const { t } = useTranslation();
  const share = job.total > 0 ? job.done / job.total : job.state === "done" ? 1 : 0;
  return (
    <li>
      <div className="row row-apart">
        <strong>{t(`work.kind.${job.kind}`)}</strong>
        <span className="quiet small figures">{formatMoment(job.created_at)}</span>
      </div>
      {job.state === "running" && (
        <div className="progress">
          <span style={{ width: `${share * 100}%` }} />
        </div>
      )}
      <p className="quiet small figures">
        {t(`work.state.${job.state}`, { done: job.done, total: job.total })}
        {job.failed > 0 && ` · ${t("work.failed", { count: job.failed })}`}
        {job.message && ` · ${job.message}`}
      </p>
    </li>
  );
}
