// An entry grid that behaves as a spreadsheet: puts the parts together on the page of indicators/sheet.html.

import { Actions } from "./actions.js";
import { isEmpty, plain, typedOver } from "./contents.js";
import { Editor } from "./editor.js";
import { Evidence } from "./evidence.js";
import { Grid } from "./grid.js";
import { History } from "./history.js";
import { Keys } from "./keys.js";
import { Model } from "./model.js";
import { Painter } from "./paint.js";
import { Panel } from "./panel.js";
import { Pasting } from "./paste.js";
import { Pointer } from "./pointer.js";
import { Queue } from "./queue.js";
import { Server } from "./server.js";
import { problemText, stateOf } from "./states.js";
import { showChecks, Status } from "./status.js";
import { Store } from "./store.js";
import { Submitting } from "./submit.js";
import { filler } from "./texts.js";
import { watch } from "./watch.js";

const WORTH_A_WORD = new Set(["conflict", "failed", "invalid", "warning"]);
const STEPS = { up: [-1, 0], down: [1, 0], left: [0, -1], right: [0, 1] };

class Sheet {
  constructor(root, data) {
    const part = (id) => document.getElementById(id);
    const token = root.querySelector("[name=csrfmiddlewaretoken]").value;
    this.t = filler(data.texts);
    this.model = new Model(data);
    this.store = new Store(data);
    this.server = new Server(data, token);
    this.queue = new Queue(this);
    this.history = new History();
    this.actions = new Actions(this);
    this.grid = new Grid(part("sheet-table"));
    this.painter = new Painter({ ...this, notes: part("sheet-notes") });
    this.status = new Status({ ...this, line: part("sheet-status"), announcer: part("sheet-announcer") });
    this.say = this.status.say;
    this.editor = new Editor((key, text) => this.#reason(key, text));
    this.panel = new Panel({ ...this, root: part("sheet-panel"), leave: () => this.grid.focus() });
    this.pointer = new Pointer({ ...this, edit: (isReplacing) => this.edit(isReplacing) });
    new Keys({ ...this, commands: this.#commands() });
    new Pasting({ ...this, dialog: part("sheet-paste") });
    new Evidence({ ...this, root: part("sheet-panel") });
    const finish = () => {
      this.editor.commit(null);
      this.panel.finish();
    };
    new Submitting({ ...this, section: part("sheet-submit"), finish, go: (key) => this.go(key) });
    showChecks({ ...this, section: part("sheet-checks"), go: (key) => this.go(key) });
    this.#listen(part("sheet-bar"));
  }

  start() {
    this.queue.restore();
    watch(this);
    this.grid.moveTo(this.#firstPlace(), { focus: false });
  }

  // Where typing begins: the first cell that can be typed in and says nothing yet.
  #firstPlace() {
    const cells = this.grid.table.querySelectorAll("td[data-key]");
    const isOpen = ({ dataset: { key } }) => !this.actions.isLocked(key) && isEmpty(this.model.content(key));
    return this.grid.placeOf([...cells].find(isOpen) ?? cells[0]);
  }

  #listen(bar) {
    this.editor.addEventListener("commit", (event) => this.#commit(event.detail));
    this.grid.addEventListener("move", () => this.panel.show(this.#keyOfRow()));
    this.grid.addEventListener("select", () => {
      const { top, left, bottom, right } = this.grid.area;
      this.say(this.t("selected", { rows: bottom - top + 1, columns: right - left + 1 }));
    });
    bar.addEventListener("click", (event) => {
      const { command } = event.target.closest("button")?.dataset ?? {};
      if (command) {
        this[command]();
        this.grid.focus();
      }
    });
    this.model.addEventListener("answered", (event) => this.#tell(event.detail));
    this.model.addEventListener("cells", () => {
      bar.querySelector("[data-command=undo]").setAttribute("aria-disabled", String(!this.history.canUndo));
      bar.querySelector("[data-command=redo]").setAttribute("aria-disabled", String(!this.history.canRedo));
    });
  }

  // One sentence for what the server found, be it of one cell or of the first of many.
  #tell(keys) {
    const found = keys
      .map((key) => [key, stateOf(this.model, key, this.t)])
      .find(([, { code }]) => WORTH_A_WORD.has(code));
    if (found) {
      this.say(`${this.model.name(found[0])}: ${found[1].text}`);
    }
  }

  #commands() {
    return {
      edit: (isReplacing) => this.edit(isReplacing),
      clear: () => this.clear(),
      undo: () => this.undo(),
      redo: () => this.redo(),
      fill: () => this.fill(),
      panel: () => this.panel.focus(),
      cancel: () => this.#cancel(),
      isFilled: ({ dataset: { key, value } }) => (key ? !isEmpty(this.model.content(key)) : Boolean(value)),
    };
  }

  // A cell that is only read tells of the cell of its line.
  #keyOfRow() {
    return this.grid.key || this.grid.cell.parentElement.querySelector("td[data-key]").dataset.key;
  }

  #reason(key, text) {
    return problemText(this.model, key, typedOver(this.model.content(key), text), this.t);
  }

  go(key) {
    this.grid.moveTo(this.grid.placeOf(this.grid.find(key)));
  }

  edit(isReplacing) {
    const { key, cell } = this.grid;
    if (!key) {
      this.say(this.t("only_read"));
    } else if (this.actions.isLocked(key)) {
      this.say(this.model.report(key).locked);
    } else {
      const text = plain(this.model.content(key), this.model.data.decimal);
      this.editor.open(cell, { text, label: this.model.name(key), isReplacing });
    }
  }

  #commit({ key, text, isChanged, then }) {
    if (isChanged) {
      this.actions.type(key, text);
      const reason = problemText(this.model, key, this.model.content(key), this.t);
      if (reason) {
        this.say(this.t("state_invalid", { reason }));
      }
    }
    this.#goOn(then);
  }

  #goOn(then) {
    if (then === "panel") {
      this.grid.focus();
      this.panel.focus();
    } else if (then === "next" || then === "previous") {
      this.grid.moveTo(this.grid.neighbour(then === "next" ? 1 : -1) ?? this.grid.active);
    } else if (then) {
      const [down, right] = STEPS[then];
      const { row, column } = this.grid.active;
      this.grid.moveTo({ row: row + down, column: column + right });
      if (this.pointer.isTouch && this.grid.active.row !== row) {
        this.edit(false);
      }
    }
  }

  #cancel() {
    this.grid.moveTo(this.grid.active);
    this.say(this.t("leaving"));
  }

  clear() {
    const count = this.actions.clear(this.grid.selectedKeys);
    this.say(this.t("cleared", { count }));
  }

  /** Copies the top row of the selection downwards; for a single cell, the one above it. */
  fill() {
    if (!this.grid.hasRange && this.grid.active.row > 0) {
      const { row, column } = this.grid.active;
      this.grid.anchor = { row: row - 1, column };
    }
    const columns = this.grid.block(true).map((cells) => cells.map(({ dataset: { key } }) => this.#filling(key)));
    this.grid.moveTo(this.grid.active);
    this.say(this.t("filled", { count: this.actions.fill(columns) }));
  }

  #filling(key) {
    return key ? { key, content: this.model.content(key), locked: this.model.report(key).locked } : null;
  }

  undo() {
    this.#replayed(this.actions.undo(), "undone");
  }

  redo() {
    this.#replayed(this.actions.redo(), "redone");
  }

  #replayed(result, text) {
    if (result === null) {
      this.say(this.t("nothing_to_undo"));
      return;
    }
    if (result.done.length) {
      this.go(result.done[0].key);
    }
    const left = result.left ? ` ${this.t("left", { count: result.left })}` : "";
    this.say(this.t(text, { count: result.done.length }) + left);
  }
}

const data = document.getElementById("sheet-data");
if (data) {
  new Sheet(document.getElementById("sheet"), JSON.parse(data.textContent)).start();
}
