/** True for a plain mapping, as YAML gives them. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date) && !(value instanceof Uint8Array);
}

/** The mapping, or an Error that names the key. */
export function expectRecord(value: unknown, key: string): Record<string, unknown> {
  if (!isRecord(value)) throw new Error(`${key} must be a mapping, got ${describe(value)}`);
  return value;
}

/** The text; numbers and booleans, as a person writes them without quotes, become text. */
export function expectText(value: unknown, key: string): string {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean" || typeof value === "bigint") return String(value);
  throw new Error(`${key} must be text, got ${describe(value)}`);
}

/** A mapping of text to text; nothing at all is an empty one. */
export function expectTexts(value: unknown, key: string): Record<string, string> {
  const record = expectRecord(value ?? {}, key);
  return Object.fromEntries(Object.entries(record).map(([name, entry]) => [name, expectText(entry ?? "", `${key}.${name}`)]));
}

function describe(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = typeof value === "bigint" ? String(value) : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
