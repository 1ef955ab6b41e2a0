// Mouse and touch: a press makes a cell active, dragging or Shift selects a range, a tap or a double click edits.

export class Pointer {
  /** Whether the last press was a finger's: then the next cell opens for typing by itself. */
  isTouch = false;
  #grid;
  #isDragging = false;

  constructor({ grid, edit }) {
    this.#grid = grid;
    const { table } = grid;
    table.addEventListener("pointerdown", (event) => this.#press(event));
    table.addEventListener("pointerover", (event) => this.#drag(event));
    window.addEventListener("pointerup", () => {
      this.#isDragging = false;
    });
    table.addEventListener("click", (event) => {
      const place = this.#place(event);
      if (place && this.isTouch) {
        grid.moveTo(place);
        edit(false);
      }
    });
    table.addEventListener("dblclick", (event) => {
      if (this.#place(event)) {
        edit(false);
      }
    });
  }

  #place(event) {
    const cell = event.target.closest("td");
    return event.target.closest("input") || !cell ? null : this.#grid.placeOf(cell);
  }

  #press(event) {
    this.isTouch = event.pointerType === "touch";
    const place = this.#place(event);
    if (!place || this.isTouch || event.button !== 0) {
      return;
    }
    this.#isDragging = true;
    if (event.shiftKey) {
      this.#grid.extendTo(place);
    } else {
      this.#grid.moveTo(place);
    }
    // Otherwise the browser would give the focus to what it finds under the mouse and begin to select text.
    event.preventDefault();
  }

  #drag(event) {
    const place = this.#isDragging && this.#place(event);
    if (place && event.buttons === 1) {
      this.#grid.extendTo(place);
    }
  }
}
