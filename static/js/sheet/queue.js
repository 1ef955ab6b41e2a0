// Saving: what is typed waits here, is kept in the browser, and goes to the server in one request at a time.
//
// An entry's phase: "waiting", "sending", "invalid" (cannot be saved as it is), "refused" (by the server, with
// `text`), "conflict" (somebody else saved meanwhile; the model holds theirs). Its `version` is the one that
// the typist had seen, so that nobody's figure is overwritten unseen; `sent` are contents whose answer never came.

import { contentOf, isSame } from "./contents.js";

const GATHER_MS = 120;
const PAUSES_S = [2, 4, 8, 15, 30, 60];
const MOST_CELLS = 200;
const MOST_SENT = 5;
const INVALID = new Set(["not_a_number", "out_of_range"]);

export class Queue {
  #model;
  #server;
  #store;
  #timer = 0;
  #failures = 0;
  #running = null;
  #inFlight = new Set();
  /** How many answers have come; a state asked for before one of them is out of date. */
  answers = 0;

  constructor({ model, server, store }) {
    this.#model = model;
    this.#server = server;
    this.#store = store;
  }

  /** Takes up what an earlier visit left, with the versions that the typist saw then. */
  restore() {
    for (const [key, { content, version, sent }] of this.#store.kept()) {
      if (!this.#model.report(key) || !this.#model.line(key)) {
        continue;
      }
      if (isSame(content, contentOf(this.#model.saved(key)))) {
        this.#store.forget(key);
      } else {
        this.#model.pending.set(key, { content, version, sent, ...this.#judged(key, content) });
      }
    }
    this.#model.touch([...this.#model.pending.keys()]);
    this.#schedule(0);
  }

  /** What a cell shall hold from now on. */
  set(key, content) {
    const earlier = this.#model.pending.get(key);
    this.#model.remarks.delete(key);
    if (isSame(content, contentOf(this.#model.saved(key))) && !this.#inFlight.has(key)) {
      this.drop(key);
      return;
    }
    const version = earlier?.version ?? this.#model.saved(key).version;
    const judged = earlier?.phase === "conflict" ? { phase: "conflict" } : this.#judged(key, content);
    const entry = { content, version, sent: earlier?.sent ?? [], ...judged };
    this.#model.pending.set(key, entry);
    this.#store.keep(key, entry);
    this.#model.touch([key]);
    this.#schedule(GATHER_MS);
  }

  /** Forgets what was typed: the saved contents show again. */
  drop(key) {
    this.#model.pending.delete(key);
    this.#store.forget(key);
    this.#model.touch([key]);
  }

  /** Ends a conflict: what the typist wrote is saved over theirs, which he has seen. */
  insist(key) {
    const { content, sent } = this.#model.pending.get(key);
    const entry = { content, version: this.#model.saved(key).version, sent, ...this.#judged(key, content) };
    this.#model.pending.set(key, entry);
    this.#store.keep(key, entry);
    this.#model.touch([key]);
    this.#schedule(0);
  }

  /** Sends what waits now; resolves when the server has answered or cannot. */
  flush() {
    clearTimeout(this.#timer);
    this.#running ??= this.#drain().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  #judged(key, content) {
    return { phase: this.#model.problem(key, content) ? "invalid" : "waiting", text: "" };
  }

  #schedule(pause) {
    if (this.#failures === 0 || pause === 0) {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.flush(), pause);
    }
  }

  async #drain() {
    for (let batch = this.#next(); batch.length; batch = this.#next()) {
      const answer = await this.#send(batch);
      this.answers += 1;
      this.#inFlight.clear();
      if (answer.kind === "broken") {
        this.#refuseAll(batch, answer.data?.error ?? "");
      } else if (answer.kind !== "ok") {
        this.#giveUp(batch, answer.kind);
        return;
      } else {
        this.#accept(batch, answer.data);
      }
    }
  }

  #next() {
    const waiting = [...this.#model.pending].filter(([, entry]) => entry.phase === "waiting");
    return waiting.slice(0, MOST_CELLS);
  }

  #send(batch) {
    for (const [key, entry] of batch) {
      this.#inFlight.add(key);
      entry.phase = "sending";
      entry.sent = [...entry.sent, entry.content].slice(-MOST_SENT);
      this.#store.keep(key, entry);
    }
    this.#model.touch(batch.map(([key]) => key));
    return this.#server.save(
      batch.map(([key, { content, version }]) => {
        const [report, line] = key.split(":").map(Number);
        return { report, line, ...content, version };
      }),
    );
  }

  // The queue rests and asks again, ever later; the browser says when the network is back.
  #giveUp(batch, kind) {
    for (const [key, entry] of batch) {
      if (this.#model.pending.get(key) === entry) {
        entry.phase = "waiting";
      }
    }
    const pause = PAUSES_S[Math.min(this.#failures, PAUSES_S.length - 1)];
    this.#failures += 1;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.flush(), pause * 1000);
    this.#model.setConnection(kind);
  }

  #refuseAll(batch, text) {
    for (const [key, entry] of batch) {
      Object.assign(entry, { phase: "refused", text });
      this.#model.touch([key]);
    }
  }

  #accept(batch, data) {
    this.#failures = 0;
    for (const [key, entry] of batch) {
      const refusal = data.refused?.[key];
      if (refusal) {
        this.#refuse(key, entry, refusal, data);
      } else {
        this.#settle(key, entry, data.cells?.[key]);
      }
    }
    if (batch.some(([key]) => data.cells?.[key])) {
      this.#model.savedAt = new Date();
    }
    this.#model.take(data);
    this.#model.touch(batch.map(([key]) => key));
    this.#model.setConnection("ok");
    this.#model.dispatchEvent(new CustomEvent("answered", { detail: batch.map(([key]) => key) }));
  }

  // Saved; what was typed meanwhile follows with the version that came back.
  #settle(key, entry, cell) {
    const latest = this.#model.pending.get(key);
    if (!cell) {
      entry.phase = "refused";
    } else if (latest === entry || (latest && isSame(latest.content, contentOf(cell)))) {
      this.#model.pending.delete(key);
      this.#store.forget(key);
    } else if (latest) {
      Object.assign(latest, { version: cell.version, sent: [] });
      this.#store.keep(key, latest);
    }
  }

  #refuse(key, entry, { code, text, theirs }, data) {
    const latest = this.#model.pending.get(key);
    if (!latest) {
      return;
    }
    if (code === "conflict") {
      this.#meet(key, latest, theirs);
      data.cells = { [key]: { ...this.#model.saved(key), ...theirs }, ...data.cells };
    } else if (latest === entry) {
      Object.assign(entry, { phase: INVALID.has(code) ? "invalid" : "refused", text });
    }
  }

  // Two typed the same, or theirs is what this browser sent itself when the answer was lost: no conflict.
  #meet(key, entry, theirs) {
    const said = contentOf(theirs);
    if (isSame(entry.content, said)) {
      this.#model.pending.delete(key);
      this.#store.forget(key);
    } else if (entry.sent.some((content) => isSame(content, said))) {
      Object.assign(entry, { version: theirs.version, phase: "waiting", sent: [] });
      this.#store.keep(key, entry);
    } else {
      entry.phase = "conflict";
    }
  }
}
