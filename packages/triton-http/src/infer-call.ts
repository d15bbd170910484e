import { InvalidArgumentError } from "bentoml-core";
import { compressed, expanded, isCompression, type Compression } from "./compression.js";
import type { Reply } from "./exchange.js";
import { encodeInferRequest, type InferInputs, type InferRequestOptions } from "./infer-request.js";
import { InferResult } from "./infer-result.js";
import { badReply } from "./server-errors.js";
import { modelPath, type RequestOptions, type ServerCalls } from "./server-calls.js";

/** What every request that runs a model may say. */
export interface ModelRequestOptions extends RequestOptions {
  /** Default: the one that the server chooses, which is the latest. */
  readonly modelVersion?: string;
}

/** How an infer request travels. */
export interface InferTransferOptions extends ModelRequestOptions {
  /** How the request's body is compressed. Default: not at all. */
  readonly requestCompression?: Compression;
  /** Asked for; the server decides. */
  readonly responseCompression?: Compression;
  /** Whether the request may be sent again when its connection breaks before an answer: it may then run twice. Default false. */
  readonly idempotent?: boolean;
}

/** What an infer request says beside its inputs, and how it travels. */
export interface InferOptions extends InferTransferOptions, InferRequestOptions {}

interface InferCallOptions extends InferOptions {
  /** Form of inputs and outputs that do not say theirs. Default: the client's. */
  readonly binary?: boolean;
}

const HEADER_LENGTH = "inference-header-content-length";

/** Sends an infer request. The inputs are read now; what is wrong with them is told as a rejection. */
export function infer(calls: ServerCalls, modelName: string, inputs: InferInputs, options: InferCallOptions): Promise<InferResult> {
  try {
    const { body, headerLength } = encodeInferRequest(inputs, options, options.binary ?? calls.options.encoding !== "json");
    const headers: Record<string, string> = { "content-type": headerLength === undefined ? "application/json" : "application/octet-stream" };
    if (headerLength !== undefined) headers[HEADER_LENGTH] = String(headerLength);
    return post(calls, modelName, body, headers, options);
  } catch (error) {
    return Promise.reject(error);
  }
}

/** Sends the bytes of a model's only input without any JSON: the server takes its shape from the model's configuration. */
export async function inferRaw(calls: ServerCalls, modelName: string, bytes: Uint8Array, options: InferTransferOptions): Promise<InferResult> {
  return post(calls, modelName, bytes, { "content-type": "application/octet-stream", [HEADER_LENGTH]: "0" }, options);
}

/** Without a step that waits where none is needed: small requests are as many as the client's time for each allows. */
function post(
  calls: ServerCalls,
  modelName: string,
  body: Uint8Array,
  headers: Record<string, string>,
  options: InferTransferOptions,
): Promise<InferResult> {
  const { requestCompression, responseCompression } = options;
  checkCompression(requestCompression);
  checkCompression(responseCompression);
  const path = `${modelPath(modelName, options.modelVersion)}/infer`;
  const isIdempotent = options.idempotent ?? false;
  if (responseCompression !== undefined) headers["accept-encoding"] = responseCompression;
  const hasBinaryTensors = headers[HEADER_LENGTH] !== undefined;
  if (requestCompression === undefined) return calls.post({ path, body, headers, isIdempotent, hasBinaryTensors }, options, resultOf);
  headers["content-encoding"] = requestCompression;
  return compressed(body, requestCompression).then((smaller) => calls.post({ path, body: smaller, headers, isIdempotent, hasBinaryTensors }, options, resultOf));
}

function resultOf({ headers, body }: Reply): InferResult | Promise<InferResult> {
  const encoding = headers["content-encoding"];
  const length = headers[HEADER_LENGTH];
  const headerLength = length === undefined ? undefined : Number(length);
  if (Number.isNaN(headerLength)) throw badReply(`its header Inference-Header-Content-Length is ${JSON.stringify(length)}`);
  if (encoding === undefined) return new InferResult(body, headerLength);
  return expanded(body, String(encoding)).then((whole) => new InferResult(whole, headerLength));
}

function checkCompression(compression: unknown): void {
  if (compression === undefined || isCompression(compression)) return;
  throw new InvalidArgumentError(`A compression is ${JSON.stringify(compression)}; it must be "gzip" or "deflate".`);
}
