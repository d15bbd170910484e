import { Buffer } from "node:buffer";
import type { OpenReply } from "./connections.js";
import { eventData } from "./event-stream.js";
import { parseExactly } from "./exact-json.js";
import type { OutgoingRequest } from "./exchange.js";
import type { ModelRequestOptions } from "./infer-call.js";
import type { GenerateRecord } from "./server-answers.js";
import { jsonText, modelPath, type ServerCalls } from "./server-calls.js";
import { badReply, saidError, serverError } from "./server-errors.js";

/** Runs a model by the generate extension for exactly one response. */
export async function generate(calls: ServerCalls, modelName: string, record: GenerateRecord, options: ModelRequestOptions): Promise<GenerateRecord> {
  const path = `${modelPath(modelName, options.modelVersion)}/generate`;
  const content = { path, body: jsonText(record), headers: { "content-type": "application/json" }, isIdempotent: false };
  const body = await calls.post(content, options, (reply) => reply.body);
  const response = parsed(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("utf8"));
  // Triton's answer for a model that gave more than one response: its status is 200.
  if (isError(response)) throw saidError({ method: "POST", path, origin: calls.options.origin }, response);
  return response;
}

/** The same for any number of responses, which come as events. `json` is the text of the record. */
export function generateStream(
  calls: ServerCalls,
  modelName: string,
  json: string,
  options: ModelRequestOptions,
): AsyncGenerator<GenerateRecord, void, undefined> {
  return calls.stream(`${modelPath(modelName, options.modelVersion)}/generate_stream`, json, options, responses);
}

async function* responses({ status, body }: OpenReply, { place }: OutgoingRequest): AsyncGenerator<GenerateRecord, void, undefined> {
  // What fails before the first response has a status of its own, also where it is written as an event.
  if (status < 200 || status >= 300) throw serverError(place, status, withoutEventFrame(await wholeOf(body)));
  for await (const data of eventData(body)) {
    const response = parsed(data);
    if (isError(response)) throw saidError(place, response);
    yield response;
  }
}

function isError(response: GenerateRecord): response is { readonly error: unknown } {
  return "error" in response && Object.keys(response).length === 1;
}

function parsed(data: string): GenerateRecord {
  try {
    return recordOf(JSON.parse(data), data);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  try {
    return recordOf(parseExactly(data), data);
  } catch (error) {
    throw badReply(`the JSON of a response is broken: ${(error as Error).message}`, error);
  }
}

function recordOf(value: unknown, data: string): GenerateRecord {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as GenerateRecord;
  throw badReply(`a response is no JSON object: ${data.slice(0, 200)}`);
}

async function wholeOf(body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function withoutEventFrame(body: Buffer): Buffer {
  const text = body.toString("utf8");
  return text.startsWith("data:") ? Buffer.from(text.slice("data:".length).trim()) : body;
}
