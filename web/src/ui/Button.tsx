import type { ButtonHTMLAttributes, ReactNode } from "react";

type Look = "main" | "bad" | "plain";

interface Props extends ButtonHTMLAttributes<HTMLButtonElement> {
  look?: Look;
  icon?: ReactNode;
  /** The key that does the same, shown beside the words. */
  shortcut?: string;
}

export function Button({ look, icon, shortcut, children, className, type = "button", ...rest }: Props) {
  const classes = ["button", look && `button-${look}`, className].filter(Boolean).join(" ");
  return (
    <button type={type} className={classes} aria-keyshortcuts={shortcut} {...rest}>
      {icon}
      {children}
      {/* biome-ignore lint/a11y/noAriaHiddenOnFocusable: a kbd takes no focus; aria-keyshortcuts says the key */}
      {shortcut && <kbd aria-hidden="true">{shortcut}</kbd>}
    </button>
  );
}

/** A button that is a picture only; its words are for the ear and the pointer's hint. */
export function IconButton({
  label,
  icon,
  shortcut,
  className,
  ...rest
}: Props & { label: string; icon: ReactNode }) {
  const title = shortcut ? `${label} (${shortcut})` : label;
  return (
    <Button
      aria-label={label}
      aria-keyshortcuts={shortcut}
      title={title}
      className={["button-icon", className].filter(Boolean).join(" ")}
      icon={icon}
      {...rest}
    />
  );
}
