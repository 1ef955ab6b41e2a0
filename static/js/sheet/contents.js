// What a cell holds: `{value, status, comment}`. `value` is a plain figure, "" for none, or, where the typed
// text is not a figure, that text. Pure.

import { compareFigures, plainFigure, readFigure, writeFigure } from "./numbers.js";

export const NORMAL = "A";
const DASH = "—";
const MISSING = new Set(["O", "M", "L", "Q"]);

/** The contents of a cell as the server sent it. */
export function contentOf(cell) {
  return { value: cell.value ?? "", status: cell.status || NORMAL, comment: cell.comment ?? "" };
}

/** The contents after a text was typed over `before`; its comment stays. */
export function typedOver(before, text, mark = ",") {
  const read = readFigure(text, mark);
  const said = MISSING.has(before.status) ? NORMAL : before.status;
  switch (read.kind) {
    case "empty":
      return { ...before, value: "", status: NORMAL };
    case "missing":
      return { ...before, value: "", status: read.status };
    case "number":
      return { ...before, value: read.value, status: said };
    default:
      return { ...before, value: text.trim(), status: said };
  }
}

/** Whether a status says why there is no figure. */
export function isMissing(status) {
  return MISSING.has(status);
}

/** Whether neither a figure nor a reason for its absence is given. */
export function isEmpty(content) {
  return content.value === "" && !isMissing(content.status);
}

/** Whether two contents say the same: 12.50 and 12.5 do. */
export function isSame(one, other) {
  return (
    one.status === other.status && one.comment === other.comment && isSameFigure(one.value, other.value)
  );
}

function isSameFigure(one, other) {
  if (one === other || !isFigure(one) || !isFigure(other)) {
    return one === other;
  }
  return compareFigures(one, other) === 0;
}

function isFigure(value) {
  return readFigure(value).kind === "number";
}

/** Why the contents cannot be saved: the key of a text, or "". */
export function problemOf(content, line) {
  if (content.value === "") {
    return "";
  }
  if (!isFigure(content.value)) {
    return "not_a_number";
  }
  const isBelow = line.minimum !== null && compareFigures(content.value, line.minimum) < 0;
  const isAbove = line.maximum !== null && compareFigures(content.value, line.maximum) > 0;
  return isBelow || isAbove ? "out_of_range" : "";
}

/** What stands in the cell for the eye. */
export function shown(content, decimal) {
  return isFigure(content.value) ? writeFigure(content.value, decimal) : plain(content, decimal);
}

/** What stands in the editor and on the clipboard. */
export function plain(content, decimal) {
  if (content.value === "" && isMissing(content.status)) {
    return content.status === "Q" ? "x" : DASH;
  }
  return isFigure(content.value) ? plainFigure(content.value, decimal) : content.value;
}
