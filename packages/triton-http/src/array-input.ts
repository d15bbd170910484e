import { autoContainer, datatypeOf, type Datatype, type NdArray } from "bentoml-core";
import { InferInput } from "./infer-input.js";

/** What a request needs of an input. */
export type RequestInput = Pick<InferInput, "name" | "datatype" | "shape" | "sharedMemory" | "binary" | "raw" | "jsonData">;

/** An array that goes out under a name: as an `InferInput` of it, without the checks of what an array cannot have wrong. */
export class ArrayInput implements RequestInput {
  readonly sharedMemory = undefined;
  readonly binary = undefined;

  constructor(
    readonly name: string,
    private readonly array: NdArray,
  ) {}

  get datatype(): Datatype {
    return datatypeOf[this.array.dtype];
  }

  get shape(): readonly number[] {
    return this.array.shape;
  }

  get raw(): Uint8Array {
    return autoContainer.toTritonHttpPayload(this.array, this).raw;
  }

  jsonData(): string {
    return InferInput.of(this.name, this.array).jsonData();
  }
}
