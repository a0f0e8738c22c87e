import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../api/client";
import { keys } from "../api/queries";
import type { Comparison, Outcome } from "../api/types";
import { formatMoment } from "../i18n/format";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { TextField } from "../ui/Field";
import { ProblemNotice } from "../ui/ProblemNotice";
import { useToast } from "../ui/Toasts";
import { useShortcuts } from "../ui/useShortcuts";
import { StatusBadge } from "./StatusBadge";

const OUTCOMES: { outcome: Outcome; key: string }[] = [
  { outcome: "under_review", key: "u" },
  { outcome: "confirmed", key: "c" },
  { outcome: "refuted", key: "r" },
  { outcome: "inconclusive", key: "i" },
];

/** The examiner decides, with a reason; who decided what, and when, stays. */
export function DecisionPanel({ comparison }: { comparison: Comparison }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const toast = useToast();
  const [asked, setAsked] = useState<Outcome | null>(null);
  const [reason, setReason] = useState("");
  const decide = useMutation({
    mutationFn: ({ outcome, why }: { outcome: Outcome; why: string }) =>
      api.decide(comparison.comparison_id, outcome, why),
    onSuccess: (_, { outcome }) => {
      void client.invalidateQueries({ queryKey: keys.comparison(comparison.comparison_id) });
      void client.invalidateQueries({ queryKey: keys.hits });
      void client.invalidateQueries({ queryKey: ["seizure"] });
      setAsked(null);
      setReason("");
      toast({ words: t("decision.stored", { outcome: t(`status.${outcome}`) }) });
    },
  });
  const ask = (outcome: Outcome) => {
    decide.reset();
    if (outcome === "under_review") decide.mutate({ outcome, why: "" });
    else setAsked(outcome);
  };
  useShortcuts(Object.fromEntries(OUTCOMES.map(({ outcome, key }) => [key, () => ask(outcome)])));

  return (
    <section className="card card-body section decision" aria-labelledby="decision">
      <div className="row row-apart">
        <h2 id="decision">{t("decision.title")}</h2>
        <StatusBadge status={comparison.status} />
      </div>
      <p className="small quiet">{t("decision.words")}</p>
      <div className="decision-buttons">
        {OUTCOMES.map(({ outcome, key }) => (
          <Button
            key={outcome}
            shortcut={key}
            aria-pressed={comparison.status === outcome}
            disabled={decide.isPending}
            onClick={() => ask(outcome)}
          >
            {t(`decision.${outcome}`)}
          </Button>
        ))}
      </div>
      {decide.isError && !asked && <ProblemNotice error={decide.error} />}
      {comparison.decisions.length > 0 && (
        <ol className="decision-history">
          {[...comparison.decisions].reverse().map((decision) => (
            <li key={decision.id}>
              <p className="row">
                <StatusBadge status={decision.outcome} />
                <span className="small quiet">
                  {t("decision.by", { name: decision.decided_by, when: formatMoment(decision.decided_at) })}
                </span>
              </p>
              {decision.reason && <p>{decision.reason}</p>}
            </li>
          ))}
        </ol>
      )}
      {asked && (
        <Dialog small title={t(`decision.${asked}`)} onClose={() => setAsked(null)}>
          <form
            className="stack"
            onSubmit={(event) => {
              event.preventDefault();
              decide.mutate({ outcome: asked, why: reason.trim() });
            }}
          >
            {decide.isError && <ProblemNotice error={decide.error} />}
            <TextField
              label={t("decision.reason")}
              hint={t(`decision.reasonHint.${asked}`)}
              required
              value={reason}
              onChange={(event) => setReason(event.target.value)}
            />
            <div className="dialog-feet">
              <Button onClick={() => setAsked(null)}>{t("common.cancel")}</Button>
              <Button type="submit" look="main" disabled={decide.isPending || reason.trim() === ""}>
                {t(`decision.${asked}`)}
              </Button>
            </div>
          </form>
        </Dialog>
      )}
    </section>
  );
}
