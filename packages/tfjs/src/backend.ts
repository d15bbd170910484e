import { InvalidArgumentError } from "bentoml-core";

/** What computes: TensorFlow's native library, WebAssembly, or plain JavaScript. */
export type BackendName = "tensorflow" | "wasm" | "cpu";

/** From the fastest to the slowest: without a choice the first that loads is taken. */
export const backendLadder: readonly BackendName[] = ["tensorflow", "wasm", "cpu"];

/** @throws InvalidArgumentError that names what there is. */
export function checkBackend(backend: unknown): void {
  if (backend === undefined || (backendLadder as readonly unknown[]).includes(backend)) return;
  throw new InvalidArgumentError(`backend is ${JSON.stringify(backend)}: it must be one of ${backendLadder.map((name) => `"${name}"`).join(", ")}.`);
}
