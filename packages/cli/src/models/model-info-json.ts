import type { ModelInfo, ModelSignature } from "bentoml-core";

/** What `model.yaml` says, as JSON with the file's own keys. */
export function modelInfoJson(info: ModelInfo): string {
  const { context } = info;
  const content = {
    name: info.name,
    version: info.version,
    module: info.module,
    labels: info.labels,
    options: info.options,
    metadata: info.metadata,
    context: {
      framework_name: context.frameworkName,
      framework_versions: context.frameworkVersions,
      bentoml_version: context.bentomlVersion,
      python_version: context.pythonVersion,
    },
    signatures: Object.fromEntries(Object.entries(info.signatures).map(([name, signature]) => [name, signatureJson(signature)])),
    api_version: info.apiVersion,
    creation_time: info.creationTimeText,
    ...(Object.keys(info.node).length === 0 ? {} : { node: info.node }),
    ...info.otherKeys,
  };
  return JSON.stringify(content, spellInteger, 2);
}

function signatureJson({ batchable, batchDim, inputSpec, outputSpec }: ModelSignature): unknown {
  return {
    batchable,
    ...(batchable ? { batch_dim: batchDim } : {}),
    ...(inputSpec === undefined ? {} : { input_spec: inputSpec }),
    ...(outputSpec === undefined ? {} : { output_spec: outputSpec }),
  };
}

/** Integers beyond 2^53 have no JSON number that JavaScript reads exactly; as text they at least stay true. */
function spellInteger(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? value.toString() : value;
}
