import type { TensorSummary } from "../src/page/page-data.js";
import { element, freshId } from "./element.js";
import { parseTensor, tensorText, type TensorValue } from "./tensor-value.js";
import type { FieldListener, TensorField } from "./tensor-field.js";

/** Browsers take seconds to show a text of more values. */
const MOST_SHOWN = 20_000;

/** A tensor as nested lists of JSON. */
export class JsonField implements TensorField {
  readonly node: HTMLElement;
  readonly #tensor: TensorSummary;
  readonly #text: HTMLTextAreaElement;
  /** What stands for the text while it is too long to show. */
  #hidden: TensorValue | undefined;

  constructor(tensor: TensorSummary, changed: FieldListener) {
    this.#tensor = tensor;
    const id = freshId("json");
    this.#text = element("textarea", { id, rows: 6, spellcheck: "false", autocomplete: "off", class: "code" });
    this.#text.addEventListener("input", () => {
      this.#hidden = undefined;
      changed(false);
    });
    this.node = element("div", {}, element("label", { for: id, class: "quiet" }, `Nested lists for ${tensor.name}`), this.#text);
  }

  read(): TensorValue {
    return this.#hidden ?? parseTensor(this.#text.value, this.#tensor);
  }

  write(value: TensorValue): void {
    this.#hidden = value.data.length > MOST_SHOWN ? value : undefined;
    this.#text.value = this.#hidden === undefined ? tensorText(value) : "";
    this.#text.placeholder = this.#hidden === undefined ? "" : `${value.data.length} values, too many to show. Paste your own here.`;
    this.#text.rows = Math.min(14, Math.max(3, this.#text.value.split("\n").length));
  }
}
