// The keyboard: what each key does on a cell. Letters are told by their place on the keyboard, so that Ctrl+Z
// is undo in the Kazakh and Russian layouts too.

const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
const PAGE = 12;

export class Keys {
  #grid;
  #editor;
  #commands;
  #isLeaving = false;

  /**
   * `commands` does what is not moving: edit(isReplacing), clear(), undo(), redo(), fill(), panel(), cancel(),
   * isFilled(cell).
   */
  constructor({ grid, editor, commands }) {
    this.#grid = grid;
    this.#editor = editor;
    this.#commands = commands;
    grid.table.addEventListener("keydown", (event) => this.#press(event));
  }

  #press(event) {
    if (event.isComposing || event.altKey) {
      return;
    }
    if (event.target === this.#editor.input) {
      this.#editor.takeKey(event);
    } else if (this.#grid.placeOf(event.target) && this.#onCell(event)) {
      event.preventDefault();
    }
  }

  #onCell(event) {
    const isLeaving = this.#isLeaving;
    this.#isLeaving = event.key === "Escape" || (isLeaving && event.key === "Shift");
    if (event.key === "Tab") {
      return !isLeaving && this.#tab(event.shiftKey ? -1 : 1);
    }
    const isControl = event.ctrlKey || event.metaKey;
    return this.#move(event, isControl) || (isControl ? this.#control(event) : this.#plain(event));
  }

  #tab(step) {
    if (this.#grid.hasRange) {
      this.#grid.stepInside(step, false);
      return true;
    }
    const place = this.#grid.neighbour(step);
    if (place !== null) {
      this.#grid.moveTo(place);
    }
    return place !== null;
  }

  #move(event, isControl) {
    const from = event.shiftKey ? this.#grid.extent : this.#grid.active;
    const place = this.#destination(event.key, from, isControl);
    if (place === null) {
      return false;
    }
    if (event.shiftKey) {
      this.#grid.extendTo(place);
    } else {
      this.#grid.moveTo(place);
    }
    return true;
  }

  #destination(key, { row, column }, isControl) {
    const { rows, columns } = this.#grid;
    if (key in ARROWS) {
      const [down, right] = ARROWS[key];
      return isControl
        ? this.#grid.edge({ row, column }, [down, right], this.#commands.isFilled)
        : { row: row + down, column: column + right };
    }
    switch (key) {
      case "Home":
        return { row: isControl ? 0 : row, column: 0 };
      case "End":
        return { row: isControl ? rows - 1 : row, column: columns - 1 };
      case "PageUp":
        return { row: row - PAGE, column };
      case "PageDown":
        return { row: row + PAGE, column };
      default:
        return null;
    }
  }

  #control(event) {
    const { code, key, shiftKey } = event;
    if (key === "Enter") {
      this.#commands.panel();
    } else if (code === "KeyZ") {
      this.#commands[shiftKey ? "redo" : "undo"]();
    } else if (code === "KeyY") {
      this.#commands.redo();
    } else if (code === "KeyD") {
      this.#commands.fill();
    } else if (code === "KeyA") {
      this.#select(0, 0, this.#grid.rows, this.#grid.columns);
    } else if (code === "Space") {
      this.#select(0, this.#grid.active.column, this.#grid.rows, 1);
    } else {
      return false;
    }
    return true;
  }

  #select(row, column, height, width) {
    this.#grid.anchor = { row, column };
    this.#grid.extendTo({ row: row + height - 1, column: column + width - 1 });
  }

  #plain(event) {
    const { key, shiftKey } = event;
    if (key === "Enter") {
      this.#enter(shiftKey ? -1 : 1);
    } else if (key === "F2") {
      this.#commands.edit(false);
    } else if (key === "Delete" || key === "Backspace") {
      this.#commands.clear();
    } else if (key === "Escape") {
      this.#commands.cancel();
    } else if (key === " ") {
      if (shiftKey) {
        this.#select(this.#grid.active.row, 0, 1, this.#grid.columns);
      }
    } else {
      // The editor gets the focus before the key does its work: the character lands in it.
      if (key.length === 1 || key === "Process") {
        this.#commands.edit(true);
      }
      return false;
    }
    return true;
  }

  #enter(step) {
    if (this.#grid.hasRange) {
      this.#grid.stepInside(step, true);
    } else {
      this.#grid.moveTo({ row: this.#grid.active.row + step, column: this.#grid.active.column });
    }
  }
}
