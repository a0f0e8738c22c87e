import { WifiOff } from "lucide-react";
import { useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { connection } from "../api/connection";
import { Button } from "../ui/Button";

export const useReachable = () => useSyncExternalStore(connection.subscribe, () => connection.reachable);

/** Shown while the server does not answer; what was loaded stays readable below. */
export function ConnectionNotice() {
  const { t } = useTranslation();
  if (useReachable()) return null;
  return (
    <div className="page-notice">
      <div className="notice notice-warn" role="alert">
        <WifiOff size={18} aria-hidden="true" />
        <div className="notice-words">
          <strong>{t("connection.lost")}</strong>
          <p>{t("connection.words")}</p>
        </div>
        <Button onClick={() => void connection.tryNow()}>{t("connection.tryNow")}</Button>
      </div>
    </div>
  );
}
