import { NdArray } from "bentoml-core";
import { InferInput, InferRequestedOutput, TritonClient, type Datatype, type InferResult } from "bentoml-triton-http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTriton, type StartedTriton } from "./index.js";
import { refusal } from "./testing/refusal.js";
import { addends, oneInteger, rows } from "./testing/rows.js";

/** Extreme values of every datatype. */
const extremes: Readonly<Record<Exclude<Datatype, "BYTES" | "FP32">, NdArray>> = {
  BOOL: NdArray.from([true, false, true]),
  UINT8: NdArray.from([0, 255], "uint8"),
  UINT16: NdArray.from([0, 65_535], "uint16"),
  UINT32: NdArray.from([0, 4_294_967_295], "uint32"),
  UINT64: NdArray.from([0n, 2n ** 64n - 1n, 2n ** 53n + 1n], "uint64"),
  INT8: NdArray.from([-128, 127], "int8"),
  INT16: NdArray.from([-32_768, 32_767], "int16"),
  INT32: NdArray.from([-2_147_483_648, 2_147_483_647], "int32"),
  INT64: NdArray.from([-(2n ** 63n), 2n ** 63n - 1n, 2n ** 53n + 1n], "int64"),
  FP16: new NdArray("float16", [4], Uint16Array.of(0x3e00, 0xc000, 0x7c00, 0x7e01)),
  BF16: new NdArray("bfloat16", [4], Uint16Array.of(0x3fc0, 0xc000, 0xff80, 0x7fc1)),
  FP64: NdArray.from([0.1, 1e308, NaN, Infinity, -Infinity, -0], "float64"),
};
const types = Object.keys(extremes) as (keyof typeof extremes)[];
const jsonTypes = types.filter((type) => type !== "FP16" && type !== "BF16");

let triton: StartedTriton;
let client: TritonClient;

beforeAll(async () => {
  const identities = [...types, "FP32", "BYTES", "ND"].map((type) => `identity_${type.toLowerCase()}`);
  triton = await startTriton({ models: [...identities, "add_sub", "versions", "ensemble_id2"] });
  client = new TritonClient(triton.url);
});

afterAll(async () => {
  await client.close();
  await triton.stop();
});

function identity(type: string, input: InferInput, output?: InferRequestedOutput): Promise<InferResult> {
  return client.infer(`identity_${type.toLowerCase()}`, [input], output === undefined ? {} : { outputs: [output] });
}

const asJson = new InferRequestedOutput("OUTPUT0", { binary: false });

describe("every datatype comes back as it went", () => {
  test.each(types)("%s as bytes, bit for bit", async (type) => {
    const given = extremes[type];
    const result = (await identity(type, InferInput.of("INPUT0", given))).asNdArray("OUTPUT0");
    expect(result.dtype).toBe(given.dtype);
    expect(result.data).toEqual(given.data);
  });

  test.each(jsonTypes)("%s as JSON", async (type) => {
    const given = extremes[type];
    const result = await identity(type, InferInput.of("INPUT0", given, { binary: false }), asJson);
    expect(result.getOutput("OUTPUT0")?.data).toHaveLength(given.size);
    expect(result.asNdArray("OUTPUT0")).toEqual(given);
  });

  test("FP16 and BF16 have no JSON form: refused here going out, by Triton coming in", async () => {
    for (const type of ["FP16", "BF16"] as const) {
      expect(() => InferInput.of("INPUT0", extremes[type], { binary: false })).toThrow(`${type} has no JSON form`);
      const text = expect.stringContaining(type) as string;
      expect(await refusal(identity(type, InferInput.of("INPUT0", extremes[type]), asJson))).toMatchObject({ status: 400, text });
    }
  });

  test("a result owns its memory", async () => {
    const { data } = (await identity("int64", InferInput.of("INPUT0", extremes.INT64))).asNdArray("OUTPUT0");
    expect((data as BigInt64Array).buffer.byteLength).toBe((data as BigInt64Array).byteLength);
  });
});

describe("FP32", () => {
  const numbers = NdArray.from([[[0.1, 3.4e38, NaN, Infinity, -Infinity, 3]]]);

  test.each([
    ["bytes both ways", true, true],
    ["bytes in, JSON out", true, false],
    ["JSON in, bytes out", false, true],
    ["JSON both ways", false, false],
  ])("%s", async (_name, input, output) => {
    const result = await identity("nd", InferInput.of("INPUT0", numbers, { binary: input }), new InferRequestedOutput("OUTPUT0", { binary: output }));
    expect(result.asNdArray("OUTPUT0")).toEqual(numbers);
    expect(result.getOutput("OUTPUT0")?.parameters?.["binary_data_size"]).toBe(output ? 24 : undefined);
  });

  test("nested values and typed arrays are data too", async () => {
    const wanted = NdArray.from([[[1, 2], [3, 4]]]);
    for (const data of [[[[1, 2], [3, 4]]], Float32Array.of(1, 2, 3, 4)]) {
      expect((await identity("nd", new InferInput("INPUT0", [1, 2, 2], "FP32").setData(data))).asNdArray("OUTPUT0")).toEqual(wanted);
    }
  });

  test("64 MiB there and back", async () => {
    const data = new Float32Array(16 * 1024 * 1024);
    for (let index = 0; index < data.length; index += 4096) data[index] = index;
    const result = await identity("nd", InferInput.of("INPUT0", new NdArray("float32", [1, 1, data.length], data)));
    expect(Buffer.compare(bytesOf(result.asNdArray("OUTPUT0").data as Float32Array), bytesOf(data))).toBe(0);
  });

  test("6 million numbers as JSON", async () => {
    const data = new Float32Array(6_000_000).fill(0.1234567);
    const result = await identity("nd", InferInput.of("INPUT0", new NdArray("float32", [1, 1, data.length], data), { binary: false }), asJson);
    expect(Buffer.compare(bytesOf(result.asNdArray("OUTPUT0").data as Float32Array), bytesOf(data))).toBe(0);
  });
});

describe("zero-sized tensors", () => {
  const none = NdArray.zeros("int32", [0]);

  test.each([
    ["bytes", true, true],
    ["JSON", false, false],
    ["JSON in, bytes out", false, true],
    ["bytes in, JSON out", true, false],
  ])("%s", async (_name, input, output) => {
    const result = await identity("int32", InferInput.of("INPUT0", none, { binary: input }), new InferRequestedOutput("OUTPUT0", { binary: output }));
    expect(result.asNdArray("OUTPUT0")).toEqual(none);
  });

  test("beside others, of BYTES, and in a dim that is not the first", async () => {
    expect((await identity("bytes", InferInput.of("INPUT0", NdArray.zeros("string", [0])))).asNdArray("OUTPUT0").shape).toEqual([0]);
    expect((await identity("nd", InferInput.of("INPUT0", NdArray.zeros("float32", [2, 0, 3])))).asNdArray("OUTPUT0").shape).toEqual([2, 0, 3]);
  });
});

describe("BYTES", () => {
  const texts = NdArray.from(["abc", "", "é☃", 'a\nb"\\'], "string");
  const bytes = [Buffer.from("abc"), Buffer.of(), Buffer.of(0xff, 0xfe, 0x00), Buffer.of(0xc3)].map((one) => new Uint8Array(one));

  test.each([[true, true], [true, false], [false, true], [false, false]])("text: bytes in %s, out %s", async (input, output) => {
    const result = await identity("bytes", InferInput.of("INPUT0", texts, { binary: input }), new InferRequestedOutput("OUTPUT0", { binary: output }));
    expect(result.asNdArray("OUTPUT0")).toEqual(texts);
  });

  test.each([true, false])("elements that are not UTF-8 (bytes out: %s)", async (binary) => {
    const input = new InferInput("INPUT0", [4], "BYTES").setData(bytes);
    const result = await identity("bytes", input, new InferRequestedOutput("OUTPUT0", { binary }));
    expect(result.asBytes("OUTPUT0")).toEqual(bytes);
    expect(() => result.asNdArray("OUTPUT0")).toThrow('BYTES element 2 of output "OUTPUT0" is not UTF-8: read it with asBytes("OUTPUT0").');
  });

  test("bytes cannot be sent as JSON", () => {
    expect(() => new InferInput("INPUT0", [4], "BYTES").setData(bytes, { binary: false })).toThrow("bytes have no JSON form");
  });
});

describe("outputs and versions", () => {
  const sums = NdArray.from([Array.from({ length: 16 }, (_unused, index) => index + 1)], "int32");

  test("all, one, none named, and in another order than asked for", async () => {
    expect((await client.infer("add_sub", addends())).outputNames.toSorted()).toEqual(["OUTPUT0", "OUTPUT1"]);
    expect((await client.infer("add_sub", addends(), { outputs: ["OUTPUT1"] })).outputNames).toEqual(["OUTPUT1"]);
    expect((await client.infer("add_sub", addends(), { outputs: [] })).outputNames.toSorted()).toEqual(["OUTPUT0", "OUTPUT1"]);
    const swapped = await client.infer("add_sub", addends(), { outputs: ["OUTPUT1", "OUTPUT0"] });
    expect(swapped.asNdArray("OUTPUT0")).toEqual(sums);
    expect(swapped.asNdArrays()["OUTPUT1"]?.at(0, 0)).toBe(-1);
  });

  test("one input as bytes and one as JSON, one output as bytes and one as JSON", async () => {
    const { INPUT0, INPUT1 } = addends();
    const inputs = [InferInput.of("INPUT0", INPUT0), InferInput.of("INPUT1", INPUT1, { binary: false })];
    const result = await client.infer("add_sub", inputs, { outputs: ["OUTPUT0", new InferRequestedOutput("OUTPUT1", { binary: false })] });
    expect(result.getOutput("OUTPUT1")?.data).toHaveLength(16);
    expect(result.asNdArray("OUTPUT0")).toEqual(sums);
  });

  test("a client whose encoding is JSON says so for all", async () => {
    const plain = new TritonClient(triton.url, { encoding: "json" });
    const result = await plain.infer("add_sub", addends());
    expect(result.getOutput("OUTPUT0")?.data).toHaveLength(16);
    expect(result.asNdArray("OUTPUT0")).toEqual(sums);
    await plain.close();
  });

  test("the latest version, and one that is named", async () => {
    const latest = await client.infer("versions", oneInteger());
    expect([latest.modelVersion, latest.asNdArray("OUTPUT0").at(0)]).toEqual(["3", 3]);
    const first = await client.infer("versions", oneInteger(), { modelVersion: "1" });
    expect([first.modelVersion, first.asNdArray("OUTPUT0").at(0)]).toEqual(["1", 1]);
  });

  test("an ensemble, whose answer has parameters", async () => {
    const result = await client.infer("ensemble_id2", { INPUT0: rows(1) }, { requestId: "req-1" });
    expect(result.asNdArray("OUTPUT0")).toEqual(rows(1));
    expect([result.modelName, result.id]).toEqual(["ensemble_id2", "req-1"]);
    expect(result.getResponse().parameters).toEqual({ sequence_id: 0, sequence_start: false, sequence_end: false });
  });
});

describe("raw requests", () => {
  test("the shape comes from the configuration", async () => {
    const result = await client.inferRaw("identity_fp32", bytesOf(rows(1).data));
    expect(result.asNdArray("OUTPUT0")).toEqual(rows(1));
  });

  test("a size that does not fit, and a model of two inputs", async () => {
    const text = "[request id: <id_unknown>] input byte size mismatch for input 'raw_input' for model 'identity_fp32'. Expected 64, got 60";
    expect(await refusal(client.inferRaw("identity_fp32", new Uint8Array(60)))).toMatchObject({ status: 400, text });
    const two = "[request id: <id_unknown>] Raw request must only have 1 input (found 1) to be deduced but got 2 inputs in 'add_sub' model configuration";
    expect(await refusal(client.inferRaw("add_sub", new Uint8Array(64)))).toMatchObject({ status: 400, text: two });
  });
});

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
