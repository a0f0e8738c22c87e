import { TriangleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { RefusedFile } from "../api/types";
import { ProblemWords } from "../ui/ProblemNotice";

/** Files that could not be searched with, each with the reason; the others were. */
export function RefusedFiles({ files }: { files: readonly RefusedFile[] }) {
  const { t } = useTranslation();
  return files.map(({ file_name, problem }, place) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: two files may have one name, and the list never changes in part
    <div key={place} className="notice notice-bad" role="alert">
      <TriangleAlert size={18} aria-hidden="true" />
      <div className="notice-words">
        <strong>{t("search.refused", { name: file_name })}</strong>
        <ProblemWords body={problem} />
      </div>
    </div>
  ));
}
