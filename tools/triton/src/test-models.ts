import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** An input or output: its name, Triton's type without TYPE_, and its dims. */
type Tensor = readonly [name: string, type: string, dims: readonly number[], more?: string];

interface TestModel {
  /** File of the folder `python`, without its ending; undefined for an ensemble, which has no code. */
  readonly script: string | undefined;
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  readonly maxBatchSize?: number;
  readonly versions?: readonly number[];
  /** More of `config.pbtxt`. */
  readonly more?: string;
  readonly labels?: readonly string[];
}

const scripts = fileURLToPath(new URL("../python/", import.meta.url));
const ANY = [-1];

function identity(type: string, dims: readonly number[] = ANY, maxBatchSize = 0): TestModel {
  return { script: "identity", inputs: [["INPUT0", type, dims]], outputs: [["OUTPUT0", type, dims]], maxBatchSize };
}

const identities = ["BOOL", "UINT8", "UINT16", "UINT32", "UINT64", "INT8", "INT16", "INT32", "INT64", "FP16", "BF16", "FP64"];

const models: Readonly<Record<string, TestModel>> = {
  identity_fp32: identity("FP32", [16], 8),
  ...Object.fromEntries(identities.map((type) => [`identity_${type.toLowerCase()}`, identity(type)])),
  identity_bytes: identity("STRING"),
  identity_nd: identity("FP32", [-1, -1, -1]),
  add_sub: {
    script: "add_sub",
    inputs: [["INPUT0", "INT32", [16]], ["INPUT1", "INT32", [16]]],
    outputs: [["OUTPUT0", "INT32", [16]], ["OUTPUT1", "INT32", [16]]],
    maxBatchSize: 8,
  },
  linear_batched: {
    script: "linear",
    inputs: [["x", "FP32", [4]]],
    outputs: [["y", "FP32", [3]]],
    maxBatchSize: 16,
    more: `dynamic_batching {
  preferred_batch_size: [ 8, 16 ]
  max_queue_delay_microseconds: 2000
  priority_levels: 2
  default_priority_level: 1
  default_queue_policy {
    timeout_action: REJECT
    default_timeout_microseconds: 5000000
    allow_timeout_override: true
    max_queue_size: 64
  }
}`,
  },
  labels3: {
    script: "identity",
    inputs: [["x", "FP32", [3]]],
    outputs: [["prob", "FP32", [3], 'label_filename: "labels.txt"']],
    maxBatchSize: 4,
    labels: ["cat", "dog", "bird"],
  },
  sequence_sum: {
    script: "sequence_sum",
    inputs: [["INPUT", "INT32", [1]]],
    outputs: [["OUTPUT", "INT32", [1]]],
    maxBatchSize: 4,
    more: `sequence_batching {
  max_sequence_idle_microseconds: 60000000
  control_input [
    { name: "START" control [ { kind: CONTROL_SEQUENCE_START int32_false_true: [ 0, 1 ] } ] },
    { name: "END" control [ { kind: CONTROL_SEQUENCE_END int32_false_true: [ 0, 1 ] } ] },
    { name: "READY" control [ { kind: CONTROL_SEQUENCE_READY int32_false_true: [ 0, 1 ] } ] },
    { name: "CORRID" control [ { kind: CONTROL_SEQUENCE_CORRID data_type: TYPE_UINT64 } ] }
  ]
  direct { }
}`,
  },
  repeat_decoupled: {
    script: "repeat",
    inputs: [["IN", "INT32", ANY]],
    outputs: [["OUT", "INT32", [1]], ["IDX", "UINT32", [1]]],
    more: "model_transaction_policy { decoupled: True }",
  },
  mock_llm: {
    script: "words",
    inputs: [["text_input", "STRING", [1]], ["stream", "BOOL", [1], "optional: true"], ["max_tokens", "INT32", [1], "optional: true"]],
    outputs: [["text_output", "STRING", ANY]],
    more: "model_transaction_policy { decoupled: True }",
  },
  raise_error: { script: "errors", inputs: [["INPUT0", "FP32", ANY]], outputs: [["OUTPUT0", "FP32", ANY]] },
  slow: { script: "slow", inputs: [["INPUT0", "INT32", [1]]], outputs: [["OUTPUT0", "INT32", [1]]] },
  params_echo: { script: "parameters", inputs: [["INPUT0", "INT32", [1]]], outputs: [["PARAMS", "STRING", [1]]] },
  versions: {
    script: "version",
    inputs: [["INPUT0", "INT32", [1]]],
    outputs: [["OUTPUT0", "INT32", [1]]],
    versions: [1, 2, 3],
    more: "version_policy { specific { versions: [ 1, 3 ] } }",
  },
  ensemble_id2: {
    script: undefined,
    inputs: [["INPUT0", "FP32", [16]]],
    outputs: [["OUTPUT0", "FP32", [16]]],
    maxBatchSize: 8,
    more: `ensemble_scheduling {
  step [ ${ensembleStep("INPUT0", "between")}, ${ensembleStep("between", "OUTPUT0")} ]
}`,
  },
  cached: { script: "counter", inputs: [["INPUT0", "INT32", [1]]], outputs: [["OUTPUT0", "INT32", [1]]], more: "response_cache { enable: true }" },
  load_me: identity("FP32"),
  broken: { ...identity("FP32"), script: "broken" },
};

/** Every model that there is; none is loaded unless it is asked for. */
export const testModelNames: readonly string[] = Object.keys(models);

/** Writes the repository of all models. */
export async function writeTestModels(folder: string): Promise<void> {
  for (const [name, model] of Object.entries(models)) await writeModel(join(folder, name), name, model);
}

async function writeModel(folder: string, name: string, model: TestModel): Promise<void> {
  for (const version of model.versions ?? [1]) {
    const versionFolder = join(folder, String(version));
    await mkdir(versionFolder, { recursive: true });
    if (model.script !== undefined) await copyFile(join(scripts, `${model.script}.py`), join(versionFolder, "model.py"));
  }
  await writeFile(join(folder, "config.pbtxt"), configuration(name, model));
  if (model.labels !== undefined) await writeFile(join(folder, "labels.txt"), `${model.labels.join("\n")}\n`);
}

function configuration(name: string, { script, inputs, outputs, maxBatchSize = 0, more = "" }: TestModel): string {
  const engine = script === undefined ? 'platform: "ensemble"' : 'backend: "python"\ninstance_group [ { count: 1 kind: KIND_CPU } ]';
  return `name: "${name}"\n${engine}\nmax_batch_size: ${maxBatchSize}\n${tensors("input", inputs)}${tensors("output", outputs)}${more}\n`;
}

function tensors(kind: string, all: readonly Tensor[]): string {
  const entries = all.map(([name, type, dims, more = ""]) => `  { name: "${name}" data_type: TYPE_${type} dims: [ ${dims.join(", ")} ] ${more} }`);
  return `${kind} [\n${entries.join(",\n")}\n]\n`;
}

function ensembleStep(from: string, to: string): string {
  return `{ model_name: "identity_fp32" model_version: -1 input_map { key: "INPUT0" value: "${from}" } output_map { key: "OUTPUT0" value: "${to}" } }`;
}
