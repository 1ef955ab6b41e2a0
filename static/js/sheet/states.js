// The one visible state of each cell: its code (the shape that is drawn) and its words.

import { isEmpty } from "./contents.js";
import { writeFigure } from "./numbers.js";

const CANNOT_BE_SENT = new Set(["forbidden", "other"]);

/** The possible range in words, "" where there is none. */
export function rangeOf(line, decimal, t) {
  const [low, high] = [line.minimum, line.maximum].map((bound) =>
    bound === null ? null : writeFigure(bound, decimal),
  );
  if (low !== null && high !== null) {
    return t("range", { low, high });
  }
  if (low !== null) {
    return t("range_from", { low });
  }
  return high !== null ? t("range_to", { high }) : "";
}

/** Why a typed text cannot be saved, in words. */
export function problemText(model, key, content, t) {
  const problem = model.problem(key, content);
  return problem && t(problem, { text: content.value, range: rangeOf(model.line(key), model.data.decimal, t) });
}

/**
 * `{code, text, brief}` of a cell: `brief` is for where the reasons are told elsewhere too; the code is "" for an
 * empty cell of which nothing is to be said.
 */
export function stateOf(model, key, t) {
  const entry = model.pending.get(key);
  if (entry) {
    return pendingState(model, key, entry, t);
  }
  const locked = model.report(key).locked;
  if (locked) {
    return { code: "locked", text: t("state_locked", { reason: locked }) };
  }
  if (model.remarks.has(key)) {
    return { code: "failed", text: t("state_blocks", { reason: model.remarks.get(key) }) };
  }
  return savedState(model, key, t);
}

function savedState(model, key, t) {
  const cell = model.saved(key);
  if (cell.returned) {
    return { code: "returned", text: t("state_returned", { reason: cell.returned }) };
  }
  if (cell.warnings.length) {
    const warnings = cell.warnings.map((warning) => warning.text).join(" ");
    return { code: "warning", text: t("state_warning", { warnings }), brief: t("state_saved") };
  }
  if (cell.version === 0 || isEmpty(model.content(key))) {
    return { code: "", text: t("state_empty") };
  }
  return { code: "saved", text: t("state_saved") };
}

function pendingState(model, key, entry, t) {
  const reason = entry.text || problemText(model, key, entry.content, t);
  switch (entry.phase) {
    case "conflict":
      return { code: "conflict", text: t("state_conflict", { author: model.saved(key).author }) };
    case "invalid":
      return { code: "invalid", text: t("state_invalid", { reason }) };
    case "refused":
      return { code: "failed", text: t("state_failed", { reason: reason || t("refused_without_reason") }) };
    case "sending":
      return { code: "waiting", text: t("state_sending") };
    default:
      return CANNOT_BE_SENT.has(model.connection)
        ? { code: "failed", text: t("state_failed", { reason: t(`status_${model.connection}`) }) }
        : { code: "waiting", text: t("state_waiting") };
  }
}
