import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";
import { api } from "../api/client";
import { queries } from "../api/queries";
import type { Photograph, SeizureSummary } from "../api/types";
import { formatDay } from "../i18n/format";
import { Dialog } from "../ui/Dialog";
import { Field } from "../ui/Field";
import { ProblemNotice } from "../ui/ProblemNotice";

const OFFERED = 8;

/** Makes a photograph that was searched with an exhibit of a seizure: it need not be sent twice. */
export function PromoteDialog({ photograph, onClose }: { photograph: Photograph; onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [, navigate] = useLocation();
  const [q, setQ] = useState("");
  const seizures = useQuery(queries.seizures({ q, limit: OFFERED, offset: 0 }));
  const promote = useMutation({
    mutationFn: (seizure: SeizureSummary) => api.promotePhotograph(photograph.id, seizure.id),
    onSuccess: (_, seizure) => {
      void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== "me" });
      navigate(`/seizures/${seizure.id}`);
    },
  });
  return (
    <Dialog small title={t("promote.title")} onClose={onClose}>
      <p className="quiet">{t("promote.words")}</p>
      {promote.isError && <ProblemNotice error={promote.error} />}
      <Field
        label={t("promote.find")}
        type="search"
        value={q}
        onChange={(event) => setQ(event.target.value)}
      />
      <ul className="promote-list">
        {seizures.data?.items.map((seizure) => (
          <li key={seizure.id}>
            <button
              type="button"
              className="button promote-item"
              disabled={promote.isPending}
              onClick={() => promote.mutate(seizure)}
            >
              <strong>{seizure.case_reference}</strong>
              <span className="small quiet">
                {[seizure.substance, formatDay(seizure.date)].filter(Boolean).join(" · ")}
              </span>
            </button>
          </li>
        ))}
      </ul>
      {seizures.data?.total === 0 && <p className="quiet">{t("promote.none")}</p>}
    </Dialog>
  );
}
