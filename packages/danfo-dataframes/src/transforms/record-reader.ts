import { InvalidArgumentError } from "bentoml-core";

/**
 * Reads the fields of a plain record that came from a user or a file. Every message has the field's path, its value and what is
 * allowed; `end` refuses the fields that nobody has read.
 */
export class RecordReader {
  readonly #read = new Set<string>();

  private constructor(
    private readonly path: string,
    private readonly fields: Readonly<Record<string, unknown>>,
  ) {}

  /** @throws InvalidArgumentError when the value is no plain record. */
  static of(value: unknown, path: string): RecordReader {
    const prototype: unknown = typeof value === "object" && value !== null ? Object.getPrototypeOf(value) : undefined;
    if (prototype === Object.prototype || prototype === null) return new RecordReader(path, value as Readonly<Record<string, unknown>>);
    throw wrong(path, value, "a plain object");
  }

  get(name: string): unknown {
    this.#read.add(name);
    return this.fields[name];
  }

  has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  oneOf<const Choice extends string>(name: string, choices: readonly Choice[], byDefault?: Choice): Choice {
    const value = this.get(name) ?? byDefault;
    if (choices.includes(value as Choice)) return value as Choice;
    throw this.wrong(name, `one of ${choices.map((choice) => JSON.stringify(choice)).join(", ")}`);
  }

  boolean(name: string, byDefault: boolean): boolean {
    const value = this.get(name) ?? byDefault;
    if (typeof value === "boolean") return value;
    throw this.wrong(name, "true or false");
  }

  number(name: string): number {
    const value = this.get(name);
    if (typeof value === "number" && Number.isFinite(value)) return value;
    throw this.wrong(name, "a finite number");
  }

  text(name: string): string {
    const value = this.get(name);
    if (typeof value === "string") return value;
    throw this.wrong(name, "text");
  }

  /** Different texts, one at the least; undefined when the field is not there. */
  names(name: string): readonly string[] | undefined {
    const value = this.get(name);
    if (value === undefined) return undefined;
    const isList = Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === "string");
    if (isList && new Set(value).size === value.length) return value;
    throw this.wrong(name, "a list of names of columns, none twice");
  }

  /** Two numbers, the first below the second; undefined when the field is not there. */
  range(name: string): readonly [number, number] | undefined {
    const value = this.get(name);
    if (value === undefined) return undefined;
    if (Array.isArray(value) && value.length === 2 && value.every(Number.isFinite) && value[0] < value[1]) return [value[0] as number, value[1] as number];
    throw this.wrong(name, "two finite numbers, the first below the second");
  }

  /** A list, whose items are read with their path. */
  list<Item>(name: string, readItem: (item: unknown, path: string) => Item): Item[] {
    const value = this.get(name);
    if (Array.isArray(value)) return value.map((item, place) => readItem(item, `${this.pathOf(name)}[${place}]`));
    throw this.wrong(name, "a list");
  }

  pathOf(name: string): string {
    return `${this.path}.${name}`;
  }

  wrong(name: string, wanted: string): InvalidArgumentError {
    return wrong(this.pathOf(name), this.fields[name], wanted);
  }

  /** @throws InvalidArgumentError that names a field that there is none of, and those that there are. */
  end(): void {
    const unknown = Object.keys(this.fields).find((name) => !this.#read.has(name));
    if (unknown === undefined) return;
    throw new InvalidArgumentError(`${this.pathOf(unknown)} is no field; ${this.path} has ${[...this.#read].join(", ")}.`);
  }
}

function wrong(path: string, value: unknown, wanted: string): InvalidArgumentError {
  return new InvalidArgumentError(`${path} is ${shown(value)}: it must be ${wanted}.`);
}

function shown(value: unknown): string {
  if (typeof value === "bigint" || typeof value === "function" || typeof value === "symbol") return `a ${typeof value}`;
  return value === undefined || typeof value === "number" ? String(value) : JSON.stringify(value);
}
