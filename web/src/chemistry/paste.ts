import type { AnalyteValue } from "../api/types";

/** A number as a spreadsheet writes it: "1.5", "1,5", "1e-3". Null where the text is none. */
export function readNumber(text: string): number | null {
  const trimmed = text.trim().replace(/\s/g, "");
  const plain = trimmed.includes(",") && !trimmed.includes(".") ? trimmed.replace(",", ".") : trimmed;
  if (plain === "") return null;
  const value = Number(plain);
  return Number.isFinite(value) ? value : null;
}

/** Two columns copied from a spreadsheet: an analyte and its value a line. Null where the text is not that. */
export function readPasted(text: string): AnalyteValue[] | null {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== "");
  const rows: AnalyteValue[] = [];
  for (const [place, line] of lines.entries()) {
    const cells = line.split(line.includes("\t") ? "\t" : ";");
    const value = readNumber(cells[1] ?? "");
    const analyte = (cells[0] ?? "").trim();
    if (cells.length < 2 || analyte === "") return null;
    if (value === null) {
      if (place === 0) continue; // the heading
      return null;
    }
    rows.push({ analyte, value });
  }
  return rows.length > 0 ? rows : null;
}
