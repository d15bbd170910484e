import { checkBackend, type BackendName } from "./backend.js";

/** How `toRunner` and `loadModel` open a model, beside what every runner takes. */
export interface TfjsRunnerOptions {
  /** What computes. Default: the first of "tensorflow" (tfjs-node), "wasm" and "cpu" that is installed and loads. */
  readonly backend?: BackendName;
}

/** @throws InvalidArgumentError that names the option, its value and what is allowed. */
export function checkRunnerOptions({ backend }: TfjsRunnerOptions): void {
  checkBackend(backend);
}
