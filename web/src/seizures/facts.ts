import type { SeizureFields } from "../api/types";

/** The short form: enough to begin. Everything else can come later. */
export const SHORT_FORM = ["case_reference", "date", "substance", "country", "place"] as const;

export const LONG_FORM = [
  ...SHORT_FORM,
  "conveyance",
  "concealment",
  "departure",
  "transit",
  "destination",
  "handling_code",
] as const;

export const NO_FACTS: SeizureFields = {
  case_reference: "",
  date: null,
  country: "",
  place: "",
  substance: "",
  conveyance: "",
  departure: "",
  transit: "",
  destination: "",
  concealment: "",
  notes: "",
  handling_code: "",
};

export type FactName = keyof SeizureFields;
