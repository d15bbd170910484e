import { InvalidModelError } from "bentoml-core";
import { ProtobufFile, type ProtobufField } from "./protobuf-file.js";

/** A dimension in protobuf's JSON form: a 64-bit number is a string; `{}` is unknown. */
export interface GraphDimension {
  readonly dimValue?: string;
  readonly dimParam?: string;
}

/** The type of an input or output in protobuf's JSON form, as Python BentoML writes it to `model.yaml`. */
export interface GraphValueType {
  /** Without `shape` the rank is unknown. */
  readonly tensorType?: { readonly elemType?: number; readonly shape?: { readonly dim?: readonly GraphDimension[] } };
  readonly sparseTensorType?: Readonly<Record<string, never>>;
  readonly sequenceType?: { readonly elemType?: GraphValueType };
  readonly optionalType?: { readonly elemType?: GraphValueType };
  readonly mapType?: { readonly keyType?: number; readonly valueType?: GraphValueType };
}

export interface GraphValue {
  readonly name: string;
  readonly type: GraphValueType;
}

/** What the file of an ONNX model says about itself, weights aside. */
export interface GraphDescription {
  /** Version of the default operator set. */
  readonly opset: number;
  /** Inputs that a caller must give: those with an initial value in the file are left out. */
  readonly inputs: readonly GraphValue[];
  readonly outputs: readonly GraphValue[];
  /** Files with weights, relative to the model's folder, as the model names them. */
  readonly externalFiles: readonly string[];
}

type MessageKind = "model" | "graph" | "function" | "node" | "attribute" | "tensor" | "sparseTensor";

/** Where messages of onnx.proto hold others that may, at some depth, name an external file. */
const children: Readonly<Record<MessageKind, Readonly<Record<number, MessageKind>>>> = {
  model: { 7: "graph", 25: "function" },
  graph: { 1: "node", 5: "tensor", 15: "sparseTensor" },
  function: { 7: "node" },
  node: { 5: "attribute" },
  attribute: { 5: "tensor", 6: "graph", 10: "tensor", 11: "graph", 22: "sparseTensor", 23: "sparseTensor" },
  sparseTensor: { 1: "tensor", 2: "tensor" },
  tensor: {},
};

const modelField = { graph: 7, opsetImport: 8 } as const;
const graphField = { initializer: 5, input: 11, output: 12 } as const;
const tensorField = { name: 8, externalData: 13 } as const;
const maxDepth = 100;

/**
 * Reads inputs, outputs and external files from an ONNX file: without the engine, without its weights, in the calling
 * thread. Field numbers are those of onnx.proto (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto).
 *
 * @param source how messages name the file.
 * @throws InvalidModelError when the file is truncated or no ONNX model.
 */
export function describeGraph(path: string, source: string = path): GraphDescription {
  const file = new ProtobufFile(path, source);
  try {
    return new GraphReader(file).describe();
  } finally {
    file.close();
  }
}

class GraphReader {
  readonly #file: ProtobufFile;
  readonly #externalFiles = new Set<string>();

  constructor(file: ProtobufFile) {
    this.#file = file;
  }

  describe(): GraphDescription {
    let graph: ProtobufField | undefined;
    let opset = 0;
    for (const field of this.#file.fields(0, this.#file.size)) {
      if (field.number === modelField.graph) graph = field;
      if (field.number === modelField.opsetImport) opset = this.#defaultOpset(field) ?? opset;
      this.#collectExternalFiles("model", field, 0);
    }
    if (graph === undefined) {
      throw new InvalidModelError(
        `${this.#file.source} (${this.#file.size} bytes) holds no graph, so it is no ONNX model: export it again.`,
      );
    }
    return { opset, ...this.#graphValues(graph), externalFiles: [...this.#externalFiles] };
  }

  #graphValues(graph: ProtobufField): Pick<GraphDescription, "inputs" | "outputs"> {
    const initial = new Set<string>();
    const inputs: GraphValue[] = [];
    const outputs: GraphValue[] = [];
    for (const field of this.#children(graph)) {
      if (field.number === graphField.initializer) initial.add(this.#textOf(field, tensorField.name));
      if (field.number === graphField.input) inputs.push(this.#value(field));
      if (field.number === graphField.output) outputs.push(this.#value(field));
    }
    return { inputs: inputs.filter((input) => !initial.has(input.name)), outputs };
  }

  #collectExternalFiles(kind: MessageKind, field: ProtobufField, depth: number): void {
    const child = children[kind][field.number];
    if (child === undefined) return;
    if (depth > maxDepth) {
      throw new InvalidModelError(`${this.#file.source} nests graphs more than ${maxDepth} deep.`);
    }
    for (const inner of this.#children(field)) {
      if (child !== "tensor") this.#collectExternalFiles(child, inner, depth + 1);
      else if (inner.number === tensorField.externalData) this.#noteExternalFile(inner);
    }
  }

  #noteExternalFile(entry: ProtobufField): void {
    if (this.#textOf(entry, 1) === "location") this.#externalFiles.add(this.#textOf(entry, 2));
  }

  #defaultOpset(field: ProtobufField): number | undefined {
    const domain = this.#textOf(field, 1);
    return domain === "" || domain === "ai.onnx" ? this.#numberOf(field, 2) : undefined;
  }

  #value(field: ProtobufField): GraphValue {
    const type = this.#child(field, 2);
    return { name: this.#textOf(field, 1), type: type === undefined ? {} : this.#type(type, 0) };
  }

  #type(field: ProtobufField, depth: number): GraphValueType {
    if (depth > maxDepth) throw new InvalidModelError(`${this.#file.source} nests types more than ${maxDepth} deep.`);
    for (const kind of this.#children(field)) {
      if (kind.number === 1) return { tensorType: this.#tensorType(kind) };
      if (kind.number === 4) return { sequenceType: this.#inner(kind, "elemType", 1, depth) };
      if (kind.number === 5) {
        return { mapType: { keyType: this.#numberOf(kind, 1), ...this.#inner(kind, "valueType", 2, depth) } };
      }
      if (kind.number === 8) return { sparseTensorType: {} };
      if (kind.number === 9) return { optionalType: this.#inner(kind, "elemType", 1, depth) };
    }
    return {};
  }

  #inner<Key extends string>(
    field: ProtobufField,
    key: Key,
    number: number,
    depth: number,
  ): { readonly [K in Key]?: GraphValueType } {
    const child = this.#child(field, number);
    const inner = child === undefined ? {} : { [key]: this.#type(child, depth + 1) };
    return inner as { readonly [K in Key]?: GraphValueType };
  }

  #tensorType(field: ProtobufField): NonNullable<GraphValueType["tensorType"]> {
    const elemType = this.#numberOf(field, 1);
    const shape = this.#child(field, 2);
    if (shape === undefined) return { elemType };
    const dim = [...this.#children(shape)].filter((inner) => inner.number === 1).map((inner) => this.#dimension(inner));
    return { elemType, shape: dim.length === 0 ? {} : { dim } };
  }

  #dimension(field: ProtobufField): GraphDimension {
    for (const inner of this.#children(field)) {
      if (inner.number === 1) return { dimValue: BigInt.asIntN(64, inner.value).toString() };
      if (inner.number === 2) return { dimParam: this.#file.text(inner) };
    }
    return {};
  }

  #children(field: ProtobufField): Generator<ProtobufField, void, undefined> {
    return this.#file.fields(field.start, field.end);
  }

  #child(field: ProtobufField, number: number): ProtobufField | undefined {
    for (const inner of this.#children(field)) if (inner.number === number) return inner;
    return undefined;
  }

  #textOf(field: ProtobufField, number: number): string {
    const child = this.#child(field, number);
    return child === undefined ? "" : this.#file.text(child);
  }

  #numberOf(field: ProtobufField, number: number): number {
    return Number(this.#child(field, number)?.value ?? 0n);
  }
}
