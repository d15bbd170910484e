import { NdArray } from "bentoml-core";
import { describe, expect, test } from "vitest";
import { InferInput } from "./infer-input.js";
import { InferRequestedOutput } from "./infer-requested-output.js";
import { encodeInferRequest, type InferRequestOptions } from "./infer-request.js";

const x = NdArray.from([[1, 2]]);

function jsonOf(options: InferRequestOptions, inputs: Parameters<typeof encodeInferRequest>[0] = { x }): unknown {
  const { body, headerLength } = encodeInferRequest(inputs, options);
  return JSON.parse(Buffer.from(body).subarray(0, headerLength).toString());
}

describe("the body of a request", () => {
  test("is JSON, then the inputs' bytes in their order", () => {
    const names = NdArray.from(["a", "é"], "string");
    const { body, headerLength = 0 } = encodeInferRequest({ x, names });
    expect(JSON.parse(Buffer.from(body).subarray(0, headerLength).toString())).toEqual({
      parameters: { binary_data_output: true },
      inputs: [
        { name: "x", shape: [1, 2], datatype: "FP32", parameters: { binary_data_size: 8 } },
        { name: "names", shape: [2], datatype: "BYTES", parameters: { binary_data_size: 11 } },
      ],
    });
    expect([...body.subarray(headerLength)]).toEqual([0, 0, 128, 63, 0, 0, 0, 64, 1, 0, 0, 0, 97, 2, 0, 0, 0, 0xc3, 0xa9]);
  });

  test("is JSON alone without binary inputs", () => {
    const big = InferInput.of("n", NdArray.from([2n ** 63n - 1n], "int64"), { binary: false });
    const { body, headerLength } = encodeInferRequest([big], { outputs: [] });
    expect(headerLength).toBeUndefined();
    expect(Buffer.from(body).toString()).toBe('{"inputs":[{"name":"n","shape":[1],"datatype":"INT64","data":[9223372036854775807]}],"outputs":[]}');
  });

  test("copies what it sends", () => {
    const mine = NdArray.from([1, 2]);
    const { body, headerLength = 0 } = encodeInferRequest({ mine });
    mine.data.fill(7);
    expect([...body.subarray(headerLength)]).toEqual([0, 0, 128, 63, 0, 0, 0, 64]);
  });

  test("says what the options say, in the protocol's words", () => {
    const options = { requestId: "r", sequenceId: 2n ** 64n - 1n, sequenceStart: true, priority: 2, queueTimeoutMs: 1.5, parameters: { a: "b" } };
    const text = Buffer.from(encodeInferRequest({ x }, options).body).toString("latin1");
    expect(text).toContain('"sequence_id":18446744073709551615,"sequence_start":true,"sequence_end":false,"priority":2,"timeout":1500,');
    expect(jsonOf(options)).toMatchObject({ id: "r", parameters: { binary_data_output: true, a: "b" } });
  });

  test("asks for outputs by name, as JSON, as classes, and into shared memory", () => {
    const outputs = [
      "a",
      new InferRequestedOutput("b", { binary: false }),
      new InferRequestedOutput("c", { classCount: 3 }),
      new InferRequestedOutput("d").setSharedMemory("region", 8, 16),
      new InferRequestedOutput("e").setSharedMemory("region", 8).unsetSharedMemory(),
    ];
    expect(jsonOf({ outputs })).toMatchObject({
      outputs: [
        { name: "a", parameters: { binary_data: true } },
        { name: "b", parameters: { binary_data: false } },
        { name: "c", parameters: { binary_data: true, classification: 3 } },
        { name: "d", parameters: { shared_memory_region: "region", shared_memory_byte_size: 8, shared_memory_offset: 16 } },
        { name: "e", parameters: { binary_data: true } },
      ],
    });
  });

  test.each<[string, InferRequestOptions, string]>([
    ["a parameter of the protocol", { parameters: { sequence_id: 1 } }, 'The parameter "sequence_id" belongs to the protocol'],
    ["a parameter that is no scalar", { parameters: { a: NaN } }, 'The parameter "a" must be a string, a finite number'],
    ["a sequence without an id", { sequenceStart: true }, "need a sequenceId"],
    ["a negative priority", { priority: -1 }, "priority is -1"],
    ["a time that is none", { queueTimeoutMs: NaN }, "queueTimeoutMs is NaN"],
  ])("refuses %s", (_name, options, message) => {
    expect(() => encodeInferRequest({ x }, options)).toThrow(message);
  });

  test.each<[string, unknown, string]>([
    ["nested lists, whose dtype nobody knows", { x: [[1, 2]] }, 'Input "x" is no NdArray, so it does not say its dtype and shape'],
    ["a typed array, whose shape nobody knows", { x: new Float32Array(2) }, 'Input "x" is no NdArray'],
    ["an array without a name", x, "are a record of NdArrays by input name"],
    ["a list of arrays", [x], "are a record of NdArrays by input name"],
    ["nothing", undefined, "are a record of NdArrays by input name"],
  ])("refuses %s, which JavaScript lets through", (_name, inputs, message) => {
    expect(() => encodeInferRequest(inputs as { x: NdArray })).toThrow(message);
  });
});

describe("InferInput", () => {
  test("takes nested values, typed arrays and arrays, and another shape", () => {
    const input = new InferInput("x", [2, 1], "FP32");
    for (const data of [[[1], [2]], Float32Array.of(1, 2), NdArray.from([1, 2])]) {
      expect([...input.setData(data).raw]).toEqual([0, 0, 128, 63, 0, 0, 0, 64]);
    }
    expect(input.setShape([1, 2]).shape).toEqual([1, 2]);
    expect(input.raw).toHaveLength(8);
    expect(() => input.setShape([3]).raw).toThrow('Input "x" has shape [3], which is 3 elements, but was given 2.');
  });

  test.each<[string, () => unknown, string]>([
    ["a datatype that there is not", () => new InferInput("x", [1], "FLOAT" as "FP32"), 'the unknown datatype "FLOAT"'],
    ["a dim that is no size", () => new InferInput("x", [-1], "FP32"), 'Shape [-1] of input "x" has the dim -1'],
    ["another size", () => new InferInput("x", [3], "FP32").setData([1, 2]), "which is 3 elements, but was given 2"],
    ["another dtype", () => new InferInput("x", [1], "FP32").setData(NdArray.from([1n])).raw, "takes FP32, not INT64"],
    ["bytes for numbers", () => new InferInput("x", [1], "FP32").setData([Uint8Array.of(1)]), "a list of byte arrays can be the data of BYTES alone"],
    ["no data", () => new InferInput("x", [1], "FP32").raw, 'Input "x" has no data'],
    ["classes in shared memory", () => new InferRequestedOutput("x", { classCount: 1 }).setSharedMemory("r", 1), "cannot go to shared memory"],
  ])("refuses %s", (_name, make, message) => {
    expect(make).toThrow(message);
  });
});
