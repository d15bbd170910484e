import { Buffer } from "node:buffer";
import { autoContainer, ownedPayload, type Params, type Payload } from "../containers/index.js";
import { encodeCall } from "../frames/index.js";
import type { MethodSpec } from "../handles/index.js";
import { checkBatchSizes } from "../workers/index.js";

/** The arguments of a call as they go out. */
export interface OutgoingCall {
  readonly headers: Readonly<Record<string, string>>;
  /** Memory of its own: the caller may reuse its arrays at once, and a call may be sent twice. */
  readonly body: Uint8Array;
  readonly items: number;
}

/**
 * Reads the arguments now, unless a container works asynchronously.
 *
 * @throws InvalidArgumentError for values that no container sends, and arguments that differ in their batch size.
 */
export function outgoingCall(method: MethodSpec, params: Params): OutgoingCall | Promise<OutgoingCall> {
  const { batchable, batchDim } = method;
  if (batchable) checkBatchSizes(params, batchDim[0]);
  const payloads = params.map((value) => autoContainer.toPayload(value, batchDim[0]));
  // While one is waited for, the caller may overwrite what the others look at.
  if (payloads.entries().some(([, payload]) => payload instanceof Promise)) return whenReady(payloads.map((payload) => ownedPayload(payload))).then(encoded);
  return encoded(payloads as Params<Payload>);
}

function encoded(payloads: Params<Payload>): OutgoingCall {
  const { headers, body } = encodeCall(payloads);
  return { headers, body: Buffer.concat(body), items: payloads.sample?.batchSize ?? 1 };
}

async function whenReady(payloads: Params<Payload | Promise<Payload>>): Promise<Params<Payload>> {
  const ready = await Promise.all(payloads.entries().map(async ([, payload]) => payload));
  let next = 0;
  return payloads.map(() => ready[next++] as Payload);
}
