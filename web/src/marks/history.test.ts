import { describe, expect, it } from "vitest";
import { History, type Step } from "./history";

/** A step that writes its letter and takes it away again; each call takes the time it is told. */
function letter(text: { now: string }, sign: string, wait = 0): Step {
  const rest = () => new Promise((resolve) => setTimeout(resolve, wait));
  return {
    redo: async () => {
      await rest();
      text.now += sign;
    },
    undo: async () => {
      await rest();
      if (!text.now.endsWith(sign)) throw new Error(`expected ${sign} at the end; found ${text.now}`);
      text.now = text.now.slice(0, -1);
    },
  };
}

describe("History", () => {
  it("undoes and redoes in order", async () => {
    const text = { now: "" };
    const history = new History(() => undefined);
    await history.run(letter(text, "a"));
    await history.run(letter(text, "b"));
    await history.undo();
    expect([text.now, history.canUndo, history.canRedo]).toEqual(["a", true, true]);
    await history.undo();
    expect([text.now, history.canUndo]).toEqual(["", false]);
    await history.redo();
    await history.redo();
    expect([text.now, history.canRedo]).toEqual(["ab", false]);
  });

  it("forgets what was undone when something new is done", async () => {
    const text = { now: "" };
    const history = new History(() => undefined);
    await history.run(letter(text, "a"));
    await history.undo();
    await history.run(letter(text, "b"));
    expect(history.canRedo).toBe(false);
    await history.redo();
    expect(text.now).toBe("b");
  });

  it("runs one step after another, however quick the hand", async () => {
    const text = { now: "" };
    const history = new History(() => undefined);
    const slow = history.run(letter(text, "a", 20));
    const quick = history.run(letter(text, "b"));
    const back = history.undo();
    expect(history.busy).toBe(true);
    await Promise.all([slow, quick, back]);
    expect(text.now).toBe("a");
  });

  it("keeps no step that failed, and goes on", async () => {
    const text = { now: "" };
    const history = new History(() => undefined);
    const refused: Step = {
      redo: () => Promise.reject(new Error("refused")),
      undo: () => Promise.resolve(),
    };
    await expect(history.run(refused)).rejects.toThrow("refused");
    expect(history.canUndo).toBe(false);
    await history.run(letter(text, "a"));
    text.now = "changed elsewhere";
    await expect(history.undo()).rejects.toThrow("expected a");
    expect(history.canUndo).toBe(true);
  });
});
