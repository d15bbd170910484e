import type { JsonSchema } from "./descriptor.js";

/** A schema as it has to be where `pointer` says, such as "#/properties/image": its references to its own parts are from there. */
export function schemaAt(schema: JsonSchema, pointer: string): JsonSchema {
  return moved(schema, pointer) as JsonSchema;
}

function moved(value: unknown, pointer: string): unknown {
  if (Array.isArray(value)) return value.map((item) => moved(item, pointer));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]: [string, unknown]) => [key, key === "$ref" && typeof item === "string" && item.startsWith("#") ? pointer + item.slice(1) : moved(item, pointer)]),
  );
}

/** A part of a JSON pointer. */
export function pointerPart(key: string): string {
  return encodeURI(key.replaceAll("~", "~0").replaceAll("/", "~1"));
}
