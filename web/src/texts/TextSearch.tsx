import { useQuery } from "@tanstack/react-query";
import { Search } from "lucide-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { pictures } from "../api/client";
import { queries } from "../api/queries";
import type { TextHit } from "../api/types";
import { formatShare } from "../i18n/format";
import { pathOf } from "../picture/geometry";
import { Button } from "../ui/Button";
import { Empty } from "../ui/Empty";
import { Pager } from "../ui/Pager";
import { ProblemNotice } from "../ui/ProblemNotice";
import { Skeleton } from "../ui/Skeleton";
import { Marked } from "./Marked";
import "../picture/picture.css";
import "./texts.css";

const LIMIT = 20;
const TYPING_MS = 300;

/** A box for words, and the photographs that say something like them. */
export function TextSearch({ text, onText }: { text: string; onText: (text: string) => void }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(text);
  const [offset, setOffset] = useState(0);
  const found = useQuery({
    ...queries.findTexts({ q: text, limit: LIMIT, offset }),
    enabled: text.trim() !== "",
  });

  useEffect(() => {
    setTyped(text);
    setOffset(0);
  }, [text]);
  useEffect(() => {
    if (typed === text) return;
    const rest = setTimeout(() => onText(typed), TYPING_MS);
    return () => clearTimeout(rest);
  }, [typed, text, onText]);

  return (
    <section className="stack text-search" aria-label={t("search.byText")}>
      <div className="field">
        <search className="search-box">
          <Search size={16} aria-hidden="true" />
          <input
            id="text-search"
            className="input"
            type="search"
            aria-label={t("texts.search")}
            placeholder={t("texts.search")}
            aria-describedby="text-search-hint"
            aria-keyshortcuts="/"
            maxLength={200}
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
          />
        </search>
        <p id="text-search-hint" className="field-hint">
          {t("texts.searchHint")}
        </p>
      </div>
      {text.trim() !== "" && (
        <>
          {found.isError && <ProblemNotice error={found.error} onRetry={() => void found.refetch()} />}
          {found.isLoading && <Skeleton height="6rem" />}
          {found.data && found.data.total === 0 && (
            <Empty title={t("texts.noneFound", { words: text })}>
              <p>{t("texts.noneFoundWords")}</p>
              <Button onClick={() => onText("")}>{t("texts.noneClear")}</Button>
            </Empty>
          )}
          {found.data && found.data.total > 0 && (
            <>
              <p className="quiet" role="status">
                {t("texts.found", { count: found.data.total })}
              </p>
              <ol className="text-hits">
                {found.data.items.map((hit) => (
                  <Hit key={hit.photograph.id} hit={hit} />
                ))}
              </ol>
              <Pager offset={offset} limit={LIMIT} total={found.data.total} onOffset={setOffset} />
            </>
          )}
        </>
      )}
    </section>
  );
}

function Hit({ hit }: { hit: TextHit }) {
  const { t } = useTranslation();
  const { photograph, seizure, lines } = hit;
  return (
    <li className="text-hit">
      <div className="thumb">
        <img src={pictures.photograph(photograph.id, 320)} alt="" loading="lazy" decoding="async" />
        <svg
          className="stage-drawing"
          viewBox={`0 0 ${photograph.width} ${photograph.height}`}
          preserveAspectRatio="xMidYMid slice"
          aria-hidden="true"
        >
          {lines.map(({ line }) => (
            <path key={line.id} className="text-line" d={pathOf(line.polygon)} />
          ))}
        </svg>
      </div>
      <div className="text-hit-words">
        <p>
          <Link href={`/photographs/${photograph.id}`}>
            <strong>{seizure?.case_reference ?? t("texts.noSeizure")}</strong>
          </Link>{" "}
          <span className="small quiet">{photograph.file_name}</span>
        </p>
        {lines.map(({ line, spans }) => (
          <p key={line.id} className="text-said">
            <Marked words={line.words} spans={spans} />
          </p>
        ))}
        <p className="small quiet figures">{t("texts.similarity", { share: formatShare(hit.similarity) })}</p>
      </div>
    </li>
  );
}
