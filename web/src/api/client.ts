import { connection } from "./connection";
import { Problem, problemFrom, UNREACHABLE } from "./problem";
import type {
  Comparison,
  Hits,
  Job,
  JointHits,
  Mark,
  Me,
  NewProfile,
  Outcome,
  Page,
  Photograph,
  Polygon,
  Profile,
  Reading,
  Seizure,
  SeizureFields,
  SeizureSummary,
  Status,
  TextComparison,
  TextHit,
  TextLine,
  ToolScore,
} from "./types";

export const BASE = "/api/v1";

/** Sent with every unsafe request: another site's form cannot add it. */
export const GUARD = { "X-Cachet": "1" } as const;

interface Options {
  method?: "GET" | "POST" | "PATCH" | "DELETE";
  json?: unknown;
  form?: FormData;
  query?: Record<string, string | number | undefined>;
  signal?: AbortSignal | undefined;
}

async function request<T>(
  path: string,
  { method = "GET", json, form, query, signal }: Options = {},
): Promise<T> {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (method !== "GET") Object.assign(headers, GUARD);
  if (json !== undefined) headers["Content-Type"] = "application/json";
  const init: RequestInit = { method, headers, credentials: "same-origin" };
  if (json !== undefined) init.body = JSON.stringify(json);
  else if (form) init.body = form;
  if (signal) init.signal = signal;

  let answer: Response;
  try {
    answer = await fetch(BASE + path + queryString(query), init);
  } catch (error) {
    if (signal?.aborted) throw error;
    connection.lost();
    throw new Problem(UNREACHABLE, { code: "unreachable" });
  }
  if (!answer.ok) {
    const problem = problemFrom(answer.status, await answer.text());
    if (problem.unreachable) connection.lost();
    throw problem;
  }
  connection.answered();
  const text = await answer.text();
  return (text === "" ? undefined : JSON.parse(text)) as T;
}

function queryString(query: Options["query"]): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined && value !== "") search.set(name, String(value));
  }
  const text = search.toString();
  return text && `?${text}`;
}

export const api = {
  signIn: (user_name: string, password: string) =>
    request<unknown>("/sign-in", { method: "POST", json: { user_name, password } }),
  signOut: () => request<void>("/sign-out", { method: "POST" }),
  me: (signal?: AbortSignal) => request<Me>("/me", { signal }),
  status: (signal?: AbortSignal) => request<Status>("/status", { signal }),
  jobs: (signal?: AbortSignal) => request<{ items: Job[] }>("/jobs", { signal }),
  reindex: () => request<Job>("/jobs/reindex", { method: "POST" }),

  seizures: (query: { q?: string; limit: number; offset: number }, signal?: AbortSignal) =>
    request<Page<SeizureSummary>>("/seizures", { query, signal }),
  seizure: (id: string, signal?: AbortSignal) => request<Seizure>(`/seizures/${id}`, { signal }),
  createSeizure: (fields: Partial<SeizureFields>) =>
    request<SeizureSummary>("/seizures", { method: "POST", json: fields }),
  changeSeizure: (id: string, fields: Partial<SeizureFields>) =>
    request<SeizureSummary>(`/seizures/${id}`, { method: "PATCH", json: fields }),
  deleteSeizure: (id: string) => request<void>(`/seizures/${id}`, { method: "DELETE" }),

  photograph: (id: string, signal?: AbortSignal) => request<Photograph>(`/photographs/${id}`, { signal }),
  deletePhotograph: (id: string) => request<void>(`/photographs/${id}`, { method: "DELETE" }),
  retryPhotograph: (id: string) => request<Photograph>(`/photographs/${id}/retry`, { method: "POST" }),
  promotePhotograph: (id: string, seizure_id: string) =>
    request<Photograph>(`/photographs/${id}/promote`, { method: "POST", json: { seizure_id } }),

  drawMark: (photographId: string, mark: { polygon: Polygon; kind: string; note?: string }) =>
    request<Mark>(`/photographs/${photographId}/marks`, { method: "POST", json: mark }),
  changeMark: (id: string, change: { polygon?: Polygon; kind?: string; note?: string }) =>
    request<Mark>(`/marks/${id}`, { method: "PATCH", json: change }),
  deleteMark: (id: string) => request<void>(`/marks/${id}`, { method: "DELETE" }),

  photographHits: (id: string, signal?: AbortSignal) => request<Hits>(`/photographs/${id}/hits`, { signal }),
  markHits: (id: string, signal?: AbortSignal) => request<Hits>(`/marks/${id}/hits`, { signal }),
  together: (photographs: readonly string[], signal?: AbortSignal) =>
    request<JointHits>(`/searches/together?${photographs.map((id) => `photograph=${id}`).join("&")}`, {
      signal,
    }),
  comparison: (id: string, signal?: AbortSignal) => request<Comparison>(`/comparisons/${id}`, { signal }),
  tool: (id: string, signal?: AbortSignal) => request<ToolScore>(`/comparisons/${id}/tool`, { signal }),
  decide: (id: string, outcome: Outcome, reason: string) =>
    request<void>(`/comparisons/${id}/decisions`, { method: "POST", json: { outcome, reason } }),

  reading: (photographId: string, signal?: AbortSignal) =>
    request<Reading>(`/photographs/${photographId}/texts`, { signal }),
  readAgain: (photographId: string) =>
    request<Reading>(`/photographs/${photographId}/read`, { method: "POST" }),
  writeText: (photographId: string, line: { polygon: Polygon; words: string }) =>
    request<TextLine>(`/photographs/${photographId}/texts`, { method: "POST", json: line }),
  correctText: (id: number, words: string) =>
    request<TextLine>(`/texts/${id}`, { method: "PATCH", json: { words } }),
  deleteText: (id: number) => request<void>(`/texts/${id}`, { method: "DELETE" }),
  findTexts: (query: { q: string; limit: number; offset: number }, signal?: AbortSignal) =>
    request<Page<TextHit>>("/texts", { query, signal }),
  sharedTexts: (comparisonId: string, signal?: AbortSignal) =>
    request<TextComparison>(`/comparisons/${comparisonId}/texts`, { signal }),

  createProfile: (seizureId: string, profile: NewProfile) =>
    request<Profile>(`/seizures/${seizureId}/profiles`, { method: "POST", json: profile }),
  importProfiles: (seizureId: string, file: File) => {
    const form = new FormData();
    form.append("file", file);
    return request<{ items: Profile[] }>(`/seizures/${seizureId}/profiles/import`, { method: "POST", form });
  },
  deleteProfile: (id: string) => request<void>(`/profiles/${id}`, { method: "DELETE" }),
};

/** Addresses of pictures: the browser fetches and keeps them itself. */
export const pictures = {
  photograph: (id: string, width: number) => `${BASE}/photographs/${id}/image?width=${width}`,
  original: (id: string) => `${BASE}/photographs/${id}/original`,
  mark: (id: string, width: number) => `${BASE}/marks/${id}/image?width=${width}`,
  aligned: (comparisonId: string, side: "query" | "reference", width: number) =>
    `${BASE}/comparisons/${comparisonId}/aligned/${side}.jpg?width=${width}`,
  agreement: (comparisonId: string, width: number) =>
    `${BASE}/comparisons/${comparisonId}/agreement.png?width=${width}`,
};
