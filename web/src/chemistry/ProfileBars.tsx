import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Profile } from "../api/types";
import { formatShare } from "../i18n/format";
import { Button } from "../ui/Button";
import { against, type SharedAnalyte } from "./shares";
import "./chemistry.css";

const SHOWN_FIRST = 12;

/**
 * A profile as bars, or two against each other from one middle line. A bar's length is the analyte's share of the
 * profile's sum, so that amounts and peak areas read alike.
 */
export function ProfileBars({ query, reference = null }: { query: Profile; reference?: Profile | null }) {
  const { t } = useTranslation();
  const [all, setAll] = useState(false);
  const rows = against(query, reference);
  const most = Math.max(...rows.map((row) => Math.max(row.query ?? 0, row.reference ?? 0)), Number.MIN_VALUE);
  const shown = all ? rows : rows.slice(0, SHOWN_FIRST);
  return (
    <div className="stack" style={{ gap: "var(--space-2)" }}>
      <table className={reference ? "bars bars-two" : "bars"}>
        <caption className="unseen">{t("chemistry.caption")}</caption>
        <thead className={reference ? "bars-head" : "unseen"}>
          <tr>
            {reference && <th scope="col">{query.sample}</th>}
            <th scope="col" className={reference ? "quiet" : undefined}>
              {t("chemistry.analyte")}
            </th>
            <th scope="col">{reference ? reference.sample : t("chemistry.share")}</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((row) => (
            <Row key={row.analyte} row={row} most={most} two={reference !== null} />
          ))}
        </tbody>
      </table>
      {rows.length > SHOWN_FIRST && (
        <div>
          <Button look="plain" onClick={() => setAll(!all)}>
            {all ? t("chemistry.fewer") : t("chemistry.all", { count: rows.length })}
          </Button>
        </div>
      )}
    </div>
  );
}

function Row({ row, most, two }: { row: SharedAnalyte; most: number; two: boolean }) {
  const name = (
    <th scope="row" className="bars-name">
      {row.analyte}
    </th>
  );
  if (!two) {
    return (
      <tr>
        {name}
        <Bar share={row.query} most={most} side="query" />
      </tr>
    );
  }
  return (
    <tr>
      <Bar share={row.query} most={most} side="query" />
      {name}
      <Bar share={row.reference} most={most} side="reference" />
    </tr>
  );
}

function Bar({ share, most, side }: { share: number | null; most: number; side: "query" | "reference" }) {
  const { t } = useTranslation();
  return (
    <td className={`bars-cell bars-${side}`}>
      {share === null ? (
        <span className="quiet small">{t("chemistry.absent")}</span>
      ) : (
        <>
          {share > 0 && <span className="bar" style={{ width: `${(share / most) * 68}%` }} />}
          <span className="small figures">{formatShare(share)}</span>
        </>
      )}
    </td>
  );
}
