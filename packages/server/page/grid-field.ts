import type { TensorSummary } from "../src/page/page-data.js";
import { button, element } from "./element.js";
import { InputError, isFixed, isFloat, type Scalar, type TensorValue } from "./tensor-value.js";
import type { FieldListener, TensorField } from "./tensor-field.js";

const MOST_COLUMNS = 16;
const MOST_ROWS = 32;

/** Whether an input is a table of a few columns: one cell for each value is easier than brackets. */
export function isGrid({ shape, datatype }: TensorSummary): boolean {
  const [rows, columns] = shape;
  if (datatype === "BOOL" || rows === undefined || (isFixed(rows) && rows > MOST_ROWS)) return false;
  return shape.length === 1 || (shape.length === 2 && columns !== undefined && isFixed(columns) && columns >= 1 && columns <= MOST_COLUMNS);
}

/** A table with one cell for each value. Rows are added and taken away where the signature leaves their number open. */
export class GridField implements TensorField {
  readonly node: HTMLElement;
  readonly #tensor: TensorSummary;
  readonly #columns: number;
  readonly #body = element("tbody", {});
  readonly #changed: FieldListener;

  constructor(tensor: TensorSummary, changed: FieldListener) {
    this.#tensor = tensor;
    this.#changed = changed;
    const [, columns] = tensor.shape;
    this.#columns = columns !== undefined && isFixed(columns) ? columns : 1;
    const [rows = -1] = tensor.shape;
    const add = button("Add a row", () => this.#addRow(this.#cells(this.#rows.at(-1)).map(({ value }) => value)), { class: "small" });
    const remove = button("Remove the last", () => this.#removeRow(), { class: "small" });
    this.node = element(
      "div",
      {},
      element("div", { class: "scroll" }, element("table", { class: "grid", "aria-label": `Cells of ${tensor.name}` }, this.#body)),
      !isFixed(rows) && element("p", { class: "actions" }, add, remove, element("span", { class: "quiet" }, "Rows of one request share a batch.")),
    );
  }

  read(): TensorValue {
    const { name, datatype, shape } = this.#tensor;
    const rows = this.#rows;
    const data = rows.flatMap((row, index) => this.#cells(row).map((cell, column) => this.#valueOf(cell, index, column)));
    return { name, datatype, shape: shape.length === 1 ? [rows.length] : [rows.length, this.#columns], data };
  }

  write({ data }: TensorValue): void {
    this.#body.replaceChildren();
    const rows = Math.min(MOST_ROWS, Math.ceil(data.length / this.#columns));
    for (let row = 0; row < rows; row++) this.#addRow(data.slice(row * this.#columns, (row + 1) * this.#columns).map(String));
  }

  get #rows(): HTMLTableRowElement[] {
    return [...this.#body.rows];
  }

  #cells(row: HTMLTableRowElement | undefined): HTMLInputElement[] {
    return row === undefined ? [] : [...row.querySelectorAll("input")];
  }

  #addRow(values: readonly string[]): void {
    const index = this.#body.rows.length;
    if (index >= MOST_ROWS) return;
    const isText = this.#tensor.datatype === "BYTES";
    const cells = Array.from({ length: this.#columns }, (_, column) => {
      const label = `${this.#tensor.name}, row ${index + 1}, value ${column + 1}`;
      const input = element("input", { type: "text", inputmode: isText ? "text" : "decimal", value: values[column] ?? "0", "aria-label": label, autocomplete: "off" });
      input.addEventListener("input", () => this.#changed(false));
      return element("td", {}, input);
    });
    this.#body.append(element("tr", {}, element("th", { scope: "row" }, index + 1), ...cells));
    this.#changed(false);
  }

  #removeRow(): void {
    if (this.#body.rows.length > 1) this.#body.deleteRow(-1);
    this.#changed(false);
  }

  #valueOf({ value }: HTMLInputElement, row: number, column: number): Scalar {
    const { datatype } = this.#tensor;
    if (datatype === "BYTES") return value;
    const number = Number(value);
    const isUsable = value.trim() !== "" && Number.isFinite(number) && (isFloat(datatype) || Number.isInteger(number));
    if (!isUsable) throw new InputError(`Row ${row + 1}, value ${column + 1} must be a ${isFloat(datatype) ? "" : "whole "}number; it is "${value}".`);
    return number;
  }
}
