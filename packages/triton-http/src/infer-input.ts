import { autoContainer, datatypeNames, datatypeOf, dtypeOfDatatype, InvalidArgumentError, NdArray, type Datatype, type TritonTensor } from "bentoml-core";
import { encodeElements } from "./bytes-elements.js";

/** What an input's elements can be given as. */
export type InputData =
  | NdArray
  | Exclude<NdArray["data"], string[]>
  /** Elements of BYTES that need not be text. */
  | readonly Uint8Array[]
  | NestedValues;

type Scalar = number | bigint | boolean | string;
type NestedValues = Scalar | readonly NestedValues[];

/** How the data of an input travel. */
export interface InputDataOptions {
  /** Whether the elements go as bytes behind the request's JSON; otherwise in it. Default: what the client says, which is true. */
  readonly binary?: boolean;
}

/** A part of a shared memory region that the server knows. */
export interface SharedMemory {
  /** The name under which the region was registered. */
  readonly region: string;
  /** Length of the part, bytes. */
  readonly byteSize: number;
  /** Where the part begins in the region, bytes. */
  readonly offset: number;
}

const BRAND: unique symbol = Symbol.for("bentoml.triton.InferInput") as never;

/** One input of a request. Its data are read when a request is made of it, so one input can be used again. */
export class InferInput {
  /** The input's name in the model. */
  readonly name: string;
  /** "FP32", "BYTES", … */
  readonly datatype: Datatype;
  #shape: readonly number[];
  #array: NdArray | undefined;
  #raw: Uint8Array | undefined;
  #binary: boolean | undefined;
  #sharedMemory: SharedMemory | undefined;

  /** @throws InvalidArgumentError for a datatype that there is not, and dims that are no sizes. */
  constructor(name: string, shape: readonly number[], datatype: Datatype) {
    if (dtypeOfDatatype(datatype) === undefined) {
      throw new InvalidArgumentError(`Input "${name}" has the unknown datatype ${JSON.stringify(datatype)}: use one of ${datatypeNames}.`);
    }
    this.name = name;
    this.datatype = datatype;
    this.#shape = checkedShape(name, shape);
  }

  /** By it, inputs of another installed copy of this package are recognised. */
  get [BRAND](): true {
    return true;
  }

  /** True for an InferInput, also of another installed copy of this package. */
  static isInferInput(value: unknown): value is InferInput {
    return typeof value === "object" && value !== null && (value as { [BRAND]?: unknown })[BRAND] === true;
  }

  /** An input with the datatype, shape and data of an array. */
  static of(name: string, array: NdArray, options: InputDataOptions = {}): InferInput {
    return new InferInput(name, array.shape, datatypeOf[array.dtype]).setData(array, options);
  }

  /** An input of what a container made for Triton. */
  static fromTensor({ name, datatype, shape, raw }: TritonTensor): InferInput {
    const input = new InferInput(name, shape, datatype as Datatype);
    input.#raw = raw;
    return input;
  }

  /** Sizes of the dims, the batch dim among them. */
  get shape(): readonly number[] {
    return this.#shape;
  }

  /** Lets go of data of another size. */
  setShape(shape: readonly number[]): this {
    this.#shape = checkedShape(this.name, shape);
    return this;
  }

  /** Where its data lie in shared memory, undefined when they travel with the request. */
  get sharedMemory(): SharedMemory | undefined {
    return this.#sharedMemory;
  }

  /** Form that its data were set with; undefined leaves it to the client. */
  get binary(): boolean | undefined {
    return this.#binary;
  }

  /**
   * Sets the data, which are kept without a copy where they are typed. Plain values and typed arrays without a shape take the input's.
   *
   * @throws InvalidArgumentError when dtype or size are not the input's: nothing is cast but plain values.
   */
  setData(data: InputData, { binary }: InputDataOptions = {}): this {
    this.#array = undefined;
    this.#raw = undefined;
    if (isBytesList(data)) {
      if (this.datatype !== "BYTES") throw new InvalidArgumentError(`Input "${this.name}" is ${this.datatype}: a list of byte arrays can be the data of BYTES alone.`);
      this.#checkSize(data.length);
      this.#raw = encodeElements(data);
    } else {
      const array = NdArray.isNdArray(data) ? data : NdArray.from(data, dtypeOfDatatype(this.datatype) ?? "uint8");
      this.#checkSize(array.size);
      this.#array = array;
    }
    if (binary === false) this.#checkJsonForm();
    this.#binary = binary;
    this.#sharedMemory = undefined;
    return this;
  }

  /** Has the server read the data from a region that was registered with it. */
  setSharedMemory(region: string, byteSize: number, offset = 0): this {
    this.#array = undefined;
    this.#raw = undefined;
    this.#sharedMemory = { region, byteSize, offset };
    return this;
  }

  /**
   * The elements as bytes, row-major and little-endian, BYTES each after its length.
   *
   * @throws InvalidArgumentError when no data were set, or not of this datatype.
   */
  get raw(): Uint8Array {
    return this.#raw ?? this.#tensor().raw;
  }

  /**
   * The elements as a JSON list, row-major.
   *
   * @throws InvalidArgumentError for data that have no JSON form, or that were not set.
   */
  jsonData(): string {
    this.#checkJsonForm();
    return jsonElements(this.#arrayWithShape());
  }

  /** A copy whose data nobody else can change. */
  clone(): InferInput {
    const copy = new InferInput(this.name, this.#shape, this.datatype);
    copy.#array = this.#array?.clone();
    copy.#raw = this.#raw?.slice();
    copy.#binary = this.#binary;
    copy.#sharedMemory = this.#sharedMemory;
    return copy;
  }

  #tensor(): TritonTensor {
    return autoContainer.toTritonHttpPayload(this.#arrayWithShape(), this);
  }

  #arrayWithShape(): NdArray {
    const array = this.#array;
    if (array === undefined) throw new InvalidArgumentError(`Input "${this.name}" has no data: call setData(…) or setSharedMemory(…) first.`);
    this.#checkSize(array.size);
    return array.reshape(this.#shape);
  }

  #checkSize(size: number): void {
    const wanted = this.#shape.reduce((product, dim) => product * dim, 1);
    if (size === wanted) return;
    throw new InvalidArgumentError(`Input "${this.name}" has shape [${this.#shape.join(", ")}], which is ${wanted} elements, but was given ${size}.`);
  }

  #checkJsonForm(): void {
    const reason = this.datatype === "FP16" || this.datatype === "BF16" ? `${this.datatype} has no JSON form` : this.#raw === undefined ? undefined : "bytes have no JSON form";
    if (reason !== undefined) throw new InvalidArgumentError(`Input "${this.name}" cannot go as JSON: ${reason}. Leave out "binary: false", and encoding: "json" of the client where the server knows binary tensors.`);
  }
}

function checkedShape(name: string, shape: readonly number[]): readonly number[] {
  const wrong = shape.find((dim) => !Number.isSafeInteger(dim) || dim < 0);
  if (wrong === undefined) return [...shape];
  throw new InvalidArgumentError(`Shape [${shape.join(", ")}] of input "${name}" has the dim ${String(wrong)}, which is no size.`);
}

function isBytesList(data: InputData): data is readonly Uint8Array[] {
  return Array.isArray(data) && data.length > 0 && data.every((element) => element instanceof Uint8Array);
}

/** NaN and Infinity are written bare, as Triton reads and writes them; 64-bit integers with all their digits. */
function jsonElements({ dtype, data }: NdArray): string {
  if (dtype === "string") return JSON.stringify(data);
  const elements = data as ArrayLike<number | bigint>;
  const texts = Array.from(elements, dtype === "bool" ? (value) => String(value === 1) : numberText);
  return `[${texts.join(",")}]`;
}

/** `String` forgets the sign of a zero. */
function numberText(value: number | bigint): string {
  return Object.is(value, -0) ? "-0.0" : String(value);
}
