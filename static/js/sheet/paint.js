// Draws the cells: figure, status, state, marks of a comment and of a file; their words for those who listen.

import { isMissing, NORMAL, shown } from "./contents.js";
import { stateOf } from "./states.js";
import { element } from "./texts.js";

const SVG = "http://www.w3.org/2000/svg";
const UNSAVED = new Set(["invalid", "failed", "conflict"]);

export class Painter {
  #model;
  #grid;
  #notes;
  #t;

  /** `notes` is a hidden element that keeps the cells' descriptions. */
  constructor({ model, grid, notes, t }) {
    this.#model = model;
    this.#grid = grid;
    this.#notes = notes;
    this.#t = t;
    model.addEventListener("cells", (event) => this.#paintAll(event.detail));
    this.#paintAll([...grid.table.querySelectorAll("td[data-key]")].map((cell) => cell.dataset.key));
  }

  #paintAll(keys) {
    for (const key of keys) {
      const cell = this.#grid.find(key);
      if (cell) {
        this.#paint(cell, key);
      }
    }
  }

  #paint(cell, key) {
    const content = this.#model.content(key);
    const state = stateOf(this.#model, key, this.#t);
    const isLocked = this.#model.report(key).locked !== "";
    cell.querySelector(".sheet-figure").textContent = shown(content, this.#model.data.decimal);
    cell.querySelector(".sheet-flag").textContent = this.#flag(content);
    cell.dataset.state = state.code;
    cell.classList.toggle("has-comment", content.comment !== "");
    cell.setAttribute("aria-readonly", String(isLocked));
    cell.setAttribute("aria-invalid", String(UNSAVED.has(state.code)));
    cell.setAttribute("aria-describedby", this.#note(key, content, state));
    cell.title = state.code === "saved" ? "" : state.text;
    this.#mark(cell, state.code);
  }

  // Provisional and estimated figures are flagged with the letters of CL_OBS_STATUS; the note says them in words.
  #flag({ status }) {
    return status === NORMAL || isMissing(status) ? "" : status.toLowerCase();
  }

  #mark(cell, code) {
    const place = cell.querySelector(".sheet-mark");
    if (place.dataset.mark === code) {
      return;
    }
    place.dataset.mark = code;
    if (!code) {
      place.replaceChildren();
      return;
    }
    const [drawing, use] = ["svg", "use"].map((name) => document.createElementNS(SVG, name));
    use.setAttribute("href", `#sheet-mark-${code}`);
    drawing.append(use);
    place.replaceChildren(drawing);
  }

  #note(key, content, state) {
    const id = `sheet-note-${key.replace(":", "-")}`;
    let note = document.getElementById(id);
    if (!note) {
      note = element("span", { id });
      this.#notes.append(note);
    }
    const parts = [state.text];
    if (content.status !== NORMAL) {
      parts.push(this.#model.statuses.get(content.status)?.label ?? content.status);
    }
    if (content.comment) {
      parts.push(this.#t("has_comment"));
    }
    if (this.#model.saved(key).evidence) {
      parts.push(this.#t("has_evidence"));
    }
    note.textContent = parts.join(". ");
    return id;
  }
}
