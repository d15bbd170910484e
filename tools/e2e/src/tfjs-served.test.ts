import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readHeldOut } from "@bentoml-tools/digits";
import { ModelStore, type AnyRunner, type NdArray } from "bentoml-core";
import { get, saveModel, type TfjsModel } from "bentoml-tfjs";
import { request } from "undici";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { places } from "./places.js";
import { CliProcess } from "./served-cli.js";
import { layers, tf, tfjsBackends, useCpu } from "./tfjs-library.js";

const { images, labels, count } = readHeldOut();
const testCount = 100;
const trainCount = count - testCount;

let home: string;
let model: TfjsModel;
/** Of the held-out images, by the very model that was trained. */
let expected: number[][];

/** Images [rows, 64], values 0 to 1, from one of the held-out set on. */
const pixels = (first: number, rows: number): Float32Array => images.slice(first * 64, (first + rows) * 64);

beforeAll(async () => {
  await useCpu();
  const network = layers.sequential({ layers: [layers.layers.dense({ units: 32, inputShape: [64], activation: "relu" }), layers.layers.dense({ units: 10, activation: "softmax" })] });
  network.compile({ optimizer: tf.train.adam(0.01), loss: "sparseCategoricalCrossentropy" });
  const x = tf.tensor2d(pixels(0, trainCount), [trainCount, 64]);
  const y = tf.tensor1d(Float32Array.from(labels.slice(0, trainCount)));
  await network.fit(x, y, { epochs: 12, batchSize: 32 });
  expected = tf.tidy(() => (network.predict(tf.tensor2d(pixels(trainCount, testCount), [testCount, 64])) as ReturnType<typeof tf.tensor2d>).arraySync());
  home = await mkdtemp(join(tmpdir(), "bentoml-tfjs-served-"));
  model = await saveModel("digits", network, { store: new ModelStore(home) });
});

afterAll(() => rm(home, { recursive: true, force: true }));

const argMax = (values: readonly number[]): number => values.indexOf(Math.max(...values));

function checkAnswers(answers: readonly (readonly number[])[]): void {
  expect(answers).toHaveLength(testCount);
  for (const [row, answer] of answers.entries()) {
    for (const [place, value] of answer.entries()) expect(Math.abs(value - (expected[row]?.[place] as number))).toBeLessThan(1e-5);
  }
}

/** Each held-out image as a call of its own, all at once. */
async function oneByOne(runner: AnyRunner): Promise<number[][]> {
  const run = runner.run as NonNullable<AnyRunner["run"]>;
  const answers = await Promise.all(Array.from({ length: testCount }, (_, index) => run(pixels(trainCount + index, 1))));
  return answers.map((answer) => (answer as NdArray).toNested() as number[][]).map(([row]) => row as number[]);
}

test("it has learned something", () => {
  const right = expected.filter((row, index) => argMax(row) === labels[trainCount + index]).length;
  expect(right / testCount).toBeGreaterThan(0.8);
});

describe.each(tfjsBackends)("on %s", (backend) => {
  test.each(places)("a model that was trained here predicts the same, $place", async ({ start }) => {
    const store = new ModelStore(home);
    const { runner, stop } = await start((options) => get("digits:latest", { store }).toRunner({ backend, workers: 1, ...options }) as unknown as AnyRunner);
    try {
      checkAnswers(await oneByOne(runner));
    } finally {
      await stop();
    }
  });

  test("two models in two workers at the same time", async () => {
    const runners = [1, 2].map((each) => model.toRunner({ backend, workers: 2, name: `digits-${each}` }));
    const answers = await Promise.all(runners.map((runner) => oneByOne(runner as unknown as AnyRunner)));
    answers.forEach(checkAnswers);
    expect(runners.map(({ facts }) => facts["backend"])).toEqual([backend, backend]);
    await Promise.all(runners.map((runner) => runner.destroy()));
  });
});

describe("over the protocol", () => {
  let cli: CliProcess;
  let url: string;

  beforeAll(async () => {
    cli = new CliProcess(["serve", "digits:latest", "--port", "0"], { home });
    url = await cli.url();
  });

  afterAll(async () => {
    cli.signal("SIGTERM");
    const { code, stderr } = await cli.ended;
    expect(code).toBe(0);
    const lines = stderr.split("\n").filter((line) => line.includes('runs on the backend "wasm"'));
    expect(lines).toHaveLength(tfjsBackends[0] === "tensorflow" ? 0 : 1);
  });

  const infer = async (input: object): Promise<{ status: number; json: { outputs?: { data: number[] }[]; error?: string } }> => {
    const { statusCode, body } = await request(`${url}/v2/models/digits/infer`, { method: "POST", body: JSON.stringify({ inputs: [input] }) });
    return { status: statusCode, json: (await body.json()) as { outputs?: { data: number[] }[]; error?: string } };
  };

  const inputName = (): string => model.info.signatures["run"]?.inputSpec?.[0]?.name ?? "";

  test("predictions are the same", async () => {
    const answers = await Promise.all(
      Array.from({ length: testCount }, async (_, index) => {
        const { json } = await infer({ name: inputName(), datatype: "FP32", shape: [1, 64], data: [...pixels(trainCount + index, 1)] });
        return json.outputs?.[0]?.data ?? [];
      }),
    );
    checkAnswers(answers);
  });

  test("the metadata tells inputs and outputs", async () => {
    const { body } = await request(`${url}/v2/models/digits`);
    expect(await body.json()).toMatchObject({ platform: "tensorflowjs", inputs: [{ name: inputName(), datatype: "FP32", shape: [-1, 64] }], outputs: [{ datatype: "FP32", shape: [-1, 10] }] });
  });

  test.each([
    ["dtype", { datatype: "BYTES", shape: [1, 64], data: Array.from({ length: 64 }, () => "a") }, /FP32/],
    ["shape", { datatype: "FP32", shape: [1, 63], data: new Array(63).fill(0) }, /64/],
  ])("a wrong %s is 400", async (_what, input, names) => {
    const { status, json } = await infer({ name: inputName(), ...input });
    expect({ status, error: json.error }).toEqual({ status: 400, error: expect.stringMatching(names) as string });
  });
});
