import { ModelRunError, NdArray, autoContainer, defaultFrameLimits, defaultRegistry, isNamedTensors, type Payload, type Reply } from "bentoml-core";
import type { MethodToServe } from "./runner-to-serve.js";

/** Containers of a list whose values could be anything: the list is sent as one value then. */
const CONTAINERS_OF_PLAIN_VALUES: ReadonlySet<string> = new Set(["DefaultContainer", "NdArrayContainer"]);

/**
 * What a method returned, as a reply: a list of tensors or of other values with containers of their own is several outputs.
 *
 * @throws ModelRunError (500) for what cannot be sent: that is the method's fault, whatever the container says.
 */
export function replyOf(result: unknown, method: MethodToServe): Reply | Promise<Reply> {
  if (!isOutputs(result)) {
    const payload = payloadOf(result, method);
    return payload instanceof Promise ? payload.then((ready) => ({ kind: "value", payload: ready })) : { kind: "value", payload };
  }
  const payloads = result.map((output) => payloadOf(output, method));
  const isReady = payloads.every((payload) => !(payload instanceof Promise));
  if (isReady) return { kind: "outputs", payloads: payloads as Payload[] };
  return Promise.all(payloads.map(async (payload) => payload)).then((ready) => ({ kind: "outputs", payloads: ready }));
}

/** A value as the payload that carries it, along the batch dim of results. */
export function payloadOf(value: unknown, { name, config }: MethodToServe): Payload | Promise<Payload> {
  const fault = (cause: unknown): ModelRunError => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    return new ModelRunError(`Method "${name}" returned a value that cannot be sent: ${reason}`, { code: "INVALID_RESULT", cause });
  };
  try {
    const payload = autoContainer.toPayload(value, config.batchDim[1]);
    return payload instanceof Promise ? payload.catch((error: unknown) => Promise.reject(fault(error))) : payload;
  } catch (error) {
    throw fault(error);
  }
}

function isOutputs(result: unknown): result is readonly unknown[] {
  return Array.isArray(result) && result.length > 0 && result.length <= defaultFrameLimits.maxPayloads && result.every(isOutput);
}

function isOutput(value: unknown): boolean {
  return NdArray.isNdArray(value) || isNamedTensors(value) || !CONTAINERS_OF_PLAIN_VALUES.has(defaultRegistry.containerOf(value).name);
}
