import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { pictures } from "../api/client";
import type { Hit } from "../api/types";
import { formatDay, formatScore } from "../i18n/format";
import { StatusBadge } from "./StatusBadge";
import "./hits.css";

interface Props {
  hit: Hit;
  rank: number;
  href: string;
  current?: boolean;
}

/** One hit: the two marks, where the other was seized, and each line of evidence by itself. */
export function HitRow({ hit, rank, href, current = false }: Props) {
  const { t } = useTranslation();
  const { seizure, chemistry } = hit;
  return (
    <li className={current ? "hit hit-current" : "hit"}>
      <div className="hit-pair">
        <span className="thumb thumb-square thumb-whole hit-query">
          <img src={pictures.mark(hit.query_mark.id, 160)} alt="" loading="lazy" />
        </span>
        <span className="thumb thumb-square thumb-whole hit-reference">
          <img src={pictures.mark(hit.reference_mark.id, 160)} alt="" loading="lazy" />
        </span>
      </div>
      <div className="hit-words">
        <p className="row row-apart">
          <Link href={href} replace={current} aria-current={current ? "true" : undefined}>
            <span className="quiet figures">{rank}.</span>{" "}
            <strong>{seizure?.case_reference ?? hit.reference_photograph.file_name}</strong>
          </Link>
          {hit.status !== "candidate" && <StatusBadge status={hit.status} />}
        </p>
        {seizure && (
          <p className="small quiet">
            {[seizure.substance, formatDay(seizure.date), seizure.place || seizure.country]
              .filter(Boolean)
              .join(" · ")}
          </p>
        )}
        <p className="small figures hit-scores">
          <span>
            <span className="quiet">{t("evidence.logo")}</span> <strong>{formatScore(hit.score)}</strong>
          </span>
          {chemistry && (
            <span>
              <span className="quiet">{t("evidence.chemistry")}</span>{" "}
              <strong>{formatScore(chemistry.score)}</strong>
            </span>
          )}
          {hit.mirrored && <span className="quiet">{t("hits.mirrored")}</span>}
        </p>
      </div>
    </li>
  );
}
