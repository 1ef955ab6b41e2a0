// What the page knows: the cells as they were last saved, what is typed over them, and the reports.
//
// Tells its listeners: "cells" (detail: the keys that changed), "answered" (detail: the keys of which the server
// has spoken), "reports", "checks", "connection".

import { contentOf, problemOf } from "./contents.js";

const UNSAVED = { value: null, status: "A", comment: "", version: 0, author: "", at: "", evidence: null,
  returned: "", warnings: [], before: [], published: null, bureau: null };

export class Model extends EventTarget {
  /** Cells typed but not saved: `{content, version, phase, text, sent}`; see queue.js. */
  pending = new Map();
  /** Why a report was not accepted, by cell. */
  remarks = new Map();
  /** "ok", or the kind of the last answer that was not. */
  connection = "ok";
  savedAt = null;
  #saved;
  #lines;
  #reports;

  constructor(data) {
    super();
    this.data = data;
    this.checks = data.checks;
    this.#saved = new Map(Object.entries(data.cells));
    this.#lines = new Map(data.lines.map((line) => [line.id, line]));
    this.#reports = new Map(data.reports.map((report) => [report.id, report]));
    this.statuses = new Map(data.statuses.map((status) => [status.code, status]));
  }

  saved(key) {
    return this.#saved.get(key) ?? UNSAVED;
  }

  line(key) {
    return this.#lines.get(Number(key.split(":")[1]));
  }

  report(key) {
    return this.#reports.get(Number(key.split(":")[0]));
  }

  get reports() {
    return [...this.#reports.values()];
  }

  /** What the cell says now: what is typed, else what is saved. */
  content(key) {
    return this.pending.get(key)?.content ?? contentOf(this.saved(key));
  }

  problem(key, content = this.content(key)) {
    return problemOf(content, this.line(key));
  }

  /** "Indicator, breakdown". */
  lineName(key) {
    const { indicator, breakdown } = this.line(key);
    return breakdown ? `${indicator}, ${breakdown}` : indicator;
  }

  /** The cell's name among the others: with its territory, if there are several. */
  name(key) {
    const line = this.lineName(key);
    return this.#reports.size > 1 ? `${line} · ${this.report(key).territory}` : line;
  }

  /** Takes the newest cells, reports and checks; those checks are replaced of whose cells the server speaks. */
  take({ cells = {}, reports = null, checks = [] }) {
    const changed = Object.keys(cells).filter((key) => this.report(key) && this.line(key));
    for (const key of changed) {
      this.#saved.set(key, cells[key]);
    }
    if (reports !== null) {
      this.#takeReports(reports);
    }
    this.setChecks([...this.checks.filter((check) => !check.cells.some((key) => key in cells)), ...checks]);
    this.touch(changed);
  }

  setChecks(checks) {
    if (!isAlike(checks, this.checks)) {
      this.checks = checks;
      this.dispatchEvent(new CustomEvent("checks"));
    }
  }

  #takeReports(reports) {
    const known = reports.filter((report) => this.#reports.has(report.id));
    const changed = known.filter((report) => !isAlike(report, this.#reports.get(report.id)));
    for (const report of changed) {
      this.#reports.set(report.id, report);
    }
    if (changed.length) {
      this.touch(this.data.lines.flatMap((line) => changed.map((report) => `${report.id}:${line.id}`)));
      this.dispatchEvent(new CustomEvent("reports"));
    }
  }

  /** Says that cells have changed. */
  touch(keys) {
    if (keys.length) {
      this.dispatchEvent(new CustomEvent("cells", { detail: keys }));
    }
  }

  setConnection(kind) {
    this.connection = kind;
    this.dispatchEvent(new CustomEvent("connection"));
    this.touch([...this.pending.keys()]);
  }
}

function isAlike(one, other) {
  return JSON.stringify(one) === JSON.stringify(other);
}
