import { useMutation, useQueryClient } from "@tanstack/react-query";
import { LoaderCircle, RotateCw, TriangleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { api, pictures } from "../api/client";
import type { Photograph } from "../api/types";
import { MarkOutlines } from "../marks/MarkOutlines";
import { Badge } from "../ui/Badge";
import { Button } from "../ui/Button";

export function PhotographTile({ photograph }: { photograph: Photograph }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const retry = useMutation({
    mutationFn: () => api.retryPhotograph(photograph.id),
    onSettled: () => client.invalidateQueries({ queryKey: ["seizure"] }),
  });
  const { state, marks, quality } = photograph;
  const found = marks.filter((mark) => mark.found_by !== "whole").length;
  return (
    <li className="photograph-tile">
      <div className="thumb">
        <img src={pictures.photograph(photograph.id, 320)} alt="" loading="lazy" decoding="async" />
        {state === "ready" && <MarkOutlines marks={marks} picture={photograph} />}
        {(state === "queued" || state === "describing") && (
          <div className="thumb-state">
            <LoaderCircle className="spinner" size={22} aria-hidden="true" />
            {t(`photograph.state.${state}`)}
          </div>
        )}
        {state === "failed" && (
          <div className="thumb-state">
            <TriangleAlert size={22} aria-hidden="true" />
            {t("photograph.state.failed")}
          </div>
        )}
      </div>
      <Link href={`/photographs/${photograph.id}`} className="small">
        {photograph.file_name}
      </Link>
      {state === "ready" && (
        <span className="row">
          <span className="small quiet figures">{t("photograph.marks", { count: found })}</span>
          {quality.length > 0 && (
            <Badge tone="warn">
              <TriangleAlert size={12} aria-hidden="true" />
              <span title={quality.map(({ words }) => words).join(" ")}>
                {t("photograph.warnings", { count: quality.length })}
              </span>
            </Badge>
          )}
        </span>
      )}
      {state === "failed" && (
        <span className="tile-act stack" style={{ gap: "var(--space-1)" }}>
          <span className="small">{photograph.failure}</span>
          <Button icon={<RotateCw size={16} />} disabled={retry.isPending} onClick={() => retry.mutate()}>
            {t("common.retry")}
          </Button>
        </span>
      )}
    </li>
  );
}
