import { X } from "lucide-react";
import { createContext, type ReactNode, useCallback, useContext, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button, IconButton } from "./Button";

const SHOWN_MS = 8000;

interface Toast {
  words: string;
  action?: { label: string; run: () => void };
}

const ToastContext = createContext<(toast: Toast) => void>(() => undefined);

/** Says what was done, and offers to take it back. */
export const useToast = () => useContext(ToastContext);

export function ToastProvider({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  const [toasts, setToasts] = useState<(Toast & { key: number })[]>([]);
  const next = useRef(0);
  const drop = useCallback((key: number) => setToasts((all) => all.filter((toast) => toast.key !== key)), []);
  const show = useCallback(
    (toast: Toast) => {
      const key = next.current++;
      setToasts((all) => [...all.slice(-2), { ...toast, key }]);
      setTimeout(() => drop(key), SHOWN_MS);
    },
    [drop],
  );
  return (
    <ToastContext value={useMemo(() => show, [show])}>
      {children}
      <div className="toasts" role="status" aria-live="polite">
        {toasts.map((toast) => (
          <div className="toast" key={toast.key}>
            <span>{toast.words}</span>
            <span className="row" style={{ flexWrap: "nowrap", gap: 0 }}>
              {toast.action && (
                <Button
                  onClick={() => {
                    toast.action?.run();
                    drop(toast.key);
                  }}
                >
                  {toast.action.label}
                </Button>
              )}
              <IconButton label={t("common.close")} icon={<X size={16} />} onClick={() => drop(toast.key)} />
            </span>
          </div>
        ))}
      </div>
    </ToastContext>
  );
}
