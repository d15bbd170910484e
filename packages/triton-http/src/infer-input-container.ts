import { DataContainerBase, InvalidArgumentError, type JoinedBatch, type Payload, type TritonMetadata, type TritonTensor } from "bentoml-core";
import { InferInput } from "./infer-input.js";

/** InferInputs one by one: they go to Triton as they are, and are refused for joining, since their server batches them. */
export class InferInputContainer extends DataContainerBase<InferInput> {
  readonly name = "InferInputContainer";

  getBatchSize(): number {
    return 1;
  }

  batchesToBatch(): JoinedBatch<InferInput> {
    throw noBatches();
  }

  batchToBatches(): InferInput[] {
    throw noBatches();
  }

  /** @throws InvalidArgumentError for data in shared memory, which mean nothing on another machine. */
  toPayload(input: InferInput): Payload {
    const { name, datatype, shape } = input;
    return { container: this.name, meta: { name, datatype, shape: [...shape] }, batchSize: 1, buffers: [input.raw] };
  }

  /** @throws InvalidArgumentError for a payload that is no input. */
  fromPayload({ meta, buffers }: Payload): InferInput {
    const { name, datatype, shape } = meta;
    const [raw] = buffers;
    const isShape = Array.isArray(shape) && shape.every((dim) => typeof dim === "number");
    if (typeof name !== "string" || typeof datatype !== "string" || !isShape || raw === undefined || buffers.length !== 1) {
      throw new InvalidArgumentError("A payload of InferInputContainer needs a name, a datatype, a shape and one buffer: it was not made by this container.");
    }
    return InferInput.fromTensor({ name, datatype, shape, raw });
  }

  override toTritonHttpPayload(input: InferInput, metadata: TritonMetadata): TritonTensor {
    return asTensor(input, metadata);
  }

  override toTritonGrpcPayload(input: InferInput, metadata: TritonMetadata): TritonTensor {
    return asTensor(input, metadata);
  }
}

function asTensor({ name, datatype, shape, raw }: InferInput, metadata: TritonMetadata): TritonTensor {
  if (datatype === metadata.datatype) return { name, datatype, shape, raw };
  throw new InvalidArgumentError(`Input "${metadata.name}" of the Triton model takes ${metadata.datatype}, not the InferInput "${name}" of ${datatype}.`);
}

function noBatches(): InvalidArgumentError {
  return new InvalidArgumentError("InferInputs cannot be joined into a batch: pass NdArrays, or let the server batch.");
}

const inputType = { module: "bentoml-triton-http", name: "InferInput", is: (value: unknown) => InferInput.isInferInput(value) };

/** For `defineAdapter`. */
export const inferInputRegistration: {
  readonly singleType: typeof inputType;
  readonly batchType: typeof inputType;
  readonly container: InferInputContainer;
} = { singleType: inputType, batchType: inputType, container: new InferInputContainer() };
