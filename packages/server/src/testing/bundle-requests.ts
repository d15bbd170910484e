import { randomUUID } from "node:crypto";
import { BundledReplies, CALLS_TYPE, Params, REPLIES_TYPE, encodeBundle, type CallMarks, type Payload, type Reply } from "bentoml-core";
import { expect } from "vitest";
import type { TestRequest, TestResponse } from "./http-client.js";

/** A call of a bundle: its only argument, and what it says besides. */
export type CallToSend = readonly [argument: Payload, marks?: CallMarks];

/** A request with several calls of one argument each, with headers over its own. */
export function bundleOf(path: string, calls: readonly CallToSend[], headers: Readonly<Record<string, string>> = {}): TestRequest & { readonly headers: Readonly<Record<string, string>>; readonly body: Buffer } {
  const body = Buffer.concat(encodeBundle(calls.map(([argument, marks = {}]) => ({ marks, call: new Params([argument]) }))));
  return { path, headers: { "Content-Type": CALLS_TYPE, "Bento-Calls": String(calls.length), "Bento-Bundle": randomUUID(), ...headers }, body };
}

/** The replies of an answer by their calls' places. */
export function repliesOf({ status, headers, bytes }: TestResponse): ReadonlyMap<number, Reply> {
  expect([status, headers["content-type"]]).toEqual([200, REPLIES_TYPE]);
  return new Map([...new BundledReplies().push(bytes)].map(({ call, reply }) => [call, reply]));
}

/** What a plain value says, or an error's message. */
export function textOf(reply: Reply | undefined): string {
  if (reply?.kind === "error") return (reply.error as Error).message;
  return reply?.kind === "value" ? Buffer.from(reply.payload.buffers[0] ?? []).toString() : String(reply?.kind);
}
