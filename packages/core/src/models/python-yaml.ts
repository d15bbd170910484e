import { isMap, parseDocument, stringify, type ScalarTag, type Tags } from "yaml";

const TAG = "tag:yaml.org,2002:";

/** Line breaks and controls, which PyYAML folds or refuses when they stand as they are, lone surrogates, its two magic words. */
const UNUSUAL_TEXT = /^(?:=|<<)$|[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

/**
 * YAML as PyYAML's safe loader and dumper understand it, so that a file means the same to Python and to Node. Neither
 * YAML 1.1 nor 1.2 would do: to PyYAML `1e5` is text, `yes` is a boolean, `y` is text. What is text to us is quoted when
 * PyYAML, or a reader of YAML 1.2, would take it for something else.
 */
const scalarTags: ScalarTag[] = [
  {
    tag: `${TAG}null`,
    default: true,
    test: /^(?:~|null|Null|NULL|)$/,
    identify: (value) => value === null,
    resolve: () => null,
    stringify: () => "null",
  },
  {
    tag: `${TAG}bool`,
    default: true,
    test: /^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/,
    identify: (value) => typeof value === "boolean",
    resolve: (text) => /^(?:yes|true|on)$/i.test(text),
    stringify: ({ value }) => String(value),
  },
  {
    tag: `${TAG}int`,
    default: true,
    test: /^(?:[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$/,
    identify: (value) => typeof value === "bigint" || (Number.isSafeInteger(value) && !Object.is(value, -0)),
    resolve: readInteger,
    stringify: ({ value }) => String(value),
  },
  {
    tag: `${TAG}float`,
    default: true,
    test: /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/,
    identify: (value) => typeof value === "number",
    resolve: readFloat,
    stringify: ({ value }) => writeFloat(value as number),
  },
  {
    tag: `${TAG}timestamp`,
    default: true,
    test: /^(?:[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]*)?(?:[ \t]*(?:Z|[-+][0-9]{1,2}(?::[0-9]{2})?))?)$/,
    identify: (value) => value instanceof Date,
    resolve: (text) => parseTimestamp(text),
    stringify: ({ value }) => (value as Date).toISOString().replace("Z", "+00:00"),
  },
  {
    tag: `${TAG}str`,
    default: true,
    test: UNUSUAL_TEXT,
    identify: (value) => typeof value === "string" && UNUSUAL_TEXT.test(value),
    resolve: (text) => text,
    stringify: ({ value }) => escapedText(value as string),
  },
];

/** Of the library's own tags these stay: the two collections, text, and bytes. */
const KEPT_TAGS: readonly string[] = ["map", "seq", "str", "binary"].map((name) => TAG + name);

function pythonTags(library: Tags): Tags {
  return [...library.filter((tag) => typeof tag === "object" && KEPT_TAGS.includes(tag.tag)), ...scalarTags];
}

const options = { schema: "yaml-1.1", customTags: pythonTags, merge: false } as const;

/** Reads a YAML mapping. Throws an Error that says what is wrong and in which line. */
export function readYamlMapping(text: string): Readonly<Record<string, unknown>> {
  const document = parseDocument(text, { ...options, logLevel: "error" });
  const [error] = document.errors;
  if (error !== undefined) throw new Error(error.message.split("\n")[0]);
  if (!isMap(document.contents)) throw new Error("it is not a mapping of keys to values");
  return document.toJS() as Record<string, unknown>;
}

/** Writes YAML in the block style of PyYAML, keys in the order given. */
export function writeYaml(value: Readonly<Record<string, unknown>>): string {
  return stringify(value, { ...options, compat: "core", singleQuote: true, indentSeq: false, lineWidth: 0, aliasDuplicateObjects: false });
}

/** Reads an ISO-8601 time, without offset as UTC; digits beyond the millisecond are dropped. An invalid Date if it is none. */
export function parseTimestamp(text: string): Date {
  const match = /^(\d{4}-\d{1,2}-\d{1,2})(?:(?:[Tt]|[ \t]+)(\d{1,2}):(\d{2}):(\d{2})(?:\.(\d*))?[ \t]*(Z|[-+]\d{1,2}(?::?\d{2})?)?)?$/.exec(text.trim());
  if (match === null) return new Date(Number.NaN);
  const [, day, hour = "0", minute = "00", second = "00", fraction = "", zone = "Z"] = match;
  const [year, month, date] = day!.split("-");
  const iso = `${year}-${month!.padStart(2, "0")}-${date!.padStart(2, "0")}T${hour.padStart(2, "0")}:${minute}:${second}.${fraction.slice(0, 3).padEnd(3, "0")}`;
  return new Date(new Date(`${iso}Z`).getTime() - offsetMinutes(zone) * 60_000);
}

function offsetMinutes(zone: string): number {
  const match = /^([-+])(\d{1,2})(?::?(\d{2}))?$/.exec(zone);
  if (match === null) return 0;
  const minutes = Number(match[2]) * 60 + Number(match[3] ?? "0");
  return match[1] === "-" ? -minutes : minutes;
}

function readInteger(text: string): number | bigint {
  const digits = text.replaceAll("_", "").replace(/^[-+]/, "");
  const sign = text.startsWith("-") ? -1n : 1n;
  let value: bigint;
  if (digits.includes(":")) value = digits.split(":").reduce((sum, part) => sum * 60n + BigInt(part), 0n);
  else if (/^0[0-7]+$/.test(digits)) value = BigInt(`0o${digits.slice(1)}`);
  else value = BigInt(digits);
  const signed = sign * value;
  const asNumber = Number(signed);
  return Number.isSafeInteger(asNumber) ? asNumber : signed;
}

function readFloat(text: string): number {
  const digits = text.replaceAll("_", "").toLowerCase().replace(/^[-+]/, "");
  const sign = text.startsWith("-") ? -1 : 1;
  if (digits === ".inf") return sign * Infinity;
  if (digits === ".nan") return Number.NaN;
  if (digits.includes(":")) return sign * digits.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
  return sign * Number(digits);
}

/** PyYAML takes a number without a point for text, so `1e-7` is written `1.0e-7`. */
function writeFloat(value: number): string {
  if (Number.isNaN(value)) return ".nan";
  if (!Number.isFinite(value)) return value < 0 ? "-.inf" : ".inf";
  const text = Object.is(value, -0) ? "-0" : String(value);
  const [mantissa, exponent] = text.split("e");
  const withPoint = mantissa!.includes(".") ? mantissa! : `${mantissa!}.0`;
  return exponent === undefined ? withPoint : `${withPoint}e${exponent}`;
}

function escapedText(text: string): string {
  return JSON.stringify(text).replace(/[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g, (letter) => {
    return `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}
