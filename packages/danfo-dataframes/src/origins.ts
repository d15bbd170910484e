import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { InvalidArgumentError } from "bentoml-core";

/** Rows that a frame has from one caller: a token of the caller's class, if that is not ours. */
export interface Origin {
  readonly token: string | undefined;
  readonly rows: number;
  /** Columns that danfo's frame calls int32: all numbers of a list look alike. */
  readonly whole?: readonly string[];
}

/** Rows in order; undefined stands for rows that are all ours. */
export type Origins = readonly Origin[];

/** A class of frames or series that is not ours. */
export type ForeignClass = new (values: unknown, options: ForeignOptions) => object;

/** Those of danfo's constructors that are used here. */
interface ForeignOptions {
  readonly columns: string[];
  readonly index?: (number | string)[];
  readonly dtypes: string[];
  readonly config?: { readonly lowMemoryMode: boolean };
}

/** A class that values came from. */
export interface KnownClass {
  readonly foreign: ForeignClass;
  readonly kind: "frame" | "series";
}

/** Tells this thread's tokens from those of others, whose classes are not known here. */
let prefix: string | undefined;
const classes: KnownClass[] = [];

/** A name for the class by which this thread, and no other, finds it again. */
export function tokenOf(foreign: ForeignClass, kind: "frame" | "series"): string {
  prefix ??= randomUUID();
  let place = classes.findIndex((known) => known.foreign === foreign && known.kind === kind);
  if (place < 0) place = classes.push({ foreign, kind }) - 1;
  return `${prefix}.${place}`;
}

/** The class that this thread made the token for; undefined for the tokens of others. */
export function classOf(token: string): KnownClass | undefined {
  const [own, place] = token.split(".");
  return own === prefix ? classes[Number(place)] : undefined;
}

/** Neighbours from one caller's class become one; undefined when all rows are ours. */
export function joinOrigins(parts: readonly Origins[]): Origins | undefined {
  const joined: Origin[] = [];
  for (const origin of parts.flat()) {
    const last = joined.at(-1);
    if (last !== undefined && isDeepStrictEqual({ ...last, rows: 0 }, { ...origin, rows: 0 })) joined[joined.length - 1] = { ...last, rows: last.rows + origin.rows };
    else joined.push(origin);
  }
  return joined.some(({ token }) => token !== undefined) ? joined : undefined;
}

/** Where the rows from `start` to `end` come from; no rows come from whoever gave none there, else from where the next one would. */
export function sliceOrigins(origins: Origins | undefined, start: number, end: number): Origins | undefined {
  if (origins === undefined) return undefined;
  const parts: Origin[] = [];
  const touched: Origin[] = [];
  let first = 0;
  for (const origin of origins) {
    const shared = Math.min(end, first + origin.rows) - Math.max(start, first);
    if (shared > 0) parts.push({ ...origin, rows: shared });
    else if (shared === 0 && start === end) touched.push(origin);
    first += origin.rows;
  }
  if (start === end && touched.length > 0) {
    const from = touched.find(({ rows }) => rows === 0) ?? touched.at(-1);
    parts.push({ ...(from as Origin), rows: 0 });
  }
  return parts.some(({ token }) => token !== undefined) ? parts : undefined;
}

/** For columns that have been made anew: what the caller's frame called them tells nothing any more. */
export function withoutWhole(origins: Origins | undefined, names: Iterable<string>): Origins | undefined {
  const changed = new Set(names);
  return origins?.map(({ whole = [], ...origin }) => {
    const left = whole.filter((name) => !changed.has(name));
    return left.length === 0 ? origin : { ...origin, whole: left };
  });
}

/**
 * What came in from another thread or a stranger.
 *
 * @throws InvalidArgumentError when it is no list of origins of so many rows.
 */
export function checkOrigins(value: unknown, rows: number): Origins {
  const origins = Array.isArray(value) ? value.map(originIn) : [];
  const total = origins.reduce((sum, origin) => sum + origin.rows, 0);
  if (total === rows) return origins;
  throw new InvalidArgumentError(`The origins of a frame of ${rows} rows are those of ${total}: send what toPayload made, as it is.`);
}

function originIn(value: unknown): Origin {
  const { token, rows, whole } = (value ?? {}) as Readonly<Record<string, unknown>>;
  const isToken = token === undefined || typeof token === "string";
  const isWhole = whole === undefined || (Array.isArray(whole) && whole.every((name) => typeof name === "string"));
  if (isToken && isWhole && Number.isSafeInteger(rows) && (rows as number) >= 0) return value as Origin;
  throw new InvalidArgumentError("An origin of a frame is no { token, rows }: send what toPayload made, as it is.");
}
