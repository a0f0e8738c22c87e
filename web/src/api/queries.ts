import { QueryCache, QueryClient, queryOptions } from "@tanstack/react-query";
import { api } from "./client";
import { connection } from "./connection";
import { asProblem } from "./problem";
import type { Photograph, Seizure } from "./types";

const WORKING_MS = 1200;
const IDLE_MS = 15_000;

/** While anything is still being described its page asks again; a quiet page does not. */
const atWork = (photographs: readonly Photograph[]): boolean =>
  photographs.some((photograph) => photograph.state === "queued" || photograph.state === "describing");

export const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({
    onError: (error) => {
      if (asProblem(error).status === 401) queryClient.setQueryData(keys.me, null);
    },
  }),
  defaultOptions: {
    // The browser's own idea of being online says nothing about a server in the same room: every request is tried.
    mutations: { networkMode: "always" },
    queries: {
      networkMode: "always",
      staleTime: 5_000,
      retry: (count, error) => {
        const problem = asProblem(error);
        return problem.unreachable && count < 2;
      },
    },
  },
});

// What failed while the server was away is asked for again as soon as it is back.
connection.subscribe(() => {
  if (connection.reachable) void queryClient.invalidateQueries();
});

export const keys = {
  me: ["me"] as const,
  status: ["status"] as const,
  jobs: ["jobs"] as const,
  seizures: ["seizures"] as const,
  seizure: (id: string) => ["seizure", id] as const,
  photograph: (id: string) => ["photograph", id] as const,
  hits: ["hits"] as const,
  comparison: (id: string) => ["comparison", id] as const,
  texts: ["texts"] as const,
  tool: (id: string) => ["tool", id] as const,
};

export const queries = {
  me: () =>
    queryOptions({
      queryKey: keys.me,
      queryFn: async ({ signal }) => {
        try {
          return await api.me(signal);
        } catch (error) {
          if (asProblem(error).status === 401) return null;
          throw error;
        }
      },
      staleTime: Number.POSITIVE_INFINITY,
    }),
  status: () =>
    queryOptions({
      queryKey: keys.status,
      queryFn: ({ signal }) => api.status(signal),
      refetchInterval: (query) => {
        const status = query.state.data;
        return status && (status.waiting > 0 || status.index.state === "rebuilding") ? WORKING_MS : IDLE_MS;
      },
    }),
  jobs: (watch: boolean) =>
    queryOptions({
      queryKey: keys.jobs,
      queryFn: ({ signal }) => api.jobs(signal),
      refetchInterval: watch ? WORKING_MS : false,
    }),
  seizures: (query: { q: string; limit: number; offset: number }) =>
    queryOptions({
      queryKey: [...keys.seizures, query],
      queryFn: ({ signal }) => api.seizures(query, signal),
      placeholderData: (previous) => previous,
    }),
  seizure: (id: string) =>
    queryOptions({
      queryKey: keys.seizure(id),
      queryFn: ({ signal }) => api.seizure(id, signal),
      refetchInterval: (query) => {
        const seizure: Seizure | undefined = query.state.data;
        return seizure && atWork(seizure.photographs) ? WORKING_MS : false;
      },
    }),
  photograph: (id: string) =>
    queryOptions({
      queryKey: keys.photograph(id),
      queryFn: ({ signal }) => api.photograph(id, signal),
      refetchInterval: (query) => {
        const photograph = query.state.data;
        return photograph && atWork([photograph]) ? WORKING_MS : false;
      },
    }),
  photographHits: (id: string) =>
    queryOptions({
      queryKey: [...keys.hits, "photograph", id],
      queryFn: ({ signal }) => api.photographHits(id, signal),
    }),
  markHits: (id: string) =>
    queryOptions({ queryKey: [...keys.hits, "mark", id], queryFn: ({ signal }) => api.markHits(id, signal) }),
  together: (photographs: readonly string[]) =>
    queryOptions({
      queryKey: [...keys.hits, "together", ...photographs],
      queryFn: ({ signal }) => api.together(photographs, signal),
      placeholderData: (previous) => previous,
    }),
  reading: (photographId: string) =>
    queryOptions({
      queryKey: [...keys.texts, "photograph", photographId],
      queryFn: ({ signal }) => api.reading(photographId, signal),
      refetchInterval: (query) => (query.state.data?.state === "waiting" ? WORKING_MS : false),
    }),
  findTexts: (query: { q: string; limit: number; offset: number }) =>
    queryOptions({
      queryKey: [...keys.texts, "found", query],
      queryFn: ({ signal }) => api.findTexts(query, signal),
      placeholderData: (previous) => previous,
    }),
  sharedTexts: (comparisonId: string) =>
    queryOptions({
      queryKey: [...keys.texts, "shared", comparisonId],
      queryFn: ({ signal }) => api.sharedTexts(comparisonId, signal),
    }),
  comparison: (id: string) =>
    queryOptions({ queryKey: keys.comparison(id), queryFn: ({ signal }) => api.comparison(id, signal) }),
  /** Made at the first look, which takes a second or two. */
  tool: (id: string) =>
    queryOptions({
      queryKey: keys.tool(id),
      queryFn: ({ signal }) => api.tool(id, signal),
      staleTime: Infinity,
    }),
};
