import { InvalidArgumentError } from "../errors/index.js";

/** The class that holds the elements of each dtype. float16 and bfloat16 are kept as their 16 bits, so that they work on every Node. */
interface DataOf {
  bool: Uint8Array;
  int8: Int8Array;
  int16: Int16Array;
  int32: Int32Array;
  int64: BigInt64Array;
  uint8: Uint8Array;
  uint16: Uint16Array;
  uint32: Uint32Array;
  uint64: BigUint64Array;
  float16: Uint16Array;
  bfloat16: Uint16Array;
  float32: Float32Array;
  float64: Float64Array;
  string: string[];
}

/** What one element is for the user: `at()` and `toNested()` give these. */
interface ElementOf {
  bool: boolean;
  int64: bigint;
  uint64: bigint;
  string: string;
}

/** Name of an element type: "float32", "int64", "bool", "string", …; all of them are in `dtypes`. */
export type Dtype = keyof DataOf;
/** What holds the elements of a dtype: its typed array, and `string[]` for "string". */
export type DtypeData<D extends Dtype> = DataOf[D];
export type DtypeElement<D extends Dtype> = D extends keyof ElementOf ? ElementOf[D] : number;
export type NumericDtype = Exclude<Dtype, "string">;

interface Storage {
  readonly bytes: number;
  readonly className: string;
  readonly allocate: (length: number) => DtypeData<Dtype>;
  readonly view?: (buffer: ArrayBufferLike, byteOffset: number, length: number) => DtypeData<NumericDtype>;
}

type TypedArrayClass = new (buffer: ArrayBufferLike, byteOffset: number, length: number) => DtypeData<NumericDtype>;
type AllocatingClass = new (length: number) => DtypeData<NumericDtype>;

function typedStorage(bytes: number, dataClass: TypedArrayClass & AllocatingClass): Storage {
  return {
    bytes,
    className: dataClass.name,
    allocate: (length) => new dataClass(length),
    view: (buffer, byteOffset, length) => new dataClass(buffer, byteOffset, length),
  };
}

const storages: ReadonlyMap<string, Storage> = new Map<Dtype, Storage>([
  ["bool", typedStorage(1, Uint8Array)],
  ["int8", typedStorage(1, Int8Array)],
  ["int16", typedStorage(2, Int16Array)],
  ["int32", typedStorage(4, Int32Array)],
  ["int64", typedStorage(8, BigInt64Array)],
  ["uint8", typedStorage(1, Uint8Array)],
  ["uint16", typedStorage(2, Uint16Array)],
  ["uint32", typedStorage(4, Uint32Array)],
  ["uint64", typedStorage(8, BigUint64Array)],
  ["float16", typedStorage(2, Uint16Array)],
  ["bfloat16", typedStorage(2, Uint16Array)],
  ["float32", typedStorage(4, Float32Array)],
  ["float64", typedStorage(8, Float64Array)],
  ["string", { bytes: 0, className: "Array", allocate: (length) => new Array<string>(length).fill("") }],
]);

/** Every dtype, in a fixed order. */
export const dtypes: readonly Dtype[] = [...storages.keys()] as Dtype[];

/** Whether the value is the name of a dtype. */
export function isDtype(value: unknown): value is Dtype {
  return typeof value === "string" && storages.has(value);
}

/** Bytes of one element; 0 for string, whose elements differ in length. */
export function bytesPerElement(dtype: Dtype): number {
  return storageOf(dtype).bytes;
}

/** Name of the class that holds the dtype's elements, such as "Float32Array"; "Array" for string. */
export function dataClassName(dtype: Dtype): string {
  return storageOf(dtype).className;
}

/**
 * Memory for `length` elements: zeros, false, or empty strings.
 *
 * @throws InvalidArgumentError for an unknown dtype, or a length that no array can have.
 */
export function allocate<D extends Dtype>(dtype: D, length: number): DtypeData<D> {
  const storage = storageOf(dtype);
  try {
    return storage.allocate(length) as DtypeData<D>;
  } catch (cause) {
    throw new InvalidArgumentError(`Cannot allocate ${String(length)} elements of ${dtype}: ${(cause as Error).message}.`, { cause });
  }
}

/**
 * The `length` elements that begin `byteOffset` bytes into `buffer`, without a copy.
 *
 * @throws InvalidArgumentError for string, for an offset that is not a multiple of the element's bytes, and past the buffer's end.
 */
export function viewOf<D extends Dtype>(dtype: D, buffer: ArrayBufferLike, byteOffset: number, length: number): DtypeData<D> {
  const { bytes, view } = storageOf(dtype);
  if (view === undefined) {
    throw new InvalidArgumentError("Strings have no fixed size and cannot be a view on a buffer: pass an array of strings.");
  }
  if (byteOffset % bytes !== 0) {
    throw new InvalidArgumentError(
      `A view of ${dtype} must begin at a multiple of ${String(bytes)} bytes, not at ${String(byteOffset)}: copy the bytes to an aligned place first.`,
    );
  }
  if (!(byteOffset >= 0) || !(length >= 0) || !(byteOffset + length * bytes <= buffer.byteLength)) {
    throw new InvalidArgumentError(
      `${String(length)} elements of ${dtype} from byte ${String(byteOffset)} do not lie in a buffer of ${String(buffer.byteLength)} bytes.`,
    );
  }
  return view(buffer, byteOffset, length) as DtypeData<D>;
}

/** The dtype of a typed array by its class: a Uint16Array is uint16, a Float16Array (where Node has it) float16. Undefined for anything else. */
export function dtypeOfTypedArray(value: unknown): NumericDtype | undefined {
  if (!ArrayBuffer.isView(value)) return undefined;
  return dtypeByClass.get((value as Uint8Array)[Symbol.toStringTag]);
}

const dtypeByClass: ReadonlyMap<string | undefined, NumericDtype> = new Map<string, NumericDtype>([
  ["Int8Array", "int8"],
  ["Int16Array", "int16"],
  ["Int32Array", "int32"],
  ["BigInt64Array", "int64"],
  ["Uint8Array", "uint8"],
  ["Uint8ClampedArray", "uint8"],
  ["Uint16Array", "uint16"],
  ["Uint32Array", "uint32"],
  ["BigUint64Array", "uint64"],
  ["Float16Array", "float16"],
  ["Float32Array", "float32"],
  ["Float64Array", "float64"],
]);

function storageOf(dtype: Dtype): Storage {
  const storage = storages.get(dtype);
  if (storage === undefined) throw unknownDtype(dtype);
  return storage;
}

export function unknownDtype(dtype: unknown): InvalidArgumentError {
  return new InvalidArgumentError(`Unknown dtype ${typeof dtype === "string" ? JSON.stringify(dtype) : String(dtype)}: use one of ${dtypes.join(", ")}.`);
}
