export const MODES = ["side", "points", "blink", "overlay", "swipe", "differences"] as const;
export type Mode = (typeof MODES)[number];

export const MODE_KEYS: Record<Mode, string> = {
  side: "s",
  points: "m",
  blink: "b",
  overlay: "o",
  swipe: "w",
  differences: "d",
};

/** Without a geometry that both marks agree on, nothing can be laid over the other. */
export const NEEDS_ALIGNMENT: ReadonlySet<Mode> = new Set(["blink", "overlay", "swipe", "differences"]);
