/** What a user does who has no danfo. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { DataFrame, Pipeline, get, saveModel } from "bentoml-danfo-dataframes";

test("danfo is not there", async () => {
  await assert.rejects(import("danfojs"), { code: "ERR_MODULE_NOT_FOUND" });
});

test("a pipeline runs in worker threads on frames of ours", async () => {
  const training = DataFrame.from({ height: [1, 3], city: ["a", "b"] });
  const steps = [{ kind: "standardScaler", columns: ["height"] }, { kind: "oneHot", columns: ["city"] }];
  await saveModel("people", new Pipeline({ steps }).fit(training));
  await saveModel("people-frame", new Pipeline({ steps, output: "dataframe" }).fit(training));
  const runner = get("people:latest").toRunner({ workers: 1 });
  const frames = get("people-frame:latest").toRunner({ workers: 1 });
  const answers = await Promise.all([0, 1, 2].map((height) => runner.transform([{ height, city: "b" }])));
  assert.deepEqual(answers.map((array) => array.toNested()), [[[-2, 0, 1]], [[-1, 0, 1]], [[0, 0, 1]]]);
  const frame = await frames.transform(DataFrame.from({ height: [5], city: ["a"] }, { index: ["x"] }));
  assert.ok(DataFrame.isDataFrame(frame));
  assert.deepEqual([frame.columns, frame.index, frame.values], [["height", "city_a", "city_b"], ["x"], [[3, 1, 0]]]);
  await Promise.all([runner.destroy(), frames.destroy()]);
});
