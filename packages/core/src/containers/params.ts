import { InvalidArgumentError } from "../errors/index.js";

/** Two installed copies of this package recognise each other's Params by it. */
const BRAND: unique symbol = Symbol.for("bentoml.Params") as never;

/** The arguments of a call: positions first, then keywords. */
export class Params<Value = unknown> {
  readonly args: readonly Value[];
  readonly kwargs: Readonly<Record<string, Value>>;

  constructor(args: readonly Value[], kwargs: Readonly<Record<string, Value>> = {}) {
    this.args = args;
    this.kwargs = kwargs;
  }

  get [BRAND](): true {
    return true;
  }

  /** True for Params, also of another installed copy of this package. */
  static isParams(value: unknown): value is Params {
    return typeof value === "object" && value !== null && (value as { [BRAND]?: unknown })[BRAND] === true;
  }

  /**
   * The arguments of a call as written: values by position, and keywords if the last one is `kwargs({ … })`.
   *
   * @throws InvalidArgumentError when keywords come before a position.
   */
  static of(...values: readonly unknown[]): Params {
    for (let index = 0; index < values.length - 1; index++) {
      if (Params.isParams(values[index])) {
        throw new InvalidArgumentError(`Keywords must come last, but kwargs(…) is argument ${String(index)} of ${String(values.length)}.`);
      }
    }
    const last = values[values.length - 1];
    if (!Params.isParams(last)) return new Params(values);
    return new Params([...values.slice(0, -1), ...last.args], last.kwargs);
  }

  /**
   * Groups the values of many calls argument by argument.
   *
   * @throws InvalidArgumentError when the calls differ in their arguments: none is dropped.
   */
  static aggregate<Value, Group>(calls: readonly Params<Value>[], group: (values: readonly Value[], key: number | string) => Group): Params<Group> {
    const [first] = calls;
    if (first === undefined) return new Params([]);
    for (const call of calls) checkSameArguments(first, call);
    return first.map((_value, key) => group(calls.map((call) => call.get(key) as Value), key));
  }

  /** Number of arguments. */
  get size(): number {
    return this.args.length + Object.keys(this.kwargs).length;
  }

  /** The first position, else the first keyword, else undefined. */
  get sample(): Value | undefined {
    if (this.args.length > 0) return this.args[0];
    for (const name in this.kwargs) return this.kwargs[name];
    return undefined;
  }

  /** The argument at a position or of a keyword. */
  get(key: number | string): Value | undefined {
    if (typeof key === "number") return this.args[key];
    return Object.hasOwn(this.kwargs, key) ? this.kwargs[key] : undefined;
  }

  /** The same positions and keywords with changed values; goes through them as `entries` does. */
  map<Mapped>(change: (value: Value, key: number | string) => Mapped): Params<Mapped> {
    const args = this.args.map(change);
    const keywords = Object.entries(this.kwargs).map(([name, value]) => [name, change(value, name)] as const);
    // fromEntries defines own properties, so that a keyword "__proto__" is a keyword like any other.
    return new Params(args, Object.fromEntries(keywords));
  }

  /** Positions as 0, 1, …, then keywords. */
  entries(): [number | string, Value][] {
    return [...this.args.entries(), ...Object.entries(this.kwargs)];
  }
}

/** Keyword arguments of a call: `runner.predict(kwargs({ x, temperature: 0.2 }))`. A plain record would be one positional value. */
export function kwargs<Value>(record: Readonly<Record<string, Value>>): Params<Value> {
  return new Params<Value>([], { ...record });
}

function checkSameArguments(first: Params, other: Params): void {
  const names = Object.keys(first.kwargs);
  const same = first.args.length === other.args.length && first.size === other.size && names.every((name) => Object.hasOwn(other.kwargs, name));
  if (same) return;
  throw new InvalidArgumentError(
    `Calls with different arguments cannot be joined: ${describeArguments(first)} and ${describeArguments(other)}.`,
  );
}

function describeArguments(params: Params): string {
  return `(${params.entries().map(([key]) => String(key)).join(", ")})`;
}
