/** A number is a place in a list, a string the name of a property, `text` anything else as it is to be shown. */
export type PathStep = number | string | { readonly text: string };

/** Where in a nested value a reader is, for error messages: `value.rows[2]`. Words are made only when an error needs them. */
export class ValuePath {
  readonly #steps: PathStep[] = [];

  get depth(): number {
    return this.#steps.length;
  }

  enter(step: PathStep): void {
    this.#steps.push(step);
  }

  leave(): void {
    this.#steps.pop();
  }

  toString(): string {
    return `value${this.#steps.map(describeStep).join("")}`;
  }
}

function describeStep(step: PathStep): string {
  if (typeof step === "number") return `[${String(step)}]`;
  if (typeof step === "object") return step.text;
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`;
}
