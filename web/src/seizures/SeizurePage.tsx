import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Pencil, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";
import { api } from "../api/client";
import { keys, queries } from "../api/queries";
import type { Seizure } from "../api/types";
import { ChemistrySection } from "../chemistry/ChemistrySection";
import { formatDay, formatPlace } from "../i18n/format";
import { Crumbs } from "../shell/Crumbs";
import { useTitle } from "../shell/useTitle";
import { Badge } from "../ui/Badge";
import { Button } from "../ui/Button";
import { ConfirmDialog } from "../ui/Dialog";
import { DropZone, PHOTOGRAPHS, useDrop } from "../ui/DropZone";
import { ProblemNotice } from "../ui/ProblemNotice";
import { PageSkeleton } from "../ui/Skeleton";
import { useToast } from "../ui/Toasts";
import { UploadList } from "../upload/UploadList";
import { uploads } from "../upload/uploads";
import { EditFactsDialog } from "./EditFactsDialog";
import { MatchesSection } from "./MatchesSection";
import { PhotographTile } from "./PhotographTile";
import "./seizures.css";

export default function SeizurePage({ id }: { id: string }) {
  const { t } = useTranslation();
  const seizure = useQuery(queries.seizure(id));
  useTitle(seizure.data?.case_reference);
  const drop = useDrop((files) => uploads.add(id, files));

  if (seizure.isPending) return <PageSkeleton />;
  if (!seizure.data) {
    return (
      <div className="stack">
        <Crumbs trail={[{ href: "/seizures", label: t("shell.seizures") }]} />
        <ProblemNotice error={seizure.error} onRetry={() => void seizure.refetch()} />
      </div>
    );
  }
  return (
    <div className={drop.over ? "seizures-over" : undefined} {...drop.handlers}>
      <Head seizure={seizure.data} />
      <div className="seizure-sections">
        <MatchesSection seizure={seizure.data} />
        <Photographs seizure={seizure.data} />
        <ChemistrySection seizure={seizure.data} />
        <Facts seizure={seizure.data} />
      </div>
    </div>
  );
}

function Head({ seizure }: { seizure: Seizure }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const toast = useToast();
  const [, navigate] = useLocation();
  const [asking, setAsking] = useState<"edit" | "delete" | null>(null);
  const remove = useMutation({
    mutationFn: () => api.deleteSeizure(seizure.id),
    onSuccess: () => {
      navigate("/seizures");
      client.removeQueries({ queryKey: keys.seizure(seizure.id) });
      void client.invalidateQueries({ queryKey: keys.seizures });
      toast({ words: t("seizure.deleted", { reference: seizure.case_reference }) });
    },
  });
  const line = [seizure.substance, formatDay(seizure.date), formatPlace(seizure), seizure.owner].filter(
    Boolean,
  );
  return (
    <>
      <Crumbs trail={[{ href: "/seizures", label: t("shell.seizures") }]} />
      <div className="page-head">
        <div>
          <h1>
            {seizure.case_reference}{" "}
            {seizure.handling_code && <Badge tone="warn">{seizure.handling_code}</Badge>}
          </h1>
          <p className="facts-line">
            {line.map((fact) => (
              <span key={fact}>{fact}</span>
            ))}
          </p>
        </div>
        <div className="row">
          <Button icon={<Pencil size={16} />} onClick={() => setAsking("edit")}>
            {t("seizure.edit")}
          </Button>
          <Button look="plain" icon={<Trash2 size={16} />} onClick={() => setAsking("delete")}>
            {t("common.delete")}
          </Button>
        </div>
      </div>
      {asking === "edit" && <EditFactsDialog seizure={seizure} onClose={() => setAsking(null)} />}
      {asking === "delete" && (
        <ConfirmDialog
          title={t("seizure.deleteTitle", { reference: seizure.case_reference })}
          words={t("seizure.deleteWords", { count: seizure.photographs.length })}
          confirm={t("seizure.deleteConfirm")}
          busy={remove.isPending}
          error={remove.error}
          onConfirm={() => remove.mutate()}
          onClose={() => setAsking(null)}
        />
      )}
    </>
  );
}

function Photographs({ seizure }: { seizure: Seizure }) {
  const { t } = useTranslation();
  const count = seizure.photographs.length;
  return (
    <section className="section" aria-labelledby="photographs">
      <div className="section-head">
        <h2 id="photographs">
          {t("seizure.photographs")}
          {count > 0 && <span className="count figures">{count}</span>}
        </h2>
      </div>
      <DropZone
        slim={count > 0}
        multiple
        accept={PHOTOGRAPHS}
        label={t("upload.drop")}
        hint={count > 0 ? undefined : t("seizure.photographsEmpty")}
        onFiles={(files) => uploads.add(seizure.id, files)}
      />
      <UploadList seizureId={seizure.id} />
      {count > 0 && (
        <ul className="photograph-grid">
          {seizure.photographs.map((photograph) => (
            <PhotographTile key={photograph.id} photograph={photograph} />
          ))}
        </ul>
      )}
    </section>
  );
}

const FURTHER = ["conveyance", "concealment", "departure", "transit", "destination"] as const;

function Facts({ seizure }: { seizure: Seizure }) {
  const { t } = useTranslation();
  const [editing, setEditing] = useState(false);
  const known = FURTHER.filter((name) => seizure[name]);
  return (
    <section className="section" aria-labelledby="facts">
      <div className="section-head">
        <h2 id="facts">{t("seizure.facts")}</h2>
      </div>
      <div className="card card-body">
        {known.length === 0 && !seizure.notes ? (
          <p className="quiet">
            {t("seizure.factsEmpty")}{" "}
            <Button look="plain" onClick={() => setEditing(true)}>
              {t("seizure.factsAdd")}
            </Button>
          </p>
        ) : (
          <dl className="facts">
            {known.map((name) => (
              <div key={name}>
                <dt>{t(`fact.${name}`)}</dt>
                <dd>{seizure[name]}</dd>
              </div>
            ))}
            {seizure.notes && (
              <div className="wide">
                <dt>{t("fact.notes")}</dt>
                <dd>{seizure.notes}</dd>
              </div>
            )}
          </dl>
        )}
      </div>
      {editing && <EditFactsDialog seizure={seizure} onClose={() => setEditing(false)} />}
    </section>
  );
}
