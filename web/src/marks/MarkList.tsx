import { Trash2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import { pictures } from "../api/client";
import { MARK_KINDS, type Mark, type MarkKind } from "../api/types";
import { bounds } from "../picture/geometry";
import { IconButton } from "../ui/Button";

interface Props {
  marks: readonly Mark[];
  selected: string | null;
  onSelect: (id: string) => void;
  onKind: (mark: Mark, kind: MarkKind) => void;
  onRemove: (mark: Mark) => void;
}

/** The same marks as on the picture, as a list: chosen, named and deleted without the pointer. */
export function MarkList({ marks, selected, onSelect, onKind, onRemove }: Props) {
  const { t } = useTranslation();
  return (
    <ol className="mark-list">
      {marks.map((mark, place) => {
        const name = t("marks.name", { number: place + 1 });
        const chosen = mark.id === selected;
        return (
          <li key={mark.id} className={chosen ? "mark-item mark-item-chosen" : "mark-item"}>
            <button
              type="button"
              className="mark-pick"
              aria-pressed={chosen}
              onClick={() => onSelect(mark.id)}
            >
              <span className="thumb thumb-square thumb-whole">
                <img src={markPicture(mark)} alt="" loading="lazy" />
              </span>
              <span>
                <strong>{name}</strong>
                <span className="small quiet">{t(`marks.foundBy.${mark.found_by}`)}</span>
              </span>
            </button>
            <select
              className="input"
              aria-label={t("marks.kindOf", { name })}
              value={mark.kind}
              onChange={(event) => onKind(mark, event.target.value as MarkKind)}
            >
              {MARK_KINDS.map((kind) => (
                <option key={kind} value={kind}>
                  {t(`marks.kind.${kind}`)}
                </option>
              ))}
            </select>
            <IconButton
              look="plain"
              label={t("marks.delete", { name })}
              icon={<Trash2 size={16} />}
              onClick={() => onRemove(mark)}
            />
          </li>
        );
      })}
    </ol>
  );
}

/** A redrawn mark has the same address and another picture: its place goes along, so that no old one is shown. */
function markPicture(mark: Mark): string {
  const { x, y, width, height } = bounds(mark.polygon);
  const turned = mark.polygon[0]?.join("-") ?? "";
  return `${pictures.mark(mark.id, 160)}&at=${[x, y, width, height].map(Math.round).join("-")}-${turned}`;
}
