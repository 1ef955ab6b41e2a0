// Blocks of cells as spreadsheets put them on the clipboard, and where they would go. Pure.

import { isSame, problemOf, typedOver } from "./contents.js";
import { decimalMark } from "./numbers.js";

/** Rows of texts from tab-separated text; quoted cells may hold tabs, line ends and doubled quotes. */
export function parseBlock(text) {
  const rows = [[]];
  const cell = /(?:"((?:[^"]|"")*)"(?=[\t\r\n]|$)|([^\t\r\n]*))(\t|\r\n|\n|\r|$)/y;
  for (;;) {
    const [, quoted, bare, end] = cell.exec(text);
    rows.at(-1).push(quoted === undefined ? bare : quoted.replaceAll('""', '"'));
    if (end === "" || cell.lastIndex === text.length) {
      if (end === "\t") {
        rows.at(-1).push("");
      }
      return rows;
    }
    if (end !== "\t") {
      rows.push([]);
    }
  }
}

/** Tab-separated text of rows of texts, quoted where it must be. */
export function writeBlock(rows) {
  const quoted = (text) => (/[\t\r\n"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return rows.map((row) => row.map(quoted).join("\t")).join("\r\n");
}

/**
 * What a block would do. `area` is the selection ({top, left, bottom, right}); a block that fits into it a
 * whole number of times fills it, any other starts at its corner. `at(row, column)` gives a cell
 * (`{key, content, line, locked}`), null where none can be filled in; `locked` says why it cannot be changed.
 * Returns `{changes: [{key, before, after}], skipped: [{cell, text, why}], same, outside}`; `why` is "locked" or
 * what `problemOf` says.
 */
export function planPaste(block, area, at) {
  const mark = decimalMark(block.flat());
  const plan = { changes: [], skipped: [], same: 0, outside: 0 };
  for (const [row, column, text] of placed(block, area)) {
    const cell = at(row, column);
    if (cell === null) {
      plan.outside += 1;
    } else {
      place(plan, cell, text, mark);
    }
  }
  return plan;
}

function* placed(block, area) {
  const [height, width] = [block.length, Math.max(...block.map((row) => row.length))];
  const [rows, columns] = [area.bottom - area.top + 1, area.right - area.left + 1];
  const repeats = rows % height === 0 && columns % width === 0;
  for (let row = 0; row < (repeats ? rows : height); row += 1) {
    for (let column = 0; column < (repeats ? columns : width); column += 1) {
      const text = block[row % height][column % width];
      if (text !== undefined) {
        yield [area.top + row, area.left + column, text];
      }
    }
  }
}

function place(plan, cell, text, mark) {
  if (cell.locked) {
    plan.skipped.push({ cell, text, why: "locked" });
    return;
  }
  const after = typedOver(cell.content, text, mark);
  const problem = problemOf(after, cell.line);
  if (problem) {
    plan.skipped.push({ cell, text, why: problem });
  } else if (isSame(after, cell.content)) {
    plan.same += 1;
  } else {
    plan.changes.push({ key: cell.key, before: cell.content, after });
  }
}

/** What copying the topmost of `columns` (rows of cells, `null` for none) downwards would change. */
export function planFill(columns) {
  const changes = [];
  for (const [first, ...rest] of columns) {
    const source = first?.content;
    for (const cell of rest) {
      if (!source || !cell || cell.locked) {
        continue;
      }
      const after = { ...cell.content, value: source.value, status: source.status };
      if (!isSame(after, cell.content)) {
        changes.push({ key: cell.key, before: cell.content, after });
      }
    }
  }
  return changes;
}

