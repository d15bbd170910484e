import { InvalidArgumentError } from "../errors/index.js";
import type { ArrayParts } from "./array-parts.js";
import { castParts } from "./cast.js";
import { dataClassName, dtypeOfTypedArray, isDtype, unknownDtype, viewOf, type Dtype, type NumericDtype } from "./dtype.js";
import { partsFromNested } from "./from-nested.js";

/** The dtype that `NdArray.from` gives a value when none is asked for, as far as the value's type tells. */
export type DtypeOf<Value> = Value extends { readonly dtype: infer D extends Dtype; readonly shape: readonly number[] }
  ? D
  : Value extends number
    ? "float32"
    : Value extends boolean
      ? "bool"
      : Value extends bigint
        ? "int64"
        : Value extends string
          ? "string"
          : Value extends Float32Array
            ? "float32"
            : Value extends Float64Array
              ? "float64"
              : Value extends Int32Array
                ? "int32"
                : Value extends BigInt64Array
                  ? "int64"
                  : Value extends BigUint64Array
                    ? "uint64"
                    : Value extends Int8Array
                      ? "int8"
                      : Value extends Int16Array
                        ? "int16"
                        : Value extends Uint16Array
                          ? "uint16"
                          : Value extends Uint32Array
                            ? "uint32"
                            : Value extends Uint8Array | Uint8ClampedArray
                              ? "uint8"
                              : Value extends readonly (infer Item)[]
                                ? [Item] extends [never]
                                  ? Dtype
                                  : DtypeOf<Item>
                                : Dtype;

/** Parts of anything but an NdArray: a typed array without a copy, plain values read. */
export function partsFrom(value: unknown, dtype?: Dtype): ArrayParts {
  const own = dtypeOfTypedArray(value);
  return own === undefined ? partsFromNested(value, dtype) : partsFromTypedArray(value as Float32Array, own, dtype ?? own);
}

function partsFromTypedArray(value: Float32Array, own: NumericDtype, wanted: Dtype): ArrayParts {
  if (!isDtype(wanted)) throw unknownDtype(wanted);
  const shape = [value.length];
  // A view of the dtype's plain class: a Buffer's slice() shares memory, and a Uint8ClampedArray is not what engines expect.
  const view = (dtype: Dtype): ArrayParts => ({ dtype, shape, data: viewOf(dtype, value.buffer, value.byteOffset, value.length) });
  if (own === "uint16" && (wanted === "float16" || wanted === "bfloat16")) return view(wanted);
  if (own === "uint8" && wanted === "bool") {
    const wrong = value.findIndex((byte) => byte > 1);
    if (wrong >= 0) {
      throw new InvalidArgumentError(`value[${String(wrong)}] is ${String(value[wrong])}, but bool data are bytes 0 and 1.`);
    }
    return view("bool");
  }
  const parts = isPlain(value, own) ? { dtype: own, shape, data: value } : view(own);
  return castParts(parts, wanted);
}

function isPlain(value: Float32Array, dtype: NumericDtype): boolean {
  return value.constructor.name === dataClassName(dtype);
}
