import { Buffer } from "node:buffer";
import type { ServerResponse } from "node:http";
import { Params } from "../containers/index.js";
import { CALLS_TYPE, REPLIES_TYPE, ReplyWriter, decodeBundle, type ReadCall, type Reply } from "../frames/index.js";
import type { CallOptions, MethodSpec } from "../handles/index.js";
import { FakeServer, type Answer, type SeenRequest } from "./fake-server.testing.js";
import { clientOf, plain, reply, spec } from "./remote-calls.testing.js";
import type { RemoteRunnerClient } from "./remote-runner-client.js";

export const together: Readonly<Record<string, string>> = { "Bento-Max-Calls": "128" };
export const value = (json: string): Reply => ({ kind: "value", payload: plain(json) });
export const done: Answer = reply(value('"done"'), 200, together);

export const isBundle = ({ headers }: SeenRequest): boolean => headers["content-type"] === CALLS_TYPE;
export const callsOf = ({ headers, body }: SeenRequest): ReadCall[] => decodeBundle(body, Number(headers["bento-calls"]));
export const bundlesOf = (server: FakeServer): SeenRequest[] => server.seen.filter(isBundle);
export const cancellationsSeen = (server: FakeServer): string[] => server.seen.flatMap(({ headers }) => headers["bento-cancel"] ?? []);

/** The arguments of a bundle's calls, each one plain value. */
export const valuesOf = (request: SeenRequest): unknown[] => callsOf(request).map((call) => ("call" in call ? (JSON.parse(Buffer.from(call.call.args[0]?.buffers[0] ?? []).toString()) as unknown) : call.error));

export function begin(response: ServerResponse): void {
  response.writeHead(200, { "Bento-Wire-Version": "1", ...together, "Content-Type": REPLIES_TYPE });
}

export function frames(...replies: readonly (readonly [number, Reply])[]): Buffer {
  const writer = new ReplyWriter();
  return Buffer.concat(replies.flatMap(([call, one]) => writer.write({ call, reply: one })));
}

/** Answers each call of a bundle with its own argument, the last one first; other requests with "done". */
export const echo: Answer = (response, request, count) => {
  if (!isBundle(request)) return done(response, request, count);
  begin(response);
  const values = valuesOf(request);
  response.end(frames(...values.map((given, index) => [index, value(JSON.stringify(given))] as const).reverse()));
};

/** What the server does with its bundles, after one that was asked whether it is ready. */
export async function serverOf(onBundle: Answer): Promise<FakeServer> {
  return FakeServer.start((response, request, count) => (isBundle(request) ? onBundle(response, request, count) : done(response, request, count)));
}

/** A client that knows that its server takes bundles. */
export async function clientThatKnows(server: FakeServer, options: Parameters<typeof clientOf>[1] = {}): Promise<RemoteRunnerClient> {
  const client = clientOf(server.url, options);
  await client.isReady(10_000);
  return client;
}

export const call = (client: RemoteRunnerClient, argument: unknown, options: CallOptions = {}, method: MethodSpec = spec): Promise<unknown> => client.runMethod(method, Params.of(argument), options);
