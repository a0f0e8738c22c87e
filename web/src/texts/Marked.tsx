import type { Span } from "../api/types";
import { pieces } from "./pieces";

/** A line with the letters that matched marked. */
export function Marked({ words, spans }: { words: string; spans: readonly Span[] }) {
  return pieces(words, spans).map(({ at, text, matched }) =>
    matched ? <mark key={at}>{text}</mark> : <span key={at}>{text}</span>,
  );
}
