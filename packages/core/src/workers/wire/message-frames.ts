import { StateError } from "../../errors/index.js";
import { Params, defaultRegistry, ownedPayload, type JsonValue, type Payload } from "../../containers/index.js";
import { decodeFrame, encodeStreamFrame, type FrameLimits } from "../../frames/index.js";
import type { BatchHead, FramedBatch, FromWorker, WorkerOrder, WorkerStart } from "./worker-messages.js";

/**
 * Messages between a pool and a worker process, as frames of a stream. The first payload of a frame is the message: its fields in
 * `meta`, rows in its buffers. The others are the values that it carries.
 */
const MESSAGE = "bentoml.worker-message";

/** Both ends are ours: a batch may be as large as memory allows, and the limits only tell apart what is broken. */
const LIMITS: FrameLimits = {
  maxFrameBytes: 2 ** 40,
  maxHeaderBytes: 2 ** 28,
  maxHeaderDepth: 1_000,
  maxPayloads: 2 ** 24,
  maxBuffers: 2 ** 24,
};

/** What a worker process is sent. */
export type ToProcess = FramedBatch | WorkerOrder | { readonly type: "start"; readonly start: WorkerStart };

/** What a worker process sends: what any worker does, and what it dies of. */
export type FromProcess = FromWorker | { readonly type: "threw"; readonly reason: string };

export function startFrame({ runnable, ...rest }: WorkerStart): Uint8Array[] {
  const { params, ...place } = runnable;
  return frame({ type: "start", start: { ...rest, runnable: place } }, [plainPayload(params, "The constructor argument of the Runnable")]);
}

export function orderFrame(order: WorkerOrder): Uint8Array[] {
  return frame(order);
}

/** `rows`: the bytes of each column, each in as many pieces. They are parts of the frame as they are, not copies. */
export function batchFrame(head: BatchHead, rows: readonly Uint8Array[], pieces: number): Uint8Array[] {
  const { type, batch, method, items, layout, newLayout, payloads, newContainers, requestIds, traceContexts, deadline } = head;
  return frame({ type, batch, method, items, layout, newLayout, newContainers, requestIds, traceContexts, deadline, pieces, slots: payloads.map(({ length }) => length) }, payloads.flat(), rows);
}

export function replyFrame(message: FromProcess): Uint8Array[] {
  switch (message.type) {
    case "done":
      return frame({ type: "done", batch: message.batch }, [message.result]);
    case "item":
      return frame({ type: "item", batch: message.batch }, [message.item]);
    case "ready":
      return frame({ type: "ready" }, [plainPayload(message.facts, "What the Runnable's setup returned")]);
    default:
      return frame(message);
  }
}

/** The message that the first bytes of `memory` are; a batch's rows and payloads are views on it. */
export function readToProcess(memory: ArrayBuffer, length: number): ToProcess {
  const { fields, rows, values } = readMessage(memory, length);
  if (fields.type === "start") {
    const { start } = fields as unknown as { start: WorkerStart };
    return { type: "start", start: { ...start, runnable: { ...start.runnable, params: valueOf(values[0] as Payload) } } };
  }
  if (fields.type !== "run") return fields as unknown as WorkerOrder;
  const { slots, ...head } = fields as unknown as FramedBatch & { slots: readonly number[] };
  let used = 0;
  const payloads = slots.map((count) => values.slice(used, (used += count)));
  return { ...head, payloads, rows, memory };
}

/** The message that the first bytes of `memory` are. A result has memory of its own, as one from a thread has. */
export function readFromProcess(memory: ArrayBuffer, length: number): FromProcess {
  const { fields, values } = readMessage(memory, length);
  const [value] = values.map((payload) => ownedPayload(payload));
  switch (fields.type) {
    case "done":
      return { ...fields, result: value } as unknown as FromProcess;
    case "item":
      return { ...fields, item: value } as unknown as FromProcess;
    case "ready":
      return { type: "ready", facts: valueOf(value as Payload) as Readonly<Record<string, unknown>> };
    default:
      return fields as unknown as FromProcess;
  }
}

function frame(fields: object, values: readonly Payload[] = [], buffers: readonly Uint8Array[] = []): Uint8Array[] {
  const message: Payload = { container: MESSAGE, meta: fields as Payload["meta"], batchSize: 0, buffers };
  return encodeStreamFrame({ kind: "payloads", payloads: new Params([message, ...values]) });
}

interface ReadMessage {
  readonly fields: Readonly<Record<string, JsonValue>>;
  readonly rows: readonly Uint8Array[];
  readonly values: readonly Payload[];
}

function readMessage(memory: ArrayBuffer, length: number): ReadMessage {
  const decoded = decodeFrame(new Uint8Array(memory, 0, length), LIMITS);
  const [message, ...values] = decoded.kind === "payloads" ? decoded.payloads.args : [];
  if (message?.container !== MESSAGE) throw new StateError("A frame between a pool and its worker process has no message.");
  return { fields: message.meta, rows: message.buffers, values };
}

/** A plain value on its way; what only threads of one process can share is refused by the container, which names it. */
function plainPayload(value: unknown, what: string): Payload {
  try {
    const payload = defaultRegistry.fallback.toPayload(value, 0);
    if (payload instanceof Promise) throw new StateError("the container works asynchronously");
    return payload;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new StateError(`${what} cannot be sent to a worker process: ${reason}`, { code: "NOT_SENDABLE", cause });
  }
}

function valueOf(payload: Payload): unknown {
  return defaultRegistry.findByName(payload.container).fromPayload(payload);
}
