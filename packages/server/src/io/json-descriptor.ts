import { InvalidArgumentError } from "bentoml-core";
import type { DescribedBody, DescribedContent, IoDescriptor, PartDescriptor, ReceivedContent, WrittenContent } from "./descriptor.js";
import { checkDepth } from "./json-depth.js";
import { jsonText } from "./json-text.js";
import { jsonSchemaOf, validated, type ValueSchema } from "./standard-schema.js";
import { jsonOf, textOf } from "./text-bytes.js";

/** What `io.json` takes besides a schema. */
export interface JsonOptions {
  /** For OpenAPI. */
  readonly example?: unknown;
}

export const JSON_TYPES: readonly string[] = ["application/json", "text/json"];

/** A value as JSON, checked by a schema where there is one: `Given` is what it takes, `Checked` what it makes of it. */
export class JsonDescriptor<Given, Checked> implements IoDescriptor<Checked, Given>, PartDescriptor<Given> {
  readonly kind: string = "JSON";
  readonly mediaTypes: readonly string[] = JSON_TYPES;
  readonly requestBody: DescribedBody;
  readonly responseBody: DescribedBody;
  readonly #schema: ValueSchema<Given, Checked> | undefined;

  constructor(schema: ValueSchema<Given, Checked> | undefined, { example }: JsonOptions) {
    const described = (side: "input" | "output"): DescribedContent => ({ schema: jsonSchemaOf(schema, side), ...(example === undefined ? {} : { example }) });
    this.#schema = schema;
    this.requestBody = { "application/json": described("input") };
    this.responseBody = { "application/json": described("output") };
  }

  async read(content: ReceivedContent): Promise<Checked> {
    const text = textOf(content);
    checkDepth(text);
    const value = jsonOf(text);
    if (this.#schema === undefined) return value as Checked;
    const result = await validated(this.#schema, value);
    if ("problem" in result) throw new InvalidArgumentError(`the body does not fit: ${result.problem}`);
    return result.value;
  }

  async write(value: Given): Promise<WrittenContent> {
    if (this.#schema === undefined) return { mediaType: "application/json", body: jsonText(value) };
    const result = await validated(this.#schema, value);
    if ("problem" in result) throw new TypeError(`the answer does not fit: ${result.problem}`);
    return { mediaType: "application/json", body: jsonText(result.value) };
  }
}
