import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { pictures } from "../api/client";
import type { Hit } from "../api/types";
import { formatCorrelation, formatDay, formatPlace, formatScore } from "../i18n/format";
import { Dismissed } from "./Dismissed";
import { FoundThrough } from "./FoundThrough";
import { MirrorBadge } from "./MirrorBadge";
import { StatusBadge } from "./StatusBadge";
import "./hits.css";

interface Props {
  hit: Hit;
  rank: number;
  href: string;
  /** The seizure that is asked for: a hit within it is said to be one. */
  within?: string | undefined;
  current?: boolean;
}

/** One hit: the two marks, where the other was seized, and each line of evidence by itself. */
export function HitRow({ hit, rank, href, within, current = false }: Props) {
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
            {[seizure.substance, formatDay(seizure.date), formatPlace(seizure)].filter(Boolean).join(" · ")}
          </p>
        )}
        <p className="small figures hit-scores">
          <span>
            <span className="quiet">{t("evidence.logo")}</span> <strong>{formatScore(hit.score)}</strong>
          </span>
          {chemistry && (
            <span>
              <span className="quiet">{t("evidence.chemistry")}</span>{" "}
              <strong>{formatCorrelation(chemistry.score)}</strong>
            </span>
          )}
          {seizure && seizure.id === within && <span className="quiet">{t("hits.sameSeizure")}</span>}
          {hit.mirrored && <MirrorBadge />}
        </p>
        {hit.through && <FoundThrough through={hit.through} />}
        <Dismissed comparison={hit} />
        {hit.common && (
          <p className="small hit-common">
            {t("commonDesign.short", { count: hit.common.seizures, of: hit.common.of })}
          </p>
        )}
      </div>
    </li>
  );
}
