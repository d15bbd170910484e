import type { AnyRunner, Dtype, TensorSpec } from "bentoml-core";
import { ModelServer } from "bentoml-server";
import { TritonClient, type GenerateRecord } from "bentoml-triton-http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fixtureRunner } from "./fixtures.js";

/** The generate and statistics extensions of our server, its models in worker threads, with our client of Triton's protocol. */

const words = new SharedArrayBuffer(8);
const counts = new Int32Array(words);
const spec = (name: string, dtype: Dtype, shape: TensorSpec["shape"] = [1]): TensorSpec => ({ name, dtype, shape });

let runner: AnyRunner;
let server: ModelServer;
let client: TritonClient;

beforeAll(async () => {
  runner = fixtureRunner("teller", "Teller", { tell: { stream: true }, double: { batchable: true } }, { words }, { workers: 1 });
  const shared = { version: "1", runner, platform: "test" };
  server = new ModelServer({
    models: [
      { ...shared, name: "teller", method: "tell", inputs: [spec("text_input", "string"), spec("forever", "bool")], outputs: [spec("text_output", "string")] },
      { ...shared, name: "double", method: "double", inputs: [spec("x", "float32", [-1])], outputs: [spec("y", "float32", [-1])] },
    ],
    ownsRunners: true,
  });
  client = new TritonClient((await server.listen({ port: 0 })).url);
});

afterAll(async () => {
  await client.close();
  await server.close({ graceMs: 0 });
});

async function told(record: GenerateRecord): Promise<unknown[]> {
  const all: unknown[] = [];
  for await (const answer of client.generateStream("teller", record)) all.push(answer["text_output"]);
  return all;
}

test("a stream from a worker arrives word by word, and once for generate", async () => {
  expect(await told({ text_input: "one two three" })).toEqual(["one", "two", "three"]);
  expect(await client.generate("teller", { text_input: "one", id: "g1" })).toEqual({ id: "g1", model_name: "teller", model_version: "1", text_output: "one" });
  await expect(client.generate("teller", { text_input: "one two" })).rejects.toMatchObject({ httpStatus: 400, message: expect.stringMatching(/use generate_stream/) as string });
});

test("errors reach the client before the first word and after it", async () => {
  await expect(told({ text_input: "fail" })).rejects.toThrow(/asked to fail/);
  const heard: unknown[] = [];
  const telling = async (): Promise<void> => {
    for await (const answer of client.generateStream("teller", { text_input: "one fail" })) heard.push(answer["text_output"]);
  };
  await expect(telling()).rejects.toThrow(/asked to fail/);
  expect(heard).toEqual(["one"]);
});

test("a client that leaves ends the generator in the worker, and one that does not read holds it", async () => {
  const before = Atomics.load(counts, 1);
  let heard = 0;
  for await (const _answer of client.generateStream("teller", { text_input: "again", forever: true })) {
    heard++;
    if (heard === 3) break;
  }
  await expect.poll(() => Atomics.load(counts, 1)).toBe(before + 1);
  expect(await told({ text_input: "free" })).toEqual(["free"]);
});

test("statistics tell of requests and of batches, with times that fit each other", async () => {
  await Promise.all(Array.from({ length: 20 }, () => client.generate("double", { x: [1, 2] })));
  const { model_stats: rows } = await client.getInferenceStatistics("double");
  const [row] = rows;
  const { success, fail, queue, compute_infer: infer } = row?.inference_stats ?? {};
  expect([success?.count, fail?.count, queue?.count, infer?.count, row?.inference_count]).toEqual([20, 0, 20, 20, 40]);
  expect(row?.execution_count).toBeLessThanOrEqual(20);
  expect(infer?.ns).toBeGreaterThan(0);
  expect((queue?.ns ?? 0) + (infer?.ns ?? 0)).toBeLessThanOrEqual(success?.ns ?? 0);
  const batches = row?.batch_stats as readonly { readonly batch_size: number; readonly compute_infer: { readonly count: number } }[];
  expect(batches.reduce((items, { batch_size: size, compute_infer: { count } }) => items + size * count, 0)).toBe(40);
  expect((await client.getInferenceStatistics()).model_stats.map(({ name }) => name)).toEqual(["teller", "double"]);
});
