import { i18next } from ".";

/** A day as the reader's language and country write it: the language is the page's, the region the browser's. */
const locale = (): string =>
  navigator.languages.find((tag) => tag.split("-")[0] === i18next.language) ?? i18next.language;

/** "2026-03-14" -> "14 Mar 2026". A day has no zone, so none is applied. */
export function formatDay(day: string | null): string {
  if (!day) return "";
  return new Intl.DateTimeFormat(locale(), { dateStyle: "medium", timeZone: "UTC" }).format(
    new Date(`${day.slice(0, 10)}T00:00:00Z`),
  );
}

export function formatMoment(moment: string): string {
  return new Intl.DateTimeFormat(locale(), { dateStyle: "medium", timeStyle: "short" }).format(
    new Date(moment),
  );
}

export function formatNumber(value: number, options?: Intl.NumberFormatOptions): string {
  return new Intl.NumberFormat(locale(), options).format(value);
}

/** Scores are compared by eye, so all of a list carry the same digits. */
export const formatScore = (score: number): string => {
  const digits = Math.abs(score) >= 100 ? 0 : Math.abs(score) >= 10 ? 1 : 2;
  return formatNumber(score, { minimumFractionDigits: digits, maximumFractionDigits: digits });
};

/** A correlation: near 1 the third digit still tells profiles apart. */
export const formatCorrelation = (score: number): string =>
  formatNumber(score, { minimumFractionDigits: 3, maximumFractionDigits: 3 });

export const formatShare = (share: number): string =>
  formatNumber(share, { style: "percent", maximumSignificantDigits: 2 });

export function formatBytes(bytes: number): string {
  const [value, unit] = bytes >= 1_000_000 ? [bytes / 1_000_000, "megabyte"] : [bytes / 1000, "kilobyte"];
  return formatNumber(value, { style: "unit", unit, maximumFractionDigits: value < 10 ? 1 : 0 });
}

/** Names of countries in the reader's language, to choose from. Any other text may be typed. */
export function countryNames(): string[] {
  const names = new Intl.DisplayNames([locale()], { type: "region", fallback: "none" });
  const found: string[] = [];
  for (let first = 65; first <= 90; first++) {
    for (let second = 65; second <= 90; second++) {
      const code = String.fromCharCode(first, second);
      if (NO_COUNTRY.has(code)) continue;
      const name = names.of(code);
      if (name && name !== code) found.push(name);
    }
  }
  return [...new Set(found)].sort((one, other) => one.localeCompare(other));
}

/** Codes that name no country: groups, reserved codes and test locales. */
const NO_COUNTRY = new Set([
  "AC",
  "CP",
  "CQ",
  "DG",
  "EA",
  "EU",
  "EZ",
  "IC",
  "QO",
  "TA",
  "UN",
  "XA",
  "XB",
  "ZZ",
]);
