// The details of the active cell: what is known of it, its status, comment and evidence, and its conflicts.

import { isMissing, NORMAL, shown } from "./contents.js";
import { writeFigure } from "./numbers.js";
import { rangeOf, stateOf } from "./states.js";
import { element, writeMoment } from "./texts.js";

export class Panel {
  #model;
  #queue;
  #actions;
  #t;
  #root;
  #key = "";
  #commented = "";

  /** `leave` gives the focus back to the grid. */
  constructor({ root, model, queue, actions, leave, t }) {
    this.#root = root;
    this.#model = model;
    this.#queue = queue;
    this.#actions = actions;
    this.#t = t;
    model.addEventListener("cells", (event) => {
      if (event.detail.includes(this.#key)) {
        this.#fill();
      }
    });
    this.#part("status").append(...model.data.statuses.map(({ code, label }) => new Option(label, code)));
    this.#listen(leave);
  }

  #part(name) {
    return this.#root.querySelector(`[data-part="${name}"]`);
  }

  #listen(leave) {
    const comment = this.#part("comment");
    comment.addEventListener("focus", () => {
      this.#commented = this.#key;
    });
    comment.addEventListener("blur", () => {
      this.finish();
      this.#commented = "";
    });
    this.#part("status").addEventListener("change", (event) => this.#setStatus(event.target.value));
    this.#part("keep-theirs").addEventListener("click", () => {
      this.#queue.drop(this.#key);
      leave();
    });
    this.#part("save-mine").addEventListener("click", () => {
      this.#queue.insist(this.#key);
      leave();
    });
    this.#part("discard").addEventListener("click", () => {
      this.#queue.drop(this.#key);
      leave();
    });
    this.#root.addEventListener("keydown", (event) => {
      const isDone = event.key === "Enter" && (event.ctrlKey || event.metaKey);
      if (event.key === "Escape" || isDone) {
        event.preventDefault();
        leave();
      }
    });
  }

  /** Shows a cell. */
  show(key) {
    this.finish();
    this.#key = key;
    this.#root.hidden = key === "";
    if (key) {
      this.#fill();
    }
  }

  get key() {
    return this.#key;
  }

  /** Gives the focus to the first thing that can be done in the panel. */
  focus() {
    const first = ["keep-theirs", "comment", "evidence-link"]
      .map((name) => this.#part(name))
      .find((part) => !part.disabled && part.offsetParent !== null);
    (first ?? this.#root).focus();
  }

  /** Takes the comment as it stands. */
  finish() {
    const key = this.#commented;
    const comment = this.#part("comment").value.trim();
    if (key && this.#model.content(key).comment !== comment) {
      this.#actions.change([key], (before) => ({ ...before, comment }));
    }
  }

  #setStatus(status) {
    this.#actions.change([this.#key], (before) => ({
      ...before,
      status,
      value: isMissing(status) ? "" : before.value,
    }));
  }

  #fill() {
    const key = this.#key;
    const line = this.#model.line(key);
    const { decimal } = this.#model.data;
    const content = this.#model.content(key);
    this.#part("name").textContent = this.#model.lineName(key);
    this.#part("territory").textContent = this.#model.report(key).territory;
    this.#part("figure").textContent = shown(content, decimal);
    this.#part("unit").textContent = content.value && line.unit;
    this.#state(stateOf(this.#model, key, this.#t));
    const range = rangeOf(line, decimal, this.#t);
    this.#part("range").textContent = range || this.#t("range_any");
    this.#saved(this.#model.saved(key));
    const isConflict = this.#conflict(key, decimal);
    this.#warnings(isConflict ? [] : this.#model.saved(key).warnings, content);
    this.#inputs(key, content);
    this.#earlier(this.#model.saved(key), line, decimal);
  }

  #state({ code, text, brief }) {
    const mark = this.#part("state-mark");
    this.#part("state").dataset.state = code;
    mark.setAttribute("href", `#sheet-mark-${code || "empty"}`);
    this.#part("state-text").textContent = brief ?? text;
  }

  #saved({ author, at }) {
    const when = at && writeMoment(new Date(at), { withDay: true });
    this.#part("saved").textContent = author ? this.#t("saved_by", { author, when }) : this.#t("never_saved");
  }

  #conflict(key, decimal) {
    const entry = this.#model.pending.get(key);
    const isConflict = entry?.phase === "conflict";
    this.#part("conflict").hidden = !isConflict;
    this.#part("discard").hidden = !["invalid", "refused"].includes(entry?.phase);
    if (isConflict) {
      const theirs = this.#model.saved(key);
      this.#part("mine").textContent = this.#said(entry.content, decimal);
      this.#part("theirs").textContent = this.#said(
        { value: theirs.value ?? "", status: theirs.status, comment: theirs.comment }, decimal,
      );
      this.#part("their-name").textContent = theirs.author;
    }
    return isConflict;
  }

  #said(content, decimal) {
    const status = content.status === NORMAL ? "" : this.#model.statuses.get(content.status)?.label;
    const parts = [shown(content, decimal), status, content.comment && `“${content.comment}”`];
    return parts.filter(Boolean).join(", ") || this.#t("empty");
  }

  #warnings(warnings, content) {
    this.#part("warnings").hidden = warnings.length === 0;
    this.#part("warning-list").replaceChildren(...warnings.map(({ text }) => element("li", {}, text)));
    this.#part("warning-cure").hidden = content.comment !== "";
  }

  #inputs(key, content) {
    const isLocked = this.#actions.isLocked(key);
    const comment = this.#part("comment");
    if (document.activeElement !== comment) {
      comment.value = content.comment;
    }
    comment.readOnly = isLocked;
    const status = this.#part("status");
    status.value = content.status;
    status.disabled = isLocked;
    for (const option of status.options) {
      option.disabled = content.value === "" && option.value !== NORMAL && !isMissing(option.value);
    }
    const { evidence } = this.#model.saved(key);
    const link = this.#part("evidence-link");
    link.hidden = !evidence;
    link.textContent = evidence?.name ?? "";
    link.href = evidence?.url ?? "";
    this.#part("evidence-remove").hidden = !evidence || isLocked;
    this.#part("evidence-field").hidden = isLocked;
  }

  #earlier({ before, published, bureau }, line, decimal) {
    const told = (given) => (given.value === null ? "—" : writeFigure(given.value, decimal));
    const named = ({ label, source }) => [label, source].filter(Boolean).join(" · ");
    const facts = before.map((given) => [named(given), told(given), given.status]);
    if (published) {
      facts.unshift([this.#t("published"), told(published), published.status]);
    }
    if (bureau) {
      facts.push([this.#t("bureau", { label: bureau.label }), told(bureau), NORMAL]);
    }
    this.#part("earlier").hidden = facts.length === 0;
    this.#part("earlier-list").replaceChildren(
      ...facts.map(([label, value, status]) => this.#fact(label, value, status)),
    );
  }

  #fact(label, value, status) {
    const words = status && status !== NORMAL ? this.#model.statuses.get(status)?.label : "";
    const note = words ? element("small", { class: "reason" }, ` ${words}`) : null;
    return element("div", {}, element("dt", {}, label), element("dd", {}, value, note));
  }
}
