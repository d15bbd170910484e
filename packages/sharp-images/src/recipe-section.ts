import { InvalidArgumentError } from "bentoml-core";

/**
 * Reads the fields of one record of a recipe. Every message has the field's path, the value that it has, and what is allowed;
 * `end` refuses the fields that nobody has read.
 */
export class RecipeSection {
  readonly #known = new Set<string>();

  private constructor(
    private readonly path: string,
    private readonly fields: Readonly<Record<string, unknown>>,
  ) {}

  /** @throws InvalidArgumentError when the value is no plain record. */
  static of(value: unknown, path: string, example?: string): RecipeSection {
    const prototype: unknown = typeof value === "object" && value !== null ? Object.getPrototypeOf(value) : undefined;
    if (prototype !== Object.prototype && prototype !== null) throw wrong(path, value, example === undefined ? "a plain object" : `a plain object, such as ${example}`);
    return new RecipeSection(path, value as Readonly<Record<string, unknown>>);
  }

  has(name: string): boolean {
    return this.fields[name] !== undefined;
  }

  /** The field as it is, to be checked by the caller. */
  raw(name: string): unknown {
    this.#known.add(name);
    return this.fields[name];
  }

  /** @param example For the message to whoever gives something else. */
  section(name: string, example?: string): RecipeSection | undefined {
    const value = this.raw(name);
    return value === undefined ? undefined : RecipeSection.of(value, this.pathOf(name), example);
  }

  boolean(name: string, byDefault: boolean): boolean {
    const value = this.raw(name) ?? byDefault;
    if (typeof value === "boolean") return value;
    throw this.wrong(name, "true or false");
  }

  oneOf<const Choice extends string | number>(name: string, choices: readonly Choice[], byDefault: Choice): Choice {
    const value = this.raw(name) ?? byDefault;
    if (choices.includes(value as Choice)) return value as Choice;
    throw this.wrong(name, `one of ${choices.map((choice) => JSON.stringify(choice)).join(", ")}`);
  }

  whole(name: string, least: number, most: number): number | undefined {
    const value = this.raw(name);
    if (value === undefined) return undefined;
    if (Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most) return value as number;
    throw this.wrong(name, `a whole number from ${least.toLocaleString("en")} to ${most.toLocaleString("en")}`);
  }

  number(name: string, byDefault: number, what: string, allowed: (value: number) => boolean): number {
    const value = this.raw(name) ?? byDefault;
    if (typeof value === "number" && Number.isFinite(value) && allowed(value)) return value;
    throw this.wrong(name, what);
  }

  /** A colour of six hexadecimal digits. */
  colour(name: string, byDefault?: string): string {
    const value = this.raw(name) ?? byDefault;
    if (typeof value === "string" && /^#[0-9a-f]{6}$/i.test(value)) return value.toLowerCase();
    throw this.wrong(name, 'a colour such as "#ffffff"');
  }

  wrong(name: string, wanted: string): InvalidArgumentError {
    return wrong(this.pathOf(name), this.fields[name], wanted);
  }

  /** @throws InvalidArgumentError that names a field that there is none of, and those that there are. */
  end(): void {
    const unknown = Object.keys(this.fields).find((name) => !this.#known.has(name));
    if (unknown === undefined) return;
    throw new InvalidArgumentError(`${this.pathOf(unknown)} is no field of a recipe; ${this.path} has ${[...this.#known].join(", ")}.`);
  }

  private pathOf(name: string): string {
    return `${this.path}.${name}`;
  }
}

function wrong(path: string, value: unknown, wanted: string): InvalidArgumentError {
  return new InvalidArgumentError(`${path} is ${shown(value)}: it must be ${wanted}.`);
}

function shown(value: unknown): string {
  if (typeof value === "bigint" || typeof value === "function" || typeof value === "symbol") return `a ${typeof value}`;
  return value === undefined || typeof value === "number" ? String(value) : JSON.stringify(value);
}
