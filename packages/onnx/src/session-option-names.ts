import { InvalidArgumentError } from "bentoml-core";
import type { InferenceSession } from "onnxruntime-node";

/** Every session option of onnxruntime-node 1.30. The compiler holds this list complete. */
const names: Readonly<Record<keyof InferenceSession.SessionOptions, true>> = {
  executionProviders: true,
  intraOpNumThreads: true,
  interOpNumThreads: true,
  freeDimensionOverrides: true,
  graphOptimizationLevel: true,
  enableCpuMemArena: true,
  enableMemPattern: true,
  executionMode: true,
  optimizedModelFilePath: true,
  enableProfiling: true,
  profileFilePrefix: true,
  logId: true,
  logSeverityLevel: true,
  logVerbosityLevel: true,
  preferredOutputLocation: true,
  enableGraphCapture: true,
  externalData: true,
  extra: true,
};

/**
 * The engine ignores names that it does not know.
 *
 * @throws InvalidArgumentError that names the option and lists those there are.
 */
export function checkSessionOptionNames(options: InferenceSession.SessionOptions | undefined): void {
  const unknown = Object.keys(options ?? {}).find((name) => !Object.hasOwn(names, name));
  if (unknown === undefined) return;
  throw new InvalidArgumentError(
    `sessionOptions has no option "${unknown}". It has: ${Object.keys(names).sort().join(", ")}. ` +
      'Others of the engine go into extra, such as extra: { "session.disable_prepacking": "1" }.',
  );
}
