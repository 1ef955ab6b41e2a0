// What can be done to the figures. Each action is one step of undo.

import { isSame, typedOver } from "./contents.js";
import { planFill } from "./clipboard.js";

export class Actions {
  #model;
  #queue;
  #history;

  constructor({ model, queue, history }) {
    this.#model = model;
    this.#queue = queue;
    this.#history = history;
  }

  /** Takes an action's changes (`[{key, before, after}]`). */
  take(changes) {
    this.#history.record(changes);
    this.#put(changes);
  }

  #put(changes) {
    for (const { key, after } of changes) {
      this.#queue.set(key, after);
    }
  }

  isLocked(key) {
    return this.#model.report(key).locked !== "";
  }

  /** Changes what the cells hold by `change(contents)`; locked and unchanged cells are left. */
  change(keys, change) {
    const changes = keys
      .filter((key) => !this.isLocked(key))
      .map((key) => ({ key, before: this.#model.content(key) }))
      .map(({ key, before }) => ({ key, before, after: change(before) }))
      .filter(({ before, after }) => !isSame(before, after));
    this.take(changes);
    return changes.length;
  }

  type(key, text) {
    return this.change([key], (before) => typedOver(before, text));
  }

  clear(keys) {
    return this.change(keys, (before) => typedOver(before, ""));
  }

  /** Copies the topmost cell of each column downwards. */
  fill(columns) {
    const changes = planFill(columns);
    this.take(changes);
    return changes.length;
  }

  undo() {
    return this.#replay(this.#history.undo());
  }

  redo() {
    return this.#replay(this.#history.redo());
  }

  // What somebody else has saved or locked meanwhile stays as it is.
  #replay(changes) {
    if (changes === null) {
      return null;
    }
    const possible = changes.filter(
      ({ key, before }) => !this.isLocked(key) && isSame(this.#model.content(key), before),
    );
    this.#put(possible);
    return { done: possible, left: changes.length - possible.length };
  }
}
