import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Plus, X } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../api/client";
import { keys } from "../api/queries";
import { Button, IconButton } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { Field } from "../ui/Field";
import { ProblemNotice } from "../ui/ProblemNotice";
import { readNumber, readPasted } from "./paste";

interface Line {
  key: number;
  analyte: string;
  value: string;
}

/** A profile typed by hand, or its two columns pasted from a spreadsheet into any cell. */
export function ProfileDialog({ seizureId, onClose }: { seizureId: string; onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [sample, setSample] = useState("");
  const [method, setMethod] = useState("GC-MS");
  const [unit, setUnit] = useState(t("chemistry.unitDefault"));
  const [lines, setLines] = useState<Line[]>(() => [0, 1, 2].map((key) => ({ key, analyte: "", value: "" })));
  const filled = lines.filter(({ analyte, value }) => analyte.trim() || value.trim());
  const values = filled.map(({ analyte, value }) => ({ analyte: analyte.trim(), value: readNumber(value) }));
  const usable = values.flatMap(({ analyte, value }) =>
    analyte && value !== null && value >= 0 ? [{ analyte, value }] : [],
  );
  const wrong = usable.length !== values.length;

  const create = useMutation({
    mutationFn: () => api.createProfile(seizureId, { sample, method, unit, values: usable }),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: keys.seizure(seizureId) });
      onClose();
    },
  });
  const change = (key: number, part: Partial<Line>) =>
    setLines((before) => {
      const after = before.map((line) => (line.key === key ? { ...line, ...part } : line));
      const last = after.at(-1);
      return last && (last.analyte || last.value)
        ? [...after, { key: last.key + 1, analyte: "", value: "" }]
        : after;
    });
  const paste = (text: string): boolean => {
    const rows = readPasted(text);
    if (!rows) return false;
    const kept = filled.map(({ analyte, value }) => ({ analyte, value }));
    const all = [
      ...kept,
      ...rows.map(({ analyte, value }) => ({ analyte, value: String(value) })),
      { analyte: "", value: "" },
    ];
    setLines(all.map((line, key) => ({ key, ...line })));
    return true;
  };
  return (
    <Dialog title={t("chemistry.type")} onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          create.mutate();
        }}
      >
        {create.isError && <ProblemNotice error={create.error} />}
        <div className="fields">
          <Field
            label={t("chemistry.sample")}
            hint={t("chemistry.sampleHint")}
            required
            value={sample}
            onChange={(event) => setSample(event.target.value)}
          />
          <Field
            label={t("chemistry.method")}
            hint={t("chemistry.methodHint")}
            required
            value={method}
            onChange={(event) => setMethod(event.target.value)}
          />
          <Field
            label={t("chemistry.unit")}
            required
            value={unit}
            onChange={(event) => setUnit(event.target.value)}
          />
        </div>
        <fieldset className="field">
          <legend className="field-label">{t("chemistry.values")}</legend>
          <p className="field-hint">{t("chemistry.pasteHint")}</p>
          <div
            className="analyte-rows"
            onPaste={(event) => {
              if (paste(event.clipboardData.getData("text/plain"))) event.preventDefault();
            }}
          >
            {lines.map((line, place) => (
              <div className="analyte-row" key={line.key}>
                <input
                  className="input"
                  aria-label={t("chemistry.analyteOf", { number: place + 1 })}
                  placeholder={t("chemistry.analyte")}
                  value={line.analyte}
                  onChange={(event) => change(line.key, { analyte: event.target.value })}
                />
                <input
                  className="input figures"
                  inputMode="decimal"
                  aria-label={t("chemistry.valueOf", { number: place + 1 })}
                  placeholder={t("chemistry.value")}
                  aria-invalid={line.value.trim() !== "" && readNumber(line.value) === null}
                  value={line.value}
                  onChange={(event) => change(line.key, { value: event.target.value })}
                />
                <IconButton
                  look="plain"
                  label={t("chemistry.removeLine", { number: place + 1 })}
                  icon={<X size={16} />}
                  onClick={() => setLines((before) => before.filter(({ key }) => key !== line.key))}
                />
              </div>
            ))}
          </div>
          <div>
            <Button
              look="plain"
              icon={<Plus size={16} />}
              onClick={() =>
                setLines((before) => [
                  ...before,
                  { key: (before.at(-1)?.key ?? 0) + 1, analyte: "", value: "" },
                ])
              }
            >
              {t("chemistry.addLine")}
            </Button>
          </div>
          {wrong && <p className="small">{t("chemistry.wrongLines")}</p>}
        </fieldset>
        <div className="dialog-feet">
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button type="submit" look="main" disabled={create.isPending || wrong || usable.length === 0}>
            {t("common.save")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
