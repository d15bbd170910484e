import type { StandardJSONSchemaV1, StandardSchemaV1 } from "@standard-schema/spec";
import type { JsonSchema } from "./descriptor.js";

/** A schema of any library that follows Standard Schema: zod, valibot, arktype and others. */
export type ValueSchema<In = unknown, Out = In> = StandardSchemaV1<In, Out>;

/** What a schema made of a value, or what is wrong with it. */
export type Validated<Out> = { readonly value: Out } | { readonly problem: string };

/** Most problems of one value that are told. */
const MOST_TOLD = 5;

export async function validated<Out>(schema: ValueSchema<unknown, Out>, value: unknown): Promise<Validated<Out>> {
  const result = await schema["~standard"].validate(value);
  if (result.issues === undefined) return { value: result.value };
  const told = result.issues.slice(0, MOST_TOLD).map(({ message, path }) => `${pathOf(path)}: ${message}`);
  const more = result.issues.length - told.length;
  return { problem: `${told.join("; ")}${more > 0 ? `; and ${more} more` : ""}` };
}

/** `value.images[0].url` */
function pathOf(path: StandardSchemaV1.Issue["path"]): string {
  const keys = (path ?? []).map((segment) => (typeof segment === "object" ? segment.key : segment));
  return `value${keys.map((key) => (typeof key === "number" ? `[${key}]` : /^[A-Za-z_$][\w$]*$/.test(String(key)) ? `.${String(key)}` : `[${JSON.stringify(String(key))}]`)).join("")}`;
}

/** The JSON Schema of what the schema takes or gives; an open one where its library makes none, or it has none. */
export function jsonSchemaOf(schema: ValueSchema | undefined, side: "input" | "output"): JsonSchema {
  const standard = schema?.["~standard"] as Partial<StandardJSONSchemaV1.Props> | undefined;
  try {
    const { $schema: _dialect, ...described } = standard?.jsonSchema?.[side]({ target: "draft-2020-12" }) ?? {};
    return described;
  } catch {
    // The library says so of what JSON Schema cannot express, such as a transform.
    return {};
  }
}
