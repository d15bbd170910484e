import { BentoMLError, NdArray, type TensorSpec } from "bentoml-core";
import { quoted } from "./invalid-request.js";
import { jsonElements } from "./json-output.js";

/** The name of an answer that is a single value, of a model whose outputs are not known: the extension's. */
const USUAL_OUTPUT = "text_output";

/** Writes the answers of one model in the form of the generate extension: a JSON object of scalars and flat lists by output name. */
export class GenerateResponseWriter {
  readonly #model: string;
  readonly #firstOutput: string;

  constructor(modelName: string, modelVersion: string, outputs: readonly TensorSpec[]) {
    this.#model = `"model_name":${JSON.stringify(modelName)},"model_version":${JSON.stringify(modelVersion)}`;
    this.#firstOutput = outputs[0]?.name ?? USUAL_OUTPUT;
  }

  /**
   * One answer: an array, a text, number or boolean for a model of one output, otherwise a record of these by output name. An array of one
   * element is a scalar. Throws InvalidArgumentError (400) for what has no JSON form, and MODEL_RUN_FAILED (500) for anything else.
   */
  write(answer: unknown, id: string | undefined): string {
    const values = isValue(answer) ? [[this.#firstOutput, answer] as const] : Object.entries(recordOf(answer));
    const outputs = values.map(([name, value]) => `,${JSON.stringify(name)}:${jsonOf(value, name)}`);
    return `{${id === undefined ? "" : `"id":${JSON.stringify(id)},`}${this.#model}${outputs.join("")}}`;
  }
}

type Value = NdArray | string | number | boolean | bigint;

function isValue(answer: unknown): answer is Value {
  return NdArray.isNdArray(answer) || ["string", "number", "boolean", "bigint"].includes(typeof answer);
}

function recordOf(answer: unknown): object {
  if (typeof answer === "object" && answer !== null && !Array.isArray(answer)) return answer;
  throw unusable(Array.isArray(answer) ? "a list" : String(answer));
}

function jsonOf(value: unknown, output: string): string {
  if (!isValue(value)) throw unusable(`an output ${quoted(output)} that is no array, text, number or boolean`);
  if (!NdArray.isNdArray(value)) return jsonElements(arrayOf(value), output);
  const elements = jsonElements(value, output);
  return value.size === 1 ? elements : `[${elements}]`;
}

function arrayOf(value: Exclude<Value, NdArray>): NdArray {
  switch (typeof value) {
    case "string":
      return new NdArray("string", [1], [value]);
    case "boolean":
      return new NdArray("bool", [1], Uint8Array.of(Number(value)));
    case "bigint":
      return new NdArray("int64", [1], BigInt64Array.of(value));
    default:
      return new NdArray("float64", [1], Float64Array.of(value));
  }
}

function unusable(what: string): BentoMLError {
  return new BentoMLError(`the model answered ${what}, which the generate extension has no form for`, { code: "MODEL_RUN_FAILED" });
}
