import { expectTypeOf } from "vitest";
import { allocate, NdArray, viewOf, type Dtype, type DtypeData, type NamedTensors } from "./index.js";

expectTypeOf(NdArray.from([[1, 2]])).toEqualTypeOf<NdArray<"float32">>();
expectTypeOf(NdArray.from(true)).toEqualTypeOf<NdArray<"bool">>();
expectTypeOf(NdArray.from([1n])).toEqualTypeOf<NdArray<"int64">>();
expectTypeOf(NdArray.from(["a"])).toEqualTypeOf<NdArray<"string">>();
expectTypeOf(NdArray.from(new Float64Array(1))).toEqualTypeOf<NdArray<"float64">>();
expectTypeOf(NdArray.from([new Int32Array(1)])).toEqualTypeOf<NdArray<"int32">>();
expectTypeOf(NdArray.from([])).toEqualTypeOf<NdArray>();
expectTypeOf(NdArray.from({} as unknown)).toEqualTypeOf<NdArray>();
expectTypeOf(NdArray.from([1], "int8")).toEqualTypeOf<NdArray<"int8">>();
expectTypeOf(NdArray.from(NdArray.from([1n]))).toEqualTypeOf<NdArray<"int64">>();

const floats = NdArray.zeros("float32", [1]);
expectTypeOf(floats.data).toEqualTypeOf<Float32Array>();
expectTypeOf(floats.at(0)).toEqualTypeOf<number>();
expectTypeOf(floats.cast("int64").at(0)).toEqualTypeOf<bigint>();
expectTypeOf(NdArray.zeros("bool", []).at()).toEqualTypeOf<boolean>();
expectTypeOf(NdArray.concat([floats, floats], 0)).toEqualTypeOf<NdArray<"float32">>();
expectTypeOf(floats.split([0, 1], 0)).toEqualTypeOf<NdArray<"float32">[]>();
expectTypeOf(floats).toExtend<NdArray>();
expectTypeOf({ x: floats }).toExtend<NamedTensors>();
expectTypeOf(allocate("string", 1)).toEqualTypeOf<string[]>();
expectTypeOf(viewOf("float16", new ArrayBuffer(2), 0, 1)).toEqualTypeOf<Uint16Array>();
expectTypeOf<DtypeData<"uint64">>().toEqualTypeOf<BigUint64Array>();
expectTypeOf<"float8">().not.toExtend<Dtype>();

// @ts-expect-error float32 data are a Float32Array
new NdArray("float32", [1], new Float64Array(1));
