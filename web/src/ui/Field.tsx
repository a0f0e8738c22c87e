import { type InputHTMLAttributes, type ReactNode, type TextareaHTMLAttributes, useId } from "react";

interface Shared {
  label: string;
  hint?: ReactNode;
  error?: string | undefined;
  wide?: boolean;
}

function Frame({ id, label, hint, error, wide, children }: Shared & { id: string; children: ReactNode }) {
  return (
    <div className={wide ? "field wide" : "field"}>
      <label className="field-label" htmlFor={id}>
        {label}
      </label>
      {children}
      {(error ?? hint) && (
        <p id={`${id}-hint`} className="field-hint" style={error ? { color: "var(--bad)" } : undefined}>
          {error ?? hint}
        </p>
      )}
    </div>
  );
}

export function Field({
  label,
  hint,
  error,
  wide,
  ...input
}: Shared & InputHTMLAttributes<HTMLInputElement>) {
  const id = useId();
  return (
    <Frame id={id} {...{ label, hint, error, ...(wide && { wide }) }}>
      <input
        id={id}
        className="input"
        autoComplete="off"
        aria-invalid={error ? true : undefined}
        aria-describedby={(error ?? hint) ? `${id}-hint` : undefined}
        {...input}
      />
    </Frame>
  );
}

export function TextField({
  label,
  hint,
  error,
  wide,
  ...area
}: Shared & TextareaHTMLAttributes<HTMLTextAreaElement>) {
  const id = useId();
  return (
    <Frame id={id} {...{ label, hint, error, ...(wide && { wide }) }}>
      <textarea
        id={id}
        className="input"
        rows={4}
        aria-invalid={error ? true : undefined}
        aria-describedby={(error ?? hint) ? `${id}-hint` : undefined}
        {...area}
      />
    </Frame>
  );
}
