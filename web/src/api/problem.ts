import type { ProblemBody } from "./types";

/** What went wrong, in the words of the server where it had any. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly body: ProblemBody;

  constructor(status: number, body: ProblemBody) {
    super(body.detail ?? body.title ?? body.code ?? String(status));
    this.name = "Problem";
    this.status = status;
    this.code = body.code ?? `http_${status}`;
    this.body = body;
  }

  /** Nothing answered, or a gateway spoke for a server that is away. */
  get unreachable(): boolean {
    return this.status === 0 || (this.status >= 502 && this.status <= 504);
  }
}

export const UNREACHABLE = 0;

/** Reads the body of a refused answer; a body that is no problem document still gives a Problem. */
export function problemFrom(status: number, text: string): Problem {
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === "object" && body !== null) return new Problem(status, body as ProblemBody);
  } catch {
    // Not JSON: a proxy's page, or nothing at all. The status says what is known.
  }
  return new Problem(status, {});
}

export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const words = error instanceof Error ? error.message : String(error);
  return new Problem(-1, { code: "page_error", detail: words });
}
