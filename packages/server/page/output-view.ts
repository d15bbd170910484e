import { barList, isProbabilities, percentText, type Bar } from "./bar-list.js";
import { element } from "./element.js";
import { numberText, plural } from "./number-text.js";
import { shapeText, sizeOf, type Scalar, type TensorValue } from "./tensor-value.js";

const MOST_CLASSES = 5000;
const MOST_ROWS = 50;
const MOST_COLUMNS = 12;

/**
 * An output tensor for people: scores as bars, scores of several rows as a table of the best, everything else as its values. Where the names
 * of classes are known, they stand beside the classes' numbers.
 */
export function outputView(output: TensorValue, labels: readonly string[] = []): HTMLElement {
  return element(
    "section",
    { class: "output" },
    element("h3", {}, output.name, " ", element("code", {}, `${output.datatype} ${shapeText(output.shape)}`)),
    contentOf(output, labels),
  );
}

function contentOf(output: TensorValue, labels: readonly string[]): HTMLElement {
  const { shape, data } = output;
  const columns = shape.length < 2 ? 1 : (shape.at(-1) ?? 1);
  const rows = sizeOf(shape) / columns;
  if (data.length === 0) return element("p", { class: "quiet" }, "No values.");
  const isRow = columns > 1 && columns <= MOST_CLASSES && shape.length === 2 && data.every((value) => typeof value === "number");
  const names = labels.length === columns ? labels : [];
  if (isRow && (names.length > 0 || isScores(output.name, data.slice(0, columns)))) return rows === 1 ? scores(data, names) : bestOfRows(data, rows, columns, names);
  if (isRow && rows === 1) return barList(bars(data), "Values");
  const isClass = columns === 1 && labels.length > 0 && output.datatype.includes("INT");
  const write = isClass ? (value: Scalar): string => className(Number(value), labels) : valueText;
  if (columns === 1 && rows <= MOST_COLUMNS) return element("p", { class: "big-value" }, data.map(write).join(", "));
  return valueTable(data, rows, columns, write);
}

/** A class by its number, and its name where it has one. */
export function className(index: number, labels: readonly string[]): string {
  const name = labels[index];
  return name === undefined || name === "" || name === String(index) ? String(index) : `${index} ${name}`;
}

function scores(values: readonly number[], labels: readonly string[]): HTMLElement {
  const best = values.indexOf(Math.max(...values));
  const isShare = isProbabilities(values);
  const headline = element(
    "p",
    { class: "headline" },
    element("span", { class: "quiet" }, "class "),
    element("strong", { class: labels.length > 0 ? "named" : undefined }, className(best, labels)),
    element("span", { class: "quiet" }, isShare ? ` ${percentText(values[best] ?? 0)} sure` : ` with ${numberText(values[best] ?? 0)}`),
  );
  return element("div", {}, headline, barList(bars(values, labels), "Score of each class"));
}

function bars(values: readonly number[], labels: readonly string[] = []): Bar[] {
  return values.map((value, index) => ({ label: className(index, labels), value }));
}

/** A signature does not say what an output means: shares of one are taken as scores of classes, and what is called so. */
export function isScores(name: string, row: readonly number[]): boolean {
  return isProbabilities(row) || /prob|score|logit|class/i.test(name);
}

function bestOfRows(values: readonly number[], rows: number, columns: number, labels: readonly string[]): HTMLElement {
  const shown = Math.min(rows, MOST_ROWS);
  const lines = Array.from({ length: shown }, (_, row) => {
    const line = values.slice(row * columns, (row + 1) * columns);
    const best = line.indexOf(Math.max(...line));
    const text = isProbabilities(line) ? percentText : numberText;
    const rest = columns <= MOST_COLUMNS ? line.map((value, index) => element("td", { class: index === best ? "top" : undefined }, text(value))) : [element("td", {}, text(line[best] ?? 0))];
    return element("tr", {}, element("th", { scope: "row" }, row + 1), element("td", { class: "best" }, className(best, labels)), ...rest);
  });
  const columnHeads = columns <= MOST_COLUMNS ? Array.from({ length: columns }, (_, index) => element("th", { scope: "col" }, className(index, labels))) : [element("th", { scope: "col" }, "score")];
  const head = element("tr", {}, element("th", { scope: "col" }, "row"), element("th", { scope: "col" }, "best class"), ...columnHeads);
  return element("div", { class: "scroll", tabindex: 0 }, element("table", { "aria-label": "Values" }, element("thead", {}, head), element("tbody", {}, ...lines)), restNote(rows - shown, "row"));
}

function valueTable(data: readonly Scalar[], rows: number, columns: number, write: (value: Scalar) => string): HTMLElement {
  const [shownRows, shownColumns] = [Math.min(rows, MOST_ROWS), Math.min(columns, MOST_COLUMNS)];
  const lines = Array.from({ length: shownRows }, (_, row) =>
    element("tr", {}, element("th", { scope: "row" }, row + 1), ...Array.from({ length: shownColumns }, (_column, column) => element("td", {}, write(data[row * columns + column] ?? "")))),
  );
  return element("div", { class: "scroll", tabindex: 0 }, element("table", { "aria-label": "Values" }, element("tbody", {}, ...lines)), restNote(rows - shownRows, "row"), restNote(columns - shownColumns, "column"));
}

function restNote(count: number, noun: string): HTMLElement | false {
  return count > 0 && element("p", { class: "quiet" }, `and ${plural(count, noun)} more in the JSON below`);
}

function valueText(value: Scalar): string {
  return typeof value === "number" ? numberText(value) : String(value);
}
