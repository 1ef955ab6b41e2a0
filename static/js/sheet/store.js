// What is typed but not yet saved, kept in this browser: one item a cell, so that two tabs do not overwrite
// each other's. The user is part of the name: nobody ever sends what somebody else typed.

export class Store {
  #prefix;
  #unstored = new Set();

  constructor({ user, form, period }) {
    this.#prefix = `bagdar-sheet:${user}:${form}:${period}:`;
  }

  /** Keeps a cell's entry; where the browser refuses, it is remembered as not kept. */
  keep(key, { content, version, sent }) {
    try {
      localStorage.setItem(this.#prefix + key, JSON.stringify({ content, version, sent }));
      this.#unstored.delete(key);
    } catch {
      this.#unstored.add(key);
    }
  }

  /** Forgets a cell's entry. */
  forget(key) {
    this.#unstored.delete(key);
    try {
      localStorage.removeItem(this.#prefix + key);
    } catch {
      // A browser without storage has nothing to forget.
    }
  }

  /** Whether something would be lost if the page were closed now. */
  get hasUnstored() {
    return this.#unstored.size > 0;
  }

  /** Everything kept for this user, form and period: pairs of key and entry. */
  kept() {
    try {
      return Object.keys(localStorage)
        .filter((name) => name.startsWith(this.#prefix))
        .map((name) => [name.slice(this.#prefix.length), JSON.parse(localStorage.getItem(name))]);
    } catch {
      return [];
    }
  }
}
