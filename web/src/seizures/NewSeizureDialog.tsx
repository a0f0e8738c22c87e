import { useMutation, useQueryClient } from "@tanstack/react-query";
import { X } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../api/client";
import { keys } from "../api/queries";
import type { SeizureSummary } from "../api/types";
import { Button, IconButton } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { DropZone, PHOTOGRAPHS } from "../ui/DropZone";
import { ProblemNotice } from "../ui/ProblemNotice";
import { uploads } from "../upload/uploads";
import { FactFields } from "./FactFields";
import { NO_FACTS, SHORT_FORM } from "./facts";

interface Props {
  files: File[];
  onClose: () => void;
  onCreated: (seizure: SeizureSummary) => void;
}

/** The short form of a new seizure, with the photographs that were dropped. */
export function NewSeizureDialog({ files: dropped, onClose, onCreated }: Props) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [facts, setFacts] = useState(NO_FACTS);
  const [files, setFiles] = useState(dropped);
  const create = useMutation({
    mutationFn: () => api.createSeizure(facts),
    onSuccess: (seizure) => {
      if (files.length > 0) uploads.add(seizure.id, files);
      void client.invalidateQueries({ queryKey: keys.seizures });
      onCreated(seizure);
    },
  });
  return (
    <Dialog title={t("seizures.new")} onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          create.mutate();
        }}
      >
        {create.isError && <ProblemNotice error={create.error} />}
        <div className="fields">
          <FactFields
            names={SHORT_FORM}
            values={facts}
            onChange={(change) => setFacts((before) => ({ ...before, ...change }))}
          />
        </div>
        <DropZone
          slim
          multiple
          accept={PHOTOGRAPHS}
          label={t("upload.drop")}
          onFiles={(more) => setFiles((before) => [...before, ...more])}
        />
        {files.length > 0 && (
          <ul className="file-chips">
            {files.map((file, place) => (
              <li key={`${file.name}-${file.size}-${file.lastModified}`} className="badge">
                {file.name}
                <IconButton
                  look="plain"
                  label={t("upload.leaveOut", { name: file.name })}
                  icon={<X size={14} />}
                  onClick={() => setFiles((before) => before.filter((_, other) => other !== place))}
                />
              </li>
            ))}
          </ul>
        )}
        <div className="dialog-feet">
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button type="submit" look="main" disabled={create.isPending}>
            {files.length > 0 ? t("seizures.createWith", { count: files.length }) : t("seizures.create")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
