import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { pictures } from "../api/client";
import type { Hit, JointHit } from "../api/types";
import { Dismissed } from "../comparisons/Dismissed";
import { FoundThrough } from "../comparisons/FoundThrough";
import { MirrorBadge } from "../comparisons/MirrorBadge";
import { StatusBadge } from "../comparisons/StatusBadge";
import { formatDay, formatPlace, formatScore } from "../i18n/format";
import type { JointGroup } from "./joint";
import "../comparisons/hits.css";

interface Props {
  group: JointGroup;
  /** The file name of a photograph that was asked with. */
  nameOf: (photographId: string) => string;
}

/** A seizure that several photographs find: for each photograph of it, the standing and the pairs behind that. */
export function JointSeizure({ group: { seizure, rank, hits }, nameOf }: Props) {
  return (
    <li className="card card-body joint">
      <div>
        <h3>
          <span className="quiet figures">{rank}.</span>{" "}
          {seizure ? (
            <Link href={`/seizures/${seizure.id}`}>{seizure.case_reference}</Link>
          ) : (
            hits[0]?.reference_photograph.file_name
          )}
        </h3>
        {seizure && (
          <p className="small quiet">
            {[seizure.substance, formatDay(seizure.date), formatPlace(seizure)].filter(Boolean).join(" · ")}
          </p>
        )}
      </div>
      {hits.map((hit) => (
        <JointPhotograph key={hit.reference_photograph.id} hit={hit} nameOf={nameOf} />
      ))}
    </li>
  );
}

function JointPhotograph({ hit, nameOf }: { hit: JointHit; nameOf: Props["nameOf"] }) {
  const { t } = useTranslation();
  const { reference_photograph, standing, pairs } = hit;
  return (
    <div className="joint-photograph">
      <p className="row row-apart">
        <Link href={`/photographs/${reference_photograph.id}`}>{reference_photograph.file_name}</Link>
        <span className="small figures">
          <span className="quiet">{t("together.standing")}</span> <strong>{formatScore(standing)}</strong>
        </span>
      </p>
      <ul className="joint-pairs" aria-label={t("together.pairs")}>
        {pairs.map((pair) => (
          <Pair key={pair.comparison_id} pair={pair} name={nameOf(pair.query_mark.photograph_id)} />
        ))}
      </ul>
    </div>
  );
}

function Pair({ pair, name }: { pair: Hit; name: string }) {
  const { t } = useTranslation();
  const href = `/photographs/${pair.query_mark.photograph_id}/hits/${pair.comparison_id}`;
  return (
    <li className="hit">
      <div className="hit-pair">
        <span className="thumb thumb-square thumb-whole hit-query">
          <img src={pictures.mark(pair.query_mark.id, 160)} alt="" loading="lazy" />
        </span>
        <span className="thumb thumb-square thumb-whole hit-reference">
          <img src={pictures.mark(pair.reference_mark.id, 160)} alt="" loading="lazy" />
        </span>
      </div>
      <div className="hit-words">
        <p className="row row-apart">
          <Link href={href}>{name}</Link>
          {pair.status !== "candidate" && <StatusBadge status={pair.status} />}
        </p>
        <p className="small figures hit-scores">
          <span>
            <span className="quiet">{t("evidence.logo")}</span> <strong>{formatScore(pair.score)}</strong>
          </span>
          {pair.mirrored && <MirrorBadge />}
        </p>
        {pair.through && <FoundThrough through={pair.through} />}
        <Dismissed comparison={pair} />
      </div>
    </li>
  );
}
