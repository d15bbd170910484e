import type { IncomingHttpHeaders } from "node:http";
import { InvalidArgumentError, Params, autoContainer, decodeCall, isBentoMLError, type FrameLimits, type Payload } from "bentoml-core";

/**
 * The arguments of a call: positions, and keywords as the last one.
 *
 * @throws InvalidArgumentError for what cannot be read, with the reason: never a failure of the server for a client's mistake.
 */
export function callArguments(headers: IncomingHttpHeaders, body: Uint8Array, limits: FrameLimits): readonly unknown[] | Promise<readonly unknown[]> {
  return argumentsOf(decodeCall(headers, body, limits));
}

/** The same of payloads. */
export function argumentsOf(payloads: Params<Payload>): readonly unknown[] | Promise<readonly unknown[]> {
  const values = payloads.map((payload, key) => readArgument(payload, key));
  const isReady = values.entries().every(([, value]) => !(value instanceof Promise));
  return isReady ? argumentList(values) : whenReady(values);
}

function readArgument(payload: Payload, key: number | string): unknown {
  try {
    const value = autoContainer.fromPayload(payload);
    return value instanceof Promise ? value.catch((error: unknown) => Promise.reject(unreadable(error, key))) : value;
  } catch (error) {
    throw unreadable(error, key);
  }
}

function unreadable(error: unknown, key: number | string): unknown {
  if (isBentoMLError(error)) return error;
  return new InvalidArgumentError(`argument ${JSON.stringify(key)} cannot be read: ${error instanceof Error ? error.message : String(error)}`, {
    cause: error,
  });
}

async function whenReady(values: Params): Promise<readonly unknown[]> {
  const ready = await Promise.all(values.entries().map(async ([, value]) => value));
  let next = 0;
  return argumentList(values.map(() => ready[next++]));
}

function argumentList({ args, kwargs }: Params): readonly unknown[] {
  return Object.keys(kwargs).length === 0 ? args : [...args, new Params([], kwargs)];
}
