import { autoContainer, NdArray } from "bentoml-core";
import { beforeAll, describe, expect, test } from "vitest";
import { register } from "./index.js";
import { InferInput } from "./infer-input.js";

const input = InferInput.of("x", NdArray.from([[1, 2]]));

describe("the container of InferInput", () => {
  beforeAll(() => {
    register();
    register();
  });

  test("gives it to Triton as it is, if the datatype is the model's", () => {
    const wanted = { name: "x", datatype: "FP32", shape: [-1, 2] };
    expect(autoContainer.toTritonHttpPayload(input, wanted)).toEqual({ name: "x", datatype: "FP32", shape: [1, 2], raw: input.raw });
    expect(autoContainer.toTritonPayload(input, wanted, "grpc")).toEqual(autoContainer.toTritonHttpPayload(input, wanted));
    expect(() => autoContainer.toTritonHttpPayload(input, { ...wanted, datatype: "INT8" })).toThrow("takes INT8, not the InferInput");
  });

  test("sends it to another process", async () => {
    const payload = await autoContainer.toPayload(input, 0);
    expect(payload).toMatchObject({ container: "InferInputContainer", batchSize: 1, meta: { name: "x", datatype: "FP32", shape: [1, 2] } });
    const came = (await autoContainer.fromPayload(payload)) as InferInput;
    expect(InferInput.isInferInput(came)).toBe(true);
    expect([came.name, came.datatype, came.shape, [...came.raw]]).toEqual(["x", "FP32", [1, 2], [...input.raw]]);
    expect(() => autoContainer.fromPayload({ ...payload, meta: {} })).toThrow("it was not made by this container");
  });

  test("joins nothing", () => {
    expect(() => autoContainer.batchesToBatch([input, input], 0)).toThrow("InferInputs cannot be joined into a batch");
    expect(() => autoContainer.batchToBatches(input, [0, 1], 0)).toThrow("InferInputs cannot be joined into a batch");
    expect(autoContainer.getBatchSize(input, 0)).toBe(1);
  });
});
