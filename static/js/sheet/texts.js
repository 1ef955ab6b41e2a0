// The interface's sentences, translated by the server, with their places filled in.

/** A function that gives the text of a key with `%(name)s` replaced; the key itself where there is none. */
export function filler(texts) {
  return (key, values = {}) =>
    (texts[key] ?? key).replace(/%\((\w+)\)s/g, (_, name) => String(values[name] ?? ""));
}

/** The moment in figures, as the page's language writes them; browsers often have no Kazakh, which is as Russian. */
export function writeMoment(moment, { withDay }) {
  const locale = document.documentElement.lang === "en" ? "en-GB" : "ru";
  return moment.toLocaleString(locale, { timeStyle: "short", ...(withDay ? { dateStyle: "short" } : {}) });
}

/** An element with its attributes and contents; `null` contents are left out. */
export function element(name, attributes = {}, ...contents) {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) {
    made.setAttribute(attribute, value);
  }
  made.append(...contents.filter((part) => part !== null && part !== ""));
  return made;
}
