import { dtypes, type Dtype, type TensorSpec } from "../ndarray/index.js";
import type { ModelSignature } from "./model-info.js";
import { expectRecord, isRecord } from "./yaml-fields.js";

/** The `signatures` of model.yaml as plain data: `batch_dim` only when batchable, specs only when there are some. */
export function signaturesToYaml(signatures: Readonly<Record<string, ModelSignature>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(signatures).map(([method, signature]) => [method, signatureToYaml(signature)]));
}

function signatureToYaml(signature: ModelSignature): Record<string, unknown> {
  return {
    batchable: signature.batchable,
    ...(signature.batchable ? { batch_dim: [...signature.batchDim] } : {}),
    ...(signature.inputSpec === undefined ? {} : { input_spec: signature.inputSpec.map(specToYaml) }),
    ...(signature.outputSpec === undefined ? {} : { output_spec: signature.outputSpec.map(specToYaml) }),
  };
}

function specToYaml(spec: TensorSpec): Record<string, unknown> {
  return { name: spec.name, dtype: spec.dtype, shape: [...spec.shape] };
}

/** Reads `signatures`; none at all is an empty record, as in files of early versions. Throws an Error that names the key. */
export function signaturesFromYaml(value: unknown): Record<string, ModelSignature> {
  const record = expectRecord(value ?? {}, "signatures");
  return Object.fromEntries(Object.entries(record).map(([method, entry]) => [method, signatureFromYaml(entry, `signatures.${method}`)]));
}

function signatureFromYaml(value: unknown, key: string): ModelSignature {
  const record = expectRecord(value, key);
  const batchable = record["batchable"] ?? false;
  if (typeof batchable !== "boolean") throw new Error(`${key}.batchable must be true or false, got ${JSON.stringify(batchable)}`);
  const inputSpec = specsFromYaml(record["input_spec"]);
  const outputSpec = specsFromYaml(record["output_spec"]);
  return {
    batchable,
    batchDim: batchDimFromYaml(record["batch_dim"], key),
    ...(inputSpec === undefined ? {} : { inputSpec }),
    ...(outputSpec === undefined ? {} : { outputSpec }),
  };
}

/** One number stands for both dims. */
function batchDimFromYaml(value: unknown, key: string): [number, number] {
  const pair: unknown[] = Array.isArray(value) ? value : [value ?? 0, value ?? 0];
  const [input, output] = pair;
  if (pair.length !== 2 || !isDim(input) || !isDim(output)) {
    throw new Error(`${key}.batch_dim must be one or two whole numbers from 0, got ${JSON.stringify(value)}`);
  }
  return [input, output];
}

function isDim(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** Python reserves the specs and checks nothing, so what is not in our form counts as no specs. */
function specsFromYaml(value: unknown): readonly TensorSpec[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const specs = value.map(specFromYaml);
  return specs.every((spec) => spec !== undefined) ? specs : undefined;
}

function specFromYaml(value: unknown): TensorSpec | undefined {
  if (!isRecord(value)) return undefined;
  const { name, dtype, shape } = value;
  if (typeof name !== "string" || !isDtype(dtype) || !Array.isArray(shape) || !shape.every(isShapeEntry)) return undefined;
  return { name, dtype, shape };
}

/** Whether the value is the name of a dtype. */
function isDtype(value: unknown): value is Dtype {
  return (dtypes as readonly unknown[]).includes(value);
}

function isShapeEntry(value: unknown): value is number | string {
  return typeof value === "string" || value === -1 || isDim(value);
}
