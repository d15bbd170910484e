import { InvalidArgumentError, InvalidModelError, MissingDependencyError } from "bentoml-core";
import type { InferenceSession } from "onnxruntime-node";
import type { OnnxRuntime } from "./native-library.js";
import type { OnnxRunnerOptions } from "./runner-options.js";
import { providerNames, sessionOptions, type ThreadChoice } from "./session-options.js";

/**
 * Opens a model file; `source` names it in messages.
 *
 * @throws InvalidModelError that names the file, or an error that names the option or the provider at fault.
 */
export async function openSession(
  engine: OnnxRuntime,
  path: string,
  options: OnnxRunnerOptions,
  choice: ThreadChoice,
  source: string = path,
): Promise<InferenceSession> {
  checkProvidersExist(engine, options);
  try {
    return await engine.InferenceSession.create(path, sessionOptions(options, choice));
  } catch (error) {
    throw explainOpenError(textOf(error).replaceAll(path, source), error, source, options);
  }
}

function checkProvidersExist(engine: OnnxRuntime, options: OnnxRunnerOptions): void {
  const available = engine.listSupportedBackends().map((backend) => backend.name);
  const unknown = providerNames(options).find((name) => !available.includes(name));
  if (unknown === undefined) return;
  throw new InvalidArgumentError(
    `Execution provider "${unknown}" is not part of this onnxruntime-node (${engineVersion(engine)}) on ` +
      `${process.platform}-${process.arch}. Available: ${available.join(", ")}.`,
  );
}

function explainOpenError(text: string, error: unknown, path: string, options: OnnxRunnerOptions): Error {
  if (/^Load model from .* failed|Unsupported data type/s.test(text)) {
    return new InvalidModelError(`${path} cannot be opened: ${text} The file is broken or not an ONNX model; save or import it again.`, { cause: error });
  }
  const providers = providerNames(options);
  if (providers.some((name) => name !== "cpu")) {
    return new MissingDependencyError(
      `The execution providers ${providers.join(", ")} cannot be used here: ${text.replace(/\.?$/, ".")} ${providerNeeds(providers)}` +
        "Leave executionProviders out to run on the CPU.",
      { cause: error },
    );
  }
  return new InvalidArgumentError(`onnxruntime refuses to open ${path} with these options: ${text}`, { cause: error });
}

function providerNeeds(providers: readonly string[]): string {
  if (!providers.some((name) => /^(cuda|tensorrt)$/.test(name))) return "";
  return (
    "CUDA and TensorRT need files that onnxruntime-node's install script downloads (run it with " +
    "ONNXRUNTIME_NODE_INSTALL=cuda12) and NVIDIA's libraries. "
  );
}

/** Version of onnxruntime-node. */
export function engineVersion(engine: OnnxRuntime): string {
  return engine.env.versions.node ?? engine.env.versions.common;
}

/** The text of something thrown, without the engine's line ends. */
export function textOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).trim();
}
