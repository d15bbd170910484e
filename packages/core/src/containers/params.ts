import { isDeepStrictEqual } from "node:util";
import { COPIES_CONTRACT, isOfAnotherContract } from "../copies/index.js";
import { InvalidArgumentError } from "../errors/index.js";

/** Two installed copies of this package recognise each other's Params by it. */
const BRAND: unique symbol = Symbol.for("bentoml.Params") as never;

/** The arguments of a call: positions first, then keywords. */
export class Params<Value = unknown> {
  /** The arguments that were given by position. */
  readonly args: readonly Value[];
  /** The arguments that were given by keyword. */
  readonly kwargs: Readonly<Record<string, Value>>;

  constructor(args: readonly Value[], kwargs: Readonly<Record<string, Value>> = {}) {
    this.args = args;
    this.kwargs = kwargs;
  }

  /** By it, arguments of another installed copy of this package are recognised. */
  get [BRAND](): number {
    return COPIES_CONTRACT;
  }

  /**
   * True for Params, also of another installed copy of this package.
   *
   * @throws StateError of the code CORE_COPIES for those of a copy that this one cannot work with.
   */
  static isParams(value: unknown): value is Params {
    if (typeof value !== "object" || value === null) return false;
    const contract = (value as { [BRAND]?: unknown })[BRAND];
    return contract === COPIES_CONTRACT || isOfAnotherContract(contract, "Params");
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
   * The arguments that `entries` gave, in any order: numbers are positions, strings are keywords.
   *
   * @throws InvalidArgumentError when a position or keyword comes twice, or positions leave a gap.
   */
  static fromEntries<Value>(entries: Iterable<readonly [number | string, Value]>): Params<Value> {
    const all = [...entries];
    const positions = all.filter((entry): entry is [number, Value] => typeof entry[0] === "number").sort(([left], [right]) => left - right);
    const keywords = all.filter((entry): entry is [string, Value] => typeof entry[0] === "string");
    const wrong = positions.findIndex(([position], index) => position !== index);
    if (wrong >= 0) {
      throw new InvalidArgumentError(`Positions must be 0, 1, … without a gap or a repeat, not ${positions.map(([position]) => position).join(", ")}.`);
    }
    const record = Object.fromEntries(keywords);
    if (Object.keys(record).length !== keywords.length) throw new InvalidArgumentError(`A keyword comes twice in ${keywords.map(([name]) => name).join(", ")}.`);
    return new Params(positions.map(([, value]) => value), record);
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

  /** The inverse of `aggregate`: as many calls as each argument has values. */
  static transpose<Value>(grouped: Params<readonly Value[]>): Params<Value>[] {
    const lengths = grouped.map((values) => values.length);
    if (!lengths.allEqual()) {
      const found = lengths.entries().map(([key, length]) => `${String(key)}: ${String(length)}`);
      throw new InvalidArgumentError(`Arguments of different lengths cannot be transposed: {${found.join(", ")}}.`);
    }
    return Array.from({ length: lengths.sample ?? 0 }, (_unused, index) => grouped.map((values) => values[index] as Value));
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
    if (!this.#hasKeywords) return new Params(args);
    const keywords = Object.entries(this.kwargs).map(([name, value]) => [name, change(value, name)] as const);
    // fromEntries defines own properties, so that a keyword "__proto__" is a keyword like any other.
    return new Params(args, Object.fromEntries(keywords));
  }

  /** Whether all arguments are deeply equal; true when there are none. */
  allEqual(): boolean {
    const { sample } = this;
    return this.entries().every(([, value]) => isDeepStrictEqual(value, sample));
  }

  /** Positions as 0, 1, …, then keywords. */
  entries(): [number | string, Value][] {
    const positions = this.args.map((value, position): [number | string, Value] => [position, value]);
    return this.#hasKeywords ? [...positions, ...Object.entries(this.kwargs)] : positions;
  }

  /** Most calls have none, and asking is cheaper than taking an empty record apart. */
  get #hasKeywords(): boolean {
    for (const _name in this.kwargs) return true;
    return false;
  }
}

declare const KEYWORDS: unique symbol;

/**
 * Keyword arguments with the type of their record, which exists for the compiler alone. The names are a parameter of their own, so
 * that keywords which a method does not have are an error; the values are one so that a keyword may be left out.
 */
export interface Kwargs<Keywords, Names = keyof Keywords, Values = Keywords[keyof Keywords]> extends Params<Values> {
  /** Never there: for the compiler alone. */
  readonly [KEYWORDS]?: { readonly keywords: Keywords; readonly names: Names };
}

/** Keyword arguments of a call: `runner.predict(kwargs({ x, temperature: 0.2 }))`. A plain record would be one positional value. */
export function kwargs<Keywords extends object>(record: Keywords): Kwargs<Keywords> {
  return new Params([], { ...(record as Readonly<Record<string, Keywords[keyof Keywords]>>) });
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
