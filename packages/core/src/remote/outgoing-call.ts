import { Buffer } from "node:buffer";
import { autoContainer, ownedPayload, type Params, type Payload } from "../containers/index.js";
import { encodeCall } from "../frames/index.js";
import type { MethodSpec } from "../handles/index.js";
import { checkBatchSizes } from "../workers/index.js";

/** Longer ones are sent alone: what a request costs is little beside them, and their neighbours would wait for their bytes. */
const MOST_BYTES_IN_COMPANY = 65_536;

/** The body of a request, and the headers that say what it is. */
export interface OutgoingMessage {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** The arguments of a call as they go out, in memory of their own: the caller may reuse his arrays at once, and a call may be sent twice. */
export class OutgoingCall {
  readonly items: number;
  /** Of its arguments. */
  readonly bytes: number;
  /** Its arguments, of a call that may travel with others. */
  readonly payloads: Params<Payload> | undefined;
  #message: OutgoingMessage | undefined;

  /** @param mayTravelInCompany whether its method lets calls travel together. */
  constructor(payloads: Params<Payload>, mayTravelInCompany: boolean) {
    this.items = payloads.sample?.batchSize ?? 1;
    this.bytes = bytesOf(payloads);
    if (mayTravelInCompany && this.bytes <= MOST_BYTES_IN_COMPANY) this.payloads = payloads.map(copied);
    else this.#message = messageOf(payloads, false);
  }

  /** The call as a request of its own. */
  get message(): OutgoingMessage {
    this.#message ??= messageOf(this.payloads as Params<Payload>, true);
    return this.#message;
  }
}

/**
 * Reads the arguments now, unless a container works asynchronously.
 *
 * @throws InvalidArgumentError for values that no container sends, and arguments that differ in their batch size.
 */
export function outgoingCall({ batchable, batchDim, stream }: MethodSpec, params: Params): OutgoingCall | Promise<OutgoingCall> {
  if (batchable) checkBatchSizes(params, batchDim[0]);
  const payloads = params.map((value) => autoContainer.toPayload(value, batchDim[0]));
  const outgoing = (ready: Params<Payload>): OutgoingCall => new OutgoingCall(ready, batchable && !stream);
  // While one is waited for, the caller may overwrite what the others look at.
  if (payloads.entries().some(([, payload]) => payload instanceof Promise)) return whenReady(payloads.map((payload) => ownedPayload(payload))).then(outgoing);
  return outgoing(payloads as Params<Payload>);
}

function messageOf(payloads: Params<Payload>, isOwned: boolean): OutgoingMessage {
  const { headers, body } = encodeCall(payloads);
  const [only] = body;
  return { headers, body: isOwned && only !== undefined && body.length === 1 ? only : Buffer.concat(body) };
}

/** Copies of the buffers from Node's pool: they are small, and nobody takes their memory away. */
function copied({ container, meta, batchSize, buffers }: Payload): Payload {
  return { container, meta, batchSize, buffers: buffers.map((bytes) => Buffer.from(bytes)) };
}

function bytesOf(payloads: Params<Payload>): number {
  let total = 0;
  for (const [, { buffers }] of payloads.entries()) for (const { byteLength } of buffers) total += byteLength;
  return total;
}

async function whenReady(payloads: Params<Payload | Promise<Payload>>): Promise<Params<Payload>> {
  const ready = await Promise.all(payloads.entries().map(async ([, payload]) => payload));
  let next = 0;
  return payloads.map(() => ready[next++] as Payload);
}
