import { mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { modelPath, readHeldOut } from "@bentoml-tools/digits";
import { addSub, failsOnNegative } from "@bentoml-tools/onnx-models";
import { ModelStore } from "bentoml-core";
import { saveModel } from "bentoml-onnx";
import * as ort from "onnxruntime-node";
import { Pool } from "undici";
import { afterAll, beforeAll, expect, test } from "vitest";
import { CliProcess } from "./served-cli.js";

let home: string;
let cli: CliProcess;
let url: string;
let pool: Pool;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "bentoml-serve-"));
  const store = new ModelStore(home);
  await saveModel("digits", modelPath, { store });
  await saveModel("add-sub", addSub(), { store });
  await saveModel("picky", failsOnNegative(), { store });
  cli = new CliProcess(["serve", "digits:latest", "add-sub", "picky", "--port", "0"], { home });
  url = await cli.url();
  pool = new Pool(url, { connections: 64 });
});
afterAll(async () => {
  await pool.close();
  cli.signal("SIGTERM");
  expect(await cli.ended).toMatchObject({ code: 0, signal: null });
  await rm(home, { recursive: true, force: true });
});

async function post(path: string, body: string | Buffer, headers: Record<string, string> = {}): Promise<{ status: number; json: Record<string, unknown> }> {
  const { statusCode, body: answer } = await pool.request({ method: "POST", path, body, headers });
  return { status: statusCode, json: (await answer.json()) as Record<string, unknown> };
}

async function inferDigit(image: Float32Array): Promise<readonly number[]> {
  const inputs = [{ name: "image", datatype: "FP32", shape: [1, 1, 8, 8], data: Array.from(image) }];
  const { status, json } = await post("/v2/models/digits/infer", JSON.stringify({ inputs }));
  expect(status, JSON.stringify(json)).toBe(200);
  return (json as { outputs: { data: number[] }[] }).outputs[0]?.data ?? [];
}

const argMax = (values: readonly number[]): number => values.indexOf(Math.max(...values));

/** Held-out images, each alone, with `inFlight` requests at a time. */
async function overHttp(images: Float32Array, count: number, inFlight: number): Promise<number[]> {
  const answers = new Array<number>(count);
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < count; index = next++) answers[index] = argMax(await inferDigit(images.subarray(index * 64, (index + 1) * 64)));
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
  return answers;
}

test("held-out digits over HTTP, 64 in flight: at least 0.97 right, and each answer as the raw engine's", async () => {
  const { images, labels, count } = readHeldOut();
  const session = await ort.InferenceSession.create(modelPath);
  const { probabilities } = await session.run({ image: new ort.Tensor("float32", images, [count, 1, 8, 8]) });
  const raw = Array.from({ length: count }, (_, index) => argMax(Array.from((probabilities?.data as Float32Array).subarray(index * 10, (index + 1) * 10))));
  const answers = await overHttp(images, count, 64);
  expect(answers).toEqual(raw);
  expect(answers.filter((answer, index) => answer === labels[index]).length / count).toBeGreaterThanOrEqual(0.97);
});

test("64 in flight share batches: the mean batch is above 4", async () => {
  const { images, count } = readHeldOut();
  const before = await batchTotals();
  for (let round = 0; round < 4; round++) await overHttp(images, count, 64);
  const after = await batchTotals();
  expect((after.items - before.items) / (after.batches - before.batches)).toBeGreaterThan(4);
});

async function batchTotals(): Promise<{ items: number; batches: number }> {
  const { body } = await pool.request({ method: "GET", path: "/metrics" });
  const text = await body.text();
  const total = (suffix: string): number =>
    [...text.matchAll(new RegExp(`^bentoml_runner_adaptive_batch_size_${suffix}\\{[^}]*runner_name="digits"[^}]*\\} (\\S+)$`, "gm"))].reduce((sum, match) => sum + Number(match[1]), 0);
  return { items: total("sum"), batches: total("count") };
}

const image = { name: "image", datatype: "FP32", shape: [1, 1, 8, 8], data: new Array<number>(64).fill(0) };
const digits = "/v2/models/digits/infer";

test.each([
  { what: "a wrong dtype", body: { inputs: [{ ...image, datatype: "INT64" }] }, names: /image.*FP32.*INT64/ },
  { what: "a wrong shape", body: { inputs: [{ ...image, shape: [1, 1, 4, 16] }] }, names: /image.*8/ },
  { what: "a missing batch dim", body: { inputs: [{ ...image, shape: [1, 8, 8] }] }, names: /image.*batch/ },
  { what: "data shorter than the shape", body: { inputs: [{ ...image, data: [1, 2] }] }, names: /image.*64.*2|image.*2.*64/ },
  { what: "a missing input", body: { inputs: [{ ...image, name: "b" }] }, names: /image/ },
  { what: "an extra input", body: { inputs: [image, { ...image, name: "extra" }] }, names: /extra/ },
  { what: "an unknown output", body: { inputs: [image], outputs: [{ name: "logits" }] }, names: /logits.*probabilities/ },
  { what: "no inputs", body: { inputs: [] }, names: /inputs/ },
  { what: "text where numbers are due", body: { inputs: [{ ...image, data: new Array(64).fill("0") }] }, names: /image/ },
  { what: "a declared shape of 1 GB", body: { inputs: [{ ...image, shape: [16_777_216, 1, 8, 8], data: [0] }] }, names: /image/ },
  { what: "a shape beyond all numbers", body: { inputs: [{ ...image, shape: [2 ** 53 - 1, 2 ** 53 - 1], data: [0] }] }, names: /image/ },
])("$what is 400 and says what was expected", async ({ body, names }) => {
  const { status, json } = await post(digits, JSON.stringify(body));
  expect({ status, json }).toMatchObject({ status: 400, json: { error: expect.stringMatching(names) as string } });
  await inferDigit(new Float32Array(64));
});

test("malformed JSON is 400", async () => {
  expect(await post(digits, '{"inputs": [')).toMatchObject({ status: 400, json: { error: expect.stringContaining("JSON") as string } });
});

test("a binary body that is too short is 400 and names the input", async () => {
  const header = JSON.stringify({ inputs: [{ name: "image", datatype: "FP32", shape: [1, 1, 8, 8], parameters: { binary_data_size: 256 } }] });
  const body = Buffer.concat([Buffer.from(header), Buffer.alloc(100)]);
  expect(await post(digits, body, { "Inference-Header-Content-Length": String(header.length) })).toMatchObject({
    status: 400,
    json: { error: expect.stringMatching(/image.*256.*100/) as string },
  });
});

test("a Content-Length that lies, either way, hurts nobody else", async () => {
  const body = JSON.stringify({ inputs: [image] });
  for (const length of [body.length + 50, body.length - 50]) {
    await new Promise<void>((resolve) => {
      const socket = connect(Number(new URL(url).port), "127.0.0.1", () => {
        socket.end(`POST ${digits} HTTP/1.1\r\nHost: x\r\nContent-Length: ${String(length)}\r\n\r\n${body}`);
      });
      socket.resume();
      socket.on("error", () => undefined);
      socket.on("close", () => resolve());
    });
    await inferDigit(new Float32Array(64));
  }
});

test("an unknown model and an unknown version are 404", async () => {
  for (const path of ["/v2/models/nothing/infer", "/v2/models/digits/versions/9/infer"]) {
    expect(await post(path, JSON.stringify({ inputs: [image] }))).toMatchObject({ status: 404, json: { error: expect.any(String) as string } });
  }
});

test("several inputs and outputs, by JSON and by binary data", async () => {
  const inputs = ["a", "b"].map((name, index) => ({ name, datatype: "FP32", shape: [1, 4], data: [index, 2, 3, 4] }));
  const { json } = await post("/v2/models/add-sub/infer", JSON.stringify({ id: "7", inputs }));
  expect(json).toMatchObject({ id: "7", outputs: [{ name: "sum", data: [1, 4, 6, 8] }, { name: "difference", data: [-1, 0, 0, 0] }] });
});

test("a row that the model cannot run fails its own request alone", async () => {
  const ask = (value: number) => post("/v2/models/picky/infer", JSON.stringify({ inputs: [{ name: "x", datatype: "FP32", shape: [1, 4], data: [value, 1, 1, 1] }] }));
  const answers = await Promise.all([1, -1, 2, 3].map(ask));
  expect(answers.map(({ status }) => (status === 200 ? "ok" : "failed"))).toEqual(["ok", "failed", "ok", "ok"]);
  expect(answers[1]?.json).toMatchObject({ error: expect.any(String) as string });
});
