import { type Sending, sendForm } from "../api/send";
import type { JointHits } from "../api/types";

/** Adds files to those that were chosen; the same file twice is one. */
export function withMore(files: readonly File[], more: readonly File[]): File[] {
  const named = new Map([...files, ...more].map((file) => [nameOf(file), file]));
  return [...named.values()];
}

export const nameOf = (file: File): string => `${file.name}/${file.size}/${file.lastModified}`;

export function sendTogether(
  files: readonly File[],
  onProgress: (share: number) => void,
): Sending<JointHits> {
  const form = new FormData();
  for (const file of files) form.append("files", file, file.name);
  return sendForm<JointHits>("/searches", form, onProgress);
}

export const togetherAddress = (photographs: readonly string[]): string =>
  `/search/together?${photographs.map((id) => `photograph=${id}`).join("&")}`;
