import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../api/client";
import { keys } from "../api/queries";
import type { Seizure, SeizureFields } from "../api/types";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { TextField } from "../ui/Field";
import { ProblemNotice } from "../ui/ProblemNotice";
import { useToast } from "../ui/Toasts";
import { FactFields } from "./FactFields";
import { type FactName, LONG_FORM, NO_FACTS } from "./facts";

/** The long form. Only what was changed is sent, so that two people at one record do not undo each other. */
export function EditFactsDialog({ seizure, onClose }: { seizure: Seizure; onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const toast = useToast();
  const [changes, setChanges] = useState<Partial<SeizureFields>>({});
  const values = { ...factsOf(seizure), ...changes };
  const write = (fields: Partial<SeizureFields>) => api.changeSeizure(seizure.id, fields);
  const refresh = () => {
    void client.invalidateQueries({ queryKey: keys.seizure(seizure.id) });
    void client.invalidateQueries({ queryKey: keys.seizures });
  };
  const save = useMutation({
    mutationFn: () => write(changes),
    onSuccess: () => {
      refresh();
      onClose();
      const before = Object.fromEntries(
        Object.keys(changes).map((name) => [name, seizure[name as FactName]]),
      ) as Partial<SeizureFields>;
      toast({
        words: t("seizure.saved"),
        action: { label: t("common.undo"), run: () => void write(before).then(refresh, refresh) },
      });
    },
  });
  const change = (more: Partial<SeizureFields>) => setChanges((before) => ({ ...before, ...more }));
  return (
    <Dialog title={t("seizure.edit")} onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (Object.keys(changes).length === 0) onClose();
          else save.mutate();
        }}
      >
        {save.isError && <ProblemNotice error={save.error} />}
        <div className="fields">
          <FactFields names={LONG_FORM} values={values} onChange={change} />
          <TextField
            wide
            label={t("fact.notes")}
            value={values.notes}
            onChange={(event) => change({ notes: event.target.value })}
          />
        </div>
        <div className="dialog-feet">
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button type="submit" look="main" disabled={save.isPending}>
            {t("common.save")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function factsOf(seizure: Seizure): SeizureFields {
  const names = Object.keys(NO_FACTS) as FactName[];
  return Object.fromEntries(names.map((name) => [name, seizure[name]])) as unknown as SeizureFields;
}
