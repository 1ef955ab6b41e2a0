// Handing reports in: everything typed is saved first; what hinders is marked, and the focus goes to the first.

import { element } from "./texts.js";

export class Submitting {
  #model;
  #queue;
  #server;
  #section;
  #finish;
  #go;
  #t;
  #isBusy = false;

  /** `finish` takes what is being typed just now; `go` leads to a cell. */
  constructor({ section, model, queue, server, finish, go, t }) {
    this.#model = model;
    this.#queue = queue;
    this.#server = server;
    this.#section = section;
    this.#finish = finish;
    this.#go = go;
    this.#t = t;
    // A press that took the focus from what is being typed would move the button away from under the mouse.
    section.addEventListener("mousedown", (event) => {
      if (event.target.closest("[data-submit]")) {
        event.preventDefault();
      }
    });
    section.addEventListener("click", (event) => {
      const { submit } = event.target.closest("button")?.dataset ?? {};
      if (submit) {
        this.#submit(submit === "all" ? this.#open() : [Number(submit)]);
      }
    });
    model.addEventListener("reports", () => this.#draw());
    this.#draw();
  }

  #open() {
    return this.#model.reports.filter((report) => !report.locked).map((report) => report.id);
  }

  // The page says the state of each report in several places.
  #draw() {
    for (const report of this.#model.reports) {
      for (const tag of document.querySelectorAll(`[data-report-state="${report.id}"]`)) {
        tag.textContent = report.state_label;
        tag.dataset.state = report.state;
      }
      for (const tag of document.querySelectorAll(`[data-report-late="${report.id}"]`)) {
        tag.hidden = !report.late;
      }
      for (const reason of document.querySelectorAll(`[data-report-locked="${report.id}"]`)) {
        reason.textContent = report.locked;
      }
      for (const button of this.#section.querySelectorAll(`[data-submit="${report.id}"]`)) {
        button.hidden = report.locked !== "";
      }
    }
    for (const button of this.#section.querySelectorAll("[data-submit=all]")) {
      button.hidden = this.#open().length === 0;
    }
  }

  async #submit(ids) {
    if (this.#isBusy) {
      return;
    }
    this.#isBusy = true;
    try {
      this.#finish();
      this.#tell("", [this.#t("submitting")]);
      await this.#queue.flush();
      const unsaved = [...this.#model.pending.keys()].filter((key) => ids.includes(this.#model.report(key).id));
      if (unsaved.length) {
        this.#tell("bad", [this.#t("submit_unsaved", { count: unsaved.length })]);
        this.#go(unsaved[0]);
      } else {
        this.#take(await this.#server.submit(ids), ids);
      }
    } finally {
      this.#isBusy = false;
    }
  }

  #take(answer, ids) {
    if (answer.kind !== "ok") {
      const reason = answer.kind === "broken" ? answer.data?.error ?? "" : this.#t(`status_${answer.kind}`);
      this.#tell("bad", [`${this.#t("submit_failed")} ${reason}`]);
      return;
    }
    this.#model.take(answer.data);
    const refused = Object.entries(answer.data.refused ?? {});
    const done = ids.length - refused.length;
    const marked = refused.flatMap(([, { cells }]) => Object.entries(cells ?? {}));
    this.#model.remarks = new Map(marked);
    this.#model.touch(marked.map(([key]) => key));
    const told = done ? [this.#t("submitted", { count: done })] : [];
    this.#tell(refused.length ? "bad" : "good", [...told, ...this.#refusals(refused)]);
    const first = marked.map(([key]) => key).find((key) => this.#model.line(key));
    if (first) {
      this.#go(first);
    }
  }

  // One sentence for all reports that lack the same.
  #refusals(refused) {
    const texts = [...new Set(refused.map(([, { text }]) => text))];
    const named = (text) => refused.filter(([, refusal]) => refusal.text === text).map(([id]) => this.#name(id));
    return texts.map((text) => `${named(text).join(", ")}: ${text}`);
  }

  #name(id) {
    return this.#model.reports.find((report) => report.id === Number(id))?.territory ?? "";
  }

  #tell(tone, sentences) {
    const place = this.#section.querySelector("[data-part=result]");
    place.className = tone ? `notice notice--${tone}` : "notice";
    place.hidden = false;
    place.replaceChildren(...sentences.map((sentence) => element("p", {}, sentence)));
    place.scrollIntoView({ block: "nearest" });
  }
}
