// Figures as people type them, and as the page writes them. Pure.
//
// A figure is a text of plain decimal notation with a point ("-12.50"): never a binary number, so that
// nothing is rounded between the keyboard and the database.

const NO_BREAK_SPACE = "\u00a0";
const MINUS = "\u2212";
const LONGEST = 100;

const NO_FIGURE = [
  ..."-–—―−…",
  ...["--", "---", "...", "..", ".", "н/д", "н.д.", "нд", "м/ж", "м.ж.", "n/a", "n.a.", "na", "nan", "null"],
  ...["нет данных", "деректер жоқ", "мәлімет жоқ", "no data", "not available"],
];
const SUPPRESSED = ["x", "х"]; // Latin and Cyrillic
const MARKS = new Map([...NO_FIGURE.map((mark) => [mark, "O"]), ...SUPPRESSED.map((mark) => [mark, "Q"])]);

const SIGN = /^([-−–—‐‑‒﹣－+])\s*(?=[0-9.,])/;
const GROUPED = /^[0-9]{1,3}(?:([ '’ʼ])[0-9]{3})(?:\1[0-9]{3})*([.,][0-9]+)?$/;
const COMMA_GROUPS = /^[0-9]{1,3}(?:(?:,[0-9]{3})+\.[0-9]+|(?:,[0-9]{3}){2,})$/;
const POINT_GROUPS = /^[0-9]{1,3}(?:(?:\.[0-9]{3})+,[0-9]+|(?:\.[0-9]{3}){2,})$/;
const ONE_COMMA_GROUP = /^[1-9][0-9]{0,2},[0-9]{3}$/;
const SIMPLE = /^(?:[0-9]+(?:[.,][0-9]+)?(?:e[-+]?[0-9]{1,2})?|[.,][0-9]+)$/i;

/**
 * What a text says: `{kind: "empty"}`, `{kind: "number", value}`, `{kind: "missing", status}` with a code of
 * CL_OBS_STATUS, or `{kind: "bad"}`. `mark` is what a single comma before three digits is: "," the decimal
 * mark (as in Kazakh and Russian), "." a separator of thousands.
 */
export function readFigure(typed, mark = ",") {
  const text = typed.replace(/\s/g, " ").trim();
  if (text === "") {
    return { kind: "empty" };
  }
  const status = MARKS.get(text.toLowerCase());
  if (status) {
    return { kind: "missing", status };
  }
  const bare = text.replace(/ ?%$/, "");
  const sign = SIGN.exec(bare);
  const body = sign ? bare.slice(sign[0].length) : bare;
  const digits = body.length > LONGEST ? null : plainDigits(body, mark);
  if (digits === null) {
    return { kind: "bad" };
  }
  return { kind: "number", value: canonical(digits, sign !== null && sign[1] !== "+") };
}

function plainDigits(body, mark) {
  const grouped = GROUPED.exec(body);
  if (grouped) {
    return body.replaceAll(grouped[1], "").replace(",", ".");
  }
  if (COMMA_GROUPS.test(body) || (mark === "." && ONE_COMMA_GROUP.test(body))) {
    return body.replaceAll(",", "");
  }
  if (POINT_GROUPS.test(body)) {
    return body.replaceAll(".", "").replace(",", ".");
  }
  return SIMPLE.test(body) ? body.replace(",", ".") : null;
}

function canonical(digits, isNegative) {
  const [mantissa, exponent = "0"] = digits.toLowerCase().split("e");
  let [whole, part = ""] = mantissa.split(".");
  const shift = Number(exponent);
  if (shift > 0) {
    whole += part.padEnd(shift, "0").slice(0, shift);
    part = part.slice(shift);
  } else if (shift < 0) {
    const padded = whole.padStart(1 - shift, "0");
    part = padded.slice(shift) + part;
    whole = padded.slice(0, shift);
  }
  const plain = (whole.replace(/^0+(?=[0-9])/, "") || "0") + (part && `.${part}`);
  return isNegative && /[1-9]/.test(plain) ? `-${plain}` : plain;
}

/** The decimal mark of a block: a point if some number has a decimal point and none a decimal comma. */
export function decimalMark(texts) {
  let hasPoint = false;
  for (const text of texts) {
    const tail = text.trim().replace(/[%* ]+$/, "");
    const [comma, point] = [tail.lastIndexOf(","), tail.lastIndexOf(".")];
    if (comma > point && !ONE_COMMA_GROUP.test(tail) && !COMMA_GROUPS.test(tail)) {
      return ",";
    }
    hasPoint ||= point > comma && readFigure(tail).kind === "number";
  }
  return hasPoint ? "." : ",";
}

/** The figure with the page's decimal sign, all its digits, thousands apart and a true minus sign. */
export function writeFigure(value, decimal) {
  const [whole, part] = value.replace("-", "").split(".");
  const grouped = whole.replace(/\B(?=(?:[0-9]{3})+$)/g, NO_BREAK_SPACE);
  return (value.startsWith("-") ? MINUS : "") + grouped + (part === undefined ? "" : decimal + part);
}

/** The figure as it stands in an editor or on the clipboard: the page's decimal sign, nothing else. */
export function plainFigure(value, decimal) {
  return value.replace(".", decimal);
}

/** Negative, zero or positive as `one` is less than, equal to or greater than `other`; exact. */
export function compareFigures(one, other) {
  const places = Math.max(...[one, other].map((value) => (value.split(".")[1] ?? "").length));
  const [left, right] = [one, other].map((value) => scaled(value, places));
  return left < right ? -1 : Number(left > right);
}

function scaled(value, places) {
  const [whole, part = ""] = value.split(".");
  return BigInt(whole + part.padEnd(places, "0"));
}
