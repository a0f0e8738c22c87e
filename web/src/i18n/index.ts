import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import en from "./en.json";

/** One file of messages a language. A new language is its file, and its name here. */
export const resources = { en: { translation: en } } as const;

void i18next.use(initReactI18next).init({
  resources,
  lng: navigator.languages.map((tag) => tag.split("-")[0] ?? "").find((tag) => tag in resources) ?? "en",
  fallbackLng: "en",
  interpolation: { escapeValue: false }, // React escapes
});

document.documentElement.lang = i18next.language;

export { i18next };
