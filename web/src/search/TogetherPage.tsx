import { useMutation, useQuery } from "@tanstack/react-query";
import { X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useLocation, useSearchParams } from "wouter";
import { useHistoryState } from "wouter/use-browser-location";
import { pictures } from "../api/client";
import { queries } from "../api/queries";
import type { Sending } from "../api/send";
import type { JointHits, Photograph, RefusedFile } from "../api/types";
import { DismissedFold } from "../comparisons/DismissedFold";
import { Crumbs } from "../shell/Crumbs";
import { useTitle } from "../shell/useTitle";
import { IconButton } from "../ui/Button";
import { DropZone, PHOTOGRAPHS } from "../ui/DropZone";
import { Empty } from "../ui/Empty";
import { ProblemNotice } from "../ui/ProblemNotice";
import { PageSkeleton } from "../ui/Skeleton";
import { JointSeizure } from "./JointSeizure";
import { bySeizure } from "./joint";
import { RefusedFiles } from "./RefusedFiles";
import { sendTogether, togetherAddress } from "./several";
import "../photographs/photographs.css";
import "./search.css";

/** What several photographs of one mark find together: the seizures, and for each the pairs behind it. */
export default function TogetherPage() {
  const { t } = useTranslation();
  const [params] = useSearchParams();
  const [, navigate] = useLocation();
  const asked = params.getAll("photograph");
  const before = useHistoryState<{ refused?: RefusedFile[] } | null>();
  const found = useQuery({ ...queries.together(asked), enabled: asked.length > 0 });
  useTitle(t("together.title", { count: asked.length }));

  const [share, setShare] = useState(0);
  const sending = useRef<Sending<JointHits> | null>(null);
  useEffect(() => () => sending.current?.abort(), []);
  const add = useMutation({
    mutationFn: (files: File[]) => {
      setShare(0);
      sending.current = sendTogether(files, setShare);
      return sending.current.answer;
    },
    onSuccess: ({ queries: more, refused }) =>
      navigate(togetherAddress([...new Set([...asked, ...more.map(({ id }) => id)])]), {
        replace: true,
        state: { refused },
      }),
  });

  if (found.isPending && asked.length > 0) return <PageSkeleton />;
  const { queries: shown = [], items = [] } = found.data ?? {};
  const groups = bySeizure(items.filter(({ dismissed }) => !dismissed));
  const dismissed = bySeizure(items.filter((hit) => hit.dismissed));
  const name = (id: string) => shown.find((query) => query.id === id)?.file_name ?? "";
  return (
    <div className="stack">
      <Crumbs trail={[{ href: "/search", label: t("shell.search") }]} />
      <h1>{t("together.title", { count: asked.length })}</h1>
      <p className="quiet">{t("together.words")}</p>
      {found.isError && <ProblemNotice error={found.error} onRetry={() => void found.refetch()} />}
      {add.isError && <ProblemNotice error={add.error} />}
      <RefusedFiles files={before?.refused ?? []} />
      <section className="section" aria-labelledby="queries">
        <h2 id="queries">{t("together.queries")}</h2>
        <ul className="several">
          {shown.map((query) => (
            <Query
              key={query.id}
              query={query}
              onRemove={
                asked.length > 1
                  ? () => navigate(togetherAddress(asked.filter((id) => id !== query.id)), { replace: true })
                  : undefined
              }
            />
          ))}
        </ul>
        {asked.length === 1 && <p className="quiet">{t("together.few")}</p>}
        <DropZone slim multiple accept={PHOTOGRAPHS} label={t("together.add")} onFiles={add.mutate} />
        {add.isPending && (
          <div className="progress" role="status" aria-label={t("search.busy")}>
            <span className={share >= 1 ? "skeleton" : undefined} style={{ width: `${share * 100}%` }} />
          </div>
        )}
      </section>
      {found.isSuccess && items.length === 0 ? (
        <Empty title={t("together.noneTitle")}>
          <p>{t("together.none")}</p>
        </Empty>
      ) : (
        <section className="section" aria-label={t("together.order", { count: items.length })}>
          <p className="small quiet">
            {t("together.order", { count: items.length })}. {t("score.rank")}
          </p>
          <ol className="joint-list">
            {groups.map((group) => (
              <JointSeizure key={group.key} group={group} nameOf={name} />
            ))}
          </ol>
          <DismissedFold count={dismissed.length}>
            <ol className="joint-list">
              {dismissed.map((group) => (
                <JointSeizure key={group.key} group={group} nameOf={name} />
              ))}
            </ol>
          </DismissedFold>
        </section>
      )}
    </div>
  );
}

function Query({ query, onRemove }: { query: Photograph; onRemove: (() => void) | undefined }) {
  const { t } = useTranslation();
  return (
    <li className="card several-one">
      <span className="thumb several-thumb">
        <img src={pictures.photograph(query.id, 160)} alt="" />
      </span>
      <p className="small several-name">
        <Link href={`/photographs/${query.id}/hits`}>{query.file_name}</Link>
      </p>
      {onRemove && (
        <IconButton
          look="plain"
          label={t("search.leaveOut", { name: query.file_name })}
          icon={<X size={16} />}
          onClick={onRemove}
        />
      )}
    </li>
  );
}
