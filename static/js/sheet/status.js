// The line that says whether everything is saved, short announcements, and the checks across cells.

import { element, writeMoment } from "./texts.js";

const SLOW_MS = 600;

export class Status {
  #model;
  #t;
  #line;
  #announcer;
  #store;
  #timer = 0;

  constructor({ line, announcer, model, store, t }) {
    this.#model = model;
    this.#store = store;
    this.#t = t;
    this.#line = line;
    this.#announcer = announcer;
    for (const name of ["cells", "connection"]) {
      model.addEventListener(name, () => this.#update());
    }
    this.#update();
  }

  /** Says something short to those who listen. */
  say = (text) => {
    this.#announcer.textContent = "";
    requestAnimationFrame(() => {
      this.#announcer.textContent = text;
    });
  };

  // What is saved at once is not worth a word: "saving" shows only where it takes long.
  #update() {
    clearTimeout(this.#timer);
    const { code, text } = this.#now();
    if (code === "waiting" && this.#model.connection === "ok") {
      this.#timer = setTimeout(() => this.#write(code, text), SLOW_MS);
    } else {
      this.#write(code, text);
    }
  }

  #write(code, text) {
    this.#line.dataset.state = code;
    if (this.#line.textContent !== text) {
      this.#line.textContent = text;
    }
  }

  #now() {
    const { connection, pending, savedAt } = this.#model;
    const phases = [...pending.values()].map((entry) => entry.phase);
    const wrong = phases.filter((phase) => phase !== "waiting" && phase !== "sending").length;
    const count = phases.length - wrong;
    if (count && connection !== "ok") {
      const cause = this.#t(this.#store.hasUnstored ? "status_unstored" : `status_${connection}`);
      return { code: "failed", text: `${this.#t("status_wait", { count })} ${cause}` };
    }
    if (count) {
      return { code: "waiting", text: this.#t("status_saving", { count }) };
    }
    if (wrong) {
      return { code: "invalid", text: this.#t("status_wrong", { count: wrong }) };
    }
    const text = savedAt
      ? this.#t("status_saved_at", { time: writeMoment(savedAt, { withDay: false }) })
      : this.#t("status_saved");
    return { code: "saved", text };
  }
}

/** Lists the checks that fail, each with buttons that lead to its cells. */
export function showChecks({ section, model, t, go }) {
  const list = section.querySelector("ul");
  const draw = () => {
    section.hidden = model.checks.length === 0;
    list.replaceChildren(...model.checks.map((check) => item(check)));
  };
  const item = ({ text, cells }) => {
    const buttons = cells
      .filter((key) => model.report(key) && model.line(key))
      .map((key) => [key, t("go_to", { name: model.name(key) })])
      .map(([key, label]) => element("button", { type: "button", class: "sheet-jump", "data-key": key }, label));
    return element("li", {}, element("span", {}, text), " ", ...buttons);
  };
  list.addEventListener("click", (event) => {
    const { key } = event.target.closest("button")?.dataset ?? {};
    if (key) {
      go(key);
    }
  });
  model.addEventListener("checks", draw);
  draw();
}
