import { InvalidArgumentError } from "../errors/index.js";
import { NdArray } from "../ndarray/index.js";

/**
 * Labels for model.yaml: text to text. Numbers, bigints and booleans become text, with one process warning of the code
 * `BENTOML_LABELS_CONVERTED`, as in the Python original. Throws InvalidArgumentError that names the label for anything else.
 */
export function checkedLabels(labels: Readonly<Record<string, string>>): Record<string, string> {
  if (!isPlainRecord(labels)) throw new InvalidArgumentError("labels must be a plain object of text to text.");
  const entries: readonly (readonly [string, unknown])[] = Object.entries(labels);
  const converted = entries.filter(([, value]) => typeof value !== "string").map(([key]) => key);
  const checked = entries.map(([key, value]) => [key, labelText(key, value)]);
  if (converted.length > 0) {
    process.emitWarning(`Labels are text, and were changed to it: ${converted.join(", ")}. Numbers can be kept in metadata.`, {
      type: "BentoMLWarning",
      code: "BENTOML_LABELS_CONVERTED",
    });
  }
  return Object.fromEntries(checked) as Record<string, string>;
}

function labelText(key: string, value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "bigint" || typeof value === "boolean") return String(value);
  throw new InvalidArgumentError(`labels.${key} must be text, got ${describe(value)}. Put what is no text into metadata.`);
}

/**
 * Metadata or options as model.yaml can hold them: text, numbers, bigints, booleans, Dates, bytes (Uint8Array), and arrays
 * and plain objects of them. Other typed arrays and NdArrays become (nested) lists. Keys whose value is `undefined` are left out. `null` is
 * refused in metadata, because Python refuses to open such a model. Never changes its argument. Throws InvalidArgumentError
 * that names the key.
 */
export function checkedData(value: Readonly<Record<string, unknown>>, key: string, nullAllowed: boolean): Record<string, unknown> {
  if (!isPlainRecord(value)) throw new InvalidArgumentError(`${key} must be a plain object.`);
  return dataRecord(value, { key, nullAllowed, parents: [] });
}

interface Place {
  readonly key: string;
  readonly nullAllowed: boolean;
  /** The objects that hold this value, to notice a cycle. */
  readonly parents: readonly object[];
}

function dataRecord(value: Readonly<Record<string, unknown>>, place: Place): Record<string, unknown> {
  const entries = Object.entries(value).filter(([, entry]) => entry !== undefined);
  return Object.fromEntries(entries.map(([name, entry]) => [name, dataValue(entry, within(place, value, `.${name}`))]));
}

function dataValue(value: unknown, place: Place): unknown {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean" || typeof value === "bigint") return value;
  if (value === null && place.nullAllowed) return null;
  if (typeof value === "object" && value !== null) {
    if (place.parents.includes(value)) throw new InvalidArgumentError(`${place.key} contains itself, which a model.yaml cannot hold.`);
    if (value instanceof Date) return validDate(value, place.key);
    if (value instanceof Uint8Array) return Buffer.from(value);
    if (NdArray.isNdArray(value)) return value.toNested();
    if (ArrayBuffer.isView(value) && !(value instanceof DataView)) return Array.from(value as unknown as ArrayLike<number | bigint>);
    if (Array.isArray(value)) return value.map((entry, index) => dataValue(entry, within(place, value, `[${index}]`)));
    if (isPlainRecord(value)) return dataRecord(value, place);
  }
  throw new InvalidArgumentError(
    `${place.key} is ${describe(value)}, which a model.yaml cannot hold. Use text, numbers, booleans, dates, bytes, and arrays and plain objects of them.`,
  );
}

function within(place: Place, parent: object, step: string): Place {
  return { ...place, key: place.key + step, parents: [...place.parents, parent] };
}

function validDate(value: Date, key: string): Date {
  if (Number.isNaN(value.getTime())) throw new InvalidArgumentError(`${key} is an invalid Date.`);
  return value;
}

function isPlainRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value !== "object") return `a ${typeof value}`;
  return `an instance of ${(value.constructor as { name?: string } | undefined)?.name ?? "a class"}`;
}
