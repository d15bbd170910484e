import { InvalidArgumentError } from "bentoml-core";
import type { SharedMemory } from "./infer-input.js";

/** How an output is to come. */
export interface RequestedOutputOptions {
  /** Whether it comes as bytes behind the answer's JSON; otherwise in it. Default: what the client says, which is true. */
  readonly binary?: boolean;
  /** So many of the classes with the highest values instead of the values, as BYTES "value:index:label". Default 0: the values. */
  readonly classCount?: number;
}

/** One output that a request asks for. */
export class InferRequestedOutput {
  /** The output's name in the model. */
  readonly name: string;
  /** Form that was asked for; undefined leaves it to the client. */
  readonly binary: boolean | undefined;
  /** How many classes were asked for; 0 for the values. */
  readonly classCount: number;
  #sharedMemory: SharedMemory | undefined;

  /** @throws InvalidArgumentError for a number of classes that is none. */
  constructor(name: string, { binary, classCount = 0 }: RequestedOutputOptions = {}) {
    if (!Number.isSafeInteger(classCount) || classCount < 0) {
      throw new InvalidArgumentError(`classCount of output "${name}" is ${String(classCount)}; it must be a whole number of at least 0.`);
    }
    this.name = name;
    this.binary = binary;
    this.classCount = classCount;
  }

  /** Where the server is to write it; undefined when it travels with the answer. */
  get sharedMemory(): SharedMemory | undefined {
    return this.#sharedMemory;
  }

  /**
   * Has the server write the output into a region that was registered with it.
   *
   * @throws InvalidArgumentError for an output of classes, which cannot be written there.
   */
  setSharedMemory(region: string, byteSize: number, offset = 0): this {
    if (this.classCount > 0) throw new InvalidArgumentError(`Output "${this.name}" asks for classes, which cannot go to shared memory.`);
    this.#sharedMemory = { region, byteSize, offset };
    return this;
  }

  /** Has it travel with the answer again. */
  unsetSharedMemory(): this {
    this.#sharedMemory = undefined;
    return this;
  }
}
