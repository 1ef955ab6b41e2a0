// The interface's sentences, translated by the server, with their places filled in.

/** A function that gives the text of a key with `%(name)s` replaced; the key itself where there is none. */
export function filler(texts) {
  return (key, values = {}) =>
    (texts[key] ?? key).replace(/%\((\w+)\)s/g, (_, name) => String(values[name] ?? ""));
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
