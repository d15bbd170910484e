import { Buffer } from "node:buffer";
import { NdArray, Params } from "bentoml-core";

/** A call of the table as a request to the service of `fixtures/forwarding.mjs`. */
export interface ForwardedCall {
  readonly path: string;
  readonly body: string | Uint8Array<ArrayBuffer> | FormData;
  readonly headers: Readonly<Record<string, string>>;
}

const JSON_HEADERS = { "Content-Type": "application/json" };

/** Undefined for a call that neither JSON, nor one array, nor a form of arrays can say. */
export function forwarded(method: string, args: readonly unknown[]): ForwardedCall | undefined {
  const [first, second] = args;
  if (isJson(args)) return { path: `/json/${method}`, body: JSON.stringify(args), headers: JSON_HEADERS };
  if (args.length === 1 && NdArray.isNdArray(first)) {
    const { dtype, shape } = first;
    return { path: `/array/${method}`, body: bytesOf(first), headers: { "Content-Type": "application/octet-stream", Accept: "application/octet-stream", "Payload-Meta": JSON.stringify({ dtype, shape }) } };
  }
  if (args.length === 2 && NdArray.isNdArray(first)) return form(NdArray.isNdArray(second) ? "forms" : "form", method, { x: first, factor: second });
  const fields = first instanceof Params ? first.kwargs : first;
  return args.length === 1 && isPlain(fields) && Object.values(fields).some((field) => NdArray.isNdArray(field)) ? form("form", method, fields) : undefined;
}

/** What is said of an answer, and of what was expected, to be compared. */
export async function answerOf(response: Response): Promise<unknown> {
  const type = response.headers.get("Content-Type") ?? "";
  if (type.startsWith("application/octet-stream")) return { meta: JSON.parse(response.headers.get("Payload-Meta") ?? "") as unknown, bytes: Buffer.from(await response.arrayBuffer()).toString("hex") };
  if (type.startsWith("multipart/")) return fieldsOf(await response.text(), type.split("boundary=")[1] ?? "");
  return response.json();
}

/** The fields of a form, each of them JSON. */
function fieldsOf(text: string, boundary: string): Readonly<Record<string, unknown>> {
  const parts = text.split(`--${boundary}`).slice(1, -1);
  return Object.fromEntries(
    parts.map((part) => {
      const [head = "", body = ""] = part.split("\r\n\r\n");
      return [/name="([^"]*)"/.exec(head)?.[1] ?? "", JSON.parse(body) as unknown];
    }),
  );
}

/** The same of a value of the table, for an answer of this type. */
export function expectedAnswer(value: unknown, type: string): unknown {
  if (NdArray.isNdArray(value)) {
    const { dtype, shape } = value;
    return type.startsWith("application/json") ? value.toNested() : { meta: { dtype, shape: [...shape] }, bytes: Buffer.from(bytesOf(value)).toString("hex") };
  }
  if (isPlain(value) && Object.values(value).some((field) => NdArray.isNdArray(field))) return Object.fromEntries(Object.entries(value).map(([name, array]) => [name, (array as NdArray).toNested()]));
  return value;
}

/** Whether JSON gives back what it is given. */
export function isJson(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(isJson);
  if (isPlain(value)) return Object.values(value).every(isJson);
  return value === null || typeof value === "boolean" || typeof value === "string" || (typeof value === "number" && Number.isFinite(value) && !Object.is(value, -0));
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

function form(kind: string, method: string, fields: Readonly<Record<string, unknown>>): ForwardedCall {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    body.append(name, new Blob([JSON.stringify(NdArray.isNdArray(value) ? value.toNested() : value)], { type: "application/json" }));
  }
  return { path: `/${kind}/${method}`, body, headers: {} };
}

/** Row-major, little-endian; strings each with its length in front. */
function bytesOf(array: NdArray): Uint8Array<ArrayBuffer> {
  const { data } = array;
  if (ArrayBuffer.isView(data)) return Uint8Array.from(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  const parts = data.flatMap((text) => {
    const bytes = Buffer.from(text);
    const length = Buffer.alloc(4);
    length.writeUInt32LE(bytes.length);
    return [length, bytes];
  });
  return Uint8Array.from(Buffer.concat(parts));
}
