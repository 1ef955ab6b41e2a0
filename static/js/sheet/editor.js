// The editor of a cell: one input, put into the cell while it is being typed in.
//
// Tells its listeners: "commit" (detail: {key, text, isChanged, then}: `then` says where to go next, or null).

import { element } from "./texts.js";

const ONWARDS = { ArrowUp: "up", ArrowDown: "down", ArrowLeft: "left", ArrowRight: "right" };

export class Editor extends EventTarget {
  /** The key of the cell that is being typed in, "" for none. */
  key = "";
  #cell = null;
  #isReplacing = false;
  #text = null;
  #check;

  /** `check(key, text)` gives the reason why a text cannot be saved, or "". */
  constructor(check) {
    super();
    this.#check = check;
    this.input = element("input", {
      class: "sheet-input",
      inputmode: "decimal",
      autocomplete: "off",
      enterkeyhint: "next",
      maxlength: "100",
      "aria-describedby": "sheet-tip",
    });
    this.tip = element("span", { class: "sheet-tip", id: "sheet-tip" });
    this.input.addEventListener("input", () => {
      this.#text = this.input.value;
      this.#judge();
    });
    this.input.addEventListener("blur", () => this.commit(null));
  }

  /** Opens on a cell: over its contents (what is typed replaces them) or with them. */
  open(cell, { text, label, isReplacing }) {
    this.key = cell.dataset.key;
    this.#cell = cell;
    this.#isReplacing = isReplacing;
    this.#text = null;
    this.input.value = isReplacing ? "" : text;
    this.input.setAttribute("aria-label", label);
    cell.classList.add("is-edited");
    cell.append(this.input, this.tip);
    this.#judge();
    this.input.focus({ preventScroll: true });
    this.input.setSelectionRange(this.input.value.length, this.input.value.length);
  }

  get isOpen() {
    return this.key !== "";
  }

  /** Takes what is typed; goes on: "up", "down", "left", "right", "next", "previous", "panel" or null. */
  commit(then) {
    if (this.isOpen) {
      const detail = { key: this.key, text: this.#text, isChanged: this.#text !== null, then };
      this.#close();
      this.dispatchEvent(new CustomEvent("commit", { detail }));
    }
  }

  /** Closes without taking what is typed. */
  cancel() {
    const cell = this.#cell;
    this.#close();
    cell.focus({ preventScroll: true });
  }

  #close() {
    const cell = this.#cell;
    this.key = "";
    this.#cell = null;
    cell.classList.remove("is-edited");
    this.input.remove();
    this.tip.remove();
  }

  #judge() {
    const reason = this.#check(this.key, this.input.value);
    this.tip.textContent = reason;
    this.tip.hidden = !reason;
    this.input.setAttribute("aria-invalid", String(Boolean(reason)));
  }

  /** Deals with a key pressed in the input; true if it was one that ends the typing. */
  takeKey(event) {
    const then = this.#ending(event);
    if (event.key === "F2") {
      this.#isReplacing = false;
    } else if (event.key === "Escape") {
      this.cancel();
    } else if (then) {
      this.commit(then);
    } else {
      return false;
    }
    event.preventDefault();
    return true;
  }

  #ending(event) {
    if (event.key === "Enter") {
      return event.ctrlKey || event.metaKey ? "panel" : event.shiftKey ? "up" : "down";
    }
    if (event.key === "Tab") {
      return event.shiftKey ? "previous" : "next";
    }
    const isVertical = event.key === "ArrowUp" || event.key === "ArrowDown";
    return this.#isReplacing || isVertical ? ONWARDS[event.key] : undefined;
  }
}
