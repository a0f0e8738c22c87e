import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../api/client";
import { keys } from "../api/queries";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { DropZone } from "../ui/DropZone";
import { TextField } from "../ui/Field";
import { ProblemNotice } from "../ui/ProblemNotice";
import { useToast } from "../ui/Toasts";

/** A table of profiles, from a file or pasted. The server stores the whole of it, or nothing of it. */
export function ImportDialog({ seizureId, onClose }: { seizureId: string; onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const toast = useToast();
  const [text, setText] = useState("");
  const bring = useMutation({
    mutationFn: (file: File) => api.importProfiles(seizureId, file),
    onSuccess: ({ items }) => {
      void client.invalidateQueries({ queryKey: keys.seizure(seizureId) });
      toast({ words: t("chemistry.imported", { count: items.length }) });
      onClose();
    },
  });
  return (
    <Dialog title={t("chemistry.import")} onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          bring.mutate(new File([asCommas(text)], "pasted.csv", { type: "text/csv" }));
        }}
      >
        {bring.isError && <ProblemNotice error={bring.error} />}
        <p>{t("chemistry.importWords")}</p>
        <pre className="small scrolls">{t("chemistry.importExample")}</pre>
        <DropZone
          slim
          accept=".csv,.tsv,.txt,text/csv"
          label={t("chemistry.dropTable")}
          onFiles={(files) => files[0] && bring.mutate(files[0])}
        />
        <TextField
          label={t("chemistry.pasteTable")}
          rows={6}
          spellCheck={false}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <div className="dialog-feet">
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button type="submit" look="main" disabled={bring.isPending || text.trim() === ""}>
            {t("chemistry.importGo")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** A spreadsheet's copy has tabs between its cells; the table that is sent has commas, and quotes where needed. */
function asCommas(text: string): string {
  if (!text.includes("\t")) return text;
  const quoted = (cell: string) => (/[",]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
  return text
    .split(/\r?\n/)
    .map((line) => line.split("\t").map(quoted).join(","))
    .join("\n");
}
