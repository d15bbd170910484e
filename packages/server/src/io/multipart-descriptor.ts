import { Buffer } from "node:buffer";
import { randomUUID } from "node:crypto";
import { InvalidArgumentError, isBentoMLError } from "bentoml-core";
import type { DescribedBody, InputDescriptor, IoDescriptor, OutputDescriptor, PartDescriptor, ReceivedContent, WantedContent, WrittenContent } from "./descriptor.js";
import { FORM_TYPE, formParts, type FormPart } from "./form-parts.js";
import { isOneOf } from "./media-type.js";
import { pointerPart, schemaAt } from "./schema-at.js";

/** The descriptor of each field by its name. */
export type FieldDescriptors = Readonly<Record<string, InputDescriptor<unknown> & PartDescriptor<never>>>;
/** What a handler gets of them. */
export type FieldsRead<Fields extends FieldDescriptors> = { readonly [Name in keyof Fields]: Fields[Name] extends InputDescriptor<infer In> ? In : never };
/** What it gives for them. */
export type FieldsWritten<Fields extends FieldDescriptors> = { readonly [Name in keyof Fields]: Fields[Name] extends OutputDescriptor<infer Out> ? Out : never };

/** A form of named fields, all of them needed. */
export class MultipartDescriptor<Fields extends FieldDescriptors> implements IoDescriptor<FieldsRead<Fields>, FieldsWritten<Fields>>, PartDescriptor<FieldsWritten<Fields>> {
  readonly kind: string = "Multipart";
  readonly mediaTypes: readonly string[] = [FORM_TYPE];
  readonly takesUntyped: boolean = false;
  readonly requestBody: DescribedBody;
  readonly responseBody: DescribedBody;
  readonly #fields: Fields;

  /** @throws InvalidArgumentError for no fields, and for a form in a form. */
  constructor(fields: Fields) {
    if (Object.keys(fields).length === 0) throw new InvalidArgumentError("io.multipart() needs a field at least, such as { image: io.image() }");
    const nested = Object.entries(fields).find(([, field]) => field instanceof MultipartDescriptor);
    if (nested !== undefined) throw new InvalidArgumentError(`the field "${nested[0]}" is a form in a form, which clients cannot send: give its fields here`);
    this.#fields = fields;
    this.requestBody = describe(Object.entries(fields).map(([name, { requestBody }]) => [name, requestBody]));
    this.responseBody = describe(Object.entries(fields).map(([name, { responseBody }]) => [name, responseBody]));
  }

  async read(content: ReceivedContent): Promise<FieldsRead<Fields>> {
    const parts = this.#byName(await formParts(content));
    const values: [string, unknown][] = [];
    for (const [name, field] of Object.entries(this.#fields)) values.push([name, await readField(name, field, parts.get(name) as FormPart)]);
    return Object.fromEntries(values) as FieldsRead<Fields>;
  }

  async write(value: FieldsWritten<Fields>, wanted: WantedContent): Promise<WrittenContent> {
    const boundary = randomUUID();
    const pieces: Uint8Array[] = [];
    for (const [name, field] of Object.entries(this.#fields)) {
      const { mediaType, body } = await field.write((value as Readonly<Record<string, unknown>>)[name] as never, wanted);
      pieces.push(Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${quotable(name)}"\r\nContent-Type: ${mediaType}\r\n\r\n`), Buffer.from(body as Uint8Array), Buffer.from("\r\n"));
    }
    pieces.push(Buffer.from(`--${boundary}--\r\n`));
    return { mediaType: `${FORM_TYPE}; boundary=${boundary}`, body: Buffer.concat(pieces) };
  }

  #byName(parts: readonly FormPart[]): ReadonlyMap<string, FormPart> {
    const wanted = Object.keys(this.#fields);
    const found = new Map<string, FormPart>();
    for (const part of parts) {
      const name = JSON.stringify(part.name.slice(0, 80));
      if (!wanted.includes(part.name)) throw new InvalidArgumentError(`there is no field ${name}: the form has the fields ${wanted.join(", ")}`);
      if (found.has(part.name)) throw new InvalidArgumentError(`the field ${name} is there twice`);
      found.set(part.name, part);
    }
    const missing = wanted.filter((name) => !found.has(name));
    if (missing.length > 0) throw new InvalidArgumentError(`the form lacks the field ${missing.map((name) => JSON.stringify(name)).join(", ")}`);
    return found;
  }
}

async function readField(name: string, field: InputDescriptor<unknown>, part: FormPart): Promise<unknown> {
  const { mediaType } = part;
  const mediaTypes = field.mediaTypes.filter((type) => type !== FORM_TYPE);
  const isRead = mediaType === undefined ? field.takesUntyped !== false : isOneOf(mediaType.name, mediaTypes);
  if (!isRead) throw new InvalidArgumentError(`the field "${name}" is ${mediaType?.name ?? "without a type"}: send it as ${mediaTypes.join(", ")}`);
  try {
    return await field.read(part);
  } catch (error) {
    if (!isBentoMLError(error)) throw error;
    throw new InvalidArgumentError(`the field "${name}": ${error.message}`, { code: error.code, httpStatus: error.httpStatus, cause: error });
  }
}

function describe(fields: readonly (readonly [string, DescribedBody])[]): DescribedBody {
  const usual = fields.flatMap(([name, body]) => Object.entries(body).slice(0, 1).map(([mediaType, content]) => ({ name, mediaType, content })));
  const properties = usual.map(({ name, content }) => [name, schemaAt(content.schema, `#/properties/${pointerPart(name)}`)]);
  const encoding = fields.map(([name, body]) => [name, { contentType: Object.keys(body).join(", ") }]);
  const hasExamples = usual.every(({ content }) => content.example !== undefined);
  const example: unknown = Object.fromEntries(usual.map(({ name, content }) => [name, content.example]));
  return {
    [FORM_TYPE]: {
      schema: { type: "object", properties: Object.fromEntries(properties) as unknown, required: fields.map(([name]) => name), additionalProperties: false },
      encoding: Object.fromEntries(encoding) as Readonly<Record<string, { readonly contentType: string }>>,
      ...(hasExamples ? { example } : {}),
    },
  };
}

/** A name as HTML forms write it. */
function quotable(name: string): string {
  return name.replace(/["\r\n]/g, (character) => `%${character.charCodeAt(0).toString(16).padStart(2, "0").toUpperCase()}`);
}
