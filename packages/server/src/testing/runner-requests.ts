import { ERROR_TYPE, Params, decodeReply, encodeCall, type BentoMLError, type Payload } from "bentoml-core";
import { expect } from "vitest";
import type { TestRequest, TestResponse } from "./http-client.js";

/** One row of two numbers. */
export const oneRow: Payload = {
  container: "NdArrayContainer",
  meta: { dtype: "float32", shape: [1, 2] },
  batchSize: 1,
  buffers: [new Uint8Array(Float32Array.of(1, 2).buffer)],
};

/** A plain value, from its JSON. */
export function plain(json: string): Payload {
  return { container: "DefaultContainer", meta: {}, batchSize: 1, buffers: [Buffer.from(json)] };
}

/** A call of one argument as a request, with headers over its own. */
export function callOf(path: string, payload: Payload, headers: Readonly<Record<string, string>> = {}): TestRequest & { readonly body: Buffer } {
  const message = encodeCall(new Params([payload]));
  return { path, headers: { ...message.headers, ...headers }, body: Buffer.concat(message.body) };
}

/** The error of an answer, which must be a frame. */
export function errorOf({ headers, bytes }: TestResponse): BentoMLError {
  expect(headers["content-type"]).toBe(ERROR_TYPE);
  const reply = decodeReply(headers, bytes);
  if (reply.kind !== "error") expect.unreachable("it is no error");
  return reply.error as BentoMLError;
}
