/** One thing a person did, and how to take it back. Both run against the server. */
export interface Step {
  redo: () => Promise<void>;
  undo: () => Promise<void>;
}

/**
 * What was done, in order, with undo and redo. Steps run one after another, so that a quick hand cannot overtake
 * the server; a step that fails is not kept, and says why.
 */
export class History {
  private done: Step[] = [];
  private undone: Step[] = [];
  private queue: Promise<unknown> = Promise.resolve();
  private running = 0;

  constructor(private readonly onChange: () => void) {}

  get canUndo(): boolean {
    return this.done.length > 0;
  }

  get canRedo(): boolean {
    return this.undone.length > 0;
  }

  get busy(): boolean {
    return this.running > 0;
  }

  run(step: Step): Promise<void> {
    return this.enqueue(async () => {
      await step.redo();
      this.done.push(step);
      this.undone = [];
    });
  }

  undo(): Promise<void> {
    return this.enqueue(async () => {
      const step = this.done.pop();
      if (!step) return;
      try {
        await step.undo();
      } catch (error) {
        this.done.push(step);
        throw error;
      }
      this.undone.push(step);
    });
  }

  redo(): Promise<void> {
    return this.enqueue(async () => {
      const step = this.undone.pop();
      if (!step) return;
      try {
        await step.redo();
      } catch (error) {
        this.undone.push(step);
        throw error;
      }
      this.done.push(step);
    });
  }

  private enqueue(work: () => Promise<void>): Promise<void> {
    this.running += 1;
    this.onChange();
    const result = this.queue.then(work);
    this.queue = result
      .catch(() => undefined)
      .then(() => {
        this.running -= 1;
        this.onChange();
      });
    return result;
  }
}
