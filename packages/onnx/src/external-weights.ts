import { existsSync } from "node:fs";
import { rename } from "node:fs/promises";
import { InvalidArgumentError, type ModelDraft } from "bentoml-core";
import type { CopiedModel } from "./copy-model.js";
import type { OnnxRuntime } from "./native-library.js";
import { openSession } from "./open-session.js";

const weightsName = "saved_model.weights";
const rewrittenName = "saved_model.rewritten.onnx";

/** Smaller weights stay in the model's own file, bytes. */
const leastBytes = 1024;

/**
 * Moves the weights of a model in a draft into a file beside it, which workers can share: the engine writes both anew, with the
 * graph as it is. Does nothing where weights lie in files of their own already.
 *
 * @throws InvalidModelError when the engine cannot open the model; InvalidArgumentError when the file's name is taken.
 */
export async function moveWeightsOut(engine: OnnxRuntime, { source, path, graph }: CopiedModel, draft: ModelDraft): Promise<void> {
  if (graph.externalFiles.length > 0) return;
  if (existsSync(draft.pathOf(weightsName))) {
    throw new InvalidArgumentError(`${source} comes with a file ${weightsName}, the name that externalWeights needs: rename it.`);
  }
  const rewritten = draft.pathOf(rewrittenName);
  const session = {
    optimized_model_external_initializers_file_name: weightsName,
    optimized_model_external_initializers_min_size_in_bytes: String(leastBytes),
  };
  const sessionOptions = { graphOptimizationLevel: "disabled", optimizedModelFilePath: rewritten, extra: { session } } as const;
  const written = await openSession(engine, path, { sessionOptions, shareWeights: true }, { threads: 1, spinning: false }, source);
  await written.release();
  await rename(rewritten, path);
}
