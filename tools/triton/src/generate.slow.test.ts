import { TritonClient, type GenerateRecord } from "bentoml-triton-http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTriton, type StartedTriton } from "./index.js";
import { refusal } from "./testing/refusal.js";

let triton: StartedTriton;
let client: TritonClient;

beforeAll(async () => {
  triton = await startTriton({ models: ["mock_llm", "repeat_decoupled", "identity_int32", "identity_fp32", "identity_fp64"] });
  client = new TritonClient(triton.url);
});

afterAll(async () => {
  await client.close();
  await triton.stop();
});

async function all(stream: AsyncIterable<GenerateRecord>, into: GenerateRecord[] = []): Promise<GenerateRecord[]> {
  for await (const response of stream) into.push(response);
  return into;
}

const answer = { model_name: "mock_llm", model_version: "1" };

describe("generate", () => {
  test.each([
    [{ text_input: "one two three" }, "one two three"],
    [{ text_input: "one two three", max_tokens: 2, parameters: { stream: false } }, "one two"],
    [{ text_input: "one two three", parameters: { max_tokens: 1 } }, "one"],
  ])("%j", async (record, text) => {
    expect(await client.generate("mock_llm", record)).toEqual({ ...answer, text_output: text });
  });

  test("an id and a version", async () => {
    expect(await client.generate("mock_llm", { id: "g1", text_input: "hi" }, { modelVersion: "1" })).toEqual({ ...answer, id: "g1", text_output: "hi" });
  });

  test("numbers, lists and batches", async () => {
    expect(await client.generate("repeat_decoupled", { IN: 7 })).toMatchObject({ OUT: 7, IDX: 0 });
    expect(await client.generate("identity_int32", { INPUT0: [7, 8, 9] })).toMatchObject({ OUTPUT0: [7, 8, 9] });
    const row = Array.from({ length: 16 }, (_unused, index) => index);
    expect(await client.generate("identity_fp32", { INPUT0: row })).toMatchObject({ OUTPUT0: row });
  });

  test.each([
    ["the model's error", "mock_llm", { text_input: "fail" }, 400, "asked to fail"],
    ["a missing input", "mock_llm", { max_tokens: 1 }, 400, "Failed to process the request(s) for model 'mock_llm_0_0'"],
    ["a wrong type", "mock_llm", { text_input: 5 }, 500, "Unable to parse JSON bytes array: attempt to access JSON non-string as string"],
    ["an unknown model", "nope", { text_input: "x" }, 404, "Request for unknown model: 'nope' is not found"],
    ["several responses, which Triton answers with 200", "mock_llm", { text_input: "a b", stream: true }, 500, "generate expects model to produce exactly 1 response"],
  ])("%s", async (_name, model, record, status, text) => {
    const refused = await refusal(client.generate(model, record));
    expect(refused.status).toBe(status);
    expect(refused.text.startsWith(text), refused.text).toBe(true);
  });

  test("a compressed request is refused by Triton", async () => {
    const text = "Unsupported content-encoding, only 'identity' is supported.";
    expect(await refusal(client.generate("mock_llm", { text_input: "x" }, { headers: { "content-encoding": "gzip" } }))).toMatchObject({ status: 400, text });
  });
});

describe("generateStream", () => {
  test("word by word, and all at once", async () => {
    const words = await all(client.generateStream("mock_llm", { text_input: "one two three", stream: true }));
    expect(words).toEqual(["one", "two", "three"].map((word) => ({ ...answer, text_output: word })));
    expect(await all(client.generateStream("mock_llm", { text_input: "one two" }))).toEqual([{ ...answer, text_output: "one two" }]);
  });

  test("a stream is never compressed, whatever is accepted", async () => {
    const words = await all(client.generateStream("mock_llm", { text_input: "one two", stream: true }, { headers: { "accept-encoding": "gzip" } }));
    expect(words.map(({ text_output }) => text_output)).toEqual(["one", "two"]);
  });

  test("text beyond ASCII, cut anywhere", async () => {
    const words = ["é", "☃", "🎈", "日本"];
    const responses = await all(client.generateStream("mock_llm", { text_input: words.join(" "), stream: true }));
    expect(responses.map(({ text_output }) => text_output)).toEqual(words);
  });

  test("several responses of numbers, and none at all", async () => {
    const responses = await all(client.generateStream("repeat_decoupled", { IN: [7, 8] }));
    expect(responses.map(({ OUT, IDX }) => [OUT, IDX])).toEqual([[7, 0], [8, 1]]);
    expect(await all(client.generateStream("repeat_decoupled", { IN: [] }))).toEqual([]);
  });

  test("an error in the middle comes after the responses before it", async () => {
    const before: GenerateRecord[] = [];
    const refused = await refusal(all(client.generateStream("repeat_decoupled", { IN: [7, -1, 9] }), before));
    expect(refused).toEqual({ name: "ModelRunError", status: 500, text: "negative value at 1" });
    expect(before).toHaveLength(1);
  });

  test.each([
    ["the model's error", "mock_llm", { text_input: "fail" }, 400, "asked to fail"],
    ["a missing input", "mock_llm", { max_tokens: 1 }, 400, "Failed to process the request(s) for model 'mock_llm_0_0'"],
    ["a wrong type", "mock_llm", { text_input: 5 }, 500, "Unable to parse JSON bytes array: attempt to access JSON non-string as string"],
    ["an unknown model", "nope", { text_input: "x" }, 404, "Request for unknown model: 'nope' is not found"],
  ])("%s before the first response", async (_name, model, record, status, text) => {
    const refused = await refusal(all(client.generateStream(model, record)));
    expect(refused.status).toBe(status);
    expect(refused.text.startsWith(text), refused.text).toBe(true);
  });

  test("leaving early, an abort and a deadline end it, and the client goes on", async () => {
    const long = { text_input: "a b c d e f g h i j k l m n o p q r s t u v w x y z", stream: true };
    for await (const response of client.generateStream("mock_llm", long)) {
      expect(response["text_output"]).toBe("a");
      break;
    }
    const aborted = new AbortController();
    const reason = new Error("enough");
    const read = async (): Promise<void> => {
      for await (const _response of client.generateStream("mock_llm", long, { signal: aborted.signal })) aborted.abort(reason);
    };
    await expect(read()).rejects.toBe(reason);
    expect(await refusal(all(client.generateStream("mock_llm", long, { timeoutMs: 100 })))).toMatchObject({ name: "DeadlineExceededError" });
    expect(await client.generate("mock_llm", { text_input: "still there" })).toMatchObject({ text_output: "still there" });
  });
});
