import { TensorContainer, type NdArray } from "bentoml-core";
import { fromOrtTensor, isOrtTensor, toOrtTensor, type OrtTensor } from "./engine-tensor.js";

/**
 * Values of the class `ort.Tensor`, for users' own Runnables. What comes out of a join, a split or a payload is a plain
 * object with a tensor's fields, which every session takes: making the class would load the native library in the
 * caller. (ONNX models of this package get NdArrays: `prepare` converts.)
 */
export class OrtTensorContainer extends TensorContainer<OrtTensor> {
  readonly name = "OrtTensorContainer";

  protected toArray(tensor: OrtTensor): NdArray {
    return fromOrtTensor(tensor);
  }

  protected fromArray(array: NdArray): OrtTensor {
    return toOrtTensor(array);
  }
}

const ortTensorType = { module: "onnxruntime-node", name: "Tensor", is: isOrtTensor };

/** For `defineAdapter`. */
export const ortTensorRegistration: {
  readonly singleType: typeof ortTensorType;
  readonly batchType: typeof ortTensorType;
  readonly container: OrtTensorContainer;
} = { singleType: ortTensorType, batchType: ortTensorType, container: new OrtTensorContainer() };
