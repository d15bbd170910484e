import type { DataType } from "./data-type.js";

/** A fixed length, or the name of a length that is only known when the model runs. */
export type Dimension = number | string;

/** A constant tensor, in row-major order. */
export interface Tensor {
  readonly name: string;
  readonly dataType: DataType;
  readonly dimensions: readonly number[];
  /** Little-endian bytes of all elements, the elements themselves where they are strings, or the file that has the bytes. */
  readonly data: Uint8Array | readonly string[] | ExternalFile;
}

/** A file with nothing but the bytes of one tensor. */
export interface ExternalFile {
  /** Its path from the model's folder. */
  readonly location: string;
}

/** What the outside sees of an input or output: a tensor, or a sequence of tensors. */
export interface ValueInformation {
  readonly name: string;
  readonly dataType: DataType;
  readonly shape: readonly Dimension[];
  /** True for a sequence of tensors of this type and shape. */
  readonly isSequence: boolean;
}

export type Attribute =
  | { readonly kind: "integer"; readonly value: number }
  | { readonly kind: "integers"; readonly value: readonly number[] }
  | { readonly kind: "graph"; readonly value: Graph };

/** One call of an operator; values are connected by their names. */
export interface GraphNode {
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

export interface Graph {
  readonly name: string;
  /** In an order in which each node's inputs come before it: ONNX demands it. */
  readonly nodes: readonly GraphNode[];
  readonly initializers: readonly Tensor[];
  readonly inputs: readonly ValueInformation[];
  readonly outputs: readonly ValueInformation[];
}

export function node(
  operator: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: Readonly<Record<string, Attribute>> = {},
): GraphNode {
  return { operator, inputs, outputs, attributes };
}

export function tensorValue(
  name: string,
  dataType: DataType,
  shape: readonly Dimension[],
): ValueInformation {
  return { name, dataType, shape, isSequence: false };
}

export function sequenceValue(
  name: string,
  dataType: DataType,
  shape: readonly Dimension[],
): ValueInformation {
  return { name, dataType, shape, isSequence: true };
}

export function integer(value: number): Attribute {
  return { kind: "integer", value };
}

export function integers(value: readonly number[]): Attribute {
  return { kind: "integers", value };
}

export function subgraph(value: Graph): Attribute {
  return { kind: "graph", value };
}
