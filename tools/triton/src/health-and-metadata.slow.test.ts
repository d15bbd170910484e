import { TritonClient } from "bentoml-triton-http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTriton, type StartedTriton } from "./index.js";
import { refusal } from "./testing/refusal.js";

const unknownModel = { name: "NotFoundError", status: 404, text: "Request for unknown model: 'nope' is not found" };

let triton: StartedTriton;
let client: TritonClient;

beforeAll(async () => {
  triton = await startTriton({ models: ["add_sub", "versions", "linear_batched", "sequence_sum", "ensemble_id2", "labels3", "mock_llm"] });
  client = new TritonClient(triton.url);
});

afterAll(async () => {
  await client.close();
  await triton.stop();
});

describe("health", () => {
  test("the server lives and is ready", async () => {
    expect(await client.isServerLive()).toBe(true);
    expect(await client.isServerReady()).toBe(true);
  });

  test.each([
    ["add_sub", undefined, true],
    ["versions", "1", true],
    ["versions", "2", false],
    ["versions", "9", false],
    ["nope", undefined, false],
    ["load_me", undefined, false],
  ])("whether %s (version %s) is ready: %s", async (name, modelVersion, ready) => {
    expect(await client.isModelReady(name, modelVersion === undefined ? {} : { modelVersion })).toBe(ready);
  });

  test("a header block that Triton drops is a lost connection, and the next call works", async () => {
    const long = refusal(client.isServerLive({ headers: { "x-long": "a".repeat(100 * 1024) } }));
    await expect(long).resolves.toMatchObject({ status: 502 });
    expect(await client.isServerLive()).toBe(true);
  });
});

describe("metadata", () => {
  test("of the server", async () => {
    const { name, version, extensions } = await client.getServerMetadata();
    expect([name, version]).toEqual(["triton", "2.51.0"]);
    expect(extensions).toEqual(expect.arrayContaining(["classification", "sequence", "binary_tensor_data", "model_repository(unload_dependents)"]));
  });

  test("of a model with a batch dim", async () => {
    const tensor = (name: string): object => ({ name, datatype: "INT32", shape: [-1, 16] });
    expect(await client.getModelMetadata("add_sub")).toEqual({
      name: "add_sub",
      versions: ["1"],
      platform: "python",
      inputs: [tensor("INPUT0"), tensor("INPUT1")],
      outputs: [tensor("OUTPUT0"), tensor("OUTPUT1")],
    });
  });

  test("of the versions that its policy loads", async () => {
    expect((await client.getModelMetadata("versions")).versions).toEqual(["1", "3"]);
    expect((await client.getModelMetadata("versions", { modelVersion: "3" })).versions).toEqual(["3"]);
  });

  test("of a model with optional inputs", async () => {
    const { inputs } = await client.getModelMetadata("mock_llm");
    expect(inputs.map(({ name, datatype }) => [name, datatype])).toEqual([["text_input", "BYTES"], ["stream", "BOOL"], ["max_tokens", "INT32"]]);
  });

  test("of what there is not", async () => {
    expect(await refusal(client.getModelMetadata("nope"))).toEqual(unknownModel);
    expect(await refusal(client.getModelMetadata("versions", { modelVersion: "2" }))).toEqual({
      ...unknownModel,
      text: "Request for unknown model: 'versions' version 2 is not found",
    });
  });
});

describe("configuration", () => {
  test("of models that batch, that keep a sequence, and that are made of others", async () => {
    expect(await client.getModelConfig("linear_batched")).toMatchObject({ max_batch_size: 16, backend: "python", dynamic_batching: { priority_levels: 2 } });
    expect(await client.getModelConfig("sequence_sum")).toMatchObject({ max_batch_size: 4, sequence_batching: { direct: {} } });
    expect(await client.getModelConfig("ensemble_id2")).toMatchObject({ platform: "ensemble", model_transaction_policy: { decoupled: false } });
    expect(await client.getModelConfig("mock_llm")).toMatchObject({ model_transaction_policy: { decoupled: true } });
  });

  test("of what there is not", async () => {
    expect(await refusal(client.getModelConfig("nope"))).toEqual(unknownModel);
  });
});

describe("addresses", () => {
  test("a path that is not the server's is its 404", async () => {
    const elsewhere = new TritonClient(`${triton.url}/elsewhere`);
    expect(await refusal(elsewhere.getServerMetadata())).toEqual({ name: "NotFoundError", status: 404, text: "Not Found" });
    await elsewhere.close();
  });

  test("host and port without a scheme will do, and query parameters are sent", async () => {
    const plain = new TritonClient(triton.url.slice("http://".length));
    expect(await plain.isServerReady({ query: { a: "1", b: ["2", "3"] } })).toBe(true);
    await plain.close();
  });
});
