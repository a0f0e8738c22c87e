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

/** ISO 3166 codes with their names in the reader's language, in the order of the names. */
export function countries(): { code: string; name: string }[] {
  const names = new Intl.DisplayNames([locale()], { type: "region", fallback: "none" });
  const found: { code: string; name: string }[] = [];
  for (let first = 65; first <= 90; first++) {
    for (let second = 65; second <= 90; second++) {
      const code = String.fromCharCode(first, second);
      const name = NO_COUNTRY.has(code) ? undefined : names.of(code);
      if (name) found.push({ code, name });
    }
  }
  return found.sort((one, other) => one.name.localeCompare(other.name));
}

/** A country is stored by its code, so that every reader sees it in their own language; other text stays as it is. */
export function formatCountry(country: string): string {
  if (!/^[A-Z]{2}$/.test(country)) return country;
  return new Intl.DisplayNames([locale()], { type: "region" }).of(country) ?? country;
}

/** Where it was seized, in one line. */
export const formatPlace = ({ place, country }: { place: string; country: string }): string =>
  [place, formatCountry(country)].filter(Boolean).join(", ");

/** Codes that name no country of their own: groups, retired and reserved codes, test locales. */
const NO_COUNTRY = new Set(
  "AC AN BU CP CQ CS CT DD DG DY EA EU EZ FQ FX HV IC JT MI NH NQ NT PC PU PZ QO QU RH SU TA TP UK UN VD WK XA XB YD YU ZR ZZ".split(
    " ",
  ),
);
