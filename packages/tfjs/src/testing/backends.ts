import type { BackendName } from "../backend.js";
import { hasNativePart } from "../native-backend.js";

/**
 * The backends that tests run on: "tensorflow" too where tfjs-node is installed with its native part, by `NODE_PATH` for one. Where
 * `BENTOML_TFJS_NATIVE` is set it must be, so that a step that means to test it cannot pass without it.
 */
export const backends: readonly BackendName[] = hasNativePart() || process.env["BENTOML_TFJS_NATIVE"] !== undefined ? ["tensorflow", "wasm", "cpu"] : ["wasm", "cpu"];
