// Copying, cutting and pasting with the system's clipboard; a block is shown before it is taken.

import { parseBlock, planPaste, writeBlock } from "./clipboard.js";
import { plain, shown } from "./contents.js";
import { plainFigure } from "./numbers.js";
import { rangeOf } from "./states.js";
import { element } from "./texts.js";

export class Pasting {
  #model;
  #grid;
  #actions;
  #dialog;
  #say;
  #t;
  #plan = null;

  constructor({ model, grid, actions, dialog, say, t }) {
    this.#model = model;
    this.#grid = grid;
    this.#actions = actions;
    this.#dialog = dialog;
    this.#say = say;
    this.#t = t;
    for (const name of ["copy", "cut", "paste"]) {
      document.addEventListener(name, (event) => this.#take(event));
    }
    dialog.addEventListener("close", () => this.#closed());
  }

  // The browser sends these events to the body when no text is selected: what counts is where the focus is.
  #take(event) {
    if (document.activeElement !== this.#grid.cell || !event.clipboardData) {
      return;
    }
    event.preventDefault();
    if (event.type === "paste") {
      this.#paste(event.clipboardData.getData("text/plain"));
      return;
    }
    const texts = this.#grid.block().map((row) => row.map((cell) => this.#text(cell)));
    event.clipboardData.setData("text/plain", writeBlock(texts));
    if (event.type === "cut") {
      this.#actions.clear(this.#grid.selectedKeys);
    }
    this.#say(this.#t("copied", { count: texts.flat().length }));
  }

  #text(cell) {
    const { decimal } = this.#model.data;
    const { key, value } = cell.dataset;
    return key ? plain(this.#model.content(key), decimal) : plainFigure(value ?? "", decimal);
  }

  #at(row, column) {
    const cell = this.#grid.at({ row, column });
    const key = cell?.dataset.key;
    if (!key) {
      return null;
    }
    return {
      key,
      content: this.#model.content(key),
      line: this.#model.line(key),
      locked: this.#model.report(key).locked,
    };
  }

  #paste(text) {
    const block = parseBlock(text);
    const isSingle = block.length === 1 && block[0].length === 1;
    const { key } = this.#grid;
    if (isSingle && !this.#grid.hasRange && key && !this.#actions.isLocked(key)) {
      this.#actions.type(key, block[0][0]);
      return;
    }
    const plan = planPaste(block, this.#grid.area, (row, column) => this.#at(row, column));
    this.#plan = plan;
    this.#show(plan);
  }

  #show(plan) {
    const part = (name) => this.#dialog.querySelector(`[data-part="${name}"]`);
    part("title").textContent = this.#t("paste_title", { count: plan.changes.length });
    part("counts").textContent = [
      [plan.changes.length, "paste_changes"],
      [plan.same, "paste_same"],
      [plan.skipped.length, "paste_skipped"],
      [plan.outside, "paste_outside"],
    ]
      .filter(([count, key]) => count || key === "paste_changes")
      .map(([count, key]) => this.#t(key, { count }))
      .join(" · ");
    part("rows").replaceChildren(
      ...plan.skipped.map((skip) => this.#skippedRow(skip)),
      ...plan.changes.map((change) => this.#changedRow(change)),
    );
    part("confirm").disabled = plan.changes.length === 0;
    this.#dialog.returnValue = "";
    this.#dialog.showModal();
    part(plan.changes.length ? "confirm" : "cancel").focus();
  }

  #changedRow({ key, before, after }) {
    const [old, next] = [before, after].map(
      (content) => shown(content, this.#model.data.decimal) || this.#t("empty"),
    );
    return row(this.#model.name(key), element("del", {}, old), element("ins", {}, next), this.#t("will_change"));
  }

  #skippedRow({ cell, text, why }) {
    const { decimal } = this.#model.data;
    const old = shown(cell.content, decimal);
    const range = rangeOf(cell.line, decimal, this.#t);
    const reason = why === "locked" ? cell.locked : this.#t(why, { text, range });
    const note = this.#t("will_be_skipped", { reason });
    const made = row(this.#model.name(cell.key), old || this.#t("empty"), text, note);
    made.classList.add("is-skipped");
    return made;
  }

  // The browser tells later that a dialog was closed: another block may have been pasted by then.
  #closed() {
    if (this.#dialog.open || !this.#plan) {
      return;
    }
    const { changes, skipped, outside } = this.#plan;
    this.#plan = null;
    this.#grid.focus();
    if (this.#dialog.returnValue === "paste") {
      this.#actions.take(changes);
      this.#say(this.#t("pasted", { count: changes.length, skipped: skipped.length + outside }));
    }
  }
}

function row(name, old, next, note) {
  return element(
    "tr",
    {},
    element("th", { scope: "row" }, name),
    element("td", { class: "num" }, old),
    element("td", { class: "num" }, next),
    element("td", {}, note),
  );
}
