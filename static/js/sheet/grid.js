// Where one is in the table: the active cell (it has the focus) and the selected range around it.
//
// Every cell of the body is a place; those with `data-key` take figures, the others are only read.
// Tells its listeners: "move" (detail: the active cell's key, "" for one that is only read), "select".

export class Grid extends EventTarget {
  active = { row: 0, column: 0 };
  /** Opposite corners of the selection. */
  anchor = this.active;
  extent = this.active;
  #cells;
  #places = new Map();
  #selected = new Set();

  constructor(table) {
    super();
    this.table = table;
    this.#cells = [...table.tBodies[0].rows].map((row) => [...row.querySelectorAll("td")]);
    this.#cells.forEach((cells, row) =>
      cells.forEach((cell, column) => this.#places.set(cell, { row, column })),
    );
    this.#describe();
  }

  // The heading row and the heading column count as the first.
  #describe() {
    this.table.setAttribute("role", "grid");
    this.table.setAttribute("aria-multiselectable", "true");
    this.table.setAttribute("aria-rowcount", this.rows + 1);
    this.table.setAttribute("aria-colcount", this.columns + 1);
    [...this.table.rows].forEach((row, index) => {
      row.setAttribute("aria-rowindex", index + 1);
      [...row.cells].forEach((cell, column) => cell.setAttribute("aria-colindex", column + 1));
    });
    for (const [cell] of this.#places) {
      cell.setAttribute("role", "gridcell");
      cell.setAttribute("aria-selected", "false");
      cell.tabIndex = -1;
      if (!cell.dataset.key) {
        cell.setAttribute("aria-readonly", "true");
      }
    }
  }

  get rows() {
    return this.#cells.length;
  }

  get columns() {
    return this.#cells[0]?.length ?? 0;
  }

  at({ row, column }) {
    return this.#cells[row]?.[column] ?? null;
  }

  keyAt(place) {
    return this.at(place)?.dataset.key ?? "";
  }

  placeOf(cell) {
    return this.#places.get(cell) ?? null;
  }

  get cell() {
    return this.at(this.active);
  }

  get key() {
    return this.keyAt(this.active);
  }

  find(key) {
    return this.table.querySelector(`td[data-key="${key}"]`);
  }

  /** The selected rectangle: `{top, left, bottom, right}`. */
  get area() {
    const { anchor, extent } = this;
    return {
      top: Math.min(anchor.row, extent.row),
      bottom: Math.max(anchor.row, extent.row),
      left: Math.min(anchor.column, extent.column),
      right: Math.max(anchor.column, extent.column),
    };
  }

  get hasRange() {
    return this.anchor.row !== this.extent.row || this.anchor.column !== this.extent.column;
  }

  /** The selected cells, column by column or row by row, as lists of lists. */
  block(byColumn = false) {
    const { top, left, bottom, right } = this.area;
    const rows = this.#cells.slice(top, bottom + 1).map((cells) => cells.slice(left, right + 1));
    return byColumn ? rows[0].map((_, column) => rows.map((row) => row[column])) : rows;
  }

  get selectedKeys() {
    return this.block().flat().map((cell) => cell.dataset.key).filter(Boolean);
  }

  /** Makes a cell the active one, alone selected; `focus` unless it is only prepared. */
  moveTo(place, { focus = true } = {}) {
    const next = this.#within(place);
    this.anchor = next;
    this.extendTo(next, { quiet: true });
    this.#activate(next, focus);
  }

  /** Makes the next cell inside the selection the active one, going down its columns or along its rows. */
  stepInside(step, byColumn) {
    const { top, left, bottom, right } = this.area;
    const [height, width] = [bottom - top + 1, right - left + 1];
    const { row, column } = this.active;
    const index = byColumn ? (column - left) * height + row - top : (row - top) * width + column - left;
    const next = (index + step + height * width) % (height * width);
    const [down, along] = byColumn
      ? [next % height, Math.floor(next / height)]
      : [Math.floor(next / width), next % width];
    this.#activate({ row: top + down, column: left + along }, true);
  }

  #activate(place, focus) {
    this.cell.tabIndex = -1;
    this.active = place;
    this.cell.tabIndex = 0;
    if (focus) {
      this.focus();
    }
    this.dispatchEvent(new CustomEvent("move", { detail: this.key }));
  }

  focus() {
    this.cell.focus({ preventScroll: true });
    bringIntoView(this.cell);
  }

  /** Selects the rectangle from the anchor to another cell. */
  extendTo(place, { quiet = false } = {}) {
    this.extent = this.#within(place);
    const next = new Set(this.block().flat());
    for (const cell of this.#selected) {
      if (!next.has(cell)) {
        cell.setAttribute("aria-selected", "false");
      }
    }
    for (const cell of next) {
      cell.setAttribute("aria-selected", "true");
    }
    this.#selected = next;
    if (!quiet) {
      bringIntoView(this.at(this.extent));
      this.dispatchEvent(new CustomEvent("select"));
    }
  }

  #within({ row, column }) {
    return {
      row: Math.max(0, Math.min(this.rows - 1, row)),
      column: Math.max(0, Math.min(this.columns - 1, column)),
    };
  }

  /** The next or previous cell that takes figures, row after row; null at the ends. */
  neighbour(step) {
    const { row, column } = this.active;
    const count = this.rows * this.columns;
    for (let index = row * this.columns + column + step; index >= 0 && index < count; index += step) {
      const place = { row: Math.floor(index / this.columns), column: index % this.columns };
      if (this.keyAt(place)) {
        return place;
      }
    }
    return null;
  }

  /** Where Ctrl and an arrow lead from a place: to the edge of the filled cells, as in a spreadsheet. */
  edge(from, [down, right], isFilled) {
    const next = ({ row, column }) => ({ row: row + down, column: column + right });
    let place = from;
    if (this.at(next(place)) === null) {
      return place;
    }
    const wasFilled = isFilled(this.at(place)) && isFilled(this.at(next(place)));
    do {
      place = next(place);
    } while (this.at(next(place)) !== null && isFilled(this.at(wasFilled ? next(place) : place)) === wasFilled);
    return place;
  }
}

function bringIntoView(cell) {
  cell.scrollIntoView({ block: "nearest", inline: "nearest", behavior: "instant" });
}
