/** A JSON schema, as far as a form needs it. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly contentMediaType?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly example?: unknown;
  readonly examples?: readonly unknown[];
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly prefixItems?: readonly Schema[];
  readonly minItems?: number;
  readonly minimum?: number;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
}

/** One form of a body. */
export interface MediaType {
  readonly schema?: Schema;
  readonly example?: unknown;
  readonly examples?: Readonly<Record<string, { readonly value?: unknown }>>;
}

interface Operation {
  readonly "x-bentoml-name"?: string;
  readonly summary?: string;
  readonly description?: string;
  readonly requestBody?: { readonly content?: Readonly<Record<string, MediaType>> };
  readonly responses?: Readonly<Record<string, { readonly content?: Readonly<Record<string, MediaType>> }>>;
}

/** The parts of an OpenAPI document that the page reads. */
export interface OpenApi {
  readonly info: { readonly title: string; readonly version: string; readonly description?: string };
  readonly paths?: Readonly<Record<string, { readonly post?: Operation }>>;
}

/** An API that a form can be made for. */
export interface ApiOperation {
  readonly name: string;
  readonly path: string;
  readonly summary: string;
  readonly description: string;
  /** By media type; none when the API takes no body. */
  readonly takes: readonly (readonly [string, MediaType])[];
  /** Media types of its answers. */
  readonly gives: readonly string[];
}

/** The service's own APIs: those that a server of bentoml names. */
export function apiOperations(document: OpenApi): ApiOperation[] {
  return Object.entries(document.paths ?? {}).flatMap(([path, { post }]) => {
    const name = post?.["x-bentoml-name"];
    if (post === undefined || name === undefined) return [];
    return {
      name,
      path,
      summary: post.summary ?? "",
      description: post.description ?? "",
      takes: Object.entries(post.requestBody?.content ?? {}),
      gives: Object.keys(post.responses?.["200"]?.content ?? {}),
    };
  });
}

const DEEPEST = 8;

/** A schema by its reference, which is looked up in the document. */
export function resolved(schema: Schema, document: unknown): Schema {
  let current = schema;
  for (let hops = 0; current.$ref !== undefined && hops < DEEPEST; hops++) current = schemaAtPointer(current.$ref, document);
  return current;
}

function schemaAtPointer(reference: string, document: unknown): Schema {
  const parts = reference.replace(/^#\/?/, "").split("/").filter((part) => part !== "");
  let value: unknown = document;
  for (const part of parts) {
    const key = decodeURIComponent(part).replaceAll("~1", "/").replaceAll("~0", "~");
    value = typeof value === "object" && value !== null && Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined;
  }
  return value ?? {};
}

/** A value to begin with: what the document gives as an example, else one that its schema allows. */
export function exampleOf(media: MediaType, document: unknown): unknown {
  const [first] = Object.values(media.examples ?? {});
  return media.example ?? first?.value ?? sampleOf(media.schema ?? {}, document, 0);
}

export function sampleOf(given: Schema, document: unknown, depth: number): unknown {
  const schema = resolved(given, document);
  const [example] = schema.examples ?? [];
  const [choice] = schema.enum ?? [];
  const told = schema.const ?? schema.default ?? schema.example ?? example ?? choice;
  if (told !== undefined) return told;
  const [alternative] = schema.anyOf ?? schema.oneOf ?? schema.allOf ?? [];
  if (alternative !== undefined && depth < DEEPEST) return sampleOf(alternative, document, depth + 1);
  return sampleOfType(schema, document, depth);
}

function sampleOfType(schema: Schema, document: unknown, depth: number): unknown {
  const type = typeof schema.type === "object" ? schema.type[0] : schema.type;
  if (schema.properties !== undefined || type === "object") {
    const properties = depth < DEEPEST ? Object.entries(schema.properties ?? {}) : [];
    return Object.fromEntries(properties.map(([name, property]) => [name, sampleOf(property, document, depth + 1)]));
  }
  if (type === "array" || schema.items !== undefined) return sampleList(schema, document, depth);
  if (type === "integer" || type === "number") return Math.max(schema.minimum ?? 0, 0);
  if (type === "boolean") return false;
  return type === "string" ? "text" : {};
}

function sampleList({ prefixItems = [], items, minItems = 1 }: Schema, document: unknown, depth: number): unknown[] {
  if (depth >= DEEPEST) return [];
  const length = Math.max(prefixItems.length, Math.min(minItems, 64));
  return Array.from({ length }, (_, index) => sampleOf(prefixItems[index] ?? items ?? {}, document, depth + 1));
}
