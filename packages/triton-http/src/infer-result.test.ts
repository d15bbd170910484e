import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { InferResult } from "./infer-result.js";

function answer(outputs: readonly unknown[], tail: readonly number[] = []): [Buffer, number] {
  const head = Buffer.from(JSON.stringify({ model_name: "m", model_version: "1", outputs }));
  return [Buffer.concat([head, Buffer.from(tail)]), head.length];
}

function output(datatype: string, shape: readonly number[], size?: number): Record<string, unknown> {
  return { name: "o", datatype, shape, ...(size === undefined ? {} : { parameters: { binary_data_size: size } }) };
}

describe("an answer", () => {
  test("reads a body that was recorded, compressed or not", async () => {
    const [body, headerLength] = answer([output("INT16", [2], 4)], [1, 0, 2, 0]);
    const plain = await InferResult.fromResponseBody(body, { headerLength });
    const compressed = await InferResult.fromResponseBody(gzipSync(body), { headerLength, contentEncoding: "gzip" });
    expect(compressed.asNdArray("o")).toEqual(plain.asNdArray("o"));
    expect(plain.asNdArray("o").toNested()).toEqual([1, 2]);
  });

  test("keeps 64-bit integers, halves and truths from JSON", () => {
    const text = '{"model_name":"m","outputs":[{"name":"i","datatype":"INT64","shape":[1],"data":[9223372036854775807]},';
    const rest = '{"name":"h","datatype":"FP16","shape":[2],"data":[1.5,NaN]},{"name":"b","datatype":"BOOL","shape":[1,1],"data":[[true]]}]}';
    const result = new InferResult(Buffer.from(text + rest));
    expect(result.asNdArray("i").at(0)).toBe(2n ** 63n - 1n);
    expect(result.asNdArray("h").toNested()).toEqual([1.5, NaN]);
    expect(result.asNdArray("b").toNested()).toEqual([[true]]);
  });

  test("is its own, also where another had the same JSON", () => {
    const [one, two] = [[1, 0, 2, 0], [3, 0, 4, 0]].map((tail) => new InferResult(...answer([output("INT16", [2], 4)], tail)));
    expect([one?.asNdArray("o").toNested(), two?.asNdArray("o").toNested()]).toEqual([[1, 2], [3, 4]]);
    (one?.getResponse().outputs as unknown[]).length = 0;
    (one?.asNdArray("o").shape as number[])[0] = 9;
    expect([two?.getOutput("o"), one?.getOutput("o")]).toEqual([output("INT16", [2], 4), undefined]);
    expect(two?.asNdArray("o").shape).toEqual([2]);
    expect(() => new InferResult(...answer([output("INT16", [2], 4)], [1, 0, 2]))).toThrow('output "o" should have 4 bytes, 3 are left');
    expect(() => new InferResult(...answer([output("INT16", [2], 4)], [1, 0, 2, 0, 3]))).toThrow("1 bytes are left behind its outputs");
  });

  test("has its own id", () => {
    const withId = (id: string): InferResult => {
      const head = Buffer.from(JSON.stringify({ model_name: "m", id, outputs: [output("INT8", [1], 1)] }));
      return new InferResult(Buffer.concat([head, Buffer.from([1])]), head.length);
    };
    expect(["a", "b", "a"].map((id) => withId(id).id)).toEqual(["a", "b", "a"]);
  });

  test.each<[string, readonly [Buffer, number?], string]>([
    ["no JSON", [Buffer.from("<html>")], "its JSON is broken"],
    ["no outputs", [Buffer.from("{}")], 'has no list "outputs"'],
    ["an output without a shape", [Buffer.from('{"outputs":[{"name":"o","datatype":"FP32"}]}')], 'has no list "outputs"'],
    ["a header that is longer than the body", [Buffer.from("{}"), 9], "Inference-Header-Content-Length is 9, its body has 2 bytes"],
    ["bytes that are missing", answer([output("FP32", [2], 8)], [0, 0, 0, 0]), 'output "o" should have 8 bytes, 4 are left'],
    ["bytes that are left", answer([output("FP32", [1], 4)], [0, 0, 0, 0, 0]), "1 bytes are left behind its outputs"],
    ["a size that is none", answer([output("FP32", [1], -1)]), 'output "o" should have -1 bytes'],
  ])("refuses %s", (_name, [body, headerLength], message) => {
    expect(() => new InferResult(body, headerLength)).toThrow(message);
  });

  test.each<[string, Record<string, unknown>, readonly number[], string]>([
    ["a shape that does not fit", output("FP32", [3], 4), [0, 0, 0, 0], "Shape [3] has 3 elements"],
    ["half an element", output("FP32", [1], 3), [0, 0, 0], "3 bytes, which is no multiple of 4"],
    ["a datatype that is unknown", output("FP8", [1], 1), [0], 'has the datatype "FP8"'],
    ["JSON of another type", { ...output("INT32", [1]), data: ["x"] }, [], 'element 0 of the int32 output "o" is "x"'],
    ["a truth that is a number", { ...output("BOOL", [1]), data: [1] }, [], 'element 0 of the bool output "o" is 1'],
    ["texts that are numbers", { ...output("BYTES", [1]), data: [1] }, [], 'element 0 of the BYTES output "o" is 1'],
  ])("an array refuses %s", (_name, description, tail, message) => {
    expect(() => new InferResult(...answer([description], tail)).asNdArray("o")).toThrow(message);
  });

  test("names what it has when it is asked for what it has not", () => {
    const result = new InferResult(...answer([output("FP32", [1], 4)], [0, 0, 0, 0]));
    expect(() => result.asNdArray("p")).toThrow('The answer has no output "p", its outputs are "o".');
    expect(() => result.asBytes("o")).toThrow('Output "o" is FP32, not BYTES');
  });
});
