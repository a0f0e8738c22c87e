import { X } from "lucide-react";
import { type ReactNode, useEffect, useId, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Button, IconButton } from "./Button";
import { ProblemNotice } from "./ProblemNotice";

interface Props {
  title: string;
  onClose: () => void;
  small?: boolean;
  children: ReactNode;
}

/** What a person came to use; the close button stands before it and would have the focus. */
const FIRST = ".dialog-body :is(input:not([type=file]), textarea, select, button)";

/** A modal dialog: the browser keeps the focus inside, closes it on Escape and gives the focus back. */
export function Dialog({ title, onClose, small, children }: Props) {
  const { t } = useTranslation();
  const element = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    const dialog = element.current;
    if (dialog && !dialog.open) {
      dialog.showModal();
      dialog.querySelector<HTMLElement>(FIRST)?.focus();
    }
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={element}
      className={small ? "dialog dialog-small" : "dialog"}
      aria-labelledby={heading}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <div className="dialog-head">
        <h2 id={heading}>{title}</h2>
        <IconButton look="plain" label={t("common.close")} icon={<X size={18} />} onClick={onClose} />
      </div>
      <div className="dialog-body">{children}</div>
    </dialog>
  );
}

interface ConfirmProps {
  title: string;
  /** What will be gone, in plain words. */
  words: string;
  confirm: string;
  busy: boolean;
  error: unknown;
  onConfirm: () => void;
  onClose: () => void;
}

export function ConfirmDialog({ title, words, confirm, busy, error, onConfirm, onClose }: ConfirmProps) {
  const { t } = useTranslation();
  return (
    <Dialog small title={title} onClose={onClose}>
      <p>{words}</p>
      {error != null && <ProblemNotice error={error} />}
      <div className="dialog-feet">
        <Button onClick={onClose}>{t("common.keep")}</Button>
        <Button look="bad" disabled={busy} onClick={onConfirm}>
          {confirm}
        </Button>
      </div>
    </Dialog>
  );
}
