import { RotateCw, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { asProblem, type Problem } from "../api/problem";
import type { ProblemBody } from "../api/types";
import { Button } from "./Button";

/** What was expected, what was found, what to do next: the server's words, or the page's where it had none. */
export function ProblemNotice({ error, onRetry }: { error: unknown; onRetry?: (() => void) | undefined }) {
  const { t } = useTranslation();
  const problem = asProblem(error);
  return (
    <div className="notice notice-bad" role="alert">
      <TriangleAlert size={18} aria-hidden="true" />
      <div className="notice-words">
        <strong>{problem.body.title ?? fallback(problem, t)}</strong>
        <ProblemWords body={problem.body} />
      </div>
      {onRetry && (
        <Button icon={<RotateCw size={16} />} onClick={onRetry}>
          {t("common.retry")}
        </Button>
      )}
    </div>
  );
}

/** The expected / found / next lines, or the sentence where those three are missing. */
export function ProblemWords({ body }: { body: ProblemBody }): ReactNode {
  const { t } = useTranslation();
  if (!body.expected && !body.found) {
    const words = [body.detail, body.hint].filter(
      (line, place, lines) => line && lines.indexOf(line) === place,
    );
    return words.length > 0 && <p>{words.join(" ")}</p>;
  }
  return (
    <dl>
      {body.expected && (
        <>
          <dt>{t("problem.expected")}</dt>
          <dd>{body.expected}</dd>
        </>
      )}
      {body.found && (
        <>
          <dt>{t("problem.found")}</dt>
          <dd>{body.found}</dd>
        </>
      )}
      {body.hint && (
        <>
          <dt>{t("problem.next")}</dt>
          <dd>{body.hint}</dd>
        </>
      )}
    </dl>
  );
}

function fallback(problem: Problem, t: ReturnType<typeof useTranslation>["t"]): string {
  if (problem.unreachable) return t("problem.unreachable");
  if (problem.status === 404) return t("problem.gone");
  if (problem.status === 413) return t("problem.tooLarge");
  return t("problem.unknown");
}
