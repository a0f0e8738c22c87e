import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Check, Pencil, RotateCw, Search, Trash2, X } from "lucide-react";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { api } from "../api/client";
import { keys, queries } from "../api/queries";
import type { Mark, Photograph, TextLine } from "../api/types";
import { Button, IconButton } from "../ui/Button";
import { ProblemNotice } from "../ui/ProblemNotice";
import { Skeleton } from "../ui/Skeleton";
import "./texts.css";

/** Under this the reader is often wrong about a letter. */
const UNSURE = 0.85;

interface Props {
  photograph: Photograph;
  /** Written down, a new line lies where the chosen mark does. */
  mark: Mark | undefined;
  pointed: number | null;
  onPoint: (id: number | null) => void;
}

/** What is written on a photograph: shown on the picture, corrected, searched for elsewhere. */
export function TextCard({ photograph, mark, pointed, onPoint }: Props) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const reading = useQuery(queries.reading(photograph.id));
  const changed = () => client.invalidateQueries({ queryKey: keys.texts });
  const again = useMutation({ mutationFn: () => api.readAgain(photograph.id), onSettled: changed });
  const write = useMutation({
    mutationFn: (words: string) => api.writeText(photograph.id, { polygon: mark?.polygon ?? [], words }),
    onSuccess: changed,
  });
  const { state, items = [], failure } = reading.data ?? {};
  return (
    <section className="section" aria-labelledby="texts">
      <h2 id="texts">
        {t("texts.title")}
        {items.length > 0 && <span className="count figures">{items.length}</span>}
      </h2>
      {reading.isPending && <Skeleton height="3rem" />}
      {reading.isError && <ProblemNotice error={reading.error} onRetry={() => void reading.refetch()} />}
      {state === "waiting" && (
        <p className="quiet" role="status">
          {t("texts.waiting")}
        </p>
      )}
      {state === "failed" && (
        <div className="notice notice-warn" role="alert">
          <span />
          <div className="notice-words">
            <strong>{t("texts.failed")}</strong>
            <p>{failure}</p>
          </div>
          <Button icon={<RotateCw size={16} />} disabled={again.isPending} onClick={() => again.mutate()}>
            {t("texts.again")}
          </Button>
        </div>
      )}
      {state === "read" && items.length === 0 && <p className="quiet">{t("texts.none")}</p>}
      {items.length > 0 && (
        <ol className="text-list">
          {items.map((line) => (
            <Line
              key={line.id}
              line={line}
              pointed={line.id === pointed}
              onPoint={(on) => onPoint(on ? line.id : null)}
              onChanged={changed}
            />
          ))}
        </ol>
      )}
      {mark && (
        <>
          {write.isError && <ProblemNotice error={write.error} />}
          <Words
            key={`${mark.id}-${write.submittedAt}`}
            label={t("texts.write")}
            busy={write.isPending}
            onWords={(words) => write.mutate(words)}
          />
        </>
      )}
    </section>
  );
}

function Line({
  line,
  pointed,
  onPoint,
  onChanged,
}: {
  line: TextLine;
  pointed: boolean;
  onPoint: (on: boolean) => void;
  onChanged: () => void;
}) {
  const { t } = useTranslation();
  const [editing, setEditing] = useState(false);
  const correct = useMutation({
    mutationFn: (words: string) => api.correctText(line.id, words),
    onSuccess: onChanged,
  });
  const remove = useMutation({ mutationFn: () => api.deleteText(line.id), onSettled: onChanged });
  const { words } = line;
  return (
    <li
      className={pointed ? "text-item text-item-pointed" : "text-item"}
      onPointerEnter={() => onPoint(true)}
      onPointerLeave={() => onPoint(false)}
      onFocus={() => onPoint(true)}
      onBlur={() => onPoint(false)}
    >
      {editing ? (
        <>
          {correct.isError && <ProblemNotice error={correct.error} />}
          <Words
            label={t("texts.says")}
            start={words}
            busy={correct.isPending}
            onWords={(said) => correct.mutate(said)}
            onCancel={() => setEditing(false)}
          />
        </>
      ) : (
        <>
          <span className="text-words">
            <strong>{words}</strong>
            {line.by_person ? (
              <span className="small quiet">
                {line.as_read ? t("texts.corrected", { words: line.as_read }) : t("texts.byPerson")}
              </span>
            ) : (
              line.confidence < UNSURE && <span className="small quiet">{t("texts.unsure")}</span>
            )}
          </span>
          <span className="row text-acts">
            <Link
              className="button button-plain button-icon"
              href={`/search?text=${encodeURIComponent(words)}`}
              aria-label={t("texts.find", { words })}
              title={t("texts.find", { words })}
            >
              <Search size={16} aria-hidden="true" />
            </Link>
            <IconButton
              look="plain"
              label={t("texts.correct", { words })}
              icon={<Pencil size={16} />}
              onClick={() => setEditing(true)}
            />
            <IconButton
              look="plain"
              label={t("texts.delete", { words })}
              icon={<Trash2 size={16} />}
              disabled={remove.isPending}
              onClick={() => remove.mutate()}
            />
          </span>
        </>
      )}
    </li>
  );
}

/** One line to be typed. */
function Words({
  label,
  start = "",
  busy,
  onWords,
  onCancel,
}: {
  label: string;
  start?: string;
  busy: boolean;
  onWords: (words: string) => void;
  onCancel?: () => void;
}) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(start);
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (typed.trim()) onWords(typed.trim());
  };
  return (
    <form className="text-form" onSubmit={send}>
      <input
        className="input"
        aria-label={label}
        placeholder={label}
        maxLength={500}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={(event) => event.key === "Escape" && onCancel?.()}
      />
      <Button icon={<Check size={16} />} disabled={busy || !typed.trim()} type="submit">
        {t("common.save")}
      </Button>
      {onCancel && (
        <IconButton look="plain" label={t("common.cancel")} icon={<X size={16} />} onClick={onCancel} />
      )}
    </form>
  );
}
