import type { ReactNode } from "react";
import { Seal } from "./Seal";

/** An empty place that says what belongs here and how it gets here. */
export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="empty">
      <Seal size={44} quiet />
      <h2>{title}</h2>
      {children}
    </div>
  );
}
