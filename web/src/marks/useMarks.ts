import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";
import { api } from "../api/client";
import { keys } from "../api/queries";
import type { Mark, MarkKind, Photograph, Polygon } from "../api/types";
import { History } from "./history";

/** A mark that is deleted and brought back has a new record: every step that speaks of it follows this name. */
interface Name {
  id: string;
}

/** Draws, changes and deletes the marks of one photograph; each act is saved at once and can be undone. */
export function useMarks(photographId: string) {
  const client = useQueryClient();
  const [, redraw] = useState(0);
  const [error, setError] = useState<unknown>(null);
  const names = useRef(new Map<string, Name>());
  const history = useMemo(() => {
    void photographId; // another photograph begins with nothing to undo
    return new History(() => redraw((count) => count + 1));
  }, [photographId]);

  useEffect(() => {
    const onLeave = (event: BeforeUnloadEvent) => {
      if (history.busy) event.preventDefault();
    };
    window.addEventListener("beforeunload", onLeave);
    return () => window.removeEventListener("beforeunload", onLeave);
  }, [history]);

  const setMarks = (change: (marks: Mark[]) => Mark[]) =>
    client.setQueryData<Photograph>(keys.photograph(photographId), (photograph) =>
      photograph ? { ...photograph, marks: change(photograph.marks) } : photograph,
    );
  const nameOf = (id: string): Name => {
    const known = names.current.get(id) ?? { id };
    names.current.set(id, known);
    return known;
  };
  const settled = () => {
    void client.invalidateQueries({ queryKey: keys.hits });
    void client.invalidateQueries({ queryKey: ["seizure"] });
  };
  const guard = (work: Promise<void>): Promise<void> => {
    setError(null);
    return work.catch((reason: unknown) => {
      setError(reason);
      void client.invalidateQueries({ queryKey: keys.photograph(photographId) });
    });
  };

  const create = async (name: Name, mark: { polygon: Polygon; kind: MarkKind; note: string }) => {
    const made = await api.drawMark(photographId, mark);
    name.id = made.id;
    names.current.set(made.id, name);
    setMarks((marks) => [...marks.filter(({ id }) => id !== made.id), made]);
    settled();
  };
  const destroy = async (name: Name) => {
    const gone = name.id;
    await api.deleteMark(gone);
    setMarks((marks) => marks.filter(({ id }) => id !== gone));
    settled();
  };
  /** Gives the name of a new mark where the old one stays: it was decided on with the outline that it has. */
  const put = async (name: Name, change: { polygon?: Polygon; kind?: MarkKind }): Promise<Name | null> => {
    setMarks((marks) => marks.map((mark) => (mark.id === name.id ? { ...mark, ...change } : mark)));
    const changed = await api.changeMark(name.id, change);
    const beside = changed.id !== name.id;
    if (beside) await client.invalidateQueries({ queryKey: keys.photograph(photographId) });
    else setMarks((marks) => marks.map((mark) => (mark.id === changed.id ? changed : mark)));
    settled();
    return beside ? nameOf(changed.id) : null;
  };

  return {
    error,
    saving: history.busy,
    canUndo: history.canUndo,
    canRedo: history.canRedo,
    undo: () => guard(history.undo()),
    redo: () => guard(history.redo()),
    /** Gives the new mark's id, or null where it was refused. */
    draw: async (polygon: Polygon, kind: MarkKind): Promise<string | null> => {
      const name: Name = { id: "" };
      await guard(
        history.run({ redo: () => create(name, { polygon, kind, note: "" }), undo: () => destroy(name) }),
      );
      return name.id || null;
    },
    change: (mark: Mark, change: { polygon?: Polygon; kind?: MarkKind }) => {
      const name = nameOf(mark.id);
      const before: typeof change = {};
      if (change.polygon) before.polygon = mark.polygon;
      if (change.kind) before.kind = mark.kind;
      let beside: Name | null = null;
      const redo = async () => {
        beside = await put(name, change);
      };
      const undo = async () => {
        if (beside) await destroy(beside);
        else await put(name, before);
      };
      return guard(history.run({ redo, undo }));
    },
    remove: (mark: Mark) => {
      const name = nameOf(mark.id);
      const { polygon, kind, note } = mark;
      return guard(
        history.run({ redo: () => destroy(name), undo: () => create(name, { polygon, kind, note }) }),
      );
    },
  };
}
