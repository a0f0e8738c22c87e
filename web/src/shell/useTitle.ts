import { useEffect } from "react";

/** Names the browser's tab for the screen. */
export function useTitle(title: string | undefined): void {
  useEffect(() => {
    document.title = title ? `${title} · Cachet` : "Cachet";
  }, [title]);
}
