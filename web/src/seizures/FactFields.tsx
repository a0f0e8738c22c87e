import { useId, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { SeizureFields } from "../api/types";
import { countries, formatCountry } from "../i18n/format";
import { Field } from "../ui/Field";
import type { FactName } from "./facts";

interface Props {
  names: readonly Exclude<FactName, "notes">[];
  values: SeizureFields;
  onChange: (change: Partial<SeizureFields>) => void;
}

const HANDLING_CODES = ["H0", "H1", "H2", "H3"] as const;

/** The fields of a seizure. Countries are offered by name; any other text may be typed. */
export function FactFields({ names, values, onChange }: Props) {
  const { t } = useTranslation();
  return (
    <>
      {names.map((name) => {
        const value = values[name] ?? "";
        if (name === "handling_code") {
          return (
            <HandlingCode key={name} value={value} onChange={(code) => onChange({ handling_code: code })} />
          );
        }
        if (name === "country") {
          return <Country key={name} value={value} onChange={(country) => onChange({ country })} />;
        }
        return (
          <Field
            key={name}
            label={t(`fact.${name}`)}
            name={name}
            value={value}
            maxLength={200}
            required={name === "case_reference"}
            onChange={(event) =>
              onChange({ [name]: name === "date" ? event.target.value || null : event.target.value })
            }
            {...(name === "date" && { type: "date", max: "9999-12-31" })}
            {...(name === "case_reference" && { hint: t("fact.caseReferenceHint") })}
          />
        );
      })}
    </>
  );
}

/** Chosen by its name and stored by its code; a name that is in no list is stored as it was typed. */
function Country({ value, onChange }: { value: string; onChange: (country: string) => void }) {
  const { t } = useTranslation();
  const list = useId();
  const offered = useMemo(() => countries(), []);
  const [text, setText] = useState(() => formatCountry(value));
  return (
    <>
      <Field
        label={t("fact.country")}
        hint={t("fact.countryHint")}
        name="country"
        list={list}
        maxLength={200}
        value={text}
        onChange={(event) => {
          const typed = event.target.value;
          setText(typed);
          const wanted = typed.trim().toLowerCase();
          onChange(offered.find(({ name }) => name.toLowerCase() === wanted)?.code ?? typed);
        }}
      />
      <datalist id={list}>
        {offered.map(({ code, name }) => (
          <option key={code} value={name} />
        ))}
      </datalist>
    </>
  );
}

/** Handling codes combine: each is its own tick. */
function HandlingCode({ value, onChange }: { value: string; onChange: (code: string) => void }) {
  const { t } = useTranslation();
  const held = value.split(" ").filter(Boolean);
  return (
    <fieldset className="field wide">
      <legend className="field-label">{t("fact.handling_code")}</legend>
      <div className="row">
        {HANDLING_CODES.map((code) => (
          <label key={code} className="tick" title={t(`handling.${code}`)}>
            <input
              type="checkbox"
              checked={held.includes(code)}
              onChange={(event) =>
                onChange(
                  HANDLING_CODES.filter((each) =>
                    each === code ? event.target.checked : held.includes(each),
                  ).join(" "),
                )
              }
            />
            <span>
              <strong>{code}</strong> {t(`handling.${code}`)}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
