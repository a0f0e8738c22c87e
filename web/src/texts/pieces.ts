import type { Span } from "../api/types";

export interface Piece {
  at: number;
  text: string;
  matched: boolean;
}

/**
 * Cuts a line where its matched letters begin and end; spans may touch and overlap.
 * The server counts characters, the browser half of the rarer ones: so the line is taken apart by characters first.
 */
export function pieces(words: string, spans: readonly Span[]): Piece[] {
  const letters = Array.from(words);
  const cut: Piece[] = [];
  letters.forEach((letter, place) => {
    const matched = spans.some(([from, to]) => from <= place && place < to);
    const last = cut.at(-1);
    if (last && last.matched === matched) last.text += letter;
    else cut.push({ at: place, text: letter, matched });
  });
  return cut;
}
