import { asProblem } from "../api/problem";
import { keys, queryClient } from "../api/queries";
import { type Sending, sendForm } from "../api/send";
import type { ProblemBody, Uploaded } from "../api/types";

/** How many files are on the wire at once: a bad line is shared by few, a good one is kept busy. */
const AT_ONCE = 3;

export interface Upload {
  key: number;
  seizureId: string;
  file: File;
  state: "waiting" | "sending" | "done" | "known" | "refused" | "failed";
  /** The share of the bytes that went out, 0 to 1. */
  share: number;
  problem: ProblemBody | null;
}

/**
 * The files on their way to the server. They live beside the screens, so that one may walk on while they go:
 * one request a file, so that each has its own progress, and a broken line costs one file and not all.
 */
class Uploads {
  private all: readonly Upload[] = [];
  private listeners = new Set<() => void>();
  private sending = new Map<number, Sending<Uploaded>>();
  private next = 0;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly list = (): readonly Upload[] => this.all;

  add(seizureId: string, files: readonly File[]): void {
    const added = files.map(
      (file): Upload => ({ key: this.next++, seizureId, file, state: "waiting", share: 0, problem: null }),
    );
    this.set([...this.all, ...added]);
    this.pump();
  }

  retry(key: number): void {
    this.change(key, { state: "waiting", share: 0, problem: null });
    this.pump();
  }

  dismiss(key: number): void {
    this.sending.get(key)?.abort();
    this.set(this.all.filter((upload) => upload.key !== key));
    this.pump();
  }

  /** Forgets what arrived; what was refused stays until it was read. */
  clearDone(seizureId: string): void {
    this.set(this.all.filter((upload) => upload.seizureId !== seizureId || upload.state !== "done"));
  }

  get busy(): boolean {
    return this.all.some(({ state }) => state === "waiting" || state === "sending");
  }

  private pump(): void {
    for (const upload of this.all) {
      if (this.sending.size >= AT_ONCE) return;
      if (upload.state === "waiting") this.send(upload);
    }
  }

  private send(upload: Upload): void {
    const { key, seizureId, file } = upload;
    const form = new FormData();
    form.append("files", file, file.name);
    const sending = sendForm<Uploaded>(`/seizures/${seizureId}/photographs`, form, (share) =>
      this.change(key, { share }),
    );
    this.sending.set(key, sending);
    this.change(key, { state: "sending" });
    sending.answer
      .then((answer) => {
        const refusal = answer.refused[0];
        if (refusal) this.change(key, { state: "refused", problem: refusal.problem });
        else this.change(key, { state: answer.already_known.length > 0 ? "known" : "done", share: 1 });
      })
      .catch((error: unknown) => {
        const problem = asProblem(error);
        // The server read the file and said no; anything else is worth another try.
        const said = problem.status >= 400 && problem.status < 500 && problem.status !== 401;
        this.change(key, { state: said ? "refused" : "failed", problem: problem.body });
      })
      .finally(() => {
        this.sending.delete(key);
        void queryClient.invalidateQueries({ queryKey: keys.seizure(seizureId) });
        void queryClient.invalidateQueries({ queryKey: keys.status });
        if (!this.busy) void queryClient.invalidateQueries({ queryKey: keys.seizures });
        this.pump();
      });
  }

  private change(key: number, change: Partial<Upload>): void {
    this.set(this.all.map((upload) => (upload.key === key ? { ...upload, ...change } : upload)));
  }

  private set(all: readonly Upload[]): void {
    this.all = all;
    for (const listener of this.listeners) listener();
  }
}

export const uploads = new Uploads();

window.addEventListener("beforeunload", (event) => {
  if (uploads.busy) event.preventDefault();
});
