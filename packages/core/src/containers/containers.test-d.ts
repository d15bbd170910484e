import { expectTypeOf } from "vitest";
import type { NamedTensors, NdArray } from "../ndarray/index.js";
import {
  DataContainerBase,
  kwargs,
  namedTensorsContainer,
  ndArrayContainer,
  Params,
  registerContainer,
  type ContainerType,
  type DataContainer,
  type JoinedBatch,
  type LazyType,
  type Payload,
} from "./index.js";

expectTypeOf(kwargs({ x: 1 })).toExtend<Params<number>>();
expectTypeOf(Params.of(1, "a")).toEqualTypeOf<Params>();
expectTypeOf(kwargs({ x: 1 })).toExtend<Params>();
expectTypeOf(new Params([1]).map(String)).toEqualTypeOf<Params<string>>();

expectTypeOf(ndArrayContainer).toExtend<DataContainer<NdArray, NdArray>>();
expectTypeOf(ndArrayContainer.batchesToBatch([new Float32Array(1)], 0)).toEqualTypeOf<JoinedBatch<NdArray>>();
expectTypeOf(namedTensorsContainer).toExtend<DataContainer<NamedTensors, NamedTensors>>();

declare class Picture {
  constructor(width: number, bytes: Uint8Array);
  readonly width: number;
}

declare class PictureContainer extends DataContainerBase<Picture> {
  readonly name: string;
  getBatchSize(batch: Picture, batchDim: number): number;
  batchesToBatch(batches: readonly Picture[], batchDim: number): JoinedBatch<Picture>;
  batchToBatches(batch: Picture, indices: readonly number[], batchDim: number): Picture[];
  toPayload(batch: Picture): Promise<Payload>;
  fromPayload(payload: Payload): Promise<Picture>;
}

declare const container: PictureContainer;
declare const lazyPicture: LazyType;
expectTypeOf(registerContainer<Picture, Picture>).toBeCallableWith(Picture, Picture, container);
expectTypeOf(registerContainer<Picture, Picture>).toBeCallableWith(lazyPicture, Picture, container);
expectTypeOf(registerContainer<Picture, Picture>).toBeCallableWith(Picture, Picture, container, { module: "file:///pictures.mjs" });
// A type is a class or a lazy type, not a name.
expectTypeOf<string>().not.toExtend<ContainerType>();
