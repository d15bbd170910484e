import { InvalidArgumentError } from "../errors/index.js";
import type { TagLike, VersionedTag } from "../tag/index.js";
import { coreVersion } from "../copies/index.js";
import { newCreationTimeText } from "./creation-time.js";
import type { ModelInfo, ModelSignature, SavedFacts } from "./model-info.js";
import { parseTimestamp } from "./python-yaml.js";
import { checkedData, checkedLabels } from "./plain-data.js";

/** What is known of a model before its files are written. */
export interface ModelDescription {
  /** A name, or a name and a version; a missing version is made up. The version `latest` is refused. */
  readonly name: TagLike;
  /** Such as `bentoml.onnx`: what opens the model again. */
  readonly module: string;
  /** npm package that saves the model. */
  readonly adapter?: string | undefined;
  readonly labels?: Readonly<Record<string, string>> | undefined;
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
}

/** The checked part of a description, so that a mistake in it shows before any file is written. */
export type CheckedDescription = Pick<ModelInfo, "name" | "version" | "module" | "adapter" | "labels" | "metadata">;

/** Throws InvalidArgumentError that names the key. */
export function checkedDescription(tag: VersionedTag, description: ModelDescription): CheckedDescription {
  return {
    name: tag.name,
    version: tag.version,
    module: description.module,
    adapter: description.adapter,
    labels: checkedLabels(description.labels ?? {}),
    metadata: checkedData(description.metadata ?? {}, "metadata", false),
  };
}

/** Puts together what model.yaml will say. Throws InvalidArgumentError that names the key of a wrong fact. */
export function infoOf(description: CheckedDescription, facts: SavedFacts): ModelInfo {
  const creationTimeText = newCreationTimeText();
  for (const [method, signature] of Object.entries(facts.signatures)) checkBatchDim(method, signature);
  return {
    ...description,
    options: checkedData(facts.options ?? {}, "options", true),
    context: {
      frameworkName: facts.frameworkName,
      frameworkVersions: checkedLabels(facts.frameworkVersions),
      bentomlVersion: coreVersion(),
      pythonVersion: "",
    },
    signatures: facts.signatures,
    apiVersion: facts.apiVersion,
    creationTime: parseTimestamp(creationTimeText),
    creationTimeText,
    files: undefined,
    node: {},
    otherKeys: {},
  };
}

function checkBatchDim(method: string, signature: ModelSignature): void {
  const batchDim: readonly number[] = signature.batchDim;
  if (batchDim.length === 2 && batchDim.every((dim) => Number.isSafeInteger(dim) && dim >= 0)) return;
  throw new InvalidArgumentError(
    `signatures.${method}.batchDim must be two whole numbers from 0, for the input and for the output, got ${JSON.stringify(batchDim)}.`,
  );
}
