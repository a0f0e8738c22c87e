import { Trans } from "react-i18next";
import { Link } from "wouter";
import type { Through } from "../api/types";

/** The photograph that a hit was found through, with its comparisons to both sides. */
export function FoundThrough({ through }: { through: Through }) {
  const { photograph, seizure, query_comparison_id, reference_comparison_id } = through;
  return (
    <p className="small hit-through">
      <Trans
        i18nKey="hits.through"
        values={{ name: seizure?.case_reference ?? photograph.file_name }}
        components={{
          photograph: <Link href={`/photographs/${photograph.id}`} />,
          query: <Link href={`/comparisons/${query_comparison_id}`} />,
          reference: <Link href={`/comparisons/${reference_comparison_id}`} />,
        }}
      />
    </p>
  );
}
