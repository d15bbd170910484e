import { Buffer } from "node:buffer";
import { BentoMLError, datatypeOf, NdArray, type Dtype, type TensorSpec } from "bentoml-core";
import type { ClassLabels } from "../class-labels.js";
import { binaryBytes } from "./binary-output.js";
import { checkClassifiable, largestClasses } from "./classification.js";
import { invalidRequest, quoted } from "./invalid-request.js";
import { hasJsonForm, jsonElements, withoutJsonForm } from "./json-output.js";
import type { RequestedOutput, RequestedOutputs } from "./requested-outputs.js";

/** A response body that is ready to be sent. It owns its bytes: nothing of the runner's result is referred to any more. */
export interface InferResponse {
  readonly body: string | Buffer;
  /** How a string body is sent. ASCII is sent as latin1: the same bytes, written faster. */
  readonly encoding: "latin1" | "utf8";
  /** Of the body, in bytes. */
  readonly length: number;
  /** Bytes of the JSON when binary outputs follow it, undefined when all is JSON. */
  readonly headerLength: number | undefined;
}

/**
 * Writes a model's infer responses. Everything that does not change between two responses is text made once.
 */
export class InferResponseWriter {
  readonly #prefix: string;
  readonly #outputs: readonly OutputWriter[];
  /** True when the fixed texts are ASCII, so that a string of them has as many bytes as characters. */
  readonly #isAscii: boolean;
  /** The first output whose dtype JSON cannot say. */
  readonly #withoutJson: OutputWriter | undefined;
  readonly #labels: ClassLabels;

  /** @param labels names of the classes of outputs, which are said where the largest are asked for. */
  constructor(modelName: string, modelVersion: string, outputs: readonly TensorSpec[], labels: ClassLabels = {}) {
    this.#labels = labels;
    this.#prefix = `{"model_name":${JSON.stringify(modelName)},"model_version":${JSON.stringify(modelVersion)}`;
    this.#outputs = outputs.map((output) => new OutputWriter(output.name, output.dtype));
    this.#withoutJson = this.#outputs.find((output) => !output.hasJsonForm);
    this.#isAscii = isAscii(this.#prefix) && outputs.every((output) => isAscii(output.name));
  }

  /**
   * Checks before the model runs that it has the requested outputs, and that JSON can say those that are asked for as
   * JSON. Throws InvalidArgumentError. A model whose outputs are not known passes.
   */
  checkOutputs(outputs: RequestedOutputs): void {
    if (outputs.named !== undefined && this.#outputs.length > 0) {
      for (const wanted of outputs.named) this.#checkOutput(wanted);
    } else if (!outputs.allBinary && outputs.named === undefined && this.#withoutJson !== undefined) {
      this.#withoutJson.checkJsonForm();
    }
  }

  #checkOutput(wanted: RequestedOutput): void {
    const writer = this.#outputs.find((output) => output.name === wanted.name);
    if (writer === undefined) {
      const names = this.#outputs.map((output) => quoted(output.name)).join(", ");
      throw invalidRequest(`the model has no output ${quoted(wanted.name)}, its outputs are ${names}`);
    }
    if (wanted.classes > 0) writer.checkClassifiable();
    else if (!wanted.binary) writer.checkJsonForm();
  }

  /**
   * Writes what a call resolved to: an array for a model of one output, otherwise a record of arrays by output name.
   * Must be called before the runner takes the result's memory back, that is before the next turn of the event loop.
   */
  write(result: unknown, id: string | undefined, outputs: RequestedOutputs): InferResponse {
    const only = this.#outputs[0];
    if (this.#outputs.length === 1 && outputs.named === undefined && !outputs.allBinary && NdArray.isNdArray(result)) {
      return this.#finish(`${this.#start(id)}${(only as OutputWriter).json(result)}]}`, this.#isAscii && id === undefined && result.dtype !== "string");
    }
    return this.#writeSelected(selectOutputs(result, this.#outputs, outputs, this.#labels), id);
  }

  #writeSelected(selected: readonly SelectedOutput[], id: string | undefined): InferResponse {
    const texts: string[] = [];
    const parts: Uint8Array[] = [];
    for (const { writer, array, binary } of selected) {
      if (binary) {
        const bytes = binaryBytes(array);
        parts.push(bytes);
        texts.push(writer.binary(array, bytes.length));
      } else {
        texts.push(writer.json(array));
      }
    }
    const json = `${this.#start(id)}${texts.join(",")}]}`;
    if (!selected.some(({ binary }) => binary)) return this.#finish(json, false);
    const header = Buffer.from(json);
    // Copies the bytes: the result's memory may be used again as soon as this turn ends.
    const body = Buffer.concat([header, ...parts]);
    return { body, encoding: "utf8", length: body.length, headerLength: header.length };
  }

  #start(id: string | undefined): string {
    return id === undefined ? `${this.#prefix},"outputs":[` : `${this.#prefix},"id":${JSON.stringify(id)},"outputs":[`;
  }

  #finish(body: string, ascii: boolean): InferResponse {
    if (ascii) return { body, encoding: "latin1", length: body.length, headerLength: undefined };
    return { body, encoding: "utf8", length: Buffer.byteLength(body), headerLength: undefined };
  }
}

interface SelectedOutput {
  readonly writer: OutputWriter;
  readonly array: NdArray;
  readonly binary: boolean;
}

/** Writes one output's entry; the part in front of the shape is made once. */
class OutputWriter {
  readonly name: string;
  readonly #dtype: Dtype;
  readonly #start: string;

  constructor(name: string, dtype: Dtype) {
    this.name = name;
    this.#dtype = dtype;
    this.#start = startOf(name, dtype);
  }

  get hasJsonForm(): boolean {
    return hasJsonForm(this.#dtype);
  }

  /** Throws InvalidArgumentError when JSON cannot say this output's dtype. */
  checkJsonForm(): void {
    if (!this.hasJsonForm) throw withoutJsonForm(this.name, this.#dtype);
  }

  /** Throws InvalidArgumentError when this output has no largest values. */
  checkClassifiable(): void {
    checkClassifiable(this.name, this.#dtype);
  }

  json(array: NdArray): string {
    return `${this.#startFor(array.dtype)}${array.shape.join(",")}],"data":[${jsonElements(array, this.name)}]}`;
  }

  binary(array: NdArray, size: number): string {
    return `${this.#startFor(array.dtype)}${array.shape.join(",")}],"parameters":{"binary_data_size":${size}}}`;
  }

  #startFor(dtype: Dtype): string {
    return dtype === this.#dtype ? this.#start : startOf(this.name, dtype);
  }
}

function startOf(name: string, dtype: Dtype): string {
  return `{"name":${JSON.stringify(name)},"datatype":"${datatypeOf[dtype]}","shape":[`;
}

function selectOutputs(result: unknown, writers: readonly OutputWriter[], outputs: RequestedOutputs, labels: ClassLabels): SelectedOutput[] {
  const arrays = arraysByName(result, writers);
  if (outputs.named !== undefined) return outputs.named.map((wanted) => selectOne(arrays, writers, wanted, labels));
  const names = writers.length > 0 ? writers.map((writer) => writer.name) : [...arrays.keys()];
  return names.map((name) => selectOne(arrays, writers, { name, binary: outputs.allBinary, classes: 0 }, labels));
}

function selectOne(arrays: ReadonlyMap<string, NdArray>, writers: readonly OutputWriter[], wanted: RequestedOutput, labels: ClassLabels): SelectedOutput {
  const array = arrays.get(wanted.name);
  if (array === undefined) {
    throw writers.length > 0
      ? unusableResult(`no output ${quoted(wanted.name)}`)
      : invalidRequest(`the model has no output ${quoted(wanted.name)}, it returned ${[...arrays.keys()].map(quoted).join(", ")}`);
  }
  const writer = writers.find((candidate) => candidate.name === wanted.name) ?? new OutputWriter(wanted.name, array.dtype);
  if (wanted.classes === 0) return { writer, array, binary: wanted.binary };
  checkClassifiable(wanted.name, array.dtype);
  return { writer, array: largestClasses(array, wanted.classes, Object.hasOwn(labels, wanted.name) ? labels[wanted.name] : undefined), binary: wanted.binary };
}

/** The name under which the result of a model with unknown outputs is answered when it is a single array. */
const UNNAMED_OUTPUT = "output";

function arraysByName(result: unknown, writers: readonly OutputWriter[]): ReadonlyMap<string, NdArray> {
  const arrays = new Map<string, NdArray>();
  if (NdArray.isNdArray(result)) return arrays.set(writers[0]?.name ?? UNNAMED_OUTPUT, result);
  if (typeof result !== "object" || result === null) throw unusableResult(`${typeof result} instead of arrays`);
  for (const [name, array] of Object.entries(result)) {
    if (!NdArray.isNdArray(array)) throw unusableResult(`an output ${quoted(name)} that is no NdArray`);
    arrays.set(name, array);
  }
  return arrays;
}

function unusableResult(what: string): BentoMLError {
  return new BentoMLError(`the model returned ${what}: its runner and its signature do not agree`, { code: "MODEL_RUN_FAILED" });
}

function isAscii(text: string): boolean {
  return /^[\x00-\x7f]*$/.test(text);
}
