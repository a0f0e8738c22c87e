import { ImageUp } from "lucide-react";
import { type DragEvent, type ReactNode, useState } from "react";

/** What the reader decodes; some browsers name no type for HEIC, so the endings are given too. */
export const PHOTOGRAPHS =
  "image/jpeg,image/png,image/tiff,image/webp,image/heic,image/heif,.jpg,.jpeg,.png,.tif,.tiff,.webp,.heic,.heif";

interface Props {
  accept: string;
  multiple?: boolean;
  slim?: boolean;
  label: string;
  hint?: ReactNode;
  onFiles: (files: File[]) => void;
}

/** A place to drop files on; a press or the keyboard opens the file chooser. */
export function DropZone({ accept, multiple, slim, label, hint, onFiles }: Props) {
  const drop = useDrop(onFiles);
  const classes = ["drop", slim && "drop-slim", drop.over && "drop-over"].filter(Boolean).join(" ");
  return (
    <label className={classes} {...drop.handlers}>
      <ImageUp size={slim ? 20 : 28} aria-hidden="true" />
      <span>
        <strong>{label}</strong>
        {hint && <span style={{ display: slim ? "inline" : "block" }}> {hint}</span>}
      </span>
      <input
        type="file"
        className="unseen"
        accept={accept}
        multiple={multiple}
        onChange={(event) => {
          const files = Array.from(event.target.files ?? []);
          event.target.value = "";
          if (files.length > 0) onFiles(files);
        }}
      />
    </label>
  );
}

/** Handlers that make any element take dropped files. */
export function useDrop(onFiles: (files: File[]) => void) {
  const [over, setOver] = useState(false);
  const handlers = {
    onDragOver: (event: DragEvent) => {
      if (!event.dataTransfer.types.includes("Files")) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = "copy";
      setOver(true);
    },
    onDragLeave: (event: DragEvent) => {
      if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false);
    },
    onDrop: (event: DragEvent) => {
      event.preventDefault();
      event.stopPropagation();
      setOver(false);
      const files = Array.from(event.dataTransfer.files);
      if (files.length > 0) onFiles(files);
    },
  };
  return { over, handlers };
}
