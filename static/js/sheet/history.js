// Undo and redo. An action is a list of `{key, before, after}`, undone and redone as one. Pure.

const MOST = 200;

export class History {
  #done = [];
  #undone = [];

  /** Keeps an action; what was undone before it cannot be redone any more. */
  record(changes) {
    if (changes.length) {
      this.#done = [...this.#done, changes].slice(-MOST);
      this.#undone = [];
    }
  }

  get canUndo() {
    return this.#done.length > 0;
  }

  get canRedo() {
    return this.#undone.length > 0;
  }

  /** The last action turned round, or null. */
  undo() {
    const changes = this.#done.pop();
    if (!changes) {
      return null;
    }
    this.#undone.push(changes);
    return changes.map(({ key, before, after }) => ({ key, before: after, after: before }));
  }

  /** The action undone last, or null. */
  redo() {
    const changes = this.#undone.pop();
    if (!changes) {
      return null;
    }
    this.#done.push(changes);
    return changes;
  }
}
