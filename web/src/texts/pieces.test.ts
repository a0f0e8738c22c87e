import { describe, expect, it } from "vitest";
import { pieces } from "./pieces";

const shown = (words: string, spans: [number, number][]) =>
  pieces(words, spans)
    .map(({ text, matched }) => (matched ? `[${text}]` : text))
    .join("");

describe("pieces", () => {
  it("marks what matched", () => {
    expect(shown("FABRICA T0LTECA 5", [[8, 15]])).toBe("FABRICA [T0LTECA] 5");
    expect(shown("NORDO", [[0, 5]])).toBe("[NORDO]");
    expect(shown("NORDO", [])).toBe("NORDO");
  });

  it("brings spans together that touch or overlap", () => {
    expect(
      shown("NORDO 57", [
        [0, 4],
        [2, 5],
        [5, 8],
      ]),
    ).toBe("[NORDO 57]");
  });

  it("counts characters as the server does", () => {
    expect(shown("𝐍o 5", [[1, 2]])).toBe("𝐍[o] 5");
  });
});
