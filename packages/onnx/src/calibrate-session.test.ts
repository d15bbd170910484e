import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { mlp, smallMlpSizes } from "@bentoml-tools/onnx-models";
import { onTestFinished, expect, test } from "vitest";
import type { WorkerPlace } from "./calibrate-session.js";
import { saveModel } from "./index.js";
import { OnnxSession, type SessionDescription, type SessionFacts } from "./onnx-session.js";
import type { OnnxRunnerOptions } from "./runner-options.js";
import { temporaryStore } from "./testing/temporary-store.js";

const temporary = temporaryStore();

const first: WorkerPlace = { threads: 2, workerIndex: 0, maxBatchSize: 8 };

/** The small model, whose results are kept in a folder of this test's own. */
async function described(folder = temporary.file("cache"), options: OnnxRunnerOptions = {}): Promise<SessionDescription> {
  const model = await saveModel("m", mlp({ sizes: smallMlpSizes }), { store: temporary.store });
  const description = model.toRunnable({ calibrate: true, ...options }).params as SessionDescription;
  return { ...description, calibration: { model: "", measure: false, ...description.calibration, folder } };
}

async function factsOf(description: SessionDescription, worker: WorkerPlace = first): Promise<SessionFacts> {
  const session = await OnnxSession.open(description, worker);
  onTestFinished(() => session.release());
  return session.facts;
}

function keptFiles(): string[] {
  return readdirSync(temporary.file("cache")).map((name) => join(temporary.file("cache"), name));
}

interface Kept {
  about: unknown;
  result: { choice: unknown; measurements: readonly unknown[]; error?: string };
}

function kept(path = keptFiles()[0] ?? ""): Kept {
  return JSON.parse(readFileSync(path, "utf8")) as Kept;
}

test("the first start measures every setting, later ones do as it found", async () => {
  const description = await described();
  const measured = await factsOf(description);
  expect(measured.calibration).toBe("measured");
  const { result } = kept();
  const numbers = { singleMs: expect.any(Number) as number, fullBatchMs: expect.any(Number) as number };
  expect(result.measurements).toEqual([
    { threads: 1, spinning: false, ...numbers },
    { threads: 2, spinning: false, ...numbers },
    { threads: 2, spinning: true, ...numbers },
  ]);
  expect(result.choice).toEqual({ threads: measured.threads, spinning: measured.spinning });
  expect(await factsOf(description)).toMatchObject({ calibration: "kept", ...(result.choice as object) });
  for (const choice of [{ threads: 2, spinning: true }, { threads: 1, spinning: false }]) {
    writeFileSync(keptFiles()[0] ?? "", JSON.stringify({ result: { ...result, choice } }));
    expect(await factsOf(description)).toMatchObject({ calibration: "kept", ...choice });
  }
});

test("a start that does not ask for it measures nothing, and uses what is kept", async () => {
  const description = await described();
  const modest = { ...description, calibration: { folder: "", model: "", ...description.calibration, measure: false } } as const;
  expect(await factsOf(modest)).not.toHaveProperty("calibration");
  await factsOf(description);
  const choice = { threads: 2, spinning: true };
  writeFileSync(keptFiles()[0] ?? "", JSON.stringify({ result: { ...kept().result, choice } }));
  expect(await factsOf(modest)).toMatchObject({ calibration: "kept", ...choice });
  writeFileSync(keptFiles()[0] ?? "", JSON.stringify({ result: { ...kept().result, choice, error: "does not run" } }));
  expect(await factsOf(modest)).toMatchObject({ threads: 1, spinning: false });
});

test("\"anew\" measures in spite of what is kept from before, in one worker", async () => {
  const old = await described();
  await factsOf(old);
  const { result } = kept();
  writeFileSync(keptFiles()[0] ?? "", JSON.stringify({ result: { ...result, measuredAt: 0 } }));
  expect((await factsOf(old)).calibration).toBe("kept");
  const description = await described(undefined, { calibrate: "anew" });
  const second = factsOf(description, { ...first, workerIndex: 1 });
  const facts = await factsOf(description);
  expect(facts.calibration).toBe("measured");
  expect(facts.measurements).toEqual(kept().result.measurements);
  expect(await second).toMatchObject({ calibration: "kept", measurements: facts.measurements });
});

test("other workers wait for the first one, and do as it does", async () => {
  const description = await described();
  const others = [1, 2].map((workerIndex) => factsOf(description, { ...first, workerIndex }));
  const { threads, spinning } = await factsOf(description);
  for (const facts of await Promise.all(others)) expect(facts).toMatchObject({ calibration: "kept", threads, spinning });
  expect(keptFiles()).toHaveLength(1);
});

test("other limits and other options have results of their own", async () => {
  await factsOf(await described());
  await factsOf(await described(), { ...first, maxBatchSize: 1 });
  await factsOf(await described(undefined, { sessionOptions: { graphOptimizationLevel: "basic" } }));
  expect(keptFiles()).toHaveLength(3);
  const single = keptFiles().map(kept).find(({ about }) => (about as WorkerPlace).maxBatchSize === 1);
  expect(single?.result.measurements[0]).not.toHaveProperty("fullBatchMs");
});

test("what the user has decided is kept to", async () => {
  const facts = await factsOf(await described(undefined, { intraOpNumThreads: 2, spinning: false }));
  expect(facts).toMatchObject({ calibration: "measured", threads: 2, spinning: false });
  expect(kept().result.measurements).toHaveLength(1);
});

test("a file that is broken is written anew", async () => {
  const description = await described();
  await factsOf(description);
  writeFileSync(keptFiles()[0] ?? "", '{"result":{"choice":{"threads":0}}}');
  expect((await factsOf(description)).calibration).toBe("measured");
  expect(kept().result.measurements).toHaveLength(3);
});

test("where nothing can be kept, the warm-up run decides", async () => {
  writeFileSync(temporary.file("file"), "");
  const facts = await factsOf(await described(temporary.file("file/cache")));
  expect(facts).toMatchObject({ threads: 1, spinning: false, calibrationError: expect.stringContaining("cannot be written to (ENOTDIR)") as string });
  expect(facts).not.toHaveProperty("calibration");
});

test("where a model does not run on zeros, the reason is kept, so that others do not wait", async () => {
  const description = await described();
  const wrong = { ...description, inputs: [{ name: "x", dtype: "float64", shape: [1, 16], rankKnown: true }] } as const;
  const facts = await factsOf(wrong);
  expect(facts.calibrationError).toContain("Unexpected input data type");
  expect(kept().result).toMatchObject({ choice: { threads: 1, spinning: false }, measurements: [] });
  expect((await factsOf(wrong, { ...first, workerIndex: 1 })).calibrationError).toBe(facts.calibrationError);
});
