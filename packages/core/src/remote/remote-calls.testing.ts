import { Buffer } from "node:buffer";
import { afterEach, expect } from "vitest";
import type { BentoMLError } from "../errors/index.js";
import { Params, type Payload } from "../containers/index.js";
import { encodeReply, type Reply } from "../frames/index.js";
import type { CallOptions, MethodSpec } from "../handles/index.js";
import type { FakeServer} from "./fake-server.testing.js";
import { type Answer } from "./fake-server.testing.js";
import { RemoteRunnerClient } from "./remote-runner-client.js";
import type { RemoteRunnerOptions } from "./remote-runner-options.js";

export const spec: MethodSpec = { name: "predict", batchable: true, stream: false, batchDim: [0, 0], maxBatchSize: 100, maxLatencyMs: 60_000, idempotent: true };

/** A plain value, from its JSON. */
export function plain(json: string): Payload {
  return { container: "DefaultContainer", meta: {}, batchSize: 1, buffers: [Buffer.from(json)] };
}

/** An answer as a runner server gives it. */
export function reply(answer: Reply, status = 200, headers: Readonly<Record<string, string>> = {}): Answer {
  return (response) => {
    const message = encodeReply(answer);
    response.writeHead(status, { "Bento-Wire-Version": "1", ...message.headers, ...headers }).end(Buffer.concat(message.body));
  };
}

/** Answers "done". */
export const done: Answer = reply({ kind: "value", payload: plain('"done"') });

let clients: RemoteRunnerClient[] = [];

afterEach(async () => {
  await Promise.all(clients.map((client) => client.close(0)));
  clients = [];
});

/** A client that is closed after the test. */
export function clientOf(url: string, options: Partial<RemoteRunnerOptions> = {}): RemoteRunnerClient {
  const client = new RemoteRunnerClient({ name: "digits" }, { url, ...options });
  clients.push(client);
  return client;
}

export interface CallParts {
  readonly method?: MethodSpec;
  readonly args?: readonly unknown[];
  readonly options?: CallOptions;
  readonly remote?: Partial<RemoteRunnerOptions>;
}

/** A call of a client of its own. */
export function call(server: FakeServer, { method = spec, args = ["x"], options = {}, remote = {} }: CallParts = {}): Promise<unknown> {
  return clientOf(server.url, remote).runMethod(method, Params.of(...args), options);
}

/** What it rejects with. */
export async function errorOf(promise: Promise<unknown>): Promise<BentoMLError> {
  return promise.then(
    () => expect.unreachable("it was answered"),
    (error: unknown) => error as BentoMLError,
  );
}
