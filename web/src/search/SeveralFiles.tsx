import { useMutation, useQueryClient } from "@tanstack/react-query";
import { ScanSearch, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";
import { queries } from "../api/queries";
import type { Sending } from "../api/send";
import type { JointHits, RefusedFile } from "../api/types";
import { formatBytes } from "../i18n/format";
import { Button, IconButton } from "../ui/Button";
import { DropZone, PHOTOGRAPHS } from "../ui/DropZone";
import { ProblemNotice } from "../ui/ProblemNotice";
import { RefusedFiles } from "./RefusedFiles";
import { nameOf, sendTogether, togetherAddress, withMore } from "./several";

interface Props {
  files: File[];
  onFiles: (files: File[]) => void;
}

/** Several photographs of one mark, before they are sent: one can be left out or added. */
export function SeveralFiles({ files, onFiles }: Props) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [, navigate] = useLocation();
  const [share, setShare] = useState(0);
  const [refused, setRefused] = useState<RefusedFile[]>([]);
  const sending = useRef<Sending<JointHits> | null>(null);
  useEffect(() => () => sending.current?.abort(), []);
  const search = useMutation({
    mutationFn: () => {
      setShare(0);
      setRefused([]);
      sending.current = sendTogether(files, setShare);
      return sending.current.answer;
    },
    onSuccess: (found) => {
      const ids = found.queries.map(({ id }) => id);
      if (ids.length === 0) {
        setRefused(found.refused);
        return;
      }
      client.setQueryData(queries.together(ids).queryKey, { ...found, refused: [] });
      navigate(togetherAddress(ids), { state: { refused: found.refused } });
    },
  });
  return (
    <>
      <div className="row row-apart">
        <p>
          <strong>{t("search.sameMark")}</strong>
        </p>
        <Button
          look="main"
          icon={<ScanSearch size={18} />}
          disabled={search.isPending}
          onClick={() => search.mutate()}
        >
          {search.isPending ? t("search.busy") : t("search.goTogether")}
        </Button>
      </div>
      {search.isPending && (
        <div className="progress" role="status" aria-label={t("search.busy")}>
          <span className={share >= 1 ? "skeleton" : undefined} style={{ width: `${share * 100}%` }} />
        </div>
      )}
      {search.isError && <ProblemNotice error={search.error} onRetry={() => search.mutate()} />}
      <RefusedFiles files={refused} />
      <ul className="several">
        {files.map((file) => (
          <li key={nameOf(file)} className="card several-one">
            <Thumb file={file} />
            <p className="small several-name">
              {file.name} <span className="quiet figures">{formatBytes(file.size)}</span>
            </p>
            <IconButton
              look="plain"
              label={t("search.leaveOut", { name: file.name })}
              icon={<X size={16} />}
              disabled={search.isPending}
              onClick={() => onFiles(files.filter((other) => other !== file))}
            />
          </li>
        ))}
      </ul>
      <DropZone
        slim
        multiple
        accept={PHOTOGRAPHS}
        label={t("together.add")}
        onFiles={(more) => onFiles(withMore(files, more))}
      />
    </>
  );
}

/** What the browser can show of a file; nothing where it cannot. */
function Thumb({ file }: { file: File }) {
  const [src, setSrc] = useState("");
  useEffect(() => {
    const address = URL.createObjectURL(file);
    setSrc(address);
    return () => URL.revokeObjectURL(address);
  }, [file]);
  return (
    <span className="thumb several-thumb">{src && <img src={src} alt="" onError={() => setSrc("")} />}</span>
  );
}
