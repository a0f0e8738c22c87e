/**
 * Whether the server answers. One store for the whole page: every request reports to it, the banner and the
 * query cache listen. While the server is away it is asked for its health until it is back.
 */
type Listener = () => void;

const RETRY_MS = 3000;

let reachable = true;
let timer: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<Listener>();

function set(next: boolean): void {
  if (reachable === next) return;
  reachable = next;
  for (const listener of listeners) listener();
}

export const connection = {
  get reachable() {
    return reachable;
  },
  subscribe(listener: Listener): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  answered(): void {
    set(true);
  },
  lost(): void {
    set(false);
    schedule();
  },
  async tryNow(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    try {
      const answer = await fetch("/api/v1/healthz", { cache: "no-store" });
      if (answer.ok) {
        set(true);
        return;
      }
    } catch {
      // Still away.
    }
    schedule();
  },
};

function schedule(): void {
  timer ??= setTimeout(() => void connection.tryNow(), RETRY_MS);
}
